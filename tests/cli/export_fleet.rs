//! Exports of many tenants: resumed after a kill, after failures, and with the workbook about all of them.

use cadastre_tests::workbook::Workbook;
use cadastre_tests::{Call, Cli, TestDatabase};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const TENANTS: usize = 30;

/// Thirty tenants of different sizes.
async fn fleet() -> (TestDatabase, Cli) {
    let database = TestDatabase::new().await;
    for number in 1..=TENANTS {
        database
            .execute(&format!(
                "create schema t{number:02}; comment on schema t{number:02} is 'Lycée {number}';
                 create table t{number:02}.item (id int primary key, note text);
                 insert into t{number:02}.item select g, md5(g::text) from generate_series(1, {rows}) g;
                 create table t{number:02}.part (id int)",
                rows = 1000 * number
            ))
            .await;
    }
    let cli = Cli::on(&database.url());
    // The state of this account is there before two calls look at it at once.
    cli.json(&["run", "list"]).await;
    (database, cli)
}

/// What stands in a folder, by name: when it was written.
pub fn written(folder: &Path) -> BTreeMap<String, SystemTime> {
    let entries = std::fs::read_dir(folder).expect("the folder").flatten();
    let named = entries.map(|entry| (entry.file_name().into_string().expect("a name"), entry));
    let finished = named.filter(|(name, _)| !name.starts_with(".cadastre-"));
    let changed = |entry: std::fs::DirEntry| entry.metadata().and_then(|metadata| metadata.modified());
    finished.map(|(name, entry)| (name, changed(entry).expect("a time"))).collect()
}

pub fn outcomes(run: &Value) -> BTreeMap<String, String> {
    let tenants = run["tenants"].as_array().expect("tenants").iter();
    let word = |tenant: &Value, key: &str| tenant[key].as_str().unwrap_or_default().to_owned();
    tenants.map(|tenant| (word(tenant, "schema"), word(tenant, "outcome"))).collect()
}

/// Kills an export of all tenants once some of them are done; gives the run and what was there then.
async fn killed(cli: &Cli, call: &[&str], folder: &Path, some: usize) -> (Value, BTreeMap<String, SystemTime>) {
    let call = cli.start(call);
    let patience = std::time::Instant::now() + Duration::from_secs(120);
    while written(folder).len() < some {
        assert!(std::time::Instant::now() < patience, "the export does not come on");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    // The record is written behind the workers.
    tokio::time::sleep(Duration::from_millis(80)).await;
    let call: Call = call.kill().await;
    assert_eq!(call.code, -1, "the kill came too late: {call}");
    let run = cli.json(&["run", "list"]).await[0].clone();
    assert_eq!((&run["running"], &run["stopped"]), (&json!(false), &json!("interrupted")), "{run}");
    assert!(run["done"] != 0 && run["not_started"] != 0, "the kill met no tenant: {run}");
    (run, written(folder))
}

/// The lines of the workbook about all tenants: schema, name, file, rows, verified, outcome, error.
fn lines(path: &str) -> Vec<[String; 7]> {
    let mut book = Workbook::open(path);
    let sheet = book.sheet("Export");
    let tenants = sheet.rows().skip(4).take_while(|row| !row[0].to_string().is_empty());
    tenants.map(|row| [0, 1, 2, 4, 7, 8, 10].map(|column| row[column].to_string())).collect()
}

#[tokio::test]
async fn an_export_of_thirty_tenants_that_is_killed_is_finished_by_a_resume() {
    let (database, cli) = fleet().await;
    for format in ["xlsx", "csv"] {
        let folder = cli.files().join(format);
        std::fs::create_dir(&folder).expect("a folder");
        let to = folder.display().to_string();
        // The folder is named as seen from where the command runs, and meant wherever the resume does.
        let call = ["export", "--all", "--to", format, "--format", format, "--json"];
        let (run, before) = killed(&cli, &call, &folder, 5).await;
        let id = run["run"].as_str().expect("a run");
        let recorded = outcomes(&cli.json(&["run", "show", id]).await);
        let done: Vec<&String> = recorded.iter().filter(|(_, outcome)| *outcome == "done").map(|(s, _)| s).collect();
        let ending = if format == "csv" { "-csv" } else { ".xlsx" };

        let would = cli.json(&["run", "resume", id, "--dry-run"]).await;
        let would: Vec<&str> =
            would["would"].as_array().expect("files").iter().filter_map(|w| w["subject"].as_str()).collect();
        assert_eq!(would.len(), TENANTS - done.len());
        assert!(would.iter().all(|path| path.starts_with(&to) && path.ends_with(ending)), "{would:?}");
        assert_eq!(written(&folder), before);

        let document = cli.json(&["run", "resume", id]).await;
        assert_eq!((&document["run"]["run"], &document["run"]["done"]), (&json!(id), &json!(TENANTS)), "{document}");
        let after = written(&folder);
        let fleet = PathBuf::from(document["fleet_workbook"].as_str().expect("a path"));
        let named = fleet.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(named.starts_with("fleet-") && named.ends_with(&format!("-{}.xlsx", &id[..8])), "{named}");
        let expected: Vec<String> =
            std::iter::once(named).chain((1..=TENANTS).map(|number| format!("t{number:02}{ending}"))).collect();
        assert_eq!(after.keys().cloned().collect::<Vec<_>>(), expected);
        for schema in &done {
            let name = format!("{schema}{ending}");
            assert_eq!(after[&name], before[&name], "{schema} was written twice");
        }
        let files = document["files"].as_array().expect("files");
        assert_eq!(files.len(), TENANTS);
        for (file, number) in files.iter().zip(1..) {
            let table = |at: usize| (&file["tables"][at]["table"], &file["tables"][at]["rows"]);
            assert_eq!((table(0), table(1)), ((&json!("item"), &json!(1000 * number)), (&json!("part"), &json!(0))));
            assert_eq!((&file["verified"], &file["tables"][0]["digest"] != ""), (&json!(true), true), "{file}");
            if format == "xlsx" {
                let path = file["path"].as_str().expect("a path");
                assert_eq!(cli.json(&["workbook", "verify", path]).await["intact"], true, "{path}");
            }
        }
        let lines = lines(&fleet.display().to_string());
        assert_eq!(lines.len(), TENANTS);
        for (line, number) in lines.iter().zip(1..) {
            let rows = (1000 * number).to_string();
            let file = format!("t{number:02}{ending}");
            let name = format!("Lycée {number}");
            let expected = [&file[..3], &name, &file, &rows, "yes", "done", ""];
            assert_eq!(line.each_ref().map(String::as_str), expected);
        }
        cli.refused(&["run", "resume", id], 4, "run_not_resumable").await;
        // Killed just before the last step, there is one thing left to do.
        std::fs::remove_file(&fleet).expect("the workbook");
        let document = cli.json(&["run", "resume", id]).await;
        assert_eq!(document["fleet_workbook"], json!(fleet.display().to_string()), "{document}");
        assert_eq!(lines_of(&document), lines.len());
        assert_eq!(outcomes(&cli.json(&["run", "show", id]).await).values().filter(|o| *o == "done").count(), TENANTS);
        let (now, fleet) = (written(&folder), fleet.file_name().expect("a name").to_string_lossy().into_owned());
        assert!(now.iter().all(|(name, at)| *name == fleet || after[name] == *at), "{now:?}");
    }
    drop(database);
}

fn lines_of(document: &Value) -> usize {
    lines(document["fleet_workbook"].as_str().expect("a path")).len()
}

#[tokio::test]
async fn a_tenant_that_fails_has_its_reason_in_the_workbook_and_is_written_by_a_resume() {
    let (database, cli) = fleet().await;
    let foreign = cli.write("t07-json/notes.txt", "mine");
    let folder = cli.files().display().to_string();
    let only =
        ["export", "t05", "t06", "t07", "t08", "--to", &folder, "--format", "json", "--language", "fr", "--json"];
    let call = cli.run(&only).await;
    let document = call.document();
    assert_eq!((call.code, &document["run"]["failed"]), (3, &json!(1)), "{call}");
    let path = document["fleet_workbook"].as_str().expect("a path").to_owned();
    let line = lines(&path)[2].clone();
    assert_eq!(line[..6].join("|"), "t07|Lycée 7||||échec");
    assert!(line[6].contains("t07-json is there already"), "{line:?}");
    let mut book = Workbook::open(&path);
    assert_eq!(book.sheets(), ["Export", "Lignes par table"]);
    assert_eq!(book.sheet("Lignes par table").get_value((1, 1)).map(ToString::to_string).as_deref(), Some("5000"));

    std::fs::remove_file(foreign).expect("the file");
    std::fs::remove_dir(cli.path("t07-json")).expect("the folder");
    let id = document["run"]["run"].as_str().expect("a run");
    let call = cli.run(&["run", "resume", id]).await;
    assert_eq!(call.code, 0, "{call}");
    assert!(call.stdout.contains("t07-json (7,000 rows") && call.stdout.contains(&path), "{call}");
    assert_eq!(lines(&path)[2][..6].join("|"), "t07|Lycée 7|t07-json|7000|oui|fait");
    // One tenant needs no list.
    let one = cli.json(&["export", "t01", "--to", &folder]).await;
    assert_eq!(one["fleet_workbook"], Value::Null);
    cli.refused(&["run", "resume", one["run"]["run"].as_str().expect("a run")], 4, "run_not_resumable").await;
    drop(database);
}

#[tokio::test]
async fn a_tenant_that_is_dropped_before_the_resume_is_named_and_the_others_are_written() {
    let (database, cli) = fleet().await;
    let folder = cli.files().join("out");
    std::fs::create_dir(&folder).expect("a folder");
    let to = folder.display().to_string();
    let (run, _) = killed(&cli, &["export", "--all", "--to", &to, "--json"], &folder, 3).await;
    let id = run["run"].as_str().expect("a run");
    let recorded = outcomes(&cli.json(&["run", "show", id]).await);
    let gone = recorded.iter().rev().find(|(_, outcome)| *outcome == "not_started").expect("one is left").0;
    database.execute(&format!("drop schema {gone} cascade")).await;
    let call = cli.run(&["run", "resume", id, "--json"]).await;
    let document = call.document();
    assert_eq!((call.code, &document["run"]["done"]), (3, &json!(TENANTS - 1)), "{call}");
    let failed = document["run"]["tenants"].as_array().expect("tenants").iter().find(|t| t["outcome"] == "failed");
    let failed = failed.expect("a failed tenant");
    assert_eq!((failed["schema"].as_str(), &failed["error"]["code"]), (Some(gone.as_str()), &json!("tenant_missing")));
    let line = lines(document["fleet_workbook"].as_str().expect("a path")).into_iter().find(|line| line[0] == *gone);
    assert!(line.is_some_and(|line| line[5] == "failed" && line[6].contains(gone)));
}

#[tokio::test]
async fn a_backup_that_is_killed_is_finished_by_a_resume() {
    let (database, cli) = fleet().await;
    let folder = cli.files().join("backups");
    std::fs::create_dir(&folder).expect("a folder");
    let to = folder.display().to_string();
    let (run, before) = killed(&cli, &["backup", "create", "--all", "--to", &to, "--json"], &folder, 3).await;
    let id = run["run"].as_str().expect("a run");
    let recorded = outcomes(&cli.json(&["run", "show", id]).await);
    let done = recorded.values().filter(|outcome| *outcome == "done").count();
    let plan = cli.json(&["run", "resume", id, "--dry-run"]).await;
    assert_eq!(plan["tenants"].as_array().map(Vec::len), Some(TENANTS - done), "{plan}");
    let gone = recorded.iter().rev().find(|(_, outcome)| *outcome == "not_started").expect("one is left").0;
    database.execute(&format!("drop schema {gone} cascade")).await;
    let call = cli.run(&["run", "resume", id, "--json"]).await;
    let document = call.document();
    assert_eq!(document["run"]["run"], json!(id), "{call}");
    assert_eq!((&document["run"]["done"], &document["run"]["failed"]), (&json!(TENANTS - 1), &json!(0)), "{call}");
    let after = written(&folder);
    assert!(before.iter().all(|(name, at)| after.get(name) == Some(at)), "an archive was written twice");
    let listed = cli.json(&["backup", "list", "--from", &to]).await;
    let of = |schema: &str| {
        listed
            .as_array()
            .expect("backups")
            .iter()
            .filter(|b| b["tenants"][0] == schema && b["verified"] == true)
            .count()
    };
    for schema in recorded.keys().filter(|schema| *schema != gone) {
        assert_eq!(of(schema), 1, "{schema}");
    }
}
