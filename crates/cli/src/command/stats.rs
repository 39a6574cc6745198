//! `cadastre stats` and `cadastre compare`

use crate::arguments::{Compare, Stats};
use crate::context::Context;
use crate::output::{self, Intent};
use cadastre_core::stats::{self, Figures, TenantStats};
use cadastre_core::tenant::Selection;
use cadastre_core::{ErrorKind, Result, workbook};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub async fn stats(context: &Context, arguments: &Stats) -> Result<u8> {
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

pub async fn compare(context: &Context, arguments: &Compare) -> Result<u8> {
    if let Some(path) = &arguments.to {
        check_target(path)?;
    }
    let database = context.database().await?;
    let selection = Selection::named(arguments.tenants.clone());
    let figures = stats::read(&database, &selection, figures(arguments.exact)).await?;
    let figures = in_order(figures, &arguments.tenants)?;
    if arguments.exact {
        note_uncounted(&figures);
    }
    if let (Some(path), true) = (&arguments.to, context.common.dry_run) {
        output::intents(&[Intent { action: "write_file", subject: path.clone() }], context.common.json)?;
        return Ok(0);
    }
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

/// The file is an Excel workbook, whatever its name; another name would only mislead.
fn check_target(path: &str) -> Result<()> {
    let file = Path::new(path);
    let reason = if file.is_dir() {
        format!("{path} is a folder: name a file in it, for example {}.", file.join("comparison.xlsx").display())
    } else if file.extension().is_none_or(|extension| !extension.eq_ignore_ascii_case("xlsx")) {
        format!("{path} does not end with .xlsx, and an Excel file is what is written.")
    } else {
        return Ok(());
    };
    Err(ErrorKind::Usage { reason }.into())
}

/// The tenants side by side as they were named.
fn in_order(mut figures: Vec<TenantStats>, names: &[String]) -> Result<Vec<TenantStats>> {
    if figures.len() < names.len() {
        let reason = "A tenant was named twice; a comparison is of different ones.".into();
        return Err(ErrorKind::Usage { reason }.into());
    }
    let place = |tenant: &TenantStats| {
        let by_schema = names.iter().position(|name| *name == tenant.schema);
        by_schema.or_else(|| names.iter().position(|name| tenant.name.eq_ignore_ascii_case(name)))
    };
    figures.sort_by_key(place);
    Ok(figures)
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
