//! The doctor: what is wrong with the open database, and its repair.

use super::Answer;
use crate::state::{Desktop, StoredPlan};
use cadastre_core::health::doctor::{self, FixPlan, FixRequest, Report};
use cadastre_core::tenant::Selection;
use cadastre_core::{Error, ErrorKind};
use tauri::State;
use tauri::ipc::Channel;

/// Looks at the whole fleet; changes nothing. `parts` gets a report of each check, or a few, as soon as it is over.
#[tauri::command]
#[specta::specta]
pub async fn doctor_examine(desktop: State<'_, Desktop>, parts: Channel<Report>) -> Answer<Report> {
    let told = |part| {
        // A window that is gone needs no parts.
        let _ = parts.send(part);
    };
    Ok(doctor::examine_telling(&desktop.database()?, &Selection::default(), &[], &told).await?)
}

/// Plans the repair of findings.
#[tauri::command]
#[specta::specta]
pub async fn doctor_fix_plan(desktop: State<'_, Desktop>, request: FixRequest) -> Answer<FixPlan> {
    let database = desktop.database()?;
    database.require_writable("repair")?;
    let selection = Selection::named(request.tenants.clone());
    let plan = doctor::plan_fix(&database, &selection, request).await?;
    desktop.keep_plan(&plan.plan.id, StoredPlan::Repair(database, Box::new(plan.clone())));
    Ok(plan)
}

/// Applies a plan of [`doctor_fix_plan`]; returns the run's id.
#[tauri::command]
#[specta::specta]
pub async fn doctor_fix_apply(desktop: State<'_, Desktop>, plan: String) -> Answer<String> {
    let StoredPlan::Repair(database, stored) = desktop.take_plan(&plan)? else {
        return Err(Error::new(ErrorKind::PlanMissing { id: plan }).into());
    };
    let run = doctor::apply_fix(&desktop.home, &database, *stored).await?;
    Ok(desktop.keep_run(run))
}
