//! A canary password goes through everything and turns up nowhere.

use crate::fleet::small_template;
use cadastre_core::demo::Cluster;
use cadastre_tests::canary::{Canary, Watch};
use cadastre_tests::{Cli, SecretService, TestDatabase};
use secrecy::ExposeSecret;

#[tokio::test]
async fn a_password_turns_up_nowhere() {
    let canary = Canary::new();
    let cluster = Cluster::builder().tcp(true).start().await.expect("tests need an installed PostgreSQL server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    let administrator = cluster.password().expect("a password");
    database.execute(&format!("create role manager login superuser password {}", canary.sql_literal())).await;
    // The lines of the person's own tools are not ours to keep clean; the server's log is watched as well.
    let service = SecretService::unlocked();
    let cli = service
        .environment()
        .iter()
        .fold(Cli::new(), |cli, (name, value)| cli.env(name, value))
        .env("RUST_LOG", "trace");
    let watch = Watch::start(&canary);

    let url = format!("postgres://manager@127.0.0.1:{}/{}", cluster.port(), database.name());
    let mut said = Vec::new();
    let input = format!("{}\n", canary.text());
    let add = ["profile", "add", "Canary", "--url", &url, "--password-stdin", "--json", "-vv"];
    let call = cli.run_with(&add, &input).await;
    assert_eq!(call.code, 0, "{}", canary.redact(&call.to_string()));
    said.push(call);
    let wrong = format!("postgres://manager@127.0.0.1:{}/missing", cluster.port());
    let add = ["profile", "add", "Missing", "--url", &wrong, "--password-stdin"];
    said.push(cli.run_with(&add, &input).await);
    let refused = format!("postgres://postgres@127.0.0.1:{}/postgres", cluster.port());
    said.push(cli.run_with(&["profile", "add", "Refused", "--url", &refused, "--password-stdin"], &input).await);
    let folder = small_template(&cli, "template");
    let out = cli.files().display().to_string();
    let mut calls: Vec<Vec<&str>> = vec![
        vec!["profile", "list"],
        vec!["profile", "show", "Canary"],
        vec!["profile", "test", "Canary"],
        vec!["profile", "test", "Missing"],
        vec!["profile", "test", "Refused"],
        vec!["server", "--profile", "Canary"],
        vec!["server", "--profile", "Missing"],
        vec!["server", "--profile", "Refused"],
        vec!["tenant", "create", "One", "Two", "--template", &folder, "--profile", "Canary"],
        vec!["tenant", "create", "One", "--template", &folder, "--profile", "Canary"],
        vec!["tenant", "list", "--profile", "Canary"],
        vec!["tenant", "show", "one", "--profile", "Canary"],
    ];
    let more = "alter table item add column more int;\n";
    calls.push(vec!["migrate", "status", "--dir", &folder, "--profile", "Canary"]);
    calls.push(vec!["migrate", "up", "--dir", &folder, "--profile", "Canary"]);
    calls.push(vec!["export", "--to", &out, "--profile", "Canary"]);
    calls.push(vec!["compare", "one", "two", "--to", "compare.xlsx", "--profile", "Canary"]);
    calls.push(vec!["run", "list"]);
    calls.push(vec!["journal", "list"]);
    for call in &calls {
        if call[0] == "migrate" && call[1] == "up" {
            cli.write("template/20260103000000_more.up.sql", more);
        }
        said.push(cli.run(&[&call[..], &["--json", "-vv"]].concat()).await);
        said.push(cli.run(&[&call[..], &["-vv"]].concat()).await);
    }
    // It was really used: by a connection that came about, and by two that were refused.
    let codes: Vec<i32> = said.iter().map(|call| call.code).collect();
    assert!(codes.contains(&0) && codes.iter().filter(|code| **code == 4).count() >= 4, "{codes:?}");
    assert_eq!(database.value("select count(*)::text from one._sqlx_migrations").await, "3");
    assert!(cli.listing().iter().any(|name| name.ends_with("one.xlsx")), "{:?}", cli.listing());

    let seen = watch.end();
    assert!(seen.processes > 10, "the watch saw only {} processes", seen.processes);
    assert_eq!(seen.places, Vec::<String>::new(), "the password was visible in the list of processes");
    for call in &said {
        let text = format!("{} {} {}", call.arguments, call.stdout, call.stderr);
        assert!(!canary.is_in(text.as_bytes()), "said by: {}", canary.redact(&call.to_string()));
        assert!(!text.contains(administrator.expose_secret()), "another password was said");
    }
    // Everything of this person, everything of the keyring and its bus, the server's log, and what is new in the temporary folder.
    let places = canary.search(&[cli.account(), service.folder(), cluster.folder(), std::path::Path::new("/tmp")]);
    assert_eq!(places, Vec::<String>::new());
}

#[test]
fn the_search_finds_a_password_in_every_disguise() {
    let canary = Canary::new();
    let folder = tempfile::tempdir().expect("a folder");
    let sheet = folder.path().join("book.xlsx");
    for (name, bytes) in canary.disguises() {
        std::fs::write(folder.path().join(name), [b"before ".as_slice(), &bytes, b" after"].concat()).expect("a file");
    }
    canary.write_archive(&sheet);
    let found = canary.search(&[folder.path()]);
    assert_eq!(found.len(), canary.disguises().len() + 1, "{found:?}");
    let watch = Watch::start(&canary);
    let mut sleeper =
        std::process::Command::new("sleep").arg("20").env("SECRET", canary.text()).spawn().expect("sleep");
    watch.wait_for_a_round();
    let _ = sleeper.kill();
    let _ = sleeper.wait();
    assert_eq!(watch.end().places.len(), 1);
}
