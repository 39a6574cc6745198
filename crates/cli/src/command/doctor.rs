//! `cadastre doctor`

use super::{confirm, show_plan};
use crate::arguments::Doctor;
use crate::context::Context;
use crate::{output, progress};
use cadastre_core::Result;
use cadastre_core::connection::Database;
use cadastre_core::fleet::RunSummary;
use cadastre_core::health::doctor::{self, FixRequest, Level, Report};
use cadastre_core::tenant::Selection;

pub async fn run(context: &Context, arguments: Doctor) -> Result<u8> {
    let database = match context.database().await {
        Ok(database) => database,
        // A pooler that shares sessions is what the doctor looks for; nothing else can be looked at through it.
        Err(error) => match doctor::refused(&error).filter(|_| !arguments.fix) {
            Some(report) => return show(context, &report, None),
            None => return Err(error),
        },
    };
    let selection = Selection::from(&arguments.select);
    if arguments.fix {
        return fix(context, &database, &selection, &arguments).await;
    }
    let report = doctor::examine(&database, &selection, &arguments.checks).await?;
    show(context, &report, None)
}

async fn fix(context: &Context, database: &Database, selection: &Selection, arguments: &Doctor) -> Result<u8> {
    if !context.common.dry_run {
        database.require_writable("repair")?;
    }
    let checks = arguments.checks.clone();
    let request = FixRequest { checks, jobs: context.common.jobs, ..FixRequest::default() };
    let plan = doctor::plan_fix(database, selection, request).await?;
    if plan.findings.is_empty() {
        // Nothing to do is no refusal.
        let report = doctor::examine(database, selection, &arguments.checks).await?;
        return show(context, &report, None);
    }
    if context.common.dry_run {
        return show_plan(context, &plan, &plan.plan);
    }
    let number = plan.findings.len();
    confirm(context, &format!("Repair {number} findings? --dry-run shows the SQL."))?;
    let run = doctor::apply_fix(&context.home, database, plan).await?;
    let summary = progress::follow(&run, context.common.json).await;
    let report = doctor::examine(database, selection, &arguments.checks).await?;
    show(context, &report, Some(&summary))
}

/// Exit code 1 where something is wrong: an error or a warning. Notes are for reading.
fn show(context: &Context, report: &Report, repair: Option<&RunSummary>) -> Result<u8> {
    if context.common.json {
        let mut document = serde_json::to_value(report).unwrap_or_default();
        if let Some(summary) = repair {
            document["run"] = serde_json::to_value(summary).unwrap_or_default();
        }
        output::json(&document)?;
    } else {
        print(report);
        if let Some(summary) = repair {
            output::summary(summary, "repaired");
        }
    }
    let wrong = report.count(Level::Error) + report.count(Level::Warning) > 0;
    Ok(match repair.map_or(0, output::run_code) {
        0 => u8::from(wrong),
        code => code,
    })
}

fn print(report: &Report) {
    for examined in report.checks_run.iter().filter(|examined| examined.findings > 0) {
        output::line(&format!("{} ({})", examined.check.name(), examined.findings));
        output::line(&format!("  {}", examined.why));
        for finding in report.findings.iter().filter(|finding| finding.check == examined.check) {
            let level = match finding.level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Note => "note",
            };
            output::line(&format!("  {level}: {}", output::clean(&finding.message)));
            for fact in &finding.evidence {
                let value: Vec<String> = fact.value.lines().map(output::clean).collect();
                output::line(&format!("      {}: {}", fact.name.replace('_', " "), value.join("\n        ")));
            }
            for line in finding.fix_sql.iter().flat_map(|sql| sql.lines()) {
                output::line(&format!("      {}", output::clean(line)));
            }
        }
        output::line("");
    }
    for left in &report.not_checked {
        let objects = left.objects.map(|number| format!(" ({number})")).unwrap_or_default();
        output::note(&format!("not checked: {}{objects}: {}", left.check.name(), left.message));
    }
    let (errors, warnings, notes) =
        (report.count(Level::Error), report.count(Level::Warning), report.count(Level::Note));
    let seconds = report.duration_ms as f64 / 1000.0;
    let place = output::tenants(report.tenants);
    let checks = report.checks_run.len();
    output::line(&format!(
        "{errors} errors, {warnings} warnings, {notes} notes: {checks} checks of {place} in {seconds:.1} s"
    ));
    let fixable = report.findings.iter().filter(|finding| finding.fixable).count();
    if fixable > 0 {
        output::note(&format!("`cadastre doctor --fix` repairs {fixable} of them; --dry-run shows how."));
    }
}
