//! `cadastre maintain …`

use super::show_plan;
use crate::arguments::Maintain;
use crate::context::Context;
use crate::{output, progress};
use cadastre_core::connection::Database;
use cadastre_core::fleet::{CheckLevel, Outcome, RunSummary};
use cadastre_core::health::doctor::Level;
use cadastre_core::health::maintain::{
    self, IntegrityFinding, MaintainPlan, MaintainReport, MaintainWork, MaintainedTable,
};
use cadastre_core::tenant::Selection;
use cadastre_core::{ErrorKind, Result};
use serde_json::{Value, json};

pub async fn run(context: &Context, command: Maintain) -> Result<u8> {
    let (request, select) = command.split(context.common.jobs);
    let selection = Selection::from(&select);
    // Looking needs nobody's word.
    if request.work.writes() && !selection.is_said() {
        return Err(ErrorKind::NothingSelected.into());
    }
    let database = context.database().await?;
    if request.work.writes() && !context.common.dry_run {
        database.require_writable(request.work.name())?;
    }
    let needed = request.needed;
    let plan = maintain::plan(&database, &selection, request).await?;
    if context.common.dry_run {
        return show_plan(context, &plan, &plan.plan);
    }
    if needed && plan.tables_in_all == 0 {
        // That no table needs it is what everybody hopes for.
        return nothing(context, &plan);
    }
    carry_out(context, &database, plan).await
}

/// Goes on with a maintenance or a check that was interrupted.
pub async fn resume(context: &Context, database: &Database, id: &str) -> Result<u8> {
    let plan = maintain::plan_resume(&context.home, database, id).await?;
    if context.common.dry_run {
        return show_plan(context, &plan, &plan.plan);
    }
    carry_out(context, database, plan).await
}

fn nothing(context: &Context, plan: &MaintainPlan) -> Result<u8> {
    if context.common.json {
        let tenants = plan.plan.tenants.len();
        output::json(
            &json!({ "run": null, "kind": plan.plan.kind, "done": 0, "skipped": tenants, "failed": 0, "tenants": [] }),
        )?;
    } else {
        output::line("no table needs it");
    }
    Ok(0)
}

async fn carry_out(context: &Context, database: &Database, plan: MaintainPlan) -> Result<u8> {
    let work = plan.work;
    let said = |level| plan.plan.checks.iter().filter(move |check| check.level == level);
    if !context.common.json && said(CheckLevel::Stop).next().is_none() {
        said(CheckLevel::Warning).for_each(|check| output::note(&output::clean(&check.message)));
    }
    let run = maintain::apply(&context.home, database, plan).await?;
    let summary = progress::follow(&run, context.common.json).await;
    let report = |schema: &str| maintain::report(&context.home, &summary.run, schema);
    let reports: Vec<MaintainReport> = summary.tenants.iter().filter_map(|t| report(&t.schema)).collect();
    if context.common.json {
        output::json(&document(&summary, &reports))?;
    } else {
        print(&reports, context.common.verbose > 0 || reports.len() == 1);
        output::summary(&summary, verb(work));
        if summary.tenants.iter().any(|t| !matches!(t.outcome, Outcome::Done | Outcome::Skipped)) {
            let run = &summary.run[..8.min(summary.run.len())];
            output::note(&format!("Hint: `cadastre run resume {run}` goes on with the rest."));
        }
    }
    let wrong = reports.iter().flat_map(|report| &report.findings).any(IntegrityFinding::is_wrong);
    Ok(match output::run_code(&summary) {
        0 => u8::from(wrong),
        code => code,
    })
}

fn verb(work: MaintainWork) -> &'static str {
    match work {
        MaintainWork::Vacuum => "vacuumed",
        MaintainWork::Analyze => "analyzed",
        MaintainWork::Reindex => "reindexed",
        MaintainWork::Check => "checked",
    }
}

/// The run's summary, each tenant with its report.
fn document(summary: &RunSummary, reports: &[MaintainReport]) -> Value {
    let mut document = serde_json::to_value(summary).unwrap_or_default();
    for tenant in document["tenants"].as_array_mut().into_iter().flatten() {
        let report = reports.iter().find(|report| tenant["schema"] == report.schema.as_str());
        tenant["report"] = serde_json::to_value(report).unwrap_or_default();
    }
    document
}

/// What became of tables, and what was found. Without `all`, only what a person has to know.
pub fn print(reports: &[MaintainReport], all: bool) {
    let told = |table: &&MaintainedTable| all || table.reason.is_some();
    let rows: Vec<Vec<String>> =
        reports.iter().flat_map(|report| report.tables.iter().filter(told).map(|table| row(report, table))).collect();
    if !rows.is_empty() {
        output::table(&["SCHEMA", "TABLE", "DEAD ROWS", "SIZE", "INDEXES", "FROZEN", "MS", ""], &[2, 3, 4, 5, 6], rows);
    }
    for report in reports {
        for finding in &report.findings {
            let level = match finding.level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Note => "note",
            };
            output::line(&output::clean(&format!("{}: {level}: {}", report.schema, finding.message)));
            for line in finding.detail.iter().chain(&finding.fix_sql).flat_map(|text| text.lines()) {
                output::line(&format!("    {}", output::clean(line)));
            }
        }
        for left in &report.not_looked_at {
            let example = left.example.as_ref().map(|example| format!(" ({example})")).unwrap_or_default();
            let (objects, reason) = (left.objects, left.reason.replace('_', " "));
            let words =
                format!("{}: not looked at: {objects} × {}: {reason}{example}", report.schema, left.check.name());
            output::note(&output::clean(&words));
        }
    }
}

fn row(report: &MaintainReport, table: &MaintainedTable) -> Vec<String> {
    let after = table.after.as_ref();
    let number = |before: i64, after: Option<i64>| match after {
        Some(after) => format!("{} → {}", output::figure(before, false), output::figure(after, false)),
        None => output::figure(before, false),
    };
    let bytes = |before: Option<i64>, after: Option<Option<i64>>| match (before, after) {
        (Some(before), Some(Some(after))) => format!("{} → {}", output::bytes(before), output::bytes(after)),
        (Some(before), _) => output::bytes(before),
        (None, _) => String::new(),
    };
    let before = &table.before;
    vec![
        report.schema.clone(),
        table.table.clone(),
        number(before.dead_rows, after.map(|a| a.dead_rows)),
        bytes(before.size_bytes, after.map(|a| a.size_bytes)),
        bytes(before.index_bytes, after.map(|a| a.index_bytes)),
        number(before.frozen_age, after.map(|a| a.frozen_age)),
        table.duration_ms.to_string(),
        match (&table.reason, table.done) {
            (Some(reason), true) => reason.message.clone(),
            (Some(reason), false) => format!("not done: {}", reason.message),
            (None, _) => String::new(),
        },
    ]
}
