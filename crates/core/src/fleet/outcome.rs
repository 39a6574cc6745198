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
    /// A tenant into quarantine, after a backup.
    Drop,
    /// A tenant back from quarantine.
    Undrop,
    /// A quarantined tenant removed for good.
    Purge,
    /// Archives.
    Backup,
    /// An archive tried out in a transaction that is rolled back.
    VerifyBackup,
    /// Tenants made again from a backup.
    Restore,
    /// Tenants made after others.
    Clone,
    /// Other names, and other schemas.
    Rename,
    /// Tenants closed to everybody.
    Deactivate,
    /// … and opened again as they were.
    Activate,
    /// Entries of the registry.
    Set,
    /// The registry itself.
    InstallRegistry,
    /// Who may ask the registry for the tenant of a domain.
    Routing,
    /// What the doctor has found.
    Repair,
    /// VACUUM, ANALYZE and REINDEX.
    Maintain,
    /// Tables and indexes looked through for damage; nothing is changed.
    Check,
    /// Sessions of others.
    EndSessions,
    /// What sessions of others run.
    CancelStatements,
    /// Tables into the schema of the tenant that they belong to, or out of it.
    Move,
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
    /// Milliseconds of the last try; 0 when not started.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub duration_ms: u64,
    /// Milliseconds lost to tries that were given up, for a lock or a lost connection, and to the pauses after them.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub waited_ms: u64,
    /// How often it was tried.
    pub attempts: u32,
    /// Migrations that were applied, or reverted, in this order. Some may be there even though the tenant failed.
    #[cfg_attr(feature = "specta", specta(type = Vec<u32>))]
    pub versions: Vec<i64>,
    /// Why it failed or was skipped.
    pub error: Option<WireError>,
    /// What was produced, in short words: versions applied, path of the workbook.
    pub detail: Option<String>,
}

impl TenantOutcome {
    /// Before its turn.
    pub(super) fn not_started(schema: &str) -> Self {
        Self {
            schema: schema.to_owned(),
            outcome: Outcome::NotStarted,
            duration_ms: 0,
            waited_ms: 0,
            attempts: 0,
            versions: Vec::new(),
            error: None,
            detail: None,
        }
    }
}

/// Why a run ended before every tenant had its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum Stopped {
    /// A person cancelled it.
    Cancelled,
    /// A canary failed.
    Canary,
    /// A tenant failed, and the run was to stop then.
    Failure,
    /// The server could not be reached any more.
    ServerGone,
    /// The program ended in the middle.
    Interrupted,
}

/// A finished run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RunSummary {
    /// Identifies the run.
    pub run: String,
    /// What it did.
    pub kind: RunKind,
    /// Where: `database @ host:port`.
    pub database: String,
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
    /// Why it ended early, when it did.
    pub stopped: Option<Stopped>,
    /// The run that this one undoes.
    pub undoes: Option<String>,
    /// In the order of the plan.
    pub tenants: Vec<TenantOutcome>,
}

impl RunKind {
    /// Its lines are sessions, not tenants.
    pub(super) fn is_about_sessions(self) -> bool {
        matches!(self, Self::EndSessions | Self::CancelStatements)
    }

    /// The name in JSON, the local state and the journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::MigrateUp => "migrate_up",
            Self::MigrateDown => "migrate_down",
            Self::Export => "export",
            Self::Drop => "drop",
            Self::Undrop => "undrop",
            Self::Purge => "purge",
            Self::Backup => "backup",
            Self::VerifyBackup => "verify_backup",
            Self::Restore => "restore",
            Self::Clone => "clone",
            Self::Rename => "rename",
            Self::Deactivate => "deactivate",
            Self::Activate => "activate",
            Self::Set => "set",
            Self::InstallRegistry => "install_registry",
            Self::Routing => "routing",
            Self::Repair => "repair",
            Self::Maintain => "maintain",
            Self::Check => "check",
            Self::EndSessions => "end_sessions",
            Self::CancelStatements => "cancel_statements",
            Self::Move => "move",
        }
    }
}
