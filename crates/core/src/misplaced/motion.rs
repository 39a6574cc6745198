//! Carrying a move out: one transaction, proven before it is committed.

use super::plan::MovePlan;
use super::proof::{Before, again, prove_shape};
use crate::connection::{Database, Purpose, Session};
use crate::fleet::{self, Done, Operation, RunHandle, RunKind, RunOptions, Target, Worker};
use crate::local::Home;
use crate::sql::Statement;
use crate::{Error, ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::Row;
use std::sync::Arc;

/// How long a statement waits for a lock.
pub(super) const LOCK_TIMEOUT: &str = "5s";

/// Moves as planned.
///
/// # Errors
/// [`ErrorKind::ReadOnly`]; [`ErrorKind::PlanBlocked`]. The outcome is [`ErrorKind::PlanStale`] where something else would be moved now,
/// [`ErrorKind::MoveUnproven`] where the proof failed; then nothing is changed.
pub async fn apply_move(home: &Home, database: &Database, plan: MovePlan) -> Result<RunHandle> {
    database.require_writable("move")?;
    plan.plan.refuse_stops()?;
    let targets = plan.plan.targets();
    // The way back, for whoever reads the run.
    let request = serde_json::to_string(&plan.back).unwrap_or_default();
    let options = RunOptions { retries: 3, ..plan.plan.run_options(request) };
    fleet::start(home, database, Arc::new(Move(plan)), targets, options).await
}

struct Move(MovePlan);

impl Operation for Move {
    fn kind(&self) -> RunKind {
        RunKind::Move
    }

    fn purpose(&self) -> Purpose {
        Purpose::Administer
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, _target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        async move {
            let (database, cancel, count) =
                (worker.database().clone(), worker.cancel_token().clone(), worker.row_counter());
            let goes_on = move |_: u64| !cancel.is_cancelled();
            let session = worker.session().await?;
            let result = self.one(session, &database, &goes_on).await;
            match &result {
                Ok((_, rows)) => count(*rows),
                // In the middle of a table's rows nothing else can be said to the server.
                Err(error) if matches!(error.kind(), ErrorKind::Cancelled) => worker.drop_session(),
                Err(_) => {
                    let _ = session.execute("rollback").await;
                }
            }
            result.map(|(done, _)| done)
        }
        .boxed()
    }
}

impl Move {
    async fn one(
        &self,
        session: &mut Session,
        database: &Database,
        goes_on: &(dyn Fn(u64) -> bool + Send + Sync),
    ) -> Result<(Done, u64)> {
        let plan = &self.0;
        let stale =
            || Error::new(ErrorKind::PlanStale { what: format!("what would be moved out of {}", plan.way.from.0) });
        fleet::enter(session, plan.way.tenant(), LOCK_TIMEOUT).await?;
        // An earlier try has sent its commit, and only the answer did not arrive.
        if self.is_done(session).await? {
            session.execute("rollback").await?;
            return Ok((self.done(0), 0));
        }
        let first =
            again(session, (&plan.way, &plan.objects), &plan.tenants).await.map_err(|error| match error.kind() {
                ErrorKind::TableMissing { .. } | ErrorKind::SchemaUnfit { .. } => stale().source(error),
                _ => error,
            })?;
        if first.text() != plan.text || first.roots() != plan.roots {
            return Err(stale());
        }
        if let Some(lock) = &first.lock {
            self.locked(session, database, lock).await?;
        }
        // Once more: what was done between the look and the lock.
        let work = again(session, (&plan.way, &plan.objects), &plan.tenants).await?;
        if work.text() != plan.text || work.roots() != plan.roots || work.is_stopped() {
            return Err(stale());
        }
        let before = Before::read(session, &work, goes_on).await?;
        for statement in &work.sql {
            self.locked(session, database, statement).await?;
        }
        before.prove(session, database, &work, &plan.tenants, goes_on).await?;
        if let Some(like) = &plan.like {
            prove_shape(session, &work, like).await?;
        }
        session.execute("commit").await?;
        Ok((self.done(before.rows()), before.rows()))
    }

    fn done(&self, rows: u64) -> Done {
        let counted = |number: u64, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
        let objects = (self.0.roots.len() / 2) as u64;
        Done::Changed(Some(format!("{}, {}", counted(objects, "object"), counted(rows, "row"))))
    }

    /// Every object is in the other schema.
    async fn is_done(&self, session: &mut Session) -> Result<bool> {
        let query = sqlx::query(include_str!("pieces.sql")).persistent(false).bind(&self.0.roots);
        let rows = query.fetch_all(session.connection()).await?;
        let there = |row: &sqlx::postgres::PgRow| {
            row.try_get::<i64, _>("namespace").is_ok_and(|oid| oid as u32 == self.0.way.to.1)
        };
        Ok(rows.len() * 2 >= self.0.roots.len() && rows.iter().all(there))
    }

    /// Sends a statement; says who was waited for in vain.
    async fn locked(&self, session: &mut Session, database: &Database, statement: &Statement) -> Result<()> {
        let Err(error) = session.execute(statement).await else { return Ok(()) };
        if !matches!(error.kind(), ErrorKind::LockTimeout { .. }) {
            return Err(error);
        }
        let error = error.as_kind(ErrorKind::LockTimeout { timeout: LOCK_TIMEOUT.to_owned() });
        let holders = self.holders(session.backend(), database).await.unwrap_or_default();
        Err(if holders.is_empty() { error } else { error.detail(format!("In the way: {}.", holders.join(", "))) })
    }

    /// Who works with these objects; asked by another session, since ours has failed.
    async fn holders(&self, own: i32, database: &Database) -> Result<Vec<String>> {
        let mut session = database.catalog().await?;
        let query = sqlx::query_scalar(include_str!("holders.sql")).persistent(false).bind(&self.0.roots).bind(own);
        Ok(query.fetch_all(session.connection()).await?)
    }
}
