//! Each check of the doctor: a database is broken in that way, exactly that is found, the offered SQL repairs it.

use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};

/// Three tenants as an application has them: a shared role with default privileges, and a role of their own. `{x}` makes the names of
/// roles, which belong to the whole server, this test's own.
const FLEET: &str = "
create role {x}_app; create role {x}_stranger;
create role {x}_alpha; create role {x}_beta; create role {x}_gamma;
create table public.plan (id int primary key);
";
const TENANT: &str = "
create schema {t};
alter default privileges in schema {t} grant select, insert, update, delete on tables to {x}_app;
alter default privileges in schema {t} grant usage on sequences to {x}_app;
alter default privileges in schema {t} grant select on tables to {x}_{t};
grant usage on schema {t} to {x}_app, {x}_{t};
create type {t}.mood as enum ('good', 'bad');
create table {t}.person (id serial primary key, name text, plan int references public.plan);
create table {t}.note (id bigint generated always as identity primary key, person int references {t}.person, words text);
create table {t}.tag (id int primary key, mood {t}.mood);
create index person_name on {t}.person (name);
create view {t}.people as select name from {t}.person;
create function {t}.touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger touched before update on {t}.person for each row execute function {t}.touch();
insert into {t}.person (name) values ('a'), ('b');
insert into {t}.note (person, words) values (1, 'x');
";

/// A database with the fleet, in which nothing is wrong.
struct Broken {
    database: TestDatabase,
    cli: Cli,
    mark: String,
}

impl Broken {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let cli = Cli::on(&database.url());
        let mark = format!("d{}", &database.name()[5..13]);
        let it = Self { database, cli, mark };
        it.run(FLEET).await;
        for tenant in ["alpha", "beta", "gamma"] {
            it.run(&TENANT.replace("{t}", tenant)).await;
        }
        it
    }

    async fn run(&self, script: &str) {
        self.database.execute(&self.named(script)).await;
    }

    fn named(&self, text: &str) -> String {
        text.replace("{x}", &self.mark).replace("{db}", self.database.name())
    }

    /// The findings; the exit code says whether something is wrong.
    async fn findings(&self) -> Vec<Value> {
        let call = self.cli.run(&["doctor", "--json"]).await;
        let document = call.document();
        let findings = document["findings"].as_array().unwrap_or_else(|| panic!("no findings: {call}")).clone();
        let wrong = findings.iter().any(|finding| finding["level"] != "note");
        assert_eq!(call.code, i32::from(wrong), "{call}");
        findings
    }

    async fn only(&self, check: &str, code: &str, level: &str, schema: Value, object: &str) -> Value {
        let findings = self.findings().await;
        let [finding] = findings.as_slice() else { panic!("not one finding: {findings:#?}") };
        let found = (&finding["check"], &finding["code"], &finding["level"], &finding["schema"], &finding["object"]);
        let object = self.named(object);
        assert_eq!(found, (&json!(check), &json!(code), &json!(level), &schema, &json!(object)), "{finding:#}");
        let message = finding["message"].as_str().unwrap_or_default();
        assert!(message.ends_with('.') && message.len() > 20, "{finding:#}");
        finding.clone()
    }
}

/// One way of breaking the fleet, and the one finding that follows.
struct Case {
    breaks: &'static str,
    check: &'static str,
    code: &'static str,
    level: &'static str,
    schema: &'static str,
    object: &'static str,
}

/// Finds exactly that; repairs it with the offered SQL as it stands there, and, in another database, by plan.
async fn each(cases: &[Case]) {
    for case in cases {
        let Case { breaks, check, code, level, schema, object } = case;
        let schema = if schema.is_empty() { Value::Null } else { json!(schema) };
        let by_hand = Broken::new().await;
        assert_eq!(by_hand.findings().await, [Value::Null; 0], "the fleet is clean");
        by_hand.run(breaks).await;
        let finding = by_hand.only(check, code, level, schema.clone(), object).await;
        assert_eq!(finding["fixable"], true, "{finding:#}");
        by_hand.run(finding["fix_sql"].as_str().unwrap_or_else(|| panic!("no SQL: {finding:#}"))).await;
        assert_eq!(by_hand.findings().await, [Value::Null; 0], "after {}", finding["fix_sql"]);

        let by_plan = Broken::new().await;
        by_plan.run(breaks).await;
        let plan = by_plan.cli.json(&["doctor", "--fix", "--dry-run"]).await;
        assert_eq!(plan["kind"], "repair", "{plan:#}");
        by_plan.only(check, code, level, schema, object).await;
        let repaired = by_plan.cli.json(&["doctor", "--fix", "--yes"]).await;
        assert_eq!((&repaired["run"]["done"], &repaired["findings"]), (&json!(1), &json!([])), "{repaired:#}");
    }
}

#[tokio::test]
async fn a_search_path_that_leads_nowhere_or_into_another_tenant_is_found_and_repaired() {
    let case = |breaks, code, level, schema, object| Case { breaks, check: "search_path", code, level, schema, object };
    each(&[
        case(
            "alter role {x}_alpha in database {db} set search_path = gone, public",
            "search_path_role_missing",
            "error",
            "alpha",
            "{x}_alpha in {db}",
        ),
        case(
            "alter role {x}_app in database {db} set search_path = public, gone",
            "search_path_role_missing",
            "warning",
            "",
            "{x}_app in {db}",
        ),
        case(
            "alter database {db} set search_path = gone, public",
            "search_path_database_missing",
            "error",
            "",
            "database {db}",
        ),
        case(
            "alter role {x}_alpha set search_path = alpha, beta, public",
            "search_path_other_tenant",
            "error",
            "alpha",
            "{x}_alpha",
        ),
        case(
            "alter role {x}_alpha in database {db} set search_path = public, alpha",
            "search_path_not_first",
            "warning",
            "alpha",
            "{x}_alpha in {db}",
        ),
    ])
    .await;
}

#[tokio::test]
async fn functions_that_look_in_the_wrong_place_or_wherever_the_caller_wants_are_found_and_repaired() {
    each(&[
        Case {
            breaks: "create function alpha.f(a int, \"B \"\"c\" text) returns int language sql set search_path = gone, public as 'select 1'",
            check: "function_path",
            code: "function_path_missing",
            level: "warning",
            schema: "alpha",
            object: "f(a integer, \"B \"\"c\" text)",
        },
        Case {
            breaks: "create procedure beta.p() language sql set search_path = alpha, public as 'select 1'",
            check: "function_path",
            code: "function_path_other",
            level: "error",
            schema: "beta",
            object: "p()",
        },
        Case {
            breaks: "create function alpha.f() returns int language sql security definer as 'select 1'",
            check: "definer",
            code: "definer",
            level: "error",
            schema: "alpha",
            object: "f()",
        },
        Case {
            breaks: "create function public.f() returns int language sql security definer as 'select 1';
                     revoke execute on function public.f() from public",
            check: "definer",
            code: "definer",
            level: "warning",
            schema: "public",
            object: "f()",
        },
    ])
    .await;
}

#[tokio::test]
async fn rights_that_are_missing_are_found_and_given() {
    let case = |breaks, check, level, object| Case { breaks, check, code: check, level, schema: "alpha", object };
    each(&[
        case("revoke usage on schema alpha from {x}_app", "usage", "error", "{x}_app"),
        case("revoke all on alpha.tag from {x}_app", "table_grants", "warning", "{x}_app"),
        case("revoke delete on alpha.tag from {x}_app", "table_grants", "warning", "{x}_app"),
        case("revoke all on sequence alpha.person_id_seq from {x}_app", "sequence_grants", "error", "{x}_app"),
        case(
            "alter default privileges in schema alpha revoke all on tables from {x}_app",
            "default_privileges",
            "warning",
            "{x}_app",
        ),
    ])
    .await;
}

#[tokio::test]
async fn rights_that_break_the_isolation_are_found_and_taken() {
    let case = |breaks, check, code, level, object| Case { breaks, check, code, level, schema: "beta", object };
    each(&[
        case(
            "grant usage on schema beta to {x}_alpha; grant select on beta.person to {x}_alpha;
             grant usage on sequence beta.person_id_seq to {x}_alpha",
            "isolation",
            "isolation_rights",
            "error",
            "{x}_alpha",
        ),
        case("grant {x}_beta to {x}_alpha", "isolation", "isolation_member", "error", "{x}_alpha → {x}_beta"),
        case("grant usage on schema beta to public", "public_rights", "public_schema", "warning", "PUBLIC"),
        case("grant select on beta.tag to public", "public_rights", "public_tables", "warning", "PUBLIC"),
        case(
            "grant usage on schema beta to public; grant select on all tables in schema beta to public",
            "public_rights",
            "public_rights",
            "error",
            "PUBLIC",
        ),
    ])
    .await;
}

#[tokio::test]
async fn objects_of_another_owner_are_found_and_handed_over() {
    let case = |breaks, code, level, object| Case { breaks, check: "ownership", code, level, schema: "alpha", object };
    each(&[
        case(
            "alter table alpha.note owner to {x}_stranger; alter view alpha.people owner to {x}_stranger;
             alter type alpha.mood owner to {x}_stranger",
            "owner_differs",
            "warning",
            "{x}_stranger",
        ),
        case("alter function alpha.touch() owner to {x}_stranger", "owner_differs", "warning", "{x}_stranger"),
        // It keeps what it may do with the others.
        case("alter table alpha.person owner to {x}_app", "owner_differs", "warning", "{x}_app"),
        case("alter table alpha.note owner to {x}_beta", "owner_other_tenant", "error", "{x}_beta"),
    ])
    .await;
}

#[tokio::test]
async fn objects_that_hold_on_to_another_tenant_are_found_and_turned_to_their_own() {
    let case = |breaks, object| Case {
        breaks,
        check: "crossing",
        code: "crossing_tenant",
        level: "error",
        schema: "alpha",
        object,
    };
    each(&[
        case(
            "alter table alpha.note drop constraint note_person_fkey;
             alter table alpha.note add constraint note_person_fkey foreign key (person) references beta.person on delete cascade",
            "constraint note_person_fkey on table alpha.note → beta",
        ),
        case("create or replace view alpha.people as select name from beta.person where name <> 'beta.person'", "view alpha.people → beta"),
        case(
            "alter table alpha.person alter column id set default nextval('beta.person_id_seq')",
            "default value for column id of table alpha.person → beta",
        ),
        case(
            "drop trigger touched on alpha.person;
             create trigger touched before update on alpha.person for each row execute function beta.touch()",
            "trigger touched on table alpha.person → beta",
        ),
    ])
    .await;
}

#[tokio::test]
async fn what_has_no_own_counterpart_is_left_to_a_person() {
    let fleet = Broken::new().await;
    fleet
        .run("create table beta.special (id int primary key); alter table alpha.note add constraint s foreign key (id) references beta.special not valid")
        .await;
    let findings = fleet.findings().await;
    let crossing: Vec<&Value> = findings.iter().filter(|finding| finding["check"] == "crossing").collect();
    assert_eq!(crossing.len(), 1, "{findings:#?}");
    assert_eq!(
        (&crossing[0]["fixable"], &crossing[0]["fix_sql"]),
        (&json!(false), &json!("alter table \"alpha\".\"note\" drop constraint \"s\";"))
    );
    fleet.run("alter table alpha.note drop constraint s; drop table beta.special").await;
    assert_eq!(fleet.findings().await, [Value::Null; 0]);
    fleet
        .run("create view public.everybody as select name from alpha.person union all select name from beta.person")
        .await;
    let findings = fleet.findings().await;
    assert_eq!(findings.len(), 2, "{findings:#?}");
    for finding in &findings {
        let found = (&finding["check"], &finding["code"], &finding["level"], &finding["schema"]);
        assert_eq!(found, (&json!("crossing"), &json!("crossing_outside"), &json!("note"), &json!("public")));
    }
    fleet.run("drop view public.everybody; create table public.visit (person int references alpha.person)").await;
    let finding = fleet
        .only(
            "crossing",
            "crossing_outside",
            "warning",
            json!("public"),
            "constraint visit_person_fkey on table public.visit → alpha",
        )
        .await;
    assert_eq!(finding["fix_sql"], Value::Null);
}

#[tokio::test]
async fn sequences_indexes_constraints_and_public_are_found_and_repaired() {
    each(&[
        Case {
            breaks: "insert into alpha.person (id, name) values (41, 'c')",
            check: "sequence_behind",
            code: "sequence_behind",
            level: "error",
            schema: "alpha",
            object: "person.id",
        },
        Case {
            breaks: "insert into alpha.note (id) overriding system value values (900)",
            check: "sequence_behind",
            code: "sequence_behind",
            level: "error",
            schema: "alpha",
            object: "note.id",
        },
        // One that was never asked.
        Case {
            breaks: "create sequence alpha.own; alter table alpha.tag alter column id set default nextval('alpha.own');
                     grant usage on sequence alpha.own to {x}_app; insert into alpha.tag (id) values (1)",
            check: "sequence_behind",
            code: "sequence_behind",
            level: "error",
            schema: "alpha",
            object: "tag.id",
        },
        Case {
            breaks: "set allow_system_table_mods = on;
                     update pg_catalog.pg_index set indisvalid = false where indexrelid = 'alpha.person_name'::pg_catalog.regclass",
            check: "index_invalid",
            code: "index_invalid",
            level: "warning",
            schema: "alpha",
            object: "person.person_name",
        },
        Case {
            breaks: "set allow_system_table_mods = on; create index person_name_ccnew on alpha.person (name);
                     update pg_catalog.pg_index set indisvalid = false where indexrelid = 'alpha.person_name_ccnew'::pg_catalog.regclass",
            check: "index_invalid",
            code: "index_leftover",
            level: "warning",
            schema: "alpha",
            object: "person.person_name_ccnew",
        },
        Case {
            breaks: "alter table alpha.tag set schema public",
            check: "misplaced",
            code: "misplaced",
            level: "error",
            schema: "alpha",
            object: "public",
        },
        Case {
            breaks: "alter table alpha.tag add constraint positive check (id > 0) not valid",
            check: "constraint_unchecked",
            code: "constraint_unchecked",
            level: "note",
            schema: "alpha",
            object: "tag.positive",
        },
        Case {
            breaks: "grant create on schema public to public",
            check: "public_create",
            code: "public_create",
            level: "warning",
            schema: "public",
            object: "PUBLIC",
        },
    ])
    .await;
}

#[tokio::test]
async fn a_registry_that_says_otherwise_than_the_schemas_is_found_and_corrected() {
    let registered = || async {
        let fleet = Broken::new().await;
        fleet.cli.json(&["registry", "install", "--yes"]).await;
        fleet
            .run(
                "insert into cadastre.tenant (schema_name, name, role_name) values \
                   ('alpha', 'Alpha', '{x}_alpha'), ('beta', 'Beta', '{x}_beta'), ('gamma', 'Gamma', null) on conflict do nothing; \
                 update cadastre.tenant set role_name = '{x}_alpha' where schema_name = 'alpha'; \
                 insert into cadastre.domain (domain, tenant, is_primary) select schema_name || '.example', id, true from cadastre.tenant",
            )
            .await;
        assert_eq!(fleet.findings().await, [Value::Null; 0]);
        fleet
    };
    for (breaks, check, code, level, object) in [
        (
            "delete from cadastre.tenant where schema_name = 'alpha'",
            "registry",
            "registry_entry_missing",
            "warning",
            "alpha",
        ),
        (
            "update cadastre.tenant set role_name = 'nobody at all' where schema_name = 'alpha'",
            "registry",
            "registry_role_missing",
            "warning",
            "nobody at all",
        ),
        (
            "update cadastre.tenant set state = 'inactive' where schema_name = 'alpha'",
            "registry",
            "registry_says_inactive",
            "warning",
            "alpha",
        ),
        (
            "revoke usage on schema alpha from {x}_app, {x}_alpha, postgres",
            "registry",
            "registry_says_active",
            "warning",
            "alpha",
        ),
        (
            "update cadastre.domain set active = false where domain = 'alpha.example'",
            "domains",
            "domain_inactive",
            "error",
            "alpha.example",
        ),
        (
            "update cadastre.domain set is_primary = false where domain = 'alpha.example'",
            "domains",
            "domain_no_primary",
            "warning",
            "alpha",
        ),
    ] {
        for by_plan in [false, true] {
            let fleet = registered().await;
            fleet.run(breaks).await;
            let finding = fleet.only(check, code, level, json!("alpha"), object).await;
            if by_plan {
                let repaired = fleet.cli.json(&["doctor", "--fix", "--yes"]).await;
                assert_eq!((&repaired["run"]["done"], &repaired["findings"]), (&json!(1), &json!([])), "{repaired:#}");
            } else {
                fleet.run(finding["fix_sql"].as_str().unwrap_or_default()).await;
                assert_eq!(fleet.findings().await, [Value::Null; 0], "after {}", finding["fix_sql"]);
            }
        }
    }
    // An entry whose schema is gone is for a person: the tenant may be somewhere else.
    let fleet = registered().await;
    fleet.run("drop schema gamma cascade").await;
    let finding = fleet.only("registry", "registry_schema_missing", "error", json!("gamma"), "Gamma").await;
    assert_eq!(finding["fixable"], false);
    fleet.run(finding["fix_sql"].as_str().unwrap_or_default()).await;
    assert_eq!(fleet.findings().await, [Value::Null; 0]);
}
