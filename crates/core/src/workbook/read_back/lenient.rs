//! Rows as a person has left them: whatever program saved the file, and whatever was changed in it.

use super::check_rows::{as_written, checks};
use super::exact::ExactValues;
use super::open::{OpenBook, ReadCell, ReadContent, TakeLine};
use super::rows::damaged;
use super::{Fault, ManifestTable};
use crate::workbook::book::OVERFLOW;
use crate::workbook::check::{LENGTH, RowCheck, counted_serial};
use crate::workbook::column::CellKind;
use crate::workbook::copy_text;
use crate::workbook::finding::Finding;
use crate::workbook::sheet::column_letters;
use crate::workbook::temporal::{self, Serial};
use std::collections::HashMap;
use std::io;

/// Reads tables of a file that was changed.
pub(in crate::workbook) struct LenientReader<'b> {
    book: &'b OpenBook,
    /// Exact values by sheet and cell.
    exact: HashMap<(String, String), String>,
}

impl<'b> LenientReader<'b> {
    pub(in crate::workbook) fn new(book: &'b OpenBook) -> Result<Self, Fault> {
        let fault = |error: io::Error| Fault::io(Some(OVERFLOW), 0, &error);
        let sheets = book.sheets_of(OVERFLOW).map(|name| book.sheet(name)).collect::<io::Result<Vec<_>>>();
        let mut values = ExactValues::new(sheets.map_err(fault)?);
        let mut exact = HashMap::new();
        while let Some(value) = values.next_value().map_err(fault)? {
            exact.insert((value.sheet, value.cell), value.text);
        }
        Ok(Self { book, exact })
    }

    /// Every row of a table, in the order of the sheets. A row without cells counts if it had none when it was written.
    pub(in crate::workbook) fn table(&self, table: &ManifestTable, take: TakeLine<'_>) -> Result<(), Fault> {
        let checks = checks(self.book, table)?;
        for (sheet, _) in &table.sheets {
            let written = checks.get(sheet).map_or(&[][..], Vec::as_slice);
            let mut row = 0;
            self.sheet(table, sheet, written, &mut row, take).map_err(|error| Fault::io(Some(sheet), row, &error))?;
        }
        Ok(())
    }

    fn sheet(
        &self,
        table: &ManifestTable,
        sheet: &str,
        written: &[[u8; LENGTH]],
        row: &mut u64,
        take: TakeLine<'_>,
    ) -> io::Result<()> {
        let mut reader = self.book.sheet(sheet)?;
        let empty = RowCheck::default().value();
        let is_empty = |row: u64| written.get((row as usize).wrapping_sub(2)) == Some(&empty);
        let nothing = vec![&b"\\N"[..]; table.columns.len()].join(&b'\t');
        let mut next = 2;
        while let Some((number, cells)) = reader.next_row()? {
            *row = number;
            if number == 1 {
                self.headings(table, &cells)?;
                continue;
            }
            for passed in next..number {
                if is_empty(passed) {
                    take(sheet, passed, &nothing)?;
                }
            }
            next = number + 1;
            if cells.is_empty() && !is_empty(number) {
                continue;
            }
            let known = written.get(number as usize - 2).and_then(|written| as_written(table, &cells, written));
            let unchanged = known.is_some();
            let line = self.line(table, sheet, number, known.as_deref().unwrap_or(&cells), unchanged)?;
            take(sheet, number, &line)?;
        }
        for passed in next..written.len() as u64 + 2 {
            if is_empty(passed) {
                take(sheet, passed, &nothing)?;
            }
        }
        *row = 0;
        Ok(())
    }

    /// Columns are known by their place; another heading there means that somebody has moved them.
    fn headings(&self, table: &ManifestTable, cells: &[ReadCell]) -> io::Result<()> {
        for (index, column) in table.columns.iter().enumerate() {
            let found = cells.iter().find(|cell| cell.column == index).map(|cell| &cell.content);
            if !matches!(found, Some(ReadContent::Text(text)) if *text == column.heading()) {
                return Err(damaged(Finding::HeadingChanged { column: column.name.clone() }));
            }
        }
        Ok(())
    }

    fn line(
        &self,
        table: &ManifestTable,
        sheet: &str,
        row: u64,
        cells: &[ReadCell],
        unchanged: bool,
    ) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        for (index, column) in table.columns.iter().enumerate() {
            if index > 0 {
                line.push(b'\t');
            }
            let Some(cell) = cells.iter().find(|cell| cell.column == index) else {
                line.extend_from_slice(b"\\N");
                continue;
            };
            let start = line.len();
            let place = (sheet.to_owned(), format!("{}{row}", column_letters(index)));
            match self.exact.get(&place).filter(|exact| unchanged || stands_for(column.kind, &cell.content, exact)) {
                Some(exact) => line.extend_from_slice(exact.as_bytes()),
                None => push_value(column.kind, &column.name, &cell.content, &mut line)?,
            }
            copy_text::escape_from(&mut line, start);
        }
        match cells.iter().find(|cell| cell.column >= table.columns.len()) {
            Some(_) => Err(damaged(Finding::CellStray)),
            None => Ok(line),
        }
    }
}

/// The cell is still what was written for this exact value, though others in its row were changed.
fn stands_for(kind: CellKind, content: &ReadContent, exact: &str) -> bool {
    match content {
        ReadContent::Text(text) => text.ends_with("_overflow]"),
        ReadContent::Number(text) => {
            let serial = match kind {
                CellKind::Timestamp => temporal::timestamp(exact.as_bytes()),
                CellKind::TimestampUtc => temporal::timestamp_utc(exact.as_bytes()),
                _ => None,
            };
            serial.is_some_and(|serial| {
                let mut written = Vec::new();
                serial.push(&mut written);
                let double = |text: &[u8]| std::str::from_utf8(text).ok().and_then(|t| t.parse::<f64>().ok());
                double(&written) == double(text.as_bytes())
            })
        }
        _ => false,
    }
}

/// PostgreSQL's text of a cell; whether the column takes it, the server decides.
fn push_value(kind: CellKind, column: &str, content: &ReadContent, out: &mut Vec<u8>) -> io::Result<()> {
    match content {
        ReadContent::Text(text) => out.extend_from_slice(text.as_bytes()),
        ReadContent::Error(text) => {
            return Err(damaged(Finding::CellError { column: column.to_owned(), value: text.clone() }));
        }
        ReadContent::Boolean(value) if kind == CellKind::Boolean => out.push(if *value { b't' } else { b'f' }),
        ReadContent::Boolean(value) => out.extend_from_slice(if *value { b"TRUE" } else { b"FALSE" }),
        ReadContent::Number(text) => {
            let serial =
                match kind {
                    CellKind::Date | CellKind::Time | CellKind::Timestamp | CellKind::TimestampUtc => {
                        // Programs that think in calendars write a double beside the one that was written.
                        let serial = text.parse().ok().map(counted_serial).and_then(Serial::from_double);
                        Some(serial.ok_or_else(|| {
                            damaged(Finding::NoDate { column: column.to_owned(), value: text.clone() })
                        })?)
                    }
                    _ => None,
                };
            match (serial, kind) {
                (Some(serial), CellKind::Date) => serial.push_date(out),
                (Some(serial), CellKind::Time) => serial.push_time(out),
                (Some(serial), _) => {
                    serial.push_date(out);
                    out.push(b' ');
                    serial.push_time(out);
                    if kind == CellKind::TimestampUtc {
                        out.extend_from_slice(b"+00");
                    }
                }
                (None, CellKind::Numeric { scale: Some(scale) }) => push_decimals(text, usize::from(scale), out),
                (None, _) => out.extend_from_slice(text.as_bytes()),
            }
        }
    }
    Ok(())
}

/// A number as a column of so many decimals holds it: programs leave zeros at the end out.
fn push_decimals(text: &str, scale: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(text.as_bytes());
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    let decimals = text.split_once('.').map(|(_, decimals)| decimals.len());
    if !plain || decimals.unwrap_or_default() >= scale {
        return;
    }
    if decimals.is_none() {
        out.push(b'.');
    }
    out.resize(out.len() + scale - decimals.unwrap_or_default(), b'0');
}
