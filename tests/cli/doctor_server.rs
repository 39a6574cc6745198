//! What the doctor finds about a server and a database as a whole, and what it leaves alone.

use cadastre_core::ErrorKind;
use cadastre_core::connection::Purpose;
use cadastre_core::demo::Cluster;
use cadastre_core::health::doctor::{self, FixRequest};
use cadastre_core::local::Home;
use cadastre_core::tenant::Selection;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};

async fn findings(cli: &Cli) -> Vec<Value> {
    let call = cli.run(&["doctor", "--json"]).await;
    let document = call.document();
    document["findings"].as_array().unwrap_or_else(|| panic!("no findings: {call}")).clone()
}

/// The one finding, of this check.
async fn only(cli: &Cli, check: &str) -> Value {
    let all = findings(cli).await;
    let [finding] = all.as_slice() else { panic!("not one finding: {all:#?}") };
    assert_eq!((&finding["check"], &finding["schema"]), (&json!(check), &Value::Null), "{finding:#}");
    finding.clone()
}

fn sql(finding: &Value) -> &str {
    finding["fix_sql"].as_str().unwrap_or_else(|| panic!("no SQL: {finding:#}"))
}

#[tokio::test]
async fn a_tenant_that_is_too_large_for_the_table_of_locks_is_found_with_the_setting_that_helps() {
    let cluster = Cluster::builder().setting("max_connections", "20").start().await.expect("a server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    let cli = Cli::on(&database.url());
    database.execute("create schema large; create schema small; create table small.t (id int primary key)").await;
    let tables: String =
        (0..250).map(|n| format!("create table large.t{n} (id int primary key, words text);")).collect();
    database.execute(&tables).await;
    let finding = only(&cli, "lock_budget").await;
    assert_eq!(
        finding["params"],
        json!({ "tenant": "large", "relations": "1000", "budget": "1280", "setting": "128" })
    );
    // It takes a restart, which no plan can prove.
    assert_eq!(finding["fixable"], false);
    database.execute(sql(&finding).trim_end_matches(';')).await;
    cluster.restart().await.expect("it starts again");
    assert_eq!(findings(&cli).await, [Value::Null; 0]);
}

#[tokio::test]
async fn dead_rows_in_the_catalogs_are_found_and_vacuumed() {
    let cluster = Cluster::builder().setting("autovacuum", "off").start().await.expect("a server");
    for by_plan in [false, true] {
        let database = TestDatabase::on(&cluster).await.expect("a database");
        let cli = Cli::on(&database.url());
        database.execute("create schema acme; create table acme.t (id int primary key)").await;
        assert_eq!(findings(&cli).await, [Value::Null; 0]);
        let columns: Vec<String> = (0..1500).map(|n| format!("a_column_with_a_name_{n} int")).collect();
        let wide = format!("create table public.wide ({}); drop table public.wide", columns.join(", "));
        for _ in 0..110 {
            database.execute(&wide).await;
        }
        let finding = only(&cli, "catalog_bloat").await;
        assert_eq!(finding["object"], "pg_attribute");
        if by_plan {
            let repaired = cli.json(&["doctor", "--fix", "--yes"]).await;
            let outcome = &repaired["run"]["tenants"][0];
            assert_eq!(
                (&outcome["schema"], &outcome["outcome"]),
                (&json!("pg_database"), &json!("done")),
                "{repaired:#}"
            );
        } else {
            database.execute(sql(&finding).trim_end_matches(';')).await;
        }
        assert_eq!(findings(&cli).await, [Value::Null; 0]);
    }
}

#[tokio::test]
async fn transaction_numbers_that_run_out_are_found_with_what_holds_them_back() {
    let cluster =
        Cluster::builder().setting("autovacuum_freeze_max_age", "100000").setting("max_prepared_transactions", "5");
    let cluster = cluster.setting("autovacuum", "off").start().await.expect("a server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    let cli = Cli::on(&database.url());
    database.execute("create schema acme; create table acme.t (id int primary key)").await;
    database.execute("begin; insert into acme.t values (1); prepare transaction 'left \"over\"'").await;
    database
        .execute(
            "create procedure public.burn() language plpgsql as $$ begin for n in 1 .. 160000 loop \
               perform pg_catalog.pg_current_xact_id(); commit; end loop; end $$",
        )
        .await;
    database.execute("call public.burn()").await;
    let finding = only(&cli, "wraparound").await;
    assert_eq!((&finding["code"], &finding["level"]), (&json!("wraparound_xid"), &json!("warning")));
    let held = finding["evidence"].as_array().expect("facts").iter().find(|fact| fact["name"] == "held_by_prepared");
    let held = held.unwrap_or_else(|| panic!("nothing holds it: {finding:#}"))["value"].as_str().unwrap_or_default();
    assert!(held.starts_with("left \"over\": "), "{held}");
    // As long as that is there VACUUM can do nothing, and the repair says so.
    let call = cli.run(&["doctor", "--fix", "--yes", "--json"]).await;
    let error = &call.document()["run"]["tenants"][0]["error"];
    assert_eq!((call.code, &error["code"]), (1, &json!("repair_incomplete")), "{call}");
    database.execute("rollback prepared 'left \"over\"'").await;
    database.execute(sql(&finding).trim_end_matches(';')).await;
    assert_eq!(findings(&cli).await, [Value::Null; 0]);
}

#[tokio::test]
async fn multixacts_that_run_out_are_found_and_frozen() {
    let cluster =
        Cluster::builder().setting("autovacuum_multixact_freeze_max_age", "10000").setting("autovacuum", "off");
    let cluster = cluster.setting("max_prepared_transactions", "5").start().await.expect("a server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    let cli = Cli::on(&database.url());
    // Who locks a row, and locks it more in a part of the transaction, makes a multixact of two.
    database
        .execute(
            "create schema acme; create table acme.t (id int primary key); insert into acme.t values (1), (2); \
             create procedure public.burn() language plpgsql as $$ begin for n in 1 .. 16000 loop \
               perform 1 from acme.t where id = 1 for key share; \
               begin perform 1 from acme.t where id = 1 for share; exception when division_by_zero then null; end; \
               commit; end loop; end $$",
        )
        .await;
    assert_eq!(findings(&cli).await, [Value::Null; 0]);
    // Whoever may still look at the old ones: vacuum, also the one that autovacuum cannot do without, leaves them.
    database.execute("begin; select 1 from acme.t where id = 2 for share; prepare transaction 'reader'").await;
    database.execute("call public.burn()").await;
    let finding = only(&cli, "wraparound").await;
    assert_eq!((&finding["code"], &finding["level"]), (&json!("wraparound_mxid"), &json!("warning")));
    let call = cli.run(&["doctor", "--fix", "--yes", "--json"]).await;
    let error = &call.document()["run"]["tenants"][0]["error"];
    assert_eq!((call.code, &error["code"]), (1, &json!("repair_incomplete")), "{call}");
    database.execute("rollback prepared 'reader'").await;
    let repaired = cli.json(&["doctor", "--fix", "--yes"]).await;
    assert_eq!(repaired["run"]["tenants"][0]["outcome"], "done", "{repaired:#}");
    assert_eq!(findings(&cli).await, [Value::Null; 0]);
}

#[tokio::test]
async fn a_fleet_of_every_shipped_template_and_one_of_a_framework_have_nothing_wrong() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    for template in ["talentmatch", "school", "training-programme", "health", "ecommerce"] {
        let names = [format!("{template} one"), format!("{template} two")];
        cli.json(&["tenant", "create", &names[0], &names[1], "--template", template]).await;
    }
    assert_eq!(findings(&cli).await, [Value::Null; 0]);
    // As django-tenants makes them: by one role, with nothing granted, and rows.
    let tables: String = (0..11)
        .map(|table| {
            format!(
                "create table {{s}}.app_model{table} (id bigint generated by default as identity primary key, name varchar(99) unique, \
                 parent_id bigint references {{s}}.app_model{table} deferrable initially deferred); \
                 create index on {{s}}.app_model{table} (parent_id); \
                 insert into {{s}}.app_model{table} (name) select 'row ' || g from generate_series(1, 3) g;"
            )
        })
        .collect();
    let tables = format!(
        "create schema {{s}}; {tables} create table {{s}}.django_migrations (id serial primary key, app text);"
    );
    for tenant in 0..100 {
        database.execute(&tables.replace("{s}", &format!("client{tenant:03}"))).await;
    }
    let document = cli.json(&["doctor"]).await;
    assert_eq!((&document["findings"], &document["tenants"]), (&json!([]), &json!(110)), "{document:#}");
    assert_eq!(document["not_checked"].as_array().map(Vec::len), Some(2), "{document:#}");
}

#[tokio::test]
async fn hostile_names_are_repaired_like_any_other() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let mark = &database.name()[5..13];
    let role = format!("\"r{mark} \"\"é'; --\"");
    let schema = "\"Ö \"\"x'\n; drop table t; --\"";
    let long = format!("\"{}\"", "é".repeat(31));
    database.execute(&format!("create role {role}")).await;
    for schema in [schema, &long, "plain"] {
        database
            .execute(&format!(
                "create schema {schema}; create table {schema}.{long} (id serial primary key, \"a\"\"b\" int); \
                 create table {schema}.b (id int primary key); create table {schema}.c (id int primary key); \
                 grant usage on schema {schema} to {role}; grant select, insert on all tables in schema {schema} to {role}; \
                 grant usage on all sequences in schema {schema} to {role}; \
                 alter default privileges in schema {schema} grant select, insert on tables to {role}; \
                 alter default privileges in schema {schema} grant usage on sequences to {role}"
            ))
            .await;
    }
    assert_eq!(findings(&cli).await, [Value::Null; 0]);
    let broken = format!(
        "insert into {schema}.{long} (id) values (7); revoke usage on schema {schema} from {role}; \
         create function {schema}.\"f(\"\"'\"(\"a b\" int) returns int language sql security definer as 'select 1'; \
         revoke select on {schema}.b from {role}; alter table {schema}.c add constraint \"k\"\"'\" check (id > 0) not valid; \
         alter role {role} in database {} set search_path = \"gone, \"\"x\", {schema}",
        database.name()
    );
    database.execute(&broken).await;
    let found = findings(&cli).await;
    let checks: Vec<&str> = found.iter().filter_map(|finding| finding["check"].as_str()).collect();
    assert_eq!(
        checks,
        ["search_path", "definer", "usage", "sequence_behind", "table_grants", "constraint_unchecked"],
        "{found:#?}"
    );
    for finding in &found {
        database.execute(sql(finding)).await;
    }
    assert_eq!(findings(&cli).await, [Value::Null; 0]);
    database
        .execute(
            &broken
                .replace("(id) values (7)", "(id) values (97)")
                .replace("create function", "create or replace function")
                .replace("add constraint \"k\"\"'\"", "add constraint \"l\"\"'\""),
        )
        .await;
    let repaired = cli.json(&["doctor", "--fix", "--yes"]).await;
    assert_eq!((&repaired["findings"], &repaired["run"]["done"]), (&json!([]), &json!(2)), "{repaired:#}");
}

#[tokio::test]
async fn a_repair_is_refused_when_what_it_was_planned_for_is_gone_and_where_nothing_may_be_written() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    database
        .execute("create schema acme; create table acme.t (id serial primary key); insert into acme.t values (5)")
        .await;
    let plan =
        doctor::plan_fix(&database.database, &Selection::default(), FixRequest::default()).await.expect("a plan");
    assert_eq!(plan.findings.len(), 1);
    let home = Home::open(cli.home()).await.expect("a home");
    database.execute("select setval('acme.t_id_seq', 5)").await;
    let refused = doctor::apply_fix(&home, &database.database, plan).await.map(|_| ()).expect_err("it is gone");
    assert!(matches!(refused.kind(), ErrorKind::PlanStale { what } if what.contains("t.id")), "{refused:?}");
    database.execute("insert into acme.t values (9)").await;
    let reader = Cli::new();
    reader.json(&["profile", "add", "Support", "--url", &database.url(), "--read-only"]).await;
    assert_eq!(
        reader.run(&["doctor", "--profile", "Support", "--json"]).await.document()["findings"][0]["check"],
        "sequence_behind"
    );
    reader.refused(&["doctor", "--fix", "--yes", "--profile", "Support"], 4, "read_only").await;
    // A role that may read nothing is told what could not be looked at.
    let mark = format!("d{}", &database.name()[5..13]);
    database.execute(&format!("create role {mark} login")).await;
    let weak = Cli::on(&database.url_as(&mark)).json(&["doctor"]).await;
    assert_eq!(weak["findings"], json!([]), "{weak:#}");
    let reasons = weak["not_checked"].as_array().expect("a list");
    let of = |check: &str| {
        reasons.iter().find(|one| one["check"] == check).unwrap_or_else(|| panic!("no {check}: {weak:#}"))
    };
    assert_eq!((&of("sequence_behind")["reason"], &of("sequence_behind")["objects"]), (&json!("no_right"), &json!(1)));
    assert_eq!(of("wraparound")["reason"], "sessions_hidden");
}

#[tokio::test]
async fn single_tenants_and_checks_are_looked_at_alone_and_what_fails_is_undone() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    database
        .execute(
            "create schema acme; create table acme.t (id serial primary key); insert into acme.t values (5); \
             create table acme.u (id int, n int); insert into acme.u values (-1); alter table acme.u add constraint positive check (id > 0) not valid; \
             create schema beta; create table beta.t (id serial primary key); insert into beta.t values (5)",
        )
        .await;
    let one = cli.run(&["doctor", "beta", "--json"]).await.document();
    let schemas: Vec<&Value> = one["findings"].as_array().expect("findings").iter().map(|f| &f["schema"]).collect();
    assert_eq!((schemas, &one["tenants"]), (vec![&json!("beta")], &json!(1)));
    assert!(
        one["not_checked"]
            .as_array()
            .expect("a list")
            .iter()
            .any(|n| n["check"] == "wraparound" && n["reason"] == "selection")
    );
    let notes = cli.json(&["doctor", "--check", "constraint_unchecked", "--check", "usage"]).await;
    assert_eq!(notes["findings"].as_array().map(Vec::len), Some(1));
    assert_eq!(notes["checks_run"].as_array().map(Vec::len), Some(2));
    assert_eq!(cli.run(&["doctor", "--check", "everything"]).await.code, 2);
    // Older rows contradict the constraint: all of that tenant's repair is rolled back, the other tenant's is not.
    let call = cli.run(&["doctor", "--fix", "--yes", "--json"]).await;
    let document = call.document();
    assert_eq!((call.code, &document["run"]["done"], &document["run"]["failed"]), (3, &json!(1), &json!(1)), "{call}");
    let left: Vec<&Value> = document["findings"].as_array().expect("findings").iter().map(|f| &f["check"]).collect();
    assert_eq!(left, ["sequence_behind", "constraint_unchecked"], "{call}");
    assert_eq!(database.value("select last_value::text from acme.t_id_seq").await, "1");
    let spoken = cli.run(&["doctor"]).await;
    assert!(spoken.stdout.contains("sequence_behind (1)\n  The next INSERT takes"), "{spoken}");
    assert!(spoken.stdout.contains("      select pg_catalog.setval('\"acme\".\"t_id_seq\"'"), "{spoken}");
    let mut session = database.database.session(Purpose::Catalog).await.expect("a session");
    session.execute("select 1").await.expect("it works");
}
