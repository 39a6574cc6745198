//! What is beyond its threshold in the open database.

use super::Answer;
use crate::state::Desktop;
use cadastre_core::health::alerts::{self, Alerts};
use cadastre_core::local::Settings;
use tauri::State;

/// Compares with the thresholds of the settings; changes nothing.
#[tauri::command]
#[specta::specta]
pub async fn alerts_raised(desktop: State<'_, Desktop>) -> Answer<Alerts> {
    let settings = Settings::load(&desktop.home).await?;
    Ok(alerts::raised(&desktop.home, &desktop.database()?, &settings.thresholds).await?)
}
