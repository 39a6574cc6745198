//! Files outside a transaction whose program, or whose server, is killed: each ends where an uninterrupted one does.

use crate::faults::{Pace, id};
use crate::steps::*;
use cadastre_core::demo::Cluster;
use cadastre_tests::TestDatabase;
use serde_json::Value;

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
        let moment = trial.pace.random_moment();
        let when = format!("killed after {moment:?}, attempt {attempt}, seed {}", trial.pace.random.seed);
        let call = fleet.cli.start(&fleet.up());
        tokio::time::sleep(moment).await;
        call.kill().await;
        trial.look(&database).await;
        let Some(run) = trial.pace.begun(&fleet.cli).await else { continue };
        if !run["ended_at"].is_null() {
            trial.pace.was_late();
        } else {
            killed += 1;
            // Whoever resumes may be killed too.
            if killed % 3 == 0 {
                let again = fleet.cli.start(&["run", "resume", id(&run)]);
                tokio::time::sleep(trial.pace.random_moment() / 2).await;
                again.kill().await;
            }
        }
        trial.finish(&database, &run, &when, killed % 2 == 0).await;
    }
    panic!("the run was met {killed} times only, seed {}", trial.pace.random.seed);
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
        let moment = trial.pace.random_moment();
        let when = format!("server killed after {moment:?}, attempt {attempt}, seed {}", trial.pace.random.seed);
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
        let Some(run) = trial.pace.begun(&fleet.cli).await else { continue };
        let document = call.document();
        let tried = document["tenants"].as_array().expect("tenants").iter().any(|t| t["attempts"].as_u64() > Some(1));
        if tried || call.code != 0 {
            met += 1;
        } else {
            trial.pace.was_late();
        }
        trial.finish(&database, &run, &when, !patient).await;
    }
    panic!("the run was met {met} times only, seed {}", trial.pace.random.seed);
}

/// An uninterrupted run, and what it led to.
struct Trial<'a> {
    fleet: &'a Fleet,
    pace: Pace,
    before: Vec<String>,
    after: Vec<String>,
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
        let call = fleet.cli.run(&fleet.up()).await;
        let run = call.document();
        assert_eq!(run["done"], TENANTS, "{call}");
        let after = fleet.state(database).await;
        let mut pace = Pace::of(&call);
        pace.undo(&fleet.cli, &run, TENANTS, "uninterrupted").await;
        assert_eq!(fleet.state(database).await, before);
        Self { fleet, pace, before, after, half_way: 0 }
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
            self.pace.forget(&self.fleet.cli).await;
            return;
        }
        if shown["done"] != TENANTS {
            let call = self.fleet.cli.run(&["run", "resume", id(run), "--json"]).await;
            assert_eq!(call.code, 0, "{when}: {call}");
            assert_eq!(call.document()["done"], TENANTS, "{when}: {call}");
        }
        self.compare(&self.after, &self.fleet.state(database).await, when);
        self.pace.undo(&self.fleet.cli, run, TENANTS, when).await;
        self.compare(&self.before, &self.fleet.state(database).await, when);
    }

    fn compare(&self, expected: &[String], found: &[String], when: &str) {
        let missing: Vec<_> = expected.iter().filter(|row| !found.contains(row)).take(5).collect();
        let more: Vec<_> = found.iter().filter(|row| !expected.contains(row)).take(5).collect();
        assert!(expected == found, "{when}: missing {missing:#?}, too many {more:#?}");
    }
}
