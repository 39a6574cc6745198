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
