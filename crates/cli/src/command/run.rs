//! `cadastre run …`

use super::migrate::carry_out;
use crate::arguments::Run;
use crate::context::Context;
use crate::output;
use cadastre_core::{Result, fleet, migration};

pub async fn run(context: &Context, command: Run) -> Result<u8> {
    match command {
        Run::List => list(context).await,
        Run::Show { id } => show(context, &id).await,
        Run::Resume { id, allow_drift } => {
            let database = context.database().await?;
            let plan = migration::plan_resume(&context.home, &database, &id, allow_drift).await?;
            carry_out(context, &database, plan).await
        }
        Run::Undo { id, allow_drift } => {
            let database = context.database().await?;
            let plan = migration::plan_undo(&context.home, &database, &id, allow_drift).await?;
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
    if context.common.json {
        output::json(&summary)?;
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
    Ok(0)
}
