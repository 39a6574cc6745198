//! Files outside a transaction whose program, or whose server, is killed: each ends where an uninterrupted one does.

use crate::steps::*;
use crate::survival::{Random, id};
use cadastre_core::demo::Cluster;
use cadastre_tests::TestDatabase;
use serde_json::Value;
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_file_killed_at_random_moments_ends_like_an_uninterrupted_one() {
    let database = TestDatabase::new().await;
    let fleet = Fleet::of(&database, TENANTS).await;
    let mut trial = Trial::of(&fleet, &database).await;
    let mut killed = 0;
    for attempt in 0..60 {
        if killed >= 12 && trial.half_way >= 10 {
            return;
        }
        let moment = trial.moment();
        let when = format!("killed after {moment:?}, attempt {attempt}, seed {}", trial.random.seed);
        let call = fleet.cli.start(&fleet.up());
        tokio::time::sleep(moment).await;
        call.kill().await;
        trial.look(&database).await;
        let Some(run) = trial.begun().await else { continue };
        if !run["ended_at"].is_null() {
            trial.was_late();
        } else {
            killed += 1;
            // Whoever resumes may be killed too.
            if killed % 3 == 0 {
                let again = fleet.cli.start(&["run", "resume", id(&run)]);
                tokio::time::sleep(trial.moment() / 2).await;
                again.kill().await;
            }
        }
        trial.finish(&database, &run, &when, killed % 2 == 0).await;
    }
    panic!("the run was met {killed} times only, seed {}", trial.random.seed);
}

#[tokio::test]
async fn a_server_killed_in_the_middle_of_a_file_does_not_change_where_it_ends() {
    let cluster = Cluster::builder().start().await.expect("tests need an installed PostgreSQL server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    let fleet = Fleet::of(&database, TENANTS).await;
    let mut trial = Trial::of(&fleet, &database).await;
    let mut met = 0;
    for attempt in 0..60 {
        if met >= 4 && trial.half_way >= 3 {
            return;
        }
        let moment = trial.moment();
        let when = format!("server killed after {moment:?}, attempt {attempt}, seed {}", trial.random.seed);
        let patient = attempt % 2 == 0;
        let mut up = fleet.up();
        up.extend(["--retries", if patient { "20" } else { "0" }]);
        let call = fleet.cli.start(&up);
        tokio::time::sleep(moment).await;
        cluster.stop_immediate().await.expect("the server is killed");
        let call = if patient {
            cluster.restart().await.expect("the server starts again");
            call.end().await
        } else {
            let call = call.end().await;
            cluster.restart().await.expect("the server starts again");
            trial.look(&database).await;
            call
        };
        let Some(run) = trial.begun().await else { continue };
        let document = call.document();
        let tried = document["tenants"].as_array().expect("tenants").iter().any(|t| t["attempts"].as_u64() > Some(1));
        if tried || call.code != 0 {
            met += 1;
        } else {
            trial.was_late();
        }
        trial.finish(&database, &run, &when, !patient).await;
    }
    panic!("the run was met {met} times only, seed {}", trial.random.seed);
}

/// An uninterrupted run, and what it led to.
struct Trial<'a> {
    fleet: &'a Fleet,
    random: Random,
    before: Vec<String>,
    after: Vec<String>,
    starting: Duration,
    running: Duration,
    known: Option<String>,
    /// Tenants that were met half-way.
    half_way: usize,
}

impl<'a> Trial<'a> {
    async fn of(fleet: &'a Fleet, database: &TestDatabase) -> Self {
        // So that it can be done again: a label stays.
        fleet.write(&UP.replace("add value 'glad'", "add value if not exists 'glad'"), DOWN);
        database
            .execute(
                &fleet.schemas.iter().map(|s| format!("alter type {s}.mood add value 'glad';\n")).collect::<String>(),
            )
            .await;
        let before = fleet.state(database).await;
        let started = Instant::now();
        let run = fleet.cli.json(&fleet.up()[..5]).await;
        let took = started.elapsed();
        assert_eq!(run["done"], TENANTS, "{run}");
        let running = Duration::from_millis(run["duration_ms"].as_u64().expect("a duration"));
        let after = fleet.state(database).await;
        let starting = took.saturating_sub(running);
        let mut trial =
            Self { fleet, random: Random::new(), before, after, starting, running, known: None, half_way: 0 };
        trial.undo(&run, "uninterrupted").await;
        assert_eq!(fleet.state(database).await, trial.before);
        trial
    }

    fn moment(&self) -> Duration {
        self.starting + self.running.mul_f64(self.random.share())
    }

    /// The run was at its end: the uninterrupted one was measured while the machine had more to do.
    fn was_late(&mut self) {
        self.running = self.running.mul_f64(0.85);
    }

    /// The run that was started last, if it came so far.
    async fn begun(&self) -> Option<Value> {
        self.fleet.last_run().await.filter(|run| self.known.as_deref() != Some(id(run)))
    }

    async fn look(&mut self, database: &TestDatabase) {
        let rows = self
            .fleet
            .schemas
            .iter()
            .map(|s| format!("select success::text from {s}._sqlx_migrations"))
            .collect::<Vec<_>>();
        let rows = database.column(&rows.join(" union all ")).await;
        self.half_way += rows.iter().filter(|success| *success == "false").count();
    }

    /// Takes a run to its end, or back where it stopped, and then goes on.
    async fn finish(&mut self, database: &TestDatabase, run: &Value, when: &str, back: bool) {
        let shown = self.fleet.cli.json(&["run", "show", id(run)]).await;
        if shown["done"] != TENANTS && back {
            let call = self.fleet.cli.run(&["run", "undo", id(run), "--yes", "--json"]).await;
            // There may be nothing to undo yet.
            assert!(call.code == 0 || call.stdout.contains("run_not_undoable"), "{when}: {call}");
            self.compare(&self.before, &self.fleet.state(database).await, when);
            self.known = self.fleet.last_run().await.map(|run| id(&run).to_owned());
            return;
        }
        if shown["done"] != TENANTS {
            let call = self.fleet.cli.run(&["run", "resume", id(run), "--json"]).await;
            assert_eq!(call.code, 0, "{when}: {call}");
            assert_eq!(call.document()["done"], TENANTS, "{when}: {call}");
        }
        self.compare(&self.after, &self.fleet.state(database).await, when);
        self.undo(run, when).await;
        self.compare(&self.before, &self.fleet.state(database).await, when);
    }

    async fn undo(&mut self, run: &Value, when: &str) {
        let undone = self.fleet.cli.json(&["run", "undo", id(run), "--yes"]).await;
        assert_eq!(undone["done"], TENANTS, "{when}");
        self.known = Some(id(&undone).to_owned());
    }

    fn compare(&self, expected: &[String], found: &[String], when: &str) {
        let missing: Vec<_> = expected.iter().filter(|row| !found.contains(row)).take(5).collect();
        let more: Vec<_> = found.iter().filter(|row| !expected.contains(row)).take(5).collect();
        assert!(expected == found, "{when}: missing {missing:#?}, too many {more:#?}");
    }
}
