//! The rows of a workbook as lines for `COPY … FROM STDIN`.

use super::read_back::{Fault, LenientReader, ManifestTable, OpenBook, TableReader};
use crate::content::Table;
use crate::rebuild::push_chosen;
use std::collections::HashMap;
use std::io;
use std::sync::{Mutex, PoisonError};
use tokio::sync::mpsc;

/// Where lines come from, by table: from which line on they are which rows of which sheet.
pub(super) type Places = Mutex<HashMap<String, Vec<Place>>>;

/// From `line` on, rows follow each other on `sheet` from `row` on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    line: u64,
    sheet: String,
    row: u64,
}

/// Lines travel in pieces of about this size.
const PIECE: usize = 128 * 1024;

/// What the reading thread sends.
#[derive(Debug)]
pub(super) enum Chunk {
    /// Whole lines of the table under way.
    Lines(Vec<u8>),
    /// The table is complete.
    EndOfTable,
}

/// Sends the rows of tables, in their order; those of a file that a person has changed when `edited`. `go_on` is asked from
/// time to time.
pub(super) fn feed(
    book: &OpenBook,
    edited: bool,
    tables: &[(ManifestTable, Table)],
    chunks: &mpsc::Sender<Chunk>,
    places: &Places,
    go_on: &dyn Fn() -> bool,
) -> Result<(), Fault> {
    let mut reader = match edited {
        true => Reader::Lenient(LenientReader::new(book)?),
        false => Reader::Exact(TableReader::new(book)?),
    };
    for (table, wanted) in tables {
        let sent: Vec<bool> = wanted.columns.iter().map(|column| !column.generated).collect();
        let mut piece = Vec::with_capacity(PIECE + PIECE / 8);
        let (mut lines, mut next) = (0u64, (String::new(), 0));
        let mut take = |sheet: &str, row: u64, line: &[u8]| {
            lines += 1;
            if next.1 != row || next.0 != sheet {
                sheet.clone_into(&mut next.0);
                let place = Place { line: lines, sheet: sheet.to_owned(), row };
                let mut places = places.lock().unwrap_or_else(PoisonError::into_inner);
                places.entry(table.name.clone()).or_default().push(place);
            }
            next.1 = row + 1;
            push_chosen(line, &sent, &mut piece);
            piece.push(b'\n');
            if piece.len() < PIECE {
                return Ok(());
            }
            if !go_on() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let full = std::mem::replace(&mut piece, Vec::with_capacity(PIECE + PIECE / 8));
            send(chunks, Chunk::Lines(full))
        };
        match &mut reader {
            Reader::Exact(reader) => reader.table(table, &mut take)?,
            Reader::Lenient(reader) => reader.table(table, &mut take)?,
        }
        let end = |error: io::Error| Fault::io(None, 0, &error);
        if !piece.is_empty() {
            send(chunks, Chunk::Lines(piece)).map_err(end)?;
        }
        send(chunks, Chunk::EndOfTable).map_err(end)?;
    }
    Ok(())
}

enum Reader<'b> {
    Exact(TableReader<'b>),
    Lenient(LenientReader<'b>),
}

/// Nobody listens any more when the other side has failed or was cancelled.
fn send(chunks: &mpsc::Sender<Chunk>, chunk: Chunk) -> io::Result<()> {
    chunks.blocking_send(chunk).map_err(|_| io::ErrorKind::Interrupted.into())
}

/// The sheet and the row there of a line, from 1.
pub(super) fn place_of(places: &Places, table: &str, line: u64) -> (String, u64) {
    let places = places.lock().unwrap_or_else(PoisonError::into_inner);
    let before = places.get(table).and_then(|places| places.iter().rev().find(|place| place.line <= line));
    before.map_or_else(|| (table.to_owned(), line + 1), |place| (place.sheet.clone(), place.row + (line - place.line)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_on_its_sheet() {
        let place = |line, sheet: &str, row| Place { line, sheet: sheet.into(), row };
        let all = vec![place(1, "t", 2), place(11, "t", 14), place(21, "t (2)", 2)];
        let places = Mutex::new(HashMap::from([("t".to_owned(), all)]));
        let of = |line| place_of(&places, "t", line);
        assert_eq!(
            [of(1), of(10), of(11), of(22)].map(|(sheet, row)| format!("{sheet} {row}")),
            ["t 2", "t 11", "t 14", "t (2) 3"]
        );
    }
}
