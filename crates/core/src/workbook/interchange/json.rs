//! Rows as JSON lines: an object each, its keys the names of the columns in their order.
//!
//! Numbers are JSON numbers where a reader that takes them for doubles holds them exactly, with the digits that PostgreSQL
//! wrote; all others are strings, as everything else is. Documents in `json` and `jsonb` columns are strings too: embedded,
//! the numbers in them would pass through the reader's doubles, and its objects forget duplicate keys and their order.

use super::super::column::{CellKind, Column};
use super::super::copy_text::{Field, Fields, unescape};
use super::super::number;

/// Writes the rows of one table.
#[derive(Debug)]
pub(super) struct JsonEncoder {
    /// What stands before a column's value, and what its values are.
    columns: Vec<(Vec<u8>, CellKind)>,
    unescaped: Vec<u8>,
}

impl JsonEncoder {
    pub(super) fn new(columns: &[Column]) -> Self {
        let key = |(index, column): (usize, &Column)| {
            let mut before = if index > 0 { b",".to_vec() } else { Vec::new() };
            push_string(column.name.as_bytes(), &mut before);
            before.push(b':');
            (before, column.kind)
        };
        Self { columns: columns.iter().enumerate().map(key).collect(), unescaped: Vec::new() }
    }

    /// Appends a line for a line of COPY text.
    pub(super) fn row(&mut self, line: &[u8], out: &mut Vec<u8>) {
        let mut fields = Fields::of(line);
        out.push(b'{');
        for (before, kind) in &self.columns {
            out.extend_from_slice(before);
            match fields.next_field() {
                Field::Null => out.extend_from_slice(b"null"),
                Field::Value { raw, escaped: false } => push_value(raw, *kind, out),
                Field::Value { raw, escaped: true } => {
                    self.unescaped.clear();
                    unescape(raw, &mut self.unescaped);
                    push_value(&self.unescaped, *kind, out);
                }
            }
        }
        out.extend_from_slice(b"}\n");
    }
}

fn push_value(value: &[u8], kind: CellKind, out: &mut Vec<u8>) {
    let plain = match kind {
        CellKind::Boolean => return out.extend_from_slice(if value == b"t" { b"true" } else { b"false" }),
        CellKind::Integer => number::integer_fits(value),
        CellKind::Numeric { .. } => number::numeric_fits(value),
        CellKind::Float => number::float_fits(value),
        _ => false,
    };
    if plain {
        out.extend_from_slice(value);
    } else {
        push_string(value, out);
    }
}

fn push_string(value: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    for &byte in value {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0..=0x1f => {
                out.extend_from_slice(b"\\u00");
                out.push(DIGITS[usize::from(byte >> 4)]);
                out.push(DIGITS[usize::from(byte & 15)]);
            }
            other => out.push(other),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::super::round_trip::columns;
    use super::*;

    fn row(line: &str, types: &[u32]) -> String {
        let mut out = Vec::new();
        JsonEncoder::new(&columns(types)).row(line.as_bytes(), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_that_a_double_holds_are_numbers_and_others_are_strings() {
        let line = "12\t9223372036854775807\t1.50\t12345678901234567890.5\tNaN\t1e-07\t-0";
        let expected = r#"{"c0":12,"c1":"9223372036854775807","c2":1.50,"c3":"12345678901234567890.5","c4":"NaN","c5":1e-07,"c6":"-0"}"#;
        assert_eq!(row(line, &[23, 20, 1700, 1700, 701, 701, 701]), format!("{expected}\n"));
    }

    #[test]
    fn everything_else_is_a_string_and_nothing_is_null() {
        let line = "\\N\t\tt\tf\ta\\nb\\\\\"\t\u{1}\t{\"a\": 1}\t007";
        let expected =
            r#"{"c0":null,"c1":"","c2":true,"c3":false,"c4":"a\nb\\\"","c5":"\u0001","c6":"{\"a\": 1}","c7":"007"}"#;
        assert_eq!(row(line, &[25, 25, 16, 16, 25, 25, 3802, 25]), format!("{expected}\n"));
        assert_eq!(row("", &[]), "{}\n");
    }
}
