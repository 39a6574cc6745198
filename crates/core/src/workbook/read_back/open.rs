//! Opening a workbook, and reading its tables one after the other.

use super::exact::{ExactValue, ExactValues};
use super::foreign;
use super::manifest::{self, Manifest, ManifestTable, TextRow};
use super::part::Archive;
use super::rows::{Content, Row, Rows, damaged};
use super::{Fault, value};
use crate::shape::Shape;
use crate::workbook::book::{MANIFEST, OVERFLOW, STRUCTURE};
use crate::workbook::column::{CellKind, Column};
use crate::workbook::copy_text;
use crate::workbook::names::own_continuation;
use crate::workbook::sheet::MAX_COLUMNS;
use std::collections::{HashMap, HashSet};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A workbook that can be read.
#[derive(Debug)]
pub(in crate::workbook) struct OpenBook {
    path: PathBuf,
    /// Names of sheets and their parts, in the order of the tabs.
    tabs: Vec<(String, String)>,
    pub(in crate::workbook) manifest: Manifest,
    /// Another program has saved it: its XML is not ours.
    pub(in crate::workbook) foreign: bool,
}

impl OpenBook {
    /// Opens a file and reads its manifest.
    pub(in crate::workbook) fn open(path: &Path) -> Result<Self, Fault> {
        let unreadable = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => Fault::io(None, 0, &error),
            _ => Fault::io(None, 0, &io::Error::other(format!("the zip file cannot be read: {error}"))),
        };
        let mut archive = Archive::open(path).map_err(unreadable)?;
        let workbook = text_of(&mut archive, "xl/workbook.xml").map_err(unreadable)?;
        let relations = text_of(&mut archive, "xl/_rels/workbook.xml.rels").map_err(unreadable)?;
        let tabs = tabs(&workbook, &relations).ok_or_else(|| Fault::foreign("it names no sheets"))?;
        let ours = text_of(&mut archive, "docProps/app.xml")
            .is_ok_and(|app| app.contains("<Application>Cadastre</Application>"));
        let empty = Manifest::empty();
        let mut book = Self { path: path.to_owned(), tabs, manifest: empty, foreign: !ours };
        if book.part(MANIFEST).is_none() {
            return Err(Fault::foreign("it has no sheet _manifest, so Cadastre did not write it"));
        }
        let rows = book.own_rows(MANIFEST)?;
        book.manifest = Manifest::of_rows(rows.into_iter())?;
        Ok(book)
    }

    /// The shape of the schema, and whether it is what was written.
    pub(in crate::workbook) fn structure(&self) -> Result<(Shape, bool), Fault> {
        let names: Vec<String> = self.sheets_of(STRUCTURE).map(ToOwned::to_owned).collect();
        if names.is_empty() {
            return Err(Fault::at(STRUCTURE, 0, "the sheet is missing"));
        }
        let mut rows = Vec::new();
        for name in names {
            // Without the headings.
            rows.extend(self.own_rows(&name)?.into_iter().skip(1));
        }
        manifest::structure(&self.manifest, rows)
    }

    /// The part of a sheet.
    pub(super) fn part(&self, sheet: &str) -> Option<&str> {
        self.tabs.iter().find(|(name, _)| name == sheet).map(|(_, part)| part.as_str())
    }

    /// One of our own sheets and its continuations.
    pub(super) fn sheets_of(&self, own: &'static str) -> impl Iterator<Item = &str> {
        let names = std::iter::once(own.to_owned()).chain((2..).map(move |part| own_continuation(own, part)));
        names.map_while(|name| self.tabs.iter().map(|(tab, _)| tab.as_str()).find(|tab| *tab == name))
    }

    pub(super) fn archive(&self) -> io::Result<Archive> {
        Archive::open(&self.path)
    }

    /// All rows of one of our own sheets, as texts.
    pub(super) fn own_rows(&self, sheet: &str) -> Result<Vec<TextRow>, Fault> {
        let fault = |error: io::Error| Fault::io(Some(sheet), 0, &error);
        let mut found = Vec::new();
        let mut reader = self.sheet(sheet).map_err(fault)?;
        while let Some((_, cells)) = reader.next_row().map_err(fault)? {
            let mut row: TextRow = Vec::new();
            for cell in cells {
                if row.len() <= cell.column {
                    row.resize(cell.column + 1, None);
                }
                row[cell.column] = Some(cell.content.into_text());
            }
            found.push(row);
        }
        Ok(found)
    }

    /// A sheet from its beginning, whoever saved it.
    pub(super) fn sheet(&self, sheet: &str) -> io::Result<SheetReader> {
        let part = self.part(sheet).ok_or_else(|| damaged("the sheet is missing"))?;
        Ok(if self.foreign {
            SheetReader::Foreign(foreign::Sheet::open(&self.path, sheet)?)
        } else {
            SheetReader::Own(Box::new(Rows::new(self.archive()?.part(part)?)))
        })
    }

    /// Reads parts that belong to no table, for their checksums.
    pub(in crate::workbook) fn check_other_parts(&self) -> Result<(), Fault> {
        let mut archive = self.archive().map_err(|error| Fault::io(None, 0, &error))?;
        let sheets: HashMap<&str, &str> = self.tabs.iter().map(|(name, part)| (part.as_str(), name.as_str())).collect();
        let read: HashSet<&str> =
            self.manifest.tables.iter().flat_map(|t| &t.sheets).map(|(sheet, _)| sheet.as_str()).collect();
        for name in archive.names().map_err(|error| Fault::io(None, 0, &error))? {
            let sheet = sheets.get(name.as_str()).copied();
            if sheet.is_some_and(|sheet| read.contains(sheet)) {
                continue;
            }
            let mut part = archive.part(&name).map_err(|error| Fault::io(sheet, 0, &error))?;
            io::copy(&mut part, &mut io::sink())
                .map_err(|error| Fault::io(sheet, 0, &io::Error::other(format!("{name} cannot be read: {error}"))))?;
        }
        Ok(())
    }
}

/// A cell, whoever saved it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ReadCell {
    /// 0-based.
    pub(super) column: usize,
    pub(super) content: ReadContent,
}

/// What stands in it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ReadContent {
    /// As the file has it.
    Number(String),
    Boolean(bool),
    Text(String),
    /// `#DIV/0!` and the like.
    Error(String),
}

impl ReadContent {
    fn into_text(self) -> String {
        match self {
            Self::Number(text) | Self::Text(text) | Self::Error(text) => text,
            Self::Boolean(value) => if value { "TRUE" } else { "FALSE" }.to_owned(),
        }
    }
}

/// Reads the rows of a sheet, cell by cell: for our own sheets and for what other programs saved. The rows of tables that
/// nobody touched are read without making texts of them, by [`TableReader`].
pub(super) enum SheetReader {
    Own(Box<Rows<super::part::Part>>),
    Foreign(foreign::Sheet),
}

impl SheetReader {
    pub(super) fn next_row(&mut self) -> io::Result<Option<(u64, Vec<ReadCell>)>> {
        let row = self.any_row()?;
        // Otherwise a damaged file decides how much memory its rows need.
        if row.iter().flat_map(|(_, cells)| cells).any(|cell| cell.column >= MAX_COLUMNS) {
            return Err(damaged("a cell has no place"));
        }
        Ok(row)
    }

    fn any_row(&mut self) -> io::Result<Option<(u64, Vec<ReadCell>)>> {
        match self {
            Self::Foreign(sheet) => Ok(sheet.next_row()),
            Self::Own(rows) => {
                let Some(row) = rows.next_row()? else { return Ok(None) };
                let mut cells = Vec::new();
                for cell in row.cells() {
                    let cell = cell?;
                    let content = match cell.content {
                        Content::Number(text) => ReadContent::Number(String::from_utf8_lossy(text).into_owned()),
                        Content::Boolean(text) => ReadContent::Boolean(text == b"1"),
                        Content::Text(_) => {
                            let mut text = Vec::new();
                            value::push_value(CellKind::Text, cell.content, &mut text)?;
                            let text = String::from_utf8(text).map_err(|_| damaged("a text is not UTF-8"))?;
                            ReadContent::Text(text)
                        }
                    };
                    cells.push(ReadCell { column: cell.column(), content });
                }
                Ok(Some((u64::from(row.number), cells)))
            }
        }
    }
}

/// Takes a line of COPY text, without the newline, with its sheet and its row there.
pub(in crate::workbook) type TakeLine<'t> = &'t mut dyn FnMut(&str, u64, &[u8]) -> io::Result<()>;

/// Reads tables in the order of their sheets; some may be left out.
pub(in crate::workbook) struct TableReader<'b> {
    book: &'b OpenBook,
    archive: Archive,
    exact: ExactValues,
    /// The next exact value; its cell is still to come.
    next: Option<ExactValue>,
    line: Vec<u8>,
}

impl<'b> TableReader<'b> {
    pub(in crate::workbook) fn new(book: &'b OpenBook) -> Result<Self, Fault> {
        let opened = |error: io::Error| Fault::io(None, 0, &error);
        let sheets = book.sheets_of(OVERFLOW).map(|name| book.sheet(name)).collect::<io::Result<Vec<_>>>();
        let exact = ExactValues::new(sheets.map_err(opened)?);
        let archive = book.archive().map_err(opened)?;
        let mut reader = Self { book, archive, exact, next: None, line: Vec::new() };
        reader.advance().map_err(|error| Fault::io(Some(OVERFLOW), 0, &error))?;
        Ok(reader)
    }

    fn advance(&mut self) -> io::Result<()> {
        self.next = self.exact.next_value()?;
        Ok(())
    }

    /// No value may be left that belongs to no cell.
    pub(in crate::workbook) fn finish(self) -> Result<(), Fault> {
        match self.next {
            Some(value) => {
                Err(Fault::at(OVERFLOW, 0, &format!("the value of {}!{} belongs to no cell", value.sheet, value.cell)))
            }
            None => Ok(()),
        }
    }

    /// Every row of a table.
    pub(in crate::workbook) fn table(&mut self, table: &ManifestTable, take: TakeLine<'_>) -> Result<(), Fault> {
        // Exact values of tables that were left out.
        let own: HashSet<&str> = table.sheets.iter().map(|(sheet, _)| sheet.as_str()).collect();
        while self
            .next
            .as_ref()
            .is_some_and(|value| !own.contains(value.sheet.as_str()) && self.is_passed(&value.sheet, table))
        {
            self.advance().map_err(|error| Fault::io(Some(OVERFLOW), 0, &error))?;
        }
        for (sheet, expected) in &table.sheets {
            let mut row = 0;
            self.sheet(table, sheet, *expected, &mut row, take).map_err(|error| Fault::io(Some(sheet), row, &error))?;
        }
        Ok(())
    }

    /// A sheet of a table that stands before this one.
    fn is_passed(&self, sheet: &str, table: &ManifestTable) -> bool {
        let before = self.book.manifest.tables.iter().take_while(|other| other.name != table.name);
        before.flat_map(|other| &other.sheets).any(|(other, _)| other == sheet)
    }

    fn sheet(
        &mut self,
        table: &ManifestTable,
        sheet: &str,
        expected: u64,
        row: &mut u64,
        take: TakeLine<'_>,
    ) -> io::Result<()> {
        let part = self.book.part(sheet).ok_or_else(|| damaged("the sheet is missing"))?;
        let mut rows = Rows::new(self.archive.part(part)?);
        *row = 1;
        check_headings(&table.columns, rows.next_row()?)?;
        let mut count = 0;
        while let Some(found) = rows.next_row()? {
            count += 1;
            *row = count + 1;
            if u64::from(found.number) != *row {
                return Err(damaged("a row is missing"));
            }
            self.line.clear();
            self.row(&table.columns, sheet, found)?;
            take(sheet, *row, &self.line)?;
        }
        rows.drain()?;
        *row = 0;
        if count == expected {
            Ok(())
        } else {
            Err(damaged(&format!("it has {count} rows of data, and the manifest says {expected}")))
        }
    }

    /// Makes the line of COPY text that a row stands for.
    fn row(&mut self, columns: &[Column], sheet: &str, row: Row<'_>) -> io::Result<()> {
        let mut cells = row.cells();
        let mut cell = cells.next().transpose()?;
        for (index, column) in columns.iter().enumerate() {
            if index > 0 {
                self.line.push(b'\t');
            }
            let Some(found) = cell.filter(|c| c.column() == index) else {
                self.line.extend_from_slice(b"\\N");
                continue;
            };
            let start = self.line.len();
            match &self.next {
                Some(exact) if exact.cell.as_bytes() == found.reference && exact.sheet == sheet => {
                    self.line.extend_from_slice(exact.text.as_bytes());
                    self.advance()?;
                }
                _ => value::push_value(column.kind, found.content, &mut self.line)?,
            }
            copy_text::escape_from(&mut self.line, start);
            cell = cells.next().transpose()?;
        }
        match cell {
            Some(_) => Err(damaged("a cell belongs to no column")),
            None => Ok(()),
        }
    }
}

fn check_headings(columns: &[Column], row: Option<Row<'_>>) -> io::Result<()> {
    let row = row.ok_or_else(|| damaged("there are no headings"))?;
    let mut found = row.cells();
    for column in columns {
        let mut text = Vec::new();
        if let Some(cell) = found.next().transpose()? {
            value::push_value(CellKind::Text, cell.content, &mut text)?;
        }
        if text != column.heading().as_bytes() {
            return Err(damaged(&format!("the heading of column {:?} differs", column.name)));
        }
    }
    match found.next() {
        Some(_) => Err(damaged("there is a heading too many")),
        None => Ok(()),
    }
}

fn text_of(archive: &mut Archive, part: &str) -> io::Result<String> {
    let mut text = String::new();
    archive.part(part)?.read_to_string(&mut text)?;
    Ok(text)
}

/// Names and parts of the sheets.
fn tabs(workbook: &str, relations: &str) -> Option<Vec<(String, String)>> {
    let targets: HashMap<String, String> = elements(relations, "Relationship")
        .filter_map(|element| Some((attribute(element, "Id")?, attribute(element, "Target")?)))
        .collect();
    let sheets: Vec<(String, String)> = elements(workbook, "sheet")
        .filter_map(|element| {
            let (name, id) = (attribute(element, "name")?, attribute(element, "r:id")?);
            let target = targets.get(&id)?;
            let part = match target.strip_prefix('/') {
                Some(absolute) => absolute.to_owned(),
                None => format!("xl/{target}"),
            };
            Some((name, part))
        })
        .collect();
    (!sheets.is_empty()).then_some(sheets)
}

/// The insides of `<name …>`.
fn elements<'x>(xml: &'x str, name: &'static str) -> impl Iterator<Item = &'x str> {
    xml.split('<').filter_map(move |piece| {
        let inside =
            piece.strip_prefix(name).or_else(|| piece.split_once(':').and_then(|(_, p)| p.strip_prefix(name)))?;
        inside.starts_with([' ', '\n', '\t', '\r']).then(|| inside.split('>').next()).flatten()
    })
}

fn attribute(element: &str, name: &str) -> Option<String> {
    let at = element.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = element[at..].split('"').next()?;
    let mut text = value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'");
    for (written, character) in [("&#10;", "\n"), ("&#9;", "\t"), ("&#13;", "\r"), ("&#39;", "'"), ("&#34;", "\"")] {
        text = text.replace(written, character);
    }
    Some(text.replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_are_found_however_they_are_written() {
        let workbook = r#"<x:workbook><x:sheets><x:sheet name="a &amp; &quot;b&quot;" sheetId="1" r:id="rId7"/><x:sheet r:id="rId1" name="c"/></x:sheets></x:workbook>"#;
        let relations = r#"<Relationships><Relationship Id="rId1" Target="/xl/worksheets/sheet2.xml"/><Relationship Target="worksheets/sheet1.xml" Id="rId7"/></Relationships>"#;
        let expected = [
            ("a & \"b\"".to_owned(), "xl/worksheets/sheet1.xml".to_owned()),
            ("c".to_owned(), "xl/worksheets/sheet2.xml".to_owned()),
        ];
        assert_eq!(tabs(workbook, relations).unwrap(), expected);
        assert_eq!(tabs("", ""), None);
    }
}
