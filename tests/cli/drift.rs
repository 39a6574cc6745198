//! Tenants that are not built like the others: a run finds them, and leaves them as they are.

use crate::runs::{fleet, outcome};
use cadastre_core::connection::Purpose;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};
use std::time::Duration;

fn check<'a>(plan: &'a Value, code: &str) -> Option<&'a Value> {
    plan["checks"].as_array()?.iter().find(|check| check["code"] == code)
}

#[tokio::test]
async fn a_drifted_tenant_is_rolled_back_and_said_in_the_plan() {
    let (database, cli, folder) = fleet(5).await;
    // By its name it would be the first.
    database.execute("alter table t01.item add column own int").await;
    let plan = cli.json(&["migrate", "up", "--all", "--dir", &folder, "--dry-run"]).await;
    let said = check(&plan, "drifted").unwrap_or_else(|| panic!("{plan}"));
    assert_eq!((&said["level"], &said["params"]["tenants"]), (&json!("warning"), &json!("t01")), "{said}");
    let call = cli.run(&["migrate", "up", "--all", "--dir", &folder, "--json"]).await;
    assert_eq!(call.code, 3, "{call}");
    let run = call.document();
    assert_eq!((&run["done"], &run["failed"]), (&json!(4), &json!(1)), "{run}");
    let error = &outcome(&run, "t01")["error"];
    assert_eq!(error["code"], "shape_differs", "{run}");
    assert!(error["detail"].as_str().is_some_and(|d| d.contains("column item.own is only here")), "{error}");
    assert!(error["hint"].as_str().is_some_and(|h| h.contains("cadastre diff")), "{error}");
    let moved = "select string_agg(relnamespace::regnamespace::text, ' ' order by relnamespace::regnamespace::text) from pg_attribute a \
                 join pg_class c on c.oid = attrelid where attname = 'mood'";
    assert_eq!(database.value(moved).await, "t02 t03 t04 t05");
    assert_eq!(
        database.value("select count(*)::text from t01._sqlx_migrations where version = 20260103000000").await,
        "0"
    );
    // Alone it is compared with those that have gone before; once repaired, it follows.
    let id = run["run"].as_str().expect("an id");
    let stays = cli.run(&["run", "resume", id, "--json"]).await;
    assert_eq!(
        (stays.code, &outcome(&stays.document(), "t01")["error"]["code"]),
        (3, &json!("shape_differs")),
        "{stays}"
    );
    database.execute("alter table t01.item drop column own").await;
    let resumed = cli.json(&["run", "resume", id]).await;
    assert_eq!(resumed["done"], 5, "{resumed}");
}

#[tokio::test]
async fn who_wants_to_migrates_a_drifted_tenant_as_it_is() {
    let (database, cli, folder) = fleet(3).await;
    database.execute("alter table t02.item add column own int").await;
    let up = ["migrate", "up", "--all", "--allow-drift", "--dir", &folder];
    let plan = cli.json(&[&up[..], &["--dry-run"]].concat()).await;
    assert!(check(&plan, "drifted").is_none(), "{plan}");
    assert_eq!(cli.json(&up).await["done"], 3);
}

#[tokio::test]
async fn a_file_that_does_something_else_in_one_tenant_is_found() {
    let (database, cli, folder) = fleet(4).await;
    let file = "alter table item add column mood text;
        do $$ begin if current_schema() = 't03' then alter table item alter column mood set not null; end if; end $$;";
    cli.write("template/20260103000000_mood.up.sql", file);
    let call = cli.run(&["migrate", "up", "--all", "--dir", &folder, "--json"]).await;
    assert_eq!(call.code, 3, "{call}");
    let run = call.document();
    assert_eq!(run["done"], 3, "{run}");
    let error = &outcome(&run, "t03")["error"];
    assert_eq!(error["detail"], "column item.mood: not null", "{run}");
    let absent = "select count(*)::text from pg_attribute where attrelid = 't03.item'::regclass and attname = 'mood'";
    assert_eq!(database.value(absent).await, "0");
}

#[tokio::test]
async fn tenants_at_different_versions_are_compared_where_their_ways_meet() {
    let (database, cli, folder) = fleet(6).await;
    cli.json(&["migrate", "up", "t01", "t02", "--dir", &folder]).await;
    cli.write("template/20260104000000_size.up.sql", "alter table item add column size int;\n");
    cli.write("template/20260104000000_size.down.sql", "alter table item drop column size;\n");
    database.execute("create index only_here on t02.item (mood); create index only_here on t05.item (id)").await;
    let call = cli.run(&["migrate", "up", "--all", "--dir", &folder, "--json"]).await;
    let run = call.document();
    let failed: Vec<&str> = run["tenants"]
        .as_array()
        .expect("tenants")
        .iter()
        .filter(|t| t["outcome"] == "failed")
        .filter_map(|t| t["schema"].as_str())
        .collect();
    assert_eq!(failed, ["t02", "t05"], "{call}");
    assert_eq!(outcome(&run, "t05")["versions"], json!([]), "{run}");
}

#[tokio::test]
async fn the_last_of_all_is_not_compared_with_those_that_go_on_in_the_same_run() {
    let (_database, cli, folder) = fleet(2).await;
    cli.json(&["migrate", "up", "t01", "--dir", &folder]).await;
    cli.write("template/20260104000000_size.up.sql", "alter table item add column size int;\n");
    // The first has its second column when the other gets its first.
    let call = cli.run(&["migrate", "up", "--all", "--jobs", "1", "--dir", &folder, "--json"]).await;
    assert_eq!((call.code, &call.document()["done"]), (0, &json!(2)), "{call}");
}

#[tokio::test]
async fn what_cannot_be_rolled_back_is_compared_too() {
    let (database, cli, folder) = fleet(3).await;
    database.execute("alter table t02.item add column own int").await;
    cli.write(
        "template/20260103000000_mood.up.sql",
        "-- no-transaction\ncreate index concurrently item_id on item (id);\n",
    );
    let call = cli.run(&["migrate", "up", "--all", "--dir", &folder, "--json"]).await;
    assert_eq!(call.code, 3, "{call}");
    let run = call.document();
    let tenant = outcome(&run, "t02");
    assert_eq!(tenant["error"]["code"], "shape_differs", "{run}");
    assert_eq!(tenant["versions"], json!([20_260_103_000_000_i64]), "what is committed is said: {run}");
    assert!(tenant["error"]["hint"].as_str().is_some_and(|h| h.contains("stays applied")), "{run}");
}

#[tokio::test]
async fn a_table_that_somebody_has_for_himself_stops_no_plan() {
    let (database, cli, folder) = fleet(4).await;
    database.execute("alter table t03.item add column own int").await;
    let mut holder = database.database.session(Purpose::Create).await.expect("a session");
    holder.execute("begin; lock table t02.item in access exclusive mode").await.expect("the lock");
    let up = ["migrate", "up", "--all", "--dir", &folder, "--retries", "0", "--lock-timeout", "300ms", "--json"];
    let plan = cli.json(&[&up[..9], &["--dry-run"]].concat()).await;
    let said = check(&plan, "drifted").unwrap_or_else(|| panic!("{plan}"));
    assert_eq!(said["params"]["tenants"], "t03", "{said}");
    let run = cli.run(&up).await.document();
    let codes = ["t01", "t02", "t03", "t04"].map(|schema| outcome(&run, schema)["error"]["code"].clone());
    assert_eq!(codes, [Value::Null, json!("lock_timeout"), json!("shape_differs"), Value::Null], "{run}");
    holder.execute("rollback").await.expect("the end");
    holder.close().await;
    let resumed = cli.run(&["run", "resume", run["run"].as_str().expect("an id"), "--json"]).await;
    assert_eq!(resumed.document()["done"], 3, "{resumed}");
}

#[tokio::test]
async fn tenants_that_looked_alike_and_went_through_different_files_are_told_apart() {
    let (_database, cli, folder) = fleet(4).await;
    // From the start both files lead to the same; after the other one, the second does something else.
    let one = "alter table if exists item rename to item_b;";
    let other = "alter table if exists item_b rename to item_c;\nalter table if exists item rename to item_b;";
    let first = "template/20260103000000_mood.up.sql";
    cli.write(first, one);
    cli.json(&["migrate", "up", "t01", "t02", "--dir", &folder]).await;
    std::fs::remove_file(cli.path(first)).expect("the file");
    std::fs::remove_file(cli.path(&first.replace("up", "down"))).expect("the file");
    cli.write("template/20260104000000_other.up.sql", other);
    cli.json(&["migrate", "up", "t03", "t04", "--dir", &folder]).await;
    cli.write(first, one);
    let run = cli.run(&["migrate", "up", "--all", "--dir", &folder, "--json"]).await.document();
    let codes = ["t01", "t02", "t03", "t04"].map(|schema| outcome(&run, schema)["error"]["code"].clone());
    assert_eq!(codes[0], codes[1], "{run}");
    assert_eq!(codes[2], codes[3], "{run}");
    assert!(codes.contains(&json!("shape_differs")) && codes.contains(&Value::Null), "{run}");
}

/// A file outside a transaction, a view that tells of a table of the tenants, and one tenant with something of its own.
async fn committed_before_it_is_compared() -> (TestDatabase, Cli, String) {
    let (database, cli, folder) = fleet(3).await;
    let view = |schema| format!("create view {schema}.seen as select id from {schema}.item;\n");
    database.execute(&["t01", "t02", "t03"].map(view).concat()).await;
    database.execute("create table t02.own ()").await;
    std::fs::remove_file(cli.path("template/20260103000000_mood.down.sql")).expect("the file");
    cli.write("template/20260103000000_mood.up.sql", "-- no-transaction\ncreate table extra (id int);\n");
    (database, cli, folder)
}

/// Somebody waits for the table that the holder has.
const WAITING: &str = "select exists (select from pg_locks where not granted and relation = 't02.item'::regclass)";

#[tokio::test]
async fn a_committed_file_is_compared_although_somebody_has_a_table_for_a_moment() {
    let (database, cli, folder) = committed_before_it_is_compared().await;
    let mut holder = database.database.session(Purpose::Create).await.expect("a session");
    holder.execute("begin; lock table t02.item in access exclusive mode").await.expect("the lock");
    let up = ["migrate", "up", "--all", "--dir", &folder, "--retries", "0", "--lock-timeout", "30s", "--json"];
    let call = cli.start(&up);
    database.wait_until(WAITING).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    holder.execute("rollback").await.expect("the end");
    let call = call.end().await;
    let run = call.document();
    assert_eq!(outcome(&run, "t02")["error"]["code"], "shape_differs", "{call}");
    assert_eq!(run["done"], 2, "{call}");
}

#[tokio::test]
async fn a_committed_file_is_compared_with_the_next_try_where_somebody_had_a_table_for_longer() {
    let (database, cli, folder) = committed_before_it_is_compared().await;
    let mut holder = database.database.session(Purpose::Create).await.expect("a session");
    holder.execute("begin; lock table t02.item in access exclusive mode").await.expect("the lock");
    let up = ["migrate", "up", "--all", "--dir", &folder, "--retries", "20", "--lock-timeout", "200ms", "--json"];
    let call = cli.start(&up);
    database.wait_until(WAITING).await;
    database.wait_until(&format!("select not ({})", WAITING.trim_start_matches("select "))).await;
    holder.execute("rollback").await.expect("the end");
    let call = call.end().await;
    let run = call.document();
    let tenant = outcome(&run, "t02");
    assert_eq!(tenant["error"]["code"], "shape_differs", "{call}");
    assert_eq!(tenant["versions"], json!([20_260_103_000_000_i64]), "{call}");
    assert!(tenant["attempts"].as_u64() > Some(1), "{call}");
}

#[tokio::test]
async fn a_tenant_that_is_dropped_while_all_are_looked_at_stops_no_plan() {
    let (database, cli, folder) = fleet(5).await;
    database.execute("alter table t01.item add column own int; alter table t02.item add column other int").await;
    // What the plan asks for between the tenants' marks and the fingerprints of those that differ.
    let mut holder = database.database.session(Purpose::Create).await.expect("a session");
    holder.execute("begin; lock table pg_catalog.pg_event_trigger in access exclusive mode").await.expect("the lock");
    let call = cli.start(&["migrate", "up", "--all", "--dir", &folder, "--dry-run", "--json"]);
    database
        .wait_until(
            "select exists (select from pg_locks where not granted and relation = 'pg_event_trigger'::regclass)",
        )
        .await;
    holder.execute("drop schema t02 cascade; commit").await.expect("it is dropped");
    let call = call.end().await;
    assert_eq!(call.code, 0, "{call}");
    let plan = call.document();
    let said = check(&plan, "drifted").unwrap_or_else(|| panic!("{plan}"));
    assert_eq!(said["params"]["tenants"], "t01", "{said}");
}
