//! What a tenant holds, as the digests tell it.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not get ends it")]

mod common;

use cadastre_core::ErrorKind;
use cadastre_core::connection::{Database, Purpose};
use cadastre_core::content::{Content, begin_snapshot, content_in};
use cadastre_core::workbook::{ExportOptions, export_tenant};
use common::{database, database_as, run};
use tokio_util::sync::CancellationToken;

const TENANT: &str = "create schema acme; create schema twin;
    create table acme.t (id int generated always as identity primary key, name text, at regclass, m money,
        twice int generated always as (length(name) * 2) stored);
    create table acme.part (id int, k text) partition by list (k);
    create table acme.part_a partition of acme.part for values in ('a');
    create table acme.none ();
    create table acme.parent (a int); create table acme.child (b int) inherits (acme.parent);
    insert into acme.t (name, at, m) values ('one', 'acme.part', 12.5), (null, 'pg_class', -3), (E'a\\tb\\\\\\nc', null, null);
    insert into acme.part values (1, 'a'), (2, 'a'); insert into acme.parent values (1); insert into acme.child values (2, 3);
    insert into acme.none default values;
    create sequence acme.s start 100; create sequence acme.unused; select setval('acme.s', 5, false);";

async fn content(database: &Database, schema: &str) -> Content {
    let mut session = database.session(Purpose::Export).await.unwrap();
    begin_snapshot(&mut session).await.unwrap();
    let content = content_in(&mut session, schema, None, &|_| true).await.unwrap();
    session.execute("commit").await.unwrap();
    content
}

#[tokio::test]
async fn the_digests_are_those_of_the_workbook() {
    let (database, mut admin) = database().await;
    run(&mut admin, TENANT).await;
    let content = content(&database, "acme").await;
    let folder = tempfile::tempdir().unwrap();
    let options = ExportOptions { folder: folder.path().into(), ..ExportOptions::default() };
    let file = export_tenant(&database, "acme", &options, &|_| (), &CancellationToken::new()).await.unwrap();
    let of_file: Vec<_> = file.tables.iter().map(|t| (t.table.clone(), t.rows, t.digest.clone())).collect();
    let of_content: Vec<_> = content.tables.iter().map(|t| (t.table.clone(), t.rows, t.digest.clone())).collect();
    assert_eq!(of_content, of_file);
    assert_eq!(of_content.iter().map(|t| t.1).collect::<Vec<_>>(), [1, 1, 1, 2, 3]);
    let sequences: Vec<_> = content.sequences.iter().map(|s| (s.name.as_str(), s.last_value, s.is_called)).collect();
    assert_eq!(sequences, [("s", Some(5), false), ("t_id_seq", Some(3), true), ("unused", Some(1), false)]);
}

#[tokio::test]
async fn a_table_of_the_schema_itself_is_named_without_it() {
    let (database, mut admin) = database().await;
    let table = "create table {}.t (at regclass, of regtype[]); insert into {}.t values ('{}.t', '{{}.t}'), ('pg_class', '{int}')";
    run(&mut admin, "create schema acme; create schema twin;").await;
    for schema in ["acme", "twin"] {
        run(&mut admin, &table.replace("{}", schema)).await;
    }
    assert_eq!(content(&database, "acme").await.tables, content(&database, "twin").await.tables);
}

#[tokio::test]
async fn chosen_tables_are_read_and_a_missing_one_is_named() {
    let (database, mut admin) = database().await;
    run(&mut admin, TENANT).await;
    let mut session = database.session(Purpose::Export).await.unwrap();
    begin_snapshot(&mut session).await.unwrap();
    let chosen = content_in(&mut session, "acme", Some(&["t".to_owned()]), &|_| true).await.unwrap();
    assert_eq!(chosen.tables.len(), 1);
    let missing = content_in(&mut session, "acme", Some(&["x".to_owned()]), &|_| true).await.unwrap_err();
    assert!(matches!(missing.kind(), ErrorKind::TableMissing { .. }), "{missing}");
    let cancelled = content_in(&mut session, "acme", None, &|_| false).await.unwrap_err();
    assert!(matches!(cancelled.kind(), ErrorKind::Cancelled), "{cancelled}");
}

#[tokio::test]
async fn rows_that_may_not_be_read_are_an_error_and_places_of_sequences_are_unknown() {
    let (database, mut admin) = database().await;
    run(
        &mut admin,
        "create role reader login; create schema acme; grant usage on schema acme to reader;
         create table acme.t (id serial); grant select on acme.t to reader; create table acme.z (a int);",
    )
    .await;
    let reader = database_as(&database, "reader").await;
    let mut session = reader.session(Purpose::Export).await.unwrap();
    begin_snapshot(&mut session).await.unwrap();
    let chosen = content_in(&mut session, "acme", Some(&["t".to_owned()]), &|_| true).await.unwrap();
    assert_eq!(chosen.sequences[0].last_value, None);
    let denied = content_in(&mut session, "acme", None, &|_| true).await.unwrap_err();
    assert!(matches!(denied.kind(), ErrorKind::PermissionDenied { .. }), "{denied}");
}
