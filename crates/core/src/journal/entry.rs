//! One line of the journal.

use serde::{Deserialize, Serialize};

/// One operation. Holds no row data and no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Entry {
    /// Position in the journal, from 1.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub number: i64,
    /// RFC 3339, UTC.
    pub time: String,
    /// Operating-system user.
    pub person: String,
    /// Name of this computer.
    pub computer: String,
    /// Role on the server, when there was one.
    pub role: Option<String>,
    /// `database @ host:port`, when there was one.
    pub database: Option<String>,
    /// For example `migrate_up`, `export`, `profile_add`.
    pub operation: String,
    /// Tenant or object.
    pub subject: Option<String>,
    /// The run it belongs to.
    pub run: Option<String>,
    /// `done`, `failed` …
    pub outcome: String,
    /// The statements, or what happened in words.
    pub detail: Option<String>,
    /// SHA-256 over the entry and the hash of the entry before it, hexadecimal.
    pub hash: String,
}

/// Which entries to show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct EntryFilter {
    /// Only this operation.
    pub operation: Option<String>,
    /// Only this outcome.
    pub outcome: Option<String>,
    /// Text anywhere in subject, person, database or detail.
    pub search: Option<String>,
    /// Entries before this number (for paging backwards).
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub before: Option<i64>,
    /// At most this many.
    pub limit: u32,
}
