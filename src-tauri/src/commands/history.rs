//! What the figures of tenants were.

use super::Answer;
use crate::state::Desktop;
use cadastre_core::stats::history::{self, FleetGrowth, Snapshot, TenantHistory, TenantLimit};
use cadastre_core::tenant::Selection;
use std::time::Duration;
use tauri::State;

/// The window keeps the figures no more often than this.
const AT_MOST: Duration = Duration::from_secs(3600);

/// Keeps the figures of all tenants, unless that was done within the last hour; `None` then.
#[tauri::command]
#[specta::specta]
pub async fn stats_snapshot(desktop: State<'_, Desktop>) -> Answer<Option<Snapshot>> {
    Ok(history::take(&desktop.home, &desktop.database()?, AT_MOST).await?)
}

/// The history of these tenants (schemas), with a forecast for those that have a quota.
#[tauri::command]
#[specta::specta]
pub async fn stats_history(desktop: State<'_, Desktop>, tenants: Vec<String>) -> Answer<Vec<TenantHistory>> {
    let database = desktop.database()?;
    let limits = history::storage_limits(&database).await?;
    Ok(history::of_tenants(&desktop.home, &database, &Selection::named(tenants), None, &limits).await?)
}

/// How many bytes tenants may have, where the registry says so.
#[tauri::command]
#[specta::specta]
pub async fn stats_limits(desktop: State<'_, Desktop>) -> Answer<Vec<TenantLimit>> {
    let limits = history::storage_limits(&desktop.database()?).await?;
    Ok(limits.into_iter().map(|(schema, storage_bytes)| TenantLimit { schema, storage_bytes }).collect())
}

/// How every tenant has changed in the last `days`.
#[tauri::command]
#[specta::specta]
pub async fn stats_growth(desktop: State<'_, Desktop>, days: u32) -> Answer<FleetGrowth> {
    Ok(history::growth_of_all(&desktop.home, &desktop.database()?, days).await?)
}
