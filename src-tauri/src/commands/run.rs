//! Runs under way and past ones.

use super::Answer;
use crate::state::Desktop;
use cadastre_core::fleet::{self, EventSink, RunEntry, RunEvent, RunProgress, RunSummary};
use std::sync::Arc;
use tauri::State;
use tauri::ipc::Channel;

/// Runs of this window that have not ended, and those that ended since it opened.
#[tauri::command]
#[specta::specta]
pub async fn run_active(desktop: State<'_, Desktop>) -> Answer<Vec<RunProgress>> {
    Ok(desktop.runs().iter().map(fleet::RunHandle::progress).collect())
}

/// Listens to a run: first where it is, then each change, last its summary. Works after a reload too.
#[tauri::command]
#[specta::specta]
pub async fn run_attach(desktop: State<'_, Desktop>, run: String, events: Channel<RunEvent>) -> Answer<()> {
    let handle = desktop.run(&run)?;
    // In the background: the command answers at once, and the channel lives as long as the run.
    tauri::async_runtime::spawn(async move {
        let sink: EventSink = Arc::new(move |event| {
            // A window that was reloaded no longer listens here; it attaches again.
            let _ = events.send(event);
        });
        handle.follow(&sink).await;
    });
    Ok(())
}

/// Cancels a run: statements under way are cancelled on the server and rolled back, the rest is not started.
#[tauri::command]
#[specta::specta]
pub async fn run_cancel(desktop: State<'_, Desktop>, run: String) -> Answer<()> {
    desktop.run(&run)?.cancel();
    Ok(())
}

/// Lets the tenants under way end and begins no other.
#[tauri::command]
#[specta::specta]
pub async fn run_pause(desktop: State<'_, Desktop>, run: String) -> Answer<()> {
    desktop.run(&run)?.pause();
    Ok(())
}

/// Ends a pause; after the canaries, lets the other tenants begin.
#[tauri::command]
#[specta::specta]
pub async fn run_go_on(desktop: State<'_, Desktop>, run: String) -> Answer<()> {
    desktop.run(&run)?.go_on();
    Ok(())
}

/// Past runs, newest first.
#[tauri::command]
#[specta::specta]
pub async fn run_list(desktop: State<'_, Desktop>) -> Answer<Vec<RunEntry>> {
    Ok(fleet::list(&desktop.home).await?)
}

/// A run with every tenant's outcome.
#[tauri::command]
#[specta::specta]
pub async fn run_show(desktop: State<'_, Desktop>, run: String) -> Answer<RunSummary> {
    Ok(fleet::show(&desktop.home, &run).await?)
}

/// What the commands of a run have written for a tenant; nothing where it ran none.
#[tauri::command]
#[specta::specta]
pub async fn run_output(desktop: State<'_, Desktop>, run: String, schema: String) -> Answer<Option<String>> {
    // By the whole name: what the window sends leads to no other file.
    let run = fleet::show(&desktop.home, &run).await?.run;
    Ok(fleet::output(&desktop.home, &run, &schema))
}
