//! The record of operations.

use super::{Answer, not_built};
use cadastre_core::journal::{Entry, EntryFilter};

/// Entries, newest first.
#[tauri::command]
#[specta::specta]
pub async fn journal_list(filter: EntryFilter) -> Answer<Vec<Entry>> {
    let _ = filter;
    not_built()
}
