//! `cadastre workbook …`

use super::{finish, show_plan};
use crate::arguments::Workbook;
use crate::context::Context;
use crate::{output, progress};
use cadastre_core::workbook::{self, RestoreReport, RestoreRequest, TenantComparison, WorkbookCheck};
use cadastre_core::{Result, tenant};
use std::path::Path;
use tokio_util::sync::CancellationToken;

pub async fn run(context: &Context, command: Workbook) -> Result<u8> {
    match command {
        Workbook::Verify { file, against } => verify(context, &file, against.as_deref()).await,
        Workbook::Restore { file, name, template, into, schema, table, accept_edited, no_triggers } => {
            let request = RestoreRequest {
                path: file,
                name: name.unwrap_or_default(),
                schema,
                tables: table,
                accept_edited,
                into,
                template,
                triggers_off: no_triggers,
            };
            restore(context, &request).await
        }
    }
}

async fn verify(context: &Context, file: &str, against: Option<&str>) -> Result<u8> {
    let cancel = CancellationToken::new();
    let check = workbook::verify_workbook(Path::new(file), &cancel).await?;
    let comparison = match against {
        Some(name) => {
            let database = context.database().await?;
            let found = tenant::resolve(&mut *database.catalog().await?, name).await?;
            let schema = found.summary.schema;
            Some(workbook::compare_with_tenant(&database, Path::new(file), &schema, &cancel).await?)
        }
        None => None,
    };
    let equal = comparison.as_ref().is_none_or(is_equal);
    if context.common.json {
        let mut document = serde_json::json!(check);
        if let Some(comparison) = &comparison {
            document["against"] = serde_json::json!(comparison);
        }
        output::json(&document)?;
    } else {
        say_check(&check);
        if let Some(comparison) = &comparison {
            say_comparison(comparison);
        }
    }
    Ok(u8::from(!check.intact || !equal))
}

fn is_equal(comparison: &TenantComparison) -> bool {
    comparison.same_structure != Some(false)
        && comparison.new_tables.is_empty()
        && comparison.tables.iter().all(|table| table.equal)
}

fn say_check(check: &WorkbookCheck) {
    let name = check.tenant.as_deref().unwrap_or(&check.schema);
    output::line(&format!("{} ({}), written {}", output::clean(name), output::clean(&check.schema), check.created));
    if let Some(version) = &check.version {
        let of = check.template.as_deref().map(|name| format!(" of the template {}", output::clean(name)));
        output::line(&format!("at version {}{}", output::clean(version), of.unwrap_or_default()));
    }
    let rows = check.tables.iter().map(|table| {
        let verdict = if table.equal { "as written" } else { "CHANGED" };
        vec![table.table.clone(), output::figure(table.rows as i64, false), verdict.to_owned()]
    });
    output::table(&["TABLE", "ROWS", "CONTENTS"], &[1], rows);
    for change in check.tables.iter().flat_map(|table| &table.changed) {
        let row = if change.row == 0 { String::new() } else { format!(", row {}", change.row) };
        output::line(&format!("sheet {}{row}: {}", output::clean(&change.sheet), output::clean(&change.what)));
    }
    check.problems.iter().for_each(|problem| output::line(&output::clean(problem)));
    output::line(match (check.intact, check.saved_by_another_program) {
        (true, _) => "The workbook holds exactly what was written.",
        (false, true) => "Another program has saved this workbook since it was written.",
        (false, false) => "The workbook is not what was written.",
    });
}

fn say_comparison(comparison: &TenantComparison) {
    let schema = output::clean(&comparison.schema);
    for table in comparison.tables.iter().filter(|table| !table.equal) {
        let now = match table.rows_now {
            None => "it has no such table now".to_owned(),
            Some(rows) if rows == table.rows => "other values".to_owned(),
            Some(rows) => format!("{rows} rows now, {} in the workbook", table.rows),
        };
        output::line(&format!("{schema}.{}: {now}", output::clean(&table.table)));
    }
    comparison
        .new_tables
        .iter()
        .for_each(|table| output::line(&format!("{schema}.{}: not in the workbook", output::clean(table))));
    match comparison.same_structure {
        Some(true) => {}
        Some(false) => output::line(&format!("The structure of {schema} is another one now.")),
        None => {
            output::line("The structure was not compared: the workbook is from another major version of the server.");
        }
    }
    if is_equal(comparison) {
        output::line(&format!("{schema} holds exactly what is in the workbook."));
    }
}

async fn restore(context: &Context, request: &RestoreRequest) -> Result<u8> {
    let database = context.database().await?;
    if !context.common.dry_run {
        database.require_writable("restore")?;
    }
    let plan = workbook::plan_restore(&database, request, &CancellationToken::new()).await?;
    if context.common.dry_run {
        return show_plan(context, &plan.plan, &plan.plan);
    }
    let restore = workbook::apply_restore(&context.home, &database, plan).await?;
    let summary = progress::follow(&restore.run, context.common.json).await;
    let Some(report) = restore.report() else { return finish(context, &summary, "restored") };
    if context.common.json {
        let mut document = serde_json::json!(report);
        document["run"] = serde_json::json!(summary);
        output::json(&document)?;
    } else {
        say_report(&report);
        output::summary(&summary, "restored");
    }
    Ok(output::run_code(&summary))
}

fn say_report(report: &RestoreReport) {
    let rows = report.tables.iter().map(|table| {
        let verdict = if table.equal { "as written" } else { "as edited" };
        vec![table.table.clone(), output::figure(table.rows as i64, false), verdict.to_owned()]
    });
    output::table(&["TABLE", "ROWS", "CONTENTS"], &[1], rows);
    report.remarks.iter().for_each(|remark| output::note(&output::clean(remark)));
}
