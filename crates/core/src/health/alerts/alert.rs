//! What is beyond its threshold.

use super::Thresholds;
use crate::error::WireError;
use crate::health::doctor::Level;
use serde::Serialize;

/// What is beyond its threshold in one database.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Alerts {
    /// The worst first.
    pub alerts: Vec<Alert>,
    /// What could not be looked at, and why.
    pub not_watched: Vec<NotWatched>,
    /// What was compared with.
    pub thresholds: Thresholds,
    /// Tenants that were looked at.
    pub tenants: u32,
    /// Milliseconds that it took.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub duration_ms: u64,
}

/// One thing that wants a person, with everybody whom it concerns.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Alert {
    /// What it is.
    pub kind: AlertKind,
    /// How serious.
    pub level: Level,
    /// In English.
    pub message: String,
    /// The threshold in the unit of [`Thresholds`], where it is a number.
    pub limit: Option<u32>,
    /// Whom it concerns: the worst first.
    pub items: Vec<AlertItem>,
}

/// One tenant, session or run that an alert is about.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct AlertItem {
    /// The tenant.
    pub schema: Option<String>,
    /// What is meant besides: a run, a version, `people` or `storage`, a session as `pid N, role`, a prepared transaction.
    pub object: Option<String>,
    /// The figure: percent of a quota, seconds of a transaction or a wait, connections.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub number: Option<i64>,
    /// RFC 3339, UTC: the newest backup, the end of a run.
    pub at: Option<String>,
    /// Why a migration failed.
    pub error: Option<WireError>,
}

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum AlertKind {
    /// The newest migration of a tenant from this computer failed, and it has not got there since.
    MigrationFailed,
    /// A run of this computer ended in the middle.
    RunInterrupted,
    /// No verified backup, or none that is young enough.
    BackupMissed,
    /// More is used than the quota allows.
    QuotaExceeded,
    /// Nearly as much is used.
    QuotaNear,
    /// A tenant is not built like most others of its version.
    Drift,
    /// A session waits for a lock.
    Blocked,
    /// A transaction is open for long.
    LongTransaction,
    /// Connections run out.
    Connections,
}

impl AlertKind {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::MigrationFailed => "migration_failed",
            Self::RunInterrupted => "run_interrupted",
            Self::BackupMissed => "backup_missed",
            Self::QuotaExceeded => "quota_exceeded",
            Self::QuotaNear => "quota_near",
            Self::Drift => "drift",
            Self::Blocked => "blocked",
            Self::LongTransaction => "long_transaction",
            Self::Connections => "connections",
        }
    }

    /// How serious it is.
    pub(super) fn level(self) -> Level {
        match self {
            Self::MigrationFailed | Self::BackupMissed | Self::QuotaExceeded | Self::Connections => Level::Error,
            Self::RunInterrupted | Self::QuotaNear | Self::Drift | Self::Blocked | Self::LongTransaction => {
                Level::Warning
            }
        }
    }
}

/// What could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct NotWatched {
    /// What it would have been about.
    pub kind: AlertKind,
    /// Stable name of the reason, for translation.
    pub code: String,
    /// The reason in English.
    pub message: String,
}
