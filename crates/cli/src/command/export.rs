//! `cadastre export`

use crate::arguments::{self, Export};
use crate::context::Context;
use crate::output::{self, Intent};
use crate::progress;
use cadastre_core::Result;
use cadastre_core::connection::Database;
use cadastre_core::tenant::Selection;
use cadastre_core::workbook::{self, ExportFormat, ExportRequest, ExportRun};

pub async fn run(context: &Context, arguments: &Export) -> Result<u8> {
    let database = context.database().await?;
    let request = ExportRequest {
        tenants: Vec::new(),
        tables: arguments.table.clone(),
        folder: arguments.to.clone(),
        language: arguments.language.clone(),
        format: match arguments.format {
            arguments::ExportFormat::Xlsx => ExportFormat::Workbook,
            arguments::ExportFormat::Csv => ExportFormat::Csv,
            arguments::ExportFormat::Json => ExportFormat::Json,
        },
        guard_formulas: arguments.guard_formulas,
        unverified: arguments.no_verify,
    };
    let selection = Selection::from(&arguments.select);
    if context.common.dry_run {
        let files = workbook::planned_files(&database, &request, &selection).await?;
        return would_write(context, files);
    }
    let export = workbook::start(&context.home, &database, request, &selection, context.common.jobs).await?;
    follow(context, export).await
}

/// Goes on with an export that was interrupted.
pub async fn resume(context: &Context, database: &Database, id: &str) -> Result<u8> {
    if context.common.dry_run {
        let files = workbook::left_files(&context.home, database, id).await?;
        return would_write(context, files);
    }
    let export = workbook::resume(&context.home, database, id, context.common.jobs).await?;
    follow(context, export).await
}

fn would_write(context: &Context, files: Vec<String>) -> Result<u8> {
    let would: Vec<Intent> = files.into_iter().map(|subject| Intent { action: "write_file", subject }).collect();
    output::intents(&would, context.common.json)?;
    Ok(0)
}

async fn follow(context: &Context, export: ExportRun) -> Result<u8> {
    let summary = progress::follow(&export.run, context.common.json).await;
    let files = export.files();
    let fleet_workbook = export.fleet_workbook();
    if context.common.json {
        let path = fleet_workbook.as_ref().and_then(|written| written.as_ref().ok());
        output::json(&serde_json::json!({ "files": files, "fleet_workbook": path, "run": summary }))?;
    } else {
        for file in &files {
            let rows: u64 = file.tables.iter().map(|t| t.rows).sum();
            let rows = output::figure(rows as i64, false);
            let mut remarks = String::new();
            if file.altered_cells > 0 {
                remarks += &format!(", {} cells altered", output::figure(file.altered_cells as i64, false));
            }
            if !file.verified {
                remarks += ", not verified";
            }
            output::line(&format!("{} ({rows} rows, {}{remarks})", file.path, output::bytes(file.bytes as i64)));
        }
        if let Some(Ok(path)) = &fleet_workbook {
            output::line(path);
        }
        output::summary(&summary, "exported");
    }
    let code = output::run_code(&summary);
    if let Some(Err(error)) = fleet_workbook {
        output::note(&format!("Error: the workbook with a line for each tenant was not written. {}", error.message));
        return Ok(if code == 0 { 1 } else { code });
    }
    Ok(code)
}
