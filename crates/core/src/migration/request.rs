//! What is asked of a fleet's migrations.

use serde::{Deserialize, Serialize};

/// Which way a tenant goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum Direction {
    /// Apply up files.
    Up,
    /// Revert by down files.
    Down,
}

impl Direction {
    /// The way back.
    pub fn opposite(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }
}

/// Sessions at a time when nobody says: two keep a small server busy with DDL, and more meet in the same catalogs; the third
/// works while the messages of the others are on their way. Measured on 2 cores with 1,000 tenants: 1, 2, 3 and 4 sessions add
/// a column in 2.3, 1.6, 1.4 and 1.4 s.
pub(super) const DEFAULT_JOBS: u16 = 3;

/// A migration of the fleet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MigrateRequest {
    /// Name of a shipped template, or a folder.
    pub source: String,
    /// Schemas; empty means all tenants that have a history or match the template.
    pub tenants: Vec<String>,
    /// Which way.
    pub direction: Direction,
    /// Up: up to and including this version; the newest when absent. Down: every version above this one, 0 for all of
    /// them; only the newest when absent.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub to: Option<i64>,
    /// Sessions at a time; 3 when absent.
    pub jobs: Option<u16>,
    /// Go on with the other tenants after a failure.
    pub continue_on_error: bool,
    /// `lock_timeout` in milliseconds.
    pub lock_timeout_ms: u32,
    /// How often a tenant is tried again after a lock time-out, a deadlock or a lost connection; enough to outlast half a
    /// minute when absent.
    pub retries: Option<u32>,
    /// This many tenants, the smallest ones, go ahead of all others.
    pub canaries: u32,
    /// After the canaries a person decides whether the others begin; otherwise they do when none of them failed.
    pub ask_after_canaries: bool,
    /// Migrate also tenants that do not look like the others afterwards.
    #[serde(default)]
    pub allow_drift: bool,
}

impl MigrateRequest {
    /// Tenants have to look like each other afterwards. Every tenant may go back to where it came from.
    pub(super) fn compares(&self) -> bool {
        self.direction == Direction::Up && !self.allow_drift
    }
}
