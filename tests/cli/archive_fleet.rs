//! Archives of many tenants: killed at random moments and resumed, until each is there once.

use crate::export_fleet::written;
use crate::faults::Random;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const TENANTS: usize = 12;
/// Kills that meet a run at work.
const KILLS: u32 = 20;

async fn fleet() -> (TestDatabase, Cli, PathBuf) {
    let database = TestDatabase::new().await;
    for number in 1..=TENANTS {
        database
            .execute(&format!(
                "create schema t{number:02}; comment on schema t{number:02} is 'Lycée {number}';
                 create table t{number:02}.item (id int primary key, note text);
                 insert into t{number:02}.item select g, md5(g::text) from generate_series(1, {rows}) g;
                 create table t{number:02}.part (id int)",
                rows = 200 * number
            ))
            .await;
    }
    let cli = Cli::on(&database.url());
    // The state of this account is there before two calls look at it at once.
    cli.json(&["run", "list"]).await;
    let folder = cli.files().join("backups");
    std::fs::create_dir(&folder).expect("a folder");
    (database, cli, folder)
}

/// Archives that have their name.
fn archives(folder: &Path) -> BTreeMap<String, SystemTime> {
    written(folder).into_iter().filter(|(name, _)| name.ends_with(".dump")).collect()
}

fn tenants(run: &Value, outcome: &str) -> Vec<String> {
    let tenants = run["tenants"].as_array().expect("tenants").iter().filter(|tenant| tenant["outcome"] == outcome);
    tenants.map(|tenant| tenant["schema"].as_str().expect("a schema").to_owned()).collect()
}

async fn record(cli: &Cli) -> SqliteConnection {
    let file = cli.home().join("state.db").display().to_string();
    SqliteConnection::connect(&file).await.expect("the local state")
}

/// The record of a run as it was when none of its tenants had had their turn.
async fn forget(cli: &Cli, run: &str) {
    let mut record = record(cli).await;
    for update in [
        "update run set ended_at = null, stopped = null where id = ?",
        "update run_tenant set outcome = 'not_started', detail = null where run = ?",
    ] {
        sqlx::query(update).bind(run).execute(&mut record).await.expect("the record is changed");
    }
    record.close().await.expect("the record is let go");
}

/// Every tenant has one archive, verified and as large as its manifest says, and nothing else is in the folder.
async fn complete(cli: &Cli, folder: &Path) {
    let listed = cli.json(&["backup", "list", "--from", &folder.display().to_string()]).await;
    let mut found: Vec<(&str, u64)> = Vec::new();
    for backup in listed.as_array().expect("backups") {
        assert_eq!((&backup["verified"], &backup["problem"]), (&json!(true), &Value::Null), "{backup}");
        found.push((backup["tenants"][0].as_str().expect("a schema"), backup["rows"].as_u64().expect("rows")));
        let path = PathBuf::from(backup["path"].as_str().expect("a path"));
        let manifest = std::fs::read(path.with_extension("json")).expect("a manifest");
        let manifest: Value = serde_json::from_slice(&manifest).expect("JSON");
        assert_eq!(manifest["sha256"], json!(crate::table_files::sha256(&path)), "{backup}");
    }
    found.sort_unstable();
    let names: Vec<String> = (1..=TENANTS).map(|number| format!("t{number:02}")).collect();
    let expected: Vec<(&str, u64)> = names.iter().map(String::as_str).zip((1..).map(|number| 200 * number)).collect();
    assert_eq!(found, expected, "not one archive for each");
    assert_eq!(written(folder).len(), 2 * TENANTS, "{:?}", written(folder).keys());
}

#[tokio::test]
async fn archives_killed_at_twenty_random_moments_are_each_written_and_verified_once() {
    let (_database, cli, folder) = fleet().await;
    let to = folder.display().to_string();
    let random = Random::new();
    let create = ["backup", "create", "--all", "--to", &to, "--json"];
    let whole = cli.run(&create).await;
    assert_eq!(whole.code, 0, "{whole}");
    let (mut met, mut unrecorded) = (0, 0);
    while met < KILLS {
        std::fs::remove_dir_all(&folder).expect("the archives of the run before");
        std::fs::create_dir(&folder).expect("a folder");
        let mut call = cli.start(&create);
        let mut run = None::<String>;
        loop {
            // Long enough for the first tenant or two, short enough to meet the run.
            let moment = whole.took.mul_f64(0.1 + 0.4 * random.share());
            tokio::time::sleep(moment).await;
            let killed = if met % 2 == 0 {
                call.kill().await
            } else {
                // From here on nothing is recorded, and archives are finished all the same.
                let mut holder = record(&cli).await;
                sqlx::query("begin immediate").execute(&mut holder).await.expect("nobody else writes");
                tokio::time::sleep(whole.took.mul_f64(0.3)).await;
                let killed = call.kill().await;
                holder.close().await.expect("the record is let go");
                killed
            };
            let seed = random.seed;
            if killed.code == 0 {
                break;
            }
            assert_eq!(killed.code, -1, "{killed}");
            met += 1;
            let last = cli.json(&["run", "list"]).await[0].clone();
            let id = last["run"].as_str().expect("a run").to_owned();
            if run.as_ref().is_some_and(|run| *run != id) || last["stopped"] != "interrupted" {
                // Killed before it was recorded, or after its last tenant.
                assert!(run.is_none() || last["done"] == TENANTS, "seed {seed}: {last}");
                break;
            }
            let before = archives(&folder);
            let recorded = cli.json(&["run", "show", &id]).await;
            let done = tenants(&recorded, "done");
            assert!(before.len() >= done.len(), "seed {seed}: an archive that is done is not there: {before:?}");
            unrecorded += before.len() - done.len();
            if done.len() == TENANTS {
                cli.refused(&["run", "resume", &id], 4, "run_not_resumable").await;
                break;
            }
            let plan = cli.json(&["run", "resume", &id, "--dry-run"]).await;
            assert_eq!(plan["tenants"].as_array().map(Vec::len), Some(TENANTS - done.len()), "seed {seed}: {plan}");
            assert_eq!(archives(&folder), before, "a plan wrote something");
            if met % 4 == 0 {
                let document = cli.json(&["run", "resume", &id]).await;
                assert_eq!((&document["run"]["run"], &document["run"]["done"]), (&json!(id), &json!(TENANTS)));
                assert_eq!(document["backups"].as_array().map(Vec::len), Some(TENANTS), "seed {seed}: {document}");
                assert_eq!(document["verified"], true, "seed {seed}: {document}");
                let after = archives(&folder);
                assert!(before.iter().all(|(name, at)| after.get(name) == Some(at)), "seed {seed}: written twice");
                complete(&cli, &folder).await;
                cli.refused(&["run", "resume", &id], 4, "run_not_resumable").await;
                break;
            }
            call = cli.start(&["run", "resume", &id, "--json"]);
            run = Some(id);
        }
    }
    assert!(unrecorded > 0, "no archive was finished and not recorded: seed {}", random.seed);
}

#[tokio::test]
async fn an_archive_that_was_finished_and_not_recorded_is_kept_by_a_resume() {
    let (database, cli, folder) = fleet().await;
    let to = folder.display().to_string();
    // A tenant that cannot be read yet leaves the run with something to resume.
    let mut holder = database.database.session(cadastre_core::connection::Purpose::Migrate).await.expect("a session");
    holder.execute("begin; lock table t12.item in access exclusive mode").await.expect("a lock");
    let call = cli.start(&["backup", "create", "t03", "t12", "--to", &to, "--json"]);
    let patience = std::time::Instant::now() + Duration::from_secs(60);
    while archives(&folder).is_empty() {
        assert!(std::time::Instant::now() < patience, "the backup does not come on");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let call = call.kill().await;
    holder.execute("rollback").await.expect("the lock goes");
    assert_eq!(call.code, -1, "{call}");
    let (kept, at) = archives(&folder).into_iter().next().expect("an archive");
    let id = cli.json(&["run", "list"]).await[0]["run"].as_str().expect("a run").to_owned();
    // In case it was recorded.
    forget(&cli, &id).await;
    // A manifest whose archive never got its name.
    let widowed = folder.join(kept.replace(".dump", "x.json"));
    std::fs::copy(folder.join(&kept).with_extension("json"), &widowed).expect("a manifest");
    let foreign = folder.join("notes.json");
    std::fs::write(&foreign, "{}").expect("a file");

    let plan = cli.json(&["run", "resume", &id, "--dry-run"]).await;
    assert_eq!(plan["tenants"][0]["steps"], json!([kept]), "{plan}");
    assert!(plan["checks"].as_array().is_some_and(|c| c.iter().any(|c| c["code"] == "archives_kept")), "{plan}");
    assert!(widowed.exists(), "a plan removed something");
    let document = cli.json(&["run", "resume", &id]).await;
    assert_eq!((&document["run"]["done"], &document["verified"]), (&json!(2), &json!(true)), "{document}");
    let after = archives(&folder);
    assert_eq!((after.len(), after.get(&kept)), (2, Some(&at)), "written twice: {after:?}");
    assert!(!widowed.exists() && foreign.exists());

    // One whose bytes are not those of its manifest is no archive: it is written again.
    forget(&cli, &id).await;
    let path = folder.join(&kept);
    let mut bytes = std::fs::read(&path).expect("the archive");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).expect("a damaged archive");
    let document = cli.json(&["run", "resume", &id]).await;
    assert_eq!(document["run"]["done"], json!(2), "{document}");
    assert_eq!(archives(&folder).len(), 3, "the damaged one stays, beside the new one");
}
