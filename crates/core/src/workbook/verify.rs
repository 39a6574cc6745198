//! Whether a workbook still holds what was written.

use super::container;
use super::history::newest;
use super::read_back::{
    ChangedRow, Fault, FaultKind, LenientReader, ManifestTable, OpenBook, TableReader, changed_rows,
};
use super::restore::version_number;
use super::types::{ChangedCells, ComparedTable, ExportedTable, TableCheck, TenantComparison, WorkbookCheck};
use crate::connection::{Database, Purpose};
use crate::content::{RowDigest, Table, begin_snapshot, content_arranged};
use crate::{Error, ErrorKind, Result};
use std::cell::Cell;
use std::io;
use std::path::Path;
use tokio_util::sync::CancellationToken;

/// So many changed rows of a table are named.
const NAMED: usize = 20;
/// So many rows of a table are read before the next question whether to go on.
const ROWS_A_TURN: u64 = 1024;

/// Compares a finished file with what was written to it. `go_on` is asked from time to time.
pub(super) fn compare(
    path: &Path,
    written: &[ExportedTable],
    go_on: &dyn Fn() -> bool,
) -> std::result::Result<(), (String, Fault)> {
    let whole = |fault| ("workbook".to_owned(), fault);
    let book = OpenBook::open(path).map_err(whole)?;
    let (_, structure) = book.structure().map_err(whole)?;
    if !structure || !book.manifest.intact || book.foreign {
        return Err(whole(Fault::at("_manifest", 0, "it is not what was written")));
    }
    let mut reader = TableReader::new(&book).map_err(whole)?;
    for table in written {
        let fault = |fault| (table.table.clone(), fault);
        let differs = || fault(Fault::at(&table.table, 0, "the digest differs"));
        let found = book.manifest.tables.iter().find(|found| found.name == table.table).ok_or_else(differs)?;
        let digest = digest(&mut reader, found, &|_| go_on()).map_err(fault)?;
        if (found.rows, &digest) != (table.rows, &table.digest) || found.digest != table.digest {
            return Err(differs());
        }
    }
    reader.finish().map_err(whole)?;
    book.check_other_parts().map_err(whole)
}

fn digest(
    reader: &mut TableReader<'_>,
    table: &super::read_back::ManifestTable,
    go_on: &dyn Fn(u64) -> bool,
) -> std::result::Result<String, Fault> {
    let (mut digest, mut rows) = (RowDigest::default(), 0u64);
    reader.table(table, &mut |_, _, line| {
        digest.add(line);
        rows += 1;
        if rows.is_multiple_of(ROWS_A_TURN) && !go_on(ROWS_A_TURN) {
            Err(io::ErrorKind::Interrupted.into())
        } else {
            Ok(())
        }
    })?;
    Ok(digest.text())
}

/// Reads a workbook and says of each table whether it is what was written, and which rows are not.
///
/// # Errors
/// [`ErrorKind::WorkbookUnreadable`] for a file that is no workbook of Cadastre's, or that cannot be read at all;
/// [`ErrorKind::Cancelled`].
pub async fn verify_workbook(path: &Path, cancel: &CancellationToken) -> Result<WorkbookCheck> {
    verify_workbook_with(path, cancel, |_| {}).await
}

/// The same; `progress` is told, from time to time, how many rows were read so far.
///
/// # Errors
/// Those of [`verify_workbook`].
pub async fn verify_workbook_with(
    path: &Path,
    cancel: &CancellationToken,
    progress: impl Fn(u64) + Send + 'static,
) -> Result<WorkbookCheck> {
    let (path, cancel) = (path.to_owned(), cancel.clone());
    let check = tokio::task::spawn_blocking(move || {
        let read = Cell::new(0);
        check(&path, &|rows| {
            read.set(read.get() + rows);
            progress(read.get());
            !cancel.is_cancelled()
        })
    });
    check.await.map_err(|e| Error::new(ErrorKind::Internal { what: "the workbook was not read".into() }).source(e))?
}

/// The error for a file that cannot be read.
pub(super) fn unreadable(path: &Path, fault: &Fault) -> Error {
    let path = path.display().to_string();
    match fault.kind {
        FaultKind::Stopped => ErrorKind::Cancelled.into(),
        FaultKind::Foreign => ErrorKind::WorkbookForeign { path, reason: fault.to_string() }.into(),
        FaultKind::Damaged => ErrorKind::WorkbookDamaged { path, reason: fault.to_string() }.into(),
    }
}

/// `go_on` is told how many rows were read since it was last asked.
pub(super) fn check(path: &Path, go_on: &dyn Fn(u64) -> bool) -> Result<WorkbookCheck> {
    let book = OpenBook::open(path).map_err(|fault| unreadable(path, &fault))?;
    let mut problems = Vec::new();
    if !book.manifest.intact {
        problems.push("sheet _manifest: it is not what was written".to_owned());
    }
    match book.structure() {
        Ok((_, true)) => {}
        Ok((_, false)) => problems.push("sheet _structure: it is not what was written".to_owned()),
        Err(fault) => problems.push(fault.to_string()),
    }
    let mut tables = Vec::new();
    // What another program saved spells numbers in its own way: there the checks of the rows decide.
    let mut reader = match book.foreign {
        true => None,
        false => TableReader::new(&book).map_err(|fault| problems.push(fault.to_string())).ok(),
    };
    for table in &book.manifest.tables {
        // Small tables, and those that another program has saved, are not asked about in between.
        if !go_on(0) {
            return Err(ErrorKind::Cancelled.into());
        }
        let mut changed = Vec::new();
        let mut found = None;
        if let Some(open) = &mut reader {
            match digest(open, table, go_on) {
                Ok(digest) => found = Some(digest),
                Err(fault) if fault.kind == FaultKind::Stopped => return Err(ErrorKind::Cancelled.into()),
                Err(fault) => {
                    changed.push(of_fault(&fault));
                    // Where exact values belong is not known any more.
                    reader = TableReader::new(&book).ok();
                }
            }
        }
        let equal = found.as_deref() == Some(table.digest.as_str());
        if !equal {
            match changed_rows(&book, table, NAMED) {
                Ok(rows) => {
                    let known: Vec<(String, u64)> = changed.iter().map(|c| (c.sheet.clone(), c.row)).collect();
                    let new = rows.into_iter().filter(|row| !known.contains(&(row.sheet.clone(), row.row)));
                    changed.extend(new.map(of_row));
                }
                Err(fault) => changed.push(of_fault(&fault)),
            }
            // A check of 24 bits may err; what the rows come to does not.
            let same = !book.foreign || lenient_digest(&book, table, go_on)?.as_deref() == Some(table.digest.as_str());
            if changed.is_empty() && !(book.foreign && same) {
                let sheet = table.sheets.first().map_or_else(|| table.name.clone(), |(sheet, _)| sheet.clone());
                changed.push(ChangedCells { sheet, row: 0, what: "the digest differs".into() });
            }
        }
        let unchanged = equal || (book.foreign && changed.is_empty());
        let digest = found.unwrap_or_default();
        tables.push(TableCheck { table: table.name.clone(), rows: table.rows, digest, equal: unchanged, changed });
    }
    if let Some(reader) = reader
        && let Err(fault) = reader.finish()
    {
        problems.push(fault.to_string());
    }
    if let Err(fault) = book.check_other_parts() {
        problems.push(fault.to_string());
    }
    if !book.foreign
        && problems.is_empty()
        && tables.iter().all(|table| table.equal)
        && let Err(what) = container::check_layout(path)
    {
        problems.push(format!("the file around the sheets is not what was written: {what}"));
    }
    Ok(WorkbookCheck {
        path: path.display().to_string(),
        schema: book.manifest.property("schema").to_owned(),
        tenant: Some(book.manifest.property("tenant").to_owned()).filter(|name| !name.is_empty()),
        created: book.manifest.property("created").to_owned(),
        version: newest(&book.manifest.history),
        template: Some(book.manifest.property("template").to_owned()).filter(|name| !name.is_empty()),
        saved_by_another_program: book.foreign,
        intact: problems.is_empty() && !book.foreign && tables.iter().all(|table| table.equal),
        tables,
        problems,
    })
}

/// The digest of the rows as they would be restored from a file that another program has saved; none where they cannot be.
fn lenient_digest(book: &OpenBook, table: &ManifestTable, go_on: &dyn Fn(u64) -> bool) -> Result<Option<String>> {
    let (mut digest, mut rows) = (RowDigest::default(), 0u64);
    let read = LenientReader::new(book).and_then(|reader| {
        reader.table(table, &mut |_, _, line| {
            digest.add(line);
            rows += 1;
            if rows.is_multiple_of(1024) && !go_on(0) { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) }
        })
    });
    match read {
        Ok(()) => Ok(Some(digest.text())),
        Err(fault) if fault.kind == FaultKind::Stopped => Err(ErrorKind::Cancelled.into()),
        Err(_) => Ok(None),
    }
}

fn of_row(row: ChangedRow) -> ChangedCells {
    ChangedCells { sheet: row.sheet, row: row.row, what: row.what }
}

fn of_fault(fault: &Fault) -> ChangedCells {
    ChangedCells { sheet: fault.sheet.clone().unwrap_or_default(), row: fault.row, what: fault.what.clone() }
}

/// Compares a workbook's record with what a tenant holds now, in one snapshot.
///
/// # Errors
/// [`ErrorKind::WorkbookForeign`], [`ErrorKind::WorkbookDamaged`], [`ErrorKind::TenantMissing`], and what reading a
/// tenant reports.
pub async fn compare_with_tenant(
    database: &Database,
    path: &Path,
    schema: &str,
    cancel: &CancellationToken,
) -> Result<TenantComparison> {
    let at = path.to_owned();
    let opened = tokio::task::spawn_blocking(move || OpenBook::open(&at).map_err(|fault| unreadable(&at, &fault)));
    let book = opened
        .await
        .map_err(|e| Error::new(ErrorKind::Internal { what: "the workbook was not read".into() }).source(e))??;
    let mut session = database.session(Purpose::Export).await?;
    begin_snapshot(&mut session).await?;
    let shape = crate::shape::read_in(&mut session, schema).await?;
    let fingerprint = shape.fingerprint(crate::shape::Options::default());
    let written = version_number(book.manifest.property("server_version"));
    let same_server = written / 10_000 == session.server_version() / 10_000;
    let go_on = |_: u64| !cancel.is_cancelled();
    let arrange = |table: &mut Table| {
        if let Some(known) = book.manifest.tables.iter().find(|known| known.name == table.relation.name) {
            table.arrange(known.columns.iter().map(|column| column.name.as_str()));
        }
    };
    let content = tokio::select! {
        biased;
        () = cancel.cancelled() => return Err(ErrorKind::Cancelled.into()),
        content = content_arranged(&mut session, schema, None, &arrange, &go_on) => content?,
    };
    session.execute("commit").await?;
    session.close().await;
    let mut tables = Vec::new();
    for table in &book.manifest.tables {
        let live = content.tables.iter().find(|live| live.table == table.name);
        tables.push(ComparedTable {
            table: table.name.clone(),
            rows: table.rows,
            digest: table.digest.clone(),
            rows_now: live.map(|live| live.rows),
            equal: live.is_some_and(|live| live.rows == table.rows && live.digest == table.digest),
        });
    }
    let known = |name: &str| book.manifest.tables.iter().any(|table| table.name == name);
    let partial = book.manifest.property("contents") != "all tables";
    let new_tables = content.tables.iter().filter(|live| !partial && !known(&live.table));
    Ok(TenantComparison {
        schema: schema.to_owned(),
        same_structure: same_server.then(|| fingerprint.as_str() == book.manifest.property("structure_fingerprint")),
        new_tables: new_tables.map(|live| live.table.clone()).collect(),
        tables,
    })
}
