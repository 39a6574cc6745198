//! The rows of a workbook as lines for `COPY … FROM STDIN`.

use super::read_back::{Fault, ManifestTable, OpenBook, TableReader};
use crate::content::Table;
use crate::rebuild::push_chosen;
use std::io;
use tokio::sync::mpsc;

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

/// Sends the rows of tables, in their order. `go_on` is asked from time to time.
pub(super) fn feed(
    book: &OpenBook,
    tables: &[(ManifestTable, Table)],
    chunks: &mpsc::Sender<Chunk>,
    go_on: &dyn Fn() -> bool,
) -> Result<(), Fault> {
    let mut reader = TableReader::new(book)?;
    for (table, wanted) in tables {
        let sent: Vec<bool> = wanted.columns.iter().map(|column| !column.generated).collect();
        let mut piece = Vec::with_capacity(PIECE + PIECE / 8);
        let mut take = |_: &str, _: u64, line: &[u8]| {
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
        reader.table(table, &mut take)?;
        let end = |error: io::Error| Fault::io(None, 0, &error);
        if !piece.is_empty() {
            send(chunks, Chunk::Lines(piece)).map_err(end)?;
        }
        send(chunks, Chunk::EndOfTable).map_err(end)?;
    }
    Ok(())
}

/// Nobody listens any more when the other side has failed or was cancelled.
fn send(chunks: &mpsc::Sender<Chunk>, chunk: Chunk) -> io::Result<()> {
    chunks.blocking_send(chunk).map_err(|_| io::ErrorKind::Interrupted.into())
}

/// The sheet and the row there of a line, from 1.
pub(super) fn place_of(table: &ManifestTable, line: u64) -> (String, u64) {
    let mut left = line;
    for (sheet, rows) in &table.sheets {
        if left <= *rows {
            return (sheet.clone(), left + 1);
        }
        left -= rows;
    }
    (table.name.clone(), left + 1)
}
