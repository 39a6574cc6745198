//! Reading lines of `COPY … TO STDOUT` in text format.
//!
//! A line is one row: fields are separated by a tab, NULL is `\N`, and backslash, tab, newline, carriage return,
//! backspace, form feed and vertical tab inside a value are escaped with a backslash
//! (PostgreSQL manual, COPY, "Text Format").

/// A field of a line, still escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field<'a> {
    /// SQL NULL.
    Null,
    /// A value; `escaped` when it holds at least one backslash.
    Value {
        /// As it stands in the line.
        raw: &'a [u8],
        /// Whether [`unescape`] is needed.
        escaped: bool,
    },
}

/// Splits a line at its tabs. A table without columns has lines without fields; callers know how many to expect.
pub(super) struct Fields<'a> {
    line: &'a [u8],
    at: usize,
    escapes: bool,
}

impl<'a> Fields<'a> {
    /// The fields of one line, without its newline.
    pub(super) fn of(line: &'a [u8]) -> Self {
        // Most lines hold no backslash at all; one quick look spares a look at each field.
        Self { line, at: 0, escapes: memchr::memchr(b'\\', line).is_some() }
    }

    /// The next field; an empty one past the end of the line.
    #[inline]
    pub(super) fn next_field(&mut self) -> Field<'a> {
        let rest = self.line.get(self.at..).unwrap_or_default();
        let end = tab(rest);
        self.at += end + 1;
        let raw = &rest[..end];
        if !self.escapes {
            return Field::Value { raw, escaped: false };
        }
        if raw == b"\\N" {
            return Field::Null;
        }
        Field::Value { raw, escaped: memchr::memchr(b'\\', raw).is_some() }
    }
}

/// Fields are short as a rule, so a plain loop finds the tab sooner than a vector search gets going.
#[inline]
fn tab(rest: &[u8]) -> usize {
    let head = rest.len().min(24);
    match rest[..head].iter().position(|b| *b == b'\t') {
        Some(at) => at,
        None => memchr::memchr(b'\t', &rest[head..]).map_or(rest.len(), |at| head + at),
    }
}

/// Appends the value that an escaped field stands for.
pub(super) fn unescape(raw: &[u8], out: &mut Vec<u8>) {
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        out.extend_from_slice(&rest[..at]);
        let Some(&code) = rest.get(at + 1) else {
            out.push(b'\\');
            return;
        };
        out.push(match code {
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 0x0b,
            other => other,
        });
        rest = &rest[at + 2..];
    }
    out.extend_from_slice(rest);
}

/// Escapes what stands in `line` from `start` on, exactly as the server writes it.
pub(super) fn escape_from(line: &mut Vec<u8>, start: usize) {
    // Hardly any value needs it.
    let Some(first) = line[start..].iter().position(|byte| escape_code(*byte).is_some()) else { return };
    let value = line.split_off(start + first);
    for byte in value {
        match escape_code(byte) {
            Some(code) => line.extend_from_slice(&[b'\\', code]),
            None => line.push(byte),
        }
    }
}

#[inline]
fn escape_code(byte: u8) -> Option<u8> {
    if byte > 0x0d && byte != b'\\' {
        return None;
    }
    Some(match byte {
        0x08 => b'b',
        b'\t' => b't',
        b'\n' => b'n',
        0x0b => b'v',
        0x0c => b'f',
        b'\r' => b'r',
        b'\\' => b'\\',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(line: &[u8], count: usize) -> Vec<Option<Vec<u8>>> {
        let mut fields = Fields::of(line);
        (0..count)
            .map(|_| match fields.next_field() {
                Field::Null => None,
                Field::Value { raw, escaped: false } => Some(raw.to_vec()),
                Field::Value { raw, escaped: true } => {
                    let mut value = Vec::new();
                    unescape(raw, &mut value);
                    Some(value)
                }
            })
            .collect()
    }

    #[test]
    fn null_is_distinct_from_the_empty_string_and_from_its_own_spelling() {
        assert_eq!(all(b"\\N\t\t\\\\N", 3), [None, Some(vec![]), Some(b"\\N".to_vec())]);
    }

    #[test]
    fn a_long_field_is_found_whole() {
        let line = [&[b'x'; 100][..], b"\t", &[b'y'; 50]].concat();
        assert_eq!(all(&line, 2), [Some(vec![b'x'; 100]), Some(vec![b'y'; 50])]);
    }

    proptest! {
        #[test]
        fn a_row_reads_back_as_it_was(values in prop::collection::vec(prop::option::of("\\PC{0,40}|[\\\\\t\n\r\u{8}\u{c}\u{b}N]{0,6}"), 1..8)) {
            let mut line = Vec::new();
            for (i, value) in values.iter().enumerate() {
                if i > 0 {
                    line.push(b'\t');
                }
                match value {
                    Some(text) => {
                        let start = line.len();
                        line.extend_from_slice(text.as_bytes());
                        escape_from(&mut line, start);
                    }
                    None => line.extend_from_slice(b"\\N"),
                }
            }
            let expected: Vec<_> = values.iter().map(|v| v.as_ref().map(|t| t.clone().into_bytes())).collect();
            prop_assert_eq!(all(&line, values.len()), expected);
        }
    }
}
