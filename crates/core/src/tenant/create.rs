//! New tenants: checked names, plan shown as SQL, one transaction each, all or nothing.

use super::creation::{Create, require_creatable, script};
use super::list_file::Listed;
use super::name::check_schema_names;
use super::{CreateRequest, derive_schema_name};
use crate::connection::{Database, server_identity};
use crate::error::WireError;
use crate::fleet::{
    self, Check, CheckLevel, Outcome, PastRun, Plan, PlannedSql, PlannedTenant, RunHandle, RunKind, RunOptions,
    RunRecord, Target,
};
use crate::local::Home;
use crate::migration::{self, Source};
use crate::{Error, ErrorKind, Result};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A plan to create tenants, with what [`apply_create`] needs and the window does not see.
#[derive(Debug, Clone)]
pub struct CreatePlan {
    /// What a person reads.
    pub plan: Plan,
    tenants: HashMap<String, New>,
    sources: HashMap<String, Arc<Source>>,
    jobs: Option<u16>,
    stop_on_error: bool,
    resumes: Option<PastRun>,
}

/// A tenant to be created, as its checks found it.
#[derive(Debug, Clone)]
pub(super) struct New {
    request: CreateRequest,
    pub source: Option<Arc<Source>>,
}

impl CreatePlan {
    fn new(stop_on_error: bool) -> Self {
        let plan = Plan {
            id: uuid::Uuid::new_v4().simple().to_string(),
            kind: RunKind::Create,
            tenants: Vec::new(),
            statements: Vec::new(),
            checks: Vec::new(),
            fingerprint: String::new(),
        };
        Self { plan, tenants: HashMap::new(), sources: HashMap::new(), jobs: None, stop_on_error, resumes: None }
    }

    /// Sessions at a time, when there are several tenants to create.
    pub fn with_jobs(mut self, jobs: Option<u16>) -> Self {
        self.jobs = jobs;
        self
    }

    /// The template, or the folder, of a request; each is read once.
    fn source(&mut self, template: &str) -> Result<Arc<Source>> {
        if let Some(source) = self.sources.get(template) {
            return Ok(source.clone());
        }
        let source = Arc::new(Source::open(template)?);
        require_creatable(&source)?;
        self.sources.insert(template.to_owned(), source.clone());
        Ok(source)
    }

    /// Adds a tenant whose name is good.
    fn add(&mut self, schema: &str, request: CreateRequest, source: Option<Arc<Source>>) {
        let steps = source.iter().flat_map(|source| source.migrations()).map(|m| m.version.to_string()).collect();
        let name = request.name.trim().to_owned();
        self.plan.tenants.push(PlannedTenant { canary: false, schema: schema.to_owned(), name, steps, skipped: None });
        self.tenants.insert(schema.to_owned(), New { request, source });
    }

    /// The SQL, once for each template: the tenants of one get the same in their own schema. The fingerprint is that of the
    /// database, the names and the SQL.
    async fn show_statements(&mut self, database: &Database) -> Result<()> {
        let mut state = Sha256::new();
        state.update(server_identity(&mut *database.catalog().await?).await?);
        let mut of_template: HashMap<Option<&str>, usize> = HashMap::new();
        let mut statements: Vec<PlannedSql> = Vec::new();
        for tenant in self.plan.tenants.iter().filter(|tenant| tenant.skipped.is_none()) {
            let Some(new) = self.tenants.get(&tenant.schema) else { continue };
            let template = new.request.template.as_deref();
            for text in [&tenant.schema, &tenant.name, template.unwrap_or_default()] {
                state.update(text);
                state.update([0]);
            }
            if let Some(index) = of_template.get(&template) {
                statements[*index].tenants += 1;
                if statements[*index].names.len() < PlannedSql::NAMED {
                    statements[*index].names.push(tenant.schema.clone());
                }
                continue;
            }
            of_template.insert(template, statements.len());
            let sql = script(&tenant.schema, &tenant.name, new.source.as_deref())?.text().to_owned();
            state.update(&sql);
            let (schema, names) = (tenant.schema.clone(), vec![tenant.schema.clone()]);
            statements.push(PlannedSql { schema, tenants: 1, names, from: None, sql });
        }
        self.plan.fingerprint = migration::hex(&state.finalize());
        self.plan.statements = statements;
        Ok(())
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
    require_permission(database)?;
    let mut plan = CreatePlan::new(false);
    for (request, schema) in checked(database, requests).await? {
        let (schema, source) = (schema?, request.template.clone());
        let source = source.map(|template| plan.source(&template)).transpose()?;
        plan.add(&schema, request, source);
    }
    plan.show_statements(database).await?;
    let first = &plan.plan.tenants[0].schema;
    let free = format!("The schema name {first} is free and needs no quotes.");
    plan.plan.checks.push(Check::new(CheckLevel::Ok, "schema_name_free", free, &[("schema", first.clone())]));
    plan.plan.checks.extend(general_checks(database, plan.tenants.len()));
    Ok(plan)
}

/// Checks the lines of a file of new tenants. A line that is not good stops the plan, or is left out of it with its reason
/// when the others are to be created all the same; in the plan and in the run it is called by its number.
///
/// # Errors
/// [`ErrorKind::NothingSelected`] for a file without lines; [`ErrorKind::PermissionDenied`] without CREATE on the database.
pub async fn plan_create_listed(
    database: &Database,
    lines: Vec<Listed>,
    continue_on_error: bool,
) -> Result<CreatePlan> {
    if lines.is_empty() {
        return Err(ErrorKind::NothingSelected.into());
    }
    require_permission(database)?;
    let mut plan = CreatePlan::new(!continue_on_error);
    let good = lines.iter().filter_map(|line| line.request.as_ref().ok().cloned()).collect();
    let mut schemas = checked(database, good).await?;
    for Listed { line, request } in lines {
        let shown = request.as_ref().map(|request| request.name.trim().to_owned()).unwrap_or_default();
        let verdict = request.and_then(|_| {
            let (request, schema) = schemas.next().ok_or_else(nothing)?;
            let source = request.template.clone().map(|template| plan.source(&template)).transpose();
            Ok((schema?, source?, request))
        });
        match verdict {
            Ok((schema, source, request)) => plan.add(&schema, request, source),
            Err(reason) => {
                let reason = WireError::from(reason);
                let level = if continue_on_error { CheckLevel::Warning } else { CheckLevel::Stop };
                let params = [("line", line.to_string()), ("reason", reason.message.clone())];
                let message = format!("Line {line}: {}", reason.message);
                plan.plan.checks.push(Check::new(level, "line_refused", message, &params));
                plan.plan.tenants.push(PlannedTenant {
                    canary: false,
                    schema: format!("line {line}"),
                    name: shown,
                    steps: Vec::new(),
                    skipped: Some(reason),
                });
            }
        }
    }
    plan.show_statements(database).await?;
    let (count, all) = (plan.tenants.len(), plan.plan.tenants.len());
    let message = format!("{count} of {all} lines name a tenant that can be created.");
    let level = if count == 0 { CheckLevel::Stop } else { CheckLevel::Ok };
    let params = [("good", count.to_string()), ("all", all.to_string())];
    plan.plan.checks.insert(0, Check::new(level, "lines_good", message, &params));
    plan.plan.checks.extend(general_checks(database, plan.tenants.len()));
    Ok(plan)
}

/// What is left of a run that created tenants: those that failed, were cancelled or did not have their turn. A tenant whose
/// commit the run had sent, and which is there, is its own.
///
/// # Errors
/// [`ErrorKind::RunMissing`], [`ErrorKind::RunActive`], [`ErrorKind::RunElsewhere`], [`ErrorKind::RunNotResumable`].
pub async fn plan_create_resume(home: &Home, database: &Database, run: &str) -> Result<CreatePlan> {
    let past = fleet::past(home, database, run).await?;
    let not_resumable = |reason: &str| {
        Error::new(ErrorKind::RunNotResumable { id: past.summary.run.clone(), reason: reason.to_owned() })
    };
    let record: Option<Record> = serde_json::from_str(&past.record.request).ok();
    let sources: Option<HashMap<String, Source>> =
        past.record.source.as_deref().and_then(|source| serde_json::from_str(source).ok());
    let (Some(record), Some(sources)) = (record, sources) else {
        return Err(not_resumable("its record does not say what it was to create"));
    };
    require_permission(database)?;
    let mut plan = CreatePlan::new(record.stop_on_error);
    plan.sources = sources.into_iter().map(|(name, source)| (name, Arc::new(source))).collect();
    let mut requests: HashMap<String, CreateRequest> = record.tenants.into_iter().collect();
    let mut refused = 0;
    for tenant in past.summary.tenants.iter().filter(|t| !matches!(t.outcome, Outcome::Done | Outcome::Skipped)) {
        // A line that was not good names nothing to create.
        let Some(request) = requests.remove(&tenant.schema) else {
            refused += 1;
            continue;
        };
        let source = match &request.template {
            Some(template) => Some(
                plan.sources.get(template).cloned().ok_or_else(|| not_resumable("a template is not in its record"))?,
            ),
            None => None,
        };
        plan.add(&tenant.schema, request, source);
    }
    if plan.tenants.is_empty() {
        return Err(not_resumable(match refused {
            0 => "every tenant has had its turn",
            _ => "what is left are lines that cannot be created; correct the file and create those",
        }));
    }
    plan.show_statements(database).await?;
    plan.plan.checks.extend(general_checks(database, plan.tenants.len()));
    plan.resumes = Some(past);
    Ok(plan)
}

fn nothing() -> Error {
    ErrorKind::NothingSelected.into()
}

fn require_permission(database: &Database) -> Result<()> {
    let server = database.server();
    if server.can_create_schema {
        return Ok(());
    }
    let action = format!("create schemas in {}", server.database);
    Err(ErrorKind::PermissionDenied { role: server.role.clone(), action }.into())
}

/// Each request with its schema, or with what is wrong with its name; one question to the server for all of them.
async fn checked(
    database: &Database,
    requests: Vec<CreateRequest>,
) -> Result<impl Iterator<Item = (CreateRequest, Result<String>)> + use<>> {
    let wanted: Vec<Result<String>> = requests
        .iter()
        .map(|request| match (&request.schema, request.name.trim()) {
            (_, "") => Err(ErrorKind::NameEmpty.into()),
            (Some(schema), _) => Ok(schema.clone()),
            (None, name) => derive_schema_name(name),
        })
        .collect();
    let names: Vec<String> = wanted.iter().flatten().cloned().collect();
    let mut session = database.catalog().await?;
    let mut verdicts = check_schema_names(&mut session, &names).await?.into_iter();
    let mut seen = HashSet::new();
    let checked = wanted.into_iter().map(|schema| {
        let schema = schema?;
        verdicts.next().unwrap_or_else(|| Err(nothing()))?;
        if seen.insert(schema.clone()) {
            Ok(schema)
        } else {
            Err(ErrorKind::SchemaNameTaken { name: schema.clone(), existing: schema }.into())
        }
    });
    let checked: Vec<Result<String>> = checked.collect();
    Ok(requests.into_iter().zip(checked))
}

fn general_checks(database: &Database, tenants: usize) -> [Check; 2] {
    let server = database.server();
    let together = match tenants {
        0 | 1 => Check::new(
            CheckLevel::Ok,
            "all_or_nothing",
            "Everything happens in one transaction: all of it or nothing.",
            &[],
        ),
        _ => Check::new(
            CheckLevel::Ok,
            "all_or_nothing_each",
            "Each tenant is created in a transaction of its own: all of it or nothing.",
            &[],
        ),
    };
    [
        Check::new(
            CheckLevel::Ok,
            "may_create",
            format!("{} may create schemas in {}.", server.role, server.database),
            &[("role", server.role.clone()), ("database", server.database.clone())],
        ),
        together,
    ]
}

/// What a run of creations is resumed from: each tenant by its schema.
#[derive(serde::Serialize, serde::Deserialize)]
struct Record {
    tenants: Vec<(String, CreateRequest)>,
    stop_on_error: bool,
}

/// Creates the planned tenants. A name that was taken in the meantime fails that tenant only.
///
/// # Errors
/// [`ErrorKind::ReadOnly`]; [`ErrorKind::PlanBlocked`] when a check says stop.
pub async fn apply_create(home: &Home, database: &Database, plan: CreatePlan) -> Result<RunHandle> {
    database.require_writable("create")?;
    plan.plan.refuse_stops()?;
    let CreatePlan { plan, tenants, sources, jobs, stop_on_error, resumes } = plan;
    let target = |tenant: &PlannedTenant| {
        let mut target = Target::new(&tenant.schema, &tenant.name);
        let newest = tenants.get(&tenant.schema).map(New::newest);
        target.planned = newest.into_iter().collect();
        target.refused.clone_from(&tenant.skipped);
        target
    };
    let targets = plan.tenants.iter().map(target).collect();
    let requests = plan
        .tenants
        .iter()
        .filter_map(|tenant| tenants.get(&tenant.schema).map(|new| (tenant.schema.clone(), new.request.clone())));
    let files: HashMap<&str, &Source> = sources.iter().map(|(name, source)| (name.as_str(), source.as_ref())).collect();
    let record = Record { tenants: requests.collect(), stop_on_error };
    let options = RunOptions {
        jobs,
        continue_on_error: !stop_on_error,
        record: RunRecord {
            request: serde_json::to_string(&record).unwrap_or_default(),
            source: serde_json::to_string(&files).ok(),
            ..RunRecord::default()
        },
        statements: plan.statements.first().map(|s| s.sql.clone()).unwrap_or_default(),
        // Creating again what a lost connection may have created would only report that the name is taken.
        retries: 0,
        ..RunOptions::default()
    };
    let operation = Arc::new(Create { tenants });
    match resumes {
        Some(past) => fleet::resume(home, database, operation, past, targets, options).await,
        None => fleet::start(home, database, operation, targets, options).await,
    }
}

impl New {
    /// The newest version, which stands for the whole creation where its commit is noted.
    pub fn newest(&self) -> i64 {
        self.source.iter().flat_map(|source| source.migrations()).map(|m| m.version).max().unwrap_or_default()
    }
}
