//! The workbook about an export of several tenants: a line for each with its file, and the rows of their tables.
//!
//! Small, like the workbook of a comparison, so a library writes it too.

use super::sheet::MAX_COLUMNS;
use super::types::{ExportFormat, ExportedFile};
use crate::fleet::{Outcome, TenantOutcome};
use crate::part_file::{self, PartFile};
use crate::{Error, ErrorKind, Result};
use chrono::{DateTime, Utc};
use rust_xlsxwriter::{
    ColNum, DocProperties, Format, FormatAlign, FormatBorder, RowNum, Url, Workbook, Worksheet, XlsxError,
};
use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::{Path, PathBuf};

const INK: u32 = 0x1F3A5F;
const TINT: u32 = 0xE3ECF6;
const RED: u32 = 0xB3261E;
/// A sheet takes 65,530 links.
const LINKS: usize = 65_000;
/// Rows above the first tenant.
const HEAD: RowNum = 4;

/// What the workbook is about.
pub(super) struct FleetExport<'a> {
    /// Identifies the run.
    pub(super) run: &'a str,
    /// When it began.
    pub(super) started: DateTime<Utc>,
    /// `database @ host:port`
    pub(super) database: String,
    /// Who wrote it.
    pub(super) created_by: &'a str,
    /// Where the files are, and this one too.
    pub(super) folder: &'a Path,
    /// `en` or `fr`.
    pub(super) language: &'a str,
    pub(super) format: ExportFormat,
    /// In the order of the run.
    pub(super) tenants: &'a [TenantOutcome],
    /// Display names by schema.
    pub(super) names: &'a HashMap<String, String>,
    pub(super) files: &'a [ExportedFile],
}

struct Words {
    overview: &'static str,
    rows_by_table: &'static str,
    title: &'static str,
    written: &'static str,
    columns: [&'static str; 11],
    altered: &'static str,
    outcomes: [&'static str; 5],
    yes: &'static str,
    no: &'static str,
    total: &'static str,
    note: &'static str,
    cut: &'static str,
    size_format: &'static str,
}

static ENGLISH: Words = Words {
    overview: "Export",
    rows_by_table: "Rows by table",
    title: "Export of {tenants} tenants from {database}",
    written: "Begun {started} UTC by {person}, run {run}: {done} of {tenants} written",
    columns: [
        "Tenant",
        "Name",
        "File",
        "Tables",
        "Rows",
        "Size",
        "Cells in _overflow",
        "Verified",
        "Outcome",
        "Seconds",
        "Error",
    ],
    altered: "Altered cells",
    outcomes: ["done", "skipped", "failed", "cancelled", "not started"],
    yes: "yes",
    no: "no",
    total: "Total",
    note: "An empty cell: the tenant does not have this table, or was not written.",
    cut: "A sheet does not hold all tables; the others are in the tenants' own files.",
    size_format: r#"[>=1000000000]0.00,,,"  GB";[>=1000000]0.0,,"  MB";0.0,"  kB""#,
};

static FRENCH: Words = Words {
    overview: "Export",
    rows_by_table: "Lignes par table",
    title: "Export de {tenants} espaces de {database}",
    written: "Commencé le {started} UTC par {person}, exécution {run} : {done} sur {tenants} écrits",
    columns: [
        "Espace",
        "Nom",
        "Fichier",
        "Tables",
        "Lignes",
        "Taille",
        "Cellules dans _overflow",
        "Vérifié",
        "Résultat",
        "Secondes",
        "Erreur",
    ],
    altered: "Cellules modifiées",
    outcomes: ["fait", "ignoré", "échec", "annulé", "pas commencé"],
    yes: "oui",
    no: "non",
    total: "Total",
    note: "Cellule vide : l’espace n’a pas cette table, ou n’a pas été écrit.",
    cut: "Une feuille ne contient pas toutes les tables ; les autres sont dans les fichiers des espaces.",
    size_format: r#"[>=1000000000]0.00,,,"  Go";[>=1000000]0.0,,"  Mo";0.0,"  ko""#,
};

impl Words {
    fn outcome(&self, outcome: Outcome) -> &'static str {
        let index = match outcome {
            Outcome::Done => 0,
            Outcome::Skipped => 1,
            Outcome::Failed => 2,
            Outcome::Cancelled => 3,
            Outcome::NotStarted => 4,
        };
        self.outcomes[index]
    }
}

/// Its file. The same for a run that was resumed; no schema's file is called so.
pub(super) fn path(folder: &Path, started: DateTime<Utc>, run: &str) -> PathBuf {
    let run: String = run.chars().take(8).collect();
    folder.join(format!("fleet-{}-{run}.xlsx", started.format("%Y-%m-%d")))
}

/// Writes it beside the tenants' files. An older one of the same run is replaced by the finished one.
///
/// # Errors
/// [`ErrorKind::TargetNotWritable`], [`ErrorKind::DiskFull`].
pub(super) fn write(export: &FleetExport<'_>) -> Result<PathBuf> {
    let path = path(export.folder, export.started, export.run);
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let mut target = PartFile::create(export.folder, name)?;
    let words = if export.language.to_ascii_lowercase().starts_with("fr") { &FRENCH } else { &ENGLISH };
    let data = workbook(export, words).and_then(|mut book| book.save_to_buffer());
    let data = data.map_err(|e| {
        Error::new(ErrorKind::Internal { what: "the workbook of the fleet was not written".into() }).source(e)
    })?;
    target.file().write_all(&data).map_err(|e| part_file::failure(export.folder, e))?;
    target.persist()
}

fn workbook(export: &FleetExport<'_>, words: &Words) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let properties = DocProperties::new().set_title(words.overview).set_author(export.created_by);
    book.set_properties(&properties.set_creation_datetime(&export.started));
    let formats = Formats::new(words);
    let files: HashMap<&str, &ExportedFile> = export.files.iter().map(|file| (file.schema.as_str(), file)).collect();
    overview(book.add_worksheet(), export, &files, words, &formats)?;
    rows_by_table(book.add_worksheet(), export, &files, words, &formats)?;
    Ok(book)
}

struct Formats {
    title: Format,
    heading: Format,
    heading_right: Format,
    heading_indented: Format,
    text: Format,
    indented: Format,
    number: Format,
    size: Format,
    seconds: Format,
    alarm: Format,
    total: Format,
    total_size: Format,
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
        let total = Format::new().set_bold().set_border_top(FormatBorder::Thin).set_border_top_color(0x7F9DB9);
        Self {
            title: Format::new().set_bold().set_font_size(14).set_font_color(INK),
            heading_right: heading.clone().set_align(FormatAlign::Right),
            heading_indented: heading.clone().set_indent(1),
            heading,
            text: Format::new().set_num_format("@"),
            indented: Format::new().set_num_format("@").set_indent(1),
            number: Format::new().set_num_format("#,##0"),
            size: Format::new().set_num_format(words.size_format).set_align(FormatAlign::Right),
            seconds: Format::new().set_num_format("#,##0.0"),
            alarm: Format::new().set_num_format("@").set_font_color(RED).set_indent(1),
            total_size: total.clone().set_num_format(words.size_format).set_align(FormatAlign::Right),
            total: total.set_num_format("#,##0"),
            note: Format::new().set_italic().set_font_color(0x666666),
        }
    }
}

fn overview(
    sheet: &mut Worksheet,
    export: &FleetExport<'_>,
    files: &HashMap<&str, &ExportedFile>,
    words: &Words,
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_name(words.overview)?.set_freeze_panes(HEAD, 1)?.set_landscape().set_print_fit_to_pages(1, 0);
    head(sheet, export, words, formats)?;
    let mut columns = words.columns;
    if export.format != ExportFormat::Workbook {
        columns[6] = words.altered;
    }
    sheet.set_row_height(HEAD - 1, 32)?;
    for (column, heading) in columns.iter().enumerate() {
        let format = match column {
            3..=6 | 9 => &formats.heading_right,
            7 | 8 | 10 => &formats.heading_indented,
            _ => &formats.heading,
        };
        sheet.write_string_with_format(HEAD - 1, column as ColNum, *heading, format)?;
        let width = match column {
            0 | 1 => 26,
            2 => 34,
            6 => 16,
            7 | 8 => 14,
            10 => 70,
            _ => 12,
        };
        sheet.set_column_width(column as ColNum, width)?;
    }
    for (index, tenant) in export.tenants.iter().enumerate() {
        let row = HEAD + index as RowNum;
        let name = export.names.get(&tenant.schema).unwrap_or(&tenant.schema);
        sheet.write_string_with_format(row, 0, &tenant.schema, &formats.text)?;
        sheet.write_string_with_format(row, 1, name, &formats.text)?;
        if let Some(file) = files.get(tenant.schema.as_str()) {
            written(sheet, row, file, index < LINKS, words, formats)?;
        }
        let well = matches!(tenant.outcome, Outcome::Done | Outcome::Skipped);
        let format = if well { &formats.indented } else { &formats.alarm };
        sheet.write_string_with_format(row, 8, words.outcome(tenant.outcome), format)?;
        if tenant.attempts > 0 {
            sheet.write_number_with_format(row, 9, tenant.duration_ms as f64 / 1000.0, &formats.seconds)?;
        }
        if let Some(error) = &tenant.error {
            sheet.write_string_with_format(row, 10, &error.message, &formats.alarm)?;
        }
    }
    let last = HEAD + export.tenants.len() as RowNum;
    sheet.autofilter(HEAD - 1, 0, last.max(HEAD + 1) - 1, columns.len() as ColNum - 1)?;
    // A line away from the filter, so that it stays when the tenants are sorted.
    let total = last + 1;
    sheet.write_string_with_format(total, 0, words.total, &formats.total)?;
    let sum = |of: fn(&ExportedFile) -> u64| export.files.iter().map(of).sum::<u64>() as f64;
    let cells = |file: &ExportedFile| file.overflow_cells + file.altered_cells;
    sheet.write_number_with_format(total, 3, sum(|file| file.tables.len() as u64), &formats.total)?;
    sheet.write_number_with_format(total, 4, sum(rows_of), &formats.total)?;
    sheet.write_number_with_format(total, 5, sum(|file| file.bytes), &formats.total_size)?;
    sheet.write_number_with_format(total, 6, sum(cells), &formats.total)?;
    for column in [1, 2] {
        sheet.write_blank(total, column, &formats.total)?;
    }
    Ok(())
}

/// Two lines about the whole, and an empty one.
fn head(sheet: &mut Worksheet, export: &FleetExport<'_>, words: &Words, formats: &Formats) -> Result<(), XlsxError> {
    let tenants = export.tenants.len().to_string();
    let done = export.tenants.iter().filter(|tenant| tenant.outcome == Outcome::Done).count().to_string();
    let said = |text: &str| {
        text.replace("{tenants}", &tenants)
            .replace("{done}", &done)
            .replace("{started}", &export.started.format("%Y-%m-%d %H:%M").to_string())
            .replace("{run}", &export.run.chars().take(8).collect::<String>())
            .replace("{person}", export.created_by)
            .replace("{database}", &export.database)
    };
    sheet.write_string_with_format(0, 0, said(words.title), &formats.title)?;
    sheet.write_string_with_format(1, 0, said(words.written), &formats.note)?;
    Ok(())
}

fn rows_of(file: &ExportedFile) -> u64 {
    file.tables.iter().map(|table| table.rows).sum()
}

fn written(
    sheet: &mut Worksheet,
    row: RowNum,
    file: &ExportedFile,
    linked: bool,
    words: &Words,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let name = Path::new(&file.path).file_name().and_then(|name| name.to_str()).unwrap_or(&file.path);
    // What stands behind a number sign would be a place within the file.
    if linked && !name.contains(['#', '%']) {
        sheet.write_url(row, 2, Url::new(format!("file:///{name}")).set_text(name))?;
    } else {
        sheet.write_string_with_format(row, 2, name, &formats.text)?;
    }
    let numbers = [
        (3, file.tables.len() as f64, &formats.number),
        (4, rows_of(file) as f64, &formats.number),
        (5, file.bytes as f64, &formats.size),
        (6, (file.overflow_cells + file.altered_cells) as f64, &formats.number),
    ];
    for (column, number, format) in numbers {
        sheet.write_number_with_format(row, column, number, format)?;
    }
    let (word, format) = if file.verified { (words.yes, &formats.indented) } else { (words.no, &formats.alarm) };
    sheet.write_string_with_format(row, 7, word, format)?;
    Ok(())
}

/// A row per tenant, a column per table that any of them has.
fn rows_by_table(
    sheet: &mut Worksheet,
    export: &FleetExport<'_>,
    files: &HashMap<&str, &ExportedFile>,
    words: &Words,
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_name(words.rows_by_table)?.set_freeze_panes(1, 1)?.set_landscape();
    sheet.set_row_height(0, 32)?;
    sheet.write_string_with_format(0, 0, words.columns[0], &formats.heading)?.set_column_width(0, 26)?;
    let tables = export.files.iter().flat_map(|file| &file.tables);
    let mut columns: BTreeMap<&str, ColNum> = tables.map(|table| (table.table.as_str(), 0)).collect();
    let all = columns.len();
    for (index, (table, column)) in columns.iter_mut().take(MAX_COLUMNS - 1).enumerate() {
        *column = index as ColNum + 1;
        sheet.write_string_with_format(0, *column, *table, &formats.heading_right)?;
        sheet.set_column_width(*column, 16)?;
    }
    for (index, tenant) in export.tenants.iter().enumerate() {
        let row = index as RowNum + 1;
        sheet.write_string_with_format(row, 0, &tenant.schema, &formats.text)?;
        let Some(file) = files.get(tenant.schema.as_str()) else { continue };
        for table in &file.tables {
            if let Some(column) = columns.get(table.table.as_str()).filter(|column| **column > 0) {
                sheet.write_number_with_format(row, *column, table.rows as f64, &formats.number)?;
            }
        }
    }
    let last = export.tenants.len() as RowNum;
    if last > 0 && all > 0 {
        sheet.autofilter(0, 0, last, all.min(MAX_COLUMNS - 1) as ColNum)?;
    }
    sheet.write_string_with_format(last + 2, 0, words.note, &formats.note)?;
    if all >= MAX_COLUMNS {
        sheet.write_string_with_format(last + 3, 0, words.cut, &formats.note)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::types::ExportedTable;
    use super::*;
    use calamine::{Data, Reader, Xlsx, open_workbook};

    fn outcome(schema: &str, outcome: Outcome, error: Option<ErrorKind>) -> TenantOutcome {
        let error = error.map(|kind| (&Error::new(kind)).into());
        TenantOutcome {
            schema: schema.into(),
            outcome,
            duration_ms: 1500,
            waited_ms: 0,
            attempts: u32::from(outcome != Outcome::NotStarted),
            versions: Vec::new(),
            error,
            detail: None,
        }
    }

    fn file(schema: &str, folder: &Path, tables: &[(&str, u64)]) -> ExportedFile {
        let table =
            |(table, rows): &(&str, u64)| ExportedTable { table: (*table).into(), rows: *rows, digest: String::new() };
        ExportedFile {
            schema: schema.into(),
            format: ExportFormat::Workbook,
            path: folder.join(format!("{schema}.xlsx")).display().to_string(),
            bytes: 1000,
            sheets: 1,
            tables: tables.iter().map(table).collect(),
            overflow_cells: 2,
            altered_cells: 0,
            verified: schema != "beta",
        }
    }

    #[test]
    fn every_tenant_has_its_line_whatever_became_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let full = ErrorKind::DiskFull { path: "/data".into() };
        let tenants = [
            outcome("=acme", Outcome::Done, None),
            outcome("beta", Outcome::Done, None),
            outcome("gamma", Outcome::Failed, Some(full)),
            outcome("delta", Outcome::NotStarted, None),
        ];
        let files = [
            file("=acme", folder.path(), &[("users", 10), ("orders", 200_000)]),
            file("beta", folder.path(), &[("users", 5), ("a#b", 1)]),
        ];
        let names = HashMap::from([("=acme".to_owned(), "Acme & Cie".to_owned())]);
        let export = FleetExport {
            run: "0123456789abcdef",
            started: "2024-02-29T23:59:59Z".parse().unwrap(),
            database: "lycees @ db:5432".into(),
            created_by: "alix",
            folder: folder.path(),
            language: "fr",
            format: ExportFormat::Workbook,
            tenants: &tenants,
            names: &names,
            files: &files,
        };
        let path = write(&export).unwrap();
        assert_eq!(path.file_name().unwrap(), "fleet-2024-02-29-01234567.xlsx");
        let mut book: Xlsx<_> = open_workbook(&path).unwrap();
        assert_eq!(book.sheet_names(), ["Export", "Lignes par table"]);
        let sheet = book.worksheet_range("Export").unwrap();
        let cells = |row: u32| -> Vec<String> {
            (0..11).map(|c| sheet.get_value((row, c)).map(ToString::to_string).unwrap_or_default()).collect()
        };
        assert_eq!(cells(0)[0], "Export de 4 espaces de lycees @ db:5432");
        assert!(cells(1)[0].contains("2 sur 4 écrits"), "{:?}", cells(1));
        assert_eq!(
            cells(4),
            ["=acme", "Acme & Cie", "=acme.xlsx", "2", "200010", "1000", "2", "oui", "fait", "1.5", ""]
        );
        assert_eq!(cells(5)[7..9], ["non", "fait"]);
        assert_eq!(cells(6)[8], "échec");
        assert!(cells(6)[10].contains("full"), "{:?}", cells(6));
        assert_eq!(cells(7)[1..], ["delta", "", "", "", "", "", "", "pas commencé", "", ""]);
        assert_eq!(cells(9)[..6], ["Total", "", "", "4", "200016", "2000"]);
        let rows = book.worksheet_range("Lignes par table").unwrap();
        assert_eq!(rows.get_value((0, 2)), Some(&Data::String("orders".into())));
        assert_eq!(rows.get_value((1, 2)), Some(&Data::Float(200_000.0)));
        assert!(matches!(rows.get_value((2, 2)), None | Some(Data::Empty)));
        // Once more, over the first one.
        write(&export).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
