//! Saved connections.

use super::Answer;
use crate::state::Desktop;
use cadastre_core::connection::{
    self, FoundConnection, KeyringStatus, ProcessEnv, Profile, ProfileStore, TestReport, discover, find_password,
    from_url,
};
use cadastre_core::journal::{self, Draft};
use secrecy::SecretString;
use tauri::State;

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
pub async fn profile_list(desktop: State<'_, Desktop>) -> Answer<Vec<ProfileEntry>> {
    let mut entries = Vec::new();
    let keyring = desktop.secrets.status().await.available;
    for saved in ProfileStore::new(&desktop.home).list().await? {
        let has_password = keyring && matches!(desktop.secrets.get(saved.profile.id).await, Ok(Some(_)));
        let used_at = saved.used_at.map(|time| time.to_rfc3339());
        entries.push(ProfileEntry { profile: saved.profile, has_password, used_at });
    }
    Ok(entries)
}

/// Adds or replaces a profile (by id). `password`: `None` leaves the keyring alone, `""` removes the entry.
#[tauri::command]
#[specta::specta]
pub async fn profile_save(desktop: State<'_, Desktop>, profile: Profile, password: Option<String>) -> Answer<()> {
    let password = password.map(SecretString::from);
    ProfileStore::new(&desktop.home).save(&profile).await?;
    if let Some(password) = password {
        keep_password(&desktop, &profile, &password).await?;
    }
    journal::append(&desktop.home, Draft::new("profile_save", "done").subject(&profile.name)).await?;
    Ok(())
}

/// Puts a password into the keyring; an empty one takes the entry out.
pub async fn keep_password(desktop: &Desktop, profile: &Profile, password: &SecretString) -> Answer<()> {
    if secrecy::ExposeSecret::expose_secret(password).is_empty() {
        desktop.secrets.remove(profile.id).await?;
    } else {
        desktop.secrets.set(profile.id, password).await?;
    }
    Ok(())
}

/// Removes a profile and its keyring entry.
#[tauri::command]
#[specta::specta]
pub async fn profile_remove(desktop: State<'_, Desktop>, id: String) -> Answer<()> {
    let store = ProfileStore::new(&desktop.home);
    let profile = store.find(&id).await?.profile;
    store.remove(profile.id).await?;
    if desktop.secrets.status().await.available {
        let _ = desktop.secrets.remove(profile.id).await;
    }
    journal::append(&desktop.home, Draft::new("profile_remove", "done").subject(&profile.name)).await?;
    Ok(())
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
    Ok(from_url(&url, &ProcessEnv::of_process())?.0)
}

/// Connections found in the environment, `~/.pgpass` and `pg_service.conf`.
#[tauri::command]
#[specta::specta]
pub async fn profile_discover() -> Answer<Vec<FoundConnection>> {
    Ok(discover(&ProcessEnv::of_process()))
}

/// Tests a connection layer by layer. Without `password` the keyring's is used.
#[tauri::command]
#[specta::specta]
pub async fn profile_test(
    desktop: State<'_, Desktop>,
    profile: Profile,
    password: Option<String>,
) -> Answer<TestReport> {
    let password = match password {
        Some(password) => Some(SecretString::from(password)),
        None => find_password(&profile, &ProcessEnv::of_process(), Some(&desktop.secrets)).await.0,
    };
    Ok(connection::test(profile, password).await)
}

/// Whether passwords can be kept.
#[tauri::command]
#[specta::specta]
pub async fn keyring_status(desktop: State<'_, Desktop>) -> Answer<KeyringStatus> {
    Ok(desktop.secrets.status().await)
}
