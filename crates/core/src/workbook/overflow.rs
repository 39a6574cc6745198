//! The sheet `_overflow`: exact values of cells that Excel cannot hold, cut into parts that fit.

use super::container::Container;
use super::language::Words;
use super::row::Loss;
use super::sheet::Cell;
use super::spool::{Spool, SpooledPart};
use super::style::Style;
use super::text;
use std::io::{self, Seek, Write};
use std::path::Path;

/// UTF-16 units of one part; less than a cell holds, to leave room for what a person might add.
const PART_UNITS: usize = 32_000;

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
    spool: Spool,
    cells: u64,
}

impl Overflow {
    pub(super) fn new(folder: &Path, words: &'static Words, rows_per_sheet: u32) -> Self {
        Self { spool: Spool::new(folder, words.overflow_columns, rows_per_sheet), cells: 0 }
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
            self.spool.push(&[
                Cell::Text(place.table, Style::Text),
                Cell::Text(place.column, Style::Text),
                Cell::Text(place.sheet, Style::Text),
                Cell::Text(place.cell, Style::Text),
                Cell::Text(reason, Style::Text),
                Cell::Number(index as u64 + 1),
                Cell::Number(parts.len() as u64),
                Cell::Text(part, Style::Text),
            ])?;
        }
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

/// A text in pieces that a cell holds.
pub(super) fn parts(value: &str) -> Vec<&str> {
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
