//! Watching a database: what goes on at this moment, on which statements the time has gone, and what takes the space.
//!
//! All of it is looking, in a fixed number of queries: no right beyond those of the role is needed, and what the role may not see is said.
//! What the server itself does not know is said too: the `search_path` of another session cannot be seen, and
//! `pg_stat_statements` keeps no schema with a text that names none. So a session or a query is a tenant's only where something tells it, which
//! is named ([`AttributedBy`]).
//!
//! [`apply_signal`] ends sessions or cancels their statements, by plan. Statements that would drop an index are shown and never run.

mod activity;
mod blocking;
mod index_class;
mod indexes;
mod queries;
mod session;
mod signal;
mod signal_plan;
mod statistics;
mod storage;
mod whose;

pub use activity::{LONG, activity};
pub use indexes::{IndexBloat, IndexClass, IndexVerdict, NeededFor};
pub use queries::{Queries, QueryFigures, QueryTenant, queries};
pub use session::{
    Activity, AttributedBy, Attribution, BlockLine, Connections, DatabaseSessions, OpenTransaction, SessionActivity,
    SessionState, TenantSessions, TransactionKind, Wait,
};
pub use signal::apply_signal;
pub use signal_plan::{Loss, SessionKey, SignalPlan, SignalRequest, SignalTarget, plan_signal};
pub use statistics::{Missing, WhyMissing};
pub use storage::{OLD_ENOUGH, Standbys, Storage, TableStorage, storage};
