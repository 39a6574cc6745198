//! Runs that go back, come back, and stop in time.

use crate::fleet::small_template;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};

const UP: &str = "alter table item add column mood text;\n";
const DOWN: &str = "alter table item drop column mood;\n";

/// Tenants `t01` … made from the small template, and a further migration that they have not applied.
pub async fn fleet(count: usize) -> (TestDatabase, Cli, String) {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let folder = small_template(&cli, "template");
    let names: Vec<String> = (1..=count).map(|n| format!("t{n:02}")).collect();
    let mut create = vec!["tenant", "create", "--template", &folder, "--yes"];
    create.extend(names.iter().map(String::as_str));
    assert_eq!(cli.json(&create).await["done"], count);
    cli.write("template/20260103000000_mood.up.sql", UP);
    cli.write("template/20260103000000_mood.down.sql", DOWN);
    (database, cli, folder)
}

pub fn outcome<'a>(run: &'a Value, schema: &str) -> &'a Value {
    let tenants = run["tenants"].as_array().expect("tenants");
    tenants.iter().find(|t| t["schema"] == schema).unwrap_or_else(|| panic!("no {schema}: {run}"))
}

/// Structure and histories without the times: what has to be the same after going there and back.
async fn state(database: &TestDatabase) -> Vec<String> {
    database
        .column(
            "select n.nspname || '.' || c.relname || '.' || a.attname from pg_catalog.pg_attribute a \
             join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace \
             where n.nspname ~ '^t\\d\\d$' and a.attnum > 0 and not a.attisdropped order by 1",
        )
        .await
}

#[tokio::test]
async fn a_run_is_undone_exactly_and_only_once() {
    let (database, cli, folder) = fleet(4).await;
    let before = state(&database).await;
    // One tenant has it already: the run does not touch it, so undoing the run does not either.
    cli.json(&["migrate", "up", "t02", "--dir", &folder]).await;
    let with_one = state(&database).await;
    let run = cli.json(&["migrate", "up", "--all", "--dir", &folder]).await;
    assert_eq!((&run["done"], &run["skipped"]), (&json!(3), &json!(1)), "{run}");
    assert_eq!(outcome(&run, "t01")["versions"], json!([20_260_103_000_000_i64]));
    let id = run["run"].as_str().expect("an id");
    // The folder changes afterwards: the run is undone with the files of its time.
    cli.write("template/20260103000000_mood.down.sql", "select 1 / 0;\n");
    let call = cli.run(&["run", "undo", id]).await;
    assert_eq!(call.code, 2, "nobody can be asked, so --yes is needed: {call}");
    let undone = cli.json(&["run", "undo", &id[..8], "--yes"]).await;
    assert_eq!((&undone["done"], &undone["undoes"]), (&json!(3), &run["run"]), "{undone}");
    assert_eq!(state(&database).await, with_one);
    assert_ne!(state(&database).await, before);
    cli.refused(&["run", "undo", id, "--yes"], 4, "run_not_undoable").await;
    // The undoing is a run, and can be undone.
    let again = cli.json(&["run", "undo", undone["run"].as_str().expect("an id"), "--yes"]).await;
    assert_eq!(again["kind"], "migrate_up", "{again}");
    let status = cli.json(&["migrate", "status", "--dir", &folder]).await;
    assert!(status["tenants"].as_array().expect("tenants").iter().all(|t| t["pending"] == json!([])), "{status}");
}

#[tokio::test]
async fn a_run_is_not_undone_under_later_migrations() {
    let (_database, cli, folder) = fleet(2).await;
    let run = cli.json(&["migrate", "up", "--all", "--dir", &folder]).await;
    cli.write("template/20260104000000_more.up.sql", "alter table item add column more text;\n");
    cli.json(&["migrate", "up", "t01", "--dir", &folder]).await;
    let call = cli.run(&["run", "undo", run["run"].as_str().expect("an id"), "--yes", "--json"]).await;
    assert_eq!(call.code, 3, "{call}");
    let undone = call.document();
    assert_eq!(outcome(&undone, "t01")["error"]["code"], "migration_built_upon", "{call}");
    assert_eq!(outcome(&undone, "t02")["outcome"], "done", "{call}");
}

#[tokio::test]
async fn down_goes_one_back_or_to_a_version() {
    let (database, cli, folder) = fleet(2).await;
    let before = state(&database).await;
    cli.json(&["migrate", "up", "--all", "--dir", &folder]).await;
    let down = cli.json(&["migrate", "down", "--all", "--dir", &folder, "--yes"]).await;
    assert_eq!((&down["kind"], &down["done"]), (&json!("migrate_down"), &json!(2)), "{down}");
    assert_eq!(state(&database).await, before);
    // Without one of the files on the way nothing is changed.
    std::fs::remove_file(cli.path("template/20260101000000_item.down.sql")).expect("the file");
    let call = cli.run(&["migrate", "down", "--all", "--dir", &folder, "--to", "0", "--yes", "--json"]).await;
    assert_eq!(call.code, 3, "{call}");
    assert_eq!(outcome(&call.document(), "t01")["error"]["code"], "down_file_missing", "{call}");
    assert_eq!(state(&database).await, before);
}

#[tokio::test]
async fn a_failed_canary_keeps_the_others_as_they_are() {
    let (database, cli, folder) = fleet(5).await;
    // The smallest tenants are the canaries: make all but t03 larger.
    for n in [1, 2, 4, 5] {
        database.execute(&format!("insert into t0{n}.item select generate_series(1, 5000)")).await;
    }
    database.execute("vacuum analyze").await;
    // Bad data, in a tenant that is built like the others.
    cli.write("template/20260103000000_mood.up.sql", "alter table item add column mood text, add check (id > 0);\n");
    database.execute("insert into t03.item values (-1)").await;
    let call = cli.run(&["migrate", "up", "--all", "--dir", &folder, "--canary", "1", "--json"]).await;
    assert_eq!(call.code, 3, "{call}");
    let run = call.document();
    assert_eq!(
        (&run["failed"], &run["not_started"], &run["stopped"]),
        (&json!(1), &json!(4), &json!("canary")),
        "{run}"
    );
    assert_eq!(outcome(&run, "t03")["outcome"], "failed");
    // Repaired, the run goes on where it stopped.
    database.execute("delete from t03.item where id < 0").await;
    let resumed = cli.json(&["run", "resume", run["run"].as_str().expect("an id")]).await;
    assert_eq!((&resumed["run"], &resumed["done"], &resumed["stopped"]), (&run["run"], &json!(5), &Value::Null));
}

#[tokio::test]
async fn a_locked_tenant_waits_for_its_turn_and_the_others_do_not_wait_for_it() {
    let (database, cli, folder) = fleet(4).await;
    let mut holder = database.database.session(cadastre_core::connection::Purpose::Create).await.expect("a session");
    let lock = cadastre_core::sql::Statement::script("begin; lock table t01.item in access share mode");
    holder.execute(lock).await.expect("the lock");
    let call =
        cli.start(&["migrate", "up", "--all", "--dir", &folder, "--lock-timeout", "300ms", "--jobs", "1", "--json"]);
    let others = "select case when count(*) = 3 then 't' else 'f' end from pg_catalog.pg_attribute \
                  where attname = 'mood' and not attisdropped";
    database.wait_until(others).await;
    holder.execute("rollback").await.expect("the lock is given back");
    let call = call.end().await;
    assert_eq!(call.code, 0, "{call}");
    let run = call.document();
    assert_eq!(run["done"], 4, "{run}");
    let first = outcome(&run, "t01");
    assert!(first["attempts"].as_u64() > Some(1) && first["waited_ms"].as_u64() >= Some(300), "{first}");
    assert_eq!(outcome(&run, "t02")["attempts"], 1);
}

#[tokio::test]
async fn a_killed_run_is_resumed_without_doing_anything_twice() {
    let (database, cli, folder) = fleet(30).await;
    // A migration that would fail the second time, and takes a moment.
    cli.write("template/20260103000000_mood.up.sql", "select pg_sleep(0.1);\nalter table item add column mood text;\n");
    for part in 0..3_u64 {
        let call = match part {
            0 => cli.start(&["migrate", "up", "--all", "--dir", &folder]),
            _ => cli.start(&["run", "resume", &last_run(&cli).await]),
        };
        // In the middle: a few more tenants have it than before.
        let some = format!(
            "select case when count(*) >= {} then 't' else 'f' end from pg_catalog.pg_attribute \
             where attname = 'mood' and not attisdropped",
            2 + part * 4
        );
        database.wait_until(&some).await;
        drop(call);
        // What the killed program had sent is finished or rolled back by the server.
        let idle = "select case when count(*) = 0 then 't' else 'f' end from pg_catalog.pg_stat_activity \
                    where datname = current_database() and application_name like '%migrat%' and state <> 'idle'";
        database.wait_until(idle).await;
        let listed = cli.json(&["run", "list"]).await;
        assert_eq!((&listed[0]["running"], &listed[0]["stopped"]), (&json!(false), &json!("interrupted")), "{listed}");
    }
    let id = last_run(&cli).await;
    let run = cli.json(&["run", "resume", &id]).await;
    assert_eq!((&run["done"], &run["run"]), (&json!(30), &json!(id)), "{run}");
    assert!(
        run["tenants"].as_array().expect("tenants").iter().all(|t| t["versions"] == json!([20_260_103_000_000_i64]))
    );
    cli.refused(&["run", "resume", &id], 4, "run_not_resumable").await;
    let undone = cli.json(&["run", "undo", &id, "--yes"]).await;
    assert_eq!(undone["done"], 30, "{undone}");
}

async fn last_run(cli: &Cli) -> String {
    cli.json(&["run", "list"]).await[0]["run"].as_str().expect("a run").to_owned()
}

#[tokio::test]
async fn the_same_run_from_two_programs_applies_everything_once() {
    let (database, cli, folder) = fleet(20).await;
    let other = Cli::on(&database.url());
    let other_folder = small_template(&other, "template");
    other.write("template/20260103000000_mood.up.sql", UP);
    other.write("template/20260103000000_mood.down.sql", DOWN);
    let first = cli.start(&["migrate", "up", "--all", "--dir", &folder, "--json"]);
    let second = other.start(&["migrate", "up", "--all", "--dir", &other_folder, "--json"]);
    let (first, second) = (first.end().await, second.end().await);
    assert_eq!((first.code, second.code), (0, 0), "{first}\n{second}");
    let done = |call: &cadastre_tests::Call| call.document()["done"].as_u64().expect("a number");
    assert_eq!(done(&first) + done(&second), 20, "{first}\n{second}");
    let skipped = |call: &cadastre_tests::Call| call.document()["skipped"].as_u64().expect("a number");
    assert_eq!(skipped(&first) + skipped(&second), 20, "{first}\n{second}");
}

/// A fleet with one more migration of this text, and what `migrate up` over it says about `t01`.
async fn up_with(text: &str) -> (TestDatabase, Cli, Value) {
    let (database, cli, folder) = fleet(2).await;
    cli.write("template/20260103000000_mood.up.sql", text);
    let call = cli.run(&["migrate", "up", "--all", "--dir", &folder, "--jobs", "1", "--json"]).await;
    (database, cli, call.document())
}

#[tokio::test]
async fn what_reaches_outside_the_tenant_is_rolled_back() {
    let shared = "create table public.shared (id int); create type public.level as enum ('low'); \
                  create function public.one() returns int language sql as 'select 1'";
    for (text, objects) in [
        ("alter table public.shared add column x int;", "public.shared"),
        ("insert into public.shared values (1);", "public.shared"),
        ("create table public.another (id int);", "public.another"),
        ("alter table t02.item add column x int;", "t02.item"),
        ("do $$ begin execute 'drop table public.shared'; end $$;", "public.shared"),
        ("do $$ begin execute 'drop schema t02 cascade'; end $$;", "schema t02"),
        ("do $$ begin execute 'drop function public.one()'; end $$;", "public.one"),
        ("create function public.f() returns int language sql as 'select 1';", "functions, types or rights of public"),
        ("create type public.mood as enum ('good');", "functions, types or rights of public"),
        ("alter function public.one() security definer;", "functions, types or rights of public"),
        ("grant execute on function public.one() to pg_monitor;", "functions, types or rights of public"),
        ("grant create on schema public to pg_monitor;", "functions, types or rights of public"),
        ("revoke usage on type public.level from public;", "functions, types or rights of public"),
    ] {
        let (database, cli, folder) = fleet(2).await;
        database.execute(shared).await;
        let before = database.state().await;
        cli.write("template/20260103000000_mood.up.sql", text);
        let call = cli.run(&["migrate", "up", "t01", "--dir", &folder, "--json"]).await;
        assert_eq!(call.code, 1, "{call}");
        let error = outcome(&call.document(), "t01")["error"].clone();
        assert_eq!(error["code"], "touches_outside", "{call}");
        let named = error["params"]["objects"].as_str().expect("names");
        assert!(named.split(", ").any(|name| name == objects) || named == objects, "{call}");
        assert_eq!(database.state().await, before);
    }
    // Reading shared tables, referring to them and using shared sequences is what shared tables are for.
    let (database, cli, folder) = fleet(2).await;
    database.execute("create table public.country (id int primary key); create sequence public.numbers").await;
    let text = "alter table item add column country int references public.country (id);\n\
                alter table item add column number bigint default nextval('public.numbers');\n";
    cli.write("template/20260103000000_mood.up.sql", text);
    assert_eq!(cli.json(&["migrate", "up", "--all", "--dir", &folder]).await["done"], 2);
    // What a file drops of its own tenant, and what it has made itself, is its own affair.
    let text = "create table made (id int); drop table made; alter table item drop column number;\n\
                create function own() returns int language sql as 'select 1'; drop function own();\n";
    cli.write("template/20260103000001_drop.up.sql", text);
    assert_eq!(cli.json(&["migrate", "up", "--all", "--dir", &folder]).await["done"], 2);
    // And what is meant is said in the header.
    cli.write(
        "template/20260104000000_log.up.sql",
        "-- touches: public\ncreate table if not exists public.log (id int);\n",
    );
    assert_eq!(cli.json(&["migrate", "up", "--all", "--dir", &folder]).await["done"], 2);
}

#[tokio::test]
async fn every_tenant_and_every_file_starts_from_the_same_session() {
    let text = "create table seen as select current_setting('work_mem') as memory, \
                current_setting('session_replication_role') as role;\n\
                create temp table left_behind (id int);\n\
                set work_mem = '99MB';\nset session_replication_role = replica;\n";
    let (database, _cli, run) = up_with(text).await;
    assert_eq!(run["done"], 2, "{run}");
    let seen =
        database.column("select memory || role from t01.seen union all select memory || role from t02.seen").await;
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].ends_with("origin"), "{seen:?}");
}

#[tokio::test]
async fn a_file_that_waits_for_the_client_or_never_closes_a_quote_is_refused() {
    let (_database, cli, folder) = fleet(1).await;
    cli.write("template/20260103000000_mood.up.sql", "select 1;\ncopy item from stdin;\n");
    let error = cli.refused(&["migrate", "up", "--all", "--dir", &folder], 4, "plan_blocked").await;
    assert!(error["message"].as_str().is_some_and(|m| m.contains("mood.up.sql, line 2")), "{error}");
    cli.write("template/20260103000000_mood.up.sql", "select 'open;\n");
    let error = cli.refused(&["migrate", "up", "--all", "--dir", &folder], 4, "plan_blocked").await;
    assert!(error["message"].as_str().is_some_and(|m| m.contains("line 1")), "{error}");
}

#[tokio::test]
async fn tenants_without_a_history_are_migrated_only_when_they_are_meant() {
    let (database, cli, folder) = fleet(1).await;
    database.execute("create schema audit; create table audit.log (id int)").await;
    let run = cli.json(&["migrate", "up", "--dir", &folder]).await;
    assert_eq!((&run["done"], &run["skipped"]), (&json!(1), &json!(1)), "{run}");
    assert_eq!(outcome(&run, "audit")["error"]["code"], "no_history");
    let foreign = TestDatabase::new().await;
    foreign.execute("create schema audit; create table audit.log (id int)").await;
    let cli = Cli::on(&foreign.url());
    let folder = small_template(&cli, "template");
    cli.refused(&["migrate", "up", "--dir", &folder], 4, "no_history_anywhere").await;
    assert_eq!(cli.json(&["migrate", "up", "--all", "--dir", &folder]).await["done"], 1);
}

#[tokio::test]
async fn what_was_committed_before_a_failure_is_said() {
    let (_database, cli, folder) = fleet(1).await;
    cli.write("template/20260104000000_broken.up.sql", "select 1 / 0;\n");
    let call = cli.run(&["migrate", "up", "t01", "--dir", &folder, "--json"]).await;
    assert_eq!(call.code, 1, "{call}");
    let line = outcome(&call.document(), "t01").clone();
    assert_eq!((&line["outcome"], &line["versions"]), (&json!("failed"), &json!([20_260_103_000_000_i64])), "{call}");
    let id = last_run(&cli).await;
    assert_eq!(cli.json(&["run", "undo", &id, "--yes"]).await["done"], 1);
}

#[tokio::test]
async fn a_statement_ends_at_the_time_that_its_header_names() {
    let (_database, _cli, run) = up_with("-- timeout: 200ms\nselect pg_sleep(60);\n").await;
    assert_eq!(outcome(&run, "t01")["error"]["code"], "statement_timeout", "{run}");
}

#[tokio::test]
async fn what_a_killed_resumption_has_done_is_undone_too() {
    let (database, cli, folder) = fleet(1).await;
    let before = state(&database).await;
    // The first of three gets through; the second fails until it is repaired.
    cli.write("template/20260104000000_more.up.sql", "alter table item add column more int;\n");
    cli.write("template/20260104000000_more.down.sql", "alter table item drop column more;\n");
    cli.write("template/20260105000000_slow.up.sql", "select pg_sleep(60);\n");
    cli.write("template/20260105000000_slow.down.sql", "select 1;\n");
    database.execute("alter table t01.item add column more text").await;
    let call = cli.run(&["migrate", "up", "t01", "--dir", &folder]).await;
    assert_eq!(call.code, 1, "{call}");
    database.execute("alter table t01.item drop column more").await;
    let id = last_run(&cli).await;
    // Resumed, the second is committed; the program is killed in the third.
    let resumed = cli.start(&["run", "resume", &id]);
    let in_third = "select case when count(*) = 1 then 't' else 'f' end from pg_catalog.pg_stat_activity \
                    where wait_event = 'PgSleep' and datname = current_database()";
    database.wait_until(in_third).await;
    drop(resumed);
    database.execute("select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()").await;
    let undone = cli.json(&["run", "undo", &id, "--yes"]).await;
    let versions = json!([20_260_104_000_000_i64, 20_260_103_000_000_i64]);
    assert_eq!((&undone["done"], &outcome(&undone, "t01")["versions"]), (&json!(1), &versions), "{undone}");
    assert_eq!(state(&database).await, before);
}
