//! `cadastre shape` and `cadastre diff` as the contract has them, and the SQL of the one run by hand.

use crate::fleet::two_tenants;
use serde_json::json;

#[tokio::test]
async fn tenants_are_grouped_by_shape_and_a_drifted_one_is_brought_back() {
    let (database, cli) = two_tenants().await;
    let shapes = cli.json(&["shape"]).await;
    assert_eq!(shapes["classes"].as_array().map(Vec::len), Some(1), "{shapes}");
    assert_eq!(shapes["classes"][0]["tenants"], json!(["alpha", "beta"]));
    let fingerprint = shapes["classes"][0]["fingerprint"].as_str().expect("a fingerprint").to_owned();
    assert!(fingerprint.starts_with("s1:") && fingerprint.len() == 67, "{fingerprint}");
    let equal = cli.json(&["diff", "alpha", "Beta"]).await;
    assert_eq!((&equal["changes"], &equal["sql"], &equal["equal"]), (&json!([]), &json!(""), &json!(true)));
    let call = cli.run(&["diff", "alpha", "beta"]).await;
    assert_eq!((call.code, call.stdout.as_str()), (0, "beta has the same shape as alpha.\n"));

    database
        .execute(
            "alter table beta.skills add column colour text default 'red'; drop index beta.users_company_id_idx; \
             alter table beta.users alter column email type varchar(400)",
        )
        .await;
    let shapes = cli.json(&["shape", "--reference", "Alpha"]).await;
    let classes = shapes["classes"].as_array().expect("classes");
    assert_eq!((&classes[0]["tenants"], &classes[1]["tenants"]), (&json!(["alpha"]), &json!(["beta"])), "{shapes}");
    assert_eq!((&classes[0]["fingerprint"], &classes[0]["reference"]), (&json!(fingerprint), &json!(true)));
    assert_eq!(classes[1]["differences"], 3, "{shapes}");

    let diff = cli.json(&["diff", "alpha", "beta"]).await;
    let changes = diff["changes"].as_array().expect("changes");
    let brief: Vec<String> =
        changes.iter().map(|c| format!("{} {}", c["kind"], c["change"]).replace('"', "")).collect();
    assert_eq!(brief, ["column added", "column changed", "index removed"], "{diff}");
    assert_eq!(
        (&changes[1]["property"], &changes[1]["after"]),
        (&json!("data_type"), &json!("character varying(400)"))
    );
    assert_eq!(diff["destructive"], true);

    let text = cli.run(&["diff", "alpha", "beta"]).await;
    assert!(text.stdout.contains("  + column skills.colour\n") && text.stdout.contains("  - index users."), "{text}");
    let sql = cli.run(&["diff", "alpha", "beta", "--sql"]).await;
    assert_eq!(sql.stdout.trim_end(), diff["sql"].as_str().expect("SQL").trim_end(), "{sql}");
    assert!(sql.stderr.contains("lose data"), "{sql}");
    let before = database.state().await;
    cli.run(&["diff", "alpha", "beta", "--sql"]).await;
    assert_eq!(database.state().await, before, "printing changes nothing");
    database.execute(&sql.stdout).await;
    assert_eq!(cli.json(&["shape"]).await["classes"][0]["tenants"], json!(["alpha", "beta"]));

    cli.refused(&["diff", "alpha", "gamma"], 4, "tenant_missing").await;
    cli.refused(&["shape", "--reference", "gamma"], 4, "tenant_missing").await;
}
