//! What the figures of tenants were.

use super::Answer;
use crate::state::Desktop;
use cadastre_core::stats::history::{self, FleetGrowth, Snapshot, TenantHistory};
use cadastre_core::tenant::Selection;
use std::collections::HashMap;
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

/// The history of these tenants (schemas). `limit` has bytes that each is measured against.
#[tauri::command]
#[specta::specta]
pub async fn stats_history(
    desktop: State<'_, Desktop>,
    tenants: Vec<String>,
    limit: Option<f64>,
) -> Answer<Vec<TenantHistory>> {
    let limits: HashMap<String, i64> =
        limit.into_iter().flat_map(|limit| tenants.iter().map(move |t| (t.clone(), limit as i64))).collect();
    let selection = Selection::named(tenants);
    Ok(history::of_tenants(&desktop.home, &desktop.database()?, &selection, None, &limits).await?)
}

/// How every tenant has changed in the last `days`.
#[tauri::command]
#[specta::specta]
pub async fn stats_growth(desktop: State<'_, Desktop>, days: u32) -> Answer<FleetGrowth> {
    Ok(history::growth_of_all(&desktop.home, &desktop.database()?, days).await?)
}
