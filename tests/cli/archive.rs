//! Archives come back as they were.

use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};

/// A tenant with something of everything that a rename could lose.
pub const RICH: &str = r#"
create table public.country (code text primary key);
insert into public.country values ('FR'), ('BE');
create schema acme;
comment on schema acme is 'Acme & Cie';
create type acme.state as enum ('draft', 'sent');
create domain acme.positive as int check (value > 0);
create table acme.person (
    id bigint generated always as identity primary key, name text not null, born date default '2000-01-01',
    country text references public.country, born_year int generated always as (extract(year from born)) stored);
insert into acme.person (name, country) select 'person ' || g, 'FR' from generate_series(1, 500) g;
create table acme."Order;s" (
    id serial primary key, person bigint not null references acme.person on delete cascade, amount acme.positive,
    state acme.state default 'draft', note text);
insert into acme."Order;s" (person, amount, note)
    select g, g, case g % 4 when 0 then null when 1 then '' when 2 then E'\\.' else E'tab\there\nCOPY x FROM stdin;' end
    from generate_series(1, 200) g;
create index on acme.person (lower(name));
create table acme.event (at date, what text) partition by range (at);
create table acme.event_2025 partition of acme.event for values from ('2025-01-01') to ('2026-01-01');
insert into acme.event values ('2025-05-05', 'x');
create table acme.nothing ();
create sequence acme.counter increment -3 start 30 minvalue -1000 maxvalue 30;
select nextval('acme.counter'), nextval('acme.counter');
create view acme.names as select name, country from acme.person where id > 3;
create materialized view acme.per_country as select country, count(*) from acme.person group by 1;
create function acme.count_people() returns bigint language sql as $$ select count(*) from acme.person; -- ; $$;
create function acme.atomic() returns int begin atomic select case when true then 1 end; select 2; end;
create function acme.touch() returns trigger language plpgsql as $$ begin new.note = 'touched'; return new; end $$;
create trigger touch before update on acme."Order;s" for each row execute function acme.touch();
create rule quiet as on delete to acme.event do instead (select 1; select 2);
create policy mine on acme.person using (name = current_user);
grant usage on schema acme to public;
grant select on acme.names to public;
"#;

/// What tells one tenant's content from another's, without its name.
pub async fn content(database: &TestDatabase, schema: &str) -> Vec<String> {
    let of = |query: &str| query.replace("{s}", &format!("\"{}\"", schema.replace('"', "\"\"")));
    let mut found = Vec::new();
    for query in [
        "select id || name || born || country || born_year from {s}.person order by id",
        "select id || '|' || person || '|' || amount || '|' || state || '|' || coalesce(note, 'NULL') from {s}.\"Order;s\" order by id",
        "select last_value || is_called::text from {s}.counter",
        "select nextval from (select last_value + 1 as nextval from {s}.person_id_seq) n",
        "select country || count from {s}.per_country",
        "select {s}.count_people()",
        "select {s}.atomic()",
        "select count(*) from {s}.event_2025",
    ] {
        found.extend(database.column(&of(query)).await);
    }
    found
}

async fn rich() -> (TestDatabase, Cli, String) {
    let database = TestDatabase::new().await;
    database.execute(RICH).await;
    let cli = Cli::on(&database.url());
    let out = cli.files().display().to_string();
    (database, cli, out)
}

fn text<'a>(document: &'a Value, key: &str) -> &'a str {
    document[key].as_str().unwrap_or_else(|| panic!("no {key} in {document}"))
}

#[tokio::test]
async fn a_tenant_comes_back_beside_the_live_one_and_under_its_own_name() {
    let (database, cli, out) = rich().await;
    let live = "select string_agg(c.oid || c.relname, ',' order by c.oid) from pg_class c \
                where relnamespace = 'acme'::regnamespace";
    let (before, oids) = (content(&database, "acme").await, database.value(live).await);
    let made = cli.json(&["backup", "create", "acme", "--to", &out]).await;
    assert_eq!(
        (&made["kind"], &made["tenants"], &made["verified"]),
        (&json!("archive"), &json!(["acme"]), &json!(true))
    );
    assert_eq!(made["run"]["kind"], "backup");
    let (id, path) = (text(&made, "id"), text(&made, "path"));
    assert!(path.ends_with(&format!("{id}.dump")), "{made}");
    let list = cli.json(&["backup", "list"]).await;
    assert_eq!(
        (&list[0]["id"], &list[0]["verified"], &list[0]["name"]),
        (&made["id"], &json!(true), &json!("Acme & Cie"))
    );

    // The live tenant is in somebody's hands: it is not touched, so nobody waits.
    let mut holder = database.database.session(cadastre_core::connection::Purpose::Migrate).await.expect("a session");
    holder.execute("begin; lock table acme.person in access exclusive mode").await.expect("a lock");
    let verified = cli.json(&["backup", "verify", id]).await;
    assert_eq!((&verified["verified"], &verified["run"]["kind"]), (&json!(true), &json!("verify_backup")));
    assert!(
        verified["tables"].as_array().is_some_and(|t| t.len() == 4 && t.iter().all(|t| t["equal"] == true)),
        "{verified}"
    );
    let restored = cli.json(&["backup", "restore", path, "--as", "Acme bis"]).await;
    holder.execute("rollback").await.expect("the lock goes");
    assert_eq!((&restored["tenants"], &restored["left"]), (&json!(["acme_bis"]), &json!([])), "{restored}");
    assert_eq!(restored["mentions"], json!(["count_people()"]), "{restored}");
    assert_eq!(database.value(live).await, oids, "the live tenant is another one");
    assert_eq!(content(&database, "acme").await, before);
    assert_eq!(database.value("select obj_description('acme_bis'::regnamespace)").await, "Acme bis");
    assert_eq!(database.value("select obj_description('acme'::regnamespace)").await, "Acme & Cie");
    assert_eq!(
        database.value("select string_agg(nspname, ',') from pg_namespace where nspname like '\\_cad%'").await,
        ""
    );
    // Nothing of the copy points back.
    let back = "select count(*)::text from pg_depend d join pg_class c on c.oid = d.objid join pg_class r on r.oid = d.refobjid \
                where c.relnamespace = 'acme_bis'::regnamespace and r.relnamespace = 'acme'::regnamespace";
    assert_eq!(database.value(back).await, "0");
    database.execute("drop schema acme_bis cascade").await;

    cli.refused(&["backup", "restore", id], 4, "schema_name_taken").await;
    database.execute("drop schema acme cascade").await;
    let back = cli.json(&["backup", "restore", &id[..id.len() - 2]]).await;
    assert_eq!((&back["tenants"], &back["grants_equal"]), (&json!(["acme"]), &json!(true)), "{back}");
    assert_eq!(content(&database, "acme").await, before);
    database.execute("insert into acme.person (name) values ('next')").await;
    assert_eq!(database.value("select max(id)::text from acme.person").await, "501");
    assert_eq!(cli.json(&["journal", "verify"]).await["intact"], true);
    let entries = cli.json(&["journal", "list"]).await;
    let operations: Vec<&str> =
        entries["entries"].as_array().expect("entries").iter().filter_map(|e| e["operation"].as_str()).collect();
    assert_eq!(operations, ["restore", "restore", "verify_backup", "backup"], "newest first");
}

#[tokio::test]
async fn odd_names_are_taken_literally() {
    let database = TestDatabase::new().await;
    let names = [
        "quo\"ted",
        "UPPER",
        "dot.ted",
        "a*b?",
        "école 🏫",
        "semi;colon--",
        "back\\slash",
        "-dash",
        "$d$ollar",
        "it's",
        "select",
        "[ab]",
        "a|b",
        "two\nlines",
    ];
    // What a pattern would take along, or instead.
    let near = ["quoted", "upper", "dot", "axby", "a", "b", "dash"];
    for (number, name) in names.iter().chain(&near).enumerate() {
        let quoted = format!("\"{}\"", name.replace('"', "\"\""));
        database
            .execute(&format!(
                "create schema {quoted}; create table {quoted}.\"T;\"\"'.x\" (\"c.o\"\"l\" text); \
                 insert into {quoted}.\"T;\"\"'.x\" select g::text from generate_series(1, {number} + 1) g"
            ))
            .await;
    }
    let cli = Cli::on(&database.url());
    let out = cli.files().display().to_string();
    let call = [&["backup", "create", "--to", &out, "--json", "--"][..], &names].concat();
    let call = cli.run(&call).await;
    assert_eq!(call.code, 0, "{call}");
    let made = call.document();
    assert_eq!(made["run"]["done"], names.len(), "{made}");
    for (number, name) in names.iter().enumerate() {
        let backups = made["backups"].as_array().expect("backups");
        let backup = backups.iter().find(|b| b["tenants"][0] == *name).unwrap_or_else(|| panic!("{name}: {made}"));
        assert_eq!(backup["rows"], number + 1, "{name}");
        let quoted = format!("\"{}\"", name.replace('"', "\"\""));
        database.execute(&format!("drop schema {quoted} cascade")).await;
        let back = cli.json(&["backup", "restore", text(backup, "id")]).await;
        assert_eq!(back["tenants"], json!([name]), "{back}");
        let count = format!("select count(*)::text from {quoted}.\"T;\"\"'.x\"");
        assert_eq!(database.value(&count).await, (number + 1).to_string(), "{name}");
    }
}

#[tokio::test]
async fn roles_that_are_gone_are_said_and_the_rest_is_kept() {
    let (database, cli, out) = rich().await;
    let suffix = &database.name()[5..17];
    let (kept, gone) = (format!("kept_{suffix}"), format!("gone {suffix}"));
    database
        .execute(&format!(
            "create role {kept}; create role \"{gone}\"; grant usage on schema acme to {kept}, \"{gone}\"; \
             grant select on acme.person to {kept} with grant option; grant insert on acme.person to \"{gone}\"; \
             alter table acme.event owner to \"{gone}\"; grant create on schema acme to \"{gone}\""
        ))
        .await;
    let made = cli.json(&["backup", "create", "acme", "--to", &out]).await;
    database.execute("drop schema acme cascade").await;
    database.execute(&format!("drop owned by \"{gone}\"; drop role \"{gone}\"")).await;
    let back = cli.json(&["backup", "restore", text(&made, "id")]).await;
    assert_eq!(back["left"], json!([format!("grants to {gone}"), format!("owner {gone}")]), "{back}");
    assert_eq!(back["grants_equal"], false);
    let grants = format!("select has_table_privilege('{kept}', 'acme.person', 'SELECT WITH GRANT OPTION')::text");
    assert_eq!(database.value(&grants).await, "true");
    database.execute(&format!("drop owned by {kept}; drop role {kept}")).await;
}

#[tokio::test]
async fn a_dry_run_shows_the_commands_and_writes_nothing() {
    let (database, cli, out) = rich().await;
    let before = database.state().await;
    let plan = cli.json(&["backup", "create", "acme", "--to", &out, "--dry-run"]).await;
    let command = text(&plan["statements"][0], "sql");
    for word in ["/pg_dump --format=custom", "'--schema=\"acme\"'", "--strict-names", "PGDATABASE="] {
        assert!(command.contains(word), "{word} is not in {command}");
    }
    assert_eq!(cli.listing(), Vec::<String>::new());
    let made = cli.json(&["backup", "create", "acme", "--to", &out, "--no-verify"]).await;
    assert_eq!(made["verified"], false);
    let manifest = std::fs::read_to_string(text(&made, "path").replace(".dump", ".json")).expect("the manifest");
    assert!(manifest.contains("\"verified\": false"), "{manifest}");
    let spoken = cli.run(&["backup", "restore", text(&made, "id"), "--as", "Copy", "--dry-run"]).await;
    assert_eq!(spoken.code, 0, "{spoken}");
    for line in [
        "alter schema \"acme\" rename to \"_cadastre_v_…\";",
        "alter schema \"acme\" rename to \"copy\";",
        "never verified",
    ] {
        assert!(spoken.stdout.contains(line), "{spoken}");
    }
    assert_eq!(database.state().await, before);
    cli.json(&["backup", "verify", text(&made, "id")]).await;
    let list = cli.json(&["backup", "list", "--from", &out]).await;
    assert_eq!(list[0]["verified"], true, "what was verified later says so too: {list}");
    let restored = cli.json(&["backup", "restore", text(&made, "id"), "--as", "Copy"]).await;
    assert_eq!(restored["verified"], true, "{restored}");
}
