//! What is exported and what came of it.

use serde::{Deserialize, Serialize};

/// What an export writes for each tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum ExportFormat {
    /// One Excel file.
    #[default]
    Workbook,
    /// A folder with a CSV file for each table, and a manifest.
    Csv,
    /// A folder with a file of JSON lines for each table, and a manifest.
    Json,
}

/// Files to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ExportRequest {
    /// Schemas, one workbook or folder each.
    pub tenants: Vec<String>,
    /// Only these tables; empty means all.
    pub tables: Vec<String>,
    /// Existing folder.
    pub folder: String,
    /// Language of headings on the manifest, `en` or `fr`.
    pub language: String,
    /// Workbooks, or files for other programs.
    #[serde(default)]
    pub format: ExportFormat,
    /// Of CSV: cells that a spreadsheet program would take for formulas begin with an apostrophe.
    #[serde(default)]
    pub guard_formulas: bool,
    /// Leave the finished files unread. They are not called verified then.
    #[serde(default)]
    pub unverified: bool,
}

/// A workbook that was written, or a folder of files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ExportedFile {
    /// Tenant.
    pub schema: String,
    /// What it is.
    pub format: ExportFormat,
    /// Full path of the file or folder.
    pub path: String,
    /// Size of the file, or of all files in the folder.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub bytes: u64,
    /// Sheets with data, continuation sheets included; 0 in a folder.
    pub sheets: u32,
    /// In the order of sheets.
    pub tables: Vec<ExportedTable>,
    /// Cells that Excel cannot hold as such.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub overflow_cells: u64,
    /// Cells that were given an apostrophe, so that no spreadsheet program takes them for a formula.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub altered_cells: u64,
    /// Everything was read back and compared.
    pub verified: bool,
}

/// One table of a workbook or folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ExportedTable {
    /// Bare name.
    pub table: String,
    /// Data rows written.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: u64,
    /// Order-independent digest of the rows' text form.
    pub digest: String,
}

/// A workbook to restore.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RestoreRequest {
    /// The file.
    pub path: String,
    /// Name of the tenant that comes back; the schema's or the tenant's own is possible.
    pub name: String,
    /// Its schema; derived from the name where it is not given.
    pub schema: Option<String>,
    /// Only the rows of these tables; empty means all. The structure comes back whole.
    pub tables: Vec<String>,
    /// Restore what a person has changed, too.
    pub accept_edited: bool,
    /// A tenant whose tables hold no rows, as its schema or name: the rows go there, and its structure becomes that of the
    /// workbook. `name` and `schema` say nothing then.
    pub into: Option<String>,
    /// The structure comes from the files of this template, or of this folder, up to the version that the workbook notes, and has to
    /// be that of the workbook. Not together with `into`.
    #[serde(default)]
    pub template: Option<String>,
    /// Leave the triggers of the tables switched off.
    pub triggers_off: bool,
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RestoreReport {
    /// The new schema.
    pub schema: String,
    /// By name.
    pub tables: Vec<RestoredTable>,
    /// What is not as it was and need not be, in English.
    pub remarks: Vec<String>,
}

/// One restored table, as read from the database before the commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RestoredTable {
    /// Bare name.
    pub table: String,
    /// Rows.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: u64,
    /// Digest of them.
    pub digest: String,
    /// It is the digest of what was written.
    pub equal: bool,
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
    /// Newest migration that the tenant had applied.
    pub version: Option<String>,
    /// The shipped template that it was made from.
    pub template: Option<String>,
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

/// A workbook's record beside what a tenant holds now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TenantComparison {
    /// The tenant.
    pub schema: String,
    /// Its shape has the fingerprint that the workbook notes; none where the workbook comes from another major version of the
    /// server, which prints the same in other words.
    pub same_structure: Option<bool>,
    /// Tables that the workbook does not have.
    pub new_tables: Vec<String>,
    /// The tables of the workbook.
    pub tables: Vec<ComparedTable>,
}

/// One table of both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ComparedTable {
    /// Bare name.
    pub table: String,
    /// Rows in the workbook.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: u64,
    /// Their digest.
    pub digest: String,
    /// Rows of the tenant now; none where it has no such table.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub rows_now: Option<u64>,
    /// Both hold the same rows.
    pub equal: bool,
}
