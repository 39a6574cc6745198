//! Tenants that are dropped, brought back, and removed for good.

use super::Answer;
use crate::state::{Desktop, StoredPlan};
use cadastre_core::quarantine::{
    self, BackupCheck, DropPlan, DropRequest, Dropped, PurgePlan, PurgeRequest, Quarantined, UndropPlan, UndropRequest,
};
use cadastre_core::{Error, ErrorKind};
use tauri::State;

/// Looks at what dropping a tenant would take away, and who would notice.
#[tauri::command]
#[specta::specta]
pub async fn tenant_drop_plan(desktop: State<'_, Desktop>, request: DropRequest) -> Answer<DropPlan> {
    let database = desktop.database()?;
    database.require_writable("drop")?;
    let plan = quarantine::plan_drop(&desktop.home, &database, request).await?;
    desktop.keep_plan(&plan.plan.id, StoredPlan::Drop(database, Box::new(plan.clone())));
    Ok(plan)
}

/// Applies a plan of [`tenant_drop_plan`]; returns the run's id.
#[tauri::command]
#[specta::specta]
pub async fn tenant_drop_apply(desktop: State<'_, Desktop>, plan: String) -> Answer<String> {
    let StoredPlan::Drop(database, stored) = desktop.take_plan(&plan)? else {
        return Err(missing(plan));
    };
    let drop = quarantine::apply_drop(&desktop.home, &database, *stored).await?;
    desktop.life.keep_drop(drop.clone());
    Ok(desktop.keep_run(drop.run))
}

/// What a drop of this window has come to: its backup, and where the tenant is. Nothing before its end, or for a run of another
/// time.
#[tauri::command]
#[specta::specta]
pub async fn tenant_drop_result(desktop: State<'_, Desktop>, run: String) -> Answer<Option<Dropped>> {
    Ok(desktop.life.dropped(&run))
}

/// Tenants in quarantine, the oldest first.
#[tauri::command]
#[specta::specta]
pub async fn quarantine_list(desktop: State<'_, Desktop>) -> Answer<Vec<Quarantined>> {
    Ok(quarantine::quarantined(&desktop.database()?).await?)
}

/// Whether the backups of tenants in quarantine are there; none is read.
#[tauri::command]
#[specta::specta]
pub async fn quarantine_backups(desktop: State<'_, Desktop>) -> Answer<Vec<BackupCheck>> {
    Ok(quarantine::glance_at_backups(&desktop.database()?).await?)
}

/// Reads the backup of one tenant in quarantine to its end.
#[tauri::command]
#[specta::specta]
pub async fn quarantine_check(desktop: State<'_, Desktop>, schema: String) -> Answer<BackupCheck> {
    Ok(quarantine::check_backup(&desktop.database()?, &schema).await?)
}

/// Looks at what bringing a tenant back would do.
#[tauri::command]
#[specta::specta]
pub async fn tenant_undrop_plan(desktop: State<'_, Desktop>, request: UndropRequest) -> Answer<UndropPlan> {
    let database = desktop.database()?;
    database.require_writable("undrop")?;
    let plan = quarantine::plan_undrop(&database, request).await?;
    desktop.keep_plan(&plan.plan.id, StoredPlan::Undrop(database, Box::new(plan.clone())));
    Ok(plan)
}

/// Applies a plan of [`tenant_undrop_plan`]; returns the run's id.
#[tauri::command]
#[specta::specta]
pub async fn tenant_undrop_apply(desktop: State<'_, Desktop>, plan: String) -> Answer<String> {
    let StoredPlan::Undrop(database, stored) = desktop.take_plan(&plan)? else {
        return Err(missing(plan));
    };
    let run = quarantine::apply_undrop(&desktop.home, &database, *stored).await?;
    Ok(desktop.keep_run(run))
}

/// Looks at what a purge would remove, and reads the backup to its end.
#[tauri::command]
#[specta::specta]
pub async fn tenant_purge_plan(desktop: State<'_, Desktop>, request: PurgeRequest) -> Answer<PurgePlan> {
    let database = desktop.database()?;
    database.require_writable("purge")?;
    let plan = quarantine::plan_purge(&database, request).await?;
    desktop.keep_plan(&plan.plan.id, StoredPlan::Purge(database, Box::new(plan.clone())));
    Ok(plan)
}

/// Applies a plan of [`tenant_purge_plan`]; returns the run's id.
#[tauri::command]
#[specta::specta]
pub async fn tenant_purge_apply(desktop: State<'_, Desktop>, plan: String) -> Answer<String> {
    let StoredPlan::Purge(database, stored) = desktop.take_plan(&plan)? else {
        return Err(missing(plan));
    };
    let run = quarantine::apply_purge(&desktop.home, &database, *stored).await?;
    Ok(desktop.keep_run(run))
}

fn missing(plan: String) -> cadastre_core::error::WireError {
    Error::new(ErrorKind::PlanMissing { id: plan }).into()
}
