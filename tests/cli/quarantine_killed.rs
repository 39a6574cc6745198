//! Programs and servers killed at any moment of a drop and of the way back: a tenant is whole under its name, or whole in
//! quarantine with its verified backup.

use crate::faults::Random;
use crate::quarantine::{assert_backup, record, schemas};
use crate::targets::file_system;
use cadastre_core::demo::Cluster;
use cadastre_tests::{Cli, TestDatabase};
use serde_json::json;
use std::process::Command;

pub const TABLES: usize = 60;
pub const DROP: [&str; 5] = ["tenant", "drop", "acme", "--yes", "--json"];
pub const UNDROP: [&str; 4] = ["tenant", "undrop", "acme", "--json"];

/// A tenant of some size.
pub async fn tenant(database: &TestDatabase) {
    database
        .execute(&format!(
            "create schema acme; comment on schema acme is 'Acme'; grant usage on schema acme to pg_monitor; \
             do $$ begin for n in 1 .. {TABLES} loop \
               execute format('create table acme.t%s (id serial primary key, body text)', n); \
               execute format('insert into acme.t%s (body) select md5(''%s '' || g) from generate_series(1, 200) g', n, n); \
               if n > 1 then execute format('alter table acme.t%s add foreign key (id) references acme.t%s', n, n - 1); end if; \
             end loop; end $$; \
             create view acme.seen as select * from acme.t1; \
             create function acme.f() returns setof acme.t2 language sql as 'select * from acme.t2'"
        ))
        .await;
}

/// Rights, comment and every row of a schema, whatever it is called.
pub async fn content(database: &TestDatabase, schema: &str) -> Vec<String> {
    let mut state = database
        .column(&format!(
            "select coalesce(n.nspacl::text, '–') || ' ' || coalesce(pg_catalog.obj_description(n.oid, 'pg_namespace'), '–') \
             from pg_catalog.pg_namespace n where n.nspname = '{schema}'"
        ))
        .await;
    state.extend(rows(database, schema).await);
    state
}

async fn rows(database: &TestDatabase, schema: &str) -> Vec<String> {
    let digests: Vec<String> = (1..=TABLES)
        .map(|n| format!("select '{n} ' || count(*) || ' ' || md5(string_agg(t::text, '|' order by t.id)) from \"{schema}\".t{n} t"))
        .collect();
    database.column(&format!("{} order by 1", digests.join(" union all "))).await
}

/// Waits until nobody of ours is at work on the server any more: it hears of a killed program when it next speaks to it, and
/// until then it finishes the transaction that it was sent.
pub async fn quiet(database: &TestDatabase) {
    let gone = "select case when count(*) = 0 then 't' else 'f' end from pg_catalog.pg_stat_activity \
                where datname = pg_catalog.current_database() and application_name in ('cadastre quarantine', 'cadastre export')";
    database.wait_until(gone).await;
}

/// The one schema there is, after somebody was killed: whole under its name, or whole in quarantine with its backup.
pub async fn look(database: &TestDatabase, before: &[String], when: &str) -> String {
    quiet(database).await;
    let schemas = schemas(database).await;
    let [schema] = schemas.as_slice() else { panic!("{when}: {schemas:?}") };
    if schema == "acme" {
        assert_eq!(content(database, schema).await, before, "{when}");
    } else {
        assert!(schema.starts_with("_cadastre_q_"), "{when}: {schema}");
        assert_eq!(rows(database, schema).await, before[1..], "{when}");
        assert_backup(&record(database, schema).await);
    }
    schema.clone()
}

#[tokio::test]
async fn drops_killed_at_twenty_random_moments_lose_nothing() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    tenant(&database).await;
    let before = content(&database, "acme").await;
    let call = cli.run(&DROP).await;
    assert_eq!(call.code, 0, "{call}");
    let mut took = call.took;
    cli.json(&UNDROP[..3]).await;
    let (random, mut killed, mut sealed) = (Random::new(), 0, 0);
    for attempt in 0..60 {
        if killed >= 20 && sealed > 0 {
            return;
        }
        // Some of them late: the rename and what follows are a small part of it.
        let share = if attempt % 2 == 0 { random.share() } else { 0.7 + 0.3 * random.share() };
        let call = cli.start(&DROP);
        tokio::time::sleep(took.mul_f64(share)).await;
        let call = call.kill().await;
        let when = format!("killed at {share:.3} of {took:?}, attempt {attempt}, seed {}", random.seed);
        killed += u32::from(call.code == -1);
        let schema = look(&database, &before, &when).await;
        // The machine may be slower or faster by now.
        if call.code == 0 {
            took = call.took;
        } else if schema == "acme" && share > 0.9 {
            took = took.mul_f64(1.1);
        }
        if schema != "acme" {
            sealed += u32::from(call.code == -1);
            cli.json(&UNDROP[..3]).await;
        }
        assert_eq!(look(&database, &before, &when).await, "acme");
    }
    panic!("killed {killed} times, {sealed} of them in quarantine, seed {}", random.seed);
}

#[tokio::test]
async fn the_way_back_killed_at_twenty_random_moments_is_taken_wholly_or_not_at_all() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    tenant(&database).await;
    let before = content(&database, "acme").await;
    cli.json(&DROP[..4]).await;
    let mut took = cli.run(&UNDROP).await.took;
    let (random, mut killed) = (Random::new(), 0);
    for attempt in 0..60 {
        if killed >= 20 {
            return;
        }
        if look(&database, &before, "between").await == "acme" {
            cli.json(&DROP[..4]).await;
        }
        let share = random.share();
        let call = cli.start(&UNDROP);
        tokio::time::sleep(took.mul_f64(share)).await;
        let call = call.kill().await;
        killed += u32::from(call.code == -1);
        let when = format!("killed at {share:.3} of {took:?}, attempt {attempt}, seed {}", random.seed);
        look(&database, &before, &when).await;
        if call.code == 0 {
            took = call.took;
        }
    }
    panic!("killed {killed} times only, seed {}", random.seed);
}

#[tokio::test]
async fn a_server_stopped_at_twenty_random_moments_of_a_drop_and_of_the_way_back_loses_nothing() {
    let cluster = Cluster::builder().start().await.expect("tests need an installed PostgreSQL server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    let cli = Cli::on(&database.url());
    tenant(&database).await;
    let before = content(&database, "acme").await;
    let mut took = [cli.run(&DROP).await.took, cli.run(&UNDROP).await.took];
    let (random, mut met) = (Random::new(), [0, 0]);
    for attempt in 0..120 {
        if met.iter().all(|met| *met >= 20) {
            return;
        }
        let back = usize::from(look(&database, &before, "between").await != "acme");
        let arguments = [&DROP[..], &UNDROP[..]][back];
        if met[back] >= 20 {
            // It only leads to the other one.
            let call = cli.run(arguments).await;
            assert_eq!(call.code, 0, "{call}");
            continue;
        }
        let share = random.share();
        let call = cli.start(arguments);
        tokio::time::sleep(took[back].mul_f64(share)).await;
        cluster.stop_immediate().await.expect("the server is stopped");
        // Half of the runs wait until it is back.
        let call = if attempt % 4 < 2 {
            cluster.restart().await.expect("the server starts again");
            call.end().await
        } else {
            let call = call.end().await;
            cluster.restart().await.expect("the server starts again");
            call
        };
        met[back] += u32::from(call.code != 0);
        if call.code == 0 {
            took[back] = took[back].min(call.took);
        }
        let when =
            format!("stopped at {share:.3} of {:?}, attempt {attempt}, seed {}\n{call}", took[back], random.seed);
        look(&database, &before, &when).await;
    }
    panic!("met {} drops and {} ways back only, seed {}", met[0], met[1], random.seed);
}

#[tokio::test]
async fn cancelling_a_drop_at_any_moment_leaves_the_tenant_where_it_was() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    tenant(&database).await;
    let before = content(&database, "acme").await;
    let backups = cli.path("backups");
    std::fs::create_dir(&backups).expect("a folder");
    let arguments = [&DROP[..], &["--backup-dir", &backups]].concat();
    let mut took = cli.run(&arguments).await.took;
    cli.json(&UNDROP[..3]).await;
    let kept = std::fs::read_dir(&backups).expect("the folder").count();
    let (random, mut cancelled) = (Random::new(), 0);
    for attempt in 0..60 {
        if cancelled >= 20 {
            return;
        }
        let share = if attempt % 2 == 0 { random.share() } else { 0.7 + 0.3 * random.share() };
        let call = cli.start(&arguments);
        tokio::time::sleep(took.mul_f64(share)).await;
        if let Some(pid) = call.pid() {
            let _ = Command::new("kill").args(["-INT", &pid.to_string()]).output().expect("kill runs");
        }
        let call = call.end().await;
        let when = format!("cancelled at {share:.3} of {took:?}, attempt {attempt}, seed {}\n{call}", random.seed);
        let schema = look(&database, &before, &when).await;
        match call.code {
            0 => {
                // A machine is not always equally fast.
                took = took.min(call.took);
                assert_ne!(schema, "acme", "{when}");
                let path = call.document()["backup"].as_str().expect("a backup").to_owned();
                cli.json(&UNDROP[..3]).await;
                let folder = std::path::Path::new(&path).parent().expect("a folder");
                std::fs::remove_dir_all(folder).expect("the backup is removed");
            }
            code => {
                // Without the record of a run, the signal ended the program before it could hear it.
                cancelled += u32::from(code == 130);
                assert!([130, -1].contains(&code), "{when}");
                assert_eq!(schema, "acme", "{when}");
                assert_eq!(std::fs::read_dir(&backups).expect("the folder").count(), kept, "{when}");
            }
        }
    }
    panic!("cancelled {cancelled} times only, seed {}", random.seed);
}

#[tokio::test]
async fn a_disk_too_small_for_the_backup_leaves_the_tenant_where_it_was() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    tenant(&database).await;
    let before = content(&database, "acme").await;
    let disk = cli.path("disk");
    std::fs::create_dir(&disk).expect("a folder");
    let cli = cli.launched_by(&file_system(&disk, "size=128k"));
    let call = cli.run(&[&DROP[..], &["--backup-dir", &disk]].concat()).await;
    assert_eq!(call.code, 1, "{call}");
    assert_eq!(call.document()["run"]["tenants"][0]["error"]["code"], json!("disk_full"), "{call}");
    assert!(call.stderr.contains("left behind: []"), "{call}");
    assert_eq!(look(&database, &before, "full").await, "acme");
}
