//! Choices of the person.

use super::{Answer, not_built};
use cadastre_core::local::Settings;

/// All settings.
#[tauri::command]
#[specta::specta]
pub async fn settings_get() -> Answer<Settings> {
    not_built()
}

/// Replaces all settings.
#[tauri::command]
#[specta::specta]
pub async fn settings_set(settings: Settings) -> Answer<()> {
    let _ = settings;
    not_built()
}
