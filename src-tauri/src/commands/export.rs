//! Workbooks.

use super::{Answer, not_built};
use cadastre_core::workbook::{ExportRequest, ExportedFile};

/// Starts writing one workbook per tenant; returns the run's id.
#[tauri::command]
#[specta::specta]
pub async fn export_start(request: ExportRequest) -> Answer<String> {
    let _ = request;
    not_built()
}

/// The files that a finished export wrote.
#[tauri::command]
#[specta::specta]
pub async fn export_files(run: String) -> Answer<Vec<ExportedFile>> {
    let _ = run;
    not_built()
}

/// Shows a file that an export of this window wrote in the system's file manager.
#[tauri::command]
#[specta::specta]
pub async fn export_reveal(path: String) -> Answer<()> {
    let _ = path;
    not_built()
}
