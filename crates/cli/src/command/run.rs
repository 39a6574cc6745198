//! `cadastre run …`

use crate::arguments::Run;
use crate::context::Context;
use crate::output;
use cadastre_core::{Result, fleet};

pub async fn run(context: &Context, command: Run) -> Result<u8> {
    match command {
        Run::List => list(context).await,
        Run::Show { id } => show(context, &id).await,
    }
}

async fn list(context: &Context) -> Result<u8> {
    let runs = fleet::list(&context.home).await?;
    if context.common.json {
        output::json(&runs)?;
        return Ok(0);
    }
    output::table(
        &["RUN", "KIND", "DATABASE", "STARTED", "DONE", "SKIPPED", "FAILED", "CANCELLED", "NOT STARTED"],
        &[4, 5, 6, 7, 8],
        runs.iter().map(|r| {
            let started =
                if r.ended_at.is_none() { format!("{} (no end)", r.started_at) } else { r.started_at.clone() };
            let mut cells =
                vec![r.run.chars().take(8).collect(), r.kind.name().to_owned(), r.database.clone(), started];
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
        &["SCHEMA", "OUTCOME", "MS", "DETAIL"],
        &[2],
        summary.tenants.iter().map(|t| {
            let detail = t.error.as_ref().map(|e| e.message.clone()).or_else(|| t.detail.clone());
            let outcome = format!("{:?}", t.outcome).to_lowercase();
            vec![t.schema.clone(), outcome, t.duration_ms.to_string(), detail.unwrap_or_default()]
        }),
    );
    Ok(0)
}
