//! The record of a run lags behind what it does, and its disk may be full: whoever comes back to the run finds out what it
//! did, does nothing twice, and records everything.

use crate::faults::id;
use crate::fleet::{COURSE, Course, line};
use crate::survival::Trial;
use cadastre_tests::process::installed;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection};
use std::process::Command;
use std::time::Duration;

const TENANTS: usize = 60;

#[tokio::test]
async fn what_a_killed_program_had_done_and_not_yet_recorded_is_recorded_by_who_resumes() {
    let database = TestDatabase::new().await;
    let course = Course::of(&database, TENANTS).await;
    let mut trial = Trial::of(&course, &database).await;
    let mut met = 0;
    for attempt in 1..=40 {
        if met == 6 {
            return;
        }
        let moment = trial.pace.random_moment();
        let when = format!("killed around {moment:?}, attempt {attempt}, seed {}", trial.pace.random.seed);
        let call = course.cli.start(&trial.up());
        tokio::time::sleep(moment).await;
        // From here on nothing is recorded, and the tenants go on.
        let mut holder = SqliteConnection::connect(&course.cli.home().join("state.db").display().to_string())
            .await
            .expect("the local state");
        sqlx::query("begin immediate").execute(&mut holder).await.expect("nobody else writes");
        tokio::time::sleep(trial.pace.running.mul_f64(trial.pace.random.share() / 2.0)).await;
        call.kill().await;
        holder.close().await.expect("the record is let go");
        let Some(run) = trial.begun(&database, &when).await else { continue };
        let shown = course.cli.json(&["run", "show", id(&run)]).await;
        let moved = moved(&database, &course).await;
        let said = course.schemas.iter().filter(|schema| line(&shown, schema)["versions"] != json!([])).count();
        assert!(said <= moved, "{when}: {moved} tenants have moved, {said} are recorded");
        met += u32::from(said < moved);
        trial.finish(&database, &run, &when, met % 3 == 0).await;
    }
    panic!("nothing was lost but {met} times, seed {}", trial.pace.random.seed);
}

#[tokio::test]
async fn a_disk_that_is_full_from_some_moment_on_leaves_nothing_behind_that_nobody_knows_of() {
    let database = TestDatabase::new().await;
    let course = on_a_disk(&database).await;
    let mut trial = Trial::of(&course, &database).await;
    let mut met = 0;
    for attempt in 1..=40 {
        if met == 6 {
            return;
        }
        let moment = trial.pace.random_moment();
        let when = format!("full after {moment:?}, attempt {attempt}, seed {}", trial.pace.random.seed);
        let up = [&trial.up()[..], &["--on-error", "continue"]].concat();
        let call = course.cli.start(&up);
        let pid = call.pid().expect("it runs");
        tokio::time::sleep(moment).await;
        set_full(pid, true);
        // It may become free again while tenants are left.
        let freed = attempt % 2 == 0;
        if freed {
            tokio::time::sleep(trial.pace.running.mul_f64(trial.pace.random.share() / 2.0)).await;
            set_full(pid, false);
        }
        let call = call.end().await;
        let Some(run) = trial.begun(&database, &when).await else { continue };
        let refused: Vec<Value> = match &call.document()["tenants"] {
            Value::Array(tenants) => tenants.iter().filter(|t| t["outcome"] == "failed").cloned().collect(),
            _ => Vec::new(),
        };
        for tenant in &refused {
            assert_eq!(tenant["error"]["code"], "local_state", "{when}: {tenant}");
        }
        if run["ended_at"].is_string() {
            // What was not written at once was written later.
            let shown = course.cli.json(&["run", "show", id(&run)]).await;
            assert_eq!(shown["tenants"], call.document()["tenants"], "{when}");
        }
        met += u32::from(!refused.is_empty());
        trial.finish(&database, &run, &when, met % 3 == 0).await;
    }
    panic!("the disk was full in time {met} times only, seed {}", trial.pace.random.seed);
}

/// Tenants that the first migration has reached.
async fn moved(database: &TestDatabase, course: &Course) -> usize {
    let rows =
        course.schemas.iter().map(|s| format!("select 1 from {s}._sqlx_migrations where version = {}", COURSE[0]));
    database.column(&rows.collect::<Vec<_>>().join(" union all ")).await.len()
}

/// A course whose calls hear of a limit of the files' size as they hear of a full disk, instead of being killed by it.
async fn on_a_disk(database: &TestDatabase) -> Course {
    installed("prlimit", "util-linux");
    let mut course = Course::of(database, TENANTS).await;
    let cli = std::mem::replace(&mut course.cli, Cli::new());
    course.cli = cli.launched_by(&["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"]);
    course
}

/// From now on the process can write into files, or not.
fn set_full(pid: u32, full: bool) {
    let size = if full { "--fsize=0:unlimited" } else { "--fsize=unlimited:unlimited" };
    // Fails where the process has ended already.
    let _ = Command::new("prlimit").args([&format!("--pid={pid}"), size]).output().expect("prlimit runs");
    std::thread::sleep(Duration::from_millis(1));
}
