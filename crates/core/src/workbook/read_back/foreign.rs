//! Sheets that another program saved, read through calamine: shared strings, other XML, numbers as doubles.

use super::open::{ReadCell, ReadContent};
use super::rows::damaged;
use super::value::without_escapes;
use calamine::{Data, DataRef, Xlsx, XlsxError, open_workbook};
use std::io;
use std::path::Path;

/// A sheet's rows in their order. Another program's file is held in memory, a sheet at a time.
pub(super) struct Sheet {
    rows: std::vec::IntoIter<(u64, Vec<ReadCell>)>,
}

impl Sheet {
    pub(super) fn open(path: &Path, sheet: &str) -> io::Result<Self> {
        let explain = |error: XlsxError| damaged(format!("the sheet cannot be read: {error}"));
        let mut book: Xlsx<_> = open_workbook(path).map_err(explain)?;
        book.load_tables().map_err(explain).unwrap_or_default();
        let mut cells = book.worksheet_cells_reader(sheet).map_err(explain)?;
        let mut rows: Vec<(u64, Vec<ReadCell>)> = Vec::new();
        while let Some(cell) = cells.next_cell().map_err(explain)? {
            let (row, column) = cell.get_position();
            let Some(content) = content(cell.get_value()) else { continue };
            let number = u64::from(row) + 1;
            let cell = ReadCell { column: column as usize, content };
            match rows.last_mut() {
                Some((last, cells)) if *last == number => cells.push(cell),
                _ => rows.push((number, vec![cell])),
            }
        }
        Ok(Self { rows: rows.into_iter() })
    }

    pub(super) fn next_row(&mut self) -> Option<(u64, Vec<ReadCell>)> {
        self.rows.next()
    }
}

fn content(value: &DataRef<'_>) -> Option<ReadContent> {
    Some(match Data::from(value.clone()) {
        Data::Empty => return None,
        Data::Int(number) => ReadContent::Number(number.to_string()),
        Data::Float(number) => ReadContent::Number(number.to_string()),
        Data::DateTime(moment) => ReadContent::Number(moment.as_f64().to_string()),
        Data::Bool(value) => ReadContent::Boolean(value),
        Data::String(text) => ReadContent::Text(without_escapes(text)),
        Data::DateTimeIso(text) | Data::DurationIso(text) => ReadContent::Text(text),
        Data::Error(error) => ReadContent::Error(error.to_string()),
    })
}
