//! Archives that are stopped in the middle, being written and being restored.

use cadastre_tests::{Cli, TestDatabase};
use serde_json::json;
use std::time::Duration;

const ROWS: u32 = 150_000;

async fn large() -> (TestDatabase, Cli, String) {
    let database = TestDatabase::new().await;
    database
        .execute(&format!(
            "create schema big; create table big.lines as select g as id, md5(g::text) as a, md5((g * 7)::text) as b \
             from generate_series(1, {ROWS}) g; alter table big.lines add primary key (id); \
             create table big.few (id int); insert into big.few values (1)"
        ))
        .await;
    let cli = Cli::on(&database.url());
    let out = cli.files().display().to_string();
    (database, cli, out)
}

/// Nobody of ours is at work on the server any more.
async fn quiet(database: &TestDatabase) {
    database
        .wait_until(
            "select case when count(*) = 0 then 't' else 'f' end from pg_stat_activity where datname = current_database() \
             and application_name in ('cadastre backup', 'cadastre restore')",
        )
        .await;
}

/// Moments over the whole of what takes this long, other ones each time.
fn moments(whole: Duration, count: u32) -> Vec<Duration> {
    let random = || (uuid::Uuid::new_v4().as_u128() % 1000) as f64 / 1000.0;
    (0..count).map(|number| whole.mul_f64((f64::from(number) + random()) / f64::from(count))).collect()
}

#[tokio::test]
async fn killed_at_any_moment_it_leaves_no_half_file_and_no_half_tenant() {
    let (database, cli, out) = large().await;
    let state = database.state().await;
    let create = ["backup", "create", "big", "--to", &out, "--json"];
    let whole = cli.run(&create).await;
    assert_eq!(whole.code, 0, "{whole}");
    let id = whole.document()["id"].as_str().expect("an id").to_owned();
    // Once more: the first time something else may have been slow too.
    let took = whole.took.min(cli.run(&create).await.took).mul_f64(0.8);
    let restore = ["backup", "restore", &id, "--as", "Copy", "--json"];
    let mut killed = 0;
    for moment in moments(took, 10) {
        let call = cli.start(&create);
        tokio::time::sleep(moment).await;
        killed += u32::from(call.kill().await.code == -1);
        quiet(&database).await;
        assert_eq!(database.state().await, state, "killed after {moment:?}");
        for backup in cli.json(&["backup", "list"]).await.as_array().expect("backups") {
            assert_eq!((&backup["problem"], &backup["verified"]), (&json!(null), &json!(true)), "after {moment:?}");
        }
        let archives = cli.listing().iter().filter(|name| name.ends_with(".dump")).count();
        assert_eq!(cli.json(&["backup", "list"]).await.as_array().map(Vec::len), Some(archives));
    }
    for moment in moments(took, 10) {
        let call = cli.start(&restore);
        tokio::time::sleep(moment).await;
        killed += u32::from(call.kill().await.code == -1);
        quiet(&database).await;
        let copies = database.value("select count(*)::text from pg_namespace where nspname <> 'big' and (nspname = 'copy' or nspname like '\\_cad%')").await;
        if copies == "1" {
            let rows = "select (select count(*) from copy.lines) || ' ' || (select count(*) from copy.few)";
            assert_eq!(database.value(rows).await, format!("{ROWS} 1"), "after {moment:?}");
            database.execute("drop schema copy cascade").await;
        } else {
            assert_eq!(copies, "0", "after {moment:?}");
        }
        assert_eq!(database.state().await, state, "killed after {moment:?}");
    }
    assert!(killed >= 10, "only {killed} of 20 were killed before their end");
    assert_eq!(cli.run(&restore).await.code, 0);
}

#[tokio::test]
async fn ctrl_c_ends_pg_dump_too_and_leaves_nothing() {
    let (database, cli, out) = large().await;
    database.execute("insert into big.lines select g, md5(g::text), 'x' from generate_series(200000, 900000) g").await;
    let call = cli.start(&["backup", "create", "big", "--to", &out, "--json"]);
    let dumping = "select case when count(*) > 0 then 't' else 'f' end from pg_stat_activity \
                   where datname = current_database() and application_name = 'cadastre backup' and query like 'COPY%'";
    database.wait_until(dumping).await;
    let pid = call.pid().expect("it runs").to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().expect("kill runs").success());
    let call = call.end().await;
    assert_eq!(call.code, 130, "{call}");
    assert_eq!(call.document()["run"]["cancelled"], 1, "{call}");
    quiet(&database).await;
    assert_eq!(cli.listing(), Vec::<String>::new());
}

#[tokio::test]
async fn a_tenant_in_use_is_archived_as_it_was_at_one_moment() {
    let (database, cli, out) = large().await;
    database
        .execute("create sequence big.ticket; create table big.a (id bigint); create table big.b (id bigint)")
        .await;
    let url = database.url();
    let writer = tokio::spawn(async move {
        let busy = database;
        loop {
            busy.execute("begin; insert into big.a values (nextval('big.ticket')); insert into big.b select max(id) from big.a; commit").await;
            if busy.value("select (select count(*) from big.a) > 4000").await == "t" {
                return busy;
            }
        }
    });
    let cli = cli.env("DATABASE_URL", &url);
    let mut ids = Vec::new();
    for _ in 0..3 {
        let made = cli.json(&["backup", "create", "big", "--to", &out]).await;
        ids.push(made["id"].as_str().expect("an id").to_owned());
    }
    writer.abort();
    for id in ids {
        let restored = cli.json(&["backup", "verify", &id]).await;
        let rows = |table: &str| {
            let tables = restored["tables"].as_array().expect("tables");
            tables.iter().find(|t| t["table"] == table).expect("the table")["rows"].clone()
        };
        assert_eq!(rows("a"), rows("b"), "{restored}");
    }
}
