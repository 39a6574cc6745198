//! A Friday evening: what can go wrong in single tenants goes wrong in one run, and each of them says what to do.

use crate::fleet::{COURSE, Course, line};
use cadastre_core::connection::{Purpose, Session};
use cadastre_core::sql::Statement;
use cadastre_tests::TestDatabase;
use serde_json::json;

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
            "create table public.gate (id int); insert into public.gate values (1); grant select on public.gate to public; \
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
        ("t007", "migration_failed", "23505", "item_name", "run resume", &[MOOD][..]),
        ("t008", "migration_failed", "23502", "null", "run resume", &[MOOD][..]),
        ("t009", "lock_timeout", "55P03", "lock", "--lock-timeout", &[MOOD][..]),
        ("t011", "migration_failed", "42501", "must be owner of table note", "own", &[MOOD][..]),
        ("t012", "history_unreadable", "", "t012", "USAGE", &[][..]),
        ("t015", "touches_outside", "", "public.stray", "touches: public", &[MOOD][..]),
        ("t016", "touches_outside", "", "public", "touches: public", &[MOOD][..]),
        ("t017", "touches_outside", "", "t018.ledger", "Take that part out", &[MOOD][..]),
        ("t050", "tenant_missing", "", "t050", "tenant list", &[][..]),
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
    assert_eq!(undone.document()["done"], 48, "{undone}");
    let mut expected = before;
    expected.shapes.remove("t050");
    expected.rows.retain(|row| !row.starts_with("t050 "));
    course.state(&database).await.assert_is(&expected, "undone");
}
