//! `cadastre run …`

use super::migrate::carry_out;
use crate::arguments::Run;
use crate::context::Context;
use crate::output;
use cadastre_core::fleet::{self, Outcome, RunKind, TenantOutcome};
use cadastre_core::health::maintain;
use cadastre_core::{Result, migration, misplaced, tenant};

pub async fn run(context: &Context, command: Run) -> Result<u8> {
    match command {
        Run::List => list(context).await,
        Run::Show { id } => show(context, &id).await,
        Run::Resume { id, allow_drift } => {
            let database = context.database().await?;
            match fleet::show(&context.home, &id).await?.kind {
                RunKind::Create => {
                    let plan = tenant::plan_create_resume(&context.home, &database, &id).await?;
                    super::tenant::carry_out(context, &database, plan).await
                }
                RunKind::Export => super::export::resume(context, &database, &id).await,
                RunKind::Backup => super::backup::resume(context, &database, &id).await,
                RunKind::Maintain | RunKind::Check => super::maintain::resume(context, &database, &id).await,
                _ => {
                    let plan = migration::plan_resume(&context.home, &database, &id, allow_drift).await?;
                    carry_out(context, &database, plan).await
                }
            }
        }
        Run::Undo { id } => {
            let database = context.database().await?;
            if fleet::show(&context.home, &id).await?.kind == RunKind::Move {
                let plan = misplaced::plan_back(&context.home, &database, &id).await?;
                return super::misplaced::carry_out(context, &database, plan).await;
            }
            let plan = migration::plan_undo(&context.home, &database, &id).await?;
            carry_out(context, &database, plan).await
        }
    }
}

async fn list(context: &Context) -> Result<u8> {
    let runs = fleet::list(&context.home).await?;
    if context.common.json {
        output::json(&runs)?;
        return Ok(0);
    }
    output::table(
        &["RUN", "KIND", "DATABASE", "STARTED", "STATE", "DONE", "SKIPPED", "FAILED", "CANCELLED", "NOT STARTED"],
        &[5, 6, 7, 8, 9],
        runs.iter().map(|r| {
            let state = match (r.running, r.stopped) {
                (true, _) => "running".to_owned(),
                (false, None) => "ended".to_owned(),
                (false, Some(why)) => output::stopped(why).to_owned(),
            };
            let run = r.run.chars().take(8).collect();
            let mut cells = vec![run, r.kind.name().to_owned(), r.database.clone(), r.started_at.clone(), state];
            cells.extend([r.done, r.skipped, r.failed, r.cancelled, r.not_started].map(|n| n.to_string()));
            cells
        }),
    );
    Ok(0)
}

async fn show(context: &Context, id: &str) -> Result<u8> {
    let summary = fleet::show(&context.home, id).await?;
    let written = |tenant: &TenantOutcome| fleet::output(&context.home, &summary.run, &tenant.schema);
    if context.common.json {
        let mut document = serde_json::to_value(&summary).unwrap_or_default();
        let tenants = document["tenants"].as_array_mut().into_iter().flatten();
        for (shown, tenant) in tenants.zip(&summary.tenants) {
            if let Some(text) = written(tenant) {
                shown["output"] = text.into();
            }
            if let Some(report) = maintain::report(&context.home, &summary.run, &tenant.schema) {
                shown["report"] = serde_json::to_value(report).unwrap_or_default();
            }
        }
        output::json(&document)?;
        return Ok(0);
    }
    output::table(
        &["SCHEMA", "OUTCOME", "MS", "TRIES", "DETAIL"],
        &[2, 3],
        summary.tenants.iter().map(|t| {
            let detail = t.error.as_ref().map(|e| e.message.clone()).or_else(|| t.detail.clone());
            let outcome = format!("{:?}", t.outcome).to_lowercase();
            let (duration, attempts) = (t.duration_ms.to_string(), t.attempts.to_string());
            vec![t.schema.clone(), outcome, duration, attempts, detail.unwrap_or_default()]
        }),
    );
    let reports = summary.tenants.iter().filter_map(|t| maintain::report(&context.home, &summary.run, &t.schema));
    let reports: Vec<_> = reports.collect();
    super::maintain::print(&reports, reports.len() == 1);
    for tenant in summary.tenants.iter().filter(|t| matches!(t.outcome, Outcome::Failed | Outcome::Cancelled)) {
        let Some(text) = written(tenant) else { continue };
        output::line(&format!("\n-- {}", output::clean(&tenant.schema)));
        // Line by line: what a program writes for a terminal is not for this one.
        text.lines().for_each(|line| output::line(&output::clean(line)));
    }
    Ok(0)
}
