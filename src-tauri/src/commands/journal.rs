//! The record of operations.

use super::Answer;
use crate::state::Desktop;
use cadastre_core::journal::{self, Entry, EntryFilter};
use tauri::State;

/// Entries, newest first.
#[tauri::command]
#[specta::specta]
pub async fn journal_list(desktop: State<'_, Desktop>, filter: EntryFilter) -> Answer<Vec<Entry>> {
    Ok(journal::list(&desktop.home, &filter).await?)
}
