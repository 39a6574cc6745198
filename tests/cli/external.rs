//! Fleets that another tool migrates: a real Alembic project and a real django-tenants project.

use cadastre_core::demo::Cluster;
use cadastre_tests::canary::{Canary, Watch};
use cadastre_tests::python::{copy_project, python_tools};
use cadastre_tests::{Call, Cli, SecretService, TestDatabase};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const ALEMBIC: &str = r#"
[migrator]
command = ["alembic", "-x", "schema={schema}", "upgrade", "head"]
down = ["alembic", "-x", "schema={schema}", "downgrade", "-1"]
status = ["alembic", "-x", "schema={schema}", "current"]
timeout = "1min"
"#;

const DJANGO: &str = r#"
[migrator]
command = ["python", "manage.py", "migrate_schemas", "--schema={schema}", "--noinput"]
timeout = "1min"
"#;

/// A command line that finds the Python tools.
fn with_tools(cli: Cli) -> Cli {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(PathBuf::from(python_tools())).chain(std::env::split_paths(&path));
    let path = std::env::join_paths(folders).expect("a PATH");
    cli.env("PATH", path.to_str().expect("a PATH"))
}

fn names(count: usize) -> Vec<String> {
    (1..=count).map(|n| format!("t{n:02}")).collect()
}

/// `migrate up` and the like, for these tenants.
fn words<'a>(verb: &[&'a str], names: &'a [String], folder: &'a str) -> Vec<&'a str> {
    let mut words = verb.to_vec();
    words.extend(names.iter().map(String::as_str));
    words.extend(["--dir", folder]);
    words
}

/// A copy of the Alembic project, and tenants that are at its first revision.
async fn alembic_fleet(count: usize) -> (TestDatabase, Cli, String) {
    let database = TestDatabase::new().await;
    let cli = with_tools(Cli::on(&database.url()));
    let folder = alembic_project(&cli);
    let names = names(count);
    for name in &names {
        database.execute(&format!("create schema {name}")).await;
    }
    let made = cli.json(&words(&["migrate", "up"], &names, &folder)).await;
    assert_eq!(made["done"], count, "{made}");
    (database, cli, folder)
}

fn alembic_project(cli: &Cli) -> String {
    copy_project("alembic", &cli.files().join("project"));
    cli.write("project/template.toml", ALEMBIC);
    cli.path("project")
}

/// The second revision comes.
fn second_revision(folder: &str) {
    let folder = Path::new(folder);
    std::fs::rename(folder.join("second.py"), folder.join("versions/b2_second.py")).expect("the second revision");
}

fn outcome<'a>(run: &'a Value, schema: &str) -> &'a Value {
    let tenants = run["tenants"].as_array().expect("tenants");
    tenants.iter().find(|t| t["schema"] == schema).unwrap_or_else(|| panic!("no {schema}: {run}"))
}

async fn versions(database: &TestDatabase, count: usize) -> Vec<String> {
    let each = names(count).into_iter().map(|name| format!("select version_num from {name}.alembic_version"));
    database.column(&each.collect::<Vec<_>>().join(" union all ")).await
}

#[tokio::test]
async fn alembic_migrates_ten_tenants_and_the_one_with_bad_rows_is_told_apart() {
    let (database, cli, folder) = alembic_fleet(10).await;
    assert_eq!(versions(&database, 10).await, vec!["a1"; 10]);
    second_revision(&folder);
    database.execute("insert into t03.item values (1, null)").await;

    // The plan shows the command line and runs nothing.
    let before = database.state().await;
    let plan = cli.json(&["migrate", "up", "--dir", &folder, "--dry-run"]).await;
    let sql = plan["statements"][0]["sql"].as_str().expect("a command line");
    assert!(sql.contains("alembic -x schema=t01 upgrade head\n"), "{sql}");
    assert!(sql.contains("at a1") && sql.contains(r#"PGOPTIONS=-csearch_path="t01""#), "{sql}");
    assert_eq!((plan["statements"].as_array().map(Vec::len), &plan["statements"][0]["tenants"]), (Some(1), &json!(10)));
    assert_eq!(database.state().await, before);

    let call = cli.run(&["migrate", "up", "--dir", &folder, "--json"]).await;
    assert_eq!(call.code, 3, "{call}");
    let run = call.document();
    assert_eq!((&run["done"], &run["failed"]), (&json!(9), &json!(1)), "{call}");
    let failed = outcome(&run, "t03");
    assert_eq!((&failed["outcome"], &failed["error"]["code"]), (&json!("failed"), &json!("command_failed")), "{call}");
    assert!(failed["error"]["message"].as_str().is_some_and(|m| m.contains("exit code 1")), "{call}");
    assert_eq!(outcome(&run, "t04")["detail"], "b2");
    // Everybody has what the command wrote; of those that failed it is shown.
    let id = run["run"].as_str().expect("an id");
    let shown = cli.run(&["run", "show", id]).await;
    assert!(shown.stdout.contains("NotNullViolation") && shown.stdout.contains("$ alembic -x schema=t03"), "{shown}");
    assert!(!shown.stdout.contains("schema=t04"), "{shown}");
    let shown = cli.json(&["run", "show", id]).await;
    assert!(outcome(&shown, "t04")["output"].as_str().is_some_and(|text| text.contains("migrated t04")), "{shown}");

    // Repaired, the run goes on; what was done is not done again.
    database.execute("update t03.item set name = 'x'").await;
    let resumed = cli.json(&["run", "resume", id]).await;
    assert_eq!((&resumed["run"], &resumed["done"]), (&run["run"], &json!(10)), "{resumed}");
    assert_eq!(outcome(&resumed, "t04")["attempts"], 1);
    assert_eq!(versions(&database, 10).await, vec!["b2"; 10]);
    let nothing = cli.json(&["migrate", "up", "--dir", &folder]).await;
    assert_eq!((&nothing["done"], &nothing["skipped"]), (&json!(0), &json!(10)), "{nothing}");

    // Where they stand, in the tool's own words; and one back.
    let status = cli.json(&["migrate", "status", "t01", "t02", "--dir", &folder]).await;
    assert_eq!(status["tenants"][0]["place"], "b2 (head)", "{status}");
    cli.refused(&["run", "undo", id, "--yes"], 4, "run_not_undoable").await;
    let down = cli.json(&["migrate", "down", "t05", "--dir", &folder, "--yes"]).await;
    assert_eq!((&down["done"], &outcome(&down, "t05")["detail"]), (&json!(1), &json!("a1")), "{down}");
}

#[tokio::test]
async fn a_command_that_does_nothing_and_says_that_it_succeeded_is_found_by_the_structure() {
    let (database, cli, folder) = alembic_fleet(4).await;
    second_revision(&folder);
    cli.write("project/lazy", "t02");
    let call = cli.run(&["migrate", "up", "--dir", &folder, "--json"]).await;
    assert_eq!(call.code, 3, "{call}");
    let run = call.document();
    assert_eq!((&run["done"], &run["failed"]), (&json!(3), &json!(1)), "{call}");
    let lazy = outcome(&run, "t02");
    assert_eq!(lazy["error"]["code"], "command_drifted", "{call}");
    assert_eq!(lazy["error"]["params"]["reference"], "t01", "{call}");
    // It is in the record too, and the run goes on when the cause is gone.
    let id = run["run"].as_str().expect("an id");
    assert_eq!(outcome(&cli.json(&["run", "show", id]).await, "t02")["error"]["code"], "command_drifted");
    std::fs::remove_file(cli.path("project/lazy")).expect("the file");
    assert_eq!(cli.json(&["run", "resume", id]).await["done"], 4);
    assert_eq!(versions(&database, 4).await, vec!["b2"; 4]);
}

#[tokio::test]
async fn a_command_that_writes_into_public_is_found_out() {
    let (database, cli, folder) = alembic_fleet(2).await;
    // The usual mistake: the tool looks at one place only, and only the first tenant gets there.
    cli.write(
        "project/template.toml",
        "[migrator]\ncommand = [\"python\", \"-c\", \"import psycopg; psycopg.connect(autocommit=True).execute('create \
         table if not exists public.item (id int)')\"]\n",
    );
    let call =
        cli.run(&["migrate", "up", "--all", "--jobs", "1", "--on-error", "stop", "--dir", &folder, "--json"]).await;
    assert_eq!(call.code, 3, "{call}");
    let run = call.document();
    assert_eq!(outcome(&run, "t01")["error"]["code"], "command_touches_outside", "{call}");
    assert_eq!(outcome(&run, "t02")["outcome"], "not_started", "{call}");
    database.execute("drop table public.item").await;
    let template = std::fs::read_to_string(cli.path("project/template.toml")).expect("the template");
    cli.write("project/template.toml", &format!("touches = [\"public\"]\n{template}"));
    let run = cli.json(&["migrate", "up", "--all", "--dir", &folder]).await;
    assert_eq!((&run["failed"], &run["skipped"]), (&json!(0), &json!(2)), "{run}");
}

#[tokio::test]
async fn ctrl_c_ends_the_commands_and_what_they_do_on_the_server() {
    let (database, cli, folder) = alembic_fleet(4).await;
    second_revision(&folder);
    cli.write("project/slow", "yes");
    let call = cli.start(&["migrate", "up", "--dir", &folder, "--jobs", "2", "--json"]);
    let at_work = "select case when count(*) = 2 then 't' else 'f' end from pg_catalog.pg_stat_activity \
                   where wait_event = 'PgSleep' and application_name like 'cadastre migrator%' and datname = current_database()";
    database.wait_until(at_work).await;
    assert_eq!(processes_in(&folder), 2);
    interrupt(call.pid().expect("it runs"));
    let call = call.end().await;
    assert_eq!(call.code, 130, "{call}");
    assert!(call.took.as_secs() < 30, "{call}");
    let run = call.document();
    assert_eq!((&run["cancelled"], &run["not_started"], &run["failed"]), (&json!(2), &json!(2), &json!(0)), "{call}");
    assert_eq!(processes_in(&folder), 0, "the commands go on");
    let left = "select case when count(*) = 0 then 't' else 'f' end from pg_catalog.pg_stat_activity \
                where application_name like 'cadastre migrator%' and datname = current_database()";
    database.wait_until(left).await;
    assert_eq!(versions(&database, 4).await, vec!["a1"; 4]);
    std::fs::remove_file(cli.path("project/slow")).expect("the file");
    let resumed = cli.json(&["run", "resume", run["run"].as_str().expect("an id")]).await;
    assert_eq!(resumed["done"], 4, "{resumed}");
}

#[tokio::test]
async fn a_command_whose_cadastre_was_killed_keeps_its_tenant_to_itself_until_its_end() {
    let (database, cli, folder) = alembic_fleet(2).await;
    second_revision(&folder);
    cli.write("project/slow", "yes");
    let call = cli.start(&["migrate", "up", "--dir", &folder, "--jobs", "1"]);
    let at_work = "select case when bool_or(wait_event = 'PgSleep') then 't' else 'f' end from pg_catalog.pg_stat_activity \
                   where application_name like 'cadastre migrator%' and datname = current_database()";
    database.wait_until(at_work).await;
    let pid = call.pid().expect("it runs").to_string();
    assert!(std::process::Command::new("kill").args(["-s", "KILL", &pid]).status().expect("kill").success());
    call.end().await;
    std::fs::remove_file(cli.path("project/slow")).expect("the file");
    // Nobody holds a lock any more, and still the tenant is not touched a second time.
    let again = ["migrate", "up", "--dir", &folder, "--retries", "1", "--json"];
    let call = cli.run(&again).await;
    assert_eq!(call.code, 3, "{call}");
    let run = call.document();
    assert_eq!(outcome(&run, "t01")["error"]["code"], "tenant_busy", "{call}");
    assert!(outcome(&run, "t01")["error"]["message"].as_str().is_some_and(|m| m.contains("a command, pid")), "{call}");
    assert_eq!(outcome(&run, "t02")["outcome"], "done", "{call}");
    database
        .execute(
            "select pg_terminate_backend(pid) from pg_stat_activity \
             where application_name like 'cadastre migrator%' and datname = current_database()",
        )
        .await;
    let runs = cli.json(&["run", "list"]).await;
    let killed = runs.as_array().expect("runs").iter().find(|r| r["stopped"] == "interrupted").expect("the killed run");
    let resumed = cli.json(&["run", "resume", killed["run"].as_str().expect("an id")]).await;
    assert_eq!((&resumed["done"], &resumed["skipped"]), (&json!(1), &json!(1)), "{resumed}");
    assert_eq!(versions(&database, 2).await, vec!["b2"; 2]);
}

#[tokio::test]
async fn hooks_go_with_a_command_too_and_what_it_committed_stays_when_one_fails_after_it() {
    let (database, cli, folder) = alembic_fleet(2).await;
    second_revision(&folder);
    let hook = |when: &str| format!("[[hook]]\nwhen = \"{when}\"\nsql = \"{when}.sql\"\n\n");
    cli.write("project/template.toml", &format!("{}{}{ALEMBIC}", hook("before"), hook("after")));
    cli.write("project/before.sql", "insert into item values (7, 'before')");
    cli.write("project/after.sql", "update item set mood = 'after';\nselect 1 / (current_schema() <> 't02')::int;");
    let call = cli.run(&["migrate", "up", "--dir", &folder, "--json"]).await;
    assert_eq!(call.code, 3, "{call}");
    let run = call.document();
    assert_eq!(outcome(&run, "t01")["outcome"], "done", "{call}");
    let failed = outcome(&run, "t02");
    assert_eq!(failed["error"]["code"], "hook_failed", "{call}");
    assert!(failed["error"]["detail"].as_str().is_some_and(|text| text.contains("stays")), "{call}");
    assert_eq!(versions(&database, 2).await, vec!["b2"; 2]);
    let moods = "select name || ' ' || coalesce(mood, '-') from t01.item union all \
                 select name || ' ' || coalesce(mood, '-') from t02.item";
    assert_eq!(database.column(moods).await, ["before after", "before -"]);
}

#[tokio::test]
async fn the_same_run_from_two_programs_migrates_every_tenant_once() {
    let (database, cli, folder) = alembic_fleet(6).await;
    second_revision(&folder);
    let words = ["migrate", "up", "--dir", &folder, "--jobs", "2", "--json"];
    let (one, two) = (cli.start(&words), cli.start(&words));
    let (one, two) = futures::join!(one.end(), two.end());
    let runs = [one.document(), two.document()];
    let done: u64 = runs.iter().filter_map(|run| run["done"].as_u64()).sum();
    assert_eq!(done, 6, "{one}\n{two}");
    // Who came second was told so, or found nothing to do.
    for tenant in runs.iter().flat_map(|run| run["tenants"].as_array().expect("tenants")) {
        let code = tenant["error"]["code"].as_str();
        assert!(code.is_none_or(|code| ["plan_stale", "tenant_busy"].contains(&code)), "{tenant}");
    }
    assert_eq!(versions(&database, 6).await, vec!["b2"; 6]);
}

/// Processes that work in this folder.
pub fn processes_in(folder: &str) -> usize {
    let folder = Path::new(folder).canonicalize().expect("the folder");
    let processes = std::fs::read_dir("/proc").expect("processes").flatten();
    processes.filter(|p| std::fs::read_link(p.path().join("cwd")).is_ok_and(|at| at == folder)).count()
}

pub fn interrupt(pid: u32) {
    let sent = std::process::Command::new("kill").args(["-s", "INT", &pid.to_string()]).status();
    assert!(sent.expect("kill").success());
}

#[tokio::test]
async fn a_lock_that_another_session_holds_is_waited_for_by_trying_again() {
    let (database, cli, folder) = alembic_fleet(2).await;
    second_revision(&folder);
    let mut holder = database.database.session(cadastre_core::connection::Purpose::Create).await.expect("a session");
    let lock = cadastre_core::sql::Statement::script("begin; lock table t01.item in access share mode");
    holder.execute(lock).await.expect("the lock");
    let call = cli.start(&["migrate", "up", "--dir", &folder, "--lock-timeout", "200ms", "--jobs", "1", "--json"]);
    database.wait_until("select case when version_num = 'b2' then 't' else 'f' end from t02.alembic_version").await;
    holder.execute("rollback").await.expect("the lock is given back");
    let call = call.end().await;
    assert_eq!(call.code, 0, "{call}");
    let first = &outcome(&call.document(), "t01").clone();
    assert!(first["attempts"].as_u64() > Some(1), "{first}");
}

#[tokio::test]
async fn what_cannot_run_is_refused_before_anything_runs() {
    let (database, cli, folder) = alembic_fleet(1).await;
    let before = database.state().await;
    cli.write("project/template.toml", "[migrator]\ncommand = [\"no-such-tool\", \"{schema}\"]\n");
    // Whatever another tool has noted there: this one is not known, so its tenants have to be named.
    cli.refused(&["migrate", "up", "--dir", &folder], 4, "no_history_anywhere").await;
    let error = cli.refused(&["migrate", "up", "--all", "--dir", &folder], 4, "plan_blocked").await;
    assert!(error["message"].as_str().is_some_and(|m| m.contains("no-such-tool")), "{error}");
    cli.refused(&["migrate", "down", "--dir", &folder, "--yes"], 2, "usage").await;
    cli.refused(&["migrate", "up", "--to", "3", "--dir", &folder], 2, "usage").await;
    for (wrong, reason) in [
        ("[migrator]\ncommand = []\n", "no command"),
        ("[migrator]\ncommand = [\"{schema}\"]\n", "schema's name"),
        ("[migrator]\ncommand = [\"x\"]\ntimeout = \"soon\"\n", "soon"),
        ("[[hook]]\nwhen = \"before\"\n", "either sql or command"),
        ("[[hook]]\nwhen = \"before\"\nsql = \"none.sql\"\n[migrator]\ncommand = [\"x\"]\n", "none.sql"),
    ] {
        cli.write("project/template.toml", wrong);
        let error = cli.refused(&["migrate", "up", "--dir", &folder], 4, "migration_file_invalid").await;
        assert!(error["message"].as_str().is_some_and(|m| m.contains(reason)), "{error}");
    }
    assert_eq!(database.state().await, before);
}

#[tokio::test]
async fn a_password_reaches_the_command_and_nobody_else() {
    let canary = Canary::new();
    let cluster = Cluster::builder().tcp(true).start().await.expect("tests need an installed PostgreSQL server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    database.execute(&format!("create role manager login superuser password {}", canary.sql_literal())).await;
    database.execute("create schema t01; create schema t02").await;
    let service = SecretService::unlocked();
    let cli = service.environment().iter().fold(Cli::new(), |cli, (name, value)| cli.env(name, value));
    let cli = with_tools(cli.env("RUST_LOG", "trace"));
    let url = format!("postgres://manager@127.0.0.1:{}/{}", cluster.port(), database.name());
    let add = ["profile", "add", "Canary", "--url", &url, "--password-stdin"];
    let call = cli.run_with(&add, &format!("{}\n", canary.text())).await;
    assert_eq!(call.code, 0, "{}", canary.redact(&call.to_string()));
    let folder = alembic_project(&cli);
    // Each command says all that it knows.
    cli.write("project/chatty", "yes");
    let watch = Watch::start(&canary);
    let mut said: Vec<Call> = Vec::new();
    let names = names(2);
    for verb in [&["migrate", "up", "--dry-run", "-vv"][..], &["migrate", "up", "-vv", "--json"]] {
        said.push(cli.run(&[&words(verb, &names, &folder)[..], &["--profile", "Canary"]].concat()).await);
        assert_eq!(said.last().expect("a call").code, 0, "{}", canary.redact(&said[said.len() - 1].to_string()));
    }
    let run = said[1].document()["run"].as_str().expect("an id").to_owned();
    for call in [&["run", "show", &run, "--json"][..], &["run", "show", &run], &["journal", "list", "--json"]] {
        said.push(cli.run(call).await);
    }
    let output = &said[2].document()["tenants"][0]["output"];
    assert!(
        output.as_str().is_some_and(|text| text.contains("'PGPASSWORD': ") && text.contains("[password]")),
        "{output}"
    );
    for call in &said {
        let text = format!("{} {} {}", call.arguments, call.stdout, call.stderr);
        assert!(!canary.is_in(text.as_bytes()), "said by: {}", canary.redact(&call.to_string()));
    }
    // The environment of the commands is where it belongs; no command line is.
    let seen = watch.end();
    let places: Vec<String> = seen.places.into_iter().filter(|place| place.starts_with("cmdline")).collect();
    assert_eq!(places, Vec::<String>::new());
    let places = canary.search(&[cli.account(), service.folder(), cluster.folder()]);
    assert_eq!(places, Vec::<String>::new());
}

#[tokio::test]
async fn django_tenants_migrates_ten_tenants_and_the_one_with_bad_rows_is_told_apart() {
    let database = TestDatabase::new().await;
    let cli = with_tools(Cli::on(&database.url()));
    let project = cli.files().join("project");
    copy_project("django", &project);
    cli.write("project/template.toml", DJANGO);
    let folder = cli.path("project");
    // What every tenant shares is Django's own business, and done by its own means before.
    let profile = database.profile();
    let mut shared = std::process::Command::new(python_tools().join("python"));
    shared.args(["manage.py", "migrate_schemas", "--shared", "--noinput"]).current_dir(&project);
    shared.env("PGHOST", &profile.host).env("PGPORT", profile.port.to_string());
    shared.env("PGUSER", &profile.user).env("PGDATABASE", &profile.database);
    let shared = shared.output().expect("Django starts");
    assert!(shared.status.success(), "{}", String::from_utf8_lossy(&shared.stderr));
    let names = names(10);
    for name in &names {
        let client = format!("insert into customers_client (schema_name, name) values ('{name}', '{name}')");
        database.execute(&format!("create schema {name}; set search_path = public; {client}")).await;
    }
    let made = cli.json(&words(&["migrate", "up"], &names, &folder)).await;
    assert_eq!(made["done"], 10, "{made}");
    std::fs::rename(project.join("shop/second.py"), project.join("shop/migrations/0002_second.py")).expect("the file");
    database.execute("insert into t07.shop_article (title) values (null)").await;
    let call = cli.run(&["migrate", "up", "--dir", &folder, "--json"]).await;
    assert_eq!(call.code, 3, "{call}");
    let run = call.document();
    assert_eq!((&run["done"], &run["failed"]), (&json!(9), &json!(1)), "{call}");
    assert_eq!(outcome(&run, "t07")["error"]["code"], "command_failed", "{call}");
    let shown = cli.run(&["run", "show", run["run"].as_str().expect("an id")]).await;
    assert!(shown.stdout.contains("NotNullViolation"), "{shown}");
    database.execute("update t07.shop_article set title = 'x'").await;
    assert_eq!(cli.json(&["run", "resume", run["run"].as_str().expect("an id")]).await["done"], 10);
    let columns = "select count(*)::text from pg_catalog.pg_attribute where attname = 'mood' and not attisdropped";
    assert_eq!(database.value(columns).await, "10");
    let shape = cli.json(&["shape", "--all"]).await;
    assert_eq!(shape["classes"].as_array().map(Vec::len), Some(1), "{shape}");
}
