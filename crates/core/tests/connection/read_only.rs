//! A read-only profile: refused by core before anything is sent, and by the server all the same.

use crate::server::{PASSWORD, Server, value};
use cadastre_core::ErrorKind;
use cadastre_core::connection::{Database, Profile, Purpose};
use cadastre_core::demo::Cluster;
use cadastre_core::sql::Statement;

async fn support() -> Database {
    let server = Server::shared().await;
    let profile = Profile { read_only: true, ..server.administrator("lycees") };
    Database::connect(profile, None).await.unwrap()
}

#[tokio::test]
async fn core_refuses_a_writing_operation_before_anything_is_sent() {
    let database = support().await;
    assert!(database.server().read_only);
    let error = database.require_writable("migrate up").unwrap_err();
    assert_eq!(error.kind(), &ErrorKind::ReadOnly { operation: "migrate up".into() });
    for purpose in [Purpose::Migrate, Purpose::Create] {
        let error = database.session(purpose).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::ReadOnly { .. }));
    }
}

#[tokio::test]
async fn the_server_refuses_a_write_whatever_a_session_forgot() {
    let server = Server::shared().await;
    server.execute("lycees", "create table if not exists public.proof (id int4)").await;
    let database = support().await;
    for purpose in [Purpose::Catalog, Purpose::Control, Purpose::Export] {
        for before in ["", "reset all", "discard all", "reset default_transaction_read_only", "begin; commit"] {
            let mut session = database.session(purpose).await.unwrap();
            if !before.is_empty() {
                session.execute(Statement::script(before)).await.unwrap();
            }
            for write in [
                "insert into public.proof values (1)",
                "create table public.other ()",
                "begin; drop table public.proof",
                "do $$ begin delete from public.proof; end $$",
            ] {
                let error = session.execute(Statement::script(write)).await.unwrap_err();
                assert_eq!(error.sqlstate(), Some("25006"), "{purpose:?} after {before:?}: {write}");
                assert!(matches!(error.kind(), ErrorKind::ReadOnly { .. }));
                session.execute(Statement::script("rollback")).await.unwrap();
            }
        }
    }
    let catalog = database.catalog().await.unwrap().execute(Statement::script("create table public.x ()")).await;
    assert_eq!(catalog.unwrap_err().sqlstate(), Some("25006"));
}

#[tokio::test]
async fn a_profiles_options_do_not_open_a_read_only_session() {
    let server = Server::shared().await;
    let options = vec![("default_transaction_read_only".to_owned(), "off".to_owned())];
    let profile = Profile { read_only: true, options, ..server.administrator("lycees") };
    let database = Database::connect(profile, None).await.unwrap();
    assert_eq!(value(&database, "show transaction_read_only").await, "on");
}

#[tokio::test]
async fn a_role_that_the_server_keeps_read_only_is_noticed() {
    let server = Server::shared().await;
    server.execute("lycees", "alter role free set default_transaction_read_only = on").await;
    let database = Database::connect(server.profile("free"), None).await.unwrap();
    server.execute("lycees", "alter role free reset default_transaction_read_only").await;
    let error = database.require_writable("export").unwrap_err();
    assert!(error.detail_text().unwrap().contains("default_transaction_read_only"));
    let writer = Database::connect(server.profile("app"), Some(PASSWORD.into())).await.unwrap();
    assert!(writer.require_writable("migrate up").is_ok());
}

#[tokio::test]
async fn a_standby_is_noticed() {
    let cluster = Cluster::builder().start().await.unwrap();
    assert!(!cluster.connect("postgres").await.unwrap().server().standby);
    // Without a primary it waits for files that never come: enough to be a standby.
    std::fs::write(cluster.data_folder().join("standby.signal"), "").unwrap();
    cluster.restart().await.unwrap();
    let database = cluster.connect("postgres").await.unwrap();
    assert!(database.server().standby && database.server().read_only);
    let error = database.require_writable("migrate up").unwrap_err();
    assert!(error.detail_text().unwrap().contains("standby"));
}
