//! Two hundred new tenants from the shipped template.

use crate::clock::{in_turn, seconds};
use crate::report::Report;
use crate::server::{Base, Server};
use std::fmt::Write;
use std::path::Path;

const TENANTS: usize = 200;
const TEMPLATE: &str = "talentmatch";

/// By the command line from a file, and by two sessions of psql that are fed the same files, half of the tenants each; one
/// message and one transaction per tenant on both sides. Every round begins with an empty database.
pub async fn measure(server: &Server, report: &mut Report) {
    let ours = async || {
        let base = prepared(server).await;
        let mut list = String::from("name\n");
        (1..=TENANTS).for_each(|number| list.push_str(&format!("t{number:05}\n")));
        let list = base.cli.write("list.csv", &list);
        let took =
            base.cadastre_seconds(&["tenant", "create", "--from", &list, "--template", TEMPLATE, "--json"]).await;
        complete(&base).await;
        took
    };
    let limit = async || {
        let base = prepared(server).await;
        let middle = TENANTS / 2;
        let first = base.cli.write("first.sql", &same_statements(1..=middle));
        let second = base.cli.write("second.sql", &same_statements(middle + 1..=TENANTS));
        let took = seconds(async {
            let sessions = [["-q", "-f", first.as_str()], ["-q", "-f", second.as_str()]];
            futures::join!(base.psql_seconds(&sessions[0]), base.psql_seconds(&sessions[1]));
        });
        let took = took.await;
        complete(&base).await;
        took
    };
    let (value, limit) = in_turn(ours, limit).await;
    report.beside("tenant create of 200, beside two psql", "s", &value, &limit, 2.0);
    report.note(&format!(
        "{:.0} tenants/s, psql {:.0} tenants/s",
        TENANTS as f64 / value.median(),
        TENANTS as f64 / limit.median()
    ));
}

async fn prepared(server: &Server) -> Base {
    let base = server.database().await;
    base.script("checkpoint;").await;
    base.durable(true).await;
    base
}

/// Checks that every tenant is there, and makes room for the next round.
async fn complete(base: &Base) {
    base.durable(false).await;
    let made = "select count(*)::text from pg_class where relname = 'collaborations' and relkind = 'r'";
    assert_eq!(base.value(made).await, TENANTS.to_string(), "not every tenant was made");
}

/// The files of the template with the history that sqlx keeps, for each tenant as one message: psql sends what `\;` joins at
/// once.
fn same_statements(tenants: std::ops::RangeInclusive<usize>) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/templates").join(TEMPLATE);
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).expect("the shipped template").flatten().map(|e| e.path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".up.sql"));
    files.sort();
    let mut body = String::from(
        "create table _sqlx_migrations (version bigint primary key, description text not null, installed_on timestamptz not \
         null default now(), success boolean not null, checksum bytea not null, execution_time bigint not null);",
    );
    for (number, file) in files.iter().enumerate() {
        body.push_str(&without_comments(&std::fs::read_to_string(file).expect("a file")));
        let _ = write!(
            body,
            "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
             values ({number}, 'x', true, '\\x00', 0);"
        );
    }
    body.push_str(&without_comments(&std::fs::read_to_string(folder.join("seed.sql")).expect("the seed")));
    // Within quotes the text keeps the backslash, which no one minds in a comment.
    let body = body.trim_end().trim_end_matches(';').replace(';', "\\;");
    let mut script = String::new();
    for number in tenants {
        let _ = writeln!(
            script,
            "begin\\; create schema t{number:05}\\; set local search_path = t{number:05}\\; {body}\\; commit;"
        );
    }
    script
}

fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with("--")).fold(String::new(), |text, line| text + line + "\n")
}
