//! Programs and servers killed while they export, restore or clone: there is never half a file and never half a tenant.

use crate::faults::Random;
use crate::table_files::sha256;
use cadastre_core::demo::Cluster;
use cadastre_tests::cli::StartedCall;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Kills of each kind.
const KILLS: u32 = 20;

const TENANT: &str = "create schema origin; create table origin.item (id int generated always as identity primary key, a text, b numeric, c timestamptz);
    create table origin.part (id int primary key, item int not null references origin.item, note text);
    insert into origin.item (a, b, c) select md5(g::text), g * 1.25, now() from generate_series(1, 40000) g;
    insert into origin.part select g, g, repeat('x', g % 50) from generate_series(1, 20000) g; create index on origin.part (item);";

/// What of a tenant is there: nothing, or its digests.
async fn there(cli: &Cli, database: &TestDatabase, schema: &str) -> Option<Value> {
    // A server that has lost its client notices when it next reads or writes.
    let gone = "select case when exists (select from pg_catalog.pg_stat_activity where application_name like 'cadastre %' and pid <> pg_backend_pid())
                then 'f' else 't' end";
    database.wait_until(gone).await;
    let exists = format!("select (pg_catalog.to_regnamespace('{schema}') is not null)::text");
    if database.value(&exists).await != "true" {
        return None;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let document = cli.json(&["export", schema, "--to", folder.path().to_str().expect("a path")]).await;
    Some(document["files"][0]["tables"].clone())
}

/// Moments spread over the time that something takes, a little after its end included.
fn moments(took: Duration) -> impl Iterator<Item = Duration> {
    let random = Random::new();
    (0..KILLS).map(move |number| took.mul_f64((f64::from(number) + random.share()) / f64::from(KILLS) * 1.05))
}

async fn origin(database: &TestDatabase, cli: &Cli) -> (String, Value) {
    database.execute(TENANT).await;
    let document = cli.json(&["export", "origin", "--to", cli.files().to_str().expect("a path")]).await;
    let file = &document["files"][0];
    (file["path"].as_str().expect("a path").to_owned(), file["tables"].clone())
}

/// Kills a call at many moments. After each, `schema` is not there or is whole; at least some kills met it.
async fn killed(database: &TestDatabase, cli: &Cli, call: &[&str], schema: &str, expected: &Value) {
    let mut took = Duration::MAX;
    // The first one finds nothing in any cache.
    for _ in 0..2 {
        database.execute(&format!("drop schema if exists {schema} cascade")).await;
        let done = cli.run(call).await;
        assert_eq!(done.code, 0, "{done}");
        took = took.min(done.took);
    }
    let mut met = 0;
    for moment in moments(took) {
        database.execute(&format!("drop schema if exists {schema} cascade")).await;
        let call = cli.start(call);
        tokio::time::sleep(moment).await;
        let call = call.kill().await;
        met += u32::from(call.code == -1);
        if let Some(found) = there(cli, database, schema).await {
            assert_eq!(&found, expected, "killed after {moment:?} of {took:?}: {call}");
        } else {
            assert_eq!(call.code, -1, "it said that it was done, after {moment:?}: {call}");
        }
    }
    assert!(met >= KILLS / 2, "only {met} of {KILLS} kills met the call");
    database.execute(&format!("drop schema if exists {schema} cascade")).await;
    let done = cli.run(call).await;
    assert_eq!((done.code, there(cli, database, schema).await.as_ref()), (0, Some(expected)), "{done}");
}

#[tokio::test]
async fn a_restore_killed_at_twenty_moments_leaves_no_tenant_or_a_whole_one() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let (file, expected) = origin(&database, &cli).await;
    killed(&database, &cli, &["workbook", "restore", &file, "--as", "copy", "--json"], "copy", &expected).await;
}

#[tokio::test]
async fn a_restore_with_a_template_killed_at_twenty_moments_leaves_no_tenant_or_a_whole_one() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    cli.write("made/1_tables.up.sql", &TENANT.replace("create schema origin;", "").replace("origin.", ""));
    let folder = cli.path("made");
    cli.json(&["tenant", "create", "origin", "--template", &folder]).await;
    let document = cli.json(&["export", "origin", "--to", cli.files().to_str().expect("a path")]).await;
    let file = document["files"][0]["path"].as_str().expect("a path");
    let restore = ["workbook", "restore", file, "--as", "copy", "--template", &folder, "--json"];
    killed(&database, &cli, &restore, "copy", &document["files"][0]["tables"]).await;
}

#[tokio::test]
async fn a_clone_killed_at_twenty_moments_leaves_no_tenant_or_a_whole_one() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let (_, expected) = origin(&database, &cli).await;
    killed(&database, &cli, &["tenant", "clone", "origin", "copy", "--json"], "copy", &expected).await;
}

#[tokio::test]
async fn an_export_killed_at_twenty_moments_leaves_no_file_or_a_whole_one() {
    export_killed("xlsx").await;
}

#[tokio::test]
async fn an_export_to_csv_killed_at_twenty_moments_leaves_no_folder_or_a_whole_one() {
    export_killed("csv").await;
}

#[tokio::test]
async fn an_export_to_json_killed_at_twenty_moments_leaves_no_folder_or_a_whole_one() {
    export_killed("json").await;
}

/// What an export wrote is what it should be: a workbook as `workbook verify` has it, a folder by the sums in its manifest.
async fn is_whole(cli: &Cli, path: &Path) -> bool {
    if path.is_file() {
        return cli.json(&["workbook", "verify", &path.display().to_string()]).await["intact"] == true;
    }
    let manifest = std::fs::read(path.join("manifest.json")).expect("a manifest");
    let manifest: Value = serde_json::from_slice(&manifest).expect("JSON");
    let tables = manifest["tables"].as_array().expect("tables");
    let sum = |table: &Value| Some(sha256(&path.join(table["file"].as_str()?)) == table["sha256"].as_str()?);
    tables.len() == 2 && manifest["verified"] == true && tables.iter().all(|table| sum(table) == Some(true))
}

async fn export_killed(format: &str) {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    database.execute(TENANT).await;
    let folder = cli.files().display().to_string();
    let call = ["export", "origin", "--to", &folder, "--format", format, "--json"];
    let document = cli.json(&call[..6]).await;
    let path = PathBuf::from(document["files"][0]["path"].as_str().expect("a path"));
    let took = cli.run(&call).await.took.min(cli.run(&call).await.took);
    let (mut met, mut replaced) = (0, 0);
    for (number, moment) in moments(took).enumerate() {
        // Every other time there is an older one, which stays or is replaced.
        let older = number % 2 == 1;
        if !older {
            remove(&path);
        } else if !path.exists() {
            cli.json(&call[..6]).await;
        }
        let call = cli.start(&call);
        tokio::time::sleep(moment).await;
        met += u32::from(call.kill().await.code == -1);
        assert!(!older || path.exists(), "killed after {moment:?}: the older one is gone");
        if path.exists() {
            assert!(is_whole(&cli, &path).await, "killed after {moment:?}");
            replaced += u32::from(older);
        }
    }
    assert!(met >= KILLS / 2 && replaced == KILLS / 2, "only {met} of {KILLS} kills met the export");
    // What the killed ones left goes with the next one, once nobody can be working on it.
    let old = std::time::SystemTime::now() - Duration::from_secs(300);
    for entry in std::fs::read_dir(&folder).expect("the folder").flatten() {
        let locked = entry.path().join("manifest.json");
        for left in [entry.path(), locked] {
            if left.display().to_string().contains(".cadastre-") && left.exists() {
                let left = std::fs::File::open(left).expect("what a killed export left");
                left.set_modified(old).expect("another time");
            }
        }
    }
    cli.json(&call[..6]).await;
    let left: Vec<String> = cli.listing().into_iter().filter(|name| name.contains(".cadastre-")).collect();
    assert_eq!(left, Vec::<String>::new());
}

/// Ends the server at many moments of a call. After each, `copy` is not there or is whole.
async fn server_killed(call: impl AsyncFn(&str) -> Vec<String>) {
    let cluster = Cluster::builder().start().await.expect("tests need an installed PostgreSQL server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    let cli = Cli::on(&database.url());
    let (file, expected) = origin(&database, &cli).await;
    let call = call(&file).await;
    let words: Vec<&str> = call.iter().map(String::as_str).collect();
    let mut took = Duration::MAX;
    for _ in 0..2 {
        database.execute("drop schema if exists copy cascade").await;
        let done = cli.run(&words).await;
        assert_eq!(done.code, 0, "{done}");
        took = took.min(done.took);
    }
    let mut met = 0;
    for moment in moments(took) {
        database.execute("drop schema if exists copy cascade").await;
        let call = cli.start(&words);
        tokio::time::sleep(moment).await;
        cluster.stop_immediate().await.expect("the server is killed");
        let call = call.end().await;
        cluster.restart().await.expect("the server starts again");
        met += u32::from(call.code != 0);
        match there(&cli, &database, "copy").await {
            Some(found) => assert_eq!(found, expected, "server killed after {moment:?}: {call}"),
            None => assert_ne!(call.code, 0, "server killed after {moment:?}: {call}"),
        }
    }
    assert!(met >= KILLS / 2, "only {met} of {KILLS} met the call");
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[tokio::test]
async fn a_server_killed_at_twenty_moments_of_a_restore_has_no_half_tenant() {
    server_killed(async |file| words(&["workbook", "restore", file, "--as", "copy", "--json"])).await;
}

#[tokio::test]
async fn a_server_killed_at_twenty_moments_of_a_clone_has_no_half_tenant() {
    server_killed(async |_| words(&["tenant", "clone", "origin", "copy", "--json"])).await;
}

/// Ctrl-C at many moments of a call that makes `copy`: it is whole where the call says that it is done, and not there otherwise.
async fn cancelled(database: &TestDatabase, cli: &Cli, call: &[&str], expected: &Value) {
    let mut took = Duration::MAX;
    for _ in 0..2 {
        let done = cli.run(call).await;
        assert_eq!(done.code, 0, "{done}");
        took = took.min(done.took);
        database.execute("drop schema copy cascade").await;
    }
    let before = database.state().await;
    let mut cancelled = 0;
    for moment in moments(took) {
        let started = cli.start(call);
        tokio::time::sleep(moment).await;
        ask_to_end(&started);
        let call = started.end().await;
        // Before the program listens, the signal ends it.
        assert!([0, 130, -1].contains(&call.code), "after {moment:?}: {call}");
        cancelled += u32::from(call.code == 130);
        let found = there(cli, database, "copy").await;
        assert_eq!(found.as_ref(), (call.code == 0).then_some(expected), "after {moment:?}: {call}");
        database.execute("drop schema if exists copy cascade").await;
        assert_eq!(database.state().await, before, "after {moment:?}: {call}");
    }
    assert!(cancelled >= KILLS / 2, "only {cancelled} of {KILLS} signals cancelled the call");
}

/// It may have ended by itself.
fn ask_to_end(call: &StartedCall) {
    if let Some(pid) = call.pid() {
        let _ = std::process::Command::new("kill").args(["-s", "INT", &pid.to_string()]).output();
    }
}

#[tokio::test]
async fn restores_and_clones_cancelled_at_twenty_moments_leave_nothing() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let (file, expected) = origin(&database, &cli).await;
    cancelled(&database, &cli, &["workbook", "restore", &file, "--as", "copy", "--json"], &expected).await;
    cancelled(&database, &cli, &["tenant", "clone", "origin", "copy", "--json"], &expected).await;
    assert_eq!(there(&cli, &database, "origin").await, Some(expected));
}

#[tokio::test]
async fn an_export_that_is_cancelled_at_any_moment_leaves_nothing() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    database.execute(TENANT).await;
    let folder = cli.files().display().to_string();
    for format in ["xlsx", "csv", "json"] {
        let mut cancelled = 0;
        let call = ["export", "origin", "--to", &folder, "--format", format, "--json"];
        let took = cli.run(&call).await.took.min(cli.run(&call).await.took);
        let path = cli.files().join(if format == "xlsx" { "origin.xlsx".into() } else { format!("origin-{format}") });
        for moment in moments(took) {
            remove(&path);
            let started = cli.start(&call);
            tokio::time::sleep(moment).await;
            // Before the program can listen, the signal ends it.
            ask_to_end(&started);
            let call = started.end().await;
            let left: Vec<String> = cli.listing().into_iter().filter(|name| name.contains(".cadastre-")).collect();
            assert!(left.is_empty() || call.code == -1, "{left:?} after {moment:?}: {call}");
            if call.code == 0 {
                assert!(is_whole(&cli, &path).await, "{call}");
            } else {
                assert!(!path.exists(), "{call}");
                cancelled += u32::from(call.code == 130);
            }
        }
        remove(&path);
        assert!(cancelled >= KILLS / 2, "only {cancelled} signals cancelled the export to {format}");
    }
}

fn remove(path: &Path) {
    if path.exists() {
        if path.is_file() { std::fs::remove_file(path) } else { std::fs::remove_dir_all(path) }.expect("removed");
    }
}
