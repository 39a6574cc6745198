//! Reads JSON lines, and gives each as the line of COPY text that it stands for.

use super::super::copy_text::escape_from;
use std::io::{self, BufRead};

/// A reader of one file.
#[derive(Debug)]
pub(super) struct JsonReader<R> {
    input: R,
    names: Vec<String>,
    text: Vec<u8>,
    key: Vec<u8>,
}

impl<R: BufRead> JsonReader<R> {
    pub(super) fn new(input: R, names: Vec<String>) -> Self {
        Self { input, names, text: Vec::new(), key: Vec::new() }
    }

    /// Puts the next row into `line`; false at the end.
    pub(super) fn next_row(&mut self, line: &mut Vec<u8>) -> io::Result<bool> {
        line.clear();
        self.text.clear();
        if self.input.read_until(b'\n', &mut self.text)? == 0 {
            return Ok(false);
        }
        let Some(object) = self.text.strip_suffix(b"\n") else { return Err(broken("the last line has no end")) };
        let mut at = Cursor { rest: object };
        at.expect(b"{")?;
        for (index, name) in self.names.iter().enumerate() {
            if index > 0 {
                at.expect(b",")?;
                line.push(b'\t');
            }
            at.expect(b"\"")?;
            self.key.clear();
            at.string(&mut self.key)?;
            if self.key != name.as_bytes() {
                return Err(broken("a key is not the name of its column"));
            }
            at.expect(b":")?;
            at.value(line)?;
        }
        at.expect(b"}")?;
        if at.rest.is_empty() { Ok(true) } else { Err(broken("there is something behind an object")) }
    }
}

/// What is left of a line.
struct Cursor<'a> {
    rest: &'a [u8],
}

impl Cursor<'_> {
    fn expect(&mut self, wanted: &[u8]) -> io::Result<()> {
        self.rest =
            self.rest.strip_prefix(wanted).ok_or_else(|| broken("this is not an object of the table's columns"))?;
        Ok(())
    }

    fn next(&mut self) -> io::Result<u8> {
        let (first, rest) = self.rest.split_first().ok_or_else(|| broken("a line ends too soon"))?;
        self.rest = rest;
        Ok(*first)
    }

    /// Appends a field of COPY text.
    fn value(&mut self, line: &mut Vec<u8>) -> io::Result<()> {
        for (word, field) in [("null", "\\N"), ("true", "t"), ("false", "f")] {
            if let Some(rest) = self.rest.strip_prefix(word.as_bytes()) {
                self.rest = rest;
                line.extend_from_slice(field.as_bytes());
                return Ok(());
            }
        }
        if let Some(rest) = self.rest.strip_prefix(b"\"") {
            self.rest = rest;
            let start = line.len();
            self.string(line)?;
            escape_from(line, start);
            return Ok(());
        }
        let length = number_length(self.rest).ok_or_else(|| broken("a value is none of JSON's"))?;
        line.extend_from_slice(&self.rest[..length]);
        self.rest = &self.rest[length..];
        Ok(())
    }

    /// Appends what stands before the closing quote.
    fn string(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        loop {
            match self.next()? {
                b'"' => return Ok(()),
                b'\\' => match self.next()? {
                    byte @ (b'"' | b'\\' | b'/') => out.push(byte),
                    b'b' => out.push(0x08),
                    b'f' => out.push(0x0c),
                    b'n' => out.push(b'\n'),
                    b'r' => out.push(b'\r'),
                    b't' => out.push(b'\t'),
                    b'u' => {
                        let digits = self.rest.get(..4).and_then(|digits| std::str::from_utf8(digits).ok());
                        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                        // Only control characters are written so.
                        let byte = code.and_then(|code| u8::try_from(code).ok()).filter(u8::is_ascii);
                        out.push(byte.ok_or_else(|| broken("a \\u stands for no control character"))?);
                        self.rest = &self.rest[4..];
                    }
                    _ => return Err(broken("a backslash stands before a character that needs none")),
                },
                0..=0x1f => return Err(broken("a control character stands in a string")),
                byte => out.push(byte),
            }
        }
    }
}

/// How many bytes the number at the beginning has, by the grammar of RFC 8259.
fn number_length(text: &[u8]) -> Option<usize> {
    let digits = |at: usize| text[at.min(text.len())..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(text.first() == Some(&b'-'));
    let whole = digits(at);
    if whole == 0 || (whole > 1 && text[at] == b'0') {
        return None;
    }
    at += whole;
    if text.get(at) == Some(&b'.') {
        let decimals = digits(at + 1);
        if decimals == 0 {
            return None;
        }
        at += 1 + decimals;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(text.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at);
        if exponent == 0 {
            return None;
        }
        at += exponent;
    }
    Some(at)
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Result<String, String> {
        let mut reader = JsonReader::new(text.as_bytes(), vec!["a".into(), "b".into()]);
        let mut line = Vec::new();
        assert!(reader.next_row(&mut line).map_err(|e| e.to_string())?);
        Ok(String::from_utf8(line).unwrap())
    }

    #[test]
    fn values_become_fields() {
        assert_eq!(row("{\"a\":null,\"b\":1.50}\n").unwrap(), "\\N\t1.50");
        assert_eq!(row("{\"a\":\"x\\ty\\u0001\\\\\",\"b\":true}\n").unwrap(), "x\\ty\u{1}\\\\\tt");
        assert_eq!(row("{\"a\":\"\\\\N\",\"b\":-1e-07}\n").unwrap(), "\\\\N\t-1e-07");
    }

    #[test]
    fn what_is_no_such_object_is_refused() {
        for text in [
            "{\"a\":1}\n",
            "{\"b\":1,\"a\":2}\n",
            "{\"a\":1,\"b\":2,\"c\":3}\n",
            "{\"a\":1,\"b\":2}",
            "{\"a\":01,\"b\":2}\n",
            "{\"a\":NaN,\"b\":2}\n",
            "{\"a\":\"\u{1}\",\"b\":2}\n",
            "{\"a\":1.,\"b\":2}\n",
            "{\"a\":1,\"b\":2} \n",
            "{\"a\":\"\\u12\",\"b\":2}\n",
        ] {
            assert!(row(text).is_err(), "{text:?}");
        }
    }
}
