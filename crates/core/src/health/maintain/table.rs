//! Tables, indexes and locks as the catalogs have them at this moment.

use super::{MaintainFigures, MaintainWork};
use crate::Result;
use crate::connection::Session;
use crate::sql::{Ident, Qualified};
use sqlx::Row;
use sqlx::postgres::types::Oid;
use std::collections::HashMap;

/// A table, a partition, a materialized view or (kind `p`) a partitioned table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub oid: u32,
    pub namespace: u32,
    pub name: String,
    pub kind: char,
    /// The partitioned tables above it.
    pub ancestors: Vec<String>,
    pub owner: String,
    /// The role may do this work to it.
    pub permitted: bool,
    /// Rows changed since the last ANALYZE.
    pub changed_rows: i64,
    pub figures: MaintainFigures,
    /// End of the last VACUUM that was not automatic, in microseconds of the server's clock.
    pub vacuumed: Option<i64>,
    pub analyzed: Option<i64>,
    /// The server's clock when this was read, in microseconds.
    pub now: i64,
}

impl Table {
    /// A person means this table by the name.
    pub fn is_named(&self, name: &str) -> bool {
        self.name == name || self.ancestors.iter().any(|ancestor| ancestor == name)
    }
}

/// An index, which may be one of a TOAST table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Index {
    pub oid: u32,
    /// The table, for a TOAST table the one that it belongs to.
    pub table: u32,
    pub schema: String,
    pub name: String,
    pub method: String,
    pub valid: bool,
    /// Of an exclusion constraint: there is no way to build it concurrently.
    pub exclusion: bool,
    pub constrains: bool,
    pub toast: bool,
    /// Somebody works on the indexes of its table at this moment.
    pub busy: bool,
}

impl Index {
    /// What a REINDEX CONCURRENTLY that did not come to its end has left behind.
    pub fn is_leftover(&self) -> bool {
        !self.valid && crate::migration::is_leftover(&self.name)
    }

    pub fn qualified(&self) -> Result<Qualified> {
        Ok(Ident::new(self.schema.as_str())?.qualify(&Ident::new(self.name.as_str())?))
    }
}

/// The tables of these schemas, by schema and name.
pub(super) async fn read(session: &mut Session, namespaces: &[u32], work: MaintainWork) -> Result<Vec<Table>> {
    let maintain = session.server_version() >= 170_000;
    // An older server knows no such word.
    let privilege = if maintain { "MAINTAIN" } else { "SELECT" };
    let oids: Vec<Oid> = namespaces.iter().copied().map(Oid).collect();
    let query = sqlx::query(include_str!("tables.sql")).persistent(false).bind(&oids);
    let query = query.bind(maintain).bind(privilege).bind(work == MaintainWork::Reindex);
    let rows = query.fetch_all(session.connection()).await?;
    rows.iter()
        .map(|row| {
            Ok(Table {
                oid: row.try_get::<Oid, _>("oid")?.0,
                namespace: row.try_get::<Oid, _>("namespace")?.0,
                name: row.try_get("name")?,
                kind: row.try_get::<String, _>("kind")?.chars().next().unwrap_or('r'),
                ancestors: row.try_get("ancestors")?,
                owner: row.try_get("owner")?,
                permitted: row.try_get("permitted")?,
                changed_rows: row.try_get("changed_rows")?,
                figures: MaintainFigures {
                    rows: row.try_get("rows")?,
                    dead_rows: row.try_get("dead_rows")?,
                    size_bytes: row.try_get("size_bytes")?,
                    index_bytes: row.try_get("index_bytes")?,
                    frozen_age: row.try_get("frozen_age")?,
                    last_vacuum: row.try_get("last_vacuum")?,
                    last_analyze: row.try_get("last_analyze")?,
                },
                vacuumed: row.try_get("vacuumed")?,
                analyzed: row.try_get("analyzed")?,
                now: row.try_get("now")?,
            })
        })
        .collect()
}

/// The indexes of the tables of these schemas.
pub(super) async fn indexes(session: &mut Session, namespaces: &[u32]) -> Result<Vec<Index>> {
    let oids: Vec<Oid> = namespaces.iter().copied().map(Oid).collect();
    let rows = sqlx::query(include_str!("indexes.sql")).persistent(false).bind(&oids);
    let rows = rows.fetch_all(session.connection()).await?;
    rows.iter()
        .map(|row| {
            Ok(Index {
                oid: row.try_get::<Oid, _>("oid")?.0,
                table: row.try_get::<Oid, _>("table")?.0,
                schema: row.try_get("schema")?,
                name: row.try_get("name")?,
                method: row.try_get("method")?,
                valid: row.try_get("valid")?,
                exclusion: row.try_get("exclusion")?,
                constrains: row.try_get("constrains")?,
                toast: row.try_get("toast")?,
                busy: row.try_get("busy")?,
            })
        })
        .collect()
}

/// Who holds a lock in the way of maintenance, by table: `program, pid`.
pub(super) async fn holders(session: &mut Session, namespaces: &[u32]) -> Result<HashMap<u32, String>> {
    let oids: Vec<Oid> = namespaces.iter().copied().map(Oid).collect();
    let rows = sqlx::query(include_str!("locks.sql")).persistent(false).bind(&oids);
    let rows = rows.fetch_all(session.connection()).await?;
    rows.iter()
        .map(|row| {
            let (program, pid): (String, i32) = (row.try_get("program")?, row.try_get("pid")?);
            Ok((row.try_get::<Oid, _>("table")?.0, format!("{program}, pid {pid}")))
        })
        .collect()
}

/// A transaction that others have to wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Transaction {
    pub pid: i32,
    pub program: String,
    pub seconds: i64,
    pub state: String,
}

/// Transactions of this database that have been open for longer than this, the oldest first. Those of other roles only with
/// the rights of `pg_read_all_stats`.
pub(super) async fn transactions(session: &mut Session, seconds: f64) -> Result<Vec<Transaction>> {
    let rows = sqlx::query(include_str!("transactions.sql")).persistent(false).bind(seconds);
    let rows = rows.fetch_all(session.connection()).await?;
    rows.iter()
        .map(|row| {
            Ok(Transaction {
                pid: row.try_get("pid")?,
                program: row.try_get("program")?,
                seconds: row.try_get("seconds")?,
                state: row.try_get("state")?,
            })
        })
        .collect()
}
