//! The sheet `_manifest`: where the data comes from, what each sheet holds, and what was left out.
//!
//! The first column of each row is for machines: `property`, `table`, `sheet`, `column`, `migration`, `sequence`, `omitted`, `by_hand`,
//! or nothing where the row is for people only. `docs/workbook-format.md` describes the rows.

use super::language::Words;
use super::sheet::{self, Cell, Head};
use super::source::Source;
use super::structure::{RowsDigest, cell_text};
use super::style::Style;
use super::types::ExportedTable;
use crate::content::SequenceState;
use crate::migration::{History, hex};
use chrono::{DateTime, Utc};

/// The version of the layout of all sheets.
pub(super) const FORMAT_VERSION: &str = "2";

/// Where the data comes from.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    pub(super) schema: String,
    /// The tenant's name: the comment of its schema.
    pub(super) tenant: Option<String>,
    /// Owner of the schema.
    pub(super) owner: String,
    /// Fingerprint of the schema's shape.
    pub(super) fingerprint: String,
    pub(super) created: DateTime<Utc>,
    pub(super) created_by: String,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) server_version: String,
    pub(super) database: String,
    pub(super) role: String,
    pub(super) schema_version: Option<String>,
    /// Name of the shipped template that the tenant was made from.
    pub(super) template: Option<String>,
    /// What it has applied.
    pub(super) history: History,
    pub(super) snapshot_time: String,
    pub(super) snapshot: String,
    pub(super) wal_position: Option<String>,
}

/// A table as it was written.
#[derive(Debug)]
pub(super) struct TableRecord<'a> {
    pub(super) source: &'a Source,
    pub(super) written: &'a ExportedTable,
    pub(super) sheets: &'a [SheetRecord],
    /// Per column, values that had to be text.
    pub(super) as_text: &'a [u64],
    pub(super) overflow_cells: u64,
}

/// One sheet of a table.
#[derive(Debug, Clone)]
pub(super) struct SheetRecord {
    pub(super) name: String,
    pub(super) rows: u64,
}

/// Everything that the manifest says.
pub(super) struct Record<'a> {
    pub(super) facts: &'a Facts,
    pub(super) tables: &'a [TableRecord<'a>],
    /// Name and kind of what is no sheet.
    pub(super) omitted: &'a [(&'a str, &'a str)],
    /// What of the structure no restore makes again by itself.
    pub(super) by_hand: &'a [String],
    pub(super) sequences: &'a [SequenceState],
    pub(super) structure_digest: &'a str,
    pub(super) partial: bool,
    pub(super) large_objects: u64,
}

/// The whole sheet.
pub(super) fn manifest_xml(record: &Record<'_>, words: &Words) -> Vec<u8> {
    let mut rows = Rows { xml: Vec::new(), row: 0, digest: RowsDigest::default() };
    Head { widths: &[10, 30, 30, 34, 24, 16, 66], frozen: false, selected: false, grid: false }.push(&mut rows.xml);
    rows.push(&[Cell::Empty, Cell::Text(&format!("{} {}", words.title, record.facts.schema), Style::Title)]);
    rows.push(&[Cell::Empty, Cell::Text(words.machines, Style::General)]);
    rows.row += 1;
    push_properties(record, words, &mut rows);
    push_tables(record.tables, words, &mut rows);
    push_columns(record.tables, words, &mut rows);
    push_history(&record.facts.history, words, &mut rows);
    if !record.sequences.is_empty() {
        rows.section(words.section_sequences, &[words.sequence, words.last_value, words.is_called]);
        for sequence in record.sequences {
            // As text: a bigint has more digits than a cell.
            let value = sequence.last_value.map(|value| value.to_string());
            rows.push(&[
                text("sequence"),
                text(&sequence.name),
                value.as_deref().map_or(Cell::Empty, text),
                text(if sequence.is_called { "true" } else { "false" }),
            ]);
        }
    }
    if !record.omitted.is_empty() || record.large_objects > 0 {
        rows.section(words.section_omitted, &[words.name, words.data_type]);
        for (name, kind) in record.omitted {
            rows.push(&[text("omitted"), text(name), text(kind)]);
        }
        if record.large_objects > 0 {
            let count = record.large_objects.to_string();
            rows.push(&[text("omitted"), text(&count), text("large objects")]);
        }
    }
    if !record.by_hand.is_empty() {
        rows.section(words.section_by_hand, &[words.name]);
        for name in record.by_hand {
            rows.push(&[text("by_hand"), text(name)]);
        }
    }
    let digest = rows.digest.text();
    rows.row += 1;
    rows.push(&[text("digest"), text("manifest_digest"), text(words.manifest_digest), text(&digest)]);
    sheet::push_tail(None, false, &mut rows.xml);
    rows.xml
}

fn push_properties(record: &Record<'_>, words: &Words, rows: &mut Rows) {
    let facts = record.facts;
    let overflow: u64 = record.tables.iter().map(|t| t.overflow_cells).sum();
    let server = match facts.host.starts_with('/') {
        true => facts.host.clone(),
        false => format!("{}:{}", facts.host, facts.port),
    };
    let created = facts.created.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let properties = [
        ("format_version", words.format_version, FORMAT_VERSION),
        ("created", words.created, &created),
        ("created_by", words.created_by, &facts.created_by),
        ("program", words.program, concat!("Cadastre ", env!("CARGO_PKG_VERSION"))),
        ("server", words.server, &server),
        ("server_version", words.server_version, &facts.server_version),
        ("database", words.database, &facts.database),
        ("role", words.role, &facts.role),
        ("schema", words.schema, &facts.schema),
        ("tenant", words.tenant, facts.tenant.as_deref().unwrap_or_default()),
        ("owner", words.owner, &facts.owner),
        ("contents", words.contents, if record.partial { "chosen tables" } else { "all tables" }),
        ("structure_fingerprint", words.structure_fingerprint, &facts.fingerprint),
        ("structure_digest", words.structure_digest, record.structure_digest),
        ("schema_version", words.schema_version, facts.schema_version.as_deref().unwrap_or_default()),
        ("template", words.template, facts.template.as_deref().unwrap_or_default()),
        ("snapshot_time", words.snapshot_time, &facts.snapshot_time),
        ("snapshot", words.snapshot, &facts.snapshot),
        ("wal_position", words.wal_position, facts.wal_position.as_deref().unwrap_or_default()),
        ("overflow_cells", words.overflow_cells, &overflow.to_string()),
    ];
    for (key, label, value) in properties {
        rows.push(&[text("property"), text(key), text(label), text(value)]);
    }
}

fn push_history(history: &History, words: &Words, rows: &mut Rows) {
    if history.iter().next().is_none() {
        return;
    }
    rows.section(words.section_history, &[words.migration, words.checksum, words.completed]);
    for (version, applied) in history.iter() {
        rows.push(&[
            text("migration"),
            text(&version.to_string()),
            text(&hex(&applied.checksum)),
            text(if applied.success { "true" } else { "false" }),
        ]);
    }
}

fn push_tables(tables: &[TableRecord<'_>], words: &Words, rows: &mut Rows) {
    rows.section(
        words.section_tables,
        &[words.table, words.data_type, words.rows, words.columns, words.overflow_cells, words.digest],
    );
    for table in tables {
        rows.push(&[
            text("table"),
            text(&table.written.table),
            text(table.source.relation.kind.word()),
            Cell::Number(table.written.rows),
            Cell::Number(table.source.columns.len() as u64),
            Cell::Number(table.overflow_cells),
            text(&table.written.digest),
        ]);
    }
    rows.section(words.section_sheets, &[words.table, words.sheet, words.part, words.rows]);
    for table in tables {
        for (index, sheet) in table.sheets.iter().enumerate() {
            let part = Cell::Number(index as u64 + 1);
            rows.push(&[text("sheet"), text(&table.written.table), text(&sheet.name), part, Cell::Number(sheet.rows)]);
        }
    }
}

fn push_columns(tables: &[TableRecord<'_>], words: &Words, rows: &mut Rows) {
    rows.section(
        words.section_columns,
        &[words.table, words.column, words.data_type, words.cells, words.position, words.as_text],
    );
    for table in tables {
        for (index, column) in table.source.columns.iter().enumerate() {
            rows.push(&[
                text("column"),
                text(&table.written.table),
                text(&column.name),
                text(&column.data_type),
                text(&column.kind.word()),
                Cell::Number(index as u64 + 1),
                Cell::Number(table.as_text.get(index).copied().unwrap_or_default()),
            ]);
        }
    }
}

fn text(value: &str) -> Cell<'_> {
    Cell::Text(value, Style::Text)
}

struct Rows {
    xml: Vec<u8>,
    row: u32,
    /// Over the rows for machines.
    digest: RowsDigest,
}

impl Rows {
    fn push(&mut self, cells: &[Cell<'_>]) {
        self.row += 1;
        sheet::push_row(self.row, cells, &mut self.xml);
        if !matches!(cells.first(), None | Some(Cell::Empty)) {
            let texts: Vec<Option<String>> = cells.iter().map(cell_text).collect();
            self.digest.row(texts.iter().map(Option::as_deref));
        }
    }

    /// A title, and headings from the second column on.
    fn section(&mut self, title: &str, headings: &[&str]) {
        self.row += 1;
        self.push(&[Cell::Empty, Cell::Text(title, Style::Title)]);
        let mut cells = vec![Cell::Empty];
        cells.extend(headings.iter().map(|heading| Cell::Text(heading, Style::Heading)));
        self.push(&cells);
    }
}
