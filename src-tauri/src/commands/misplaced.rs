//! Tables in the wrong schema: what is found, and moving it.

use super::Answer;
use crate::state::{Desktop, StoredPlan};
use cadastre_core::fleet::Plan;
use cadastre_core::misplaced::{self, Misplaced, MoveRequest};
use tauri::State;

/// What is in a schema that is no tenant (`public` where none is named) and belongs to one.
#[tauri::command]
#[specta::specta]
pub async fn misplaced_find(desktop: State<'_, Desktop>, schema: Option<String>) -> Answer<Misplaced> {
    Ok(misplaced::find(&desktop.database()?, schema.as_deref()).await?)
}

/// What moving objects into a tenant, or out of it, would do; applied by `life_apply`.
#[tauri::command]
#[specta::specta]
pub async fn misplaced_move_plan(desktop: State<'_, Desktop>, request: MoveRequest) -> Answer<Plan> {
    let database = desktop.database()?;
    database.require_writable("move")?;
    let plan = misplaced::plan_move(&database, &request).await?;
    let shown = plan.plan.clone();
    desktop.keep_plan(&shown.id, StoredPlan::Move(database, Box::new(plan)));
    Ok(shown)
}

/// The way back of a run that has moved something; applied by `life_apply`.
#[tauri::command]
#[specta::specta]
pub async fn misplaced_back_plan(desktop: State<'_, Desktop>, run: String) -> Answer<Plan> {
    let database = desktop.database()?;
    database.require_writable("move")?;
    let plan = misplaced::plan_back(&desktop.home, &database, &run).await?;
    let shown = plan.plan.clone();
    desktop.keep_plan(&shown.id, StoredPlan::Move(database, Box::new(plan)));
    Ok(shown)
}
