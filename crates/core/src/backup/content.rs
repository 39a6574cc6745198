//! What the tables and sequences of a schema hold, inside the transaction that a session is in.

use super::manifest::{SequenceState, TableContent};
use crate::connection::Session;
use crate::sql::{Ident, Statement};
use crate::Result;
use sqlx::Row;
use sqlx::postgres::types::Oid;

/// Rows and digests of the tables.
pub(super) async fn tables(session: &mut Session, schema: &str) -> Result<Vec<TableContent>> {
    let (quoted, oid) = (Ident::new(schema)?, super::snapshot::schema(session, schema).await?.oid);
    let mut found = Vec::new();
    for (table, _) in super::snapshot::tables(session, oid).await? {
        let name = quoted.qualify(&Ident::new(table.as_str())?);
        let statement = Statement::of(format_args!(
            "select pg_catalog.count(*), coalesce(pg_catalog.sum(pg_catalog.hashtextextended(t::text, 0)), 0)::text from only {name} t"
        ));
        let row = sqlx::query(statement).persistent(false).fetch_one(session.connection()).await?;
        let rows: i64 = row.try_get(0)?;
        found.push(TableContent { table, rows: rows.unsigned_abs(), digest: row.try_get(1)? });
    }
    Ok(found)
}

/// Where the sequences stand now: whatever the transaction's snapshot, a sequence shows its newest state.
pub(super) async fn sequences(session: &mut Session, schema: &str) -> Result<Vec<SequenceState>> {
    let (quoted, oid) = (Ident::new(schema)?, super::snapshot::schema(session, schema).await?.oid);
    let names = sqlx::query(include_str!("sequences.sql")).persistent(false).bind(Oid(oid));
    let mut found = Vec::new();
    for row in names.fetch_all(session.connection()).await? {
        let name: String = row.try_get("name")?;
        let sequence = quoted.qualify(&Ident::new(name.as_str())?);
        let statement = Statement::of(format_args!("select s.last_value, s.is_called from {sequence} s"));
        let row = sqlx::query(statement).persistent(false).fetch_one(session.connection()).await?;
        let (last_value, is_called) = (row.try_get(0)?, row.try_get(1)?);
        found.push(SequenceState { name, last_value, is_called, moved_to: None });
    }
    Ok(found)
}
