//! Names that mean more than one thing.

use crate::fixture::{Fixture, brief};
use cadastre_core::shape::Options;

/// Aliases and tables that may be called like a schema, and row variables that a trigger and a rule know.
const ALIASES: &str = r#"
    create table %.acme (id int primary key, new int, acme text);
    create table %.other (id int references %.acme (id));
    create function %.f(n int) returns int language sql immutable begin atomic select n + 1; end;
    create view %.seen as
        select acme.id, %.f(acme.id) as f, extract(year from now()) as y, new.id as other, 'acme.x' as text
        from %.acme join %.other as new on acme.id = new.id
        where exists (select from %.other acme where acme.id is distinct from new.id);
    create function %.t() returns trigger language plpgsql as 'begin return new; end';
    create trigger t before update on %.acme for each row when (new.id > %.f(old.id)) execute function %.t();
    create rule r as on delete to %.acme do also delete from %.other where other.id = old.id;
    alter table %.acme enable row level security;
    create policy p on %.acme using (exists (select from %.other o where o.id = acme.id and %.f(o.id) > 1));
    create function %.g() returns bigint language sql begin atomic select count(acme.*) from %.other acme; end;
"#;

#[tokio::test]
async fn an_alias_called_like_the_schema_is_not_the_schema() {
    let schemas = ["plain", "acme", "new", "old", "other", "f"];
    let mut fixture = Fixture::new(ALIASES, &schemas).await;
    let options = Options::default();
    let expected = fixture.fingerprint("plain", options).await;
    for schema in schemas {
        let comparison = fixture.compare("plain", schema, options).await;
        let changes: Vec<String> = comparison.changes.iter().map(brief).collect();
        assert!(changes.is_empty(), "{schema}: {changes:?}");
        assert_eq!(fixture.fingerprint(schema, options).await, expected, "{schema}");
    }
    // Made again from its neutral text, the alias is still one.
    fixture
        .run("drop view acme.seen; drop policy p on acme.acme; drop trigger t on acme.acme; drop function acme.g")
        .await;
    fixture.repair("plain", "acme", options).await;
}

#[tokio::test]
async fn the_search_path_of_a_session_is_what_it_was() {
    let mut fixture = Fixture::new(ALIASES, &["acme"]).await;
    let namespace = fixture.namespace("acme").await;
    let shape = cadastre_core::shape::read(&mut fixture.session, &namespace).await.unwrap();
    assert_eq!(shape.schema, "acme");
    let path: String = sqlx::query_scalar("show search_path").fetch_one(fixture.session.connection()).await.unwrap();
    assert_eq!(path, "pg_catalog, pg_temp");
}

#[tokio::test]
async fn a_reference_into_another_schema_is_a_difference() {
    let script = "create sequence %.s; create table %.t (id bigint default nextval('§.s'), up bigint)";
    let mut fixture = Fixture::new(script, &["a", "b"]).await;
    fixture.run("alter table b.t alter column id set default nextval('a.s')").await;
    let comparison = fixture.compare("a", "b", Options::default()).await;
    let changes: Vec<String> = comparison.changes.iter().map(brief).collect();
    assert_eq!(changes, ["default t.id changed definition"]);
    let script = fixture.repair("a", "b", Options::default()).await;
    assert!(script.contains("nextval('\"b\".s'::regclass)"), "{script}");
}

#[tokio::test]
async fn a_pinned_search_path_and_the_owner_s_role_are_the_tenant_s_own() {
    let script = r#"
        create table %.t (id int);
        create function %.f() returns int language plpgsql set search_path to %, pg_temp as 'begin return 1; end';
        create policy p on %.t to !
    "#;
    let mut fixture = Fixture::new("", &["a", "B c"]).await;
    for (schema, role) in [("a", "owner_a"), ("B c", "Owner B")] {
        let role = format!("\"{role}\"");
        let script = format!("create role {role}; alter schema % owner to {role}; {}", script.replace('!', &role));
        fixture.in_schema(schema, &script).await;
    }
    let comparison = fixture.compare("a", "B c", Options::default()).await;
    assert!(comparison.changes.is_empty(), "{}", crate::fixture::list(&comparison.changes));
    fixture.in_schema("B c", "drop policy p on %.t; drop function %.f").await;
    let script = fixture.repair("a", "B c", Options::default()).await;
    assert!(script.contains("to \"Owner B\"") && script.contains("SET search_path TO 'B c', 'pg_temp'"), "{script}");
    let owner = "select pg_catalog.pg_get_userbyid(proowner)::text from pg_catalog.pg_proc where proname = 'f' and pronamespace = 15::oid";
    let owner = owner.replace("15::oid", "'\"B c\"'::pg_catalog.regnamespace");
    let statement = cadastre_core::sql::Statement::script(owner);
    let owner: String = sqlx::query_scalar(statement).fetch_one(fixture.session.connection()).await.unwrap();
    assert_eq!(owner, "Owner B", "what is made belongs to the owner of the schema");
}

#[tokio::test]
async fn the_migration_history_and_what_an_extension_brought_are_no_part_of_a_shape() {
    let mut fixture = Fixture::new("create table %.t (id int)", &["a", "b"]).await;
    let history = "create table b._sqlx_migrations (version bigint primary key, description text not null default 'x');
        create index more on b._sqlx_migrations (description); comment on table b._sqlx_migrations is 'x'";
    fixture.run(history).await;
    fixture.run("create extension hstore schema b; create extension pg_stat_statements schema b").await;
    let comparison = fixture.compare("a", "b", Options { grants: true, column_order: true }).await;
    assert!(comparison.changes.is_empty(), "{}", crate::fixture::list(&comparison.changes));
    assert_eq!(comparison.reference, comparison.other);
    fixture.run("alter table b.t add column tags b.hstore").await;
    let comparison = fixture.compare("a", "b", Options::default()).await;
    assert_eq!(comparison.changes.iter().map(brief).collect::<Vec<_>>(), ["column t.tags added"]);
}
