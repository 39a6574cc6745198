//! Saved connections.

use super::{Answer, not_built};
use cadastre_core::connection::{FoundConnection, KeyringStatus, Profile, TestReport};

/// A profile and whether its password is in the keyring.
#[derive(Debug, Clone, serde::Serialize, specta::Type)]
pub struct ProfileEntry {
    /// The profile.
    pub profile: Profile,
    /// Its password is in the keyring.
    pub has_password: bool,
    /// When it was last connected, RFC 3339.
    pub used_at: Option<String>,
}

/// All profiles, last used first.
#[tauri::command]
#[specta::specta]
pub async fn profile_list() -> Answer<Vec<ProfileEntry>> {
    not_built()
}

/// Adds or replaces a profile (by id). `password`: `None` leaves the keyring alone, `""` removes the entry.
#[tauri::command]
#[specta::specta]
pub async fn profile_save(profile: Profile, password: Option<String>) -> Answer<()> {
    let _ = (profile, password);
    not_built()
}

/// Removes a profile and its keyring entry.
#[tauri::command]
#[specta::specta]
pub async fn profile_remove(id: String) -> Answer<()> {
    let _ = id;
    not_built()
}

/// A new profile (new id, default values).
#[tauri::command]
#[specta::specta]
pub async fn profile_new() -> Answer<Profile> {
    Ok(Profile::default())
}

/// Reads a `postgres://` URL into a profile; tells whether it held a password, which is not returned.
#[tauri::command]
#[specta::specta]
pub async fn profile_from_url(url: String) -> Answer<FoundConnection> {
    let _ = url;
    not_built()
}

/// Connections found in the environment, `~/.pgpass` and `pg_service.conf`.
#[tauri::command]
#[specta::specta]
pub async fn profile_discover() -> Answer<Vec<FoundConnection>> {
    not_built()
}

/// Tests a connection layer by layer. Without `password` the keyring's is used.
#[tauri::command]
#[specta::specta]
pub async fn profile_test(profile: Profile, password: Option<String>) -> Answer<TestReport> {
    let _ = (profile, password);
    not_built()
}

/// Whether passwords can be kept.
#[tauri::command]
#[specta::specta]
pub async fn keyring_status() -> Answer<KeyringStatus> {
    not_built()
}
