//! A Friday evening: what can go wrong in single tenants goes wrong in one run, and each of them says what to do.

use crate::faults::last_run;
use crate::fleet::{COURSE, Course, line};
use cadastre_core::connection::{Database, Purpose, Session};
use cadastre_core::sql::Statement;
use cadastre_tests::TestDatabase;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const MOOD: i64 = COURSE[0];
const EXTRA: i64 = COURSE[1];

/// Fifty tenants of a role that is no superuser.
async fn fleet() -> (TestDatabase, Course) {
    let database = TestDatabase::new().await;
    let role = format!("deployer_{}", database.name());
    let name = database.name();
    database
        .execute(&format!(
            "create role {role} login; grant create on database {name} to {role}; grant create on schema public to {role}"
        ))
        .await;
    let course = Course::by(&database.url_as(&role), 50).await;
    (database, course)
}

/// A session that has begun with this.
async fn holding(database: &TestDatabase, script: &str) -> Session {
    let mut session = database.database.session(Purpose::Create).await.expect("a session");
    session.execute(Statement::script(format!("begin; {script}"))).await.expect("the lock");
    session
}

/// Somebody waits for a lock on this table.
fn waited_for(table: &str) -> String {
    format!(
        "select case when exists (select from pg_catalog.pg_locks where relation = '{table}'::regclass and not granted) \
         then 't' else 'f' end"
    )
}

#[tokio::test]
async fn each_tenant_with_a_trouble_of_its_own_says_what_to_do_and_the_others_finish() {
    let (database, course) = fleet().await;
    let Course { cli, folder, .. } = &course;
    // The second migration meets the troubles, so that everybody but t012 and t050 has moved by then.
    cli.write(
        &format!("template/{EXTRA}_extra.up.sql"),
        "insert into ledger values ('extra');\n\
         do $$ begin\n  \
           if current_schema() = 't001' then\n    \
             while exists (select from public.gate) loop perform pg_sleep(0.01); end loop;\n  \
           elsif current_schema() = 't015' then create table public.stray (id int);\n  \
           elsif current_schema() = 't016' then create function public.stray() returns int language sql as 'select 1';\n  \
           elsif current_schema() = 't017' then insert into t018.ledger values ('from t017');\n  \
           end if;\n\
         end $$;\n\
         create table extra (id bigint primary key, item bigint references item);\n\
         create unique index item_name on item (name);\n\
         alter table note alter column t set not null;\n",
    );
    cli.write(
        &format!("template/{EXTRA}_extra.down.sql"),
        "delete from ledger where entry = 'extra';\ndrop index item_name;\ndrop table extra;\n\
         alter table note alter column t drop not null;\n",
    );
    database
        .execute(
            "alter table t006.item add column own int; create table public.gate (id int); insert into public.gate values (1); grant select on public.gate to public; \
             insert into t007.item (id, name) values (1, 'twice'), (2, 'twice'); \
             insert into t008.note (t) values (null); \
             alter table t011.note owner to postgres; \
             alter schema t012 owner to postgres; alter table t012._sqlx_migrations owner to postgres; \
             update t014._sqlx_migrations set checksum = 'x' where version = 20260102120000",
        )
        .await;
    let before = course.state(&database).await;
    let long = holding(&database, "lock table t009.note in access share mode").await;
    let mut short = holding(&database, "lock table t010.note in access share mode").await;

    let names = course.schemas.join(" ");
    let mut up: Vec<&str> = vec!["migrate", "up"];
    up.extend(names.split(' '));
    up.extend(["t099", "--dir", folder, "--jobs", "2", "--lock-timeout", "300ms", "--retries", "5", "--json"]);
    let blocked = cli.run(&up).await;
    assert_eq!(blocked.code, 4, "a file that was changed after it was applied stops the plan: {blocked}");
    assert_eq!(blocked.document()["error"]["code"], "plan_blocked", "{blocked}");
    course.state(&database).await.assert_is(&before, "refused");

    database
        .execute("update t014._sqlx_migrations h set checksum = (select checksum from t013._sqlx_migrations s where s.version = h.version)")
        .await;
    let before = course.state(&database).await;
    let call = cli.start(&up);
    // The first tenant is held up in the middle; the plan was made, and t050 goes now.
    let in_first = "select case when exists (select from pg_catalog.pg_stat_activity where wait_event = 'PgSleep' \
                    and datname = current_database()) then 't' else 'f' end";
    database.wait_until(in_first).await;
    database.execute("drop schema t050 cascade; delete from public.gate").await;
    // Too late for the first try, in time for a later one.
    database.wait_until(&waited_for("t010.note")).await;
    database.wait_until(&waited_for("t010.note").replace("exists", "not exists")).await;
    short.execute("rollback").await.expect("the lock is given back");
    let call = call.end().await;
    assert_eq!(call.code, 3, "{call}");
    let run = call.document();
    // schema, code, SQLSTATE, a word of the message, a word of the remedy, what it has moved
    let troubles = [
        ("t006", "shape_differs", "", "t006", "cadastre diff", &[][..]),
        ("t007", "migration_failed", "23505", "item_name", "run resume", &[MOOD][..]),
        ("t008", "migration_failed", "23502", "null", "run resume", &[MOOD][..]),
        ("t009", "lock_timeout", "55P03", "lock", "--lock-timeout", &[MOOD][..]),
        ("t011", "migration_failed", "42501", "must be owner of table note", "own", &[MOOD][..]),
        ("t012", "history_unreadable", "", "t012", "USAGE", &[][..]),
        ("t015", "touches_outside", "", "public.stray", "touches: public", &[MOOD][..]),
        ("t016", "touches_outside", "", "public", "touches: public", &[MOOD][..]),
        ("t017", "touches_outside", "", "t018.ledger", "Take that part out", &[MOOD][..]),
        ("t050", "tenant_missing", "3F000", "t050", "tenant list", &[][..]),
        ("t099", "tenant_missing", "", "t099", "tenant list", &[][..]),
    ];
    for (schema, code, sqlstate, message, remedy, moved) in troubles {
        let tenant = line(&run, schema);
        let error = &tenant["error"];
        assert_eq!((&tenant["outcome"], &error["code"]), (&json!("failed"), &json!(code)), "{tenant}");
        assert_eq!(error["sqlstate"].as_str().unwrap_or_default(), sqlstate, "{tenant}");
        assert!(error["message"].as_str().is_some_and(|text| text.contains(message)), "{tenant}");
        assert!(error["hint"].as_str().is_some_and(|text| text.contains(remedy)), "{tenant}");
        assert_eq!(tenant["versions"], json!(moved), "{tenant}");
    }
    assert_eq!((&run["done"], &run["failed"]), (&json!(51 - troubles.len()), &json!(troubles.len())), "{run}");
    assert_eq!((&line(&run, "t010")["outcome"], &line(&run, "t010")["versions"]), (&json!("done"), &json!(COURSE)));
    assert!(line(&run, "t010")["attempts"].as_u64() > Some(1), "{run}");
    assert_eq!(line(&run, "t009")["attempts"], 6, "{run}");

    // Without --json the same is said to a person.
    let id = run["run"].as_str().expect("an id");
    let resumed = cli.run(&["run", "resume", id]).await;
    assert_eq!(resumed.code, 3, "{resumed}");
    for (schema, _, _, message, remedy, _) in troubles {
        let said = resumed.stderr.lines().skip_while(|line| !line.starts_with(&format!("{schema}: ")));
        let said: Vec<&str> = said.take(3).collect();
        assert!(said.first().is_some_and(|line| line.contains(message)), "{schema}: {resumed}");
        assert!(said.iter().any(|line| line.contains("Hint: ") && line.contains(remedy)), "{schema}: {resumed}");
    }
    drop(long);

    // What moved goes back to where it was; t050 is gone, and its absence is no obstacle.
    let undone = cli.run(&["run", "undo", id, "--yes", "--json"]).await;
    assert_eq!(undone.code, 0, "{undone}");
    assert_eq!(undone.document()["done"], 47, "{undone}");
    let mut expected = before;
    expected.shapes.remove("t050");
    expected.rows.retain(|row| !row.starts_with("t050 "));
    course.state(&database).await.assert_is(&expected, "undone");
}

#[tokio::test]
async fn two_programs_that_start_the_same_run_at_the_same_moment_do_everything_once() {
    // With histories, and without: then both want to make them.
    for with_history in [true, false] {
        let database = TestDatabase::new().await;
        let course = Course::of(&database, 50).await;
        if !with_history {
            let drop: String = course.schemas.iter().map(|s| format!("drop table {s}._sqlx_migrations;")).collect();
            database.execute(&drop).await;
            for file in ["20260101000000_item", "20260102000000_item_name", "20260102120000_ledger"] {
                for way in ["up", "down"] {
                    std::fs::remove_file(course.cli.path(&format!("template/{file}.{way}.sql"))).expect("the file");
                }
            }
        }
        let (colleague, colleagues_folder) = course.colleague();
        // Where there are histories, both read the last of them at the same moment, and before either changes anything.
        let gate = if with_history { "lock table t050._sqlx_migrations in access exclusive mode" } else { "" };
        let gate = holding(&database, gate).await;
        let up = |folder: &str| ["migrate", "up", "--all", "--jobs", "4", "--dir", folder].map(str::to_owned);
        let (one, other) = (up(&course.folder), up(&colleagues_folder));
        let one: Vec<&str> = one.iter().map(String::as_str).chain(["--json"]).collect();
        let other: Vec<&str> = other.iter().map(String::as_str).collect();
        let (first, second) = (course.cli.start(&one), colleague.start(&other));
        if with_history {
            database
                .wait_until(&waited_for("t050._sqlx_migrations").replace("exists (select", "2 = (select count(*)"))
                .await;
        }
        gate.close().await;
        let (first, second) = (first.end().await, second.end().await);
        assert_eq!((first.code, second.code), (0, 0), "{first}\n{second}");
        // Each says what it has done; together they have done everything.
        let run = first.document();
        let done = run["done"].as_u64().expect("a number");
        let list = colleague.json(&["run", "list"]).await;
        let others = colleague.json(&["run", "show", list[0]["run"].as_str().expect("a run")]).await;
        assert_eq!((&run["failed"], &others["failed"]), (&json!(0), &json!(0)), "{first}\n{second}");
        assert!(second.stdout.starts_with(&format!("migrated {} tenants", others["done"])), "{second}");
        assert!(done + others["done"].as_u64().expect("a number") >= 50, "{first}\n{second}");
        for schema in &course.schemas {
            let mut versions = [line(&run, schema), line(&others, schema)]
                .iter()
                .flat_map(|line| line["versions"].as_array().expect("versions").iter().filter_map(Value::as_i64))
                .collect::<Vec<_>>();
            versions.sort_unstable();
            assert_eq!(versions, COURSE, "{schema}: {first}\n{second}");
            let rows = format!(
                "select (select count(*) from {schema}._sqlx_migrations where version >= {MOOD}) || ' ' || \
                 (select pg_catalog.string_agg(entry, ' ' order by entry) from {schema}.ledger)"
            );
            assert_eq!(database.value(&rows).await, "2 extra mood", "{schema}");
        }
    }
}

#[tokio::test]
async fn one_of_two_programs_resumes_a_run_and_the_other_one_says_who_does() {
    let database = TestDatabase::new().await;
    let course = Course::of(&database, 20).await;
    let up = course.cli.start(&["migrate", "up", "--all", "--dir", &course.folder]);
    database.wait_until("select case when pg_catalog.to_regclass('t003.extra') is null then 'f' else 't' end").await;
    up.kill().await;
    let run = last_run(&course.cli).await.expect("a run");
    let resume = ["run", "resume", run["run"].as_str().expect("an id"), "--json"];
    let (first, second) = (course.cli.start(&resume), course.cli.start(&resume));
    let (first, second) = (first.end().await, second.end().await);
    let (winner, loser) = if first.code == 0 { (first, second) } else { (second, first) };
    assert_eq!((winner.code, &winner.document()["done"]), (0, &json!(20)), "{winner}\n{loser}");
    assert_eq!(loser.code, 4, "{winner}\n{loser}");
    let code = loser.document()["error"]["code"].as_str().unwrap_or_default().to_owned();
    assert!(["run_active", "plan_stale", "run_not_resumable"].contains(&code.as_str()), "{loser}");
    let entries = course.schemas.iter().map(|schema| format!("select entry from {schema}.ledger"));
    let entries = entries.collect::<Vec<_>>().join(" union all ");
    assert_eq!(database.value(&format!("select count(*) from ({entries}) l")).await, "40");
}

#[tokio::test]
async fn nobody_waits_behind_a_migration_longer_than_its_lock_timeout() {
    let database = TestDatabase::new().await;
    let course = Course::of(&database, 3).await;
    // A long report reads the table. Others can read it too, until somebody who wants it alone stands before them.
    let mut report = holding(&database, "select * from t002.item").await;
    let watched = Arc::new(AtomicBool::new(true));
    let probe = tokio::spawn(longest_wait(database.database.clone(), watched.clone()));
    let call = course.cli.start(&["migrate", "up", "--all", "--dir", &course.folder, "--lock-timeout", "1s", "--json"]);
    tokio::time::sleep(Duration::from_secs(10)).await;
    report.execute("rollback").await.expect("the report ends");
    let call = call.end().await;
    watched.store(false, Ordering::Relaxed);
    let longest = probe.await.expect("the probe ends");
    eprintln!("the longest wait of another session was {longest:?}");
    assert!(longest < Duration::from_secs(3), "{longest:?}");
    // Somebody stood before it, or nothing was seen here.
    assert!(longest > Duration::from_millis(100), "{longest:?}");
    assert_eq!(call.code, 0, "{call}");
    let run = call.document();
    let held = line(&run, "t002");
    assert_eq!((&held["outcome"], &held["versions"]), (&json!("done"), &json!(COURSE)), "{held}");
    assert!(held["attempts"].as_u64() > Some(2) && held["waited_ms"].as_u64() > Some(5_000), "{held}");
    for other in ["t001", "t003"] {
        assert_eq!((&line(&run, other)["attempts"], &line(&run, other)["waited_ms"]), (&json!(1), &json!(0)), "{run}");
    }
}

/// How long the slowest of many short reads of `t002.item` took.
async fn longest_wait(database: Database, watched: Arc<AtomicBool>) -> Duration {
    let mut session = database.session(Purpose::Catalog).await.expect("a session");
    session.execute("set lock_timeout = 0").await.expect("a reader who has time");
    let mut longest = Duration::ZERO;
    while watched.load(Ordering::Relaxed) {
        let asked = Instant::now();
        session.execute("select count(*) from t002.item").await.expect("the table can be read");
        longest = longest.max(asked.elapsed());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    session.close().await;
    longest
}
