//! Reading rows, and taking their digests.

use super::digest::RowDigest;
use super::sequence::{SequenceState, sequences};
use super::session::{no_path, own_path, text_forms};
use super::table::{self, Table};
use crate::connection::Session;
use crate::sql::{Ident, Statement};
use crate::{Error, ErrorKind, Result};
use futures::StreamExt;
use serde::{Deserialize, Serialize};

/// A row of more bytes than this is refused: it would have to be in memory as a whole.
const LARGEST_ROW: usize = 256 * 1024 * 1024;
/// Rows between two looks at whether to go on.
const LOOK: u64 = 4096;

/// What a tenant holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Content {
    /// By name: tables and partitioned tables, not single partitions, whose rows are those of the partitioned table.
    pub tables: Vec<TableContent>,
    /// By name.
    pub sequences: Vec<SequenceState>,
}

/// What one table holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TableContent {
    /// Bare name.
    pub table: String,
    /// Rows.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: u64,
    /// 64 hexadecimal digits, the same for the same rows in whatever order.
    pub digest: String,
}

/// Reads every row of a schema inside the transaction that a session is in: a snapshot begun with
/// [`super::begin_snapshot`], or one that has changed the schema and wants to know what came of it.
///
/// `tables` are names to choose; `None` means all. `progress` is told the rows so far, and ends the reading with
/// [`ErrorKind::Cancelled`] by answering `false`; the session cannot be used any more then. Afterwards the transaction's
/// `search_path` is that of core, and its text forms are those of the digest.
///
/// # Errors
/// [`ErrorKind::TenantMissing`], [`ErrorKind::TableMissing`], [`ErrorKind::PermissionDenied`], and what the connection
/// reports.
pub async fn content_in(
    session: &mut Session,
    schema: &str,
    tables: Option<&[String]>,
    progress: &(dyn Fn(u64) -> bool + Send + Sync),
) -> Result<Content> {
    let quoted = Ident::new(schema)?;
    let namespace = table::namespace(session, schema).await?;
    let mut found = table::relations(session, namespace).await?;
    if let Some(named) = tables {
        let missing = named.iter().find(|name| !found.iter().any(|r| r.name == **name));
        if let Some(missing) = missing {
            return Err(ErrorKind::TableMissing { schema: schema.to_owned(), table: missing.clone() }.into());
        }
        found.retain(|relation| named.contains(&relation.name));
    }
    let (chosen, _) = table::choose(schema, found, &[])?;
    let read = table::columns(session, chosen).await?;
    let mut settings = Statement::of(format_args!("{}", text_forms()));
    settings.push(format_args!("{}", own_path(&quoted)));
    session.execute(settings).await?;
    let mut content = Content { tables: Vec::with_capacity(read.len()), sequences: Vec::new() };
    let mut before = 0;
    for table in &read {
        let (mut digest, mut rows) = (RowDigest::default(), 0u64);
        copy_out(session, schema, table, &mut |line| {
            digest.add(line.strip_suffix(b"\n").unwrap_or(line));
            rows += 1;
            rows % LOOK != 0 || progress(before + rows)
        })
        .await?;
        before += rows;
        if !progress(before) {
            return Err(ErrorKind::Cancelled.into());
        }
        content.tables.push(TableContent { table: table.relation.name.clone(), rows, digest: digest.text() });
    }
    session.execute(no_path()).await?;
    content.sequences = sequences(session, &quoted, namespace).await?;
    Ok(content)
}

/// Hands every line of a table to `take`, each ending in a newline, until that answers `false`.
///
/// # Errors
/// [`ErrorKind::Cancelled`] when `take` has ended it; [`ErrorKind::CellRefused`] for a row that is too large; what
/// [`read_failure`] says.
pub(crate) async fn copy_out(
    session: &mut Session,
    schema: &str,
    table: &Table,
    take: &mut (dyn FnMut(&[u8]) -> bool + Send),
) -> Result<()> {
    let name = table.relation.name.as_str();
    let statement = table.copy_statement(&Ident::new(schema)?)?;
    let explain = |error: sqlx::Error| read_failure(Error::from(error), None, schema, name);
    let mut lines = session.connection().copy_out_raw(statement.text()).await.map_err(explain)?;
    // The server sends a message for each row; nothing in the protocol says that it has to.
    let (mut rest, mut row) = (Vec::new(), 1u64);
    while let Some(bytes) = lines.next().await {
        let bytes = bytes.map_err(explain)?;
        if rest.len() + bytes.len() > LARGEST_ROW {
            let reason = format!("it takes {} MB", (rest.len() + bytes.len()) >> 20);
            return Err(ErrorKind::CellRefused { table: name.to_owned(), row: row.to_string(), reason }.into());
        }
        let whole = rest.is_empty() && memchr::memchr(b'\n', &bytes) == bytes.len().checked_sub(1);
        if whole {
            row += 1;
            if !take(&bytes) {
                return Err(ErrorKind::Cancelled.into());
            }
            continue;
        }
        rest.extend_from_slice(&bytes);
        while let Some(end) = memchr::memchr(b'\n', &rest) {
            row += 1;
            if !take(&rest[..=end]) {
                return Err(ErrorKind::Cancelled.into());
            }
            rest.drain(..=end);
        }
    }
    Ok(())
}

/// Says which table could not be read; `role` is named where it is known.
pub(crate) fn read_failure(error: Error, role: Option<&str>, schema: &str, table: &str) -> Error {
    match error.sqlstate() {
        Some("42501") => {
            let role = role.unwrap_or("the session's role").to_owned();
            error.as_kind(ErrorKind::PermissionDenied { role, action: format!("read all rows of {schema}.{table}") })
        }
        Some("42P01" | "3F000") => {
            error.as_kind(ErrorKind::TableMissing { schema: schema.to_owned(), table: table.to_owned() })
        }
        _ => error,
    }
}
