//! Reading a workbook back: every table's lines of COPY text are made again from the cells and `_overflow`, and their
//! digest must be the one that was taken from the database's own text.

mod check_rows;
mod exact;
mod foreign;
mod lenient;
mod manifest;
mod open;
mod part;
mod rows;
mod value;

pub(super) use check_rows::{ChangedRow, changed_rows};
pub(super) use lenient::LenientReader;
pub(super) use manifest::ManifestTable;
pub(super) use open::{OpenBook, TableReader};

use super::finding::Finding;
use std::fmt;
use std::io;

/// What is wrong with a workbook, and where.
#[derive(Debug)]
pub(super) struct Fault {
    /// The sheet, where it is known.
    pub(super) sheet: Option<String>,
    /// The row as the sheet numbers it; 0 where no row can be named.
    pub(super) row: u64,
    pub(super) what: Finding,
    pub(super) kind: FaultKind,
}

/// What a fault means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// No workbook of ours, or of another version.
    Foreign,
    /// The file cannot be read.
    Damaged,
    /// Somebody ended the reading.
    Stopped,
}

impl Fault {
    pub(super) fn at(sheet: &str, row: u64, what: impl Into<Finding>) -> Self {
        Self { sheet: Some(sheet.to_owned()), row, what: what.into(), kind: FaultKind::Damaged }
    }

    pub(super) fn foreign(what: &str) -> Self {
        Self { sheet: None, row: 0, what: what.into(), kind: FaultKind::Foreign }
    }

    /// An error while a sheet was read.
    pub(super) fn io(sheet: Option<&str>, row: u64, error: &io::Error) -> Self {
        let kind = if error.kind() == io::ErrorKind::Interrupted { FaultKind::Stopped } else { FaultKind::Damaged };
        Self { sheet: sheet.map(ToOwned::to_owned), row, what: Finding::of(error), kind }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.sheet, self.row) {
            (Some(sheet), 0) => write!(f, "sheet {sheet}: {}", self.what),
            (Some(sheet), row) => write!(f, "sheet {sheet}, row {row}: {}", self.what),
            (None, _) => write!(f, "{}", self.what),
        }
    }
}

impl std::error::Error for Fault {}
