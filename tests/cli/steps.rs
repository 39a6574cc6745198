//! Files outside a transaction, statement by statement: what stopped half-way goes on where it stopped, or is taken back.

use crate::faults::{id, last_run};
use crate::fleet::{line, small_template};
use cadastre_core::connection::Purpose;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};
use std::time::Duration;

pub const VERSION: i64 = 20_260_105_000_000;
pub const TENANTS: usize = 10;

/// Tenants with a table to index, and a file that does so outside a transaction.
pub struct Fleet {
    pub cli: Cli,
    pub folder: String,
    pub schemas: Vec<String>,
}

impl Fleet {
    pub async fn of(database: &TestDatabase, count: usize) -> Self {
        let cli = Cli::on(&database.url());
        let folder = small_template(&cli, "template");
        let tables = "alter table item add column a int, add column b int, add column c int;\n\
                      create index item_old on item (a);\ncreate table ledger (entry text not null);\n\
                      create type mood as enum ('calm');\n";
        cli.write("template/20260103000000_tables.up.sql", tables);
        cli.write("template/20260103000000_tables.down.sql", "drop type mood; drop table ledger;\n");
        let schemas: Vec<String> = (1..=count).map(|n| format!("t{n:02}")).collect();
        let mut create = vec!["tenant", "create", "--template", &folder, "--yes"];
        create.extend(schemas.iter().map(String::as_str));
        assert_eq!(cli.json(&create).await["done"], count);
        for schema in &schemas {
            let rows =
                format!("insert into {schema}.item (id, a, b, c) select n, n, n, n from generate_series(1, 3000) n");
            database.execute(&rows).await;
        }
        let fleet = Self { cli, folder, schemas };
        fleet.write(UP, DOWN);
        fleet
    }

    pub fn write(&self, up: &str, down: &str) {
        self.cli.write(&format!("template/{VERSION}_indexes.up.sql"), up);
        self.cli.write(&format!("template/{VERSION}_indexes.down.sql"), down);
    }

    pub fn up(&self) -> Vec<&str> {
        vec!["migrate", "up", "--all", "--dir", &self.folder, "--json"]
    }

    /// Indexes with their definitions, whether they are valid, histories but for their times, ledgers.
    pub async fn state(&self, database: &TestDatabase) -> Vec<String> {
        let mut state = database.column(INDEXES).await;
        for schema in &self.schemas {
            let rows = format!(
                "select '{schema} ' || entry from {schema}.ledger union all select '{schema} ' || \
                 concat_ws(' ', version, description, success, checksum, execution_time >= 0) from {schema}._sqlx_migrations \
                 union all select '{schema} ' || e.enumlabel from pg_enum e join pg_type t on t.oid = e.enumtypid \
                 where t.typnamespace = '{schema}'::regnamespace order by 1"
            );
            state.extend(database.column(&rows).await);
        }
        state
    }

    pub async fn status(&self, schema: &str) -> Value {
        let status = self.cli.json(&["migrate", "status", schema, "--dir", &self.folder]).await;
        status["tenants"][0].clone()
    }

    pub async fn checks(&self, arguments: &[&str]) -> Vec<Value> {
        let call = self.cli.run(&[arguments, &["--dry-run", "--json"]].concat()).await;
        call.document()["checks"].as_array().unwrap_or_else(|| panic!("{call}")).clone()
    }
}

pub const UP: &str = "-- no-transaction\n-- purpose: indexes; several\n-- impact: none\n-- rollback: drop them\n\
                  create index concurrently item_a on item (a); -- the first; of four\n\
                  insert into ledger values ('a;b'), ($$c;d$$);\n\
                  create unique index concurrently if not exists \"Item;B\"\n    on item (b);\n\
                  drop index concurrently item_old;\n\
                  alter type mood add value 'glad';\n\
                  create index concurrently on item (c);\n\
                  insert into ledger values ('end');\n";
pub const DOWN: &str = "-- no-transaction\n\
                    delete from ledger where entry in ('a;b', 'c;d', 'end');\n\
                    create index concurrently if not exists item_old on item (a);\n\
                    drop index concurrently item_c_idx;\ndrop index concurrently \"Item;B\";\ndrop index concurrently item_a;\n";
pub const STATEMENTS: u64 = 7;

pub const INDEXES: &str = "select i.indexrelid::regclass || ' ' || i.indisvalid || ' ' || pg_get_indexdef(i.indexrelid) \
                       from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname ilike 'item%' order by 1";

#[tokio::test]
async fn a_file_outside_a_transaction_may_hold_several_statements() {
    let database = TestDatabase::new().await;
    let fleet = Fleet::of(&database, 2).await;
    let before = fleet.state(&database).await;
    let run = fleet.cli.json(&fleet.up()[..5]).await;
    assert_eq!((&run["done"], &line(&run, "t01")["versions"]), (&json!(2), &json!([VERSION])), "{run}");
    let state = fleet.state(&database).await;
    for there in ["t01 a;b", "t02 c;d", "t02 end", "t01 glad"] {
        assert_eq!(state.iter().filter(|row| *row == there).count(), 1, "{there}: {state:#?}");
    }
    let indexes: Vec<_> = state.iter().filter(|row| row.starts_with("t01.") && row.contains(" true ")).collect();
    assert_eq!(indexes.len(), 4, "{state:#?}");
    let rows = format!("select success and execution_time > 0 from t01._sqlx_migrations where version = {VERSION}");
    assert_eq!(database.value(&rows).await, "t");
    let again = fleet.cli.json(&fleet.up()[..5]).await;
    assert_eq!(again["skipped"], 2, "{again}");
    // A label cannot be taken from an enumeration.
    let undone = fleet.cli.json(&["run", "undo", id(&run), "--yes"]).await;
    assert_eq!(undone["done"], 2, "{undone}");
    let state: Vec<_> = fleet.state(&database).await.into_iter().filter(|row| !row.ends_with(" glad")).collect();
    assert_eq!(state, before);
}

#[tokio::test]
async fn duplicates_stop_a_unique_index_and_the_run_goes_on_when_they_are_repaired() {
    let database = TestDatabase::new().await;
    let fleet = Fleet::of(&database, 3).await;
    database.execute("update t02.item set b = 7 where id = 8").await;
    let call = fleet.cli.run(&fleet.up()).await;
    assert_eq!(call.code, 3, "{call}");
    let run = call.document();
    let failed = line(&run, "t02");
    let error = &failed["error"];
    assert_eq!((&error["code"], &error["params"]["done"]), (&json!("migration_stopped"), &json!("2")), "{call}");
    let message = error["message"].as_str().expect("a message");
    assert!(message.contains("duplicate key") || message.contains("could not create unique index"), "{message}");
    assert!(message.contains(&format!("{VERSION}_indexes.up.sql, line 7")), "{message}");
    let detail = error["detail"].as_str().expect("a detail");
    assert!(
        detail.contains("(b)=(7)") && detail.contains("The invalid index Item;B that it left was dropped."),
        "{detail}"
    );
    assert_eq!((&failed["versions"], &line(&run, "t01")["outcome"]), (&json!([]), &json!("done")), "{run}");
    assert!(!database.column(INDEXES).await.iter().any(|index| index.contains(" false ")));

    let status = fleet.status("t02").await;
    assert_eq!(
        (&status["problem"]["code"], &status["problem_version"]),
        (&json!("migration_half_way"), &json!(VERSION))
    );
    assert_eq!(
        (&status["problem"]["params"]["done"], &status["pending"]),
        (&json!("2"), &json!([VERSION])),
        "{status}"
    );
    assert_eq!(fleet.status("t01").await["problem"], json!(null));
    let checks = fleet.checks(&fleet.up()[..5]).await;
    let check = checks.iter().find(|check| check["code"] == "half_way").unwrap_or_else(|| panic!("{checks:#?}"));
    let params = &check["params"];
    assert_eq!((&params["tenants"], &params["done"]), (&json!("t02"), &json!("2")), "{check}");
    assert_eq!((&params["statements"], &params["line"]), (&json!(STATEMENTS.to_string()), &json!("7")), "{check}");
    let plan = fleet.cli.json(&["migrate", "up", "t02", "--dir", &fleet.folder, "--dry-run"]).await;
    let sql = plan["statements"][0]["sql"].as_str().expect("SQL");
    assert!(sql.contains("-- 2 of 7 statements are done.\ncreate unique index") && !sql.contains("item_a on"), "{sql}");

    // Not yet repaired: it stops at the same place, and nothing is done twice.
    let call = fleet.cli.run(&["run", "resume", id(&run), "--json"]).await;
    assert_eq!(line(&call.document(), "t02")["error"]["params"]["done"], "2", "{call}");
    database.execute("update t02.item set b = 8 where id = 8").await;
    let resumed = fleet.cli.json(&["run", "resume", id(&run)]).await;
    assert_eq!((&resumed["done"], &line(&resumed, "t02")["versions"]), (&json!(3), &json!([VERSION])), "{resumed}");
    let alike = |state: &[String], schema: &str| -> Vec<String> {
        state.iter().filter(|row| row.starts_with(schema)).map(|row| row.replace(schema, "x")).collect()
    };
    let state = fleet.state(&database).await;
    assert_eq!(alike(&state, "t02"), alike(&state, "t01"));
}

#[tokio::test]
async fn a_tenant_that_stopped_half_way_is_taken_back_by_its_down_file() {
    let database = TestDatabase::new().await;
    let fleet = Fleet::of(&database, 2).await;
    let before = fleet.state(&database).await;
    for (down, by_undo) in
        [(DOWN, true), (&DOWN.replace("-- no-transaction\n", "").replace(" concurrently", ""), false)]
    {
        fleet.write(UP, down);
        database.execute("update t02.item set b = 7 where id = 8").await;
        let call = fleet.cli.run(&fleet.up()).await;
        let run = call.document();
        assert_eq!(line(&run, "t02")["error"]["code"], "migration_stopped", "{call}");
        let checks = fleet.checks(&["migrate", "down", "t02", "--dir", &fleet.folder]).await;
        assert!(checks.iter().any(|check| check["code"] == "half_way_undone"), "{checks:#?}");
        let undone = if by_undo {
            fleet.cli.json(&["run", "undo", id(&run), "--yes"]).await
        } else {
            fleet.cli.json(&["migrate", "down", "--all", "--dir", &fleet.folder, "--yes"]).await
        };
        assert_eq!(undone["done"], 2, "{undone}");
        database.execute("update t02.item set b = 8 where id = 8").await;
        let state: Vec<_> = fleet.state(&database).await.into_iter().filter(|row| !row.ends_with(" glad")).collect();
        assert_eq!(state, before);
        fleet.write(&UP.replace("add value 'glad'", "add value if not exists 'glad'"), down);
    }
}

#[tokio::test]
async fn a_new_tenant_gets_the_file_in_the_transaction_that_makes_it() {
    let database = TestDatabase::new().await;
    let fleet = Fleet::of(&database, 1).await;
    fleet.write(&format!("{UP}vacuum item;\nbegin; select 1; commit;\n"), DOWN);
    let made = fleet.cli.json(&["tenant", "create", "new", "--template", &fleet.folder, "--yes"]).await;
    assert_eq!(made["done"], 1, "{made}");
    fleet.cli.json(&fleet.up()[..5]).await;
    let shape = fleet.cli.json(&["shape", "t01", "new"]).await;
    assert_eq!(shape["classes"].as_array().map(Vec::len), Some(1), "{shape}");
    assert_eq!(fleet.status("new").await["pending"], json!([]));
    // The line is that of the file.
    fleet.write("-- no-transaction\ncreate index concurrently x on item (a);\nselect nowhere;", DOWN);
    let call = fleet.cli.run(&["tenant", "create", "other", "--template", &fleet.folder, "--yes", "--json"]).await;
    let message = line(&call.document(), "other")["error"]["message"].to_string();
    assert!(message.contains("indexes.up.sql, line 3"), "{call}");
}

#[tokio::test]
async fn a_file_corrected_half_way_is_another_one_and_the_run_is_undone_with_the_old_one() {
    let database = TestDatabase::new().await;
    let fleet = Fleet::of(&database, 2).await;
    database.execute("update t02.item set b = 7 where id = 8").await;
    let run = fleet.cli.run(&fleet.up()).await.document();
    assert_eq!(line(&run, "t02")["error"]["code"], "migration_stopped", "{run}");
    let corrected = UP.replace("create unique index", "update item set b = id where id = 8;\ncreate unique index");
    fleet.write(&corrected.replace("add value 'glad'", "add value if not exists 'glad'"), DOWN);
    assert_eq!(fleet.status("t02").await["problem"]["code"], "migration_dirty");
    let call = fleet.cli.run(&["migrate", "up", "t02", "--dir", &fleet.folder, "--json"]).await;
    let error = line(&call.document(), "t02")["error"].clone();
    assert_eq!((call.code, &error["code"]), (4, &json!("migration_dirty")), "{call}");
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("cadastre run undo")), "{call}");
    assert_eq!(fleet.cli.json(&["run", "undo", id(&run), "--yes"]).await["done"], 2);
    assert_eq!(fleet.cli.json(&fleet.up()[..5]).await["done"], 2);
    let state = fleet.state(&database).await;
    let alike = |schema: &str| -> Vec<_> {
        state.iter().filter(|row| row.starts_with(schema)).map(|row| row.replace(schema, "x")).collect()
    };
    assert_eq!(alike("t02"), alike("t01"));
}

#[tokio::test]
async fn a_first_statement_that_is_refused_leaves_nothing_behind() {
    let database = TestDatabase::new().await;
    let fleet = Fleet::of(&database, 1).await;
    let before = fleet.state(&database).await;
    fleet.write("-- no-transaction\ncreate index concurrently x on nowhere (a);\nselect 1;", DOWN);
    let call = fleet.cli.run(&fleet.up()).await;
    let run = call.document();
    let error = &line(&run, "t01")["error"];
    assert_eq!(error["code"], "migration_failed", "{call}");
    assert!(error["message"].as_str().is_some_and(|m| m.contains("indexes.up.sql, line 2")), "{call}");
    assert_eq!(fleet.state(&database).await, before);
    assert_eq!(fleet.status("t01").await["problem"], json!(null));
    // The same on the way back: the row is as it was.
    fleet.write(UP, "-- no-transaction\ndrop index concurrently nowhere;\nselect 1;");
    fleet.cli.json(&fleet.up()[..5]).await;
    let before = fleet.state(&database).await;
    let call = fleet.cli.run(&["migrate", "down", "t01", "--dir", &fleet.folder, "--yes", "--json"]).await;
    assert_eq!(call.code, 1, "{call}");
    assert_eq!(fleet.state(&database).await, before);
}

#[tokio::test]
async fn an_index_that_an_interruption_left_invalid_is_named_and_built_anew() {
    let database = TestDatabase::new().await;
    let fleet = Fleet::of(&database, 2).await;
    database.execute("create index item_a on t01.item (a); create index item_x_ccnew on t01.item (a)").await;
    let invalid = "update pg_index set indisvalid = false where indexrelid in ('t01.item_a'::regclass, 't01.item_x_ccnew'::regclass)";
    database.execute(invalid).await;
    let status = fleet.status("t01").await;
    let named: Vec<_> =
        status["invalid_indexes"].as_array().expect("a list").iter().map(|index| &index["name"]).collect();
    assert_eq!(named, ["item_a", "item_x_ccnew"], "{status}");
    let spoken = fleet.cli.run(&["migrate", "status", "--all", "--dir", &fleet.folder]).await;
    assert!(spoken.stdout.contains("item_a of item is not valid"), "{spoken}");
    let checks = fleet.checks(&fleet.up()[..5]).await;
    for (code, index) in [("invalid_index_rebuilt", "item_a"), ("reindex_leftover", "item_x_ccnew")] {
        assert!(checks.iter().any(|c| c["code"] == code && c["params"]["index"] == index), "{code}: {checks:#?}");
    }
    // Somebody may be building it at this moment.
    let lock = "begin; lock table t01.item in share update exclusive mode";
    let mut builder = database.database.session(Purpose::Migrate).await.expect("a session");
    builder.execute(lock).await.expect("the lock");
    assert_eq!(fleet.status("t01").await["invalid_indexes"], json!([]));
    let call = fleet.cli.run(&["migrate", "up", "t01", "--dir", &fleet.folder, "--retries", "0", "--json"]).await;
    let error = line(&call.document(), "t01")["error"].clone();
    assert_eq!(error["code"], "tenant_busy", "{call}");
    assert!(error["message"].as_str().is_some_and(|m| m.contains("builds the index item_a")), "{error}");
    builder.execute("commit").await.expect("the end");
    builder.close().await;
    let run = fleet.cli.json(&[&fleet.up()[..5], &["--allow-drift"]].concat()).await;
    assert_eq!(run["done"], 2, "{run}");
    let named = fleet.status("t01").await["invalid_indexes"].clone();
    assert_eq!(named, json!([{ "name": "item_x_ccnew", "table": "item", "leftover": true }]));
}

#[tokio::test]
async fn what_the_server_finished_after_the_program_was_gone_is_not_done_again() {
    finished_alone(&TestDatabase::new().await).await;
}

/// Each of three statements waits for an older transaction when the program is killed, and ends when it is gone.
pub async fn finished_alone(database: &TestDatabase) {
    let fleet = Fleet::of(database, 1).await;
    let up = "-- no-transaction\nset maintenance_work_mem = '8MB';\ncreate index concurrently item_a on item (a);\n\
              create unique index concurrently on item (b);\ndrop index concurrently item_old;\n\
              insert into ledger values (current_setting('maintenance_work_mem'));";
    fleet.write(up, DOWN);
    let mut older = database.database.session(Purpose::Migrate).await.expect("a session");
    let mut run: Option<Value> = None;
    for recorded in [-2, -3, -4] {
        older.execute("begin isolation level repeatable read; select from t01.item").await.expect("a lock");
        let up = fleet.up();
        let resume = run.as_ref().map(|run| vec!["run", "resume", id(run)]);
        let call = fleet.cli.start(resume.as_ref().unwrap_or(&up));
        database.wait_until("select (count(*) > 0)::text::char(1) from pg_index where not indisvalid").await;
        call.kill().await;
        older.execute("commit").await.expect("the end");
        database.wait_until("select (count(*) = 0)::text::char(1) from pg_index where not indisvalid").await;
        database
            .wait_until(
                "select (count(*) = 0)::text::char(1) from pg_locks where locktype = 'advisory' \
             and database = (select oid from pg_database where datname = current_database())",
            )
            .await;
        let time = format!("select execution_time::text from t01._sqlx_migrations where version = {VERSION}");
        assert_eq!(database.value(&time).await, recorded.to_string());
        run = last_run(&fleet.cli).await;
    }
    older.close().await;
    let made = "select oid::text from pg_class where relname in ('item_a', 'item_b_idx') order by relname";
    let oids = database.column(made).await;
    let resumed = fleet.cli.json(&["run", "resume", id(&run.expect("a run"))]).await;
    assert_eq!((&resumed["done"], &line(&resumed, "t01")["versions"]), (&json!(1), &json!([VERSION])), "{resumed}");
    assert_eq!((database.column(made).await, oids.len()), (oids, 2));
    assert_eq!(database.column(INDEXES).await.iter().filter(|index| index.contains(" true ")).count(), 3);
    assert_eq!(database.column("select entry from t01.ledger").await, ["8MB"]);
}

#[tokio::test]
async fn an_index_waits_for_older_transactions_and_nobody_waits_behind_it() {
    let database = TestDatabase::new().await;
    let fleet = Fleet::of(&database, 2).await;
    fleet.write(
        "-- no-transaction\ncreate index concurrently item_a on item (a);\nalter table item add column d int;",
        DOWN,
    );
    let session = || database.database.session(Purpose::Migrate);
    let mut older = session().await.expect("a session");
    // It has nothing to do with the table.
    older.execute("begin isolation level repeatable read; select from pg_catalog.pg_class").await.expect("a snapshot");
    // Otherwise the first tenant goes ahead of the second.
    let call = fleet.cli.start(&[&fleet.up()[..], &["--allow-drift"]].concat());
    // Earlier, it waits for everybody who writes, too.
    let waiting = "select (count(*) = 2)::text::char(1) from pg_stat_progress_create_index where phase = 'waiting for old snapshots'";
    database.wait_until(waiting).await;
    let mut writer = session().await.expect("a session");
    let write = "begin; set local lock_timeout = '1s'; update t01.item set b = b where id = 1; update t02.item set b = b where id = 1";
    writer.execute(write).await.expect("nobody is in the way");
    // Longer than the lock time-out of the run.
    tokio::time::sleep(Duration::from_secs(3)).await;
    older.execute("commit").await.expect("the end");
    // The next statement wants the table for itself, gives way, and comes again; the two tenants need not wait at the same time.
    for tenant in ["t01", "t02"] {
        let waits = format!(
            "select (count(*) > 0)::text::char(1) from pg_locks where not granted and relation = '{tenant}.item'::regclass"
        );
        database.wait_until(&waits).await;
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    writer.execute("commit").await.expect("the end");
    let call = call.end().await;
    let run = call.document();
    assert_eq!((call.code, &run["done"]), (0, &json!(2)), "{call}");
    assert!(line(&run, "t01")["attempts"].as_u64() > Some(1), "{run}");
    for session in [older, writer] {
        session.close().await;
    }
}

#[tokio::test]
async fn a_partition_whose_detaching_was_interrupted_is_detached() {
    let database = TestDatabase::new().await;
    let fleet = Fleet::of(&database, 1).await;
    let tables = "create table t01.day (d date) partition by range (d); \
                  create table t01.monday partition of t01.day for values from ('2026-01-05') to ('2026-01-06')";
    database.execute(tables).await;
    fleet.write(
        "-- no-transaction\nalter table day detach partition monday concurrently;\ndrop table monday;",
        "select 1;",
    );
    let mut reader = database.database.session(Purpose::Migrate).await.expect("a session");
    reader.execute("begin; select from t01.day").await.expect("a lock");
    let call = fleet.cli.start(&fleet.up());
    let pending = "select (count(*) = 1)::text::char(1) from pg_inherits where inhdetachpending";
    database.wait_until(pending).await;
    call.kill().await;
    let end = "select count(pg_terminate_backend(pid))::text from pg_stat_activity where query like 'alter table day%'";
    database.value(end).await;
    reader.execute("commit").await.expect("the end");
    reader.close().await;
    assert_eq!(database.value(pending).await, "t");
    let run = last_run(&fleet.cli).await.expect("a run");
    let resumed = fleet.cli.json(&["run", "resume", id(&run)]).await;
    assert_eq!(resumed["done"], 1, "{resumed}");
    assert_eq!(database.value("select to_regclass('t01.monday') is null").await, "t");
}

#[tokio::test]
async fn a_cancelled_file_is_half_way_and_goes_on_later() {
    let database = TestDatabase::new().await;
    let fleet = Fleet::of(&database, 1).await;
    let mut older = database.database.session(Purpose::Migrate).await.expect("a session");
    older.execute("begin isolation level repeatable read; select from pg_catalog.pg_class").await.expect("a snapshot");
    let call = fleet.cli.start(&fleet.up());
    database.wait_until("select (count(*) > 0)::text::char(1) from pg_index where not indisvalid").await;
    let interrupted =
        std::process::Command::new("kill").args(["-INT", &call.pid().expect("a process").to_string()]).status();
    assert!(interrupted.expect("kill runs").success());
    let call = call.end().await;
    assert_eq!(call.code, 130, "{call}");
    let run = call.document();
    assert_eq!(line(&run, "t01")["outcome"], "cancelled", "{call}");
    let status = fleet.status("t01").await;
    assert_eq!(status["problem"]["code"], "migration_half_way", "{status}");
    assert_eq!(status["invalid_indexes"].as_array().map(Vec::len), Some(1), "{status}");
    older.execute("commit").await.expect("the end");
    older.close().await;
    let resumed = fleet.cli.json(&["run", "resume", id(&run)]).await;
    assert_eq!((&resumed["done"], &line(&resumed, "t01")["versions"]), (&json!(1), &json!([VERSION])), "{resumed}");
    assert_eq!(fleet.status("t01").await["invalid_indexes"], json!([]));
}

#[tokio::test]
async fn who_finishes_what_another_run_left_half_way_is_who_undoes_it() {
    let database = TestDatabase::new().await;
    let fleet = Fleet::of(&database, 1).await;
    let before = fleet.state(&database).await;
    database.execute("update t01.item set b = 7 where id = 8").await;
    let first = fleet.cli.run(&fleet.up()).await.document();
    database.execute("update t01.item set b = 8 where id = 8").await;
    let second = fleet.cli.json(&fleet.up()[..5]).await;
    assert_eq!(line(&second, "t01")["versions"], json!([VERSION]), "{second}");
    fleet.cli.refused(&["run", "undo", id(&first), "--yes"], 4, "run_not_undoable").await;
    fleet.cli.json(&["run", "undo", id(&second), "--yes"]).await;
    let state: Vec<_> = fleet.state(&database).await.into_iter().filter(|row| !row.ends_with(" glad")).collect();
    assert_eq!(state, before);
}

#[tokio::test]
async fn a_statement_that_nobody_can_look_up_is_in_doubt_until_a_person_has_decided() {
    let database = TestDatabase::new().await;
    let fleet = Fleet::of(&database, 1).await;
    let procedure = "create procedure t01.work() language plpgsql as $$ begin insert into ledger values ('work'); commit; \
                     perform pg_sleep(case when exists (select from gate) then 60 else 0 end); end $$; \
                     create table t01.gate (); insert into t01.gate default values";
    database.execute(procedure).await;
    fleet.write("-- no-transaction\nselect 1;\ncall work();\ninsert into ledger values ('after');", "select 1;");
    let before = fleet.state(&database).await;
    let call = fleet.cli.start(&fleet.up());
    database.wait_until("select (count(*) = 1)::text::char(1) from t01.ledger").await;
    call.kill().await;
    let end = "select (count(pg_terminate_backend(pid)) >= 0)::text::char(1) from pg_stat_activity where query like 'call work%'";
    assert_eq!(database.value(end).await, "t");
    let error = fleet.status("t01").await["problem"].clone();
    assert_eq!((&error["code"], &error["params"]["line"]), (&json!("statement_in_doubt"), &json!("3")), "{error}");
    let run = last_run(&fleet.cli).await.expect("a run");
    let call = fleet.cli.run(&["run", "resume", id(&run), "--json"]).await;
    assert_eq!(
        (call.code, &line(&call.document(), "t01")["error"]["code"]),
        (4, &json!("statement_in_doubt")),
        "{call}"
    );
    // It had come to its end, says the person.
    let sql = error["params"]["if_done"].as_str().expect("SQL");
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains(sql)), "{error}");
    database.execute(sql).await;
    let run = fleet.cli.json(&["run", "resume", id(&run)]).await;
    assert_eq!(run["done"], 1, "{run}");
    assert_eq!(database.column("select entry from t01.ledger order by 1").await, ["after", "work"]);
    fleet.cli.json(&["run", "undo", id(&run), "--yes"]).await;
    database.execute("delete from t01.ledger").await;
    assert_eq!(fleet.state(&database).await, before);
}
