//! The integrity check: damage that is there is found, and what could not be looked at is said.

use crate::maintain::{table, tenants};
use crate::runs::outcome;
use cadastre_core::demo::Cluster;
use cadastre_tests::{Cli, TestDatabase, postgres};
use serde_json::{Value, json};
use std::io::{Seek, SeekFrom, Write};

fn codes(run: &Value, schema: &str) -> Vec<String> {
    let findings =
        outcome(run, schema)["report"]["findings"].as_array().unwrap_or_else(|| panic!("no report: {run:#}"));
    findings.iter().filter_map(|finding| finding["code"].as_str().map(str::to_owned)).collect()
}

fn finding<'a>(run: &'a Value, schema: &str, code: &str) -> &'a Value {
    let findings = outcome(run, schema)["report"]["findings"].as_array().expect("findings");
    findings.iter().find(|finding| finding["code"] == code).unwrap_or_else(|| panic!("no {code}: {run:#}"))
}

/// Overwrites what a relation holds from a page on, with the server stopped.
async fn damage(cluster: &Cluster, database: &TestDatabase, relation: &str, page: u64, within: u64, bytes: &[u8]) {
    let path = database.value(&format!("select pg_relation_filepath('{relation}')")).await;
    database.execute("checkpoint").await;
    cluster.stop().await.expect("it stops");
    let mut file = std::fs::File::options().write(true).open(cluster.data_folder().join(path)).expect("the file");
    file.seek(SeekFrom::Start(page * 8192 + within)).expect("a place in the file");
    file.write_all(bytes).expect("the file is written");
    drop(file);
    cluster.restart().await.expect("it starts again");
}

#[tokio::test]
async fn damaged_indexes_and_tables_are_found_with_the_server_s_own_words() {
    let cluster = Cluster::builder().start().await.expect("a server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    tenants(&database, &["acme", "zeta"]).await;
    let cli = Cli::on(&database.url());
    let before = cli.json(&["maintain", "check"]).await;
    let left = &outcome(&before, "acme")["report"]["not_looked_at"];
    assert_eq!((&left[0]["reason"], &left[0]["check"]), (&json!("no_amcheck"), &json!("index")), "{before:#}");
    database.execute("create extension amcheck").await;
    let sound = cli.json(&["maintain", "check", "--thorough"]).await;
    assert_eq!((&sound["kind"], &sound["done"]), (&json!("check"), &json!(2)), "{sound:#}");
    let looked = &outcome(&sound, "acme")["report"]["looked_at"];
    assert_eq!(
        (&looked["tables"], &looked["indexes"]),
        (&json!(2), &json!(4)),
        "with the index of the TOAST table: {sound:#}"
    );
    assert_eq!(outcome(&sound, "acme")["report"]["not_looked_at"], json!([]), "{sound:#}");

    // The first line pointers of a leaf point elsewhere.
    damage(&cluster, &database, "acme.note_mark", 1, 24, &[0x10, 0x80, 0x20, 0x00, 0x10, 0x80, 0x20, 0x00]).await;
    // A whole page of the other tenant's table is no page any more.
    damage(&cluster, &database, "zeta.note", 3, 0, &[0xAB; 64]).await;
    let call = cli.run(&["maintain", "check", "--json"]).await;
    assert_eq!(call.code, 1, "{call}");
    let run = call.document();
    let index = finding(&run, "acme", "index_damaged");
    assert_eq!((&index["object"], &index["level"]), (&json!("note_mark"), &json!("error")), "{run:#}");
    assert!(index["detail"].as_str().is_some_and(|words| words.contains("note_mark")), "{index:#}");
    assert_eq!(index["fix_sql"], "reindex index concurrently \"acme\".\"note_mark\";");
    assert_eq!(finding(&run, "zeta", "table_damaged")["object"], "note", "{run:#}");
    assert!(
        outcome(&run, "zeta")["detail"].as_str().is_some_and(|words| words.starts_with("1 findings in")),
        "{run:#}"
    );
    // The SQL repairs the index; the check says so.
    assert_eq!(cli.json(&["maintain", "reindex", "acme", "--table", "note"]).await["done"], 1);
    let call = cli.run(&["maintain", "check", "acme", "--json"]).await;
    assert_eq!((call.code, codes(&call.document(), "acme").len()), (0, 0), "{call}");
}

#[tokio::test]
async fn rows_without_the_row_that_they_name_are_counted() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    database
        .execute(
            "create schema ext; create extension citext schema ext; create schema acme; \
             create table acme.owner (id int, code ext.citext, primary key (id, code)); \
             create table acme.item (id int primary key, owner int, code ext.citext); \
             insert into acme.owner values (1, 'A'); \
             insert into acme.item values (1, 1, 'a'), (2, 1, 'b'), (3, 2, 'A'), (4, null, 'z'); \
             alter table acme.item add constraint item_owner foreign key (owner, code) references acme.owner not valid; \
             create table acme.note (id int primary key, item int references acme.item); \
             alter table acme.note disable trigger all; insert into acme.note values (1, 1), (2, 77); \
             create table acme.fine (item int); \
             alter table acme.fine add constraint fine_item foreign key (item) references acme.item not valid",
        )
        .await;
    let call = cli.run(&["maintain", "check", "--json"]).await;
    assert_eq!(call.code, 1, "{call}");
    let run = call.document();
    let findings = outcome(&run, "acme")["report"]["findings"].as_array().expect("findings").clone();
    let orphans: Vec<(&Value, &Value, &Value)> = findings
        .iter()
        .filter(|f| f["code"] == "orphans")
        .map(|f| (&f["object"], &f["params"]["rows"], &f["params"]["state"]))
        .collect();
    // By citext's own equality, A is a; a key with a NULL names nothing.
    assert_eq!(
        orphans,
        [
            (&json!("item.item_owner"), &json!("2"), &json!("not_validated")),
            (&json!("note.note_item_fkey"), &json!("1"), &json!("disabled"))
        ],
        "{run:#}"
    );
    let shown =
        findings.iter().find(|f| f["object"] == "item.item_owner").and_then(|f| f["detail"].as_str()).expect("SQL");
    assert_eq!(database.column(shown.trim_end_matches(';')).await, ["2", "3"]);
    let fine = findings.iter().find(|f| f["object"] == "fine.fine_item").expect("the key without orphans");
    assert_eq!((&fine["level"], &fine["code"]), (&json!("note"), &json!("key_not_validated")), "{fine:#}");
    database.execute(fine["fix_sql"].as_str().expect("SQL").trim_end_matches(';')).await;

    // A key that was switched off and on again is vouched for, and only a thorough look finds what came in meanwhile.
    database
        .execute("delete from acme.item where id in (2, 3); alter table acme.item validate constraint item_owner")
        .await;
    database.execute("alter table acme.note enable trigger all").await;
    assert_eq!(codes(&cli.json(&["maintain", "check"]).await, "acme"), [""; 0]);
    let call = cli.run(&["maintain", "check", "--thorough", "--json"]).await;
    assert_eq!((call.code, codes(&call.document(), "acme")), (1, vec!["orphans".to_owned()]), "{call}");
    let call = cli.run(&["maintain", "check", "--thorough", "--table", "fine", "--json"]).await;
    assert_eq!(call.code, 0, "{call}");
}

#[tokio::test]
async fn what_the_doctor_knows_is_part_of_the_check() {
    let database = TestDatabase::new().await;
    tenants(&database, &["acme"]).await;
    let cli = Cli::on(&database.url());
    database
        .execute(
            "select setval('acme.note_id_seq', 5); \
             update pg_index set indisvalid = false where indexrelid = 'acme.note_mark'::regclass",
        )
        .await;
    let call = cli.run(&["maintain", "check", "--json"]).await;
    assert_eq!(call.code, 1, "{call}");
    assert_eq!(codes(&call.document(), "acme"), ["sequence_behind", "index_invalid"], "{call}");
    let spoken = cli.run(&["maintain", "check"]).await;
    assert!(spoken.stdout.contains("acme: error: The sequence note_id_seq of acme gives 6 next"), "{spoken}");
    // A role that may read nothing is told that, and not that all is well.
    let role = format!("stranger_{}", database.name());
    database.execute(&format!("create role {role} login; grant usage on schema acme to {role}")).await;
    let stranger = Cli::on(&database.url_as(&role)).run(&["maintain", "check", "--json"]).await;
    let run = stranger.document();
    let left = outcome(&run, "acme")["report"]["not_looked_at"].as_array().expect("a list").clone();
    assert!(left.iter().any(|one| one["check"] == "sequence" && one["reason"] == "no_right"), "{run:#}");
    database.execute(&format!("drop owned by {role}; drop role {role}")).await;
}

#[tokio::test]
async fn the_supported_versions_vacuum_analyze_reindex_and_check() {
    for major in [14, 16, 17, 18] {
        let cluster = postgres::cluster_of_version(major).await;
        let database = TestDatabase::on(&cluster).await.expect("a database");
        everything(&database).await;
    }
}

/// Every work once, as a role that is no superuser and owns its tables.
async fn everything(database: &TestDatabase) {
    tenants(database, &["acme", "zeta"]).await;
    database
        .execute(
            "create role upkeep login; grant usage on schema acme, zeta to upkeep; grant create on schema acme to upkeep; \
             alter table acme.note owner to upkeep; alter table acme.tag owner to upkeep; \
             create table acme.part (day date) partition by range (day); \
             create table acme.part_1 partition of acme.part for values from ('2026-01-01') to ('2027-01-01'); \
             insert into acme.part values ('2026-03-04'); \
             alter table acme.part owner to upkeep; alter table acme.part_1 owner to upkeep; \
             delete from acme.note where id <= 4000",
        )
        .await;
    let cli = Cli::on(&database.url_as("upkeep"));
    let run = cli.json(&["maintain", "vacuum", "acme", "--analyze", "--freeze"]).await;
    assert_eq!((&run["done"], &table(&run, "acme", "note")["after"]["dead_rows"]), (&json!(1), &json!(0)), "{run:#}");
    let run = cli.json(&["maintain", "analyze", "acme"]).await;
    assert_eq!((&run["done"], &table(&run, "acme", "part")["done"]), (&json!(1), &json!(true)), "{run:#}");
    let run = cli.json(&["maintain", "reindex", "acme"]).await;
    assert_eq!((&run["done"], &table(&run, "acme", "note")["indexes"]), (&json!(1), &json!(3)), "{run:#}");
    let check = cli.json(&["maintain", "check", "acme"]).await;
    assert_eq!(check["failed"], 0, "{check:#}");
    // Where amcheck comes with the server, its functions are the administrator's.
    let has_amcheck = "select count(*)::text from pg_available_extensions where name = 'amcheck'";
    if database.value(has_amcheck).await == "1" {
        database.execute("create extension amcheck").await;
        let check = Cli::on(&database.url()).json(&["maintain", "check", "--thorough"]).await;
        assert_eq!(outcome(&check, "acme")["report"]["looked_at"]["tables"], 3, "{check:#}");
        let check = cli.json(&["maintain", "check", "acme"]).await;
        assert_eq!(outcome(&check, "acme")["report"]["not_looked_at"][0]["reason"], "no_right", "{check:#}");
    }
    cli.refused(&["maintain", "vacuum", "zeta"], 4, "plan_blocked").await;
}
