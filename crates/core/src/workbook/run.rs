//! Workbooks of several tenants, through the fleet engine.

use super::{ExportFormat, ExportOptions, ExportRequest, ExportedFile, export_tenant};
use crate::connection::{Database, Purpose};
use crate::fleet::{self, Done, Operation, RunHandle, RunKind, RunOptions, RunRecord, Target, Worker};
use crate::local::Home;
use crate::tenant::{Selection, discover};
use crate::{ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// An export under way, and the files that it has written.
#[derive(Clone)]
pub struct ExportRun {
    /// The run.
    pub run: RunHandle,
    files: Arc<Mutex<Vec<ExportedFile>>>,
}

impl ExportRun {
    /// Finished workbooks, by schema.
    pub fn files(&self) -> Vec<ExportedFile> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner).clone();
        files.sort_by(|a, b| a.schema.cmp(&b.schema));
        files
    }
}

/// Starts writing one workbook per selected tenant, two at a time unless `jobs` says otherwise.
///
/// # Errors
/// [`ErrorKind::TargetNotWritable`] before anything is read; [`ErrorKind::NothingSelected`].
pub async fn start(
    home: &Home,
    database: &Database,
    request: ExportRequest,
    selection: &Selection,
    jobs: Option<u16>,
) -> Result<ExportRun> {
    check_folder(Path::new(&request.folder))?;
    if request.format != ExportFormat::Workbook {
        return Err(ErrorKind::Internal { what: "CSV and JSON are not written yet".into() }.into());
    }
    let mut session = database.catalog().await?;
    let found = discover(&mut session).await?;
    let chosen = selection.of(&found)?;
    let targets: Vec<Target> = chosen.iter().map(|t| Target::new(&t.summary.schema, &t.summary.name)).collect();
    // An estimate; it only steers the bar and the time left.
    let rows: i64 = if request.tables.is_empty() { chosen.iter().map(|t| t.summary.rows).sum() } else { 0 };
    drop(session);
    let files = Arc::new(Mutex::new(Vec::new()));
    let options = RunOptions {
        jobs,
        record: RunRecord { request: serde_json::to_string(&request).unwrap_or_default(), ..RunRecord::default() },
        statements: format!("workbooks in {}", request.folder),
        rows_expected: rows.max(0) as u64,
        retries: 1,
        ..RunOptions::default()
    };
    let operation = Export {
        options: ExportOptions {
            tables: request.tables,
            folder: PathBuf::from(request.folder),
            language: request.language,
            created_by: whoami::username().unwrap_or_default(),
            verify: !request.unverified,
            ..ExportOptions::default()
        },
        files: files.clone(),
    };
    let run = fleet::start(home, database, Arc::new(operation), targets, options).await?;
    Ok(ExportRun { run, files })
}

/// The files that [`start`] would write, by schema; writes nothing.
///
/// # Errors
/// [`ErrorKind::FolderMissing`]; [`ErrorKind::NothingSelected`].
pub async fn planned_files(database: &Database, request: &ExportRequest, selection: &Selection) -> Result<Vec<String>> {
    let folder = Path::new(&request.folder);
    if !folder.is_dir() {
        return Err(ErrorKind::FolderMissing { path: request.folder.clone() }.into());
    }
    let mut session = database.catalog().await?;
    let found = discover(&mut session).await?;
    let chosen = selection.of(&found)?;
    let path = |schema: &str| folder.join(super::export::name_of(schema, &request.tables)).display().to_string();
    Ok(chosen.iter().map(|t| path(&t.summary.schema)).collect())
}

fn check_folder(folder: &Path) -> Result<()> {
    let path = folder.display().to_string();
    if !folder.is_dir() {
        return Err(ErrorKind::FolderMissing { path }.into());
    }
    // Permissions alone do not tell on network drives and read-only file systems: try.
    let probe = tempfile::Builder::new().prefix(".cadastre-").tempfile_in(folder);
    probe.map(drop).map_err(|e| crate::Error::new(ErrorKind::TargetNotWritable { path }).source(e))
}

struct Export {
    options: ExportOptions,
    files: Arc<Mutex<Vec<ExportedFile>>>,
}

impl Operation for Export {
    fn kind(&self) -> RunKind {
        RunKind::Export
    }

    fn purpose(&self) -> Purpose {
        Purpose::Export
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        async move {
            let told = std::sync::atomic::AtomicU64::new(0);
            let progress = |rows: u64| {
                let before = told.swap(rows, std::sync::atomic::Ordering::Relaxed);
                worker.add_rows(rows.saturating_sub(before));
            };
            let cancel = worker.cancel_token();
            let file = export_tenant(worker.database(), &target.schema, &self.options, &progress, cancel).await?;
            let path = file.path.clone();
            self.files.lock().unwrap_or_else(PoisonError::into_inner).push(file);
            Ok(Done::Changed(Some(path)))
        }
        .boxed()
    }
}
