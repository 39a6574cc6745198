//! How a run ended, tenant by tenant.

use crate::error::WireError;
use serde::{Deserialize, Serialize};

/// What a run does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum RunKind {
    /// New tenants.
    Create,
    /// Migrations up.
    MigrateUp,
    /// Migrations down.
    MigrateDown,
    /// Workbooks.
    Export,
}

/// What became of one tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum Outcome {
    /// Changed as planned.
    Done,
    /// Nothing to do, or left out on purpose.
    Skipped,
    /// Tried; rolled back.
    Failed,
    /// Under way when the run was cancelled; rolled back.
    Cancelled,
    /// The run ended before its turn.
    NotStarted,
}

/// One tenant's line in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TenantOutcome {
    /// Schema.
    pub schema: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Milliseconds; 0 when not started.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub duration_ms: u64,
    /// Why it failed or was skipped.
    pub error: Option<WireError>,
    /// What was produced, in short words: versions applied, path of the workbook.
    pub detail: Option<String>,
}

/// A finished run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RunSummary {
    /// Identifies the run.
    pub run: String,
    /// What it did.
    pub kind: RunKind,
    /// How many tenants were changed.
    pub done: u32,
    /// How many had nothing to do.
    pub skipped: u32,
    /// How many failed.
    pub failed: u32,
    /// How many were under way when cancelled.
    pub cancelled: u32,
    /// How many never had their turn.
    pub not_started: u32,
    /// Milliseconds from start to end.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub duration_ms: u64,
    /// In the order of the plan.
    pub tenants: Vec<TenantOutcome>,
}

impl RunKind {
    /// The name in JSON, the local state and the journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::MigrateUp => "migrate_up",
            Self::MigrateDown => "migrate_down",
            Self::Export => "export",
        }
    }
}
