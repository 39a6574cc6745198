//! Watching the open database: sessions, statements, space; and ending sessions.

use super::Answer;
use crate::state::{Desktop, StoredPlan};
use cadastre_core::health::watch::{self, Activity, Queries, SignalPlan, SignalRequest, Storage};
use cadastre_core::tenant::Selection;
use cadastre_core::{Error, ErrorKind};
use tauri::State;

/// So many statements and tables are shown.
const SHOWN: u32 = 500;

/// What goes on at this moment.
#[tauri::command]
#[specta::specta]
pub async fn watch_activity(desktop: State<'_, Desktop>) -> Answer<Activity> {
    Ok(watch::activity(&desktop.database()?, &Selection::default(), watch::LONG).await?)
}

/// On which statements the time has gone.
#[tauri::command]
#[specta::specta]
pub async fn watch_queries(desktop: State<'_, Desktop>) -> Answer<Queries> {
    Ok(watch::queries(&desktop.database()?, &Selection::default(), SHOWN as usize).await?)
}

/// What takes the space.
#[tauri::command]
#[specta::specta]
pub async fn watch_storage(desktop: State<'_, Desktop>) -> Answer<Storage> {
    Ok(watch::storage(&desktop.database()?, &Selection::default(), SHOWN).await?)
}

/// Plans to end sessions, or to cancel what they run.
#[tauri::command]
#[specta::specta]
pub async fn watch_signal_plan(desktop: State<'_, Desktop>, request: SignalRequest) -> Answer<SignalPlan> {
    let database = desktop.database()?;
    let plan = watch::plan_signal(&database, request).await?;
    desktop.keep_plan(&plan.plan.id, StoredPlan::Signal(database, Box::new(plan.clone())));
    Ok(plan)
}

/// Applies a plan of [`watch_signal_plan`]; returns the run's id.
#[tauri::command]
#[specta::specta]
pub async fn watch_signal_apply(desktop: State<'_, Desktop>, plan: String) -> Answer<String> {
    let StoredPlan::Signal(database, stored) = desktop.take_plan(&plan)? else {
        return Err(Error::new(ErrorKind::PlanMissing { id: plan }).into());
    };
    let run = watch::apply_signal(&desktop.home, &database, *stored).await?;
    Ok(desktop.keep_run(run))
}
