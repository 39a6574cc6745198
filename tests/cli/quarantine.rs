//! Dropping a tenant, bringing it back, removing it for good.

use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};
use std::path::Path;

/// A tenant with something of every kind in it, and a neighbour that nothing may happen to.
pub const ACME: &str = r#"
create role "reader ""one""" nologin;
create role passer nologin;
create schema acme;
comment on schema acme is 'Acme "& Cie"
l''été \ 2026';
create type acme.mood as enum ('good', 'bad');
create domain acme.amount as numeric check (value >= 0);
create table acme.person (id bigint generated always as identity primary key, name text not null, mood acme.mood);
create table acme.invoice (id serial primary key, person bigint references acme.person, total acme.amount, note text);
create table acme.log (at date not null, what text) partition by range (at);
create table acme.log_2025 partition of acme.log for values from ('2025-01-01') to ('2026-01-01');
create table acme.log_2026 partition of acme.log for values from ('2026-01-01') to ('2027-01-01');
create table acme.base (id int);
create table acme.child (more text) inherits (acme.base);
create sequence acme.free_number start 42;
create table acme.numbered (id int default nextval('acme.free_number'));
create view acme.names as select name from acme.person;
create view acme.more_names as select name from acme.names;
create materialized view acme.totals as select count(*) from acme.invoice;
create function acme.shout(text) returns text language sql immutable as $$ select upper($1) || '!' $$;
create index on acme.person (acme.shout(name));
create function acme.people() returns setof acme.person language sql as $$ select * from acme.person $$;
create function acme.touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger touched before update on acme.person for each row execute function acme.touch();
insert into acme.person (name, mood) select 'person ' || g, 'good' from generate_series(1, 200) g;
insert into acme.invoice (person, total, note) select g, g, repeat('x', 3000) from generate_series(1, 200) g;
insert into acme.log select date '2025-06-01' + g, 'entry ' || g from generate_series(1, 300) g;
insert into acme.child select g, 'child' from generate_series(1, 5) g;
insert into acme.numbered default values;
grant usage on schema acme to "reader ""one""";
grant usage on schema acme to passer with grant option;
grant create on schema acme to passer;
set role passer; grant usage on schema acme to public; reset role;
create schema other; create table other.item (id int primary key); insert into other.item values (1);
"#;

/// A database with the tenant `acme` and its neighbour.
pub async fn acme() -> (TestDatabase, Cli) {
    let database = TestDatabase::new().await;
    // Roles belong to the whole server, which other tests share.
    let roles = "do $$ begin create role passer nologin; exception when duplicate_object or unique_violation then null; end $$; \
                 do $$ begin create role \"reader \"\"one\"\"\" nologin; exception when duplicate_object or unique_violation then null; end $$;";
    database.execute(roles).await;
    let script: String = ACME.lines().filter(|line| !line.starts_with("create role")).collect::<Vec<_>>().join("\n");
    database.execute(&script).await;
    let cli = Cli::on(&database.url());
    (database, cli)
}

/// Everything about a schema that has to be the same after it has been away: rights in their order, comment, objects, rows, and
/// where sequences stand.
pub async fn whole(database: &TestDatabase, schema: &str) -> Vec<String> {
    let literal = schema.replace('\'', "''");
    let mut state = database
        .column(&format!(
            "select x.line from pg_catalog.pg_namespace n cross join lateral ( \
               select 'schema ' || coalesce(n.nspacl::text, '–') || ' ' || n.nspowner || ' ' || coalesce(pg_catalog.obj_description(n.oid, 'pg_namespace'), '–') \
               union all select 'relation ' || c.oid || ' ' || c.relname || ' ' || c.relkind::text || ' ' || coalesce(c.relacl::text, '–') from pg_catalog.pg_class c where c.relnamespace = n.oid \
               union all select 'routine ' || p.oid || ' ' || p.proname from pg_catalog.pg_proc p where p.pronamespace = n.oid \
               union all select 'type ' || t.oid || ' ' || t.typname from pg_catalog.pg_type t where t.typnamespace = n.oid \
               union all select 'sequence ' || s.seqrelid || ' ' || coalesce(pg_catalog.pg_sequence_last_value(s.seqrelid), -1) \
                 from pg_catalog.pg_sequence s join pg_catalog.pg_class c on c.oid = s.seqrelid where c.relnamespace = n.oid \
             ) x (line) where n.nspname = '{literal}' order by 1"
        ))
        .await;
    let tables = database
        .column(&format!(
            "select c.oid::regclass::text from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
             where n.nspname = '{literal}' and c.relkind = 'r' order by c.oid"
        ))
        .await;
    for table in tables {
        let rows = format!(
            "select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from only {table} t"
        );
        state.push(database.value(&rows).await);
    }
    state
}

/// Schemas of the database, without the server's own.
pub async fn schemas(database: &TestDatabase) -> Vec<String> {
    database
        .column(
            "select nspname from pg_catalog.pg_namespace where nspname !~ '^(pg_|information_schema|public$)' order by nspname",
        )
        .await
}

/// The record of a quarantined schema.
pub async fn record(database: &TestDatabase, schema: &str) -> Value {
    let literal = schema.replace('\'', "''");
    let comment = database
        .value(&format!(
            "select pg_catalog.obj_description(oid, 'pg_namespace') from pg_catalog.pg_namespace where nspname = '{literal}'"
        ))
        .await;
    serde_json::from_str(&comment).unwrap_or_else(|error| panic!("{error}: {comment}"))
}

/// The files that a record names are there, and are those that were verified.
pub fn assert_backup(record: &Value) {
    // Where locks are scarce there is no archive.
    for file in ["backup", "archive"].into_iter().filter(|file| !record[file].is_null()) {
        let path = record[file]["path"].as_str().expect("a path");
        let sum = std::process::Command::new("sha256sum").arg(path).output().expect("sha256sum of coreutils runs");
        let sum = String::from_utf8_lossy(&sum.stdout).split(' ').next().unwrap_or_default().to_owned();
        // A name with odd characters is printed behind a backslash.
        assert_eq!(sum.trim_start_matches('\\'), record[file]["sha256"].as_str().expect("a digest"), "{record}");
    }
}

pub async fn drop_acme(cli: &Cli) -> String {
    let dropped = cli.json(&["tenant", "drop", "acme", "--yes"]).await;
    assert_eq!(dropped["run"]["done"], 1, "{dropped}");
    assert!(dropped["archive"].is_string(), "{dropped}");
    dropped["quarantined_as"].as_str().expect("a name").to_owned()
}

#[tokio::test]
async fn a_dropped_tenant_is_closed_saved_and_comes_back_exactly_as_it_was_on_any_computer() {
    let (database, cli) = acme().await;
    let before = whole(&database, "acme").await;
    let dropped = cli.json(&["tenant", "drop", "acme", "--yes"]).await;
    let quarantine = dropped["quarantined_as"].as_str().expect("a name").to_owned();
    assert!(quarantine.starts_with("_cadastre_q_20") && quarantine.ends_with("_acme"), "{dropped}");
    assert_eq!(schemas(&database).await, [quarantine.as_str(), "other"]);
    let record = record(&database, &quarantine).await;
    assert_eq!((&record["schema"], &record["backup"]["path"]), (&json!("acme"), &dropped["backup"]));
    assert!(record["proven_at"].is_string(), "{record}");
    assert_backup(&record);
    let backup = dropped["backup"].as_str().expect("a path");
    assert!(Path::new(backup).starts_with(cli.home().join("backups")), "{backup}");
    // Nobody but the owner gets in.
    let rights = "select coalesce(string_agg(grantee::regrole::text, ','), '') from pg_catalog.pg_namespace n, \
                  aclexplode(n.nspacl) where nspname like '\\_cadastre\\_q%' and grantee <> n.nspowner";
    assert_eq!(database.value(rights).await, "");
    // It is no tenant any more, and it is listed where it is.
    let listed = cli.json(&["tenant", "list"]).await;
    assert_eq!(listed.as_array().map(|l| l.iter().map(|t| t["schema"].clone()).collect()), Some(vec![json!("other")]));
    let listed = cli.json(&["tenant", "list", "--state", "quarantined"]).await;
    let line = &listed[0];
    assert_eq!(
        (&line["schema"], &line["was"], &line["state"]),
        (&json!(quarantine), &json!("acme"), &json!("quarantined"))
    );
    assert_eq!((&line["name"], &line["backup"]), (&json!("Acme \"& Cie\""), &dropped["backup"]));
    cli.refused(&["export", "acme", "--to", &cli.path("")], 4, "tenant_missing").await;
    cli.refused(&["export", &quarantine, "--to", &cli.path("")], 4, "tenant_missing").await;
    // From the record alone.
    let elsewhere = Cli::on(&database.url());
    let back = elsewhere.json(&["tenant", "undrop", "acme"]).await;
    assert_eq!((&back["done"], &back["kind"]), (&json!(1), &json!("undrop")), "{back}");
    assert_eq!(whole(&database, "acme").await, before);
    assert!(Path::new(backup).exists(), "the backup stays");
    elsewhere.refused(&["tenant", "undrop", "acme"], 4, "not_quarantined").await;
    assert_eq!(cli.json(&["journal", "verify"]).await["intact"], true);
}

#[tokio::test]
async fn a_plan_names_all_that_is_lost_and_all_who_would_notice_and_changes_nothing() {
    let (database, cli) = acme().await;
    database
        .execute(
            "create table public.clients (id int, schema_name varchar(63), note text); \
             insert into public.clients values (1, 'acme', ''), (2, 'other', 'acme'), (3, 'acme', ''); \
             create table other.ref (person bigint references acme.person); \
             create view public.all_names as select * from acme.names; \
             create table other.mooded (mood acme.mood default 'good')",
        )
        .await;
    let (before, state) = (whole(&database, "acme").await, database.state().await);
    let mut session = database.database.session(cadastre_core::connection::Purpose::Create).await.expect("a session");
    session.execute("begin; insert into acme.base values (1)").await.expect("a row");
    let plan = cli.json(&["tenant", "drop", "acme", "--dry-run"]).await;
    session.execute("rollback").await.expect("rolled back");
    let losses = &plan["losses"];
    let dependents = losses["dependents"].to_string();
    for object in ["other.ref", "public.all_names", "other.mooded"] {
        let bare = object.trim_start_matches("public.");
        assert!(dependents.contains(bare), "{object}: {dependents}");
    }
    assert_eq!(losses["mentions"], json!([{ "table": "clients", "column": "schema_name", "rows": 2 }]), "{losses}");
    assert_eq!(losses["roles"], json!(["PUBLIC", "passer", "reader \"one\""]), "{losses}");
    assert_eq!(
        (&losses["sessions"][0]["writes"], losses["sessions"].as_array().map(Vec::len)),
        (&json!(true), Some(1))
    );
    assert!(losses["lock_budget"]["total"].as_i64() > Some(1000), "{losses}");
    assert_eq!(losses["tables"], 7, "{losses}");
    assert!(plan["fingerprint"].as_str().is_some_and(|f| f.len() == 64), "{plan}");
    assert_eq!((whole(&database, "acme").await, database.state().await), (before, state));
    // A person reads the same.
    let call = cli.run(&["tenant", "drop", "acme", "--dry-run"]).await;
    assert!(
        call.code == 0 && call.stdout.contains("clients has 2 rows") && call.stdout.contains("alter schema"),
        "{call}"
    );
}

#[tokio::test]
async fn dropping_is_confirmed_by_yes_or_by_the_name_typed_on_a_terminal() {
    let (database, cli) = acme().await;
    cli.refused(&["tenant", "drop", "acme"], 2, "usage").await;
    let call = cli.on_terminal(&["tenant", "drop", "acme"], "to go on:", "acne").await;
    assert_eq!(call.code, 130, "{call}");
    assert_eq!(schemas(&database).await, ["acme", "other"]);
    let call = cli.on_terminal(&["tenant", "drop", "acme"], "to go on:", "acme").await;
    assert_eq!(call.code, 0, "{call}");
    assert!(call.stdout.contains("is in quarantine as"), "{call}");
    cli.refused(&["tenant", "purge", "acme", "--older-than", "0d"], 2, "usage").await;
    let quarantine = schemas(&database).await[0].clone();
    let call = cli.on_terminal(&["tenant", "purge", "acme", "--older-than", "0d"], "to go on:", &quarantine).await;
    assert_eq!(call.code, 0, "{call}");
    assert_eq!(schemas(&database).await, ["other"]);
}

#[tokio::test]
async fn a_drop_with_a_row_that_came_after_the_backup_is_refused_and_undone() {
    let (database, cli) = acme().await;
    let backups = cli.path("backups");
    std::fs::create_dir(&backups).expect("a folder");
    let before = whole(&database, "acme").await;
    // The backup does not see it, and the rename does not wait for it.
    let mut writer = database.database.session(cadastre_core::connection::Purpose::Create).await.expect("a session");
    writer.execute("begin; insert into acme.person (name) values ('late')").await.expect("a row");
    let call = cli.start(&["tenant", "drop", "acme", "--yes", "--json", "--backup-dir", &backups]);
    let renamed = "select case when count(*) = 1 then 't' else 'f' end from pg_catalog.pg_namespace where nspname like '\\_cadastre\\_q%'";
    database.wait_until(renamed).await;
    writer.execute("commit").await.expect("committed");
    let call = call.end().await;
    assert_eq!(call.code, 4, "{call}");
    let document = call.document();
    let error = &document["run"]["tenants"][0]["error"];
    assert_eq!((&error["code"], &error["params"]["table"]), (&json!("backup_differs"), &json!("person")), "{call}");
    assert!(error["message"].as_str().is_some_and(|m| m.contains("200 rows in the backup, 201 now")), "{call}");
    assert_eq!((&document["backup"], &document["quarantined_as"]), (&Value::Null, &Value::Null));
    // Whole again, with the late row, and without the backup that lacks it.
    assert_eq!(schemas(&database).await, ["acme", "other"]);
    let after = whole(&database, "acme").await;
    assert_eq!(after[..2], before[..2]);
    assert_eq!(database.value("select count(*) from acme.person where name = 'late'").await, "1");
    assert_eq!(std::fs::read_dir(&backups).expect("the folder").count(), 0);
    // Once nobody writes, it goes.
    drop_acme(&cli).await;
}

#[tokio::test]
async fn a_drop_waits_for_a_writer_and_gives_up_in_the_end_naming_it() {
    let (database, cli) = acme().await;
    let before = whole(&database, "acme").await;
    let mut writer = database.database.session(cadastre_core::connection::Purpose::Create).await.expect("a session");
    writer.execute("begin; lock table acme.base in row exclusive mode").await.expect("a lock");
    let call = cli.run(&["tenant", "drop", "acme", "--yes", "--json"]).await;
    assert_eq!(call.code, 4, "{call}");
    let error = call.document()["run"]["tenants"][0]["error"].clone();
    assert_eq!(error["code"], "tenant_in_use", "{call}");
    let pid = writer.backend().to_string();
    assert!(error["message"].as_str().is_some_and(|m| m.contains(&pid)), "{call}");
    writer.execute("rollback").await.expect("rolled back");
    assert_eq!(whole(&database, "acme").await, before);
    // A reader does not stand in the way.
    writer.execute("begin; select * from acme.person").await.expect("rows");
    drop_acme(&cli).await;
}

#[tokio::test]
async fn a_name_that_is_taken_again_is_not_given_twice() {
    let (database, cli) = acme().await;
    let before = whole(&database, "acme").await;
    drop_acme(&cli).await;
    database.execute("create schema acme; create table acme.new (id int)").await;
    let error = cli.refused(&["tenant", "undrop", "acme"], 4, "schema_name_taken").await;
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("--as")), "{error}");
    cli.refused(&["tenant", "undrop", "acme", "--as", "other"], 4, "schema_name_taken").await;
    cli.json(&["tenant", "undrop", "acme", "--as", "acme_back"]).await;
    assert_eq!(whole(&database, "acme_back").await.len(), before.len());
    // Two of one name: the schema in quarantine says which.
    cli.json(&["tenant", "drop", "acme", "--yes"]).await;
    database.execute("alter schema acme_back rename to acme").await;
    let second = drop_acme(&cli).await;
    cli.refused(&["tenant", "undrop", "acme"], 4, "tenant_ambiguous").await;
    cli.json(&["tenant", "undrop", &second]).await;
    assert_eq!(whole(&database, "acme").await, before);
}

#[tokio::test]
async fn names_and_comments_of_every_kind_come_back_and_stay_text() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let long = "é".repeat(31);
    for name in ["it's \"quoted\"; drop table x; --", long.as_str(), "../up", "UPPER lower", "{\"json\": 1}"] {
        let quoted = name.replace('"', "\"\"");
        database
            .execute(&format!("create schema \"{quoted}\"; create table \"{quoted}\".t (id int); insert into \"{quoted}\".t values (1)"))
            .await;
        for comment in ["null", "'{\"cadastre_quarantine\": 1}'", "'''; drop schema other; --'"] {
            database.execute(&format!("comment on schema \"{quoted}\" is {comment}")).await;
            let before = whole(&database, name).await;
            cli.json(&["tenant", "drop", name, "--yes"]).await;
            let quarantine = schemas(&database).await[0].clone();
            assert!(quarantine.len() <= 63, "{quarantine}");
            assert_backup(&record(&database, &quarantine).await);
            cli.json(&["tenant", "undrop", name]).await;
            assert_eq!(whole(&database, name).await, before, "{name} {comment}");
        }
        database.execute(&format!("drop schema \"{quoted}\" cascade")).await;
    }
}

#[tokio::test]
async fn a_record_that_was_tampered_with_is_not_believed() {
    let (database, cli) = acme().await;
    let quarantine = drop_acme(&cli).await;
    let good = record(&database, &quarantine).await;
    let before = whole(&database, &quarantine).await;
    for (key, value) in [
        ("schema", json!("pg_catalog")),
        ("schema", json!("x\u{0}y")),
        ("quarantined_as", json!("other")),
        ("cadastre_quarantine", json!(9)),
        ("backup", json!(7)),
    ] {
        let mut bad = good.clone();
        bad[key] = value;
        let text = bad.to_string().replace('\'', "''");
        database.execute(&format!("comment on schema \"{quarantine}\" is '{text}'")).await;
        cli.refused(&["tenant", "undrop", &quarantine], 4, "quarantine_record_invalid").await;
        cli.refused(&["tenant", "purge", &quarantine, "--older-than", "0d", "--yes"], 4, "quarantine_record_invalid")
            .await;
        let listed = cli.json(&["tenant", "list", "--state", "quarantined"]).await;
        assert!(listed[0]["problem"].is_string(), "{listed}");
    }
    // Rights in the name of a role whose name is SQL: it is a name, and there is no such role.
    let mut hostile = good.clone();
    hostile["acl"][0]["grantee"] = json!("x\"; drop schema other cascade; --");
    let text = hostile.to_string().replace('\'', "''");
    database.execute(&format!("comment on schema \"{quarantine}\" is '{text}'")).await;
    let plan = cli.json(&["tenant", "undrop", "acme", "--dry-run"]).await;
    assert!(plan["checks"].to_string().contains("undrop_role_missing"), "{plan}");
    let text = good.to_string().replace('\'', "''");
    database.execute(&format!("comment on schema \"{quarantine}\" is '{text}'")).await;
    assert_eq!(whole(&database, &quarantine).await[1..], before[1..]);
    assert_eq!(schemas(&database).await, [quarantine.as_str(), "other"]);
}
