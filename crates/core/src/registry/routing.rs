//! Who may ask which schema answers at a domain, and nothing else of the registry.

use super::SCHEMA;
use super::read::require_readable;
use crate::connection::{Database, Purpose, Session, server_identity};
use crate::fleet::{
    self, Check, CheckLevel, Done, Operation, Plan, PlannedSql, PlannedTenant, RunHandle, RunKind, RunOptions, Target,
    Worker,
};
use crate::local::Home;
use crate::migration;
use crate::sql::{Ident, Statement};
use crate::{Error, ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::Row;
use std::sync::Arc;

/// What is to become of a role's right to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RoutingRequest {
    /// The role that an application connects as.
    pub role: String,
    /// Taken away again.
    pub revoke: bool,
}

/// A plan to let a role ask, or to let it ask no more.
#[derive(Debug, Clone)]
pub struct RoutingPlan {
    /// What a person reads.
    pub plan: Plan,
    request: RoutingRequest,
    /// What the catalog says of both rights when the plan is made.
    state: String,
    statements: Statement,
}

struct State {
    superuser: bool,
    may_use: bool,
    may_ask: bool,
    may_more: bool,
    grantable: bool,
    owner: String,
    text: String,
}

impl State {
    fn is_as_asked(&self, revoke: bool) -> bool {
        if revoke { !self.may_ask && (!self.may_use || self.may_more) } else { self.may_use && self.may_ask }
    }
}

/// Plans it; changes nothing.
///
/// # Errors
/// [`ErrorKind::IdentifierInvalid`], [`ErrorKind::RoleMissing`], [`ErrorKind::RegistryMissing`]; what the connection reports.
pub async fn plan_routing(database: &Database, request: RoutingRequest) -> Result<RoutingPlan> {
    let role = Ident::new(request.role.as_str())?;
    let mut session = database.catalog().await?;
    require_readable(&mut session).await?;
    let found = state(&mut session, &request.role).await?;
    let identity = server_identity(&mut session).await?;
    drop(session);
    let revoke = request.revoke;
    let mut statements = Statement::new();
    if revoke {
        statements.push(format_args!("revoke execute on function cadastre.tenant_for_domain(text) from {role};\n"));
        if !found.may_more {
            statements.push(format_args!("revoke usage on schema cadastre from {role};\n"));
        }
    } else {
        statements.push(format_args!("grant usage on schema cadastre to {role};\n"));
        statements.push(format_args!("grant execute on function cadastre.tenant_for_domain(text) to {role};\n"));
    }
    let mut line = PlannedTenant::new(SCHEMA, SCHEMA, vec![request.role.clone()]);
    let nothing = found.is_as_asked(revoke);
    line.skipped = nothing.then(|| Error::new(ErrorKind::NothingPending).into());
    let sql = format!("begin;\n{}commit;\n", statements.text());
    let mut fingerprint = Sha256::new();
    fingerprint.update(format!("{identity}\0{revoke}\0{}\0{}", found.text, statements.text()));
    let planned = PlannedSql { schema: SCHEMA.into(), tenants: 1, names: vec![SCHEMA.into()], from: None, sql };
    let plan = Plan {
        id: uuid::Uuid::new_v4().simple().to_string(),
        kind: RunKind::Routing,
        tenants: vec![line],
        statements: vec![planned],
        checks: checks(&found, &request, &database.server().role),
        fingerprint: migration::hex(&fingerprint.finalize()),
    };
    Ok(RoutingPlan { plan, request, state: found.text, statements })
}

fn checks(found: &State, request: &RoutingRequest, own: &str) -> Vec<Check> {
    let role = &request.role;
    let mut checks = Vec::new();
    let mut add = |level, code: &str, message: String, params: &[(&str, String)]| {
        checks.push(Check::new(level, code, message, params));
    };
    if !found.grantable && !found.is_as_asked(request.revoke) {
        let owner = &found.owner;
        let message = format!("The registry belongs to {owner}; {own} may not say who asks it.");
        add(CheckLevel::Stop, "registry_not_owned", message, &[("owner", owner.clone()), ("role", own.to_owned())]);
    }
    if found.superuser {
        let message = format!("{role} is a superuser, who may read and change everything anyhow.");
        add(CheckLevel::Warning, "role_is_superuser", message, &[("role", role.clone())]);
    } else if found.may_more {
        let message = format!("{role} may read or change the registry itself, too; that stays.");
        add(CheckLevel::Warning, "role_may_more", message, &[("role", role.clone())]);
    } else if !request.revoke {
        let message = format!("{role} may ask which schema answers at a domain. It sees nothing else of the registry.");
        add(CheckLevel::Ok, "role_may_ask", message, &[("role", role.clone())]);
    }
    checks
}

async fn state(session: &mut Session, role: &str) -> Result<State> {
    let query = sqlx::query(include_str!("routing.sql")).persistent(false).bind(role);
    // The registry is there; a function that is not has been dropped by somebody.
    let row =
        query.fetch_optional(session.connection()).await?.ok_or_else(|| Error::new(ErrorKind::RegistryMissing))?;
    if !row.try_get::<bool, _>("role_there")? {
        return Err(ErrorKind::RoleMissing { role: role.to_owned() }.into());
    }
    Ok(State {
        superuser: row.try_get("superuser")?,
        may_use: row.try_get("may_use")?,
        may_ask: row.try_get("may_ask")?,
        may_more: row.try_get("may_more")?,
        grantable: row.try_get("grantable")?,
        owner: row.try_get("owner")?,
        text: row.try_get("state")?,
    })
}

/// Gives or takes the right as planned, in one transaction in which it is looked for before the commit.
///
/// # Errors
/// [`ErrorKind::ReadOnly`]; [`ErrorKind::PlanBlocked`]. The run's outcome is [`ErrorKind::PlanStale`] where the rights were changed
/// meanwhile, [`ErrorKind::RightsDiffer`] where the server has not done it.
pub async fn apply_routing(home: &Home, database: &Database, plan: RoutingPlan) -> Result<RunHandle> {
    database.require_writable("registry")?;
    plan.plan.refuse_stops()?;
    let request = serde_json::to_string(&plan.request).unwrap_or_default();
    let options = RunOptions { jobs: Some(1), ..plan.plan.run_options(request) };
    let targets = plan.plan.targets();
    fleet::start(home, database, Arc::new(Routing(plan)), targets, options).await
}

struct Routing(RoutingPlan);

impl Operation for Routing {
    fn kind(&self) -> RunKind {
        RunKind::Routing
    }

    fn purpose(&self) -> Purpose {
        Purpose::Administer
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, _target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        async move {
            let session = worker.session().await?;
            let result = self.change(session).await;
            if result.is_err() {
                let _ = session.execute("rollback").await;
            }
            result
        }
        .boxed()
    }
}

impl Routing {
    async fn change(&self, session: &mut Session) -> Result<Done> {
        let RoutingRequest { role, revoke } = &self.0.request;
        fleet::enter(session, SCHEMA, "10s").await?;
        let found = state(session, role).await?;
        if found.is_as_asked(*revoke) {
            // An earlier try, whose answer was lost, or another person.
            session.execute("rollback").await?;
            return Ok(Done::Nothing(None));
        }
        if found.text != self.0.state {
            return Err(ErrorKind::PlanStale { what: format!("the rights on the schema {SCHEMA}") }.into());
        }
        session.execute(self.0.statements.clone()).await?;
        // To a role that may not grant, the server says so in a warning only.
        if !state(session, role).await?.is_as_asked(*revoke) {
            return Err(ErrorKind::RightsDiffer { schema: SCHEMA.into(), what: role.clone() }.into());
        }
        session.execute("commit").await?;
        Ok(Done::Changed(Some(role.clone())))
    }
}
