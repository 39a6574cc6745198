//! A few tenants to work with.

use cadastre_tests::{Cli, TestDatabase};

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
