//! What the figures of tenants were, and how far apart tenants are.

use cadastre_tests::{Cli, TestDatabase};

const FLEET: &str = "create schema alpha; create table alpha.rows as select g from generate_series(1, 1000) g;
                     create table alpha.only as select 1 as g;
                     create schema history; create table history.rows as select 1 as g;
                     analyze";

#[tokio::test]
async fn kept_figures_are_told_and_asking_keeps_nothing() {
    let database = TestDatabase::new().await;
    database.execute(FLEET).await;
    let cli = Cli::on(&database.url());
    let points = async || {
        let told = cli.json(&["stats", "--history", "alpha"]).await;
        told["tenants"][0]["points"].as_array().expect("points").len()
    };
    assert_eq!(points().await, 0);
    let before = database.state().await;
    cli.json(&["stats", "--snapshot", "--dry-run"]).await;
    assert_eq!(points().await, 0);
    let kept = cli.json(&["stats", "--snapshot"]).await;
    assert_eq!(kept["snapshot"]["tenants"], 2, "{kept}");
    assert_eq!(points().await, 1);
    assert_eq!(database.state().await, before, "keeping figures changed the database");
    let told = cli.json(&["stats", "--history", "--limit", "1GB", "--since", "30d"]).await;
    let tenant = &told["tenants"][0];
    assert_eq!(tenant["schema"], "alpha");
    assert_eq!((&tenant["growth"], &tenant["trend"]), (&serde_json::json!([]), &serde_json::Value::Null));
    assert_eq!(tenant["forecast"]["outlook"], "unknown");
    assert!(tenant["points"][0]["size_bytes"].as_i64() > Some(8_192), "{tenant}");
    // A tenant may be called like the option.
    assert_eq!(cli.json(&["stats", "history"]).await["tenants"][0]["schema"], "history");
}

#[tokio::test]
async fn a_comparison_of_all_says_where_they_differ_most_and_what_it_is_of() {
    let database = TestDatabase::new().await;
    database.execute(FLEET).await;
    let cli = Cli::on(&database.url());
    let told = cli.json(&["compare", "--all", "--exact"]).await;
    assert_eq!(told["tenants"].as_array().map(Vec::len), Some(2));
    assert_eq!(told["compared"]["rows"], "counted");
    assert_eq!((&told["compared"]["tables"], &told["compared"]["incomplete"]), (&2.into(), &1.into()));
    let differences = told["differences"].as_array().expect("differences");
    let tables: Vec<_> = differences.iter().map(|one| one["table"].as_str()).collect();
    assert_eq!(tables, [None, Some("only"), Some("rows")]);
    assert_eq!(differences[2]["greatest"], serde_json::json!({ "schema": "alpha", "value": 1000.0 }));
    assert_eq!((&differences[2]["ratio"], &differences[1]["missing"]), (&1000.0.into(), &1.into()));
    assert_eq!(cli.run(&["compare", "alpha"]).await.code, 2);
    assert_eq!(cli.run(&["compare", "--select", "alp*"]).await.code, 2);
}
