//! What the catalogs say about a statement that may have been done already.

use crate::Result;
use crate::connection::Session;
use crate::sql::{Qualified, Statement, literal};
use sqlx::Row;
use sqlx::postgres::PgRow;

/// Where the questions are asked.
pub(super) struct Place<'a> {
    pub schema: &'a str,
    pub version: i64,
    pub history: &'a Qualified,
}

/// An index that a `create index concurrently` may have made.
#[derive(Debug)]
pub(super) struct Found {
    pub name: String,
    pub valid: bool,
    /// Made after the last step was recorded, so by this one.
    pub newer: bool,
    /// A process that holds the lock with which indexes are built.
    pub builder: Option<String>,
}

/// Indexes of this name; without a name, those of the table that are newer than the last step.
pub(super) async fn indexes(
    session: &mut Session,
    place: &Place<'_>,
    name: Option<&str>,
    table: &str,
) -> Result<Vec<Found>> {
    let named = match name {
        Some(name) => format!("c.relname = {}", literal(name)),
        None => "true".to_owned(),
    };
    let question = include_str!("look.sql")
        .replace("{history}", &place.history.to_string())
        .replace("{version}", &place.version.to_string())
        .replace("{schema}", &literal(place.schema))
        .replace("{table}", &literal(table))
        .replace("{named}", &named);
    let rows = session.rows(Statement::script(question)).await?;
    let is = |row: &PgRow, index| text(row, index).as_deref() == Some("t");
    let found = rows.iter().filter_map(|row| {
        Some(Found { name: text(row, 0)?, valid: is(row, 1), newer: is(row, 2), builder: text(row, 3) })
    });
    Ok(found.filter(|found| name.is_some() || found.newer).collect())
}

/// The schema has an index of this name.
pub(super) async fn has_index(session: &mut Session, schema: &str, name: &str) -> Result<bool> {
    let question = Statement::of(format_args!(
        "select 1 from pg_catalog.pg_class c where c.relkind in ('i', 'I') and c.relname = {} \
         and c.relnamespace = pg_catalog.quote_ident({})::pg_catalog.regnamespace",
        literal(name),
        literal(schema)
    ));
    Ok(!session.rows(question).await?.is_empty())
}

/// Whether a table of this schema still has the partition; `Some(true)` when its detaching has begun.
pub(super) async fn detaching(
    session: &mut Session,
    schema: &str,
    table: &str,
    partition: &str,
) -> Result<Option<bool>> {
    let question = Statement::of(format_args!(
        "select i.inhdetachpending from pg_catalog.pg_inherits i join pg_catalog.pg_class t on t.oid = i.inhparent \
         join pg_catalog.pg_class p on p.oid = i.inhrelid where t.relname = {} and p.relname = {} \
         and t.relnamespace = pg_catalog.quote_ident({})::pg_catalog.regnamespace",
        literal(table),
        literal(partition),
        literal(schema)
    ));
    Ok(session.rows(question).await?.first().map(|row| text(row, 0).as_deref() == Some("t")))
}

/// The enumeration of this schema has the label.
pub(super) async fn has_label(session: &mut Session, schema: &str, name: &str, label: &str) -> Result<bool> {
    let question = Statement::of(format_args!(
        "select 1 from pg_catalog.pg_enum e join pg_catalog.pg_type t on t.oid = e.enumtypid \
         where t.typname = {} and e.enumlabel = {} \
         and t.typnamespace = pg_catalog.quote_ident({})::pg_catalog.regnamespace",
        literal(name),
        literal(label),
        literal(schema)
    ));
    Ok(!session.rows(question).await?.is_empty())
}

pub(super) fn text(row: &PgRow, index: usize) -> Option<String> {
    row.try_get_raw(index).ok().and_then(|value| value.as_str().ok().map(str::to_owned))
}
