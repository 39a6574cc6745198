//! Registries as other frameworks make them: recognised by their structure, read for names, domains and states.

use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};

async fn picture(setup: &str) -> (TestDatabase, Cli, Value) {
    let database = TestDatabase::new().await;
    database.execute(setup).await;
    let cli = Cli::on(&database.url());
    let picture = cli.json(&["tenant", "adopt"]).await;
    (database, cli, picture)
}

fn tenants(names: &[&str]) -> String {
    names.iter().map(|name| format!("create schema \"{name}\"; create table \"{name}\".t (id int);\n")).collect()
}

fn schemas(lines: &Value) -> Vec<&str> {
    lines.as_array().expect("a list").iter().filter_map(|line| line["schema"].as_str()).collect()
}

fn line<'a>(picture: &'a Value, schema: &str) -> &'a Value {
    let lines = picture["tenants"].as_array().expect("a list");
    lines.iter().find(|line| line["schema"] == schema).unwrap_or_else(|| panic!("{schema} in {picture:#}"))
}

/// The tables that the migrations of the framework's own example make: `TenantMixin` of django-tenant-schemas
/// (`tenant_schemas/models.py`: `domain_url`, `schema_name`), with the fields of its documentation's `Client`.
const DJANGO_TENANT_SCHEMAS: &str = "set search_path = public; \
    create table customers_client (id serial primary key, domain_url varchar(128) not null unique, \
        schema_name varchar(63) not null, name varchar(100) not null, paid_until date not null, on_trial boolean not null, \
        created_on date not null);
    insert into customers_client (domain_url, schema_name, name, paid_until, on_trial, created_on) values
        ('my-domain.com', 'public', 'Schemas Inc.', '2016-12-05', false, '2015-01-01'),
        ('tenant.my-domain.com', 'tenant1', 'Fonzy Tenant', '2014-12-05', true, '2015-01-02'),
        ('www.tenant.my-domain.com', 'tenant1', 'Fonzy Tenant', '2014-12-05', true, '2015-01-02'),
        ('other.my-domain.com', 'tenant2', 'Other', '2014-12-05', true, '2015-01-03');";

#[tokio::test]
async fn the_predecessor_of_django_tenants_has_its_domains_in_the_same_table() {
    let setup = format!("{}{DJANGO_TENANT_SCHEMAS}", tenants(&["tenant1", "tenant2"]));
    let (_database, cli, picture) = picture(&setup).await;
    assert_eq!(picture["registry"]["kind"], "django_tenant_schemas", "{picture:#}");
    assert_eq!(picture["registry"]["confidence"], "certain");
    let first = line(&picture, "tenant1");
    assert_eq!(first["domains"], json!(["tenant.my-domain.com", "www.tenant.my-domain.com"]));
    assert_eq!(first["name"], "Fonzy Tenant");
    let shown = cli.json(&["tenant", "show", "tenant2"]).await;
    let fields: Vec<&str> =
        shown["source"]["fields"].as_array().expect("fields").iter().filter_map(|f| f["name"].as_str()).collect();
    assert_eq!(fields, ["paid_until", "on_trial", "created_on"]);
}

/// `assets/migrations/2019_09_15_000010_create_tenants_table.php` and `…_000020_create_domains_table.php` of stancl/tenancy 3,
/// as Laravel's PostgreSQL grammar writes them; schemas by the default prefix, by `tenancy_db_name`, and by another prefix.
const STANCL: &str = "set search_path = public; \
    create table tenants (id varchar(255) not null primary key, created_at timestamp(0), updated_at timestamp(0), data json);
    create table domains (id serial primary key, domain varchar(255) not null unique, tenant_id varchar(255) not null \
        references tenants (id) on update cascade on delete cascade, created_at timestamp(0), updated_at timestamp(0));";

#[tokio::test]
async fn a_laravel_project_with_stancl_names_its_schemas_by_prefix_and_key() {
    let (acme, bureau) = ("8075a580-1cb8-11e9-8822-49c5d8f8ff23", "b4b7ff6e-2f3c-4c8d-9d37-16c2f4a3a7c1");
    let rows = format!(
        "insert into public.tenants (id, data) values ('{acme}', '{{\"name\": \"Acme\", \"plan\": \"free\"}}'),
            ('{bureau}', '{{\"tenancy_db_name\": \"bureau_db\"}}'), ('gone', null);
         insert into public.domains (domain, tenant_id) values ('acme.test', '{acme}'), ('bureau.test', '{bureau}');"
    );
    let schemas_made = tenants(&[&format!("tenant{acme}"), "bureau_db"]);
    let (_database, _, default) = picture(&format!("{schemas_made}{STANCL}{rows}")).await;
    assert_eq!(default["registry"]["kind"], "stancl", "{default:#}");
    assert_eq!(line(&default, &format!("tenant{acme}"))["name"], "Acme");
    assert_eq!(line(&default, "bureau_db")["domains"], json!(["bureau.test"]));
    assert_eq!(schemas(&default["registry_only"]), ["tenantgone"]);
    let rows = "insert into public.tenants (id, data) values ('foo', '{}'), ('bar', '{}'), ('baz', '{}')";
    let made = tenants(&["app_foo_db", "app_bar_db", "app_baz_db"]);
    let (_database, _, other) = picture(&format!("{made}{STANCL}{rows}")).await;
    assert_eq!(other["registry_only"], json!([]), "{other:#}");
    let naming = json!({ "code": "naming", "params": { "prefix": "app_", "suffix": "_db" } });
    assert!(other["registry"]["evidence"].as_array().expect("evidence").contains(&naming));
}

/// What PeproScolaire describes: schools with a schema, a subdomain, colours, modules and a limit of pupils, in the tables that
/// Django makes of such models, and alternative domains.
const PEPRO_SCOLAIRE: &str = "set search_path = public; \
    create table tenants_tenant (id uuid primary key default gen_random_uuid(), schema_name varchar(63) not null unique, \
        school_name varchar(200) not null, school_type varchar(20) not null, subdomain varchar(63) not null unique, \
        email varchar(254) not null, phone varchar(20) not null, address text not null, postal_code varchar(10) not null, \
        city varchar(100) not null, primary_color varchar(7) not null, secondary_color varchar(7) not null, logo varchar(100), \
        modules_enabled jsonb not null, max_students integer not null, is_active boolean not null, secret_key text not null, \
        created_at timestamptz not null);
    create table tenants_tenantdomain (id bigserial primary key, domain varchar(253) not null unique, \
        is_primary boolean not null, tenant_id uuid not null references tenants_tenant (id) deferrable initially deferred);
    insert into tenants_tenant (schema_name, school_name, school_type, subdomain, email, phone, address, postal_code, city, \
        primary_color, secondary_color, modules_enabled, max_students, is_active, secret_key, created_at) values
        ('lycee_hugo', 'Lycée Victor Hugo', 'lycee', 'lycee-hugo', 'contact@lycee-hugo.example', '0123456789', \
            '123 rue Victor Hugo', '75001', 'Paris', '#2E7D32', '#1B5E20', '{\"messaging\": true}', 1500, true, 'hush', now()),
        ('college_sand', 'Collège George Sand', 'college', 'sand', 'x@sand.example', '', '', '', '', '#000000', '#ffffff', '{}', \
            1000, false, 'hush', now());
    insert into tenants_tenantdomain (domain, is_primary, tenant_id) \
        select 'www.victor-hugo.example', true, id from tenants_tenant where subdomain = 'lycee-hugo';";

#[tokio::test]
async fn the_schools_of_pepro_scolaire_come_with_type_domain_and_state() {
    let setup = format!("{}{PEPRO_SCOLAIRE}", tenants(&["lycee_hugo", "college_sand"]));
    let (_database, cli, picture) = picture(&setup).await;
    assert_eq!(picture["registry"]["kind"], "pepro_scolaire", "{picture:#}");
    let sand = line(&picture, "college_sand");
    assert_eq!((&sand["name"], &sand["state"]), (&json!("Collège George Sand"), &json!("inactive")));
    let shown = cli.json(&["tenant", "show", "college_sand"]).await;
    assert_eq!(shown["source"]["state_from"], "is_active = false");
    let spoken = cli.run(&["tenant", "show", "college_sand"]).await;
    assert!(spoken.stdout.contains("is_active = false"), "{spoken}");
    let hugo = cli.json(&["tenant", "show", "Lycée Victor Hugo"]).await;
    assert_eq!(hugo["source"]["kind"], "lycee");
    assert_eq!(hugo["domains"], json!(["www.victor-hugo.example"]));
    assert!(
        hugo["source"]["fields"]
            .as_array()
            .expect("fields")
            .contains(&json!({ "name": "max_students", "value": "1500" }))
    );
    // Only columns whose meaning is known are read.
    assert!(!hugo.to_string().contains("hush"), "{hugo:#}");
    // An inactive tenant is found by its state, as everywhere.
    let inactive = cli.json(&["tenant", "list", "--state", "inactive"]).await;
    assert_eq!(schemas(&inactive), ["college_sand"]);
}

/// apartment keeps no table of its own: `config.tenant_names = -> { Account.pluck(:subdomain) }`. Rails makes
/// `schema_migrations` and `ar_internal_metadata` in each schema.
fn apartment(names: &[&str]) -> String {
    let made: String = names
        .iter()
        .map(|name| {
            format!(
                "create schema \"{name}\"; set search_path = \"{name}\"; create table schema_migrations (version varchar not null \
                 primary key); create table ar_internal_metadata (key varchar not null primary key, value varchar, created_at \
                 timestamp(6) not null, updated_at timestamp(6) not null); create table posts (id bigserial primary key);\n"
            )
        })
        .collect();
    let shared = "set search_path = public; create table accounts (id bigserial primary key, name varchar, subdomain varchar, \
                  discarded_at timestamp(6), created_at timestamp(6) not null default now()); \
                  create table orders (id bigserial primary key, code varchar); insert into orders (code) values ('acme'), ('x');";
    format!("{made}{shared}")
}

#[tokio::test]
async fn a_rails_project_with_apartment_is_recognised_by_values_that_are_schemas() {
    let rows = "insert into accounts (name, subdomain, discarded_at) values ('Acme', 'acme', null), ('Globex', 'globex', null), \
                ('Initech', 'initech', '2026-01-01'), ('Umbrella', 'umbrella', null)";
    let setup = format!("{}{rows}", apartment(&["acme", "globex", "initech", "umbrella"]));
    let (database, cli, found) = picture(&setup).await;
    assert_eq!(found["registry"]["kind"], "apartment", "{found:#}");
    assert_eq!(
        (&found["registry"]["table"], &found["registry"]["confidence"]),
        (&json!("public.accounts"), &json!("likely"))
    );
    assert_eq!(line(&found, "globex")["name"], "Globex");
    assert_eq!(line(&found, "initech")["state"], "inactive");
    let frameworks: Vec<&Value> =
        found["conventions"].as_array().expect("a list").iter().map(|c| &c["framework"]).collect();
    assert_eq!(frameworks, [&json!("Rails"), &json!("Rails")]);
    // When most rows name nothing, it is a table like any other: shown, not used.
    database
        .execute(
            "insert into public.accounts (name, subdomain) select 'x', 'nobody-' || g from generate_series(1, 50) g",
        )
        .await;
    let doubtful = cli.json(&["tenant", "adopt"]).await;
    assert_eq!(doubtful["registry"], Value::Null, "{doubtful:#}");
    assert_eq!(doubtful["others"][0]["confidence"], "possible");
    assert_eq!(line(&doubtful, "globex")["name"], "globex");
    // … unless a person says so.
    let named = cli.json(&["tenant", "adopt", "--registry", "apartment:public.accounts"]).await;
    assert_eq!(line(&named, "globex")["name"], "Globex");
    assert_eq!(named["registry_only"].as_array().map(Vec::len), Some(50));
}

#[tokio::test]
async fn programmes_whose_code_in_lower_case_is_their_schema_are_recognised() {
    let programmes = "set search_path = public; create table programmes (id serial primary key, code varchar(20) not null unique, \
                      nom varchar(200) not null, actif boolean); \
                      insert into programmes (code, nom) values ('ACD', 'Action commerciale'), ('ESN-26', 'Numérique 26')";
    let (_database, _, picture) = picture(&format!("{}{programmes}", tenants(&["acd", "esn_26"]))).await;
    assert_eq!(picture["registry"]["kind"], "listed", "{picture:#}");
    assert_eq!(line(&picture, "acd")["name"], "Action commerciale");
    assert_eq!(line(&picture, "esn_26")["name"], "Numérique 26");
    let folded = json!({ "code": "folded", "params": { "column": "code" } });
    assert!(picture["registry"]["evidence"].as_array().expect("evidence").contains(&folded));
}

#[tokio::test]
async fn ecto_is_told_from_rails_by_its_history() {
    let made = "create schema org_a; create table org_a.schema_migrations (version bigint primary key, inserted_at timestamp(0)); \
                create schema org_b; create table org_b.schema_migrations (version bigint primary key, inserted_at timestamp(0));";
    let (_database, _, picture) = picture(made).await;
    let expected = json!([{ "framework": "Ecto", "table": "schema_migrations", "schemas": 2 }]);
    assert_eq!(picture["conventions"], expected);
}

#[tokio::test]
async fn a_registry_that_cannot_be_read_keeps_nobody_from_the_tenants() {
    let setup = format!("{}{PEPRO_SCOLAIRE}", tenants(&["lycee_hugo", "college_sand"]));
    let (database, owner, _) = picture(&setup).await;
    let role = format!("stranger_{}", database.name());
    database.execute(&format!("create role {role} login")).await;
    let stranger = Cli::on(&database.url_as(&role));
    let seen = stranger.json(&["tenant", "adopt"]).await;
    assert_eq!(schemas(&seen["tenants"]), ["college_sand", "lycee_hugo"]);
    assert_eq!((&seen["registry"], &seen["schema_only"]), (&Value::Null, &json!([])));
    let codes: Vec<&Value> =
        seen["others"][0]["evidence"].as_array().expect("evidence").iter().map(|e| &e["code"]).collect();
    assert_eq!(codes, ["columns", "domains", "not_readable", "not_readable"], "{seen:#}");
    // Somebody holds a lock on it for long: the list comes all the same, soon.
    let mut locked = database.database.session(cadastre_core::connection::Purpose::Create).await.expect("a session");
    locked.execute("begin; lock table public.tenants_tenant in access exclusive mode").await.expect("the lock");
    let call = owner.run(&["tenant", "list", "--json"]).await;
    assert_eq!(schemas(&call.document()), ["college_sand", "lycee_hugo"], "{call}");
    assert!(call.took < std::time::Duration::from_secs(10), "{call}");
    locked.execute("rollback").await.expect("the end");
    // What only a registry can say is not said without it.
    stranger.refused(&["tenant", "adopt", "--registered-only", "--save"], 4, "rules_need_registry").await;
}

#[tokio::test]
async fn a_table_that_merely_looks_like_a_registry_is_not_taken_for_one() {
    // A catalogue of other databases, a table of every tenant, and one with the right columns and foreign rows.
    let each: String = ["a", "b", "c", "d"]
        .iter()
        .map(|name| {
            format!(
                "create schema {name}; create table {name}.client (id int primary key, schema_name text, domain_url text); \
                 insert into {name}.client values (1, 'a', 'a.org'), (2, 'b', 'b.org');\n"
            )
        })
        .collect();
    let public = "create table public.sources (id int primary key, schema_name varchar, domain_url varchar); \
                  insert into public.sources values (1, 'dbo', 'x'), (2, 'sales', 'y'); \
                  create table public.orders (id serial, tenant text); \
                  insert into public.orders (tenant) select chr(97 + g % 4) from generate_series(1, 40) g;";
    let (_database, _, picture) = picture(&format!("{each}{public}")).await;
    assert_eq!(picture["registry"], Value::Null, "{picture:#}");
    assert_eq!(schemas(&picture["tenants"]), ["a", "b", "c", "d"]);
    let others = picture["others"].as_array().expect("a list");
    assert!(others.iter().all(|o| o["confidence"] == "possible"), "{picture:#}");
    assert!(others.iter().all(|o| o["table"] != "public.orders"), "rows of tenants are no tenants: {picture:#}");
}
