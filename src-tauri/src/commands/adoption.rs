//! Which schemas are tenants.

use super::Answer;
use crate::state::Desktop;
use cadastre_core::adoption::{self, Picture, Rules};
use cadastre_core::connection::Database;
use tauri::State;

/// What is found in the open database, under the rules that it follows or under others that are only tried. Changes nothing.
#[tauri::command]
#[specta::specta]
pub async fn adoption_look(desktop: State<'_, Desktop>, rules: Option<Rules>) -> Answer<Picture> {
    let database = desktop.database()?;
    let rules = rules.map(|rules| without_foreign_query(&database, rules));
    Ok(adoption::look(&desktop.home, &database, rules).await?)
}

/// Keeps rules for the open database, and follows them.
#[tauri::command]
#[specta::specta]
pub async fn adoption_save(desktop: State<'_, Desktop>, rules: Rules) -> Answer<()> {
    let database = desktop.database()?;
    let rules = without_foreign_query(&database, rules);
    Ok(adoption::save(&desktop.home, &database, rules).await?)
}

/// Forgets the rules of the open database.
#[tauri::command]
#[specta::specta]
pub async fn adoption_forget(desktop: State<'_, Desktop>) -> Answer<()> {
    Ok(adoption::forget(&desktop.home, &desktop.database()?).await?)
}

/// The window sends no SQL: it can keep the query that was set on the command line, or do without it.
fn without_foreign_query(database: &Database, rules: Rules) -> Rules {
    Rules { query: rules.query.and(database.rules().query.clone()), ..rules }
}
