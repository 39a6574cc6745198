//! Removing quarantined tenants for good: only when it may be, all of it, nothing beyond it, and within the lock table.

use crate::quarantine::{acme, assert_backup, drop_acme, record, schemas, whole};
use cadastre_core::demo::Cluster;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::json;

const NOW: [&str; 3] = ["--older-than", "0d", "--yes"];

async fn refused(cli: &Cli, more: &[&str], reason: &str) {
    let error = cli.refused(&[&["tenant", "purge", "acme", "--yes"], more].concat(), 4, "plan_blocked").await;
    assert!(error["message"].as_str().is_some_and(|m| m.contains(reason)), "{error}");
}

/// What a tenant is made of, whatever numbers the server gives to objects.
fn unnumbered(whole: Vec<String>) -> Vec<String> {
    let numbered = |word: &str| ["relation", "routine", "type", "sequence"].contains(&word);
    let mut lines: Vec<String> = whole
        .into_iter()
        .map(|line| match line.split(' ').collect::<Vec<_>>().as_slice() {
            [kind, _, rest @ ..] if numbered(kind) => format!("{kind} {}", rest.join(" ")),
            _ => line,
        })
        .collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn a_purge_removes_all_of_a_tenant_and_nothing_beyond_it() {
    let (database, cli) = acme().await;
    // Objects that depend on each other in a circle, and what leads out of the tenant.
    database
        .execute(
            "create table public.users (id int primary key); insert into public.users values (1); \
             create table acme.member (id int primary key, usr int references public.users, boss int references acme.member); \
             insert into acme.member values (1, 1, 1); \
             create table acme.knot (id int); \
             create function acme.next_knot(acme.knot) returns int language sql as 'select 1'; \
             create function acme.first_knot() returns int language sql as 'select 1'; \
             alter table acme.knot alter column id set default acme.first_knot(); \
             create function acme.check_knot(r acme.knot) returns boolean language sql immutable as 'select true'; \
             alter table acme.knot add check (acme.check_knot(knot)); \
             create aggregate acme.longest(text) (sfunc = textcat, stype = text); \
             create operator acme.<+> (leftarg = text, rightarg = text, function = textcat); \
             create collation acme.plain (locale = 'C'); \
             create cast (acme.mood as int) with inout as assignment; \
             create operator family acme.kinds using btree; \
             create text search configuration acme.words (copy = pg_catalog.simple); \
             create type acme.span as range (subtype = float8); \
             create type acme.pair as (a int, b acme.mood); \
             create table acme.typed of acme.pair; \
             create statistics acme.together on id, name from acme.person; \
             create table acme.ordered (p acme.person, s acme.span); \
             alter table acme.person enable row level security; \
             create policy mine on acme.person using (acme.shout(name) is not null); \
             create rule quiet as on delete to acme.base do instead nothing; \
             create procedure acme.nothing() language sql as ''",
        )
        .await;
    let before = (whole(&database, "other").await, whole(&database, "public").await);
    let acme_before = whole(&database, "acme").await;
    let quarantine = drop_acme(&cli).await;
    let kept = record(&database, &quarantine).await;
    // A workbook does not make an operator family again; the archive does. Whoever has lost it has to say so.
    let plan = cli.json(&["tenant", "purge", "acme", "--older-than", "0d", "--dry-run"]).await;
    assert!(
        plan["checks"].as_array().is_some_and(|all| all.iter().any(|c| c["code"] == "drop_in_archive_only")),
        "{plan}"
    );
    let archive = kept["archive"]["path"].as_str().expect("a path");
    let aside = format!("{archive}.aside");
    std::fs::rename(archive, &aside).expect("the archive can be moved");
    refused(&cli, &["--older-than", "0d"], "(cadastre backup create): operator family kinds.").await;
    let all = ["tenant", "purge", "acme", "--older-than", "0d", "--without-backup"];
    let plan = cli.json(&[&all[..], &["--dry-run"]].concat()).await;
    assert!(plan["objects"].as_u64() > Some(25), "{plan}");
    assert_eq!(schemas(&database).await, [quarantine.as_str(), "other"]);
    let purged = cli.json(&[&all[..], &["--yes"]].concat()).await;
    assert_eq!((&purged["done"], &purged["kind"]), (&json!(1), &json!("purge")), "{purged}");
    assert_eq!(schemas(&database).await, ["other"]);
    assert_eq!((whole(&database, "other").await, whole(&database, "public").await), before);
    assert_eq!(database.value("select count(*) from public.users").await, "1");
    std::fs::rename(&aside, archive).expect("the archive can be moved");
    assert_backup(&kept);
    cli.refused(&["tenant", "purge", "acme", "--yes"], 4, "not_quarantined").await;
    // All of it comes back from there.
    let restored = cli.json(&["backup", "restore", archive, "--yes"]).await;
    assert_eq!(restored["run"]["done"], 1, "{restored}");
    assert_eq!(unnumbered(whole(&database, "acme").await), unnumbered(acme_before));
}

#[tokio::test]
async fn a_purge_waits_for_the_grace_period_and_wants_the_backup_that_was_verified() {
    let (database, cli) = acme().await;
    cli.refused(&["tenant", "purge", "acme", "--yes"], 4, "not_quarantined").await;
    let quarantine = drop_acme(&cli).await;
    let before = whole(&database, &quarantine).await;
    refused(&cli, &[], "30 days").await;
    refused(&cli, &["--older-than", "1h"], "1 hour").await;
    let path = record(&database, &quarantine).await["backup"]["path"].as_str().expect("a path").to_owned();
    let good = std::fs::read(&path).expect("the backup");
    let mut bad = good.clone();
    let middle = bad.len() / 2;
    bad[middle] ^= 1;
    std::fs::write(&path, &bad).expect("one other byte");
    refused(&cli, &["--older-than", "0d"], "not the file that was verified").await;
    std::fs::remove_file(&path).expect("removed");
    refused(&cli, &["--older-than", "0d"], "cannot be read").await;
    assert_eq!(whole(&database, &quarantine).await, before);
    // On purpose, it goes without.
    let purged = cli.json(&[&["tenant", "purge", "acme", "--without-backup"][..], &NOW].concat()).await;
    assert_eq!(purged["done"], 1, "{purged}");
    assert_eq!(schemas(&database).await, ["other"]);
}

#[tokio::test]
async fn what_depends_on_a_tenant_from_elsewhere_stops_its_purge() {
    let (database, cli) = acme().await;
    let quarantine = drop_acme(&cli).await;
    let name = format!("\"{quarantine}\"");
    for (make, remove, object) in [
        (format!("create view other.people as select * from {name}.person"), "drop view other.people", "other.people"),
        (
            format!("create table other.of_person (p bigint references {name}.person)"),
            "drop table other.of_person",
            "other.of_person",
        ),
        (format!("create table other.heir () inherits ({name}.base)"), "drop table other.heir", "other.heir"),
        (
            format!(
                "create table other.log_2027 partition of {name}.log for values from ('2027-01-01') to ('2028-01-01')"
            ),
            "drop table other.log_2027",
            "other.log_2027",
        ),
        (
            format!("create function other.f({name}.mood) returns int language sql as 'select 1'"),
            &format!("drop function other.f({name}.mood)"),
            "other.f",
        ),
        (
            format!("create table other.defaulted (id bigint default nextval('{name}.free_number'))"),
            "drop table other.defaulted",
            "other.defaulted",
        ),
        (format!("create extension citext schema {name}"), "drop extension citext", "citext"),
    ] {
        database.execute(&make).await;
        let before = whole(&database, &quarantine).await;
        refused(&cli, &["--older-than", "0d"], object).await;
        assert_eq!(whole(&database, &quarantine).await, before, "{make}");
        database.execute(remove).await;
    }
    let purged = cli.json(&[&["tenant", "purge", "acme"][..], &NOW].concat()).await;
    assert_eq!(purged["done"], 1, "{purged}");
}

#[tokio::test]
async fn rows_that_were_changed_in_quarantine_are_not_purged() {
    let (database, cli) = acme().await;
    let quarantine = drop_acme(&cli).await;
    database.execute(&format!("insert into \"{quarantine}\".base values (7)")).await;
    let before = whole(&database, &quarantine).await;
    let call = cli.run(&[&["tenant", "purge", "acme", "--json"][..], &NOW].concat()).await;
    assert_eq!(call.code, 4, "{call}");
    assert_eq!(call.document()["tenants"][0]["error"]["code"], "backup_differs", "{call}");
    assert_eq!(whole(&database, &quarantine).await, before);
}

#[tokio::test]
async fn three_thousand_tables_go_and_come_within_a_small_lock_table() {
    let cluster = Cluster::builder().setting("max_locks_per_transaction", "64").setting("max_connections", "100");
    let cluster = cluster.start().await.expect("tests need an installed PostgreSQL server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    let cli = Cli::on(&database.url());
    database.execute("create schema acme; create schema other").await;
    for hundred in 0..30 {
        database
            .execute(&format!(
                "do $$ begin for n in {hundred} * 100 .. {hundred} * 100 + 99 loop \
                   execute format('create table acme.t%s (id int primary key, body text)', n); \
                   if n % 10 = 9 then execute format('alter table acme.t%s add foreign key (id) references acme.t%s', n, n - 1); end if; \
                   execute format('insert into acme.t%s values (1, repeat(''x'', 10))', n); \
                 end loop; end $$"
            ))
            .await;
    }
    // In one transaction it would not go.
    let mut session = database.database.session(cadastre_core::connection::Purpose::Create).await.expect("a session");
    let at_once = session.execute("begin; drop schema acme cascade").await.expect_err("too many locks");
    assert_eq!(at_once.sqlstate(), Some("53200"), "{at_once}");
    session.execute("rollback").await.expect("rolled back");
    session.close().await;
    let dropped = cli.json(&["tenant", "drop", "acme", "--yes"]).await;
    assert_eq!((&dropped["tables"], &dropped["rows"]), (&json!(3000), &json!(3000)), "{}", dropped["run"]);
    cli.json(&["tenant", "undrop", "acme"]).await;
    assert_eq!(
        database
            .value(
                "select count(*) from pg_catalog.pg_class where relnamespace = 'acme'::regnamespace and relkind = 'r'"
            )
            .await,
        "3000"
    );
    cli.json(&["tenant", "drop", "acme", "--yes"]).await;
    let purged = cli.json(&[&["tenant", "purge", "acme"][..], &NOW].concat()).await;
    assert_eq!(purged["done"], 1, "{purged}");
    assert_eq!(schemas(&database).await, ["other"]);
}
