//! The record of runs in the local state: written before the first tenant and after each one, so that a killed
//! process leaves behind who was done and who was not.

use super::lock::RunLock;
use super::sent::Sent;
use super::{Outcome, RunKind, RunSummary, Stopped, Target, TenantOutcome};
use crate::connection::Database;
use crate::journal::address;
use crate::local::Home;
use crate::{Error, ErrorKind, Result};
use serde::Serialize;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqlitePool};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// What a run is resumed and undone from.
#[derive(Debug, Clone, Default)]
pub struct RunRecord {
    /// The request as JSON.
    pub request: String,
    /// Fingerprint of the plan.
    pub fingerprint: String,
    /// The migrations as they were when the run was planned, as JSON.
    pub source: Option<String>,
    /// The run that this one undoes.
    pub undoes: Option<String>,
}

/// A run in the record that nobody works on.
#[derive(Debug, Clone)]
pub struct PastRun {
    /// Every tenant's outcome.
    pub summary: RunSummary,
    /// Versions that each tenant was to get, or to lose, in the order of `summary.tenants`.
    pub planned: Vec<Vec<i64>>,
    /// Versions whose commit it has sent for each tenant, in the same order, whether or not it heard the answer.
    pub sent: Vec<Vec<i64>>,
    /// Versions whose file, outside a transaction, it has begun for each tenant.
    pub begun: Vec<Vec<i64>>,
    /// What it was made from.
    pub record: RunRecord,
}

impl PastRun {
    /// The tenants that failed, were cancelled or did not have their turn, in their order.
    pub fn left(&self) -> Vec<String> {
        let done = |tenant: &&TenantOutcome| matches!(tenant.outcome, Outcome::Done | Outcome::Skipped);
        self.summary.tenants.iter().filter(|tenant| !done(tenant)).map(|tenant| tenant.schema.clone()).collect()
    }

    /// [`ErrorKind::RunNotResumable`] with this reason.
    pub fn not_resumable(&self, reason: &str) -> Error {
        ErrorKind::RunNotResumable { id: self.summary.run.clone(), reason: reason.to_owned() }.into()
    }
}

pub(super) struct Recorder {
    pool: SqlitePool,
    run: String,
    sender: mpsc::UnboundedSender<(usize, TenantOutcome)>,
    writer: JoinHandle<()>,
    _lock: RunLock,
}

impl Recorder {
    pub(super) async fn begin(
        home: &Home,
        database: &Database,
        run: &str,
        kind: RunKind,
        targets: &[Target],
        record: &RunRecord,
    ) -> Result<Self> {
        let lock = RunLock::take(home, run)?;
        let pool = home.pool().clone();
        let mut tx = pool.begin().await?;
        sqlx::query(
            "insert into run (id, kind, database, role, request, fingerprint, source, undoes, started_at, process) \
             values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(run)
        .bind(kind.name())
        .bind(address(database))
        .bind(&database.server().role)
        .bind(&record.request)
        .bind(&record.fingerprint)
        .bind(&record.source)
        .bind(&record.undoes)
        .bind(now())
        .bind(format!("{}", std::process::id()))
        .execute(&mut *tx)
        .await?;
        // One statement for all: each costs a round trip to the thread that has the file.
        let lines: Vec<_> = targets.iter().map(|target| (&target.schema, json(&target.planned))).collect();
        sqlx::query(
            "insert into run_tenant (run, position, schema, planned) \
             select ?, line.key, line.value ->> 0, line.value ->> 1 from json_each(?) line",
        )
        .bind(run)
        .bind(serde_json::to_string(&lines).unwrap_or_default())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Self::write_to(pool, run, lock))
    }

    /// Goes on with the record of an interrupted run. The tenants at these positions are noted as before their turn: if
    /// this process is killed too, what they hold by then is found out and not taken from the old outcome.
    ///
    /// # Errors
    /// [`ErrorKind::RunActive`]; [`ErrorKind::PlanStale`] when somebody has gone on with it meanwhile.
    pub(super) async fn reopen(home: &Home, run: &PastRun, positions: &[usize]) -> Result<Self> {
        let lock = RunLock::take(home, &run.summary.run)?;
        let (now, _) = read(home, &find(home, &run.summary.run).await?).await?;
        if now.tenants != run.summary.tenants {
            return Err(ErrorKind::PlanStale { what: format!("the run {}", now.run) }.into());
        }
        let pool = home.pool().clone();
        let mut tx = pool.begin().await?;
        sqlx::query("update run set ended_at = null, stopped = null, process = ? where id = ?")
            .bind(format!("{}", std::process::id()))
            .bind(&run.summary.run)
            .execute(&mut *tx)
            .await?;
        for position in positions {
            sqlx::query("update run_tenant set outcome = 'not_started', error = null where run = ? and position = ?")
                .bind(&run.summary.run)
                .bind(*position as i64)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(Self::write_to(pool, &run.summary.run, lock))
    }

    fn write_to(pool: SqlitePool, run: &str, lock: RunLock) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        let writer = tokio::spawn(write(pool.clone(), run.to_owned(), receiver));
        Self { pool, run: run.to_owned(), sender, writer, _lock: lock }
    }

    /// Notes an outcome. Writing happens behind the workers, many outcomes to a transaction: what the tenants' own
    /// histories hold is the truth that a resumed run goes by.
    pub(super) fn outcome(&self, position: usize, outcome: &TenantOutcome) {
        let _ = self.sender.send((position, outcome.clone()));
    }

    pub(super) async fn end(self, summary: &RunSummary) {
        drop(self.sender);
        let _ = self.writer.await;
        let ended = sqlx::query("update run set ended_at = ?, stopped = ? where id = ?")
            .bind(now())
            .bind(summary.stopped.as_ref().map(name_of))
            .bind(&self.run)
            .execute(&self.pool);
        if let Err(e) = ended.await {
            tracing::error!(error = %e, "the end of a run could not be recorded");
        }
    }
}

/// So long outcomes are collected before they are written.
const COLLECTED: Duration = Duration::from_millis(50);

async fn write(pool: SqlitePool, run: String, mut receiver: mpsc::UnboundedReceiver<(usize, TenantOutcome)>) {
    let mut batch = Vec::new();
    while receiver.recv_many(&mut batch, 1024).await > 0 {
        let more = async { while receiver.recv_many(&mut batch, 1024).await > 0 {} };
        let _ = tokio::time::timeout(COLLECTED, more).await;
        match write_batch(&pool, &run, &batch).await {
            Ok(()) => batch.clear(),
            // They go with the next ones, or with the end of the run.
            Err(e) => tracing::error!(error = %e, "outcomes of a run could not be recorded"),
        }
    }
    if !batch.is_empty()
        && let Err(e) = write_batch(&pool, &run, &batch).await
    {
        tracing::error!(error = %e, "outcomes of a run were lost");
    }
}

async fn write_batch(pool: &SqlitePool, run: &str, batch: &[(usize, TenantOutcome)]) -> Result<()> {
    // Of a tenant the last word counts.
    let last: BTreeMap<usize, &TenantOutcome> = batch.iter().map(|(position, outcome)| (*position, outcome)).collect();
    let lines: Vec<_> = last
        .iter()
        .map(|(position, outcome)| {
            serde_json::json!([
                position,
                name_of(&outcome.outcome),
                outcome.duration_ms,
                outcome.waited_ms,
                outcome.attempts,
                json(&outcome.versions),
                outcome.error.as_ref().map(|e| serde_json::to_string(e).unwrap_or_default()),
                outcome.detail,
            ])
        })
        .collect();
    sqlx::query(
        // Every line is there; as an insertion, each is looked up by its key.
        "insert into run_tenant (run, position, schema, outcome, duration_ms, waited_ms, attempts, versions, error, detail) \
         select ?, line.value ->> 0, '', line.value ->> 1, line.value ->> 2, line.value ->> 3, line.value ->> 4, \
             line.value ->> 5, line.value ->> 6, line.value ->> 7 \
         from json_each(?) line where true \
         on conflict (run, position) do update set outcome = excluded.outcome, duration_ms = excluded.duration_ms, \
             waited_ms = excluded.waited_ms, attempts = excluded.attempts, versions = excluded.versions, \
             error = excluded.error, detail = excluded.detail",
    )
    .bind(run)
    .bind(serde_json::to_string(&lines).unwrap_or_default())
    .execute(pool)
    .await?;
    Ok(())
}

/// A run in the list of past runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RunEntry {
    /// Identifies the run.
    pub run: String,
    /// What it did.
    pub kind: RunKind,
    /// `database @ host:port`
    pub database: String,
    /// RFC 3339, UTC.
    pub started_at: String,
    /// RFC 3339, UTC; `None` while it runs, or when the program was killed.
    pub ended_at: Option<String>,
    /// A program works on it.
    pub running: bool,
    /// Why it ended before every tenant had its turn.
    pub stopped: Option<Stopped>,
    /// The run that this one undoes.
    pub undoes: Option<String>,
    /// How many tenants were changed.
    pub done: u32,
    /// How many had nothing to do.
    pub skipped: u32,
    /// How many failed.
    pub failed: u32,
    /// How many were under way when cancelled.
    pub cancelled: u32,
    /// How many never had their turn.
    pub not_started: u32,
}

/// Past runs of this computer, newest first, at most 200.
pub async fn list(home: &Home) -> Result<Vec<RunEntry>> {
    let rows = sqlx::query(
        "select r.id, r.kind, r.database, r.started_at, r.ended_at, r.stopped, r.undoes, \
         sum(t.outcome = 'done') as done, sum(t.outcome = 'skipped') as skipped, sum(t.outcome = 'failed') as failed, \
         sum(t.outcome = 'cancelled') as cancelled, sum(t.outcome = 'not_started') as not_started \
         from run r join run_tenant t on t.run = r.id group by r.id order by r.started_at desc, r.rowid desc limit 200",
    )
    .fetch_all(home.pool())
    .await?;
    rows.iter()
        .map(|row| {
            let count = |name| row.try_get::<i64, _>(name).map(|n| n as u32);
            let run: String = row.try_get("id")?;
            let ended_at: Option<String> = row.try_get("ended_at")?;
            let running = ended_at.is_none() && RunLock::is_held(home, &run);
            let stopped: Option<String> = row.try_get("stopped")?;
            let stopped = match stopped {
                None if ended_at.is_none() && !running => Some(Stopped::Interrupted),
                stopped => stopped.map(|name| parse(&name)).transpose()?,
            };
            Ok(RunEntry {
                run,
                running,
                stopped,
                undoes: row.try_get("undoes")?,
                kind: parse(&row.try_get::<String, _>("kind")?)?,
                database: row.try_get("database")?,
                started_at: row.try_get("started_at")?,
                ended_at,
                done: count("done")?,
                skipped: count("skipped")?,
                failed: count("failed")?,
                cancelled: count("cancelled")?,
                not_started: count("not_started")?,
            })
        })
        .collect()
}

/// A run with every tenant's outcome. `id` may be shortened as long as it fits one run only.
///
/// # Errors
/// [`ErrorKind::RunMissing`]
pub async fn show(home: &Home, id: &str) -> Result<RunSummary> {
    Ok(read(home, &find(home, id).await?).await?.0)
}

/// Reads a run from the record, to go on with it or to undo it. `id` may be shortened.
///
/// # Errors
/// [`ErrorKind::RunMissing`]; [`ErrorKind::RunActive`] while a program works on it;
/// [`ErrorKind::RunElsewhere`] when it was another database's.
pub async fn past(home: &Home, database: &Database, id: &str) -> Result<PastRun> {
    let entry = find(home, id).await?;
    if entry.running {
        return Err(ErrorKind::RunActive { id: entry.run }.into());
    }
    if entry.database != address(database) {
        return Err(ErrorKind::RunElsewhere { id: entry.run, database: entry.database }.into());
    }
    let (summary, planned) = read(home, &entry).await?;
    let row = sqlx::query("select request, fingerprint, source, undoes from run where id = ?")
        .bind(&entry.run)
        .fetch_one(home.pool())
        .await?;
    let record = RunRecord {
        request: row.try_get("request")?,
        fingerprint: row.try_get("fingerprint")?,
        source: row.try_get("source")?,
        undoes: row.try_get("undoes")?,
    };
    let mut noted = Sent::read(home, &entry.run);
    let noted = (0..planned.len()).map(|position| noted.remove(&position).unwrap_or_default());
    let (sent, begun) = noted.map(|noted| (noted.sent, noted.begun)).unzip();
    Ok(PastRun { summary, planned, sent, begun, record })
}

/// The run that undid this one, if there is one that changed anything.
pub async fn undone_by(home: &Home, id: &str) -> Result<Option<String>> {
    let row = sqlx::query(
        "select r.id from run r where r.undoes = ? and exists \
         (select 1 from run_tenant t where t.run = r.id and t.versions <> '[]') limit 1",
    )
    .bind(id)
    .fetch_optional(home.pool())
    .await?;
    row.map(|row| row.try_get("id").map_err(Into::into)).transpose()
}

/// A run of this computer has written this file: a workbook, an archive, or the backup of a drop.
pub async fn wrote(home: &Home, path: &str) -> Result<bool> {
    let query = "select exists (select 1 from run_tenant t join run r on r.id = t.run \
         where r.kind in ('export', 'backup', 'drop') and t.outcome = 'done' and t.detail = ?)";
    Ok(sqlx::query_scalar(query).bind(path).fetch_one(home.pool()).await?)
}

async fn find(home: &Home, id: &str) -> Result<RunEntry> {
    let all = list(home).await?;
    let mut fitting = all.into_iter().filter(|r| !id.is_empty() && r.run.starts_with(id));
    match (fitting.next(), fitting.next()) {
        (Some(entry), None) => Ok(entry),
        _ => Err(ErrorKind::RunMissing { id: id.to_owned() }.into()),
    }
}

async fn read(home: &Home, entry: &RunEntry) -> Result<(RunSummary, Vec<Vec<i64>>)> {
    let rows = sqlx::query(
        "select schema, outcome, duration_ms, waited_ms, attempts, versions, planned, error, detail \
         from run_tenant where run = ? order by position",
    )
    .bind(&entry.run)
    .fetch_all(home.pool())
    .await?;
    let list = |row: &SqliteRow, name| -> Result<Vec<i64>> {
        Ok(serde_json::from_str(&row.try_get::<String, _>(name)?).unwrap_or_default())
    };
    let tenants: Vec<TenantOutcome> = rows
        .iter()
        .map(|row| {
            let error: Option<String> = row.try_get("error")?;
            Ok(TenantOutcome {
                schema: row.try_get("schema")?,
                outcome: parse(&row.try_get::<String, _>("outcome")?)?,
                duration_ms: row.try_get::<i64, _>("duration_ms")? as u64,
                waited_ms: row.try_get::<i64, _>("waited_ms")? as u64,
                attempts: row.try_get::<i64, _>("attempts")? as u32,
                versions: list(row, "versions")?,
                error: error.and_then(|e| serde_json::from_str(&e).ok()),
                detail: row.try_get("detail")?,
            })
        })
        .collect::<Result<_>>()?;
    let planned = rows.iter().map(|row| list(row, "planned")).collect::<Result<_>>()?;
    let time = |text: &str| chrono::DateTime::parse_from_rfc3339(text).ok();
    let duration = match (time(&entry.started_at), entry.ended_at.as_deref().and_then(time)) {
        (Some(from), Some(to)) => (to - from).num_milliseconds().max(0) as u64,
        _ => 0,
    };
    let summary = RunSummary {
        run: entry.run.clone(),
        kind: entry.kind,
        database: entry.database.clone(),
        done: entry.done,
        skipped: entry.skipped,
        failed: entry.failed,
        cancelled: entry.cancelled,
        not_started: entry.not_started,
        duration_ms: duration,
        stopped: entry.stopped,
        undoes: entry.undoes.clone(),
        tenants,
    };
    Ok((summary, planned))
}

fn now() -> String {
    chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// The serde name of a unit variant.
fn name_of(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn json(versions: &[i64]) -> String {
    serde_json::to_string(versions).unwrap_or_default()
}

fn parse<T: serde::de::DeserializeOwned>(name: &str) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).map_err(|e| {
        Error::new(ErrorKind::Internal { what: format!("unknown word {name} in the local state") }).source(e)
    })
}
