//! Installing the registry, and bringing it to the present version.

use super::SCHEMA;
use super::read::{self, State};
use crate::boundary;
use crate::connection::{Database, Purpose, Session, server_identity};
use crate::fleet::{
    self, Check, CheckLevel, Done, Operation, Plan, PlannedSql, PlannedTenant, RunHandle, RunKind, Target, Worker,
};
use crate::local::Home;
use crate::migration::{self, Direction, History, Script, Source};
use crate::sql::{Ident, Statement};
use crate::{Error, ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// What a database has of the registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename = "RegistryStatus")]
pub struct Status {
    /// It is there.
    pub installed: bool,
    /// This role may read it.
    pub readable: bool,
    /// This role may change it.
    pub writable: bool,
    /// Newest migration that it has applied.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub version: Option<i64>,
    /// Migrations of this program that it has not applied.
    pub pending: u32,
    /// It was installed by a newer program, whose migrations this one does not know.
    pub newer: bool,
    /// Entries, purged ones aside.
    pub tenants: u32,
    /// Roles that may ask which schema answers at a domain, and no more.
    pub routing: Vec<String>,
}

/// A plan to install the registry or to bring it to the present version.
#[derive(Debug, Clone)]
pub struct InstallPlan {
    /// What a person reads.
    pub plan: Plan,
    text: Script,
    versions: Vec<i64>,
    new: bool,
}

/// What this database has of the registry.
///
/// # Errors
/// What the connection reports.
pub async fn status(database: &Database) -> Result<Status> {
    let mut session = database.catalog().await?;
    let (state, history) = found(&mut session).await?;
    let source = Source::registry()?;
    let newer = history.iter().any(|(version, _)| source.get(version).is_none());
    let (mut tenants, mut routing) = (0, Vec::new());
    if state.readable {
        tenants = read::read(&mut session, None).await?.len() as u32;
        let query = sqlx::query_scalar(include_str!("may_route.sql")).persistent(false);
        routing = query.fetch_all(session.connection()).await?;
    }
    Ok(Status {
        installed: state.installed,
        readable: state.readable,
        writable: state.writable,
        version: history.newest(),
        pending: if state.installed { source.pending(&history).len() as u32 } else { 0 },
        newer,
        tenants,
        routing,
    })
}

async fn found(session: &mut Session) -> Result<(State, History)> {
    let state = read::state_in(session).await?;
    let history = match state.readable {
        true => migration::read_history_in(session, SCHEMA).await?,
        false => History::default(),
    };
    Ok((state, history))
}

/// Plans the installation, or what an older registry lacks; changes nothing.
///
/// # Errors
/// [`ErrorKind::RegistryNewer`]; what the connection reports.
pub async fn plan_install(database: &Database) -> Result<InstallPlan> {
    let mut session = database.catalog().await?;
    let (state, history) = found(&mut session).await?;
    let identity = server_identity(&mut session).await?;
    drop(session);
    let source = Source::registry()?;
    if history.iter().any(|(version, _)| source.get(version).is_none()) {
        return Err(ErrorKind::RegistryNewer.into());
    }
    let new = !state.installed;
    let pending = if new { source.migrations().iter().map(|m| m.version).collect() } else { source.pending(&history) };
    let text = script(&source, &pending, new)?;
    let server = database.server();
    let mut checks = Vec::new();
    if new && state.schema_taken {
        let owner = state.owner.clone().unwrap_or_default();
        let message = format!("There is a schema cadastre that holds no registry; it belongs to {owner}.");
        checks.push(Check::new(CheckLevel::Stop, "registry_schema_taken", message, &[("owner", owner)]));
    }
    let stop = |code: &str, message: String, role: &str| {
        Check::new(CheckLevel::Stop, code, message, &[("role", role.to_owned()), ("database", server.database.clone())])
    };
    if new && !state.schema_taken && !server.can_create_schema {
        let message = format!("{} may not create schemas in {}.", server.role, server.database);
        checks.push(stop("may_not_create", message, &server.role));
    }
    if !new && !pending.is_empty() && !state.writable {
        let message = format!("{} may not change the registry.", server.role);
        checks.push(stop("registry_not_writable", message, &server.role));
    }
    if !checks.iter().any(|check| check.level == CheckLevel::Stop) {
        let message = "Everything happens in one transaction: all of it or nothing. No tenant is touched.";
        checks.push(Check::new(CheckLevel::Ok, "registry_all_or_nothing", message, &[]));
    }
    let mut fingerprint = Sha256::new();
    fingerprint.update(format!("{identity}\0{new}\0{pending:?}\0"));
    fingerprint.update(text.text());
    let skipped = pending.is_empty().then(|| Error::new(ErrorKind::NothingPending).into());
    let planned = PlannedTenant {
        skipped,
        ..PlannedTenant::new(SCHEMA, SCHEMA, pending.iter().map(ToString::to_string).collect())
    };
    let sql = text.text().to_owned();
    let plan = Plan {
        id: uuid::Uuid::new_v4().simple().to_string(),
        kind: RunKind::InstallRegistry,
        tenants: vec![planned],
        statements: vec![PlannedSql { schema: SCHEMA.into(), tenants: 1, names: vec![SCHEMA.into()], from: None, sql }],
        checks,
        fingerprint: migration::hex(&fingerprint.finalize()),
    };
    Ok(InstallPlan { plan, text, versions: pending, new })
}

fn script(source: &Source, versions: &[i64], new: bool) -> Result<Script> {
    let ident = Ident::new(SCHEMA)?;
    let mut script = Script::new();
    script.statement(&Statement::of(format_args!("begin;\nset local lock_timeout = '10s';")));
    if new {
        script.statement(&Statement::of(format_args!(
            "create schema {ident};\ncomment on schema {ident} is 'Register of the tenants of this database (Cadastre)';"
        )));
    }
    script.statement(&migration::set_search_path(&ident, &[])?);
    if new {
        script.statement(&migration::create_history(&ident)?);
    }
    for m in source.migrations().iter().filter(|m| versions.contains(&m.version)) {
        script.file(&m.file_name(Direction::Up), &m.up);
        script.statement(&migration::record(&ident, m, "0")?);
    }
    Ok(script)
}

/// Installs, or brings to the present version, as planned: one transaction.
///
/// # Errors
/// [`ErrorKind::ReadOnly`]; [`ErrorKind::PlanBlocked`]. The run's outcome is [`ErrorKind::PlanStale`] where somebody was faster.
pub async fn apply_install(home: &Home, database: &Database, plan: InstallPlan) -> Result<RunHandle> {
    database.require_writable("registry")?;
    plan.plan.refuse_stops()?;
    let targets = plan.plan.targets();
    let options = fleet::RunOptions { jobs: Some(1), retries: 0, ..plan.plan.run_options(String::new()) };
    fleet::start(home, database, Arc::new(Install(plan)), targets, options).await
}

struct Install(InstallPlan);

impl Operation for Install {
    fn kind(&self) -> RunKind {
        RunKind::InstallRegistry
    }

    fn purpose(&self) -> Purpose {
        Purpose::Create
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, _target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        async move {
            let database = worker.database().clone();
            let session = worker.session().await?;
            let result = self.install(session, &database).await;
            if result.is_err() {
                let _ = session.execute("rollback").await;
            }
            result
        }
        .boxed()
    }
}

impl Install {
    async fn install(&self, session: &mut Session, database: &Database) -> Result<Done> {
        let stale = || Error::new(ErrorKind::PlanStale { what: format!("the schema {SCHEMA}") });
        session.execute(database.fresh_session()).await?;
        let (state, history) = found(session).await?;
        if state.installed == self.0.new || self.0.versions.iter().any(|version| history.get(*version).is_some()) {
            return Err(stale());
        }
        session.execute(self.0.text.to_statement()).await.map_err(|error| self.0.text.explain(error, SCHEMA, 0))?;
        session.execute("set local search_path = pg_catalog, pg_temp").await?;
        let (_, history) = found(session).await?;
        // Every column that this program reads is there.
        read::read(session, None).await?;
        if self.0.versions.iter().any(|version| history.get(*version).is_none()) {
            return Err(stale());
        }
        let outside = boundary::changed_outside(session, database, SCHEMA).await?;
        if !outside.is_empty() {
            return Err(ErrorKind::CopyTouchesOutside { schema: SCHEMA.into(), objects: outside }.into());
        }
        session.execute("commit").await?;
        Ok(Done::Changed(None))
    }
}
