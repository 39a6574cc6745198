//! The Excel file of a comparison: tenants side by side, with charts that a person can go on working with.
//!
//! These sheets are small and want charts and heat maps, so a library writes them, unlike the sheets of a tenant.

mod spread;

use super::sheet::MAX_COLUMNS;
use crate::part_file::{self, PartFile};
use crate::stats::history::{FleetGrowth, TenantGrowth};
use crate::stats::{TableFigures, TenantStats, Totals};
use crate::{Error, ErrorKind, Result};
use rust_xlsxwriter::{
    Chart, ChartAxisCrossing, ChartLegendPosition, ChartLine, ChartType, ColNum, ConditionalFormat2ColorScale,
    ConditionalFormatType, DocProperties, Format, FormatAlign, FormatBorder, RowNum, Workbook, Worksheet, XlsxError,
};
use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::Path;

/// So many tenants are drawn; more bars could not be told apart.
const DRAWN: usize = 40;
/// The first column of growth.
const GROWTH: usize = 14;
/// The share of dead rows that gets the full colour.
const ALARMING: f64 = 0.3;
const INK: u32 = 0x1F3A5F;
const TINT: u32 = 0xE3ECF6;
const BLUE: u32 = 0x2F6DB5;
const PALE: u32 = 0x9DBFE3;
const AMBER: u32 = 0xF2A65A;

struct Words {
    overview: &'static str,
    rows_by_table: &'static str,
    sizes_by_table: &'static str,
    columns: [&'static str; 17],
    table: &'static str,
    rows: &'static str,
    size: &'static str,
    estimated: &'static str,
    note: &'static str,
    size_format: &'static str,
    growth: &'static str,
    spread: spread::Words,
}

static ENGLISH: Words = Words {
    overview: "Overview",
    rows_by_table: "Rows by table",
    sizes_by_table: "Sizes by table",
    columns: [
        "Tenant",
        "Name",
        "Tables",
        "Rows",
        "Size",
        "Of this, tables",
        "Of this, indexes",
        "Dead rows",
        "Dead rows, share",
        "Indexes",
        "Table scans",
        "Index scans",
        "Rows written",
        "Cache hits",
        "Size, growth",
        "Size, growth in %",
        "Rows, growth",
    ],
    table: "Table",
    rows: "Rows per tenant",
    size: "Size per tenant",
    estimated: "estimated",
    note: "An empty cell: the tenant does not have this table.",
    size_format: r#"[>=1000000000]0.00,,,"  GB";[>=1000000]0.0,,"  MB";0.0,"  kB""#,
    growth: "Growth of the size between",
    spread: spread::ENGLISH,
};

static FRENCH: Words = Words {
    overview: "Synthèse",
    rows_by_table: "Lignes par table",
    sizes_by_table: "Tailles par table",
    columns: [
        "Espace",
        "Nom",
        "Tables",
        "Lignes",
        "Taille",
        "Dont tables",
        "Dont index",
        "Lignes mortes",
        "Part de lignes mortes",
        "Index",
        "Parcours de table",
        "Parcours d’index",
        "Lignes écrites",
        "Lectures en cache",
        "Taille, croissance",
        "Taille, croissance en %",
        "Lignes, croissance",
    ],
    table: "Table",
    rows: "Lignes par espace",
    size: "Taille par espace",
    estimated: "estimé",
    note: "Cellule vide : l’espace n’a pas cette table.",
    size_format: r#"[>=1000000000]0.00,,,"  Go";[>=1000000]0.0,,"  Mo";0.0,"  ko""#,
    growth: "Croissance de la taille entre",
    spread: spread::FRENCH,
};

/// Writes the figures of tenants side by side: an overview with charts, what differs most, and two sheets with a row per table
/// and a column per tenant. Growth has columns where there is history. `language` is `en` or `fr`. An existing file is replaced
/// by the finished one.
///
/// # Errors
/// [`ErrorKind::TargetNotWritable`], [`ErrorKind::DiskFull`], [`ErrorKind::TooManyColumns`] beyond 16,383 tenants.
pub fn write_comparison(stats: &[TenantStats], growth: &FleetGrowth, path: &Path, language: &str) -> Result<()> {
    if stats.len() >= MAX_COLUMNS {
        return Err(ErrorKind::TooManyColumns { table: "comparison".into(), columns: stats.len() + 1 }.into());
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().and_then(|n| n.to_str());
    let name = name.ok_or_else(|| Error::new(ErrorKind::TargetNotWritable { path: path.display().to_string() }))?;
    let mut target = PartFile::create(folder, name)?;
    let words = if language.to_ascii_lowercase().starts_with("fr") { &FRENCH } else { &ENGLISH };
    let data = workbook(stats, growth, words).and_then(|mut book| book.save_to_buffer());
    let data =
        data.map_err(|e| Error::new(ErrorKind::Internal { what: "the comparison was not written".into() }).source(e))?;
    target.file().write_all(&data).map_err(|e| part_file::failure(folder, e))?;
    target.persist()?;
    Ok(())
}

fn workbook(stats: &[TenantStats], growth: &FleetGrowth, words: &Words) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_title(words.overview).set_author("Cadastre"));
    let formats = Formats::new(words);
    overview(book.add_worksheet(), stats, growth, words, &formats)?;
    spread::write(book.add_worksheet(), stats, words, &formats)?;
    let rows = |figures: &TableFigures| figures.rows;
    by_table(book.add_worksheet().set_name(words.rows_by_table)?, stats, words, &formats, &formats.number, rows)?;
    let sizes = |figures: &TableFigures| figures.size_bytes;
    by_table(book.add_worksheet().set_name(words.sizes_by_table)?, stats, words, &formats, &formats.size, sizes)?;
    Ok(book)
}

struct Formats {
    heading: Format,
    heading_right: Format,
    text: Format,
    number: Format,
    size: Format,
    share: Format,
    ratio: Format,
    note: Format,
}

impl Formats {
    fn new(words: &Words) -> Self {
        let heading = Format::new()
            .set_bold()
            .set_font_color(INK)
            .set_background_color(TINT)
            .set_border_bottom(FormatBorder::Thin)
            .set_border_bottom_color(0x7F9DB9)
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap();
        Self {
            heading_right: heading.clone().set_align(FormatAlign::Right),
            heading,
            text: Format::new().set_num_format("@"),
            number: Format::new().set_num_format("#,##0"),
            size: Format::new().set_num_format(words.size_format).set_align(FormatAlign::Right),
            share: Format::new().set_num_format("0.0%"),
            ratio: Format::new().set_num_format("0.0"),
            note: Format::new().set_italic().set_font_color(0x666666),
        }
    }
}

fn overview(
    sheet: &mut Worksheet,
    stats: &[TenantStats],
    growth: &FleetGrowth,
    words: &Words,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let grown: HashMap<&str, &TenantGrowth> = growth.tenants.iter().map(|t| (t.schema.as_str(), t)).collect();
    let columns = if grown.is_empty() { &words.columns[..GROWTH] } else { &words.columns[..] };
    sheet.set_name(words.overview)?.set_freeze_panes(1, 1)?.set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_row_height(0, 32)?;
    let estimated = |any: bool, heading: &str| match any {
        true => format!("{heading} ({})", words.estimated),
        false => heading.to_owned(),
    };
    for (column, heading) in columns.iter().enumerate() {
        let heading = match column {
            3 => estimated(stats.iter().any(|s| s.totals.rows_estimated), heading),
            4..=6 => estimated(stats.iter().any(|s| s.totals.size_estimated), heading),
            _ => (*heading).to_owned(),
        };
        let format = if column < 2 { &formats.heading } else { &formats.heading_right };
        sheet.write_string_with_format(0, column as ColNum, heading, format)?;
        sheet.set_column_width(column as ColNum, if column < 2 { 28 } else { 14 })?;
    }
    for (index, tenant) in stats.iter().enumerate() {
        let row = index as RowNum + 1;
        tenant_row(sheet, row, tenant, formats)?;
        if let Some(grown) = grown.get(tenant.schema.as_str()) {
            growth_cells(sheet, row, grown, formats)?;
        }
    }
    let last = stats.len() as RowNum;
    if last == 0 {
        return Ok(());
    }
    sheet.autofilter(0, 0, last, columns.len() as ColNum - 1)?;
    for column in [3, 4] {
        sheet.add_conditional_format(1, column, last, column, &heat(PALE))?;
    }
    // A share has a scale of its own: equal shares of nearly nothing are no alarm.
    let alarm = heat(AMBER).set_maximum(ConditionalFormatType::Number, ALARMING);
    sheet.add_conditional_format(1, 8, last, 8, &alarm)?;
    let drawn = stats.len().min(DRAWN) as RowNum;
    let height = 120 + 22 * drawn;
    let mut rows = bars(ChartType::Bar, words.rows, height);
    series(&mut rows, words.overview, words.columns[3], 3, drawn, BLUE);
    rows.legend().set_hidden();
    rows.x_axis().set_num_format("#,##0");
    sheet.insert_chart_with_offset(last + 2, 0, &rows, 8, 0)?;
    let mut sizes = bars(ChartType::BarStacked, words.size, height);
    series(&mut sizes, words.overview, words.columns[5], 5, drawn, BLUE);
    series(&mut sizes, words.overview, words.columns[6], 6, drawn, PALE);
    sizes.legend().set_position(ChartLegendPosition::Bottom);
    sizes.x_axis().set_num_format(words.size_format);
    sheet.insert_chart_with_offset(last + 2, 5, &sizes, 8, 0)?;
    if let (Some(from), Some(to), false) = (&growth.from, &growth.to, grown.is_empty()) {
        let day = |time: &str| time.chars().take(10).collect::<String>();
        let title = format!("{} {} – {}", words.growth, day(from), day(to));
        let mut chart = bars(ChartType::Bar, &title, height);
        series(&mut chart, words.overview, words.columns[GROWTH], GROWTH as ColNum, drawn, AMBER);
        chart.legend().set_hidden();
        chart.x_axis().set_num_format(words.size_format);
        sheet.insert_chart_with_offset(last + 2, 11, &chart, 8, 0)?;
    }
    Ok(())
}

/// What a tenant has grown by, where both snapshots have it.
fn growth_cells(sheet: &mut Worksheet, row: RowNum, grown: &TenantGrowth, formats: &Formats) -> Result<(), XlsxError> {
    let column = GROWTH as ColNum;
    sheet.write_number_with_format(row, column, grown.size_bytes as f64, &formats.size)?;
    if let Some(share) = grown.share {
        sheet.write_number_with_format(row, column + 1, share, &formats.share)?;
    }
    sheet.write_number_with_format(row, column + 2, grown.rows as f64, &formats.number)?;
    Ok(())
}

fn tenant_row(sheet: &mut Worksheet, row: RowNum, tenant: &TenantStats, formats: &Formats) -> Result<(), XlsxError> {
    let Totals {
        tables,
        rows,
        size_bytes,
        index_bytes,
        dead_rows,
        indexes,
        seq_scans,
        index_scans,
        writes,
        cache_hit,
        ..
    } = tenant.totals;
    sheet.write_string_with_format(row, 0, &tenant.schema, &formats.text)?;
    sheet.write_string_with_format(row, 1, &tenant.name, &formats.text)?;
    let all = rows.saturating_add(dead_rows);
    let dead = (all > 0).then(|| dead_rows as f64 / all as f64);
    let cells = [
        (2, Some(f64::from(tables)), &formats.number),
        (3, Some(rows as f64), &formats.number),
        (4, Some(size_bytes as f64), &formats.size),
        (5, Some(size_bytes.saturating_sub(index_bytes) as f64), &formats.size),
        (6, Some(index_bytes as f64), &formats.size),
        (7, Some(dead_rows as f64), &formats.number),
        (8, dead, &formats.share),
        (9, Some(f64::from(indexes)), &formats.number),
        (10, Some(seq_scans as f64), &formats.number),
        (11, Some(index_scans as f64), &formats.number),
        (12, Some(writes as f64), &formats.number),
        (13, cache_hit, &formats.share),
    ];
    for (column, value, format) in cells {
        if let Some(value) = value {
            sheet.write_number_with_format(row, column, value, format)?;
        }
    }
    Ok(())
}

/// A row per table that any tenant has, a column per tenant, and a heat map over all of it.
fn by_table(
    sheet: &mut Worksheet,
    stats: &[TenantStats],
    words: &Words,
    formats: &Formats,
    format: &Format,
    figure: impl Fn(&TableFigures) -> i64,
) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(1, 1)?.set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_row_height(0, 32)?;
    sheet.write_string_with_format(0, 0, words.table, &formats.heading)?.set_column_width(0, 34)?;
    let mut tables: BTreeMap<&str, Vec<(ColNum, i64)>> = BTreeMap::new();
    for (index, tenant) in stats.iter().enumerate() {
        let column = index as ColNum + 1;
        sheet.write_string_with_format(0, column, &tenant.schema, &formats.heading_right)?;
        sheet.set_column_width(column, 16)?;
        for figures in &tenant.tables {
            tables.entry(&figures.table).or_default().push((column, figure(figures)));
        }
    }
    let last_column = stats.len() as ColNum;
    let last = tables.len() as RowNum;
    for (index, (table, figures)) in tables.into_iter().enumerate() {
        let row = index as RowNum + 1;
        sheet.write_string_with_format(row, 0, table, &formats.text)?;
        for (column, figure) in figures {
            sheet.write_number_with_format(row, column, figure as f64, format)?;
        }
        // Each table against its own likes: one large table would otherwise leave all others pale.
        if last_column > 1 {
            sheet.add_conditional_format(row, 1, row, last_column, &heat(PALE))?;
        }
    }
    if last > 0 && last_column > 0 {
        sheet.autofilter(0, 0, last, last_column)?;
        sheet.write_string_with_format(last + 2, 0, words.note, &formats.note)?;
    }
    Ok(())
}

fn heat(colour: u32) -> ConditionalFormat2ColorScale {
    ConditionalFormat2ColorScale::new()
        .set_minimum(ConditionalFormatType::Number, 0)
        .set_minimum_color(0xFFFFFF)
        .set_maximum_color(colour)
}

fn bars(kind: ChartType, title: &str, height: u32) -> Chart {
    let mut chart = Chart::new(kind);
    chart.title().set_name(title);
    // The first tenant on top, as in the table above, and the figures below the bars.
    chart.y_axis().set_reverse().set_crossing(ChartAxisCrossing::Max);
    chart.x_axis().set_major_gridlines_line(ChartLine::new().set_color(0xD9D9D9));
    chart.set_width(560).set_height(height).set_alt_text(title);
    chart
}

fn series(chart: &mut Chart, sheet: &str, name: &str, column: ColNum, rows: RowNum, colour: u32) {
    chart
        .add_series()
        .set_name(name)
        .set_categories((sheet, 1, 0, rows, 0))
        .set_values((sheet, 1, column, rows, column))
        .set_format(
            rust_xlsxwriter::ChartFormat::new()
                .set_solid_fill(rust_xlsxwriter::ChartSolidFill::new().set_color(colour)),
        )
        .set_gap(40);
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader, Xlsx, open_workbook};

    fn tenant(schema: &str, tables: &[(&str, i64, i64)]) -> TenantStats {
        let tables: Vec<TableFigures> = tables
            .iter()
            .map(|(table, rows, size)| TableFigures {
                table: (*table).into(),
                rows: *rows,
                rows_estimated: true,
                size_bytes: *size,
                index_bytes: size / 4,
                dead_rows: 1,
                indexes: 1,
                seq_scans: 2,
                index_scans: 3,
                writes: 4,
                cache_hit: Some(0.99),
            })
            .collect();
        let sum = |f: fn(&TableFigures) -> i64| tables.iter().map(f).sum();
        let totals = Totals {
            tables: tables.len() as u32,
            rows: sum(|t| t.rows),
            rows_estimated: true,
            size_bytes: sum(|t| t.size_bytes),
            index_bytes: sum(|t| t.index_bytes),
            ..Totals::default()
        };
        TenantStats { schema: schema.into(), name: format!("{schema} & Cie"), totals, tables }
    }

    #[test]
    fn tenants_stand_side_by_side_and_missing_tables_are_empty() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("comparison.xlsx");
        let stats = [
            tenant("acme", &[("users", 10, 8192), ("orders", 200_000, 50_000_000)]),
            tenant("=zenith", &[("users", 20, 16384)]),
        ];
        let growth = FleetGrowth {
            days: 30,
            from: Some("2026-10-20T06:00:00Z".into()),
            to: Some("2026-11-20T06:00:00Z".into()),
            snapshots: 31,
            since: None,
            tenants: vec![TenantGrowth {
                schema: "acme".into(),
                size_bytes: 1_000_000,
                share: Some(0.5),
                rows: 7,
                writes: None,
            }],
        };
        write_comparison(&stats, &growth, &path, "fr").unwrap();
        let mut book: Xlsx<_> = open_workbook(&path).unwrap();
        assert_eq!(book.sheet_names(), ["Synthèse", "Différences", "Lignes par table", "Tailles par table"]);
        let overview = book.worksheet_range("Synthèse").unwrap();
        assert_eq!(overview.get_value((0, 3)), Some(&Data::String("Lignes (estimé)".into())));
        assert_eq!(overview.get_value((1, 3)), Some(&Data::Float(200_010.0)));
        assert_eq!(overview.get_value((2, 0)), Some(&Data::String("=zenith".into())));
        assert_eq!(overview.get_value((1, 14)), Some(&Data::Float(1_000_000.0)));
        assert!(matches!(overview.get_value((2, 14)), None | Some(Data::Empty)));
        let spread = book.worksheet_range("Différences").unwrap();
        assert_eq!(spread.get_value((2, 0)), Some(&Data::String("orders".into())));
        assert_eq!(spread.get_value((3, 6)), Some(&Data::Float(10.0)));
        assert_eq!(spread.get_value((3, 7)), Some(&Data::Float(2.0)));
        let rows = book.worksheet_range("Lignes par table").unwrap();
        assert_eq!(rows.get_value((1, 0)), Some(&Data::String("orders".into())));
        assert_eq!(rows.get_value((1, 1)), Some(&Data::Float(200_000.0)));
        assert!(matches!(rows.get_value((1, 2)), None | Some(Data::Empty)));
        let mut archive = zip::ZipArchive::new(std::fs::File::open(&path).unwrap()).unwrap();
        let parts = (0..archive.len()).map(|i| archive.by_index(i).unwrap().name().unwrap().into_owned());
        assert_eq!(parts.filter(|name| name.starts_with("xl/charts/chart")).count(), 4);
    }

    #[test]
    fn no_tenant_and_a_bad_folder_are_no_reason_to_panic() {
        let folder = tempfile::tempdir().unwrap();
        let growth = FleetGrowth { days: 30, from: None, to: None, snapshots: 0, since: None, tenants: Vec::new() };
        write_comparison(&[], &growth, &folder.path().join("empty.xlsx"), "en").unwrap();
        let error = write_comparison(&[], &growth, Path::new("/nowhere/at/all.xlsx"), "en").unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::TargetNotWritable { .. }));
    }
}
