//! Purges that are killed, cancelled or lose their server at any moment, and ways back that are cancelled: a purge that was stopped
//! is finished by the next one.

use crate::external::interrupt;
use crate::faults::Random;
use crate::quarantine::{assert_backup, record, schemas};
use crate::quarantine_killed::{DROP, TABLES, UNDROP, content, look, quiet, tenant};
use cadastre_core::demo::Cluster;
use cadastre_tests::{Call, Cli, TestDatabase};
use serde_json::{Value, json};
use std::time::Duration;

/// Moments of each kind.
const MOMENTS: u32 = 20;
/// So many of the purges have removed something, and not everything.
const HALF_WAY: u32 = 3;
const PURGE: [&str; 7] = ["tenant", "purge", "acme", "--older-than", "0d", "--yes", "--json"];

/// However busy the machine is, a purge spends most of its time between its first table and its last one.
const SLOW: &str = "create function public.pause() returns event_trigger language plpgsql as
    'begin perform pg_catalog.pg_sleep(0.15); end';
    create event trigger pause on ddl_command_start when tag in ('DROP TABLE') execute function public.pause()";

/// Where locks are scarce a purge takes many transactions, each a moment to be stopped at.
async fn small_server() -> (Cluster, TestDatabase, Cli) {
    let cluster = Cluster::builder().setting("max_locks_per_transaction", "10").setting("max_connections", "20");
    let cluster = cluster.start().await.expect("tests need an installed PostgreSQL server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    database.execute(SLOW).await;
    let cli = Cli::on(&database.url());
    (cluster, database, cli)
}

async fn dropped(cli: &Cli) -> String {
    let dropped = cli.json(&DROP[..4]).await;
    dropped["quarantined_as"].as_str().expect("a name").to_owned()
}

/// Some moment of a call, a little after its end included.
fn moment(random: &Random, number: u32, took: Duration) -> Duration {
    took.mul_f64((f64::from(number) + random.share()) / f64::from(MOMENTS) * 1.05)
}

/// A tenant in quarantine whose purge was stopped: nothing has happened, or the next purge goes on. Answers whether it was
/// half-way.
async fn finished(database: &TestDatabase, cli: &Cli, quarantine: &str, kept: &Value, when: &str) -> bool {
    quiet(database).await;
    let left = schemas(database).await;
    let mut half_way = false;
    if !left.is_empty() {
        assert_eq!(left, [quarantine], "{when}");
        let tables = format!(
            "select count(*) from pg_catalog.pg_class where relkind = 'r' and relnamespace = '\"{quarantine}\"'::regnamespace"
        );
        let tables: usize = database.value(&tables).await.parse().expect("a number");
        if record(database, quarantine).await["purge_begun_at"].is_string() {
            half_way = tables > 0 && tables < TABLES;
            // There is no way back any more, and it is said.
            cli.refused(&UNDROP[..3], 4, "purge_begun").await;
        } else {
            assert_eq!(tables, TABLES, "{when}");
        }
        let purge = cli.run(&PURGE).await;
        assert_eq!(purge.code, 0, "{when}\n{purge}");
    }
    assert!(schemas(database).await.is_empty(), "{when}");
    assert_backup(kept);
    half_way
}

/// Purges stopped at random moments, until twenty were met and some of them half-way.
async fn purges(stopped: impl AsyncFn(&Cluster, &Cli, Duration) -> Call) {
    let (cluster, database, cli) = small_server().await;
    let random = Random::new();
    tenant(&database).await;
    dropped(&cli).await;
    let took = cli.run(&PURGE).await.took;
    let (mut met, mut half_way) = (0, 0);
    for number in 0..3 * MOMENTS {
        if met >= MOMENTS && half_way >= HALF_WAY {
            return;
        }
        tenant(&database).await;
        let quarantine = dropped(&cli).await;
        let kept = record(&database, &quarantine).await;
        let moment = moment(&random, number * 7 % MOMENTS, took);
        let call = stopped(&cluster, &cli, moment).await;
        met += u32::from(call.code != 0);
        let when = format!("stopped after {moment:?} of {took:?}, seed {}\n{call}", random.seed);
        half_way += u32::from(finished(&database, &cli, &quarantine, &kept, &when).await);
    }
    panic!("met {met} purges, {half_way} of them half-way, seed {}", random.seed);
}

#[tokio::test]
async fn purges_killed_at_twenty_random_moments_are_finished_by_the_next_one() {
    purges(async |_, cli, moment| {
        let call = cli.start(&PURGE);
        tokio::time::sleep(moment).await;
        call.kill().await
    })
    .await;
}

#[tokio::test]
async fn purges_whose_server_stops_at_twenty_random_moments_are_finished_by_the_next_one() {
    purges(async |cluster, cli, moment| {
        let call = cli.start(&PURGE);
        tokio::time::sleep(moment).await;
        cluster.stop_immediate().await.expect("the server is stopped");
        let call = call.end().await;
        cluster.restart().await.expect("the server starts again");
        call
    })
    .await;
}

#[tokio::test]
async fn purges_cancelled_at_twenty_random_moments_are_finished_by_the_next_one() {
    purges(async |_, cli, moment| {
        let call = cli.start(&PURGE);
        tokio::time::sleep(moment).await;
        if let Some(pid) = call.pid() {
            interrupt(pid);
        }
        let call = call.end().await;
        assert!([0, 130].contains(&call.code), "{call}");
        call
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_way_back_is_taken_wholly_or_not_at_all() {
    let database = TestDatabase::new().await;
    let cli = Cli::on(&database.url());
    tenant(&database).await;
    let before = content(&database, "acme").await;
    cli.json(&DROP[..4]).await;
    let took = cli.run(&UNDROP).await.took;
    let random = Random::new();
    for number in 0..MOMENTS {
        if look(&database, &before, "between").await == "acme" {
            cli.json(&DROP[..4]).await;
        }
        let moment = moment(&random, number, took);
        let call = cli.start(&UNDROP);
        tokio::time::sleep(moment).await;
        if let Some(pid) = call.pid() {
            interrupt(pid);
        }
        let call = call.end().await;
        let when = format!("cancelled after {moment:?} of {took:?}, seed {}\n{call}", random.seed);
        let back = look(&database, &before, &when).await == "acme";
        // A signal before the program listens ends it.
        assert!(if back { call.code == 0 } else { [130, -1].contains(&call.code) }, "{when}");
        if call.code == 0 {
            assert_eq!(call.document()["done"], json!(1), "{when}");
        }
    }
}
