//! Workers, cancelling and retrying.

use super::queue::{Queue, Turn};
use super::record::{PastRun, Recorder, RunRecord};
use super::sent::Sent;
use super::state::Shared;
use super::{Done, Operation, Outcome, RunHandle, RunSummary, Stopped, Target, TenantOutcome, Worker};
use crate::connection::Database;
use crate::error::WireError;
use crate::journal::{self, Draft};
use crate::local::Home;
use crate::{Error, ErrorKind, Result};
use futures::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// How a run is carried out.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Sessions at a time; `None` takes [`default_jobs`].
    pub jobs: Option<u16>,
    /// Go on with the other tenants after a failure.
    pub continue_on_error: bool,
    /// How often a tenant is tried again after a lock time-out, a deadlock or a lost connection.
    pub retries: u32,
    /// This many tenants go ahead of all others, which begin when none of them failed.
    pub canaries: u32,
    /// After the canaries a person decides: [`RunHandle::go_on`] or [`RunHandle::cancel`].
    pub ask_after_canaries: bool,
    /// What the run is resumed and undone from.
    pub record: RunRecord,
    /// The statements, for the journal.
    pub statements: String,
    /// Rows expected in all, for exports; 0 when unknown.
    pub rows_expected: u64,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            jobs: None,
            continue_on_error: true,
            retries: DEFAULT_RETRIES,
            canaries: 0,
            ask_after_canaries: false,
            record: RunRecord::default(),
            statements: String::new(),
            rows_expected: 0,
        }
    }
}

/// Together with [`LONGEST_PAUSE`] enough to outlast a lock that another session holds for half a minute.
pub const DEFAULT_RETRIES: u32 = 8;

/// Pauses between tries grow up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// Two sessions: on a small server more are slower, since DDL of different tenants meets in the same catalogs
/// (measured: 1, 2, 4, 16 sessions change 1,650, 2,620, 2,420, 1,610 tenants/s on 2 cores).
pub fn default_jobs() -> u16 {
    2
}

/// Starts a run in the background. It is recorded before the first tenant is touched.
///
/// # Errors
/// [`ErrorKind::NothingSelected`], or what writing the record reports.
pub async fn start(
    home: &Home,
    database: &Database,
    operation: Arc<dyn Operation>,
    targets: Vec<Target>,
    options: RunOptions,
) -> Result<RunHandle> {
    if targets.is_empty() {
        return Err(ErrorKind::NothingSelected.into());
    }
    let id = uuid::Uuid::new_v4().simple().to_string();
    let recorder = Recorder::begin(home, database, &id, operation.kind(), &targets, &options.record).await?;
    let outcomes = targets.iter().map(|t| TenantOutcome::not_started(&t.schema)).collect();
    let turns = targets.into_iter().enumerate().map(|(position, target)| Turn::new(position, target)).collect();
    Ok(launch(home, database, operation, id, outcomes, turns, options, recorder))
}

/// Goes on with a run that was interrupted. Tenants that are not among `targets` keep the outcome that they have.
///
/// # Errors
/// What writing the record reports.
pub async fn resume(
    home: &Home,
    database: &Database,
    operation: Arc<dyn Operation>,
    run: PastRun,
    targets: Vec<Target>,
    options: RunOptions,
) -> Result<RunHandle> {
    let mut outcomes = run.summary.tenants.clone();
    let mut turns = Vec::new();
    for target in targets {
        let Some(position) = outcomes.iter().position(|o| o.schema == target.schema) else { continue };
        let mut turn = Turn::new(position, target);
        if turn.versions.is_empty() {
            turn.versions = std::mem::take(&mut outcomes[position].versions);
        }
        // The server may still be at the last commit that the run has sent.
        turn.in_doubt = turn.target.planned.first().copied().filter(|version| run.sent[position].contains(version));
        outcomes[position] = TenantOutcome::not_started(&turn.target.schema);
        turns.push(turn);
    }
    let id = run.summary.run.clone();
    let positions: Vec<usize> = turns.iter().map(|turn| turn.position).collect();
    let recorder = Recorder::reopen(home, &run, &positions).await?;
    Ok(launch(home, database, operation, id, outcomes, turns, options, recorder))
}

#[expect(clippy::too_many_arguments, reason = "the two ways to start a run meet here")]
fn launch(
    home: &Home,
    database: &Database,
    operation: Arc<dyn Operation>,
    id: String,
    outcomes: Vec<TenantOutcome>,
    turns: Vec<Turn>,
    options: RunOptions,
    recorder: Recorder,
) -> RunHandle {
    let jobs = usize::from(options.jobs.unwrap_or_else(default_jobs).max(1)).min(turns.len());
    let queue = Queue::new(turns, options.canaries, options.ask_after_canaries);
    let shared = Arc::new(Shared::new(id, operation.kind(), journal::address(database), outcomes, queue, &options));
    let run = Run { home: home.clone(), database: database.clone(), operation, options, shared: shared.clone() };
    tokio::spawn(async move { run.drive(jobs, recorder).await });
    RunHandle { shared }
}

/// A run under way.
#[derive(Clone)]
struct Run {
    home: Home,
    database: Database,
    operation: Arc<dyn Operation>,
    options: RunOptions,
    shared: Arc<Shared>,
}

impl Run {
    async fn drive(self, jobs: usize, recorder: Recorder) {
        let recorder = Arc::new(recorder);
        let sent = Arc::new(Sent::of(&self.home, self.shared.id()));
        let canceller = tokio::spawn(cancel_on_server(self.database.clone(), self.shared.clone()));
        let workers = (0..jobs).map(|number| {
            let worker = Worker {
                database: self.database.clone(),
                purpose: self.operation.purpose(),
                session: None,
                cancel: self.shared.cancel.clone(),
                shared: self.shared.clone(),
                number,
                versions: Vec::new(),
                in_doubt: None,
                partial: None,
                position: 0,
                sent: sent.clone(),
            };
            tokio::spawn(self.clone().work(worker, recorder.clone()))
        });
        for worker in futures::future::join_all(workers).await {
            if let Err(e) = worker {
                tracing::error!(error = %e, "a worker of a run ended unexpectedly");
            }
        }
        canceller.abort();
        self.judge(&recorder).await;
        self.operation.report(self.shared.id(), &self.shared.outcomes()).await;
        let summary = self.shared.summarise();
        if let Some(recorder) = Arc::into_inner(recorder) {
            recorder.end(&summary).await;
        }
        self.enter_in_journal(&summary).await;
        // Last: whoever waits for the summary may end the process, and by now record and journal are on disk.
        self.shared.finish(summary);
    }

    /// Asks the operation for its last word. Without a server there is nothing to look at any more.
    async fn judge(&self, recorder: &Recorder) {
        if self.shared.summarise().stopped == Some(Stopped::ServerGone) {
            return;
        }
        match self.operation.judge(&self.database, &self.shared.outcomes()).await {
            Ok(overruled) => {
                for (position, error) in overruled {
                    recorder.outcome(position, &self.shared.overrule(position, error));
                }
            }
            Err(error) => tracing::error!(%error, "what the run has done could not be compared"),
        }
    }

    async fn enter_in_journal(&self, summary: &RunSummary) {
        let outcome = if summary.cancelled + summary.not_started > 0 {
            "cancelled"
        } else if summary.failed > 0 {
            "failed"
        } else {
            "done"
        };
        let detail = format!(
            "done {}, skipped {}, failed {}, cancelled {}, not started {}\n{}",
            summary.done,
            summary.skipped,
            summary.failed,
            summary.cancelled,
            summary.not_started,
            self.options.statements
        );
        let subject = match summary.tenants.as_slice() {
            [one] => one.schema.clone(),
            many if summary.kind.is_about_sessions() => format!("{} sessions", many.len()),
            many => format!("{} tenants", many.len()),
        };
        let draft = Draft::new(summary.kind.name(), outcome).database(&self.database);
        let draft = draft.subject(subject).run(&summary.run).detail(detail);
        if let Err(e) = journal::append(&self.home, draft).await {
            tracing::error!(error = %e, "the journal could not be written");
        }
    }

    async fn work(self, mut worker: Worker, recorder: Arc<Recorder>) {
        while let Some(turn) = self.shared.queue.take().await {
            self.shared.begin(worker.number, &turn.target.schema);
            if let Some((position, outcome)) = self.turn(&mut worker, turn).await {
                recorder.outcome(position, &outcome);
                let failed = matches!(outcome.outcome, Outcome::Failed | Outcome::Cancelled);
                self.shared.end(worker.number, position, outcome);
                if self.shared.queue.ended(failed) {
                    self.shared.canaries_ended();
                }
            } else {
                self.shared.leave(worker.number);
            }
        }
        if let Some(session) = worker.session.take() {
            session.close().await;
        }
    }

    /// Tries a tenant once. `None` when it is to be tried again.
    async fn turn(&self, worker: &mut Worker, mut turn: Turn) -> Option<(usize, TenantOutcome)> {
        let mut outcome = TenantOutcome::not_started(&turn.target.schema);
        outcome.attempts = turn.tried + 1;
        if let Some(error) = turn.target.refused.take() {
            outcome.outcome = Outcome::Failed;
            outcome.error = Some(error);
            self.failed(&outcome, false);
            return Some((turn.position, outcome));
        }
        if let Some(reason) = turn.target.skipped.take() {
            outcome.outcome = Outcome::Skipped;
            outcome.error = Some(reason);
            return Some((turn.position, outcome));
        }
        let begun = Instant::now();
        let since = *turn.since.get_or_insert(begun);
        worker.versions = std::mem::take(&mut turn.versions);
        worker.in_doubt = turn.in_doubt.take();
        worker.partial = None;
        worker.position = turn.position;
        let cancel = worker.cancel.clone();
        let applied = tokio::select! {
            applied = AssertUnwindSafe(self.operation.apply(worker, &turn.target)).catch_unwind() => applied,
            // The server was told and did not react. Closing the connection rolls back what is not committed.
            () = overdue(&cancel) => Ok(Err(ErrorKind::Cancelled.into())),
        };
        // A panic is a fault of ours; the session's state is not known, and the other tenants go on.
        let result = applied.unwrap_or_else(|_| {
            worker.drop_session();
            Err(ErrorKind::Internal { what: "the operation panicked".into() }.into())
        });
        let (gone, pause) = match &result {
            Err(error) => (error.kind().is_unreachable(), self.pause_before_next(worker, &turn, error)),
            Ok(_) => (false, None),
        };
        turn.versions = std::mem::take(&mut worker.versions);
        turn.in_doubt = worker.in_doubt.take();
        if let (Err(error), Some(pause)) = (&result, pause) {
            tracing::info!(
                schema = turn.target.schema,
                tried = turn.tried + 1,
                pause_ms = pause.as_millis() as u64,
                code = error.kind().code(),
                "trying again"
            );
            turn.tried += 1;
            self.shared.queue.again(turn, pause);
            if gone {
                // The other tenants could not be reached either.
                tokio::select! { () = tokio::time::sleep(pause) => {}, () = worker.cancel.cancelled() => {} }
            }
            return None;
        }
        outcome.duration_ms = begun.elapsed().as_millis() as u64;
        outcome.waited_ms = (begun - since).as_millis() as u64;
        outcome.versions = turn.versions;
        (outcome.outcome, outcome.error, outcome.detail) = conclude(result, worker.cancel.is_cancelled());
        outcome.detail = outcome.detail.or_else(|| worker.partial.take());
        self.failed(&outcome, gone);
        Some((turn.position, outcome))
    }

    /// How long to wait before a tenant is tried again; `None` when it is not.
    fn pause_before_next(&self, worker: &mut Worker, turn: &Turn, error: &Error) -> Option<Duration> {
        if error.sqlstate().is_none() || worker.cancel.is_cancelled() {
            worker.drop_session();
        }
        // A server that restarts refuses connections for a moment.
        let transient = error.kind().is_transient() || error.kind().is_unreachable();
        if !transient || turn.tried >= self.options.retries || !self.shared.queue.is_open() {
            return None;
        }
        // The jitter keeps workers, and programs, apart.
        let jitter = u64::from(std::process::id()).wrapping_add(worker.number as u64 * 37) % 50;
        Some(Duration::from_millis((100 << turn.tried.min(8)) + jitter).min(LONGEST_PAUSE))
    }

    fn failed(&self, outcome: &TenantOutcome, server_gone: bool) {
        if outcome.outcome != Outcome::Failed {
            return;
        }
        let code = outcome.error.as_ref().map(|e| e.code.as_str()).unwrap_or_default();
        tracing::warn!(schema = outcome.schema, code, "a tenant failed");
        // Without a server the others could only fail one after the other; "not started" is what they are.
        if server_gone {
            self.shared.stop(Stopped::ServerGone);
        } else if !self.options.continue_on_error {
            self.shared.stop(Stopped::Failure);
        }
    }
}

fn conclude(result: Result<Done>, cancelled: bool) -> (Outcome, Option<WireError>, Option<String>) {
    match result {
        Ok(Done::Changed(detail)) => (Outcome::Done, None, detail),
        Ok(Done::Nothing(detail)) => (Outcome::Skipped, None, detail),
        // Whatever the statement died of, the person asked for the end. What an operation says of that end stands.
        Err(e) if cancelled => {
            let own = e.detail_text().filter(|_| matches!(e.kind(), ErrorKind::Cancelled) && e.sqlstate().is_none());
            let error = Error::new(ErrorKind::Cancelled);
            let error = own.map(str::to_owned).into_iter().fold(error, Error::detail);
            (Outcome::Cancelled, Some(error.into()), None)
        }
        Err(e) => (Outcome::Failed, Some((&e).into()), None),
    }
}

/// After a cancel, this long is waited before a statement that has not ended is ended with its connection …
const PATIENCE: Duration = Duration::from_secs(3);
/// … and this long before an answer is no longer waited for.
const DEADLINE: Duration = Duration::from_secs(8);

/// Comes back once the run has been cancelled and nothing can be expected any more.
async fn overdue(cancel: &CancellationToken) {
    cancel.cancelled().await;
    tokio::time::sleep(DEADLINE).await;
}

/// Once the run is cancelled, cancels what its busy sessions do until they have all come back. Repeated, because a
/// cancel that arrives between two statements is lost; a process that waits for data from the client hears none at all,
/// and is ended.
async fn cancel_on_server(database: Database, shared: Arc<Shared>) {
    shared.cancel.cancelled().await;
    let since = Instant::now();
    loop {
        for backend in shared.busy_backends() {
            let patient = since.elapsed() < PATIENCE;
            let asked = if patient { database.cancel(backend).await } else { database.terminate(backend).await };
            if let Err(e) = asked {
                tracing::warn!(error = %e, "cancelling on the server failed");
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
