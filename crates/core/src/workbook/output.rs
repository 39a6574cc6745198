//! What the rows of a tenant are written to, by a thread of its own: a workbook, or a folder of files.

use super::book::{Book, Plan, Written, failed};
use super::export::{ExportOptions, name_of};
use super::interchange::{Files, FolderTarget, Layout, SealedFolder};
use super::names::folder_name;
use super::verify;
use crate::content::SequenceState;
use crate::part_file::PartFile;
use crate::{Error, ErrorKind, Result};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::mpsc::Receiver;
use tokio_util::sync::CancellationToken;

/// What the reader tells the writing thread.
pub(super) enum Order {
    /// Whole lines of the table under way.
    Lines(Vec<u8>),
    /// The table is complete.
    EndTable,
    /// All tables are.
    EndBook(Vec<SequenceState>),
}

/// Something under construction that has no name yet. Dropping it removes it.
#[derive(Debug)]
pub(super) enum Output {
    Workbook(PartFile),
    Folder(FolderTarget, Layout),
}

/// The same, complete.
#[derive(Debug)]
pub(super) enum Complete {
    Workbook(PartFile),
    Folder(SealedFolder),
}

impl Output {
    /// Begins it in the folder of the options, and so finds out early whether that can be written to.
    ///
    /// # Errors
    /// [`ErrorKind::TargetNotWritable`], [`ErrorKind::DiskFull`], [`ErrorKind::FolderForeign`].
    pub(super) fn create(schema: &str, options: &ExportOptions) -> Result<Self> {
        let name = output_name(schema, options);
        Ok(match Layout::of(options.format, options.guard_formulas) {
            None => Self::Workbook(PartFile::create(&options.folder, &name)?),
            Some(layout) => Self::Folder(FolderTarget::create(&options.folder, &name)?, layout),
        })
    }

    /// The writing thread. A reader that hangs up before the end has failed or was cancelled.
    pub(super) fn write(
        self,
        plan: &Plan,
        orders: Receiver<Order>,
        rows: &AtomicU64,
        verified: bool,
        cancel: &CancellationToken,
    ) -> Result<(Complete, Written)> {
        let orders = Orders { orders, rows };
        match self {
            Self::Workbook(target) => {
                let (target, written) = write_book(plan, target, orders)?;
                if verified {
                    verify_book(&target, &written, cancel)?;
                }
                Ok((Complete::Workbook(target), written))
            }
            Self::Folder(target, layout) => {
                let mut files = Files::new(plan, layout, target);
                let sequences = write_files(plan, &mut files, orders)?;
                if verified {
                    files.verify(&|| !cancel.is_cancelled())?;
                }
                let (sealed, written) = files.seal(&sequences)?;
                Ok((Complete::Folder(sealed), written))
            }
        }
    }
}

impl Complete {
    /// Gives it its name; the path and the size.
    ///
    /// # Errors
    /// [`ErrorKind::DiskFull`], [`ErrorKind::TargetNotWritable`], [`ErrorKind::FolderForeign`].
    pub(super) fn persist(self) -> Result<(PathBuf, u64)> {
        match self {
            Self::Workbook(target) => {
                let path = target.persist()?;
                let bytes = std::fs::metadata(&path).map_or(0, |m| m.len());
                Ok((path, bytes))
            }
            Self::Folder(sealed) => sealed.persist(),
        }
    }
}

/// The name of what [`Output::create`] begins.
pub(super) fn output_name(schema: &str, options: &ExportOptions) -> String {
    match Layout::of(options.format, options.guard_formulas) {
        None => name_of(schema, &options.tables),
        Some(layout) => folder_name(schema, &options.tables, layout.word()),
    }
}

/// What comes from the reader, and the rows written of it.
struct Orders<'a> {
    orders: Receiver<Order>,
    rows: &'a AtomicU64,
}

impl Orders<'_> {
    /// Hands the lines of one table to `lines`, which answers with the rows so far.
    fn table(&mut self, lines: &mut dyn FnMut(&[u8]) -> Result<u64>) -> Result<()> {
        let mut before = 0;
        loop {
            match self.orders.blocking_recv().ok_or_else(hung_up)? {
                Order::Lines(text) => {
                    let rows = lines(&text)?;
                    self.rows.fetch_add(rows - before, Ordering::Relaxed);
                    before = rows;
                }
                Order::EndTable => return Ok(()),
                Order::EndBook(_) => return Err(hung_up()),
            }
        }
    }

    fn end(mut self) -> Result<Vec<SequenceState>> {
        match self.orders.blocking_recv() {
            Some(Order::EndBook(sequences)) => Ok(sequences),
            _ => Err(hung_up()),
        }
    }
}

fn hung_up() -> Error {
    Error::new(ErrorKind::Cancelled)
}

fn write_book(plan: &Plan, mut target: PartFile, mut orders: Orders<'_>) -> Result<(PartFile, Written)> {
    let failed = failed(&plan.folder);
    let mut book = Book::new(plan, target.file())?;
    for _ in &plan.sources {
        let mut table = book.table().map_err(&failed)?;
        orders.table(&mut |text| table.lines(text).map(|()| table.rows()))?;
        table.finish().map_err(&failed)?;
    }
    let sequences = orders.end()?;
    let (_, written) = book.finish(&sequences).map_err(&failed)?;
    Ok((target, written))
}

fn write_files(plan: &Plan, files: &mut Files<'_>, mut orders: Orders<'_>) -> Result<Vec<SequenceState>> {
    for _ in &plan.sources {
        let mut table = files.table()?;
        orders.table(&mut |text| table.lines(text).map(|()| table.rows()))?;
        table.finish()?;
    }
    orders.end()
}

/// Reads the finished workbook back, cell by cell.
fn verify_book(target: &PartFile, written: &Written, cancel: &CancellationToken) -> Result<()> {
    verify::compare(target.temporary_path(), &written.tables, &|| !cancel.is_cancelled()).map_err(|(table, fault)| {
        if cancel.is_cancelled() {
            return ErrorKind::Cancelled.into();
        }
        Error::new(ErrorKind::WorkbookDiffers { table, reason: fault.to_string() }).source(fault)
    })
}
