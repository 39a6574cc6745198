//! Watching: sessions that really block each other, statements that were really counted, indexes that nobody uses.

use cadastre_core::connection::{Purpose, Session};
use cadastre_core::demo::Cluster;
use cadastre_core::sql::Statement;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};
use std::time::Duration;

const TENANT: &str = "
create schema {t}; create table {t}.person (id bigint primary key, name text, email text);
create table {t}.note (id bigint primary key, person bigint references {t}.person, words text);
create index person_name on {t}.person (name); create index person_name_again on {t}.person (name);
create index person_email on {t}.person (email); create index person_email_name on {t}.person (email, name);
create unique index person_unique on {t}.person (email, id);
create index note_person on {t}.note (person); create index note_words on {t}.note (words);
create index note_lower on {t}.note (lower(words)) where words is not null;
insert into {t}.person select g, 'name ' || g, 'e' || g from generate_series(1, 300) g;
insert into {t}.note select g, g, 'words ' || g from generate_series(1, 300) g;
";

async fn fleet(database: &TestDatabase, tenants: &[&str]) {
    for tenant in tenants {
        database.execute(&TENANT.replace("{t}", tenant)).await;
    }
}

/// A session that somebody else has left with this open.
async fn session(database: &TestDatabase, script: &str) -> Session {
    let mut session = database.database.session(Purpose::Create).await.expect("a session");
    session.execute(Statement::script(script)).await.unwrap_or_else(|error| panic!("{script}: {error:?}"));
    session
}

fn of_pid(activity: &Value, pid: i32) -> &Value {
    let all = activity["sessions"].as_array().expect("sessions");
    all.iter().find(|one| one["pid"] == pid).unwrap_or_else(|| panic!("no session {pid}: {activity:#}"))
}

/// A session that waits for a lock; the answer of its statement comes when the wait has ended.
async fn waiting(database: &TestDatabase, script: &'static str) -> (i32, tokio::task::JoinHandle<bool>) {
    let mut session = database.database.session(Purpose::Create).await.expect("a session");
    session.execute("set lock_timeout = 0").await.expect("a setting");
    let pid = session.backend();
    let task = tokio::spawn(async move { session.execute(Statement::script(script)).await.is_ok() });
    let waits = format!("select (count(*) > 0)::text::char(1) from pg_locks where pid = {pid} and not granted");
    database.wait_until(&waits).await;
    (pid, task)
}

#[tokio::test]
async fn sessions_that_block_each_other_are_a_tree_with_the_table_and_the_tenant() {
    let database = TestDatabase::new().await;
    fleet(&database, &["alpha", "beta"]).await;
    let cli = Cli::on(&database.url());
    let holder = session(&database, "begin; update alpha.person set name = 'x' where id = 1").await;
    let (second, first_task) = waiting(&database, "update alpha.person set name = 'y' where id = 1").await;
    let (third, second_task) =
        waiting(&database, "begin; lock table alpha.person in access exclusive mode; commit").await;
    let activity = cli.json(&["health", "activity", "--longer-than", "0s"]).await;
    let held = of_pid(&activity, holder.backend());
    assert_eq!(
        (&held["state"], &held["has_written"], &held["tenants"]),
        (&json!("idle_in_transaction"), &json!(true), &json!([{ "schema": "alpha", "why": "locks" }])),
        "{held:#}"
    );
    let blocked = of_pid(&activity, second);
    assert_eq!(blocked["blocked_by"], json!([holder.backend()]), "{blocked:#}");
    // It waits for a transaction; the lock on the row tells the table.
    assert_eq!(
        (&blocked["wait"]["kind"], &blocked["wait"]["relation"], &blocked["wait"]["schema"]),
        (&json!("transactionid"), &json!("person"), &json!("alpha")),
        "{blocked:#}"
    );
    let of_table = of_pid(&activity, third);
    assert_eq!(
        (&of_table["wait"]["kind"], &of_table["wait"]["mode"], &of_table["wait"]["relation"]),
        (&json!("relation"), &json!("AccessExclusiveLock"), &json!("person"))
    );
    let lines: Vec<(i64, i64)> = activity["blocking"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| (line["depth"].as_i64().unwrap_or(-1), line["pid"].as_i64().unwrap_or(-1)))
        .collect();
    let pid = |pid: i32| i64::from(pid);
    assert_eq!(lines[0], (0, pid(holder.backend())), "{activity:#}");
    assert!(lines.contains(&(1, pid(second))), "{lines:?}");
    assert!(lines.iter().any(|line| line.1 == pid(third)), "{lines:?}");
    let tenants = activity["tenants"].as_array().expect("tenants");
    let alpha = tenants.iter().find(|one| one["schema"] == "alpha").expect("alpha");
    assert_eq!(
        (&alpha["sessions"], &alpha["idle_in_transaction"], &alpha["blocked"]),
        (&json!(3), &json!(1), &json!(2))
    );
    let open: Vec<&Value> = activity["transactions"].as_array().expect("transactions").iter().collect();
    assert!(
        open.iter()
            .any(|one| one["pid"] == holder.backend() && one["idle"] == true && one["tenants"] == json!(["alpha"]))
    );
    // Only who has to do with beta: nobody, but for those who wait for each other.
    let beta = cli.json(&["health", "activity", "beta"]).await;
    assert_eq!(beta["sessions"].as_array().map(Vec::len), Some(3), "{beta:#}");
    let table = cli.run(&["health", "activity"]).await;
    assert!(table.stdout.contains("Who blocks whom:"), "{table}");
    assert!(table.stdout.contains("alpha.person"), "{table}");
    // Ending the one that holds the lock lets the others go on.
    let call = cli.run(&["health", "end", &holder.backend().to_string(), "--yes", "--json"]).await;
    assert_eq!((call.code, &call.document()["done"]), (0, &json!(1)), "{call}");
    assert!(first_task.await.expect("it ends"));
    assert!(second_task.await.expect("it ends"));
    assert_eq!(database.value("select name from alpha.person where id = 1").await, "y");
}

#[tokio::test]
async fn a_prepared_transaction_is_shown_with_its_tenant_as_what_holds_others_up() {
    let cluster = Cluster::builder().setting("max_prepared_transactions", "5").start().await.expect("a server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    fleet(&database, &["alpha", "beta"]).await;
    let cli = Cli::on(&database.url());
    database.execute("begin; update beta.person set name = 'x' where id = 1; prepare transaction 'left ''over'").await;
    let (waits, task) = waiting(&database, "update beta.person set name = 'y' where id = 1").await;
    let activity = cli.json(&["health", "activity"]).await;
    let prepared = &activity["transactions"][0];
    assert_eq!(
        (&prepared["kind"], &prepared["name"], &prepared["tenants"], &prepared["sql"]),
        (&json!("prepared"), &json!("left 'over"), &json!(["beta"]), &json!("rollback prepared 'left ''over';")),
        "{activity:#}"
    );
    assert_eq!(of_pid(&activity, waits)["blocked_by"], json!([0]));
    assert_eq!(
        activity["blocking"],
        json!([{ "depth": 0, "pid": 0, "repeated": false, "here": false }, { "depth": 1, "pid": waits, "repeated": false, "here": true }])
    );
    database.execute(prepared["sql"].as_str().unwrap_or_default().trim_end_matches(';')).await;
    assert!(task.await.expect("it ends"));
}

#[tokio::test]
async fn a_session_is_ended_or_its_statement_cancelled_by_plan_and_proof() {
    let database = TestDatabase::new().await;
    fleet(&database, &["alpha", "beta"]).await;
    let cli = Cli::on(&database.url());
    let writer = session(&database, "begin; insert into alpha.note values (1000, 1, 'lost')").await;
    let idle = session(&database, "select 1").await;
    let pids = [writer.backend().to_string(), idle.backend().to_string()];
    let plan = cli.run(&["health", "end", &pids[0], &pids[1], "999999", "--dry-run", "--json"]).await;
    let document = plan.document();
    let loses: Vec<(&Value, &Value)> = document["sessions"]
        .as_array()
        .expect("sessions")
        .iter()
        .map(|target| (&target["session"]["pid"], &target["loses"]))
        .collect();
    assert!(loses.contains(&(&json!(writer.backend()), &json!("changes"))), "{plan}");
    assert!(loses.contains(&(&json!(idle.backend()), &json!("nothing"))), "{plan}");
    let left: Vec<&Value> =
        document["tenants"].as_array().expect("lines").iter().filter(|l| !l["skipped"].is_null()).collect();
    assert_eq!((left.len(), &left[0]["skipped"]["code"]), (1, &json!("session_missing")), "{plan}");
    assert!(document["checks"].as_array().is_some_and(|all| all.iter().any(|c| c["code"] == "sessions_roll_back")));
    // Without --yes nobody is asked here, and nothing happens.
    let call = cli.run(&["health", "end", &pids[0]]).await;
    assert_eq!(call.code, 2, "{call}");
    // The process with another beginning is another session.
    let other = format!("{}@2020-01-01T00:00:00.000000Z", pids[0]);
    let call = cli.run(&["health", "end", &other, "--yes", "--json"]).await;
    assert_eq!((call.code, &call.document()["error"]["code"]), (4, &json!("plan_blocked")), "{call}");
    let alive = |pid: &str| format!("select count(*)::text from pg_stat_activity where pid = {pid}");
    assert_eq!(database.value(&alive(&pids[0])).await, "1");
    // An idle session runs nothing that could be cancelled.
    let call = cli.run(&["health", "end", &pids[1], "--cancel", "--yes", "--json"]).await;
    assert_eq!(call.code, 4, "{call}");
    let run = cli.json(&["health", "end", &pids[0], &pids[1], "--yes"]).await;
    assert_eq!((&run["done"], &run["kind"]), (&json!(2), &json!("end_sessions")), "{run:#}");
    for pid in &pids {
        assert_eq!(database.value(&alive(pid)).await, "0");
    }
    assert_eq!(database.value("select count(*)::text from alpha.note where id = 1000").await, "0");
    // A statement is cancelled, its session stays.
    let mut sleeper = database.database.session(Purpose::Create).await.expect("a session");
    let pid = sleeper.backend();
    let task = tokio::spawn(async move {
        let cancelled = sleeper.execute("select pg_catalog.pg_sleep(60)").await.is_err();
        (cancelled, sleeper.execute("select 1").await.is_ok())
    });
    database
        .wait_until(&format!(
            "select (count(*) > 0)::text::char(1) from pg_stat_activity where pid = {pid} and wait_event = 'PgSleep'"
        ))
        .await;
    let run = cli.json(&["health", "end", &pid.to_string(), "--cancel", "--yes"]).await;
    assert_eq!((&run["done"], &run["kind"]), (&json!(1), &json!("cancel_statements")), "{run:#}");
    assert_eq!(task.await.expect("it ends"), (true, true));
    let journal = cli.json(&["journal", "list"]).await;
    let operations: Vec<&str> = journal["entries"]
        .as_array()
        .or(journal.as_array())
        .expect("entries")
        .iter()
        .filter_map(|e| e["operation"].as_str())
        .collect();
    assert!(operations.contains(&"end_sessions") && operations.contains(&"cancel_statements"), "{journal:#}");
    assert!(!journal.to_string().contains("'lost'"), "statements of others are not in the journal: {journal:#}");
}

#[tokio::test]
async fn a_role_without_rights_is_told_what_it_cannot_see_and_ends_nothing_of_others() {
    let database = TestDatabase::new().await;
    fleet(&database, &["alpha", "beta"]).await;
    let role = format!("viewer_{}", &database.name()[5..13]);
    database.execute(&format!("create role {role} login; grant usage on schema alpha, beta to {role}")).await;
    let secret = session(&database, "begin; select 'hidden words' from alpha.person").await;
    let cli = Cli::on(&database.url_as(&role));
    let activity = cli.json(&["health", "activity"]).await;
    let one = of_pid(&activity, secret.backend());
    assert_eq!(
        (&one["hidden"], &one["query"], &one["state"], &one["started"], &one["role"]),
        (&json!(true), &Value::Null, &Value::Null, &Value::Null, &json!("postgres")),
        "{one:#}"
    );
    // Locks can be seen by everybody.
    assert_eq!(one["tenants"], json!([{ "schema": "alpha", "why": "locks" }]));
    assert!(activity["hidden"].as_u64().is_some_and(|hidden| hidden >= 1), "{activity:#}");
    assert!(!activity.to_string().contains("insufficient privilege"), "{activity:#}");
    let table = cli.run(&["health", "activity"]).await;
    assert!(table.stdout.contains("not visible") && table.stderr.contains("pg_read_all_stats"), "{table}");
    let call = cli.run(&["health", "end", &secret.backend().to_string(), "--yes", "--json"]).await;
    assert_eq!((call.code, &call.document()["error"]["code"]), (4, &json!("plan_blocked")), "{call}");
    for what in ["queries", "storage", "indexes"] {
        cli.json(&["health", what]).await;
    }
    // A superuser's session stays a superuser's; another role's can be ended by a member of pg_signal_backend who sees it.
    database
        .execute(&format!("grant pg_signal_backend, pg_read_all_stats to {role}; create role {role}_other login"))
        .await;
    let call = cli.run(&["health", "end", &secret.backend().to_string(), "--yes", "--json"]).await;
    assert_eq!(call.code, 4, "{call}");
    let mut other = secret;
    other.execute("rollback").await.expect("a rollback");
    let profile = cadastre_core::connection::Profile { user: format!("{role}_other"), ..database.profile() };
    let theirs = cadastre_core::connection::Database::connect(profile, None).await.expect("a connection");
    let theirs = theirs.session(Purpose::Catalog).await.expect("a session");
    let run = cli.json(&["health", "end", &theirs.backend().to_string(), "--yes"]).await;
    assert_eq!(run["done"], 1, "{run:#}");
    // A read-only connection may look.
    cli.run(&["profile", "add", "reader", "--url", &database.url(), "--read-only"]).await;
    let reader = ["--profile", "reader"];
    cli.json(&[reader[0], reader[1], "health", "activity"]).await;
    let call = cli.run(&[reader[0], reader[1], "health", "end", &other.backend().to_string(), "--yes", "--json"]).await;
    assert_eq!((call.code, &call.document()["error"]["code"]), (4, &json!("read_only")), "{call}");
}

#[tokio::test]
async fn statements_are_one_for_all_tenants_and_attributed_only_where_something_tells() {
    let cluster =
        Cluster::builder().setting("shared_preload_libraries", "pg_stat_statements").start().await.expect("a server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    fleet(&database, &["alpha", "beta", "gamma"]).await;
    let cli = Cli::on(&database.url());
    let missing = cli.json(&["health", "queries"]).await;
    assert_eq!(
        (&missing["missing"]["why"], &missing["missing"]["sql"], &missing["missing"]["restart"]),
        (&json!("not_created"), &json!("create extension pg_stat_statements;\n"), &json!(false)),
        "{missing:#}"
    );
    // In a schema with a name that has to be quoted.
    database.execute("create schema \"Ext\"; create extension pg_stat_statements schema \"Ext\"").await;
    database.execute("create role beta_app; grant usage on schema beta to beta_app; grant select on all tables in schema beta to beta_app").await;
    database.execute("create role alpha_app; grant usage on schema alpha to alpha_app; create role gamma_app; grant usage on schema gamma to gamma_app").await;
    for tenant in ["alpha", "beta", "gamma"] {
        database.execute(&format!("set search_path = {tenant}; select count(*) from person where name = 'Ada'")).await;
    }
    for _ in 0..3 {
        database.execute("select email from gamma.person where id = 7").await;
    }
    database.execute("select email from alpha.person where id = 7").await;
    database.execute("set role beta_app; set search_path = beta; select words from note where id = 5").await;
    database.execute("select a.id from alpha.person a join beta.person b using (id) where a.id = 3").await;
    database.execute("select alpha.name from gamma.person alpha where alpha.id = 4").await;
    let queries = cli.json(&["health", "queries", "--limit", "500"]).await;
    assert_eq!(queries["missing"], Value::Null, "{queries:#}");
    let all = queries["queries"].as_array().expect("queries");
    let find = |text: &str| all.iter().find(|q| q["text"] == text).unwrap_or_else(|| panic!("no {text}: {queries:#}"));
    let unqualified = find("select count(*) from person where name = $1");
    // One text; before PostgreSQL 18 an entry of the server's for each tenant.
    assert_eq!(
        (&unqualified["calls"], &unqualified["entries"], &unqualified["tenants"]),
        (&json!(3), &json!(3), &json!([])),
        "{unqualified:#}"
    );
    assert!(unqualified["unattributed_ms"].as_f64().is_some_and(|ms| ms > 0.0));
    let qualified = find("select email from {schema}.person where id = $1");
    let part = |schema: &str| {
        let tenants = qualified["tenants"].as_array().expect("tenants");
        let one = tenants.iter().find(|t| t["schema"] == schema).expect("a tenant");
        (one["calls"].clone(), one["why"].clone())
    };
    assert_eq!((part("gamma"), part("alpha")), ((json!(3), json!("text")), (json!(1), json!("text"))), "{qualified:#}");
    assert_eq!(find("select words from note where id = $1")["tenants"][0]["why"], "own_role");
    // Two tenants: no one's.
    assert_eq!(
        find("select a.id from alpha.person a join beta.person b using (id) where a.id = $1")["tenants"],
        json!([])
    );
    // An alias that is called like a tenant is an alias.
    assert_eq!(
        find("select alpha.name from {schema}.person alpha where alpha.id = $1")["tenants"][0]["schema"],
        "gamma"
    );
    assert!(queries["since"].is_string() && queries["total_ms"].as_f64().is_some_and(|ms| ms > 0.0));
    let gamma = cli.json(&["health", "queries", "gamma"]).await;
    assert!(
        gamma["queries"].as_array().is_some_and(|q| !q.is_empty()
            && q.iter().all(|q| q["tenants"].as_array().is_some_and(|t| t.iter().all(|t| t["schema"] == "gamma")))),
        "{gamma:#}"
    );
    // Others see neither text nor number.
    database.execute("create role blind login; grant usage on schema \"Ext\" to blind").await;
    let blind = Cli::on(&database.url_as("blind")).json(&["health", "queries"]).await;
    assert!(blind["hidden"].as_u64().is_some_and(|hidden| hidden > 10), "{blind:#}");
    assert!(!blind.to_string().contains("insufficient privilege"), "{blind:#}");
    let table = cli.run(&["health", "queries"]).await;
    assert!(table.stdout.contains("STATEMENT") && table.stderr.contains("can be attributed"), "{table}");
}

#[tokio::test]
async fn without_the_library_it_is_said_what_to_do() {
    let database = TestDatabase::new().await;
    fleet(&database, &["alpha"]).await;
    let cli = Cli::on(&database.url());
    database.execute("create extension pg_stat_statements schema public").await;
    let answer = cli.json(&["health", "queries"]).await;
    assert_eq!(
        (&answer["missing"]["why"], &answer["missing"]["restart"], &answer["missing"]["sql"]),
        (
            &json!("not_loaded"),
            &json!(true),
            &json!("alter system set shared_preload_libraries = \"pg_stat_statements\";\n")
        ),
        "{answer:#}"
    );
    let words = cli.run(&["health", "queries"]).await;
    assert!(words.code == 0 && words.stdout.contains("shared_preload_libraries"), "{words}");
}

fn index<'a>(storage: &'a Value, name: &str) -> &'a Value {
    let all = storage["indexes"].as_array().expect("indexes");
    all.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("no index {name}: {storage:#}"))
}

#[tokio::test]
async fn indexes_are_judged_for_the_whole_fleet() {
    let database = TestDatabase::new().await;
    fleet(&database, &["alpha", "beta", "gamma"]).await;
    let cli = Cli::on(&database.url());
    // One tenant of three uses the index on words.
    database.execute("set enable_seqscan = off; select * from beta.note where words = 'words 7'; select pg_stat_force_next_flush()").await;
    database.wait_until("select (idx_scan > 0)::text::char(1) from pg_stat_user_indexes where schemaname = 'beta' and indexrelname = 'note_words'").await;
    let storage = cli.json(&["health", "indexes"]).await;
    assert_eq!((&storage["tenants"], &storage["long_enough"]), (&json!(3), &json!(false)), "{storage:#}");
    let used = index(&storage, "note_words");
    assert_eq!(
        (&used["verdict"], &used["tenants"], &used["scanned_in"], &used["drop_sql"]),
        (&json!("used"), &json!(3), &json!(1), &Value::Null)
    );
    // Young statistics are no ground to do without an index.
    assert_eq!(
        (&index(&storage, "note_lower")["verdict"], &index(&storage, "note_lower")["tenants"]),
        (&json!("too_early"), &json!(3))
    );
    assert_eq!(
        (&index(&storage, "note_person")["verdict"], &index(&storage, "note_person")["needed_for"]),
        (&json!("needed"), &json!("foreign_key"))
    );
    assert_eq!(
        (&index(&storage, "note_pkey")["verdict"], &index(&storage, "note_pkey")["needed_for"]),
        (&json!("needed"), &json!("constraint"))
    );
    assert_eq!(index(&storage, "person_unique")["verdict"], "needed");
    let again = index(&storage, "person_name_again");
    assert_eq!((&again["verdict"], &again["covered_by"]), (&json!("duplicate"), &json!("person_name")));
    let narrow = index(&storage, "person_email");
    assert_eq!(narrow["verdict"], "redundant", "{narrow:#}");
    let sql = cli.run(&["health", "indexes", "--sql"]).await;
    let mut lines: Vec<&str> = sql.stdout.lines().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "drop index concurrently \"alpha\".\"person_email\";",
            "drop index concurrently \"alpha\".\"person_name_again\";",
            "drop index concurrently \"beta\".\"person_email\";",
            "drop index concurrently \"beta\".\"person_name_again\";",
            "drop index concurrently \"gamma\".\"person_email\";",
            "drop index concurrently \"gamma\".\"person_name_again\";",
        ],
        "{sql}"
    );
    for line in lines {
        database.execute(line.trim_end_matches(';')).await;
    }
    let storage = cli.json(&["health", "indexes"]).await;
    assert!(
        storage["indexes"].as_array().is_some_and(|all| all.iter().all(|one| one["drop_sql"].is_null())),
        "{storage:#}"
    );
    // A tenant that has the narrow one alone needs it, and so no tenant can do without it.
    database.execute("create index person_email on alpha.person (email); create index person_email on beta.person (email); drop index beta.person_email_name, beta.person_unique").await;
    let narrow = cli.json(&["health", "indexes"]).await;
    let narrow = index(&narrow, "person_email");
    assert_eq!((&narrow["verdict"], &narrow["tenants"]), (&json!("too_early"), &json!(2)), "{narrow:#}");
}

#[tokio::test]
async fn the_largest_tables_are_measured_and_what_of_them_is_air_is_estimated() {
    let cluster = Cluster::builder().setting("autovacuum", "off").start().await.expect("a server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    fleet(&database, &["alpha", "beta"]).await;
    let cli = Cli::on(&database.url());
    for tenant in ["alpha", "beta"] {
        let many =
            format!("insert into {tenant}.person select g, 'name ' || g, 'e' || g from generate_series(301, 60000) g");
        database.execute(&many).await;
    }
    let young = cli.json(&["health", "storage"]).await;
    assert_eq!((&young["not_estimated"], &young["tables"][0]["bloat_bytes"]), (&json!(2), &Value::Null), "{young:#}");
    database.execute("delete from beta.person where id % 5 <> 0 and id > 300").await;
    database.execute("vacuum").await;
    database.execute("analyze").await;
    let storage = cli.json(&["health", "storage"]).await;
    let table = |schema: &str| {
        let all = storage["tables"].as_array().expect("tables");
        all.iter().find(|t| t["schema"] == schema && t["name"] == "person").expect("a table").clone()
    };
    let (dense, airy) = (table("alpha"), table("beta"));
    let size = "select pg_total_relation_size('alpha.person')::text";
    assert_eq!(dense["total_bytes"].to_string(), database.value(size).await);
    let share = |t: &Value| t["bloat_bytes"].as_f64().unwrap_or(-1.0) / t["heap_bytes"].as_f64().unwrap_or(1.0);
    assert!((0.0..0.15).contains(&share(&dense)), "{dense:#}");
    assert!((0.7..0.9).contains(&share(&airy)), "{airy:#}");
    assert_eq!((&storage["not_estimated"], airy["vacuumed"].is_string()), (&json!(0), true));
    // Text that comes in another order fills its pages by two thirds: the dense tenant's indexes hold some air too.
    let air = |schema: &str| {
        let all = storage["bloated"].as_array().expect("indexes");
        let of = |one: &&Value| one["schema"] == schema && one["name"] == "person_name";
        all.iter().find(of).map_or(0.0, |one| one["bloat_bytes"].as_f64().unwrap_or(0.0))
    };
    assert!(air("beta") > 1.5 * air("alpha"), "{storage:#}");
    let only = cli.json(&["health", "storage", "alpha"]).await;
    assert!(
        only["tables"].as_array().is_some_and(|all| all.len() == 2 && all.iter().all(|t| t["schema"] == "alpha")),
        "{only:#}"
    );
}

/// Every read of watching, on a server of any version.
pub async fn everything(cluster: &Cluster) {
    let database = TestDatabase::on(cluster).await.expect("a database");
    fleet(&database, &["alpha", "beta"]).await;
    let cli = Cli::on(&database.url());
    let holder = session(&database, "begin; lock table beta.person in access exclusive mode").await;
    let (waits, task) = waiting(&database, "update beta.person set name = 'y' where id = 1").await;
    let activity = cli.json(&["health", "activity"]).await;
    assert_eq!(of_pid(&activity, waits)["wait"]["relation"], "person", "{activity:#}");
    let queries = cli.json(&["health", "queries"]).await;
    assert!(queries["missing"]["why"].is_string(), "{queries:#}");
    let storage = cli.json(&["health", "storage"]).await;
    assert_eq!(index(&storage, "person_name_again")["verdict"], "duplicate", "{storage:#}");
    // A table that somebody has for himself alone is waited for by nobody who only looks.
    let all = storage["tables"].as_array().expect("tables");
    let held: Vec<&Value> =
        all.iter().filter(|table| table["estimated"] == true).map(|table| &table["schema"]).collect();
    assert_eq!(held, ["beta"], "{storage:#}");
    let run = cli.json(&["health", "end", &holder.backend().to_string(), "--yes"]).await;
    assert_eq!(run["done"], 1, "{run:#}");
    assert!(tokio::time::timeout(Duration::from_secs(60), task).await.expect("in time").expect("it ends"));
}
