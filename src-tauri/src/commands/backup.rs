//! Archives: made, listed, tried out, brought back.

use super::{Answer, joined};
use crate::backups::unless_cancelled;
use crate::state::{Desktop, StoredPlan};
use cadastre_core::backup::{self, Backup, BackupRequest, ReturnPlan, ReturnReport};
use cadastre_core::connection::Database;
use cadastre_core::fleet::Plan;
use cadastre_core::local::Settings;
use cadastre_core::tenant::Selection;
use cadastre_core::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};
use tauri::{AppHandle, State};
use tauri_plugin_opener::OpenerExt;

/// PostgreSQL's own programs, as they are used for the open database.
#[derive(Debug, Clone, serde::Serialize, specta::Type)]
pub struct BackupClient {
    /// Version of `pg_dump` and `pg_restore`.
    pub version: String,
    /// Where they are.
    pub folder: String,
}

/// The programs that archives of the open database are made with; an error says what to install.
#[tauri::command]
#[specta::specta]
pub async fn backup_client(desktop: State<'_, Desktop>) -> Answer<BackupClient> {
    let database = desktop.database()?;
    let settings = Settings::load(&desktop.home).await?;
    let found = backup::clients(settings.client_folder.as_deref()).await;
    let client = backup::choose(&found, (database.server().version_number / 10_000).unsigned_abs())?;
    Ok(BackupClient { version: client.version().to_string(), folder: client.folder().display().to_string() })
}

/// The backups in a folder, newest first.
#[tauri::command]
#[specta::specta]
pub async fn backup_list(folder: String) -> Answer<Vec<Backup>> {
    let listed = tauri::async_runtime::spawn_blocking(move || backup::list(Path::new(&folder)));
    Ok(joined(listed.await)??)
}

/// Shows how these tenants (schemas) would be archived.
#[tauri::command]
#[specta::specta]
pub async fn backup_create_plan(
    desktop: State<'_, Desktop>,
    request: BackupRequest,
    tenants: Vec<String>,
) -> Answer<Plan> {
    if tenants.is_empty() {
        return Err(Error::new(ErrorKind::NothingSelected).into());
    }
    let database = desktop.database()?;
    let plan = backup::plan(&desktop.home, &database, request, &Selection::named(tenants)).await?;
    let shown = plan.plan.clone();
    desktop.keep_plan(&shown.id, StoredPlan::Backup(database, Box::new(plan)));
    Ok(shown)
}

/// Applies a plan of [`backup_create_plan`]; returns the run's id.
#[tauri::command]
#[specta::specta]
pub async fn backup_create_apply(desktop: State<'_, Desktop>, plan: String) -> Answer<String> {
    let StoredPlan::Backup(database, stored) = desktop.take_plan(&plan)? else {
        return Err(Error::new(ErrorKind::PlanMissing { id: plan }).into());
    };
    let jobs = Settings::load(&desktop.home).await?.jobs;
    let making = backup::apply(&desktop.home, &database, stored.with_jobs(jobs)).await?;
    desktop.backups.keep_archives(making.clone());
    Ok(desktop.keep_run(making.run))
}

/// The archives that a run has written so far; none of a run of another session.
#[tauri::command]
#[specta::specta]
pub async fn backup_files(desktop: State<'_, Desktop>, run: String) -> Answer<Vec<Backup>> {
    Ok(desktop.backups.archives(&run).map(|making| making.backups()).unwrap_or_default())
}

/// Shows how an archive would be tried out.
#[tauri::command]
#[specta::specta]
pub async fn backup_verify_plan(desktop: State<'_, Desktop>, path: String) -> Answer<Plan> {
    let database = desktop.database()?;
    let plan = backup::plan_verify(&desktop.home, &database, backup::find(&path, None)?).await?;
    Ok(keep(&desktop, database, plan))
}

/// Reads an archive and shows how its tenant would be brought back, under its own name or another; `read` names the work
/// for `read_cancel`.
#[tauri::command]
#[specta::specta]
pub async fn backup_restore_plan(
    desktop: State<'_, Desktop>,
    read: String,
    path: String,
    name: Option<String>,
) -> Answer<Plan> {
    let database = desktop.database()?;
    let archive = backup::find(&path, None)?;
    let token = desktop.backups.begin(&read);
    let work = backup::plan_restore(&desktop.home, &database, archive, name.as_deref());
    let plan = unless_cancelled(&token, work).await?;
    Ok(keep(&desktop, database, plan))
}

fn keep(desktop: &Desktop, database: Database, plan: ReturnPlan) -> Plan {
    let shown = plan.plan.clone();
    desktop.keep_plan(&shown.id, StoredPlan::Return(database, Box::new(plan)));
    shown
}

/// Applies a plan of [`backup_verify_plan`] or [`backup_restore_plan`]; returns the run's id.
#[tauri::command]
#[specta::specta]
pub async fn backup_return_apply(desktop: State<'_, Desktop>, plan: String) -> Answer<String> {
    let StoredPlan::Return(database, stored) = desktop.take_plan(&plan)? else {
        return Err(Error::new(ErrorKind::PlanMissing { id: plan }).into());
    };
    let making = backup::apply_return(&desktop.home, &database, *stored).await?;
    desktop.backups.keep_return(making.clone());
    Ok(desktop.keep_run(making.run))
}

/// What bringing an archive back has proven; nothing before its end, or when it was not a run of this program's session.
#[tauri::command]
#[specta::specta]
pub async fn backup_report(desktop: State<'_, Desktop>, run: String) -> Answer<Option<ReturnReport>> {
    Ok(desktop.backups.returned(&run).and_then(|making| making.report()))
}

/// Shows an archive in the system's file manager.
#[tauri::command]
#[specta::specta]
pub async fn backup_reveal(app: AppHandle, path: String) -> Answer<()> {
    let archive = archive_at(&path)?;
    let shown = app.opener().reveal_item_in_dir(archive);
    shown.map_err(|e| Error::new(ErrorKind::FileUnreadable { path }).source(e).into())
}

/// Only an archive with its manifest: the window must not be able to point the file manager anywhere.
fn archive_at(path: &str) -> Result<PathBuf> {
    backup::Archive::open(Path::new(path)).map(|archive| archive.path)
}
