//! Names that need quotes pass through everything.

use cadastre_tests::workbook::Workbook;
use cadastre_tests::{Cli, TestDatabase};
use calamine::Data;
use serde_json::{Value, json};

const SCHEMAS: &[&str] = &[
    "Lycée Victor Hugo",
    "quo\"ted",
    "it's",
    "dot.ted",
    "UPPER",
    "école 🏫",
    "2026 cohorte",
    "semi;colon--",
    "back\\slash",
    "select",
    "a/b:c*d?",
    "%s $1 {}",
];
const TABLES: &[&str] =
    &["Ma Table", "t\"q", "a.b", "Élèves 🎓", "1st", "order", "x/y:z", "TRES_LONG_NOM_DE_TABLE_QUI_DEPASSE_31_SIGNES"];
const COLUMNS: &[&str] = &["Nom complet", "c\"q", "d.e", "UPPER", "🎂", "2nd", "group", "it's", "back\\slash"];

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

async fn fleet() -> (TestDatabase, Cli) {
    let database = TestDatabase::new().await;
    let mut script = String::new();
    for (number, schema) in SCHEMAS.iter().enumerate() {
        script.push_str(&format!("create schema {};", quoted(schema)));
        for table in TABLES {
            let columns: Vec<String> = COLUMNS.iter().map(|column| format!("{} text", quoted(column))).collect();
            let table = format!("{}.{}", quoted(schema), quoted(table));
            script.push_str(&format!("create table {table} (id int primary key, {});", columns.join(", ")));
            let values = vec!["'v'"; COLUMNS.len()].join(", ");
            script.push_str(&format!("insert into {table} select g, {values} from generate_series(0, {number}) g;"));
        }
    }
    database.execute(&script).await;
    let cli = Cli::on(&database.url());
    (database, cli)
}

fn names<'a>(list: &'a Value, key: &str) -> Vec<&'a str> {
    list.as_array().expect("a list").iter().filter_map(|entry| entry[key].as_str()).collect()
}

fn sorted<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn names_of_every_kind_are_listed_shown_measured_and_compared() {
    let (_database, cli) = fleet().await;
    let list = cli.json(&["tenant", "list", "--exact"]).await;
    assert_eq!(sorted(names(&list, "schema")), sorted(SCHEMAS.iter().copied()));
    for (number, schema) in SCHEMAS.iter().enumerate() {
        let line = list.as_array().expect("a list").iter().find(|t| t["schema"] == *schema).expect("the tenant");
        assert_eq!(line["rows"], (number + 1) * TABLES.len(), "{schema}");
        let show = cli.json(&["tenant", "show", schema]).await;
        assert_eq!(sorted(names(&show["tables"], "table")), sorted(TABLES.iter().copied()), "{schema}");
    }
    let stats = cli.json(&["stats", "--exact", "--select", "*🏫*"]).await;
    assert_eq!(names(&stats["tenants"], "schema"), ["école 🏫"]);
    let (a, b) = (SCHEMAS[1], SCHEMAS[6]);
    let compared = cli.json(&["compare", a, b, "--exact", "--to", &cli.path("compare.xlsx")]).await;
    for tenant in compared["tenants"].as_array().expect("tenants") {
        let rows = if tenant["schema"] == a { 2 * TABLES.len() } else { 7 * TABLES.len() };
        assert_eq!(tenant["totals"]["rows"], rows, "{tenant}");
    }
    let mut book = Workbook::open(cli.path("compare.xlsx"));
    let cells: Vec<String> = book
        .sheets()
        .iter()
        .flat_map(|sheet| book.sheet(sheet).rows().flatten().map(ToString::to_string).collect::<Vec<_>>())
        .collect();
    for name in [a, b, TABLES[1], TABLES[3]] {
        assert!(cells.iter().any(|cell| cell.contains(name)), "{name} is not in the comparison");
    }
    // For people too: every line is a line.
    let call = cli.run(&["tenant", "list"]).await;
    assert_eq!(call.stdout.lines().count(), SCHEMAS.len() + 1, "{call}");
}

#[tokio::test]
async fn names_of_every_kind_are_migrated() {
    let (database, cli) = fleet().await;
    let sql = "-- purpose: x\ncreate table \"Né 1\" (\"Été\" int);\nalter table \"t\"\"q\" add column \"new \"\" one\" int;\n";
    cli.write("m/20260101000000_quotes.up.sql", sql);
    cli.write(
        "m/20260101000000_quotes.down.sql",
        "drop table \"Né 1\";\nalter table \"t\"\"q\" drop column \"new \"\" one\";\n",
    );
    let run = cli.json(&["migrate", "up", "--all", "--dir", &cli.path("m")]).await;
    assert_eq!(run["done"], SCHEMAS.len(), "{run}");
    for schema in SCHEMAS {
        let schema = quoted(schema);
        let query = format!(
            "select count(*)::text from {schema}._sqlx_migrations m, {schema}.\"Né 1\" right join \
                             (select) one on true where m.success"
        );
        assert_eq!(database.value(&query).await, "1", "{schema}");
        database.value(&format!("select count(\"new \"\" one\")::text from {schema}.\"t\"\"q\"")).await;
    }
    let status = cli.json(&["migrate", "status", "--dir", &cli.path("m")]).await;
    assert!(status["tenants"].as_array().expect("tenants").iter().all(|t| t["pending"] == json!([])), "{status}");
    // Nothing reached public or any schema that was not meant.
    assert_eq!(
        database.value("select count(*)::text from pg_catalog.pg_class where relname = 'Né 1'").await,
        SCHEMAS.len().to_string()
    );
}

#[tokio::test]
async fn names_of_every_kind_are_exported_and_read_back() {
    let (_database, cli) = fleet().await;
    std::fs::create_dir(cli.path("out")).expect("a folder");
    let answer = cli.json(&["export", "--to", &cli.path("out")]).await;
    let files = answer["files"].as_array().expect("files");
    assert_eq!(sorted(names(&answer["files"], "schema")), sorted(SCHEMAS.iter().copied()));
    // A workbook each, all directly in the folder, and one about them.
    assert_eq!(cli.listing().iter().filter(|name| name.ends_with(".xlsx")).count(), SCHEMAS.len() + 1);
    for file in files {
        let path = file["path"].as_str().expect("a path");
        assert_eq!(std::path::Path::new(path).parent(), Some(cli.files().join("out").as_path()), "{path}");
        let number = SCHEMAS.iter().position(|schema| file["schema"] == *schema).expect("a schema of ours");
        let mut book = Workbook::open(path);
        let manifest = book.manifest();
        let tables = manifest.iter().map(|(table, ..)| table.as_str());
        assert_eq!(sorted(tables), sorted(TABLES.iter().copied()), "{path}");
        for (table, sheet, rows) in manifest {
            assert_eq!((rows, book.rows(&sheet)), (number + 1, number + 1), "{path}: {table}");
            assert_eq!(book.heading(&sheet)[1..], *COLUMNS, "{path}: {table}");
            assert_eq!(book.sheet(&sheet).get_value((1, 1)), Some(&Data::String("v".into())), "{path}: {table}");
        }
    }
    // And as files that any system takes, one for each table.
    let folders = cli.json(&["export", "--to", &cli.path("out"), "--format", "csv"]).await;
    for folder in folders["files"].as_array().expect("files") {
        let path = folder["path"].as_str().expect("a path");
        let files = std::fs::read_dir(path).expect("the folder").map(|file| file.expect("a file").file_name());
        let files: Vec<String> = files.map(|name| name.into_string().expect("a name").to_lowercase()).collect();
        assert_eq!(files.len(), TABLES.len() + 1, "{path}: {files:?}");
        assert!(!files.concat().contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|']), "{files:?}");
        assert_eq!(folder["tables"].as_array().map(Vec::len), Some(TABLES.len()), "{path}");
    }
    // One table by its name.
    let one = cli.json(&["export", SCHEMAS[1], "--to", &cli.path("out"), "--table", TABLES[1]]).await;
    assert_eq!(names(&one["files"][0]["tables"], "table"), [TABLES[1]]);
}
