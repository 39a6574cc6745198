//! Rules about which schemas are tenants: kept per database, the same for every profile and every command.

use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};

const FIVE: &str = "create schema alpha_1; create table alpha_1.t (id int); create schema alpha_2; create table alpha_2.t (id int); \
    create schema beta_1; create table beta_1.t (id int); create schema lookups; create table lookups.t (id int); \
    create schema hollow; create table public.customers (schema text primary key, name text, domain text, state text); \
    insert into public.customers values ('alpha_1', 'Alpha One', 'one.example', 'active'), \
        ('hollow', 'Hollow', null, 'suspended'), ('nowhere', null, null, null);";

async fn five() -> (TestDatabase, Cli) {
    let database = TestDatabase::new().await;
    database.execute(FIVE).await;
    let cli = Cli::on(&database.url());
    (database, cli)
}

fn schemas(lines: &Value) -> Vec<&str> {
    lines.as_array().expect("a list").iter().filter_map(|line| line["schema"].as_str()).collect()
}

#[tokio::test]
async fn kept_rules_count_for_every_command_and_every_profile_that_leads_to_the_database() {
    let (database, cli) = five().await;
    let all = ["alpha_1", "alpha_2", "beta_1", "lookups"];
    assert_eq!(schemas(&cli.json(&["tenant", "list"]).await), all);
    let tried = cli.json(&["tenant", "adopt", "--pattern", "alpha_*"]).await;
    assert_eq!((schemas(&tried["tenants"]), &tried["saved"]), (vec!["alpha_1", "alpha_2"], &json!(false)));
    assert_eq!(schemas(&cli.json(&["tenant", "list"]).await), all, "only tried");
    let dry = cli.json(&["tenant", "adopt", "--pattern", "alpha_*", "--save", "--dry-run"]).await;
    assert_eq!(dry["saved"], false);
    assert_eq!(schemas(&cli.json(&["tenant", "list"]).await), all, "only a dry run");
    let kept = cli.json(&["tenant", "adopt", "--pattern", "alpha_*", "--save"]).await;
    assert_eq!(kept["saved"], true);
    // By another way to the same database.
    let added = ["profile", "add", "support", "--read-only", "--url", &database.url()];
    assert_eq!(cli.run(&added).await.code, 0);
    for way in [&[][..], &["--profile", "support"]] {
        let list = cli.json(&[&["tenant", "list"][..], way].concat()).await;
        assert_eq!(schemas(&list), ["alpha_1", "alpha_2"]);
        let stats = cli.json(&[&["stats"][..], way].concat()).await;
        assert_eq!(schemas(&stats["tenants"]), ["alpha_1", "alpha_2"]);
    }
    let exported = cli.json(&["export", "--all", "--to", &cli.path("")]).await;
    assert_eq!(exported["files"].as_array().map(Vec::len), Some(2), "{exported:#}");
    cli.refused(&["tenant", "show", "beta_1"], 4, "tenant_missing").await;
    // What was not asked for again is what was kept.
    let again = cli.json(&["tenant", "adopt"]).await;
    assert_eq!((&again["rules"]["include"], &again["saved"]), (&json!(["alpha_*"]), &json!(true)));
    let left_out = again["left_out"].as_array().expect("a list").iter().find(|line| line["schema"] == "beta_1");
    assert_eq!(left_out.expect("beta_1")["reason"]["code"], "not_included");
    // Another database of the same server has none.
    let (_other, stranger) = five().await;
    let strange = stranger.json(&["tenant", "adopt"]).await;
    assert_eq!(strange["saved"], false);
    assert_eq!(cli.json(&["tenant", "adopt", "--forget"]).await["saved"], false);
    assert_eq!(schemas(&cli.json(&["tenant", "list"]).await), all);
    let journal = cli.json(&["journal", "list"]).await;
    let operations: Vec<&str> =
        journal["entries"].as_array().expect("entries").iter().filter_map(|e| e["operation"].as_str()).collect();
    assert_eq!(operations.iter().filter(|o| o.starts_with("tenant_rules_")).count(), 2, "{journal:#}");
    assert_eq!(journal["intact"], true);
}

#[tokio::test]
async fn a_query_names_the_tenants_with_name_domain_and_state() {
    let (_database, cli) = five().await;
    let query = "select c.schema, c.name, c.domain, c.state from public.customers c -- all of them";
    let picture = cli.json(&["tenant", "adopt", "--query", query, "--save"]).await;
    // Even one without a table; one without a schema is an orphan.
    assert_eq!(schemas(&picture["tenants"]), ["alpha_1", "hollow"]);
    assert_eq!(schemas(&picture["registry_only"]), ["nowhere"]);
    let list = cli.json(&["tenant", "list"]).await;
    assert_eq!((&list[0]["name"], &list[0]["domains"]), (&json!("Alpha One"), &json!(["one.example"])));
    assert_eq!(list[1]["state"], "inactive");
    // One column is enough, whatever its name.
    let one = cli.json(&["tenant", "adopt", "--query", "values ('beta_1'::text), ('lookups')"]).await;
    assert_eq!(schemas(&one["tenants"]), ["beta_1", "lookups"]);
    // Patterns narrow it further.
    let both =
        cli.json(&["tenant", "adopt", "--query", "values ('beta_1'::text), ('lookups')", "--except", "look*"]).await;
    assert_eq!(schemas(&both["tenants"]), ["beta_1"]);
}

#[tokio::test]
async fn a_query_can_do_nothing_but_read() {
    let (database, cli) = five().await;
    database.execute("create function public.write() returns text language sql as 'insert into public.customers values (''x'') returning ''x''::text'").await;
    let before = database.value("select pg_catalog.count(*)::text from public.customers").await;
    for (query, said) in [
        ("delete from public.customers returning schema", "syntax"),
        ("with gone as (delete from public.customers returning schema) select schema from gone", "top level"),
        ("select 'a'::text as schema; drop schema alpha_1 cascade", "syntax"),
        ("select 'a'::text as schema) as answer; drop schema alpha_1 cascade; --", "syntax"),
        ("select ''::text) as x; drop schema alpha_1 cascade; select * from (select ''::text", "multiple commands"),
        ("select public.write() as schema", "read-only"),
        ("select schema from customers", "does not exist"),
        ("select 1 as schema", "not text"),
        ("select schema as a, name as b from public.customers", "no column schema"),
        ("commit", "syntax"),
    ] {
        let error = cli.refused(&["tenant", "adopt", "--query", query, "--save"], 4, "rules_query_failed").await;
        assert!(error["message"].as_str().is_some_and(|m| m.contains(said)), "{query}: {error:#}");
        assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("public.")), "{error:#}");
    }
    let endless = cli.run(&["tenant", "adopt", "--query", "select pg_catalog.pg_sleep(60)::text as schema"]).await;
    assert!(endless.code == 4 && endless.stderr.contains("statement_timeout"), "{endless}");
    assert_eq!(database.value("select pg_catalog.count(*)::text from public.customers").await, before);
    assert_eq!(cli.json(&["tenant", "list"]).await.as_array().map(Vec::len), Some(4), "nothing was kept");
    // A query that worked once and no longer does is named, by every command, with the way out.
    cli.json(&["tenant", "adopt", "--query", "select schema from public.customers", "--save"]).await;
    database.execute("drop table public.customers cascade").await;
    cli.refused(&["tenant", "list"], 4, "rules_query_failed").await;
    assert_eq!(cli.run(&["tenant", "adopt", "--forget"]).await.code, 0);
    assert_eq!(cli.json(&["tenant", "list"]).await.as_array().map(Vec::len), Some(4));
}

#[tokio::test]
async fn words_that_say_nothing_are_refused_before_a_server_is_asked() {
    let cli = Cli::on("postgres://nobody@127.0.0.1:1/none");
    for words in [&["--save"][..], &["--registry", "oracle"], &["--forget", "--pattern", "x"], &["--forget", "--save"]]
    {
        let call = cli.run(&[&["tenant", "adopt"][..], words].concat()).await;
        assert_eq!(call.code, 2, "{call}");
    }
    let (_database, cli) = five().await;
    cli.refused(&["tenant", "adopt", "--pattern", ""], 4, "rules_invalid").await;
    cli.refused(&["tenant", "adopt", "--registry", "none", "--registered-only"], 4, "rules_invalid").await;
}
