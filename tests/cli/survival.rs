//! Programs and servers killed at any moment of a run: resuming it leads where an uninterrupted run leads, and undoing it
//! leads back to the beginning.

use crate::faults::{Pace, id, last_run};
use crate::fleet::{Course, State, line};
use cadastre_core::connection::Profile;
use cadastre_core::demo::Cluster;
use cadastre_tests::postgres::url;
use cadastre_tests::{Call, TestDatabase};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;
use tokio::io::copy_bidirectional;
use tokio::net::{UnixListener, UnixStream};

const TENANTS: usize = 300;

#[tokio::test]
async fn a_run_killed_at_twenty_random_moments_and_resumed_ends_like_an_uninterrupted_one() {
    let database = TestDatabase::new().await;
    let course = Course::of(&database, TENANTS).await;
    let mut trial = Trial::of(&course, &database).await;
    let mut killed = 0;
    for attempt in 1..=60 {
        if killed == 20 {
            return;
        }
        // One moment of each twentieth of the run; another one of the whole run where that did not meet it.
        let share = trial.pace.random.share();
        let moment = trial.pace.moment(if attempt > 20 { share } else { (f64::from(killed) + share) / 20.0 });
        let when = format!("killed after {moment:?}, attempt {attempt}, seed {}", trial.pace.random.seed);
        let call = course.cli.start(&trial.up());
        tokio::time::sleep(moment).await;
        let call = call.kill().await;
        let Some(run) = trial.begun(&database, &when).await else { continue };
        // Or it was at its end.
        if run["ended_at"].is_null() {
            assert_eq!((call.code, &run["stopped"]), (-1, &json!("interrupted")), "{when}: {run}");
            killed += 1;
            // Whoever resumes may be killed too.
            if killed % 4 == 0 {
                let again = course.cli.start(&["run", "resume", id(&run)]);
                tokio::time::sleep(trial.pace.moment(trial.pace.random.share() / 2.0)).await;
                again.kill().await;
            }
        } else {
            trial.pace.was_late();
        }
        trial.finish(&database, &run, &when, killed % 5 == 0).await;
    }
    panic!("the run was met {killed} times only, seed {}", trial.pace.random.seed);
}

#[tokio::test]
async fn a_server_killed_at_random_moments_of_a_run_does_not_change_where_it_ends() {
    let cluster = Cluster::builder().start().await.expect("tests need an installed PostgreSQL server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    let course = Course::of(&database, TENANTS).await;
    let mut trial = Trial::of(&course, &database).await;
    let (mut survived, mut given_up) = (0, 0);
    for attempt in 1..=20 {
        if survived >= 3 && given_up >= 3 {
            return;
        }
        let patient = survived < 3;
        let moment = trial.pace.random_moment();
        let when = format!("server killed after {moment:?}, attempt {attempt}, seed {}", trial.pace.random.seed);
        let mut up = trial.up();
        up.extend(["--retries", if patient { "20" } else { "0" }]);
        let call = course.cli.start(&up);
        tokio::time::sleep(moment).await;
        cluster.stop_immediate().await.expect("the server is killed");
        // The run tries again until the server is back; or it gives up first.
        let call = if patient {
            cluster.restart().await.expect("the server starts again");
            call.end().await
        } else {
            let call = call.end().await;
            cluster.restart().await.expect("the server starts again");
            call
        };
        let Some(run) = trial.begun(&database, &when).await else {
            assert!([1, 4].contains(&call.code), "{when}: {call}");
            continue;
        };
        let document = call.document();
        let met = !patient && call.code != 0
            || document["tenants"].as_array().expect("tenants").iter().any(|t| t["attempts"].as_u64() > Some(1));
        if patient {
            assert_eq!(call.code, 0, "{when}: {call}");
            survived += u32::from(met);
        } else if met {
            assert_eq!((call.code, &document["stopped"]), (3, &json!("server_gone")), "{when}: {call}");
            for tenant in document["tenants"].as_array().expect("tenants").iter().filter(|t| t["outcome"] == "failed") {
                assert!(tenant["error"]["hint"].is_string(), "{when}: {tenant}");
            }
            given_up += 1;
        }
        trial.finish(&database, &run, &when, true).await;
    }
    panic!("met {survived} and {given_up} times only, seed {}", trial.pace.random.seed);
}

#[tokio::test]
async fn a_network_that_is_cut_again_and_again_does_not_change_where_a_run_ends() {
    let database = TestDatabase::new().await;
    let course = Course::of(&database, TENANTS).await;
    let trial = Trial::of(&course, &database).await;
    let wire = Wire::to(&database.profile()).await;
    for round in 0..2 {
        let when = format!("cut, round {round}, seed {}", trial.pace.random.seed);
        let mut up = trial.up();
        up.extend(["--url", &wire.url]);
        let call = course.cli.start(&up);
        database
            .wait_until("select case when pg_catalog.to_regclass('t003.extra') is null then 'f' else 't' end")
            .await;
        for _ in 0..5 {
            wire.cut();
            tokio::time::sleep(trial.pace.running.mul_f64(trial.pace.random.share() / 5.0)).await;
        }
        let call = call.end().await;
        assert_eq!(call.code, 0, "{when}: {call}");
        let run = call.document();
        let tried =
            run["tenants"].as_array().expect("tenants").iter().filter(|t| t["attempts"].as_u64() > Some(1)).count();
        assert!(tried > 0, "{when}: nothing was cut");
        course.state(&database).await.assert_is(&trial.after, &when);
        // For the record the wire's end is another server.
        let undone = course.cli.json(&["run", "undo", id(&run), "--yes", "--url", &wire.url]).await;
        assert_eq!(undone["done"], TENANTS, "{when}");
        course.state(&database).await.assert_is(&trial.before, &when);
    }
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_belongs_to_the_run_that_sent_it() {
    let (cluster, database, course) = waiting_commits().await;
    let before = course.state(&database).await;
    for resume in [false, true] {
        let call = course.cli.start(&["migrate", "up", "--all", "--dir", &course.folder, "--retries", "0", "--json"]);
        database.wait_until(IN_COMMIT).await;
        cluster.stop_immediate().await.expect("the server is killed");
        let call = call.end().await;
        assert_eq!(call.code, 3, "{call}");
        cluster.restart().await.expect("the server starts again");
        assert_eq!(database.value("select count(*) from t002.ledger where entry = 'mood'").await, "1");
        let id = call.document()["run"].as_str().expect("a run").to_owned();
        if resume {
            let run = course.cli.json(&["run", "resume", &id]).await;
            assert_eq!(line(&run, "t002")["versions"], json!(crate::fleet::COURSE), "{run}");
        }
        course.cli.json(&["run", "undo", &id, "--yes"]).await;
        course.state(&database).await.assert_is(&before, &format!("undone, resumed before: {resume}"));
    }
}

#[tokio::test]
async fn a_commit_that_outlives_its_program_belongs_to_the_run_that_sent_it() {
    for resume in [true, false] {
        let (_cluster, database, course) = waiting_commits().await;
        let before = course.state(&database).await;
        let call = course.cli.start(&["migrate", "up", "--all", "--dir", &course.folder, "--jobs", "1"]);
        database.wait_until(IN_COMMIT).await;
        call.kill().await;
        let run = last_run(&course.cli).await.expect("a run");
        let (again, undo) = (["run", "resume", id(&run), "--json"], ["run", "undo", id(&run), "--yes", "--json"]);
        let call = course.cli.start(if resume { &again } else { &undo });
        if resume {
            // The others are finished while the killed program's transaction still holds its tenant.
            let others = "select case when pg_catalog.to_regclass('t003.extra') is null then 'f' else 't' end";
            database.wait_until(others).await;
        } else {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        database.execute("alter system set synchronous_standby_names = ''").await;
        database.execute("select pg_catalog.pg_reload_conf()").await;
        let call = call.end().await;
        assert_eq!(call.code, 0, "{call}");
        if resume {
            assert_eq!(line(&call.document(), "t002")["versions"], json!(crate::fleet::COURSE), "{call}");
            course.cli.json(&undo[..4]).await;
        }
        course.state(&database).await.assert_is(&before, &format!("undone, resumed before: {resume}"));
    }
}

#[tokio::test]
async fn what_another_run_did_after_a_killed_one_is_not_taken_back_with_it() {
    let database = TestDatabase::new().await;
    let course = Course::of(&database, 20).await;
    let call = course.cli.start(&["migrate", "up", "--all", "--dir", &course.folder, "--jobs", "1"]);
    database.wait_until("select case when pg_catalog.to_regclass('t004.extra') is null then 'f' else 't' end").await;
    call.kill().await;
    let killed = last_run(&course.cli).await.expect("a run");
    // A colleague finishes, not knowing of the run that is to be resumed.
    let (colleague, folder) = course.colleague();
    let rest = colleague.json(&["migrate", "up", "--all", "--dir", &folder]).await;
    let after = course.state(&database).await;
    // Where both have moved one tenant, the first cannot be undone under the second.
    let undone = course.cli.run(&["run", "undo", id(&killed), "--yes", "--json"]).await;
    assert!([0, 3].contains(&undone.code), "{undone}");
    let now = course.state(&database).await;
    let mut whole = 0;
    for schema in &course.schemas {
        let versions = line(&rest, schema)["versions"].as_array().expect("versions").len();
        let kept = after.of(schema) == now.of(schema);
        assert_eq!(kept, versions > 0, "{schema}: {rest}\n{undone}");
        whole += usize::from(versions == 2);
    }
    assert!(whole > 0 && whole < 17, "{rest}");
}

/// Somebody waits for a standby that there is not: what it commits is on the disk, and its client does not hear of it.
const IN_COMMIT: &str =
    "select case when count(*) = 1 then 't' else 'f' end from pg_catalog.pg_stat_activity where wait_event = 'SyncRep'";

/// A fleet in which the commit of the first migration of `t002` waits.
async fn waiting_commits() -> (Cluster, TestDatabase, Course) {
    let cluster =
        Cluster::builder().setting("synchronous_commit", "local").setting("synchronous_standby_names", "nobody");
    let cluster = cluster.start().await.expect("tests need an installed PostgreSQL server");
    let database = TestDatabase::on(&cluster).await.expect("a database");
    let course = Course::of(&database, 3).await;
    let file = format!("template/{}_mood.up.sql", crate::fleet::COURSE[0]);
    let text = std::fs::read_to_string(course.cli.path(&file)).expect("the file");
    let wait =
        "select pg_catalog.set_config('synchronous_commit', 'on', true) where pg_catalog.current_schema() = 't002';\n";
    course.cli.write(&file, &format!("{text}{wait}"));
    (cluster, database, course)
}

/// An uninterrupted run, and what it led to.
pub struct Trial<'a> {
    course: &'a Course,
    pub pace: Pace,
    before: State,
    after: State,
}

impl<'a> Trial<'a> {
    pub async fn of(course: &'a Course, database: &TestDatabase) -> Self {
        let tenants = course.schemas.len();
        let before = course.state(database).await;
        let call = course.cli.run(&["migrate", "up", "--all", "--dir", &course.folder, "--json"]).await;
        let run = call.document();
        assert_eq!(run["done"], tenants, "{call}");
        let after = course.state(database).await;
        assert_eq!(after.rows.len() - before.rows.len(), tenants * 4);
        let mut pace = Pace::of(&call);
        pace.undo(&course.cli, &run, tenants, "uninterrupted").await;
        course.state(database).await.assert_is(&before, "undone");
        Self { course, pace, before, after }
    }

    pub fn up(&self) -> Vec<&'a str> {
        vec!["migrate", "up", "--all", "--dir", &self.course.folder, "--json"]
    }

    /// The run that was started last. Where there is none, nothing is changed.
    pub async fn begun(&self, database: &TestDatabase, when: &str) -> Option<Value> {
        let run = self.pace.begun(&self.course.cli).await;
        if run.is_none() {
            self.course.state(database).await.assert_is(&self.before, when);
        }
        run
    }

    /// Resumes a run where it needs to be, compares with the uninterrupted one, and takes it back.
    pub async fn finish(&mut self, database: &TestDatabase, run: &Value, when: &str, look_back: bool) {
        let (cli, tenants) = (&self.course.cli, self.course.schemas.len());
        let shown = cli.json(&["run", "show", id(run)]).await;
        if shown["done"] != tenants {
            let resumed: Call = cli.run(&["run", "resume", id(run), "--json"]).await;
            assert_eq!(resumed.code, 0, "{when}: {resumed}");
            let document = resumed.document();
            assert_eq!((&document["run"], &document["done"]), (&run["run"], &json!(tenants)), "{when}");
        }
        // Whatever was written when: at the end the record says what each tenant got.
        let shown = cli.json(&["run", "show", id(run)]).await;
        for schema in &self.course.schemas {
            assert_eq!(line(&shown, schema)["versions"], json!(crate::fleet::COURSE), "{when}: {schema}");
        }
        self.course.state(database).await.assert_is(&self.after, when);
        self.pace.undo(cli, run, tenants, when).await;
        if look_back {
            self.course.state(database).await.assert_is(&self.before, &format!("undone; {when}"));
        }
    }
}

/// A way to the server that can be cut.
struct Wire {
    url: String,
    cut: tokio::sync::watch::Sender<()>,
    _folder: tempfile::TempDir,
}

impl Wire {
    async fn to(profile: &Profile) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let name = format!(".s.PGSQL.{}", profile.port);
        let listener = UnixListener::bind(folder.path().join(&name)).expect("a socket");
        let server = Path::new(&profile.host).join(&name);
        let cut = tokio::sync::watch::Sender::new(());
        let cuts = cut.clone();
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let mut far = UnixStream::connect(&server).await.expect("the server's socket");
                let mut cut = cuts.subscribe();
                tokio::spawn(async move {
                    // Both ends are closed without a word.
                    tokio::select! { _ = cut.changed() => {}, _ = copy_bidirectional(&mut near, &mut far) => {} }
                });
            }
        });
        let url = url(&Profile { host: folder.path().display().to_string(), ..profile.clone() });
        Self { url, cut, _folder: folder }
    }

    fn cut(&self) {
        self.cut.send_replace(());
    }
}
