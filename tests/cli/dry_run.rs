//! `--dry-run` says what would be done, and does nothing.

use crate::fleet::{small_template, two_tenants};
use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};

/// Runs a call with `--dry-run`, for people and as JSON; returns what it would do.
async fn would(cli: &Cli, arguments: &[&str]) -> Value {
    let (files, profiles) = (cli.listing(), cli.json(&["profile", "list"]).await);
    let arguments = [arguments, &["--dry-run"]].concat();
    let spoken = cli.run(&arguments).await;
    assert_eq!(spoken.code, 0, "{spoken}");
    assert!(spoken.stdout.starts_with("would "), "{spoken}");
    let answer = cli.json(&arguments).await;
    assert_eq!(answer["dry_run"], true);
    assert_eq!(cli.listing(), files, "{arguments:?} wrote a file");
    assert_eq!(cli.json(&["profile", "list"]).await, profiles, "{arguments:?} changed a profile");
    answer["would"].clone()
}

#[tokio::test]
async fn a_dry_run_of_anything_changes_nothing() {
    let (database, cli) = two_tenants().await;
    let url = database.url();
    let runs = cli.json(&["run", "list"]).await;
    let entries = cli.json(&["journal", "verify"]).await;

    let save = would(&cli, &["profile", "add", "P", "--url", &url]).await;
    assert_eq!(save, json!([{ "action": "save_profile", "subject": "P" }]));
    let folder = small_template(&cli, "template");
    let new = would(&cli, &["migrate", "new", "Add a colour", "--dir", &folder]).await;
    assert_eq!(new.as_array().map(Vec::len), Some(2));
    let out = cli.files().display().to_string();
    let export = would(&cli, &["export", "--all", "--to", &out]).await;
    assert_eq!(export[0], json!({ "action": "write_file", "subject": format!("{out}/alpha.xlsx") }));
    assert_eq!(export.as_array().map(Vec::len), Some(2));
    let compare = would(&cli, &["compare", "alpha", "beta", "--to", &cli.path("c.xlsx")]).await;
    assert_eq!(compare, json!([{ "action": "write_file", "subject": cli.path("c.xlsx") }]));
    assert_eq!(cli.json(&["journal", "verify"]).await, entries);
    assert_eq!(cli.json(&["run", "list"]).await, runs);

    assert_eq!(would(&cli, &["demo", "start"]).await, json!([{ "action": "start", "subject": "demo" }]));
    assert_eq!(cli.json(&["demo", "status"]).await["running"], false);

    cli.json(&["profile", "add", "P", "--url", &url]).await;
    let remove = would(&cli, &["profile", "remove", "P"]).await;
    assert_eq!(remove, json!([{ "action": "remove_profile", "subject": "P" }]));
    cli.refused(&["profile", "add", "P", "--url", &url, "--dry-run"], 4, "profile_exists").await;
    cli.refused(&["export", "gamma", "--to", &out, "--dry-run"], 4, "tenant_missing").await;
}

#[tokio::test]
async fn a_plan_that_could_not_be_carried_out_exits_with_4() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let folder = small_template(&cli, "template");
    cli.json(&["tenant", "create", "One", "--template", &folder]).await;
    let file = cli.path("template/20260101000000_item.up.sql");
    std::fs::write(&file, "create table item (id bigint);\n").expect("the file is changed");
    let plan = ["migrate", "up", "--all", "--dir", &folder, "--dry-run"];
    let call = cli.run(&[&plan[..], &["--json"]].concat()).await;
    assert_eq!(call.code, 4, "{call}");
    let checks = call.document()["checks"].clone();
    assert!(checks.as_array().is_some_and(|c| c.iter().any(|c| c["level"] == "stop")), "{checks}");
    assert_eq!(cli.run(&plan).await.code, 4);
}
