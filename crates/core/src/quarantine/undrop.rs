//! The way back from quarantine.

use super::find::{self, Found};
use super::{losses, seal};
use crate::access as acl;
use crate::connection::{Database, Purpose, Session, server_identity};
use crate::fleet::{
    self, Check, CheckLevel, Done, Operation, Plan, PlannedSql, PlannedTenant, RunHandle, RunKind, RunOptions, Target,
    Worker,
};
use crate::local::Home;
use crate::registry;
use crate::sql::{Ident, literal};
use crate::tenant::check_schema_name;
use crate::{Error, ErrorKind, Result, migration};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// A tenant to bring back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct UndropRequest {
    /// Its former schema, its display name, or its schema in quarantine.
    pub tenant: String,
    /// Another name than it had.
    pub under: Option<String>,
}

/// The plan of an undrop, with what [`apply_undrop`] needs.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct UndropPlan {
    /// What a person reads.
    #[serde(flatten)]
    pub plan: Plan,
    /// The schema in quarantine.
    pub quarantined_as: String,
    /// The name that it gets.
    pub schema: String,
    #[serde(skip)]
    oid: u32,
    #[serde(skip)]
    request: UndropRequest,
}

/// Looks at what bringing a tenant back would do; changes nothing.
///
/// # Errors
/// [`ErrorKind::NotQuarantined`], [`ErrorKind::TenantAmbiguous`], [`ErrorKind::QuarantineRecordInvalid`],
/// [`ErrorKind::PurgeBegun`], [`ErrorKind::SchemaNameTaken`], [`ErrorKind::PermissionDenied`].
pub async fn plan_undrop(database: &Database, request: UndropRequest) -> Result<UndropPlan> {
    let mut session = database.catalog().await?;
    let found = find::resolve(&mut session, &request.tenant).await?;
    let record = found.record()?.clone();
    if record.purge_begun_at.is_some() {
        return Err(ErrorKind::PurgeBegun { schema: record.schema, backup: record.backup.path }.into());
    }
    losses::require_owner(&mut session, found.oid, &found.schema, &database.server().role).await?;
    let schema = request.under.clone().unwrap_or_else(|| record.schema.clone());
    if request.under.is_some() {
        check_schema_name(&mut session, &schema).await?;
    } else {
        require_free(&mut session, &schema).await?;
    }
    let missing = acl::missing_roles(&mut session, record.acl.as_deref().unwrap_or_default()).await?;
    let fingerprint = fingerprint(&mut session, &found, &schema).await?;
    let (name, quarantine) = (Ident::new(schema.as_str())?, Ident::new(found.schema.as_str())?);
    let mut sql = format!("begin;\nset local lock_timeout = '{}';\n", seal::LOCK_TIMEOUT);
    sql += &format!("alter schema {quarantine} rename to {name};\n");
    if let Some(grants) = &record.acl {
        sql += &acl::restore(&name, &record.owner, grants, &missing)?.text().replace("; ", ";\n");
    }
    let comment = record.comment.as_deref().map_or_else(|| "null".to_owned(), literal);
    sql += &format!("comment on schema {name} is {comment};\n");
    if registry::state_in(&mut session).await?.writable {
        sql += &format!("{}\n", registry::back(&record.schema, &schema, record.state()));
    }
    sql += "commit;\n";
    let mut checks = vec![Check::new(
        CheckLevel::Ok,
        "undrop_name_free",
        format!("{} comes back as {schema}, with its comment and its rights.", found.schema),
        &[("quarantine", found.schema.clone()), ("schema", schema.clone())],
    )];
    for role in missing {
        let message = format!("The role {role} does not exist any more: its rights are not given back.");
        checks.push(Check::new(CheckLevel::Warning, "undrop_role_missing", message, &[("role", role)]));
    }
    let plan = Plan {
        id: uuid::Uuid::new_v4().simple().to_string(),
        kind: RunKind::Undrop,
        tenants: vec![PlannedTenant::new(found.schema.clone(), record.display_name(), vec![schema.clone()])],
        statements: vec![PlannedSql {
            schema: found.schema.clone(),
            tenants: 1,
            names: vec![found.schema.clone()],
            from: None,
            sql,
        }],
        checks,
        fingerprint,
    };
    Ok(UndropPlan { plan, quarantined_as: found.schema, schema, oid: found.oid, request })
}

/// The name is the tenant's own, whatever it looks like; it must only be free.
async fn require_free(session: &mut Session, schema: &str) -> Result<()> {
    match losses::exists(session, schema).await? {
        false => Ok(()),
        true => Err(Error::new(ErrorKind::SchemaNameTaken { name: schema.into(), existing: schema.into() })
            .hint("`cadastre tenant undrop … --as NAME` brings it back under another name.")),
    }
}

async fn fingerprint(session: &mut Session, found: &Found, schema: &str) -> Result<String> {
    let mut state = Sha256::new();
    state.update(server_identity(session).await?);
    let record = found.record.as_ref().map(super::Record::text).unwrap_or_default();
    state.update(format!("\0{}\0{}\0{schema}\0{record}", found.oid, found.schema));
    Ok(migration::hex(&state.finalize()))
}

/// Brings the planned tenant back, in one transaction; its rights are compared with the record before it ends.
///
/// # Errors
/// [`ErrorKind::ReadOnly`]; [`ErrorKind::PlanStale`].
pub async fn apply_undrop(home: &Home, database: &Database, plan: UndropPlan) -> Result<RunHandle> {
    database.require_writable("undrop")?;
    let mut session = database.catalog().await?;
    let found = find::resolve(&mut session, &plan.quarantined_as).await?;
    if fingerprint(&mut session, &found, &plan.schema).await? != plan.plan.fingerprint {
        return Err(ErrorKind::PlanStale { what: format!("the schema {}", plan.quarantined_as) }.into());
    }
    drop(session);
    let usual = plan.plan.run_options(serde_json::to_string(&plan.request).unwrap_or_default());
    let options = RunOptions { retries: 3, ..usual };
    let targets = plan.plan.targets();
    let operation = Undrop { oid: plan.oid, schema: plan.schema };
    fleet::start(home, database, Arc::new(operation), targets, options).await
}

struct Undrop {
    oid: u32,
    schema: String,
}

impl Operation for Undrop {
    fn kind(&self) -> RunKind {
        RunKind::Undrop
    }

    fn purpose(&self) -> Purpose {
        Purpose::Quarantine
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        async move {
            let session = worker.session().await?;
            // An earlier try has sent its commit, and only the answer did not arrive.
            if losses::name_of(session, self.oid).await?.as_deref() == Some(self.schema.as_str()) {
                return Ok(Done::Changed(Some(self.schema.clone())));
            }
            let record = seal::current(session, self.oid, &target.schema).await?;
            seal::unseal(session, self.oid, &record, &self.schema).await?;
            Ok(Done::Changed(Some(self.schema.clone())))
        }
        .boxed()
    }
}
