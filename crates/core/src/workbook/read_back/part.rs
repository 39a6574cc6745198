//! One part of the zip file, inflated as it is read.

use super::rows::damaged;
use crate::workbook::finding::Finding;
use flate2::bufread::DeflateDecoder;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};
use std::path::{Path, PathBuf};
use zip::{CompressionMethod, ZipArchive};

/// The directory of a zip file. Its parts are read independently of each other.
pub(super) struct Archive {
    path: PathBuf,
    directory: ZipArchive<BufReader<File>>,
}

impl Archive {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { path: path.to_owned(), directory: ZipArchive::new(BufReader::new(File::open(path)?))? })
    }

    /// The names of all parts.
    pub(super) fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.directory.file_names().map(|name| name.map(Cow::into_owned)).collect::<Result<_, _>>()?)
    }

    /// A part from its beginning.
    pub(super) fn part(&mut self, name: &str) -> io::Result<Part> {
        let entry = self.directory.by_name(name)?;
        let start = entry.data_start().ok_or_else(|| damaged("a part has no place in the file"))?;
        let method = entry.compression();
        let (compressed, left, crc) = (entry.compressed_size(), entry.size(), entry.crc32());
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(start))?;
        let data = BufReader::with_capacity(128 * 1024, file.take(compressed));
        let data = match method {
            CompressionMethod::Deflated => Data::Deflated(DeflateDecoder::new(data)),
            CompressionMethod::Stored => Data::Stored(data),
            other => return Err(damaged(format!("a part is compressed by {other}"))),
        };
        Ok(Part { data, crc: crc32fast::Hasher::new(), expected: crc, left })
    }
}

/// We deflate every part; other programs need not.
enum Data {
    Deflated(DeflateDecoder<BufReader<Take<File>>>),
    Stored(BufReader<Take<File>>),
}

/// The text of a part. The end of it is an error unless length and checksum are those of the directory.
pub(super) struct Part {
    data: Data,
    crc: crc32fast::Hasher,
    expected: u32,
    left: u64,
}

impl Read for Part {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.data {
            Data::Deflated(data) => data.read(out)?,
            Data::Stored(data) => data.read(out)?,
        };
        self.crc.update(&out[..read]);
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| damaged("a part is too long"))?;
        if read == 0 && !out.is_empty() && (self.left > 0 || self.crc.clone().finalize() != self.expected) {
            return Err(damaged(Finding::PartDamaged));
        }
        Ok(read)
    }
}
