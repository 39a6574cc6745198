//! Alerts: what is beyond its threshold is said, with the exit code that a scheduler sees, and is gone with its reason.

use cadastre_core::connection::Purpose;
use cadastre_core::sql::Statement;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};

/// Everything off, so that each test sees its own.
const OFF: [&str; 7] =
    ["runs=off", "backup=off", "quota=off", "drift=off", "transaction=off", "blocked=off", "connections=off"];

async fn raised(cli: &Cli, limits: &[&str]) -> (i32, Value) {
    let mut arguments = vec!["health", "alerts", "--json"];
    for limit in OFF.iter().chain(limits) {
        arguments.extend(["--limit", limit]);
    }
    let call = cli.run(&arguments).await;
    let document = call.document();
    assert_eq!(call.code, i32::from(document["alerts"] != json!([])), "{call}");
    (call.code, document)
}

/// The kinds and whom each is about.
fn kinds(document: &Value) -> Vec<(String, Vec<String>)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let alerts = document["alerts"].as_array().expect("alerts");
    let items = |alert: &Value| -> Vec<String> {
        alert["items"].as_array().expect("items").iter().map(|item| text(&item["schema"])).collect()
    };
    alerts.iter().map(|alert| (text(&alert["kind"]), items(alert))).collect()
}

async fn fleet() -> (TestDatabase, Cli) {
    let database = TestDatabase::new().await;
    for schema in ["ada", "ben", "cleo"] {
        database.execute(&format!("create schema {schema}; create table {schema}.t (id int primary key)")).await;
    }
    let cli = Cli::on(&database.url());
    (database, cli)
}

#[tokio::test]
async fn a_missed_backup_is_an_alert_until_there_is_a_verified_one() {
    let (database, cli) = fleet().await;
    let before = database.state().await;
    let (_, document) = raised(&cli, &["backup=2d"]).await;
    assert_eq!(kinds(&document), [("backup_missed".into(), vec!["ada".into(), "ben".into(), "cleo".into()])]);
    assert_eq!((&document["alerts"][0]["limit"], &document["alerts"][0]["level"]), (&json!(48), &json!("error")));
    let folder = cli.files().display().to_string();
    assert_eq!(cli.run(&["export", "ada", "ben", "--to", &folder]).await.code, 0);
    let (_, document) = raised(&cli, &["backup=2d"]).await;
    assert_eq!(kinds(&document), [("backup_missed".into(), vec!["cleo".into()])]);
    assert_eq!(cli.run(&["export", "cleo", "--to", &folder]).await.code, 0);
    assert_eq!(raised(&cli, &["backup=2d"]).await.0, 0);
    // As if it had been written three days ago.
    let state = cli.home().join("state.db");
    let pool = sqlx::SqlitePool::connect(&format!("sqlite://{}", state.display())).await.expect("the local state");
    let older = "update run set started_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-3 days')";
    sqlx::query(older).execute(&pool).await.expect("an older backup");
    pool.close().await;
    assert_eq!(kinds(&raised(&cli, &["backup=2d"]).await.1)[0].1.len(), 3);
    assert_eq!(raised(&cli, &["backup=4d"]).await.0, 0);
    assert_eq!(database.state().await, before, "looking changed the database");
}

#[tokio::test]
async fn a_failed_migration_is_an_alert_until_the_tenant_has_got_there() {
    let (database, cli) = fleet().await;
    cli.write("m/20260101000000_table.up.sql", "-- purpose: a table\ncreate table added (id int);\n");
    cli.write("m/20260101000000_table.down.sql", "-- purpose: back\ndrop table added;\n");
    let dir = cli.path("m");
    database.execute("create table ben.added (other text)").await;
    let all = ["migrate", "up", "--all", "--dir", &dir, "--yes", "--on-error", "continue"];
    assert_eq!(cli.run(&all).await.code, 3);
    let (_, document) = raised(&cli, &["runs=on"]).await;
    assert_eq!(kinds(&document), [("migration_failed".into(), vec!["ben".into()])]);
    let item = &document["alerts"][0]["items"][0];
    assert!(item["error"]["message"].as_str().is_some_and(|message| message.contains("added")), "{item}");
    assert!(item["at"].is_string() && item["object"].is_string(), "{item}");
    let spoken = cli.run(&["health", "alerts", "--limit", "backup=off", "--limit", "drift=off"]).await;
    assert!(spoken.code == 1 && spoken.stdout.contains("error: migration_failed: "), "{spoken}");
    // Somebody at another computer brings it there, of which this one's record knows nothing.
    database.execute("drop table ben.added").await;
    assert_eq!(raised(&cli, &["runs=on"]).await.0, 1);
    assert_eq!(Cli::on(&database.url()).run(&all).await.code, 0);
    assert_eq!(raised(&cli, &["runs=on"]).await.0, 0);
}

#[tokio::test]
async fn quotas_and_drift_are_told_by_tenant() {
    let (database, cli) = fleet().await;
    assert_eq!(cli.run(&["registry", "install"]).await.code, 0);
    database.execute("insert into ben.t select generate_series(1, 5000); analyze").await;
    // The size in the list is an estimate; what is compared is that.
    let list = cli.json(&["tenant", "list", "--select", "ben"]).await;
    let size = list[0]["size_bytes"].as_i64().expect("a size in bytes");
    for (tenant, limit) in [("ada", size * 100), ("ben", size / 2), ("cleo", 1 << 40)] {
        assert_eq!(cli.run(&["tenant", "set", tenant, &format!("storage_limit={limit}")]).await.code, 0);
    }
    let (_, document) = raised(&cli, &["quota=90%"]).await;
    assert_eq!(kinds(&document), [("quota_exceeded".into(), vec!["ben".into()])]);
    let item = &document["alerts"][0]["items"][0];
    assert!(item["object"] == "storage" && item["number"].as_i64() >= Some(199), "{item}");
    let limit = size + size / 20;
    assert_eq!(cli.run(&["tenant", "set", "ben", &format!("storage_limit={limit}")]).await.code, 0);
    assert_eq!(kinds(&raised(&cli, &["quota=90%"]).await.1), [("quota_near".into(), vec!["ben".into()])]);
    assert_eq!(raised(&cli, &["quota=99%"]).await.0, 0);

    assert_eq!(raised(&cli, &["drift=on"]).await.0, 0);
    database.execute("alter table cleo.t add column mine text").await;
    assert_eq!(kinds(&raised(&cli, &["drift=on"]).await.1), [("drift".into(), vec!["cleo".into()])]);
    // Three tenants, three structures: nobody can say which one is meant.
    database.execute("alter table ada.t add column other text").await;
    assert_eq!(raised(&cli, &["drift=on"]).await.0, 0);
}

#[tokio::test]
async fn what_holds_up_the_server_is_told_with_its_session() {
    let (database, cli) = fleet().await;
    // Reading the default of a column takes a lock on its table.
    database.execute("alter table ada.t add column at timestamptz default now()").await;
    let mut holder = database.database.session(Purpose::Create).await.expect("a session");
    holder.execute("begin; lock table ada.t").await.expect("a lock");
    let pid = holder.backend();
    let mut waiter = database.database.session(Purpose::Create).await.expect("a session");
    let waiting = waiter.backend();
    let waits = tokio::spawn(async move {
        waiter.execute(Statement::script("set lock_timeout = 0; select count(*) from ada.t")).await
    });
    database.wait_until(&format!("select exists (select from pg_locks where pid = {waiting} and not granted)")).await;
    tokio::time::sleep(std::time::Duration::from_millis(1200)).await;
    let (_, document) =
        raised(&cli, &["transaction=1s", "blocked=1s", "drift=on", "quota=90%", "backup=off", "runs=on"]).await;
    assert_eq!(document["not_watched"][0]["code"], "structure_locked", "{document}");
    let told = kinds(&document).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
    assert_eq!(told, ["blocked", "long_transaction"]);
    let about = |at: usize, pid: i32| {
        let items = document["alerts"][at]["items"].as_array().expect("items");
        items.iter().any(|item| item["object"] == format!("pid {pid}, postgres"))
    };
    assert!(about(0, waiting) && !about(0, pid) && about(1, pid), "{document}");
    assert_eq!(raised(&cli, &["transaction=10min", "blocked=10min"]).await.0, 0);
    // A role without rights sees the wait and says what it does not see.
    let role = format!("looks_{}", database.name());
    database.execute(&format!("create role \"{role}\" login")).await;
    let (_, document) = raised(&Cli::on(&database.url_as(&role)), &["transaction=1s", "blocked=1s"]).await;
    assert_eq!(kinds(&document).len(), 1, "{document}");
    assert_eq!(document["not_watched"][0]["code"], "sessions_unseen", "{document}");
    holder.execute("rollback").await.expect("the end");
    waits.await.expect("no panic").expect("its turn");
    assert_eq!(raised(&cli, &["transaction=1s", "blocked=1s"]).await.0, 0);
    assert_eq!(kinds(&raised(&cli, &["connections=1%"]).await.1)[0].0, "connections");
}

#[tokio::test]
async fn thresholds_are_kept_when_that_is_said_and_refused_when_they_are_none() {
    let (_database, cli) = fleet().await;
    let limits: Vec<&str> = OFF.iter().flat_map(|limit| ["--limit", limit]).collect();
    assert_eq!(cli.run(&[&["health", "alerts"], &limits[..]].concat()).await.code, 0);
    assert_eq!(cli.run(&["health", "alerts"]).await.code, 1, "for one time only");
    assert_eq!(cli.run(&[&["health", "alerts", "--save"], &limits[..]].concat()).await.code, 0);
    assert_eq!(cli.run(&["health", "alerts"]).await.code, 0);
    let reader = Cli::on(&_database.url()).env("PGOPTIONS", "-c default_transaction_read_only=on");
    assert_eq!(reader.run(&["health", "alerts"]).await.code, 1, "reading is enough");
    cli.refused(&["health", "alerts", "--limit", "disk=1%"], 2, "usage").await;
    cli.refused(&["health", "alerts", "--limit", "backup=10min"], 2, "usage").await;
}
