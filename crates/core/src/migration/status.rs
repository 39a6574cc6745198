//! Where the fleet stands.

use super::InvalidIndex;
use crate::error::WireError;
use serde::Serialize;

/// The fleet against one folder of migrations.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MigrationStatus {
    /// In version order.
    pub migrations: Vec<MigrationInfo>,
    /// By schema.
    pub tenants: Vec<TenantMigrations>,
}

/// One migration of the folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MigrationInfo {
    /// The number before the first `_` of the file name.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub version: i64,
    /// The rest of the file name, with spaces.
    pub description: String,
    /// SHA-384 of the up file, hexadecimal, as sqlx computes it.
    pub checksum: String,
    /// A down file is there.
    pub reversible: bool,
    /// The file starts with `-- no-transaction`.
    pub no_transaction: bool,
    /// Header line `-- purpose:`.
    pub purpose: Option<String>,
    /// Header line `-- impact:`.
    pub impact: Option<String>,
    /// Header line `-- rollback:`.
    pub rollback: Option<String>,
    /// Text of the up file.
    pub up: String,
    /// Text of the down file.
    pub down: Option<String>,
}

/// One tenant against the folder.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TenantMigrations {
    /// Schema.
    pub schema: String,
    /// Display name.
    pub name: String,
    /// It has a migration history; without one it is migrated only when it is named, or all are.
    pub has_history: bool,
    /// Newest applied version.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub version: Option<i64>,
    /// Versions in the history that are at their end, or on their way back, in order.
    #[cfg_attr(feature = "specta", specta(type = Vec<u32>))]
    pub applied: Vec<i64>,
    /// Versions of the folder not in the history, or half-way there, in order.
    #[cfg_attr(feature = "specta", specta(type = Vec<u32>))]
    pub pending: Vec<i64>,
    /// What is wrong with this tenant: changed checksum, unknown version, half-way, unreadable. All but the half-way ones
    /// that a plan can finish stand in the way of a migration.
    pub problem: Option<WireError>,
    /// The version that the problem is about.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub problem_version: Option<i64>,
    /// Versions that were applied with other line endings, or another byte-order mark, than the files have now. Not a problem:
    /// the SQL is the same.
    #[cfg_attr(feature = "specta", specta(type = Vec<u32>))]
    pub line_endings: Vec<i64>,
    /// Indexes that are not valid: left by a `concurrently` that did not come to its end.
    pub invalid_indexes: Vec<InvalidIndex>,
    /// Where another tool says that the tenant stands, when the folder names one.
    pub place: Option<String>,
}

/// A template that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TemplateInfo {
    /// Name of the folder.
    pub name: String,
    /// Title in English.
    pub title_en: String,
    /// Title in French.
    pub title_fr: String,
    /// What is in it, one sentence in English; may be empty.
    pub description_en: String,
    /// The same in French.
    pub description_fr: String,
    /// How many migrations.
    pub migrations: u32,
    /// Newest version.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub newest: Option<i64>,
}
