//! What the registry knows of a tenant, changed by plan.

use super::{Found, Selection, TenantState, discover, rename};
use crate::access;
use crate::connection::{Database, Purpose, Session, server_identity};
use crate::fleet::{
    self, Check, CheckLevel, Done, Operation, Plan, PlannedSql, PlannedTenant, RunHandle, RunKind, RunOptions, Target,
    Worker,
};
use crate::local::Home;
use crate::registry::{self, Assignment, Entry, NewEntry};
use crate::sql::{Ident, Statement, literal};
use crate::{Error, ErrorKind, Result, migration};
use futures::FutureExt;
use futures::future::BoxFuture;
use sha2::{Digest, Sha256};
use sqlx::Row;
use std::collections::HashMap;
use std::sync::Arc;

const LOCK_TIMEOUT: &str = "5s";

/// A plan to change entries of the registry.
#[derive(Debug, Clone)]
pub struct SetPlan {
    /// What a person reads.
    pub plan: Plan,
    tenants: HashMap<String, Change>,
}

#[derive(Debug, Clone)]
pub(super) struct Change {
    assignments: Vec<Assignment>,
    /// The entry to be made, where there is none.
    new: Option<NewEntry>,
    revision: Option<i64>,
    expected: Entry,
    /// The comment of the schema holds the display name too.
    comment: Option<String>,
}

impl SetPlan {
    /// A plan that makes these entries.
    pub(super) fn of(mut plan: Plan, entries: Vec<(String, NewEntry)>) -> Result<Self> {
        let mut tenants = HashMap::new();
        for (schema, new) in entries {
            let assignments = new.assignments.clone();
            let expected = new.expected();
            let change = Change { assignments, new: Some(new), revision: None, expected, comment: None };
            plan.statements.push(change.planned(&schema)?);
            tenants.insert(schema, change);
        }
        Ok(Self { plan, tenants })
    }
}

impl Change {
    fn statements(&self, schema: &str, shown: bool) -> Result<Statement> {
        let mut sql = match &self.new {
            Some(new) => new.statements(shown),
            None => registry::assign(schema, &self.assignments, shown),
        };
        if let Some(comment) = &self.comment {
            sql.push(format_args!("\ncomment on schema {} is {};", Ident::new(schema)?, literal(comment)));
        }
        sql.push(format_args!("\n"));
        Ok(sql)
    }

    /// As a plan shows it.
    fn planned(&self, schema: &str) -> Result<PlannedSql> {
        let sql = self.statements(schema, true)?;
        let sql = format!("begin;\nset local lock_timeout = '{LOCK_TIMEOUT}';\n{sql}commit;\n");
        Ok(PlannedSql { schema: schema.to_owned(), tenants: 1, names: vec![schema.to_owned()], from: None, sql })
    }
}

/// Checks the assignments and shows the SQL; changes nothing. A tenant without an entry gets one.
///
/// # Errors
/// [`ErrorKind::RegistryMissing`], [`ErrorKind::TenantMissing`], [`ErrorKind::DomainTaken`], [`ErrorKind::NothingPending`].
pub async fn plan_set(database: &Database, selection: &Selection, assignments: Vec<Assignment>) -> Result<SetPlan> {
    let mut session = database.catalog().await?;
    let registry = registry::state_in(&mut session).await?;
    let entries = match registry.readable {
        true => registry::entries(&mut session).await?,
        false => return Err(ErrorKind::RegistryMissing.into()),
    };
    let found = discover(&mut session).await?;
    let chosen: Vec<Found> = selection.of(&found)?.into_iter().cloned().collect();
    let mut state = Sha256::new();
    state.update(server_identity(&mut session).await?);
    let (mut tenants, mut planned, mut statements, mut checks) = (HashMap::new(), Vec::new(), Vec::new(), Vec::new());
    require_free(&entries, &chosen, &assignments)?;
    for tenant in &chosen {
        let summary = &tenant.summary;
        let schema = &summary.schema;
        let entry = entries.get(schema);
        let new = entry.is_none().then(|| NewEntry {
            schema: schema.clone(),
            name: summary.name.clone(),
            state: if summary.state == TenantState::Active { "active" } else { "inactive" },
            template: summary.template.clone(),
            role: None,
            assignments: assignments.clone(),
        });
        let expected = match (entry, &new) {
            (Some(entry), _) => {
                let mut expected = entry.clone();
                assignments.iter().for_each(|assignment| assignment.apply(&mut expected));
                expected
            }
            (None, Some(new)) => new.expected(),
            (None, None) => continue,
        };
        let comment = match expected.name != summary.name {
            true => {
                let rights = access::rights(&mut session, summary.oid).await?;
                let now = rights.and_then(|rights| rights.comment);
                Some(rename::comment(schema, schema, &expected.name, now.as_deref()))
            }
            false => None,
        };
        let skipped = (entry == Some(&expected)).then(|| Error::new(ErrorKind::NothingPending).into());
        let revision = entry.map(|entry| entry.revision);
        let change = Change { assignments: assignments.clone(), new, revision, expected, comment };
        let sql = change.statements(schema, true)?.text().to_owned();
        state.update(format!("{schema}\0{revision:?}\0{sql}\0"));
        if skipped.is_none() {
            statements.push(change.planned(schema)?);
        }
        planned.push(PlannedTenant {
            skipped,
            ..PlannedTenant::new(
                schema.clone(),
                summary.name.clone(),
                assignments.iter().map(Assignment::words).collect(),
            )
        });
        tenants.insert(schema.clone(), change);
    }
    if !registry.writable {
        let role = database.server().role.clone();
        let message = format!("{role} may not change the registry.");
        checks.push(Check::new(CheckLevel::Stop, "registry_not_writable", message, &[("role", role)]));
    }
    let message = "Former values stay in the registry; the tenant's own data is not touched.";
    checks.push(Check::new(CheckLevel::Ok, "set_versioned", message, &[]));
    let plan = Plan {
        id: uuid::Uuid::new_v4().simple().to_string(),
        kind: RunKind::Set,
        tenants: planned,
        statements,
        checks,
        fingerprint: migration::hex(&state.finalize()),
    };
    Ok(SetPlan { plan, tenants })
}

/// Domains belong to one tenant each.
fn require_free(entries: &HashMap<String, Entry>, chosen: &[Found], assignments: &[Assignment]) -> Result<()> {
    for assignment in assignments {
        let (Assignment::AddDomain(domain) | Assignment::PrimaryDomain(domain)) = assignment else { continue };
        let several = chosen.len() > 1;
        let mut others = entries.values().filter(|entry| !chosen.iter().any(|t| t.summary.schema == entry.schema));
        let has = |entry: &&Entry| entry.domains.iter().any(|d| d.domain == *domain);
        let taken = others.find(has).map(|entry| entry.schema.clone());
        if let Some(tenant) = taken.or_else(|| several.then(|| chosen[0].summary.schema.clone())) {
            return Err(ErrorKind::DomainTaken { domain: domain.clone(), tenant }.into());
        }
    }
    Ok(())
}

/// Changes the entries as planned, each in one transaction, and compares what is there then.
///
/// # Errors
/// [`ErrorKind::ReadOnly`]; [`ErrorKind::PlanBlocked`]. A tenant's outcome is [`ErrorKind::PlanStale`] where its entry was changed
/// meanwhile.
pub async fn apply_set(home: &Home, database: &Database, plan: SetPlan) -> Result<RunHandle> {
    database.require_writable("set")?;
    plan.plan.refuse_stops()?;
    let targets = plan.plan.targets();
    let options = RunOptions { retries: 3, ..plan.plan.run_options(String::new()) };
    fleet::start(home, database, Arc::new(Set(plan)), targets, options).await
}

struct Set(SetPlan);

impl Operation for Set {
    fn kind(&self) -> RunKind {
        RunKind::Set
    }

    fn purpose(&self) -> Purpose {
        Purpose::Administer
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        async move {
            let session = worker.session().await?;
            let result = self.set(session, &target.schema).await;
            if result.is_err() {
                let _ = session.execute("rollback").await;
            }
            result
        }
        .boxed()
    }
}

impl Set {
    async fn set(&self, session: &mut Session, schema: &str) -> Result<Done> {
        let stale = || Error::new(ErrorKind::PlanStale { what: format!("the entry of {schema}") });
        let change = self.0.tenants.get(schema).ok_or_else(stale)?;
        fleet::enter(session, schema, LOCK_TIMEOUT).await?;
        // The row itself, so that nobody else changes it until the end; there may be none.
        let lock = "select t.revision from cadastre.tenant t where t.schema_name = $1 and t.state not in ('purged', 'quarantined') for update";
        let row = sqlx::query(lock).persistent(false).bind(schema).fetch_optional(session.connection()).await?;
        let revision = row.map(|row| row.try_get::<i64, _>(0)).transpose()?;
        if revision != change.revision {
            // An earlier try has sent its commit, and only the answer did not arrive.
            let done = revision.is_some() && prove_entry(session, schema, &change.expected).await.is_ok();
            session.execute("rollback").await?;
            return if done { Ok(Done::Changed(None)) } else { Err(stale()) };
        }
        let mut sql = registry::person_setting();
        sql.push(format_args!("{}", change.statements(schema, false)?));
        session.execute(sql).await.map_err(|error| match error.sqlstate() {
            // Somebody else has made an entry for the schema at the same moment.
            Some("23505") => error.as_kind(ErrorKind::PlanStale { what: format!("the entry of {schema}") }),
            _ => error,
        })?;
        prove_entry(session, schema, &change.expected).await?;
        session.execute("commit").await?;
        Ok(Done::Changed(None))
    }
}

/// The entry is what it was to become; a domain that another tenant has taken meanwhile is named.
///
/// # Errors
/// [`ErrorKind::DomainTaken`], [`ErrorKind::EntryDiffers`].
pub(super) async fn prove_entry(session: &mut Session, schema: &str, expected: &Entry) -> Result<()> {
    let found = registry::entry(session, schema).await?;
    let same = found.as_ref().is_some_and(|found| {
        let expected =
            Entry { id: found.id, revision: found.revision, changed_at: found.changed_at.clone(), ..expected.clone() };
        *found == expected
    });
    if same {
        return Ok(());
    }
    for domain in &expected.domains {
        let query = "select t.schema_name from cadastre.domain d join cadastre.tenant t on t.id = d.tenant \
                     where d.domain = $1 and t.id <> $2";
        let own = found.as_ref().map_or(0, |found| found.id);
        let query = sqlx::query_scalar::<_, String>(query).persistent(false).bind(&domain.domain).bind(own);
        if let Some(tenant) = query.fetch_optional(session.connection()).await? {
            return Err(ErrorKind::DomainTaken { domain: domain.domain.clone(), tenant }.into());
        }
    }
    Err(ErrorKind::EntryDiffers { what: schema.to_owned() }.into())
}
