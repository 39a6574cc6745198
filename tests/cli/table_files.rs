//! CSV and JSON files: what `psql` and the server's own JSON functions read back from them has the same digests.

use crate::targets::file_system;
use cadastre_tests::process::installed;
use cadastre_tests::python::python_tools;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Every sort of type, and values that programs trip over.
const HOSTILE: &str = r#"create schema shop; comment on schema shop is 'Café Müller';
    create type shop.mood as enum ('sad', 'so, so', 'he said "no"');
    create type shop.place as (street text, number int);
    create domain shop.price as numeric(12,2);
    create table shop.of_all_types (small int2, whole int4, large int8, exact numeric, price shop.price, real float4, double float8,
        yes bool, day date, clock time, zone timetz, wall timestamp, moment timestamptz, span interval, plain text, short varchar(9),
        fixed char(5), one "char", id uuid, doc json, docb jsonb, bytes bytea, list text[], matrix int[], mood shop.mood, place shop.place,
        period tstzrange, many int4multirange, ip inet, mac macaddr, bits bit varying(9), point point, box box, words tsvector, page xml,
        cash money, name name, oid oid, class regclass);
    insert into shop.of_all_types values
        (-32768, -2147483648, 9223372036854775807, 12345678901234567890.1234567890, -9.90, 0.1, 0.1, true, '0044-03-15 BC', '24:00', '10:00+02',
         'infinity', '2024-02-29 12:34:56.123456+02', '-1 mon +2 days -03:04:05.6', '=1+1', '007', 'a', 'x',
         '6ecd8c99-4036-403d-bf84-cf8400f67836', '{"b" : 1.0,  "b":12345678901234567890}', '{"a": 1e30, "ü": "\"\\"}', '\x00ff', '{NULL,"NULL","a,b","\"",""}',
         '{{1,2},{3,NULL}}', 'he said "no"', '("a, ""b""",)', '[2024-01-01,)', '{[1,3),[5,9)}', '10.0.0.0/8', '08:00:2b:01:02:03', '101', '(1,-2)',
         '(3,4),(1,2)', '''a'':1 b', '<a b="c">,"&amp;</a>', -1234.5, 'n', 4294967295, 'shop.of_all_types'),
        (null, null, null, 'NaN', null, 'NaN', '-Infinity', false, '-infinity', null, null, '-infinity', '294276-12-31', '0', '', '', '', '',
         null, '[1,2]', 'null', '', '{}', '{}', 'so, so', '(,)', 'empty', '{}', '::1', null, '', null, null, '', '', 0, '', 0, null),
        (0, 0, 9007199254740993, 1e-30, 0, -0.0, 5e-324, null, '9999-12-31', '00:00', null, '99999-01-01', '0001-01-01 BC', null, null, null, null,
         null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null),
        (1, 999999999, 999999999999999, 1.50, 100, 1e20, 1e300, true, '2000-01-01', '12:00', null, '2000-01-01 00:00', '2000-01-01', null, 'NULL',
         '\N', null, null, null, '"text"', '"text"', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    create table shop.texts (id int, text text);
    insert into shop.texts values (1, ''), (2, null), (3, ' '), (4, '"'), (5, ','), (6, E'a\nb'), (7, E'a\r\nb'), (8, E'\r'), (9, E'\n'), (10, E'\t=1'),
        (11, '\.'), (12, '\N'), (13, 'NULL'), (14, '=1+1'), (15, '+1'), (16, '-1'), (17, '@SUM(A1)'), (18, '''=1'), (19, 'a;=cmd|''/C calc''!A0'),
        (20, E'\u0001\u001f\u007f\u0085\u2028\ufeff'), (21, '🏫 é é'), (22, '{"a": 1}'), (23, '""'), (24, E'"a\n,b"'), (25, 'a"b'), (26, E'\\'),
        (27, E'x\\'), (28, repeat('"long, ', 20000)), (29, '#N/A'), (30, 'true'), (31, '1e5'), (32, E'\ufffe\uffff'), (33, E'end\n');
    create table shop.one (single text); insert into shop.one values (null), (''), ('\.'), ('x');
    create table shop.none (); insert into shop.none default values; insert into shop.none default values;
    create table shop.empty (a int, b text);
    create table shop."Empty" (a int);
    create table shop."=1+1" ("=2" int, "a,b" int, "say ""hi""" int, "line
break" int);
    insert into shop."=1+1" values (1, 2, 3, 4);
    create table shop.sums (a int, b int generated always as (a + 1) stored); insert into shop.sums values (1), (2);
    create table shop.parts (n int) partition by range (n); create table shop.low partition of shop.parts for values from (0) to (10);
    insert into shop.parts values (1), (2);
    create view shop.seen as select * from shop.one;"#;

async fn hostile() -> (TestDatabase, Cli) {
    let database = TestDatabase::new().await;
    database.execute(HOSTILE).await;
    let cli = Cli::on(&database.url());
    (database, cli)
}

/// Exports `shop` and returns what the command says about it.
async fn exported(cli: &Cli, more: &[&str]) -> Value {
    let folder = cli.files().display().to_string();
    let document = cli.json(&[&["export", "shop", "--to", &folder][..], more].concat()).await;
    document["files"][0].clone()
}

fn manifest(file: &Value) -> Value {
    let path = format!("{}/manifest.json", file["path"].as_str().expect("a path"));
    serde_json::from_slice(&std::fs::read(path).expect("the manifest")).expect("JSON")
}

fn tables(manifest: &Value) -> &Vec<Value> {
    manifest["tables"].as_array().expect("tables")
}

fn word<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} in {value}"))
}

/// Digests by table.
fn digests(of: &Value) -> BTreeMap<String, Value> {
    let tables = of["tables"].as_array().expect("tables").iter();
    tables
        .map(|t| (t["table"].as_str().or(t["name"].as_str()).expect("a name").to_owned(), t["digest"].clone()))
        .collect()
}

/// Empty tables of the same columns under another schema, none of them generated.
async fn empty_copy(database: &TestDatabase, manifest: &Value, to: &str) {
    database.execute(&format!("create schema {to}")).await;
    for table in tables(manifest) {
        let name = word(table, "name");
        database.execute(&format!("create table {to}.\"{name}\" as table shop.\"{name}\" with no data")).await;
    }
}

/// What a tenant's tables hold, by the workbook's digests.
async fn held(cli: &Cli, schema: &str) -> BTreeMap<String, Value> {
    let folder = tempfile::tempdir().expect("a folder");
    let document = cli.json(&["export", schema, "--to", folder.path().to_str().expect("a path")]).await;
    digests(&document["files"][0])
}

/// As another program computes it.
pub fn sha256(path: &Path) -> String {
    let sum = Command::new(installed("sha256sum", "coreutils")).arg(path).output().expect("sha256sum runs");
    String::from_utf8_lossy(&sum.stdout).trim_start_matches('\\').split(' ').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn psql_reads_every_csv_file_back_into_the_same_rows() {
    let (database, cli) = hostile().await;
    let file = exported(&cli, &["--format", "csv"]).await;
    assert_eq!((&file["format"], &file["verified"], &file["altered_cells"]), (&json!("csv"), &json!(true), &json!(0)));
    let manifest = manifest(&file);
    empty_copy(&database, &manifest, "copy").await;
    for table in tables(&manifest) {
        let path = format!("{}/{}", word(&file, "path"), word(table, "file"));
        let copy = format!("\\copy copy.\"{}\" from '{path}' with (format csv, header)", word(table, "name"));
        let psql = Command::new(installed("psql", "postgresql-client"))
            // A tenant's tables call each other by their bare names.
            .env("PGOPTIONS", "-c search_path=copy")
            .args(["--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--command", &copy, &database.url()])
            .output()
            .expect("psql runs");
        assert!(psql.status.success(), "{copy}: {}", String::from_utf8_lossy(&psql.stderr));
    }
    assert_eq!(held(&cli, "copy").await, digests(&manifest));
    assert_eq!(digests(&file), digests(&manifest));
    // So does any other program that knows RFC 4180, NULL and the empty text aside.
    let script = "import csv, json, sys\n\
        csv.field_size_limit(1 << 24)\n\
        lines = list(csv.reader(open(sys.argv[1], newline='', encoding='utf-8'), strict=True))\n\
        rows = [json.loads(line) for line in open(sys.argv[2], newline='\\n', encoding='utf-8')]\n\
        assert [(r[0], r[1]) for r in lines[1:]] == [(str(o['id']), o['text'] or '') for o in rows], (lines, rows)";
    let other = exported(&cli, &["--format", "json"]).await;
    let files = [format!("{}/texts.csv", word(&file, "path")), format!("{}/texts.jsonl", word(&other, "path"))];
    let python =
        Command::new(python_tools().join("python")).args(["-c", script]).args(&files).output().expect("python runs");
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
}

#[tokio::test]
async fn the_server_reads_every_line_of_json_back_into_the_same_rows() {
    let (database, cli) = hostile().await;
    let file = exported(&cli, &["--format", "json"]).await;
    let manifest = manifest(&file);
    assert_eq!((&manifest["layout"], &manifest["verified"]), (&json!("json"), &json!(true)));
    empty_copy(&database, &manifest, "copy").await;
    for table in tables(&manifest) {
        let text =
            std::fs::read_to_string(format!("{}/{}", word(&file, "path"), word(table, "file"))).expect("the file");
        let columns = table["columns"].as_array().expect("columns");
        let lines: Vec<&str> = text.split_terminator('\n').collect();
        assert_eq!(json!(lines.len()), table["rows"], "{table}");
        for line in lines {
            let object: serde_json::Map<String, Value> = serde_json::from_str(line).expect("an object");
            assert_eq!(object.len(), columns.len());
            let quoted =
                |text: &str, quote: char| format!("{quote}{}{quote}", text.replace(quote, &format!("{quote}{quote}")));
            let values: Vec<String> = columns
                .iter()
                .map(|c| format!("(doc ->> {})::{}", quoted(word(c, "name"), '\''), word(c, "type")))
                .collect();
            database
                .execute(&format!(
                    "set search_path = copy; insert into copy.{} select {} from (select {}::json as doc) line",
                    quoted(word(table, "name"), '"'),
                    values.join(", "),
                    quoted(line, '\''),
                ))
                .await;
        }
    }
    assert_eq!(held(&cli, "copy").await, digests(&manifest));
}

#[tokio::test]
async fn the_manifest_says_what_every_file_holds() {
    let (database, cli) = hostile().await;
    let file = exported(&cli, &["--format", "csv"]).await;
    let path = word(&file, "path");
    assert!(path.ends_with("/shop-csv"), "{path}");
    let manifest = manifest(&file);
    assert_eq!(
        (&manifest["format"], &manifest["format_version"], &manifest["schema"], &manifest["tenant"]),
        (&json!("cadastre-table-files"), &json!(1), &json!("shop"), &json!("Café Müller"))
    );
    assert_eq!(manifest["database"]["name"], json!(database.name()));
    let position = word(&manifest["snapshot"], "wal_position");
    assert_eq!(database.value(&format!("select ('{position}'::pg_lsn <= pg_current_wal_lsn())::text")).await, "true");
    assert_eq!(manifest["omitted"], json!([{"name": "low", "kind": "partition"}, {"name": "seen", "kind": "view"}]));
    let mut sizes = std::fs::metadata(format!("{path}/manifest.json")).expect("the manifest").len();
    let mut files = vec!["manifest.json".to_owned()];
    for table in tables(&manifest) {
        let at = format!("{path}/{}", word(table, "file"));
        let size = std::fs::metadata(&at).expect("the file").len();
        assert_eq!((&table["bytes"], &table["sha256"]), (&json!(size), &json!(sha256(Path::new(&at)))), "{table}");
        sizes += size;
        files.push(word(table, "file").to_owned());
    }
    assert_eq!(file["bytes"], json!(sizes));
    let mut there: Vec<String> = std::fs::read_dir(path)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .collect();
    files.sort();
    there.sort();
    assert_eq!(there, files);
    let sums = tables(&manifest).iter().find(|t| t["name"] == "sums").expect("sums");
    assert_eq!(sums["columns"][1], json!({"name": "b", "type": "integer", "values": "integer", "generated": true}));
    // A person's own table has its own file: not the one of another case, nor the manifest.
    let names: Vec<&str> = tables(&manifest).iter().map(|t| word(t, "file")).collect();
    assert!(names.contains(&"empty.csv") && names.iter().any(|n| n.starts_with("Empty~")), "{names:?}");
}

#[tokio::test]
async fn a_guarded_csv_says_what_it_altered_and_has_the_digest_of_the_original() {
    let (_database, cli) = hostile().await;
    let plain = manifest(&exported(&cli, &["--format", "csv"]).await);
    let file = exported(&cli, &["--format", "csv", "--guard-formulas"]).await;
    let manifest = manifest(&file);
    assert_eq!((&manifest["guarded"], &plain["guarded"]), (&json!(true), &json!(false)));
    assert_eq!((digests(&manifest), &manifest["verified"]), (digests(&plain), &json!(true)));
    let altered = |name: &str| {
        tables(&manifest).iter().find(|t| t["name"] == name).map(|t| t["altered_cells"].clone()).expect("the table")
    };
    // 8, 9, 10, 14 to 19; of the heading, one.
    assert_eq!((altered("texts"), altered("one"), altered("=1+1")), (json!(9), json!(0), json!(1)));
    let all: u64 = tables(&manifest).iter().map(|t| t["altered_cells"].as_u64().expect("a number")).sum();
    assert_eq!((&manifest["altered_cells"], &file["altered_cells"]), (&json!(all), &json!(all)));
    let text = std::fs::read_to_string(format!("{}/texts.csv", word(&file, "path"))).expect("the file");
    assert!(text.contains("\r\n\"14\",\"'=1+1\"\r\n") && text.contains("\"a;'=cmd|"), "{}", &text[..600]);
    let line = cli.run(&["export", "shop", "--to", &cli.path(""), "--format", "csv", "--guard-formulas"]).await;
    assert!(line.stdout.contains(&format!(", {all} cells altered)")), "{line}");
    let refused = cli.run(&["export", "shop", "--to", &cli.path(""), "--guard-formulas"]).await;
    assert_eq!(refused.code, 2, "{refused}");
}

#[tokio::test]
async fn a_folder_is_replaced_by_a_finished_one_and_only_if_nobody_added_anything() {
    let (database, cli) = hostile().await;
    let first = exported(&cli, &["--format", "csv"]).await;
    database.execute("insert into shop.empty values (1, 'new'); drop table shop.texts").await;
    let second = exported(&cli, &["--format", "csv"]).await;
    assert_eq!(first["path"], second["path"]);
    let path = word(&second, "path").to_owned();
    assert!(!Path::new(&format!("{path}/texts.csv")).exists());
    // Other formats, and a choice of tables, do not meet.
    let json = exported(&cli, &["--format", "json"]).await;
    let some = exported(&cli, &["--format", "csv", "--table", "empty"]).await;
    assert!(json["path"] != second["path"] && some["path"] != second["path"], "{json} {some}");
    assert_eq!(manifest(&some)["contents"], "chosen tables");
    cli.write("shop-csv/notes.txt", "mine");
    let call = cli.run(&["export", "shop", "--to", &cli.path(""), "--format", "csv", "--json"]).await;
    assert_eq!(call.document()["run"]["tenants"][0]["error"]["code"], "folder_foreign", "{call}");
    assert_eq!(std::fs::read_to_string(format!("{path}/notes.txt")).expect("the file"), "mine");
    assert!(!cli.listing().iter().any(|name| name.contains(".cadastre-")), "{:?}", cli.listing());
}

#[tokio::test]
async fn without_a_look_back_nothing_is_called_verified() {
    let (_database, cli) = hostile().await;
    for (format, verified) in
        [("csv", &["--no-verify"][..]), ("json", &["--no-verify"]), ("xlsx", &["--no-verify"]), ("xlsx", &[])]
    {
        let file = exported(&cli, &[&["--format", format][..], verified].concat()).await;
        assert_eq!(file["verified"], json!(verified.is_empty()), "{format}");
        if format != "xlsx" {
            assert_eq!(manifest(&file)["verified"], json!(false));
        }
    }
    let call = cli.run(&["export", "shop", "--to", &cli.path(""), "--no-verify"]).await;
    assert!(call.stdout.contains(", not verified)"), "{call}");
}

#[tokio::test]
async fn a_full_disk_leaves_no_folder() {
    let database = TestDatabase::new().await;
    database
        .execute(
            "create schema shop; create table shop.a (id int); create table shop.noise as \
             select g as id, sha512(g::text::bytea) as noise from generate_series(1, 20000) g",
        )
        .await;
    let cli = Cli::on(&database.url());
    std::fs::create_dir(cli.path("disk")).expect("a folder");
    let folder = cli.path("disk");
    let cli = cli.launched_by(&file_system(&folder, "size=1m"));
    for format in ["csv", "json"] {
        let call = cli.run(&["export", "shop", "--to", &folder, "--format", format, "--json"]).await;
        assert_eq!(call.document()["run"]["tenants"][0]["error"]["code"], "disk_full", "{call}");
        assert!(call.stderr.contains("left behind: []"), "{call}");
    }
}
