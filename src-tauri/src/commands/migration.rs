//! Migrations of the fleet.

use super::Answer;
use crate::state::{Desktop, StoredPlan};
use cadastre_core::connection::Database;
use cadastre_core::fleet::Plan;
use cadastre_core::migration::{self, MigrateRequest, MigrationPlan, MigrationStatus, Rehearsal, Source, TemplateInfo};
use cadastre_core::tenant::Selection;
use cadastre_core::{Error, ErrorKind};
use tauri::State;

/// The shipped templates.
#[tauri::command]
#[specta::specta]
pub async fn template_list() -> Answer<Vec<TemplateInfo>> {
    Ok(Source::shipped()?.iter().map(Source::info).collect())
}

/// The fleet against a template or a folder.
#[tauri::command]
#[specta::specta]
pub async fn migration_status(desktop: State<'_, Desktop>, source: String) -> Answer<MigrationStatus> {
    Ok(migration::status(&desktop.database()?, &Source::open(&source)?, &Selection::default()).await?)
}

/// What migrating would do, up or down.
#[tauri::command]
#[specta::specta]
pub async fn migration_plan(desktop: State<'_, Desktop>, request: MigrateRequest) -> Answer<Plan> {
    let database = desktop.database()?;
    database.require_writable("migrate")?;
    let source = Source::open(&request.source)?;
    let selection = Selection::named(request.tenants.clone());
    let plan = migration::plan(&database, source, request, &selection).await?;
    Ok(keep(&desktop, database, plan))
}

/// What is left of a run of migrations.
#[tauri::command]
#[specta::specta]
pub async fn run_resume_plan(desktop: State<'_, Desktop>, run: String) -> Answer<Plan> {
    let database = desktop.database()?;
    database.require_writable("migrate")?;
    let plan = migration::plan_resume(&desktop.home, &database, &run, false).await?;
    Ok(keep(&desktop, database, plan))
}

/// The way back of a run of migrations.
#[tauri::command]
#[specta::specta]
pub async fn run_undo_plan(desktop: State<'_, Desktop>, run: String) -> Answer<Plan> {
    let database = desktop.database()?;
    database.require_writable("migrate")?;
    let plan = migration::plan_undo(&desktop.home, &database, &run).await?;
    Ok(keep(&desktop, database, plan))
}

fn keep(desktop: &Desktop, database: Database, plan: MigrationPlan) -> Plan {
    let shown = plan.plan.clone();
    desktop.keep_plan(&shown.id, StoredPlan::Migrate(database, Box::new(plan)));
    shown
}

/// Tries a plan out on copies of the structure, in transactions that are rolled back. The plan can be applied afterwards.
#[tauri::command]
#[specta::specta]
pub async fn migration_rehearse(desktop: State<'_, Desktop>, plan: String) -> Answer<Rehearsal> {
    let (database, stored) = desktop.migration_plan(&plan)?;
    Ok(migration::rehearse(&desktop.home, &database, &stored).await?)
}

/// Applies a plan of [`migration_plan`], [`run_resume_plan`] or [`run_undo_plan`]; returns the run's id.
#[tauri::command]
#[specta::specta]
pub async fn migration_apply(desktop: State<'_, Desktop>, plan: String) -> Answer<String> {
    let StoredPlan::Migrate(database, stored) = desktop.take_plan(&plan)? else {
        return Err(Error::new(ErrorKind::PlanMissing { id: plan }).into());
    };
    let run = migration::apply(&desktop.home, &database, *stored).await?;
    Ok(desktop.keep_run(run))
}
