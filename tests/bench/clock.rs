//! Two things in turn, so that both meet the same state of the server and of the machine.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How often each side runs.
pub const ROUNDS: usize = 5;

/// Values of one measurement, all of the same unit.
#[derive(Debug, Clone, Default)]
pub struct Series(Vec<f64>);

impl Series {
    pub fn push(&mut self, value: f64) {
        self.0.push(value);
        self.0.sort_by(f64::total_cmp);
    }

    /// # Panics
    /// Without a value.
    pub fn median(&self) -> f64 {
        let middle = self.0.len() / 2;
        if self.0.len() % 2 == 1 { self.0[middle] } else { f64::midpoint(self.0[middle - 1], self.0[middle]) }
    }

    pub fn min(&self) -> f64 {
        self.0.first().copied().unwrap_or(f64::NAN)
    }

    pub fn max(&self) -> f64 {
        self.0.last().copied().unwrap_or(f64::NAN)
    }
}

/// Runs both sides in turn, [`ROUNDS`] times after one round that does not count: files and catalog are then in memory
/// for both.
pub async fn in_turn(mut ours: impl AsyncFnMut() -> f64, mut limit: impl AsyncFnMut() -> f64) -> (Series, Series) {
    let (mut own, mut other) = (Series::default(), Series::default());
    for round in 0..=ROUNDS {
        calm().await;
        let value = ours().await;
        calm().await;
        let beside = limit().await;
        if round > 0 {
            own.push(value);
            other.push(beside);
        }
    }
    (own, other)
}

/// Seconds that something takes.
pub async fn seconds(work: impl Future<Output = ()>) -> f64 {
    let start = Instant::now();
    work.await;
    start.elapsed().as_secs_f64()
}

/// Runs that began although the machine was busy with something else.
static DISTURBED: AtomicUsize = AtomicUsize::new(0);

/// Waits until the processor had little else to do for half a second; after 2 s it goes on, and the report says so.
pub async fn calm() {
    for _ in 0..4 {
        let before = processor();
        tokio::time::sleep(Duration::from_millis(500)).await;
        let after = processor();
        if 10 * (after.idle - before.idle) >= 9 * (after.all - before.all) {
            return;
        }
    }
    DISTURBED.fetch_add(1, Ordering::Relaxed);
}

/// How many runs began on a busy machine since this was asked the last time.
pub fn disturbed() -> usize {
    DISTURBED.swap(0, Ordering::Relaxed)
}

/// Ticks since the start of the system.
struct Processor {
    idle: u64,
    all: u64,
}

fn processor() -> Processor {
    let file = std::fs::read_to_string("/proc/stat").expect("the processor's times");
    let line = file.lines().next().expect("the line of all processors");
    let ticks: Vec<u64> = line.split_whitespace().skip(1).take(8).filter_map(|word| word.parse().ok()).collect();
    Processor { idle: ticks.iter().skip(3).take(2).sum(), all: ticks.iter().sum() }
}
