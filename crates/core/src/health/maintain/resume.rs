//! Going on with a maintenance that was interrupted.

use super::plan::{MaintainPlan, plan};
use super::report::{self, MaintainReport};
use super::request::MaintainRequest;
use crate::Result;
use crate::connection::Database;
use crate::fleet::{self, Check, CheckLevel, RunKind};
use crate::local::Home;
use crate::tenant::{Selection, left_of};

/// What is left of a run: tenants that failed, were cancelled or did not have their turn; of these, the tables that it had not proven
/// to be done. Tables are looked at again, so that unfinished indexes of the first part are removed.
///
/// # Errors
/// [`crate::ErrorKind::RunMissing`], [`crate::ErrorKind::RunActive`], [`crate::ErrorKind::RunElsewhere`], [`crate::ErrorKind::RunNotResumable`], and as [`plan`].
pub async fn plan_resume(home: &Home, database: &Database, run: &str) -> Result<MaintainPlan> {
    let past = fleet::past(home, database, run).await?;
    if !matches!(past.summary.kind, RunKind::Maintain | RunKind::Check) {
        return Err(past.not_resumable("it was no maintenance"));
    }
    let Ok(request) = serde_json::from_str::<MaintainRequest>(&past.record.request) else {
        return Err(past.not_resumable("its record does not say what it was to do"));
    };
    let tenants = left_of(database, &past).await?;
    let mut plan = plan(database, &Selection::named(tenants), request).await?;
    let mut kept = 0;
    if plan.work.writes() {
        for (schema, work) in &mut plan.tenants {
            let Some(mut earlier) = report::report(home, &past.summary.run, schema) else { continue };
            let MaintainReport { tables, .. } = &mut earlier;
            tables.retain(|table| table.done);
            kept += tables.len();
            for (table, reason) in &work.left_out {
                earlier.note(super::run::left_out(table, reason));
            }
            work.earlier = Some(earlier);
        }
    }
    if kept > 0 {
        let message = format!("{kept} tables were done before the run was interrupted, and are not done again.");
        let check = Check::new(CheckLevel::Ok, "maintain_kept", message, &[("tables", kept.to_string())]);
        plan.plan.checks.push(check);
    }
    plan.resumes = Some(past);
    Ok(plan)
}
