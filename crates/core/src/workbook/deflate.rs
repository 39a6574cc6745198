//! The compressed stream of one part of the workbook, with its checksum.

use flate2::{Compress, Compression, Crc, FlushCompress, Status};
use std::io::{self, Write};

/// Compressed bytes are handed on in pieces of about this size.
const OUTPUT: usize = 128 * 1024;

/// What is known about a part when it is complete.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sizes {
    pub(super) crc: u32,
    pub(super) compressed: u64,
    pub(super) uncompressed: u64,
}

/// Deflates into a writer that is passed to each call. Used for one part after the other.
pub(super) struct Deflate {
    compress: Compress,
    crc: Crc,
    pending: Vec<u8>,
    sizes: Sizes,
}

impl Deflate {
    pub(super) fn new() -> Self {
        Self {
            // Level 1: sheets are repetitive, and higher levels cost far more time than they save space.
            compress: Compress::new(Compression::fast(), false),
            crc: Crc::new(),
            pending: Vec::with_capacity(OUTPUT),
            sizes: Sizes::default(),
        }
    }

    pub(super) fn write(&mut self, mut data: &[u8], out: &mut impl Write) -> io::Result<()> {
        self.crc.update(data);
        self.sizes.uncompressed += data.len() as u64;
        while !data.is_empty() {
            let before = self.compress.total_in();
            self.step(data, FlushCompress::None, out)?;
            data = &data[(self.compress.total_in() - before) as usize..];
        }
        Ok(())
    }

    /// Ends the part and makes ready for the next.
    pub(super) fn finish(&mut self, out: &mut impl Write) -> io::Result<Sizes> {
        while self.step(&[], FlushCompress::Finish, out)? != Status::StreamEnd {}
        self.drain(out)?;
        self.compress.reset();
        let crc = self.crc.sum();
        self.crc.reset();
        Ok(Sizes { crc, ..std::mem::take(&mut self.sizes) })
    }

    fn step(&mut self, data: &[u8], flush: FlushCompress, out: &mut impl Write) -> io::Result<Status> {
        if self.pending.len() == self.pending.capacity() {
            self.drain(out)?;
        }
        self.compress.compress_vec(data, &mut self.pending, flush).map_err(io::Error::other)
    }

    fn drain(&mut self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&self.pending)?;
        self.sizes.compressed += self.pending.len() as u64;
        self.pending.clear();
        Ok(())
    }
}
