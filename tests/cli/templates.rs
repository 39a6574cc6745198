//! Template folders that cannot be used: missing, broken, changed.

use crate::fleet::small_template;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::json;

#[tokio::test]
async fn a_missing_folder_and_an_empty_one_are_refused() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let missing = cli.path("missing");
    std::fs::create_dir(cli.path("empty")).expect("a folder");
    let before = database.state().await;
    for (folder, code) in
        [(missing.as_str(), "folder_missing"), (&cli.path("empty"), "folder_empty"), ("nothing", "template_missing")]
    {
        cli.refused(&["tenant", "create", "X", "--template", folder], 4, code).await;
        cli.refused(&["migrate", "status", "--dir", folder], 4, code).await;
        cli.refused(&["migrate", "up", "--dir", folder], 4, code).await;
        cli.refused(&["migrate", "check", "--dir", folder], 4, code).await;
    }
    cli.refused(&["migrate", "new", "more", "--dir", &missing], 4, "folder_missing").await;
    assert_eq!(database.state().await, before);
    assert_eq!(cli.listing(), [cli.path("empty")]);
    assert_eq!(cli.json(&["run", "list"]).await, json!([]));
}

#[tokio::test]
async fn a_broken_file_is_named_and_the_tenant_is_not_made() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let before = database.state().await;
    // What can be seen without a server is seen before anything starts.
    let twice = small_template(&cli, "twice");
    cli.write("twice/20260101000000_again.up.sql", "select 1;");
    let answer = cli.refused(&["tenant", "create", "X", "--template", &twice], 4, "migration_file_invalid").await;
    assert!(answer["message"].as_str().is_some_and(|message| message.contains("20260101000000_")), "{answer}");
    let latin = small_template(&cli, "latin");
    std::fs::write(cli.files().join("latin/20260103000000_latin.up.sql"), b"select '\xe9';").expect("a file");
    cli.refused(&["tenant", "create", "X", "--template", &latin], 4, "migration_file_invalid").await;
    assert_eq!(cli.json(&["run", "list"]).await, json!([]));

    // What only the server sees rolls everything back.
    let broken = small_template(&cli, "broken");
    cli.write("broken/20260103000000_broken.up.sql", "create table late (id int);\ncreate tabel wrong (id int);\n");
    let call = cli.run(&["tenant", "create", "X", "--template", &broken, "--json"]).await;
    assert_eq!(call.code, 1, "{call}");
    let tenant = &call.document()["tenants"][0];
    assert_eq!((&tenant["outcome"], &tenant["error"]["code"]), (&json!("failed"), &json!("migration_failed")));
    assert_eq!(tenant["error"]["sqlstate"], "42601");
    let message = tenant["error"].to_string();
    assert!(message.contains("20260103000000"), "the file is not named: {message}");
    // A file that ends the transaction cannot be undone by it; it must not pass for a success.
    let leaves = small_template(&cli, "leaves");
    cli.write("leaves/20260103000000_leaves.up.sql", "select 1;\nrollback;\n");
    let call = cli.run(&["tenant", "create", "Y", "--template", &leaves, "--json"]).await;
    assert_eq!((call.code, &call.document()["tenants"][0]["outcome"]), (1, &json!("failed")), "{call}");
    assert_eq!(database.state().await, before);
}

#[tokio::test]
async fn a_broken_migration_changes_no_tenant() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let folder = small_template(&cli, "template");
    cli.json(&["tenant", "create", "One", "Two", "--template", &folder]).await;
    cli.write("template/20260103000000_broken.up.sql", "create table late (id int);\nselect 1 / 0;\n");
    let before = database.state().await;
    let call = cli.run(&["migrate", "up", "--dir", &folder, "--json"]).await;
    assert_eq!(call.code, 3, "{call}");
    let run = call.document();
    assert_eq!((&run["done"], &run["failed"]), (&json!(0), &json!(2)));
    assert_eq!(run["tenants"][0]["error"]["sqlstate"], "22012");
    assert_eq!(database.state().await, before);
    // With --on-error stop the second one is not even started.
    let stop = ["migrate", "up", "--dir", &folder, "--on-error", "stop", "--jobs", "1", "--json"];
    let run = cli.run(&stop).await.document();
    assert_eq!((&run["failed"], &run["not_started"]), (&json!(1), &json!(1)), "{run}");
    assert_eq!(database.state().await, before);
}

#[tokio::test]
async fn a_file_that_was_changed_after_it_was_applied_stops_the_migration() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let folder = small_template(&cli, "template");
    cli.json(&["tenant", "create", "One", "Two", "--template", &folder]).await;
    cli.write("template/20260102000000_item_name.up.sql", "alter table item add column name varchar(10);\n");
    cli.write("template/20260103000000_more.up.sql", "alter table item add column more int;\n");
    let before = database.state().await;
    let runs = cli.json(&["run", "list"]).await;
    for arguments in [
        &["migrate", "up", "--dir", &folder][..],
        &["migrate", "up", "one", "--dir", &folder, "--on-error", "continue"],
    ] {
        let answer = cli.refused(arguments, 4, "plan_blocked").await;
        let message = answer["message"].as_str().unwrap_or_default();
        assert!(message.contains("20260102000000_item_name.up.sql") && message.contains("one"), "{message}");
    }
    assert_eq!(database.state().await, before);
    assert_eq!(cli.json(&["run", "list"]).await, runs);
    let status = cli.json(&["migrate", "status", "--dir", &folder]).await;
    assert_eq!(status["tenants"][0]["problem"]["code"], "checksum_changed", "{status}");
    // The plan says so too, and changes nothing.
    let call = cli.run(&["migrate", "up", "--dir", &folder, "--dry-run", "--json"]).await;
    assert_eq!(call.code, 4, "{call}");
    let plan = call.document();
    let stops: Vec<_> = plan["checks"].as_array().expect("checks").iter().filter(|c| c["level"] == "stop").collect();
    assert_eq!(stops.len(), 1, "{plan}");
    assert_eq!(database.state().await, before);
}
