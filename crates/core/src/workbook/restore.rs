//! A tenant made again from its workbook: planned, then done in one transaction and proven before it is committed.

use super::book::{MANIFEST, STRUCTURE};
use super::finding::Finding;
use super::read_back::{Fault, FaultKind, ManifestTable, OpenBook};
use super::restore_place::{Route, checks_in, fingerprint, statements_in, target_names};
use super::restore_rows::{Chunk, Places, feed, place_of};
use super::restore_template::template;
use super::types::{RestoreReport, RestoreRequest, RestoredTable, WorkbookCheck};
use super::verify::{unreadable, verify_workbook};
use crate::connection::{Database, Purpose};
use crate::content::{Table, TableColumn};
use crate::fleet::{
    self, Check, CheckLevel, Done, Operation, Plan, PlannedSql, PlannedTenant, RunHandle, RunKind, RunOptions, Target,
    Worker,
};
use crate::local::Home;
use crate::rebuild::{CopyFailure, Rebuild, Remark};
use crate::shape::Shape;
use crate::tenant::resolve;
use crate::{Error, ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// So many pieces of rows may wait for the server.
const WAITING: usize = 4;

/// What a restore will do, as checked against the file and the server.
#[derive(Debug, Clone)]
pub struct RestorePlan {
    /// What a person reads.
    pub plan: Plan,
    /// What was found in the file.
    pub check: WorkbookCheck,
    path: PathBuf,
    tables: Vec<String>,
    rows: u64,
    /// The file is not what was written, and shall be restored all the same.
    edited: bool,
    route: Route,
    triggers_off: bool,
}

/// A restore under way, and what it has found.
#[derive(Clone)]
pub struct RestoreRun {
    /// The run.
    pub run: RunHandle,
    report: Arc<Mutex<Option<RestoreReport>>>,
}

impl RestoreRun {
    /// What was restored, when it was.
    pub fn report(&self) -> Option<RestoreReport> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Reads a workbook, and says what restoring it would do; changes nothing.
///
/// # Errors
/// [`ErrorKind::WorkbookForeign`], [`ErrorKind::WorkbookDamaged`], [`ErrorKind::TableMissing`], the kinds of names that
/// cannot be given, [`ErrorKind::PermissionDenied`] without CREATE on the database.
pub async fn plan_restore(
    database: &Database,
    request: &RestoreRequest,
    cancel: &CancellationToken,
) -> Result<RestorePlan> {
    let server = database.server();
    if !server.can_create_schema && request.into.is_none() {
        let action = format!("create schemas in {}", server.database);
        return Err(ErrorKind::PermissionDenied { role: server.role.clone(), action }.into());
    }
    let path = PathBuf::from(&request.path);
    let check = verify_workbook(&path, cancel).await?;
    let (book, shape) = opened(&path).await?;
    let chosen = chosen(&book, &request.tables)?;
    let rows = chosen.iter().map(|table| table.rows).sum();
    let mut checks = checks(&check, &book, request, &chosen);
    let (schema, name, sql, route) = match (&request.into, &request.template) {
        (Some(_), Some(_)) => {
            let reason = "A tenant that is there keeps its own files: into goes without a template.".into();
            return Err(ErrorKind::Usage { reason }.into());
        }
        (Some(tenant), None) => {
            let mut session = database.catalog().await?;
            let found = resolve(&mut session, tenant).await?.summary;
            let (there, sql) = statements_in(&mut session, &shape, &found.schema, &chosen).await?;
            checks.extend(checks_in(&mut session, &shape, &there).await?);
            (found.schema, found.name, sql, Route::Into)
        }
        (None, from) => {
            let (schema, name) = target_names(database, &book, request).await?;
            let route = match from {
                None => Route::Workbook,
                Some(from) => {
                    let (source, about) = template(&book, from)?;
                    checks.extend(about);
                    Route::Template(Arc::new(source))
                }
            };
            let sql = match checks.iter().any(|check| check.level == CheckLevel::Stop && from.is_some()) {
                // These files make something else.
                true => String::new(),
                false => {
                    let mut session = database.catalog().await?;
                    route.statements(&mut session, &shape, (&schema, &name), &server.role, &chosen).await?
                }
            };
            (schema, name, sql, route)
        }
    };
    if request.triggers_off {
        let message = "Triggers are switched off at the end, and stay so.";
        checks.push(Check::new(CheckLevel::Ok, "triggers_off", message, &[]));
    }
    let fingerprint = fingerprint(&schema, &name, &sql, &chosen);
    let plan = Plan {
        id: uuid::Uuid::new_v4().simple().to_string(),
        kind: RunKind::Restore,
        tenants: vec![PlannedTenant::new(
            schema.clone(),
            name,
            chosen.iter().map(|table| table.name.clone()).collect(),
        )],
        statements: vec![PlannedSql { schema: schema.clone(), tenants: 1, names: vec![schema], from: None, sql }],
        checks,
        fingerprint,
    };
    let tables = chosen.iter().map(|table| table.name.clone()).collect();
    let edited = plan.checks.iter().any(|check| check.code == "workbook_edited");
    Ok(RestorePlan { plan, check, path, tables, rows, edited, route, triggers_off: request.triggers_off })
}

/// Restores as planned.
///
/// # Errors
/// [`ErrorKind::ReadOnly`]; [`ErrorKind::WorkbookEdited`], [`ErrorKind::PlanBlocked`] when a check says stop. The run's outcome is
/// [`ErrorKind::PlanStale`] where the file holds something else than when it was planned.
pub async fn apply_restore(home: &Home, database: &Database, plan: RestorePlan) -> Result<RestoreRun> {
    database.require_writable("restore")?;
    let stops: Vec<&Check> = plan.plan.checks.iter().filter(|check| check.level == CheckLevel::Stop).collect();
    if let Some(stop) = stops.first() {
        let path = plan.path.display().to_string();
        return Err(match stop.code.as_str() {
            "workbook_edited" => ErrorKind::WorkbookEdited { path, reason: first_change(&plan.check) }.into(),
            _ => ErrorKind::PlanBlocked { reason: stop.message.clone() }.into(),
        });
    }
    let report = Arc::new(Mutex::new(None));
    let targets = plan.plan.targets();
    let usual = plan.plan.run_options(plan.path.display().to_string());
    let options = RunOptions { jobs: Some(1), rows_expected: plan.rows, retries: 0, ..usual };
    let RestorePlan { path, tables, edited, route, triggers_off, .. } = plan;
    let (fingerprint, report_of_it) = (plan.plan.fingerprint, report.clone());
    let operation = Restore { path, tables, edited, route, triggers_off, fingerprint, report: report_of_it };
    let run = fleet::start(home, database, Arc::new(operation), targets, options).await?;
    Ok(RestoreRun { run, report })
}

/// The book and its structure, read in a thread that may wait. Both are what was written, whatever was done to the rows:
/// nobody means to change a structure by hand.
async fn opened(path: &Path) -> Result<(Arc<OpenBook>, Shape)> {
    let path = path.to_owned();
    let read = tokio::task::spawn_blocking(move || {
        let book = OpenBook::open(&path).map_err(|fault| unreadable(&path, &fault))?;
        let (shape, intact) = book.structure().map_err(|fault| unreadable(&path, &fault))?;
        for (sheet, intact) in [(MANIFEST, book.manifest.intact), (STRUCTURE, intact)] {
            if !intact {
                return Err(unreadable(&path, &Fault::at(sheet, 0, Finding::NotWritten)));
            }
        }
        Ok((Arc::new(book), shape))
    });
    read.await.map_err(|e| Error::new(ErrorKind::Internal { what: "the workbook was not read".into() }).source(e))?
}

/// The tables whose rows are restored: all that hold rows of their own, or those that are named.
fn chosen(book: &OpenBook, named: &[String]) -> Result<Vec<ManifestTable>> {
    let tables: Vec<ManifestTable> = book.manifest.tables.iter().filter(|t| t.has_own_rows()).cloned().collect();
    if let Some(missing) = named.iter().find(|name| !tables.iter().any(|table| table.name == **name)) {
        let schema = book.manifest.property("schema").to_owned();
        return Err(ErrorKind::TableMissing { schema, table: missing.clone() }.into());
    }
    Ok(tables.into_iter().filter(|table| named.is_empty() || named.contains(&table.name)).collect())
}

fn checks(check: &WorkbookCheck, book: &OpenBook, request: &RestoreRequest, chosen: &[ManifestTable]) -> Vec<Check> {
    let mut checks = Vec::new();
    let concerned = |table: &str| chosen.iter().any(|chosen| chosen.name == table);
    let changed = check.tables.iter().any(|table| concerned(&table.table) && !table.equal);
    // Chosen tables that are whole can be saved from a file that is not.
    let whole = if request.tables.is_empty() { check.intact } else { !changed && !check.saved_by_another_program };
    if whole {
        let message = "The file holds exactly what was written.";
        checks.push(Check::new(CheckLevel::Ok, "workbook_intact", message, &[]));
    } else {
        let level = if request.accept_edited { CheckLevel::Warning } else { CheckLevel::Stop };
        let reason = first_change(check);
        let message = format!("The file is not what was written: {reason}.");
        checks.push(Check::new(level, "workbook_edited", message, &[("reason", reason)]));
    }
    let by_hand = &book.manifest.by_hand;
    if !by_hand.is_empty() && request.template.is_some() {
        let names = by_hand.join(", ");
        let message = format!("Of these, which the files make, only the names are compared: {names}.");
        checks.push(Check::new(CheckLevel::Warning, "made_by_template", message, &[("names", names)]));
    } else if !by_hand.is_empty() {
        let names = by_hand.join(", ");
        let message = format!("A restore does not make these by itself: {names}.");
        checks.push(Check::new(CheckLevel::Stop, "made_by_hand", message, &[("names", names)]));
    }
    if book.manifest.property("contents") != "all tables" && request.tables.is_empty() {
        let message = "The workbook holds only chosen tables; the others come back empty.";
        checks.push(Check::new(CheckLevel::Warning, "workbook_partial", message, &[]));
    }
    let foreign: Vec<&str> = book
        .manifest
        .omitted
        .iter()
        .filter(|(_, kind)| kind == "foreign table" || kind == "large objects")
        .map(|(name, _)| name.as_str())
        .collect();
    if !foreign.is_empty() {
        let names = foreign.join(", ");
        let message = format!("Their data are not in the workbook (foreign tables, large objects): {names}.");
        checks.push(Check::new(CheckLevel::Warning, "data_elsewhere", message, &[("names", names)]));
    }
    let message = "Everything happens in one transaction: all of it or nothing.";
    checks.push(Check::new(CheckLevel::Ok, "all_or_nothing", message, &[]));
    checks
}

/// The first thing that is not what was written.
fn first_change(check: &WorkbookCheck) -> String {
    let changed = check.tables.iter().flat_map(|table| &table.changed).chain(&check.problems);
    let all: Vec<String> = changed.map(ToString::to_string).collect();
    match (all.first(), all.len()) {
        (None, _) => "another program has saved it".into(),
        (Some(first), 1) => first.clone(),
        (Some(first), more) => format!("{first}, and {} more", more - 1),
    }
}

struct Restore {
    path: PathBuf,
    tables: Vec<String>,
    /// The file is not what was written, and shall be restored all the same.
    edited: bool,
    route: Route,
    triggers_off: bool,
    fingerprint: String,
    report: Arc<Mutex<Option<RestoreReport>>>,
}

impl Operation for Restore {
    fn kind(&self) -> RunKind {
        RunKind::Restore
    }

    fn purpose(&self) -> Purpose {
        Purpose::Restore
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        async move {
            let result = self.restore(worker, target).await;
            if result.is_err() {
                // In the middle of COPY a session understands nothing else.
                worker.drop_session();
            }
            let report = result?;
            let rows: u64 = report.tables.iter().map(|table| table.rows).sum();
            let said = format!("{} tables, {rows} rows", report.tables.len());
            *self.report.lock().unwrap_or_else(PoisonError::into_inner) = Some(report);
            Ok(Done::Changed(Some(said)))
        }
        .boxed()
    }
}

impl Restore {
    async fn restore(&self, worker: &mut Worker, target: &Target) -> Result<RestoreReport> {
        let (book, shape) = opened(&self.path).await?;
        let chosen = chosen(&book, &self.tables)?;
        let version = version_number(book.manifest.property("server_version"));
        let (cancel, database) = (worker.cancel_token().clone(), worker.database().clone());
        let (place, owner) = ((target.schema.as_str(), target.name.as_str()), &database.server().role);
        let session = worker.session().await?;
        let sql = self.route.statements(session, &shape, place, owner, &chosen).await?;
        if fingerprint(&target.schema, &target.name, &sql, &chosen) != self.fingerprint {
            return Err(ErrorKind::PlanStale { what: self.path.display().to_string() }.into());
        }
        let counted = worker.row_counter();
        let session = worker.session().await?;
        let mut rebuild = self.route.begin(session, &database, place, (shape, version), &chosen).await?;
        let tables = matched(&chosen, &rebuild.tables().await?)?;
        rebuild.begin_rows().await?;
        let (chunks, mut received) = mpsc::channel(WAITING);
        let (reading, path) = (tables.clone(), self.path.clone());
        let places = Arc::new(Places::default());
        let (opened, stop, edited, noted) = (Arc::clone(&book), cancel.clone(), self.edited, Arc::clone(&places));
        let reader = tokio::task::spawn_blocking(move || {
            feed(&opened, edited, &reading, &chunks, &noted, &|| !stop.is_cancelled())
        });
        let loaded = load(&mut rebuild, &tables, &mut received, &places, &counted, &cancel).await;
        drop(received);
        let read = reader
            .await
            .map_err(|e| Error::new(ErrorKind::Internal { what: "the workbook was not read".into() }).source(e))?;
        match (loaded, read) {
            // The reader only noticed that nobody listened any more.
            (Err(error), Ok(()) | Err(_)) if !matches!(error.kind(), ErrorKind::Internal { .. }) => return Err(error),
            (_, Err(fault)) if fault.kind == FaultKind::Stopped => return Err(ErrorKind::Cancelled.into()),
            (_, Err(Fault { sheet: Some(sheet), row, what, .. })) if self.edited => {
                let (row, column, reason) = (row.to_string(), "–".to_owned(), what.to_string());
                return Err(ErrorKind::ValueRefused { sheet, row, column, reason }.into());
            }
            (_, Err(fault)) => return Err(unreadable(&path, &fault)),
            (loaded, Ok(())) => loaded?,
        }
        let mut found = Vec::new();
        for (table, wanted) in &tables {
            let content = rebuild.digest(wanted, &|_| !cancel.is_cancelled()).await?;
            let equal = content.digest == table.digest && content.rows == table.rows;
            if !equal && !self.edited {
                return Err(rebuild.differs(format!("the digest of {} differs", table.name)));
            }
            found.push((content, equal));
        }
        let mut remarks = rebuild.after_rows(&book.manifest.sequences).await?;
        if self.triggers_off {
            let off = rebuild.triggers_off().await?;
            remarks.extend(off.into_iter().map(|table| Remark::TriggersOff { table }));
        }
        rebuild.commit(&database).await?;
        for (table, equal) in &found {
            if !equal {
                remarks.push(Remark::RowsEdited { table: table.table.clone() });
            }
        }
        let tables = found.into_iter().map(|(content, equal)| RestoredTable {
            table: content.table,
            rows: content.rows,
            digest: content.digest,
            equal,
        });
        Ok(RestoreReport { schema: target.schema.clone(), tables: tables.collect(), remarks })
    }
}

/// Each table of the workbook with the one that is there: its columns in the workbook's order.
fn matched(chosen: &[ManifestTable], there: &[Table]) -> Result<Vec<(ManifestTable, Table)>> {
    let not_there = |what: String| Error::new(ErrorKind::NotRestorable { reason: what });
    chosen
        .iter()
        .map(|table| {
            let found = there.iter().find(|found| found.relation.name == table.name);
            let found = found.ok_or_else(|| not_there(format!("there is no table {}", table.name)))?;
            let columns = table.columns.iter().map(|column| {
                let same = found.columns.iter().find(|other| other.name == column.name);
                same.cloned().ok_or_else(|| not_there(format!("{} has no column {}", table.name, column.name)))
            });
            let columns = columns.collect::<Result<Vec<TableColumn>>>()?;
            Ok((table.clone(), Table { relation: found.relation.clone(), columns }))
        })
        .collect()
}

async fn load(
    rebuild: &mut Rebuild<'_>,
    tables: &[(ManifestTable, Table)],
    chunks: &mut mpsc::Receiver<Chunk>,
    places: &Places,
    counted: &(dyn Fn(u64) + Send + Sync),
    cancel: &CancellationToken,
) -> Result<()> {
    let stopped = || Error::new(ErrorKind::Internal { what: "the reading thread stopped".into() });
    for (table, wanted) in tables {
        let columns: Vec<&str> = wanted.columns.iter().filter(|c| !c.generated).map(|c| c.name.as_str()).collect();
        let explain = |error: Error| refused(&table.name, places, error);
        let mut load = rebuild.load(&table.name, &columns).await?;
        loop {
            match chunks.recv().await {
                Some(Chunk::Lines(lines)) if !cancel.is_cancelled() => {
                    load.lines(&lines).await.map_err(explain)?;
                    counted(memchr::memchr_iter(b'\n', &lines).count() as u64);
                }
                Some(Chunk::EndOfTable) => break,
                Some(Chunk::Lines(_)) => {
                    load.abort().await;
                    return Err(ErrorKind::Cancelled.into());
                }
                None => {
                    load.abort().await;
                    return Err(stopped());
                }
            }
        }
        load.finish().await.map_err(explain)?;
    }
    Ok(())
}

/// Says which cell the server refused.
fn refused(table: &str, places: &Places, error: Error) -> Error {
    let Some(CopyFailure { line, column }) = CopyFailure::of(&error, table) else { return error };
    if !matches!(error.kind(), ErrorKind::Server { .. } | ErrorKind::EncodingMismatch { .. }) {
        return error;
    }
    let (sheet, row) = place_of(places, table, line);
    let (column, reason) = (column.unwrap_or_else(|| "–".into()), error.to_string());
    error.as_kind(ErrorKind::ValueRefused { sheet, row: row.to_string(), column, reason })
}

/// `server_version_num` from `15.18 (Debian …)`; of the major version alone.
pub(super) fn version_number(version: &str) -> i32 {
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse::<i32>().unwrap_or_default() * 10_000
}
