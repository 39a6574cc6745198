//! Workers, cancelling and retrying.

use super::record::Recorder;
use super::state::Shared;
use super::{Done, Operation, Outcome, RunHandle, Target, TenantOutcome, Worker};
use crate::connection::Database;
use crate::error::WireError;
use crate::journal::{self, Draft};
use crate::local::Home;
use crate::{ErrorKind, Result};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How a run is carried out.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Sessions at a time; `None` takes [`default_jobs`].
    pub jobs: Option<u16>,
    /// Go on with the other tenants after a failure.
    pub continue_on_error: bool,
    /// How often a tenant is tried again after a lock time-out, a deadlock or a lost connection.
    pub retries: u32,
    /// The request as JSON, so that the run can be resumed.
    pub request: String,
    /// Fingerprint of the plan.
    pub fingerprint: String,
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
            retries: 3,
            request: "{}".into(),
            fingerprint: String::new(),
            statements: String::new(),
            rows_expected: 0,
        }
    }
}

/// Two sessions: on a small server more are slower, since DDL of different tenants meets in the same catalogs
/// (measured: 1, 2, 4, 16 sessions change 1,650, 2,620, 2,420, 1,610 tenants/s on 2 cores).
pub fn default_jobs() -> u16 {
    2
}

type Queue = Arc<Mutex<VecDeque<(usize, Target)>>>;

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
    let schemas = targets.iter().map(|t| t.schema.clone()).collect();
    let recorder = Recorder::begin(home, database, &id, operation.kind(), &targets, &options).await?;
    let shared = Arc::new(Shared::new(id, operation.kind(), schemas, options.rows_expected));
    let handle = RunHandle { shared: shared.clone() };
    let (home, database) = (home.clone(), database.clone());
    tokio::spawn(async move { drive(home, database, operation, targets, options, shared, recorder).await });
    Ok(handle)
}

async fn drive(
    home: Home,
    database: Database,
    operation: Arc<dyn Operation>,
    targets: Vec<Target>,
    options: RunOptions,
    shared: Arc<Shared>,
    recorder: Recorder,
) {
    let jobs = usize::from(options.jobs.unwrap_or_else(default_jobs).max(1)).min(targets.len());
    let queue: Queue = Arc::new(Mutex::new(targets.into_iter().enumerate().collect()));
    let recorder = Arc::new(recorder);
    let canceller = tokio::spawn(cancel_on_server(database.clone(), shared.clone()));
    let workers = (0..jobs).map(|number| {
        let worker = Worker {
            database: database.clone(),
            purpose: operation.purpose(),
            session: None,
            cancel: shared.cancel.clone(),
            shared: shared.clone(),
            number,
        };
        tokio::spawn(work(worker, operation.clone(), queue.clone(), options.clone(), recorder.clone()))
    });
    for worker in futures::future::join_all(workers).await {
        if let Err(e) = worker {
            tracing::error!(error = %e, "a worker of a run ended unexpectedly");
        }
    }
    canceller.abort();
    if let Some(recorder) = Arc::into_inner(recorder) {
        recorder.end().await;
    }
    let summary = shared.summarise();
    let outcome = if summary.cancelled + summary.not_started > 0 {
        "cancelled"
    } else if summary.failed > 0 {
        "failed"
    } else {
        "done"
    };
    let detail = format!(
        "done {}, skipped {}, failed {}, cancelled {}, not started {}\n{}",
        summary.done, summary.skipped, summary.failed, summary.cancelled, summary.not_started, options.statements
    );
    let subject = match summary.tenants.as_slice() {
        [one] => one.schema.clone(),
        many => format!("{} tenants", many.len()),
    };
    let draft =
        Draft::new(summary.kind.name(), outcome).database(&database).subject(subject).run(&summary.run).detail(detail);
    if let Err(e) = journal::append(&home, draft).await {
        tracing::error!(error = %e, "the journal could not be written");
    }
    // Last: whoever waits for the summary may end the process, and by now record and journal are on disk.
    shared.finish(summary);
}

async fn work(
    mut worker: Worker,
    operation: Arc<dyn Operation>,
    queue: Queue,
    options: RunOptions,
    recorder: Arc<Recorder>,
) {
    let take = |queue: &Queue| queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    while !worker.cancel.is_cancelled() {
        let Some((position, target)) = take(&queue) else { break };
        let shared = worker.shared.clone();
        shared.begin(worker.number, &target.schema);
        let started = Instant::now();
        let mut server_gone = false;
        let (outcome, error, detail) = match (&target.refused, &target.skipped) {
            (Some(error), _) => (Outcome::Failed, Some(error.clone()), None),
            (None, Some(reason)) => (Outcome::Skipped, Some(reason.clone()), None),
            (None, None) => {
                let result = attempt(&mut worker, &*operation, &target, options.retries).await;
                server_gone = result.as_ref().is_err_and(|e| e.kind().is_unreachable());
                conclude(result)
            }
        };
        if outcome == Outcome::Failed {
            let code = error.as_ref().map(|e| e.code.as_str()).unwrap_or_default();
            tracing::warn!(schema = target.schema, code, "a tenant failed");
            // Without a server the others could only fail one after the other; "not started" is what they are.
            if server_gone || !options.continue_on_error {
                queue.lock().unwrap_or_else(PoisonError::into_inner).clear();
            }
        }
        let outcome = TenantOutcome {
            schema: target.schema,
            outcome,
            duration_ms: started.elapsed().as_millis() as u64,
            error,
            detail,
        };
        recorder.outcome(position, &outcome);
        shared.end(worker.number, position, outcome);
    }
    if let Some(session) = worker.session.take() {
        session.close().await;
    }
}

fn conclude(result: Result<Done>) -> (Outcome, Option<WireError>, Option<String>) {
    match result {
        Ok(Done::Changed(detail)) => (Outcome::Done, None, detail),
        Ok(Done::Nothing(detail)) => (Outcome::Skipped, None, detail),
        Err(e) if matches!(e.kind(), ErrorKind::Cancelled) => (Outcome::Cancelled, Some((&e).into()), None),
        Err(e) => (Outcome::Failed, Some((&e).into()), None),
    }
}

/// Tries once, and again after transient errors with growing pauses; the jitter keeps workers apart.
async fn attempt(worker: &mut Worker, operation: &dyn Operation, target: &Target, retries: u32) -> Result<Done> {
    let mut tried = 0;
    loop {
        let error = match operation.apply(worker, target).await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        if worker.cancel.is_cancelled() {
            // Whatever the statement died of, the person asked for the end.
            worker.drop_session();
            return Err(ErrorKind::Cancelled.into());
        }
        if error.sqlstate().is_none() {
            worker.drop_session();
        }
        // A server that restarts refuses connections for a moment.
        if tried >= retries || !(error.kind().is_transient() || error.kind().is_unreachable()) {
            return Err(error);
        }
        tried += 1;
        let jitter = u64::from(std::process::id()).wrapping_add(worker.number as u64 * 37) % 50;
        let pause = Duration::from_millis((100 << tried.min(6)) + jitter);
        tracing::info!(schema = target.schema, tried, pause_ms = pause.as_millis() as u64, "trying again");
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = worker.cancel.cancelled() => return Err(ErrorKind::Cancelled.into()),
        }
    }
}

/// Once the run is cancelled, cancels what its busy sessions do until they have all come back. Repeated, because a
/// cancel that arrives between two statements is lost.
async fn cancel_on_server(database: Database, shared: Arc<Shared>) {
    shared.cancel.cancelled().await;
    loop {
        for backend in shared.busy_backends() {
            if let Err(e) = database.cancel(backend).await {
                tracing::warn!(error = %e, "cancelling on the server failed");
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
