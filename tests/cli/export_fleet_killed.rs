//! Exports of many tenants whose program or server is killed at any moment: no file is half under its name, and a resume
//! finishes the run.

use crate::export_fleet::{outcomes, written};
use crate::faults::{Random, id, last_run};
use cadastre_core::demo::Cluster;
use cadastre_tests::{Call, Cli, TestDatabase};
use serde_json::{Value, json};
use std::time::Duration;

const TENANTS: usize = 8;
const KILLS: u32 = 20;

struct Fleet {
    cluster: Cluster,
    cli: Cli,
}

/// Eight small tenants on a server of their own.
async fn fleet() -> Fleet {
    let cluster = Cluster::builder().start().await.expect("tests need an installed PostgreSQL server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    for number in 1..=TENANTS {
        database
            .execute(&format!(
                "create schema t{number};
                 create table t{number}.item (id int primary key, note text);
                 insert into t{number}.item select g, md5(g::text) from generate_series(1, {rows}) g;
                 create table t{number}.part (id int)",
                rows = rows(number)
            ))
            .await;
    }
    let cli = Cli::on(&database.url());
    Fleet { cluster, cli }
}

fn rows(number: usize) -> usize {
    1500 * number
}

/// What the workbook of a tenant holds is what the tenant has.
async fn assert_whole(cli: &Cli, path: &str, schema: &str, when: &str) {
    let call = cli.run(&["workbook", "verify", path, "--against", schema, "--json"]).await;
    let check = call.document();
    let tables = check["against"]["tables"].as_array().map(Vec::as_slice).unwrap_or_default();
    let equal = tables.len() == 2 && tables.iter().all(|table| table["equal"] == true);
    assert!(call.code == 0 && check["intact"] == true && equal, "{when}\n{call}");
}

/// Exports all tenants again and again, and stops that at random moments, until twenty were met that had begun.
async fn stopped_at_any_moment(stopped: impl AsyncFn(&Fleet, &[&str], Duration) -> Call) {
    let fleet = fleet().await;
    let Fleet { cli, .. } = &fleet;
    let folder = |attempt: u32| cli.files().join(attempt.to_string());
    let mut took = Duration::MAX;
    for attempt in 0..2 {
        std::fs::create_dir(folder(attempt)).expect("a folder");
        let to = folder(attempt).display().to_string();
        let done = cli.run(&["export", "--all", "--to", &to, "--json"]).await;
        assert_eq!(done.code, 0, "{done}");
        took = took.min(done.took);
    }
    let (random, mut met, mut some) = (Random::new(), 0, 0);
    for attempt in 2..62 {
        if met >= KILLS && some >= KILLS / 2 {
            return;
        }
        let folder = folder(attempt);
        std::fs::create_dir(&folder).expect("a folder");
        let to = folder.display().to_string();
        let known = last_run(cli).await.map(|run| id(&run).to_owned());
        // Twenty parts of the time, in another order.
        let moment = took.mul_f64((f64::from(attempt * 7 % KILLS) + random.share()) / f64::from(KILLS));
        let call = stopped(&fleet, &["export", "--all", "--to", &to, "--json"], moment).await;
        let when = format!("stopped after {moment:?} of {took:?}, attempt {attempt}, seed {}\n{call}", random.seed);
        let before = written(&folder);
        let workbooks = before.keys().filter(|name| name.starts_with('t')).count();
        for name in before.keys().filter(|name| name.starts_with('t')) {
            let path = folder.join(name).display().to_string();
            assert_whole(cli, &path, name.trim_end_matches(".xlsx"), &when).await;
        }
        let run = last_run(cli).await.filter(|run| Some(id(run)) != known.as_deref());
        let Some(run) = run else {
            assert!(before.is_empty(), "{when}");
            continue;
        };
        if call.code == 0 {
            continue;
        }
        met += 1;
        some += u32::from((1..TENANTS).contains(&workbooks));
        let recorded = outcomes(&cli.json(&["run", "show", id(&run)]).await);
        finish(cli, &run, &when).await;
        let after = written(&folder);
        for number in 1..=TENANTS {
            let name = format!("t{number}.xlsx");
            assert!(after.contains_key(&name), "{name}: {when}");
            if recorded.get(&format!("t{number}")).is_some_and(|outcome| outcome == "done") {
                assert_eq!(after.get(&name), before.get(&name), "{name} was written twice: {when}");
            }
        }
        assert!(after.keys().any(|name| name.starts_with("fleet-")), "{after:?}: {when}");
    }
    panic!("met {met} exports only, {some} of them with some files, seed {}", random.seed);
}

/// Resumes a run, unless it was killed after all of it was there.
async fn finish(cli: &Cli, run: &Value, when: &str) {
    let call = cli.run(&["run", "resume", id(run), "--json"]).await;
    if call.code == 4 {
        assert_eq!(call.document()["error"]["code"], "run_not_resumable", "{when}\n{call}");
        assert_eq!(run["done"], json!(TENANTS), "{when}\n{call}");
        return;
    }
    let document = call.document();
    assert_eq!((call.code, &document["run"]["done"]), (0, &json!(TENANTS)), "{when}\n{call}");
    let files = document["files"].as_array().expect("files");
    assert_eq!(files.len(), TENANTS, "{when}\n{call}");
    for file in files {
        let schema = file["schema"].as_str().and_then(|schema| schema.strip_prefix('t'));
        let number: usize = schema.and_then(|number| number.parse().ok()).expect("a schema");
        let items = &file["tables"][0];
        assert_eq!((&items["rows"], &file["verified"]), (&json!(rows(number)), &json!(true)), "{when}\n{call}");
    }
}

#[tokio::test]
async fn exports_of_many_tenants_killed_at_twenty_random_moments_are_finished_by_a_resume() {
    stopped_at_any_moment(async |fleet, call, moment| {
        let call = fleet.cli.start(call);
        tokio::time::sleep(moment).await;
        call.kill().await
    })
    .await;
}

#[tokio::test]
async fn exports_of_many_tenants_whose_server_is_killed_at_twenty_random_moments_are_finished_by_a_resume() {
    stopped_at_any_moment(async |fleet, call, moment| {
        let call = fleet.cli.start(call);
        tokio::time::sleep(moment).await;
        fleet.cluster.stop_immediate().await.expect("the server is killed");
        let call = call.end().await;
        fleet.cluster.restart().await.expect("the server starts again");
        call
    })
    .await;
}
