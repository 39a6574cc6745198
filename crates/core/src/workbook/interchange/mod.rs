//! The rows of a tenant for other programs: a folder with a CSV file, or a file of JSON lines, for each table, and a manifest.
//!
//! The values are those of workbooks: PostgreSQL's own text, decided by a column's type. `csv` and `json` write a row,
//! `csv_reader` and `json_reader` read it back without sharing a line of code with them, `guard` keeps spreadsheet programs
//! from calculating, `folder` gives all files their name at once. `docs/table-files.md` describes the result.

mod csv;
mod csv_reader;
mod folder;
mod guard;
mod json;
mod json_reader;
mod manifest;
mod read_back;
#[cfg(test)]
mod round_trip;
mod write;

pub(super) use folder::FolderTarget;
pub(super) use manifest::read as read_manifest;
pub(super) use write::{Files, SealedFolder};

use super::types::ExportFormat;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// CSV after RFC 4180.
    Csv {
        /// Cells that a spreadsheet program would take for formulas are altered.
        guarded: bool,
    },
    /// An object per line.
    Json,
}

impl Layout {
    /// The layout of an export that is no workbook.
    pub(super) fn of(format: ExportFormat, guarded: bool) -> Option<Self> {
        match format {
            ExportFormat::Workbook => None,
            ExportFormat::Csv => Some(Self::Csv { guarded }),
            ExportFormat::Json => Some(Self::Json),
        }
    }

    /// The ending of a table's file.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Csv { .. } => "csv",
            Self::Json => "jsonl",
        }
    }

    /// The word for it, in manifests and at the end of a folder's name.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Csv { .. } => "csv",
            Self::Json => "json",
        }
    }
}
