//! Figures of one tenant.

use serde::Serialize;

/// Figures of one tenant and of each of its tables.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TenantStats {
    /// Schema.
    pub schema: String,
    /// Display name.
    pub name: String,
    /// Sums over the tables.
    pub totals: Totals,
    /// By name.
    pub tables: Vec<TableFigures>,
}

/// Sums over a tenant's tables. Sizes in bytes.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Totals {
    /// How many tables.
    pub tables: u32,
    /// Live rows.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: i64,
    /// True where any part of `rows` comes from statistics.
    pub rows_estimated: bool,
    /// Tables, TOAST and indexes.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub size_bytes: i64,
    /// Indexes alone.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub index_bytes: i64,
    /// True where the sizes come from `relpages`.
    pub size_estimated: bool,
    /// Dead rows.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub dead_rows: i64,
    /// How many indexes.
    pub indexes: u32,
    /// Whole-table scans.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub seq_scans: i64,
    /// Index scans.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub index_scans: i64,
    /// Rows inserted, updated, deleted since the statistics were reset.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub writes: i64,
    /// Share of block reads answered from shared buffers, 0–1.
    pub cache_hit: Option<f64>,
}

/// Figures of one table. Sizes in bytes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TableFigures {
    /// Bare name.
    pub table: String,
    /// Live rows.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: i64,
    /// True where `rows` comes from statistics.
    pub rows_estimated: bool,
    /// Table, TOAST and indexes.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub size_bytes: i64,
    /// Indexes alone.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub index_bytes: i64,
    /// Dead rows.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub dead_rows: i64,
    /// How many indexes.
    pub indexes: u32,
    /// Whole-table scans.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub seq_scans: i64,
    /// Index scans.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub index_scans: i64,
    /// Rows inserted, updated, deleted since the statistics were reset.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub writes: i64,
    /// Share of block reads answered from shared buffers, 0–1.
    pub cache_hit: Option<f64>,
}
