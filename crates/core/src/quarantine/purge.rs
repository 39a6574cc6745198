//! A purge: the last proof, then everything that the tenant holds, in batches; the schema last.

use super::purge_plan::{PurgePlan, fingerprint};
use super::record::{Backup, Record};
use super::{backup_file, batch, drop, find, losses, proof, seal};
use crate::connection::{Database, Purpose, Session};
use crate::fleet::{self, Done, Operation, RunHandle, RunKind, RunOptions, Target, Worker};
use crate::local::Home;
use crate::registry;
use crate::sql::{Ident, Statement};
use crate::{Error, ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Removes the planned tenant for good. Killed at any moment, it is resumed by planning and applying it again.
///
/// # Errors
/// [`ErrorKind::ReadOnly`]; [`ErrorKind::PlanBlocked`] when a check says stop; [`ErrorKind::PlanStale`].
pub async fn apply_purge(home: &Home, database: &Database, plan: PurgePlan) -> Result<RunHandle> {
    database.require_writable("purge")?;
    plan.plan.refuse_stops()?;
    let mut session = database.catalog().await?;
    let found = find::resolve(&mut session, &plan.quarantined_as).await?;
    if fingerprint(&mut session, &found).await? != plan.plan.fingerprint {
        return Err(ErrorKind::PlanStale { what: format!("the schema {}", plan.quarantined_as) }.into());
    }
    std::mem::drop(session);
    let usual = plan.plan.run_options(serde_json::to_string(&plan.request).unwrap_or_default());
    let options = RunOptions { retries: 3, ..usual };
    let targets = plan.plan.targets();
    let operation = Purge { oid: plan.oid, without_backup: plan.request.without_backup, archive: plan.archive };
    fleet::start(home, database, Arc::new(operation), targets, options).await
}

struct Purge {
    oid: u32,
    without_backup: bool,
    archive: Option<Backup>,
}

impl Operation for Purge {
    fn kind(&self) -> RunKind {
        RunKind::Purge
    }

    fn purpose(&self) -> Purpose {
        Purpose::Quarantine
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        async move {
            let cancel = worker.cancel_token().clone();
            let session = worker.session().await?;
            let result = self.purge(session, &target.schema, &cancel).await;
            if result.is_err() {
                // It may be in the middle of anything, and it holds the tenant's lock.
                worker.drop_session();
            } else {
                session.execute("select pg_catalog.pg_advisory_unlock_all()").await?;
            }
            result.map_err(|error| match error.kind().is_unreachable() {
                // Something may be removed already: that is more than a precondition that is not met.
                true => error.as_kind(ErrorKind::ConnectionLost).hint("The next purge goes on where this one stopped."),
                false => error,
            })
        }
        .boxed()
    }
}

impl Purge {
    async fn purge(&self, session: &mut Session, quarantine: &str, cancel: &CancellationToken) -> Result<Done> {
        // An earlier try has sent its last commit, and only the answer did not arrive.
        if losses::name_of(session, self.oid).await?.is_none() {
            return Ok(Done::Changed(None));
        }
        fleet::hold(session, quarantine).await?;
        let record = seal::current(session, self.oid, quarantine).await?;
        if record.purge_begun_at.is_none() {
            self.begin(session, &record, cancel).await?;
        }
        batch::empty(session, self.oid, cancel, &|_| {}).await?;
        let schema = Ident::new(quarantine)?;
        // The registry hears of it in the same transaction, where there is one that this role may write to.
        let noted = match registry::state_in(session).await?.writable {
            true => registry::purged(&record.schema),
            false => Statement::new(),
        };
        let last = Statement::of(format_args!("drop schema {schema} restrict;\n{noted}\n"));
        batch::send(session, &batch::Batch { statement: last, objects: 1 }, cancel).await?;
        Ok(Done::Changed(Some(record.backup.path)))
    }

    /// The last look before anything is removed, and the mark in the record that there is no way back but the backup.
    async fn begin(&self, session: &mut Session, record: &Record, cancel: &CancellationToken) -> Result<()> {
        let dependents = losses::dependents(session, self.oid).await?;
        if !dependents.is_empty() {
            let objects = dependents.iter().take(10).map(|d| d.object.as_str()).collect::<Vec<_>>().join("; ");
            return Err(ErrorKind::DependentsElsewhere { objects }.into());
        }
        if !self.without_backup {
            for file in std::iter::once(&record.backup).chain(&self.archive) {
                if let Some(reason) = backup_file::problem(file).await {
                    return Err(ErrorKind::PlanStale { what: reason }.into());
                }
            }
            proof::wait_for_writers(session, self.oid, &record.quarantined_as, proof::PATIENCE, cancel).await?;
            let now = proof::read(session, self.oid, &record.quarantined_as, cancel).await?;
            if proof::summary(&now) != record.content {
                let kind = ErrorKind::BackupDiffers {
                    schema: record.quarantined_as.clone(),
                    table: "*".into(),
                    reason: "rows were changed since the backup".into(),
                };
                return Err(Error::new(kind).hint(
                    "Bring it back with `cadastre tenant undrop` and drop it again: the new backup holds what it is now.",
                ));
            }
        }
        let begun = Record { purge_begun_at: Some(drop::clock(session).await?), ..record.clone() };
        seal::write(session, &Ident::new(record.quarantined_as.as_str())?, &begun).await
    }
}
