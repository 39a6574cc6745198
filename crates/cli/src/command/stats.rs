//! `cadastre stats` and `cadastre compare`

use crate::arguments::{Compare, Stats};
use crate::context::Context;
use crate::output;
use cadastre_core::stats::{self, Figures, TenantStats};
use cadastre_core::tenant::Selection;
use cadastre_core::{Result, workbook};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub async fn stats(context: &Context, arguments: &Stats) -> Result<u8> {
    let database = context.database().await?;
    let figures = stats::read(&database, &Selection::from(&arguments.select), figures(arguments.exact)).await?;
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

pub async fn compare(context: &Context, arguments: &Compare) -> Result<u8> {
    let database = context.database().await?;
    let selection = Selection::named(arguments.tenants.clone());
    let figures = stats::read(&database, &selection, figures(arguments.exact)).await?;
    if let Some(path) = &arguments.to {
        workbook::write_comparison(&figures, Path::new(path), &arguments.language)?;
    }
    if context.common.json {
        output::json(&serde_json::json!({ "tenants": figures, "file": arguments.to }))?;
        return Ok(0);
    }
    print(&figures);
    if let Some(path) = &arguments.to {
        output::note(&format!("Written to {path}"));
    }
    Ok(0)
}

fn figures(exact: bool) -> Figures {
    if exact { Figures::Exact } else { Figures::ExactSizes }
}

/// One line per table, one column per tenant.
fn print(figures: &[TenantStats]) {
    let tables: BTreeSet<&str> = figures.iter().flat_map(|t| t.tables.iter().map(|f| f.table.as_str())).collect();
    let of: Vec<BTreeMap<&str, String>> = figures
        .iter()
        .map(|t| t.tables.iter().map(|f| (f.table.as_str(), output::figure(f.rows, f.rows_estimated))).collect())
        .collect();
    let mut headers = vec!["ROWS"];
    headers.extend(figures.iter().map(|t| t.schema.as_str()));
    let numbers: Vec<usize> = (1..headers.len()).collect();
    let mut rows: Vec<Vec<String>> = tables
        .iter()
        .map(|table| {
            let cells = of.iter().map(|tenant| tenant.get(table).cloned().unwrap_or_else(|| "–".into()));
            std::iter::once((*table).to_owned()).chain(cells).collect()
        })
        .collect();
    let total = |label: &str, cell: &dyn Fn(&TenantStats) -> String| {
        std::iter::once(label.to_owned()).chain(figures.iter().map(cell)).collect::<Vec<_>>()
    };
    rows.push(total("all rows", &|t| output::figure(t.totals.rows, t.totals.rows_estimated)));
    rows.push(total("size", &|t| output::bytes(t.totals.size_bytes)));
    rows.push(total("indexes", &|t| output::bytes(t.totals.index_bytes)));
    output::table(&headers, &numbers, rows);
}
