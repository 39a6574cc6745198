//! Choices of the person.

use super::Answer;
use crate::state::Desktop;
use cadastre_core::local::Settings;
use tauri::State;

/// All settings.
#[tauri::command]
#[specta::specta]
pub async fn settings_get(desktop: State<'_, Desktop>) -> Answer<Settings> {
    Ok(Settings::load(&desktop.home).await?)
}

/// Replaces all settings.
#[tauri::command]
#[specta::specta]
pub async fn settings_set(desktop: State<'_, Desktop>, settings: Settings) -> Answer<()> {
    Ok(settings.save(&desktop.home).await?)
}
