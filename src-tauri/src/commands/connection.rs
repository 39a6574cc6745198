//! The open connection of the window.

use super::{Answer, not_built};
use cadastre_core::connection::{Profile, ServerInfo};

/// What the window is connected to.
#[derive(Debug, Clone, serde::Serialize, specta::Type)]
pub struct OpenConnection {
    /// The profile.
    pub profile: Profile,
    /// What the server is.
    pub server: ServerInfo,
    /// The connection leads to the demo.
    pub demo: bool,
}

/// Connects. Without `password` the keyring's is used, then `~/.pgpass`; error `password_required` asks for one.
#[tauri::command]
#[specta::specta]
pub async fn connect(profile_id: String, password: Option<String>, remember: bool) -> Answer<OpenConnection> {
    let _ = (profile_id, password, remember);
    not_built()
}

/// Closes the connection. Runs under way go on.
#[tauri::command]
#[specta::specta]
pub async fn disconnect() -> Answer<()> {
    not_built()
}

/// The open connection, for a window that was reloaded.
#[tauri::command]
#[specta::specta]
pub async fn connection_current() -> Answer<Option<OpenConnection>> {
    not_built()
}
