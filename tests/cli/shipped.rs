//! Every template inside the program, whichever there are: what a team can rely on when it starts from one.

use cadastre_core::migration::{self, Source};
use cadastre_tests::workbook::Workbook;
use cadastre_tests::{Cli, TestDatabase, postgres};
use serde_json::{Value, json};

/// Two tenants, `alpha` and `beta`, of one template.
async fn two_of(template: &Source, database: &TestDatabase) -> Cli {
    let cli = Cli::on(&database.url());
    let made = cli.json(&["tenant", "create", "Alpha", "Beta", "--template", template.name()]).await;
    assert_eq!(made["done"], 2, "{}: {made}", template.name());
    cli
}

fn shipped() -> Vec<Source> {
    let shipped = Source::shipped().expect("the shipped templates");
    let names: Vec<&str> = shipped.iter().map(Source::name).collect();
    for wanted in ["ecommerce", "health", "school", "talentmatch", "training-programme"] {
        assert!(names.contains(&wanted), "{wanted} is not among {names:?}");
    }
    shipped
}

/// The fingerprint of a tenant's structure, but for the migration history, which comes with the first migration.
async fn fingerprint(cli: &Cli, tenant: &str) -> String {
    let shapes = cli.json(&["shape", tenant]).await;
    shapes["classes"][0]["fingerprint"].as_str().unwrap_or_else(|| panic!("{shapes}")).to_owned()
}

#[tokio::test]
async fn every_file_of_a_shipped_template_says_what_it_does_and_is_clean() {
    for template in shipped() {
        let found = Cli::new().json(&["migrate", "check", "--strict", "--dir", template.name()]).await;
        let findings = found["findings"].as_array().expect("findings");
        // This one is the history of a system that lives; a new design has nothing to warn of.
        let lived = template.name() == "talentmatch";
        let bad: Vec<&Value> = findings.iter().filter(|f| !lived || f["level"] == "error").collect();
        assert_eq!(bad, Vec::<&Value>::new(), "{}", template.name());
        for migration in template.migrations() {
            for line in ["purpose", "impact", "rollback", "depends", "timeout"] {
                let said = migration.header(line).is_some_and(|value| !value.is_empty());
                assert!(said || (lived && line == "timeout"), "{} does not say its {line}", migration.file);
            }
        }
        let header = template.header();
        for text in [&header.title.en, &header.title.fr, &header.description.en, &header.description.fr] {
            assert!(!text.is_empty(), "{} lacks words", template.name());
        }
        assert_ne!(header.description.en, header.description.fr, "{}", template.name());
        assert!(template.seed().is_some(), "{} has no seed", template.name());
    }
}

#[tokio::test]
async fn every_version_of_a_shipped_template_goes_up_and_down_without_a_trace() {
    for template in shipped() {
        let database = TestDatabase::new().await;
        let cli = two_of(&template, &database).await;
        let name = template.name();
        assert_eq!(fingerprint(&cli, "alpha").await, fingerprint(&cli, "beta").await, "{name}");
        let newest = fingerprint(&cli, "alpha").await;
        // Down step by step, noting each shape …
        let versions: Vec<String> = template.migrations().iter().map(|m| m.version.to_string()).collect();
        let mut shapes = vec![newest.clone()];
        for _ in &versions {
            let run = cli.json(&["migrate", "down", "beta", "--dir", name, "--yes"]).await;
            assert_eq!(run["done"], 1, "{name}: {run}");
            shapes.push(fingerprint(&cli, "beta").await);
        }
        let left = "select count(*)::text from pg_catalog.pg_depend d where d.refclassid = 'pg_namespace'::regclass \
                    and d.refobjid = 'beta'::regnamespace and d.classid <> 'pg_default_acl'::regclass";
        let left = database.value(left).await;
        let history = "select (pg_catalog.to_regclass('beta._sqlx_migrations') is not null)::int::text";
        // The table of the history itself, and its row type with the array of it, which depend on the table.
        assert_eq!(left, database.value(history).await, "{name}: something is left after the way down");
        // … and up again: each step brings the shape that it had left.
        for version in &versions {
            shapes.pop();
            let run = cli.json(&["migrate", "up", "beta", "--dir", name, "--to", version]).await;
            assert_eq!(run["done"], 1, "{name}: {run}");
            assert_eq!(Some(&fingerprint(&cli, "beta").await), shapes.last(), "{name} at {version}");
        }
        assert_eq!(fingerprint(&cli, "beta").await, newest, "{name}");
    }
}

#[tokio::test]
async fn what_a_shipped_template_makes_is_named_commented_and_indexed() {
    for template in shipped() {
        let database = TestDatabase::new().await;
        two_of(&template, &database).await;
        let name = template.name();
        let none = Vec::<String>::new();
        let tables = "select c.relname::text from pg_class c where c.relnamespace = 'alpha'::regnamespace \
                      and c.relkind in ('r', 'p', 'v', 'm') and c.relname <> '_sqlx_migrations' \
                      and obj_description(c.oid, 'pg_class') is null";
        assert_eq!(database.column(tables).await, none, "{name}: relations without a comment");
        let types = "select t.typname::text from pg_type t where t.typnamespace = 'alpha'::regnamespace \
                     and t.typtype in ('e', 'd') and obj_description(t.oid, 'pg_type') is null";
        if name != "talentmatch" {
            assert_eq!(database.column(types).await, none, "{name}: types without a comment");
        }
        let functions = "select p.proname::text from pg_proc p where p.pronamespace = 'alpha'::regnamespace \
                         and (obj_description(p.oid, 'pg_proc') is null or not exists (select from unnest(p.proconfig) s \
                         where s like 'search_path=%'))";
        assert_eq!(database.column(functions).await, none, "{name}: functions without a comment or a search_path");
        // An index whose first columns are the key's, in any order, and that holds every row.
        let keys = "select c.conname::text from pg_constraint c where c.connamespace = 'alpha'::regnamespace \
                    and c.contype = 'f' and not exists (select from pg_index i where i.indrelid = c.conrelid \
                    and i.indpred is null and (select array_agg(k::int order by k) from unnest((i.indkey::int2[])[0:cardinality(c.conkey) - 1]) k) \
                    = (select array_agg(k::int order by k) from unnest(c.conkey) k))";
        assert_eq!(database.column(keys).await, none, "{name}: foreign keys without an index");
        // A name that PostgreSQL cut off is not the one in the file.
        let text: String = template.migrations().iter().map(|m| m.up.as_str()).collect();
        let cut = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| word.len() > 63);
        assert_eq!(cut.collect::<Vec<_>>(), Vec::<&str>::new(), "{name}: names that are cut off");
        // Nothing outside the two tenants.
        let outside = "select c.oid::regclass::text from pg_class c where c.relnamespace = 'public'::regnamespace \
                       union all select e.extname::text from pg_extension e where e.extname <> 'plpgsql'";
        assert_eq!(database.column(outside).await, none, "{name}");
    }
}

#[tokio::test]
async fn the_seed_of_a_shipped_template_does_no_harm_the_second_time() {
    for template in shipped() {
        let database = TestDatabase::new().await;
        let cli = two_of(&template, &database).await;
        let (_, seed) = template.seed().expect("a seed");
        let before = rows(&cli).await;
        let total: i64 = before.iter().map(|(_, rows)| rows).sum();
        assert!(total > 30, "{}: the seed holds {total} rows", template.name());
        let mut session =
            database.database.session(cadastre_core::connection::Purpose::Create).await.expect("a session");
        let again = format!("begin; set local search_path = alpha; {seed}; commit");
        // Either it leaves what is there alone, or a key of the table refuses it.
        if let Err(error) = session.execute(cadastre_core::sql::Statement::script(again)).await {
            assert_eq!(error.sqlstate(), Some("23505"), "{}: {error}", template.name());
        }
        session.close().await;
        assert_eq!(rows(&cli).await, before, "{}", template.name());
    }
}

/// Rows of each of alpha's tables, counted.
async fn rows(cli: &Cli) -> Vec<(String, i64)> {
    let stats = cli.json(&["stats", "alpha", "--exact"]).await;
    let tables = stats["tenants"][0]["tables"].as_array().expect("tables").iter();
    tables.map(|t| (t["table"].to_string(), t["rows"].as_i64().unwrap_or_default())).collect()
}

#[tokio::test]
async fn a_tenant_of_a_shipped_template_becomes_a_verified_workbook() {
    for template in shipped() {
        let database = TestDatabase::new().await;
        let cli = two_of(&template, &database).await;
        exported(&cli, &database, template.name()).await;
    }
}

async fn exported(cli: &Cli, database: &TestDatabase, name: &str) {
    let answer = cli.json(&["export", "alpha", "--to", &cli.files().display().to_string()]).await;
    let file = &answer["files"][0];
    assert_eq!(file["verified"], true, "{name}: {answer}");
    let mut book = Workbook::open(file["path"].as_str().expect("a path"));
    for (table, sheet, rows) in book.manifest() {
        let count = database.value(&format!("select count(*)::text from alpha.\"{table}\"")).await;
        assert_eq!((count, book.rows(&sheet)), (rows.to_string(), rows), "{name}.{table}");
    }
}

#[tokio::test]
async fn shipped_templates_work_on_the_oldest_supported_version() {
    everywhere(14).await;
}

#[tokio::test]
async fn shipped_templates_work_on_the_newest_version() {
    everywhere(18).await;
}

async fn everywhere(major: u32) {
    let cluster = postgres::cluster_of_version(major).await;
    for template in shipped() {
        let database = TestDatabase::on(&cluster).await.expect("a database");
        let cli = two_of(&template, &database).await;
        let name = template.name();
        let newest = fingerprint(&cli, "alpha").await;
        for arguments in [&["migrate", "down", "beta", "--to", "0"][..], &["migrate", "up", "beta"]] {
            let run = cli.json(&[arguments, &["--dir", name, "--yes"]].concat()).await;
            assert_eq!(run["done"], 1, "{name}: {run}");
        }
        assert_eq!(fingerprint(&cli, "beta").await, newest, "{name} on {major}");
        exported(&cli, &database, name).await;
    }
}

#[tokio::test]
async fn the_window_is_told_every_template_in_both_languages() {
    let infos: Vec<migration::TemplateInfo> = shipped().iter().map(Source::info).collect();
    let wire = serde_json::to_value(&infos).expect("JSON");
    for info in wire.as_array().expect("a list") {
        for key in ["title_en", "title_fr", "description_en", "description_fr"] {
            assert!(info[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {info}");
        }
    }
}

/// What the triggers of the templates promise, also in a tenant that was renamed after it was made.
#[tokio::test]
async fn the_triggers_of_the_templates_keep_their_promises() {
    for (template, script, questions) in [
        ("training-programme", include_str!("shipped/training-programme.sql"), 2),
        ("school", include_str!("shipped/school.sql"), 3),
        ("health", include_str!("shipped/health.sql"), 3),
        ("ecommerce", include_str!("shipped/ecommerce.sql"), 4),
    ] {
        let database = TestDatabase::new().await;
        let source = Source::open(template).expect("a shipped template");
        two_of(&source, &database).await;
        for schema in ["alpha", "renamed"] {
            if schema == "renamed" {
                database.execute("alter schema beta rename to renamed").await;
            }
            // The script says what it expects, and raises an error where that does not come.
            database.execute(&format!("begin; set local search_path = {schema}; {script}; commit")).await;
            let asked = script.matches("expects(").count();
            assert!(asked > questions, "{template}: the script asks {asked} questions");
        }
        assert_eq!(
            database.value("select count(*)::text from pg_proc where pronamespace = 'public'::regnamespace").await,
            "0"
        );
    }
}

#[tokio::test]
async fn a_shipped_template_is_a_folder_like_any_other() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let made = cli.json(&["tenant", "create", "Lycée Victor Hugo", "--template", "school"]).await;
    assert_eq!(made["done"], 1, "{made}");
    let list = cli.json(&["tenant", "list"]).await;
    assert_eq!((&list[0]["template"], &list[0]["pending"]), (&json!("school"), &json!(0)), "{list}");
    let status = cli.json(&["migrate", "status", "--dir", "school"]).await;
    assert_eq!(status["tenants"][0]["pending"], json!([]), "{status}");
    assert_eq!(cli.json(&["migrate", "up", "--dir", "school"]).await["skipped"], 1);
}
