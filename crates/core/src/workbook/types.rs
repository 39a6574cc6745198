//! What is exported and what came of it.

use serde::{Deserialize, Serialize};

/// Workbooks to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ExportRequest {
    /// Schemas, one workbook each.
    pub tenants: Vec<String>,
    /// Only these tables; empty means all.
    pub tables: Vec<String>,
    /// Existing folder.
    pub folder: String,
    /// Language of headings on the manifest, `en` or `fr`.
    pub language: String,
}

/// A workbook that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ExportedFile {
    /// Tenant.
    pub schema: String,
    /// Full path.
    pub path: String,
    /// Size of the file.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub bytes: u64,
    /// Sheets with data, continuation sheets included.
    pub sheets: u32,
    /// In sheet order.
    pub tables: Vec<ExportedTable>,
    /// Cells that Excel cannot hold as such.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub overflow_cells: u64,
    /// The file was read back and compared.
    pub verified: bool,
}

/// One table of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ExportedTable {
    /// Bare name.
    pub table: String,
    /// Data rows written.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: u64,
    /// Order-independent digest of the rows' text form; empty until digests are built.
    pub digest: String,
}

/// What was found in a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct WorkbookCheck {
    /// The file.
    pub path: String,
    /// Tenant that it was written from.
    pub schema: String,
    /// Its name then.
    pub tenant: Option<String>,
    /// When it was written, RFC 3339.
    pub created: String,
    /// A spreadsheet program has saved it since.
    pub saved_by_another_program: bool,
    /// It holds exactly what was written.
    pub intact: bool,
    /// In the order of the sheets.
    pub tables: Vec<TableCheck>,
    /// What is wrong besides the tables.
    pub problems: Vec<String>,
}

/// One table of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TableCheck {
    /// Bare name.
    pub table: String,
    /// Rows that were written.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: u64,
    /// Digest of what the sheets hold; empty where another program has saved them.
    pub digest: String,
    /// Every row is what was written.
    pub equal: bool,
    /// Rows that are not, a few of them.
    pub changed: Vec<ChangedCells>,
}

/// A place in a workbook that is not what was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ChangedCells {
    /// The sheet.
    pub sheet: String,
    /// The row as the sheet numbers it; 0 for the sheet as a whole.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub row: u64,
    /// What is wrong there.
    pub what: String,
}
