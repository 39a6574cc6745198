//! What is to be done, and where.

use serde::{Deserialize, Serialize};

/// A kind of maintenance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum MaintainWork {
    /// Dead rows removed, so that their room is used again.
    Vacuum,
    /// The planner's statistics taken anew.
    Analyze,
    /// Indexes built anew beside the old ones, which stay in use meanwhile.
    Reindex,
    /// Tables and indexes looked through for damage. Changes nothing.
    Check,
}

impl MaintainWork {
    /// The name in JSON and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vacuum => "vacuum",
            Self::Analyze => "analyze",
            Self::Reindex => "reindex",
            Self::Check => "check",
        }
    }

    /// It changes something on the server.
    pub fn writes(self) -> bool {
        self != Self::Check
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MaintainRequest {
    /// What to do.
    pub work: MaintainWork,
    /// Bare names of tables, looked for in each tenant; a partitioned table means its partitions. All tables when empty.
    pub tables: Vec<String>,
    /// Only tables that need it; see [`super::MaintainReason`] for when that is. Not for a check.
    pub needed: bool,
    /// With VACUUM: take the planner's statistics anew, too.
    pub analyze: bool,
    /// With VACUUM: freeze every row that can be, which spares a later VACUUM the work.
    pub freeze: bool,
    /// With a check: also whether the index holds every row of its table, and every foreign key instead of those that the server
    /// does not vouch for.
    pub thorough: bool,
    /// Sessions at a time.
    pub jobs: Option<u16>,
}

impl MaintainRequest {
    /// All of it, everywhere, without options.
    pub fn of(work: MaintainWork) -> Self {
        Self { work, tables: Vec::new(), needed: false, analyze: false, freeze: false, thorough: false, jobs: None }
    }
}
