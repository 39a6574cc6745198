//! Workbooks.

use super::Answer;
use crate::state::Desktop;
use cadastre_core::fleet;
use cadastre_core::local::Settings;
use cadastre_core::tenant::Selection;
use cadastre_core::workbook::{self, ExportRequest, ExportedFile};
use cadastre_core::{Error, ErrorKind};
use tauri::{AppHandle, State};
use tauri_plugin_opener::OpenerExt;

/// Starts writing one workbook per tenant; returns the run's id.
#[tauri::command]
#[specta::specta]
pub async fn export_start(desktop: State<'_, Desktop>, request: ExportRequest) -> Answer<String> {
    let selection = Selection::named(request.tenants.clone());
    if request.tenants.is_empty() {
        return Err(Error::new(ErrorKind::NothingSelected).into());
    }
    let jobs = Settings::load(&desktop.home).await?.jobs;
    let export = workbook::start(&desktop.home, &desktop.database()?, request, &selection, jobs).await?;
    Ok(desktop.keep_export(export))
}

/// The files that an export has written so far.
#[tauri::command]
#[specta::specta]
pub async fn export_files(desktop: State<'_, Desktop>, run: String) -> Answer<Vec<ExportedFile>> {
    let exports = desktop.exports();
    let export = exports.iter().find(|e| e.run.id() == run);
    export.map(workbook::ExportRun::files).ok_or_else(|| Error::new(ErrorKind::RunMissing { id: run }).into())
}

/// Shows a file that was written here, now or before, in the system's file manager.
#[tauri::command]
#[specta::specta]
pub async fn export_reveal(app: AppHandle, desktop: State<'_, Desktop>, path: String) -> Answer<()> {
    // Only what was written here: the window must not be able to point the file manager anywhere.
    if !desktop.wrote(&path) && !fleet::wrote(&desktop.home, &path).await? {
        return Err(Error::new(ErrorKind::FileUnreadable { path }).into());
    }
    let shown = app.opener().reveal_item_in_dir(&path);
    shown.map_err(|e| Error::new(ErrorKind::FileUnreadable { path }).source(e).into())
}
