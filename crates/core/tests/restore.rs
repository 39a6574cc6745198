//! Tenants made again from their workbooks, on a real server.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not get ends it")]

mod common;

use cadastre_core::connection::{Database, Purpose};
use cadastre_core::content::{Content, begin_snapshot, content_in};
use cadastre_core::fleet::{CheckLevel, Outcome};
use cadastre_core::local::Home;
use cadastre_core::shape::{self, Options};
use cadastre_core::tenant::{CloneRequest, apply_clone, plan_clone};
use cadastre_core::workbook::{
    ExportOptions, RestoreReport, RestoreRequest, apply_restore, compare_with_tenant, export_tenant, plan_restore,
    verify_workbook,
};
use cadastre_core::{Error, Result};
use common::{database, database_as, run};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// A workbook of a tenant.
async fn workbook(database: &Database, schema: &str, folder: &TempDir) -> String {
    let options = ExportOptions { folder: folder.path().into(), ..ExportOptions::default() };
    export_tenant(database, schema, &options, &|_| (), &CancellationToken::new()).await.unwrap().path
}

fn request(path: &str, name: &str) -> RestoreRequest {
    RestoreRequest {
        path: path.into(),
        name: name.into(),
        schema: None,
        tables: Vec::new(),
        accept_edited: false,
        into: None,
        template: None,
        triggers_off: false,
    }
}

async fn restore(database: &Database, request: &RestoreRequest) -> Result<RestoreReport> {
    let home = tempfile::tempdir().unwrap();
    let home = Home::open(home.path()).await.unwrap();
    let plan = plan_restore(database, request, &CancellationToken::new()).await?;
    let restore = apply_restore(&home, database, plan).await?;
    let summary = restore.run.wait().await;
    match restore.report() {
        Some(report) => {
            assert_eq!(summary.tenants[0].outcome, Outcome::Done);
            Ok(report)
        }
        None => Err(Error::new(cadastre_core::ErrorKind::Internal { what: format!("{:?}", summary.tenants[0]) })),
    }
}

async fn content(database: &Database, schema: &str) -> Content {
    let mut session = database.session(Purpose::Export).await.unwrap();
    begin_snapshot(&mut session).await.unwrap();
    content_in(&mut session, schema, None, &|_| true).await.unwrap()
}

async fn changes(database: &Database, one: &str, other: &str) -> Vec<String> {
    let mut session = database.session(Purpose::Catalog).await.unwrap();
    let names = shape::namespaces(&mut session, &[one.to_owned(), other.to_owned()]).await.unwrap();
    let (one, other) =
        (shape::read(&mut session, &names[0]).await.unwrap(), shape::read(&mut session, &names[1]).await.unwrap());
    let all = Options { column_order: true, grants: true };
    shape::diff(&one, &other, all).iter().map(|change| format!("{change:?}")).collect()
}

async fn clone(database: &Database, source: &str, name: &str, data: bool) -> Vec<String> {
    let home = tempfile::tempdir().unwrap();
    let home = Home::open(home.path()).await.unwrap();
    let request = CloneRequest { source: source.into(), name: name.into(), schema: None, data };
    let plan = plan_clone(database, &request).await.unwrap();
    let clone = apply_clone(&home, database, plan).await.unwrap();
    let summary = clone.run.wait().await;
    assert_eq!(summary.tenants[0].outcome, Outcome::Done, "{:?}", summary.tenants[0]);
    clone.remarks()
}

const EVERYTHING: &str = include_str!("shape/everything.sql");

/// A tenant `acme` with every sort of object and of value.
async fn acme() -> Database {
    let (database, mut admin) = database().await;
    run(&mut admin, &format!("create schema acme; {}", EVERYTHING.replace(['%', '§'], "acme"))).await;
    run(
        &mut admin,
        "insert into acme.person (name, feeling, worth, home, born, state, tags) values
           ('Zoé', 'happy', 12.5, '(\"a b\",3)', '2000-01-01', 'new', '{x}'), ('', null, null, null, null, 'old', null);
         insert into acme.visit values (1, 1, '[2024-01-01,2024-02-01)', '[1.5,2]'), (2, 2, 'empty', null);
         insert into acme.event values (1, '2024-05-05', 'a'), (2, '1999-01-01', null);
         insert into acme.base values (1, 'x'); insert into acme.derived values (2, 'y', 3); insert into acme.scratch values (7);
         refresh materialized view acme.counts; select nextval('acme.tickets');",
    )
    .await;
    run(
        &mut admin,
        "comment on schema acme is 'Acme & Söhne'; create table acme.kinds (id int generated always as identity primary key,
           a text, b bytea, c jsonb, d numeric, e timestamptz, f date, g interval, h money, i bit varying(5), j point, k tsvector,
           l xml, m uuid, n inet, o int4range, p text[], q float8, r regclass, s date[], t time with time zone, u int4multirange,
           twice int generated always as (length(a) * 2) stored);
         insert into acme.kinds (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u) values
           (E'=1+1\\t\\r\\n\\\\x', '\\xdeadbeef', '{\"a\": [1, null]}', 'NaN', '0044-03-15 12:00:00+00 BC', 'infinity',
            '1 mon -3 days 04:05:06.7', -12.34, '10101', '(1.5,-2)', 'fat:1A cat:2', '<a>b</a>', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
            '192.168.0.1/24', '[1,5)', '{\"a,b\",NULL,\"\"}', 'Infinity', 'acme.kinds', '{2024-02-29,infinity}', '23:59:60+02', '{[1,3),[7,9)}'),
           ('', '', 'null', 12345678901234567890.50, '2024-02-29 23:59:59.999999+00', '99999-12-31', '0', 0, '', '(0,0)', '', '',
            null, '::1', 'empty', '{}', '-0', 'pg_catalog.pg_class', '{}', '00:00:00+00', '{}'),
           (null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, 1e-310, null, null, null, null),
           (repeat('é😀', 40000), null, null, 0.000, '9999-12-31 23:59:59.999999+00', '1900-01-01', null, null, null, null, null, null, null,
            null, null, null, 0.1, null, null, null, null);",
    )
    .await;
    database
}

#[tokio::test]
async fn a_tenant_with_everything_comes_back_under_another_name() {
    let database = acme().await;
    let folder = tempfile::tempdir().unwrap();
    let path = workbook(&database, "acme", &folder).await;
    assert!(verify_workbook(path.as_ref(), &CancellationToken::new()).await.unwrap().intact);
    let report = restore(&database, &request(&path, "Copy of Acme")).await.unwrap();
    assert_eq!(report.schema, "copy_of_acme");
    assert!(report.tables.iter().all(|table| table.equal), "{report:?}");
    assert_eq!(content(&database, "acme").await, content(&database, "copy_of_acme").await);
    assert_eq!(changes(&database, "acme", "copy_of_acme").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_clone_is_like_its_source_and_does_not_lead_back_to_it() {
    let database = acme().await;
    let remarks = clone(&database, "acme", "Twin", true).await;
    assert_eq!(remarks, Vec::<String>::new());
    assert_eq!(content(&database, "acme").await, content(&database, "twin").await);
    assert_eq!(changes(&database, "acme", "twin").await, Vec::<String>::new());
    let mut admin = database.session(Purpose::Create).await.unwrap();
    // What is done in the clone leaves the source alone.
    run(&mut admin, "delete from twin.visit; delete from twin.person; drop schema acme cascade;").await;
    assert!(content(&database, "twin").await.tables.iter().any(|table| table.table == "kinds" && table.rows == 4));
}

#[tokio::test]
async fn a_materialized_view_that_cannot_be_filled_any_more_comes_back_empty_and_is_told() {
    let (database, mut admin) = database().await;
    run(
        &mut admin,
        "create schema acme; create table acme.t (v int); insert into acme.t values (1);
         create materialized view acme.stale as select v from acme.t; create unique index on acme.stale (v);
         create materialized view acme.fresh as select count(*) as n from acme.t; insert into acme.t values (1);",
    )
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = workbook(&database, "acme", &folder).await;
    let report = restore(&database, &request(&path, "Copy")).await.unwrap();
    let remarks = clone(&database, "acme", "Twin", true).await;
    for (schema, remarks) in [("copy", &report.remarks), ("twin", &remarks)] {
        assert!(matches!(&remarks[..], [one] if one.contains("stale") && one.contains("unique")), "{remarks:?}");
        let query = format!("select v from {schema}.stale");
        let empty = sqlx::query_scalar::<_, i32>(sqlx::AssertSqlSafe(query)).fetch_all(admin.connection()).await;
        assert!(empty.unwrap_err().to_string().contains("has not been populated"));
        let query = format!("select n from {schema}.fresh");
        let counted =
            sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(query)).fetch_one(admin.connection()).await.unwrap();
        assert_eq!(counted, 2);
        assert_eq!(changes(&database, "acme", schema).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_clone_without_rows_has_the_history_and_sequences_that_begin() {
    let (database, mut admin) = database().await;
    run(
        &mut admin,
        "create schema acme; create table acme._sqlx_migrations (version bigint primary key, description text not null,
           installed_on timestamptz not null default now(), success boolean not null, checksum bytea not null,
           execution_time bigint not null);
         insert into acme._sqlx_migrations values (1, 'one', now(), true, '\\x00', 5);
         create table acme.t (id int generated always as identity, v text); insert into acme.t (v) values ('a'), ('b');
         create function acme.f() returns int language plpgsql as $$ begin execute 'select 1 from acme.t'; return 1; end $$;",
    )
    .await;
    let remarks = clone(&database, "acme", "Blank", false).await;
    assert_eq!(remarks, ["function f(): its text still names acme"]);
    let blank = content(&database, "blank").await;
    let rows: Vec<_> = blank.tables.iter().map(|t| (t.table.as_str(), t.rows)).collect();
    assert_eq!(rows, [("_sqlx_migrations", 1), ("t", 0)]);
    assert_eq!((blank.sequences[0].last_value, blank.sequences[0].is_called), (Some(1), false));
    assert_eq!(changes(&database, "acme", "blank").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_workbook_goes_into_a_tenant_without_rows_and_its_triggers_may_stay_off() {
    let database = acme().await;
    let folder = tempfile::tempdir().unwrap();
    let path = workbook(&database, "acme", &folder).await;
    clone(&database, "acme", "Blank", false).await;
    let mut admin = database.session(Purpose::Create).await.unwrap();
    run(&mut admin, "grant usage on schema blank to pg_monitor; create table blank.more (); ").await;
    let into = |tenant: &str| RestoreRequest { into: Some(tenant.into()), triggers_off: true, ..request(&path, "") };
    let stops = async |tenant: &str| {
        let plan = plan_restore(&database, &into(tenant), &CancellationToken::new()).await.unwrap().plan;
        let stops = plan.checks.into_iter().filter(|check| check.level == CheckLevel::Stop);
        stops.map(|check| check.code).collect::<Vec<_>>()
    };
    // What has rows, or more than the workbook, is left alone.
    assert_eq!(
        (stops("acme").await, stops("blank").await),
        (vec!["target_not_empty".to_owned()], vec!["target_has_more".into()])
    );
    run(&mut admin, "drop table blank.more; drop index blank.person_lower").await;
    let plan = plan_restore(&database, &into("Blank"), &CancellationToken::new()).await.unwrap();
    let home = Home::open(folder.path()).await.unwrap();
    // A row that comes after the plan.
    run(&mut admin, "insert into blank.scratch values (1)").await;
    let late = apply_restore(&home, &database, plan).await.unwrap().run.wait().await;
    assert_eq!(late.tenants[0].error.as_ref().map(|error| error.code.as_str()), Some("target_not_empty"), "{late:?}");
    run(&mut admin, "delete from blank.scratch").await;
    let report = restore(&database, &into("Blank")).await.unwrap();
    assert!(report.schema == "blank" && report.tables.iter().all(|table| table.equal), "{report:?}");
    assert_eq!(content(&database, "acme").await, content(&database, "blank").await);
    assert!(report.remarks.iter().any(|remark| remark.contains("triggers are switched off")), "{report:?}");
    let changes = changes(&database, "acme", "blank").await;
    // The rights on the schema itself are its own.
    let expected = |change: &String| change.contains("Enabled") || change.contains("kind: Schema");
    assert!(!changes.is_empty() && changes.iter().all(expected), "{changes:?}");
    let query = "select nspacl::text like '%pg_monitor%' and obj_description(oid, 'pg_namespace') = 'Blank'
                 from pg_namespace where nspname = 'blank'";
    assert!(sqlx::query_scalar::<_, bool>(query).fetch_one(admin.connection()).await.unwrap());
}

#[tokio::test]
async fn the_history_of_a_tenant_stays_when_the_rows_of_other_tables_go_into_it() {
    let (database, mut admin) = database().await;
    run(
        &mut admin,
        "create schema acme; create table acme._sqlx_migrations (version bigint primary key, description text not null,
           installed_on timestamptz not null default now(), success boolean not null, checksum bytea not null,
           execution_time bigint not null);
         insert into acme._sqlx_migrations values (1, 'one', now(), true, '\\x00', 5);
         create table acme.t (v text); insert into acme.t values ('a');",
    )
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = workbook(&database, "acme", &folder).await;
    clone(&database, "acme", "Blank", false).await;
    run(&mut admin, "update blank._sqlx_migrations set description = 'own'").await;
    let into = |tables: &[&str]| {
        let tables = tables.iter().map(|table| (*table).to_owned()).collect();
        RestoreRequest { into: Some("blank".into()), tables, ..request(&path, "") }
    };
    let history = "select description from blank._sqlx_migrations";
    restore(&database, &into(&["t"])).await.unwrap();
    assert_eq!(sqlx::query_scalar::<_, String>(history).fetch_all(admin.connection()).await.unwrap(), ["own"]);
    run(&mut admin, "delete from blank.t").await;
    restore(&database, &into(&[])).await.unwrap();
    assert_eq!(sqlx::query_scalar::<_, String>(history).fetch_all(admin.connection()).await.unwrap(), ["one"]);
}

#[tokio::test]
async fn a_role_that_may_not_create_schemas_is_told_before_anything_happens() {
    let database = acme().await;
    let folder = tempfile::tempdir().unwrap();
    let path = workbook(&database, "acme", &folder).await;
    let mut admin = database.session(Purpose::Create).await.unwrap();
    run(&mut admin, "create role clerk login").await;
    let clerk = database_as(&database, "clerk").await;
    let error = restore(&clerk, &request(&path, "Copy")).await.unwrap_err();
    assert!(matches!(error.kind(), cadastre_core::ErrorKind::PermissionDenied { .. }), "{error}");
}

#[tokio::test]
async fn a_plan_is_refused_when_the_file_or_the_source_is_another_one_by_then() {
    let database = acme().await;
    let folder = tempfile::tempdir().unwrap();
    let home = Home::open(folder.path()).await.unwrap();
    let path = workbook(&database, "acme", &folder).await;
    let restore = plan_restore(&database, &request(&path, "Copy"), &CancellationToken::new()).await.unwrap();
    let clone = CloneRequest { source: "acme".into(), name: "Twin".into(), schema: None, data: true };
    let clone = plan_clone(&database, &clone).await.unwrap();
    let mut admin = database.session(Purpose::Create).await.unwrap();
    run(&mut admin, "alter table acme.base add column late int").await;
    workbook(&database, "acme", &folder).await;
    let restored = apply_restore(&home, &database, restore).await.unwrap().run.wait().await;
    let cloned = apply_clone(&home, &database, clone).await.unwrap().run.wait().await;
    for summary in [restored, cloned] {
        let error = summary.tenants[0].error.as_ref().map(|error| error.code.as_str());
        assert_eq!((summary.failed, error), (1, Some("plan_stale")));
    }
    // Rows that came since are another matter for a file than for a tenant, which is read when its turn comes.
    let restore = plan_restore(&database, &request(&path, "Copy"), &CancellationToken::new()).await.unwrap();
    let clone = CloneRequest { source: "acme".into(), name: "Twin".into(), schema: None, data: true };
    let clone = plan_clone(&database, &clone).await.unwrap();
    run(&mut admin, "insert into acme.base values (9)").await;
    workbook(&database, "acme", &folder).await;
    let summary = apply_restore(&home, &database, restore).await.unwrap().run.wait().await;
    assert_eq!(summary.failed, 1, "{summary:?}");
    let summary = apply_clone(&home, &database, clone).await.unwrap().run.wait().await;
    assert_eq!(summary.done, 1, "{summary:?}");
    // A table under the one that got a column has its columns in another order now.
    let tables = async |schema| {
        let tables = content(&database, schema).await.tables;
        tables.into_iter().filter(|table| table.table != "derived").collect::<Vec<_>>()
    };
    assert_eq!(tables("acme").await, tables("twin").await);
    let compared = compare_with_tenant(&database, path.as_ref(), "twin", &CancellationToken::new()).await.unwrap();
    assert!(compared.tables.iter().all(|table| table.equal) && compared.same_structure == Some(true), "{compared:?}");
}
