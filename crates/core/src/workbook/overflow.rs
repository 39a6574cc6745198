//! The sheet `_overflow`: exact values of cells that Excel cannot hold, cut into parts that fit.
//!
//! Tables are being written while it fills, so it is deflated into a file of its own, which has no name and vanishes
//! with its handle, and is copied into the workbook at the end.

use super::container::Container;
use super::deflate::{Deflate, Sizes};
use super::language::Words;
use super::row::Loss;
use super::sheet::{self, Cell, Head};
use super::style::Style;
use super::text;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// UTF-16 units of one part; less than a cell holds, to leave room for what a person might add.
const PART_UNITS: usize = 32_000;
const FLUSH: usize = 64 * 1024;

/// Where an overflown value belongs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) table: &'a str,
    pub(super) column: &'a str,
    pub(super) sheet: &'a str,
    pub(super) cell: &'a str,
}

/// Collects overflown values.
pub(super) struct Overflow {
    folder: PathBuf,
    words: &'static Words,
    rows_per_sheet: u32,
    spool: Option<Spool>,
    cells: u64,
}

struct Spool {
    file: File,
    deflate: Deflate,
    xml: Vec<u8>,
    /// Rows of the sheet under way, headings included.
    row: u32,
    sheets: Vec<FinishedSheet>,
}

#[derive(Debug, Clone)]
struct FinishedSheet {
    sizes: Sizes,
    rows: u32,
}

impl Overflow {
    /// Spools beside the workbook, so that a full disk is one error and not two.
    pub(super) fn new(folder: &Path, words: &'static Words, rows_per_sheet: u32) -> Self {
        Self { folder: folder.to_owned(), words, rows_per_sheet, spool: None, cells: 0 }
    }

    /// How many cells are in it.
    pub(super) fn cells(&self) -> u64 {
        self.cells
    }

    /// Adds a value, in as many rows as it takes.
    pub(super) fn add(&mut self, place: Place<'_>, loss: Loss, value: &str) -> io::Result<()> {
        self.cells += 1;
        let parts = parts(value);
        let reason = match loss {
            Loss::Cut => "cut",
            Loss::Rounded => "rounded",
        };
        for (index, part) in parts.iter().enumerate() {
            if self.spool.as_ref().is_some_and(|s| s.row > self.rows_per_sheet) {
                self.end_sheet()?;
            }
            let spool = self.spool()?;
            spool.row += 1;
            let cells = [
                Cell::Text(place.table, Style::Text),
                Cell::Text(place.column, Style::Text),
                Cell::Text(place.sheet, Style::Text),
                Cell::Text(place.cell, Style::Text),
                Cell::Text(reason, Style::Text),
                Cell::Number(index as u64 + 1),
                Cell::Number(parts.len() as u64),
                Cell::Text(part, Style::Text),
            ];
            sheet::push_row(spool.row, &cells, &mut spool.xml);
            if spool.xml.len() >= FLUSH {
                spool.flush()?;
            }
        }
        Ok(())
    }

    /// Copies the finished sheets into the workbook. Returns the rows of each, headings included.
    pub(super) fn finish<W: Write + Seek>(
        mut self,
        container: &mut Container<W>,
        part_name: impl Fn(usize) -> String,
    ) -> io::Result<Vec<u32>> {
        if self.spool.is_none() {
            return Ok(Vec::new());
        }
        self.end_sheet()?;
        let Some(mut spool) = self.spool else { return Ok(Vec::new()) };
        spool.file.seek(SeekFrom::Start(0))?;
        for (index, finished) in spool.sheets.iter().enumerate() {
            let data = Read::by_ref(&mut spool.file);
            container.append_deflated(&part_name(index), finished.sizes, data)?;
        }
        Ok(spool.sheets.iter().map(|s| s.rows).collect())
    }

    /// The spool with a sheet under way.
    fn spool(&mut self) -> io::Result<&mut Spool> {
        let spool = match self.spool.take() {
            Some(spool) => spool,
            None => Spool {
                file: tempfile::tempfile_in(&self.folder)?,
                deflate: Deflate::new(),
                xml: Vec::with_capacity(2 * FLUSH),
                row: 0,
                sheets: Vec::new(),
            },
        };
        let spool = self.spool.insert(spool);
        if spool.row == 0 {
            let w = self.words;
            Head { widths: &[24, 24, 24, 10, 10, 8, 8, 80], frozen: true, selected: false, grid: true }
                .push(&mut spool.xml);
            let headings = [w.table, w.column, w.sheet, w.cell, w.reason, w.part, w.parts, w.exact_value]
                .map(|heading| Cell::Text(heading, Style::Heading));
            sheet::push_row(1, &headings, &mut spool.xml);
            spool.row = 1;
        }
        Ok(spool)
    }

    fn end_sheet(&mut self) -> io::Result<()> {
        let Some(spool) = &mut self.spool else { return Ok(()) };
        let range = sheet::range(8, spool.row);
        sheet::push_tail(range.as_deref(), true, &mut spool.xml);
        spool.flush()?;
        let sizes = spool.deflate.finish(&mut spool.file)?;
        spool.sheets.push(FinishedSheet { sizes, rows: spool.row });
        spool.row = 0;
        Ok(())
    }
}

impl Spool {
    fn flush(&mut self) -> io::Result<()> {
        self.deflate.write(&self.xml, &mut self.file)?;
        self.xml.clear();
        Ok(())
    }
}

fn parts(value: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = value;
    while !rest.is_empty() {
        let part = text::cut(rest, PART_UNITS);
        parts.push(part);
        rest = &rest[part.len()..];
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_together_are_the_value() {
        let value = "a😀".repeat(50_000);
        let parts = parts(&value);
        assert!(parts.len() > 1 && parts.iter().all(|p| text::units(p) <= PART_UNITS));
        assert_eq!(parts.concat(), value);
    }
}
