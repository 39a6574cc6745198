//! Workbooks of several tenants, or folders of files, through the fleet engine.

use super::fleet_book::{self, FleetExport};
use super::output::output_name;
use super::{ExportFormat, ExportOptions, ExportRequest, ExportedFile, export_tenant, written};
use crate::connection::{Database, Purpose};
use crate::error::WireError;
use crate::fleet::{
    self, Done, Operation, Outcome, PastRun, RunHandle, RunKind, RunOptions, RunRecord, Target, TenantOutcome, Worker,
};
use crate::journal::Author;
use crate::local::Home;
use crate::tenant::{Selection, discover};
use crate::{Error, ErrorKind, Result, journal};
use chrono::{DateTime, Utc};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An export under way, and the files that it has written.
#[derive(Clone)]
pub struct ExportRun {
    /// The run.
    pub run: RunHandle,
    finished: Arc<Mutex<Finished>>,
}

#[derive(Debug, Default)]
struct Finished {
    files: Vec<ExportedFile>,
    fleet_workbook: Option<std::result::Result<String, WireError>>,
}

impl ExportRun {
    /// Finished workbooks and folders, by schema; of a resumed run, those that it had written before, too.
    pub fn files(&self) -> Vec<ExportedFile> {
        let mut files = lock(&self.finished).files.clone();
        files.sort_by(|a, b| a.schema.cmp(&b.schema));
        files
    }

    /// Path of the workbook with a line for each tenant, or why it could not be written, once the run has ended. There is
    /// none for a single tenant, nor where no tenant was written.
    pub fn fleet_workbook(&self) -> Option<std::result::Result<String, WireError>> {
        lock(&self.finished).fleet_workbook.clone()
    }
}

fn lock(finished: &Mutex<Finished>) -> MutexGuard<'_, Finished> {
    finished.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts writing one workbook or folder per selected tenant, two at a time unless `jobs` says otherwise.
///
/// # Errors
/// [`ErrorKind::TargetNotWritable`] before anything is read; [`ErrorKind::NothingSelected`].
pub async fn start(
    home: &Home,
    database: &Database,
    mut request: ExportRequest,
    selection: &Selection,
    jobs: Option<u16>,
) -> Result<ExportRun> {
    check_folder(Path::new(&request.folder))?;
    check_guard(&request)?;
    // Whoever comes back to the run may do so from another folder.
    if let Ok(folder) = std::path::absolute(&request.folder) {
        request.folder = folder.display().to_string();
    }
    let mut session = database.catalog().await?;
    let found = discover(&mut session).await?;
    let chosen = selection.of(&found)?;
    let targets: Vec<Target> = chosen.iter().map(|t| Target::new(&t.summary.schema, &t.summary.name)).collect();
    let rows = if request.tables.is_empty() { chosen.iter().map(|t| t.summary.rows).sum() } else { 0 };
    let names = chosen.iter().map(|t| (t.summary.schema.clone(), t.summary.name.clone())).collect();
    drop(session);
    let finished = Arc::default();
    let operation = Export::new(home, database, &request, names, &finished);
    let options = run_options(&request, rows, jobs);
    let run = fleet::start(home, database, Arc::new(operation), targets, options).await?;
    Ok(ExportRun { run, finished })
}

/// Goes on with a run that was interrupted: writes the tenants that are not done, and then the workbook about all of them.
/// Nothing that is done is written again.
///
/// # Errors
/// [`ErrorKind::RunMissing`], [`ErrorKind::RunActive`], [`ErrorKind::RunElsewhere`], [`ErrorKind::RunNotResumable`], and as
/// [`start`].
pub async fn resume(home: &Home, database: &Database, run: &str, jobs: Option<u16>) -> Result<ExportRun> {
    let Left { past, request, tenants } = left(home, database, run).await?;
    check_folder(Path::new(&request.folder))?;
    let mut session = database.catalog().await?;
    let found = discover(&mut session).await?;
    drop(session);
    let found: HashMap<&str, _> = found.iter().map(|t| (t.summary.schema.as_str(), &t.summary)).collect();
    let name = |schema: &str| found.get(schema).map_or(schema, |tenant| tenant.name.as_str()).to_owned();
    // One that has been dropped since fails, and is named.
    let targets: Vec<Target> = tenants.iter().map(|schema| Target::new(schema, name(schema))).collect();
    let rows = tenants.iter().filter_map(|schema| found.get(schema.as_str())).map(|tenant| tenant.rows);
    let rows = if request.tables.is_empty() { rows.sum() } else { 0 };
    let names = past.summary.tenants.iter().map(|t| (t.schema.clone(), name(&t.schema))).collect();
    let finished = Arc::new(Mutex::new(Finished { files: done_before(&past, &request).await?, fleet_workbook: None }));
    let operation = Export::new(home, database, &request, names, &finished);
    let options = run_options(&request, rows, jobs);
    let run = fleet::resume(home, database, Arc::new(operation), past, targets, options).await?;
    Ok(ExportRun { run, finished })
}

/// The files that [`resume`] would write; writes nothing.
///
/// # Errors
/// As [`resume`].
pub async fn left_files(home: &Home, database: &Database, run: &str) -> Result<Vec<String>> {
    let Left { request, tenants, .. } = left(home, database, run).await?;
    Ok(tenants.iter().map(|schema| planned_path(&request, schema)).collect())
}

/// A run that is not at its end.
struct Left {
    past: PastRun,
    request: ExportRequest,
    tenants: Vec<String>,
}

async fn left(home: &Home, database: &Database, run: &str) -> Result<Left> {
    let past = fleet::past(home, database, run).await?;
    if past.summary.kind != RunKind::Export {
        return Err(past.not_resumable("it was not an export"));
    }
    let Ok(request) = serde_json::from_str::<ExportRequest>(&past.record.request) else {
        return Err(past.not_resumable("its record does not say what it was to write"));
    };
    let tenants = past.left();
    if tenants.is_empty() {
        // The program may have ended between the last tenant and the workbook about all of them.
        let started = started(home, &past.summary.run).await;
        let book = fleet_book::path(Path::new(&request.folder), started, &past.summary.run);
        if past.summary.tenants.len() < 2 || book.exists() {
            return Err(past.not_resumable("every tenant has had its turn"));
        }
    }
    Ok(Left { past, request, tenants })
}

/// When a run was begun.
async fn started(home: &Home, run: &str) -> DateTime<Utc> {
    let runs = fleet::list(home).await.unwrap_or_default();
    let entry = runs.iter().find(|entry| entry.run == run);
    entry.and_then(|entry| entry.started_at.parse().ok()).unwrap_or_else(Utc::now)
}

/// What the files of the tenants that are done say of themselves. Those that somebody has taken away say nothing.
async fn done_before(past: &PastRun, request: &ExportRequest) -> Result<Vec<ExportedFile>> {
    let done = past.summary.tenants.iter().filter(|tenant| tenant.outcome == Outcome::Done);
    let paths: Vec<(String, String)> =
        done.filter_map(|tenant| Some((tenant.schema.clone(), tenant.detail.clone()?))).collect();
    let (format, verified) = (request.format, !request.unverified);
    let read = move || {
        let read = |(schema, path): (String, String)| written::read(&schema, &path, format, verified);
        paths.into_iter().filter_map(read).collect()
    };
    let read = tokio::task::spawn_blocking(read).await;
    read.map_err(|e| Error::new(ErrorKind::Internal { what: "the finished files were not read".into() }).source(e))
}

fn run_options(request: &ExportRequest, rows: i64, jobs: Option<u16>) -> RunOptions {
    RunOptions {
        jobs,
        record: RunRecord { request: serde_json::to_string(request).unwrap_or_default(), ..RunRecord::default() },
        statements: format!("{} in {}", words(request.format), request.folder),
        // An estimate; it only steers the bar and the time left.
        rows_expected: rows.max(0).unsigned_abs(),
        retries: 1,
        ..RunOptions::default()
    }
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
    Ok(chosen.iter().map(|t| planned_path(request, &t.summary.schema)).collect())
}

fn planned_path(request: &ExportRequest, schema: &str) -> String {
    Path::new(&request.folder).join(output_name(schema, &options_of(request))).display().to_string()
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
    home: Home,
    database: String,
    options: ExportOptions,
    names: HashMap<String, String>,
    finished: Arc<Mutex<Finished>>,
}

impl Export {
    fn new(
        home: &Home,
        database: &Database,
        request: &ExportRequest,
        names: HashMap<String, String>,
        finished: &Arc<Mutex<Finished>>,
    ) -> Self {
        let created_by = Author::here().person;
        Self {
            home: home.clone(),
            database: journal::address(database),
            options: ExportOptions { created_by, ..options_of(request) },
            names,
            finished: finished.clone(),
        }
    }
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
            lock(&self.finished).files.push(file);
            Ok(Done::Changed(Some(path)))
        }
        .boxed()
    }

    fn report<'a>(&'a self, run: &'a str, outcomes: &'a [TenantOutcome]) -> BoxFuture<'a, ()> {
        async move {
            let files = lock(&self.finished).files.clone();
            if outcomes.len() < 2 || files.is_empty() {
                return;
            }
            let started = started(&self.home, run).await;
            let (run, tenants, names) = (run.to_owned(), outcomes.to_vec(), self.names.clone());
            let (database, options) = (self.database.clone(), self.options.clone());
            let write = move || {
                fleet_book::write(&FleetExport {
                    run: &run,
                    started,
                    database,
                    created_by: &options.created_by,
                    folder: &options.folder,
                    language: &options.language,
                    format: options.format,
                    tenants: &tenants,
                    names: &names,
                    files: &files,
                })
            };
            let path = tokio::task::spawn_blocking(write).await.unwrap_or_else(|e| {
                let what = "the workbook of the fleet was not written".into();
                Err(Error::new(ErrorKind::Internal { what }).source(e))
            });
            let path = path.map(|path| path.display().to_string()).map_err(|error| {
                tracing::error!(%error, "the workbook of the fleet could not be written");
                (&error).into()
            });
            lock(&self.finished).fleet_workbook = Some(path);
        }
        .boxed()
    }
}
