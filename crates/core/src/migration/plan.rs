//! Where the fleet stands, and what migrating it would do.

use super::{History, MigrateRequest, MigrationStatus, Script, Source, TenantMigrations, history, script};
use crate::connection::Database;
use crate::error::WireError;
use crate::fleet::{Check, CheckLevel, Plan, PlannedSql, PlannedTenant, RunKind};
use crate::sql::{Ident, Statement};
use crate::tenant::{self, Found, Selection, TenantState};
use crate::{Error, ErrorKind, Result};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

/// A plan to migrate up, with what [`super::apply()`] needs and the window does not see.
#[derive(Debug, Clone)]
pub struct MigrationPlan {
    /// What a person reads.
    pub plan: Plan,
    /// What it was made from.
    pub request: MigrateRequest,
    pub(super) source: Source,
    pub(super) steps: HashMap<String, Steps>,
}

/// What one tenant needs.
#[derive(Debug, Clone)]
pub(super) struct Steps {
    pub(super) has_history: bool,
    pub(super) history: History,
    pub(super) versions: Vec<i64>,
}

/// The selected tenants against a source: two round trips and one more per 250 tenants.
pub async fn status(database: &Database, source: &Source, selection: &Selection) -> Result<MigrationStatus> {
    let (found, histories) = read(database).await?;
    let tenants = selection
        .of_any(&found)?
        .into_iter()
        .map(|tenant| {
            let summary = &tenant.summary;
            let empty = History::default();
            let history = histories.get(&summary.schema).unwrap_or(&empty);
            let problem = problem(tenant, histories.get(&summary.schema), source);
            TenantMigrations {
                schema: summary.schema.clone(),
                name: summary.name.clone(),
                version: history.newest(),
                applied: history.iter().map(|(version, _)| version).collect(),
                pending: source.pending(history),
                problem_version: problem.as_ref().and_then(|(version, _)| *version),
                problem: problem.map(|(_, error)| (&error).into()),
            }
        })
        .collect();
    Ok(MigrationStatus { migrations: source.migrations().iter().map(Into::into).collect(), tenants })
}

async fn read(database: &Database) -> Result<(Vec<Found>, HashMap<String, History>)> {
    let mut session = database.catalog().await?;
    let found = tenant::discover(&mut session).await?;
    let histories = history::read(&mut session, &found).await?;
    Ok((found, histories))
}

/// Why a tenant cannot be migrated with this source, and the version at fault.
fn problem(tenant: &Found, history: Option<&History>, source: &Source) -> Option<(Option<i64>, Error)> {
    let schema = tenant.summary.schema.clone();
    if tenant.has_history && history.is_none() {
        let reason = if tenant.history_readable { "it is not a history" } else { "permission denied" };
        return Some((None, ErrorKind::HistoryUnreadable { schema, reason: reason.into() }.into()));
    }
    let history = history?;
    for (version, applied) in history.iter() {
        let text = version.to_string();
        let schema = schema.clone();
        let kind = match source.get(version) {
            _ if !applied.success => ErrorKind::MigrationDirty { schema, version: text },
            None => ErrorKind::MigrationUnknown { schema, version: text },
            Some(m) if m.checksum != applied.checksum => ErrorKind::ChecksumChanged { schema, version: text },
            Some(_) => continue,
        };
        return Some((Some(version), kind.into()));
    }
    None
}

/// Reads the state and says what migrating up would do; changes nothing.
///
/// # Errors
/// What is wrong with the request; what is wrong with single tenants is in the plan.
pub async fn plan(
    database: &Database,
    source: Source,
    mut request: MigrateRequest,
    selection: &Selection,
) -> Result<MigrationPlan> {
    if let Some(to) = request.to
        && source.get(to).is_none()
    {
        let reason = format!("{} has no migration {to}", source.name());
        return Err(ErrorKind::Usage { reason }.into());
    }
    let (found, histories) = read(database).await?;
    let chosen = selection.of(&found)?;
    request.tenants = chosen.iter().map(|t| t.summary.schema.clone()).collect();
    let mut tenants = Vec::new();
    let mut steps = HashMap::new();
    let mut checks = Vec::new();
    let mut state = Sha256::new();
    let mut changed_files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for tenant in chosen {
        let schema = tenant.summary.schema.clone();
        let history = histories.get(&schema).cloned().unwrap_or_default();
        state.update(schema.as_bytes());
        for (version, applied) in history.iter() {
            state.update(version.to_be_bytes());
            state.update(&applied.checksum);
        }
        let versions: Vec<i64> =
            source.pending(&history).into_iter().filter(|v| request.to.is_none_or(|to| *v <= to)).collect();
        let problem = problem(tenant, histories.get(&schema), &source);
        if let Some((_, error)) = &problem
            && let ErrorKind::ChecksumChanged { version, .. } = error.kind()
        {
            changed_files.entry(version.clone()).or_default().push(schema.clone());
        }
        let unused = tenant.summary.state == TenantState::Inactive && selection.names.is_empty();
        let skipped = match problem {
            Some((_, error)) => Some(WireError::from(error)),
            None if unused => Some(skip("tenant_inactive", "The tenant is inactive.")),
            None if versions.is_empty() => Some(skip("up_to_date", "Nothing is pending.")),
            None => None,
        };
        let has_history = tenant.has_history;
        if !has_history && !versions.is_empty() && skipped.is_none() {
            checks.push(no_history(&schema));
        }
        tenants.push(PlannedTenant {
            schema: schema.clone(),
            name: tenant.summary.name.clone(),
            steps: if skipped.is_none() { versions.iter().map(ToString::to_string).collect() } else { Vec::new() },
            skipped,
        });
        steps.insert(schema, Steps { has_history, history, versions });
    }
    summarise_no_history(&mut checks);
    for (version, schemas) in &changed_files {
        let file = version.parse().ok().and_then(|v| source.get(v)).map_or(version.as_str(), |m| m.file.as_str());
        checks.push(Check::new(
            CheckLevel::Stop,
            "checksum_changed",
            format!(
                "{file} was changed after {} had applied it. Applied migrations are never edited.",
                some_of(schemas)
            ),
            &[("file", file.to_owned()), ("tenants", some_of(schemas)), ("version", version.clone())],
        ));
    }
    for migration in source.migrations().iter().filter(|m| m.down.is_none()) {
        checks.push(Check::new(
            CheckLevel::Warning,
            "down_file_missing",
            format!("{} has no down file: it cannot be undone by Cadastre.", migration.file),
            &[("file", migration.file.clone())],
        ));
    }
    let statements = statements(&source, &tenants, &steps, &request)?;
    let changes = tenants.iter().filter(|t| t.skipped.is_none()).count();
    if changed_files.is_empty() {
        checks.insert(
            0,
            Check::new(
                CheckLevel::Ok,
                "checksums_equal",
                "What the tenants have applied equals the files.",
                &[("tenants", changes.to_string())],
            ),
        );
    }
    let plan = Plan {
        id: uuid::Uuid::new_v4().simple().to_string(),
        kind: RunKind::MigrateUp,
        tenants,
        statements,
        checks,
        fingerprint: history::hex(&state.finalize()),
    };
    Ok(MigrationPlan { plan, request, source, steps })
}

/// The same steps make the same SQL, so tenants are grouped by their steps.
fn statements(
    source: &Source,
    tenants: &[PlannedTenant],
    steps: &HashMap<String, Steps>,
    request: &MigrateRequest,
) -> Result<Vec<PlannedSql>> {
    let mut groups: Vec<(&[String], bool, &str, u32)> = Vec::new();
    for tenant in tenants.iter().filter(|t| t.skipped.is_none()) {
        let has_history = steps[&tenant.schema].has_history;
        match groups.iter_mut().find(|(s, h, ..)| *s == tenant.steps && *h == has_history) {
            Some(group) => group.3 += 1,
            None => groups.push((&tenant.steps, has_history, &tenant.schema, 1)),
        }
    }
    groups
        .into_iter()
        .map(|(versions, has_history, schema, tenants)| {
            let ident = Ident::new(schema)?;
            let mut shown = Script::new();
            for (index, version) in versions.iter().filter_map(|v| v.parse().ok()).enumerate() {
                let Some(migration) = source.get(version) else { continue };
                let search_path = script::set_search_path(&ident, &source.header().search_path)?;
                let begin = Statement::of(format_args!(
                    "begin;\nset local lock_timeout = '{}ms';\n{search_path}",
                    request.lock_timeout_ms
                ));
                if !migration.no_transaction() {
                    shown.statement(&begin);
                }
                if index == 0 && !has_history {
                    shown.statement(&create_history(&ident)?);
                }
                shown.file(&migration.file, &migration.up);
                shown.statement(&record(&ident, migration, "…")?);
                if !migration.no_transaction() {
                    shown.statement(&Statement::of(format_args!("commit;\n")));
                }
            }
            Ok(PlannedSql { schema: schema.to_owned(), tenants, sql: shown.text().to_owned() })
        })
        .collect()
}

/// sqlx's history table, in the tenant's schema.
pub(crate) fn create_history(schema: &Ident) -> Result<Statement> {
    let table = schema.qualify(&Ident::new("_sqlx_migrations")?);
    Ok(Statement::of(format_args!(
        "create table if not exists {table} (\n    version bigint primary key,\n    description text not null,\n    \
         installed_on timestamptz not null default now(),\n    success boolean not null,\n    checksum bytea not null,\n    \
         execution_time bigint not null\n);"
    )))
}

/// The history row of a migration; `time` is its duration in nanoseconds.
pub(crate) fn record(schema: &Ident, migration: &super::Migration, time: &str) -> Result<Statement> {
    let table = schema.qualify(&Ident::new("_sqlx_migrations")?);
    Ok(Statement::of(format_args!(
        "insert into {table} (version, description, success, checksum, execution_time)\nvalues ({}, {}, true, '\\x{}', {time});",
        migration.version,
        crate::sql::literal(&migration.description),
        history::hex(&migration.checksum),
    )))
}

fn skip(code: &str, message: &str) -> WireError {
    WireError {
        code: code.into(),
        params: BTreeMap::new(),
        message: message.into(),
        detail: None,
        hint: None,
        sqlstate: None,
        causes: Vec::new(),
    }
}

fn no_history(schema: &str) -> Check {
    Check::new(CheckLevel::Warning, "no_history", String::new(), &[("tenants", schema.to_owned())])
}

/// One finding for all tenants without a history instead of one each.
fn summarise_no_history(checks: &mut Vec<Check>) {
    let schemas: Vec<String> =
        checks.iter().filter(|c| c.code == "no_history").map(|c| c.params["tenants"].clone()).collect();
    checks.retain(|c| c.code != "no_history");
    if !schemas.is_empty() {
        let tenants = some_of(&schemas);
        checks.push(Check::new(
            CheckLevel::Warning,
            "no_history",
            format!("No migration history yet: {tenants}. Every migration is applied from the first."),
            &[("tenants", tenants.clone())],
        ));
    }
}

/// The first three names, and how many more.
fn some_of(names: &[String]) -> String {
    let shown = names.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > 3 { format!("{shown} and {} more", names.len() - 3) } else { shown }
}
