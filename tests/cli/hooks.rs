//! What goes with a tenant's migration: SQL in its transaction, commands around it.

use crate::fleet::small_template;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};

const NEWEST: i64 = 20_260_103_000_000;

/// Tenants made from the small template, with a table that hooks write into, and a further migration.
async fn fleet() -> (TestDatabase, Cli, String) {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let folder = small_template(&cli, "template");
    let made = cli.json(&["tenant", "create", "One", "Two", "--template", &folder, "--yes"]).await;
    assert_eq!(made["done"], 2, "{made}");
    for schema in ["one", "two"] {
        let log =
            format!("create table {schema}.log (id bigint generated always as identity, line text, transaction text)");
        database.execute(&log).await;
    }
    cli.write(
        "template/20260103000000_mood.up.sql",
        &format!("alter table item add column mood text;\n{}", log("file")),
    );
    cli.write("template/20260103000000_mood.down.sql", "alter table item drop column mood;\n");
    (database, cli, folder)
}

fn log(line: &str) -> String {
    format!("insert into log (line, transaction) values ('{line}', pg_catalog.pg_current_xact_id()::text);\n")
}

fn outcome<'a>(run: &'a Value, schema: &str) -> &'a Value {
    let tenants = run["tenants"].as_array().expect("tenants");
    tenants.iter().find(|t| t["schema"] == schema).unwrap_or_else(|| panic!("no {schema}: {run}"))
}

/// What was logged, and in how many transactions.
async fn logged(database: &TestDatabase, schema: &str) -> (Vec<String>, String) {
    let lines = database.column(&format!("select line from {schema}.log order by id")).await;
    (lines, database.value(&format!("select count(distinct transaction)::text from {schema}.log")).await)
}

async fn newest(database: &TestDatabase, schema: &str) -> String {
    database.value(&format!("select max(version)::text from {schema}._sqlx_migrations")).await
}

#[tokio::test]
async fn sql_hooks_run_in_the_tenants_transaction_and_fail_with_it() {
    let (database, cli, folder) = fleet().await;
    let header = "[[hook]]\nwhen = \"before\"\nsql = \"before.sql\"\ntimeout = \"5s\"\n\n\
                  [[hook]]\nwhen = \"after\"\nsql = \"after.sql\"\n\n\
                  [[hook]]\nwhen = \"before\"\ndirection = \"down\"\nsql = \"down.sql\"\n";
    cli.write("template/template.toml", header);
    cli.write("template/before.sql", &log("before"));
    cli.write(
        "template/after.sql",
        &format!("{}select 1 / count(*) from item where 'two' = current_schema();", log("after")),
    );
    cli.write("template/down.sql", &log("down"));
    database.execute("insert into one.item (id) values (1)").await;
    // In `one` the division finds no row either: both fail, and all of it is rolled back.
    let plan = cli.json(&["migrate", "up", "--all", "--dir", &folder, "--dry-run"]).await;
    let sql = plan["statements"][0]["sql"].as_str().expect("SQL");
    let places =
        ["'before'", "add column mood", "'after'"].map(|part| sql.find(part).unwrap_or_else(|| panic!("{sql}")));
    assert!(places.is_sorted(), "{sql}");
    let call = cli.run(&["migrate", "up", "--all", "--dir", &folder, "--json"]).await;
    assert_eq!(call.code, 3, "{call}");
    let failed = outcome(&call.document(), "two").clone();
    let message = failed["error"]["message"].as_str().unwrap_or_default();
    assert!(message.contains("division by zero"), "{call}");
    assert_eq!(
        (logged(&database, "two").await.0, newest(&database, "two").await),
        (vec![], "20260102000000".to_owned())
    );

    cli.write("template/after.sql", &log("after"));
    let run = cli.json(&["migrate", "up", "--all", "--dir", &folder]).await;
    assert_eq!(run["done"], 2, "{run}");
    let expected = (["before", "file", "after"].map(str::to_owned).to_vec(), "1".to_owned());
    assert_eq!(logged(&database, "two").await, expected);
    // Hooks are for the way up unless they say otherwise; nothing to do is nothing to hook on to.
    cli.json(&["migrate", "up", "--all", "--dir", &folder]).await;
    assert_eq!(logged(&database, "one").await, expected);
    cli.json(&["migrate", "down", "one", "--dir", &folder, "--yes"]).await;
    assert_eq!(logged(&database, "one").await.0, ["before", "file", "after", "down"]);
}

#[tokio::test]
async fn command_hooks_run_around_the_transactions_and_their_failure_is_told_apart() {
    let (database, cli, folder) = fleet().await;
    let header = |when: &str, test: &str| {
        format!(
            "[[hook]]\nwhen = \"{when}\"\ncommand = [\"sh\", \"-c\", 'echo at \"$1\"; {test}', \"hook\", \"{{schema}}\"]\n"
        )
    };
    cli.write("template/template.toml", &header("before", "true").replace("\"sh\"", "\"no-such-shell\""));
    let error = cli.refused(&["migrate", "up", "--all", "--dir", &folder], 4, "plan_blocked").await;
    assert!(error["message"].as_str().is_some_and(|m| m.contains("no-such-shell")), "{error}");
    cli.write("template/template.toml", &header("before", "[ \"$CADASTRE_SCHEMA\" != two ]"));
    let plan = cli.json(&["migrate", "up", "--all", "--dir", &folder, "--dry-run"]).await;
    let sql = plan["statements"][0]["sql"].as_str().expect("SQL");
    assert!(sql.starts_with("-- hook: sh -c 'echo at") && sql.contains("hook one\n"), "{sql}");
    let call = cli.run(&["migrate", "up", "--all", "--dir", &folder, "--json"]).await;
    assert_eq!(call.code, 3, "{call}");
    let run = call.document();
    assert_eq!(outcome(&run, "one")["outcome"], "done", "{call}");
    let failed = outcome(&run, "two");
    assert_eq!((&failed["error"]["code"], &failed["versions"]), (&json!("hook_failed"), &json!([])), "{call}");
    assert_eq!(newest(&database, "two").await, "20260102000000");
    let shown = cli.run(&["run", "show", run["run"].as_str().expect("an id")]).await;
    assert!(shown.stdout.contains("at two\n") && shown.stdout.contains("exit code 1"), "{shown}");

    cli.write("template/template.toml", &header("after", "[ \"$CADASTRE_DIRECTION\" = down ]"));
    let call = cli.run(&["migrate", "up", "--all", "--dir", &folder, "--json"]).await;
    assert_eq!(call.code, 3, "{call}");
    let run = call.document();
    let failed = outcome(&run, "two");
    assert_eq!((&failed["error"]["code"], &failed["versions"]), (&json!("hook_failed"), &json!([NEWEST])), "{call}");
    assert_eq!(newest(&database, "two").await, NEWEST.to_string());

    cli.write(
        "template/template.toml",
        &header("before", "sleep 60").replace("[[hook]]\n", "[[hook]]\ntimeout = \"300ms\"\n"),
    );
    cli.write("template/20260104000000_more.up.sql", "alter table item add column more text;\n");
    let call = cli.run(&["migrate", "up", "--all", "--dir", &folder, "--json"]).await;
    assert_eq!(call.code, 3, "{call}");
    let message = outcome(&call.document(), "one")["error"]["message"].to_string();
    assert!(message.contains("within 0.3 s"), "{call}");
    assert_eq!(crate::external::processes_in(&folder), 0, "what the hook started goes on");
}

#[tokio::test]
async fn a_file_outside_a_transaction_whose_hook_fails_belongs_to_its_run_all_the_same() {
    let (database, cli, folder) = fleet().await;
    cli.write("template/template.toml", "[[hook]]\nwhen = \"after\"\nsql = \"after.sql\"\n");
    cli.write("template/after.sql", "select 1 / 0;");
    cli.write(
        "template/20260103000000_mood.up.sql",
        "-- no-transaction\ncreate index concurrently item_name on item (name);\n",
    );
    cli.write("template/20260103000000_mood.down.sql", "drop index item_name;\n");
    let call = cli.run(&["migrate", "up", "one", "--dir", &folder, "--json"]).await;
    assert_eq!(call.code, 1, "{call}");
    let run = call.document();
    let tenant = outcome(&run, "one");
    assert_eq!((&tenant["error"]["code"], &tenant["versions"]), (&json!("hook_failed"), &json!([NEWEST])), "{run}");
    assert_eq!(newest(&database, "one").await, NEWEST.to_string());
    let undone = cli.json(&["run", "undo", run["run"].as_str().expect("an id"), "--yes"]).await;
    assert_eq!(undone["done"], 1, "{undone}");
    assert_ne!(newest(&database, "one").await, NEWEST.to_string());
}
