//! One table: the statements, and the look at what they have done.

use super::MaintainWork;
use super::choose::Step;
use super::leftover;
use super::plan::TenantWork;
use super::report::{MaintainReason, MaintainedTable};
use super::table::{self, Index, Table};
use super::watch::{Progress, Watch};
use crate::connection::Database;
use crate::fleet::{RunActivity, Worker};
use crate::{Error, ErrorKind, Result};
use std::time::{Duration, Instant};

/// Before 15, the server's statistics arrive a moment after what they count.
const LOOKS: u32 = 14;
const PAUSE: Duration = Duration::from_millis(250);

/// So many dead rows that stay are worth a word.
const STILL_DEAD: i64 = 1_000;

/// What a step needs to know.
pub(super) struct Scene<'a> {
    pub work: MaintainWork,
    pub analyze: bool,
    pub schema: &'a str,
    pub tenant: &'a TenantWork,
    pub watch: &'a Watch,
    /// Its place among the tenant's, from 1.
    pub number: u32,
}

impl Scene<'_> {
    /// Does one table. An error ends the tenant; what concerns the table only stands in the answer.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`] when the run was cancelled; a lost connection; a full disk.
    pub async fn table(&self, worker: &mut Worker, step: &Step) -> Result<MaintainedTable> {
        let began = Instant::now();
        let tell = self.teller(worker, &step.table);
        tell(Progress::default());
        let database = worker.database().clone();
        let session = worker.session().await?;
        let Some(before) = self.look(session, step.oid).await? else {
            let planned = self.tenant.before.get(&step.oid).map(|table| table.figures.clone()).unwrap_or_default();
            return Ok(not_done(step, planned, gone(step), began));
        };
        if self.work == MaintainWork::Reindex {
            // Waiting for other transactions takes as long as it takes; waiting for somebody who works on the table does not.
            let holders = table::holders(session, &[self.tenant.namespace]).await?;
            if let Some(holder) = holders.get(&step.oid) {
                return Ok(not_done(step, before.figures, locked(step, Some(holder)), began));
            }
        }
        let backend = session.backend();
        let work = async {
            for statement in &step.statements {
                session.execute(statement).await?;
            }
            Ok(())
        };
        let sent: Result<()> = self.watch.during(backend, work, tell).await;
        let left = match (self.work, &sent) {
            // Also where it came to its end: the server leaves what it could not drop.
            (MaintainWork::Reindex, _) => self.leftovers(&database, step).await,
            _ => Vec::new(),
        };
        if let Err(error) = sent {
            worker.check_cancelled().map_err(|cancelled| with_leftovers(cancelled, &left))?;
            let reason = self.reason_of(worker, step, error, &left).await?;
            return Ok(not_done(step, before.figures, reason, began));
        }
        self.proven(worker, step, before, left.first(), began).await
    }

    fn teller(&self, worker: &Worker, table: &str) -> impl Fn(Progress) + Send + Sync + use<> {
        let sink = worker.activity_sink();
        let (schema, object) = (self.schema.to_owned(), table.to_owned());
        let (step, steps) = (self.number, self.tenant.steps.len() as u32);
        move |progress| {
            sink(RunActivity {
                schema: schema.clone(),
                object: object.clone(),
                step,
                steps,
                phase: progress.phase,
                percent: progress.percent,
                waits_for: progress.waits_for,
            });
        }
    }

    async fn look(&self, session: &mut crate::connection::Session, oid: u32) -> Result<Option<Table>> {
        let tables = table::read(session, &[self.tenant.namespace], self.work).await?;
        Ok(tables.into_iter().find(|table| table.oid == oid))
    }

    /// Unfinished indexes that could not be removed.
    async fn leftovers(&self, database: &Database, step: &Step) -> Vec<Index> {
        leftover::remove(database, self.tenant.namespace, step.oid).await.unwrap_or_else(|error| {
            tracing::warn!(code = error.kind().code(), "unfinished indexes could not be looked for");
            Vec::new()
        })
    }

    /// Why a table was not done, where that is its own affair.
    async fn reason_of(
        &self,
        worker: &mut Worker,
        step: &Step,
        error: Error,
        left: &[Index],
    ) -> Result<MaintainReason> {
        let Some(state) = error.sqlstate() else { return Err(error) };
        if matches!(error.kind(), ErrorKind::ServerUnavailable | ErrorKind::ServerDiskFull | ErrorKind::ConnectionLost)
        {
            return Err(with_leftovers(error, left));
        }
        if let Some(index) = left.first() {
            return Ok(unfinished(index));
        }
        Ok(match state {
            "55P03" if self.work == MaintainWork::Reindex => {
                let message = format!("{}: other transactions did not end in time", step.table);
                MaintainReason::new("waited", message, &[])
            }
            "55P03" => {
                let holders = table::holders(worker.session().await?, &[self.tenant.namespace]).await?;
                locked(step, holders.get(&step.oid))
            }
            "42501" => MaintainReason::new("not_permitted", format!("{}: the role may not", step.table), &[]),
            "42P01" | "3F000" => gone(step),
            _ => {
                let words = match error.kind() {
                    ErrorKind::Server { message } => message.clone(),
                    other => other.to_string(),
                };
                MaintainReason::new("failed", format!("{}: {words}", step.table), &[("message", words.clone())])
            }
        })
    }

    /// Looks at what is there afterwards. The server's word alone counts for nothing: it leaves tables out with a warning.
    async fn proven(
        &self,
        worker: &mut Worker,
        step: &Step,
        before: Table,
        left: Option<&Index>,
        began: Instant,
    ) -> Result<MaintainedTable> {
        let session = worker.session().await?;
        let mut after = None;
        for look in 1..=LOOKS {
            let Some(now) = self.look(session, step.oid).await? else {
                return Ok(not_done(step, before.figures, gone(step), began));
            };
            let noted = self.is_noted(&before, &now);
            after = Some(now);
            if noted || session.server_version() >= 150_000 || look == LOOKS {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        let Some(after) = after else { return Err(ErrorKind::ConnectionLost.into()) };
        let mut done = MaintainedTable {
            table: step.table.clone(),
            done: true,
            reason: None,
            indexes: step.indexes.len() as u32,
            before: before.figures.clone(),
            after: Some(after.figures.clone()),
            duration_ms: began.elapsed().as_millis() as u64,
        };
        if self.work == MaintainWork::Reindex {
            let now = table::indexes(session, &[self.tenant.namespace]).await?;
            let lost = step.indexes.iter().find(|(name, oid)| !is_anew(&now, step.oid, name, *oid));
            let unfinished = left.map(unfinished).or_else(|| lost.map(|(name, _)| same_index(name)));
            done.done = unfinished.is_none();
            done.reason = unfinished;
            if done.done
                && let Some(index) = now.iter().find(|index| index.table == step.oid && index.exclusion)
            {
                let message = format!("{} is the index of an exclusion constraint and stays as it was", index.name);
                done.reason = Some(MaintainReason::new("not_concurrently", message, &[("index", index.name.clone())]));
            }
        } else if !self.is_noted(&before, &after) {
            done.done = false;
            let message = format!("{}: the server left it out; its log says why", step.table);
            done.reason = Some(MaintainReason::new("skipped", message, &[]));
        } else if self.work == MaintainWork::Vacuum {
            done.reason = self.still_dead(session, &before, &after).await?;
        }
        if !done.done {
            done.after = None;
            done.indexes = 0;
        }
        Ok(done)
    }

    /// The server has noted the end of this VACUUM or ANALYZE, or of one that somebody else began meanwhile.
    fn is_noted(&self, before: &Table, after: &Table) -> bool {
        let since = |time: Option<i64>| time.is_some_and(|time| time >= before.now);
        match self.work {
            MaintainWork::Vacuum => since(after.vacuumed) && (!self.analyze || since(after.analyzed)),
            MaintainWork::Analyze => since(after.analyzed),
            MaintainWork::Reindex | MaintainWork::Check => true,
        }
    }

    /// Rows that stay because an older transaction may still see them, and whose it is.
    async fn still_dead(
        &self,
        session: &mut crate::connection::Session,
        before: &Table,
        after: &Table,
    ) -> Result<Option<MaintainReason>> {
        let dead = after.figures.dead_rows;
        if dead < STILL_DEAD || dead * 2 < before.figures.dead_rows {
            return Ok(None);
        }
        let oldest = table::transactions(session, 0.0).await?.into_iter().next();
        let holder = oldest.map_or_else(|| "not known".to_owned(), |one| format!("{}, pid {}", one.program, one.pid));
        let message = format!("{dead} dead rows stay: an older transaction may still see them (the oldest: {holder})");
        Ok(Some(MaintainReason::new("still_dead", message, &[("rows", dead.to_string()), ("holder", holder)])))
    }
}

/// An index of this name is there, valid, and not the one of before.
fn is_anew(now: &[Index], table: u32, name: &str, before: u32) -> bool {
    now.iter().any(|index| index.table == table && index.name == name && index.valid && (index.oid != before))
}

fn not_done(step: &Step, before: super::MaintainFigures, reason: MaintainReason, began: Instant) -> MaintainedTable {
    MaintainedTable {
        table: step.table.clone(),
        done: false,
        reason: Some(reason),
        indexes: 0,
        before,
        after: None,
        duration_ms: began.elapsed().as_millis() as u64,
    }
}

fn gone(step: &Step) -> MaintainReason {
    MaintainReason::new("gone", format!("{} is not there any more", step.table), &[])
}

fn locked(step: &Step, holder: Option<&String>) -> MaintainReason {
    let holder = holder.cloned().unwrap_or_else(|| "another session".into());
    MaintainReason::new("locked", format!("{} ({holder})", step.table), &[("holder", holder.clone())])
}

fn unfinished(index: &Index) -> MaintainReason {
    let name = format!("{}.{}", index.schema, index.name);
    let message = format!("{name} is unfinished and could not be removed");
    MaintainReason::new("leftover", message, &[("index", name)])
}

fn same_index(name: &str) -> MaintainReason {
    let message = format!("the server left the index {name} as it was; its log says why");
    MaintainReason::new("skipped", message, &[("index", name.to_owned())])
}

/// What ends a tenant's turn says what could not be cleared away.
fn with_leftovers(error: Error, left: &[Index]) -> Error {
    if left.is_empty() {
        return error;
    }
    let names: Vec<String> = left.iter().map(|index| format!("{}.{}", index.schema, index.name)).collect();
    error.detail(format!(
        "Unfinished indexes that could not be removed yet: {}. Going on with the run removes them.",
        names.join(", ")
    ))
}
