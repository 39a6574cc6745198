//! Faults at random moments of a run that was timed before.

use cadastre_tests::{Call, Cli};
use serde_json::{Value, json};
use std::time::Duration;

/// When things happen in a run that nothing interrupts, and which run was seen last.
pub struct Pace {
    pub random: Random,
    /// Before the first tenant, and from there to the end.
    starting: Duration,
    pub running: Duration,
    /// The newest run in the record, before the next one.
    known: Option<String>,
}

impl Pace {
    /// Of a run that came to its end.
    pub fn of(call: &Call) -> Self {
        let running = Duration::from_millis(call.document()["duration_ms"].as_u64().expect("a duration"));
        Self { random: Random::new(), starting: call.took.saturating_sub(running), running, known: None }
    }

    /// When a run is about this far.
    pub fn moment(&self, share: f64) -> Duration {
        self.starting + self.running.mul_f64(share)
    }

    /// Some moment between the first tenant and the end.
    pub fn random_moment(&self) -> Duration {
        self.moment(self.random.share())
    }

    /// The run was at its end: the one that was timed had a machine with more to do.
    pub fn was_late(&mut self) {
        self.running = self.running.mul_f64(0.85);
    }

    /// The run that was started last. There is none where the end came before the record.
    pub async fn begun(&self, cli: &Cli) -> Option<Value> {
        last_run(cli).await.filter(|run| self.known.as_deref() != Some(id(run)))
    }

    /// From here on, only a later run is one that was begun.
    pub async fn forget(&mut self, cli: &Cli) {
        self.known = last_run(cli).await.map(|run| id(&run).to_owned());
    }

    /// Takes a run back that has moved so many tenants.
    pub async fn undo(&mut self, cli: &Cli, run: &Value, tenants: usize, when: &str) {
        let undone = cli.json(&["run", "undo", id(run), "--yes"]).await;
        assert_eq!(undone["done"], json!(tenants), "{when}");
        self.known = Some(id(&undone).to_owned());
    }
}

/// The newest run in this account's record.
pub async fn last_run(cli: &Cli) -> Option<Value> {
    cli.json(&["run", "list"]).await.get(0).cloned()
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
