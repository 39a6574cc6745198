//! Migrating one tenant by another tool.

use super::process::End;
use super::{Runner, State, lookup, runner, state, transient, verdict};
use crate::connection::{Database, Purpose, Session};
use crate::error::WireError;
use crate::fleet::{self, LOCK_CLASS};
use crate::fleet::{Done, Operation, RunKind, Target, TenantOutcome, Worker};
use crate::migration::{Direction, When};
use crate::shape::{self, Namespace};
use crate::sql::{Statement, literal};
use crate::{Error, ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::Row;
use std::collections::HashMap;

/// The operation of a run: the same command for every tenant.
pub(in crate::migration) struct External {
    pub runner: Runner,
    /// The tenants as they were when the run was planned.
    pub planned: HashMap<String, State>,
}

impl Operation for External {
    fn kind(&self) -> RunKind {
        match self.runner.direction {
            Direction::Up => RunKind::MigrateUp,
            Direction::Down => RunKind::MigrateDown,
        }
    }

    fn purpose(&self) -> Purpose {
        Purpose::Migrate
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        self.migrate(worker, &target.schema).boxed()
    }

    fn judge<'a>(
        &'a self,
        database: &'a Database,
        outcomes: &'a [TenantOutcome],
    ) -> BoxFuture<'a, Result<Vec<(usize, WireError)>>> {
        verdict::judge(database, outcomes).boxed()
    }
}

impl External {
    async fn migrate(&self, worker: &mut Worker, schema: &str) -> Result<Done> {
        lock(worker.session().await?, schema).await?;
        let result = self.locked(worker, schema).await;
        if let Some(session) = worker.open_session() {
            // The end of the session gives it back too.
            let _ = session.execute("select pg_catalog.pg_advisory_unlock_all()").await;
        }
        result
    }

    /// The tenant's lock is ours while the command runs.
    async fn locked(&self, worker: &mut Worker, schema: &str) -> Result<Done> {
        let before = self.look(worker.session().await?, schema).await?;
        if self.planned.get(schema) != Some(&before.tenant) {
            return Err(ErrorKind::PlanStale { what: format!("the structure or the history of {schema}") }.into());
        }
        self.runner.command_hooks(worker, schema, When::Before).await?;
        self.runner.sql_hooks(worker, schema, When::Before).await?;
        let migrator = self.runner.source.migrator();
        let command = migrator.and_then(|migrator| migrator.command(self.runner.direction)).unwrap_or_default();
        let timeout = migrator.and_then(crate::migration::Migrator::timeout);
        let (end, output) = self.runner.run(worker, schema, command, timeout).await?;
        let after = self.look_again(worker, schema).await?;
        if let Some(other) = before.changed_beside(&after) {
            return Err(ErrorKind::CommandTouchesOutside { schema: schema.into(), other }.into());
        }
        let changed = before.tenant != after.tenant;
        if let End::Badly(reason) = end {
            if !changed && let Some(error) = transient::error(&output, self.runner.lock_timeout_ms) {
                return Err(error);
            }
            let command = lookup::short(&command[0]);
            let error = Error::new(ErrorKind::CommandFailed { schema: schema.into(), command, reason });
            return Err(error.detail(match changed {
                true => "The tenant is not what it was before: the command has committed a part of its work.",
                false => "The tenant's structure and history are as they were before.",
            }));
        }
        let hooks = async {
            self.runner.sql_hooks(worker, schema, When::After).await?;
            self.runner.command_hooks(worker, schema, When::After).await
        };
        hooks.await.map_err(|error| match error.detail_text() {
            None => error.detail("The command itself succeeded; what it has committed stays."),
            Some(_) => error,
        })?;
        let place = after.tenant.history.as_ref().map(state::History::words);
        if changed {
            return Ok(Done::Changed(place));
        }
        Ok(Done::Nothing(place))
    }

    async fn look_again(&self, worker: &mut Worker, schema: &str) -> Result<View> {
        let seen = self.look(worker.session().await?, schema).await;
        match seen {
            // The command took long, and something between here and the server did not like the silence.
            Err(error) if error.kind().is_unreachable() => {
                worker.drop_session();
                self.look(worker.session().await?, schema).await
            }
            seen => seen,
        }
    }

    async fn look(&self, session: &mut Session, schema: &str) -> Result<View> {
        let header = self.runner.source.header();
        let beside = ["public".to_owned()].into_iter().chain(header.search_path.iter().cloned());
        let beside: Vec<String> = beside.filter(|name| !header.touches.contains(name) && name != schema).collect();
        let mut schemas = shape::namespaces(session, &[schema.to_owned()]).await?;
        for name in beside {
            if let Ok(mut other) = shape::namespaces(session, &[name]).await {
                schemas.append(&mut other);
            }
        }
        let tables = state::tables(self.runner.source.migrator());
        let mut states = State::of_few(session, &schemas, &tables).await?.into_iter();
        let tenant = states.next().ok_or_else(|| ErrorKind::TenantMissing { name: schema.to_owned() })?;
        Ok(View { tenant, beside: schemas.into_iter().skip(1).zip(states).collect() })
    }
}

/// A tenant, and the schemas beside it that its command is to leave alone.
struct View {
    tenant: State,
    beside: Vec<(Namespace, State)>,
}

impl View {
    fn changed_beside(&self, after: &Self) -> Option<String> {
        let of = |view: &Self| -> HashMap<String, State> {
            view.beside.iter().map(|(schema, state)| (schema.name.clone(), state.clone())).collect()
        };
        let (before, after) = (of(self), of(after));
        let mut changed = before.keys().chain(after.keys()).filter(|name| before.get(*name) != after.get(*name));
        changed.next().cloned()
    }
}

/// Takes the tenant's lock for the session, unless a command of an earlier run is still at work there: the lock of a
/// program that was killed is gone, what it had started may not be. The session then waits as long as the command takes.
async fn lock(session: &mut Session, schema: &str) -> Result<()> {
    let question = Statement::of(format_args!(
        "set idle_session_timeout = 0; select pg_catalog.pg_try_advisory_lock({LOCK_CLASS}, pg_catalog.hashtext({}))::text, \
         (select 'a command, pid ' || pg_catalog.min(a.pid) from pg_catalog.pg_stat_activity a \
          where a.application_name = {} and a.datname = pg_catalog.current_database());",
        literal(schema),
        literal(&runner::application_name(schema)),
    ));
    let rows = session.rows(question).await?;
    let row = rows.first().ok_or_else(|| Error::new(ErrorKind::ConnectionLost))?;
    let text = |at: usize| row.try_get_raw(at).ok().and_then(|value| value.as_str().ok().map(str::to_owned));
    let holder = match (text(0).as_deref(), text(1)) {
        (Some("true"), None) => return Ok(()),
        (Some("true"), Some(command)) => {
            session.execute("select pg_catalog.pg_advisory_unlock_all()").await?;
            command
        }
        _ => fleet::holder(session, schema).await.unwrap_or_else(|| "another session".into()),
    };
    Err(ErrorKind::TenantBusy { schema: schema.into(), holder }.into())
}
