//! What an export has written before, read from what it says about itself.

use super::interchange;
use super::read_back::OpenBook;
use super::types::{ExportFormat, ExportedFile, ExportedTable};
use std::path::Path;

/// The workbook or folder at a place, as far as it can be read. `verified` is what the run was asked for: a workbook does
/// not say that of itself.
pub(super) fn read(schema: &str, path: &str, format: ExportFormat, verified: bool) -> Option<ExportedFile> {
    let at = Path::new(path);
    let mut file = ExportedFile {
        schema: schema.to_owned(),
        format,
        path: path.to_owned(),
        bytes: 0,
        sheets: 0,
        tables: Vec::new(),
        overflow_cells: 0,
        altered_cells: 0,
        verified,
    };
    if format != ExportFormat::Workbook {
        let folder = interchange::read_manifest(at)?;
        (file.bytes, file.tables) = (folder.bytes, folder.tables);
        (file.altered_cells, file.verified) = (folder.altered_cells, folder.verified);
        return Some(file);
    }
    let book = OpenBook::open(at).ok()?;
    file.bytes = std::fs::metadata(at).ok()?.len();
    file.overflow_cells = book.manifest.property("overflow_cells").parse().unwrap_or(0);
    for table in &book.manifest.tables {
        file.sheets += table.sheets.len() as u32;
        let (name, digest) = (table.name.clone(), table.digest.clone());
        file.tables.push(ExportedTable { table: name, rows: table.rows, digest });
    }
    Some(file)
}
