//! A restore runs what a file defines, and a clone what a tenant has: neither changes anything outside the tenant that it makes.

use cadastre_tests::{Cli, TestDatabase};

/// What runs while rows are checked, and what it leaves outside the tenant.
const REACHES: [(&str, &str); 4] = [
    ("insert into public.seen values (1)", "public.seen"),
    ("create or replace function public.f() returns int language sql as 'select 2'", "public.f"),
    ("drop table if exists public.gone", "public.gone"),
    ("comment on table public.seen is 'x'; create schema if not exists elsewhere", "elsewhere"),
];

#[tokio::test]
async fn what_a_copy_would_change_elsewhere_is_rolled_back() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    let made = "create table public.seen (n int); create table public.gone (n int); create table public.base (id int primary key);
        create function public.f() returns int language sql as 'select 1';
        create schema acme; create table acme.t (id serial primary key, base int references public.base);
        create table acme.child (extra int) inherits (public.base); insert into public.base values (1);
        create function acme.looks(int) returns bool language plpgsql as $f$ begin return true; end $f$;
        insert into acme.t (base) values (1), (null); alter table acme.t add check (acme.looks(id))";
    database.execute(made).await;
    // A key to a shared table and a shared parent are no change of these.
    cli.json(&["tenant", "clone", "acme", "Twin"]).await;
    for (act, name) in REACHES {
        let spies = format!(
            "create or replace function acme.looks(int) returns bool language plpgsql as $f$ begin {act}; return true; end $f$"
        );
        database.execute(&spies).await;
        let file = cli.json(&["export", "acme", "--to", &cli.path("")]).await["files"][0]["path"].clone();
        let restore = ["workbook", "restore", file.as_str().expect("a path"), "--as", "Back", "--json"];
        for call in [&restore[..], &["tenant", "clone", "acme", "Second", "--json"]] {
            let call = cli.run(call).await;
            let document = call.document();
            let run = if document["run"].is_object() { &document["run"] } else { &document };
            let error = &run["tenants"][0]["error"];
            assert_eq!((call.code, &error["code"]), (4, &"copy_touches_outside".into()), "{call}");
            let message = error["message"].as_str().expect("a message");
            assert!(message.contains("outside the tenant") && message.contains(name), "{call}");
        }
    }
    assert_eq!(database.column("select n::text from public.seen").await, [""; 0]);
    assert_eq!(database.value("select public.f()::text").await, "1");
    let schemas = "select nspname::text from pg_namespace where nspname !~ '^(pg_|information_schema)' order by 1";
    assert_eq!(database.column(schemas).await, ["acme", "public", "twin"]);
}
