//! The workbook under construction: sheets one after the other, then what binds them together.

use super::checks::Checks;
use super::container::Container;
use super::cover;
use super::language::Words;
use super::manifest::{self, Facts, SheetRecord, TableRecord};
use super::names::{SheetNames, own_continuation};
use super::overflow::{Overflow, Place};
use super::package;
use super::row::{Overflown, RowEncoder, push_headings};
use super::sheet::{self, Head, column_letters};
use super::source::Source;
use super::structure;
use super::types::ExportedTable;
use crate::content::{Relation, RowDigest, SequenceState};
use crate::part_file;
use crate::shape::Record;
use crate::{Error, ErrorKind, Result};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

/// Rows are handed to the compressor in pieces of about so many hints, three for a cell in its row.
const PIECE: usize = 4 * 1024;
/// A line of more bytes is handed to the compressor at once.
const LONG_LINE: usize = 16 * 1024;

/// Everything that is known before the first row.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) facts: Facts,
    pub(super) sources: Vec<Source>,
    pub(super) omitted: Vec<Relation>,
    /// The lines of the schema's shape.
    pub(super) structure: Vec<Record>,
    /// What of the structure no restore makes again by itself.
    pub(super) by_hand: Vec<String>,
    /// Not all tables were chosen.
    pub(super) partial: bool,
    /// Large objects in the database, where the tenant has columns that may name them.
    pub(super) large_objects: u64,
    pub(super) language: String,
    /// Data rows per sheet.
    pub(super) rows_per_sheet: u32,
    /// Where the workbook will be: named in errors, and where large values are spooled.
    pub(super) folder: PathBuf,
}

/// What was written.
#[derive(Debug)]
pub(super) struct Written {
    /// In the order of the plan.
    pub(super) tables: Vec<ExportedTable>,
    pub(super) sheets: u32,
    pub(super) overflow_cells: u64,
    /// Of a guarded CSV file.
    pub(super) altered_cells: u64,
}

/// A sheet of the workbook, in the order of its tabs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tab {
    pub(super) name: String,
    /// The part of the package.
    pub(super) part: String,
    /// The cells of a table with its headings.
    pub(super) range: Option<String>,
    /// For programs.
    pub(super) hidden: bool,
}

/// The sheets that programs read; no table's has such a name.
pub(super) const MANIFEST: &str = "_manifest";
pub(super) const STRUCTURE: &str = "_structure";
pub(super) const CHECKS: &str = "_checks";
pub(super) const OVERFLOW: &str = "_overflow";

/// A workbook being written to `W`.
pub(super) struct Book<'p, W> {
    plan: &'p Plan,
    words: &'static Words,
    container: Container<W>,
    names: SheetNames,
    first_names: Vec<String>,
    tabs: Vec<Tab>,
    /// Sheets begun so far.
    parts: usize,
    overflow: Overflow,
    checks: Checks,
    finished: Vec<FinishedTable>,
}

struct FinishedTable {
    written: ExportedTable,
    sheets: Vec<SheetRecord>,
    as_text: Vec<u64>,
    overflow_cells: u64,
}

impl<'p, W: Write + Seek> Book<'p, W> {
    /// Begins a workbook in an empty file.
    ///
    /// # Errors
    /// [`ErrorKind::TooManyColumns`], and what the file reports.
    pub(super) fn new(plan: &'p Plan, out: W) -> Result<Self> {
        if let Some(wide) = plan.sources.iter().find(|s| s.columns.len() > sheet::MAX_COLUMNS) {
            let (table, columns) = (wide.relation.name.clone(), wide.columns.len());
            return Err(ErrorKind::TooManyColumns { table, columns }.into());
        }
        let words = Words::of(&plan.language);
        let mut names = SheetNames::new();
        // All first names before any continuation, so that a table's name never depends on how long another one is.
        let first_names = plan.sources.iter().map(|s| names.table(&s.relation.name)).collect();
        let mut container = Container::new(out, plan.facts.created);
        for (name, xml) in package::opening(&plan.facts) {
            container.part(name, &xml).map_err(failed(&plan.folder))?;
        }
        Ok(Self {
            plan,
            words,
            container,
            names,
            first_names,
            tabs: Vec::new(),
            parts: 0,
            checks: Checks::new(&plan.folder, words.checks_columns, plan.rows_per_sheet),
            overflow: Overflow::new(&plan.folder, words, plan.rows_per_sheet),
            finished: Vec::new(),
        })
    }

    /// Begins the next table of the plan.
    pub(super) fn table(&mut self) -> io::Result<TableWriter<'_, 'p, W>> {
        let index = self.finished.len();
        let source = &self.plan.sources[index];
        let mut writer = TableWriter {
            encoder: RowEncoder::new(&source.columns, self.words.cut),
            overflow_before: self.overflow.cells(),
            book: self,
            source,
            sheets: Vec::new(),
            digest: RowDigest::default(),
            rows: 0,
            row: 0,
        };
        writer.begin_sheet()?;
        Ok(writer)
    }

    /// Writes our own sheets and the parts that bind the sheets together. `sequences` are where they stand.
    pub(super) fn finish(mut self, sequences: &[SequenceState]) -> io::Result<(W, Written)> {
        let data_sheets = self.tabs.len();
        let plan = self.plan;
        let tables: Vec<TableRecord<'_>> = self
            .finished
            .iter()
            .zip(&plan.sources)
            .map(|(table, source)| TableRecord {
                source,
                written: &table.written,
                sheets: &table.sheets,
                as_text: &table.as_text,
                overflow_cells: table.overflow_cells,
            })
            .collect();
        let omitted: Vec<(&str, &str)> = plan
            .omitted
            .iter()
            .map(|r| (r.name.as_str(), if r.partition { "partition" } else { r.kind.word() }))
            .collect();
        let next = &mut self.parts;
        let mut part_name = || {
            *next += 1;
            package::sheet_part(*next - 1)
        };
        let (columns, rows) = (self.words.structure_columns, plan.rows_per_sheet);
        let (structure_digest, structure) =
            structure::write(&plan.structure, columns, &plan.folder, rows, &mut self.container, &mut part_name)?;
        let record = manifest::Record {
            facts: &plan.facts,
            tables: &tables,
            omitted: &omitted,
            by_hand: &plan.by_hand,
            sequences,
            structure_digest: &structure_digest,
            partial: plan.partial,
            large_objects: plan.large_objects,
        };
        let manifest_part = part_name();
        self.container.part(&manifest_part, &manifest::manifest_xml(&record, self.words))?;
        let cover_part = part_name();
        self.container.part(&cover_part, &cover::cover_xml(&record, self.words))?;
        let checks = self.checks.finish(&mut self.container, &mut part_name)?;
        let overflow_cells = self.overflow.cells();
        let overflow = self.overflow.finish(&mut self.container, &mut part_name)?;

        let own = |name: &str, part: String| Tab { name: name.into(), part, range: None, hidden: false };
        let cover = self.names.table(self.words.cover);
        self.tabs.insert(0, own(&cover, cover_part));
        self.tabs.push(own(MANIFEST, manifest_part));
        for (base, hidden, parts) in [(STRUCTURE, true, structure), (CHECKS, true, checks), (OVERFLOW, false, overflow)]
        {
            for (index, (part, range)) in parts.into_iter().enumerate() {
                let name = match index {
                    0 => base.to_owned(),
                    _ => own_continuation(base, index as u32 + 1),
                };
                self.tabs.push(Tab { name, part, range, hidden });
            }
        }
        for (name, xml) in package::closing(&self.tabs) {
            self.container.part(name, &xml)?;
        }
        let tables = self.finished.into_iter().map(|table| table.written);
        let written =
            Written { tables: tables.collect(), sheets: data_sheets as u32, overflow_cells, altered_cells: 0 };
        Ok((self.container.finish()?, written))
    }
}

/// A table being written.
pub(super) struct TableWriter<'b, 'p, W> {
    book: &'b mut Book<'p, W>,
    source: &'p Source,
    encoder: RowEncoder,
    sheets: Vec<SheetRecord>,
    digest: RowDigest,
    rows: u64,
    /// Data rows on the sheet under way.
    row: u32,
    overflow_before: u64,
}

impl<W: Write + Seek> TableWriter<'_, '_, W> {
    /// Writes whole lines of COPY text.
    ///
    /// # Errors
    /// [`ErrorKind::CellRefused`] for text that is not UTF-8, as databases without an encoding may hold it.
    pub(super) fn lines(&mut self, lines: &[u8]) -> Result<()> {
        let valid = std::str::from_utf8(lines);
        let mut rest = lines;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let line = &rest[..end];
            rest = &rest[end + 1..];
            if valid.is_err() && std::str::from_utf8(line).is_err() {
                let reason = "it is not UTF-8".to_owned();
                return Err(cell_refused(&self.source.relation.name, self.rows + 1, reason));
            }
            self.line(line).map_err(|error| part_file::failure(&self.book.plan.folder, error))?;
        }
        Ok(())
    }

    fn line(&mut self, line: &[u8]) -> io::Result<()> {
        if self.row == self.book.plan.rows_per_sheet {
            self.end_sheet()?;
            self.begin_sheet()?;
        }
        self.digest.add(line);
        self.rows += 1;
        self.row += 1;
        let row = self.row + 1;
        let sheet = &self.sheets[self.sheets.len() - 1].name;
        let (source, overflow) = (self.source, &mut self.book.overflow);
        self.encoder.encode(line, row, self.book.container.deflate(), &mut |overflown: Overflown<'_>| {
            let cell = format!("{}{row}", column_letters(overflown.column));
            let column = &source.columns[overflown.column].name;
            let place = Place { table: &source.relation.name, column, sheet, cell: &cell };
            overflow.add(place, overflown.loss, overflown.value)
        })?;
        self.book.checks.add(self.encoder.check())?;
        if self.encoder.hints().len() >= PIECE || line.len() >= LONG_LINE {
            self.flush()?;
        }
        Ok(())
    }

    /// Rows written so far.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Ends the table.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.end_sheet()?;
        let written =
            ExportedTable { table: self.source.relation.name.clone(), rows: self.rows, digest: self.digest.text() };
        self.book.finished.push(FinishedTable {
            written,
            sheets: self.sheets,
            as_text: self.encoder.as_text().collect(),
            overflow_cells: self.book.overflow.cells() - self.overflow_before,
        });
        Ok(())
    }

    fn begin_sheet(&mut self) -> io::Result<()> {
        let book = &mut *self.book;
        let part = self.sheets.len() as u32 + 1;
        let name = match part {
            1 => book.first_names[book.finished.len()].clone(),
            _ => book.names.continuation(&self.source.relation.name, part),
        };
        let sheet_part = package::sheet_part(book.parts);
        book.parts += 1;
        book.container.begin(sheet_part.as_str())?;
        let widths: Vec<u32> = self.source.columns.iter().map(super::column::Column::width).collect();
        let mut xml = Vec::new();
        Head { widths: &widths, frozen: true, selected: false, grid: true }.push(&mut xml);
        push_headings(&self.source.columns, &mut xml);
        book.container.write(&xml)?;
        self.encoder.new_sheet();
        book.checks.begin_sheet(&name);
        book.tabs.push(Tab { name: name.clone(), part: sheet_part, range: None, hidden: false });
        self.sheets.push(SheetRecord { name, rows: 0 });
        self.row = 0;
        Ok(())
    }

    fn end_sheet(&mut self) -> io::Result<()> {
        let range = sheet::range(self.source.columns.len(), self.row + 1);
        self.flush()?;
        let mut xml = Vec::new();
        sheet::push_tail(range.as_deref(), true, &mut xml);
        self.book.container.write(&xml)?;
        self.book.container.end()?;
        self.book.checks.end_sheet()?;
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.rows = u64::from(self.row);
        }
        if let Some(tab) = self.book.tabs.last_mut() {
            tab.range = range;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        let hints = self.encoder.hints();
        self.book.container.encode(hints)?;
        hints.clear();
        Ok(())
    }
}

/// A row that a workbook cannot carry, named by its number in the order of reading.
pub(super) fn cell_refused(table: &str, row: u64, reason: String) -> Error {
    ErrorKind::CellRefused { table: table.to_owned(), row: row.to_string(), reason }.into()
}

/// For errors of the parts at the end.
pub(super) fn failed(folder: &Path) -> impl Fn(io::Error) -> Error + '_ {
    move |error| part_file::failure(folder, error)
}
