//! A sample database on every major version that the tests have: out to workbooks and archives, and back from them, also on
//! another version.

use cadastre_core::connection::Purpose;
use cadastre_tests::{Cli, TestDatabase, postgres};
use serde_json::{Value, json};
use std::process::Command;

const RENTAL: &str = include_str!("../fixtures/rental.sql");
/// The major versions that are fetched for the tests, beside the installed one.
const FETCHED: [u32; 4] = [14, 16, 17, 18];

/// A database with the tenant `rental`.
async fn rental(database: &TestDatabase) {
    // One batch is one transaction: what the script commits itself has to be apart.
    let script = format!("create schema rental; set search_path = rental; {RENTAL}; reset search_path");
    database.execute(&script).await;
}

/// A command line that finds the client programs of a version first.
fn cli(database: &TestDatabase, major: u32) -> Cli {
    let cli = Cli::on(&database.url());
    let Some(folder) = std::env::var_os(format!("CADASTRE_TEST_PG_{major}")) else { return cli };
    let path = std::env::var("PATH").unwrap_or_default();
    cli.env("PATH", &format!("{}:{path}", folder.to_string_lossy()))
}

async fn equal(cli: &Cli, file: &str, tenant: &str) -> Value {
    let compared = cli.json(&["workbook", "verify", file, "--against", tenant]).await["against"].clone();
    let tables = compared["tables"].as_array().expect("tables");
    assert!(tables.len() == 11 && tables.iter().all(|table| table["equal"] == true), "{tenant}: {compared}");
    compared
}

async fn round_trip(database: &TestDatabase, major: u32) -> (Cli, String) {
    let cli = cli(database, major);
    rental(database).await;
    let exported = cli.json(&["export", "rental", "--to", &cli.path("")]).await;
    assert_eq!(exported["files"][0]["verified"], true, "{exported}");
    let file = exported["files"][0]["path"].as_str().expect("a path").to_owned();
    let verified = cli.json(&["workbook", "verify", &file]).await;
    assert_eq!(verified["intact"], true, "{verified}");

    let restored = cli.json(&["workbook", "restore", &file, "--as", "From the workbook"]).await;
    assert_eq!(restored["remarks"], json!([]), "{restored}");
    let cloned = cli.json(&["tenant", "clone", "rental", "Twin"]).await;
    assert_eq!(cloned["done"], 1, "{cloned}");
    let saved = cli.json(&["backup", "create", "rental", "--to", &cli.path("")]).await;
    assert_eq!(saved["verified"], true, "{saved}");
    let archive = saved["path"].as_str().expect("a path");
    let back = cli.json(&["backup", "restore", archive, "--as", "From the archive"]).await;
    assert_eq!(back["run"]["done"], 1, "{back}");
    for copy in ["from_the_workbook", "twin", "from_the_archive"] {
        let compared = equal(&cli, &file, copy).await;
        assert_eq!(compared["same_structure"], true, "{copy}: {compared}");
    }
    let dropped = cli.json(&["tenant", "drop", "rental", "--yes"]).await;
    assert!(dropped["archive"].is_string() && dropped["quarantined_as"].is_string(), "{dropped}");
    cli.json(&["tenant", "undrop", "rental"]).await;
    equal(&cli, &file, "rental").await;
    cli.json(&["tenant", "drop", "rental", "--yes"]).await;
    cli.json(&["tenant", "purge", "rental", "--older-than", "0d", "--yes"]).await;
    cli.json(&["workbook", "restore", &file, "--as", "Rental"]).await;
    equal(&cli, &file, "rental").await;
    // A new row has a new number.
    database.execute("insert into rental.film (title, language_id) values ('NEW', 1)").await;
    (cli, file)
}

#[tokio::test]
async fn a_sample_goes_out_and_comes_back() {
    round_trip(&TestDatabase::new().await, 15).await;
}

/// What LibreOffice makes of a workbook: numbers with 15 digits, no cells with an empty text, another name of the program.
const SAVED: &str = r#"
import re, sys, zipfile
path = sys.argv[1]
parts = {entry.filename: zipfile.ZipFile(path).read(entry) for entry in zipfile.ZipFile(path).infolist()}
for name in parts:
    if name.startswith('xl/worksheets/sheet'):
        text = parts[name].decode()
        text = re.sub(r'<c [^>]*t="inlineStr"[^>]*><is><t[^>]*(?:/>|></t>)</is></c>', '', text)
        text = re.sub(r'<v>(-?[0-9.]{17,})</v>', lambda number: '<v>%.15g</v>' % float(number.group(1)), text)
        parts[name] = text.encode()
parts['docProps/app.xml'] = parts['docProps/app.xml'].replace(b'>Cadastre<', b'>LibreOffice<')
with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as book:
    for name, part in parts.items():
        book.writestr(name, part)
"#;

#[tokio::test]
async fn a_sample_saved_with_fifteen_digits_and_without_empty_texts_comes_back_whole() {
    let database = TestDatabase::new().await;
    let cli = cli(&database, 15);
    rental(&database).await;
    let exported = cli.json(&["export", "rental", "--to", &cli.path("")]).await;
    let file = exported["files"][0]["path"].as_str().expect("a path");
    let before = std::fs::metadata(file).expect("the file").len();
    let saved = Command::new("python3").args(["-c", SAVED, file]).output().expect("python3 runs");
    assert!(saved.status.success(), "{}", String::from_utf8_lossy(&saved.stderr));
    assert_ne!(std::fs::metadata(file).expect("the file").len(), before);
    let call = cli.run(&["workbook", "verify", file, "--json"]).await;
    let check = call.document();
    assert_eq!((call.code, &check["saved_by_another_program"]), (1, &json!(true)), "{call}");
    let tables = check["tables"].as_array().expect("tables");
    assert!(tables.iter().all(|table| table["equal"] == true), "{check}");
    cli.refused(&["workbook", "restore", file, "--as", "Copy"], 4, "workbook_edited").await;
    let restored = cli.json(&["workbook", "restore", file, "--as", "Copy", "--accept-edited"]).await;
    let tables = restored["tables"].as_array().expect("tables");
    assert!(tables.iter().all(|table| table["equal"] == true), "{restored}");
    assert_eq!(restored["remarks"], json!([]), "{restored}");
}

#[tokio::test]
async fn a_sample_goes_out_and_comes_back_on_every_version_and_from_each_to_the_next_and_back() {
    let servers = futures::future::join_all(FETCHED.map(postgres::cluster_of_version)).await;
    let installed = TestDatabase::new().await;
    let mut databases = vec![(15, installed)];
    for (major, server) in FETCHED.into_iter().zip(&servers) {
        databases.push((major, TestDatabase::on(server).await.expect("a database")));
    }
    databases.sort_by_key(|(major, _)| *major);
    let trips = databases.iter().map(|(major, database)| round_trip(database, *major));
    let made = futures::future::join_all(trips).await;
    let neighbours = (1..made.len()).flat_map(|at| [(at - 1, at), (at, at - 1)]);
    // The longest way too.
    for (from, to) in neighbours.chain([(0, made.len() - 1), (made.len() - 1, 0)]) {
        let (file, cli) = (&made[from].1, &made[to].0);
        let tenant = format!("From {}", databases[from].0);
        let restored = cli.json(&["workbook", "restore", file, "--as", &tenant]).await;
        assert_eq!(restored["run"]["done"], 1, "{restored}");
        assert!(equal(cli, file, &tenant.to_lowercase().replace(' ', "_")).await["same_structure"].is_null());
    }
}

#[tokio::test]
async fn an_index_that_was_never_finished_stays_behind_and_hinders_nothing() {
    let database = TestDatabase::new().await;
    let cli = cli(&database, 15);
    database
        .execute(
            "create schema acme; create table acme.item (id int primary key, code int); insert into acme.item values (1, 7), (2, 7);
             create table acme.entry (at date) partition by range (at);
             create table acme.entry_1 partition of acme.entry for values from ('2026-01-01') to ('2027-01-01');
             create index entry_at on only acme.entry (at)",
        )
        .await;
    let mut session = database.database.session(Purpose::Create).await.expect("a session");
    let index = "create unique index concurrently item_code on acme.item (code)";
    session.execute(index).await.expect_err("two rows have the same code");
    session.close().await;
    let invalid = "select string_agg(indexrelid::regclass::text, ' ' order by 1) from pg_index where not indisvalid";
    assert_eq!(database.value(invalid).await, "acme.entry_at acme.item_code");
    let exported = cli.json(&["export", "acme", "--to", &cli.path("")]).await;
    let file = exported["files"][0]["path"].as_str().expect("a path");
    let restored = cli.json(&["workbook", "restore", file, "--as", "Copy"]).await;
    assert_eq!(restored["remarks"].as_array().map(Vec::len), Some(1), "{restored}");
    let remark = (&restored["remarks"][0]["code"], &restored["remarks"][0]["object"]);
    assert_eq!(remark, (&json!("never_finished"), &json!("index item.item_code")));
    cli.json(&["tenant", "clone", "acme", "Twin"]).await;
    let saved = cli.json(&["backup", "create", "acme", "--to", &cli.path("")]).await;
    cli.json(&["backup", "restore", saved["path"].as_str().expect("a path"), "--as", "Back"]).await;
    for copy in ["copy", "twin", "back"] {
        let indexes =
            format!("select string_agg(indexname, ' ' order by 1) from pg_indexes where schemaname = '{copy}'");
        let indexes = database.value(&indexes).await;
        assert!(indexes.contains("item_pkey") && !indexes.contains("item_code"), "{copy}: {indexes}");
    }
    cli.json(&["tenant", "drop", "acme", "--yes"]).await;
    cli.json(&["tenant", "purge", "acme", "--older-than", "0d", "--yes"]).await;
}
