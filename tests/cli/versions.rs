//! The supported servers besides the installed one: catalog, creation, migration and export.

use crate::fleet::{NEWEST, small_template};
use cadastre_tests::workbook::Workbook;
use cadastre_tests::{Cli, TestDatabase, postgres};
use serde_json::json;

#[tokio::test]
async fn the_oldest_supported_version_does_everything() {
    everything_on(14).await;
}

#[tokio::test]
async fn the_newest_version_does_everything() {
    everything_on(18).await;
}

#[tokio::test]
async fn the_versions_in_between_do_everything() {
    for major in [16, 17] {
        everything_on(major).await;
    }
}

async fn everything_on(major: u32) {
    let cluster = postgres::cluster_of_version(major).await;
    let database = TestDatabase::on(&cluster).await.expect("a database");
    let cli = Cli::on(&database.url());
    let server = cli.json(&["server"]).await;
    assert!(server["version"].as_str().is_some_and(|v| v.starts_with(&format!("{major}."))), "{server}");

    let made = cli.json(&["tenant", "create", "Alpha", "Beta", "--template", "talentmatch"]).await;
    assert_eq!(made["done"], 2, "{made}");
    let list = cli.json(&["tenant", "list", "--exact"]).await;
    assert_eq!(
        (&list[1]["schema"], &list[1]["version"], &list[1]["pending"]),
        (&json!("beta"), &json!(NEWEST), &json!(0))
    );
    let show = cli.json(&["tenant", "show", "alpha"]).await;
    assert!(show["tables"].as_array().is_some_and(|tables| tables.len() >= 11), "{show}");
    assert!(show["enums"].as_array().is_some_and(|enums| enums.len() >= 8), "{show}");

    let folder = small_template(&cli, "template");
    let made = cli.json(&["tenant", "create", "Small", "--template", &folder]).await;
    assert_eq!(made["done"], 1, "{made}");
    cli.write("template/20260103000000_more.up.sql", "alter table item add column more timestamptz default now();\n");
    let run = cli.json(&["migrate", "up", "small", "--dir", &folder]).await;
    assert_eq!(run["done"], 1, "{run}");
    assert_eq!(database.value("select count(*)::text from small._sqlx_migrations").await, "3");
    database.execute("insert into small.item select g, 'n' || g from generate_series(1, 100) g").await;

    crate::steps::finished_alone(&TestDatabase::on(&cluster).await.expect("a database")).await;

    cli.json(&["stats", "--exact"]).await;
    cli.json(&["compare", "alpha", "beta"]).await;
    let out = cli.files().display().to_string();
    let answer = cli.json(&["export", "--to", &out]).await;
    let files = answer["files"].as_array().expect("files");
    assert_eq!(files.len(), 3, "{answer}");
    for file in files {
        let schema = file["schema"].as_str().expect("a schema");
        let mut book = Workbook::open(file["path"].as_str().expect("a path"));
        for (table, sheet, rows) in book.manifest() {
            let count = database.value(&format!("select count(*)::text from {schema}.\"{table}\"")).await;
            assert_eq!((count, book.rows(&sheet)), (rows.to_string(), rows), "{schema}.{table}");
        }
    }
    crate::watch::everything(&cluster).await;
    registered(&TestDatabase::on(&cluster).await.expect("a database")).await;
}

/// A tenant with a role and an entry, made, closed and opened by somebody who is no superuser.
async fn registered(database: &TestDatabase) {
    let name = database.name();
    database
        .execute(&format!("create role registrar login createrole; grant create on database \"{name}\" to registrar"))
        .await;
    let cli = Cli::on(&database.url_as("registrar"));
    assert_eq!(cli.json(&["registry", "install"]).await["done"], 1);
    let create = ["tenant", "create", "Gamma", "--template", "school", "--role", "--domain", "gamma.example"];
    assert_eq!(cli.json(&create).await["done"], 1);
    database.execute("alter role gamma login").await;
    let report = Cli::on(&database.url()).run(&["doctor", "--json"]).await.document();
    // Before 15, everybody may create in public, and the doctor says so.
    let checks: Vec<&str> =
        report["findings"].as_array().expect("findings").iter().filter_map(|f| f["check"].as_str()).collect();
    assert!(checks.iter().all(|check| *check == "public_create"), "{report}");
    let rights = "select concat(n.nspacl, r.rolcanlogin, obj_description(n.oid)) from pg_namespace n, pg_roles r \
                  where n.nspname = 'gamma' and r.rolname = 'gamma'";
    let before = database.value(rights).await;
    let call = cli.run(&["tenant", "deactivate", "gamma", "--end-sessions", "--yes", "--json"]).await;
    assert_eq!((call.code, &call.document()["done"]), (0, &json!(1)), "{call}");
    assert_eq!(database.value("select rolcanlogin::text from pg_roles where rolname = 'gamma'").await, "false");
    assert_eq!(cli.json(&["tenant", "show", "gamma"]).await["state"], "inactive");
    assert_eq!(cli.json(&["tenant", "activate", "gamma"]).await["done"], 1);
    assert_eq!(database.value(rights).await, before);
    assert_eq!(cli.json(&["tenant", "rename", "gamma", "Delta", "--schema", "delta"]).await["done"], 1);
    assert_eq!(database.value("select cadastre.tenant_for_domain('gamma.example')").await, "delta");
}
