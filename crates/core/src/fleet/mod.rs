//! The one way to do something to many tenants: plan, bounded concurrency, an outcome per tenant, events, cancel,
//! and a record of the run that survives the process.
//!
//! What is done to a tenant is an [`Operation`]; migrating, creating and exporting are operations, and later ones
//! find their place here too.

mod event;
mod outcome;
mod plan;

pub use event::{EventSink, RunEvent, RunProgress};
pub use outcome::{Outcome, RunKind, RunSummary, TenantOutcome};
pub use plan::{Check, CheckLevel, Plan, PlannedSql, PlannedTenant};
