//! Rows and cells of a sheet, streamed from its XML.
//!
//! This reads what Cadastre writes and is not a general reader: one that another program saved may say the same
//! otherwise.

use std::io::{self, Read};

/// Bytes asked for at a time.
const PIECE: usize = 256 * 1024;

/// Reads one row after the other.
pub(super) struct Rows<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

impl<R: Read> Rows<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, buffer: vec![0; PIECE], start: 0, end: 0 }
    }

    /// The next row; `None` after the last.
    pub(super) fn next_row(&mut self) -> io::Result<Option<Row<'_>>> {
        // Everything up to the first row, and nothing between two of them.
        let open = loop {
            let text = &self.buffer[self.start..self.end];
            if let Some(at) = memchr::memmem::find(text, b"<row ") {
                break at;
            }
            if memchr::memmem::find(text, b"</sheetData>").is_some() || !self.fill()? {
                return Ok(None);
            }
        };
        self.start += open;
        let mut searched = 0;
        let close = loop {
            let text = &self.buffer[self.start..self.end];
            if let Some(at) = memchr::memmem::find(&text[searched..], b"</row>") {
                break searched + at;
            }
            searched = text.len().saturating_sub(5);
            if !self.fill()? {
                return Err(damaged("a row has no end"));
            }
        };
        let row = &self.buffer[self.start..self.start + close];
        self.start += close + 6;
        Row::parse(row).map(Some)
    }

    /// Reads on until the end, so that the checksum of the part is checked.
    pub(super) fn drain(mut self) -> io::Result<()> {
        io::copy(&mut self.input, &mut io::sink()).map(drop)
    }

    /// Reads more behind what is left. False at the end of the part.
    fn fill(&mut self) -> io::Result<bool> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.buffer.len() - self.end < PIECE / 2 {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let read = self.input.read(&mut self.buffer[self.end..])?;
        self.end += read;
        Ok(read > 0)
    }
}

/// A row: its number, and its cells still as XML.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) number: u32,
    cells: &'a [u8],
}

impl<'a> Row<'a> {
    fn parse(xml: &'a [u8]) -> io::Result<Self> {
        let (tag, cells) = split_at_byte(xml, b'>').ok_or_else(|| damaged("a row is not closed"))?;
        let number = attribute(tag, b" r=\"").and_then(|n| std::str::from_utf8(n).ok()?.parse().ok());
        Ok(Self { number: number.ok_or_else(|| damaged("a row has no number"))?, cells })
    }

    pub(super) fn cells(&self) -> Cells<'a> {
        Cells { rest: self.cells }
    }
}

/// What stands in a cell, still escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content<'a> {
    Number(&'a [u8]),
    Boolean(&'a [u8]),
    Text(&'a [u8]),
}

/// A cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RawCell<'a> {
    /// For example `C17`.
    pub(super) reference: &'a [u8],
    pub(super) content: Content<'a>,
}

impl RawCell<'_> {
    /// 0-based; what names no column gets a number that no sheet has.
    pub(super) fn column(&self) -> usize {
        let letters = self.reference.iter().take_while(|b| b.is_ascii_uppercase());
        letters
            .fold(0usize, |column, letter| column.saturating_mul(26).saturating_add(usize::from(letter - b'A') + 1))
            .wrapping_sub(1)
    }
}

/// The cells of a row.
pub(super) struct Cells<'a> {
    rest: &'a [u8],
}

impl<'a> Cells<'a> {
    #[inline]
    fn parse(&mut self) -> Option<RawCell<'a>> {
        let (tag, inside) = split_at_byte(self.rest.strip_prefix(b"<c r=\"")?, b'>')?;
        let (reference, attributes) = split_at_byte(tag, b'"')?;
        let kind = attribute(attributes, b" t=\"");
        if let Some(value) = inside.strip_prefix(b"<v>") {
            let end = memchr::memchr(b'<', value)?;
            self.rest = value[end..].strip_prefix(b"</v></c>")?;
            let content = match kind {
                None => Content::Number(&value[..end]),
                Some(b"b") => Content::Boolean(&value[..end]),
                Some(_) => return None,
            };
            return Some(RawCell { reference, content });
        }
        let (_, value) = split_at_byte(inside.strip_prefix(b"<is><t")?, b'>')?;
        let end = memchr::memchr(b'<', value)?;
        self.rest = value[end..].strip_prefix(b"</t></is></c>")?;
        (kind == Some(b"inlineStr")).then_some(RawCell { reference, content: Content::Text(&value[..end]) })
    }
}

impl<'a> Iterator for Cells<'a> {
    type Item = io::Result<RawCell<'a>>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let cell = self.parse();
        if cell.is_none() {
            self.rest = &[];
        }
        Some(cell.ok_or_else(|| damaged("a cell cannot be read")))
    }
}

/// What is before the first such byte and what is behind it.
#[inline]
fn split_at_byte(text: &[u8], byte: u8) -> Option<(&[u8], &[u8])> {
    let at = text.iter().position(|b| *b == byte)?;
    Some((&text[..at], &text[at + 1..]))
}

#[inline]
fn attribute<'a>(tag: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let at = tag.windows(name.len()).position(|w| w == name)?;
    split_at_byte(&tag[at + name.len()..], b'"').map(|(value, _)| value)
}

/// The file is not what was written.
pub(super) fn damaged(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    const XML: &[u8] = b"<worksheet><sheetData><row r=\"1\" ht=\"20\"><c r=\"A1\" s=\"1\" t=\"inlineStr\"><is><t>a</t></is></c></row>\
        <row r=\"2\"><c r=\"A2\"><v>1.50</v></c><c r=\"AB2\" t=\"b\"><v>1</v></c><c r=\"AC2\" s=\"2\" t=\"inlineStr\"><is>\
        <t xml:space=\"preserve\"> x&lt;</t></is></c></row><row r=\"3\"></row></sheetData></worksheet>";

    /// A byte at a time, as unkindly as a stream can be.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let n = self.0.len().min(1);
            out[..n].copy_from_slice(&self.0[..n]);
            self.0 = &self.0[n..];
            Ok(n)
        }
    }

    #[test]
    fn rows_and_cells_are_found_however_the_bytes_come() {
        let mut rows = Rows::new(Slow(XML));
        assert_eq!(rows.next_row().unwrap().unwrap().number, 1);
        let row = rows.next_row().unwrap().unwrap();
        let cells: Vec<_> = row.cells().map(|c| c.unwrap()).map(|c| (c.column(), c.content)).collect();
        let expected = [(0, Content::Number(b"1.50")), (27, Content::Boolean(b"1")), (28, Content::Text(b" x&lt;"))];
        assert_eq!((row.number, &cells[..]), (2, &expected[..]));
        assert_eq!(rows.next_row().unwrap().unwrap().cells().count(), 0);
        assert!(rows.next_row().unwrap().is_none());
    }

    #[test]
    fn what_is_cut_off_is_damaged_and_not_the_end() {
        let mut rows = Rows::new(&XML[..120]);
        rows.next_row().unwrap();
        assert_eq!(rows.next_row().unwrap_err().kind(), io::ErrorKind::InvalidData);
        for nowhere in ["1", "", "ZZZZZZZZZZZZZZZZZZZZ1"] {
            let row = format!("<row r=\"1\"><c r=\"{nowhere}\"><v>1</v></c>");
            assert!(Row::parse(row.as_bytes()).unwrap().cells().next().unwrap().unwrap().column() > 20_000);
        }
        let cell = Row::parse(b"<row r=\"1\"><c r=\"A1\"><v>1</v>").unwrap().cells().next().unwrap();
        assert_eq!(cell.unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
