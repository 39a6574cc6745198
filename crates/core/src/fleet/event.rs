//! What a run says while it runs. Window, command line and journal are consumers; a consumer that has gone is not an error.

use super::{RunKind, RunSummary, TenantOutcome};
use serde::Serialize;
use std::sync::Arc;

/// Something happened in a run. Throttled: at most ten messages a second.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum RunEvent {
    /// Where the run is; also what a newly attached listener gets first.
    Progress {
        /// The run as a whole.
        progress: RunProgress,
        /// Tenants that ended since the last message.
        ended: Vec<TenantOutcome>,
    },
    /// The run is over.
    Finished {
        /// Its result.
        summary: RunSummary,
    },
}

/// Where a run is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RunProgress {
    /// Identifies the run.
    pub run: String,
    /// What it does.
    pub kind: RunKind,
    /// Where: `database @ host:port`.
    pub database: String,
    /// Tenants in the run.
    pub total: u32,
    /// Tenants that have an outcome.
    pub ended: u32,
    /// Of them failed.
    pub failed: u32,
    /// Schemas being worked on.
    pub current: Vec<String>,
    /// What is being done in them, of operations that say so.
    pub activities: Vec<RunActivity>,
    /// Rows written so far, for exports.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: u64,
    /// Rows expected, for exports; 0 when unknown.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows_expected: u64,
    /// Milliseconds since the start.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub elapsed_ms: u64,
    /// Milliseconds still to go at the present rate; `None` while it cannot be told.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub remaining_ms: Option<u64>,
    /// Cancel was asked for.
    pub cancelling: bool,
    /// What it is doing.
    pub state: RunState,
    /// How far the canaries are; `None` where nobody goes ahead of the others.
    pub canary_turns: Option<CanaryTurns>,
    /// What the canaries say, once they have ended.
    pub canaries: Option<CanaryReport>,
}

/// What is being done in one tenant at this moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RunActivity {
    /// Schema.
    pub schema: String,
    /// The table or index at hand.
    pub object: String,
    /// Its place among the tenant's, from 1.
    pub step: u32,
    /// How many there are.
    pub steps: u32,
    /// What the server does with it, as a stable word: `scanning_heap`, `building_index`, `waiting` …; none before it was asked.
    pub phase: Option<String>,
    /// How far that phase is, 0 to 100, where the server says so.
    pub percent: Option<u8>,
    /// The session that it waits for: its program and process.
    pub waits_for: Option<String>,
}

/// The canaries among the tenants in which there is something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct CanaryTurns {
    /// How many go ahead.
    pub planned: u32,
    /// Of them ended.
    pub ended: u32,
    /// How many follow them.
    pub others: u32,
}

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum RunState {
    /// The canaries are on their way; the others wait for their verdict.
    Canary,
    /// The canaries have ended, and a person decides whether the others begin.
    Held,
    /// Tenants have their turn.
    Running,
    /// A person stopped it for a while; no tenant begins.
    Paused,
    /// What is under way is cancelled on the server.
    Cancelling,
    /// Every tenant has its outcome.
    Ended,
}

/// How the canaries fared: what a person decides by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct CanaryReport {
    /// How many there were.
    pub tenants: u32,
    /// Of them failed.
    pub failed: u32,
    /// Of them had to be tried again.
    pub retried: u32,
    /// Milliseconds of the slowest one.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub slowest_ms: u64,
    /// Milliseconds that they waited for locks and lost connections, together.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub waited_ms: u64,
}

/// Where events go.
pub type EventSink = Arc<dyn Fn(RunEvent) + Send + Sync>;
