//! Creating a tenant with everything that belongs to it, stopped at every step: nothing of it remains.

use crate::external::interrupt;
use cadastre_core::demo::Cluster;
use cadastre_tests::{Cli, SecretService, TestDatabase};
use serde_json::json;
use std::process::Command;

const TEMPLATE: &[(&str, &str)] = &[
    (
        "t/1_people.up.sql",
        "create type mood as enum ('good', 'bad');\n\
         create table people (id bigint generated always as identity primary key, name text, mood mood);\n\
         create index people_name on people (name);\n\
         create function shout(text) returns text language sql immutable as $$ select upper($1) $$;\n\
         create view names as select name from people;\n",
    ),
    ("t/1_people.down.sql", "drop view names; drop function shout(text); drop table people; drop type mood;"),
    ("t/seed.sql", "insert into people (name) values ('first');"),
    ("t/template.toml", "seed = \"seed.sql\"\n"),
];

/// Where something goes wrong: a server's own way to fail, by a trigger.
struct Fault {
    name: &'static str,
    /// Made as superuser before, in the database.
    set: String,
    undo: String,
}

/// What a trigger does when its moment has come.
#[derive(Clone, Copy)]
enum Action {
    Fail,
    /// The server ends the session.
    End,
    /// It waits, so that somebody can do something meanwhile.
    Wait,
    /// It waits for a moment, and goes on.
    Pause,
}

impl Action {
    fn body(self) -> &'static str {
        match self {
            Self::Fail => "raise exception 'injected'",
            Self::End => "perform pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())",
            Self::Wait => "perform pg_catalog.pg_sleep(60)",
            Self::Pause => "perform pg_catalog.pg_sleep(2)",
        }
    }
}

/// At a statement with this tag.
fn at_tag(name: &'static str, tag: &str, action: Action) -> Fault {
    Fault {
        name,
        set: format!(
            "create function public.fault() returns event_trigger language plpgsql as $$ begin {}; end $$;
             create event trigger fault on ddl_command_end when tag in ('{tag}') execute function public.fault();",
            action.body()
        ),
        undo: "drop event trigger fault; drop function public.fault()".into(),
    }
}

/// When the registry gets a row of this table; deferred ones come with the commit itself.
fn at_row(name: &'static str, table: &str, deferred: bool, action: Action) -> Fault {
    let kind = if deferred {
        format!("create constraint trigger fault after insert on cadastre.{table} deferrable initially deferred")
    } else {
        format!("create trigger fault before insert on cadastre.{table}")
    };
    Fault {
        name,
        set: format!(
            "create function public.fault() returns trigger language plpgsql as $$ begin {}; return new; end $$;
             {kind} for each row execute function public.fault();",
            action.body()
        ),
        undo: format!("drop trigger fault on cadastre.{table}; drop function public.fault()"),
    }
}

const CREATE: [&str; 13] = [
    "tenant",
    "create",
    "Collège Moulin",
    "--template",
    "t",
    "--role",
    "moulin_app",
    "--login",
    "--domain",
    "moulin.example",
    "--module",
    "notes",
    "--json",
];

async fn ready(cluster: &Cluster, service: &SecretService) -> (TestDatabase, Cli) {
    let database = TestDatabase::on(cluster).await.expect("a database");
    let cli = service.environment().iter().fold(Cli::on(&database.url()), |cli, (name, value)| cli.env(name, value));
    for (file, text) in TEMPLATE {
        cli.write(file, text);
    }
    assert_eq!(cli.run(&["registry", "install"]).await.code, 0);
    (database, cli)
}

/// Entries of ours in the keyring, asked for with another program.
fn kept(service: &SecretService) -> usize {
    let mut ask = Command::new("secret-tool");
    ask.args(["search", "--all", "service", "cadastre"]).envs(service.environment());
    let answer = ask.output().expect("tests need secret-tool: apt install libsecret-tools");
    let text = [answer.stdout, answer.stderr].concat();
    String::from_utf8_lossy(&text).lines().filter(|line| line.starts_with('[')).count()
}

/// Whatever there is of the tenant: schema, role, settings of roles, rows of the registry, the keyring's entry.
async fn remains(database: &TestDatabase, service: &SecretService) -> Vec<String> {
    let mut found = database
        .column(
            "select 'schema ' || nspname from pg_namespace where nspname = 'college_moulin'
             union all select 'role ' || rolname from pg_roles where rolname = 'moulin_app'
             union all select 'entry ' || schema_name from cadastre.tenant
             union all select 'domain ' || domain from cadastre.domain
             union all select 'module ' || module from cadastre.module
             union all select 'version' from cadastre.change
             union all select 'setting' from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase
                 where d.datname = current_database()",
        )
        .await;
    found.extend((0..kept(service)).map(|_| "keyring".to_owned()));
    found
}

/// Waits until no session of a create is there any more.
async fn quiet(database: &TestDatabase) {
    database
        .wait_until("select not exists (select from pg_stat_activity where application_name = 'cadastre create')")
        .await;
}

#[tokio::test]
async fn a_creation_that_fails_at_any_step_leaves_nothing() {
    let cluster = Cluster::builder().start().await.expect("tests need an installed PostgreSQL server");
    let service = SecretService::unlocked();
    let (database, cli) = ready(&cluster, &service).await;
    let faults = [
        at_tag("after the schema", "CREATE SCHEMA", Action::Fail),
        at_tag("at the name", "COMMENT", Action::Fail),
        at_tag("at a table", "CREATE TABLE", Action::Fail),
        at_tag("at a type", "CREATE TYPE", Action::Fail),
        at_tag("at an index", "CREATE INDEX", Action::Fail),
        at_tag("at a function", "CREATE FUNCTION", Action::Fail),
        at_tag("at a view", "CREATE VIEW", Action::Fail),
        at_tag("at the rights", "GRANT", Action::Fail),
        at_tag("at the default privileges", "ALTER DEFAULT PRIVILEGES", Action::Fail),
        at_tag("at what is taken from the history", "REVOKE", Action::Fail),
        at_row("at the entry", "tenant", false, Action::Fail),
        at_row("at the domain", "domain", false, Action::Fail),
        at_row("at the module", "module", false, Action::Fail),
        at_row("at the commit", "tenant", true, Action::Fail),
        at_tag("session ended at the schema", "CREATE SCHEMA", Action::End),
        at_tag("session ended at the rights", "GRANT", Action::End),
        at_row("session ended at the entry", "tenant", false, Action::End),
        at_row("session ended at the commit", "module", true, Action::End),
    ];
    let mut count = 0;
    for fault in &faults {
        // Our own statements make functions and triggers too: the trigger is put in place last.
        database.execute(&fault.set).await;
        let call = cli.run(&CREATE).await;
        assert!(matches!(call.code, 1 | 4), "{}: {call}", fault.name);
        assert_eq!(call.document()["failed"], 1, "{}: {call}", fault.name);
        quiet(&database).await;
        assert_eq!(remains(&database, &service).await, Vec::<String>::new(), "{}: {call}", fault.name);
        database.execute(&fault.undo).await;
        count += 1;
    }
    // The password's own place: a keyring that nobody can open.
    let mut locked = SecretService::unlocked();
    let elsewhere =
        locked.environment().iter().fold(Cli::on(&database.url()), |cli, (name, value)| cli.env(name, value));
    for (file, text) in TEMPLATE {
        elsewhere.write(file, text);
    }
    locked.lock();
    let call = elsewhere.run(&CREATE).await;
    assert_ne!(call.code, 0, "{call}");
    assert_eq!(remains(&database, &service).await, Vec::<String>::new(), "{call}");
    let absent = SecretService::absent();
    let nowhere = absent.environment().iter().fold(Cli::on(&database.url()), |cli, (name, value)| cli.env(name, value));
    for (file, text) in TEMPLATE {
        nowhere.write(file, text);
    }
    nowhere.refused(&CREATE[..12], 4, "keyring_unavailable").await;
    assert_eq!(remains(&database, &service).await, Vec::<String>::new());
    count += 2;
    assert!(count >= 20);
    // And without a fault everything is there.
    let call = cli.run(&CREATE).await;
    assert_eq!(call.code, 0, "{call}");
    assert_eq!(kept(&service), 1);
    let found = remains(&database, &service).await;
    for part in ["schema college_moulin", "role moulin_app", "entry college_moulin", "domain moulin.example", "keyring"]
    {
        assert!(found.iter().any(|f| f == part), "{part}: {found:?}");
    }
    let given = cli.json(&["tenant", "connection", "college_moulin", "--show-password"]).await;
    let password = given["password"].as_str().expect("a password");
    assert_eq!(password.len(), 32);
    let journal = cli.run(&["journal", "list", "--json"]).await;
    assert!(!journal.stdout.contains(password), "the journal holds the password");
    assert!(journal.stdout.contains("create role"), "{journal}");
}

#[tokio::test]
async fn a_creation_whose_program_or_server_is_killed_leaves_nothing() {
    let cluster = Cluster::builder().start().await.expect("tests need an installed PostgreSQL server");
    let service = SecretService::unlocked();
    let (database, cli) = ready(&cluster, &service).await;
    let waits = [
        at_tag("at the schema", "CREATE SCHEMA", Action::Wait),
        at_tag("at the rights", "GRANT", Action::Wait),
        at_row("at the entry", "tenant", false, Action::Wait),
        at_row("at the commit", "tenant", true, Action::Wait),
    ];
    let waiting = "select exists (select from pg_stat_activity where application_name = 'cadastre create' \
                   and wait_event = 'PgSleep')";
    let end =
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'cadastre create'";
    for fault in &waits {
        for how in ["killed", "cancelled"] {
            database.execute(&fault.set).await;
            let call = cli.start(&CREATE);
            database.wait_until(waiting).await;
            if how == "killed" {
                let call = call.kill().await;
                assert_eq!(call.code, -1, "{call}");
                // The server would go on with what it has; it hears of the end when it wants to answer.
                database.value(end).await;
            } else {
                interrupt(call.pid().expect("it runs"));
                let call = call.end().await;
                assert_eq!(call.code, 130, "{call}");
            }
            quiet(&database).await;
            database.execute(&fault.undo).await;
            // Whoever connects next finds out what became of the password.
            assert_eq!(cli.json(&["tenant", "list"]).await, json!([]));
            assert_eq!(remains(&database, &service).await, Vec::<String>::new(), "{how} {}", fault.name);
        }
    }
    // A commit that arrives although nobody waits for its answer any more: all of it is there, and the password is known.
    let pause = at_row("within the commit", "tenant", true, Action::Pause);
    database.execute(&pause.set).await;
    let call = cli.start(&CREATE);
    database.wait_until(waiting).await;
    assert_eq!(call.kill().await.code, -1);
    database.wait_until("select exists (select from pg_roles where rolname = 'moulin_app')").await;
    quiet(&database).await;
    let given = cli.json(&["tenant", "connection", "college_moulin", "--show-password"]).await;
    assert_eq!(given["password"].as_str().map(str::len), Some(32), "{given}");
    assert_eq!(kept(&service), 1);
}
