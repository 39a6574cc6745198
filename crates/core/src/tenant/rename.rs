//! Another name, and another schema.

use super::activation::Record;
use super::{check_schema_name, resolve};
use crate::access;
use crate::connection::{Database, Purpose, Session, server_identity};
use crate::fleet::{
    self, Check, CheckLevel, Done, Operation, Plan, PlannedSql, PlannedTenant, RunHandle, RunKind, RunOptions, Target,
    Worker,
};
use crate::local::Home;
use crate::registry;
use crate::shape::{self, Property};
use crate::sql::{Ident, Statement, identifiers, literal, names_schema};
use crate::{Error, ErrorKind, Result, migration};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::Row;
use std::sync::Arc;

const LOCK_TIMEOUT: &str = "5s";

/// What to rename.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RenameRequest {
    /// Schema or display name.
    pub tenant: String,
    /// The new display name.
    pub name: String,
    /// The new schema; the present one stays where it is not given.
    pub schema: Option<String>,
}

/// A plan to rename a tenant.
#[derive(Debug, Clone)]
pub struct RenamePlan {
    /// What a person reads.
    pub plan: Plan,
    /// The schema before and after.
    from: String,
    to: String,
    name: String,
    oid: u32,
    sql: Statement,
    comment: String,
    has_entry: bool,
}

/// Checks the names and shows what follows from them; changes nothing.
///
/// # Errors
/// [`ErrorKind::TenantMissing`], [`ErrorKind::NameEmpty`], the `SchemaName…` kinds, [`ErrorKind::NothingPending`].
pub async fn plan_rename(database: &Database, request: &RenameRequest) -> Result<RenamePlan> {
    let mut session = database.catalog().await?;
    let found = resolve(&mut session, &request.tenant).await?.summary;
    let name = request.name.trim().to_owned();
    if name.is_empty() {
        return Err(ErrorKind::NameEmpty.into());
    }
    let (from, oid) = (found.schema.clone(), found.oid);
    let to = request.schema.clone().unwrap_or_else(|| from.clone());
    if to != from {
        check_schema_name(&mut session, &to).await?;
    } else if name == found.name {
        return Err(ErrorKind::NothingPending.into());
    }
    let rights =
        access::rights(&mut session, oid).await?.ok_or_else(|| ErrorKind::TenantMissing { name: from.clone() })?;
    let registry = registry::state_in(&mut session).await?;
    let has_entry = registry.readable && registry::entry(&mut session, &from).await?.is_some();
    let comment = comment(&from, &to, &name, rights.comment.as_deref());
    let paths = if to == from { Vec::new() } else { paths(&mut session, &from).await? };
    let mut checks = Vec::new();
    let sql = statements(database, (&from, &to), &comment, &paths, has_entry.then_some(name.as_str()))?;
    if to != from {
        let namespace = shape::namespaces(&mut session, std::slice::from_ref(&from)).await?.remove(0);
        let shape = shape::read(&mut session, &namespace).await?;
        for object in shape.objects.values() {
            // A qualified name in a text is a placeholder in a shape; it does not follow the schema by itself.
            if object.text(Property::Body).is_some_and(|body| body.contains('\0') || names_schema(body, &from)) {
                let message = format!("{} names the schema {from} in its text; it stays as it is.", object.id);
                let params = [("object", object.id.to_string()), ("schema", from.clone())];
                checks.push(Check::new(CheckLevel::Warning, "names_source", message, &params));
            }
        }
        let message = format!(
            "Applications that name {from} by itself, and sessions that are open, have to be told: the schema is {to} then."
        );
        checks.push(Check::new(
            CheckLevel::Warning,
            "rename_applications",
            message,
            &[("from", from.clone()), ("to", to.clone())],
        ));
    }
    if has_entry && !registry.writable {
        let role = database.server().role.clone();
        let message = format!("{role} may not change the registry, which knows the tenant.");
        checks.push(Check::new(CheckLevel::Stop, "registry_not_writable", message, &[("role", role)]));
    }
    let message = "Everything happens in one transaction: all of it or nothing.";
    checks.push(Check::new(CheckLevel::Ok, "all_or_nothing", message, &[]));
    let mut state = Sha256::new();
    state.update(server_identity(&mut session).await?);
    state.update(format!("{oid}\0{:?}\0{}", rights.comment, sql.text()));
    let plan = Plan {
        id: uuid::Uuid::new_v4().simple().to_string(),
        kind: RunKind::Rename,
        tenants: vec![PlannedTenant::new(
            from.clone(),
            found.name,
            if to == from { vec![name.clone()] } else { vec![name.clone(), to.clone()] },
        )],
        statements: vec![PlannedSql {
            schema: from.clone(),
            tenants: 1,
            names: vec![from.clone()],
            from: None,
            sql: format!("begin;\nset local lock_timeout = '{LOCK_TIMEOUT}';\n{}commit;\n", sql.text()),
        }],
        checks,
        fingerprint: migration::hex(&state.finalize()),
    };
    Ok(RenamePlan { plan, from, to, name, oid, sql, comment, has_entry })
}

/// The comment with another name in it. That of a deactivated tenant is its record, in which the name stands.
pub(super) fn comment(from: &str, to: &str, name: &str, now: Option<&str>) -> String {
    let with_name = |comment: Option<&str>| {
        let others: Vec<&str> = comment.into_iter().flat_map(str::lines).skip(1).collect();
        std::iter::once(name).chain(others).collect::<Vec<_>>().join("\n")
    };
    match Record::parse(from, now) {
        Ok(record) => {
            let comment = Some(with_name(record.comment.as_deref()));
            Record { schema: to.to_owned(), comment, ..record }.text()
        }
        Err(_) => with_name(now),
    }
}

/// A setting that names the schema.
struct Path {
    kind: String,
    role: String,
    in_database: bool,
    signature: Option<String>,
    names: Vec<String>,
}

async fn paths(session: &mut Session, schema: &str) -> Result<Vec<Path>> {
    let rows = sqlx::query(include_str!("settings.sql")).persistent(false).fetch_all(session.connection()).await?;
    let mut paths = Vec::new();
    for row in rows {
        let path: String = row.try_get("path")?;
        let Some(names) = identifiers(&path).filter(|names| names.iter().any(|name| name == schema)) else { continue };
        paths.push(Path {
            kind: row.try_get("kind")?,
            role: row.try_get("role")?,
            in_database: row.try_get("in_database")?,
            signature: row.try_get("signature")?,
            names,
        });
    }
    Ok(paths)
}

fn statements(
    database: &Database,
    (from, to): (&str, &str),
    comment: &str,
    paths: &[Path],
    entry: Option<&str>,
) -> Result<Statement> {
    let (old, new) = (Ident::new(from)?, Ident::new(to)?);
    let mut sql = Statement::new();
    // Before the rename: a routine of the schema has its signature from now.
    let here = Ident::new(database.server().database.as_str())?;
    for path in paths {
        let names = path.names.iter().map(|name| if name == from { to } else { name });
        let names: Vec<String> =
            names.map(|name| Ident::new(name).map(|name| name.to_string())).collect::<Result<_>>()?;
        let list = names.join(", ");
        match (path.kind.as_str(), &path.signature) {
            ("routine", Some(signature)) => {
                sql.push(format_args!("alter {signature} set search_path = {list};\n"));
            }
            ("database", _) => {
                sql.push(format_args!("alter database {here} set search_path = {list};\n"));
            }
            _ => {
                let role = Ident::new(path.role.as_str())?;
                let place = if path.in_database { format!(" in database {here}") } else { String::new() };
                sql.push(format_args!("alter role {role}{place} set search_path = {list};\n"));
            }
        }
    }
    if from != to {
        sql.push(format_args!("alter schema {old} rename to {new};\n"));
    }
    sql.push(format_args!("comment on schema {new} is {};\n", literal(comment)));
    if let Some(name) = entry {
        sql.push(format_args!(
            "update cadastre.tenant set schema_name = {}, name = {} where schema_name = {} and state not in ('purged', 'quarantined');\n",
            literal(to),
            literal(name),
            literal(from)
        ));
    }
    Ok(sql)
}

/// Renames as planned.
///
/// # Errors
/// [`ErrorKind::ReadOnly`]; [`ErrorKind::PlanBlocked`]. The outcome is [`ErrorKind::PlanStale`] where the tenant is another one now.
pub async fn apply_rename(home: &Home, database: &Database, plan: RenamePlan) -> Result<RunHandle> {
    database.require_writable("rename")?;
    plan.plan.refuse_stops()?;
    let targets = plan.plan.targets();
    let options = RunOptions { retries: 3, ..plan.plan.run_options(String::new()) };
    fleet::start(home, database, Arc::new(Rename(plan)), targets, options).await
}

struct Rename(RenamePlan);

impl Operation for Rename {
    fn kind(&self) -> RunKind {
        RunKind::Rename
    }

    fn purpose(&self) -> Purpose {
        Purpose::Administer
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, _target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        async move {
            let session = worker.session().await?;
            let result = self.rename(session).await;
            if result.is_err() {
                let _ = session.execute("rollback").await;
            }
            result
        }
        .boxed()
    }
}

impl Rename {
    async fn rename(&self, session: &mut Session) -> Result<Done> {
        let plan = &self.0;
        let stale = || Error::new(ErrorKind::PlanStale { what: format!("the schema {}", plan.from) });
        fleet::enter(session, &plan.from, LOCK_TIMEOUT).await?;
        let (name, before) = named(session, plan.oid).await?.ok_or_else(stale)?;
        // An earlier try has sent its commit, and only the answer did not arrive.
        if name == plan.to && before.comment.as_deref() == Some(plan.comment.as_str()) {
            session.execute("rollback").await?;
            return Ok(Done::Changed((plan.from != plan.to).then(|| plan.to.clone())));
        }
        let expected = comment(&plan.from, &plan.to, &plan.name, before.comment.as_deref());
        if name != plan.from || expected != plan.comment {
            return Err(stale());
        }
        let mut sql = registry::person_setting();
        sql.push(format_args!("{}", plan.sql));
        session.execute(sql).await?;
        let (name, after) = named(session, plan.oid).await?.ok_or_else(stale)?;
        let unchanged = after.acl == before.acl && after.owner == before.owner;
        if name != plan.to || after.comment.as_deref() != Some(plan.comment.as_str()) || !unchanged {
            let what = "the schema is not what it was but for its name".to_owned();
            return Err(ErrorKind::RightsDiffer { schema: plan.from.clone(), what }.into());
        }
        if plan.from != plan.to && !paths(session, &plan.from).await?.is_empty() {
            return Err(stale());
        }
        if plan.has_entry {
            let entry = registry::entry(session, &plan.to).await?;
            if entry.is_none_or(|entry| entry.name != plan.name) {
                return Err(ErrorKind::EntryDiffers { what: plan.to.clone() }.into());
            }
        }
        session.execute("commit").await?;
        Ok(Done::Changed((plan.from != plan.to).then(|| plan.to.clone())))
    }
}

async fn named(session: &mut Session, oid: u32) -> Result<Option<(String, access::Rights)>> {
    let query = "select n.nspname::text from pg_catalog.pg_namespace n where n.oid = $1::int8::oid";
    let query = sqlx::query_scalar::<_, String>(query).persistent(false).bind(i64::from(oid));
    let Some(name) = query.fetch_optional(session.connection()).await? else { return Ok(None) };
    Ok(access::rights(session, oid).await?.map(|rights| (name, rights)))
}
