//! A plan that is no longer true is refused as a whole; a plan can be named by its fingerprint.

use crate::fleet::small_template;
use cadastre_core::error::WireError;
use cadastre_core::fleet::RunSummary;
use cadastre_core::local::Home;
use cadastre_core::migration::{self, Direction, MigrateRequest, Source};
use cadastre_core::tenant::Selection;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::json;
use std::time::Duration;

/// Longer than a plan may lie about without another look at the fleet.
const READING: Duration = Duration::from_millis(1100);

async fn fleet(names: &[&str]) -> (TestDatabase, Cli, String) {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let folder = small_template(&cli, "template");
    let create = [&["tenant", "create", "--template", &folder, "--yes"], names].concat();
    assert_eq!(cli.json(&create).await["done"], names.len());
    cli.write("template/20260103000000_mood.up.sql", "alter table item add column mood text;\n");
    cli.write("template/20260103000000_mood.down.sql", "alter table item drop column mood;\n");
    (database, cli, folder)
}

/// Plans for all tenants, lets `meanwhile` happen while somebody reads, and applies.
async fn read_and_apply(
    database: &TestDatabase,
    cli: &Cli,
    folder: &str,
    meanwhile: impl AsyncFnOnce(),
) -> Result<RunSummary, WireError> {
    let home = Home::open(&cli.home()).await.expect("the local state");
    let request = MigrateRequest {
        source: folder.into(),
        tenants: Vec::new(),
        direction: Direction::Up,
        to: None,
        jobs: None,
        continue_on_error: true,
        lock_timeout_ms: 2000,
        retries: Some(0),
        canaries: 0,
        ask_after_canaries: false,
        allow_drift: false,
    };
    let source = Source::open(folder).expect("a folder");
    let everybody = Selection { all: true, ..Selection::default() };
    let plan = migration::plan(&database.database, source, request, &everybody).await.expect("a plan");
    meanwhile().await;
    tokio::time::sleep(READING).await;
    match migration::apply(&home, &database.database, plan).await {
        Ok(run) => Ok(run.wait().await),
        Err(error) => Err(error.into()),
    }
}

#[tokio::test]
async fn a_plan_that_was_read_is_refused_as_a_whole_and_says_what_changed() {
    let (database, cli, folder) = fleet(&["One", "Two"]).await;
    let histories = "select (select count(*) from one._sqlx_migrations)::text";

    let another = ["tenant", "create", "Three", "--template", "talentmatch", "--yes"];
    let refused = read_and_apply(&database, &cli, &folder, async || {
        cli.json(&another).await;
    });
    let error = refused.await.expect_err("a new tenant");
    assert_eq!((error.code.as_str(), error.params["added"].as_str()), ("plan_outdated", "three"), "{error:?}");
    assert_eq!(database.value(histories).await, "2", "nothing was changed");

    let refused =
        read_and_apply(&database, &cli, &folder, async || database.execute("drop schema three cascade").await);
    let error = refused.await.expect_err("a tenant is gone");
    assert_eq!((error.params["gone"].as_str(), error.params["added"].as_str()), ("three", ""), "{error:?}");

    let refused = read_and_apply(&database, &cli, &folder, async || {
        cli.json(&["migrate", "up", "two", "--dir", &folder]).await;
    });
    let error = refused.await.expect_err("somebody else has migrated");
    assert_eq!(error.params["moved"], "two", "{error:?}");
    assert!(error.message.contains("another history: two"), "{error:?}");
    assert_eq!(database.value(histories).await, "2", "the tenant that is as planned is left alone too");

    let refused = read_and_apply(&database, &cli, &folder, async || {
        cli.write("template/20260103000000_mood.down.sql", "alter table item drop column if exists mood;\n");
    });
    let error = refused.await.expect_err("a file was edited");
    assert_eq!(error.params["files"], "20260103000000_mood.down.sql", "{error:?}");

    let run = read_and_apply(&database, &cli, &folder, async || {}).await.expect("nothing changed");
    assert_eq!((run.done, run.skipped), (1, 1));
}

#[tokio::test]
async fn the_plan_of_another_tool_is_refused_when_its_tenants_have_moved_on() {
    let (database, cli, _) = fleet(&["One", "Two"]).await;
    cli.write("other/template.toml", "[migrator]\ncommand = [\"true\"]\n");
    let folder = cli.path("other");
    let refused =
        read_and_apply(&database, &cli, &folder, async || database.execute("create table one.more (i int)").await);
    let error = refused.await.expect_err("a structure has changed");
    assert_eq!((error.code.as_str(), error.params["moved"].as_str()), ("plan_outdated", "one"), "{error:?}");
    let refused = read_and_apply(&database, &cli, &folder, async || {
        cli.write("other/template.toml", "[migrator]\ncommand = [\"false\"]\n");
    });
    let error = refused.await.expect_err("the command is another");
    assert_eq!((error.params["files"].as_str(), error.params["server"].as_str()), ("template.toml", ""), "{error:?}");
    cli.write("other/template.toml", "[migrator]\ncommand = [\"true\"]\n");
    // Alike again: otherwise the run itself would tell them apart at its end.
    database.execute("create table two.more (i int)").await;
    let run = read_and_apply(&database, &cli, &folder, async || {}).await.expect("nothing changed");
    assert_eq!((run.skipped, run.failed), (2, 0), "{run:?}");
}

#[tokio::test]
async fn what_a_run_has_left_is_refused_when_its_tenants_have_moved_on() {
    let (database, cli, folder) = fleet(&["One", "Two"]).await;
    let run = cli.json(&["migrate", "up", "--all", "--dir", &folder]).await;
    let home = Home::open(&cli.home()).await.expect("the local state");
    let id = run["run"].as_str().expect("an id");
    let plan = migration::plan_undo(&home, &database.database, id).await.expect("a way back");
    // An edited folder is nothing to a run, which keeps its own files.
    cli.write("template/20260103000000_mood.down.sql", "select 1;\n");
    tokio::time::sleep(READING).await;
    database.execute("delete from two._sqlx_migrations where version = 20260103000000").await;
    let error = WireError::from(migration::apply(&home, &database.database, plan).await.err().expect("refused"));
    assert_eq!((error.code.as_str(), error.params["moved"].as_str()), ("plan_outdated", "two"), "{error:?}");
    assert_eq!(error.params["files"], "", "{error:?}");
}

#[tokio::test]
async fn a_plan_is_applied_only_if_it_is_the_one_with_this_fingerprint() {
    let (database, cli, folder) = fleet(&["One", "Two"]).await;
    let up = |more: &[&str]| -> Vec<String> {
        let words = ["migrate", "up", "--all", "--dir", &folder];
        words.iter().chain(more).map(|word| (*word).to_owned()).collect()
    };
    let call = async |more: &[&str]| {
        let words = up(more);
        cli.run(&words.iter().map(String::as_str).collect::<Vec<_>>()).await
    };
    let shown = call(&["--dry-run"]).await;
    let fingerprint = shown.stdout.lines().find_map(|line| line.strip_prefix("-- fingerprint of this plan: "));
    let fingerprint = fingerprint.unwrap_or_else(|| panic!("{shown}")).to_owned();
    assert_eq!(fingerprint.len(), 64, "{shown}");
    let again = call(&["--dry-run", "--json"]).await.document();
    assert_eq!(again["fingerprint"], fingerprint.as_str(), "the same state makes the same plan");

    // Any of these is another plan.
    for (change, back) in [
        ("create schema three; create table three.x (i int)", "drop schema three cascade"),
        ("update one._sqlx_migrations set checksum = '\\x00' where version = 20260102000000", "select 1"),
    ] {
        database.execute(change).await;
        let call = call(&["--plan", &fingerprint, "--json"]).await;
        assert_eq!((call.code, &call.document()["error"]["code"]), (4, &json!("plan_differs")), "{call}");
        database.execute(back).await;
    }
    let checksum = "update one._sqlx_migrations o set checksum = t.checksum from two._sqlx_migrations t where t.version = o.version";
    database.execute(checksum).await;
    let narrower = call(&["--plan", &fingerprint, "--except", "two"]).await;
    assert_eq!(narrower.code, 4, "{narrower}");
    cli.write("template/20260103000000_mood.up.sql", "alter table item add column mood  text;\n");
    assert_eq!(call(&["--plan", &fingerprint]).await.code, 4);
    cli.write("template/20260103000000_mood.up.sql", "alter table item add column mood text;\n");

    assert_eq!(call(&["--plan", "0123"]).await.code, 2);
    let dry = call(&["--plan", &fingerprint, "--dry-run"]).await;
    assert_eq!(dry.code, 0, "{dry}");
    let rehearsed = call(&["--plan", &fingerprint[..12], "--rehearse"]).await;
    assert_eq!(rehearsed.code, 0, "{rehearsed}");
    let run = call(&["--plan", &fingerprint[..12].to_uppercase(), "--json"]).await;
    assert_eq!((run.code, &run.document()["done"]), (0, &json!(2)), "{run}");
    let twice = call(&["--plan", &fingerprint]).await;
    assert_eq!(twice.code, 4, "{twice}");

    let create = ["tenant", "create", "Four", "--template", &folder];
    let plan = cli.json(&[&create[..], &["--dry-run"]].concat()).await;
    let fingerprint = plan["fingerprint"].as_str().expect("a fingerprint");
    cli.refused(&["tenant", "create", "Five", "--template", &folder, "--plan", fingerprint], 4, "plan_differs").await;
    let made = cli.json(&[&create[..], &["--plan", fingerprint]].concat()).await;
    assert_eq!(made["done"], 1, "{made}");
}

#[tokio::test]
async fn a_plan_shows_the_statements_of_each_class_with_its_tenants() {
    let (database, cli, folder) = fleet(&["A1", "A2", "A3", "A4", "A5", "A6", "B1"]).await;
    cli.json(&["migrate", "down", "b1", "--dir", &folder, "--yes"]).await;
    database.execute("create schema c1; create table c1.x (i int)").await;
    let plan = cli.json(&["migrate", "up", "--all", "--dir", &folder, "--dry-run"]).await;
    let classes: Vec<_> = plan["statements"]
        .as_array()
        .expect("classes")
        .iter()
        .map(|class| (class["tenants"].clone(), class["names"].clone(), class["from"].clone()))
        .collect();
    let expected = [
        (json!(6), json!(["a1", "a2", "a3", "a4", "a5"]), json!("20260102000000")),
        (json!(1), json!(["b1"]), json!("20260101000000")),
        (json!(1), json!(["c1"]), json!(null)),
    ];
    assert_eq!(classes, expected, "{plan:#}");
    let shown = cli.run(&["migrate", "up", "--all", "--dir", &folder, "--dry-run"]).await;
    assert!(shown.stdout.contains("-- 6 tenants at 20260102000000: a1, a2, a3, a4, a5, …\nbegin;"), "{shown}");
    assert!(shown.stdout.contains("-- 1 tenant: c1\n"), "{shown}");
}
