//! Reads CSV as RFC 4180 has it, and gives each row as the line of COPY text that it stands for.

use super::super::copy_text::escape_from;
use super::guard::push_unguarded;
use std::io::{self, BufRead};

/// A reader of one file.
#[derive(Debug)]
pub(super) struct CsvReader<R> {
    input: R,
    columns: usize,
    guarded: bool,
    value: Vec<u8>,
}

/// What ends a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Comma,
    Line,
    File,
}

impl<R: BufRead> CsvReader<R> {
    pub(super) fn new(input: R, columns: usize, guarded: bool) -> Self {
        Self { input, columns, guarded, value: Vec::new() }
    }

    /// The names in the first line.
    pub(super) fn heading(&mut self) -> io::Result<Vec<Vec<u8>>> {
        let mut names = Vec::new();
        self.record(&mut |_, value| names.push(value.unwrap_or_default().to_vec()))?
            .then_some(names)
            .ok_or_else(|| broken("there is no heading"))
    }

    /// Puts the next row into `line`; false at the end.
    pub(super) fn next_row(&mut self, line: &mut Vec<u8>) -> io::Result<bool> {
        line.clear();
        self.record(&mut |index, value| {
            if index > 0 {
                line.push(b'\t');
            }
            match value {
                None => line.extend_from_slice(b"\\N"),
                Some(value) => {
                    let start = line.len();
                    line.extend_from_slice(value);
                    escape_from(line, start);
                }
            }
        })
    }

    /// Reads a record of as many fields as there are columns; false where there is none any more.
    fn record(&mut self, take: &mut dyn FnMut(usize, Option<&[u8]>)) -> io::Result<bool> {
        let mut plain = Vec::new();
        let mut fields = 0;
        loop {
            let (quoted, end) = self.field()?;
            if end == End::File {
                return if fields == 0 && !quoted && self.value.is_empty() {
                    Ok(false)
                } else {
                    Err(broken("the last line has no end"))
                };
            }
            let null = !quoted && self.value.is_empty();
            // A table without columns has empty lines.
            if self.columns > 0 || !null || end != End::Line {
                let value = if self.guarded {
                    plain.clear();
                    push_unguarded(&self.value, &mut plain);
                    &plain
                } else {
                    &self.value
                };
                take(fields, (!null).then_some(value.as_slice()));
                fields += 1;
            }
            if end == End::Line {
                return if fields == self.columns {
                    Ok(true)
                } else {
                    Err(broken("a line has too many or too few fields"))
                };
            }
        }
    }

    /// Reads a field into `value`; says whether it stood in quotes, and what came behind it.
    fn field(&mut self) -> io::Result<(bool, End)> {
        self.value.clear();
        match self.byte()? {
            None => Ok((false, End::File)),
            Some(b'"') => loop {
                match self.byte()? {
                    None => return Ok((true, End::File)),
                    Some(b'"') => match self.byte()? {
                        None => return Ok((true, End::File)),
                        Some(b'"') => self.value.push(b'"'),
                        Some(b',') => return Ok((true, End::Comma)),
                        Some(b'\r') => return self.line_feed().map(|end| (true, end)),
                        Some(_) => return Err(broken("a quote stands in the middle of a field")),
                    },
                    Some(byte) => self.value.push(byte),
                }
            },
            Some(mut byte) => loop {
                match byte {
                    b',' => return Ok((false, End::Comma)),
                    b'\r' => return self.line_feed().map(|end| (false, end)),
                    b'"' | b'\n' => return Err(broken("a field should stand in quotes")),
                    other => self.value.push(other),
                }
                match self.byte()? {
                    None => return Ok((false, End::File)),
                    Some(next) => byte = next,
                }
            },
        }
    }

    fn line_feed(&mut self) -> io::Result<End> {
        match self.byte()? {
            Some(b'\n') => Ok(End::Line),
            _ => Err(broken("a carriage return stands alone")),
        }
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        let byte = self.input.fill_buf()?.first().copied();
        if byte.is_some() {
            self.input.consume(1);
        }
        Ok(byte)
    }
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, columns: usize) -> Result<Vec<String>, String> {
        let mut reader = CsvReader::new(text.as_bytes(), columns, false);
        let (mut rows, mut line) = (Vec::new(), Vec::new());
        while reader.next_row(&mut line).map_err(|e| e.to_string())? {
            rows.push(String::from_utf8(line.clone()).unwrap());
        }
        Ok(rows)
    }

    #[test]
    fn nothing_and_the_empty_text_are_told_apart() {
        assert_eq!(rows(",\"\"\r\n", 2).unwrap(), ["\\N\t"]);
        assert_eq!(rows("\r\n\"a\r\n\"\"b\"\"\"\r\n", 1).unwrap(), ["\\N", "a\\r\\n\"b\""]);
        assert_eq!(rows("\r\n\r\n", 0).unwrap(), ["", ""]);
    }

    #[test]
    fn what_is_no_record_is_refused() {
        for (text, columns) in [
            ("a,b\r\n", 1),
            ("a\r\n", 2),
            ("a", 1),
            ("\"a", 1),
            ("\"a\"b\r\n", 1),
            ("a\"b\r\n", 1),
            ("a\nb\r\n", 1),
            ("a\rb", 1),
            ("x\r\n", 0),
        ] {
            assert!(rows(text, columns).is_err(), "{text:?}");
        }
    }
}
