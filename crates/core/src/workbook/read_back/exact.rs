//! Exact values in the overflow sheets, in the order of the cells that they belong to.

use super::open::{ReadCell, ReadContent, SheetReader};
use super::rows::damaged;
use std::io;

/// A whole value.
#[derive(Debug, Default)]
pub(super) struct ExactValue {
    pub(super) sheet: String,
    pub(super) cell: String,
    pub(super) text: String,
}

/// Reads one value after the other, through all overflow sheets.
pub(super) struct ExactValues {
    sheets: std::vec::IntoIter<SheetReader>,
    rows: Option<SheetReader>,
}

impl ExactValues {
    pub(super) fn new(sheets: Vec<SheetReader>) -> Self {
        Self { sheets: sheets.into_iter(), rows: None }
    }

    /// The next value; `None` after the last.
    pub(super) fn next_value(&mut self) -> io::Result<Option<ExactValue>> {
        let mut value = ExactValue::default();
        let mut expected = 1;
        loop {
            let Some(piece) = self.next_piece()? else {
                return if expected == 1 { Ok(None) } else { Err(damaged("a value is not complete")) };
            };
            let same = expected == 1 || (piece.sheet == value.sheet && piece.cell == value.cell);
            if piece.number != expected || !same {
                return Err(damaged("the parts of a value are not in order"));
            }
            (value.sheet, value.cell) = (piece.sheet, piece.cell);
            value.text.push_str(&piece.text);
            if expected == piece.count {
                return Ok(Some(value));
            }
            expected += 1;
        }
    }

    fn next_piece(&mut self) -> io::Result<Option<Piece>> {
        loop {
            if let Some(rows) = &mut self.rows
                && let Some((_, cells)) = rows.next_row()?
            {
                return Piece::of(cells).map(Some);
            }
            let Some(mut sheet) = self.sheets.next() else { return Ok(None) };
            // The headings.
            sheet.next_row()?;
            self.rows = Some(sheet);
        }
    }
}

/// One row of an overflow sheet.
#[derive(Default)]
struct Piece {
    sheet: String,
    cell: String,
    number: u64,
    count: u64,
    text: String,
}

impl Piece {
    fn of(cells: Vec<ReadCell>) -> io::Result<Self> {
        let mut piece = Self::default();
        for cell in cells {
            match (cell.column, cell.content) {
                (2, ReadContent::Text(text)) => piece.sheet = text,
                (3, ReadContent::Text(text)) => piece.cell = text,
                (5, ReadContent::Number(text)) => piece.number = number(&text)?,
                (6, ReadContent::Number(text)) => piece.count = number(&text)?,
                (7, ReadContent::Text(text)) => piece.text = text,
                (5..=7, _) => return Err(damaged("a part is not of its kind")),
                _ => {}
            }
        }
        Ok(piece)
    }
}

fn number(digits: &str) -> io::Result<u64> {
    digits.parse().map_err(|_| damaged("a part has no number"))
}
