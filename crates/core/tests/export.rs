//! Workbooks of real schemas on a real server, read back with another program's reader.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not get ends it")]

mod common;

use cadastre_core::ErrorKind;
use cadastre_core::connection::Database;
use cadastre_core::workbook::{ExportOptions, ExportedFile, export_tenant};
use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use common::{database, database_as, run};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

async fn export(database: &Database, schema: &str, folder: &TempDir) -> ExportedFile {
    let options = ExportOptions { folder: folder.path().into(), ..ExportOptions::default() };
    export_tenant(database, schema, &options, &|_| (), &CancellationToken::new()).await.unwrap()
}

async fn refused(database: &Database, schema: &str, options: &ExportOptions) -> ErrorKind {
    let error = export_tenant(database, schema, options, &|_| (), &CancellationToken::new()).await.unwrap_err();
    error.kind().clone()
}

fn sheets(file: &ExportedFile) -> Vec<String> {
    let book: Xlsx<_> = open_workbook(&file.path).unwrap();
    // Those that every workbook has are looked at elsewhere.
    let everywhere =
        |name: &String| name == "Contents" || name.starts_with("_structure") || name.starts_with("_checks");
    book.sheet_names().into_iter().filter(|name| !everywhere(name)).collect()
}

fn sheet(file: &ExportedFile, name: &str) -> Range<Data> {
    let mut book: Xlsx<_> = open_workbook(&file.path).unwrap();
    book.worksheet_range(name).unwrap()
}

fn text(range: &Range<Data>, row: u32, column: u32) -> String {
    match range.get_value((row, column)) {
        Some(Data::String(text)) => text.clone(),
        other => panic!("row {row}, column {column}: {other:?}"),
    }
}

fn number(range: &Range<Data>, row: u32, column: u32) -> f64 {
    match range.get_value((row, column)) {
        Some(Data::Float(number)) => *number,
        Some(Data::DateTime(moment)) => moment.as_f64(),
        other => panic!("row {row}, column {column}: {other:?}"),
    }
}

fn empty(range: &Range<Data>, row: u32, column: u32) -> bool {
    matches!(range.get_value((row, column)), None | Some(Data::Empty))
}

/// `property` rows of the manifest.
fn property(file: &ExportedFile, key: &str) -> String {
    let manifest = sheet(file, "_manifest");
    let mut rows = manifest.rows();
    let row = rows.find(|r| r[0] == Data::String("property".into()) && r[1] == Data::String(key.into())).unwrap();
    row[3].to_string()
}

fn files(folder: &Path) -> Vec<String> {
    std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
}

#[tokio::test]
async fn values_are_cells_of_their_own_kind() {
    let (database, mut session) = database().await;
    run(
        &mut session,
        "create schema acme;
         create domain acme.price as numeric(10,2);
         create domain acme.special_price as acme.price check (value > 0);
         create type acme.mood as enum ('sad', 'happy');
         create table acme.all_types (
            small int2, whole int4, large int8, exact numeric, price acme.special_price, real float4, double float8,
            yes bool, day date, clock time, wall timestamp, moment timestamptz, plain text, limited varchar(10),
            id uuid, doc jsonb, bytes bytea, span interval, list int[], mood acme.mood, period tstzrange, zone timetz);
         insert into acme.all_types values (
            -32768, 2147483647, 999999999999999, 12.50, 9.90, 0.1, 0.1,
            true, '2024-02-29', '12:30:00', '2024-02-29 12:34:56.789', '2024-02-29 12:34:56.123456+02', '=1+1', '007',
            '6ecd8c99-4036-403d-bf84-cf8400f67836', '{\"a\": 1}', '\\xdeadbeef', '1 day 02:00', '{1,NULL,3}', 'happy',
            '[2024-01-01,)', '10:00+02'),
          (null, -1, 9223372036854775807, 12345678901234567890.5, null, 'NaN', '-Infinity',
            false, 'infinity', '24:00', '-infinity', '0044-03-15 BC', '', null, null, null, null, null, null, null, null, null);",
    )
    .await;
    let folder = TempDir::new().unwrap();
    let file = export(&database, "acme", &folder).await;
    assert_eq!(file.tables.len(), 1);
    assert_eq!((file.tables[0].rows, file.sheets, file.overflow_cells), (2, 1, 0));
    let range = sheet(&file, "all_types");
    let headings: Vec<String> = (0..22).map(|c| text(&range, 0, c)).collect();
    assert_eq!(headings[..4], ["small", "whole", "large", "exact"]);
    assert_eq!(headings[11], "moment (UTC)");

    let numbers = [-32768.0, 2147483647.0, 999_999_999_999_999.0, 12.5, 9.9, 0.1, 0.1];
    for (column, expected) in numbers.into_iter().enumerate() {
        assert_eq!(number(&range, 1, column as u32), expected, "{}", headings[column]);
    }
    assert_eq!(range.get_value((1, 7)), Some(&Data::Bool(true)));
    assert_eq!(range.get_value((2, 7)), Some(&Data::Bool(false)));
    assert_eq!(number(&range, 1, 8), 45351.0);
    assert!((number(&range, 1, 9) - 12.5 / 24.0).abs() < 1e-15);
    let micros = |serial: f64| (serial.fract() * 86_400e6).round();
    assert_eq!(micros(number(&range, 1, 10)), ((12.0 * 60.0 + 34.0) * 60.0 + 56.789) * 1e6);
    assert_eq!(micros(number(&range, 1, 11)), ((10.0 * 60.0 + 34.0) * 60.0 + 56.123456) * 1e6);
    let texts = [
        "=1+1",
        "007",
        "6ecd8c99-4036-403d-bf84-cf8400f67836",
        "{\"a\": 1}",
        "\\xdeadbeef",
        "1 day 02:00:00",
        "{1,NULL,3}",
        "happy",
        "[\"2024-01-01 00:00:00+00\",)",
        "10:00:00+02",
    ];
    for (column, expected) in texts.into_iter().enumerate() {
        assert_eq!(text(&range, 1, column as u32 + 12), expected);
    }
    let not_in_excel = [
        (2, "9223372036854775807"),
        (3, "12345678901234567890.5"),
        (5, "NaN"),
        (6, "-Infinity"),
        (8, "infinity"),
        (9, "24:00:00"),
        (10, "-infinity"),
        (11, "0044-03-15 00:00:00+00 BC"),
    ];
    for (column, expected) in not_in_excel {
        assert_eq!(text(&range, 2, column), expected);
    }
}

#[tokio::test]
async fn null_is_no_cell_and_the_empty_text_is_one() {
    let (database, mut session) = database().await;
    run(
        &mut session,
        "create schema acme; create table acme.t (a text, b text, c int);
         insert into acme.t values (null, '', 1), ('x', null, 2), (null, null, null)",
    )
    .await;
    let folder = TempDir::new().unwrap();
    let file = export(&database, "acme", &folder).await;
    let range = sheet(&file, "t");
    assert!(empty(&range, 1, 0) && empty(&range, 2, 1));
    assert_eq!(text(&range, 1, 1), "");
    assert_eq!(file.tables[0].rows, 3);
}

#[tokio::test]
async fn hostile_names_and_texts_come_through() {
    let (database, mut session) = database().await;
    run(
        &mut session,
        r#"create schema "Ac""me.été 😀"; create schema "1st/../x";
           create table "Ac""me.été 😀"."Or'der [1]" ("select" int, "a b" text, "c.d" text, "é""😀" text, "0" text);
           insert into "Ac""me.été 😀"."Or'der [1]" values
             (1, E'tab\tnew\nline\rback\\slash', E' \x01_x0041_ ', '\N', '<b>&amp;"');
           create table "Ac""me.été 😀"."or'der [1]" (a int);
           create table "Ac""me.été 😀"."_manifest" (a int);
           create table "Ac""me.été 😀"."=cmd()" (a int);"#,
    )
    .await;
    let folder = TempDir::new().unwrap();
    let file = export(&database, "Ac\"me.été 😀", &folder).await;
    assert_eq!(sheets(&file), ["=cmd()", "Or'der _1_", "_manifest~2", "or'der _1_~2", "_manifest"]);
    let range = sheet(&file, "Or'der _1_");
    let headings: Vec<String> = (0..5).map(|c| text(&range, 0, c)).collect();
    assert_eq!(headings, ["select", "a b", "c.d", "é\"😀", "0"]);
    assert_eq!(text(&range, 1, 1), "tab\tnew\nline\rback\\slash");
    assert_eq!(text(&range, 1, 2), " \u{1}_x0041_ ");
    assert_eq!(text(&range, 1, 3), "\\N");
    assert_eq!(text(&range, 1, 4), "<b>&amp;\"");
    assert_eq!(property(&file, "schema"), "Ac\"me.été 😀");

    let file = export(&database, "1st/../x", &folder).await;
    assert_eq!(Path::new(&file.path).parent(), Some(folder.path()));
    assert_eq!(sheets(&file), ["_manifest"]);
    assert_eq!(files(folder.path()).len(), 2);
}

#[tokio::test]
async fn a_long_table_continues_on_further_sheets_and_no_row_is_lost() {
    let (database, mut session) = database().await;
    run(
        &mut session,
        "create schema acme; create table acme.numbers as select g as n from generate_series(1, 25) g;
         create table acme.\"numbers (2)\" (a int)",
    )
    .await;
    let folder = TempDir::new().unwrap();
    let options = ExportOptions { folder: folder.path().into(), rows_per_sheet: 10, ..ExportOptions::default() };
    let file = export_tenant(&database, "acme", &options, &|_| (), &CancellationToken::new()).await.unwrap();
    assert_eq!((file.tables[0].rows, file.sheets), (25, 4));
    assert_eq!(sheets(&file), ["numbers", "numbers~2 (2)", "numbers (3)", "numbers (2)", "_manifest"]);
    let mut seen = Vec::new();
    for name in ["numbers", "numbers~2 (2)", "numbers (3)"] {
        let range = sheet(&file, name);
        assert_eq!(text(&range, 0, 0), "n");
        seen.extend((1..range.height() as u32).map(|row| number(&range, row, 0) as u32));
    }
    assert_eq!(seen, (1..=25).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_table_of_exactly_one_sheet_has_one_sheet() {
    let (database, mut session) = database().await;
    run(&mut session, "create schema acme; create table acme.n as select generate_series(1, 10) as n").await;
    let folder = TempDir::new().unwrap();
    let options = ExportOptions { folder: folder.path().into(), rows_per_sheet: 10, ..ExportOptions::default() };
    let file = export_tenant(&database, "acme", &options, &|_| (), &CancellationToken::new()).await.unwrap();
    assert_eq!(sheets(&file), ["n", "_manifest"]);
}

#[tokio::test]
async fn what_does_not_fit_into_a_cell_stands_whole_in_the_overflow_sheet() {
    let (database, mut session) = database().await;
    run(
        &mut session,
        "create schema acme; create table acme.notes (id int, body text, at timestamptz);
         insert into acme.notes values (1, repeat('aé😀', 30000), '9999-12-31 23:59:59.999123+00'),
            (2, repeat('x', 32767), '9999-12-31 23:59:59+00'), (3, repeat('é', 32767), null)",
    )
    .await;
    let folder = TempDir::new().unwrap();
    let file = export(&database, "acme", &folder).await;
    assert_eq!(file.overflow_cells, 2);
    let notes = sheet(&file, "notes");
    let shown = text(&notes, 1, 1);
    assert!(shown.encode_utf16().count() <= 32_767);
    assert!(
        shown.starts_with("aé😀aé😀") && shown.contains("90000") && shown.ends_with(']'),
        "{}",
        &shown[shown.len() - 60..]
    );
    assert_eq!(text(&notes, 2, 1).len(), 32_767);
    assert_eq!(text(&notes, 3, 1).chars().count(), 32_767);
    let overflow = sheet(&file, "_overflow");
    let mut whole = String::new();
    let mut rounded = Vec::new();
    for row in overflow.rows().skip(1) {
        assert_eq!(row[0], Data::String("notes".into()));
        match row[1].to_string().as_str() {
            "body" => whole += &row[7].to_string(),
            _ => rounded.push((row[3].to_string(), row[4].to_string(), row[7].to_string())),
        }
    }
    assert_eq!(whole, "aé😀".repeat(30_000));
    assert_eq!(rounded, [("C2".to_owned(), "rounded".to_owned(), "9999-12-31 23:59:59.999123+00".to_owned())]);
}

#[tokio::test]
async fn partitions_inheritance_and_views_are_exported_once() {
    let (database, mut session) = database().await;
    run(
        &mut session,
        "create schema acme; create schema elsewhere;
         create table acme.log (id int, day date) partition by range (day);
         create table acme.log_2024 partition of acme.log for values from ('2024-01-01') to ('2025-01-01');
         create table elsewhere.log_2025 partition of acme.log for values from ('2025-01-01') to ('2026-01-01');
         insert into acme.log values (1, '2024-05-01'), (2, '2025-05-01');
         create table acme.parent (a int, double int generated always as (a * 2) stored); create table acme.child () inherits (acme.parent);
         insert into acme.parent values (1); insert into acme.child values (2), (3);
         create view acme.v as select 1 as one; create materialized view acme.m as select 2 as two;
         create table acme.nothing (); insert into acme.nothing default values; insert into acme.nothing default values;
         create table acme.\"none\" (a int)",
    )
    .await;
    let folder = TempDir::new().unwrap();
    let file = export(&database, "acme", &folder).await;
    let rows: Vec<_> = file.tables.iter().map(|t| (t.table.as_str(), t.rows)).collect();
    assert_eq!(rows, [("child", 2), ("log", 2), ("none", 0), ("nothing", 2), ("parent", 1)]);
    assert_eq!(number(&sheet(&file, "parent"), 1, 1), 2.0);
    let manifest = sheet(&file, "_manifest");
    let omitted: Vec<_> = manifest
        .rows()
        .filter(|r| r[0] == Data::String("omitted".into()))
        .map(|r| format!("{}: {}", r[1], r[2]))
        .collect();
    assert_eq!(omitted, ["log_2024: partition", "m: materialized view", "v: view"]);

    let named = ["v", "m", "log_2024"].map(str::to_owned).to_vec();
    let options = ExportOptions { folder: folder.path().into(), tables: named, ..ExportOptions::default() };
    let file = export_tenant(&database, "acme", &options, &|_| (), &CancellationToken::new()).await.unwrap();
    let rows: Vec<_> = file.tables.iter().map(|t| (t.table.as_str(), t.rows)).collect();
    assert_eq!(rows, [("log_2024", 1), ("m", 1), ("v", 1)]);
}

#[tokio::test]
async fn the_manifest_says_where_the_data_comes_from() {
    let (database, mut session) = database().await;
    run(
        &mut session,
        "create schema acme;
         create table acme._sqlx_migrations (version bigint, success bool, checksum bytea, execution_time bigint);
         insert into acme._sqlx_migrations values (20240101000000, true, '\\x01', 1), (20240202000000, true, '\\x02', 1),
            (20240303000000, false, '\\x03', -1);
         create table acme.people (id int, born date); insert into acme.people values (1, '2000-01-01'), (2, null);
         create table acme.again (id int, born date); insert into acme.again values (2, null), (1, '2000-01-01')",
    )
    .await;
    let folder = TempDir::new().unwrap();
    let options = ExportOptions {
        folder: folder.path().into(),
        language: "fr".into(),
        created_by: "marie@poste".into(),
        ..ExportOptions::default()
    };
    let file = export_tenant(&database, "acme", &options, &|_| (), &CancellationToken::new()).await.unwrap();
    assert_eq!(property(&file, "created_by"), "marie@poste");
    assert_eq!(property(&file, "schema_version"), "20240202000000");
    assert!(property(&file, "wal_position").contains('/'));
    assert!(property(&file, "snapshot").contains(':'));
    let manifest = sheet(&file, "_manifest");
    assert_eq!(text(&manifest, 0, 1), "Classeur de acme");
    // The same rows in another order have the same digest.
    let digest = |table: &str| file.tables.iter().find(|t| t.table == table).unwrap().digest.clone();
    assert_eq!(digest("people"), digest("again"));
    assert_eq!(digest("people").len(), 64);
    assert_ne!(digest("people"), digest("_sqlx_migrations"));
    let columns: Vec<_> =
        manifest.rows().filter(|r| r[0] == Data::String("column".into())).map(|r| r[3].to_string()).collect();
    assert_eq!(columns, ["bigint", "boolean", "bytea", "bigint", "integer", "date", "integer", "date"]);
}

#[tokio::test]
async fn a_profile_cannot_change_the_form_of_values() {
    let (database, mut session) = database().await;
    run(
        &mut session,
        "create schema acme; create table acme.t as select '2024-02-29 12:00+00'::timestamptz as at, '\\xff'::bytea as b, '1 day'::interval as i",
    )
    .await;
    let mut profile = database.profile().clone();
    let options = [
        ("timezone", "Asia/Tokyo"),
        ("datestyle", "SQL, DMY"),
        ("bytea_output", "escape"),
        ("intervalstyle", "iso_8601"),
    ];
    profile.options = options.map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec();
    let database = Database::connect(profile, None).await.unwrap();
    let folder = TempDir::new().unwrap();
    let file = export(&database, "acme", &folder).await;
    let range = sheet(&file, "t");
    assert_eq!(number(&range, 1, 0), 45351.5);
    assert_eq!((text(&range, 1, 1), text(&range, 1, 2)), ("\\xff".to_owned(), "1 day".to_owned()));
}

#[tokio::test]
async fn every_table_shows_the_same_moment() {
    let (database, mut session) = database().await;
    run(
        &mut session,
        "create schema acme; create table acme.a as select g, repeat('x', 500) as pad from generate_series(1, 20000) g;
         create table acme.b as select 1 as n",
    )
    .await;
    let folder = TempDir::new().unwrap();
    let options = ExportOptions { folder: folder.path().into(), ..ExportOptions::default() };
    let (started, start) = std::sync::mpsc::channel();
    let (resume, resumed) = std::sync::mpsc::channel::<()>();
    let resumed = std::sync::Mutex::new(resumed);
    // The export stands still in its first table until another session has committed.
    let progress = move |_| {
        let _ = started.send(());
        let _ = resumed.lock().unwrap().recv_timeout(std::time::Duration::from_secs(20));
    };
    let token = CancellationToken::new();
    let exporting = {
        let database = database.clone();
        tokio::task::spawn_blocking(move || {
            tokio::runtime::Handle::current()
                .block_on(async move { export_tenant(&database, "acme", &options, &progress, &token).await })
        })
    };
    tokio::task::spawn_blocking(move || start.recv().unwrap()).await.unwrap();
    run(&mut session, "insert into acme.b values (2); delete from acme.a").await;
    drop(resume);
    let file = exporting.await.unwrap().unwrap();
    let rows: Vec<_> = file.tables.iter().map(|t| t.rows).collect();
    assert_eq!(rows, [20_000, 1]);
}

#[tokio::test]
async fn a_cancelled_export_leaves_nothing_and_stops_the_server() {
    let (database, mut session) = database().await;
    run(
        &mut session,
        "create schema acme; create table acme.big as select g, repeat('x', 200) as pad from generate_series(1, 200000) g",
    )
    .await;
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("acme.xlsx"), "an older workbook").unwrap();
    let options = ExportOptions { folder: folder.path().into(), ..ExportOptions::default() };
    let token = CancellationToken::new();
    let seen = AtomicU64::new(0);
    let progress = |rows| {
        seen.store(rows, Ordering::Relaxed);
        token.cancel();
    };
    let error = export_tenant(&database, "acme", &options, &progress, &token).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Cancelled);
    assert!(seen.load(Ordering::Relaxed) < 200_000);
    assert_eq!(files(folder.path()), ["acme.xlsx"]);
    assert_eq!(std::fs::read(folder.path().join("acme.xlsx")).unwrap(), b"an older workbook");
    let busy = "select 1 from pg_catalog.pg_stat_activity where application_name = 'cadastre export' and state = 'active' and datname = current_database()";
    for _ in 0..100 {
        if session.rows(busy).await.unwrap().is_empty() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the server still works for a cancelled export");
}

#[tokio::test]
async fn a_server_that_goes_away_leaves_nothing() {
    let (database, mut session) = database().await;
    run(
        &mut session,
        "create schema acme; create table acme.big as select g, repeat('x', 200) as pad from generate_series(1, 300000) g",
    )
    .await;
    let folder = TempDir::new().unwrap();
    let options = ExportOptions { folder: folder.path().into(), ..ExportOptions::default() };
    let (started, start) = std::sync::mpsc::channel();
    let (resume, resumed) = std::sync::mpsc::channel::<()>();
    let resumed = std::sync::Mutex::new(resumed);
    let progress = move |_| {
        let _ = started.send(());
        let _ = resumed.lock().unwrap().recv_timeout(std::time::Duration::from_secs(20));
    };
    let exporting = {
        let (database, token) = (database.clone(), CancellationToken::new());
        tokio::task::spawn_blocking(move || {
            tokio::runtime::Handle::current()
                .block_on(async move { export_tenant(&database, "acme", &options, &progress, &token).await })
        })
    };
    tokio::task::spawn_blocking(move || start.recv().unwrap()).await.unwrap();
    run(
        &mut session,
        "select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity
         where application_name = 'cadastre export' and datname = current_database()",
    )
    .await;
    drop(resume);
    let error = exporting.await.unwrap().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ServerUnavailable | ErrorKind::ConnectionLost), "{error:?}");
    assert!(files(folder.path()).is_empty());
}

#[tokio::test]
async fn a_finished_export_replaces_an_older_one() {
    let (database, mut session) = database().await;
    run(&mut session, "create schema acme; create table acme.t (a int)").await;
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("acme.xlsx"), "an older workbook").unwrap();
    let file = export(&database, "acme", &folder).await;
    assert_eq!(files(folder.path()), ["acme.xlsx"]);
    assert_eq!(std::fs::metadata(&file.path).unwrap().len(), file.bytes);
    assert_eq!(sheets(&file), ["t", "_manifest"]);
}

#[tokio::test]
async fn what_is_missing_or_forbidden_is_named() {
    let (database, mut session) = database().await;
    run(
        &mut session,
        "create schema acme; create table acme.open (a int); create table acme.closed (a int);
         create table acme.guarded (a int); insert into acme.guarded values (1), (2);
         alter table acme.guarded enable row level security; create policy mine on acme.guarded using (a = 1);
         create role reader login; grant usage on schema acme to reader; grant select on acme.open, acme.guarded to reader",
    )
    .await;
    let folder = TempDir::new().unwrap();
    let options = ExportOptions { folder: folder.path().into(), ..ExportOptions::default() };
    assert_eq!(refused(&database, "other", &options).await, ErrorKind::TenantMissing { name: "other".into() });
    let missing = ExportOptions { tables: vec!["open".into(), "gone".into()], ..options.clone() };
    let kind = refused(&database, "acme", &missing).await;
    assert_eq!(kind, ErrorKind::TableMissing { schema: "acme".into(), table: "gone".into() });
    let nowhere = ExportOptions { folder: folder.path().join("nowhere"), ..options.clone() };
    assert!(matches!(refused(&database, "acme", &nowhere).await, ErrorKind::TargetNotWritable { .. }));

    let reader = database_as(&database, "reader").await;
    let denied = ErrorKind::PermissionDenied { role: "reader".into(), action: "read acme.closed".into() };
    assert_eq!(refused(&reader, "acme", &options).await, denied);
    // Rows that a policy hides would be missing without a word.
    let guarded = ExportOptions { tables: vec!["guarded".into()], ..options.clone() };
    let denied = ErrorKind::PermissionDenied { role: "reader".into(), action: "read all rows of acme.guarded".into() };
    assert_eq!(refused(&reader, "acme", &guarded).await, denied);
    assert!(files(folder.path()).is_empty());
    let open = ExportOptions { tables: vec!["open".into()], ..options };
    export_tenant(&reader, "acme", &open, &|_| (), &CancellationToken::new()).await.unwrap();
    run(&mut session, "drop owned by reader; drop role reader").await;
}

#[tokio::test]
async fn a_history_of_another_form_leaves_the_version_unknown_and_the_tenant_exportable() {
    let (database, mut session) = database().await;
    run(
        &mut session,
        "create schema odd; create table odd._sqlx_migrations (version bigint, success text);
         insert into odd._sqlx_migrations values (1, 'yes'); create table odd.t (id int)",
    )
    .await;
    let folder = TempDir::new().unwrap();
    let file = export(&database, "odd", &folder).await;
    assert_eq!(file.tables.len(), 2);
}

#[tokio::test]
async fn the_last_microsecond_of_the_calendar_is_text_and_exact() {
    let (database, mut session) = database().await;
    run(
        &mut session,
        "create schema late; create table late.t (wall timestamp);
         insert into late.t values ('9999-12-31 23:59:59.999999'), ('9999-12-31 23:59:59')",
    )
    .await;
    let folder = TempDir::new().unwrap();
    let file = export(&database, "late", &folder).await;
    assert!(file.verified);
    let range = sheet(&file, "t");
    assert_eq!(text(&range, 1, 0), "9999-12-31 23:59:59.999999");
    assert!(number(&range, 2, 0) < 2_958_466.0);
}
