//! The registry: installed on request, its entries, their former values, and what an application may ask of it.

use cadastre_core::connection::{Database, Profile, Purpose};
use cadastre_core::sql::Statement;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};

async fn installed() -> (TestDatabase, Cli) {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    assert_eq!(cli.run(&["registry", "install"]).await.code, 0);
    (database, cli)
}

async fn entry(cli: &Cli, tenant: &str) -> Value {
    cli.json(&["tenant", "show", tenant]).await["entry"].clone()
}

#[tokio::test]
async fn nothing_is_installed_before_it_is_asked_for_and_all_else_works() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    database.execute("create schema acme; create table acme.t (a int)").await;
    assert_eq!(cli.json(&["registry", "status"]).await["installed"], false);
    let before = database.state().await;
    assert_eq!(entry(&cli, "acme").await, Value::Null);
    cli.refused(&["tenant", "set", "acme", "city=Paris"], 4, "registry_missing").await;
    cli.refused(&["tenant", "create", "New", "--domain", "new.example"], 4, "registry_missing").await;
    let dry = cli.run(&["registry", "install", "--dry-run"]).await;
    assert!(dry.code == 0 && dry.stdout.contains("create schema \"cadastre\""), "{dry}");
    assert_eq!(database.state().await, before);
    let reader = Cli::on(&database.url()).env("PGOPTIONS", "-c default_transaction_read_only=on");
    reader.refused(&["registry", "install"], 4, "read_only").await;

    assert_eq!(cli.json(&["registry", "install"]).await["done"], 1);
    let status = cli.json(&["registry", "status"]).await;
    assert_eq!((&status["installed"], &status["pending"], &status["tenants"]), (&json!(true), &json!(0), &json!(0)));
    assert_eq!(cli.json(&["registry", "install"]).await["skipped"], 1);
    // The registry is no tenant, and no migration of tenants reaches it.
    assert_eq!(cli.json(&["tenant", "list"]).await.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn somebody_elses_schema_of_that_name_is_left_alone() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    database.execute("create schema cadastre; create table cadastre.tenant (id int)").await;
    let before = database.state().await;
    let error = cli.refused(&["registry", "install"], 4, "plan_blocked").await;
    assert!(error["message"].as_str().expect("a message").contains("holds no registry"), "{error}");
    assert_eq!(database.state().await, before);
    assert_eq!(cli.json(&["registry", "status"]).await["installed"], false);
}

#[tokio::test]
async fn an_entry_is_made_changed_and_every_former_value_kept() {
    let (database, cli) = installed().await;
    database.execute("create schema acme; create table acme.t (a int); comment on schema acme is 'Acme'").await;
    let logo = cli.path("logo.png");
    std::fs::write(&logo, b"\x89PNG\r\n\x1a\nrest").expect("a file");
    let set = [
        "tenant",
        "set",
        "acme",
        "type=lycee",
        "email=contact@acme.fr",
        "postal_code=75001",
        "primary_color=#2E7D32",
        "people_limit=1500",
        "storage_limit=",
        "uai=0750001A",
        "name=Acme & Cie",
        "--domain",
        "Acme.Example.",
        "--domain",
        "école.example",
        "--module",
        "notes",
        "--module",
        "-ai",
        "--logo",
        &logo,
    ];
    let dry = cli.run(&[&set[..], &["--dry-run"]].concat()).await;
    assert!(dry.code == 0 && dry.stdout.contains("insert into cadastre.tenant"), "{dry}");
    assert!(!dry.stdout.contains("89504e47"), "a plan shows bytes of an image: {dry}");
    assert_eq!(entry(&cli, "acme").await, Value::Null);
    assert_eq!(cli.json(&set).await["done"], 1);
    let made = entry(&cli, "acme").await;
    assert_eq!(made["identity"]["kind"], "lycee");
    assert_eq!(made["identity"]["primary_color"], "#2e7d32");
    assert_eq!(made["quotas"], json!({"people": 1500, "storage_bytes": null}));
    assert_eq!(made["fields"], json!({"uai": "0750001A"}));
    assert_eq!(
        made["domains"],
        json!([{"domain": "acme.example", "primary": true, "active": true},
               {"domain": "xn--cole-9oa.example", "primary": false, "active": true}])
    );
    assert_eq!(made["modules"], json!([{"module": "ai", "enabled": false}, {"module": "notes", "enabled": true}]));
    assert_eq!((&made["images"][0]["media_type"], &made["images"][0]["bytes"]), (&json!("image/png"), &json!(12)));
    // The display name is one, wherever it stands.
    assert_eq!(database.value("select obj_description('acme'::regnamespace, 'pg_namespace')").await, "Acme & Cie");

    assert_eq!(cli.json(&set[..8]).await["skipped"], 1, "nothing to change is not a change");
    let change = [
        "tenant",
        "set",
        "acme",
        "email=",
        "uai=",
        "--primary-domain",
        "école.example",
        "--remove-domain",
        "acme.example",
    ];
    assert_eq!(cli.json(&change).await["done"], 1);
    let changed = entry(&cli, "acme").await;
    assert_eq!((&changed["identity"]["email"], &changed["fields"]), (&Value::Null, &json!({})));
    assert_eq!(changed["domains"], json!([{"domain": "xn--cole-9oa.example", "primary": true, "active": true}]));
    // A change by another program is a version too.
    database.execute("update cadastre.tenant set city = 'Lyon'").await;
    let history = cli.json(&["registry", "history", "acme"]).await;
    let fields: Vec<String> = history
        .as_array()
        .expect("versions")
        .iter()
        .flat_map(|version| version["changes"].as_array().expect("changes").clone())
        .map(|change| format!("{} {} {}", change["field"], change["before"], change["after"]).replace('"', ""))
        .collect();
    assert_eq!(fields[0], "city null Lyon");
    assert_eq!(history[0]["person"], Value::Null);
    for expected in
        ["email contact@acme.fr null", "name Acme Acme & Cie", "is_primary false true", "domain acme.example null"]
    {
        assert!(fields.iter().any(|field| field == expected), "{expected}: {fields:?}");
    }
    assert!(history.as_array().expect("versions")[1..].iter().all(|v| v["person"].is_string()), "{history}");
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_changes_nothing() {
    let (database, cli) = installed().await;
    database.execute("create schema a; create table a.t (x int); create schema b; create table b.t (x int)").await;
    assert_eq!(cli.run(&["tenant", "set", "a", "--domain", "one.example"]).await.code, 0);
    let before =
        database.column("select t::text from cadastre.tenant t union all select d::text from cadastre.domain d").await;
    for (arguments, exit, code) in [
        (&["tenant", "set", "b", "--domain", "ONE.example"][..], 4, "domain_taken"),
        (&["tenant", "set", "--all", "--domain", "two.example"], 4, "domain_taken"),
        (&["tenant", "set", "b", "--domain", "https://x.example/"], 4, "registry_value_invalid"),
        (&["tenant", "set", "b", "emial=x@y.fr"], 4, "registry_field_unknown"),
        (&["tenant", "set", "b", "email=nobody"], 4, "registry_value_invalid"),
        (&["tenant", "set", "b", "primary_color=red"], 4, "registry_value_invalid"),
        (&["tenant", "set", "b", "--logo", "/nowhere.png"], 4, "file_unreadable"),
        (&["tenant", "set", "nobody", "city=X"], 4, "tenant_missing"),
        (&["tenant", "set", "b", "city"], 2, "usage"),
        (&["tenant", "set", "b"], 2, "usage"),
        (&["tenant", "create", "C", "--domain", "one.example"], 4, "domain_taken"),
        (&["tenant", "create", "C", "--role", "pg_monitor"], 4, "identifier_invalid"),
        (&["tenant", "create", "C", "--role", "postgres"], 4, "role_taken"),
        (&["tenant", "create", "C", "--role", "nobody_at_all", "--existing-role"], 4, "role_missing"),
        (&["tenant", "create", "C", "D", "--domain", "c.example"], 2, "usage"),
    ] {
        cli.refused(arguments, exit, code).await;
    }
    let after =
        database.column("select t::text from cadastre.tenant t union all select d::text from cadastre.domain d").await;
    assert_eq!(after, before);
    // What the window and the command line refuse, the tables refuse too.
    for sql in [
        "insert into cadastre.domain (domain, tenant) select 'Upper.example', id from cadastre.tenant",
        "insert into cadastre.domain (domain, tenant) select 'a..b', id from cadastre.tenant",
        "insert into cadastre.domain (domain, tenant, is_primary) select 'second.example', id, true from cadastre.tenant",
        "insert into cadastre.tenant (schema_name, name) values ('A', 'same but for the case')",
        "insert into cadastre.tenant (schema_name, name) values ('x', ' ')",
        "update cadastre.tenant set primary_color = 'red'",
        "update cadastre.tenant set state = 'asleep'",
    ] {
        let mut session = database.database.session(Purpose::Create).await.expect("a session");
        assert!(session.execute(Statement::script(sql)).await.is_err(), "{sql}");
    }
}

#[tokio::test]
async fn an_application_finds_the_schema_of_a_domain_and_nothing_else() {
    let (database, cli) = installed().await;
    let role = format!("app_{}", database.name());
    database.execute(&format!("create role \"{role}\" login; create schema a; create table a.t (x int)")).await;
    assert_eq!(cli.run(&["tenant", "set", "a", "--domain", "a.example", "--domain", "b.example"]).await.code, 0);
    let profile = Profile { user: role.clone(), ..database.profile() };
    let application = Database::connect(profile, None).await.expect("a connection");
    let mut session = application.session(Purpose::Catalog).await.expect("a session");
    let ask = |domain: &str| {
        Statement::script(format!("select cadastre.tenant_for_domain({})", cadastre_core::sql::literal(domain)))
    };
    assert!(session.rows(ask("a.example")).await.is_err(), "before it may");
    let dry = cli.run(&["registry", "grant", &role, "--dry-run"]).await;
    assert!(dry.stdout.contains("grant execute on function cadastre.tenant_for_domain"), "{dry}");
    assert!(session.rows(ask("a.example")).await.is_err(), "a plan that is shown changes nothing");
    assert_eq!(cli.json(&["registry", "grant", &role]).await["done"], 1);
    assert_eq!(cli.json(&["registry", "status"]).await["routing"], json!([role]));
    assert_eq!(cli.json(&["registry", "grant", &role]).await["skipped"], 1, "it has the right already");
    let mut answer = async |domain: &str| {
        let rows = session.rows(ask(domain)).await.expect("an answer");
        rows.first().and_then(|row| sqlx::Row::try_get_raw(row, 0).ok()?.as_str().ok().map(str::to_owned))
    };
    assert_eq!(answer("A.Example:8443").await.as_deref(), Some("a"));
    assert_eq!(answer("b.example.").await.as_deref(), Some("a"));
    assert_eq!(answer("c.example").await, None);
    assert_eq!(answer("' or true --").await, None);
    assert_eq!(cli.run(&["tenant", "set", "a", "--domain-off", "b.example"]).await.code, 0);
    assert_eq!(answer("b.example").await, None);
    assert_eq!(cli.run(&["tenant", "deactivate", "a", "--yes"]).await.code, 0);
    assert_eq!(answer("a.example").await, None);
    assert_eq!(cli.run(&["tenant", "activate", "a"]).await.code, 0);
    assert_eq!(answer("a.example").await.as_deref(), Some("a"));
    for sql in [
        "select * from cadastre.tenant",
        "select * from cadastre.domain",
        "select * from cadastre.change",
        "update cadastre.domain set active = false",
        "create table cadastre.mine (a int)",
        "create function cadastre.tenant_for_domain(text, text) returns text language sql as 'select null'",
    ] {
        let error = session.rows(Statement::script(sql)).await.expect_err(sql);
        assert_eq!(error.sqlstate(), Some("42501"), "{sql}");
    }
    cli.refused(&["registry", "grant", "nobody_there"], 4, "role_missing").await;
    // To a role that owns nothing of the registry the server would only say a warning; the plan says stop.
    let reader = format!("reader_{}", database.name());
    database
        .execute(&format!(
            "create role \"{reader}\" login; grant usage on schema cadastre to \"{reader}\"; \
             grant select on all tables in schema cadastre to \"{reader}\""
        ))
        .await;
    let other = Cli::on(&database.url_as(&reader));
    let plan = other.run(&["registry", "revoke", &role, "--dry-run", "--json"]).await;
    assert!(plan.code == 4 && plan.stdout.contains("registry_not_owned"), "{plan}");
    other.refused(&["registry", "revoke", &role], 4, "plan_blocked").await;
    // Whoever reads the registry goes on doing so when the question is taken away.
    assert_eq!(cli.json(&["registry", "grant", &reader]).await["done"], 1);
    assert_eq!(cli.json(&["registry", "revoke", &reader]).await["done"], 1);
    assert_eq!(other.json(&["registry", "status"]).await["readable"], true);

    assert_eq!(cli.json(&["registry", "revoke", &role]).await["done"], 1);
    assert_eq!(cli.json(&["registry", "status"]).await["routing"], json!([]));
    assert!(session.rows(ask("a.example")).await.is_err(), "not any more");
    let journal = cli.json(&["journal", "list", "--operation", "routing"]).await;
    assert!(journal.to_string().contains("revoke execute on function"), "{journal}");
}

#[tokio::test]
async fn a_renamed_tenant_keeps_its_rights_its_entry_and_its_past() {
    let (database, cli) = installed().await;
    let role = format!("r_{}", database.name());
    let create =
        ["tenant", "create", "Lycée Hugo", "--template", "school", "--role", &role, "--domain", "hugo.example"];
    assert_eq!(cli.run(&create).await.code, 0);
    database
        .execute(
            "create function public.entry() returns int language sql set search_path = lycee_hugo, public as 'select 1';
             create function lycee_hugo.named() returns bigint language sql as 'select count(*) from lycee_hugo.users'",
        )
        .await;
    let rights =
        "select nspacl::text || oid from pg_namespace where obj_description(oid, 'pg_namespace') like 'Lycée%'";
    let before = database.value(rights).await;
    let rename = ["tenant", "rename", "Lycée Hugo", "Lycée Victor Hugo", "--schema", "victor_hugo"];
    let dry = cli.run(&[&rename[..], &["--dry-run"]].concat()).await;
    assert!(dry.stdout.contains("named()") && dry.stdout.contains("names the schema lycee_hugo"), "{dry}");
    assert_eq!(cli.json(&rename).await["done"], 1);
    assert_eq!(database.value(rights).await, before);
    let made = entry(&cli, "victor_hugo").await;
    assert_eq!((&made["name"], &made["schema"]), (&json!("Lycée Victor Hugo"), &json!("victor_hugo")));
    let path = "select setconfig::text from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase and d.datname = current_database()";
    assert_eq!(database.value(path).await, "{\"search_path=victor_hugo, public\"}");
    assert_eq!(
        database.value("select proconfig::text from pg_proc where proname = 'entry'").await,
        "{\"search_path=victor_hugo, public\"}"
    );
    assert_eq!(cli.json(&["migrate", "status", "--dir", "school"]).await["tenants"][0]["pending"], json!([]));
    let history = cli.json(&["registry", "history", "victor_hugo"]).await;
    assert!(history.to_string().contains("lycee_hugo"), "{history}");
    // Only the name, also of a deactivated tenant, which keeps the record of how it was.
    assert_eq!(cli.run(&["tenant", "deactivate", "victor_hugo", "--yes"]).await.code, 0);
    assert_eq!(cli.run(&["tenant", "rename", "victor_hugo", "Hugo", "--schema", "hugo"]).await.code, 0);
    assert_eq!(cli.json(&["tenant", "list"]).await[0]["name"], "Hugo");
    assert_eq!(cli.run(&["tenant", "activate", "Hugo"]).await.code, 0);
    let comment = "select obj_description('hugo'::regnamespace, 'pg_namespace')";
    assert_eq!(database.value(comment).await, "Hugo");
    cli.refused(&["tenant", "rename", "hugo", "Hugo"], 4, "nothing_pending").await;
    cli.refused(&["tenant", "rename", "hugo", "Hugo", "--schema", "public"], 4, "schema_name_reserved").await;
}

#[tokio::test]
async fn a_file_of_new_tenants_holds_domains_modules_and_fields() {
    let (_database, cli) = installed().await;
    let file = cli.write(
        "new.csv",
        "Name;Domains;Modules;City;people_limit;field.uai\n\
         Lycée A;a.example www.a.example;notes -ai;Paris;1500;0750001A\n\
         Lycée B;A.example;;Lyon;;\n\
         Lycée C;;;Lyon;many;\n\
         Lycée D;d.example;;;;\n",
    );
    let stopped = cli.run(&["tenant", "create", "--from", &file, "--template", "health", "--dry-run"]).await;
    assert_eq!(stopped.code, 4, "{stopped}");
    assert!(stopped.stdout.contains("Line 3:") && stopped.stdout.contains("belongs to lycee_a"), "{stopped}");
    assert!(stopped.stdout.contains("Line 4:") && stopped.stdout.contains("no number of people"), "{stopped}");
    let call = cli
        .run(&["tenant", "create", "--from", &file, "--template", "health", "--on-error", "continue", "--json"])
        .await;
    assert_eq!((call.code, &call.document()["done"], &call.document()["failed"]), (3, &json!(2), &json!(2)), "{call}");
    let made = entry(&cli, "lycee_a").await;
    assert_eq!((&made["identity"]["city"], &made["fields"]["uai"]), (&json!("Paris"), &json!("0750001A")));
    assert_eq!(made["domains"].as_array().map(Vec::len), Some(2));
    assert_eq!(made["quotas"]["people"], 1500);
    let status = cli.json(&["registry", "status"]).await;
    assert_eq!(status["tenants"], 2);
    let bad = cli.write("bad.csv", "name,colour\nA,b\n");
    cli.refused(&["tenant", "create", "--from", &bad], 4, "tenant_list_invalid").await;
}

#[tokio::test]
async fn a_dropped_tenant_leaves_its_name_free_and_comes_back_with_its_entry() {
    let (database, cli) = installed().await;
    let create =
        ["tenant", "create", "Acme", "--template", "health", "--domain", "acme.example", "--field", "city=Paris"];
    assert_eq!(cli.run(&create).await.code, 0);
    let folder = cli.path("");
    let drop = ["tenant", "drop", "acme", "--backup-dir", &folder, "--no-archive"];
    let dry = cli.run(&[&drop[..], &["--dry-run"]].concat()).await;
    assert!(dry.stdout.contains("set state = 'quarantined'"), "{dry}");
    let drop = [&drop[..], &["--yes"]].concat();
    assert_eq!(cli.run(&drop).await.code, 0);
    let ask = "select tenant_for_domain from cadastre.tenant_for_domain('acme.example')";
    assert_eq!(database.value(ask).await, "");
    // Its name is free, its domain is not.
    let again = ["tenant", "create", "Acme", "--template", "health"];
    cli.refused(&[&again[..], &["--domain", "acme.example"]].concat(), 4, "domain_taken").await;
    assert_eq!(cli.run(&again).await.code, 0);
    assert_eq!(cli.run(&["tenant", "undrop", "acme", "--as", "former", "--yes"]).await.code, 0);
    let back = entry(&cli, "former").await;
    assert_eq!((&back["identity"]["city"], &back["state"]), (&json!("Paris"), &json!("active")));
    assert_eq!(database.value(ask).await, "former");
    assert_eq!(entry(&cli, "acme").await["identity"]["city"], Value::Null);
    // Removed for good, its domain is free too, and its past is kept.
    let drop = ["tenant", "drop", "former", "--backup-dir", &folder, "--no-archive", "--yes"];
    assert_eq!(cli.run(&drop).await.code, 0);
    assert_eq!(cli.run(&["tenant", "purge", "former", "--older-than", "0d", "--yes"]).await.code, 0);
    let states = "select string_agg(schema_name || ' ' || state, ', ' order by id) from cadastre.tenant";
    assert_eq!(database.value(states).await, "former purged, acme active");
    assert_eq!(cli.run(&["tenant", "set", "acme", "--domain", "acme.example"]).await.code, 0);
}

#[tokio::test]
async fn tenants_in_every_state_give_the_doctor_nothing_to_find() {
    let (database, cli) = installed().await;
    // Roles belong to the whole server, which other tests share.
    for schema in ["one", "two", "three"] {
        let role = format!("{schema}_{}", database.name());
        let create = [
            "tenant",
            "create",
            schema,
            "--template",
            "school",
            "--role",
            &role,
            "--domain",
            &format!("{schema}.example"),
        ];
        assert_eq!(cli.run(&create).await.code, 0);
        database.execute(&format!("alter role \"{role}\" login")).await;
    }
    let nothing = json!([]);
    assert_eq!(cli.json(&["doctor"]).await["findings"], nothing);
    assert_eq!(cli.run(&["tenant", "deactivate", "one", "--yes"]).await.code, 0);
    assert_eq!(cli.json(&["doctor"]).await["findings"], nothing);
    let folder = cli.path("");
    assert_eq!(cli.run(&["tenant", "drop", "two", "--backup-dir", &folder, "--no-archive", "--yes"]).await.code, 0);
    assert_eq!(cli.json(&["doctor"]).await["findings"], nothing);
    assert_eq!(cli.run(&["tenant", "undrop", "two", "--yes"]).await.code, 0);
    assert_eq!(cli.run(&["tenant", "activate", "one"]).await.code, 0);
    assert_eq!(cli.run(&["tenant", "rename", "three", "Trois", "--schema", "trois"]).await.code, 0);
    assert_eq!(cli.json(&["doctor"]).await["findings"], nothing);
}

#[tokio::test]
async fn quotas_are_measured_and_those_that_are_exceeded_are_said() {
    let (database, cli) = installed().await;
    let own = cli.write("clubs/1_members.up.sql", "create table members (id int);");
    cli.write("clubs/1_members.down.sql", "drop table members;");
    cli.write("clubs/template.toml", "people = \"members\"\n");
    let folder = std::path::Path::new(&own).parent().expect("a folder").display().to_string();
    for (name, template) in [("School", "school"), ("Club", folder.as_str()), ("Bare", "health")] {
        let call = cli.run(&["tenant", "create", name, "--template", template, "--field", "people_limit=3"]).await;
        assert_eq!(call.code, 0, "{call}");
    }
    database.execute("insert into club.members select generate_series(1, 5); analyze club.members").await;
    assert_eq!(cli.run(&["tenant", "set", "bare", "storage_limit=1 kB"]).await.code, 0);
    let list = cli.json(&["tenant", "list"]).await;
    let quota = |schema: &str| {
        let one = list.as_array().expect("a list").iter().find(|tenant| tenant["schema"] == schema);
        one.expect("the tenant")["quota"].clone()
    };
    assert_eq!(
        quota("club"),
        json!({"people": 5, "people_table": "members", "people_limit": 3, "storage_limit": 53687091200_i64, "exceeded": ["people"]})
    );
    assert_eq!((&quota("school")["people_table"], &quota("school")["exceeded"]), (&json!("students"), &json!([])));
    assert_eq!(quota("bare")["exceeded"], json!(["storage"]));
    let spoken = cli.run(&["tenant", "list"]).await;
    assert!(spoken.stderr.contains("club has ≈ 5 people; its quota is 3."), "{spoken}");
    assert!(spoken.stderr.contains("its quota is 1.0 kB"), "{spoken}");
}

#[tokio::test]
async fn what_another_registry_says_is_imported_once_and_stays_there_as_it_is() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    database
        .execute(
            "create table public.customers_client (id serial primary key, schema_name varchar(63) unique not null, name varchar(100));
             create table public.customers_domain (id serial primary key, domain varchar(253) unique not null, is_primary boolean not null,
                 tenant_id int not null references public.customers_client);
             insert into public.customers_client (schema_name, name) values ('public', 'Shared'), ('a', 'Lycée A'), ('b', 'Lycée B');
             insert into public.customers_domain (domain, is_primary, tenant_id) values
                 ('www.a.example', false, 2), ('A.example', true, 2), ('b example', true, 3), ('b.example', false, 3);
             create schema a; create table a.t (x int); create schema b; create table b.t (x int); create schema c; create table c.t (x int);",
        )
        .await;
    let foreign = "select c::text from public.customers_client c union all select d::text from public.customers_domain d order by 1";
    let before = database.column(foreign).await;
    cli.refused(&["tenant", "adopt", "--import"], 4, "registry_missing").await;
    assert_eq!(cli.run(&["registry", "install"]).await.code, 0);
    let dry = cli.run(&["tenant", "adopt", "--import", "--dry-run"]).await;
    assert!(dry.code == 0 && dry.stdout.contains("the domain b example is left out"), "{dry}");
    assert_eq!(cli.json(&["registry", "status"]).await["tenants"], 0);
    assert_eq!(cli.json(&["tenant", "adopt", "--import"]).await["done"], 3);
    let made = entry(&cli, "a").await;
    assert_eq!(made["name"], "Lycée A");
    assert_eq!(
        made["domains"],
        json!([{"domain": "a.example", "primary": true, "active": true},
               {"domain": "www.a.example", "primary": false, "active": true}])
    );
    assert_eq!(entry(&cli, "b").await["domains"][0]["domain"], "b.example");
    assert_eq!(entry(&cli, "c").await["name"], "c");
    assert_eq!(cli.json(&["tenant", "adopt", "--import"]).await["skipped"], 3);
    assert_eq!(database.column(foreign).await, before);
}
