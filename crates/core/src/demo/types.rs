//! What the demo tells.

use serde::Serialize;

/// Whether the demo runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DemoStatus {
    /// The server answers.
    pub running: bool,
    /// `postgres://…` of the fleet's database, without a password.
    pub url: Option<String>,
    /// How many tenants were made.
    pub tenants: u32,
}

/// What starting the demo is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum DemoEvent {
    /// Looking for server programs.
    Searching,
    /// Making the data folder.
    Initialising,
    /// Starting the server.
    Starting,
    /// Filling tenants.
    Filling {
        /// So many are done.
        done: u32,
        /// Of so many.
        total: u32,
    },
    /// It runs.
    Ready,
}
