//! New tenants: checked names, plan shown as SQL, one transaction each, all or nothing.

use super::creation::{Create, require_creatable, script};
use super::list_file::Listed;
use super::name::check_schema_names;
use super::{CreateRequest, derive_schema_name};
use crate::access::{self, Kept};
use crate::connection::{Database, Secrets, server_identity};
use crate::error::WireError;
use crate::fleet::{
    self, Check, CheckLevel, PastRun, Plan, PlannedSql, PlannedTenant, RunHandle, RunKind, RunOptions, RunRecord,
    Target,
};
use crate::local::Home;
use crate::migration::{self, Source};
use crate::registry::{self, Assignment, NewEntry};
use crate::sql::Statement;
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
    has_registry: bool,
    jobs: Option<u16>,
    stop_on_error: bool,
    resumes: Option<PastRun>,
    secrets: Option<Secrets>,
}

/// A tenant to be created, as its checks found it.
#[derive(Debug, Clone)]
pub(super) struct New {
    pub request: CreateRequest,
    pub source: Option<Arc<Source>>,
    /// Its entry in the registry, where there is one to write to.
    pub entry: Option<NewEntry>,
}

/// A request whose names are good.
struct Checked {
    schema: String,
    assignments: Vec<Assignment>,
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
        Self {
            plan,
            tenants: HashMap::new(),
            sources: HashMap::new(),
            has_registry: false,
            jobs: None,
            stop_on_error,
            resumes: None,
            secrets: None,
        }
    }

    /// Where the passwords of new roles are kept.
    pub fn with_secrets(mut self, secrets: &Secrets) -> Self {
        self.secrets = Some(secrets.clone());
        self
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

    /// Adds a tenant whose names are good.
    fn add(&mut self, checked: Checked, request: CreateRequest, source: Option<Arc<Source>>) {
        let Checked { schema, assignments } = checked;
        let schema = schema.as_str();
        let entry = self.has_registry.then(|| NewEntry {
            schema: schema.to_owned(),
            name: request.name.trim().to_owned(),
            state: "active",
            template: request.template.as_ref().map(|_| ()).and(source.as_ref()).map(|s| s.name().to_owned()),
            role: request.role.as_ref().map(|role| role.name(schema).to_owned()),
            assignments,
        });
        let steps = source.iter().flat_map(|source| source.migrations()).map(|m| m.version.to_string()).collect();
        let name = request.name.trim().to_owned();
        self.plan.tenants.push(PlannedTenant::new(schema, name, steps));
        self.tenants.insert(schema.to_owned(), New { request, source, entry });
    }

    /// The SQL, once for each template: the tenants of one get the same in their own schema. The fingerprint is that of the
    /// database, the names and the SQL.
    async fn show_statements(&mut self, database: &Database) -> Result<()> {
        let mut state = Sha256::new();
        state.update(server_identity(&mut *database.catalog().await?).await?);
        let mut alike: HashMap<(Option<&str>, bool), usize> = HashMap::new();
        let mut statements: Vec<PlannedSql> = Vec::new();
        for tenant in self.plan.tenants.iter().filter(|tenant| tenant.skipped.is_none()) {
            let Some(new) = self.tenants.get(&tenant.schema) else { continue };
            let template = new.request.template.as_deref();
            for text in [&tenant.schema, &tenant.name, template.unwrap_or_default()] {
                state.update(text);
                state.update([0]);
            }
            // With an entry of its own each tenant gets other statements; of many the first is shown.
            let kind = (template, new.request.role.is_some());
            let own = new.statements(&tenant.schema, &database.server().database, None, true)?;
            state.update(own.text());
            if let Some(index) = alike.get(&kind) {
                statements[*index].tenants += 1;
                if statements[*index].names.len() < PlannedSql::NAMED {
                    statements[*index].names.push(tenant.schema.clone());
                }
                continue;
            }
            alike.insert(kind, statements.len());
            let script = script(&tenant.schema, &tenant.name, new.source.as_deref())?;
            let sql = format!("{}{own}", script.text());
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
    plan.has_registry = has_registry(database).await?;
    for (request, checked) in checked(database, requests).await? {
        let (checked, source) = (checked?, request.template.clone());
        let source = source.map(|template| plan.source(&template)).transpose()?;
        plan.add(checked, request, source);
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
    plan.has_registry = has_registry(database).await?;
    let good = lines.iter().filter_map(|line| line.request.as_ref().ok().cloned()).collect();
    let mut verdicts = checked(database, good).await?;
    for Listed { line, request } in lines {
        let shown = request.as_ref().map(|request| request.name.trim().to_owned()).unwrap_or_default();
        let verdict = request.and_then(|_| {
            let (request, checked) = verdicts.next().ok_or_else(nothing)?;
            let source = request.template.clone().map(|template| plan.source(&template)).transpose();
            Ok((checked?, source?, request))
        });
        match verdict {
            Ok((checked, source, request)) => plan.add(checked, request, source),
            Err(reason) => {
                let reason = WireError::from(reason);
                let level = if continue_on_error { CheckLevel::Warning } else { CheckLevel::Stop };
                let params = [("line", line.to_string()), ("reason", reason.message.clone())];
                let message = format!("Line {line}: {}", reason.message);
                plan.plan.checks.push(Check::new(level, "line_refused", message, &params));
                plan.plan.tenants.push(PlannedTenant {
                    skipped: Some(reason),
                    ..PlannedTenant::new(format!("line {line}"), shown, Vec::new())
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
    let record: Option<Record> = serde_json::from_str(&past.record.request).ok();
    let sources: Option<HashMap<String, Source>> =
        past.record.source.as_deref().and_then(|source| serde_json::from_str(source).ok());
    let (Some(record), Some(sources)) = (record, sources) else {
        return Err(past.not_resumable("its record does not say what it was to create"));
    };
    require_permission(database)?;
    let mut plan = CreatePlan::new(record.stop_on_error);
    plan.has_registry = has_registry(database).await?;
    plan.sources = sources.into_iter().map(|(name, source)| (name, Arc::new(source))).collect();
    let mut requests: HashMap<String, CreateRequest> = record.tenants.into_iter().collect();
    let mut refused = 0;
    for schema in past.left() {
        // A line that was not good names nothing to create.
        let Some(request) = requests.remove(&schema) else {
            refused += 1;
            continue;
        };
        let source = match &request.template {
            Some(template) => Some(
                plan.sources
                    .get(template)
                    .cloned()
                    .ok_or_else(|| past.not_resumable("a template is not in its record"))?,
            ),
            None => None,
        };
        let checked = Checked { schema, assignments: assignments(&request)? };
        plan.add(checked, request, source);
    }
    if plan.tenants.is_empty() {
        return Err(past.not_resumable(match refused {
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

/// There is a registry that this role may write to.
async fn has_registry(database: &Database) -> Result<bool> {
    Ok(registry::state_in(&mut *database.catalog().await?).await?.writable)
}

/// What a request says of the tenant's entry.
fn assignments(request: &CreateRequest) -> Result<Vec<Assignment>> {
    let mut assignments = Vec::new();
    for (field, value) in &request.fields {
        assignments.push(registry::parse_assignment(field, value)?);
    }
    for domain in &request.domains {
        assignments.push(Assignment::AddDomain(registry::normalise_domain(domain)?));
    }
    for module in &request.modules {
        assignments.push(registry::parse_module(module)?);
    }
    Ok(assignments)
}

/// Each request with its schema and the changes of its entry, or with what is wrong with it; a fixed number of questions to the
/// server for all of them.
async fn checked(
    database: &Database,
    requests: Vec<CreateRequest>,
) -> Result<impl Iterator<Item = (CreateRequest, Result<Checked>)> + use<>> {
    let wanted: Vec<Result<Checked>> = requests
        .iter()
        .map(|request| {
            let schema = match (&request.schema, request.name.trim()) {
                (_, "") => return Err(ErrorKind::NameEmpty.into()),
                (Some(schema), _) => schema.clone(),
                (None, name) => derive_schema_name(name)?,
            };
            Ok(Checked { assignments: assignments(request)?, schema })
        })
        .collect();
    let names: Vec<String> = wanted.iter().flatten().map(|checked| checked.schema.clone()).collect();
    let mut session = database.catalog().await?;
    let mut verdicts = check_schema_names(&mut session, &names).await?.into_iter();
    let role = |request: &CreateRequest, schema: &str| request.role.as_ref().map(|role| role.name(schema).to_owned());
    let roles: Vec<String> = wanted
        .iter()
        .zip(&requests)
        .filter_map(|(checked, request)| role(request, &checked.as_ref().ok()?.schema))
        .collect();
    let there = access::found_roles(&mut session, &roles).await?;
    let state = registry::state_in(&mut session).await?;
    let mut domains = registry::domains(&mut session).await?;
    let may_create_roles = database.server().can_create_role;
    let (mut seen, mut seen_roles) = (HashSet::new(), HashSet::new());
    let mut checked = Vec::new();
    for (wanted, request) in wanted.into_iter().zip(&requests) {
        checked.push((|| {
            let wanted = wanted?;
            verdicts.next().unwrap_or_else(|| Err(nothing()))?;
            let schema = &wanted.schema;
            if !seen.insert(schema.clone()) {
                return Err(ErrorKind::SchemaNameTaken { name: schema.clone(), existing: schema.clone() }.into());
            }
            if let Some(role) = &request.role {
                role.check(schema)?;
                let name = role.name(schema).to_owned();
                match there.contains_key(&name) {
                    true if !role.existing => return Err(ErrorKind::RoleTaken { role: name }.into()),
                    false if role.existing => return Err(ErrorKind::RoleMissing { role: name }.into()),
                    _ if role.existing => {}
                    _ if !may_create_roles => {
                        let role = database.server().role.clone();
                        return Err(ErrorKind::PermissionDenied { role, action: "create roles".into() }.into());
                    }
                    _ if !seen_roles.insert(name.clone()) => return Err(ErrorKind::RoleTaken { role: name }.into()),
                    _ => {}
                }
            }
            if !wanted.assignments.is_empty() && !state.readable {
                return Err(ErrorKind::RegistryMissing.into());
            }
            if !wanted.assignments.is_empty() && !state.writable {
                let role = database.server().role.clone();
                return Err(ErrorKind::PermissionDenied { role, action: "change the registry".into() }.into());
            }
            for assignment in &wanted.assignments {
                let Assignment::AddDomain(domain) = assignment else { continue };
                if let Some(tenant) = domains.insert(domain.clone(), schema.clone()) {
                    return Err(ErrorKind::DomainTaken { domain: domain.clone(), tenant }.into());
                }
            }
            Ok(wanted)
        })());
    }
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
    let CreatePlan { plan, tenants, sources, jobs, stop_on_error, resumes, secrets, .. } = plan;
    let kept = if tenants.values().any(New::makes_password) {
        let secrets = secrets.ok_or_else(|| ErrorKind::Internal { what: "no keyring was given".into() })?;
        let kept = Kept::of(home, &secrets, database).await?;
        kept.require().await?;
        Some(kept)
    } else {
        None
    };
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
    let operation = Arc::new(Create { tenants, kept });
    match resumes {
        Some(past) => fleet::resume(home, database, operation, past, targets, options).await,
        None => fleet::start(home, database, operation, targets, options).await,
    }
}

impl New {
    /// A role is made that can connect.
    pub fn makes_password(&self) -> bool {
        self.request.role.as_ref().is_some_and(|role| role.login && !role.existing)
    }

    /// What follows the schema and its objects in the same transaction: the role with its rights, and the entry. `shown` leaves out
    /// what nobody reads in a plan.
    pub fn statements(&self, schema: &str, database: &str, verifier: Option<&str>, shown: bool) -> Result<Statement> {
        let mut sql = Statement::new();
        if let Some(role) = &self.request.role {
            let has_history = self.source.as_ref().is_some_and(|source| source.migrator().is_none());
            let statements = access::role_statements(schema, database, role, verifier, has_history)?;
            sql.push(format_args!("{statements}"));
        }
        if let Some(entry) = &self.entry {
            if !shown {
                sql.push(format_args!("{}\n", registry::person_setting()));
            }
            sql.push(format_args!("{}\n", entry.statements(shown)));
            let counted = self.source.as_ref().filter(|source| source.is_folder());
            if let Some((source, table)) = counted.and_then(|s| Some((s, s.header().people.as_deref()?))) {
                sql.push(format_args!("{}\n", registry::people_setting(source.name(), table)));
            }
        }
        Ok(sql)
    }

    /// The newest version, which stands for the whole creation where its commit is noted.
    pub fn newest(&self) -> i64 {
        self.source.iter().flat_map(|source| source.migrations()).map(|m| m.version).max().unwrap_or_default()
    }
}
