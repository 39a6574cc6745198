//! The sheet `_structure`: what is needed to make the schema again, one line of a shape per row.
//!
//! | column A | B | C | D | E | F |
//! |---|---|---|---|---|---|
//! | `object`, `other` | number | kind | parent | name | arguments |
//! | `property` | number of the object | property | part | parts | text |
//! | `needs` | number of the object | number of what it needs | | | |

use super::container::Container;
use super::overflow::parts;
use super::sheet::Cell;
use super::spool::{Spool, SpooledPart};
use super::style::Style;
use crate::shape::Record;
use sha2::{Digest, Sha256};
use std::io::{self, Seek, Write};
use std::path::Path;

/// SHA-256 over the machine's rows of a sheet, cell by cell.
#[derive(Debug, Clone, Default)]
pub(super) struct RowsDigest(Sha256);

impl RowsDigest {
    /// Adds a row; `None` is no cell.
    pub(super) fn row<'a>(&mut self, cells: impl IntoIterator<Item = Option<&'a str>>) {
        // Cells at the end that are not there do not count: programs write them or not.
        let mut missing = 0;
        for cell in cells {
            // Nor do empty texts, which some programs do not keep.
            match cell.filter(|text| !text.is_empty()) {
                None => missing += 1,
                Some(text) => {
                    (0..missing).for_each(|_| self.0.update([0xfe]));
                    missing = 0;
                    self.0.update([0xff]);
                    self.0.update(text);
                }
            }
        }
        self.0.update([0xfd]);
    }

    /// 64 hexadecimal digits.
    pub(super) fn text(&self) -> String {
        self.0.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The text of a cell as the digest takes it.
pub(super) fn cell_text(cell: &Cell<'_>) -> Option<String> {
    match cell {
        Cell::Empty => None,
        Cell::Text(text, _) => Some((*text).to_owned()),
        Cell::Number(number) | Cell::Count(number) => Some(number.to_string()),
    }
}

/// Writes the sheet; its digest, its parts and their ranges.
pub(super) fn write<W: Write + Seek>(
    records: &[Record],
    columns: &'static [(&'static str, u32)],
    folder: &Path,
    rows_per_sheet: u32,
    container: &mut Container<W>,
    part_name: impl FnMut() -> String,
) -> io::Result<(String, Vec<SpooledPart>)> {
    let mut spool = Spool::new(folder, columns, rows_per_sheet);
    // A schema with nothing in it has a sheet too.
    spool.begin()?;
    let mut digest = RowsDigest::default();
    let mut push = |cells: &[Cell<'_>]| {
        let texts: Vec<Option<String>> = cells.iter().map(cell_text).collect();
        digest.row(texts.iter().map(Option::as_deref));
        spool.push(cells)
    };
    let optional = |text: &'_ Option<String>| text.clone();
    for record in records {
        match record {
            Record::Object { number, present, kind, parent, name, arguments } => {
                let (parent, arguments) = (optional(parent), optional(arguments));
                push(&[
                    text(if *present { "object" } else { "other" }),
                    Cell::Number(*number),
                    text(kind),
                    parent.as_deref().map_or(Cell::Empty, text),
                    text(name),
                    arguments.as_deref().map_or(Cell::Empty, text),
                ])?;
            }
            Record::Property { number, property, text: value } => {
                let pieces = match value.as_str() {
                    "" => vec![""],
                    value => parts(value),
                };
                for (index, piece) in pieces.iter().enumerate() {
                    push(&[
                        text("property"),
                        Cell::Number(*number),
                        text(property),
                        Cell::Number(index as u64 + 1),
                        Cell::Number(pieces.len() as u64),
                        text(piece),
                    ])?;
                }
            }
            Record::Needs { number, other } => {
                push(&[text("needs"), Cell::Number(*number), Cell::Number(*other)])?;
            }
        }
    }
    let digest = digest.text();
    Ok((digest, spool.finish(container, part_name)?))
}

/// The lines of a shape from rows of texts.
pub(super) fn records(rows: impl Iterator<Item = Vec<Option<String>>>) -> Result<Vec<Record>, String> {
    let mut records: Vec<Record> = Vec::new();
    // Pieces of the last property that are still to come.
    let mut open = 0u64;
    for row in rows {
        let cell = |index: usize| row.get(index).cloned().flatten();
        let word = |index: usize| cell(index).ok_or_else(|| format!("cell {} of a row is empty", index + 1));
        let number = |index: usize| word(index)?.parse::<u64>().map_err(|e| e.to_string());
        let kind = word(0)?;
        if open > 0 && kind != "property" {
            return Err("a text is not complete".into());
        }
        match kind.as_str() {
            "object" | "other" => records.push(Record::Object {
                number: number(1)?,
                present: kind == "object",
                kind: word(2)?,
                parent: cell(3),
                name: cell(4).unwrap_or_default(),
                arguments: cell(5),
            }),
            "property" => {
                let (of, property, part, parts) = (number(1)?, word(2)?, number(3)?, number(4)?);
                let piece = cell(5).unwrap_or_default();
                if part == 1 && open == 0 {
                    records.push(Record::Property { number: of, property, text: piece });
                } else {
                    match records.last_mut() {
                        Some(Record::Property { number, property: same, text })
                            if open > 0 && *number == of && *same == property && part + open == parts + 1 =>
                        {
                            text.push_str(&piece);
                        }
                        _ => return Err("the parts of a text are not in order".into()),
                    }
                }
                open = parts.saturating_sub(part);
            }
            "needs" => records.push(Record::Needs { number: number(1)?, other: number(2)? }),
            other => return Err(format!("{other:?} is no kind of row")),
        }
    }
    if open > 0 { Err("a text is not complete".into()) } else { Ok(records) }
}

fn text(value: &str) -> Cell<'_> {
    Cell::Text(value, Style::Text)
}
