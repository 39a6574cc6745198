//! The demo in one click.

use super::Answer;
use super::connection::OpenConnection;
use crate::state::Desktop;
use cadastre_core::demo::{self, DemoEvent, DemoStatus};
use tauri::State;
use tauri::ipc::Channel;

/// Starts a private server with a realistic fleet and connects to it.
#[tauri::command]
#[specta::specta]
pub async fn demo_start(desktop: State<'_, Desktop>, events: Channel<DemoEvent>) -> Answer<OpenConnection> {
    let mut running = desktop.demo.lock().await;
    let demo = demo::start(&desktop.home, &|event| {
        let _ = events.send(event);
    })
    .await?;
    let database = demo.connect().await?;
    // One that was found running, perhaps by this process, takes no server over.
    if demo.owns_server() || running.is_none() {
        *running = Some(demo);
    }
    Ok(OpenConnection::from(&desktop.keep_open(database, true).await?))
}

/// Stops the demo's server and removes its data.
#[tauri::command]
#[specta::specta]
pub async fn demo_stop(desktop: State<'_, Desktop>) -> Answer<()> {
    let mut running = desktop.demo.lock().await;
    if desktop.open().is_some_and(|open| open.demo) {
        desktop.set_open(None);
    }
    running.take();
    Ok(demo::stop(&desktop.home).await?)
}

/// Whether it runs.
#[tauri::command]
#[specta::specta]
pub async fn demo_status(desktop: State<'_, Desktop>) -> Answer<DemoStatus> {
    Ok(demo::status(&desktop.home).await?)
}
