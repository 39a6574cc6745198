//! Tenants side by side.

use super::{Answer, not_built};
use cadastre_core::stats::TenantStats;

/// Figures of these tenants (schemas), table by table. `exact` counts rows instead of estimating.
#[tauri::command]
#[specta::specta]
pub async fn stats(tenants: Vec<String>, exact: bool) -> Answer<Vec<TenantStats>> {
    let _ = (tenants, exact);
    not_built()
}

/// Asks for a file name and writes the comparison as an Excel file; `None` when the person closed the dialog.
#[tauri::command]
#[specta::specta]
pub async fn compare_export(tenants: Vec<String>, exact: bool, language: String) -> Answer<Option<String>> {
    let _ = (tenants, exact, language);
    not_built()
}
