//! Exact values in the overflow sheets, in the order of the cells that they belong to.

use super::part::{Archive, Part};
use super::rows::{Content, RawCell, Row, Rows, damaged};
use super::value;
use crate::workbook::column::CellKind;
use std::io;

/// A whole value.
#[derive(Debug, Default)]
pub(super) struct ExactValue {
    pub(super) sheet: Vec<u8>,
    pub(super) cell: Vec<u8>,
    pub(super) text: Vec<u8>,
}

/// Reads one value after the other, through all overflow sheets.
pub(super) struct ExactValues<'a> {
    archive: &'a mut Archive,
    parts: std::slice::Iter<'a, String>,
    rows: Option<Rows<Part>>,
}

impl<'a> ExactValues<'a> {
    /// `parts` names the sheets' parts of the package.
    pub(super) fn new(archive: &'a mut Archive, parts: &'a [String]) -> Self {
        Self { archive, parts: parts.iter(), rows: None }
    }

    /// The next value; `None` after the last.
    pub(super) fn next_value(&mut self) -> io::Result<Option<ExactValue>> {
        let mut value = ExactValue::default();
        let mut expected = 1;
        loop {
            let mut piece = Piece::default();
            if !self.next_piece(&mut piece)? {
                return if expected == 1 { Ok(None) } else { Err(damaged("a value is not complete")) };
            }
            let same = expected == 1 || (piece.sheet == value.sheet && piece.cell == value.cell);
            if piece.number != expected || !same {
                return Err(damaged("the parts of a value are not in order"));
            }
            (value.sheet, value.cell) = (piece.sheet, piece.cell);
            value.text.extend_from_slice(&piece.text);
            if expected == piece.count {
                return Ok(Some(value));
            }
            expected += 1;
        }
    }

    fn next_piece(&mut self, piece: &mut Piece) -> io::Result<bool> {
        loop {
            if let Some(rows) = &mut self.rows {
                if let Some(row) = rows.next_row()? {
                    piece.read(row)?;
                    return Ok(true);
                }
                if let Some(rows) = self.rows.take() {
                    rows.drain()?;
                }
            }
            let Some(part) = self.parts.next() else { return Ok(false) };
            let mut rows = Rows::new(self.archive.part(part)?);
            // The headings.
            rows.next_row()?;
            self.rows = Some(rows);
        }
    }
}

/// One row of an overflow sheet.
#[derive(Default)]
struct Piece {
    sheet: Vec<u8>,
    cell: Vec<u8>,
    number: u64,
    count: u64,
    text: Vec<u8>,
}

impl Piece {
    fn read(&mut self, row: Row<'_>) -> io::Result<()> {
        for cell in row.cells() {
            let cell = cell?;
            match cell.column() {
                2 => text(cell, &mut self.sheet)?,
                3 => text(cell, &mut self.cell)?,
                5 => self.number = number(cell)?,
                6 => self.count = number(cell)?,
                7 => text(cell, &mut self.text)?,
                _ => {}
            }
        }
        Ok(())
    }
}

fn text(cell: RawCell<'_>, out: &mut Vec<u8>) -> io::Result<()> {
    value::push_value(CellKind::Text, cell.content, out)
}

fn number(cell: RawCell<'_>) -> io::Result<u64> {
    let Content::Number(digits) = cell.content else { return Err(damaged("a part has no number")) };
    let number = std::str::from_utf8(digits).ok().and_then(|d| d.parse().ok());
    number.ok_or_else(|| damaged("a part has no number"))
}
