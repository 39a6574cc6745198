//! Rows of CSV after RFC 4180: commas, lines that end in CR LF, quotes where they are needed.
//!
//! NULL is nothing between two commas, the empty text a pair of quotes; `COPY … (FORMAT csv)` reads it back so.

use super::super::column::{CellKind, Column};
use super::super::copy_text::{Field, Fields, unescape};
use super::guard::push_guarded;

/// Writes the rows of one table.
#[derive(Debug)]
pub(super) struct CsvEncoder {
    /// For each column: what begins like a number is one.
    numbers: Vec<bool>,
    guarded: bool,
    altered: u64,
    unescaped: Vec<u8>,
    shown: Vec<u8>,
}

impl CsvEncoder {
    pub(super) fn new(columns: &[Column], guarded: bool) -> Self {
        let numbers = columns.iter().map(|column| is_number(column.kind)).collect();
        Self { numbers, guarded, altered: 0, unescaped: Vec::new(), shown: Vec::new() }
    }

    /// Cells that the guard has altered so far, those of the heading included.
    pub(super) fn altered(&self) -> u64 {
        self.altered
    }

    /// Appends the line of headings.
    pub(super) fn heading(&mut self, columns: &[Column], out: &mut Vec<u8>) {
        for (index, column) in columns.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            self.push_value(column.name.as_bytes(), false, out);
        }
        out.extend_from_slice(b"\r\n");
    }

    /// Appends a line for a line of COPY text.
    pub(super) fn row(&mut self, line: &[u8], out: &mut Vec<u8>) {
        let mut fields = Fields::of(line);
        for index in 0..self.numbers.len() {
            if index > 0 {
                out.push(b',');
            }
            let number = self.numbers[index];
            match fields.next_field() {
                Field::Null => {}
                Field::Value { raw, escaped: false } => self.push_value(raw, number, out),
                Field::Value { raw, escaped: true } => {
                    let mut value = std::mem::take(&mut self.unescaped);
                    value.clear();
                    unescape(raw, &mut value);
                    self.push_value(&value, number, out);
                    self.unescaped = value;
                }
            }
        }
        out.extend_from_slice(b"\r\n");
    }

    fn push_value(&mut self, value: &[u8], number: bool, out: &mut Vec<u8>) {
        if !self.guarded {
            return push_field(value, needs_quotes(value), out);
        }
        // A number is nobody's formula. `-Infinity` is none, and would be calculated.
        let plain = number && value.last().is_some_and(u8::is_ascii_digit);
        self.shown.clear();
        if plain {
            self.shown.extend_from_slice(value);
        } else {
            self.altered += u64::from(push_guarded(value, &mut self.shown));
        }
        push_field(&self.shown, true, out);
    }
}

/// The cells of such a column are numbers for every program.
fn is_number(kind: CellKind) -> bool {
    matches!(kind, CellKind::Integer | CellKind::Numeric { .. } | CellKind::Float)
}

fn push_field(value: &[u8], quotes: bool, out: &mut Vec<u8>) {
    if !quotes {
        out.extend_from_slice(value);
        return;
    }
    out.push(b'"');
    let mut rest = value;
    while let Some(at) = memchr::memchr(b'"', rest) {
        out.extend_from_slice(&rest[..=at]);
        out.push(b'"');
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// Also where only some programs need them: blanks at an end, and the line that older versions of `psql` take for the end.
fn needs_quotes(value: &[u8]) -> bool {
    let blank = |byte: Option<&u8>| byte.is_none_or(|byte| matches!(byte, b' ' | b'\t'));
    blank(value.first())
        || blank(value.last())
        || value == b"\\."
        || value.iter().any(|byte| matches!(byte, b'"' | b',' | b'\r' | b'\n'))
}

#[cfg(test)]
mod tests {
    use super::super::round_trip::columns;
    use super::*;

    fn row(line: &str, types: &[u32], guarded: bool) -> (String, u64) {
        let mut encoder = CsvEncoder::new(&columns(types), guarded);
        let mut out = Vec::new();
        encoder.row(line.as_bytes(), &mut out);
        (String::from_utf8(out).unwrap(), encoder.altered())
    }

    #[test]
    fn nothing_the_empty_text_and_special_characters_are_told_apart() {
        let line = "\\N\t\ta\\nb\tsay \"no\"\ta,b\t\\\\.\t t\\\\N";
        let expected = ",\"\",\"a\nb\",\"say \"\"no\"\"\",\"a,b\",\"\\.\",\" t\\N\"\r\n";
        assert_eq!(row(line, &[25; 7], false), (expected.into(), 0));
    }

    #[test]
    fn blanks_at_either_end_stand_in_quotes() {
        let line = row("a b\t b\tb \t\\tb\tb\\t", &[25; 5], false).0;
        assert_eq!(line, "a b,\" b\",\"b \",\"\tb\",\"b\t\"\r\n");
    }

    #[test]
    fn a_guarded_row_is_quoted_and_its_numbers_stay_numbers() {
        let (line, altered) = row("-5\t-5\t-Infinity\t=1\t\\N", &[23, 25, 701, 25, 25], true);
        assert_eq!((line.as_str(), altered), ("\"-5\",\"'-5\",\"'-Infinity\",\"'=1\",\r\n", 3));
    }

    #[test]
    fn a_table_without_columns_has_empty_lines() {
        assert_eq!(row("", &[], false).0, "\r\n");
    }
}
