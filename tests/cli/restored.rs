//! Tenants restored with the structure that their template makes.

use crate::fleet::small_template;
use crate::workbook::{digests, exported};
use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};

/// A template with rows of its own in the files and in the seed, and with what a restore has to take apart and make again.
fn template(cli: &Cli) -> String {
    cli.write("course/template.toml", "seed = \"seed.sql\"\n");
    cli.write("course/seed.sql", "insert into kind (name) values ('seed 1'), ('seed 2'); select nextval('number');\n");
    cli.write(
        "course/1_tables.up.sql",
        "create table kind (id int generated always as identity primary key, name text not null unique);
         create table entry (id bigserial primary key, kind int not null references kind,
           at timestamptz not null default now(), note text);
         create table late (kind int references kind deferrable initially deferred);
         create table part (id int, day date not null) partition by range (day);
         create table part_1 partition of part for values from ('2020-01-01') to ('2030-01-01');
         create sequence number start 100;
         insert into kind (name) values ('of the file');
         insert into entry (kind) values (1);
         insert into part values (1, '2024-01-01');
         insert into late values (1);\n",
    );
    cli.write(
        "course/2_rules.up.sql",
        "create function append_only() returns trigger language plpgsql as $$ begin raise exception 'rows stay'; end $$;
         create trigger rows_stay before truncate on entry execute function append_only();
         create trigger rows_stay_too before delete or update on entry for each row execute function append_only();
         create materialized view per_kind as select kind, count(*) as entries from entry group by kind;
         alter table kind enable row level security;\n",
    );
    cli.write("course/3_index.up.sql", "-- no-transaction\ncreate index concurrently entry_at on entry (at);\n");
    cli.path("course")
}

/// A tenant at version 3 that has lost a row of the template and got some of its own, and its workbook.
async fn course() -> (TestDatabase, Cli, String, String) {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let folder = template(&cli);
    cli.json(&["tenant", "create", "Course", "--template", &folder]).await;
    database
        .execute(
            "delete from course.kind where name = 'seed 1'; insert into course.kind (name) values ('own');
             insert into course.entry (kind, note) select 4, 'own ' || g from generate_series(1, 500) g;
             insert into course.part values (2, '2025-05-05'); refresh materialized view course.per_kind;",
        )
        .await;
    let file = exported(&cli, "course").await;
    (database, cli, folder, file)
}

fn codes(plan: &Value, level: &str) -> Vec<String> {
    let checks = plan["checks"].as_array().expect("checks").iter().filter(|check| check["level"] == level);
    checks.map(|check| check["code"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn a_tenant_comes_back_with_the_structure_of_its_template_and_migrates_on() {
    let (database, cli, folder, file) = course().await;
    // What came after the workbook is none of its business.
    cli.write("course/4_later.up.sql", "alter table kind add column later int;\n");
    let restore = ["workbook", "restore", &file, "--as", "Copy", "--template", &folder];
    let before = database.state().await;
    let plan = cli.json(&[&restore[..], &["--dry-run"]].concat()).await;
    assert_eq!(codes(&plan, "stop"), [""; 0], "{plan}");
    assert!(codes(&plan, "ok").contains(&"template_makes".to_owned()), "{plan}");
    let sql = plan["statements"][0]["sql"].as_str().expect("SQL");
    let place = |text: &str| sql.find(text).unwrap_or_else(|| panic!("{text} is not in {sql}"));
    assert!(place("create sequence number") < place("truncate"), "{sql}");
    assert!(place("truncate") < place("copy \"copy\".\"entry\" from stdin") && !sql.contains("later"), "{sql}");
    assert!(!sql.contains("seed 1"), "{sql}");
    assert_eq!(database.state().await, before);

    let restored = cli.json(&restore).await;
    let tables = restored["tables"].as_array().expect("tables");
    assert!(tables.len() == 5 && tables.iter().all(|table| table["equal"] == true), "{restored}");
    assert_eq!((&restored["remarks"], &restored["run"]["done"]), (&json!([]), &json!(1)), "{restored}");
    assert_eq!(digests(&cli, "copy").await, digests(&cli, "course").await);
    let diff = cli.json(&["diff", "course", "copy"]).await;
    assert_eq!(diff["changes"], json!([]), "{diff}");
    let places = "select string_agg(format('%s %s', sequencename, last_value), ',' order by sequencename) from pg_sequences where schemaname = ";
    assert_eq!(database.value(&format!("{places}'copy'")).await, database.value(&format!("{places}'course'")).await);
    assert_eq!(database.value("select sum(entries)::text from copy.per_kind").await, "501");
    assert_eq!(database.value("select obj_description('copy'::regnamespace)").await, "Copy");

    let status = cli.json(&["migrate", "status", "--dir", &folder]).await;
    let tenant = status["tenants"].as_array().and_then(|t| t.iter().find(|t| t["schema"] == "copy")).expect("the copy");
    assert_eq!((&tenant["version"], &tenant["pending"], &tenant["problem"]), (&json!(3), &json!([4]), &json!(null)));
    let run = cli.json(&["migrate", "up", "--all", "--dir", &folder]).await;
    assert_eq!(run["done"], 2, "{run}");
    assert_eq!(cli.json(&["diff", "course", "copy"]).await["changes"], json!([]));
}

#[tokio::test]
async fn chosen_tables_come_back_into_what_the_template_makes_and_its_history_is_that_of_the_files() {
    let (database, cli, folder, file) = course().await;
    cli.json(&["workbook", "restore", &file, "--as", "Copy", "--template", &folder, "--table", "kind"]).await;
    let rows = "select (select count(*) from copy.kind) || ' ' || (select count(*) from copy.entry) || ' ' || (select count(*) from copy.part)";
    assert_eq!(database.value(rows).await, "3 0 0");
    let status = cli.json(&["migrate", "status", "--dir", &folder]).await;
    assert!(status["tenants"].as_array().is_some_and(|t| t.iter().all(|t| t["version"] == 3)), "{status}");
}

#[tokio::test]
async fn a_workbook_names_the_shipped_template_that_its_tenant_was_made_from() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    for name in ["school", "talentmatch", "health", "ecommerce", "training-programme"] {
        let tenant = format!("of_{}", name.replace('-', "_"));
        cli.json(&["tenant", "create", &tenant, "--template", name]).await;
        let file = exported(&cli, &tenant).await;
        let check = cli.json(&["workbook", "verify", &file]).await;
        assert_eq!(check["template"], name, "{check}");
        let said = cli.run(&["workbook", "verify", &file]).await;
        assert!(said.stdout.contains(&format!("of the template {name}")), "{said}");
        let copy = format!("{tenant}_2");
        let restored = cli.json(&["workbook", "restore", &file, "--as", &copy, "--template", name]).await;
        assert_eq!(restored["run"]["done"], 1, "{restored}");
        assert_eq!(digests(&cli, &copy).await, digests(&cli, &tenant).await, "{name}");
        assert_eq!(cli.json(&["diff", &tenant, &copy]).await["changes"], json!([]), "{name}");
    }
}

#[tokio::test]
async fn a_template_that_does_not_fit_is_refused_with_the_reason_before_anything_happens() {
    let (database, cli, folder, file) = course().await;
    let before = database.state().await;
    let restore = |template: &str| {
        ["workbook", "restore", &file, "--as", "Copy", "--template", template].map(str::to_owned).to_vec()
    };
    let refused = async |template: &str, code: &str, says: &str| {
        let call = restore(template);
        let call: Vec<&str> = call.iter().map(String::as_str).collect();
        let error = cli.refused(&call, 4, code).await;
        assert!(error["message"].as_str().is_some_and(|message| message.contains(says)), "{says}: {error}");
    };
    refused("nothing", "template_missing", "nothing").await;
    refused("./nothing", "folder_missing", "nothing").await;
    refused(&small_template(&cli, "other"), "plan_blocked", "1, 2, 3").await;
    cli.write("tool/template.toml", "[migrator]\ncommand = [\"alembic\", \"upgrade\", \"head\"]\n");
    refused(&cli.path("tool"), "plan_blocked", "another tool").await;
    cli.write("course/template.toml", "touches = [\"public\"]\n");
    refused(&folder, "plan_blocked", "public").await;
    cli.write("course/template.toml", "");

    // Other line ends are the same file, another text is not.
    let text = std::fs::read_to_string(cli.files().join("course/2_rules.up.sql")).expect("the file");
    cli.write("course/2_rules.up.sql", &text.replace('\n', "\r\n"));
    let call = restore(&folder);
    let call: Vec<&str> = call.iter().map(String::as_str).chain(["--dry-run"]).collect();
    assert_eq!(codes(&cli.json(&call).await, "stop"), [""; 0]);
    cli.write("course/2_rules.up.sql", &format!("{text}create table more ();\n"));
    refused(&folder, "plan_blocked", "2_rules.up.sql").await;
    cli.write("course/2_rules.up.sql", &text);
    std::fs::remove_file(cli.files().join("course/3_index.up.sql")).expect("the file");
    refused(&folder, "plan_blocked", "applied: 3.").await;
    assert_eq!(database.state().await, before);

    // A tenant of no template, and one that was left half-way.
    database.execute("create schema plain; create table plain.t (); update course._sqlx_migrations set success = false where version = 3").await;
    let before = database.state().await;
    for (tenant, says) in [("plain", "does not say"), ("course", "half-way: 3")] {
        let file = exported(&cli, tenant).await;
        let call = ["workbook", "restore", &file, "--as", "Copy", "--template", &folder];
        let error = cli.refused(&call, 4, "plan_blocked").await;
        assert!(error["message"].as_str().is_some_and(|message| message.contains(says)), "{error}");
    }
    let both = cli.run(&["workbook", "restore", &file, "--into", "plain", "--template", &folder]).await;
    assert_eq!(both.code, 2, "{both}");
    assert_eq!(database.state().await, before);
}

#[tokio::test]
async fn a_tenant_that_is_not_as_its_template_makes_it_is_refused_with_the_differences_named() {
    let (database, cli, folder, _) = course().await;
    database
        .execute("create table course.extra (); drop index course.entry_at; alter table course.entry alter column note set default ''")
        .await;
    let file = exported(&cli, "course").await;
    let before = database.state().await;
    let call = ["workbook", "restore", &file, "--as", "Copy", "--template", &folder];
    let run = cli.run(&[&call[..], &["--json"]].concat()).await;
    let error = &run.document()["tenants"][0]["error"];
    assert_eq!((run.code, &error["code"]), (4, &json!("template_differs")), "{run}");
    assert_eq!(
        error["message"],
        "What the template course makes is not the structure of the workbook: only the workbook has table extra, \
         default entry.note; only the template makes index entry.entry_at.",
        "{error}"
    );
    assert_eq!(database.state().await, before);
    // With its own structure it comes back.
    assert_eq!(cli.json(&call[..5]).await["run"]["done"], 1);
}

#[tokio::test]
async fn a_file_that_fails_leaves_nothing_and_one_that_ends_the_transaction_is_not_sent() {
    let (database, cli, folder, _) = course().await;
    // Its text has no part in the structure, so that the history is all that could tell: it is noted as applied.
    for text in ["create tabel wrong (id int);\n", "select 1;\ncommit;\n"] {
        cli.write("course/4_odd.up.sql", text);
        database
            .execute(&format!(
                "delete from course._sqlx_migrations where version = 4; insert into course._sqlx_migrations
                 values (4, 'odd', now(), true, sha384(convert_to('{text}', 'UTF8')), 0);"
            ))
            .await;
        let file = exported(&cli, "course").await;
        let before = database.state().await;
        let call = ["workbook", "restore", &file, "--as", "Copy", "--template", &folder, "--json"];
        if text.contains("commit") {
            let error = cli.refused(&call[..7], 4, "plan_blocked").await;
            assert!(error["message"].as_str().is_some_and(|m| m.contains("4_odd.up.sql, line 2")), "{error}");
        } else {
            let call = cli.run(&call).await;
            assert_eq!(call.code, 1, "{call}");
            assert_eq!(call.document()["tenants"][0]["error"]["code"], "migration_failed", "{call}");
        }
        assert_eq!(database.state().await, before);
    }
}
