//! Tables, columns, constraints and indexes of one schema.

use serde::Serialize;

/// A table with its figures. Sizes in bytes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Table {
    /// `pg_class.oid`.
    pub oid: u32,
    /// Bare name.
    pub table: String,
    /// Ordinary, partitioned, materialised view …
    pub kind: TableKind,
    /// Live rows; exact only when `rows_estimated` is false.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: i64,
    /// True where `rows` comes from the server's statistics.
    pub rows_estimated: bool,
    /// Table, TOAST and indexes.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub size_bytes: i64,
    /// Indexes alone.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub index_bytes: i64,
    /// True where the sizes come from `relpages`, as of the last VACUUM or ANALYZE.
    pub size_estimated: bool,
    /// Dead rows as the statistics collector counts them.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub dead_rows: i64,
    /// Scans that read the whole table.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub seq_scans: i64,
    /// Scans through an index.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub index_scans: i64,
    /// Rows inserted, updated and deleted since the statistics were reset.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub writes: i64,
    /// Share of block reads answered from shared buffers, 0–1; `None` when nothing was read yet.
    pub cache_hit: Option<f64>,
    /// Last manual or automatic VACUUM, RFC 3339, UTC.
    pub last_vacuum: Option<String>,
    /// Last manual or automatic ANALYZE, RFC 3339, UTC.
    pub last_analyze: Option<String>,
    /// How many columns.
    pub columns: i32,
    /// How many indexes.
    pub indexes: i32,
    /// `COMMENT ON TABLE`.
    pub comment: Option<String>,
}

/// `pg_class.relkind` of things that hold or show rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum TableKind {
    /// `r`
    Table,
    /// `p`
    Partitioned,
    /// `v`
    View,
    /// `m`
    MaterializedView,
    /// `f`
    Foreign,
}

/// Everything about one table that its page shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TableStructure {
    /// Figures.
    pub table: Table,
    /// In attribute order.
    pub columns: Vec<Column>,
    /// Primary key first.
    pub constraints: Vec<Constraint>,
    /// By name.
    pub indexes: Vec<Index>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Column {
    /// `attnum`.
    pub position: i32,
    /// Bare name.
    pub name: String,
    /// `format_type`, for example `character varying(255)`.
    pub data_type: String,
    /// OID of the type.
    pub type_oid: u32,
    /// `pg_type.typcategory`, after resolving domains: `N` numeric, `B` boolean, `D` date/time, `S` string, `E` enum …
    pub category: String,
    /// NOT NULL.
    pub not_null: bool,
    /// Default expression, generation expression or identity kind, as DDL text.
    pub default: Option<String>,
    /// Part of the primary key.
    pub primary_key: bool,
    /// `COMMENT ON COLUMN`.
    pub comment: Option<String>,
}

/// A constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Constraint {
    /// Bare name.
    pub name: String,
    /// `contype`: `p` primary key, `u` unique, `f` foreign key, `c` check, `x` exclusion.
    pub kind: String,
    /// `pg_get_constraintdef`.
    pub definition: String,
    /// False for NOT VALID.
    pub validated: bool,
    /// The table a foreign key refers to, qualified when it is in another schema.
    pub references: Option<String>,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Index {
    /// Bare name.
    pub name: String,
    /// `pg_get_indexdef`.
    pub definition: String,
    /// UNIQUE.
    pub unique: bool,
    /// Backs the primary key.
    pub primary: bool,
    /// False while CREATE INDEX CONCURRENTLY is under way or after it failed.
    pub valid: bool,
    /// Bytes.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub size_bytes: i64,
    /// Scans since the statistics were reset.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub scans: i64,
}

/// An enum type of the schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct EnumType {
    /// Bare name.
    pub name: String,
    /// In sort order.
    pub labels: Vec<String>,
}
