//! Workbooks of several tenants, through the fleet engine.

use super::output::output_name;
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
    check_guard(&request)?;
    let mut session = database.catalog().await?;
    let found = discover(&mut session).await?;
    let chosen = selection.of(&found)?;
    let targets: Vec<Target> = chosen.iter().map(|t| Target::new(&t.summary.schema, &t.summary.name)).collect();
    // An estimate; it only steers the bar and the time left.
    let rows: i64 = if request.tables.is_empty() { chosen.iter().map(|t| t.summary.rows).sum() } else { 0 };
    drop(session);
    let files = Arc::new(Mutex::new(Vec::new()));
    let operation = Export {
        options: ExportOptions { created_by: whoami::username().unwrap_or_default(), ..options_of(&request) },
        files: files.clone(),
    };
    let options = RunOptions {
        jobs,
        record: RunRecord { request: serde_json::to_string(&request).unwrap_or_default(), ..RunRecord::default() },
        statements: format!("{} in {}", words(request.format), request.folder),
        rows_expected: rows.max(0) as u64,
        retries: 1,
        ..RunOptions::default()
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
    check_guard(request)?;
    let options = options_of(request);
    let path = |schema: &str| folder.join(output_name(schema, &options)).display().to_string();
    Ok(chosen.iter().map(|t| path(&t.summary.schema)).collect())
}

/// For the journal.
fn words(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Workbook => "workbooks",
        ExportFormat::Csv => "folders of CSV files",
        ExportFormat::Json => "folders of JSON lines",
    }
}

fn options_of(request: &ExportRequest) -> ExportOptions {
    ExportOptions {
        tables: request.tables.clone(),
        format: request.format,
        guard_formulas: request.guard_formulas,
        folder: PathBuf::from(&request.folder),
        language: request.language.clone(),
        verify: !request.unverified,
        ..ExportOptions::default()
    }
}

/// Only CSV is read by programs that would calculate.
fn check_guard(request: &ExportRequest) -> Result<()> {
    if request.guard_formulas && request.format != ExportFormat::Csv {
        return Err(ErrorKind::Usage { reason: "formulas are guarded against in CSV only".into() }.into());
    }
    Ok(())
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
