//! Workbooks checked, changed and restored by the real program.

use crate::fleet::two_tenants;
use cadastre_tests::python::python_tools;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};
use std::io::{Seek, SeekFrom, Write};
use std::process::Command;

const SHOP: &str = "create schema shop; comment on schema shop is 'Café Müller';
    create type shop.state as enum ('new', 'paid');
    create table shop.customer (id int generated always as identity primary key, name text not null unique, born date,
        note text);
    create table shop.orders (id bigint primary key, customer int not null references shop.customer, total numeric(10,2)
        check (total >= 0), state shop.state default 'new', at timestamptz, sign text generated always as (id || '!') stored);
    insert into shop.customer (name, born, note) select 'name ' || g, date '2000-01-01' + g, case g when 7 then '' when 8 then
        repeat('long ', 9000) when 9 then '=1+1' when 10 then E'tab\\tline\\nreturn\\r' end from generate_series(1, 300) g;
    insert into shop.orders select g, 1 + g % 300, g * 1.5, case when g % 2 = 0 then 'paid' end::shop.state,
        timestamptz '2024-01-01 12:00:00+00' + g * interval '1 hour 0.25 s' from generate_series(1, 1000) g;";

/// A tenant and its workbook.
async fn shop() -> (TestDatabase, Cli, String) {
    let database = TestDatabase::new().await;
    database.execute(SHOP).await;
    let cli = Cli::on(&database.url());
    let file = exported(&cli, "shop").await;
    (database, cli, file)
}

pub async fn exported(cli: &Cli, tenant: &str) -> String {
    let document = cli.json(&["export", tenant, "--to", cli.files().to_str().expect("a path")]).await;
    document["files"][0]["path"].as_str().expect("a path").to_owned()
}

/// What a tenant holds, as the workbook's digests say.
pub async fn digests(cli: &Cli, tenant: &str) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let document = cli.json(&["export", tenant, "--to", folder.path().to_str().expect("a path")]).await;
    document["files"][0]["tables"].clone()
}

/// Opens the workbook in another program, runs a script with it as `book`, and saves it.
fn edit(file: &str, script: &str) {
    let python = python_tools().join("python");
    let script =
        format!("import openpyxl, datetime\nbook = openpyxl.load_workbook({file:?})\n{script}\nbook.save({file:?})\n");
    let done = Command::new(python).args(["-c", &script]).output().expect("python runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[tokio::test]
async fn a_workbook_is_verified_and_restored_under_its_own_name_and_another_one() {
    let (database, cli, file) = shop().await;
    let check = cli.json(&["workbook", "verify", &file, "--against", "shop"]).await;
    assert_eq!((&check["intact"], &check["against"]["same_structure"]), (&json!(true), &json!(true)), "{check}");
    assert_eq!(
        check["tables"][1],
        json!({"table": "orders", "rows": 1000, "digest": check["tables"][1]["digest"], "equal": true, "changed": []})
    );

    // The plan changes nothing.
    let before = database.state().await;
    let plan = cli.json(&["workbook", "restore", &file, "--as", "Copy", "--dry-run"]).await;
    assert!(
        plan["statements"][0]["sql"].as_str().is_some_and(|sql| sql.contains("copy \"copy\".\"orders\" from stdin")),
        "{plan}"
    );
    assert_eq!(database.state().await, before);

    let restored = cli.json(&["workbook", "restore", &file, "--as", "Copy"]).await;
    assert_eq!((&restored["schema"], &restored["run"]["done"]), (&json!("copy"), &json!(1)), "{restored}");
    assert!(
        restored["tables"].as_array().is_some_and(|tables| tables.iter().all(|t| t["equal"] == true)),
        "{restored}"
    );
    assert_eq!(digests(&cli, "copy").await, digests(&cli, "shop").await);
    // It is there, and lives on: the next identity is a new one.
    database.execute("insert into copy.customer (name) values ('new')").await;
    assert_eq!(database.value("select max(id)::text from copy.customer").await, "301");

    cli.refused(&["workbook", "restore", &file, "--as", "Café Müller"], 4, "schema_name_taken").await;
    database.execute("drop schema shop cascade").await;
    let restored = cli.json(&["workbook", "restore", &file, "--as", "Café Müller"]).await;
    assert_eq!(restored["schema"], "shop", "{restored}");
    let named = "select obj_description('shop'::regnamespace)";
    assert_eq!(database.value(named).await, "Café Müller");
    let check = cli.json(&["workbook", "verify", &file, "--against", "shop"]).await;
    assert!(check["against"]["tables"].as_array().is_some_and(|t| t.iter().all(|t| t["equal"] == true)), "{check}");

    database.execute("update shop.orders set total = 0 where id = 5").await;
    let call = cli.run(&["workbook", "verify", &file, "--against", "shop"]).await;
    assert!(call.code == 1 && call.stdout.contains("shop.orders: other values"), "{call}");
}

#[tokio::test]
async fn what_a_person_changed_is_named_refused_and_restored_when_it_is_accepted() {
    let (database, cli, file) = shop().await;
    edit(
        &file,
        "book['orders']['C43'] = 99.5\nbook['customer'].delete_rows(201, 1)\nbook['customer']['D3'] = 'by hand'",
    );
    let call = cli.run(&["workbook", "verify", &file, "--json"]).await;
    let check = call.document();
    assert_eq!((call.code, &check["saved_by_another_program"]), (1, &json!(true)), "{call}");
    assert_eq!(
        check["tables"][1]["changed"],
        json!([{"sheet": "orders", "row": 43, "what": "a cell was changed"}]),
        "{check}"
    );
    assert_eq!(check["tables"][0]["changed"][0]["row"], 3, "{check}");

    let state = database.state().await;
    let refused = cli.refused(&["workbook", "restore", &file, "--as", "Copy"], 4, "workbook_edited").await;
    assert!(refused["message"].as_str().is_some_and(|m| m.contains("customer")), "{refused}");
    assert_eq!(database.state().await, state);

    // A row of a customer who has orders is missing: the key says so, and nothing stays.
    let call = cli.run(&["workbook", "restore", &file, "--as", "Copy", "--accept-edited", "--json"]).await;
    assert_eq!(call.code, 1, "{call}");
    assert_eq!(database.state().await, state);

    let (database, cli, file) = shop().await;
    edit(
        &file,
        "book['orders']['C43'] = 99.5\nbook['customer']['D3'] = 'by hand'\nbook['customer']['C3'] = datetime.date(1999, 12, 31)",
    );
    let restored = cli.json(&["workbook", "restore", &file, "--as", "Copy", "--accept-edited"]).await;
    assert_eq!(
        restored["tables"].as_array().map(|t| t.iter().filter(|t| t["equal"] == false).count()),
        Some(2),
        "{restored}"
    );
    assert!(restored["remarks"].to_string().contains("orders: its rows are not those that were written"), "{restored}");
    // The note of customer 7, an empty text that the other program did not keep, is one again: the row's check says so.
    let changed = "select string_agg(format('%s|%s|%s', c.name, c.note, c.born), ',' order by c.id) from copy.customer c join shop.customer s using (id)
                   where c is distinct from s";
    assert_eq!(database.value(changed).await, "name 2|by hand|1999-12-31");
    let changed =
        "select string_agg(format('%s|%s', c.id, c.total), ',') from copy.orders c join shop.orders s using (id)
                   where c.total <> s.total or c.state::text is distinct from s.state::text or c.at <> s.at";
    assert_eq!(database.value(changed).await, "42|99.50");
}

#[tokio::test]
async fn a_cell_that_its_column_does_not_take_is_named_with_sheet_row_and_column() {
    for (script, place) in [
        ("book['orders']['D12'] = 'unknown'", "Sheet orders, row 12, column state"),
        ("book['customer']['C5'] = 'soon'", "Sheet customer, row 5, column born"),
        ("book['orders']['C12'] = -1", "Sheet orders, row 12"),
        ("book['customer']['B9'] = None", "Sheet customer, row 9"),
        (
            "book['customer']['C9'] = '=1/0'\nbook['customer']['C9'].data_type = 'e'\nbook['customer']['C9'].value = '#DIV/0!'",
            "Sheet customer, row 9",
        ),
    ] {
        let (database, cli, file) = shop().await;
        edit(&file, script);
        let state = database.state().await;
        let call = cli.run(&["workbook", "restore", &file, "--as", "Copy", "--accept-edited"]).await;
        assert!(call.code == 1 && call.stderr.contains(place), "{script}: {call}");
        assert_eq!(database.state().await, state);
    }
}

#[tokio::test]
async fn one_byte_of_a_file_is_damage_and_nothing_is_restored() {
    let (database, cli, file) = shop().await;
    let whole = std::fs::read(&file).expect("the file");
    let state = database.state().await;
    for part in 0..12 {
        let place = whole.len() * part / 12 + 3;
        let mut open = std::fs::OpenOptions::new().write(true).open(&file).expect("the file");
        open.seek(SeekFrom::Start(place as u64)).expect("a place");
        open.write_all(&[!whole[place]]).expect("a byte");
        let call = cli.run(&["workbook", "verify", &file]).await;
        assert_ne!(call.code, 0, "byte {place}: {call}");
        let call = cli.run(&["workbook", "restore", &file, "--as", "Copy"]).await;
        assert_eq!(call.code, 4, "byte {place}: {call}");
        assert_eq!(database.state().await, state);
        std::fs::write(&file, &whole).expect("the file");
    }
    assert_eq!(cli.json(&["workbook", "verify", &file]).await["intact"], true);
    cli.refused(&["workbook", "verify", &cli.write("x.xlsx", "no zip")], 4, "workbook_damaged").await;
    cli.refused(&["workbook", "verify", &cli.path("missing.xlsx")], 4, "workbook_damaged").await;
}

#[tokio::test]
async fn a_structure_that_was_changed_by_hand_is_never_restored() {
    for (sheet, script) in [
        (
            "_structure",
            "sheet = book['_structure']\nsheet.cell(next(r for r in range(2, 999) if sheet.cell(r, 6).value), 6).value = 'x'",
        ),
        (
            "_manifest",
            "sheet = book['_manifest']\nsheet.cell(next(r for r in range(1, 999) if sheet.cell(r, 1).value == 'sequence'), 3).value = '7'",
        ),
    ] {
        let (database, cli, file) = shop().await;
        edit(&file, script);
        let state = database.state().await;
        for more in [&["--accept-edited"][..], &["--table", "customer"], &["--table", "customer", "--accept-edited"]] {
            let call = [&["workbook", "restore", &file, "--as", "Copy"][..], more].concat();
            let error = cli.refused(&call, 4, "workbook_damaged").await;
            assert!(error["message"].as_str().is_some_and(|message| message.contains(sheet)), "{error}");
        }
        assert_eq!(database.state().await, state);
    }
}

#[tokio::test]
async fn chosen_tables_come_back_and_the_others_are_empty() {
    let (database, cli, file) = shop().await;
    let restored = cli.json(&["workbook", "restore", &file, "--as", "Copy", "--table", "customer"]).await;
    assert_eq!(restored["tables"].as_array().map(Vec::len), Some(1), "{restored}");
    assert_eq!(
        database
            .value("select (select count(*) from copy.customer) || ' ' || (select count(*) from copy.orders)")
            .await,
        "300 0"
    );
    cli.refused(&["workbook", "restore", &file, "--as", "Other", "--table", "nothing"], 4, "table_missing").await;
}

#[tokio::test]
async fn a_clone_is_made_by_the_command_line() {
    let (_fleet, cli) = two_tenants().await;
    let run = cli.json(&["tenant", "clone", "alpha", "Gamma"]).await;
    assert_eq!((&run["kind"], &run["done"]), (&json!("clone"), &json!(1)), "{run}");
    assert_eq!(digests(&cli, "gamma").await, digests(&cli, "alpha").await);
    let classes = cli.json(&["shape"]).await;
    assert_eq!(classes["classes"].as_array().map(Vec::len), Some(1), "{classes}");
    cli.refused(&["tenant", "clone", "alpha", "Beta"], 4, "schema_name_taken").await;
    cli.refused(&["tenant", "clone", "nobody", "Delta"], 4, "tenant_missing").await;
    let status = cli.json(&["migrate", "status", "--dir", "talentmatch"]).await;
    assert!(status["tenants"].as_array().is_some_and(|t| t.iter().all(|t| t["pending"] == json!([]))), "{status}");
}
