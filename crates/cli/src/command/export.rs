//! `cadastre export`

use crate::arguments::Export;
use crate::context::Context;
use crate::output::{self, Intent};
use crate::progress;
use cadastre_core::Result;
use cadastre_core::tenant::Selection;
use cadastre_core::workbook::{self, ExportFormat, ExportRequest};

pub async fn run(context: &Context, arguments: &Export) -> Result<u8> {
    let database = context.database().await?;
    let request = ExportRequest {
        tenants: Vec::new(),
        tables: arguments.table.clone(),
        folder: arguments.to.clone(),
        language: arguments.language.clone(),
        format: ExportFormat::Workbook,
        guard_formulas: false,
        unverified: false,
    };
    let selection = Selection::from(&arguments.select);
    if context.common.dry_run {
        let files = workbook::planned_files(&database, &request, &selection).await?;
        let would: Vec<Intent> = files.into_iter().map(|subject| Intent { action: "write_file", subject }).collect();
        output::intents(&would, context.common.json)?;
        return Ok(0);
    }
    let export = workbook::start(&context.home, &database, request, &selection, context.common.jobs).await?;
    let summary = progress::follow(&export.run, context.common.json).await;
    let files = export.files();
    if context.common.json {
        output::json(&serde_json::json!({ "files": files, "run": summary }))?;
    } else {
        for file in &files {
            let rows: u64 = file.tables.iter().map(|t| t.rows).sum();
            let rows = output::figure(rows as i64, false);
            output::line(&format!("{} ({rows} rows, {})", file.path, output::bytes(file.bytes as i64)));
        }
        output::summary(&summary, "exported");
    }
    Ok(output::run_code(&summary))
}
