//! The open connection of the window.

use super::Answer;
use super::profile::keep_password;
use crate::state::{Desktop, Open};
use cadastre_core::connection::{Database, ProcessEnv, Profile, ProfileStore, ServerInfo, find_password};
use secrecy::SecretString;
use tauri::State;

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

impl From<&Open> for OpenConnection {
    fn from(open: &Open) -> Self {
        Self { profile: open.database.profile().clone(), server: open.database.server().clone(), demo: open.demo }
    }
}

/// Connects. Without `password` the keyring's is used, then `~/.pgpass`; error `password_required` asks for one.
#[tauri::command]
#[specta::specta]
pub async fn connect(
    desktop: State<'_, Desktop>,
    profile_id: String,
    password: Option<String>,
    remember: bool,
) -> Answer<OpenConnection> {
    let store = ProfileStore::new(&desktop.home);
    let profile = store.find(&profile_id).await?.profile;
    let typed = password.map(SecretString::from);
    let found = match &typed {
        Some(typed) => Some(typed.clone()),
        None => find_password(&profile, &ProcessEnv::of_process(), Some(&desktop.secrets)).await.0,
    };
    let database = Database::connect(profile.clone(), found).await?;
    // Only a password that the server accepted is worth keeping.
    if let (Some(typed), true) = (&typed, remember) {
        keep_password(&desktop, &profile, typed).await?;
    }
    store.mark_used(profile.id).await?;
    Ok(OpenConnection::from(&desktop.keep_open(database, false).await?))
}

/// Closes the connection. Runs under way go on.
#[tauri::command]
#[specta::specta]
pub async fn disconnect(desktop: State<'_, Desktop>) -> Answer<()> {
    desktop.set_open(None);
    Ok(())
}

/// The open connection, for a window that was reloaded.
#[tauri::command]
#[specta::specta]
pub async fn connection_current(desktop: State<'_, Desktop>) -> Answer<Option<OpenConnection>> {
    Ok(desktop.open().as_ref().map(OpenConnection::from))
}
