//! Ending sessions of others, or cancelling what they run, as planned.

use super::signal_plan::{SignalPlan, SignalTarget, label, require_allowed};
use crate::connection::{Database, Ending, Purpose, end_sessions};
use crate::fleet::{self, Done, Operation, RunHandle, RunKind, RunOptions, Target, Worker};
use crate::local::Home;
use crate::{ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::collections::HashMap;
use std::sync::Arc;

/// Ends the planned sessions, or cancels what they ran when the plan was made. A session that has ended meanwhile, or runs something else, is left alone.
///
/// # Errors
/// [`ErrorKind::ReadOnly`]; [`ErrorKind::PlanBlocked`]. A session's outcome is [`ErrorKind::SessionStays`] where it is still there after 5 s.
pub async fn apply_signal(home: &Home, database: &Database, plan: SignalPlan) -> Result<RunHandle> {
    require_allowed(database)?;
    plan.plan.refuse_stops()?;
    let targets = plan.plan.targets();
    let usual = plan.plan.run_options(serde_json::to_string(&plan.request).unwrap_or_default());
    let statements: Vec<String> = plan
        .plan
        .tenants
        .iter()
        .filter_map(|line| {
            let sql = plan.plan.statements.iter().find(|sql| sql.schema == line.schema)?;
            Some(format!("{}: {}\n{}", line.schema, line.name, sql.sql))
        })
        .collect();
    let options = RunOptions { jobs: Some(1), retries: 0, statements: statements.join("\n"), ..usual };
    let sessions = plan.sessions.into_iter().map(|target| (label(target.session.pid), target)).collect();
    let signal = Signal { kind: plan.plan.kind, sessions };
    fleet::start(home, database, Arc::new(signal), targets, options).await
}

struct Signal {
    kind: RunKind,
    sessions: HashMap<String, SignalTarget>,
}

impl Operation for Signal {
    fn kind(&self) -> RunKind {
        self.kind
    }

    fn purpose(&self) -> Purpose {
        Purpose::Control
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        async move {
            let planned = self.sessions.get(&target.schema).map(|target| &target.session);
            let (pid, started) = match planned {
                Some(session) => (session.pid, session.started.as_deref().unwrap_or_default()),
                None => return Ok(Done::Nothing(None)),
            };
            let query = planned.and_then(|session| session.query_started.as_deref());
            let which = match (self.kind, query) {
                (RunKind::CancelStatements, Some(query)) => Ending::Statement { pid, started, query },
                (RunKind::CancelStatements, None) => return Ok(Done::Nothing(None)),
                _ => Ending::Session { pid, started },
            };
            let ended = end_sessions(worker.session().await?, which).await?;
            match (ended.gone, ended.ended) {
                (false, _) => Err(ErrorKind::SessionStays { pid }.into()),
                (true, 0) => Ok(Done::Nothing(Some("it had ended by itself".into()))),
                (true, _) => Ok(Done::Changed(None)),
            }
        }
        .boxed()
    }
}
