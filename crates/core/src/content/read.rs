//! Reading rows, and taking their digests.

use super::digest::RowDigest;
use super::sequence::{SequenceState, sequences};
use super::session::{no_path, own_path, text_forms};
use super::table::{self, Table};
use crate::connection::Session;
use crate::sql::{Ident, Statement};
use crate::{Error, ErrorKind, Result};
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
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
    content_arranged(session, schema, tables, &|_| (), progress).await
}

/// [`content_in`] with the columns of tables in an order of the caller's: a digest depends on it.
pub(crate) async fn content_arranged(
    session: &mut Session,
    schema: &str,
    tables: Option<&[String]>,
    arrange: &(dyn Fn(&mut Table) + Send + Sync),
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
    let mut read = table::columns(session, chosen).await?;
    read.iter_mut().for_each(arrange);
    let mut settings = Statement::of(format_args!("{}", text_forms()));
    settings.push(format_args!("{}", own_path(&quoted)));
    session.execute(settings).await?;
    let mut content = Content { tables: Vec::with_capacity(read.len()), sequences: Vec::new() };
    let mut before = 0;
    for table in &read {
        let found = digest_of(session, schema, table, &|rows| progress(before + rows)).await?;
        before += found.rows;
        content.tables.push(found);
    }
    session.execute(no_path()).await?;
    content.sequences = sequences(session, &quoted, namespace).await?;
    Ok(content)
}

/// Reads the rows of one table. The text forms and the path must be set.
pub(crate) async fn digest_of(
    session: &mut Session,
    schema: &str,
    table: &Table,
    progress: &(dyn Fn(u64) -> bool + Send + Sync),
) -> Result<TableContent> {
    let (mut digest, mut rows) = (RowDigest::default(), 0u64);
    let mut lines = Lines::begin(session, schema, table).await?;
    while let Some(line) = lines.next_line().await? {
        digest.add(&line);
        rows += 1;
        if rows.is_multiple_of(LOOK) && !progress(rows) {
            return Err(ErrorKind::Cancelled.into());
        }
    }
    if !progress(rows) {
        return Err(ErrorKind::Cancelled.into());
    }
    Ok(TableContent { table: table.relation.name.clone(), rows, digest: digest.text() })
}

/// The lines of a table under way.
pub(crate) struct Lines<'s> {
    stream: BoxStream<'s, sqlx::Result<Bytes>>,
    schema: String,
    table: String,
    rest: Vec<u8>,
    row: u64,
}

impl<'s> Lines<'s> {
    /// Begins to read a table. The text forms and the path must be set.
    pub(crate) async fn begin(session: &'s mut Session, schema: &str, table: &Table) -> Result<Self> {
        let statement = table.copy_statement(&Ident::new(schema)?)?;
        let (schema, table) = (schema.to_owned(), table.relation.name.clone());
        let explain = |error: sqlx::Error| read_failure(Error::from(error), None, &schema, &table);
        let stream = session.connection().copy_out_raw(statement.text()).await.map_err(explain)?;
        Ok(Self { stream, schema, table, rest: Vec::new(), row: 1 })
    }

    /// The next line, without its newline.
    ///
    /// # Errors
    /// [`ErrorKind::CellRefused`] for a row that is too large; what [`read_failure`] says.
    pub(crate) async fn next_line(&mut self) -> Result<Option<Bytes>> {
        loop {
            // The server sends a message for each row; nothing in the protocol says that it has to.
            if let Some(end) = memchr::memchr(b'\n', &self.rest) {
                let line = Bytes::copy_from_slice(&self.rest[..end]);
                self.rest.drain(..=end);
                self.row += 1;
                return Ok(Some(line));
            }
            let Some(bytes) = self.stream.next().await else { return Ok(None) };
            let bytes = bytes.map_err(|e| read_failure(Error::from(e), None, &self.schema, &self.table))?;
            let size = self.rest.len() + bytes.len();
            if size > LARGEST_ROW {
                let (table, row) = (self.table.clone(), self.row.to_string());
                let reason = format!("it takes {} MB", size >> 20);
                return Err(ErrorKind::CellRefused { table, row, reason }.into());
            }
            if self.rest.is_empty() && memchr::memchr(b'\n', &bytes) == bytes.len().checked_sub(1) {
                self.row += 1;
                return Ok(Some(bytes.slice(..bytes.len() - 1)));
            }
            self.rest.extend_from_slice(&bytes);
        }
    }
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
