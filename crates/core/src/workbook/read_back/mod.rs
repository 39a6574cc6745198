//! Reading a finished workbook back: every table's digest is taken again from the cells and `_overflow`, and must be
//! the one that was taken from the database's own text.

mod exact;
mod part;
mod rows;
mod value;

use super::column::Column;
use super::copy_text;
use super::manifest::SheetRecord;
use super::source::Source;
use super::text;
use crate::content::RowDigest;
use exact::{ExactValue, ExactValues};
use part::Archive;
use rows::{Content, RawCell, Row, Rows, damaged};
use std::io;
use std::path::Path;

/// A table as the workbook should hold it.
#[derive(Debug)]
pub(super) struct Expected<'a> {
    pub(super) source: &'a Source,
    pub(super) sheets: &'a [SheetRecord],
    pub(super) digest: &'a str,
}

/// What is wrong with a workbook.
#[derive(Debug)]
pub(super) struct Difference {
    /// The table, or what else could not be read.
    pub(super) table: String,
    /// 0 where no row can be named.
    pub(super) row: u64,
    pub(super) cause: io::Error,
}

/// Compares a workbook with what was written to it. `overflow` names the parts of the overflow sheets. `go_on` is asked
/// from time to time.
pub(super) fn compare(
    path: &Path,
    tables: &[Expected<'_>],
    overflow: &[String],
    go_on: &dyn Fn() -> bool,
) -> Result<(), Difference> {
    let mut archive = Archive::open(path).map_err(|cause| difference("workbook", 0, cause))?;
    let mut exact_archive = Archive::open(path).map_err(|cause| difference("workbook", 0, cause))?;
    let exact = ExactValues::new(&mut exact_archive, overflow);
    let mut reader = Reader { exact, next: None, row: 0, go_on };
    reader.advance().map_err(|cause| difference("_overflow", 0, cause))?;
    for table in tables {
        reader
            .table(&mut archive, table)
            .map_err(|cause| difference(&table.source.relation.name, reader.row, cause))?;
    }
    match reader.next {
        Some(_) => Err(difference("_overflow", 0, damaged("a value belongs to no cell"))),
        None => Ok(()),
    }
}

fn difference(table: &str, row: u64, cause: io::Error) -> Difference {
    Difference { table: table.to_owned(), row, cause }
}

struct Reader<'a> {
    exact: ExactValues<'a>,
    /// The next exact value; its cell is still to come.
    next: Option<ExactValue>,
    /// The row of the table that is being read, 0 outside.
    row: u64,
    go_on: &'a dyn Fn() -> bool,
}

impl Reader<'_> {
    fn advance(&mut self) -> io::Result<()> {
        self.next = self.exact.next_value()?;
        Ok(())
    }

    fn table(&mut self, archive: &mut Archive, table: &Expected<'_>) -> io::Result<()> {
        let columns = &table.source.columns;
        let mut digest = RowDigest::default();
        let mut line = Vec::new();
        self.row = 0;
        for sheet in table.sheets {
            let mut rows = Rows::new(archive.part(&sheet.part)?);
            check_headings(columns, rows.next_row()?)?;
            let mut count = 0;
            while let Some(row) = rows.next_row()? {
                self.row += 1;
                count += 1;
                if u64::from(row.number) != count + 1 {
                    return Err(damaged("a row is missing"));
                }
                line.clear();
                self.row(columns, &sheet.name, row, &mut line)?;
                digest.add(&line);
                if self.row.is_multiple_of(1024) && !(self.go_on)() {
                    return Err(io::ErrorKind::Interrupted.into());
                }
            }
            rows.drain()?;
            if count != sheet.rows {
                return Err(damaged("the number of rows differs"));
            }
        }
        self.row = 0;
        if digest.text() == table.digest { Ok(()) } else { Err(damaged("the digest differs")) }
    }

    /// Appends the line of COPY text that a row stands for.
    fn row(&mut self, columns: &[Column], sheet: &str, row: Row<'_>, line: &mut Vec<u8>) -> io::Result<()> {
        let mut cells = row.cells();
        let mut cell = cells.next().transpose()?;
        for (index, column) in columns.iter().enumerate() {
            if index > 0 {
                line.push(b'\t');
            }
            let Some(found) = cell.filter(|c| c.column() == index) else {
                line.extend_from_slice(b"\\N");
                continue;
            };
            let start = line.len();
            match &self.next {
                Some(exact) if exact.cell == found.reference && exact.sheet == sheet.as_bytes() => {
                    line.extend_from_slice(&exact.text);
                    self.advance()?;
                }
                _ => value::push_value(column.kind, found.content, line)?,
            }
            copy_text::escape_from(line, start);
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
        let mut expected = Vec::new();
        text::push_escaped(column.heading().as_bytes(), &mut expected);
        match found.next().transpose()? {
            Some(RawCell { content: Content::Text(text), .. }) if text == expected => {}
            _ => return Err(damaged("a heading differs")),
        }
    }
    match found.next() {
        Some(_) => Err(damaged("a heading differs")),
        None => Ok(()),
    }
}
