//! From a cell back to the text that PostgreSQL gave.

use super::super::column::CellKind;
use super::super::temporal::Serial;
use super::rows::{Content, damaged};
use crate::workbook::finding::Finding;
use std::io;

/// Appends PostgreSQL's text of a cell's value.
pub(super) fn push_value(kind: CellKind, content: Content<'_>, out: &mut Vec<u8>) -> io::Result<()> {
    match (kind, content) {
        // Of any column: what Excel does not have is text.
        (_, Content::Text(text)) => {
            push_unescaped(text, out);
            Ok(())
        }
        (CellKind::Boolean, Content::Boolean(b"1")) => {
            out.push(b't');
            Ok(())
        }
        (CellKind::Boolean, Content::Boolean(b"0")) => {
            out.push(b'f');
            Ok(())
        }
        (CellKind::Integer | CellKind::Numeric { .. } | CellKind::Float, Content::Number(text)) => {
            out.extend_from_slice(text);
            Ok(())
        }
        (CellKind::Date | CellKind::Time | CellKind::Timestamp | CellKind::TimestampUtc, Content::Number(text)) => {
            let double = std::str::from_utf8(text).ok().and_then(|t| t.parse().ok());
            let serial = double.and_then(Serial::from_double).ok_or_else(|| damaged("a date cannot be read"))?;
            match kind {
                CellKind::Date => serial.push_date(out),
                CellKind::Time => serial.push_time(out),
                _ => {
                    serial.push_date(out);
                    out.push(b' ');
                    serial.push_time(out);
                }
            }
            if kind == CellKind::TimestampUtc {
                out.extend_from_slice(b"+00");
            }
            Ok(())
        }
        _ => Err(damaged(Finding::CellType)),
    }
}

/// Undoes the escapes of XML and of Excel.
fn push_unescaped(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'&', b'_', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        let (character, taken) = match rest {
            [b'&', b'a', b'm', b'p', b';', ..] => ('&', 5),
            [b'&', b'l', b't', b';', ..] => ('<', 4),
            [b'&', b'g', b't', b';', ..] => ('>', 4),
            [b'_', b'x', a, b, c, d, b'_', ..] => match hex([*a, *b, *c, *d]) {
                Some(character) => (character, 7),
                None => ('_', 1),
            },
            [other, ..] => (char::from(*other), 1),
            [] => return,
        };
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        rest = &rest[taken..];
    }
    out.extend_from_slice(rest);
}

/// Undoes Excel's own escapes, where those of XML are undone already.
pub(super) fn without_escapes(text: String) -> String {
    if !text.contains("_x") {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        let escaped = rest.as_bytes().get(at + 2..at + 7).filter(|bytes| bytes[4] == b'_');
        match escaped.and_then(|bytes| hex([bytes[0], bytes[1], bytes[2], bytes[3]])) {
            Some(character) => {
                out.push(character);
                rest = &rest[at + 7..];
            }
            None => {
                out.push('_');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn hex(digits: [u8; 4]) -> Option<char> {
    let text = std::str::from_utf8(&digits).ok().filter(|t| t.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u32::from_str_radix(text, 16).ok().and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::super::super::{temporal, text};
    use super::*;
    use proptest::prelude::*;

    fn of(kind: CellKind, content: Content<'_>) -> String {
        let mut out = Vec::new();
        push_value(kind, content, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_kind_has_its_own_form() {
        assert_eq!(of(CellKind::Boolean, Content::Boolean(b"1")), "t");
        assert_eq!(of(CellKind::Float, Content::Number(b"1e-05")), "1e-05");
        assert_eq!(of(CellKind::Float, Content::Text(b"NaN")), "NaN");
        assert_eq!(of(CellKind::Date, Content::Number(b"45351")), "2024-02-29");
        assert_eq!(of(CellKind::Time, Content::Number(b"0.5")), "12:00:00");
        assert_eq!(of(CellKind::TimestampUtc, Content::Number(b"45351.25")), "2024-02-29 06:00:00+00");
        let wrong = push_value(CellKind::Text, Content::Number(b"1"), &mut Vec::new());
        assert_eq!(wrong.unwrap_err().kind(), io::ErrorKind::InvalidData);
    }

    proptest! {
        #[test]
        fn every_text_survives_its_escapes(value in "\\PC{0,20}|[_x0-9a-fA-F&;<>lt\\x01-\\x1f\u{fffe}\u{ffff}]{0,30}|(_x[0-9a-f]{4}_){0,3}") {
            let mut escaped = Vec::new();
            text::push_escaped(value.as_bytes(), &mut escaped);
            prop_assert_eq!(of(CellKind::Text, Content::Text(&escaped)), value);
        }

        #[test]
        fn every_exact_timestamp_survives(seconds in -2_203_891_200i64..253_402_300_800, micros in prop_oneof![Just(0), 0..1_000_000i64]) {
            let moment = chrono::DateTime::UNIX_EPOCH + chrono::Duration::seconds(seconds) + chrono::Duration::microseconds(micros);
            let whole = moment.format("%Y-%m-%d %H:%M:%S%.6f").to_string();
            // PostgreSQL leaves out zeros at the end of the fraction.
            let iso = whole.trim_end_matches('0').trim_end_matches('.');
            let iso = if micros == 0 { &whole[..19] } else { iso };
            let serial = temporal::timestamp(iso.as_bytes()).unwrap();
            let mut number = Vec::new();
            serial.push(&mut number);
            let back = of(CellKind::Timestamp, Content::Number(&number));
            prop_assert_eq!(back == iso, serial.exact(), "{} {}", back, iso);
        }
    }
}
