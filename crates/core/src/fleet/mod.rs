//! The one way to do something to many tenants: plan, bounded concurrency, an outcome per tenant, events, cancel,
//! and a record of the run that survives the process.
//!
//! What is done to a tenant is an [`Operation`]; migrating, creating and exporting are operations, and later ones
//! find their place here too. A run is started by [`start`] and seen through its [`RunHandle`]: listeners read the
//! state at their own pace, so a slow or dead window never holds up the work.

mod engine;
mod event;
mod lock;
mod operation;
mod outcome;
mod output;
mod plan;
mod queue;
mod record;
mod sent;
mod state;
mod tenant_lock;

pub use engine::{DEFAULT_RETRIES, RunOptions, default_jobs, resume, start};
pub use event::{CanaryReport, CanaryTurns, EventSink, RunActivity, RunEvent, RunProgress, RunState};
pub use operation::{Done, Operation, Target, Worker};
pub use outcome::{Outcome, RunKind, RunSummary, Stopped, TenantOutcome};
pub use output::read as output;
pub(crate) use output::{keep as keep_output, keep_report, report};
pub use plan::{Check, CheckLevel, Plan, PlannedSql, PlannedTenant};
pub use record::{PastRun, RunEntry, RunRecord, list, past, show, undone_by, wrote};
pub use state::RunHandle;
pub(crate) use tenant_lock::{LOCK_CLASS, enter, hold, holder};

/// Somebody works on a run, in this process or in another one.
pub(crate) fn is_active(home: &crate::local::Home, run: &str) -> bool {
    lock::RunLock::is_held(home, run)
}
