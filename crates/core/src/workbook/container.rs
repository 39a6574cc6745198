//! The zip file around a workbook's parts, written in one pass.
//!
//! Each part's local header is written before its sizes are known and completed afterwards. The headers keep 20 bytes
//! free for large sizes, as the padding that the Open Packaging Conventions provide for this (ECMA-376 part 2, annex C,
//! "growth hint"); only parts over 4 GB make use of them, because some programs do not read the larger format. The padding
//! begins with the checksum of the compressed stream, for [`check_layout`].

use super::deflate::{Deflate, Hint, Sizes};
use chrono::{DateTime, Datelike, Timelike, Utc};
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;
use zip::ZipArchive;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END_64: u32 = 0x0606_4b50;
const LOCATOR_64: u32 = 0x0706_4b50;
const DEFLATED: u16 = 8;
const NARROW: u64 = u32::MAX as u64;
/// Bytes after the name in a local header: large sizes, and a growth hint with a checksum.
const EXTRA: usize = 20 + 12;

/// A zip file under construction.
pub(super) struct Container<W> {
    out: W,
    position: u64,
    deflate: Deflate,
    stamp: (u16, u16),
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    offset: u64,
    sizes: Sizes,
}

impl Container<Cursor<Vec<u8>>> {
    fn bare(stamp: (u16, u16)) -> Self {
        Self { out: Cursor::new(Vec::new()), position: 0, deflate: Deflate::new(), stamp, entries: Vec::new() }
    }
}

impl<W: Write + Seek> Container<W> {
    /// Writes to `out`, which must be empty; every part is dated `created`.
    pub(super) fn new(out: W, created: DateTime<Utc>) -> Self {
        let date = ((created.year() - 1980).clamp(0, 127) as u32) << 9 | created.month() << 5 | created.day();
        let time = created.hour() << 11 | created.minute() << 5 | (created.second() / 2);
        Self { out, position: 0, deflate: Deflate::new(), stamp: (time as u16, date as u16), entries: Vec::new() }
    }

    /// Begins a part. The one before must have ended.
    pub(super) fn begin(&mut self, name: impl Into<String>) -> io::Result<()> {
        let entry = Entry { name: name.into(), offset: self.position, sizes: Sizes::default() };
        let header = self.local_header(&entry);
        self.put(&header)?;
        self.entries.push(entry);
        Ok(())
    }

    /// Appends to the part under way.
    pub(super) fn write(&mut self, data: &[u8]) -> io::Result<()> {
        self.deflate.write(data, &mut self.out)
    }

    /// The text of the part under way, to be appended to; see [`Deflate::text`] and [`Container::encode`].
    #[inline]
    pub(super) fn deflate(&mut self) -> &mut Deflate {
        &mut self.deflate
    }

    /// Encodes what was appended to the part's text.
    pub(super) fn encode(&mut self, hints: &[Hint]) -> io::Result<()> {
        self.deflate.encode(hints, &mut self.out)
    }

    /// Ends the part under way.
    pub(super) fn end(&mut self) -> io::Result<()> {
        let sizes = self.deflate.finish(&mut self.out)?;
        self.position += sizes.compressed;
        self.complete(sizes)
    }

    /// A whole part at once.
    pub(super) fn part(&mut self, name: &str, data: &[u8]) -> io::Result<()> {
        self.begin(name)?;
        self.write(data)?;
        self.end()
    }

    /// A part that was deflated elsewhere.
    pub(super) fn append_deflated(&mut self, name: &str, sizes: Sizes, data: &mut impl Read) -> io::Result<()> {
        self.begin(name)?;
        let copied = io::copy(&mut data.take(sizes.compressed), &mut self.out)?;
        if copied != sizes.compressed {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.position += copied;
        self.complete(sizes)
    }

    /// Writes the directory and hands the file back.
    pub(super) fn finish(mut self) -> io::Result<W> {
        let start = self.position;
        for entry in std::mem::take(&mut self.entries) {
            let header = self.central_header(&entry);
            self.put(&header)?;
            self.entries.push(entry);
        }
        let size = self.position - start;
        let count = self.entries.len() as u64;
        let mut end = Vec::with_capacity(98);
        if start > NARROW || size > NARROW || count > 0xfffe {
            let record = self.position;
            put32(&mut end, END_64);
            put64(&mut end, 44);
            put16(&mut end, 45);
            put16(&mut end, 45);
            put64(&mut end, 0);
            [count, count, size, start].iter().for_each(|v| put64(&mut end, *v));
            put32(&mut end, LOCATOR_64);
            put32(&mut end, 0);
            put64(&mut end, record);
            put32(&mut end, 1);
        }
        put32(&mut end, END);
        put32(&mut end, 0);
        put16(&mut end, count.min(0xffff) as u16);
        put16(&mut end, count.min(0xffff) as u16);
        put32(&mut end, narrow(size));
        put32(&mut end, narrow(start));
        put16(&mut end, 0);
        self.put(&end)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn complete(&mut self, sizes: Sizes) -> io::Result<()> {
        let Some(mut entry) = self.entries.pop() else { return Ok(()) };
        entry.sizes = sizes;
        let header = self.local_header(&entry);
        self.out.seek(SeekFrom::Start(entry.offset))?;
        self.out.write_all(&header)?;
        self.out.seek(SeekFrom::Start(self.position))?;
        self.entries.push(entry);
        Ok(())
    }

    fn put(&mut self, data: &[u8]) -> io::Result<()> {
        self.out.write_all(data)?;
        self.position += data.len() as u64;
        Ok(())
    }

    /// Always of the same length for the same name.
    fn local_header(&self, entry: &Entry) -> Vec<u8> {
        let large = entry.sizes.is_large();
        let mut header = Vec::with_capacity(96);
        put32(&mut header, LOCAL);
        put16(&mut header, if large { 45 } else { 20 });
        self.common(&mut header, entry);
        put16(&mut header, EXTRA as u16);
        header.extend_from_slice(entry.name.as_bytes());
        let end = header.len() + EXTRA;
        if large {
            put16(&mut header, 1);
            put16(&mut header, 16);
            put64(&mut header, entry.sizes.uncompressed);
            put64(&mut header, entry.sizes.compressed);
        }
        put16(&mut header, 0xa220);
        let length = (end - header.len() - 2) as u16;
        put16(&mut header, length);
        put16(&mut header, 0xa028);
        put16(&mut header, 0);
        put32(&mut header, entry.sizes.stream_crc);
        header.resize(end, 0);
        header
    }

    fn central_header(&self, entry: &Entry) -> Vec<u8> {
        let mut large = Vec::new();
        if entry.sizes.is_large() {
            put64(&mut large, entry.sizes.uncompressed);
            put64(&mut large, entry.sizes.compressed);
        }
        if entry.offset > NARROW {
            put64(&mut large, entry.offset);
        }
        let version = if large.is_empty() { 20 } else { 45 };
        let mut header = Vec::with_capacity(96);
        put32(&mut header, CENTRAL);
        put16(&mut header, version);
        put16(&mut header, version);
        self.common(&mut header, entry);
        put16(&mut header, if large.is_empty() { 0 } else { large.len() as u16 + 4 });
        header.extend_from_slice(&[0; 10]);
        put32(&mut header, narrow(entry.offset));
        header.extend_from_slice(entry.name.as_bytes());
        if !large.is_empty() {
            put16(&mut header, 1);
            put16(&mut header, large.len() as u16);
            header.extend_from_slice(&large);
        }
        header
    }

    /// From the flags to the length of the name.
    fn common(&self, header: &mut Vec<u8>, entry: &Entry) {
        put16(header, 0);
        put16(header, DEFLATED);
        put16(header, self.stamp.0);
        put16(header, self.stamp.1);
        put32(header, entry.sizes.crc);
        if entry.sizes.is_large() {
            put32(header, u32::MAX);
            put32(header, u32::MAX);
        } else {
            put32(header, entry.sizes.compressed as u32);
            put32(header, entry.sizes.uncompressed as u32);
        }
        put16(header, entry.name.len() as u16);
    }
}

/// Whether the file is, byte for byte, the one that this module writes: headers, directory and nothing between them, and
/// compressed parts with the checksums of their headers.
pub(super) fn check_layout(path: &Path) -> Result<(), String> {
    let unreadable = |error: io::Error| error.to_string();
    let mut file = File::open(path).map_err(unreadable)?;
    let mut archive = ZipArchive::new(BufReader::new(&file)).map_err(|e| e.to_string())?;
    let start = archive.central_directory_start();
    let mut expected = Container::bare((0, 0));
    expected.position = start;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|e| e.to_string())?;
        if let Some(stamp) = entry.last_modified() {
            expected.stamp = (stamp.timepart(), stamp.datepart());
        }
        // The checksum of the stream follows.
        let (compressed, uncompressed) = (entry.compressed_size(), entry.size());
        let sizes = Sizes { crc: entry.crc32(), stream_crc: 0, compressed, uncompressed };
        let name = entry.name().map_err(|e| e.to_string())?.into_owned();
        expected.entries.push(Entry { name, offset: entry.header_start(), sizes });
    }
    expected.entries.sort_by_key(|entry| entry.offset);
    drop(archive);
    let mut position = 0;
    for index in 0..expected.entries.len() {
        let header = expected.local_header(&expected.entries[index]).len() as u64;
        let entry = &mut expected.entries[index];
        let (offset, sizes) = (entry.offset, &mut entry.sizes);
        sizes.stream_crc = checksum(&mut file, offset + header, sizes.compressed).map_err(unreadable)?;
        let header = expected.local_header(&expected.entries[index]);
        if offset != position || !holds(&mut file, position, &header).map_err(unreadable)? {
            return Err(expected.entries[index].name.clone());
        }
        position += header.len() as u64 + expected.entries[index].sizes.compressed;
    }
    if position != start {
        return Err("there is something between the parts and their directory".into());
    }
    let directory = expected.finish().map_err(unreadable)?.into_inner();
    let length = file.metadata().map_err(unreadable)?.len();
    let same = length == start + directory.len() as u64 && holds(&mut file, start, &directory).map_err(unreadable)?;
    if same { Ok(()) } else { Err("the directory of the zip file".into()) }
}

/// Of so many bytes at that place.
fn checksum(file: &mut File, position: u64, length: u64) -> io::Result<u32> {
    file.seek(SeekFrom::Start(position))?;
    let (mut hasher, mut left) = (crc32fast::Hasher::new(), length);
    let mut piece = vec![0; (256 * 1024).min(usize::try_from(length).unwrap_or(usize::MAX))];
    while left > 0 {
        let wanted = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        file.read_exact(&mut piece[..wanted])?;
        hasher.update(&piece[..wanted]);
        left -= wanted as u64;
    }
    Ok(hasher.finalize())
}

/// The file has these bytes at that place.
fn holds(file: &mut File, position: u64, bytes: &[u8]) -> io::Result<bool> {
    let mut found = vec![0; bytes.len()];
    file.seek(SeekFrom::Start(position))?;
    match file.read_exact(&mut found) {
        Ok(()) => Ok(found == bytes),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

impl Sizes {
    fn is_large(&self) -> bool {
        self.compressed >= NARROW || self.uncompressed >= NARROW
    }
}

fn narrow(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn put16(out: &mut Vec<u8>, value: u16) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

fn put64(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(&value.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_reader_finds_every_part() {
        let mut container = Container::new(Cursor::new(Vec::new()), Utc::now());
        container.part("a.xml", b"<a/>").unwrap();
        container.begin("b.xml").unwrap();
        for _ in 0..100_000 {
            container.write(b"<row>some text</row>").unwrap();
        }
        container.end().unwrap();
        container.part("empty.xml", b"").unwrap();
        let file = container.finish().unwrap();
        let mut archive = zip::ZipArchive::new(file).unwrap();
        assert_eq!(archive.len(), 3);
        let mut text = String::new();
        archive.by_name("b.xml").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "<row>some text</row>".repeat(100_000));
        assert_eq!(io::read_to_string(archive.by_name("empty.xml").unwrap()).unwrap(), "");
    }

    #[test]
    fn parts_over_four_gigabytes_have_large_headers() {
        let mut container = Container::new(Cursor::new(Vec::new()), Utc::now());
        container.begin("sheet.xml").unwrap();
        container.entries[0].sizes = Sizes { crc: 1, stream_crc: 7, compressed: 5, uncompressed: 5_000_000_000 };
        let local = container.local_header(&container.entries[0]);
        assert_eq!(local.len() as u64, container.position);
        assert_eq!(&local[18..26], &[0xff; 8]);
        assert_eq!(local[39..43], [1, 0, 16, 0]);
        assert_eq!(local[43..51], 5_000_000_000u64.to_le_bytes());
        assert_eq!(local[59..], [0x20, 0xa2, 8, 0, 0x28, 0xa0, 0, 0, 7, 0, 0, 0]);
    }
}
