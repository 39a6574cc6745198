//! Finding the rows that are not what was written, by the sheet `_checks`.

use super::open::{OpenBook, ReadCell, ReadContent};
use super::{Fault, ManifestTable};
use crate::workbook::book::CHECKS;
use crate::workbook::check::{BLUR, LENGTH, RowCheck, counted_micros, number_of, serial_of};
use crate::workbook::column::CellKind;
use crate::workbook::finding::Finding;
use std::collections::HashMap;

/// A row that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::workbook) struct ChangedRow {
    pub(in crate::workbook) sheet: String,
    /// As the sheet numbers it.
    pub(in crate::workbook) row: u64,
    pub(in crate::workbook) finding: Finding,
}

/// The rows of a table that have other cells than when it was written, at most `limit` of them.
pub(in crate::workbook) fn changed_rows(
    book: &OpenBook,
    table: &ManifestTable,
    limit: usize,
) -> Result<Vec<ChangedRow>, Fault> {
    let checks = checks(book, table)?;
    let mut changed = Vec::new();
    for (sheet, rows) in &table.sheets {
        let expected = checks.get(sheet.as_str()).map_or(&[][..], Vec::as_slice);
        one_sheet(book, table, sheet, *rows, expected, &mut changed)?;
        if changed.len() >= limit {
            break;
        }
    }
    changed.truncate(limit);
    Ok(changed)
}

fn one_sheet(
    book: &OpenBook,
    table: &ManifestTable,
    sheet: &str,
    rows: u64,
    expected: &[[u8; LENGTH]],
    changed: &mut Vec<ChangedRow>,
) -> Result<(), Fault> {
    let mut found = Vec::new();
    let mut note = |row: u64, finding: Finding| changed.push(ChangedRow { sheet: sheet.to_owned(), row, finding });
    let empty = RowCheck::default().value();
    let mut reader = match book.sheet(sheet) {
        Ok(reader) => reader,
        Err(error) => {
            note(0, Finding::of(&error));
            return Ok(());
        }
    };
    let mut last = 0;
    loop {
        match reader.next_row() {
            Ok(None) => break,
            // What cannot be read is a change too, and the end.
            Err(error) => {
                note(last + 1, Finding::of(&error));
                return Ok(());
            }
            Ok(Some((1, cells))) => {
                last = 1;
                if let Some(heading) = other_heading(table, &cells) {
                    note(1, Finding::HeadingChanged { column: heading });
                }
            }
            Ok(Some((row, cells))) => {
                if row <= last {
                    note(row, Finding::RowsDisordered);
                    return Ok(());
                }
                let index = row as usize - 2;
                // Rows without a cell need not be there.
                found.resize(index, empty);
                let written = expected.get(index).filter(|written| as_written(table, &cells, written).is_some());
                found.push(written.copied().unwrap_or_else(|| of_cells(table, &cells)));
                last = row;
            }
        }
    }
    if found.len() < expected.len() && expected[found.len()..].iter().all(|check| *check == empty) {
        found.resize(expected.len(), empty);
    }
    if expected.len() as u64 != rows {
        note(0, Finding::ChecksMissing);
    }
    if found.len() == expected.len() {
        let differs = found.iter().zip(expected).enumerate().filter(|(_, (found, expected))| found != expected);
        differs.for_each(|(index, _)| note(index as u64 + 2, Finding::CellChanged));
    } else {
        let first = found.iter().zip(expected).position(|(found, expected)| found != expected);
        let first = first.unwrap_or(found.len().min(expected.len())) as u64 + 2;
        let finding = match found.len().checked_sub(expected.len()) {
            Some(more) => Finding::RowsAdded { rows: more as u64 },
            None => Finding::RowsMissing { rows: (expected.len() - found.len()) as u64 },
        };
        note(first, finding);
    }
    Ok(())
}

/// The check of a row that was read.
pub(super) fn of_cells(table: &ManifestTable, cells: &[ReadCell]) -> [u8; LENGTH] {
    let mut check = RowCheck::default();
    for cell in cells {
        match &cell.content {
            ReadContent::Number(text) => match number_of(text.as_bytes()) {
                Some(serial) if table.columns.get(cell.column).is_some_and(|column| column.kind.is_moment()) => {
                    check.moment(cell.column, serial);
                }
                Some(number) => check.number(cell.column, number),
                None => check.text(cell.column, text.as_bytes()),
            },
            ReadContent::Boolean(value) => check.boolean(cell.column, *value),
            ReadContent::Text(text) | ReadContent::Error(text) => check.text(cell.column, text.as_bytes()),
        }
    }
    check.value()
}

/// So many ways of saving a row are tried. A row that was edited passes for one that was only saved with a chance of one in
/// 16 million for each.
const TRIED: usize = 512;

/// The cells that were written, where these are what a program makes of them that keeps no empty texts, and of moments 15
/// digits. `None` for a row that was changed.
pub(super) fn as_written(table: &ManifestTable, cells: &[ReadCell], written: &[u8; LENGTH]) -> Option<Vec<ReadCell>> {
    if of_cells(table, cells) == *written {
        return Some(cells.to_vec());
    }
    let mut ways = vec![cells.to_vec()];
    for (index, column) in table.columns.iter().enumerate() {
        let place = cells.iter().position(|cell| cell.column == index);
        let more: Vec<ReadContent> = match place.map(|place| &cells[place].content) {
            Some(ReadContent::Number(text)) if column.kind.is_moment() => near_by(text),
            None if column.kind == CellKind::Text => vec![ReadContent::Text(String::new())],
            _ => continue,
        };
        if ways.len() * (more.len() + 1) > TRIED {
            continue;
        }
        let known = ways.clone();
        for content in more {
            ways.extend(known.iter().map(|way| {
                let mut way = way.clone();
                way.retain(|cell| cell.column != index);
                let at = way.partition_point(|cell| cell.column < index);
                way.insert(at, ReadCell { column: index, content: content.clone() });
                way
            }));
        }
    }
    ways.into_iter().find(|way| of_cells(table, way) == *written)
}

/// The moments that 15 digits do not tell from this one.
fn near_by(text: &str) -> Vec<ReadContent> {
    let Some(micros) = number_of(text.as_bytes()).map(counted_micros) else { return Vec::new() };
    // A whole millisecond is one that was written.
    if micros % 1000.0 == 0.0 {
        return Vec::new();
    }
    let blur = BLUR as i32;
    let others = (-blur..=blur).filter(|offset| *offset != 0);
    others.map(|offset| ReadContent::Number(serial_of(micros + f64::from(offset)).to_string())).collect()
}

fn other_heading(table: &ManifestTable, cells: &[ReadCell]) -> Option<String> {
    let text = |column: usize| {
        cells.iter().find(|cell| cell.column == column).and_then(|cell| match &cell.content {
            ReadContent::Text(text) => Some(text.as_str()),
            _ => None,
        })
    };
    let mut columns = table.columns.iter().enumerate();
    let wrong = columns.find(|(index, column)| text(*index) != Some(column.heading().as_str()));
    wrong.map(|(_, column)| column.name.clone())
}

/// The checks of a table's sheets, row by row.
pub(super) fn checks(book: &OpenBook, table: &ManifestTable) -> Result<HashMap<String, Vec<[u8; LENGTH]>>, Fault> {
    let mut checks: HashMap<String, Vec<[u8; LENGTH]>> =
        table.sheets.iter().map(|(sheet, _)| (sheet.clone(), Vec::new())).collect();
    let names: Vec<String> = book.sheets_of(CHECKS).map(ToOwned::to_owned).collect();
    for name in names {
        let fault = |error: std::io::Error| Fault::io(Some(&name), 0, &error);
        let mut reader = book.sheet(&name).map_err(fault)?;
        reader.next_row().map_err(fault)?;
        while let Some((_, cells)) = reader.next_row().map_err(fault)? {
            let text = |column: usize| {
                cells.iter().find(|cell| cell.column == column).and_then(|cell| match &cell.content {
                    ReadContent::Text(text) => Some(text.as_str()),
                    _ => None,
                })
            };
            if let (Some(sheet), Some(letters)) = (text(0), text(3))
                && let Some(rows) = checks.get_mut(sheet)
            {
                rows.extend(
                    letters.as_bytes().chunks_exact(LENGTH).filter_map(|piece| <[u8; LENGTH]>::try_from(piece).ok()),
                );
            }
        }
    }
    Ok(checks)
}
