//! Figures that say what they are: one notion of a table, estimates that follow the rows, counts only where all is read.

use cadastre_core::connection::Database;
use cadastre_core::stats::{self, Figures};
use cadastre_core::tenant::Selection;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::{Value, json};

fn tenant<'a>(list: &'a Value, schema: &str) -> &'a Value {
    let found = list.as_array().and_then(|list| list.iter().find(|t| t["schema"] == schema));
    found.unwrap_or_else(|| panic!("no {schema} in {list}"))
}

#[tokio::test]
async fn list_stats_and_show_agree_on_what_a_table_is() {
    let database = TestDatabase::new().await;
    database
        .execute(
            "create schema parts;
             create table parts.plain (id int);
             create table parts.split (id int) partition by range (id);
             create table parts.low partition of parts.split for values from (0) to (100);
             create table parts.high partition of parts.split for values from (100) to (1000) partition by range (id);
             create table parts.high_1 partition of parts.high for values from (100) to (500);
             create view parts.seen as select * from parts.plain;
             create materialized view parts.kept as select * from parts.split;
             insert into parts.split select g from generate_series(1, 300) g;
             create schema onlyparts;
             create table onlyparts.empty (id int) partition by list (id);
             create schema ft;
             create foreign data wrapper nowhere;
             create server far foreign data wrapper nowhere;
             create table ft.here (id int);
             create foreign table ft.there (id int) server far;
             create view ft.seen as select * from ft.here;
             create schema shared;
             create view shared.v as select 1 as x;
             create materialized view shared.m as select 1 as x",
        )
        .await;
    let cli = Cli::on(&database.url());
    let list = cli.json(&["tenant", "list"]).await;
    let stats = cli.json(&["stats"]).await["tenants"].clone();
    let exact = cli.json(&["stats", "--exact"]).await["tenants"].clone();
    for (schema, tables) in
        [("parts", vec!["kept", "plain", "split"]), ("onlyparts", vec!["empty"]), ("ft", vec!["here", "there"])]
    {
        assert_eq!(tenant(&list, schema)["tables"], tables.len(), "{schema} in the list");
        let show = cli.json(&["tenant", "show", schema]).await;
        for (place, found) in [
            ("stats", &tenant(&stats, schema)["tables"]),
            ("stats --exact", &tenant(&exact, schema)["tables"]),
            ("show", &show["tables"]),
        ] {
            let names: Vec<&str> =
                found.as_array().expect("tables").iter().filter_map(|t| t["table"].as_str()).collect();
            assert_eq!(names, tables, "{schema} in {place}");
        }
        assert_eq!(tenant(&stats, schema)["totals"]["tables"], tables.len());
        let sizes: i64 =
            show["tables"].as_array().expect("tables").iter().filter_map(|t| t["size_bytes"].as_i64()).sum();
        assert_eq!(show["size_bytes"], sizes, "{schema}");
        assert_eq!(tenant(&stats, schema)["totals"]["size_bytes"], sizes, "{schema}");
    }
    assert_eq!(list.as_array().map(Vec::len), Some(3), "a schema of views alone is no tenant: {list}");
    let split = &tenant(&exact, "parts")["tables"][2];
    assert_eq!((&split["rows"], &split["rows_estimated"]), (&json!(300), &json!(false)), "{split}");
    assert!(split["size_bytes"].as_i64() > Some(0), "the partitions' sizes are the table's: {split}");
    let there = &tenant(&exact, "ft")["tables"][1];
    assert_eq!(there["rows_estimated"], true, "another server's rows are not counted: {there}");
    let show = cli.json(&["tenant", "show", "ft"]).await;
    assert_eq!(show["views"][0]["table"], "seen");
}

#[tokio::test]
async fn the_size_of_a_tenant_in_the_list_is_that_of_its_tables_with_what_is_stored_out_of_line() {
    let database = TestDatabase::new().await;
    database
        .execute(
            "create schema large;
             create table large.papers (id int primary key, title text, text text);
             alter table large.papers alter text set storage external;
             insert into large.papers select g, 'a', repeat(md5(g::text), 300) from generate_series(1, 1500) g;
             create index on large.papers (title);
             create materialized view large.kept as select * from large.papers;
             create index on large.kept (id);
             create table large.parts (id int, text text) partition by range (id);
             create table large.low partition of large.parts for values from (0) to (1000);
             alter table large.low alter text set storage external;
             create index on large.parts (id);
             insert into large.parts select id, text from large.papers where id < 1000;
             create schema small;
             create table small.empty (id int primary key, text text)",
        )
        .await;
    database.execute("vacuum (analyze) large.papers, large.kept, large.parts, small.empty").await;
    let list = Cli::on(&database.url()).json(&["tenant", "list"]).await;
    let core = Database::connect(database.profile(), None).await.expect("the server answers");
    for schema in ["large", "small"] {
        // Table by table, with its indexes, its TOAST and the index of that.
        let pages = format!(
            "select sum(c.relpages + coalesce(t.relpages, 0)
                 + coalesce((select sum(i.relpages) from pg_index x join pg_class i on i.oid = x.indexrelid
                             where x.indrelid in (c.oid, t.oid)), 0))::text
             from pg_class c left join pg_class t on t.oid = c.reltoastrelid
             where c.relkind in ('r', 'm') and c.relnamespace = '{schema}'::regnamespace"
        );
        let pages: i64 = database.value(&pages).await.parse().expect("a number");
        assert_eq!(tenant(&list, schema)["size_bytes"], pages * 8192, "{schema}");
        let one = Selection::named([schema.to_owned()]);
        let estimated = stats::read(&core, &one, Figures::Estimated).await.expect("figures");
        assert_eq!(estimated[0].totals.size_bytes, pages * 8192, "{schema}, as the comparison first shows it");
    }
    // 1,500 values of 9,600 bytes, and 999 of them again, are in tables of TOAST; the view compresses its own.
    assert!(tenant(&list, "large")["size_bytes"].as_i64() > Some(24_000_000), "{list}");
}

#[tokio::test]
async fn an_estimate_follows_rows_that_were_deleted() {
    let database = TestDatabase::new().await;
    database
        .execute("create schema a; create table a.t (id int); insert into a.t select generate_series(1, 1000)")
        .await;
    database.execute("analyze a.t").await;
    let cli = Cli::on(&database.url());
    let rows = async || {
        let list = cli.json(&["tenant", "list"]).await[0]["rows"].clone();
        let stats = cli.json(&["stats"]).await["tenants"][0]["totals"]["rows"].clone();
        let show = cli.json(&["tenant", "show", "a"]).await["tables"][0]["rows"].clone();
        [list, stats, show]
    };
    assert_eq!(rows().await, [1000, 1000, 1000].map(Value::from));
    database.execute("delete from a.t").await;
    // The statistics of a session are reported within a second or at its end.
    database
        .wait_until("select case when pg_stat_get_tuples_deleted('a.t'::regclass) = 1000 then 't' else 'f' end")
        .await;
    assert_eq!(rows().await, [0, 0, 0].map(Value::from));
}

#[tokio::test]
async fn what_a_role_may_not_read_stays_an_estimate_and_the_rest_is_counted() {
    let database = TestDatabase::new().await;
    let role = format!("reader_{}", &database.name()[5..15]);
    database
        .execute(&format!(
            "create role {role} login;
             create schema open; create table open.t (id int); insert into open.t values (1), (2);
             create schema closed; create table closed.t (id int); insert into closed.t values (1);
             create schema policed; create table policed.t (id int); insert into policed.t values (1), (2);
             alter table policed.t enable row level security;
             create schema part; create table part.yes (id int); create table part.no (id int);
             insert into part.yes values (1);
             grant usage on schema open, policed, part to {role};
             grant select on open.t, policed.t, part.yes to {role}"
        ))
        .await;
    let cli = Cli::on(&database.url_as(&role));
    let call = cli.run(&["stats", "--exact", "--json"]).await;
    assert_eq!(call.code, 0, "{call}");
    let stats = call.document()["tenants"].clone();
    let estimated = |schema: &str| tenant(&stats, schema)["totals"]["rows_estimated"].clone();
    assert_eq!(estimated("open"), false);
    assert_eq!(tenant(&stats, "open")["totals"]["rows"], 2);
    for schema in ["closed", "policed", "part"] {
        assert_eq!(estimated(schema), true, "{schema}");
        assert!(call.stderr.contains(&format!("{schema}: 1 of ")), "{call}");
    }
    assert_eq!(tenant(&stats, "part")["tables"][1]["rows_estimated"], false);
    assert!(!call.stderr.contains("open:"), "{call}");
    let list = cli.json(&["tenant", "list", "--exact"]).await;
    assert_eq!(tenant(&list, "open")["rows_estimated"], false);
    assert_eq!(tenant(&list, "policed")["rows_estimated"], true, "no exact 0 where a policy hides rows");
    let compared = cli.json(&["compare", "open", "closed", "--exact"]).await;
    assert_eq!(compared["tenants"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_role_that_may_have_one_session_only_lists_the_tenants_all_the_same() {
    let database = TestDatabase::new().await;
    let role = format!("single_{}", &database.name()[5..15]);
    database
        .execute(&format!(
            "create role {role} login connection limit 1;
             create schema a; create table a._sqlx_migrations (version bigint, description text, installed_on timestamptz,
                success boolean, checksum bytea, execution_time bigint);
             insert into a._sqlx_migrations values (7, 'x', now(), true, '\\x00', 1);
             grant usage on schema a to {role}; grant select on a._sqlx_migrations to {role}"
        ))
        .await;
    let list = Cli::on(&database.url_as(&role)).json(&["tenant", "list"]).await;
    assert_eq!(tenant(&list, "a")["version"], 7);
}

#[tokio::test]
async fn figures_of_many_tenants_are_the_same_from_two_sessions_and_from_one() {
    let database = TestDatabase::new().await;
    let role = format!("alone_{}", &database.name()[5..15]);
    database
        .execute(&format!(
            "do $$ begin
                 for n in 1..330 loop
                     execute format('create schema %I', 't' || n);
                     for k in 1..n % 3 + 1 loop
                         execute format('create table %I.%I (id int primary key)', 't' || n, 'lines' || k);
                     end loop;
                     execute format('comment on schema %I is %L', 't' || n, 'Tenant ' || n);
                 end loop;
             end $$;
             create role {role} login connection limit 1"
        ))
        .await;
    let alone = Cli::on(&database.url_as(&role));
    let two = Cli::on(&database.url());
    let all = two.json(&["stats"]).await;
    let checked = |answer: &Value| {
        let tenants = answer["tenants"].as_array().expect("tenants");
        for tenant in tenants {
            let number: i64 = tenant["schema"].as_str().expect("a name")[1..].parse().expect("a number");
            let expected = json!(number % 3 + 1);
            assert_eq!((&tenant["totals"]["tables"], &tenant["totals"]["indexes"]), (&expected, &expected), "{tenant}");
        }
        tenants.len()
    };
    assert_eq!(checked(&all), 330);
    assert_eq!(alone.json(&["stats"]).await["tenants"], all["tenants"]);
    assert_eq!(checked(&alone.json(&["compare", "t4", "t5"]).await), 2);
    // What only the tenants can tell: a pattern, and a tenant's name instead of its schema's.
    let some = two.json(&["stats", "--select", "t3*", "--except", "t31*"]).await;
    assert_eq!(checked(&some), 31, "t3, t30, t32 to t39, t300 to t309, t320 to t330");
    let named = two.json(&["stats", "t7", "Tenant 8"]).await;
    assert_eq!(checked(&named), 2);
    assert_eq!((&named["tenants"][0]["schema"], &named["tenants"][1]["schema"]), (&json!("t7"), &json!("t8")));
}
