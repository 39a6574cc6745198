//! Workbooks that were written before: what they hold, whether it is still that, and bringing it back.

use super::{Answer, system};
use crate::backups::unless_cancelled;
use crate::state::{Desktop, StoredPlan};
use cadastre_core::fleet::Plan;
use cadastre_core::workbook::{self, RestoreReport, RestoreRequest, TenantComparison, WorkbookCard, WorkbookCheck};
use cadastre_core::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

/// The window hears of progress so often.
const PACE: Duration = Duration::from_millis(150);

/// Lets the person choose a workbook; `None` when the dialog was closed.
#[tauri::command]
#[specta::specta]
pub async fn workbook_pick(app: AppHandle, desktop: State<'_, Desktop>, title: String) -> Answer<Option<String>> {
    let chosen = system::ask_open(&app, &title, "Excel", &["xlsx"]).await;
    if let Some(path) = &chosen {
        desktop.backups.choose(path);
    }
    Ok(chosen)
}

/// What a workbook says of itself.
#[tauri::command]
#[specta::specta]
pub async fn workbook_open(desktop: State<'_, Desktop>, path: String) -> Answer<WorkbookCard> {
    Ok(workbook::open_workbook(&known(&desktop, &path)?).await?)
}

/// Whether a workbook still holds what was written. The channel hears how many rows were read; `read` names the work for
/// [`read_cancel`].
#[tauri::command]
#[specta::specta]
pub async fn workbook_verify(
    desktop: State<'_, Desktop>,
    read: String,
    path: String,
    rows: Channel<u32>,
) -> Answer<WorkbookCheck> {
    let path = known(&desktop, &path)?;
    let token = desktop.backups.begin(&read);
    let last = Mutex::new(Instant::now());
    let told = move |read: u64| {
        let Ok(mut last) = last.lock() else { return };
        if last.elapsed() >= PACE {
            *last = Instant::now();
            // A window that was reloaded no longer listens.
            let _ = rows.send(u32::try_from(read).unwrap_or(u32::MAX));
        }
    };
    let work = workbook::verify_workbook_with(&path, &token, told);
    Ok(unless_cancelled(&token, work).await?)
}

/// A workbook's record beside what a tenant holds now.
#[tauri::command]
#[specta::specta]
pub async fn workbook_compare(
    desktop: State<'_, Desktop>,
    read: String,
    path: String,
    schema: String,
) -> Answer<TenantComparison> {
    let (path, database) = (known(&desktop, &path)?, desktop.database()?);
    let token = desktop.backups.begin(&read);
    Ok(workbook::compare_with_tenant(&database, &path, &schema, &token).await?)
}

/// Ends a read of this name that goes on.
#[tauri::command]
#[specta::specta]
pub async fn read_cancel(desktop: State<'_, Desktop>, read: String) -> Answer<()> {
    desktop.backups.cancel(&read);
    Ok(())
}

/// Reads a workbook and shows how its tenant would be made from it.
#[tauri::command]
#[specta::specta]
pub async fn workbook_restore_plan(desktop: State<'_, Desktop>, read: String, request: RestoreRequest) -> Answer<Plan> {
    let database = desktop.database()?;
    database.require_writable("restore")?;
    known(&desktop, &request.path)?;
    let token = desktop.backups.begin(&read);
    let plan = unless_cancelled(&token, workbook::plan_restore(&database, &request, &token)).await?;
    let shown = plan.plan.clone();
    desktop.keep_plan(&shown.id, StoredPlan::Restore(database, Box::new(plan)));
    Ok(shown)
}

/// Applies a plan of [`workbook_restore_plan`]; returns the run's id.
#[tauri::command]
#[specta::specta]
pub async fn workbook_restore_apply(desktop: State<'_, Desktop>, plan: String) -> Answer<String> {
    let StoredPlan::Restore(database, stored) = desktop.take_plan(&plan)? else {
        return Err(Error::new(ErrorKind::PlanMissing { id: plan }).into());
    };
    let restore = workbook::apply_restore(&desktop.home, &database, *stored).await?;
    desktop.backups.keep_restore(restore.clone());
    Ok(desktop.keep_run(restore.run))
}

/// What a restore has found; nothing before its end, or when it was not a run of this program's session.
#[tauri::command]
#[specta::specta]
pub async fn workbook_restore_report(desktop: State<'_, Desktop>, run: String) -> Answer<Option<RestoreReport>> {
    Ok(desktop.backups.restore(&run).and_then(|restore| restore.report()))
}

/// A file that a person has chosen in the dialog, or that was written here: the window must not be able to have any
/// other looked into.
fn known(desktop: &Desktop, path: &str) -> Result<PathBuf> {
    if desktop.backups.has_chosen(path) || desktop.wrote(path) {
        return Ok(Path::new(path).to_owned());
    }
    Err(ErrorKind::FileUnreadable { path: path.to_owned() }.into())
}
