//! The demo in one click.

use super::connection::OpenConnection;
use super::{Answer, not_built};
use cadastre_core::demo::{DemoEvent, DemoStatus};
use tauri::ipc::Channel;

/// Starts a private server with a realistic fleet and connects to it.
#[tauri::command]
#[specta::specta]
pub async fn demo_start(events: Channel<DemoEvent>) -> Answer<OpenConnection> {
    let _ = events;
    not_built()
}

/// Stops the demo's server and removes its data.
#[tauri::command]
#[specta::specta]
pub async fn demo_stop() -> Answer<()> {
    not_built()
}

/// Whether it runs.
#[tauri::command]
#[specta::specta]
pub async fn demo_status() -> Answer<DemoStatus> {
    not_built()
}
