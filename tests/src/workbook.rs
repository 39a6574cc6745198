//! Workbooks read with another program's reader.

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// An open workbook.
pub struct Workbook {
    book: Xlsx<BufReader<File>>,
}

impl Workbook {
    /// Opens it.
    ///
    /// # Panics
    /// When it is no workbook.
    pub fn open(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let book = open_workbook(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self { book }
    }

    /// Names of the sheets.
    pub fn sheets(&self) -> Vec<String> {
        self.book.sheet_names()
    }

    /// A sheet's cells.
    ///
    /// # Panics
    /// When there is no such sheet.
    pub fn sheet(&mut self, name: &str) -> Range<Data> {
        let sheets = self.sheets();
        self.book.worksheet_range(name).unwrap_or_else(|error| panic!("{name} ({error}) in {sheets:?}"))
    }

    /// A sheet's heading.
    pub fn heading(&mut self, name: &str) -> Vec<String> {
        self.sheet(name).rows().next().map(|row| row.iter().map(ToString::to_string).collect()).unwrap_or_default()
    }

    /// How many rows of data a sheet has.
    pub fn rows(&mut self, name: &str) -> usize {
        self.sheet(name).height().saturating_sub(1)
    }

    /// What the manifest says about the sheets: table, sheet, rows.
    pub fn manifest(&mut self) -> Vec<(String, String, usize)> {
        let manifest = self.sheet("_manifest");
        let sheets = manifest.rows().filter(|row| row[0] == Data::String("sheet".into()));
        sheets.map(|row| (row[1].to_string(), row[2].to_string(), number(&row[4]))).collect()
    }
}

fn number(cell: &Data) -> usize {
    cell.to_string().parse().unwrap_or_else(|_| panic!("{cell:?} is no number of rows"))
}
