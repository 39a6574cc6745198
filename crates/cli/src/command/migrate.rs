//! `cadastre migrate …`

use super::{can_ask, confirm, finish, rehearsed, shown};
use crate::arguments::{Migrate, MigrateFleet, OnError, Select};
use crate::context::Context;
use crate::output::{self, Intent};
use crate::progress;
use cadastre_core::Result;
use cadastre_core::connection::Database;
use cadastre_core::migration::{self, Direction, FindingLevel, MigrateRequest, MigrationPlan, MigrationStatus, Source};
use cadastre_core::tenant::Selection;
use serde::Serialize;

pub async fn run(context: &Context, command: Migrate) -> Result<u8> {
    match command {
        Migrate::New { description, dir } => new(context, &description, &dir),
        Migrate::Check { dir, strict } => check(context, &dir, strict),
        Migrate::Status { dir, select } => status(context, &dir, &select).await,
        Migrate::Up { to, allow_drift, migrate } => fleet(context, Direction::Up, to, allow_drift, migrate).await,
        Migrate::Down { to, migrate } => fleet(context, Direction::Down, to, false, migrate).await,
    }
}

fn new(context: &Context, description: &str, dir: &str) -> Result<u8> {
    if context.common.dry_run {
        let files = migration::new_files(std::path::Path::new(dir), description)?;
        let would: Vec<Intent> = files.into_iter().map(|subject| Intent { action: "write_file", subject }).collect();
        output::intents(&would, context.common.json)?;
        return Ok(0);
    }
    let files = migration::create_files(std::path::Path::new(dir), description)?;
    if context.common.json {
        output::json(&serde_json::json!({ "files": files }))?;
    } else {
        files.iter().for_each(|file| output::line(file));
    }
    Ok(0)
}

/// Exit code 1 when a finding is an error.
fn check(context: &Context, dir: &str, strict: bool) -> Result<u8> {
    let source = Source::open(dir)?;
    let findings = migration::check(&source, strict);
    let errors = findings.iter().filter(|f| f.level == FindingLevel::Error).count();
    if context.common.json {
        let migrations: Vec<_> = source
            .migrations()
            .iter()
            .map(|m| serde_json::json!({ "version": m.version, "description": m.description, "file": m.file }))
            .collect();
        output::json(&serde_json::json!({ "migrations": migrations, "findings": findings }))?;
    } else {
        for f in &findings {
            let level = if f.level == FindingLevel::Error { "error" } else { "warning" };
            output::line(&format!("{}:{}: {level}: {} ({})", f.file, f.line, f.message, f.rule));
        }
        let warnings = findings.len() - errors;
        output::line(&format!("{} migrations, {errors} errors, {warnings} warnings", source.migrations().len()));
    }
    Ok(u8::from(errors > 0))
}

/// The status without the text of the files.
#[derive(Serialize)]
struct StatusDocument<'a> {
    migrations: Vec<MigrationLine<'a>>,
    tenants: &'a [migration::TenantMigrations],
}

#[derive(Serialize)]
struct MigrationLine<'a> {
    version: i64,
    description: &'a str,
    checksum: &'a str,
    reversible: bool,
}

async fn status(context: &Context, dir: &str, select: &Select) -> Result<u8> {
    let source = Source::open(dir)?;
    let database = context.database().await?;
    let status = migration::status(&database, &source, &Selection::from(select)).await?;
    if context.common.json {
        output::json(&document(&status))?;
        return Ok(0);
    }
    output::table(
        &["SCHEMA", "VERSION", "APPLIED", "PENDING", "PROBLEM"],
        &[2, 3],
        status.tenants.iter().map(|t| {
            vec![
                t.schema.clone(),
                t.version.map(|v| v.to_string()).or_else(|| t.place.clone()).unwrap_or_else(|| "–".into()),
                t.applied.len().to_string(),
                t.pending.len().to_string(),
                problems(t).join(" "),
            ]
        }),
    );
    let behind = status.tenants.iter().filter(|t| !t.pending.is_empty()).count();
    let problems = status.tenants.iter().filter(|t| t.problem.is_some()).count();
    output::note(&format!("{} tenants, {behind} behind, {problems} with a problem", status.tenants.len()));
    for migration in &status.migrations {
        let tenants = status.tenants.iter().filter(|t| t.line_endings.contains(&migration.version)).count();
        if tenants > 0 {
            let what = "applied with other line endings than the file has now; the SQL is the same";
            output::note(&format!("{} {}: {tenants} tenants, {what}", migration.version, migration.description));
        }
    }
    Ok(0)
}

/// What is wrong with a tenant, in sentences.
fn problems(tenant: &migration::TenantMigrations) -> Vec<String> {
    let problem = tenant.problem.iter().map(|problem| problem.message.clone());
    let invalid = tenant.invalid_indexes.iter();
    problem.chain(invalid.map(|index| format!("The index {} of {} is not valid.", index.name, index.table))).collect()
}

fn document(status: &MigrationStatus) -> StatusDocument<'_> {
    let migrations = status.migrations.iter().map(|m| MigrationLine {
        version: m.version,
        description: &m.description,
        checksum: &m.checksum,
        reversible: m.reversible,
    });
    StatusDocument { migrations: migrations.collect(), tenants: &status.tenants }
}

async fn fleet(
    context: &Context,
    direction: Direction,
    to: Option<i64>,
    allow_drift: bool,
    arguments: MigrateFleet,
) -> Result<u8> {
    let request = MigrateRequest {
        source: arguments.dir,
        tenants: Vec::new(),
        direction,
        to,
        jobs: context.common.jobs,
        continue_on_error: arguments.on_error == OnError::Continue,
        lock_timeout_ms: arguments.lock_timeout,
        retries: Some(arguments.retries),
        canaries: arguments.canary,
        ask_after_canaries: arguments.canary > 0 && can_ask(context),
        allow_drift,
    };
    let source = Source::open(&request.source)?;
    let database = context.database().await?;
    let plan = migration::plan(&database, source, request, &Selection::from(&arguments.select)).await?;
    if let Some(expected) = &arguments.plan {
        migration::require_fingerprint(&plan.plan, expected)?;
    }
    if arguments.rehearse {
        return rehearse(context, &database, &plan).await;
    }
    carry_out(context, &database, plan).await
}

async fn rehearse(context: &Context, database: &Database, plan: &MigrationPlan) -> Result<u8> {
    let rehearsal = migration::rehearse(&context.home, database, plan).await?;
    if context.common.json {
        output::json(&rehearsal)?;
    } else {
        rehearsed::print(&rehearsal);
    }
    Ok(rehearsal.exit_code())
}

/// Shows a plan, or applies it. Whatever reverts migrations may lose data, and asks first.
pub async fn carry_out(context: &Context, database: &Database, plan: MigrationPlan) -> Result<u8> {
    if context.common.dry_run {
        if context.common.json {
            output::json(&plan.plan)?;
        } else {
            output::plan(&plan.plan);
        }
        return Ok(shown(&plan.plan));
    }
    database.require_writable("migrate")?;
    let down = plan.request.direction == Direction::Down;
    let count = plan.plan.tenants.iter().filter(|t| t.skipped.is_none()).count();
    if down && count > 0 {
        confirm(context, &format!("Revert migrations of {count} tenants? What only they hold is lost."))?;
    }
    let run = migration::apply(&context.home, database, plan).await?;
    let summary = progress::follow(&run, context.common.json).await;
    finish(context, &summary, if down { "reverted" } else { "migrated" })
}
