//! Verbs, JSON keys and exit codes as the contract has them.

use crate::fleet::{NEWEST, small_template, two_tenants};
use cadastre_tests::workbook::Workbook;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};

const RUN: &[&str] =
    &["run", "kind", "done", "skipped", "failed", "cancelled", "not_started", "duration_ms", "tenants"];

/// Fails where one of the keys is missing. More may come.
fn keys(value: &Value, keys: &[&str]) {
    let object = value.as_object().unwrap_or_else(|| panic!("no object: {value}"));
    for key in keys {
        assert!(object.contains_key(*key), "no key {key} in {value}");
    }
}

fn run_keys(run: &Value) {
    keys(run, RUN);
    for tenant in run["tenants"].as_array().expect("tenants") {
        keys(tenant, &["schema", "outcome", "duration_ms", "error"]);
    }
}

#[tokio::test]
async fn every_profile_verb_keeps_its_keys() {
    let database = TestDatabase::new().await;
    let cli = Cli::new();
    let profile = &["name", "host", "port", "database", "user", "tls", "read_only", "has_password"];
    let url = database.url();
    let added = cli.json(&["profile", "add", "Recette", "--url", &url, "--environment", "staging"]).await;
    keys(&added, profile);
    assert_eq!((&added["name"], &added["has_password"]), (&json!("Recette"), &json!(false)));
    let listed = cli.json(&["profile", "list"]).await;
    assert_eq!(listed.as_array().map(Vec::len), Some(1));
    keys(&listed[0], profile);
    keys(&cli.json(&["profile", "show", "Recette"]).await, profile);
    let test = cli.json(&["profile", "test", "Recette"]).await;
    keys(&test, &["ok", "steps", "server", "clear_text"]);
    assert_eq!(test["ok"], true);
    let steps: Vec<&str> =
        test["steps"].as_array().expect("steps").iter().filter_map(|s| s["layer"].as_str()).collect();
    assert_eq!(steps.last(), Some(&"permission"), "{test}");
    // The name of a profile is enough for everything else.
    keys(&cli.json(&["server", "--profile", "Recette"]).await, &["version"]);
    cli.refused(&["profile", "add", "recette", "--url", &url], 4, "profile_exists").await;
    cli.refused(&["profile", "show", "Prod"], 4, "profile_missing").await;
    // Nobody can be asked here, so the removal wants --yes.
    cli.refused(&["profile", "remove", "Recette"], 2, "usage").await;
    assert_eq!(cli.json(&["profile", "list"]).await.as_array().map(Vec::len), Some(1));
    assert_eq!(cli.run(&["profile", "remove", "Recette", "--yes"]).await.code, 0);
    assert_eq!(cli.json(&["profile", "list"]).await, json!([]));
}

#[tokio::test]
async fn server_tells_what_the_role_may_do() {
    let database = TestDatabase::new().await;
    let server = Cli::on(&database.url()).json(&["server"]).await;
    keys(&server, &["version", "role", "superuser", "can_create_schema", "can_create_db", "standby", "pooler"]);
    keys(&server, &["extensions", "lock_budget"]);
    assert_eq!((&server["role"], &server["superuser"]), (&json!("postgres"), &json!(true)));
}

#[tokio::test]
async fn tenants_are_listed_shown_and_created_with_the_keys_of_the_contract() {
    let (database, cli) = two_tenants().await;
    let summary = ["schema", "name", "state", "template", "version", "pending", "shape", "tables", "rows"];
    let summary = [&summary[..], &["rows_estimated", "size_bytes", "last_activity", "last_backup"]].concat();
    let list = cli.json(&["tenant", "list"]).await;
    let schemas: Vec<&str> = list.as_array().expect("a list").iter().filter_map(|t| t["schema"].as_str()).collect();
    assert_eq!(schemas, ["alpha", "beta"]);
    keys(&list[0], &summary);
    assert_eq!(list[0]["template"], "talentmatch");
    assert_eq!(list[0]["version"], NEWEST);
    assert_eq!(list[0]["pending"], 0);
    let exact = cli.json(&["tenant", "list", "--exact", "--select", "alp*"]).await;
    assert_eq!((exact.as_array().map(Vec::len), &exact[0]["rows_estimated"]), (Some(1), &json!(false)));
    let rows = database.value("select count(*)::text from alpha.skills").await;
    assert!(exact[0]["rows"].as_i64() >= rows.parse().ok(), "{exact}");

    let show = cli.json(&["tenant", "show", "Alpha"]).await;
    keys(&show, &[&summary[..], &["tables", "domains", "modules", "quotas", "role", "grants"]].concat());
    let tables: Vec<&str> =
        show["tables"].as_array().expect("tables").iter().filter_map(|t| t["table"].as_str()).collect();
    assert!(tables.contains(&"consultants"), "{tables:?}");

    let before = database.state().await;
    let plan = cli.json(&["tenant", "create", "Gamma", "--template", "talentmatch", "--dry-run"]).await;
    keys(&plan, &["tenants", "statements", "checks"]);
    assert!(plan["statements"][0]["sql"].as_str().is_some_and(|sql| sql.contains("create schema \"gamma\"")), "{plan}");
    assert_eq!(database.state().await, before, "--dry-run changed something");
    let made = cli.json(&["tenant", "create", "Gamma", "--schema", "third", "--template", "talentmatch"]).await;
    run_keys(&made);
    assert_eq!((&made["kind"], &made["done"]), (&json!("create"), &json!(1)));
    assert_eq!(made["tenants"][0]["schema"], "third");
    let comment = "select obj_description('third'::regnamespace, 'pg_namespace')";
    assert_eq!(database.value(comment).await, "Gamma");
}

#[tokio::test]
async fn migrations_are_written_checked_counted_and_applied() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let folder = small_template(&cli, "template");
    let made = cli.json(&["tenant", "create", "One", "Two", "Three", "--template", &folder]).await;
    assert_eq!(made["done"], 3, "{made}");

    let new = cli.json(&["migrate", "new", "Add a colour", "--dir", &folder]).await;
    let files: Vec<&str> = new["files"].as_array().expect("files").iter().filter_map(Value::as_str).collect();
    assert!(files.len() == 2 && files[0].ends_with("_add_a_colour.up.sql"), "{files:?}");
    std::fs::write(files[0], "-- purpose: colour\nalter table item add column colour text;\n").expect("a file");

    let check = cli.json(&["migrate", "check", "--dir", &folder]).await;
    keys(&check, &["migrations", "findings"]);
    assert_eq!(check["migrations"].as_array().map(Vec::len), Some(3));
    let finding = &check["findings"][0];
    keys(finding, &["file", "line", "rule", "level", "message"]);
    assert_eq!(finding["rule"], "header");

    let status = cli.json(&["migrate", "status", "--dir", &folder]).await;
    keys(&status["migrations"][0], &["version", "description"]);
    keys(&status["tenants"][0], &["schema", "version", "applied", "pending", "problem"]);
    let pending: Vec<usize> = status["tenants"]
        .as_array()
        .expect("tenants")
        .iter()
        .map(|t| t["pending"].as_array().map_or(0, Vec::len))
        .collect();
    assert_eq!(pending, [1, 1, 1]);

    let before = database.state().await;
    let plan = cli.json(&["migrate", "up", "--dir", &folder, "--dry-run"]).await;
    keys(&plan, &["tenants", "statements", "checks"]);
    assert_eq!(database.state().await, before, "--dry-run changed something");

    // One of three fails: its type is in the way.
    database.execute("create view two.colours as select 1; alter table two.item add column colour int").await;
    let call = cli.run(&["migrate", "up", "--dir", &folder, "--json"]).await;
    assert_eq!(call.code, 3, "{call}");
    let run = call.document();
    run_keys(&run);
    assert_eq!((&run["done"], &run["failed"], &run["kind"]), (&json!(2), &json!(1), &json!("migrate_up")));
    let of = |schema: &str| {
        let tenants = run["tenants"].as_array().expect("tenants");
        tenants.iter().find(|t| t["schema"] == schema).expect("the tenant").clone()
    };
    assert_eq!(of("two")["outcome"], "failed");
    assert_eq!(of("two")["error"]["sqlstate"], "42701");
    let count = |schema: &str| format!("select count(*)::text from {schema}._sqlx_migrations where success");
    assert_eq!(database.value(&count("two")).await, "2");
    assert_eq!(database.value(&count("three")).await, "3");

    // Mended, the rest follows; then there is nothing left to do.
    database.execute("drop view two.colours; alter table two.item drop column colour").await;
    let again = cli.json(&["migrate", "up", "--dir", &folder]).await;
    assert_eq!(again["done"], 1, "{again}");
    assert_eq!(database.value(&count("two")).await, "3");

    let runs = cli.json(&["run", "list"]).await;
    assert_eq!(runs.as_array().map(Vec::len), Some(3), "{runs}");
    keys(&runs[0], &["run", "kind", "done", "skipped", "failed", "cancelled", "not_started"]);
    let id = run["run"].as_str().expect("an id");
    let shown = cli.json(&["run", "show", id]).await;
    run_keys(&shown);
    assert_eq!(shown["failed"], 1);
    cli.refused(&["run", "show", "nothing"], 4, "run_missing").await;
}

#[tokio::test]
async fn figures_are_read_and_compared() {
    let (database, cli) = two_tenants().await;
    database
        .execute(
            "insert into alpha.skills (name, category) select 'more ' || g, category \
             from pg_catalog.generate_series(1, 50) g, (select category from alpha.skills limit 1) c",
        )
        .await;
    let figures = ["table", "rows", "rows_estimated", "size_bytes", "index_bytes", "dead_rows"];
    let stats = cli.json(&["stats", "--exact"]).await;
    let tenants = stats["tenants"].as_array().expect("tenants");
    assert_eq!(tenants.len(), 2);
    keys(&tenants[0], &["schema", "totals", "tables"]);
    keys(&tenants[0]["tables"][0], &figures);
    let rows = |of: &Value| of["totals"]["rows"].as_i64().expect("rows");
    assert_eq!(rows(&tenants[0]) - rows(&tenants[1]), 50);

    let compared = cli.json(&["compare", "alpha", "Beta", "--exact", "--to", &cli.path("compare.xlsx")]).await;
    let tenants = compared["tenants"].as_array().expect("tenants");
    assert_eq!(rows(&tenants[0]) - rows(&tenants[1]), 50);
    let mut book = Workbook::open(cli.path("compare.xlsx"));
    let first = book.sheets().first().cloned().expect("a sheet");
    let cells: Vec<String> = book.sheet(&first).rows().flatten().map(ToString::to_string).collect();
    for word in ["alpha", "beta"] {
        assert!(cells.iter().any(|cell| cell.to_lowercase().contains(word)), "{word} is not in {cells:?}");
    }
    cli.refused(&["compare", "alpha", "gamma"], 4, "tenant_missing").await;
    let turned = cli.json(&["compare", "Beta", "alpha"]).await;
    let order: Vec<&str> =
        turned["tenants"].as_array().expect("tenants").iter().filter_map(|t| t["schema"].as_str()).collect();
    assert_eq!(order, ["beta", "alpha"], "in the order of the arguments");
    cli.refused(&["compare", "alpha", "Alpha"], 2, "usage").await;
    for wrong in [cli.path("x.txt"), cli.path("")] {
        cli.refused(&["compare", "alpha", "beta", "--to", &wrong], 2, "usage").await;
    }
    assert!(!std::path::Path::new(&cli.path("x.txt")).exists());
}

#[tokio::test]
async fn an_export_holds_every_row_and_says_so() {
    let (database, cli) = two_tenants().await;
    let out = cli.files();
    let out = out.to_str().expect("a path");
    let answer = cli.json(&["export", "alpha", "--to", out]).await;
    let file = &answer["files"][0];
    keys(file, &["schema", "path", "bytes", "sheets", "tables", "overflow_cells", "verified"]);
    keys(&file["tables"][0], &["table", "rows", "digest"]);
    let mut book = Workbook::open(file["path"].as_str().expect("a path"));
    let tables = file["tables"].as_array().expect("tables");
    let manifest = book.manifest();
    assert!(tables.len() >= 11 && manifest.len() == tables.len(), "{manifest:?}");
    for (table, sheet, rows) in manifest {
        let said = tables.iter().find(|t| t["table"] == table.as_str()).and_then(|t| t["rows"].as_u64());
        let count = database.value(&format!("select count(*)::text from alpha.\"{table}\"")).await;
        assert_eq!(count, rows.to_string(), "{table}");
        assert_eq!(said, Some(rows as u64), "{table}");
        assert_eq!(book.rows(&sheet), rows, "{table}");
    }
    let whole = std::fs::read(file["path"].as_str().expect("a path")).expect("the workbook");
    let one = cli.json(&["export", "alpha", "--to", out, "--table", "consultants"]).await;
    assert_eq!(one["files"][0]["tables"].as_array().map(Vec::len), Some(1));
    assert_ne!(one["files"][0]["path"], file["path"], "a part took the place of the whole");
    assert_eq!(std::fs::read(file["path"].as_str().expect("a path")).expect("the workbook"), whole);
    let again = cli.json(&["export", "alpha", "--to", out, "--table", "consultants"]).await;
    assert_eq!(again["files"][0]["path"], one["files"][0]["path"]);
}

#[tokio::test]
async fn the_journal_holds_every_operation_and_is_intact() {
    let (_database, cli) = two_tenants().await;
    let out = cli.files().display().to_string();
    cli.json(&["export", "alpha", "--to", &out]).await;
    let list = cli.json(&["journal", "list"]).await;
    let operations: Vec<&str> =
        list["entries"].as_array().expect("entries").iter().filter_map(|e| e["operation"].as_str()).collect();
    assert!(operations.contains(&"create") && operations.contains(&"export"), "{operations:?}");
    keys(&list, &["entries", "intact", "broken_at"]);
    assert_eq!(list["intact"], true);
    let verdict = cli.json(&["journal", "verify"]).await;
    keys(&verdict, &["entries", "intact", "broken_at"]);
    assert_eq!(verdict["intact"], true);
}

#[tokio::test]
async fn a_wrong_call_exits_with_2_and_no_connection_too() {
    let cli = Cli::new();
    for arguments in [&["tenant", "lst"][..], &["--nonsense"], &["tenant", "create"], &["server", "--jobs", "0"]] {
        let call = cli.run(arguments).await;
        assert_eq!((call.code, call.stdout.as_str()), (2, ""), "{call}");
        assert!(call.stderr.starts_with("error:"), "{call}");
    }
    assert_eq!(cli.run(&["--version"]).await.code, 0);
    // libpq would fall back to a local socket; the contract asks for a name.
    let call = cli.run(&["server", "--json"]).await;
    assert!([2, 4].contains(&call.code), "{call}");
    assert!(call.document()["error"]["message"].is_string(), "{call}");
}

#[tokio::test]
async fn ctrl_c_cancels_a_run_and_exits_with_130() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let folder = small_template(&cli, "template");
    cli.json(&["tenant", "create", "One", "Two", "--template", &folder]).await;
    let slow = "create table never (id int);\nselect pg_catalog.pg_sleep(600);\n";
    cli.write("template/20260103000000_slow.up.sql", slow);
    let before = database.state().await;
    let call = cli.start(&["migrate", "up", "--dir", &folder, "--json", "--jobs", "1"]);
    let sleeping = "select exists (select from pg_catalog.pg_stat_activity where datname = current_database() \
                    and wait_event = 'PgSleep')::text = 'true' as t";
    database.wait_until(&format!("select case when t then 't' else 'f' end from ({sleeping}) s")).await;
    let pid = call.pid().expect("it runs").to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().expect("kill runs").success());
    let call = call.end().await;
    assert_eq!(call.code, 130, "{call}");
    let run = call.document();
    run_keys(&run);
    assert_eq!((&run["cancelled"], &run["not_started"]), (&json!(1), &json!(1)), "{run}");
    assert_eq!(database.state().await, before, "a cancelled migration left something");
    // The server works for nobody any more.
    database.wait_until(&format!("select case when not t then 't' else 'f' end from ({sleeping}) s")).await;
}
