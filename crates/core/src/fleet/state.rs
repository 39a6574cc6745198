//! The state of a run that goes on: written by its workers, read by any number of listeners.

use super::queue::{Gate, Queue};
use super::{
    CanaryReport, CanaryTurns, EventSink, Outcome, RunActivity, RunEvent, RunKind, RunOptions, RunProgress, RunState,
    RunSummary, Stopped, TenantOutcome,
};
use crate::error::WireError;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Listeners get at most ten messages a second.
const THROTTLE: Duration = Duration::from_millis(100);

/// A run under way, or one that has ended. Cheap to clone.
#[derive(Clone)]
pub struct RunHandle {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    id: String,
    kind: RunKind,
    database: String,
    started: Instant,
    pub(super) cancel: CancellationToken,
    pub(super) queue: Queue,
    /// Turns in this program's part of the run; those before them had their outcome already.
    turns: usize,
    undoes: Option<String>,
    rows: AtomicU64,
    rows_expected: u64,
    inner: Mutex<Inner>,
    /// Counts changes, so that listeners can wait for one.
    changes: watch::Sender<u64>,
}

struct Inner {
    outcomes: Vec<TenantOutcome>,
    /// Positions in the order in which they ended.
    ended: Vec<usize>,
    failed: u32,
    stopped: Option<Stopped>,
    canaries: Option<CanaryReport>,
    current: BTreeMap<usize, String>,
    activities: BTreeMap<usize, RunActivity>,
    backends: BTreeMap<usize, i32>,
    summary: Option<RunSummary>,
}

impl Shared {
    /// `outcomes` is every tenant of the run, those that a resumed run keeps included.
    pub(super) fn new(
        id: String,
        kind: RunKind,
        database: String,
        outcomes: Vec<TenantOutcome>,
        queue: Queue,
        options: &RunOptions,
    ) -> Self {
        let ended: Vec<usize> = (0..outcomes.len()).filter(|i| outcomes[*i].outcome != Outcome::NotStarted).collect();
        Self {
            id,
            kind,
            database,
            started: Instant::now(),
            cancel: CancellationToken::new(),
            queue,
            turns: outcomes.len() - ended.len(),
            undoes: options.record.undoes.clone(),
            rows: AtomicU64::new(0),
            rows_expected: options.rows_expected,
            inner: Mutex::new(Inner {
                outcomes,
                ended,
                failed: 0,
                stopped: None,
                canaries: None,
                current: BTreeMap::new(),
                activities: BTreeMap::new(),
                backends: BTreeMap::new(),
                summary: None,
            }),
            changes: watch::Sender::new(0),
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // A poisoned lock means that a worker panicked between two plain assignments; the state is still readable.
        self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Every tenant's outcome so far.
    pub(super) fn outcomes(&self) -> Vec<TenantOutcome> {
        self.inner().outcomes.clone()
    }

    /// A tenant that had ended well has failed after all. Listeners hear of it once more.
    pub(super) fn overrule(&self, position: usize, error: WireError) -> TenantOutcome {
        let mut inner = self.inner();
        inner.failed += 1;
        let outcome = &mut inner.outcomes[position];
        outcome.outcome = Outcome::Failed;
        outcome.error = Some(error);
        let outcome = outcome.clone();
        drop(inner);
        self.changed();
        outcome
    }

    pub(super) fn changed(&self) {
        self.changes.send_modify(|n| *n += 1);
    }

    pub(super) fn begin(&self, worker: usize, schema: &str) {
        self.inner().current.insert(worker, schema.to_owned());
        self.changed();
    }

    pub(super) fn end(&self, worker: usize, position: usize, outcome: TenantOutcome) {
        let mut inner = self.inner();
        inner.current.remove(&worker);
        inner.activities.remove(&worker);
        inner.failed += u32::from(outcome.outcome == Outcome::Failed);
        inner.outcomes[position] = outcome;
        inner.ended.push(position);
        drop(inner);
        self.changed();
    }

    /// A worker has given its tenant back.
    pub(super) fn leave(&self, worker: usize) {
        let mut inner = self.inner();
        inner.current.remove(&worker);
        inner.activities.remove(&worker);
        drop(inner);
        self.changed();
    }

    /// What a worker does at this moment. One that has left its tenant meanwhile does nothing any more.
    pub(super) fn act(&self, worker: usize, activity: RunActivity) {
        let mut inner = self.inner();
        if inner.current.get(&worker) != Some(&activity.schema) {
            return;
        }
        inner.activities.insert(worker, activity);
        drop(inner);
        self.changed();
    }

    /// Nothing begins any more. The first reason counts.
    pub(super) fn stop(&self, why: Stopped) {
        self.inner().stopped.get_or_insert(why);
        self.queue.close();
        self.changed();
    }

    /// The last canary has ended.
    pub(super) fn canaries_ended(&self) {
        let mut inner = self.inner();
        let report = inner.ended.iter().map(|i| &inner.outcomes[*i]).filter(|o| o.attempts > 0).fold(
            CanaryReport { tenants: 0, failed: 0, retried: 0, slowest_ms: 0, waited_ms: 0 },
            |report, outcome| CanaryReport {
                tenants: report.tenants + 1,
                failed: report.failed + u32::from(outcome.outcome == Outcome::Failed),
                retried: report.retried + u32::from(outcome.attempts > 1),
                slowest_ms: report.slowest_ms.max(outcome.duration_ms),
                waited_ms: report.waited_ms + outcome.waited_ms,
            },
        );
        inner.canaries = Some(report);
        if self.queue.stopped_by_canary() && !self.queue.is_open() {
            inner.stopped.get_or_insert(Stopped::Canary);
        }
        drop(inner);
        self.changed();
    }

    pub(super) fn add_rows(&self, rows: u64) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
        self.changed();
    }

    pub(super) fn set_backend(&self, worker: usize, backend: Option<i32>) {
        let mut inner = self.inner();
        match backend {
            Some(backend) => inner.backends.insert(worker, backend),
            None => inner.backends.remove(&worker),
        };
    }

    /// Server processes of the workers that are busy.
    pub(super) fn busy_backends(&self) -> Vec<i32> {
        let inner = self.inner();
        inner.current.keys().filter_map(|worker| inner.backends.get(worker).copied()).collect()
    }

    /// The result of what the workers did.
    pub(super) fn summarise(&self) -> RunSummary {
        let inner = self.inner();
        let count = |wanted| inner.outcomes.iter().filter(|o| o.outcome == wanted).count() as u32;
        RunSummary {
            run: self.id.clone(),
            kind: self.kind,
            database: self.database.clone(),
            done: count(Outcome::Done),
            skipped: count(Outcome::Skipped),
            failed: count(Outcome::Failed),
            cancelled: count(Outcome::Cancelled),
            not_started: count(Outcome::NotStarted),
            duration_ms: self.started.elapsed().as_millis() as u64,
            stopped: inner.stopped,
            undoes: self.undoes.clone(),
            tenants: inner.outcomes.clone(),
        }
    }

    /// Tells everybody who waits that the run is over.
    pub(super) fn finish(&self, summary: RunSummary) {
        self.inner().summary = Some(summary);
        self.changed();
    }

    fn progress(&self, inner: &Inner) -> RunProgress {
        let elapsed = self.started.elapsed();
        let (total, ended) = (inner.outcomes.len(), inner.ended.len());
        let here = self.turns - (total - ended);
        let rows = self.rows.load(Ordering::Relaxed);
        // Rows tell more than tenants where they are known: tenants differ by orders of magnitude.
        let share = if self.rows_expected > 0 {
            rows as f64 / self.rows_expected as f64
        } else {
            here as f64 / self.turns.max(1) as f64
        };
        let remaining = (share > 0.0 && inner.summary.is_none())
            .then(|| (elapsed.as_millis() as f64 * (1.0 / share.min(1.0) - 1.0)) as u64);
        RunProgress {
            run: self.id.clone(),
            kind: self.kind,
            database: self.database.clone(),
            total: total as u32,
            ended: ended as u32,
            failed: inner.failed,
            current: inner.current.values().cloned().collect(),
            activities: inner.activities.values().cloned().collect(),
            rows,
            rows_expected: self.rows_expected,
            elapsed_ms: inner.summary.as_ref().map_or(elapsed.as_millis() as u64, |s| s.duration_ms),
            remaining_ms: remaining,
            cancelling: self.cancel.is_cancelled() && inner.summary.is_none(),
            state: self.state(inner),
            canary_turns: self.canary_turns(here as u32),
            canaries: inner.canaries,
        }
    }

    /// `ended` turns of this program's part; while canaries are on their way, all of them are theirs.
    fn canary_turns(&self, ended: u32) -> Option<CanaryTurns> {
        let Queue { canaries: planned, others, .. } = self.queue;
        (planned > 0).then(|| CanaryTurns { planned, ended: ended.min(planned), others })
    }

    fn state(&self, inner: &Inner) -> RunState {
        match self.queue.gate() {
            _ if inner.summary.is_some() => RunState::Ended,
            _ if self.cancel.is_cancelled() => RunState::Cancelling,
            (Gate::Held, _) => RunState::Held,
            (Gate::Paused, _) => RunState::Paused,
            (_, true) => RunState::Canary,
            (Gate::Open | Gate::Closed, false) => RunState::Running,
        }
    }
}

impl RunHandle {
    /// Identifies the run.
    pub fn id(&self) -> &str {
        &self.shared.id
    }

    /// Asks for the end: statements under way are cancelled on the server and rolled back, the rest is not started.
    pub fn cancel(&self) {
        self.shared.cancel.cancel();
        self.shared.stop(Stopped::Cancelled);
    }

    /// Lets the tenants under way end and begins no other, until [`Self::go_on`].
    pub fn pause(&self) {
        self.shared.queue.pause();
        self.shared.changed();
    }

    /// Ends a pause; after the canaries, lets the others begin.
    pub fn go_on(&self) {
        self.shared.queue.go_on();
        self.shared.changed();
    }

    /// Where the run is.
    pub fn progress(&self) -> RunProgress {
        let inner = self.shared.inner();
        self.shared.progress(&inner)
    }

    /// The result, once the run is over.
    pub fn summary(&self) -> Option<RunSummary> {
        self.shared.inner().summary.clone()
    }

    /// Waits for the end.
    pub async fn wait(&self) -> RunSummary {
        let mut changes = self.shared.changes.subscribe();
        loop {
            if let Some(summary) = self.summary() {
                return summary;
            }
            // The sender lives in `shared`, so it cannot have gone.
            let _ = changes.changed().await;
        }
    }

    /// Tells a listener everything from the run's beginning: what has ended so far, then each change, last the summary.
    pub async fn follow(&self, sink: &EventSink) {
        let mut changes = self.shared.changes.subscribe();
        let mut told = 0;
        loop {
            changes.mark_unchanged();
            let (progress, ended, summary) = {
                let inner = self.shared.inner();
                let ended: Vec<_> = inner.ended[told..].iter().map(|i| inner.outcomes[*i].clone()).collect();
                told = inner.ended.len();
                (self.shared.progress(&inner), ended, inner.summary.clone())
            };
            sink(RunEvent::Progress { progress, ended });
            if let Some(summary) = summary {
                sink(RunEvent::Finished { summary });
                return;
            }
            tokio::time::sleep(THROTTLE).await;
            let _ = changes.changed().await;
        }
    }
}
