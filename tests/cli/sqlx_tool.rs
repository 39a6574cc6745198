//! sqlx's own tool and Cadastre take turns on one tenant: each accepts what the other has done, down to the bytes of the
//! history.

use crate::fleet::{line, small_template};
use cadastre_tests::{Cli, TestDatabase};
use serde_json::json;
use sqlx::Connection;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use std::path::Path;
use std::str::FromStr;

const ITEM: i64 = 20_260_101_000_000;
const NAME: i64 = 20_260_102_000_000;
const INDEX: i64 = 20_260_103_000_000;

/// A connection as sqlx's tool has it, whose unqualified names are the tenant's.
async fn connect(database: &TestDatabase, schema: &str) -> PgConnection {
    let options = PgConnectOptions::from_str(&database.url()).expect("a URL").options([("search_path", schema)]);
    PgConnection::connect_with(&options).await.expect("a connection")
}

/// `sqlx migrate run`
async fn run(database: &TestDatabase, schema: &str, folder: &str) -> Result<(), MigrateError> {
    let migrator = Migrator::new(Path::new(folder)).await.expect("a folder of migrations");
    let mut connection = connect(database, schema).await;
    let result = migrator.run(&mut connection).await;
    connection.close().await.expect("the end of the connection");
    result
}

/// `sqlx migrate revert --target-version`
async fn undo(database: &TestDatabase, schema: &str, folder: &str, target: i64) -> Result<(), MigrateError> {
    let migrator = Migrator::new(Path::new(folder)).await.expect("a folder of migrations");
    let mut connection = connect(database, schema).await;
    let result = migrator.undo(&mut connection, target).await;
    connection.close().await.expect("the end of the connection");
    result
}

/// Every row of the history but for its times, and how its table is made.
async fn history(database: &TestDatabase, schema: &str) -> Vec<String> {
    let rows = format!(
        "select concat_ws(' ', version, description, success, encode(checksum, 'hex'), execution_time > 0) \
         from {schema}._sqlx_migrations order by version"
    );
    let table = format!(
        "select concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)) \
         from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum \
         where attrelid = '{schema}._sqlx_migrations'::regclass and attnum > 0 order by attnum"
    );
    let keys = format!(
        "select replace(pg_get_indexdef(indexrelid), '{schema}', 'x') from pg_index where indrelid = '{schema}._sqlx_migrations'::regclass"
    );
    let mut found = database.column(&rows).await;
    found.extend(database.column(&table).await);
    found.extend(database.column(&keys).await);
    found
}

fn write_index(cli: &Cli, folder: &str) {
    let up = "-- no-transaction\n-- purpose: names are searched\ncreate index concurrently item_name on item (name);\n";
    cli.write(&format!("{folder}/{INDEX}_index_on__item.up.sql"), up);
    let down = "-- no-transaction\ndrop index concurrently item_name;\n";
    cli.write(&format!("{folder}/{INDEX}_index_on__item.down.sql"), down);
}

/// Two empty tenants and a folder whose newest file runs outside a transaction.
async fn two_empty_tenants() -> (TestDatabase, Cli, String) {
    let database = TestDatabase::new().await;
    database.execute("create schema ours; create schema theirs").await;
    let cli = Cli::on(&database.url());
    let folder = small_template(&cli, "template");
    write_index(&cli, "template");
    (database, cli, folder)
}

#[tokio::test]
async fn both_tools_leave_the_same_history_and_the_same_structure() {
    let (database, cli, folder) = two_empty_tenants().await;
    // A schema without tables is no tenant yet.
    database.execute("create table ours.here (); create table theirs.here ()").await;
    let done = cli.json(&["migrate", "up", "ours", "--dir", &folder]).await;
    assert_eq!(done["done"], 1, "{done}");
    run(&database, "theirs", &folder).await.expect("sqlx migrates");
    assert_eq!(history(&database, "ours").await, history(&database, "theirs").await);
    let shape = cli.json(&["shape", "ours", "theirs"]).await;
    assert_eq!(shape["classes"].as_array().map(Vec::len), Some(1), "{shape}");
    // The way back, over the file outside a transaction and one inside.
    cli.json(&["migrate", "down", "ours", "--to", &ITEM.to_string(), "--dir", &folder, "--yes"]).await;
    undo(&database, "theirs", &folder, ITEM).await.expect("sqlx reverts");
    assert_eq!(history(&database, "ours").await, history(&database, "theirs").await);
    let shape = cli.json(&["shape", "ours", "theirs"]).await;
    assert_eq!(shape["classes"].as_array().map(Vec::len), Some(1), "{shape}");
}

#[tokio::test]
async fn a_tenant_of_cadastre_is_accepted_by_sqlx_and_goes_on_with_it() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let folder = small_template(&cli, "template");
    cli.json(&["tenant", "create", "One", "--template", &folder, "--yes"]).await;
    let before = history(&database, "one").await;
    run(&database, "one", &folder).await.expect("there is nothing to do");
    assert_eq!(history(&database, "one").await, before);
    write_index(&cli, "template");
    run(&database, "one", &folder).await.expect("one file is applied");
    let status = cli.json(&["migrate", "status", "one", "--dir", &folder]).await;
    let tenant = &status["tenants"][0];
    assert_eq!((&tenant["applied"], &tenant["pending"]), (&json!([ITEM, NAME, INDEX]), &json!([])), "{status}");
    assert_eq!((&tenant["problem"], &tenant["line_endings"]), (&json!(null), &json!([])), "{status}");
    // Cadastre takes back what sqlx did, and sqlx what Cadastre did.
    let down = cli.json(&["migrate", "down", "one", "--dir", &folder, "--yes"]).await;
    assert_eq!(line(&down, "one")["versions"], json!([INDEX]), "{down}");
    assert_eq!(history(&database, "one").await, before);
    cli.json(&["migrate", "up", "one", "--dir", &folder]).await;
    undo(&database, "one", &folder, 0).await.expect("sqlx reverts");
    assert_eq!(database.value("select count(*)::text from one._sqlx_migrations").await, "0");
    let up = cli.json(&["migrate", "up", "one", "--dir", &folder]).await;
    assert_eq!(line(&up, "one")["versions"], json!([ITEM, NAME, INDEX]), "{up}");
    run(&database, "one", &folder).await.expect("there is nothing to do");
}

#[tokio::test]
async fn a_tenant_of_sqlx_is_accepted_by_cadastre_and_its_run_is_undone() {
    let (database, cli, folder) = two_empty_tenants().await;
    run(&database, "theirs", &folder).await.expect("sqlx migrates");
    let before = history(&database, "theirs").await;
    let status = cli.json(&["migrate", "status", "theirs", "--dir", &folder]).await;
    assert_eq!((&status["tenants"][0]["problem"], &status["tenants"][0]["pending"]), (&json!(null), &json!([])));
    let up = cli.json(&["migrate", "up", "theirs", "--dir", &folder]).await;
    assert_eq!(line(&up, "theirs")["outcome"], "skipped", "{up}");
    cli.write("template/20260104000000_more.up.sql", "alter table item add column more text;\n");
    cli.write("template/20260104000000_more.down.sql", "alter table item drop column more;\n");
    let up = cli.json(&["migrate", "up", "theirs", "--dir", &folder]).await;
    assert_eq!(up["done"], 1, "{up}");
    run(&database, "theirs", &folder).await.expect("there is nothing to do");
    cli.json(&["run", "undo", up["run"].as_str().expect("an id"), "--yes"]).await;
    assert_eq!(history(&database, "theirs").await, before);
}

#[tokio::test]
async fn a_tenant_half_way_is_dirty_for_sqlx_until_cadastre_has_finished() {
    let (database, cli, folder) = two_empty_tenants().await;
    run(&database, "ours", &folder).await.expect("sqlx migrates");
    let several = "-- no-transaction\ncreate index concurrently first on item (id);\n\
                   create unique index concurrently second on item (name);\n";
    cli.write("template/20260104000000_two.up.sql", several);
    cli.write("template/20260104000000_two.down.sql", "drop index first; drop index second;\n");
    database.execute("insert into ours.item values (1, 'same'), (2, 'same')").await;
    // sqlx sends the file as one message, which the server takes for a transaction: nothing happens.
    let before = history(&database, "ours").await;
    assert!(matches!(run(&database, "ours", &folder).await, Err(MigrateError::ExecuteMigration(..))));
    assert_eq!(history(&database, "ours").await, before);
    let call = cli.run(&["migrate", "up", "ours", "--dir", &folder, "--json"]).await;
    assert_eq!(line(&call.document(), "ours")["error"]["code"], "migration_stopped", "{call}");
    assert!(matches!(run(&database, "ours", &folder).await, Err(MigrateError::Dirty(20_260_104_000_000))));
    database.execute("update ours.item set name = 'other' where id = 2").await;
    cli.json(&["migrate", "up", "ours", "--dir", &folder]).await;
    run(&database, "ours", &folder).await.expect("there is nothing to do");
}

#[tokio::test]
async fn other_line_endings_are_said_and_stand_in_nobodys_way() {
    let (database, cli, folder) = two_empty_tenants().await;
    run(&database, "theirs", &folder).await.expect("sqlx migrates");
    let before = history(&database, "theirs").await;
    let windows = |name: &str, mark: &str| {
        let path = cli.path(&format!("template/{name}"));
        let text = std::fs::read_to_string(&path).expect("a file");
        cli.write(&format!("template/{name}"), &format!("{mark}{}", text.replace('\n', "\r\n")));
        move || std::fs::write(&path, &text).expect("the file is written")
    };
    let back = [
        windows(&format!("{NAME}_item_name.up.sql"), ""),
        windows(&format!("{INDEX}_index_on__item.up.sql"), "\u{feff}"),
        windows(&format!("{INDEX}_index_on__item.down.sql"), "\u{feff}"),
    ];
    let status = cli.json(&["migrate", "status", "theirs", "--dir", &folder]).await;
    let tenant = &status["tenants"][0];
    assert_eq!((&tenant["problem"], &tenant["line_endings"]), (&json!(null), &json!([NAME, INDEX])), "{status}");
    assert_eq!(tenant["pending"], json!([]), "{status}");
    let spoken = cli.run(&["migrate", "status", "theirs", "--dir", &folder]).await;
    assert!(spoken.stderr.contains("item name: 1 tenants, applied with other line endings"), "{spoken}");
    let check = cli.json(&["migrate", "check", "--dir", &folder]).await;
    let rules: Vec<_> = check["findings"].as_array().expect("findings").iter().map(|f| &f["rule"]).collect();
    assert!(rules.contains(&&json!("line_endings")) && rules.contains(&&json!("byte_order_mark")), "{check}");
    let plan = cli.json(&["migrate", "down", "theirs", "--dir", &folder, "--dry-run"]).await;
    let said: Vec<_> =
        plan["checks"].as_array().expect("checks").iter().filter(|c| c["code"] == "line_endings").collect();
    assert_eq!(said.len(), 2, "{plan}");
    assert!(said[0]["message"].as_str().is_some_and(|m| m.contains("only its line endings differ")), "{plan}");
    // Down with the marked file, up again with it: the history holds the checksum of its bytes, as sqlx counts them.
    cli.json(&["migrate", "down", "theirs", "--dir", &folder, "--yes"]).await;
    cli.json(&["migrate", "up", "theirs", "--dir", &folder]).await;
    let status = cli.json(&["migrate", "status", "theirs", "--dir", &folder]).await;
    assert_eq!(status["tenants"][0]["line_endings"], json!([NAME]), "{status}");
    // sqlx's own tool knows bytes only, and refuses the file whose bytes it has not seen.
    assert!(matches!(run(&database, "theirs", &folder).await, Err(MigrateError::VersionMismatch(NAME))));
    for back in back {
        back();
    }
    let status = cli.json(&["migrate", "status", "theirs", "--dir", &folder]).await;
    assert_eq!(status["tenants"][0]["line_endings"], json!([INDEX]), "{status}");
    cli.json(&["migrate", "down", "theirs", "--dir", &folder, "--yes"]).await;
    run(&database, "theirs", &folder).await.expect("one file is applied");
    assert_eq!(history(&database, "theirs").await, before);
    // A changed word is another text all the same.
    let name = format!("template/{NAME}_item_name.up.sql");
    let text = std::fs::read_to_string(cli.path(&name)).expect("a file");
    cli.write(&name, &text.replace("a column", "one column").replace('\n', "\r\n"));
    let status = cli.json(&["migrate", "status", "theirs", "--dir", &folder]).await;
    assert_eq!(status["tenants"][0]["problem"]["code"], "checksum_changed", "{status}");
}
