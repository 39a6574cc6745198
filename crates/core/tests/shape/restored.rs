//! Random schemas with random rows of every type: what their workbook restores, what their archive brings back, and what a
//! clone has, is the same.

use crate::fixture::Fixture;
use crate::generator::script;
use cadastre_core::backup::{self, BackupRequest};
use cadastre_core::connection::{Database, Purpose};
use cadastre_core::content::{Content, begin_snapshot, content_in};
use cadastre_core::fleet::RunHandle;
use cadastre_core::local::Home;
use cadastre_core::shape::{Change, Difference, Options, Property, diff, namespaces, read};
use cadastre_core::sql::{Ident, Statement, literal};
use cadastre_core::tenant::{CloneRequest, Selection, apply_clone, plan_clone};
use cadastre_core::workbook::{
    ExportOptions, RestoreRequest, apply_restore, export_tenant, plan_restore, verify_workbook,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use std::collections::HashMap;
use std::path::Path;
use tokio_util::sync::CancellationToken;

const SOURCE: &str = "Ref \"é\".x";

/// Texts that some type or other takes, and that programs stumble over.
const HOSTILE: &[&str] = &[
    "",
    " ",
    "0",
    "-0",
    "1",
    "-1",
    "0.00",
    "-12.50",
    "1e-310",
    "1e308",
    "123456789012345",
    "1234567890123456",
    "0.1",
    "9223372036854775807",
    "-9223372036854775808",
    "2147483647",
    "32767",
    "12345678901234567890.12345678901234567890",
    "NaN",
    "Infinity",
    "-Infinity",
    "true",
    "f",
    "a",
    "=1+1",
    "@x",
    "+1",
    "-x",
    "'",
    "\"",
    "\\",
    "\\\\N",
    "\\N",
    "NULL",
    "#N/A",
    "a\tb\nc\r\n",
    "_x0041_",
    "_x000D_",
    "\u{1}\u{1f}\u{7f}",
    "é😀\u{ffff}\u{10ffff}",
    "<&>\"';--",
    "]]>",
    " lead",
    "trail ",
    "2024-02-29",
    "1900-02-28",
    "1900-03-01",
    "0044-03-15 BC",
    "infinity",
    "-infinity",
    "9999-12-31",
    "10000-01-01",
    "294276-12-31",
    "2024-02-29 23:59:59.999999",
    "2024-02-29 12:00:00.000001+02",
    "1899-12-31 00:00:00+00",
    "4713-01-01 00:00:00 BC",
    "9999-12-31 23:59:59.999999+00",
    "2079-06-06 00:00:00.123457+00",
    "24:00:00",
    "23:59:59.999999",
    "00:00:00",
    "12:30:00.5-08",
    "1 year 2 mons -3 days 04:05:06.789",
    "-1 mon",
    "00:00:00.000001",
    "{}",
    "{1,2}",
    "{NULL}",
    "{\"a,b\",\"NULL\",\"\"}",
    "{{1,2},{3,4}}",
    "[2:3]={1,2}",
    "{t,f}",
    "{2024-02-29}",
    "{\"a\": [1, null, \"\\u00e9\"]}",
    "[]",
    "null",
    "\"x\"",
    "1.50",
    "$.a[*] ? (@ > 1)",
    "\\xdeadbeef",
    "\\x",
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    "192.168.0.1/24",
    "::1",
    "2001:db8::/32",
    "08:00:2b:01:02:03",
    "08:00:2b:01:02:03:04:05",
    "(1.5,-2)",
    "{1,2,3}",
    "[(0,0),(1,1)]",
    "((0,0),(1,1))",
    "((0,0),(1,0),(1,1))",
    "<(0,0),2>",
    "[1,5)",
    "(,)",
    "empty",
    "[2024-01-01,2024-02-01)",
    "[\"2024-01-01 00:00:00+00\",)",
    "{[1,3),[7,9)}",
    "10101",
    "B0",
    "$1,234.50",
    "-$0.01",
    "12.34",
    "fat:1A cat:2B",
    "'a b' & !c",
    "<a b=\"1\">é</a>",
    "<?xml version=\"1.0\"?><x/>",
    "16/B374D848",
    "10:20:10,14,15",
    "(0,1)",
    "pg_class",
    "int4",
    "pg_catalog",
    "english",
    "now",
    "sum(int4)",
    "C",
];

/// What each built-in type takes of them.
struct Values {
    of_type: HashMap<String, Vec<&'static str>>,
    types: Vec<String>,
}

impl Values {
    async fn read(fixture: &mut Fixture) -> Self {
        fixture
            .run(
                "create function public.takes(t text, v text) returns bool language plpgsql as $$ begin \
                 execute pg_catalog.format('select %L::%s', v, t); return true; exception when others then return false; end $$",
            )
            .await;
        // Types that nothing can be put into aside.
        let types = "select pg_catalog.format_type(t.oid, null) from pg_catalog.pg_type t
            where t.typnamespace = 'pg_catalog'::regnamespace and t.typtype in ('b', 'r', 'm') and t.typcategory not in ('P', 'Z', 'X')
                and t.typname not in ('_aclitem', 'aclitem', 'gtsvector', '_gtsvector', 'refcursor', '_refcursor')
                and t.typname not like E'\\\\_pg\\\\_%' and t.typname not like 'pg\\_%'
                and (t.typelem = 0 or t.typcategory <> 'A' or t.typname in ('_text', '_int4', '_bool', '_timestamptz', '_numeric', '_bytea', '_jsonb'))
            order by t.typname";
        let types: Vec<String> = sqlx::query_scalar(types).fetch_all(fixture.session.connection()).await.unwrap();
        let hostile: Vec<&str> = HOSTILE.to_vec();
        let taken = "select t, v from pg_catalog.unnest($1::text[]) t, pg_catalog.unnest($2::text[]) v where public.takes(t, v)";
        let taken: Vec<(String, String)> =
            sqlx::query_as(taken).bind(&types).bind(&hostile).fetch_all(fixture.session.connection()).await.unwrap();
        let mut of_type: HashMap<String, Vec<&'static str>> = HashMap::new();
        // Above this a number may be that of an object of the schema itself: an index, say, which comes behind the rows.
        let own = |text: &str| text.parse::<i64>().is_ok_and(|oid| oid >= 16_384);
        for (data_type, text) in taken.into_iter().filter(|(of, text)| !(of.starts_with("reg") && own(text))) {
            let text = HOSTILE.iter().find(|hostile| **hostile == text).unwrap();
            of_type.entry(data_type).or_default().push(text);
        }
        Self { of_type, types }
    }

    /// A value of a type as SQL.
    fn sql(&self, data_type: &str, choice: u16, text: &str) -> String {
        let plain = matches!(data_type, "text" | "character varying" | "name" | "bpchar" | "character varying(40)");
        if choice.is_multiple_of(5) {
            return "null".into();
        }
        if plain && choice.is_multiple_of(3) {
            let text = text.replace('\0', "");
            return literal(if data_type == "name" { "x" } else { &text });
        }
        match self.of_type.get(data_type).map(Vec::as_slice) {
            // A cast cuts what is too long; storing it would be refused.
            Some(values @ [_, ..]) => format!("{}::{data_type}", literal(values[choice as usize % values.len()])),
            _ => "null".into(),
        }
    }

    fn table(&self) -> String {
        let columns: Vec<String> =
            self.types.iter().enumerate().map(|(n, data_type)| format!("c{n} {data_type}")).collect();
        format!("create table %.kinds ({}); create table %.\"no columns\" ();", columns.join(", "))
    }
}

/// Choices for a schema and its rows.
fn choices() -> impl Strategy<Value = (Vec<u8>, Vec<u16>, Vec<String>)> {
    let text = prop_oneof!["\\PC{0,40}", "[ \\t\\n\\r\\x01-\\x1f\\\\N_x0-9A-F<>&=+@'\"-]{0,20}", any::<String>()];
    (prop::collection::vec(any::<u8>(), 512), prop::collection::vec(any::<u16>(), 700), prop::collection::vec(text, 8))
}

/// `CADASTRE_TEST_RESTORES` asks for more cases.
#[test]
fn a_random_tenant_comes_back_from_its_workbook_from_its_archive_and_as_a_clone() {
    let cases = std::env::var("CADASTRE_TEST_RESTORES").ok().map_or(12, |text| text.parse().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut fixture = runtime.block_on(Fixture::new("", &[]));
    let values = runtime.block_on(Values::read(&mut fixture));
    assert!(values.types.len() > 60 && values.of_type.len() > 60, "{:?}", values.types);
    let fixture = std::cell::RefCell::new(fixture);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 60, ..Config::default() };
    let result = TestRunner::new(config).run(&choices(), |(schema, rows, texts)| {
        let fixture = &mut *fixture.borrow_mut();
        runtime.block_on(case(fixture, &values, &schema, &rows, &texts)).map_err(TestCaseError::fail)
    });
    if let Err(error) = result {
        let text = error.to_string();
        panic!("{}", text.split("minimal failing input").next().unwrap_or_default());
    }
}

async fn case(
    fixture: &mut Fixture,
    values: &Values,
    choices: &[u8],
    rows: &[u16],
    texts: &[String],
) -> Result<(), String> {
    for schema in [SOURCE, "restored", "cloned", "archived"] {
        fixture.in_schema(schema, "drop schema if exists % cascade").await;
    }
    fixture.in_schema(SOURCE, "create schema %").await;
    let made = script(&Ident::new(SOURCE).unwrap(), choices);
    fixture.session.execute(Statement::script(&made)).await.map_err(|error| format!("{error:?}\n{made}"))?;
    fixture.in_schema(SOURCE, &values.table()).await;
    let inserted = fill(fixture, values, rows, texts).await;
    if !inserted.iter().any(|insert| insert.contains(".\"kinds\"")) {
        return Err("no row of all types was taken".into());
    }
    // The problem last: long outputs are cut at their beginning.
    let explained = |problem: String| format!("{made}\n{}\n{problem}", inserted.join("\n"));
    compare_all(&fixture.database).await.map_err(explained)
}

/// Puts rows into every table; those that a constraint refuses are left out.
async fn fill(fixture: &mut Fixture, values: &Values, rows: &[u16], texts: &[String]) -> Vec<String> {
    let columns = "select c.relname::text, a.attname::text, pg_catalog.format_type(b.oid, null), a.attgenerated <> ''
        from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        join pg_catalog.pg_type t on t.oid = a.atttypid
        join pg_catalog.pg_type b on b.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
        where c.relnamespace = pg_catalog.to_regnamespace($1)::oid and c.relkind in ('r', 'p')
        order by c.relname = 'kinds' desc, c.relname, a.attnum";
    let quoted = Ident::new(SOURCE).unwrap();
    let found: Vec<(String, String, String, bool)> =
        sqlx::query_as(columns).bind(quoted.to_string()).fetch_all(fixture.session.connection()).await.unwrap();
    let mut choices = rows.iter().copied().cycle();
    let mut next = || choices.next().unwrap_or_default();
    let mut inserted = Vec::new();
    let mut tables: Vec<&str> = found.iter().map(|(table, ..)| table.as_str()).collect();
    tables.dedup();
    for table in tables {
        let own = found.iter().filter(|(of, _, _, generated)| of == table && !generated);
        let own: Vec<(&str, &str)> =
            own.map(|(_, column, data_type, _)| (column.as_str(), data_type.as_str())).collect();
        for _ in 0..1 + next() % 5 {
            let names: Vec<String> = own.iter().map(|(name, _)| Ident::new(*name).unwrap().to_string()).collect();
            let row: Vec<String> = own
                .iter()
                .map(|(_, data_type)| {
                    let choice = next();
                    values.sql(data_type, choice, &texts[choice as usize % texts.len()])
                })
                .collect();
            let into = quoted.qualify(&Ident::new(table).unwrap());
            let insert = format!(
                "insert into {into} ({}) overriding system value values ({})",
                names.join(", "),
                row.join(", ")
            );
            if fixture.session.execute(Statement::script(&insert)).await.is_ok() {
                inserted.push(insert);
            }
        }
    }
    inserted
}

async fn compare_all(database: &Database) -> Result<(), String> {
    let said = |error: cadastre_core::Error| format!("{error:?}");
    let folder = tempfile::tempdir().unwrap();
    let home = Home::open(folder.path()).await.map_err(said)?;
    let cancel = CancellationToken::new();
    let options = ExportOptions { folder: folder.path().into(), rows_per_sheet: 3, ..ExportOptions::default() };
    let file = export_tenant(database, SOURCE, &options, &|_| (), &cancel).await.map_err(said)?;
    let check = verify_workbook(file.path.as_ref(), &cancel).await.map_err(said)?;
    if !check.intact {
        return Err(format!("{check:?}"));
    }
    let request = RestoreRequest {
        path: file.path.clone(),
        name: "restored".into(),
        schema: None,
        tables: Vec::new(),
        accept_edited: false,
        into: None,
        template: None,
        triggers_off: false,
    };
    let plan = plan_restore(database, &request, &cancel).await.map_err(said)?;
    ended(&apply_restore(&home, database, plan).await.map_err(said)?.run).await?;
    let request = CloneRequest { source: SOURCE.into(), name: "cloned".into(), schema: None, data: true };
    let plan = plan_clone(database, &request).await.map_err(said)?;
    ended(&apply_clone(&home, database, plan).await.map_err(said)?.run).await?;
    let mentions = archive(&home, database, folder.path()).await?;
    let expected = content(database, SOURCE).await.map_err(said)?;
    for copy in ["restored", "cloned", "archived"] {
        let found = content(database, copy).await.map_err(said)?;
        if found != expected {
            return Err(format!("{copy}: {found:?}\ninstead of {expected:?}"));
        }
        let mut session = database.session(Purpose::Catalog).await.map_err(said)?;
        let names = namespaces(&mut session, &[SOURCE.to_owned(), copy.to_owned()]).await.map_err(said)?;
        let one = read(&mut session, &names[0]).await.map_err(said)?;
        let other = read(&mut session, &names[1]).await.map_err(said)?;
        let mut changes = diff(&one, &other, Options { column_order: true, grants: true });
        if copy == "archived" {
            // `pg_dump` keeps the text of routines as it is; those that name the schema there are told.
            changes.retain(|change| !is_told(change, &mentions));
        }
        if !changes.is_empty() {
            return Err(format!("{copy}: {changes:?}"));
        }
    }
    Ok(())
}

fn is_told(change: &Change, mentions: &[String]) -> bool {
    let body = matches!(change.difference, Difference::Changed { property: Property::Body, .. });
    body && mentions.iter().any(|routine| routine.contains(&change.object.name))
}

/// Backs the tenant up with `pg_dump`, and brings it back beside itself. Answers which routines name the old schema.
async fn archive(home: &Home, database: &Database, folder: &Path) -> Result<Vec<String>, String> {
    let said = |error: cadastre_core::Error| format!("{error:?}");
    let request = BackupRequest { folder: folder.display().to_string(), verify: false };
    let plan = backup::plan(home, database, request, &Selection::named([SOURCE.to_owned()])).await.map_err(said)?;
    let backup = backup::apply(home, database, plan).await.map_err(said)?;
    ended(&backup.run).await?;
    let written = backup.backups().remove(0);
    let archive = backup::find(&written.path, None).map_err(said)?;
    let plan = backup::plan_restore(home, database, archive, Some("archived")).await.map_err(said)?;
    let returned = backup::apply_return(home, database, plan).await.map_err(said)?;
    ended(&returned.run).await?;
    Ok(returned.report().map(|report| report.mentions).unwrap_or_default())
}

async fn ended(run: &RunHandle) -> Result<(), String> {
    let summary = run.wait().await;
    if summary.done == 1 { Ok(()) } else { Err(format!("{:?}", summary.tenants)) }
}

async fn content(database: &Database, schema: &str) -> cadastre_core::Result<Content> {
    let mut session = database.session(Purpose::Export).await?;
    begin_snapshot(&mut session).await?;
    let content = content_in(&mut session, schema, None, &|_| true).await?;
    session.execute("commit").await?;
    session.close().await;
    Ok(content)
}
