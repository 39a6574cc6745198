//! Carrying a repair out: one transaction per tenant, in which the same findings are looked for before and after.

use super::examine::{Common, Scope};
use super::fleet::Fleet;
use super::repair_plan::{DATABASE, FixPlan};
use super::{DoctorCheck, Finding, examine};
use crate::connection::{Database, Purpose, Session};
use crate::fleet::{self, Done, Operation, RunHandle, RunKind, RunOptions, Target, Worker};
use crate::local::Home;
use crate::tenant::{Selection, discover};
use crate::{Error, ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Statistics of the server arrive a moment after what they count.
const LOOKS: u32 = 6;
const PAUSE: Duration = Duration::from_millis(500);

/// Repairs what was planned.
///
/// # Errors
/// [`ErrorKind::ReadOnly`]; [`ErrorKind::PlanBlocked`] when a check says stop; [`ErrorKind::PlanStale`] where something planned is not
/// found any more, or would be repaired otherwise now.
pub async fn apply_fix(home: &Home, database: &Database, plan: FixPlan) -> Result<RunHandle> {
    database.require_writable("repair")?;
    plan.plan.refuse_stops()?;
    let checks: BTreeSet<DoctorCheck> = plan.findings.iter().map(|finding| finding.check).collect();
    let checks: Vec<DoctorCheck> = checks.into_iter().collect();
    let report = examine(database, &Selection::default(), &checks).await?;
    let now: HashMap<&str, &Finding> = report.findings.iter().map(|finding| (finding.id.as_str(), finding)).collect();
    if let Some(changed) =
        plan.findings.iter().find(|planned| now.get(planned.id.as_str()).is_none_or(|f| !same(f, planned)))
    {
        return Err(stale(changed));
    }
    let mut session = database.catalog().await?;
    let found = discover(&mut session).await?;
    let fleet = super::examine::fleet(&mut session, &found).await?;
    drop(session);
    let mut work: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
    for finding in plan.findings {
        let schema = finding.schema.as_deref().filter(|schema| fleet.tenant_named(schema).is_some());
        work.entry(schema.unwrap_or(DATABASE).to_owned()).or_default().push(finding);
    }
    let usual = plan.plan.run_options(serde_json::to_string(&plan.request).unwrap_or_default());
    let options = RunOptions { jobs: plan.request.jobs, ..usual };
    let targets = plan.plan.targets();
    let operation = Repair { fleet, common: report.common, work, committing: Mutex::default() };
    fleet::start(home, database, Arc::new(operation), targets, options).await
}

/// It is repaired in the same way.
fn same(one: &Finding, other: &Finding) -> bool {
    one.fix_sql == other.fix_sql
}

fn stale(finding: &Finding) -> Error {
    let place = finding.schema.as_deref().map(|schema| format!(" in {schema}")).unwrap_or_default();
    ErrorKind::PlanStale { what: format!("{} of {}{place}", finding.check.name(), finding.object) }.into()
}

struct Repair {
    fleet: Fleet,
    common: Common,
    work: BTreeMap<String, Vec<Finding>>,
    /// Targets whose commit was sent: its answer may have been lost.
    committing: Mutex<BTreeSet<String>>,
}

impl Operation for Repair {
    fn kind(&self) -> RunKind {
        RunKind::Repair
    }

    fn purpose(&self) -> Purpose {
        Purpose::Repair
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        async move {
            let session = worker.session().await?;
            let result = self.target(session, &target.schema).await;
            if result.is_err() && session.execute("rollback; select pg_catalog.pg_advisory_unlock_all()").await.is_err()
            {
                // Whatever it is in the middle of, and the tenant's lock, ends with the session.
                worker.drop_session();
            }
            result
        }
        .boxed()
    }
}

impl Repair {
    async fn target(&self, session: &mut Session, schema: &str) -> Result<Done> {
        let findings = self.work.get(schema).map_or(&[][..], Vec::as_slice);
        let (alone, within): (Vec<&Finding>, Vec<&Finding>) = findings.iter().partition(|finding| finding.alone);
        fleet::hold(session, schema).await?;
        if !within.is_empty() {
            self.in_transaction(session, schema, &within).await?;
        }
        for finding in &alone {
            // An earlier try may have done it.
            if !self.present(session, schema, &[finding]).await?.is_empty() {
                for statement in &finding.fix {
                    session.execute(statement).await?;
                }
                self.wait_until_gone(session, schema, finding).await?;
            }
        }
        session.execute("select pg_catalog.pg_advisory_unlock_all()").await?;
        Ok(Done::Changed(Some(format!("{} repaired", findings.len()))))
    }

    async fn in_transaction(&self, session: &mut Session, schema: &str, findings: &[&Finding]) -> Result<()> {
        session.execute("begin").await?;
        let present = self.present(session, schema, findings).await?;
        let sent = self.committing().contains(schema);
        if present.is_empty() && sent {
            return session.execute("commit").await;
        }
        let is_there = |finding: &Finding| present.iter().any(|p| p.id == finding.id && same(p, finding));
        if let Some(changed) = findings.iter().find(|finding| !is_there(finding)) {
            return Err(stale(changed));
        }
        for statement in findings.iter().flat_map(|finding| &finding.fix) {
            session.execute(statement).await?;
        }
        let left = self.present(session, schema, findings).await?;
        if !left.is_empty() {
            return Err(incomplete(schema, &left));
        }
        self.committing().insert(schema.to_owned());
        session.execute("commit").await
    }

    fn committing(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.committing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn wait_until_gone(&self, session: &mut Session, schema: &str, finding: &Finding) -> Result<()> {
        for look in 1..=LOOKS {
            let left = self.present(session, schema, &[finding]).await?;
            if left.is_empty() {
                return Ok(());
            }
            if look == LOOKS {
                return Err(incomplete(schema, &left));
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    /// Which of these findings are there at this moment, in the session's own eyes.
    async fn present(&self, session: &mut Session, schema: &str, findings: &[&Finding]) -> Result<Vec<Finding>> {
        let checks: BTreeSet<DoctorCheck> = findings.iter().map(|finding| finding.check).collect();
        let checks: Vec<DoctorCheck> = checks.into_iter().collect();
        let focus: Vec<u32> = self.fleet.tenant_named(schema).map(|tenant| tenant.oid).into_iter().collect();
        let fleet = self.fleet.now(session, &focus).await?;
        let scope = Scope {
            fleet: &fleet,
            focus: &focus,
            common: Some(&self.common),
            checks: &checks,
            database_wide: focus.is_empty(),
            heard: &|_, _| (),
        };
        let found = scope.all(session).await?.findings;
        Ok(found.into_iter().filter(|found| findings.iter().any(|finding| finding.id == found.id)).collect())
    }
}

fn incomplete(schema: &str, left: &[Finding]) -> Error {
    let left = super::finding::listed(left.iter().map(|finding| finding.message.as_str()));
    ErrorKind::RepairIncomplete { schema: schema.to_owned(), left }.into()
}
