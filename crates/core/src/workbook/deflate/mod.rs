//! The compressed stream of one part of the workbook (RFC 1951), with its checksum.
//!
//! An encoder of our own, because the one who writes rows knows what a general encoder has to search for: each cell
//! begins and ends like the one above it. A [`Hint`] says where, and comparing there finds nearly all matches at the
//! speed of comparing memory. What no hint covers goes through a small table of recent six-byte sequences, so that
//! text without hints compresses too.

mod block;
mod huffman;

use block::{Block, WINDOW};
use std::io::{self, Write};

/// The window grows to about this many bytes before its old part is dropped.
const SLIDE: usize = 256 * 1024;
/// Compressed bytes are handed on in pieces of about this size.
const PIECE: usize = 128 * 1024;
/// Matches found by a hint need so many bytes.
const NEAR: usize = 4;
/// Matches found by the table need so many bytes, as they are as likely to be far away.
const FAR: usize = 6;
const TABLE_BITS: u32 = 15;

/// What is known about a part when it is complete.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sizes {
    pub(super) crc: u32,
    /// Checksum of the compressed stream itself. Its last byte may have bits that nobody reads, and what describes codes can
    /// be said in more ways than one: the checksum of the text does not notice when these are changed.
    pub(super) stream_crc: u32,
    pub(super) compressed: u64,
    pub(super) uncompressed: u64,
}

/// From `at` on, the text probably goes on like it did from `like` on, and often already before. Positions count the
/// bytes of the part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Hint {
    pub(super) at: u64,
    pub(super) like: u64,
    /// Where a text begins that may come again; 0 for nowhere.
    pub(super) text: u64,
}

/// Deflates into a writer that is passed to each call. Used for one part after the other.
pub(super) struct Deflate {
    /// The last [`WINDOW`] bytes at least, and what is not encoded yet.
    window: Vec<u8>,
    /// Position of the window's first byte.
    base: u64,
    /// Index of the first byte that is not encoded.
    encoded: usize,
    /// Index of the first byte that is not in the checksum.
    summed: usize,
    crc: crc32fast::Hasher,
    /// Lower halves of the positions where six bytes of this hash were seen last.
    table: Vec<u32>,
    block: Block,
    compressed: u64,
    stream_crc: crc32fast::Hasher,
}

impl Deflate {
    pub(super) fn new() -> Self {
        Self {
            window: Vec::with_capacity(SLIDE + SLIDE / 4),
            base: 0,
            encoded: 0,
            summed: 0,
            crc: crc32fast::Hasher::new(),
            table: vec![0; 1 << TABLE_BITS],
            block: Block::new(),
            compressed: 0,
            stream_crc: crc32fast::Hasher::new(),
        }
    }

    /// The position of the first byte of [`Deflate::text`].
    #[inline]
    pub(super) fn base(&self) -> u64 {
        self.base
    }

    /// The part so far, or its end: text is appended here and then encoded by [`Deflate::encode`]. What is there must
    /// not be changed.
    #[inline]
    pub(super) fn text(&mut self) -> &mut Vec<u8> {
        &mut self.window
    }

    /// Appends text without hints.
    pub(super) fn write(&mut self, data: &[u8], out: &mut impl Write) -> io::Result<()> {
        for piece in data.chunks(SLIDE) {
            self.window.extend_from_slice(piece);
            self.encode(&[], out)?;
        }
        Ok(())
    }

    /// Encodes what was appended. Hints are in the order of their positions.
    #[inline]
    pub(super) fn encode(&mut self, hints: &[Hint], out: &mut impl Write) -> io::Result<()> {
        let mut next = self.encoded;
        for hint in hints {
            if hint.text >= self.base + next as u64 {
                self.remember((hint.text - self.base) as usize);
            }
            let at = (hint.at - self.base) as usize;
            let distance = (hint.at - hint.like) as usize;
            if at < next || distance > WINDOW || distance > at {
                continue;
            }
            let back = common_suffix(&self.window[next..at], &self.window[..at - distance]);
            next = self.search(next, at - back);
            // A found match may have run past the hint.
            if next > at {
                continue;
            }
            let length = common_prefix(&self.window, next, distance);
            if length >= NEAR {
                self.block.push_match(length, distance);
                next += length;
            }
        }
        self.encoded = self.search(next, self.window.len());
        if self.block.is_full() {
            self.block.write(false);
        }
        if self.block.output().len() >= PIECE {
            self.drain(out)?;
        }
        if self.window.len() > SLIDE {
            self.slide();
        }
        Ok(())
    }

    /// Ends the part and makes ready for the next.
    pub(super) fn finish(&mut self, out: &mut impl Write) -> io::Result<Sizes> {
        self.block.write(true);
        self.drain(out)?;
        self.crc.update(&self.window[self.summed..]);
        let crc = std::mem::take(&mut self.crc).finalize();
        let stream_crc = std::mem::take(&mut self.stream_crc).finalize();
        let uncompressed = self.base + self.window.len() as u64;
        let sizes = Sizes { crc, stream_crc, compressed: self.compressed, uncompressed };
        self.window.clear();
        self.table.fill(0);
        (self.base, self.encoded, self.summed, self.compressed) = (0, 0, 0, 0);
        Ok(sizes)
    }

    /// Encodes from `next` to `end` by the table alone. Returns where it ended: a match may run past `end`.
    fn search(&mut self, mut next: usize, end: usize) -> usize {
        while next + FAR <= end {
            match self.remember(next) {
                Some(distance) => {
                    let length = common_prefix(&self.window, next, distance);
                    if length >= FAR {
                        self.block.push_match(length, distance);
                        next += length;
                        continue;
                    }
                    self.block.push_literal(self.window[next]);
                }
                None => self.block.push_literal(self.window[next]),
            }
            next += 1;
            if self.block.is_full() {
                self.block.write(false);
            }
        }
        for index in next..end {
            self.block.push_literal(self.window[index]);
        }
        next.max(end)
    }

    /// Notes the six bytes at `index`. Returns how far back the same hash was seen, if that is in reach.
    #[inline]
    fn remember(&mut self, index: usize) -> Option<usize> {
        let bytes = self.window.get(index..index + 8)?;
        let bytes = u64::from_le_bytes(bytes.try_into().ok()?) << 16;
        let slot = (bytes.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - TABLE_BITS)) as usize;
        let position = (self.base + index as u64) as u32;
        let before = std::mem::replace(&mut self.table[slot], position);
        let distance = position.wrapping_sub(before) as usize;
        (distance.wrapping_sub(1) < WINDOW && distance <= index).then_some(distance)
    }

    fn slide(&mut self) {
        self.crc.update(&self.window[self.summed..]);
        let old = self.window.len() - WINDOW;
        self.window.copy_within(old.., 0);
        self.window.truncate(WINDOW);
        self.base += old as u64;
        self.encoded = WINDOW;
        self.summed = WINDOW;
    }

    fn drain(&mut self, out: &mut impl Write) -> io::Result<()> {
        let output = self.block.output();
        out.write_all(output)?;
        self.stream_crc.update(output);
        self.compressed += output.len() as u64;
        output.clear();
        Ok(())
    }
}

/// How many bytes from `index` on are those `distance` before them.
#[inline]
fn common_prefix(window: &[u8], index: usize, distance: usize) -> usize {
    let (new, old) = (&window[index..], &window[index - distance..]);
    let mut length = 0;
    for (a, b) in new.chunks_exact(8).zip(old.chunks_exact(8)) {
        let (a, b) = (word(a), word(b));
        if a != b {
            return length + ((a ^ b).trailing_zeros() / 8) as usize;
        }
        length += 8;
    }
    length + new[length..].iter().zip(&old[length..]).take_while(|(a, b)| a == b).count()
}

/// How many bytes at the end of `new` are those at the end of `old`.
#[inline]
fn common_suffix(new: &[u8], old: &[u8]) -> usize {
    let mut length = 0;
    for (a, b) in new.rchunks_exact(8).zip(old.rchunks_exact(8)) {
        let (a, b) = (word(a), word(b));
        if a != b {
            return length + ((a ^ b).leading_zeros() / 8) as usize;
        }
        length += 8;
    }
    let (new, old) = (&new[..new.len() - length], &old[..old.len() - length]);
    length + new.iter().rev().zip(old.iter().rev()).take_while(|(a, b)| a == b).count()
}

#[inline]
fn word(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().unwrap_or_default())
}

#[cfg(test)]
mod tests;
