//! Connections that cannot work, and roles that may not: message, exit code, and nothing changed.

use crate::fleet::{small_template, two_tenants};
use crate::server::{PASSWORD, Server};
use cadastre_tests::{Cli, TestDatabase};
use serde_json::json;
use std::net::TcpListener;

/// A command line on the server with passwords and TLS.
fn on(server: &Server, user: &str, database: &str, parameters: &str) -> Cli {
    let port = server.cluster.port();
    Cli::on(&format!("postgres://{user}@127.0.0.1:{port}/{database}{parameters}")).env("PGPASSWORD", PASSWORD)
}

/// No refusal shows the password, and none leaves a run behind.
async fn unharmed(cli: &Cli, answer: &serde_json::Value) {
    assert!(!answer.to_string().contains("c4nary"), "{answer}");
    assert_eq!(cli.json(&["run", "list"]).await, json!([]), "a run was started");
}

#[tokio::test]
async fn a_connection_that_is_refused_says_which_layer_refused_it() {
    let server = Server::shared().await;
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    let wrong = on(server, "app", "lycees", "").env("PGPASSWORD", "wrong");
    let cases = [
        (wrong, "authentication_failed"),
        (on(server, "late", "lycees", ""), "authentication_failed"),
        (on(server, "app", "missing", ""), "database_missing"),
        (on(server, "app", "closed", ""), "connect_not_allowed"),
        (on(server, "asleep", "lycees", ""), "connect_not_allowed"),
        (on(server, "limited", "lycees", ""), "too_many_connections"),
        (Cli::on("postgres://app@no-such-host.invalid/lycees"), "name_not_resolved"),
        (Cli::on(&format!("postgres://app@127.0.0.1:{closed}/lycees")), "connection_refused"),
        (Cli::on(&format!("postgres://app@127.0.0.1:{}/lycees", server.cluster.port())), "password_required"),
    ];
    for (cli, code) in cases {
        for arguments in [&["server"][..], &["tenant", "list"], &["tenant", "create", "X"]] {
            let answer = cli.refused(arguments, 4, code).await;
            assert!(answer["hint"].is_string(), "{code} has no hint");
            unharmed(&cli, &answer).await;
        }
    }
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up_within_the_time_out() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let cli = Cli::on(&format!("postgres://app@127.0.0.1:{port}/lycees?connect_timeout=2"));
    let call = cli.run(&["server", "--json"]).await;
    assert_eq!((call.code, &call.document()["error"]["code"]), (4, &json!("connection_timeout")), "{call}");
    assert!(call.took.as_secs() < 20, "{call}");
}

#[tokio::test]
async fn tls_that_is_required_and_absent_or_untrusted_is_refused() {
    let server = Server::start().await;
    let here = "DNS:localhost,IP:127.0.0.1";
    server.certificates.signed("expired", "ca", "localhost", here, "20200101000000Z", "20200102000000Z");
    server.certificates.signed("stranger", "other-ca", "localhost", here, "20200101000000Z", "20491231000000Z");
    server.certificates.signed("elsewhere", "ca", "o.example", "DNS:o.example", "20200101000000Z", "20491231000000Z");
    // The command line may run as another user than the server.
    let authority = server.certificates.path("ca.crt");
    let verify = format!("?sslmode=verify-full&sslrootcert={}", authority.replace('/', "%2F"));
    let cli = on(&server, "app", "lycees", &verify);
    let tls = cli.json(&["server"]).await["tls"].clone();
    assert!(tls.as_str().is_some_and(|tls| tls.starts_with("TLS")), "{tls}");
    for (certificate, words) in [("expired", "expired"), ("stranger", "not trusted"), ("elsewhere", "another name")] {
        server.use_certificate(certificate).await;
        let answer = cli.refused(&["tenant", "create", "X"], 4, "tls_certificate").await;
        assert!(answer["message"].as_str().is_some_and(|message| message.contains(words)), "{answer}");
        unharmed(&cli, &answer).await;
    }
    server.execute("postgres", "alter system set ssl = off").await;
    server.execute("postgres", "select pg_catalog.pg_reload_conf()").await;
    while server.value("show ssl").await != "off" {}
    let answer = cli.refused(&["tenant", "create", "X"], 4, "tls_unavailable").await;
    unharmed(&cli, &answer).await;
    let schemas = "select count(*)::text from pg_catalog.pg_namespace where nspname = 'x'";
    assert_eq!(server.value(schemas).await, "0");
}

#[tokio::test]
async fn a_wrong_way_to_name_the_server_is_a_usage_error_that_repeats_no_secret() {
    let cli = Cli::new();
    for url in ["mysql://app:c4nary@host/db", "postgres://app:c4na/ry@host/db", "host=c4nary dbname=x", ""] {
        let call = cli.run(&["server", "--url", url, "--json"]).await;
        assert!([2, 4].contains(&call.code) && !call.stderr.contains("c4na"), "{url}: {call}");
        assert!(!call.stdout.contains("c4na"), "{url}: {call}");
    }
    cli.refused(&["server", "--url", "mysql://host/db"], 2, "url_invalid").await;
    cli.refused(&["server", "--profile", "Prod"], 4, "profile_missing").await;
}

#[tokio::test]
async fn a_role_without_create_can_neither_create_nor_migrate() {
    let (database, cli) = two_tenants().await;
    let role = format!("guest_{}", &database.name()[5..15]);
    database
        .execute(&format!(
            "create role {role} login; grant usage on schema alpha to {role};
             grant select on all tables in schema alpha to {role}"
        ))
        .await;
    let folder = small_template(&cli, "template");
    let before = database.state().await;
    let guest = Cli::on(&database.url_as(&role));
    let answer = guest.refused(&["tenant", "create", "X"], 4, "permission_denied").await;
    assert!(answer["message"].as_str().is_some_and(|message| message.contains(&role)), "{answer}");
    unharmed(&guest, &answer).await;
    // One tenant: the code of its error. The plan alone may already refuse it.
    let template = guest.write("t/20260101000000_x.up.sql", "alter table consultants add column x int;");
    let template = template.rsplit_once('/').map(|(folder, _)| folder.to_owned()).expect("a folder");
    let call = guest.run(&["migrate", "up", "alpha", "--dir", &template, "--json"]).await;
    assert_eq!(call.code, 4, "{call}");
    let call = guest.run(&["migrate", "up", "--all", "--dir", &folder, "--json"]).await;
    assert!([3, 4].contains(&call.code), "{call}");
    assert_eq!(database.state().await, before);
    // What it may read it can read, and what it may not is said.
    let list = guest.json(&["tenant", "list"]).await;
    assert_eq!((&list[0]["readable"], &list[1]["readable"]), (&json!(true), &json!(false)), "{list}");
}

#[tokio::test]
async fn no_tenant_at_all_and_none_that_fits_are_told_apart() {
    let (_database, cli) = two_tenants().await;
    let call = cli.run(&["tenant", "list", "--select", "nomatch*"]).await;
    assert_eq!((call.code, call.stderr.as_str()), (0, "No tenant fits.\n"), "{call}");
    let out = cli.files().display().to_string();
    let none = cli.refused(&["export", "--select", "nomatch*", "--to", &out], 4, "nothing_selected").await;
    assert!(none["hint"].as_str().is_some_and(|hint| hint.starts_with("No tenant fits.")), "{none}");
    let empty = TestDatabase::new().await;
    let cli = Cli::on(&empty.url());
    let none = cli.refused(&["export", "--all", "--to", &out], 4, "nothing_selected").await;
    assert!(none["hint"].as_str().is_some_and(|hint| hint.contains("has no tenant")), "{none}");
}

#[tokio::test]
async fn a_missing_right_is_named_where_a_migration_fails_for_it() {
    let database = TestDatabase::new().await;
    let role = format!("visitor_{}", &database.name()[5..15]);
    database
        .execute(&format!(
            "create role {role} login; create schema a; create table a.t (id int); grant usage on schema a to {role}"
        ))
        .await;
    let cli = Cli::on(&database.url_as(&role));
    let folder = small_template(&cli, "template");
    let call = cli.run(&["migrate", "up", "a", "--dir", &folder, "--json"]).await;
    let error = call.document()["tenants"][0]["error"].clone();
    assert_eq!((call.code, &error["code"]), (4, &json!("history_unreadable")), "{call}");
    assert!(error["message"].as_str().is_some_and(|m| m.contains("permission denied for schema a")), "{call}");
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("CREATE")), "{call}");
}

#[tokio::test]
async fn a_role_whose_statements_time_out_is_told_what_to_change() {
    let database = TestDatabase::new().await;
    let role = format!("hasty_{}", &database.name()[5..15]);
    let tenant = "create schema a; create table a.t (id int)";
    database
        .execute(&format!("{tenant}; create role {role} login; alter role {role} set statement_timeout = '1ms'"))
        .await;
    let call = Cli::on(&database.url_as(&role)).run(&["tenant", "list", "--json"]).await;
    // A quick machine may get through.
    if call.code != 0 {
        let error = call.document()["error"].clone();
        assert_eq!(error["code"], "statement_timeout", "{call}");
        assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("SET statement_timeout")), "{call}");
    }
}

#[tokio::test]
async fn an_error_says_nothing_twice() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    cli.write("t/20260101000000_x.up.sql", "create table x (id int);\nselect * from nowhere;\n");
    let call = cli.run(&["tenant", "create", "X", "--template", &cli.path("t"), "--json"]).await;
    let error = call.document()["tenants"][0]["error"].clone();
    assert!(
        error["message"].as_str().is_some_and(|m| m.starts_with("The migration 20260101000000 failed in x")),
        "{call}"
    );
    assert_eq!(error["causes"], json!([]), "{call}");
    assert!(!call.stdout.contains("error returned from database"), "{call}");
}

#[tokio::test]
async fn a_read_only_profile_refuses_create_and_migrate_before_anything_is_sent() {
    let (database, cli) = two_tenants().await;
    cli.json(&["profile", "add", "support", "--url", &database.url(), "--read-only"]).await;
    let runs = cli.json(&["run", "list"]).await;
    let before = database.state().await;
    for arguments in [
        &["tenant", "create", "X", "--profile", "support"][..],
        &["migrate", "up", "--dir", "talentmatch", "--profile", "support"],
    ] {
        cli.refused(arguments, 4, "read_only").await;
    }
    assert_eq!(database.state().await, before);
    assert_eq!(cli.json(&["run", "list"]).await, runs);
    // Reading works, plans and exports included.
    cli.json(&["tenant", "create", "X", "--dry-run", "--profile", "support"]).await;
    let out = cli.files().display().to_string();
    cli.json(&["export", "alpha", "--to", &out, "--profile", "support"]).await;
    let server = cli.json(&["server", "--profile", "support"]).await;
    assert_eq!(server["read_only"], true);
}

#[tokio::test]
async fn a_schema_name_that_cannot_be_is_refused_and_nothing_is_made() {
    let database = TestDatabase::new().await;
    database.execute("create schema \"Acme\"; create schema lycee; create table lycee.t (id int)").await;
    let cli = Cli::on(&database.url());
    let before = database.state().await;
    let (long, accents) = ("x".repeat(64), "é".repeat(32));
    for (schema, code) in [
        ("public", "schema_name_reserved"),
        ("pg_tenant", "schema_name_reserved"),
        ("PG_tenant", "schema_name_reserved"),
        ("information_schema", "schema_name_reserved"),
        ("select", "schema_name_reserved"),
        ("user", "schema_name_reserved"),
        ("cadastre", "schema_name_reserved"),
        (long.as_str(), "schema_name_too_long"),
        (accents.as_str(), "schema_name_too_long"),
        ("acme", "schema_name_taken"),
        ("ACME", "schema_name_taken"),
        ("Lycee", "schema_name_taken"),
        ("lycee", "schema_name_taken"),
        ("l\"ycee", "schema_name_characters"),
        ("l'ycee", "schema_name_characters"),
        ("école", "schema_name_characters"),
        ("lycée 🏫", "schema_name_characters"),
        ("2026", "schema_name_characters"),
        ("a.b", "schema_name_characters"),
        ("a;drop schema lycee", "schema_name_characters"),
        (" ", "name_empty"),
    ] {
        let arguments = ["tenant", "create", "X", "--template", "talentmatch", "--schema", schema];
        let answer = cli.refused(&arguments, 4, code).await;
        unharmed(&cli, &answer).await;
    }
    cli.refused(&["tenant", "create", "?!"], 4, "schema_name_underivable").await;
    cli.refused(&["tenant", "create", ""], 4, "name_empty").await;
    // One bad name of several: none is made.
    cli.refused(&["tenant", "create", "Good", "Lycée", "--template", "talentmatch"], 4, "schema_name_taken").await;
    assert_eq!(database.state().await, before);
    // What needs no quotes is made of a display name that does.
    let made = cli.json(&["tenant", "create", "L’école \"d'à côté\" 🏫", "--template", "talentmatch"]).await;
    assert_eq!(made["done"], 1, "{made}");
}
