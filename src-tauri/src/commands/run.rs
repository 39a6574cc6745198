//! Runs under way and past ones.

use super::{Answer, not_built};
use cadastre_core::fleet::{RunEvent, RunKind, RunProgress, RunSummary};
use tauri::ipc::Channel;

/// A run in the list.
#[derive(Debug, Clone, serde::Serialize, specta::Type)]
pub struct RunEntry {
    /// Identifies the run.
    pub run: String,
    /// What it did.
    pub kind: RunKind,
    /// `database @ host:port`
    pub database: String,
    /// RFC 3339, UTC.
    pub started_at: String,
    /// RFC 3339, UTC; `None` while it runs, or when the program was killed.
    pub ended_at: Option<String>,
    /// Tenants per outcome.
    pub done: u32,
    /// Skipped.
    pub skipped: u32,
    /// Failed.
    pub failed: u32,
    /// Cancelled.
    pub cancelled: u32,
    /// Not started.
    pub not_started: u32,
}

/// Runs of this window that have not ended, and those that ended since it opened.
#[tauri::command]
#[specta::specta]
pub async fn run_active() -> Answer<Vec<RunProgress>> {
    not_built()
}

/// Listens to a run: first where it is, then each change, last its summary. Works after a reload too.
#[tauri::command]
#[specta::specta]
pub async fn run_attach(run: String, events: Channel<RunEvent>) -> Answer<()> {
    let _ = (run, events);
    not_built()
}

/// Cancels a run: statements under way are cancelled on the server and rolled back, the rest is not started.
#[tauri::command]
#[specta::specta]
pub async fn run_cancel(run: String) -> Answer<()> {
    let _ = run;
    not_built()
}

/// Past runs, newest first.
#[tauri::command]
#[specta::specta]
pub async fn run_list() -> Answer<Vec<RunEntry>> {
    not_built()
}

/// A run with every tenant's outcome.
#[tauri::command]
#[specta::specta]
pub async fn run_show(run: String) -> Answer<RunSummary> {
    let _ = run;
    not_built()
}
