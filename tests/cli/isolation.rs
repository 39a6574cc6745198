//! What a tenant's role reaches: all of its own tenant, nothing of another one; nothing at all while it is deactivated; and afterwards
//! exactly what it had before.

use cadastre_core::connection::{Database, Purpose, Session};
use cadastre_core::sql::Statement;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::json;

/// A session of another role. The tests' server believes everybody.
async fn session_of(database: &TestDatabase, role: &str) -> Result<Session, cadastre_core::Error> {
    let profile = cadastre_core::connection::Profile { user: role.to_owned(), ..database.profile() };
    Database::connect(profile, None).await?.session(Purpose::Catalog).await
}

/// SQLSTATE of a statement that must fail.
async fn refused(session: &mut Session, sql: &str) -> String {
    let result = session.rows(Statement::script(sql)).await;
    let error = result.err().unwrap_or_else(|| panic!("this went through: {sql}"));
    error.sqlstate().unwrap_or_default().to_owned()
}

/// Two tenants of the school template, each with a login role of its own: their roles.
async fn two_tenants() -> (TestDatabase, Cli, [String; 2]) {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    // Roles belong to the whole server, which other tests share.
    let roles = ["a", "b"].map(|name| format!("{name}_{}", database.name()));
    for (schema, role) in ["alpha", "beta"].into_iter().zip(&roles) {
        let call = cli.run(&["tenant", "create", schema, "--template", "school", "--role", role]).await;
        assert_eq!(call.code, 0, "{call}");
        database.execute(&format!("alter role \"{role}\" login")).await;
    }
    (database, cli, roles)
}

#[tokio::test]
async fn a_tenants_role_reaches_its_own_tenant_and_nothing_of_another_one() {
    let (database, _, [own, _]) = two_tenants().await;
    let relations =
        "select relname from pg_class where relnamespace = '{}'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S')";
    let mut session = session_of(&database, &own).await.expect("a session");
    for name in database.column(&relations.replace("{}", "alpha")).await {
        session.rows(Statement::script(format!("select 1 from alpha.\"{name}\""))).await.expect(&name);
        // Writing too; that no row fits changes nothing of the right.
        let write = match name.ends_with("_seq") {
            true => format!("select nextval('alpha.\"{name}\"')"),
            false => format!("delete from alpha.\"{name}\" where false"),
        };
        let written = session.rows(Statement::script(write)).await;
        let refused = written.err().and_then(|error| error.sqlstate().map(str::to_owned));
        let read_only = name == "_sqlx_migrations";
        assert_eq!(refused.as_deref() == Some("42501"), read_only, "{name}: {refused:?}");
    }
    let others = database.column(&relations.replace("{}", "beta")).await;
    assert!(others.len() > 40, "{others:?}");
    for name in &others {
        for sql in [
            format!("select * from beta.\"{name}\""),
            format!("insert into beta.\"{name}\" default values"),
            format!("delete from beta.\"{name}\""),
            format!("truncate beta.\"{name}\""),
            format!("copy beta.\"{name}\" to stdout"),
            format!("begin; lock table beta.\"{name}\" in access share mode"),
            format!("drop table beta.\"{name}\""),
            format!("select pg_catalog.nextval('beta.\"{name}\"')"),
            format!("create view pg_temp.look as select * from beta.\"{name}\""),
        ] {
            assert_eq!(refused(&mut session, &sql).await, "42501", "{sql}");
            let _ = session.execute("rollback").await;
        }
    }
    for sql in [
        "create table beta.mine (a int)",
        "alter schema beta rename to mine",
        "grant usage on schema beta to public",
        "comment on schema beta is 'mine'",
        // Its own schema is not its own either: only what is in there.
        "create table alpha.mine (a int)",
        "drop schema alpha cascade",
        "delete from alpha._sqlx_migrations",
    ] {
        assert_eq!(refused(&mut session, sql).await, "42501", "{sql}");
    }
    // What the server shows of values without being asked for a table.
    database.execute("analyze").await;
    let values = "select count(*)::text from pg_catalog.pg_stats where schemaname = 'beta'";
    let rows = session.rows(Statement::script(values)).await.expect("statistics");
    assert_eq!(text(&rows), "0");
    let last =
        "select count(*)::text from pg_catalog.pg_sequences where schemaname = 'beta' and last_value is not null";
    let rows = session.rows(Statement::script(last)).await.expect("sequences");
    assert_eq!(text(&rows), "0");
}

fn text(rows: &[sqlx::postgres::PgRow]) -> String {
    rows.first()
        .and_then(|row| sqlx::Row::try_get_raw(row, 0).ok()?.as_str().ok().map(str::to_owned))
        .unwrap_or_default()
}

/// Every right in the database, every role, every comment, every setting: as the catalogs hold them.
const CATALOG: &str = "
select 'n ' || nspname || ' ' || nspowner || ' ' || coalesce(nspacl::text, '-') || ' ' || coalesce(obj_description(oid, 'pg_namespace'), '-') from pg_namespace where nspname !~ '^pg_'
union all select 'c ' || oid::regclass::text || ' ' || relowner || ' ' || coalesce(relacl::text, '-') from pg_class where relnamespace in (select oid from pg_namespace where nspname !~ '^pg_')
union all select 'a ' || attrelid::regclass::text || ' ' || attname || ' ' || attacl::text from pg_attribute where attacl is not null
union all select 'p ' || oid::regprocedure::text || ' ' || coalesce(proacl::text, '-') from pg_proc where pronamespace in (select oid from pg_namespace where nspname !~ '^pg_')
union all select 'd ' || defaclnamespace || ' ' || defaclobjtype::text || ' ' || defaclacl::text from pg_default_acl
union all select 'r ' || rolname || ' ' || rolcanlogin || ' ' || rolinherit || ' ' || coalesce(shobj_description(oid, 'pg_authid'), '-') from pg_roles where rolname ~ current_database()
union all select 's ' || setdatabase || ' ' || setrole || ' ' || setconfig::text from pg_db_role_setting where setdatabase = (select oid from pg_database where datname = current_database())
order by 1";

#[tokio::test]
async fn a_deactivated_tenant_is_out_of_reach_and_comes_back_with_the_same_rights() {
    let (database, cli, [own, other]) = two_tenants().await;
    // Rights of every kind, given by several: to PUBLIC, with grant option and passed on, to columns; a role that owns a schema.
    let name = database.name().to_owned();
    database
        .execute(&format!(
            "create role \"reader_{name}\" login; create role \"group_{name}\"; grant \"group_{name}\" to \"reader_{name}\";
             grant usage on schema alpha to \"group_{name}\" with grant option;
             set role \"group_{name}\"; grant usage on schema alpha to public; reset role;
             grant select (id) on alpha.users to \"reader_{name}\";
             comment on role \"{own}\" is 'it''s mine';
             comment on schema alpha is e'Alpha\\nline two';
             create function alpha.peek() returns bigint language sql security invoker as 'select count(*) from alpha.users';
             grant create on schema beta to \"{other}\"; alter schema beta owner to \"{other}\";
             create schema gamma; create table gamma.t (a int);"
        ))
        .await;
    let before = database.column(CATALOG).await;
    let mut old = session_of(&database, &own).await.expect("a session");
    old.execute("prepare counted as select count(*) from alpha.users").await.expect("prepared");
    old.rows(Statement::script("execute counted")).await.expect("it may, still");
    old.rows(Statement::script("select alpha.peek()")).await.expect("it may, still");
    let mut owner = session_of(&database, &other).await.expect("a session");
    let mut reader = session_of(&database, &format!("reader_{name}")).await.expect("a session");
    reader.rows(Statement::script("select id from alpha.users")).await.expect("it may, still");

    let call = cli.run(&["tenant", "deactivate", "alpha", "beta", "--yes", "--json"]).await;
    assert_eq!((call.code, &call.document()["done"]), (0, &json!(2)), "{call}");
    // Old sessions: nothing by name, nothing prepared, nothing through a function, no right to be given back by themselves.
    for sql in [
        "select count(*) from alpha.users",
        "execute counted",
        "select alpha.peek()",
        "insert into alpha.users default values",
        "grant usage on schema alpha to current_user",
    ] {
        assert_eq!(refused(&mut old, sql).await, "42501", "{sql}");
    }
    for sql in
        ["select * from beta.users", "grant usage on schema beta to current_user", "alter schema beta rename to mine"]
    {
        assert_eq!(refused(&mut owner, sql).await, "42501", "{sql}");
    }
    assert_eq!(refused(&mut reader, "select id from alpha.users").await, "42501");
    // New sessions of its own role do not begin; the role that several tenants share goes on, without this one.
    for role in [&own, &other] {
        assert!(session_of(&database, role).await.is_err(), "{role} connected");
    }
    let states: Vec<String> = cli
        .json(&["tenant", "list"])
        .await
        .as_array()
        .expect("a list")
        .iter()
        .map(|tenant| format!("{} {} {}", tenant["schema"], tenant["name"], tenant["state"]).replace('"', ""))
        .collect();
    assert_eq!(states, ["alpha Alpha inactive", "beta beta inactive", "gamma gamma active"]);
    // The administrator still works with it.
    let files = cli.path("");
    assert_eq!(cli.run(&["export", "alpha", "--to", &files, "--json"]).await.code, 0);
    let again = cli.json(&["tenant", "deactivate", "alpha", "--yes"]).await;
    assert_eq!(again["skipped"], 1);

    let call = cli.run(&["tenant", "activate", "alpha", "beta", "--json"]).await;
    assert_eq!((call.code, &call.document()["done"]), (0, &json!(2)), "{call}");
    assert_eq!(database.column(CATALOG).await, before);
    old.rows(Statement::script("execute counted")).await.expect("it may again");
    session_of(&database, &own).await.expect("a session");
    // A tenant that somebody has closed by hand is not opened by guessing.
    database.execute("revoke all on schema gamma from public, current_user").await;
    cli.refused(&["tenant", "activate", "gamma"], 4, "activation_unknown").await;
}

#[tokio::test]
async fn sessions_are_ended_on_request_and_none_comes_back() {
    let (database, cli, [own, _]) = two_tenants().await;
    let mut reading = session_of(&database, &own).await.expect("a session");
    reading.execute("begin; declare rest cursor for select * from alpha.users").await.expect("a cursor");
    let call = cli.run(&["tenant", "deactivate", "alpha", "--end-sessions", "--yes", "--json"]).await;
    assert_eq!(call.code, 0, "{call}");
    assert!(reading.rows(Statement::script("fetch all from rest")).await.is_err());
    let left = format!("select count(*) from pg_stat_activity where usename = '{own}'");
    assert_eq!(database.value(&left).await, "0");
    assert!(session_of(&database, &own).await.is_err());
}

#[tokio::test]
async fn a_tenant_in_the_middle_of_a_run_and_a_read_only_connection_are_refused() {
    let (database, cli, _) = two_tenants().await;
    let before = database.column(CATALOG).await;
    let reader = Cli::on(&database.url()).env("PGOPTIONS", "-c default_transaction_read_only=on");
    reader.refused(&["tenant", "deactivate", "alpha", "--yes"], 4, "read_only").await;
    cli.refused(&["tenant", "deactivate", "nobody", "--yes"], 4, "tenant_missing").await;
    let dry = cli.run(&["tenant", "deactivate", "alpha", "--dry-run"]).await;
    assert!(dry.code == 0 && dry.stdout.contains("revoke all on schema \"alpha\""), "{dry}");
    assert_eq!(cli.run(&["tenant", "deactivate", "alpha"]).await.code, 2, "nobody can be asked");
    assert_eq!(database.column(CATALOG).await, before);
}
