//! What can be wrong at a place in a workbook.

use serde::{Deserialize, Serialize};
use std::io;

/// What is not as it was written, or cannot be read. The message is its English sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[expect(missing_docs, reason = "the message beside each variant is its documentation")]
pub enum Finding {
    #[error("a cell was changed")]
    CellChanged,
    #[error("the heading of column {column:?} was changed")]
    HeadingChanged { column: String },
    #[error("{rows} rows were added to this sheet; the first difference is here")]
    RowsAdded {
        #[cfg_attr(feature = "specta", specta(type = u32))]
        rows: u64,
    },
    #[error("{rows} rows of this sheet are missing; the first difference is here")]
    RowsMissing {
        #[cfg_attr(feature = "specta", specta(type = u32))]
        rows: u64,
    },
    #[error("the rows are not in order")]
    RowsDisordered,
    #[error("a row is missing")]
    RowMissing,
    #[error("it has {found} rows of data, and the manifest says {written}")]
    RowCount {
        #[cfg_attr(feature = "specta", specta(type = u32))]
        found: u64,
        #[cfg_attr(feature = "specta", specta(type = u32))]
        written: u64,
    },
    #[error("the sheet is missing")]
    SheetMissing,
    #[error("a cell belongs to no column")]
    CellStray,
    #[error("there is a heading too many")]
    HeadingStray,
    #[error("there are no headings")]
    HeadingsMissing,
    #[error("the sheet _checks says nothing about some of its rows")]
    ChecksMissing,
    #[error("it is not what was written")]
    NotWritten,
    #[error("the digest differs")]
    DigestDiffers,
    #[error("a cell is not of its column's type")]
    CellType,
    #[error("column {column} holds {value}")]
    CellError { column: String, value: String },
    #[error("column {column} holds {value}, which is no date")]
    NoDate { column: String, value: String },
    #[error("the file around the sheets is not what was written: {reason}")]
    AroundDiffers { reason: String },
    #[error("the checksum of a part differs")]
    PartDamaged,
    /// Of the zip file, its streams or its XML.
    #[error("{reason}")]
    Unreadable { reason: String },
}

impl Finding {
    /// What an error while a file was read says: what a reader of ours has found, or why it cannot be read.
    pub(super) fn of(error: &io::Error) -> Self {
        let found = error.get_ref().and_then(|error| error.downcast_ref::<Self>());
        found.cloned().unwrap_or_else(|| error.to_string().into())
    }
}

impl From<&str> for Finding {
    fn from(reason: &str) -> Self {
        Self::Unreadable { reason: reason.to_owned() }
    }
}

impl From<String> for Finding {
    fn from(reason: String) -> Self {
        Self::Unreadable { reason }
    }
}
