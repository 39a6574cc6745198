//! Sheets of our own that grow while tables are being written: deflated into a file of their own, which has no name and
//! vanishes with its handle, and copied into the workbook at the end.

use super::container::Container;
use super::deflate::{Deflate, Sizes};
use super::sheet::{self, Cell, Head};
use super::style::Style;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const FLUSH: usize = 64 * 1024;

/// A part of the package, and the range of its table.
pub(super) type SpooledPart = (String, Option<String>);

/// One such sheet, with its continuations.
pub(super) struct Spool {
    folder: PathBuf,
    columns: &'static [(&'static str, u32)],
    rows_per_sheet: u32,
    begun: Option<Begun>,
}

struct Begun {
    file: File,
    deflate: Deflate,
    xml: Vec<u8>,
    /// Rows of the sheet under way, headings included.
    row: u32,
    sheets: Vec<FinishedSheet>,
}

#[derive(Debug, Clone)]
struct FinishedSheet {
    sizes: Sizes,
    rows: u32,
}

impl Spool {
    /// Spools beside the workbook, so that a full disk is one error and not two. `columns` are headings and widths.
    pub(super) fn new(folder: &Path, columns: &'static [(&'static str, u32)], rows_per_sheet: u32) -> Self {
        Self { folder: folder.to_owned(), columns, rows_per_sheet, begun: None }
    }

    /// Begins the first sheet, even if nothing follows.
    pub(super) fn begin(&mut self) -> io::Result<()> {
        self.begun().map(drop)
    }

    /// Adds a row.
    pub(super) fn push(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        if self.begun.as_ref().is_some_and(|s| s.row > self.rows_per_sheet) {
            self.end_sheet()?;
        }
        let begun = self.begun()?;
        begun.row += 1;
        sheet::push_row(begun.row, cells, &mut begun.xml);
        if begun.xml.len() >= FLUSH {
            begun.flush()?;
        }
        Ok(())
    }

    /// Copies the finished sheets into the workbook. Returns the range of each, headings included.
    pub(super) fn finish<W: Write + Seek>(
        mut self,
        container: &mut Container<W>,
        mut part_name: impl FnMut() -> String,
    ) -> io::Result<Vec<SpooledPart>> {
        if self.begun.is_none() {
            return Ok(Vec::new());
        }
        self.end_sheet()?;
        let Some(mut begun) = self.begun else { return Ok(Vec::new()) };
        begun.file.seek(SeekFrom::Start(0))?;
        let mut parts = Vec::new();
        for finished in &begun.sheets {
            let data = Read::by_ref(&mut begun.file);
            let name = part_name();
            container.append_deflated(&name, finished.sizes, data)?;
            parts.push((name, sheet::range(self.columns.len(), finished.rows)));
        }
        Ok(parts)
    }

    /// The spool with a sheet under way.
    fn begun(&mut self) -> io::Result<&mut Begun> {
        let begun = match self.begun.take() {
            Some(begun) => begun,
            None => Begun {
                file: tempfile::tempfile_in(&self.folder)?,
                deflate: Deflate::new(),
                xml: Vec::with_capacity(2 * FLUSH),
                row: 0,
                sheets: Vec::new(),
            },
        };
        let begun = self.begun.insert(begun);
        if begun.row == 0 {
            let widths: Vec<u32> = self.columns.iter().map(|(_, width)| *width).collect();
            Head { widths: &widths, frozen: true, selected: false, grid: true }.push(&mut begun.xml);
            let headings: Vec<Cell<'_>> =
                self.columns.iter().map(|(heading, _)| Cell::Text(heading, Style::Heading)).collect();
            sheet::push_row(1, &headings, &mut begun.xml);
            begun.row = 1;
        }
        Ok(begun)
    }

    fn end_sheet(&mut self) -> io::Result<()> {
        let columns = self.columns.len();
        let Some(begun) = &mut self.begun else { return Ok(()) };
        let range = sheet::range(columns, begun.row);
        sheet::push_tail(range.as_deref(), true, &mut begun.xml);
        begun.flush()?;
        let sizes = begun.deflate.finish(&mut begun.file)?;
        begun.sheets.push(FinishedSheet { sizes, rows: begun.row });
        begun.row = 0;
        Ok(())
    }
}

impl Begun {
    fn flush(&mut self) -> io::Result<()> {
        self.deflate.write(&self.xml, &mut self.file)?;
        self.xml.clear();
        Ok(())
    }
}
