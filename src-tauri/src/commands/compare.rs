//! Tenants side by side.

use super::{Answer, system};
use crate::state::Desktop;
use cadastre_core::stats::{self, Figures, TenantStats, history};
use cadastre_core::tenant::Selection;
use cadastre_core::workbook;
use std::path::PathBuf;
use tauri::{AppHandle, State};

/// Days of growth in the file.
const DAYS: u32 = 30;

/// Figures of these tenants (schemas), table by table.
#[tauri::command]
#[specta::specta]
pub async fn stats(desktop: State<'_, Desktop>, tenants: Vec<String>, figures: Figures) -> Answer<Vec<TenantStats>> {
    Ok(stats::read(&desktop.database()?, &Selection::named(tenants), figures).await?)
}

/// Asks for a file name and writes the comparison as an Excel file; `None` when the person closed the dialog.
#[tauri::command]
#[specta::specta]
pub async fn compare_export(
    app: AppHandle,
    desktop: State<'_, Desktop>,
    tenants: Vec<String>,
    exact: bool,
    language: String,
) -> Answer<Option<String>> {
    let name = if language == "fr" { "comparaison.xlsx" } else { "comparison.xlsx" };
    let Some(path) = system::ask_save(&app, name).await else { return Ok(None) };
    let database = desktop.database()?;
    let figures = if exact { Figures::Exact } else { Figures::ExactSizes };
    let figures = stats::read(&database, &Selection::named(tenants), figures).await?;
    let growth = history::growth_of_all(&desktop.home, &database, DAYS).await?;
    let target = PathBuf::from(&path);
    let written =
        tauri::async_runtime::spawn_blocking(move || workbook::write_comparison(&figures, &growth, &target, &language));
    super::joined(written.await)??;
    desktop.keep_file(&path);
    Ok(Some(path))
}
