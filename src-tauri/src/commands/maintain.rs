//! VACUUM, ANALYZE, REINDEX and integrity checks.

use super::Answer;
use crate::state::{Desktop, StoredPlan};
use cadastre_core::fleet;
use cadastre_core::health::maintain::{self, MaintainPlan, MaintainReport, MaintainRequest};
use cadastre_core::local::Settings;
use cadastre_core::tenant::Selection;
use cadastre_core::{Error, ErrorKind};
use tauri::State;

/// Shows what would be done to tables of these tenants (schemas), and why.
#[tauri::command]
#[specta::specta]
pub async fn maintain_plan(
    desktop: State<'_, Desktop>,
    request: MaintainRequest,
    tenants: Vec<String>,
) -> Answer<MaintainPlan> {
    if tenants.is_empty() {
        return Err(Error::new(ErrorKind::NothingSelected).into());
    }
    let database = desktop.database()?;
    if request.work.writes() {
        database.require_writable(request.work.name())?;
    }
    let jobs = match request.jobs {
        Some(jobs) => Some(jobs),
        None => Settings::load(&desktop.home).await?.jobs,
    };
    let request = MaintainRequest { jobs, ..request };
    let plan = maintain::plan(&database, &Selection::named(tenants), request).await?;
    desktop.keep_plan(&plan.plan.id, StoredPlan::Maintain(database, Box::new(plan.clone())));
    Ok(plan)
}

/// Applies a plan of [`maintain_plan`]; returns the run's id.
#[tauri::command]
#[specta::specta]
pub async fn maintain_apply(desktop: State<'_, Desktop>, plan: String) -> Answer<String> {
    let StoredPlan::Maintain(database, stored) = desktop.take_plan(&plan)? else {
        return Err(Error::new(ErrorKind::PlanMissing { id: plan }).into());
    };
    let run = maintain::apply(&desktop.home, &database, *stored).await?;
    Ok(desktop.keep_run(run))
}

/// What became of the tables of a tenant in a run, or what a check has found there; nothing before its turn.
#[tauri::command]
#[specta::specta]
pub async fn maintain_report(
    desktop: State<'_, Desktop>,
    run: String,
    schema: String,
) -> Answer<Option<MaintainReport>> {
    // By the whole name: what the window sends leads to no other file.
    let run = fleet::show(&desktop.home, &run).await?.run;
    Ok(maintain::report(&desktop.home, &run, &schema))
}
