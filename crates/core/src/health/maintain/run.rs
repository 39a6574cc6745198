//! Maintenance through the fleet engine.

use super::MaintainWork;
use super::integrity::Integrity;
use super::plan::{MaintainPlan, TenantWork, require_fresh};
use super::report::{MaintainFigures, MaintainReason, MaintainReport, MaintainedTable};
use super::request::MaintainRequest;
use super::step::Scene;
use super::watch::Watch;
use crate::connection::{Database, Purpose, Session};
use crate::fleet::{self, Done, Operation, RunHandle, RunKind, RunOptions, Target, Worker, hold};
use crate::health::doctor::Sound;
use crate::local::Home;
use crate::tenant::discover;
use crate::{Error, ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// A locked table is tried again this often: with the pauses, for about ten seconds.
const RETRIES: u32 = 4;

/// Starts what a plan shows.
///
/// # Errors
/// [`ErrorKind::ReadOnly`], but for a check; [`ErrorKind::PlanBlocked`] when a check says stop; [`ErrorKind::PlanStale`] where a table of
/// the plan is not there any more.
pub async fn apply(home: &Home, database: &Database, plan: MaintainPlan) -> Result<RunHandle> {
    if plan.work.writes() {
        database.require_writable(plan.work.name())?;
    }
    plan.plan.refuse_stops()?;
    require_fresh(database, &plan).await?;
    let MaintainPlan { plan, request, tenants, resumes, .. } = plan;
    let usual = plan.run_options(serde_json::to_string(&request).unwrap_or_default());
    let options = RunOptions { jobs: request.jobs, retries: RETRIES, ..usual };
    let targets = plan.targets();
    let watch = Watch::new(database);
    let operation: Arc<dyn Operation> = match request.work {
        MaintainWork::Check => {
            let mut session = database.session(Purpose::Catalog).await?;
            let found = discover(&mut session).await?;
            let sound = Sound::of(&mut session, &found).await?;
            session.close().await;
            Arc::new(Integrity { home: home.clone(), work: tenants, sound, watch })
        }
        _ => Arc::new(Maintain { home: home.clone(), request, work: tenants, reports: Mutex::default(), watch }),
    };
    match resumes {
        None => fleet::start(home, database, operation, targets, options).await,
        Some(past) => fleet::resume(home, database, operation, past, targets, options).await,
    }
}

/// VACUUM, ANALYZE or REINDEX of tenants.
struct Maintain {
    home: Home,
    request: MaintainRequest,
    work: BTreeMap<String, TenantWork>,
    /// What earlier tries have come to, by schema.
    reports: Mutex<HashMap<String, MaintainReport>>,
    watch: Watch,
}

impl Operation for Maintain {
    fn kind(&self) -> RunKind {
        RunKind::Maintain
    }

    fn purpose(&self) -> Purpose {
        Purpose::Maintain
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        async move {
            let schema = target.schema.as_str();
            let Some(work) = self.work.get(schema) else { return Ok(Done::Nothing(None)) };
            let mut report = self.earlier(schema, work);
            report.planned = (work.steps.len() + work.left_out.len()) as u32;
            let done = self.tenant(worker, schema, work, &mut report).await;
            let words = report.words();
            self.reports.lock().unwrap_or_else(PoisonError::into_inner).insert(schema.to_owned(), report.clone());
            let outcome = done.and_then(|()| verdict(schema, &report));
            if outcome.is_err() {
                worker.set_partial(words.clone());
            }
            if let Some(session) = worker.open_session()
                && session.execute("select pg_catalog.pg_advisory_unlock_all()").await.is_err()
            {
                // Whatever it is in the middle of, and the tenant's lock, ends with the session.
                worker.drop_session();
            }
            outcome.map(|()| Done::Changed(Some(words)))
        }
        .boxed()
    }
}

impl Maintain {
    /// What is known of the tenant: from an earlier try, or from the run that is gone on with.
    fn earlier(&self, schema: &str, work: &TenantWork) -> MaintainReport {
        let known = self.reports.lock().unwrap_or_else(PoisonError::into_inner).get(schema).cloned();
        known.or_else(|| work.earlier.clone()).unwrap_or_else(|| {
            let mut report = MaintainReport::new(self.request.work, schema);
            for (table, reason) in &work.left_out {
                report.note(left_out(table, reason));
            }
            report
        })
    }

    async fn tenant(
        &self,
        worker: &mut Worker,
        schema: &str,
        work: &TenantWork,
        report: &mut MaintainReport,
    ) -> Result<()> {
        let run = worker.run().to_owned();
        let session = worker.session().await?;
        prepare(session, self.request.work).await?;
        hold(session, schema).await?;
        for (number, step) in work.steps.iter().enumerate() {
            if report.is_settled(&step.table) {
                continue;
            }
            let scene = Scene {
                work: self.request.work,
                analyze: self.request.analyze,
                schema,
                tenant: work,
                watch: &self.watch,
                number: number as u32 + 1,
            };
            let done = scene.table(worker, step).await?;
            report.note(done);
            // After each: somebody may come back to a run that was killed in the middle of a large tenant.
            report.keep(&self.home, &run);
        }
        report.keep(&self.home, &run);
        Ok(())
    }
}

/// A table that nobody tried.
pub(super) fn left_out(table: &str, reason: &MaintainReason) -> MaintainedTable {
    MaintainedTable {
        table: table.to_owned(),
        done: false,
        reason: Some(reason.clone()),
        indexes: 0,
        before: MaintainFigures::default(),
        after: None,
        duration_ms: 0,
    }
}

/// Time-outs that fit the work, whatever the profile or the role are set to.
async fn prepare(session: &mut Session, work: MaintainWork) -> Result<()> {
    session.execute("set statement_timeout = 0").await?;
    if work == MaintainWork::Reindex {
        // Readers and writers do not wait behind it; it waits for every transaction that is older.
        session.execute("set lock_timeout = '2min'").await?;
    } else {
        // An automatic VACUUM gives way after deadlock_timeout.
        session
            .execute(
                "select pg_catalog.set_config('lock_timeout', (greatest(1000, s.setting::int8) + 1000)::text, false) \
                 from pg_catalog.pg_settings s where s.name = 'deadlock_timeout'",
            )
            .await?;
    }
    Ok(())
}

/// Whether all of it was done.
fn verdict(schema: &str, report: &MaintainReport) -> Result<()> {
    let undone = |locked: bool| -> Vec<&str> {
        let tables = report.tables.iter().filter(|table| !table.done).filter_map(|table| table.reason.as_ref());
        let tables = tables.filter(|reason| (reason.code == "locked") == locked);
        tables.map(|reason| reason.message.as_str()).collect()
    };
    let list = |words: &[&str]| {
        const SHOWN: usize = 8;
        let more = words.len().saturating_sub(SHOWN);
        let shown = words[..words.len() - more].join("; ");
        if more > 0 { format!("{shown}; and {more} more") } else { shown }
    };
    let (locked, other) = (undone(true), undone(false));
    let schema = schema.to_owned();
    if !locked.is_empty() {
        let error = Error::new(ErrorKind::TablesLocked { schema, tables: list(&locked) });
        return Err(if other.is_empty() { error } else { error.detail(list(&other)) });
    }
    if other.is_empty() {
        return Ok(());
    }
    Err(ErrorKind::MaintenanceIncomplete { schema, left: list(&other) }.into())
}
