//! The sheet of what differs most, and of what the comparison is and is not.

use super::{AMBER, DRAWN, Formats, PALE, bars, heat};
use crate::stats::{Difference, Measure, TenantStats, differences};
use rust_xlsxwriter::{ChartType, ColNum, RowNum, Worksheet, XlsxError};

/// The words of this sheet.
pub struct Words {
    sheet: &'static str,
    columns: [&'static str; 9],
    whole: &'static str,
    chart: &'static str,
    about: &'static str,
}

pub const ENGLISH: Words = Words {
    sheet: "Differences",
    columns: [
        "Table",
        "Fewest rows",
        "in tenant",
        "Median",
        "Most rows",
        "in tenant",
        "Difference",
        "Times",
        "Tenants without it",
    ],
    whole: "all tables",
    chart: "Difference of the rows by table",
    about: "Compared are the figures of tables: rows, sizes, indexes, scans, writes. Views, sequences, temporary tables and the \
            structure itself are not.",
};

pub const FRENCH: Words = Words {
    sheet: "Différences",
    columns: [
        "Table",
        "Le moins de lignes",
        "dans l’espace",
        "Médiane",
        "Le plus de lignes",
        "dans l’espace",
        "Différence",
        "Fois",
        "Espaces qui ne l’ont pas",
    ],
    whole: "toutes les tables",
    chart: "Différence des lignes par table",
    about: "Sont comparés les chiffres des tables\u{a0}: lignes, tailles, index, parcours, écritures. Les vues, les séquences, les \
            tables temporaires et la structure elle-même ne le sont pas.",
};

/// A line per table, the largest difference first, with a chart of it.
pub fn write(
    sheet: &mut Worksheet,
    stats: &[TenantStats],
    words: &super::Words,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let own = &words.spread;
    sheet.set_name(own.sheet)?.set_freeze_panes(1, 1)?.set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_row_height(0, 32)?;
    for (column, heading) in own.columns.iter().enumerate() {
        let text = matches!(column, 0 | 2 | 5);
        let format = if text { &formats.heading } else { &formats.heading_right };
        sheet.write_string_with_format(0, column as ColNum, *heading, format)?;
        sheet.set_column_width(column as ColNum, if text { 28 } else { 14 })?;
    }
    let apart = differences(stats, Measure::Rows);
    for (index, difference) in apart.iter().enumerate() {
        line(sheet, index as RowNum + 1, difference, own, formats)?;
    }
    let last = apart.len() as RowNum;
    sheet.autofilter(0, 0, last, own.columns.len() as ColNum - 1)?;
    sheet.write_string_with_format(last + 2, 0, own.about, &formats.note)?;
    if last < 2 {
        return Ok(());
    }
    // The first line is the sum of all others: beside it no table would be seen.
    sheet.add_conditional_format(2, 6, last, 6, &heat(PALE))?;
    let drawn = (apart.len() - 1).min(DRAWN) as RowNum;
    let mut chart = bars(ChartType::Bar, own.chart, 120 + 22 * drawn);
    chart
        .add_series()
        .set_name(own.columns[6])
        .set_categories((own.sheet, 2, 0, drawn + 1, 0))
        .set_values((own.sheet, 2, 6, drawn + 1, 6))
        .set_format(
            rust_xlsxwriter::ChartFormat::new().set_solid_fill(rust_xlsxwriter::ChartSolidFill::new().set_color(AMBER)),
        )
        .set_gap(40);
    chart.legend().set_hidden();
    chart.x_axis().set_num_format("#,##0");
    sheet.insert_chart_with_offset(last + 4, 0, &chart, 8, 0)?;
    Ok(())
}

fn line(
    sheet: &mut Worksheet,
    row: RowNum,
    difference: &Difference,
    words: &Words,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let table = difference.table.as_deref().unwrap_or(words.whole);
    sheet.write_string_with_format(row, 0, table, &formats.text)?;
    for (column, end) in [(1, &difference.least), (4, &difference.greatest)] {
        if let Some(end) = end {
            sheet.write_number_with_format(row, column, end.value, &formats.number)?;
            sheet.write_string_with_format(row, column + 1, &end.schema, &formats.text)?;
        }
    }
    if let Some(median) = difference.median {
        sheet.write_number_with_format(row, 3, median, &formats.number)?;
    }
    sheet.write_number_with_format(row, 6, difference.difference, &formats.number)?;
    if let Some(ratio) = difference.ratio {
        sheet.write_number_with_format(row, 7, ratio, &formats.ratio)?;
    }
    if difference.missing > 0 {
        sheet.write_number_with_format(row, 8, f64::from(difference.missing), &formats.number)?;
    }
    Ok(())
}
