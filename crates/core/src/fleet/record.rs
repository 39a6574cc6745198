//! The record of runs in the local state: written before the first tenant and after each one, so that a killed
//! process leaves behind who was done and who was not.

use super::{RunKind, RunOptions, RunSummary, Target, TenantOutcome};
use crate::connection::Database;
use crate::journal::address;
use crate::local::Home;
use crate::{Error, ErrorKind, Result};
use serde::Serialize;
use sqlx::{Row, SqlitePool};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

pub(super) struct Recorder {
    pool: SqlitePool,
    run: String,
    sender: mpsc::UnboundedSender<(usize, TenantOutcome)>,
    writer: JoinHandle<()>,
}

impl Recorder {
    pub(super) async fn begin(
        home: &Home,
        database: &Database,
        run: &str,
        kind: RunKind,
        targets: &[Target],
        options: &RunOptions,
    ) -> Result<Self> {
        let pool = home.pool().clone();
        let mut tx = pool.begin().await?;
        sqlx::query(
            "insert into run (id, kind, database, role, request, fingerprint, started_at, process) \
             values (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(run)
        .bind(kind.name())
        .bind(address(database))
        .bind(&database.server().role)
        .bind(&options.request)
        .bind(&options.fingerprint)
        .bind(now())
        .bind(format!("{}", std::process::id()))
        .execute(&mut *tx)
        .await?;
        for (position, target) in targets.iter().enumerate() {
            sqlx::query("insert into run_tenant (run, position, schema) values (?, ?, ?)")
                .bind(run)
                .bind(position as i64)
                .bind(&target.schema)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        let (sender, receiver) = mpsc::unbounded_channel();
        let writer = tokio::spawn(write(pool.clone(), run.to_owned(), receiver));
        Ok(Self { pool, run: run.to_owned(), sender, writer })
    }

    /// Notes an outcome. Writing happens behind the workers, many outcomes to a transaction: what the tenants' own
    /// histories hold is the truth that a resumed run goes by.
    pub(super) fn outcome(&self, position: usize, outcome: &TenantOutcome) {
        let _ = self.sender.send((position, outcome.clone()));
    }

    pub(super) async fn end(self) {
        drop(self.sender);
        let _ = self.writer.await;
        let ended =
            sqlx::query("update run set ended_at = ? where id = ?").bind(now()).bind(&self.run).execute(&self.pool);
        if let Err(e) = ended.await {
            tracing::error!(error = %e, "the end of a run could not be recorded");
        }
    }
}

async fn write(pool: SqlitePool, run: String, mut receiver: mpsc::UnboundedReceiver<(usize, TenantOutcome)>) {
    let mut batch = Vec::new();
    while receiver.recv_many(&mut batch, 256).await > 0 {
        if let Err(e) = write_batch(&pool, &run, &batch).await {
            tracing::error!(error = %e, "outcomes of a run could not be recorded");
        }
        batch.clear();
    }
}

async fn write_batch(pool: &SqlitePool, run: &str, batch: &[(usize, TenantOutcome)]) -> Result<()> {
    let mut tx = pool.begin().await?;
    for (position, outcome) in batch {
        let error = outcome.error.as_ref().map(|e| serde_json::to_string(e).unwrap_or_default());
        sqlx::query(
            "update run_tenant set outcome = ?, duration_ms = ?, error = ?, detail = ? where run = ? and position = ?",
        )
        .bind(name_of(&outcome.outcome))
        .bind(outcome.duration_ms as i64)
        .bind(error)
        .bind(&outcome.detail)
        .bind(run)
        .bind(*position as i64)
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
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
        "select r.id, r.kind, r.database, r.started_at, r.ended_at, \
         sum(t.outcome = 'done') as done, sum(t.outcome = 'skipped') as skipped, sum(t.outcome = 'failed') as failed, \
         sum(t.outcome = 'cancelled') as cancelled, sum(t.outcome = 'not_started') as not_started \
         from run r join run_tenant t on t.run = r.id group by r.id order by r.started_at desc, r.rowid desc limit 200",
    )
    .fetch_all(home.pool())
    .await?;
    rows.iter()
        .map(|row| {
            let count = |name| row.try_get::<i64, _>(name).map(|n| n as u32);
            Ok(RunEntry {
                run: row.try_get("id")?,
                kind: parse(&row.try_get::<String, _>("kind")?)?,
                database: row.try_get("database")?,
                started_at: row.try_get("started_at")?,
                ended_at: row.try_get("ended_at")?,
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
    let missing = || Error::new(ErrorKind::RunMissing { id: id.to_owned() });
    let all = list(home).await?;
    let mut fitting = all.iter().filter(|r| !id.is_empty() && r.run.starts_with(id));
    let (Some(entry), None) = (fitting.next(), fitting.next()) else { return Err(missing()) };
    let rows = sqlx::query(
        "select schema, outcome, duration_ms, error, detail from run_tenant where run = ? order by position",
    )
    .bind(&entry.run)
    .fetch_all(home.pool())
    .await?;
    let tenants: Vec<TenantOutcome> = rows
        .iter()
        .map(|row| {
            let error: Option<String> = row.try_get("error")?;
            Ok(TenantOutcome {
                schema: row.try_get("schema")?,
                outcome: parse(&row.try_get::<String, _>("outcome")?)?,
                duration_ms: row.try_get::<i64, _>("duration_ms")? as u64,
                error: error.and_then(|e| serde_json::from_str(&e).ok()),
                detail: row.try_get("detail")?,
            })
        })
        .collect::<Result<_>>()?;
    let time = |text: &str| chrono::DateTime::parse_from_rfc3339(text).ok();
    let duration = match (time(&entry.started_at), entry.ended_at.as_deref().and_then(time)) {
        (Some(from), Some(to)) => (to - from).num_milliseconds().max(0) as u64,
        _ => 0,
    };
    Ok(RunSummary {
        run: entry.run.clone(),
        kind: entry.kind,
        done: entry.done,
        skipped: entry.skipped,
        failed: entry.failed,
        cancelled: entry.cancelled,
        not_started: entry.not_started,
        duration_ms: duration,
        tenants,
    })
}

fn now() -> String {
    chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// The serde name of a unit variant.
fn name_of(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn parse<T: serde::de::DeserializeOwned>(name: &str) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).map_err(|e| {
        Error::new(ErrorKind::Internal { what: format!("unknown word {name} in the local state") }).source(e)
    })
}
