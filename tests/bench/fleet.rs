//! A fleet of 1,000 tenants: reading it, and changing it.

use crate::clock::{Series, calm, in_turn};
use crate::report::Report;
use crate::server::{Base, Server};
use std::fmt::Write;
use std::path::Path;

pub const TENANTS: usize = 1_000;
const TEMPLATE: &str = "talentmatch";
/// Later than everything in the template.
const VERSION: &str = "20991231235959";
const DESCRIPTION: &str = "bench";
const CHANGE: &str = "add column bench_note varchar(50)";

/// The fleet, made by the command line from the shipped template.
pub struct Fleet {
    pub base: Base,
}

impl Fleet {
    pub async fn new(server: &Server) -> Self {
        let base = server.database().await;
        let names: Vec<String> = (1..=TENANTS).map(|number| format!("t{number:05}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let create = ["tenant", "create", "--yes", "--template", TEMPLATE];
        let call = base.cadastre(&[&create[..], &names].concat()).await;
        println!("{TENANTS} tenants created in {:.1} s", call.took.as_secs_f64());
        base.script("vacuum analyze; checkpoint;").await;
        Self { base }
    }

    pub async fn measure(&self, report: &mut Report) {
        let status = ["migrate", "status", "--dir", TEMPLATE, "--json"];
        let nothing = ["migrate", "up", "--all", "--yes", "--dir", TEMPLATE, "--json"];
        for (name, call) in [
            ("tenant list, beside psql's \\dt+", &["tenant", "list", "--json"][..]),
            ("migrate status, beside psql's \\dt+", &status),
            ("migrate up with nothing to do, beside \\dt+", &nothing),
        ] {
            let ours = async || self.base.cadastre_seconds(call).await;
            let limit = async || self.base.psql_seconds(&["-c", r"\dt+ *.*"]).await;
            let (value, limit) = in_turn(ours, limit).await;
            report.beside(name, "s", &value, &limit, 0.5);
        }
        // It reads every sequence's column, too. A fleet in which nothing is wrong makes no noise.
        let mut doctor = Series::default();
        for _ in 0..3 {
            calm().await;
            let call = self.base.cadastre(&["doctor", "--json"]).await;
            assert_eq!(call.document()["findings"], serde_json::json!([]), "{call}");
            doctor.push(call.took.as_secs_f64());
        }
        report.within("doctor, every check", "s", &doctor, 10.0);
        self.measure_change(report).await;
    }

    /// One added column in every tenant: by the command line, and by one psql that is fed the same statements.
    async fn measure_change(&self, report: &mut Report) {
        let folder = self.folder_with_change();
        let schemas = self.schemas().await;
        let script = self.base.cli.write("change.sql", &same_statements(&schemas));
        let undo = undoing(&schemas);
        let up = ["migrate", "up", "--all", "--yes", "--dir", &folder, "--json"];
        let limit = async || {
            self.base.durable(true).await;
            let took = self.base.psql_seconds(&["-qAt", "-f", &script]).await;
            self.undo(&undo).await;
            took
        };
        // The second line says what of the first is for comparing the tenants, which psql does not do at all.
        for (name, more) in [
            ("migrate up of one column, beside one psql", &[][..]),
            ("  without comparing the tenants", &["--allow-drift"]),
        ] {
            let call = [&up[..], more].concat();
            let ours = async || {
                self.base.durable(true).await;
                let took = self.base.cadastre_seconds(&call).await;
                self.undo(&undo).await;
                took
            };
            let (value, limit) = in_turn(ours, limit).await;
            report.beside(name, "s", &value, &limit, 2.0);
            report.note(&format!(
                "{:.0} tenants/s, psql {:.0} tenants/s",
                TENANTS as f64 / value.median(),
                TENANTS as f64 / limit.median()
            ));
        }
    }

    async fn schemas(&self) -> Vec<String> {
        let query = "select nspname::text from pg_namespace where nspname ~ '^t[0-9]{5}$' order by 1";
        let schemas = self.base.values(query).await;
        assert_eq!(schemas.len(), TENANTS, "the fleet is not complete");
        schemas
    }

    /// Checks that every tenant was changed, and puts everything back as it was.
    async fn undo(&self, script: &str) {
        let changed = "select count(*)::text from pg_attribute where attname = 'bench_note' and not attisdropped";
        assert_eq!(self.base.value(changed).await, TENANTS.to_string(), "not every tenant was changed");
        self.base.durable(false).await;
        self.base.script(script).await;
    }

    fn folder_with_change(&self) -> String {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/templates").join(TEMPLATE);
        for entry in std::fs::read_dir(shipped).expect("the shipped template") {
            let path = entry.expect("the shipped template").path();
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
            self.base.cli.write(&format!("change/{name}"), &std::fs::read_to_string(&path).expect("a file"));
        }
        let file = |way: &str| format!("change/{VERSION}_{DESCRIPTION}.{way}.sql");
        self.base.cli.write(&file("up"), &format!("alter table consultants {CHANGE};\n"));
        self.base.cli.write(&file("down"), "alter table consultants drop column bench_note;\n");
        self.base.cli.path("change")
    }
}

/// One message and one transaction per tenant: psql sends what `\;` joins at once.
fn same_statements(schemas: &[String]) -> String {
    let mut script = String::new();
    for schema in schemas {
        let _ = writeln!(
            script,
            "begin\\; alter table {schema}.consultants {CHANGE}\\; \
             insert into {schema}._sqlx_migrations (version, description, success, checksum, execution_time) \
             values ({VERSION}, '{DESCRIPTION}', true, '\\x00', 0)\\; commit;"
        );
    }
    script
}

fn undoing(schemas: &[String]) -> String {
    let mut script = String::from("set synchronous_commit = off;\n");
    for schema in schemas {
        let _ = writeln!(
            script,
            "alter table {schema}.consultants drop column bench_note\\; \
             delete from {schema}._sqlx_migrations where version = {VERSION};"
        );
    }
    script.push_str("vacuum pg_attribute; vacuum pg_class; checkpoint;\n");
    script
}
