//! Tables that ended up in the wrong schema: found, and moved after a check.

use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};

/// One tenant's objects, made wherever `search_path` leads.
pub const OBJECTS: &str = "
create type mood as enum ('good', 'bad');
create domain email as text check (value like '%@%');
create sequence ticket;
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create table person (id serial primary key, name text, mood mood, mail email, ticket bigint default nextval('ticket'),
    plan int references public.plan);
create table note (id bigint generated always as identity primary key, person int references person, words text);
create table tag (id int primary key, note bigint references note);
create table visit (id int, at date) partition by range (at);
create table visit_2020 partition of visit for values from ('2020-01-01') to ('2021-01-01');
create index note_person on note (person);
create statistics person_names on name, mail from person;
create view people as select name from person;
create trigger touched before update on person for each row execute function touch();
insert into person (name, mood) values ('a', 'good'), ('é', 'bad');
insert into note (person, words) values (1, 'x'), (2, null);
insert into tag values (1, 1);
insert into visit values (1, '2020-05-05');
comment on table note is 'Notes';
";

/// A move waits for its lock.
pub const WAITS: &str = "select case when exists (select from pg_catalog.pg_stat_activity where application_name = 'cadastre administer' \
    and wait_event_type = 'Lock') then 't' else 'f' end";

/// Tenants of which those in `lost` have got their objects in `public`.
async fn fleet(tenants: &[&str], lost: Option<&str>) -> (TestDatabase, Cli) {
    let database = TestDatabase::new().await;
    database.execute("create table public.plan (id int primary key)").await;
    for tenant in tenants {
        let path = if Some(*tenant) == lost { "public" } else { tenant };
        database.execute(&format!("create schema {tenant}; set search_path = {path}; {OBJECTS}")).await;
    }
    let cli = Cli::on(&database.url());
    (database, cli)
}

/// What the catalogs say of all objects, without what changes by itself.
pub async fn catalogs(database: &TestDatabase) -> Vec<String> {
    database.column(include_str!("misplaced.sql")).await
}

fn found<'a>(misplaced: &'a Value, name: &str) -> &'a Value {
    let all = misplaced["found"].as_array().unwrap_or_else(|| panic!("no list: {misplaced:#}"));
    all.iter().find(|candidate| candidate["name"] == name).unwrap_or_else(|| panic!("no {name}: {misplaced:#}"))
}

fn codes(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().filter_map(|item| item["code"].as_str()).collect()
}

fn check<'a>(plan: &'a Value, code: &str) -> &'a Value {
    let checks = plan["checks"].as_array().unwrap_or_else(|| panic!("no checks: {plan:#}"));
    checks.iter().find(|check| check["code"] == code).unwrap_or_else(|| panic!("no {code}: {plan:#}"))
}

fn steps(plan: &Value) -> Vec<&str> {
    plan["tenants"][0]["steps"].as_array().expect("steps").iter().filter_map(Value::as_str).collect()
}

/// Plans without applying; the exit code says whether it could be.
async fn dry(cli: &Cli, arguments: &[&str], code: i32) -> Value {
    let call = cli.run(&[&["tenant", "move-tables"], arguments, &["--dry-run", "--json"]].concat()).await;
    assert_eq!(call.code, code, "{call}");
    call.document()
}

async fn moved(cli: &Cli, arguments: &[&str]) -> Value {
    let run = cli.json(&[&["tenant", "move-tables"], arguments, &["--yes"]].concat()).await;
    assert_eq!((&run["done"], &run["kind"]), (&json!(1), &json!("move")), "{run:#}");
    run
}

#[tokio::test]
async fn a_whole_migration_that_went_to_public_is_found_and_moved() {
    let (database, cli) = fleet(&["alpha", "beta", "gamma", "delta"], Some("delta")).await;
    let misplaced = cli.json(&["tenant", "misplaced"]).await;
    assert_eq!((&misplaced["schema"], &misplaced["tenants"]), (&json!("public"), &json!(3)), "{misplaced:#}");
    let names: Vec<&str> =
        misplaced["found"].as_array().expect("a list").iter().filter_map(|c| c["name"].as_str()).collect();
    assert_eq!(
        names,
        ["email", "mood", "note", "people", "person", "tag", "ticket", "visit"],
        "not plan: {misplaced:#}"
    );
    for candidate in misplaced["found"].as_array().expect("a list") {
        let whose = (&candidate["tenant"], &candidate["certainty"], codes(&candidate["doubts"]));
        // A schema without a table might be meant for something else.
        assert_eq!(whose, (&json!("delta"), &json!("likely"), vec!["empty_schema"]), "{candidate:#}");
        assert_eq!(codes(&candidate["evidence"]), ["only_one_lacks", "same_structure"], "{candidate:#}");
    }
    let doctor = cli.run(&["doctor", "--json"]).await.document();
    assert_eq!(codes(&doctor["findings"]), ["misplaced_likely"], "{doctor:#}");
    assert_eq!((&doctor["findings"][0]["schema"], &doctor["findings"][0]["fixable"]), (&json!("delta"), &json!(false)));
    // Without --likely there is nothing to do; nothing is changed by any of this.
    let before = database.state().await;
    cli.refused(&["tenant", "move-tables", "delta", "--yes"], 4, "nothing_pending").await;
    let plan = dry(&cli, &["delta", "--likely"], 0).await;
    assert_eq!(plan["kind"], "move");
    assert_eq!(check(&plan, "move_like")["params"], json!({ "tenant": "delta", "reference": "alpha" }));
    assert_eq!(check(&plan, "move_along")["params"]["objects"], "touch(), person_names, visit_2020");
    assert_eq!(database.state().await, before);
    let rows = "select (select count(*) from public.person) || ' ' || (select last_value from public.person_id_seq)";
    assert_eq!(database.value(rows).await, "2 2");
    let run = moved(&cli, &["delta", "--likely"]).await;
    assert_eq!(run["tenants"][0]["detail"], "11 objects, 6 rows", "{run:#}");
    assert_eq!(database.value(&rows.replace("public.", "delta.")).await, "2 2");
    let shape = cli.json(&["shape"]).await;
    assert_eq!(shape["classes"].as_array().map(Vec::len), Some(1), "{shape:#}");
    let left =
        "select count(*)::text from pg_catalog.pg_class where relnamespace = 'public'::regnamespace and relkind <> 'i'";
    assert_eq!(database.value(left).await, "1", "only plan");
    assert_eq!(cli.json(&["doctor"]).await["findings"], json!([]));
    assert_eq!(cli.json(&["tenant", "misplaced"]).await["found"], json!([]));
    assert_eq!(cli.json(&["journal", "verify"]).await["intact"], true);
}

#[tokio::test]
async fn a_database_with_one_tenant_whose_role_looks_there_first() {
    let database = TestDatabase::new().await;
    let (name, role) = (database.name().to_owned(), format!("aura_{}", &database.name()[5..13]));
    // What the instructions of such an application say; the tables were made before the search_path was.
    database
        .execute(&format!(
            "create role {role} login; grant create on schema public to {role}; create schema aura; \
             grant usage, create on schema aura to {role}; set role {role}; set search_path = public; \
             create type kind as enum ('a', 'b'); create table account (id serial primary key, kind kind); \
             create table django_migrations (id int primary key, app text); insert into account (kind) values ('a'); reset role; \
             alter database {name} set search_path = aura, public"
        ))
        .await;
    let cli = Cli::on(&database.url());
    let misplaced = cli.json(&["tenant", "misplaced"]).await;
    let account = found(&misplaced, "account");
    assert_eq!((&account["certainty"], &account["tenant"]), (&json!("likely"), &json!("aura")), "{misplaced:#}");
    assert_eq!(codes(&account["evidence"]), ["owner_path"]);
    let books = found(&misplaced, "django_migrations");
    assert_eq!((&books["certainty"], codes(&books["doubts"])), (&json!("unknown"), vec!["book"]), "{books:#}");
    let plan = dry(&cli, &["aura", "--likely"], 0).await;
    assert_eq!(steps(&plan), ["account", "kind"]);
    assert_eq!(check(&plan, "move_books")["level"], "warning");
    // Named, the books go along.
    moved(&cli, &["aura", "account", "django_migrations"]).await;
    let there = "select string_agg(relname, ' ' order by relname) from pg_catalog.pg_class where relnamespace = 'aura'::regnamespace and relkind = 'r'";
    assert_eq!(database.value(there).await, "account django_migrations");
    // As the tenant's role, with the path of the database: its tables are found, and the sequence goes on.
    let as_role = Cli::on(&database.url_as(&role));
    assert_eq!(as_role.json(&["tenant", "list"]).await[0]["schema"], "aura");
    let next = format!("set role {role}; insert into aura.account (kind) values ('b') returning id::text");
    assert_eq!(database.value(&next).await, "2");
}

#[tokio::test]
async fn a_single_table_with_keys_in_both_directions_is_sure_and_the_doctor_can_move_it() {
    for by_doctor in [false, true] {
        let (database, cli) = fleet(&["alpha", "beta", "gamma"], None).await;
        let before = catalogs(&database).await;
        database.execute("alter table beta.note set schema public").await;
        let misplaced = cli.json(&["tenant", "misplaced"]).await;
        let note = found(&misplaced, "note");
        assert_eq!(misplaced["found"].as_array().map(Vec::len), Some(1), "{misplaced:#}");
        assert_eq!((&note["certainty"], &note["tenant"]), (&json!("sure"), &json!("beta")), "{note:#}");
        assert_eq!(codes(&note["evidence"]), ["only_one_lacks", "same_structure", "linked_both"], "{note:#}");
        let doctor = cli.run(&["doctor", "--json"]).await.document();
        assert_eq!(codes(&doctor["findings"]), ["misplaced"], "what crosses is not told twice: {doctor:#}");
        if by_doctor {
            let repaired = cli.json(&["doctor", "--fix", "--yes"]).await;
            assert_eq!((&repaired["run"]["done"], &repaired["findings"]), (&json!(1), &json!([])), "{repaired:#}");
        } else {
            let plan = dry(&cli, &["beta"], 0).await;
            assert_eq!((steps(&plan), &check(&plan, "move_like")["level"]), (vec!["note"], &json!("ok")));
            moved(&cli, &["beta"]).await;
        }
        assert_eq!(catalogs(&database).await, before, "everything is as it was");
        assert_eq!(cli.json(&["doctor"]).await["findings"], json!([]));
    }
}

#[tokio::test]
async fn the_way_there_and_back_leaves_the_catalogs_as_they_were() {
    let (database, cli) = fleet(&["alpha", "beta", "gamma", "delta"], Some("delta")).await;
    database
        .execute(
            "set search_path = public; create type span as range (subtype = int4); create type pair as (a int, m mood); \
             alter table person add column s span, add column p pair, add column moods mood[]; \
             alter table person enable row level security; create policy own on person using (name is not null); \
             create materialized view counts as select count(*) from person; create unique index on visit (id, at); \
             create rule quiet as on delete to tag do instead nothing; \
             create function moody(m mood) returns int language sql as 'select 1'; \
             alter table person add constraint worded check (length(name) > 0)",
        )
        .await;
    let before = catalogs(&database).await;
    let plan = dry(&cli, &["delta", "person", "note", "tag", "visit"], 0).await;
    assert_eq!(check(&plan, "move_row_security")["params"]["objects"], "person");
    let call = cli.run(&["tenant", "move-tables", "delta", "person", "note", "tag", "visit", "--yes"]).await;
    assert_eq!(call.code, 0, "{call}");
    let left = "select string_agg(relname, ' ') from pg_catalog.pg_class where relnamespace = 'public'::regnamespace and relkind <> 'i'";
    assert_eq!(database.value(left).await, "plan", "{call}");
    let types = "select count(*)::text from pg_catalog.pg_type where typnamespace = 'public'::regnamespace and typname not in ('plan', '_plan')";
    assert_eq!(database.value(types).await, "0", "arrays and multiranges go along");
    assert_ne!(catalogs(&database).await, before);
    // The command that was offered.
    let offered = call.stderr.lines().find_map(|line| line.strip_prefix("`cadastre ")).expect("a way back");
    let offered = offered.split('`').next().unwrap_or_default().replace('\'', "\u{1}");
    let mut words: Vec<String> = Vec::new();
    for (at, part) in offered.split('\u{1}').enumerate() {
        if at % 2 == 1 { words.push(part.to_owned()) } else { words.extend(part.split_whitespace().map(str::to_owned)) }
    }
    let words: Vec<&str> = words.iter().map(String::as_str).chain(["--yes"]).collect();
    let back = cli.run(&words).await;
    assert_eq!(back.code, 0, "{back}");
    assert_eq!(catalogs(&database).await, before, "{back}");
}

#[tokio::test]
async fn what_several_share_stays_and_is_told() {
    let (database, cli) = fleet(&["alpha", "beta", "gamma"], None).await;
    database
        .execute(
            "create type public.size as enum ('s', 'l'); create sequence public.shared; \
             create table public.parcel (id bigint default nextval('public.shared'), size public.size, size2 alpha.mood); \
             alter table beta.tag add column size public.size; alter table beta.tag alter column id set default nextval('public.shared'); \
             create function alpha.parcels() returns bigint language plpgsql as 'begin return (select count(*) from public.parcel); end'; \
             create view public.sizes as select size from public.parcel union all select size from beta.tag; \
             grant select on public.parcel to public",
        )
        .await;
    // It holds on to what alpha has, and to no other tenant.
    let misplaced = cli.json(&["tenant", "misplaced"]).await;
    let parcel = found(&misplaced, "parcel");
    assert_eq!((&parcel["certainty"], &parcel["tenant"]), (&json!("likely"), &json!("alpha")), "{misplaced:#}");
    assert_eq!(codes(&parcel["evidence"]), ["linked_out"]);
    let plan = dry(&cli, &["alpha", "parcel"], 0).await;
    assert_eq!(steps(&plan), ["parcel"], "{plan:#}");
    let needs: Vec<&Value> =
        plan["checks"].as_array().expect("checks").iter().filter(|check| check["code"] == "move_needs").collect();
    assert_eq!(needs.len(), 2, "{plan:#}");
    assert!(
        needs.iter().all(|check| check["params"]["users"].as_str().is_some_and(|u| u.contains("beta.tag"))),
        "{needs:#?}"
    );
    assert_eq!(check(&plan, "move_text")["params"]["routine"], "alpha.parcels()");
    assert_eq!(check(&plan, "move_read")["params"]["object"], "public.sizes");
    assert_eq!(check(&plan, "move_others")["params"]["roles"], "PUBLIC");
    moved(&cli, &["alpha", "parcel"]).await;
    assert_eq!(database.value("insert into alpha.parcel (size) values ('s') returning id::text").await, "1");
}

#[tokio::test]
async fn what_would_go_wrong_stops_the_plan_and_changes_nothing() {
    let (database, cli) = fleet(&["alpha", "beta", "gamma"], None).await;
    let stopped = async |set_up: &str, tenant: &str, table: &str, code: &str| {
        database.execute(set_up).await;
        let before = database.state().await;
        let plan = dry(&cli, &[tenant, table], 4).await;
        assert_eq!(check(&plan, code)["level"], "stop", "{plan:#}");
        cli.refused(&["tenant", "move-tables", tenant, table, "--yes"], 4, "plan_blocked").await;
        assert_eq!(database.state().await, before);
        plan
    };
    // Another tenant holds on to it.
    let crosses = "create table public.lost (id int primary key); alter table beta.tag add column lost int references public.lost";
    stopped(crosses, "alpha", "lost", "move_crosses").await;
    // A table that stays holds on to it.
    let held =
        "create table public.base (id int primary key); create table public.more (base int references public.base)";
    stopped(held, "alpha", "base", "move_held").await;
    // Names that are taken: the table's, an index's, a type's, an array's.
    for (at, there) in [
        "table alpha.box ()",
        "table alpha.other_box (); create index box_pkey on alpha.other_box ((1))",
        "type alpha.box as enum ()",
        "type alpha._box as enum ()",
    ]
    .iter()
    .enumerate()
    {
        let clash = format!(
            "drop table if exists public.box, alpha.box, alpha.other_box; drop type if exists alpha.box, alpha._box; create {there}; create table public.box (id int constraint box_pkey primary key)"
        );
        let plan = stopped(&clash, "alpha", "box", "move_collision").await;
        assert_eq!(
            plan["checks"][0]["params"]["objects"],
            ["_box, box", "box_pkey", "_box, box", "_box"][at],
            "{plan:#}"
        );
    }
    // Somebody else's.
    let role = format!("x_{}", &database.name()[5..13]);
    database
        .execute(&format!(
            "create role {role} login; grant usage on schema alpha, public to {role}; create table public.mine (id int)"
        ))
        .await;
    let poor = Cli::on(&database.url_as(&role));
    let plan = dry(&poor, &["alpha", "mine"], 4).await;
    assert_eq!(
        (&check(&plan, "move_not_owner")["level"], &check(&plan, "move_no_create")["level"]),
        (&json!("stop"), &json!("stop"))
    );
    poor.refused(&["tenant", "move-tables", "alpha", "mine", "--yes"], 4, "plan_blocked").await;
    // Names that are none, and schemas that are not meant.
    cli.refused(&["tenant", "move-tables", "alpha", "nowhere", "--yes"], 4, "table_missing").await;
    cli.refused(&["tenant", "move-tables", "nobody", "mine", "--yes"], 4, "tenant_missing").await;
    for schema in ["beta", "gone", "pg_catalog"] {
        cli.refused(&["tenant", "misplaced", "--in", schema], 4, "schema_unfit").await;
    }
    cli.refused(&["tenant", "move-tables", "alpha", "mine", "--plan", "0123456789ab", "--yes"], 4, "plan_differs")
        .await;
    // A read-only profile.
    let support = Cli::new();
    assert_eq!(support.run(&["profile", "add", "s", "--read-only", "--url", &database.url()]).await.code, 0);
    let move_it = ["tenant", "move-tables", "alpha", "mine", "--yes", "--profile", "s"];
    support.refused(&move_it, 4, "read_only").await;
    assert_eq!(support.run(&["tenant", "misplaced", "--profile", "s"]).await.code, 0);
    assert_eq!(support.run(&["tenant", "move-tables", "alpha", "mine", "--dry-run", "--profile", "s"]).await.code, 0);
}

#[tokio::test]
async fn a_schema_that_is_named_is_looked_at_and_rights_are_given() {
    let database = TestDatabase::new().await;
    let role = format!("a_{}", &database.name()[5..13]);
    database.execute(&format!("create role {role}; create schema staging")).await;
    for tenant in ["alpha", "beta", "gamma"] {
        database
            .execute(&format!(
                "create schema {tenant}; create table {tenant}.a (id serial primary key); create table {tenant}.b (id int, c int); \
                 create table {tenant}.\"Odd 'n\" (id serial); grant usage on schema {tenant} to {role}; \
                 grant select, insert on all tables in schema {tenant} to {role}; grant usage on all sequences in schema {tenant} to {role}"
            ))
            .await;
    }
    database.execute("drop table beta.\"Odd 'n\"; create table staging.\"Odd 'n\" (id serial); insert into staging.\"Odd 'n\" default values").await;
    assert_eq!(cli_found(&database, "public").await, json!([]));
    let cli = Cli::on(&database.url());
    // Whatever holds tables is a tenant, unless a person says that it is none.
    cli.refused(&["tenant", "misplaced", "--in", "staging"], 4, "schema_unfit").await;
    assert_eq!(cli.run(&["tenant", "adopt", "--except", "staging", "--save", "--yes"]).await.code, 0);
    let misplaced = cli.json(&["tenant", "misplaced", "--in", "staging"]).await;
    assert_eq!(found(&misplaced, "Odd 'n")["certainty"], "sure", "{misplaced:#}");
    moved(&cli, &["beta", "--from", "staging"]).await;
    let rights = format!(
        "select has_table_privilege('{role}', 'beta.\"Odd ''n\"', 'insert') || ' ' || has_table_privilege('{role}', 'beta.\"Odd ''n\"', 'delete') \
         || ' ' || has_sequence_privilege('{role}', 'beta.\"Odd ''n_id_seq\"', 'usage')"
    );
    assert_eq!(database.value(&rights).await, "true false true");
    // Back to where it was, which is not public: by name, and as the way back of the run.
    moved(&cli, &["beta", "Odd 'n", "--to", "staging"]).await;
    let run = moved(&cli, &["beta", "--from", "staging"]).await;
    let back = cli.json(&["run", "undo", run["run"].as_str().expect("an id"), "--yes"]).await;
    assert_eq!((&back["kind"], &back["done"]), (&json!("move"), &json!(1)), "{back:#}");
    assert_eq!(database.value("select count(*)::text from staging.\"Odd 'n\"").await, "1");
}

async fn cli_found(database: &TestDatabase, schema: &str) -> Value {
    Cli::on(&database.url()).json(&["tenant", "misplaced", "--in", schema]).await["found"].clone()
}

#[tokio::test]
async fn what_cannot_be_told_is_said_and_not_moved() {
    let (database, cli) = fleet(&["alpha", "beta", "gamma"], None).await;
    database
        .execute(
            "create extension citext; create table public.alembic_version (v text); create table public.tag (id int primary key); \
             drop table alpha.visit, beta.visit; create table public.visit (id int); \
             drop table gamma.tag; create table gamma.alembic_version (v text); create table alpha.alembic_version (v text)",
        )
        .await;
    let misplaced = cli.json(&["tenant", "misplaced"]).await;
    let told = |name: &str| {
        let candidate = found(&misplaced, name);
        (candidate["certainty"].clone(), candidate["tenant"].clone(), codes(&candidate["doubts"]).join(" "))
    };
    assert_eq!(told("visit"), (json!("unknown"), Value::Null, "several_lack".into()), "{misplaced:#}");
    assert_eq!(told("tag"), (json!("unknown"), json!("gamma"), "structure_differs".into()));
    assert_eq!(told("alembic_version"), (json!("unknown"), json!("beta"), "book".into()));
    assert_eq!(misplaced["found"].as_array().map(Vec::len), Some(3), "neither plan nor the extension: {misplaced:#}");
    assert_eq!(cli.json(&["doctor"]).await["findings"], json!([]));
    let before = database.state().await;
    cli.refused(&["tenant", "move-tables", "gamma", "--likely", "--yes"], 4, "nothing_pending").await;
    assert_eq!(database.state().await, before);
    let spoken = cli.run(&["tenant", "misplaced"]).await;
    assert!(spoken.stdout.contains("cannot be told"), "{spoken}");
}

#[tokio::test]
async fn whoever_works_with_the_table_is_named_and_a_killed_program_leaves_nothing() {
    let (database, cli) = fleet(&["alpha", "beta", "gamma"], None).await;
    database.execute("alter table beta.note set schema public").await;
    let before = catalogs(&database).await;
    let mut other = database.database.session(cadastre_core::connection::Purpose::Create).await.expect("a session");
    other
        .execute("begin; set application_name = 'the shop'; insert into public.note (words) values ('y')")
        .await
        .expect("a lock");
    // Killed while it waits.
    let call = cli.start(&["tenant", "move-tables", "beta", "--yes", "--json"]);
    database.wait_until(WAITS).await;
    call.kill().await;
    database.wait_until(&WAITS.replace("'t' else 'f'", "'f' else 't'")).await;
    // Waits for a bounded time, and says for whom.
    let refused = cli.run(&["tenant", "move-tables", "beta", "--yes", "--json"]).await;
    let run = refused.document();
    assert_eq!((refused.code, &run["failed"]), (1, &json!(1)), "{refused}");
    let error = &run["tenants"][0]["error"];
    assert_eq!(error["code"], "lock_timeout", "{run:#}");
    assert!(error["detail"].as_str().is_some_and(|detail| detail.contains("the shop, pid ")), "{run:#}");
    assert!(refused.took.as_secs() < 60, "{refused}");
    other.execute("rollback").await.expect("the lock is given back");
    assert_eq!(catalogs(&database).await, before);
    moved(&cli, &["beta"]).await;
    assert_eq!(database.value("select count(*)::text from beta.note").await, "2");
}
