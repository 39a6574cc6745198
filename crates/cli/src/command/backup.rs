//! `cadastre backup …`

use super::shown;
use crate::arguments::{Backup as Command, Select};
use crate::context::Context;
use crate::{output, progress};
use cadastre_core::backup::{self, Archive, Backup, BackupPlan, BackupRequest, ReturnPlan, ReturnReport};
use cadastre_core::connection::Database;
use cadastre_core::fleet::{Plan, RunKind, RunSummary};
use cadastre_core::local::Settings;
use cadastre_core::tenant::Selection;
use cadastre_core::{Error, ErrorKind, Result};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

pub async fn run(context: &Context, command: Command) -> Result<u8> {
    match command {
        Command::Create { to, no_verify, select } => create(context, to, !no_verify, &select).await,
        Command::List { from } => list(context, from).await,
        Command::Verify { backup, from } => {
            let archive = archive(context, &backup, from).await?;
            let database = context.database().await?;
            let plan = backup::plan_verify(&context.home, &database, archive).await?;
            carry_out(context, &database, plan).await
        }
        Command::Restore { backup, new_name, from } => {
            let archive = archive(context, &backup, from).await?;
            let database = context.database().await?;
            let plan = backup::plan_restore(&context.home, &database, archive, new_name.as_deref()).await?;
            carry_out(context, &database, plan).await
        }
    }
}

async fn create(context: &Context, to: String, verify: bool, select: &Select) -> Result<u8> {
    let selection = Selection::from(select);
    if !selection.is_said() {
        return Err(ErrorKind::NothingSelected.into());
    }
    let database = context.database().await?;
    let request = BackupRequest { folder: to, verify };
    let plan = backup::plan(&context.home, &database, request, &selection).await?.with_jobs(context.common.jobs);
    if context.common.dry_run {
        return show(context, &plan.plan);
    }
    make(context, &database, plan).await
}

/// Goes on with a backup that was interrupted.
pub async fn resume(context: &Context, database: &Database, id: &str) -> Result<u8> {
    let plan = backup::plan_resume(&context.home, database, id).await?.with_jobs(context.common.jobs);
    if context.common.dry_run {
        return show(context, &plan.plan);
    }
    make(context, database, plan).await
}

async fn make(context: &Context, database: &Database, plan: BackupPlan) -> Result<u8> {
    let (to, verify) = (plan.request().folder.clone(), plan.request().verify);
    let making = backup::apply(&context.home, database, plan).await?;
    let summary = progress::follow(&making.run, context.common.json).await;
    let backups = making.backups();
    if !backups.is_empty() {
        remember(context, &to).await;
    }
    if context.common.json {
        output::json(&made(&backups, &summary, &to, verify)?)?;
    } else {
        for backup in &backups {
            let proven = if backup.verified { "verified" } else { "not verified" };
            let (rows, bytes) = (output::figure(backup.rows as i64, false), output::bytes(backup.bytes as i64));
            output::line(&format!("{} ({rows} rows, {bytes}, {proven})", output::clean(&backup.path)));
        }
        output::summary(&summary, "backed up");
    }
    Ok(output::run_code(&summary))
}

/// One tenant's backup is named by itself, that of several by their run.
fn made(backups: &[Backup], summary: &RunSummary, folder: &str, verify: bool) -> Result<Value> {
    let tenants: Vec<&str> = backups.iter().flat_map(|b| &b.tenants).map(String::as_str).collect();
    let (id, path) = match (backups, summary.tenants.as_slice()) {
        ([one], [_]) => (Some(one.id.as_str()), one.path.as_str()),
        ([], _) => (None, folder),
        _ => (Some(summary.run.as_str()), folder),
    };
    let verified = verify && !backups.is_empty() && backups.iter().all(|b| b.verified);
    Ok(json!({
        "id": id,
        "path": path,
        "kind": "archive",
        "tenants": tenants,
        "verified": verified,
        "backups": backups,
        "run": summary,
    }))
}

async fn list(context: &Context, from: Option<String>) -> Result<u8> {
    let Some(folder) = folder(context, from).await? else {
        let reason = "No folder was named, and no backup was made on this computer yet: say --from DIR.".into();
        return Err(ErrorKind::Usage { reason }.into());
    };
    let backups = backup::list(&folder)?;
    if context.common.json {
        output::json(&backups)?;
        return Ok(0);
    }
    if backups.is_empty() {
        output::note("There is no backup in this folder.");
        return Ok(0);
    }
    output::table(
        &["BACKUP", "TENANT", "CREATED", "ROWS", "SIZE", "VERIFIED"],
        &[3, 4],
        backups.iter().map(|backup| {
            let state = match (&backup.problem, backup.verified) {
                (Some(problem), _) => problem.message.clone(),
                (None, true) => "yes".into(),
                (None, false) => "no".into(),
            };
            vec![
                backup.id.clone(),
                backup.tenants.join(", "),
                backup.created.clone(),
                output::figure(backup.rows as i64, false),
                output::bytes(backup.bytes as i64),
                state,
            ]
        }),
    );
    Ok(0)
}

/// The backup that a person names.
async fn archive(context: &Context, name: &str, from: Option<String>) -> Result<Archive> {
    let folder = folder(context, from).await?;
    backup::find(name, folder.as_deref())
}

async fn folder(context: &Context, from: Option<String>) -> Result<Option<PathBuf>> {
    match from {
        Some(folder) => Ok(Some(PathBuf::from(folder))),
        None => Ok(Settings::load(&context.home).await?.backup_folder.map(PathBuf::from)),
    }
}

/// The next `backup list` looks there. The backup is made, whether this works or not.
async fn remember(context: &Context, folder: &str) {
    let absolute = std::path::absolute(Path::new(folder)).map(|path| path.display().to_string());
    if let (Ok(folder), Ok(mut settings)) = (absolute, Settings::load(&context.home).await) {
        settings.backup_folder = Some(folder);
        let _ = settings.save(&context.home).await;
    }
}

fn show(context: &Context, plan: &Plan) -> Result<u8> {
    if context.common.json {
        output::json(plan)?;
    } else {
        output::plan(plan);
    }
    Ok(shown(plan))
}

/// Shows a plan to bring a tenant back, or carries it out.
async fn carry_out(context: &Context, database: &Database, plan: ReturnPlan) -> Result<u8> {
    if context.common.dry_run {
        return show(context, &plan.plan);
    }
    let kind = plan.plan.kind;
    let tenants: Vec<String> = plan.plan.tenants.iter().map(|tenant| tenant.schema.clone()).collect();
    let making = backup::apply_return(&context.home, database, plan).await?;
    let summary = progress::follow(&making.run, context.common.json).await;
    let (backup, report) = (making.backup(), making.report());
    if context.common.json {
        output::json(&returned(&backup, &tenants, report.as_ref(), &summary)?)?;
    } else {
        if let Some(report) = &report {
            tell(report);
        }
        output::summary(&summary, if kind == RunKind::Restore { "restored" } else { "verified" });
    }
    Ok(output::run_code(&summary))
}

fn returned(backup: &Backup, tenants: &[String], report: Option<&ReturnReport>, summary: &RunSummary) -> Result<Value> {
    let unwritten =
        |e| Error::new(ErrorKind::Internal { what: "the answer cannot be written as JSON".into() }).source(e);
    let mut document = json!({
        "id": backup.id,
        "path": backup.path,
        "kind": backup.kind,
        "tenants": tenants,
        "verified": report.is_some(),
        "run": summary,
    });
    let found = report.map(serde_json::to_value).transpose().map_err(unwritten)?;
    if let (Some(Value::Object(found)), Some(document)) = (found, document.as_object_mut()) {
        document.extend(found);
    }
    if let Some(report) = report {
        document["remarks"] = output::remarks(&report.remarks);
    }
    if let Some(error) = summary.tenants.iter().find_map(|tenant| tenant.error.as_ref()) {
        document["error"] = serde_json::to_value(error).map_err(unwritten)?;
    }
    Ok(document)
}

fn tell(report: &ReturnReport) {
    let rows: u64 = report.tables.iter().map(|table| table.rows).sum();
    let (tables, rows) = (report.tables.len(), output::figure(rows as i64, false));
    let structure = if report.shape_compared { "Structure, sequences" } else { "Sequences" };
    output::line(&format!("{structure} and {rows} rows in {tables} tables are what they were."));
    if !report.shape_compared {
        output::note("The structure was not compared: the archive comes from another major version of PostgreSQL.");
    }
    report.remarks.iter().for_each(|remark| output::note(&output::clean(&remark.to_string())));
    for left in &report.left {
        output::note(&output::clean(&format!("Left out, since this server or role does not have it: {left}")));
    }
    if !report.grants_equal {
        output::note("Grants are not what they were.");
    }
    for routine in &report.mentions {
        output::note(&output::clean(&format!("Names the old schema in its text, which stays as it is: {routine}")));
    }
}
