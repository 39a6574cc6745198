//! Closing tenants.

use super::LOCK_TIMEOUT;
use super::record::{Record, RoleRecord};
use crate::access::{self, OwnRole};
use crate::connection::{Database, Ended, Ending, Purpose, Session, end_sessions, server_identity};
use crate::fleet::{
    self, Check, CheckLevel, Done, Operation, Plan, PlannedSql, PlannedTenant, RunHandle, RunKind, RunOptions, Target,
    Worker,
};
use crate::journal::Author;
use crate::local::Home;
use crate::registry::{self, Entry};
use crate::sql::{Ident, Statement, literal};
use crate::tenant::{Found, Selection, TenantState, discover};
use crate::{Error, ErrorKind, Result, migration};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::Row;
use std::collections::HashMap;
use std::sync::Arc;

/// What to close.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DeactivateRequest {
    /// Schemas or display names.
    pub tenants: Vec<String>,
    /// Sessions of the tenants' own roles are ended.
    pub end_sessions: bool,
    /// Roles keep their login; only the rights on the schema are taken.
    pub keep_login: bool,
}

/// A plan to close tenants.
#[derive(Debug, Clone)]
pub struct DeactivatePlan {
    /// What a person reads.
    pub plan: Plan,
    request: DeactivateRequest,
    tenants: HashMap<String, Closing>,
    has_registry: bool,
}

/// How one tenant is closed.
#[derive(Debug, Clone)]
struct Closing {
    oid: u32,
    /// Its state when the plan was made.
    state: String,
    own: Vec<OwnRole>,
    /// The schema gets this owner meanwhile, since its own one would give itself the rights back.
    new_owner: Option<String>,
}

/// Checks what closing the tenants would do; changes nothing.
///
/// # Errors
/// [`ErrorKind::TenantMissing`], [`ErrorKind::TenantAmbiguous`], [`ErrorKind::NothingSelected`].
pub async fn plan_deactivate(database: &Database, request: DeactivateRequest) -> Result<DeactivatePlan> {
    let mut session = database.catalog().await?;
    let found = discover(&mut session).await?;
    if request.tenants.is_empty() {
        return Err(ErrorKind::NothingSelected.into());
    }
    let chosen: Vec<Found> =
        Selection::named(request.tenants.iter().cloned()).of(&found)?.into_iter().cloned().collect();
    let oids: Vec<u32> = chosen.iter().map(|tenant| tenant.summary.oid).collect();
    let entries = registry::entries(&mut session).await?;
    let mut own = access::own_roles(&mut session, &oids, &registered(&found, &entries, &oids)).await?;
    let registry = registry::state_in(&mut session).await?;
    let server = database.server();
    let mut state = Sha256::new();
    state.update(server_identity(&mut session).await?);
    let (mut tenants, mut planned, mut statements, mut checks) = (HashMap::new(), Vec::new(), Vec::new(), Vec::new());
    for tenant in &chosen {
        let summary = &tenant.summary;
        let schema = &summary.schema;
        let name = summary.name.clone();
        let mut line = PlannedTenant::new(schema.clone(), name, Vec::new());
        let rights = access::rights(&mut session, summary.oid)
            .await?
            .ok_or_else(|| ErrorKind::TenantMissing { name: schema.clone() })?;
        if summary.state == TenantState::Inactive {
            line.skipped = Some(Error::new(ErrorKind::AlreadyInactive { schema: schema.clone() }).into());
            planned.push(line);
            continue;
        }
        let own = own.remove(&summary.oid).unwrap_or_default();
        let of = |role: &OwnRole| [("schema", schema.clone()), ("role", role.role.clone())];
        let alterable: Vec<OwnRole> =
            own.iter().filter(|role| role.alterable && !request.keep_login).cloned().collect();
        for role in &own {
            if role.reads_all {
                let message = format!("The role {} reads every table of this server (pg_read_all_data).", role.role);
                checks.push(Check::new(CheckLevel::Stop, "role_reads_all", message, &of(role)));
            }
            if !role.alterable && !request.keep_login {
                let message = format!("{} may not alter the role {}: it keeps its login.", server.role, role.role);
                checks.push(Check::new(CheckLevel::Warning, "role_keeps_login", message, &of(role)));
            }
            if role.sessions > 0 && !request.end_sessions {
                let message = format!(
                    "{} sessions of {} stay. They cannot name the tenant's objects any more; what they have open they may \
                     read to its end.",
                    role.sessions, role.role
                );
                let params =
                    [("schema", schema.clone()), ("role", role.role.clone()), ("sessions", role.sessions.to_string())];
                checks.push(Check::new(CheckLevel::Warning, "sessions_stay", message, &params));
            }
            if role.sessions > 0 && request.end_sessions {
                let message = format!("{} sessions of {} are ended.", role.sessions, role.role);
                let params =
                    [("schema", schema.clone()), ("role", role.role.clone()), ("sessions", role.sessions.to_string())];
                checks.push(Check::new(CheckLevel::Warning, "sessions_ended", message, &params));
            }
        }
        let new_owner = own.iter().any(|role| role.owns).then(|| server.role.clone());
        let record = record(schema, &rights, &alterable);
        let closing = Closing { oid: summary.oid, state: fingerprint(&rights), own: own.clone(), new_owner };
        let sql = closing_statements(schema, &rights, &closing, &alterable, &record, registry.writable)?;
        line.steps = alterable.iter().map(|role| role.role.clone()).collect();
        state.update(format!("{}\0{}\0{}\0", summary.oid, closing.state, sql.text()));
        let shown = format!("begin;\nset local lock_timeout = '{LOCK_TIMEOUT}';\n{}commit;\n", sql.text());
        statements.push(PlannedSql {
            schema: schema.clone(),
            tenants: 1,
            names: vec![schema.clone()],
            from: None,
            sql: shown,
        });
        tenants.insert(schema.clone(), closing);
        planned.push(line);
    }
    if registry.installed && !registry.writable {
        let message =
            format!("{} may not change the registry: it goes on saying that the tenant is active.", server.role);
        let params = [("role", server.role.clone())];
        checks.push(Check::new(CheckLevel::Warning, "registry_not_written", message, &params));
    }
    let message = "Data stays as it is. What is taken is written down, and given back by activating.";
    checks.push(Check::new(CheckLevel::Ok, "deactivate_reversible", message, &[]));
    let plan = Plan {
        id: uuid::Uuid::new_v4().simple().to_string(),
        kind: RunKind::Deactivate,
        tenants: planned,
        statements,
        checks,
        fingerprint: migration::hex(&state.finalize()),
    };
    Ok(DeactivatePlan { plan, request, tenants, has_registry: registry.writable })
}

/// The schemas that count as tenants when it is asked whose a role is: those that the registry names, where there is one, so that
/// nothing that all tenants share is among them.
pub(in crate::tenant) fn registered(found: &[Found], entries: &HashMap<String, Entry>, asked: &[u32]) -> Vec<u32> {
    let counts = |tenant: &&Found| {
        entries.is_empty() || entries.contains_key(&tenant.summary.schema) || asked.contains(&tenant.summary.oid)
    };
    found.iter().filter(counts).map(|tenant| tenant.summary.oid).collect()
}

/// What the rights are, for comparing.
pub(super) fn fingerprint(rights: &access::Rights) -> String {
    format!("{:?}\0{:?}\0{}", rights.acl, rights.comment, rights.owner)
}

/// The same of what a record says that they were.
fn was(record: &Record) -> String {
    format!("{:?}\0{:?}\0{}", record.acl, record.comment, record.owner)
}

fn record(schema: &str, rights: &access::Rights, roles: &[OwnRole]) -> Record {
    Record {
        cadastre_inactive: Record::version(),
        schema: schema.to_owned(),
        at: rights.now,
        by: Author::here().to_string(),
        owner: rights.owner.clone(),
        comment: rights.comment.clone(),
        acl: rights.acl.clone(),
        roles: roles.iter().map(|role| role.role.clone()).collect(),
    }
}

fn closing_statements(
    schema: &str,
    rights: &access::Rights,
    closing: &Closing,
    roles: &[OwnRole],
    record: &Record,
    has_registry: bool,
) -> Result<Statement> {
    let ident = Ident::new(schema)?;
    let mut sql = Statement::new();
    for role in roles {
        let comment = RoleRecord {
            cadastre_inactive_role: Record::version(),
            schema: schema.to_owned(),
            comment: role.comment.clone(),
        };
        let name = Ident::new(role.role.as_str())?;
        sql.push(format_args!("alter role {name} nologin;\ncomment on role {name} is {};\n", literal(&comment.text())));
    }
    let mut now = rights.clone();
    if let Some(owner) = &closing.new_owner {
        sql.push(format_args!("alter schema {ident} owner to {};\n", Ident::new(owner.as_str())?));
        now.acl = rights.acl.as_deref().map(|acl| access::handed_over(acl, &rights.owner, owner));
        now.owner.clone_from(owner);
    }
    let revoke = access::revoke_all(&ident, &now)?;
    if !revoke.text().is_empty() {
        let revoke = revoke.text().replace("; ", ";\n");
        sql.push(format_args!("{revoke}"));
    }
    sql.push(format_args!("comment on schema {ident} is {};\n", literal(&record.text())));
    if has_registry {
        sql.push(format_args!("{}\n", registry::set_state(schema, "inactive")));
    }
    Ok(sql)
}

/// Closes the planned tenants, each in one transaction.
///
/// # Errors
/// [`ErrorKind::ReadOnly`]; [`ErrorKind::PlanBlocked`]. A tenant's outcome is [`ErrorKind::PlanStale`] where its rights are others now,
/// [`ErrorKind::RightsDiffer`] where a role would still reach it.
pub async fn apply_deactivate(home: &Home, database: &Database, plan: DeactivatePlan) -> Result<RunHandle> {
    database.require_writable("deactivate")?;
    plan.plan.refuse_stops()?;
    let targets = plan.plan.targets();
    let usual = plan.plan.run_options(serde_json::to_string(&plan.request).unwrap_or_default());
    let options = RunOptions { retries: 3, ..usual };
    fleet::start(home, database, Arc::new(Deactivate(plan)), targets, options).await
}

struct Deactivate(DeactivatePlan);

impl Operation for Deactivate {
    fn kind(&self) -> RunKind {
        RunKind::Deactivate
    }

    fn purpose(&self) -> Purpose {
        Purpose::Administer
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        async move {
            let session = worker.session().await?;
            let result = self.close(session, &target.schema).await;
            if result.is_err() {
                let _ = session.execute("rollback").await;
            }
            result
        }
        .boxed()
    }
}

impl Deactivate {
    async fn close(&self, session: &mut Session, schema: &str) -> Result<Done> {
        let stale = || Error::new(ErrorKind::PlanStale { what: format!("the schema {schema}") });
        let closing = self.0.tenants.get(schema).ok_or_else(stale)?;
        fleet::enter(session, schema, LOCK_TIMEOUT).await?;
        let roles: Vec<OwnRole> =
            closing.own.iter().filter(|role| role.alterable && !self.0.request.keep_login).cloned().collect();
        let rights = access::rights(session, closing.oid).await?.ok_or_else(stale)?;
        if fingerprint(&rights) != closing.state {
            // An earlier try has sent its commit, and only the answer did not arrive.
            let before = Record::parse(schema, rights.comment.as_deref()).ok();
            let done = before.is_some_and(|record| was(&record) == closing.state);
            session.execute("rollback").await?;
            return if done { Ok(Done::Changed(self.after(session, closing, &roles).await?)) } else { Err(stale()) };
        }
        let record = record(schema, &rights, &roles);
        let mut sql = registry::person_setting();
        let closing_sql = closing_statements(schema, &rights, closing, &roles, &record, self.0.has_registry)?;
        sql.push(format_args!("{closing_sql}"));
        session.execute(sql).await?;
        self.prove(session, schema, closing, &rights).await?;
        session.execute("commit").await?;
        let words = self.after(session, closing, &roles).await?;
        Ok(Done::Changed(words))
    }

    /// Nobody who had rights has any, but for those who administer.
    async fn prove(
        &self,
        session: &mut Session,
        schema: &str,
        closing: &Closing,
        before: &access::Rights,
    ) -> Result<()> {
        let own: Vec<&str> = closing.own.iter().map(|role| role.role.as_str()).collect();
        let mut names: Vec<&str> = before
            .acl
            .iter()
            .flatten()
            .filter_map(|grant| grant.grantee.as_deref())
            .chain(own.iter().copied())
            .collect();
        names.sort_unstable();
        names.dedup();
        let query = sqlx::query(include_str!("still.sql")).persistent(false);
        let query = query.bind(i64::from(closing.oid)).bind(&names).bind(&own);
        let still: Vec<String> =
            query.fetch_all(session.connection()).await?.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        if still.is_empty() {
            return Ok(());
        }
        let what = format!("{} could still use it", still.join(", "));
        Err(ErrorKind::RightsDiffer { schema: schema.to_owned(), what }.into())
    }

    /// Ends sessions, where that was asked for; says what is left of them.
    async fn after(&self, session: &mut Session, closing: &Closing, roles: &[OwnRole]) -> Result<Option<String>> {
        let names: Vec<&str> = closing.own.iter().map(|role| role.role.as_str()).collect();
        if names.is_empty() {
            return Ok(None);
        }
        if self.0.request.end_sessions && !roles.is_empty() {
            let names: Vec<&str> = roles.iter().map(|role| role.role.as_str()).collect();
            let Ended { ended, gone } = end_sessions(session, Ending::OfRoles(&names)).await?;
            if gone {
                return Ok(Some(format!("{ended} sessions ended")));
            }
        }
        let query = "select pg_catalog.count(*) from pg_catalog.pg_stat_activity s \
                     where s.usename::text = any ($1) and s.datname = pg_catalog.current_database()";
        let query = sqlx::query_scalar::<_, i64>(query).persistent(false).bind(&names);
        let left = query.fetch_one(session.connection()).await?;
        Ok((left > 0).then(|| format!("{left} sessions of {} stay", names.join(", "))))
    }
}
