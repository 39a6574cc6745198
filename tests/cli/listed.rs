//! `tenant create --from`: several tenants from a file, each with its own outcome, and finishing a run that was interrupted.

use crate::fleet::small_template;
use cadastre_tests::{Call, Cli, TestDatabase};
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

const CREATE: [&str; 4] = ["tenant", "create", "--yes", "--from"];

async fn account() -> (TestDatabase, Cli, String) {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let template = small_template(&cli, "template");
    (database, cli, template)
}

#[tokio::test]
async fn a_csv_file_becomes_tenants_of_the_templates_that_it_names() {
    let (database, cli, template) = account().await;
    let text = "Name;Schema;Template\nLycée Hugo;;school\n\"Collège; annexe\";annexe;\n";
    let file = cli.write("list.csv", text);
    let plan = cli.json(&[&CREATE[..], &[&file, "--template", &template, "--dry-run"]].concat()).await;
    assert_eq!(plan["tenants"][1]["name"], "Collège; annexe", "{plan}");
    let statements = plan["statements"].as_array().expect("statements");
    assert_eq!((statements.len(), &statements[0]["tenants"]), (2, &json!(1)), "{plan}");
    assert_eq!(cli.json(&["tenant", "list"]).await, json!([]), "a plan changes nothing");

    let run = cli.json(&[&CREATE[..], &[&file, "--template", &template]].concat()).await;
    assert_eq!((&run["done"], &run["failed"]), (&json!(2), &json!(0)), "{run}");
    let list = cli.json(&["tenant", "list"]).await;
    let brief = |n: usize| (list[n]["schema"].clone(), list[n]["name"].clone(), list[n]["template"].clone());
    assert_eq!(brief(0), (json!("annexe"), json!("Collège; annexe"), Value::Null));
    assert_eq!(brief(1), (json!("lycee_hugo"), json!("Lycée Hugo"), json!("school")));
    assert_eq!(database.value("select count(*)::text from annexe._sqlx_migrations").await, "2");
    let shown = cli.json(&["run", "show", run["run"].as_str().expect("an id")]).await;
    assert_eq!(shown["tenants"].as_array().map(Vec::len), Some(2), "{shown}");
    // The same file again: everything is taken, and nothing is done.
    let before = database.state().await;
    let answer = cli.refused(&[&CREATE[..], &[&file, "--template", &template]].concat(), 4, "plan_blocked").await;
    let message = answer["message"].as_str().unwrap_or_default();
    assert!(message.contains("Line 2: ") && message.contains("Line 3: "), "{message}");
    assert_eq!(database.state().await, before);
}

#[tokio::test]
async fn an_excel_file_is_read_like_a_csv_file() {
    let (database, cli, template) = account().await;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in [["Template", "Name"], [&template, "Lycée Hugo"], ["", ""], ["", "2026"]].iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write(row as u32, column as u16, *cell).expect("a cell");
        }
    }
    sheet.write(4, 1, 1848).expect("a number");
    book.save(cli.path("list.xlsx")).expect("a workbook");
    let file = cli.path("list.xlsx");
    let run = cli.json(&[&CREATE[..], &[&file]].concat()).await;
    assert_eq!(run["done"], 3, "{run}");
    let schemas: Vec<&str> =
        run["tenants"].as_array().expect("lines").iter().filter_map(|t| t["schema"].as_str()).collect();
    assert_eq!(schemas, ["lycee_hugo", "t_2026", "t_1848"]);
    // A number is the text that the cell shows, without a point and zeros.
    let name = "select obj_description('t_1848'::regnamespace, 'pg_namespace')";
    assert_eq!(database.value(name).await, "1848");
}

/// A file in which lines 3 to 9 are bad, each in another way.
fn bad_list(cli: &Cli, template: &str) -> String {
    let lines = [
        "name,schema,template".to_owned(),
        format!("Good,,{template}"),
        ",nameless,".to_owned(),
        "Upper,Upper,".to_owned(),
        "Again,good,".to_owned(),
        "Taken,taken,".to_owned(),
        "Nothing,,no_such_template".to_owned(),
        "Many,many,,more".to_owned(),
        "Reserved,select,".to_owned(),
        format!("Also good,,{template}"),
    ];
    cli.write("bad.csv", &lines.join("\n"))
}

#[tokio::test]
async fn every_bad_line_is_named_and_stops_the_plan() {
    let (database, cli, template) = account().await;
    database.execute("create schema taken; create table taken.t ()").await;
    let file = bad_list(&cli, &template);
    let before = database.state().await;
    let call = cli.run(&[&CREATE[..], &[&file, "--dry-run", "--json"]].concat()).await;
    assert_eq!(call.code, 4, "{call}");
    let plan = call.document();
    let refused: Vec<(&str, &str)> = plan["tenants"].as_array().expect("tenants").iter().filter_map(refusal).collect();
    let wanted = [
        ("line 3", "name_empty"),
        ("line 4", "schema_name_characters"),
        ("line 5", "schema_name_taken"),
        ("line 6", "schema_name_taken"),
        ("line 7", "template_missing"),
        ("line 8", "tenant_line_fields"),
        ("line 9", "schema_name_reserved"),
    ];
    assert_eq!(refused, wanted, "{plan}");
    let stops: Vec<&Value> =
        plan["checks"].as_array().expect("checks").iter().filter(|c| c["level"] == "stop").collect();
    assert_eq!(stops.len(), 7, "{plan}");
    for (stop, line) in stops.iter().zip(3..) {
        assert_eq!((&stop["code"], &stop["params"]["line"]), (&json!("line_refused"), &json!(line.to_string())));
    }
    let answer = cli.refused(&[&CREATE[..], &[&file]].concat(), 4, "plan_blocked").await;
    for line in 3..=9 {
        assert!(answer["message"].as_str().is_some_and(|m| m.contains(&format!("Line {line}: "))), "{line}: {answer}");
    }
    assert_eq!(database.state().await, before);
    assert_eq!(cli.json(&["run", "list"]).await, json!([]));
}

fn refusal(tenant: &Value) -> Option<(&str, &str)> {
    Some((tenant["schema"].as_str()?, tenant["skipped"]["code"].as_str()?))
}

#[tokio::test]
async fn the_good_lines_are_created_when_that_is_asked_for() {
    let (database, cli, template) = account().await;
    database.execute("create schema taken; create table taken.t ()").await;
    let file = bad_list(&cli, &template);
    let call = cli.run(&[&CREATE[..], &[&file, "--on-error", "continue", "--json"]].concat()).await;
    assert_eq!(call.code, 3, "{call}");
    let run = call.document();
    assert_eq!((&run["done"], &run["failed"]), (&json!(2), &json!(7)), "{run}");
    let outcome = |n: usize| (run["tenants"][n]["schema"].clone(), run["tenants"][n]["outcome"].clone());
    assert_eq!(
        (outcome(0), outcome(8)),
        ((json!("good"), json!("done")), (json!("also_good"), json!("done"))),
        "{run}"
    );
    assert_eq!(run["tenants"][6]["error"]["code"], "tenant_line_fields", "{run}");
    // What is left are lines that nobody can create.
    let id = run["run"].as_str().expect("an id");
    let answer = cli.refused(&["run", "resume", id], 4, "run_not_resumable").await;
    assert!(answer["message"].as_str().is_some_and(|m| m.contains("lines")), "{answer}");
    cli.refused(&["run", "undo", id], 4, "run_not_undoable").await;
}

#[tokio::test]
async fn a_file_that_is_none_is_refused_before_the_server_is_asked() {
    let cli = Cli::on("postgres://nobody@127.0.0.1:1/nothing");
    for (name, text, code, exit) in [
        ("empty.csv", "", "tenant_list_invalid", 4),
        ("heading.csv", "title\nx\n", "tenant_list_invalid", 4),
        ("broken.xlsx", "name\nx\n", "tenant_list_invalid", 4),
    ] {
        let file = cli.write(name, text);
        cli.refused(&[&CREATE[..], &[&file]].concat(), exit, code).await;
    }
    cli.refused(&[&CREATE[..], &[&cli.path("missing.csv")]].concat(), 4, "file_unreadable").await;
    let (database, cli, _) = account().await;
    let nobody = cli.write("nobody.csv", "name,schema\n\n");
    cli.refused(&[&CREATE[..], &[&nobody]].concat(), 4, "nothing_selected").await;
    assert_eq!(cli.run(&["tenant", "create"]).await.code, 2);
    assert_eq!(cli.run(&["tenant", "create", "X", "--from", &nobody]).await.code, 2);
    drop(database);
}

/// Forty tenants whose creation takes a while, and which say how often it was done.
fn slow_list(cli: &Cli) -> String {
    let table =
        "-- purpose: x\n-- impact: x\n-- rollback: x\ncreate table item (id int);\nselect pg_catalog.pg_sleep(0.03);\n";
    cli.write("slow/1_item.up.sql", table);
    cli.write("slow/1_item.down.sql", "drop table item;\n");
    let names: Vec<String> = (1..=40).map(|n| format!("s{n:02},{}", cli.path("slow"))).collect();
    cli.write("slow.csv", &format!("name,template\n{}\n", names.join("\n")))
}

#[tokio::test]
async fn a_killed_run_is_finished_and_no_tenant_is_made_twice_or_lost() {
    let (database, cli, _) = account().await;
    let file = slow_list(&cli);
    let call = cli.start(&[&CREATE[..], &[&file, "--json"]].concat());
    database.wait_until("select count(*) > 8 from pg_namespace where nspname ~ '^s[0-9]'").await;
    let call: Call = call.kill().await;
    assert_eq!(call.code, -1, "{call}");
    let run = cli.json(&["run", "list"]).await[0].clone();
    let id = run["run"].as_str().expect("an id").to_owned();
    assert!(run["not_started"].as_u64().is_some_and(|left| left > 0), "{run}");
    std::fs::remove_dir_all(cli.path("slow")).expect("the folder goes: the run has its own copy");
    let plan = cli.json(&["run", "resume", &id, "--dry-run"]).await;
    assert!(plan["tenants"].as_array().is_some_and(|t| !t.is_empty() && t.len() < 40), "{plan}");
    let done = cli.json(&["run", "resume", &id, "--yes"]).await;
    assert_eq!((&done["done"], &done["failed"], &done["run"]), (&json!(40), &json!(0), &json!(id)), "{done}");
    let schemas =
        "select count(*)::text from pg_class where relname = 'item' and relnamespace::regnamespace::text ~ '^s[0-9]'";
    assert_eq!(database.value(schemas).await, "40");
    cli.refused(&["run", "resume", &id], 4, "run_not_resumable").await;
}

#[tokio::test]
async fn a_tenant_whose_commit_was_not_heard_of_belongs_to_its_run_and_a_strangers_does_not() {
    let (database, cli, _) = account().await;
    let file = slow_list(&cli);
    let call = cli.start(&[&CREATE[..], &[&file, "--json"]].concat());
    database.wait_until("select count(*) > 4 from pg_namespace where nspname ~ '^s[0-9]'").await;
    call.kill().await;
    let run = cli.json(&["run", "list"]).await[0].clone();
    let id = run["run"].as_str().expect("an id").to_owned();
    // The record forgets every outcome; which commits were sent stays beside it.
    let url = format!("sqlite://{}", cli.home().join("state.db").display());
    let pool = sqlx::SqlitePool::connect(&url).await.expect("the state opens");
    sqlx::query("update run_tenant set outcome = 'not_started'").execute(&pool).await.expect("the record is changed");
    pool.close().await;
    // Somebody else makes the last tenant of the list in the meantime.
    database.execute("create schema s40; create table s40.theirs ()").await;
    let call = cli.run(&["run", "resume", &id, "--yes", "--json"]).await;
    assert_eq!(call.code, 3, "{call}");
    let done = call.document();
    assert_eq!((&done["done"], &done["failed"]), (&json!(39), &json!(1)), "{done}");
    let last = done["tenants"].as_array().and_then(|t| t.last()).expect("a line");
    assert_eq!((&last["schema"], &last["error"]["code"]), (&json!("s40"), &json!("schema_name_taken")), "{done}");
    assert_eq!(
        database.value("select count(*)::text from pg_class where relname = 'item' and relkind = 'r'").await,
        "39"
    );
}
