//! `cadastre compare`

use super::{figures, note_uncounted};
use crate::arguments::Compare;
use crate::context::Context;
use crate::output::{self, Intent};
use cadastre_core::stats::{self, Compared, Difference, Measure, TenantStats, compared, differences};
use cadastre_core::tenant::Selection;
use cadastre_core::{ErrorKind, Result, workbook};
use std::collections::BTreeMap;
use std::path::Path;

/// More columns than these do not fit side by side.
const COLUMNS: usize = 6;
/// Days of growth in the file.
const DAYS: u32 = 30;

pub async fn compare(context: &Context, arguments: &Compare) -> Result<u8> {
    if let Some(path) = &arguments.to {
        check_target(path)?;
    }
    let database = context.database().await?;
    let selection = Selection {
        names: arguments.tenants.clone(),
        select: arguments.select.clone(),
        except: arguments.except.clone(),
        all: arguments.all,
        ..Selection::default()
    };
    let read = stats::read(&database, &selection, figures(arguments.exact)).await?;
    let read = if arguments.tenants.is_empty() { read } else { in_order(read, &arguments.tenants)? };
    if read.len() < 2 {
        let reason = "A comparison is of two tenants or more, and not so many fit.".into();
        return Err(ErrorKind::Usage { reason }.into());
    }
    if arguments.exact {
        note_uncounted(&read);
    }
    if let (Some(path), true) = (&arguments.to, context.common.dry_run) {
        output::intents(&[Intent { action: "write_file", subject: path.clone() }], context.common.json)?;
        return Ok(0);
    }
    let what = compared(&read, figures(arguments.exact));
    let measure = Measure::from(arguments.by);
    if let Some(path) = &arguments.to {
        let growth = stats::history::growth_of_all(&context.home, &database, DAYS).await?;
        workbook::write_comparison(&read, &growth, Path::new(path), &arguments.language)?;
    }
    let apart = differences(&read, measure);
    if context.common.json {
        output::json(&serde_json::json!({
            "tenants": read, "file": arguments.to, "compared": what, "by": measure, "differences": apart,
        }))?;
        return Ok(0);
    }
    print(&read, &apart, measure);
    say(&what);
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

/// What was compared, and what was not.
fn say(what: &Compared) {
    let incomplete = match what.incomplete {
        0 => String::new(),
        count => format!(", {count} of which not every tenant has"),
    };
    output::note(&format!(
        "Compared: {} tenants, {} tables{incomplete}; rows {}, sizes from {}. Not compared: {}. For the structure, see \
         `cadastre diff`.",
        what.tenants,
        what.tables,
        what.rows.replace('_', " "),
        what.sizes,
        what.ignored.join(", ").replace('_', " "),
    ));
}

/// Few tenants side by side, many by how far they are apart; the largest difference first.
fn print(stats: &[TenantStats], apart: &[Difference], measure: Measure) {
    if stats.len() > COLUMNS {
        return print_spread(apart, measure);
    }
    print_side_by_side(stats, apart, measure);
}

fn figure(measure: Measure, value: f64) -> String {
    match measure {
        _ if measure.is_size() => output::bytes(value as i64),
        Measure::CacheHit => format!("{:.1} %", value * 100.0),
        _ => output::figure(value as i64, false),
    }
}

fn print_spread(apart: &[Difference], measure: Measure) {
    let known = |value: Option<f64>| value.map_or_else(|| "–".into(), |v| figure(measure, v));
    output::table(
        &["TABLE", "LEAST", "", "MEDIAN", "GREATEST", "", "DIFFERENCE", "TIMES", "WITHOUT"],
        &[1, 3, 4, 6, 7, 8],
        apart.iter().map(|one| {
            let (least, most) = (one.least.as_ref(), one.greatest.as_ref());
            vec![
                one.table.clone().unwrap_or_else(|| "all tables".into()),
                known(least.map(|e| e.value)),
                least.map(|e| e.schema.clone()).unwrap_or_default(),
                known(one.median),
                known(most.map(|e| e.value)),
                most.map(|e| e.schema.clone()).unwrap_or_default(),
                figure(measure, one.difference),
                one.ratio.map_or_else(|| "–".into(), |ratio| format!("{ratio:.1}")),
                if one.missing > 0 { one.missing.to_string() } else { String::new() },
            ]
        }),
    );
}

fn print_side_by_side(stats: &[TenantStats], apart: &[Difference], measure: Measure) {
    let of: Vec<BTreeMap<&str, String>> = stats
        .iter()
        .map(|tenant| {
            let cells = tenant.tables.iter().map(|table| {
                let estimated = measure == Measure::Rows && table.rows_estimated;
                let cell = match measure.of(table) {
                    Some(value) if estimated => output::figure(value as i64, true),
                    Some(value) => figure(measure, value),
                    None => "–".into(),
                };
                (table.table.as_str(), cell)
            });
            cells.collect()
        })
        .collect();
    let heading = format!("{measure:?}").to_uppercase();
    let mut headers = vec![heading.as_str()];
    headers.extend(stats.iter().map(|t| t.schema.as_str()));
    let numbers: Vec<usize> = (1..headers.len()).collect();
    let mut rows: Vec<Vec<String>> = apart
        .iter()
        .filter_map(|one| one.table.as_deref())
        .map(|table| {
            let cells = of.iter().map(|tenant| tenant.get(table).cloned().unwrap_or_else(|| "–".into()));
            std::iter::once(table.to_owned()).chain(cells).collect()
        })
        .collect();
    let total = |label: &str, cell: &dyn Fn(&TenantStats) -> String| {
        std::iter::once(label.to_owned()).chain(stats.iter().map(cell)).collect::<Vec<_>>()
    };
    rows.push(total("all rows", &|t| output::figure(t.totals.rows, t.totals.rows_estimated)));
    rows.push(total("size", &|t| output::bytes(t.totals.size_bytes)));
    rows.push(total("indexes", &|t| output::bytes(t.totals.index_bytes)));
    output::table(&headers, &numbers, rows);
}
