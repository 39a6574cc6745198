//! This computer: dialogs and the program itself.

use super::{Answer, not_built};

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
pub async fn pick_folder(title: String) -> Answer<Option<String>> {
    let _ = title;
    not_built()
}

/// Lets the person choose a file (certificate, key); `None` when the dialog was closed.
#[tauri::command]
#[specta::specta]
pub async fn pick_file(title: String) -> Answer<Option<String>> {
    let _ = title;
    not_built()
}

/// About the program.
#[tauri::command]
#[specta::specta]
pub async fn about() -> Answer<About> {
    not_built()
}
