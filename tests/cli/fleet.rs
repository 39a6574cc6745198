//! A few tenants to work with.

use cadastre_tests::{Cli, TestDatabase};
use serde_json::Value;
use std::collections::BTreeMap;

/// The newest version of the template that these tests use.
pub const NEWEST: i64 = 20_251_117_080_000;

/// A database with the tenants `alpha` and `beta`, made from the shipped template by the command line.
pub async fn two_tenants() -> (TestDatabase, Cli) {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let made = cli.json(&["tenant", "create", "Alpha", "Beta", "--template", "talentmatch"]).await;
    assert_eq!(made["done"], 2, "{made}");
    (database, cli)
}

/// A small template folder: a table, then a column for it.
pub fn small_template(cli: &Cli, folder: &str) -> String {
    let table =
        "-- purpose: a table\n-- impact: none\n-- rollback: drop it\ncreate table item (id bigint primary key);\n";
    let column =
        "-- purpose: a column\n-- impact: none\n-- rollback: drop it\nalter table item add column name text;\n";
    cli.write(&format!("{folder}/20260101000000_item.up.sql"), table);
    cli.write(&format!("{folder}/20260101000000_item.down.sql"), "drop table item;\n");
    cli.write(&format!("{folder}/20260102000000_item_name.up.sql"), column);
    cli.write(&format!("{folder}/20260102000000_item_name.down.sql"), "alter table item drop column name;\n");
    cli.path(folder)
}

/// The versions that [`Course`] brings.
pub const COURSE: [i64; 2] = [20_260_103_000_000, 20_260_104_000_000];

/// Tenants `t001` … with three tables each, and two migrations that they have not applied. Each of these changes the
/// structure, writes a line into the tenant's `ledger`, and would fail the second time.
pub struct Course {
    pub cli: Cli,
    pub folder: String,
    pub schemas: Vec<String>,
    url: String,
}

impl Course {
    pub async fn of(database: &TestDatabase, count: usize) -> Self {
        Self::by(&database.url(), count).await
    }

    /// Made by the role of this URL.
    pub async fn by(url: &str, count: usize) -> Self {
        let cli = Cli::on(url);
        let folder = small_template(&cli, "template");
        let ledger =
            "create table ledger (entry text not null);\ncreate table note (item bigint references item, t text);\n";
        cli.write("template/20260102120000_ledger.up.sql", ledger);
        cli.write("template/20260102120000_ledger.down.sql", "drop table note;\ndrop table ledger;\n");
        let schemas: Vec<String> = (1..=count).map(|n| format!("t{n:03}")).collect();
        let mut create = vec!["tenant", "create", "--template", &folder, "--yes"];
        create.extend(schemas.iter().map(String::as_str));
        assert_eq!(cli.json(&create).await["done"], count);
        write_course(&cli);
        Self { cli, folder, schemas, url: url.to_owned() }
    }

    /// Another person's account with the same files, on the same database.
    pub fn colleague(&self) -> (Cli, String) {
        let cli = Cli::on(&self.url);
        for name in self.cli.listing().iter().filter(|name| name.ends_with(".sql")) {
            let text = std::fs::read_to_string(name).expect("a file of the template");
            let name = name.rsplit('/').next().expect("a name");
            cli.write(&format!("template/{name}"), &text);
        }
        let folder = cli.path("template");
        (cli, folder)
    }

    /// What has to be the same however the fleet came there: the tenants' shapes, every row of every history but for its
    /// times, and every line of every ledger.
    pub async fn state(&self, database: &TestDatabase) -> State {
        let shape = self.cli.json(&["shape"]).await;
        let mut shapes = BTreeMap::new();
        for class in shape["classes"].as_array().expect("classes") {
            for tenant in class["tenants"].as_array().expect("tenants") {
                let fingerprint = class["fingerprint"].as_str().expect("a fingerprint");
                shapes.insert(tenant.as_str().expect("a name").to_owned(), fingerprint.to_owned());
            }
        }
        let rows = |schema: &String| {
            format!(
                "select '{schema} ' || pg_catalog.concat_ws(' ', version, description, success, checksum) \
                 from \"{schema}\"._sqlx_migrations union all select '{schema} ' || entry from \"{schema}\".ledger"
            )
        };
        let there: Vec<String> = self.schemas.iter().filter(|schema| shapes.contains_key(*schema)).map(rows).collect();
        let rows = database.column(&format!("{} order by 1", there.join(" union all "))).await;
        State { shapes, rows }
    }
}

/// Writes the two migrations of a [`Course`].
fn write_course(cli: &Cli) {
    let [mood, extra] = COURSE;
    let up = "alter table item add column mood text not null default 'calm';\ncreate index item_mood on item (mood);\n\
              insert into ledger values ('mood');\n";
    let down = "delete from ledger where entry = 'mood';\nalter table item drop column mood;\n";
    cli.write(&format!("template/{mood}_mood.up.sql"), up);
    cli.write(&format!("template/{mood}_mood.down.sql"), down);
    let up = "create table extra (id bigint primary key, item bigint references item);\n\
              insert into ledger values ('extra');\n";
    cli.write(&format!("template/{extra}_extra.up.sql"), up);
    let down = "delete from ledger where entry = 'extra';\ndrop table extra;\n";
    cli.write(&format!("template/{extra}_extra.down.sql"), down);
}

/// What [`Course::state`] reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Fingerprint of each schema.
    pub shapes: BTreeMap<String, String>,
    /// Rows of histories and ledgers, each with its schema in front.
    pub rows: Vec<String>,
}

impl State {
    /// Of one tenant.
    pub fn of(&self, schema: &str) -> (Option<&String>, Vec<&String>) {
        let own = format!("{schema} ");
        (self.shapes.get(schema), self.rows.iter().filter(|row| row.starts_with(&own)).collect())
    }

    /// Panics with the first differences only: the whole is thousands of lines.
    pub fn assert_is(&self, expected: &Self, when: &str) {
        let shapes: Vec<_> = self.shapes.iter().filter(|(s, f)| expected.shapes.get(*s) != Some(f)).take(5).collect();
        let missing = expected.rows.iter().filter(|row| !self.rows.contains(row)).take(5).collect::<Vec<_>>();
        let more = self.rows.iter().filter(|row| !expected.rows.contains(row)).take(5).collect::<Vec<_>>();
        let counts = (self.rows.len(), expected.rows.len());
        assert!(self == expected, "{when}: shapes {shapes:?}, missing {missing:?}, too many {more:?}, rows {counts:?}");
    }
}

/// A tenant's line in a run.
pub fn line<'a>(run: &'a Value, schema: &str) -> &'a Value {
    let tenants = run["tenants"].as_array().expect("tenants");
    tenants.iter().find(|tenant| tenant["schema"] == schema).unwrap_or_else(|| panic!("no {schema}: {run}"))
}
