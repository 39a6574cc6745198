//! Opening tenants again.

use super::LOCK_TIMEOUT;
use super::deactivate::fingerprint;
use super::record::{Record, RoleRecord};
use crate::access::{self, Grant};
use crate::connection::{Database, Purpose, Session, server_identity};
use crate::fleet::{
    self, Check, CheckLevel, Done, Operation, Plan, PlannedSql, PlannedTenant, RunHandle, RunKind, RunOptions, Target,
    Worker,
};
use crate::local::Home;
use crate::registry;
use crate::sql::{Ident, Statement, literal};
use crate::tenant::{Found, Selection, TenantState, discover};
use crate::{Error, ErrorKind, Result, migration};
use futures::FutureExt;
use futures::future::BoxFuture;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;

/// A plan to open tenants again.
#[derive(Debug, Clone)]
pub struct ActivatePlan {
    /// What a person reads.
    pub plan: Plan,
    tenants: HashMap<String, Opening>,
    has_registry: bool,
}

/// How one tenant is opened.
#[derive(Debug, Clone)]
struct Opening {
    oid: u32,
    state: String,
    record: Record,
    /// Roles that get their login back, with the comment that they had.
    roles: Vec<(String, Option<String>)>,
    /// Roles that are gone: their rights are not given back.
    missing: Vec<String>,
}

/// Checks what opening the tenants would do; changes nothing.
///
/// # Errors
/// [`ErrorKind::TenantMissing`], [`ErrorKind::TenantAmbiguous`], [`ErrorKind::NothingSelected`], [`ErrorKind::ActivationUnknown`] for a single
/// tenant that was closed in another way.
pub async fn plan_activate(database: &Database, tenants: &[String]) -> Result<ActivatePlan> {
    let mut session = database.catalog().await?;
    let found = discover(&mut session).await?;
    if tenants.is_empty() {
        return Err(ErrorKind::NothingSelected.into());
    }
    let chosen: Vec<Found> = Selection::named(tenants.iter().cloned()).of(&found)?.into_iter().cloned().collect();
    let registry = registry::state_in(&mut session).await?;
    let mut state = Sha256::new();
    state.update(server_identity(&mut session).await?);
    let (mut openings, mut planned, mut statements, mut checks) = (HashMap::new(), Vec::new(), Vec::new(), Vec::new());
    for tenant in &chosen {
        let summary = &tenant.summary;
        let schema = &summary.schema;
        let mut line = PlannedTenant::new(schema.clone(), summary.name.clone(), Vec::new());
        let missing_tenant = || ErrorKind::TenantMissing { name: schema.clone() };
        let rights = access::rights(&mut session, summary.oid).await?.ok_or_else(missing_tenant)?;
        if summary.state == TenantState::Active {
            line.skipped = Some(Error::new(ErrorKind::AlreadyActive { schema: schema.clone() }).into());
            planned.push(line);
            continue;
        }
        let record = match Record::parse(schema, rights.comment.as_deref()) {
            Ok(record) => record,
            Err(reason) => {
                let error = Error::new(ErrorKind::ActivationUnknown { schema: schema.clone(), reason });
                if chosen.len() == 1 {
                    return Err(error);
                }
                line.skipped = Some(error.into());
                planned.push(line);
                continue;
            }
        };
        let opening = opening(&mut session, summary.oid, schema, &rights, record).await?;
        for role in &opening.missing {
            let message = format!("The role {role} does not exist any more: its rights are not given back.");
            let params = [("schema", schema.clone()), ("role", role.clone())];
            checks.push(Check::new(CheckLevel::Warning, "undrop_role_missing", message, &params));
        }
        for role in &opening.record.roles {
            if !opening.roles.iter().any(|(name, _)| name == role) && !opening.missing.contains(role) {
                let message = format!("The role {role} was changed meanwhile: it stays as it is.");
                let params = [("schema", schema.clone()), ("role", role.clone())];
                checks.push(Check::new(CheckLevel::Warning, "role_changed_meanwhile", message, &params));
            }
        }
        let sql = opening.statements(schema, &rights, registry.writable)?;
        line.steps = opening.roles.iter().map(|(role, _)| role.clone()).collect();
        state.update(format!("{}\0{}\0{}\0", summary.oid, opening.state, sql.text()));
        let shown = format!("begin;\nset local lock_timeout = '{LOCK_TIMEOUT}';\n{}commit;\n", sql.text());
        let names = vec![schema.clone()];
        statements.push(PlannedSql { schema: schema.clone(), tenants: 1, names, from: None, sql: shown });
        openings.insert(schema.clone(), opening);
        planned.push(line);
    }
    let message = "Rights, owner and logins become what they were; they are compared before the transaction ends.";
    checks.push(Check::new(CheckLevel::Ok, "activate_exact", message, &[]));
    let plan = Plan {
        id: uuid::Uuid::new_v4().simple().to_string(),
        kind: RunKind::Activate,
        tenants: planned,
        statements,
        checks,
        fingerprint: migration::hex(&state.finalize()),
    };
    Ok(ActivatePlan { plan, tenants: openings, has_registry: registry.writable })
}

async fn opening(
    session: &mut Session,
    oid: u32,
    schema: &str,
    rights: &access::Rights,
    record: Record,
) -> Result<Opening> {
    let mut wanted = access::effective(record.acl.as_deref(), &record.owner);
    wanted.push(Grant {
        grantor: record.owner.clone(),
        grantee: None,
        privilege: access::Privilege::Usage,
        grantable: false,
    });
    let mut missing = access::missing_roles(session, &wanted).await?;
    let query = "select r.rolname::text, r.rolcanlogin, pg_catalog.shobj_description(r.oid, 'pg_authid') \
                 from pg_catalog.pg_roles r where r.rolname::text = any ($1)";
    let there: Vec<(String, bool, Option<String>)> =
        sqlx::query_as(query).persistent(false).bind(&record.roles).fetch_all(session.connection()).await?;
    let mut roles = Vec::new();
    for role in &record.roles {
        match there.iter().find(|(name, ..)| name == role) {
            None if !missing.contains(role) => missing.push(role.clone()),
            Some((_, false, comment)) => {
                // Only what the role's own comment confirms.
                if let Some(former) = RoleRecord::parse(schema, comment.as_deref()) {
                    roles.push((role.clone(), former.comment));
                }
            }
            _ => {}
        }
    }
    Ok(Opening { oid, state: fingerprint(rights), record, roles, missing })
}

impl Opening {
    /// The owner that the schema will have: its former one, unless that role is gone.
    fn owner<'a>(&'a self, rights: &'a access::Rights) -> &'a str {
        if self.missing.contains(&self.record.owner) { &rights.owner } else { &self.record.owner }
    }

    /// The rights that there will be, in their order.
    fn wanted(&self, rights: &access::Rights) -> Option<Vec<Grant>> {
        let acl = self.record.acl.as_deref()?;
        Some(access::handed_over(acl, &self.record.owner, self.owner(rights)))
    }

    /// What is not as it was; nothing when all is. `before` are the rights that it was opened from.
    fn difference(&self, before: &access::Rights, now: &access::Rights) -> Option<String> {
        let owner = self.owner(before);
        let mut wanted = access::effective(self.wanted(before).as_deref(), owner);
        let gone = |name: &str| self.missing.iter().any(|missing| missing == name);
        wanted.retain(|grant| !gone(&grant.grantor) && !grant.grantee.as_deref().is_some_and(gone));
        wanted.sort();
        if now.owner != owner {
            Some(format!("its owner is {}", now.owner))
        } else if now.comment != self.record.comment {
            Some("its comment is another one".to_owned())
        } else if access::effective(now.acl.as_deref(), owner) != wanted {
            Some("the rights on the schema are others".to_owned())
        } else {
            None
        }
    }

    fn statements(&self, schema: &str, rights: &access::Rights, has_registry: bool) -> Result<Statement> {
        let ident = Ident::new(schema)?;
        let owner = self.owner(rights);
        let mut sql = Statement::new();
        let mut now = rights.clone();
        if rights.owner != owner {
            sql.push(format_args!("alter schema {ident} owner to {};\n", Ident::new(owner)?));
            now.acl = rights.acl.as_deref().map(|acl| access::handed_over(acl, &rights.owner, owner));
            now.owner = owner.to_owned();
        }
        let wanted = self.wanted(rights);
        let mut expected = access::effective(wanted.as_deref(), owner);
        expected.sort();
        if wanted.is_some() || access::effective(now.acl.as_deref(), owner) != expected {
            let given = wanted.unwrap_or(expected);
            let restore = access::restore(&ident, owner, &given, &self.missing)?;
            let text = format!("{}{}", access::revoke_all(&ident, &now)?, restore).replace("; ", ";\n");
            sql.push(format_args!("{text}"));
        }
        let comment = |comment: &Option<String>| comment.as_deref().map_or_else(|| "null".to_owned(), literal);
        sql.push(format_args!("comment on schema {ident} is {};\n", comment(&self.record.comment)));
        for (role, former) in &self.roles {
            let role = Ident::new(role.as_str())?;
            sql.push(format_args!("alter role {role} login;\ncomment on role {role} is {};\n", comment(former)));
        }
        if has_registry {
            sql.push(format_args!("{}\n", registry::set_state(schema, "active")));
        }
        Ok(sql)
    }
}

/// Opens the planned tenants, each in one transaction; rights are compared with what was written down before it ends.
///
/// # Errors
/// [`ErrorKind::ReadOnly`]; [`ErrorKind::PlanBlocked`]. A tenant's outcome is [`ErrorKind::PlanStale`] or [`ErrorKind::RightsDiffer`].
pub async fn apply_activate(home: &Home, database: &Database, plan: ActivatePlan) -> Result<RunHandle> {
    database.require_writable("activate")?;
    plan.plan.refuse_stops()?;
    let targets = plan.plan.targets();
    let options = RunOptions { retries: 3, ..plan.plan.run_options(String::new()) };
    fleet::start(home, database, Arc::new(Activate(plan)), targets, options).await
}

struct Activate(ActivatePlan);

impl Operation for Activate {
    fn kind(&self) -> RunKind {
        RunKind::Activate
    }

    fn purpose(&self) -> Purpose {
        Purpose::Administer
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        async move {
            let session = worker.session().await?;
            let result = self.open(session, &target.schema).await;
            if result.is_err() {
                let _ = session.execute("rollback").await;
            }
            result
        }
        .boxed()
    }
}

impl Activate {
    async fn open(&self, session: &mut Session, schema: &str) -> Result<Done> {
        let stale = || Error::new(ErrorKind::PlanStale { what: format!("the schema {schema}") });
        let planned = self.0.tenants.get(schema).ok_or_else(stale)?;
        fleet::enter(session, schema, LOCK_TIMEOUT).await?;
        let rights = access::rights(session, planned.oid).await?.ok_or_else(stale)?;
        if fingerprint(&rights) != planned.state {
            // An earlier try has sent its commit, and only the answer did not arrive.
            let done = planned.difference(&rights, &rights).is_none();
            session.execute("rollback").await?;
            return if done { Ok(Done::Changed(None)) } else { Err(stale()) };
        }
        let mut sql = registry::person_setting();
        sql.push(format_args!("{}", planned.statements(schema, &rights, self.0.has_registry)?));
        session.execute(sql).await?;
        let now = access::rights(session, planned.oid).await?.ok_or_else(stale)?;
        let what = planned.difference(&rights, &now);
        if let Some(what) = what {
            return Err(ErrorKind::RightsDiffer { schema: schema.to_owned(), what }.into());
        }
        session.execute("commit").await?;
        Ok(Done::Changed(None))
    }
}
