//! From a line of COPY text to a row of a sheet.

use super::check::{self, RowCheck};
use super::column::{CellKind, Column};
use super::copy_text::{Field, Fields, unescape};
use super::deflate::{Deflate, Hint};
use super::sheet::{Cell, column_letters, push_text_cell};
use super::style::Style;
use super::{number, temporal, text};
use std::io;

/// Why a cell does not hold the exact value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// Longer than a cell.
    Cut,
    /// Finer than a double.
    Rounded,
}

/// A value that stands exactly in `_overflow` because its cell cannot hold it.
#[derive(Debug)]
pub(super) struct Overflown<'a> {
    /// 0-based.
    pub(super) column: usize,
    pub(super) loss: Loss,
    pub(super) value: &'a str,
}

/// Where values go that their cells cannot hold.
pub(super) type OverflowSink<'a> = &'a mut dyn FnMut(Overflown<'_>) -> io::Result<()>;

/// Encodes the rows of one table.
#[derive(Debug)]
pub(super) struct RowEncoder {
    cells: Vec<Template>,
    unescaped: Vec<u8>,
    number: Vec<u8>,
    cut_mark: &'static str,
    /// Where the number of the row before ended.
    row_before: u64,
    hints: Vec<Hint>,
    check: RowCheck,
}

/// The constant text around a column's values.
#[derive(Debug)]
struct Template {
    kind: CellKind,
    /// `<c r="B`, before the row number.
    open: Vec<u8>,
    /// Between the row number and a value of the column's kind.
    native: Vec<u8>,
    /// Values of a column of numbers or dates that had to be text.
    as_text: u64,
    /// Where the column's last cell had the end of its row number, and of its value.
    before: (u64, u64),
}

const TEXT: &[u8] = b"\" s=\"2\" t=\"inlineStr\"><is><t>";
const TEXT_PRESERVE: &[u8] = b"\" s=\"2\" t=\"inlineStr\"><is><t xml:space=\"preserve\">";
const TEXT_END: &[u8] = b"</t></is></c>";
const VALUE_END: &[u8] = b"</v></c>";

impl RowEncoder {
    pub(super) fn new(columns: &[Column], cut_mark: &'static str) -> Self {
        let cells = columns.iter().enumerate().map(|(index, column)| {
            let style = column.kind.style().index();
            let native = match column.kind {
                CellKind::Boolean => "\" t=\"b\"><v>".to_owned(),
                _ if style == 0 => "\"><v>".to_owned(),
                _ => format!("\" s=\"{style}\"><v>"),
            };
            Template {
                kind: column.kind,
                open: format!("<c r=\"{}", column_letters(index)).into_bytes(),
                native: native.into_bytes(),
                as_text: 0,
                before: (0, 0),
            }
        });
        Self {
            cells: cells.collect(),
            unescaped: Vec::new(),
            number: Vec::new(),
            cut_mark,
            row_before: 0,
            hints: Vec::new(),
            check: RowCheck::default(),
        }
    }

    /// The check of the row that was encoded last.
    pub(super) fn check(&self) -> [u8; check::LENGTH] {
        self.check.value()
    }

    /// What the rows encoded so far have in common with those above them; the caller takes it away.
    pub(super) fn hints(&mut self) -> &mut Vec<Hint> {
        &mut self.hints
    }

    /// Forgets the rows above, which are in another part.
    pub(super) fn new_sheet(&mut self) {
        self.row_before = 0;
        self.cells.iter_mut().for_each(|cell| cell.before = (0, 0));
    }

    /// Values per column that are text although the column holds numbers or dates.
    pub(super) fn as_text(&self) -> impl Iterator<Item = u64> + '_ {
        self.cells.iter().map(|c| c.as_text)
    }

    /// Appends `<row>…</row>`. NULL is no cell at all. The line must be UTF-8.
    pub(super) fn encode(
        &mut self,
        line: &[u8],
        row: u32,
        deflate: &mut Deflate,
        overflow: OverflowSink<'_>,
    ) -> io::Result<()> {
        let base = deflate.base();
        let out = deflate.text();
        self.number.clear();
        self.check.clear();
        temporal::push_integer(u64::from(row), &mut self.number);
        out.extend_from_slice(b"<row r=\"");
        out.extend_from_slice(&self.number);
        let at = base + out.len() as u64;
        self.hints.push(Hint { at, like: std::mem::replace(&mut self.row_before, at), text: 0 });
        out.extend_from_slice(b"\">");
        let mut fields = Fields::of(line);
        for (column, cell) in self.cells.iter_mut().enumerate() {
            let value = match fields.next_field() {
                Field::Null => continue,
                Field::Value { raw, escaped: false } => raw,
                Field::Value { raw, escaped: true } => {
                    self.unescaped.clear();
                    unescape(raw, &mut self.unescaped);
                    &self.unescaped
                }
            };
            out.extend_from_slice(&cell.open);
            out.extend_from_slice(&self.number);
            let number_end = base + out.len() as u64;
            let written = push_value(cell, value, self.cut_mark, out, &mut self.check, column)?;
            let value_end = base + (out.len() - written.constant) as u64;
            let before = std::mem::replace(&mut cell.before, (number_end, value_end));
            let text = if written.constant == TEXT_END.len() { number_end + TEXT.len() as u64 } else { 0 };
            self.hints.push(Hint { at: number_end, like: before.0, text });
            self.hints.push(Hint { at: value_end, like: before.1, text: 0 });
            if let Some(loss) = written.loss {
                let value = std::str::from_utf8(value).map_err(io::Error::other)?;
                overflow(Overflown { column, loss, value })?;
            }
        }
        out.extend_from_slice(b"</row>");
        Ok(())
    }
}

/// How the part of a cell after its row number was written.
struct Value {
    /// How many bytes at the end are the same in each cell.
    constant: usize,
    loss: Option<Loss>,
}

#[inline]
fn push_value(
    cell: &mut Template,
    value: &[u8],
    cut_mark: &str,
    out: &mut Vec<u8>,
    check: &mut RowCheck,
    column: usize,
) -> io::Result<Value> {
    if cell.kind != CellKind::Text {
        match native(cell, value, out, check, column) {
            Native::Exact => return Ok(Value { constant: VALUE_END.len(), loss: None }),
            Native::Rounded => return Ok(Value { constant: VALUE_END.len(), loss: Some(Loss::Rounded) }),
            Native::No => cell.as_text += 1,
        }
    }
    if value.len() > text::CELL_UNITS && push_cut(value, cut_mark, out, check, column)? {
        return Ok(Value { constant: TEXT_END.len(), loss: Some(Loss::Cut) });
    }
    check.text(column, value);
    out.extend_from_slice(if text::needs_preserve(value) { TEXT_PRESERVE } else { TEXT });
    text::push_escaped(value, out);
    out.extend_from_slice(TEXT_END);
    Ok(Value { constant: TEXT_END.len(), loss: None })
}

enum Native {
    /// Written as what it is.
    Exact,
    /// Written, but the double behind it is not the exact value.
    Rounded,
    /// Excel does not have this value; nothing was written.
    No,
}

#[inline]
fn native(cell: &Template, value: &[u8], out: &mut Vec<u8>, check: &mut RowCheck, column: usize) -> Native {
    let serial = match cell.kind {
        CellKind::Boolean => {
            out.extend_from_slice(&cell.native);
            check.boolean(column, value == b"t");
            out.push(if value == b"t" { b'1' } else { b'0' });
            out.extend_from_slice(VALUE_END);
            return Native::Exact;
        }
        CellKind::Integer | CellKind::Numeric { .. } | CellKind::Float => {
            let fits = match cell.kind {
                CellKind::Integer => number::integer_fits(value),
                CellKind::Float => number::float_fits(value),
                _ => number::numeric_fits(value),
            };
            if !fits {
                return Native::No;
            }
            check.number(column, check::number_of(value).unwrap_or_default());
            out.extend_from_slice(&cell.native);
            out.extend_from_slice(value);
            out.extend_from_slice(VALUE_END);
            return Native::Exact;
        }
        CellKind::Date => temporal::date(value),
        CellKind::Time => temporal::time(value),
        CellKind::Timestamp => temporal::timestamp(value),
        CellKind::TimestampUtc => temporal::timestamp_utc(value),
        CellKind::Text => None,
    };
    let Some(serial) = serial else { return Native::No };
    out.extend_from_slice(&cell.native);
    let start = out.len();
    serial.push(out);
    check.moment(column, check::number_of(&out[start..]).unwrap_or_default());
    out.extend_from_slice(VALUE_END);
    if serial.exact() { Native::Exact } else { Native::Rounded }
}

/// Writes a text that is longer than a cell: its beginning and a visible mark. False when it does fit after all.
fn push_cut(value: &[u8], mark: &str, out: &mut Vec<u8>, check: &mut RowCheck, column: usize) -> io::Result<bool> {
    let value = std::str::from_utf8(value).map_err(io::Error::other)?;
    if text::units(value) <= text::CELL_UNITS {
        return Ok(false);
    }
    let mark = mark.replace("{}", &value.chars().count().to_string());
    let shown = text::cut(value, text::CELL_UNITS - text::units(&mark));
    let shown = format!("{shown}{mark}");
    check.text(column, shown.as_bytes());
    out.extend_from_slice(TEXT_PRESERVE);
    text::push_escaped(shown.as_bytes(), out);
    out.extend_from_slice(TEXT_END);
    Ok(true)
}

/// Appends the row of headings.
pub(super) fn push_headings(columns: &[Column], out: &mut Vec<u8>) {
    out.extend_from_slice(b"<row r=\"1\" ht=\"20\" customHeight=\"1\">");
    for (index, column) in columns.iter().enumerate() {
        push_text_cell(index, 1, &Cell::Text(&column.heading(), Style::Heading), out);
    }
    out.extend_from_slice(b"</row>");
}
