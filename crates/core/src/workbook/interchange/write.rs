//! The files of a folder being written, one table after the other.

use super::super::book::{Plan, Written, cell_refused, failed};
use super::super::names::table_file_names;
use super::super::source::Source;
use super::super::types::ExportedTable;
use super::csv::CsvEncoder;
use super::folder::FolderTarget;
use super::json::JsonEncoder;
use super::manifest::{ColumnRecord, FileRecord, Manifest};
use super::{Layout, read_back};
use crate::content::{RowDigest, SequenceState};
use crate::{Error, ErrorKind, Result};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

/// Text is handed to the file in pieces of about this size.
const PIECE: usize = 256 * 1024;

/// A folder of files being written.
pub(in super::super) struct Files<'p> {
    plan: &'p Plan,
    layout: Layout,
    target: FolderTarget,
    names: Vec<String>,
    manifest: Manifest,
}

impl<'p> Files<'p> {
    pub(in super::super) fn new(plan: &'p Plan, layout: Layout, target: FolderTarget) -> Self {
        let tables = plan.sources.iter().map(|source| source.relation.name.as_str());
        let names = table_file_names(tables, layout.extension());
        Self { plan, layout, target, names, manifest: Manifest::new(&plan.facts, layout, plan.partial) }
    }

    /// Begins the next table of the plan.
    pub(in super::super) fn table(&mut self) -> Result<TableFile<'_, 'p>> {
        let index = self.manifest.tables.len();
        let source = &self.plan.sources[index];
        let path = self.target.temporary_path().join(&self.names[index]);
        let file = File::create_new(path).map_err(failed(&self.plan.folder))?;
        let mut out = Vec::with_capacity(PIECE + PIECE / 8);
        let rows = match self.layout {
            Layout::Csv { guarded } => {
                let mut encoder = CsvEncoder::new(&source.columns, guarded);
                encoder.heading(&source.columns, &mut out);
                Rows::Csv(encoder)
            }
            Layout::Json => Rows::Json(JsonEncoder::new(&source.columns)),
        };
        let digest = RowDigest::default();
        Ok(TableFile { files: self, source, rows, out, file, hash: Sha256::new(), bytes: 0, digest, count: 0 })
    }

    /// Reads every file back and compares it with what was written. `go_on` is asked now and then.
    ///
    /// # Errors
    /// [`ErrorKind::FileDiffers`]; [`ErrorKind::Cancelled`].
    pub(in super::super) fn verify(&mut self, go_on: &dyn Fn() -> bool) -> Result<()> {
        for (record, source) in self.manifest.tables.iter().zip(&self.plan.sources) {
            let path = self.target.temporary_path().join(&record.file);
            read_back::compare(&path, self.layout, source, record, go_on)?;
        }
        self.manifest.verified = true;
        Ok(())
    }

    /// Makes the manifest: all that is left to do is to give the folder its name.
    pub(in super::super) fn seal(mut self, sequences: &[SequenceState]) -> Result<(SealedFolder, Written)> {
        let manifest = &mut self.manifest;
        manifest.omit(&self.plan.omitted);
        manifest.stand(sequences);
        manifest.altered_cells = manifest.tables.iter().map(|table| table.altered_cells).sum();
        let mut text = serde_json::to_vec_pretty(manifest)
            .map_err(|e| Error::new(ErrorKind::Internal { what: "the manifest was not written".into() }).source(e))?;
        text.push(b'\n');
        let bytes = text.len() as u64 + manifest.tables.iter().map(|table| table.bytes).sum::<u64>();
        let tables = manifest.tables.iter().map(|table| ExportedTable {
            table: table.name.clone(),
            rows: table.rows,
            digest: table.digest.clone(),
        });
        let written =
            Written { tables: tables.collect(), sheets: 0, overflow_cells: 0, altered_cells: manifest.altered_cells };
        Ok((SealedFolder { target: self.target, manifest: text, bytes }, written))
    }
}

/// A folder with all its files and without its name. Dropping it removes it.
#[derive(Debug)]
pub(in super::super) struct SealedFolder {
    target: FolderTarget,
    manifest: Vec<u8>,
    bytes: u64,
}

impl SealedFolder {
    /// Gives the folder its name; its path and the size of all files.
    ///
    /// # Errors
    /// [`ErrorKind::DiskFull`], [`ErrorKind::TargetNotWritable`], [`ErrorKind::FolderForeign`].
    pub(in super::super) fn persist(self) -> Result<(PathBuf, u64)> {
        Ok((self.target.persist(&self.manifest)?, self.bytes))
    }
}

enum Rows {
    Csv(CsvEncoder),
    Json(JsonEncoder),
}

/// The file of a table being written.
pub(in super::super) struct TableFile<'f, 'p> {
    files: &'f mut Files<'p>,
    source: &'p Source,
    rows: Rows,
    out: Vec<u8>,
    file: File,
    hash: Sha256,
    bytes: u64,
    digest: RowDigest,
    count: u64,
}

impl TableFile<'_, '_> {
    /// Writes whole lines of COPY text.
    ///
    /// # Errors
    /// [`ErrorKind::CellRefused`] for text that is not UTF-8, as databases without an encoding may hold it.
    pub(in super::super) fn lines(&mut self, lines: &[u8]) -> Result<()> {
        let valid = std::str::from_utf8(lines).is_ok();
        let mut rest = lines;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let line = &rest[..end];
            rest = &rest[end + 1..];
            if !valid && std::str::from_utf8(line).is_err() {
                let reason = "it is not UTF-8".to_owned();
                return Err(cell_refused(&self.source.relation.name, self.count + 1, reason));
            }
            self.digest.add(line);
            self.count += 1;
            match &mut self.rows {
                Rows::Csv(encoder) => encoder.row(line, &mut self.out),
                Rows::Json(encoder) => encoder.row(line, &mut self.out),
            }
            if self.out.len() >= PIECE {
                self.flush().map_err(failed(&self.files.plan.folder))?;
            }
        }
        Ok(())
    }

    /// Rows written so far.
    pub(in super::super) fn rows(&self) -> u64 {
        self.count
    }

    /// Ends the table; the disk has it then.
    pub(in super::super) fn finish(mut self) -> Result<()> {
        let ended = self.flush().and_then(|()| self.file.sync_all());
        ended.map_err(failed(&self.files.plan.folder))?;
        let altered_cells = match &self.rows {
            Rows::Csv(encoder) => encoder.altered(),
            Rows::Json(_) => 0,
        };
        let manifest = &mut self.files.manifest;
        let file = self.files.names[manifest.tables.len()].clone();
        manifest.tables.push(FileRecord {
            name: self.source.relation.name.clone(),
            kind: self.source.relation.kind.word(),
            file,
            bytes: self.bytes,
            sha256: read_back::hexadecimal(&self.hash.finalize()),
            rows: self.count,
            digest: self.digest.text(),
            altered_cells,
            columns: ColumnRecord::of(self.source),
        });
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.hash.update(&self.out);
        self.file.write_all(&self.out)?;
        self.bytes += self.out.len() as u64;
        self.out.clear();
        Ok(())
    }
}
