//! Archives that are not, or could not be, what they should be.

use crate::archive::RICH;
use crate::targets::file_system;
use cadastre_core::demo::Cluster;
use cadastre_tests::canary::{Canary, Watch};
use cadastre_tests::postgres::cluster_of_version;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

async fn rich() -> (TestDatabase, Cli, String) {
    let database = TestDatabase::new().await;
    database.execute(RICH).await;
    let cli = Cli::on(&database.url());
    let out = cli.files().display().to_string();
    (database, cli, out)
}

fn text<'a>(document: &'a Value, key: &str) -> &'a str {
    document[key].as_str().unwrap_or_else(|| panic!("no {key} in {document}"))
}

/// Where the tests' own PostgreSQL is.
fn programs() -> PathBuf {
    cadastre_core::demo::ServerPrograms::find(None).expect("an installed PostgreSQL").folder().to_owned()
}

/// Programs whose `pg_restore` sends what it writes through a filter, and succeeds.
fn filtered(cli: &Cli, filter: &str) -> String {
    let (folder, real) = (cli.files().join("client"), programs());
    std::fs::create_dir_all(&folder).expect("a folder");
    let real = real.display();
    for (name, script) in [
        ("pg_dump", format!("#!/bin/sh\nexec {real}/pg_dump \"$@\"\n")),
        ("pg_restore", format!("#!/bin/sh\n{real}/pg_restore \"$@\" | {filter}\nexit 0\n")),
    ] {
        let path = folder.join(name);
        std::fs::write(&path, script).expect("a script");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it is a program");
    }
    folder.display().to_string()
}

#[tokio::test]
async fn one_changed_byte_is_said_and_nothing_is_restored() {
    let (database, cli, out) = rich().await;
    let made = cli.json(&["backup", "create", "acme", "--to", &out]).await;
    let (id, path) = (text(&made, "id"), text(&made, "path"));
    let before = database.state().await;
    let whole = std::fs::read(path).expect("the archive");
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    std::fs::write(path, &damaged).expect("it is damaged");
    let call = cli.run(&["backup", "verify", id, "--json"]).await;
    assert_eq!((call.code, text(&call.document()["error"], "code")), (1, "archive_damaged"), "{call}");
    assert_eq!(call.document()["verified"], false);
    cli.refused(&["backup", "restore", id, "--as", "Copy"], 1, "archive_damaged").await;
    std::fs::write(path, &whole[..whole.len() - 1]).expect("it is cut");
    cli.refused(&["backup", "restore", id, "--as", "Copy"], 1, "archive_damaged").await;
    std::fs::write(path, &whole).expect("it is whole again");

    let beside = path.replace(".dump", ".json");
    let manifest = std::fs::read_to_string(&beside).expect("the manifest");
    std::fs::write(&beside, manifest.replacen("\"rows\": 500", "\"rows\": 499", 1)).expect("it is changed");
    for call in [&["backup", "verify", id][..], &["backup", "restore", path, "--as", "Copy"]] {
        let error = cli.refused(call, 4, "manifest_invalid").await;
        assert!(text(&error, "message").contains("changed"), "{error}");
    }
    assert_eq!(text(&cli.json(&["backup", "list"]).await[0]["problem"], "code"), "manifest_invalid");
    std::fs::remove_file(&beside).expect("it is gone");
    cli.refused(&["backup", "restore", path], 4, "manifest_missing").await;
    cli.refused(&["backup", "restore", "nothing"], 4, "backup_missing").await;
    assert_eq!(database.state().await, before);
}

#[tokio::test]
async fn success_is_proven_and_not_believed() {
    let (database, cli, out) = rich().await;
    let before = database.state().await;
    // Each of these restores without any error, and not what was there.
    for (filter, said) in [
        ("grep -v 'person 77\t'", "person has 499 rows instead of 500"),
        ("sed 's/person 77\t/person 78\t/'", "rows of person are not the same"),
        ("sed 's/^SELECT pg_catalog.setval(.acme.counter.*$//'", "the sequence counter stands at"),
        ("sed 's/^CREATE INDEX.*$//'", "the structure is another one"),
        ("sed 's/ON DELETE CASCADE//'", "the structure is another one"),
    ] {
        let liar = filtered(&cli, filter);
        let call = cli
            .start_with(&["backup", "create", "acme", "--to", &out, "--json"], &[("CADASTRE_PG_CLIENT", &liar)])
            .end()
            .await;
        let error = call.document()["run"]["tenants"][0]["error"].clone();
        assert_eq!((call.code, text(&error, "code")), (1, "archive_differs"), "{filter}: {call}");
        assert!(text(&error, "message").contains(said), "{filter}: {error}");
        std::fs::remove_dir_all(&liar).expect("the programs go");
        assert_eq!(cli.listing(), Vec::<String>::new(), "{filter} left a file");
    }
    // What no archive holds would end the transaction in the middle of it.
    let liar = filtered(&cli, "sed 's/^CREATE VIEW/COMMIT; CREATE VIEW/'");
    let call = cli
        .start_with(&["backup", "create", "acme", "--to", &out, "--json"], &[("CADASTRE_PG_CLIENT", &liar)])
        .end()
        .await;
    assert_eq!(call.document()["run"]["tenants"][0]["error"]["code"], "archive_unreadable", "{call}");
    assert_eq!(database.state().await, before);
}

#[tokio::test]
async fn without_a_client_it_is_said_what_to_install() {
    let (_database, cli, out) = rich().await;
    let empty = cli.path("");
    let cli = cli.env("CADASTRE_PG_CLIENT", &empty);
    let error = cli.refused(&["backup", "create", "acme", "--to", &out], 4, "client_missing").await;
    let hint = text(&error, "hint");
    assert!(hint.contains("Install ") && hint.contains("cadastre export"), "{error}");
    assert_eq!(cli.listing(), Vec::<String>::new());
    cli.json(&["export", "acme", "--to", &out]).await;
}

#[tokio::test]
async fn a_read_only_connection_may_write_archives_and_not_restore_them() {
    let (database, cli, out) = rich().await;
    let made = cli.json(&["backup", "create", "acme", "--to", &out]).await;
    database.execute(&format!("alter database {} set default_transaction_read_only = on", database.name())).await;
    for call in [
        &["backup", "create", "acme", "--to", &out][..],
        &["backup", "verify", text(&made, "id")],
        &["backup", "restore", text(&made, "id"), "--as", "Copy"],
    ] {
        cli.refused(call, 4, "read_only").await;
    }
    let unverified = cli.json(&["backup", "create", "acme", "--to", &out, "--no-verify"]).await;
    assert_eq!(unverified["verified"], false);
}

#[tokio::test]
async fn a_client_older_than_the_server_is_refused_and_a_newer_one_is_used() {
    let folder =
        |major: u32| std::env::var(format!("CADASTRE_TEST_PG_{major}")).expect("run this through `cargo xtask test`");
    let installed = programs().display().to_string();
    for (server, refused, used) in
        [(18, installed.clone(), folder(18)), (14, String::new(), folder(14)), (14, String::new(), folder(18))]
    {
        let cluster = cluster_of_version(server).await;
        let database = TestDatabase::on(&cluster).await.expect("a database");
        database.execute(RICH).await;
        let cli = Cli::on(&database.url());
        let out = cli.files().display().to_string();
        if !refused.is_empty() {
            let old = cli
                .start_with(&["backup", "create", "acme", "--to", &out, "--json"], &[("CADASTRE_PG_CLIENT", &refused)]);
            let call = old.end().await;
            assert_eq!((call.code, text(&call.document()["error"], "code")), (4, "client_missing"), "{call}");
            assert!(text(&call.document()["error"], "detail").contains("older"), "{call}");
        }
        let cli = cli.env("CADASTRE_PG_CLIENT", &used);
        let before = crate::archive::content(&database, "acme").await;
        let made = cli.json(&["backup", "create", "acme", "--to", &out]).await;
        let restored = cli.json(&["backup", "restore", text(&made, "id"), "--as", "Copy"]).await;
        assert_eq!(restored["verified"], true, "{restored}");
        database.execute("drop schema acme cascade").await;
        cli.json(&["backup", "restore", text(&made, "id")]).await;
        assert_eq!(crate::archive::content(&database, "acme").await, before, "server {server}, client {used}");
    }
}

#[tokio::test]
async fn a_tenant_that_would_fill_the_lock_table_is_refused_before_it_does() {
    let cluster = Cluster::builder().setting("max_connections", "10").setting("max_locks_per_transaction", "10");
    let cluster = cluster.start().await.expect("tests need an installed PostgreSQL server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    database.execute("create schema wide").await;
    for number in 0..60 {
        database.execute(&format!("create table wide.t{number} (id serial primary key, x text)")).await;
    }
    let cli = Cli::on(&database.url());
    let out = cli.files().display().to_string();
    let call = cli.run(&["backup", "create", "wide", "--to", &out, "--json"]).await;
    assert_eq!(
        (call.code, &call.document()["run"]["tenants"][0]["error"]["code"]),
        (4, &json!("lock_table_too_small")),
        "{call}"
    );
    let made = cli.json(&["backup", "create", "wide", "--to", &out, "--no-verify"]).await;
    let call = cli.run(&["backup", "restore", text(&made, "id"), "--as", "Copy", "--json"]).await;
    assert_eq!((call.code, text(&call.document()["error"], "code")), (4, "lock_table_too_small"), "{call}");
}

#[tokio::test]
async fn a_full_disk_is_said_and_no_archive_is_left_on_it() {
    let (database, _, _) = rich().await;
    database.execute("create table acme.noise as select sha512(g::text::bytea) from generate_series(1, 60000) g").await;
    let cli = Cli::on(&database.url());
    std::fs::create_dir(cli.path("disk")).expect("a folder");
    let folder = cli.path("disk");
    let cli = cli.launched_by(&file_system(&folder, "size=1m"));
    let call = cli.run(&["backup", "create", "acme", "--to", &folder, "--json"]).await;
    assert_eq!(call.code, 1, "{call}");
    assert_eq!(call.document()["run"]["tenants"][0]["error"]["code"], "disk_full", "{call}");
    assert!(call.stderr.contains("left behind: []"), "{call}");
}

#[tokio::test]
async fn the_password_is_in_no_archive_manifest_argument_or_message() {
    let canary = Canary::new();
    let cluster = Cluster::builder().tcp(true).start().await.expect("tests need an installed PostgreSQL server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    database.execute(&format!("create role keeper login superuser password {}", canary.sql_literal())).await;
    database.execute(RICH).await;
    let url = format!("postgres://keeper@127.0.0.1:{}/{}", cluster.port(), database.name());
    let cli = Cli::on(&url).env("PGPASSWORD", &canary.text()).env("RUST_LOG", "trace");
    let out = cli.files().display().to_string();
    let watch = Watch::start(&canary);
    let mut said = vec![cli.run(&["backup", "create", "acme", "--to", &out, "--json", "-vv"]).await];
    assert_eq!(said[0].code, 0, "{}", canary.redact(&said[0].to_string()));
    let id = text(&said[0].document(), "id").to_owned();
    said.push(cli.run(&["backup", "create", "acme", "--to", &out, "--dry-run"]).await);
    said.push(cli.run(&["backup", "verify", &id, "-vv"]).await);
    said.push(cli.run(&["backup", "restore", &id, "--as", "Copy"]).await);
    // A pg_dump that complains about a connection says with what it tried.
    let liar = filtered(&cli, "cat");
    let complains =
        "#!/bin/sh\nif [ \"$1\" = --version ]; then echo 'pg_dump (PostgreSQL) 99.1'; exit; fi\nenv >&2; exit 1\n";
    std::fs::write(format!("{liar}/pg_dump"), complains).expect("a script");
    std::fs::write(format!("{liar}/pg_restore"), "#!/bin/sh\necho 'pg_restore (PostgreSQL) 99.1'\n").expect("a script");
    let call = cli
        .start_with(&["backup", "create", "acme", "--to", &out, "--json", "-vv"], &[("CADASTRE_PG_CLIENT", &liar)])
        .end()
        .await;
    assert_eq!(
        call.document()["run"]["tenants"][0]["error"]["code"],
        "archive_failed",
        "{}",
        canary.redact(&call.to_string())
    );
    assert!(call.stdout.contains("PGHOST"), "{}", canary.redact(&call.to_string()));
    said.push(call);
    let seen = watch.end();
    let shown: Vec<&String> = seen.places.iter().filter(|place| place.starts_with("cmdline")).collect();
    assert!(shown.is_empty(), "{shown:?}");
    for call in &said {
        let text = format!("{} {} {}", call.arguments, call.stdout, call.stderr);
        assert!(!canary.is_in(text.as_bytes()), "said by: {}", canary.redact(&call.to_string()));
    }
    assert_eq!(canary.search(&[cli.account(), cluster.folder()]), Vec::<String>::new());
    assert_eq!(json!(said.iter().map(|call| call.code).collect::<Vec<_>>()), json!([0, 0, 0, 0, 1]));
}
