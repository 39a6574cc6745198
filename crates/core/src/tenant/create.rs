//! New tenants: checked name, plan shown as SQL, one transaction, all or nothing.

use super::{CreateRequest, check_schema_name, derive_schema_name, name};
use crate::connection::{Database, Purpose};
use crate::fleet::{
    self, Check, CheckLevel, Done, Operation, Plan, PlannedSql, PlannedTenant, RunHandle, RunKind, RunOptions,
    RunRecord, Target, Worker,
};
use crate::local::Home;
use crate::migration::{self, Script, Source};
use crate::sql::{Ident, Statement};
use crate::{Error, ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::collections::HashMap;
use std::sync::Arc;

/// A plan to create tenants, with what [`apply_create`] needs and the window does not see.
#[derive(Debug, Clone)]
pub struct CreatePlan {
    /// What a person reads.
    pub plan: Plan,
    requests: Vec<CreateRequest>,
    scripts: HashMap<String, Script>,
    jobs: Option<u16>,
}

impl CreatePlan {
    /// Sessions at a time, when there are several tenants to create.
    pub fn with_jobs(mut self, jobs: Option<u16>) -> Self {
        self.jobs = jobs;
        self
    }
}

/// Checks new tenants and shows the SQL that would create them; changes nothing.
///
/// # Errors
/// The first name that is not acceptable; a template that cannot be read; [`ErrorKind::PermissionDenied`] without
/// CREATE on the database.
pub async fn plan_create(database: &Database, requests: Vec<CreateRequest>) -> Result<CreatePlan> {
    if requests.is_empty() {
        return Err(ErrorKind::NothingSelected.into());
    }
    let server = database.server();
    if !server.can_create_schema {
        let action = format!("create schemas in {}", server.database);
        return Err(ErrorKind::PermissionDenied { role: server.role.clone(), action }.into());
    }
    let mut sources: HashMap<String, Source> = HashMap::new();
    let mut session = database.catalog().await?;
    let mut tenants = Vec::new();
    let mut scripts = HashMap::new();
    let mut sql = Vec::new();
    for request in &requests {
        if request.name.trim().is_empty() {
            return Err(ErrorKind::NameEmpty.into());
        }
        let schema = match &request.schema {
            Some(schema) => schema.clone(),
            None => derive_schema_name(&request.name)?,
        };
        check_schema_name(&mut session, &schema).await?;
        if scripts.contains_key(&schema) {
            return Err(ErrorKind::SchemaNameTaken { name: schema.clone(), existing: schema }.into());
        }
        let source = match &request.template {
            Some(template) => {
                if !sources.contains_key(template) {
                    sources.insert(template.clone(), Source::open(template)?);
                }
                sources.get(template)
            }
            None => None,
        };
        let script = script(&schema, request.name.trim(), source)?;
        tenants.push(PlannedTenant {
            canary: false,
            schema: schema.clone(),
            name: request.name.trim().to_owned(),
            steps: source.map(steps).unwrap_or_default(),
            skipped: None,
        });
        sql.push(PlannedSql { schema: schema.clone(), tenants: 1, sql: script.text().to_owned() });
        scripts.insert(schema, script);
    }
    let first = &tenants[0];
    let checks = vec![
        Check::new(
            CheckLevel::Ok,
            "schema_name_free",
            format!("The schema name {} is free and needs no quotes.", first.schema),
            &[("schema", first.schema.clone())],
        ),
        Check::new(
            CheckLevel::Ok,
            "may_create",
            format!("{} may create schemas in {}.", server.role, server.database),
            &[("role", server.role.clone()), ("database", server.database.clone())],
        ),
        Check::new(
            CheckLevel::Ok,
            "all_or_nothing",
            "Everything happens in one transaction: all of it or nothing.",
            &[],
        ),
    ];
    let plan = Plan {
        id: uuid::Uuid::new_v4().simple().to_string(),
        kind: RunKind::Create,
        tenants,
        statements: sql,
        checks,
        fingerprint: String::new(),
    };
    Ok(CreatePlan { plan, requests, scripts, jobs: None })
}

/// Creates the planned tenants. A name that was taken in the meantime fails that tenant only.
///
/// # Errors
/// [`ErrorKind::ReadOnly`].
pub async fn apply_create(home: &Home, database: &Database, plan: CreatePlan) -> Result<RunHandle> {
    database.require_writable("create")?;
    let targets = plan.plan.tenants.iter().map(|t| Target::new(&t.schema, &t.name)).collect();
    let options = RunOptions {
        jobs: plan.jobs,
        record: RunRecord {
            request: serde_json::to_string(&plan.requests).unwrap_or_default(),
            ..RunRecord::default()
        },
        statements: plan.plan.statements.first().map(|s| s.sql.clone()).unwrap_or_default(),
        // Creating again what a lost connection may have created would only report that the name is taken.
        retries: 0,
        ..RunOptions::default()
    };
    let operation = Arc::new(Create { scripts: plan.scripts });
    fleet::start(home, database, operation, targets, options).await
}

fn steps(source: &Source) -> Vec<String> {
    source.migrations().iter().map(|m| m.version.to_string()).collect()
}

/// The whole creation as one message.
fn script(schema: &str, display_name: &str, source: Option<&Source>) -> Result<Script> {
    let ident = Ident::new(schema)?;
    let mut script = Script::new();
    script.statement(&Statement::of(format_args!("begin;\nset local lock_timeout = '10s';\ncreate schema {ident};")));
    if display_name != schema {
        script.statement(&name::comment(&ident, display_name));
    }
    // Another tool fills the schema, and keeps its own history.
    if let Some(source) = source.filter(|source| source.migrator().is_none()) {
        let search_path = migration::set_search_path(&ident, &source.header().search_path)?;
        script.statement(&search_path);
        script.statement(&migration::create_history(&ident)?);
        for m in source.migrations() {
            if let Some((line, reason)) = migration::unsendable(&m.up) {
                let reason = format!("line {line}: {reason}");
                return Err(ErrorKind::MigrationFileInvalid { file: m.file.clone(), reason }.into());
            }
            match m.no_transaction(migration::Direction::Up) {
                true => script.file(&m.file, &migration::for_new_tenant(&m.up)),
                false => script.file(&m.file, &m.up),
            };
            script.statement(&migration::record(&ident, m, "0")?);
        }
        if let Some((file, text)) = source.seed() {
            script.file(file, text);
        }
    }
    Ok(script)
}

struct Create {
    scripts: HashMap<String, Script>,
}

impl Operation for Create {
    fn kind(&self) -> RunKind {
        RunKind::Create
    }

    fn purpose(&self) -> Purpose {
        Purpose::Create
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        self.create(worker, target).boxed()
    }
}

impl Create {
    async fn create(&self, worker: &mut Worker, target: &Target) -> Result<Done> {
        let script = &self.scripts[&target.schema];
        let fresh = worker.database().fresh_session();
        let session = worker.session().await?;
        let result = async {
            // What another template left in the session is none of this tenant's business.
            session.execute(fresh).await?;
            session.execute(script.to_statement()).await.map_err(|e| explain(script, e, &target.schema))?;
            // A file that committed by itself, or that was left by its own search_path, would show here.
            let proof = Statement::of(format_args!(
                "select pg_catalog.count(*) from pg_catalog.pg_namespace n where n.nspname = {} \
                 and n.xmin = pg_catalog.pg_current_xact_id()::xid",
                crate::sql::literal(&target.schema)
            ));
            let rows = session.rows(proof).await?;
            let one = rows.first().and_then(|r| sqlx::Row::try_get_raw(r, 0).ok()?.as_str().ok().map(|t| t == "1"));
            if one != Some(true) {
                let reason = "a file of the template ended the transaction".into();
                let kind = ErrorKind::MigrationFailed { schema: target.schema.clone(), version: String::new(), reason };
                return Err(Error::new(kind));
            }
            session.execute("commit").await
        }
        .await;
        if result.is_err() {
            let _ = session.execute("rollback").await;
        }
        result.map(|()| Done::Changed(None))
    }
}

fn explain(script: &Script, error: Error, schema: &str) -> Error {
    match error.sqlstate() {
        Some("42P06") => error.as_kind(ErrorKind::SchemaNameTaken { name: schema.into(), existing: schema.into() }),
        _ => script.explain(error, schema, 0),
    }
}
