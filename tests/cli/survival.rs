//! Programs and servers killed at any moment of a run: resuming it leads where an uninterrupted run leads, and undoing it
//! leads back to the beginning.

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
        let share = if attempt > 20 { trial.random.share() } else { (f64::from(killed) + trial.random.share()) / 20.0 };
        let moment = trial.moment(share);
        let when = format!("killed after {moment:?}, attempt {attempt}, seed {}", trial.random.seed);
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
                tokio::time::sleep(trial.moment(trial.random.share() / 2.0)).await;
                again.kill().await;
            }
        }
        trial.finish(&database, &run, &when, killed % 5 == 0).await;
    }
    panic!("the run was met {killed} times only, seed {}", trial.random.seed);
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
        let moment = trial.moment(trial.random.share());
        let when = format!("server killed after {moment:?}, attempt {attempt}, seed {}", trial.random.seed);
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
    panic!("met {survived} and {given_up} times only, seed {}", trial.random.seed);
}

#[tokio::test]
async fn a_network_that_is_cut_again_and_again_does_not_change_where_a_run_ends() {
    let database = TestDatabase::new().await;
    let course = Course::of(&database, TENANTS).await;
    let trial = Trial::of(&course, &database).await;
    let wire = Wire::to(&database.profile()).await;
    for round in 0..2 {
        let when = format!("cut, round {round}, seed {}", trial.random.seed);
        let mut up = trial.up();
        up.extend(["--url", &wire.url]);
        let call = course.cli.start(&up);
        database
            .wait_until("select case when pg_catalog.to_regclass('t003.extra') is null then 'f' else 't' end")
            .await;
        for _ in 0..5 {
            wire.cut();
            tokio::time::sleep(trial.running.mul_f64(trial.random.share() / 5.0)).await;
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
        let run = course.last_run().await.expect("a run");
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
    let killed = course.last_run().await.expect("a run");
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
struct Trial<'a> {
    course: &'a Course,
    random: Random,
    before: State,
    after: State,
    /// Before the first tenant, and from there to the end.
    starting: Duration,
    running: Duration,
    /// The newest run in the record, before the next one.
    known: Option<String>,
}

impl<'a> Trial<'a> {
    async fn of(course: &'a Course, database: &TestDatabase) -> Self {
        let before = course.state(database).await;
        let call = course.cli.run(&["migrate", "up", "--all", "--dir", &course.folder, "--json"]).await;
        let run = call.document();
        assert_eq!(run["done"], TENANTS, "{call}");
        let after = course.state(database).await;
        assert_eq!(after.rows.len() - before.rows.len(), TENANTS * 4);
        let running = Duration::from_millis(run["duration_ms"].as_u64().expect("a duration"));
        let starting = call.took.saturating_sub(running);
        let mut trial = Self { course, random: Random::new(), before, after, starting, running, known: None };
        trial.known = Some(trial.undo(&run, "uninterrupted").await);
        course.state(database).await.assert_is(&trial.before, "undone");
        trial
    }

    fn up(&self) -> Vec<&'a str> {
        vec!["migrate", "up", "--all", "--dir", &self.course.folder, "--json"]
    }

    /// When the run is about this far.
    fn moment(&self, share: f64) -> Duration {
        self.starting + self.running.mul_f64(share)
    }

    /// The run that was started last. There is none where the end came before the record: then nothing is changed.
    async fn begun(&self, database: &TestDatabase, when: &str) -> Option<Value> {
        let run = self.course.last_run().await.filter(|run| self.known.as_deref() != Some(id(run)));
        if run.is_none() {
            self.course.state(database).await.assert_is(&self.before, when);
        }
        run
    }

    /// Resumes a run where it needs to be, compares with the uninterrupted one, and takes it back.
    async fn finish(&mut self, database: &TestDatabase, run: &Value, when: &str, look_back: bool) {
        let shown = self.course.cli.json(&["run", "show", id(run)]).await;
        if shown["done"] != TENANTS {
            let resumed: Call = self.course.cli.run(&["run", "resume", id(run), "--json"]).await;
            assert_eq!(resumed.code, 0, "{when}: {resumed}");
            assert_eq!(
                (&resumed.document()["run"], &resumed.document()["done"]),
                (&run["run"], &json!(TENANTS)),
                "{when}"
            );
        }
        self.course.state(database).await.assert_is(&self.after, when);
        self.known = Some(self.undo(run, when).await);
        if look_back {
            self.course.state(database).await.assert_is(&self.before, &format!("undone; {when}"));
        }
    }

    async fn undo(&self, run: &Value, when: &str) -> String {
        let undone = self.course.cli.json(&["run", "undo", id(run), "--yes"]).await;
        assert_eq!(undone["done"], TENANTS, "{when}");
        id(&undone).to_owned()
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

pub fn id(run: &Value) -> &str {
    run["run"].as_str().expect("an id")
}

/// Numbers that `CADASTRE_TEST_SEED` repeats (Steele, Lea and Flood's SplitMix64).
pub struct Random {
    pub seed: u64,
    state: std::cell::Cell<u64>,
}

impl Random {
    #[expect(clippy::print_stderr, reason = "a failure is repeated with it")]
    pub fn new() -> Self {
        let given = std::env::var("CADASTRE_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| uuid::Uuid::new_v4().as_u64_pair().0);
        eprintln!("CADASTRE_TEST_SEED={seed}");
        Self { seed, state: seed.into() }
    }

    /// From 0 to 1.
    pub fn share(&self) -> f64 {
        let state = self.state.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.state.set(state);
        let mut z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) as f64 / u64::MAX as f64
    }
}
