//! What is done to one tenant.

use super::sent::Sent;
use super::state::Shared;
use super::{RunActivity, RunKind, TenantOutcome};
use crate::connection::{Database, Purpose, Session};
use crate::error::WireError;
use crate::{ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// A tenant in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Schema.
    pub schema: String,
    /// Display name.
    pub name: String,
    /// Migrations to apply, or to revert, in order.
    pub planned: Vec<i64>,
    /// Of a resumed run: migrations that it had applied, or reverted, before it was interrupted.
    pub already: Vec<i64>,
    /// A verdict of the plan that nothing can be done for this tenant: it ends as failed, untouched.
    pub refused: Option<WireError>,
    /// A verdict of the plan that nothing is to be done: it ends as skipped.
    pub skipped: Option<WireError>,
}

impl Target {
    /// A tenant to work on.
    pub fn new(schema: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            schema: schema.into(),
            name: name.into(),
            planned: Vec::new(),
            already: Vec::new(),
            refused: None,
            skipped: None,
        }
    }
}

/// How an operation on one tenant ended well. The text says what was produced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// The tenant was changed, or its file written.
    Changed(Option<String>),
    /// There was nothing to do.
    Nothing(Option<String>),
}

/// Something that can be done to any tenant of a fleet.
///
/// An implementation does all of one tenant or nothing: when it returns an error, or is cancelled, it has rolled back. Those for whom
/// that cannot be (VACUUM knows no transaction) say with [`Worker::set_partial`] what stays.
pub trait Operation: Send + Sync + 'static {
    /// What it is called.
    fn kind(&self) -> RunKind;

    /// What its sessions are for.
    fn purpose(&self) -> Purpose;

    /// Does it. Called for different tenants from several workers at a time.
    fn apply<'a>(&'a self, worker: &'a mut Worker, target: &'a Target) -> BoxFuture<'a, Result<Done>>;

    /// The last word, when every tenant has its outcome: those that ended well one by one and did not all the same, by
    /// their place in the run. By default nobody.
    fn judge<'a>(
        &'a self,
        _database: &'a Database,
        _outcomes: &'a [TenantOutcome],
    ) -> BoxFuture<'a, Result<Vec<(usize, WireError)>>> {
        std::future::ready(Ok(Vec::new())).boxed()
    }

    /// Called once at the very end, however the run ended, to put on paper what became of every tenant. By default nothing.
    fn report<'a>(&'a self, _run: &'a str, _outcomes: &'a [TenantOutcome]) -> BoxFuture<'a, ()> {
        std::future::ready(()).boxed()
    }
}

/// One of the run's sessions, reopened after a loss.
pub struct Worker {
    pub(super) database: Database,
    pub(super) purpose: Purpose,
    pub(super) session: Option<Session>,
    pub(super) cancel: CancellationToken,
    pub(super) shared: Arc<Shared>,
    pub(super) number: usize,
    pub(super) versions: Vec<i64>,
    pub(super) in_doubt: Option<i64>,
    pub(super) partial: Option<String>,
    /// Line of the tenant whose turn it is.
    pub(super) position: usize,
    pub(super) sent: Arc<Sent>,
}

impl Worker {
    /// The database.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// This worker's session. Its server process is known to the run, which cancels it there when asked to.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`] when the run was cancelled; otherwise what connecting reports.
    pub async fn session(&mut self) -> Result<&mut Session> {
        self.check_cancelled()?;
        if self.session.is_none() {
            let session = self.database.session(self.purpose).await?;
            self.shared.set_backend(self.number, Some(session.backend()));
            self.session = Some(session);
        }
        self.session.as_mut().ok_or_else(|| ErrorKind::ConnectionLost.into())
    }

    /// Fails when the run was cancelled.
    pub fn check_cancelled(&self) -> Result<()> {
        if self.cancel.is_cancelled() { Err(ErrorKind::Cancelled.into()) } else { Ok(()) }
    }

    /// Identifies the run.
    pub fn run(&self) -> &str {
        self.shared.id()
    }

    /// The run's token.
    pub fn cancel_token(&self) -> &CancellationToken {
        &self.cancel
    }

    /// Notes a migration that was committed, or reverted: it counts even when the tenant fails afterwards.
    pub fn committed(&mut self, version: i64) {
        self.in_doubt = None;
        self.versions.push(version);
    }

    /// Migrations of this tenant that were committed, or reverted, by this run; earlier tries included.
    pub fn versions(&self) -> &[i64] {
        &self.versions
    }

    /// Notes that the commit of a migration is sent next. When its answer is lost, the next try finds out; when this
    /// program is lost, whoever comes back to the run.
    ///
    /// # Errors
    /// [`ErrorKind::LocalState`] when it cannot be noted; then it is not to be sent.
    pub fn set_in_doubt(&mut self, version: i64) -> Result<()> {
        self.sent.note(self.position, version)?;
        self.in_doubt = Some(version);
        Ok(())
    }

    /// Notes that a file outside a transaction is begun next: what it leaves half-way is this run's.
    ///
    /// # Errors
    /// [`ErrorKind::LocalState`] when it cannot be noted; then it is not to be begun.
    pub fn set_begun(&self, version: i64) -> Result<()> {
        self.sent.note_begun(self.position, version)
    }

    /// The migration whose commit was sent by an earlier try and not answered.
    pub fn in_doubt(&self) -> Option<i64> {
        self.in_doubt
    }

    /// The session, when one is open.
    pub fn open_session(&mut self) -> Option<&mut Session> {
        self.session.as_mut()
    }

    /// Tells the run's listeners that rows were written.
    pub fn add_rows(&self, rows: u64) {
        self.shared.add_rows(rows);
    }

    /// The same, for whoever has this worker's session in hand meanwhile.
    pub fn row_counter(&self) -> impl Fn(u64) + Send + Sync + use<> {
        let shared = self.shared.clone();
        move |rows| shared.add_rows(rows)
    }

    /// Tells the run's listeners what is being done in the tenant at this moment, also while somebody else has this worker's
    /// session in hand.
    pub fn activity_sink(&self) -> impl Fn(RunActivity) + Send + Sync + use<> {
        let (shared, number) = (self.shared.clone(), self.number);
        move |activity| shared.act(number, activity)
    }

    /// What this try has come to so far, in short words: it is kept as the tenant's detail should the try fail or be cancelled.
    pub fn set_partial(&mut self, detail: String) {
        self.partial = Some(detail);
    }

    /// Forgets the session, after a loss or when its state is not known.
    pub fn drop_session(&mut self) {
        self.session = None;
        self.shared.set_backend(self.number, None);
    }
}
