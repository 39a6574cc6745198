//! A server that dies in the middle.

use crate::fleet::small_template;
use cadastre_core::demo::Cluster;
use cadastre_tests::workbook::Workbook;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::json;
use std::time::{Duration, Instant};

async fn own_server() -> (Cluster, TestDatabase, Cli) {
    let cluster = Cluster::builder().start().await.expect("tests need an installed PostgreSQL server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    let cli = Cli::on(&database.url());
    (cluster, database, cli)
}

#[tokio::test]
async fn a_server_killed_in_the_middle_of_a_migration_leaves_whole_tenants_only() {
    let (cluster, database, cli) = own_server().await;
    let folder = small_template(&cli, "template");
    let made = cli.json(&["tenant", "create", "One", "Two", "Three", "--template", &folder]).await;
    assert_eq!(made["done"], 3);
    // The first tenant gets through; the others wait in the middle of their transaction.
    let slow = "create table extra (id int);\n\
                select pg_catalog.pg_sleep(600) where pg_catalog.current_schema() <> 'one';\n";
    cli.write("template/20260103000000_slow.up.sql", slow);
    let call = cli.start(&["migrate", "up", "--dir", &folder, "--json", "--jobs", "2"]);
    let arrived = "select (case when (select count(*) from pg_catalog.pg_stat_activity where wait_event = 'PgSleep') = 2 \
                   and pg_catalog.to_regclass('one.extra') is not null then 't' else 'f' end)";
    database.wait_until(arrived).await;
    cluster.stop_immediate().await.expect("the server is killed");
    let call = call.end().await;
    assert_eq!(call.code, 3, "{call}");
    let run = call.document();
    assert_eq!(run["done"], 1, "{run}");
    for tenant in run["tenants"].as_array().expect("tenants").iter().filter(|t| t["outcome"] == "failed") {
        let code = tenant["error"]["code"].as_str().unwrap_or_default();
        assert!(["connection_lost", "connection_refused", "server_unavailable"].contains(&code), "{tenant}");
        assert!(tenant["error"]["hint"].is_string(), "{tenant}");
    }
    cluster.restart().await.expect("the server starts again");
    let database = cluster.connect(database.name()).await.expect("a connection");
    let database = Reconnected(database);
    for (schema, extra, versions) in [("one", "t", "3"), ("two", "f", "2"), ("three", "f", "2")] {
        let there = format!("select case when pg_catalog.to_regclass('{schema}.extra') is null then 'f' else 't' end");
        assert_eq!(database.value(&there).await, extra, "{schema}");
        let count = format!("select count(*)::text from {schema}._sqlx_migrations where success");
        assert_eq!(database.value(&count).await, versions, "{schema}");
    }
    // The run's record on this computer says the same, and the next run finishes what is left.
    let shown = cli.json(&["run", "show", run["run"].as_str().expect("an id")]).await;
    assert_eq!(shown["done"], 1);
    let status = cli.json(&["migrate", "status", "--dir", &folder]).await;
    let pending = status["tenants"].as_array().expect("tenants").iter();
    assert_eq!(pending.filter(|t| t["pending"] == json!([20_260_103_000_000_i64])).count(), 2, "{status}");
    assert_eq!(cli.json(&["journal", "verify"]).await["intact"], true);
}

/// A database after its server was restarted: the old session is gone.
struct Reconnected(cadastre_core::connection::Database);

impl Reconnected {
    async fn value(&self, query: &str) -> String {
        crate::server::value(&self.0, query).await
    }
}

#[tokio::test]
async fn a_server_killed_in_the_middle_of_an_export_leaves_no_file() {
    let (cluster, database, cli) = own_server().await;
    database
        .execute(
            "create schema big; create table big.lines as \
             select g as id, md5(g::text) as a, md5((g * 7)::text) as b, now() as c from generate_series(1, 1500000) g; \
             create schema small; create table small.lines (id int)",
        )
        .await;
    let out = cli.files();
    let out = out.to_str().expect("a path");
    let call = cli.start(&["export", "--to", out, "--json", "--jobs", "1"]);
    // In the middle: something is written, and the server is still sending.
    let patience = Instant::now() + Duration::from_secs(60);
    let half = || {
        let names = cli.listing();
        names.iter().any(|name| std::fs::metadata(name).is_ok_and(|m| name.contains(".cadastre-") && m.len() > 100_000))
    };
    while !half() {
        assert!(Instant::now() < patience, "the export writes nothing: {:?}", cli.listing());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    cluster.stop_immediate().await.expect("the server is killed");
    let call = call.end().await;
    assert!([1, 3].contains(&call.code), "{call}");
    let document = call.document();
    let tenants = document["run"]["tenants"].as_array().expect("tenants").clone();
    let big = tenants.iter().find(|t| t["schema"] == "big").expect("the tenant");
    assert_eq!(big["outcome"], "failed", "{call}");
    assert!(big["error"]["hint"].is_string(), "{call}");
    assert!(
        !cli.listing().iter().any(|name| name.contains("big") || name.contains(".cadastre-")),
        "{:?}",
        cli.listing()
    );
    // Afterwards it works.
    cluster.restart().await.expect("the server starts again");
    let answer = cli.json(&["export", "small", "--to", out]).await;
    let mut book = Workbook::open(answer["files"][0]["path"].as_str().expect("a path"));
    assert_eq!(book.rows("lines"), 0);
}
