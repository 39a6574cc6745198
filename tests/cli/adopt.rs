//! The first connection to a database that Cadastre has never seen: it is useful, and nothing is written.

use cadastre_core::demo::Cluster;
use cadastre_tests::python::{copy_project, python_tools};
use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};

/// Servers on which nothing happens but what a test does.
async fn quiet_server() -> Cluster {
    let server = Cluster::builder().setting("autovacuum", "off").setting("max_locks_per_transaction", "512").start();
    server.await.expect("tests need an installed PostgreSQL server: apt install postgresql")
}

/// Whoever changes a row or a catalog takes a transaction number, and every table's counters tell what it did.
async fn traces(database: &TestDatabase) -> (String, Vec<String>, Vec<String>) {
    let number = "select pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text";
    let counters = "select pg_catalog.concat_ws(' ', c.oid, pg_catalog.pg_stat_get_tuples_inserted(c.oid), \
                    pg_catalog.pg_stat_get_tuples_updated(c.oid), pg_catalog.pg_stat_get_tuples_deleted(c.oid)) \
                    from pg_catalog.pg_class c where c.relkind in ('r', 'S', 'm', 'p') order by c.oid";
    (database.value(number).await, database.column(counters).await, database.state().await)
}

/// Looks at everything that a first connection shows, as superuser, through a read-only profile, and as a role that has no
/// right at all; and proves that nothing was written. Returns what `tenant adopt` tells the superuser.
async fn first_connection(database: &TestDatabase) -> Value {
    database.execute("create role stranger login; revoke all on schema public from public").await;
    let cli = Cli::on(&database.url());
    let support = Cli::new();
    let added = ["profile", "add", "support", "--read-only", "--url", &database.url()];
    assert_eq!(support.run(&added).await.code, 0);
    let stranger = Cli::on(&database.url_as("stranger"));
    let before = traces(database).await;
    let picture = cli.json(&["tenant", "adopt"]).await;
    let spoken = cli.run(&["tenant", "adopt"]).await;
    assert_eq!(spoken.code, 0, "{spoken}");
    assert!(spoken.stderr.contains("Nothing was changed."), "{spoken}");
    let list = cli.json(&["tenant", "list"]).await;
    assert_eq!(schemas(&list), schemas(&picture["tenants"]));
    for quoted in [&["stats"][..], &["shape"], &["server"]] {
        assert_eq!(cli.run(quoted).await.code, 0);
    }
    let read_only = support.json(&["tenant", "adopt", "--profile", "support"]).await;
    assert_eq!(without_time(read_only), without_time(picture.clone()));
    // The role sees which schemas there are, and what it may not read.
    let poor = stranger.json(&["tenant", "adopt"]).await;
    assert_eq!(poor["registry"], Value::Null, "{poor:#}");
    assert_eq!(stranger.run(&["tenant", "list"]).await.code, 0);
    if let Some(first) = list[0]["schema"].as_str() {
        let shown = cli.json(&["tenant", "show", first]).await;
        assert_eq!(shown["schema"], first);
    }
    let after = traces(database).await;
    assert_eq!(before.0, after.0, "a transaction number was taken");
    assert_eq!(before.1, after.1, "rows were changed");
    assert_eq!(before.2, after.2, "objects were changed");
    for account in [&cli, &support, &stranger] {
        let journal = account.json(&["journal", "list", "--operation", "tenant_rules_save"]).await;
        assert_eq!(journal["entries"], json!([]));
    }
    picture
}

fn without_time(mut picture: Value) -> Value {
    picture["duration_ms"] = Value::Null;
    picture
}

fn schemas(lines: &Value) -> Vec<&str> {
    lines.as_array().expect("a list").iter().filter_map(|line| line["schema"].as_str()).collect()
}

fn codes<'a>(list: &'a Value, key: &str) -> Vec<&'a str> {
    list.as_array().expect("a list").iter().filter_map(|item| item[key].as_str()).collect()
}

#[tokio::test]
async fn a_real_django_tenants_database_is_recognised_and_nothing_is_written() {
    let server = quiet_server().await;
    let database = TestDatabase::on(&server).await.expect("a database");
    let folder = tempfile::tempdir().expect("a folder");
    copy_project("django", folder.path());
    let profile = database.profile();
    for words in [&["manage.py", "migrate_schemas", "--shared", "--noinput"][..], &["tenants.py"]] {
        let mut python = std::process::Command::new(python_tools().join("python"));
        python.args(words).current_dir(folder.path());
        python.env("PGHOST", &profile.host).env("PGPORT", profile.port.to_string());
        python.env("PGUSER", &profile.user).env("PGDATABASE", &profile.database);
        let output = python.output().expect("Django starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let beside =
        "create schema ecole; create table ecole.t (); create schema reporting; create table reporting.fact ()";
    database.execute(beside).await;
    let picture = first_connection(&database).await;
    let registry = &picture["registry"];
    assert_eq!(registry["kind"], "django_tenants", "{picture:#}");
    assert_eq!(registry["table"], "public.customers_client");
    assert_eq!(registry["domains_table"], "public.customers_domain");
    assert_eq!(registry["confidence"], "certain");
    assert_eq!(codes(&registry["evidence"], "code"), ["columns", "domains", "rows", "shared_row"]);
    assert_eq!(registry["evidence"][2]["params"], json!({ "rows": 5, "matched": 3 }));
    let expected = ["college_moulin", "ecole", "esn_bretagne", "lycee_hugo", "reporting"];
    assert_eq!(schemas(&picture["tenants"]), expected);
    assert_eq!(schemas(&picture["registry_only"]), ["Ecole", "ghost"]);
    assert_eq!(codes(&picture["registry_only"], "differs_in_case"), ["ecole"]);
    assert_eq!(schemas(&picture["schema_only"]), ["ecole", "reporting"]);
    assert_eq!(codes(&picture["schema_only"], "differs_in_case"), ["Ecole"]);
    let hugo = &picture["tenants"][3];
    assert_eq!(hugo["name"], "Lycée Victor Hugo");
    // The primary one first, though it comes later in the alphabet.
    assert_eq!(hugo["domains"], json!(["hugo.example.org", "aaa.example.org"]));
    assert_eq!(hugo["reason"]["code"], "registered");
    // What the registry says is in the list and on the tenant's page, and names find the tenant.
    let cli = Cli::on(&database.url());
    let shown = cli.json(&["tenant", "show", "collège moulin"]).await;
    assert_eq!((&shown["schema"], &shown["domains"]), (&json!("college_moulin"), &json!(["moulin.example.org"])));
    assert_eq!(shown["source"]["table"], "public.customers_client");
    // What is suggested is a way to leave out what nobody registered, but not what is only spelt otherwise.
    let odd = picture["suggestions"].as_array().expect("a list").iter().find(|s| s["kind"] == "odd");
    assert_eq!(odd.expect("a suggestion")["patterns"], json!(["reporting"]), "{picture:#}");
}

/// Schemas as they are found in the wild, 300 of them.
fn three_hundred() -> String {
    let mut script = String::new();
    let mut add = |text: String| script.push_str(&text);
    for number in 0..120 {
        let tables = "create table account (id int primary key, code text); create table invoice (id int primary key, \
                      account int references account, paid_at timestamptz)";
        add(format!("create schema firm_{number:03}; set search_path = firm_{number:03}; {tables};\n"));
    }
    for number in 0..80 {
        let columns = "(id int, label text)";
        let more = if number % 3 == 0 { "create table extra (x int);" } else { "" };
        add(format!(
            "create schema \"site-{number}\"; set search_path = \"site-{number}\"; create table page {columns}; {more}\n"
        ));
    }
    for number in 0..40 {
        add(format!("create schema one_of_a_kind{number}; create table one_of_a_kind{number}.t{number} (id int);\n"));
    }
    for number in 0..20 {
        add(format!("create schema empty_{number};\n"));
    }
    for number in 0..10 {
        let tables = "create table event (at date) partition by range (at); create table event_2026 partition of event \
                      for values from ('2026-01-01') to ('2027-01-01')";
        add(format!("create schema parts_{number}; set search_path = parts_{number}; {tables};\n"));
    }
    for number in 0..10 {
        add(format!("create schema views_{number}; create view views_{number}.v as select 1 as x;\n"));
    }
    // Names that are legal and hostile.
    for name in [
        "a\"b",
        "a'b",
        "a.b",
        "a b",
        "select",
        "UPPER",
        "upper",
        "élan",
        "日本語",
        "%s%n",
        "*",
        "?",
        "-rf",
        "a\\b",
        "a\nb",
        "$1",
        "{schema}",
        "\u{202e}rtl",
        "😀",
    ] {
        let name = name.replace('"', "\"\"");
        add(format!("create schema \"{name}\"; create table \"{name}\".t (id int);\n"));
    }
    let long = "x".repeat(63);
    add(format!("create schema {long}; create table {long}.{long} (id int);\n"));
    // Lookups that many share, an extension with tables of its own, and foreign tables.
    add("create schema shared; create table shared.country (code text primary key);\n".into());
    for number in 0..12 {
        add(format!("alter table firm_{number:03}.account add foreign key (code) references shared.country;\n"));
    }
    add("create schema extensions; create extension postgres_fdw schema extensions; create extension hstore schema extensions;\n".into());
    script
}

#[tokio::test]
async fn three_hundred_schemas_of_unknown_origin_are_told_apart_and_nothing_is_written() {
    let server = quiet_server().await;
    let database = TestDatabase::on(&server).await.expect("a database");
    database.execute(&three_hundred()).await;
    let picture = first_connection(&database).await;
    assert_eq!(picture["registry"], Value::Null);
    assert_eq!(picture["others"], json!([]), "{:#}", picture["others"]);
    let (tenants, left_out) = (schemas(&picture["tenants"]), schemas(&picture["left_out"]));
    // Everything is there once, in one place or the other.
    assert_eq!(tenants.len() + left_out.len(), 303, "300 and some, with public");
    assert_eq!(tenants.len(), 120 + 80 + 40 + 10 + 20 + 1);
    for name in ["a\"b", "a\nb", "*", "-rf", "UPPER", "日本語"] {
        assert!(tenants.contains(&name), "{name}");
    }
    for name in ["empty_3", "views_3", "extensions", "public"] {
        assert!(left_out.contains(&name), "{name}");
    }
    // The largest group of the same structure, and what would narrow it all down.
    let largest = json!({ "tables": 2, "schemas": 120, "example": "firm_000" });
    assert_eq!(picture["alike"][0], largest);
    let suggestions = picture["suggestions"].as_array().expect("a list");
    let shared = suggestions.iter().find(|s| s["kind"] == "shared").expect("lookups are noticed");
    assert_eq!((&shared["patterns"], &shared["schemas"]), (&json!(["shared"]), &json!(12)));
    let prefixes: Vec<&Value> =
        suggestions.iter().filter(|s| s["kind"] == "prefix").map(|s| &s["patterns"][0]).collect();
    assert_eq!(prefixes[..2], [&json!("firm_*"), &json!("site-*")]);
    // Narrowing works with what was suggested, and with any name.
    let cli = Cli::on(&database.url());
    let narrow = ["tenant", "adopt", "--pattern", "firm_*", "--pattern", "site-*", "--except", "site-7?"];
    let narrowed = cli.json(&narrow).await;
    assert_eq!(schemas(&narrowed["tenants"]).len(), 190);
    assert_eq!(cli.json(&["tenant", "list"]).await.as_array().map(Vec::len), Some(tenants.len()), "nothing was kept");
}

#[tokio::test]
async fn a_database_with_nothing_says_so_and_nothing_is_written() {
    let server = quiet_server().await;
    let database = TestDatabase::on(&server).await.expect("a database");
    let picture = first_connection(&database).await;
    assert_eq!((&picture["tenants"], &picture["registry"]), (&json!([]), &Value::Null));
    assert_eq!(schemas(&picture["left_out"]), ["public"]);
    let cli = Cli::on(&database.url());
    let call = cli.run(&["tenant", "list"]).await;
    assert!(call.code == 0 && call.stderr.contains("cadastre tenant adopt"), "{call}");
}
