//! `cadastre tenant misplaced`, `move-tables`.

use super::{confirm, finish, show_plan, shown};
use crate::arguments::{TenantMisplaced, TenantMoveTables};
use crate::context::Context;
use crate::{output, progress};
use cadastre_core::Result;
use cadastre_core::connection::Database;
use cadastre_core::migration::require_fingerprint;
use cadastre_core::misplaced::{self, Candidate, Certainty, Clue, MovePlan, MoveRequest};

pub async fn list(context: &Context, arguments: &TenantMisplaced) -> Result<u8> {
    let database = context.database().await?;
    let found = misplaced::find(&database, Some(&arguments.schema)).await?;
    if context.common.json {
        output::json(&found)?;
        return Ok(0);
    }
    let schema = output::clean(&found.schema);
    if found.found.is_empty() {
        output::note(&format!("Nothing in {schema} looks as if it belonged to a tenant."));
        return Ok(0);
    }
    output::table(&["OBJECT", "KIND", "ROWS", "TENANT", "HOW SURE", "WHY"], &[2], found.found.iter().map(row));
    let mut sure: Vec<&str> = found
        .found
        .iter()
        .filter(|candidate| candidate.certainty == Certainty::Sure)
        .filter_map(|candidate| candidate.tenant.as_deref())
        .collect();
    sure.dedup();
    for tenant in sure {
        let from = if found.schema == "public" { String::new() } else { format!(" --from {schema}") };
        output::note(&format!(
            "`cadastre tenant move-tables {}{from} --dry-run` shows how to move them.",
            output::clean(tenant)
        ));
    }
    Ok(0)
}

fn row(candidate: &Candidate) -> Vec<String> {
    let why = |clues: &[Clue]| clues.iter().map(|clue| clue.message.clone()).collect::<Vec<_>>().join(" ");
    let tables = matches!(candidate.kind.name(), "table" | "materialized_view");
    vec![
        candidate.name.clone(),
        candidate.kind.name().replace('_', " "),
        if tables { output::figure(candidate.rows, true) } else { "–".into() },
        candidate.tenant.clone().unwrap_or_else(|| "–".into()),
        match candidate.certainty {
            Certainty::Unknown => "cannot be told".into(),
            other => other.name().into(),
        },
        [why(&candidate.evidence), why(&candidate.doubts)].join(" ").trim().to_owned(),
    ]
}

pub async fn move_tables(context: &Context, arguments: TenantMoveTables) -> Result<u8> {
    let database = context.database().await?;
    if !context.common.dry_run {
        database.require_writable("move")?;
    }
    let TenantMoveTables { tenant, tables, from, likely, to_public, to, plan: expected } = arguments;
    let back = to_public || to.is_some();
    let request = MoveRequest { tenant, other: if back { to } else { from }, objects: tables, likely, back };
    let plan = misplaced::plan_move(&database, &request).await?;
    if let Some(expected) = &expected {
        require_fingerprint(&plan.plan, expected)?;
    }
    carry_out(context, &database, plan).await
}

/// Shows the plan, or asks and applies it.
pub async fn carry_out(context: &Context, database: &Database, plan: MovePlan) -> Result<u8> {
    if context.common.dry_run {
        return show_plan(context, &plan.plan, &plan.plan);
    }
    if shown(&plan.plan) == 0 {
        let objects = plan.plan.tenants.iter().map(|tenant| tenant.steps.len()).sum::<usize>();
        let objects = if objects == 1 { "1 object".to_owned() } else { format!("{objects} objects") };
        let (verb, schema) = if !plan.back.back { ("out of", &plan.back.tenant) } else { ("into", &plan.back.tenant) };
        confirm(context, &format!("Move {objects} {verb} {}?", output::clean(schema)))?;
    }
    let undo = undo(&plan.back);
    let run = misplaced::apply_move(&context.home, database, plan).await?;
    let summary = progress::follow(&run, context.common.json).await;
    if !context.common.json && summary.done == 1 {
        for detail in summary.tenants.iter().filter_map(|tenant| tenant.detail.as_ref()) {
            output::note(&format!("{}.", output::clean(detail)));
        }
        output::note(&format!("`{}` takes it back.", output::clean(&undo)));
    }
    finish(context, &summary, "changed")
}

/// The command of the way back, for a shell.
fn undo(back: &MoveRequest) -> String {
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
    let word = |text: &str| if plain(text) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) };
    let other = back.other.as_deref().unwrap_or("public");
    let way = match (back.back, other) {
        (true, "public") => " --to-public".to_owned(),
        (true, other) => format!(" --to {}", word(other)),
        (false, "public") => String::new(),
        (false, other) => format!(" --from {}", word(other)),
    };
    let objects: Vec<String> = back.objects.iter().map(|name| word(name)).collect();
    format!("cadastre tenant move-tables {} {}{way}", word(&back.tenant), objects.join(" "))
}
