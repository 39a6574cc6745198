//! Choices of the person, shared by window and command line.

use serde::{Deserialize, Serialize};

/// All settings, with their defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Settings {
    /// `en`, `fr`, or `None` for the system's.
    pub language: Option<String>,
    /// `light`, `dark`, or `None` for the system's.
    pub scheme: Option<String>,
    /// Rows of 32 px instead of 40 px.
    pub dense: bool,
    /// Sessions at a time for fleet runs; `None` leaves it to the server's cores.
    pub jobs: Option<u16>,
    /// `lock_timeout` of migrations, milliseconds.
    pub lock_timeout_ms: u32,
    /// Folder of the last export.
    pub export_folder: Option<String>,
    /// Migration source last used: a template name or a folder.
    pub migration_source: Option<String>,
    /// Widths, order and visibility of table columns, as the window keeps them (JSON text).
    pub tables: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: None,
            scheme: None,
            dense: true,
            jobs: None,
            lock_timeout_ms: 2000,
            export_folder: None,
            migration_source: None,
            tables: None,
        }
    }
}
