//! `cadastre stats` and `cadastre compare`

mod compare;
mod history;

use crate::arguments::Stats;
use crate::context::Context;
use crate::output;
use cadastre_core::Result;
use cadastre_core::stats::{self, Figures, TenantStats};
use cadastre_core::tenant::Selection;
pub use compare::compare;

pub async fn stats(context: &Context, arguments: &Stats) -> Result<u8> {
    if arguments.snapshot {
        return history::snapshot(context).await;
    }
    if arguments.history {
        return history::history(context, arguments).await;
    }
    let database = context.database().await?;
    let figures = stats::read(&database, &Selection::from(&arguments.select), figures(arguments.exact)).await?;
    if arguments.exact {
        note_uncounted(&figures);
    }
    if context.common.json {
        output::json(&serde_json::json!({ "tenants": figures }))?;
        return Ok(0);
    }
    output::table(
        &["SCHEMA", "TABLES", "ROWS", "SIZE", "INDEXES", "DEAD ROWS", "CACHE HITS"],
        &[1, 2, 3, 4, 5, 6],
        figures.iter().map(|t| {
            vec![
                t.schema.clone(),
                t.totals.tables.to_string(),
                output::figure(t.totals.rows, t.totals.rows_estimated),
                output::bytes(t.totals.size_bytes),
                output::bytes(t.totals.index_bytes),
                output::figure(t.totals.dead_rows, false),
                t.totals.cache_hit.map_or_else(|| "–".into(), |share| format!("{:.1} %", share * 100.0)),
            ]
        }),
    );
    Ok(0)
}

/// Says which tables could not be counted; their rows stay marked as estimates.
pub fn note_uncounted(figures: &[TenantStats]) {
    for tenant in figures {
        let tables: Vec<&str> = tenant.tables.iter().filter(|t| t.rows_estimated).map(|t| t.table.as_str()).collect();
        if let [first, ..] = tables.as_slice() {
            let count = tables.len();
            output::note(&output::clean(&format!(
                "{}: {count} of {} tables could not be counted ({first}{}): their rows are estimates. Counting needs USAGE on \
                 the schema, SELECT on the table, and that no row-level security hides rows from this role; foreign tables \
                 are never counted.",
                tenant.schema,
                tenant.tables.len(),
                if count > 1 { ", …" } else { "" },
            )));
        }
    }
}

fn figures(exact: bool) -> Figures {
    if exact { Figures::Exact } else { Figures::ExactSizes }
}
