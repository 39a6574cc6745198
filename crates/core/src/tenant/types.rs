//! Tenants as lists and pages show them.

use crate::access::RoleRequest;
use crate::adoption::SourceEntry;
use crate::catalog::{Column, EnumType, Table};
use crate::registry::{Entry, QuotaUse};
use serde::{Deserialize, Serialize};

/// All tenants of a database.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TenantList {
    /// By schema.
    pub tenants: Vec<TenantSummary>,
    /// Milliseconds that reading took.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub duration_ms: u64,
}

/// One line of the tenant list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TenantSummary {
    /// `pg_namespace.oid`.
    pub oid: u32,
    /// `pg_namespace.nspname`.
    pub schema: String,
    /// Display name: the registry's, the first line of the schema's comment, or the schema's name.
    pub name: String,
    /// Whether anybody can use it.
    pub state: TenantState,
    /// Routing names, the primary one first; from the registry.
    pub domains: Vec<String>,
    /// The shipped template whose first migration the tenant has applied.
    pub template: Option<String>,
    /// Newest applied migration.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub version: Option<i64>,
    /// Migrations of its template not yet applied; `None` when no template is known.
    pub pending: Option<u32>,
    /// Shape class; not known until shapes were computed.
    pub shape: Option<String>,
    /// How many tables: ordinary, partitioned (with their partitions), materialised views and foreign tables.
    pub tables: u32,
    /// Live rows of all tables.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: i64,
    /// True where `rows` comes from the server's statistics.
    pub rows_estimated: bool,
    /// Tables, TOAST and indexes, bytes.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub size_bytes: i64,
    /// True where the size comes from `relpages`, as of the last VACUUM or ANALYZE.
    pub size_estimated: bool,
    /// When automatic VACUUM or ANALYZE last worked on one of the tables, RFC 3339, UTC: the server starts them after enough
    /// rows changed. A sign of life, not the moment of the last change.
    pub last_activity: Option<String>,
    /// Newest verified backup, RFC 3339, UTC.
    pub last_backup: Option<String>,
    /// What it may use and what it uses, where the registry says so.
    pub quota: Option<QuotaUse>,
    /// Owner of the schema.
    pub owner: String,
    /// The role may read the schema.
    pub readable: bool,
}

/// Whether anybody can use a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum TenantState {
    /// In use.
    Active,
    /// No role has USAGE on the schema, or the registry has put it out of use.
    Inactive,
    /// Dropped: saved, renamed and closed, and still there.
    Quarantined,
}

/// One tenant's page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TenantDetail {
    /// As in the list.
    #[serde(flatten)]
    pub summary: TenantSummary,
    /// By name.
    pub tables: Vec<Table>,
    /// By name.
    pub enums: Vec<EnumType>,
    /// Where its name, domains and state come from, when a registry says them.
    pub source: Option<SourceEntry>,
    /// From the registry.
    pub modules: Vec<String>,
    /// From the registry.
    pub quotas: Vec<String>,
    /// The tenant's own role, when it has one.
    pub role: Option<String>,
    /// `grantee: privileges` of the schema.
    pub grants: Vec<String>,
    /// All that Cadastre's own registry knows of it.
    pub entry: Option<Entry>,
}

/// A new tenant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct CreateRequest {
    /// Display name.
    pub name: String,
    /// Schema; derived from the name when absent.
    pub schema: Option<String>,
    /// Name of a shipped template, or a folder of migrations; `None` creates an empty schema.
    pub template: Option<String>,
    /// The role that its application uses.
    pub role: Option<RoleRequest>,
    /// Where it answers, the primary domain first; needs the registry, like all that follows.
    pub domains: Vec<String>,
    /// Modules that it has.
    pub modules: Vec<String>,
    /// Fields of its entry and their values; see [`crate::registry::FIELDS`], others are its own.
    pub fields: Vec<(String, String)>,
}

/// Which rows of a table to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RowQuery {
    /// Schema of the tenant.
    pub schema: String,
    /// Table in it.
    pub table: String,
    /// First row, from 0.
    pub offset: u32,
    /// At most this many; core allows up to 500.
    pub limit: u32,
    /// Column to sort by; the primary key when absent.
    pub order_by: Option<String>,
    /// Largest first.
    pub descending: bool,
    /// All must hold.
    pub filters: Vec<RowFilter>,
}

/// A condition on a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RowFilter {
    /// Column.
    pub column: String,
    /// How to compare.
    pub operator: FilterOperator,
    /// Text form of the value; unused for the NULL tests.
    pub value: String,
}

/// How a filter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum FilterOperator {
    /// The text contains the value, whatever the case.
    Contains,
    /// `=`
    Equals,
    /// `<>`
    Differs,
    /// `<`
    Less,
    /// `>`
    Greater,
    /// IS NULL
    IsNull,
    /// IS NOT NULL
    IsNotNull,
}

/// A page of rows, as text in PostgreSQL's own form.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Page {
    /// Columns in order.
    pub columns: Vec<Column>,
    /// One cell per column; `None` is NULL. Long cells are cut to 500 characters for display.
    pub rows: Vec<Vec<Option<String>>>,
    /// First row, from 0.
    pub offset: u32,
    /// There are rows after these.
    pub more: bool,
}
