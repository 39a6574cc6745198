//! Whether a finished file holds what the database gave.

use super::super::source::Source;
use super::Layout;
use super::csv_reader::CsvReader;
use super::json_reader::JsonReader;
use super::manifest::FileRecord;
use crate::content::RowDigest;
use crate::{Error, ErrorKind, Result};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

/// Rows between two looks at whether to go on.
const LOOK: u64 = 4096;
const BUFFER: usize = 256 * 1024;

/// Reads a file and compares it with its record.
///
/// # Errors
/// [`ErrorKind::FileDiffers`]; [`ErrorKind::Cancelled`].
pub(super) fn compare(
    path: &Path,
    layout: Layout,
    source: &Source,
    record: &FileRecord,
    go_on: &dyn Fn() -> bool,
) -> Result<()> {
    let differs = |reason: String| Error::new(ErrorKind::FileDiffers { table: record.name.clone(), reason });
    let mut hashed =
        Hashed { input: File::open(path).map_err(|e| differs(e.to_string()).source(e))?, hash: Sha256::new() };
    let (mut digest, mut rows, mut line) = (RowDigest::default(), 0u64, Vec::new());
    {
        let input = BufReader::with_capacity(BUFFER, &mut hashed);
        let in_row = |row: u64, error: io::Error| differs(format!("row {row}: {error}")).source(error);
        let mut reader = Reader::new(input, layout, source).map_err(|error| in_row(0, error))?;
        while reader.next_row(&mut line).map_err(|error| in_row(rows + 1, error))? {
            digest.add(&line);
            rows += 1;
            if rows.is_multiple_of(LOOK) && !go_on() {
                return Err(ErrorKind::Cancelled.into());
            }
        }
    }
    if !go_on() {
        return Err(ErrorKind::Cancelled.into());
    }
    if rows != record.rows {
        return Err(differs(format!("it has {rows} rows instead of {}", record.rows)));
    }
    if digest.text() != record.digest {
        return Err(differs("its rows have another digest".into()));
    }
    if hexadecimal(&hashed.hash.finalize()) != record.sha256 {
        return Err(differs("its bytes are not those that were written".into()));
    }
    Ok(())
}

enum Reader<R> {
    Csv(CsvReader<R>),
    Json(JsonReader<R>),
}

impl<R: io::BufRead> Reader<R> {
    fn new(input: R, layout: Layout, source: &Source) -> io::Result<Self> {
        let names = || source.columns.iter().map(|column| column.name.clone());
        match layout {
            Layout::Csv { guarded } => {
                let mut reader = CsvReader::new(input, source.columns.len(), guarded);
                if !reader.heading()?.into_iter().eq(names().map(String::into_bytes)) {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, "the headings are not the table's columns"));
                }
                Ok(Self::Csv(reader))
            }
            Layout::Json => Ok(Self::Json(JsonReader::new(input, names().collect()))),
        }
    }

    fn next_row(&mut self, line: &mut Vec<u8>) -> io::Result<bool> {
        match self {
            Self::Csv(reader) => reader.next_row(line),
            Self::Json(reader) => reader.next_row(line),
        }
    }
}

/// Takes the digest of what passes through.
struct Hashed {
    input: File,
    hash: Sha256,
}

impl Read for Hashed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(buffer)?;
        self.hash.update(&buffer[..length]);
        Ok(length)
    }
}

/// Two digits for each byte.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
