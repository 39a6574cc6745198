//! Tenants: list, page, rows, create.

use super::{Answer, not_built};
use cadastre_core::catalog::TableStructure;
use cadastre_core::fleet::Plan;
use cadastre_core::tenant::{CreateRequest, Page, RowQuery, TenantDetail, TenantList};

/// The exact size of a tenant, read in the background after the list.
#[derive(Debug, Clone, serde::Serialize, specta::Type)]
pub struct TenantSize {
    /// Schema.
    pub schema: String,
    /// Tables, TOAST and indexes, bytes.
    #[specta(type = u32)]
    pub size_bytes: i64,
}

/// Every tenant with estimated figures; a fixed number of catalog queries.
#[tauri::command]
#[specta::specta]
pub async fn tenant_list() -> Answer<TenantList> {
    not_built()
}

/// Exact sizes of all tenants; slower, meant for the background.
#[tauri::command]
#[specta::specta]
pub async fn tenant_sizes() -> Answer<Vec<TenantSize>> {
    not_built()
}

/// One tenant's page.
#[tauri::command]
#[specta::specta]
pub async fn tenant_show(schema: String) -> Answer<TenantDetail> {
    let _ = schema;
    not_built()
}

/// Columns, constraints and indexes of a table.
#[tauri::command]
#[specta::specta]
pub async fn table_show(schema: String, table: String) -> Answer<TableStructure> {
    let _ = (schema, table);
    not_built()
}

/// A page of rows.
#[tauri::command]
#[specta::specta]
pub async fn table_rows(query: RowQuery) -> Answer<Page> {
    let _ = query;
    not_built()
}

/// Exact number of rows of a table, with the query's filters.
#[tauri::command]
#[specta::specta]
pub async fn table_count(query: RowQuery) -> Answer<u32> {
    let _ = query;
    not_built()
}

/// The schema name that a display name leads to, for the form.
#[tauri::command]
#[specta::specta]
pub async fn tenant_schema_name(name: String) -> Answer<String> {
    let _ = name;
    not_built()
}

/// Checks a new tenant and shows the SQL that would create it.
#[tauri::command]
#[specta::specta]
pub async fn tenant_create_plan(request: CreateRequest) -> Answer<Plan> {
    let _ = request;
    not_built()
}

/// Applies a plan of [`tenant_create_plan`]; returns the run's id.
#[tauri::command]
#[specta::specta]
pub async fn tenant_create_apply(plan: String) -> Answer<String> {
    let _ = plan;
    not_built()
}
