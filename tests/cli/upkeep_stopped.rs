//! Maintenance and moves of tables whose server stops, or has no room left, in the middle.

use crate::copies_full;
use crate::maintain::{holding, indexes, tenants};
use crate::misplaced::{OBJECTS, WAITS, catalogs};
use crate::runs::outcome;
use cadastre_core::demo::Cluster;
use cadastre_tests::{Call, Cli, StartedCall, TestDatabase};
use serde_json::json;

const NOT_VALID: &str = "select count(*)::text from pg_index where not indisvalid";
const BETA_NOT_VALID: &str = "select case when exists (select from pg_index where not indisvalid \
                              and indrelid = 'beta.note'::regclass) then 't' else 'f' end";

async fn started() -> (Cluster, TestDatabase, Cli) {
    let cluster = Cluster::builder().start().await.expect("tests need an installed PostgreSQL server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    let cli = Cli::on(&database.url());
    (cluster, database, cli)
}

/// The call loses its server; the server is there again afterwards.
async fn stop(cluster: &Cluster, call: StartedCall) -> Call {
    cluster.stop_immediate().await.expect("the server is stopped");
    let call = call.end().await;
    cluster.restart().await.expect("the server starts again");
    call
}

#[tokio::test]
async fn a_reindex_that_loses_its_server_goes_on_where_it_was_and_leaves_nothing_unfinished() {
    let (cluster, database, cli) = started().await;
    tenants(&database, &["acme", "beta", "zeta"]).await;
    let before = indexes(&database, "acme").await;
    // The second tenant's build waits, with its new index already there.
    let holder = holding(&database, "insert into beta.note (mark) values (1)").await;
    let call = cli.start(&["maintain", "reindex", "--all", "--jobs", "1", "--json"]);
    database.wait_until(BETA_NOT_VALID).await;
    let call = stop(&cluster, call).await;
    drop(holder);
    assert_eq!(call.code, 3, "{call}");
    let run = call.document();
    assert_eq!(outcome(&run, "acme")["outcome"], "done", "{run:#}");
    assert_eq!(outcome(&run, "beta")["error"]["code"], "connection_refused", "{run:#}");
    assert_ne!(outcome(&run, "zeta")["outcome"], "done", "{run:#}");
    assert_ne!(database.value(NOT_VALID).await, "0", "what was unfinished is still there");
    let acme = indexes(&database, "acme").await;
    assert!(acme.iter().all(|index| !before.contains(index)), "{acme:?}");
    let again = cli.json(&["run", "resume", run["run"].as_str().expect("a run")]).await;
    assert_eq!(again["done"], 3, "{again:#}");
    assert_eq!(database.value(NOT_VALID).await, "0");
    assert_eq!(indexes(&database, "acme").await, acme, "what was done is not done again");
}

#[tokio::test]
async fn a_reindex_without_room_says_so_and_leaves_nothing_unfinished() {
    let folder = tempfile::tempdir().expect("a folder");
    let cluster = copies_full::server(folder.path()).await;
    let database = TestDatabase::on(&cluster).await.expect("a database");
    let cli = Cli::on(&database.url());
    tenants(&database, &["acme", "zeta"]).await;
    let small = folder.path().join("small");
    database.execute(&format!("create tablespace small location '{}'", small.display())).await;
    // More than half of its table space: there is no room for a second one.
    database
        .execute(
            "create table acme.large (id int, words text) with (autovacuum_enabled = off);
             insert into acme.large select g, repeat(md5(g::text), 3) from generate_series(1, 55000) g;
             create index large_words on acme.large (words) tablespace small",
        )
        .await;
    let before = indexes(&database, "acme").await;
    let call = cli.run(&["maintain", "reindex", "--all", "--table", "large", "--table", "note", "--json"]).await;
    assert_eq!(call.code, 3, "{call}");
    let run = call.document();
    assert_eq!(outcome(&run, "acme")["error"]["code"], "server_disk_full", "{run:#}");
    assert_eq!(outcome(&run, "zeta")["outcome"], "done", "{run:#}");
    assert_eq!(database.value(NOT_VALID).await, "0", "{run:#}");
    let large = |all: &[String]| all.iter().find(|index| index.ends_with(" large_words")).cloned();
    assert_eq!(large(&indexes(&database, "acme").await), large(&before), "the index that was there is there");
    database.execute("alter index acme.large_words set tablespace pg_default").await;
    let again = cli.json(&["run", "resume", run["run"].as_str().expect("a run")]).await;
    assert_eq!(again["done"], 2, "{again:#}");
    assert_ne!(large(&indexes(&database, "acme").await), large(&before));
}

#[tokio::test]
async fn a_move_that_loses_its_server_has_moved_nothing_and_is_made_afterwards() {
    let (cluster, database, cli) = started().await;
    database.execute("create table public.plan (id int primary key)").await;
    for tenant in ["alpha", "beta", "gamma"] {
        database.execute(&format!("create schema {tenant}; set search_path = {tenant}; {OBJECTS}")).await;
    }
    database.execute("alter table beta.note set schema public").await;
    let before = catalogs(&database).await;
    let mut other = holding(&database, "insert into public.note (words) values ('y')").await;
    let call = cli.start(&["tenant", "move-tables", "beta", "--yes", "--json"]);
    database.wait_until(WAITS).await;
    let call = stop(&cluster, call).await;
    assert!(other.execute("rollback").await.is_err(), "its server is gone");
    let run = call.document();
    assert_eq!((call.code, &run["failed"]), (4, &json!(1)), "{call}");
    assert_eq!(run["tenants"][0]["error"]["code"], "connection_refused", "{run:#}");
    assert_eq!(catalogs(&database).await, before);
    let moved = cli.json(&["tenant", "move-tables", "beta", "--yes"]).await;
    assert_eq!(moved["done"], 1, "{moved:#}");
    assert_eq!(
        database.value("select count(*)::text from beta.note").await,
        "2",
        "what the other session wrote went with the server"
    );
}
