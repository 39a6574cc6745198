//! What a workbook says of itself, read from its manifest alone.

use super::history::newest;
use super::read_back::OpenBook;
use super::verify::unreadable;
use crate::{Error, ErrorKind, Result};
use serde::Serialize;
use std::path::Path;

/// What a workbook says of itself. Nothing of it is proven: [`super::verify_workbook`] does that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct WorkbookCard {
    /// The file.
    pub path: String,
    /// Size of the file.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub bytes: u64,
    /// Tenant that it was written from.
    pub schema: String,
    /// Its name then.
    pub tenant: Option<String>,
    /// When it was written, RFC 3339.
    pub created: String,
    /// Operating-system user that wrote it.
    pub created_by: Option<String>,
    /// Program and version that wrote it.
    pub program: String,
    /// `database @ server` that it comes from.
    pub database: String,
    /// Version of that server.
    pub server_version: String,
    /// Newest migration that the tenant had applied; none where the file says nothing of any.
    pub version: Option<String>,
    /// The shipped template that it was made from.
    pub template: Option<String>,
    /// It holds chosen tables only.
    pub partial: bool,
    /// A spreadsheet program has saved it since.
    pub saved_by_another_program: bool,
    /// In the order of the sheets.
    pub tables: Vec<CardTable>,
    /// What is no sheet (views, foreign tables, large objects), by name.
    pub omitted: Vec<OmittedObject>,
}

/// One table of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct CardTable {
    /// Bare name.
    pub table: String,
    /// Rows that were written.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: u64,
    /// It holds rows of its own, so that it can be chosen for a restore.
    pub restorable: bool,
}

/// Something of the schema that has no sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct OmittedObject {
    /// Bare name; a count of large objects.
    pub name: String,
    /// `view`, `foreign table`, `large objects` …
    pub kind: String,
}

/// Opens a workbook and reads its manifest. Takes no longer for a large one than for a small one.
///
/// # Errors
/// [`ErrorKind::WorkbookForeign`], [`ErrorKind::WorkbookDamaged`].
pub async fn open_workbook(path: &Path) -> Result<WorkbookCard> {
    let path = path.to_owned();
    let read = tokio::task::spawn_blocking(move || card(&path));
    read.await.map_err(|e| Error::new(ErrorKind::Internal { what: "the workbook was not read".into() }).source(e))?
}

fn card(path: &Path) -> Result<WorkbookCard> {
    let book = OpenBook::open(path).map_err(|fault| unreadable(path, &fault))?;
    let text = |key: &str| book.manifest.property(key).to_owned();
    let known = |key: &str| Some(text(key)).filter(|value| !value.is_empty());
    let tables = book.manifest.tables.iter().map(|table| CardTable {
        table: table.name.clone(),
        rows: table.rows,
        restorable: table.has_own_rows(),
    });
    let omitted = book.manifest.omitted.iter();
    Ok(WorkbookCard {
        path: path.display().to_string(),
        bytes: std::fs::metadata(path).map_or(0, |file| file.len()),
        schema: text("schema"),
        tenant: known("tenant"),
        created: text("created"),
        created_by: known("created_by"),
        program: text("program"),
        database: format!("{} @ {}", text("database"), text("server")),
        server_version: text("server_version"),
        version: newest(&book.manifest.history),
        template: known("template"),
        partial: text("contents") != "all tables",
        saved_by_another_program: book.foreign,
        tables: tables.collect(),
        omitted: omitted.map(|(name, kind)| OmittedObject { name: name.clone(), kind: kind.clone() }).collect(),
    })
}
