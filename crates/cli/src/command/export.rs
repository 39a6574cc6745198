//! `cadastre export`

use crate::arguments::Export;
use crate::context::Context;
use crate::{output, progress};
use cadastre_core::Result;
use cadastre_core::tenant::Selection;
use cadastre_core::workbook::{self, ExportRequest};

pub async fn run(context: &Context, arguments: &Export) -> Result<u8> {
    let database = context.database().await?;
    let request = ExportRequest {
        tenants: Vec::new(),
        tables: arguments.table.clone(),
        folder: arguments.to.clone(),
        language: arguments.language.clone(),
    };
    let selection = Selection::from(&arguments.select);
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
