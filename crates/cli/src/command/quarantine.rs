//! `cadastre tenant drop`, `undrop`, `purge`, and the list of what is in quarantine.

use super::{can_ask, confirm_name, finish, show_plan, shown};
use crate::arguments::{TenantDrop, TenantPurge, TenantUndrop};
use crate::context::Context;
use crate::{output, progress};
use cadastre_core::Result;
use cadastre_core::connection::Database;
use cadastre_core::fleet::Plan;
use cadastre_core::quarantine::{self, DropRequest, PurgeRequest, Quarantined, UndropRequest};
use cadastre_core::tenant::Selection;

pub async fn drop(context: &Context, arguments: TenantDrop) -> Result<u8> {
    let database = context.database().await?;
    if !context.common.dry_run {
        database.require_writable("drop")?;
    }
    let TenantDrop { tenant, backup_dir, no_archive, language } = arguments;
    let request = DropRequest { tenant, backup_dir, archive: !no_archive, language };
    let plan = quarantine::plan_drop(&context.home, &database, request).await?;
    if context.common.dry_run {
        return show_plan(context, &plan, &plan.plan);
    }
    let schema = plan.plan.tenants.first().map(|t| t.schema.clone()).unwrap_or_default();
    if shown(&plan.plan) == 0 {
        tell(context, &plan.plan);
        confirm_name(context, &format!("Drop {}?", output::clean(&schema)), &schema)?;
    }
    let drop = quarantine::apply_drop(&context.home, &database, plan).await?;
    let summary = progress::follow(&drop.run, context.common.json).await;
    let dropped = drop.dropped();
    if context.common.json {
        let mut document = serde_json::to_value(&dropped).unwrap_or_default();
        if dropped.is_none() {
            document = serde_json::json!({ "schema": schema, "backup": null, "archive": null, "quarantined_as": null });
        }
        document["run"] = serde_json::to_value(&summary).unwrap_or_default();
        output::json(&document)?;
        return Ok(output::run_code(&summary));
    }
    if let Some(dropped) = &dropped {
        let (rows, size) = (output::figure(dropped.rows as i64, false), output::bytes(dropped.bytes as i64));
        output::line(&format!("backup: {} ({} tables, {rows} rows, {size})", dropped.backup, dropped.tables));
        if let Some(archive) = &dropped.archive {
            output::line(&format!("archive: {archive}"));
        }
        let (schema, quarantine) = (output::clean(&dropped.schema), output::clean(&dropped.quarantined_as));
        output::line(&format!("{schema} is in quarantine as {quarantine}"));
        output::note(&format!("`cadastre tenant undrop {schema}` brings it back."));
    }
    output::summary(&summary, "dropped");
    Ok(output::run_code(&summary))
}

pub async fn undrop(context: &Context, arguments: TenantUndrop) -> Result<u8> {
    let database = context.database().await?;
    if !context.common.dry_run {
        database.require_writable("undrop")?;
    }
    let TenantUndrop { tenant, under } = arguments;
    let plan = quarantine::plan_undrop(&database, UndropRequest { tenant, under }).await?;
    if context.common.dry_run {
        return show_plan(context, &plan, &plan.plan);
    }
    tell(context, &plan.plan);
    let run = quarantine::apply_undrop(&context.home, &database, plan).await?;
    let summary = progress::follow(&run, context.common.json).await;
    finish(context, &summary, "brought back")
}

pub async fn purge(context: &Context, arguments: TenantPurge) -> Result<u8> {
    let database = context.database().await?;
    if !context.common.dry_run {
        database.require_writable("purge")?;
    }
    let TenantPurge { tenant, older_than, without_backup } = arguments;
    let plan = quarantine::plan_purge(&database, PurgeRequest { tenant, older_than, without_backup }).await?;
    if context.common.dry_run {
        return show_plan(context, &plan, &plan.plan);
    }
    if shown(&plan.plan) == 0 {
        tell(context, &plan.plan);
        let question = format!("Remove {} for good?", output::clean(&plan.quarantined_as));
        confirm_name(context, &question, &plan.quarantined_as)?;
    }
    let run = quarantine::apply_purge(&context.home, &database, plan).await?;
    let summary = progress::follow(&run, context.common.json).await;
    finish(context, &summary, "purged")
}

/// What a person who is asked should know before.
fn tell(context: &Context, plan: &Plan) {
    if !can_ask(context) {
        return;
    }
    for check in &plan.checks {
        output::note(&output::clean(&check.message));
    }
}

/// Tenants in quarantine.
pub async fn list(context: &Context, database: &Database, selection: &Selection) -> Result<u8> {
    let tenants: Vec<Quarantined> =
        quarantine::quarantined(database).await?.into_iter().filter(|tenant| tenant.is_meant_by(selection)).collect();
    if context.common.json {
        output::json(&tenants)?;
        return Ok(0);
    }
    if tenants.is_empty() {
        output::note("No tenant is in quarantine.");
        return Ok(0);
    }
    output::table(
        &["SCHEMA", "WAS", "NAME", "SINCE", "TABLES", "SIZE", "BACKUP"],
        &[4, 5],
        tenants.iter().map(|t| {
            vec![
                t.summary.schema.clone(),
                t.was.clone().unwrap_or_else(|| "–".into()),
                t.summary.name.clone(),
                t.quarantined_at.clone().unwrap_or_else(|| "–".into()),
                t.summary.tables.to_string(),
                format!("≈ {}", output::bytes(t.summary.size_bytes)),
                t.problem.clone().or_else(|| t.backup.clone()).unwrap_or_default(),
            ]
        }),
    );
    Ok(0)
}
