//! This computer: dialogs and the program itself.

use super::Answer;
use crate::state::Desktop;
use tauri::{AppHandle, Manager, State};
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_dialog::FilePath;
use tauri_plugin_notification::NotificationExt;
use tokio::sync::oneshot;

/// About the program.
#[derive(Debug, Clone, serde::Serialize, specta::Type)]
pub struct About {
    /// Version of Cadastre.
    pub version: String,
    /// Folder of local state.
    pub home: String,
    /// Folder of the logs.
    pub logs: String,
}

/// Lets the person choose a folder; `None` when the dialog was closed.
#[tauri::command]
#[specta::specta]
pub async fn pick_folder(app: AppHandle, title: String) -> Answer<Option<String>> {
    if let Some(answer) = automated("CADASTRE_TEST_PICK_FOLDER") {
        return Ok(Some(answer));
    }
    let (sender, receiver) = oneshot::channel();
    app.dialog().file().set_title(title).pick_folder(move |chosen| {
        let _ = sender.send(chosen);
    });
    Ok(text(receiver.await.ok().flatten()))
}

/// Lets the person choose a file (certificate, key); `None` when the dialog was closed.
#[tauri::command]
#[specta::specta]
pub async fn pick_file(app: AppHandle, title: String) -> Answer<Option<String>> {
    if let Some(answer) = automated("CADASTRE_TEST_PICK_FILE") {
        return Ok(Some(answer));
    }
    let (sender, receiver) = oneshot::channel();
    app.dialog().file().set_title(title).pick_file(move |chosen| {
        let _ = sender.send(chosen);
    });
    Ok(text(receiver.await.ok().flatten()))
}

/// So much of a notification is shown; desktops cut off more than that in their own ways.
const NOTICE: usize = 240;

/// Has the desktop tell something while the window is not in front. In front, the window tells it itself.
///
/// Where the desktop shows no notifications, nothing happens: the window goes on showing what it has to say.
#[tauri::command]
#[specta::specta]
pub async fn notify(app: AppHandle, title: String, body: String) -> Answer<bool> {
    let in_front = app.webview_windows().values().any(|window| window.is_focused().unwrap_or(false));
    if in_front {
        return Ok(false);
    }
    let short = |text: String| text.chars().take(NOTICE).collect::<String>();
    let shown = app.notification().builder().title(short(title)).body(short(body)).show();
    if let Err(error) = &shown {
        tracing::info!(%error, "the desktop shows no notification");
    }
    Ok(shown.is_ok())
}

/// Asks for an existing file of this kind; `None` when the dialog was closed.
pub async fn ask_open(app: &AppHandle, title: &str, kind: &str, endings: &[&str]) -> Option<String> {
    if let Some(answer) = automated("CADASTRE_TEST_PICK_FILE") {
        return Some(answer);
    }
    let (sender, receiver) = oneshot::channel();
    app.dialog().file().set_title(title).add_filter(kind, endings).pick_file(move |chosen| {
        let _ = sender.send(chosen);
    });
    text(receiver.await.ok().flatten())
}

/// Asks under which name to save an Excel file; `None` when the dialog was closed.
pub async fn ask_save(app: &AppHandle, name: &str) -> Option<String> {
    if let Some(answer) = automated("CADASTRE_TEST_SAVE_FILE") {
        return Some(answer);
    }
    let (sender, receiver) = oneshot::channel();
    app.dialog().file().set_file_name(name).add_filter("Excel", &["xlsx"]).save_file(move |chosen| {
        let _ = sender.send(chosen);
    });
    text(receiver.await.ok().flatten())
}

/// Native dialogs cannot be clicked by a driver: test builds read the answer from the environment.
fn automated(variable: &str) -> Option<String> {
    if cfg!(feature = "automation") { std::env::var(variable).ok() } else { None }
}

fn text(chosen: Option<FilePath>) -> Option<String> {
    Some(chosen?.into_path().ok()?.display().to_string())
}

/// About the program.
#[tauri::command]
#[specta::specta]
pub async fn about(desktop: State<'_, Desktop>) -> Answer<About> {
    Ok(About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        home: desktop.home.folder().display().to_string(),
        logs: desktop.home.logs().display().to_string(),
    })
}
