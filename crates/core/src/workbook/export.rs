//! Exporting a tenant: one snapshot, read as COPY text here, written by a thread of its own.

use super::book::{Plan, Written, cell_refused};
use super::history::{applied, newest, template_of};
use super::manifest::Facts;
use super::names::{file_name, partial_file_name};
use super::output::{Complete, Order, Output};
use super::sheet::MAX_ROWS;
use super::source::Source;
use super::types::{ExportFormat, ExportedFile};
use crate::connection::{Database, Purpose, Session};
use crate::content::{self, Table};
use crate::migration::History;
use crate::shape::{self, Options};
use crate::sql::{Ident, Statement};
use crate::{Error, ErrorKind, Result};
use chrono::Utc;
use futures::StreamExt;
use sqlx::Row;
use sqlx::postgres::types::Oid;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Rows travel to the writing thread in batches of about this size.
const BATCH: usize = 128 * 1024;
/// So many batches may wait there.
const WAITING: usize = 4;
/// A row of more bytes than this is refused: it would have to be in memory as a whole.
const LARGEST_ROW: usize = 256 * 1024 * 1024;

/// What to export, and where to.
#[derive(Debug, Clone)]
pub struct ExportOptions {
    /// Names of tables; empty means all of the schema's tables, partitioned ones included. Views, materialised views,
    /// foreign tables and single partitions are exported when they are named.
    pub tables: Vec<String>,
    /// A workbook, or a folder of files.
    pub format: ExportFormat,
    /// Of CSV: cells that a spreadsheet program would take for formulas are given an apostrophe.
    pub guard_formulas: bool,
    /// An existing folder. What was written there for the same schema and the same choice of tables is replaced, but only by what is
    /// finished.
    pub folder: PathBuf,
    /// Language of headings on the workbook's own sheets, `en` or `fr`.
    pub language: String,
    /// The person to name as the author.
    pub created_by: String,
    /// Data rows per sheet, at most 1,048,575; what goes beyond continues on further sheets.
    pub rows_per_sheet: u32,
    /// Read the finished file back and compare it with what the database gave, before it gets its name.
    pub verify: bool,
}

impl Default for ExportOptions {
    fn default() -> Self {
        Self {
            tables: Vec::new(),
            format: ExportFormat::Workbook,
            guard_formulas: false,
            folder: PathBuf::from("."),
            language: "en".into(),
            created_by: String::new(),
            rows_per_sheet: MAX_ROWS - 1,
            verify: true,
        }
    }
}

/// Writes the workbook of one tenant, or the folder with its files. `progress` is told the rows written so far.
///
/// Every table is read from one snapshot. Memory stays flat whatever the number of rows. The file appears under its
/// name when it is complete; after an error or a cancellation nothing is left behind, and the server's work is
/// cancelled too.
///
/// # Errors
/// [`ErrorKind::TenantMissing`], [`ErrorKind::TableMissing`], [`ErrorKind::PermissionDenied`],
/// [`ErrorKind::TargetNotWritable`], [`ErrorKind::DiskFull`], [`ErrorKind::CellRefused`],
/// [`ErrorKind::TooManyColumns`], [`ErrorKind::WorkbookDiffers`], [`ErrorKind::FileDiffers`], [`ErrorKind::FolderForeign`],
/// [`ErrorKind::Cancelled`], and what the connection reports.
pub async fn export_tenant(
    database: &Database,
    schema: &str,
    options: &ExportOptions,
    progress: &(dyn Fn(u64) + Send + Sync),
    cancel: &CancellationToken,
) -> Result<ExportedFile> {
    let target = Output::create(schema, options)?;
    let mut session = tokio::select! {
        biased;
        () = cancel.cancelled() => return Err(ErrorKind::Cancelled.into()),
        session = database.session(Purpose::Export) => session?,
    };
    let backend = session.backend();
    let mut writer = None;
    let outcome = tokio::select! {
        biased;
        () = cancel.cancelled() => Err(Error::new(ErrorKind::Cancelled)),
        outcome = read(database, &mut session, schema, options, target, progress, cancel, &mut writer) => outcome,
    };
    // A stopped reader has hung up, and the writer removes its file. Nothing may be left when this function returns.
    let written = match writer {
        Some(writer) => finished(writer).await,
        None => Err(ErrorKind::Internal { what: "nothing was written".into() }.into()),
    };
    match (outcome, written) {
        (Ok(()), Ok((complete, written))) => {
            session.close().await;
            if cancel.is_cancelled() {
                return Err(ErrorKind::Cancelled.into());
            }
            persist(schema, complete, written, options).await
        }
        // The writer's own failure is the cause; the reader only noticed that nobody listened any more.
        (Err(error), Err(cause)) if matches!(error.kind(), ErrorKind::Internal { .. }) => {
            stop(database, backend).await;
            Err(cause)
        }
        (Err(error), _) => {
            stop(database, backend).await;
            Err(error)
        }
        (Ok(()), Err(error)) => Err(error),
    }
}

/// The workbook's file name: one with a choice of tables never takes the place of the whole.
pub(super) fn name_of(schema: &str, tables: &[String]) -> String {
    if tables.is_empty() { file_name(schema) } else { partial_file_name(schema, tables) }
}

/// Names of tables, and what reads them.
type Statements = Vec<(String, Statement)>;

type Writer = JoinHandle<Result<(Complete, Written)>>;

async fn finished(writer: Writer) -> Result<(Complete, Written)> {
    writer.await.map_err(|e| Error::new(ErrorKind::Internal { what: "the writing thread failed".into() }).source(e))?
}

/// Ends what the server still does for us. The session cannot be used any more: its protocol is in the middle of COPY.
async fn stop(database: &Database, backend: i32) {
    if let Err(error) = database.cancel(backend).await {
        tracing::debug!(%error, backend, "the export's statement could not be cancelled");
    }
}

async fn persist(schema: &str, complete: Complete, written: Written, options: &ExportOptions) -> Result<ExportedFile> {
    let (path, bytes) = tokio::task::spawn_blocking(move || complete.persist())
        .await
        .map_err(|e| Error::new(ErrorKind::Internal { what: "the file was not completed".into() }).source(e))??;
    Ok(ExportedFile {
        schema: schema.to_owned(),
        format: options.format,
        path: path.display().to_string(),
        bytes,
        sheets: written.sheets,
        tables: written.tables,
        overflow_cells: written.overflow_cells,
        altered_cells: written.altered_cells,
        verified: options.verify,
    })
}

/// Opens the snapshot, starts the writer and feeds it.
#[expect(clippy::too_many_arguments, reason = "one call, and each is a part of its own")]
async fn read(
    database: &Database,
    session: &mut Session,
    schema: &str,
    options: &ExportOptions,
    target: Output,
    progress: &(dyn Fn(u64) + Send + Sync),
    cancel: &CancellationToken,
    writer: &mut Option<Writer>,
) -> Result<()> {
    let (plan, statements) = prepare(database, session, schema, options).await?;
    let rows = Arc::new(AtomicU64::new(0));
    let (orders, received) = mpsc::channel(WAITING);
    let (counter, cancel, verify) = (Arc::clone(&rows), cancel.clone(), options.verify);
    *writer = Some(tokio::task::spawn_blocking(move || target.write(&plan, received, &counter, verify, &cancel)));
    for (table, statement) in statements {
        copy(database, session, schema, &table, &statement, &orders, &|| progress(rows.load(Ordering::Relaxed)))
            .await?;
        send(&orders, Order::EndTable).await?;
    }
    session.execute(content::no_path()).await?;
    let quoted = Ident::new(schema)?;
    let namespace = content::namespace(session, schema).await?;
    let sequences = content::sequences(session, &quoted, namespace).await?;
    send(&orders, Order::EndBook(sequences)).await?;
    session.execute("commit").await?;
    progress(rows.load(Ordering::Relaxed));
    Ok(())
}

/// Reads one table to its end.
async fn copy(
    database: &Database,
    session: &mut Session,
    schema: &str,
    table: &str,
    statement: &Statement,
    orders: &mpsc::Sender<Order>,
    progress: &(dyn Fn() + Sync),
) -> Result<()> {
    let explain = |error: sqlx::Error| failure(database, schema, table, error);
    let mut lines = session.connection().copy_out_raw(statement.text()).await.map_err(explain)?;
    let mut batch = Vec::with_capacity(BATCH + BATCH / 8);
    let mut rows = 0u64;
    while let Some(line) = lines.next().await {
        let line = line.map_err(explain)?;
        if line.len() > LARGEST_ROW {
            return Err(cell_refused(table, rows + 1, format!("it takes {} MB", line.len() >> 20)));
        }
        rows += 1;
        batch.extend_from_slice(&line);
        if batch.len() >= BATCH && batch.ends_with(b"\n") {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH + BATCH / 8));
            send(orders, Order::Lines(full)).await?;
            progress();
        }
    }
    if !batch.is_empty() {
        send(orders, Order::Lines(batch)).await?;
    }
    progress();
    Ok(())
}

async fn send(orders: &mpsc::Sender<Order>, order: Order) -> Result<()> {
    orders.send(order).await.map_err(|_| ErrorKind::Internal { what: "the writing thread stopped".into() }.into())
}

/// Locks the tables, takes the snapshot and reads what they look like in it.
async fn prepare(
    database: &Database,
    session: &mut Session,
    schema: &str,
    options: &ExportOptions,
) -> Result<(Plan, Statements)> {
    let quoted = Ident::new(schema)?;
    let namespace = content::namespace(session, schema).await?;
    let (chosen, omitted) = content::choose(schema, content::relations(session, namespace).await?, &options.tables)?;
    if let Some(closed) = chosen.iter().find(|relation| !relation.readable) {
        return Err(denied(database, schema, &closed.name));
    }
    content::begin_snapshot(session).await?;
    if let Some(lock) = content::lock_statement(&quoted, &chosen)? {
        session.execute(lock).await.map_err(|error| failure(database, schema, "*", error))?;
    }
    let row = sqlx::query(include_str!("snapshot.sql")).persistent(false).fetch_one(session.connection()).await?;
    let structure = shape::read_with_history_in(session, schema).await?;
    let by_hand = crate::rebuild::by_hand(&structure)?;
    let server = database.server();
    let mut facts = Facts {
        schema: schema.to_owned(),
        tenant: tenant_name(session, namespace).await?,
        owner: structure.owner.clone(),
        fingerprint: structure.without_history().fingerprint(Options::default()).to_string(),
        created: Utc::now(),
        created_by: options.created_by.clone(),
        host: server.host.clone(),
        port: server.port,
        server_version: server.version.clone(),
        database: server.database.clone(),
        role: server.role.clone(),
        schema_version: None,
        template: None,
        history: History::default(),
        snapshot_time: row.try_get("snapshot_time")?,
        snapshot: row.try_get("snapshot")?,
        wal_position: row.try_get("wal_position")?,
    };
    let tables = content::columns(session, chosen).await?;
    let statements = tables
        .iter()
        .map(|table| Ok((table.relation.name.clone(), table.copy_statement(&quoted)?)))
        .collect::<Result<Statements>>()?;
    let large_objects = large_objects(session, &tables).await?;
    let sources = tables.into_iter().map(Source::from).collect();
    facts.history = applied(session, schema, namespace).await?;
    facts.template = template_of(&facts.history)?;
    facts.schema_version = newest(&facts.history);
    let plan = Plan {
        facts,
        sources,
        omitted,
        structure: shape::records(&structure),
        by_hand,
        partial: !options.tables.is_empty(),
        large_objects,
        language: options.language.clone(),
        rows_per_sheet: options.rows_per_sheet.clamp(1, MAX_ROWS - 1),
        folder: options.folder.clone(),
    };
    // Rows travel next, and nothing else.
    session.execute(content::own_path(&quoted)).await?;
    Ok((plan, statements))
}

/// The schema's comment.
async fn tenant_name(session: &mut Session, namespace: u32) -> Result<Option<String>> {
    let comment = sqlx::query_scalar("select pg_catalog.obj_description($1, 'pg_namespace')");
    Ok(comment.persistent(false).bind(Oid(namespace)).fetch_one(session.connection()).await?)
}

/// Large objects belong to no schema and are not exported. Where no column can name one, there is nothing to say.
async fn large_objects(session: &mut Session, tables: &[Table]) -> Result<u64> {
    const OID: u32 = 26;
    if !tables.iter().flat_map(|table| &table.columns).any(|column| column.base_type == OID) {
        return Ok(0);
    }
    let count = sqlx::query_scalar("select pg_catalog.count(*) from pg_catalog.pg_largeobject_metadata");
    let count: i64 = count.persistent(false).fetch_one(session.connection()).await?;
    Ok(count.max(0) as u64)
}

fn failure(database: &Database, schema: &str, table: &str, error: impl Into<Error>) -> Error {
    content::read_failure(error.into(), Some(&database.server().role), schema, table)
}

fn denied(database: &Database, schema: &str, table: &str) -> Error {
    let role = database.server().role.clone();
    ErrorKind::PermissionDenied { role, action: format!("read {schema}.{table}") }.into()
}
