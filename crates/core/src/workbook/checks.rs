//! The sheet `_checks`: for every row of data a few letters, by which a changed row is found.

use super::check::LENGTH;
use super::container::Container;
use super::sheet::Cell;
use super::spool::{Spool, SpooledPart};
use super::style::Style;
use std::io::{self, Seek, Write};
use std::path::Path;

/// Rows that one cell tells about.
pub(super) const ROWS_PER_CELL: usize = 5_000;

/// Collects the checks of all rows.
pub(super) struct Checks {
    spool: Spool,
    sheet: String,
    /// The first row that `letters` tell about, as the sheet numbers them.
    first: u32,
    letters: Vec<u8>,
}

impl Checks {
    pub(super) fn new(folder: &Path, columns: &'static [(&'static str, u32)], rows_per_sheet: u32) -> Self {
        Self {
            spool: Spool::new(folder, columns, rows_per_sheet),
            sheet: String::new(),
            first: 0,
            letters: Vec::with_capacity(ROWS_PER_CELL * LENGTH),
        }
    }

    /// The rows that follow are on this sheet, from its second row on.
    pub(super) fn begin_sheet(&mut self, sheet: &str) {
        sheet.clone_into(&mut self.sheet);
        self.first = 2;
    }

    /// The next row.
    #[inline]
    pub(super) fn add(&mut self, check: [u8; LENGTH]) -> io::Result<()> {
        self.letters.extend_from_slice(&check);
        if self.letters.len() < ROWS_PER_CELL * LENGTH { Ok(()) } else { self.end_cell() }
    }

    /// No more rows on this sheet.
    pub(super) fn end_sheet(&mut self) -> io::Result<()> {
        if self.letters.is_empty() { Ok(()) } else { self.end_cell() }
    }

    fn end_cell(&mut self) -> io::Result<()> {
        let rows = (self.letters.len() / LENGTH) as u32;
        let letters = std::str::from_utf8(&self.letters).map_err(io::Error::other)?;
        self.spool.push(&[
            Cell::Text(&self.sheet, Style::Text),
            Cell::Number(u64::from(self.first)),
            Cell::Number(u64::from(rows)),
            Cell::Text(letters, Style::Text),
        ])?;
        self.first += rows;
        self.letters.clear();
        Ok(())
    }

    /// Copies the finished sheets into the workbook: their parts and ranges.
    pub(super) fn finish<W: Write + Seek>(
        self,
        container: &mut Container<W>,
        part_name: impl FnMut() -> String,
    ) -> io::Result<Vec<SpooledPart>> {
        self.spool.finish(container, part_name)
    }
}
