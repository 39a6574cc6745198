//! What an open transaction has changed outside a schema: the questions before a commit that must not reach further than a tenant.

use crate::Result;
use crate::connection::{Database, Session};
use crate::sql::{Statement, literal};

/// The relations outside a schema that this transaction has changed, as a query with one text; those of `permitted` schemas
/// aside.
pub(crate) fn relations(schema: &str, permitted: &[String]) -> String {
    let mut sql = include_str!("relations.sql").replace("{schema}", &literal(schema).to_string());
    if !permitted.is_empty() {
        let names: Vec<String> = permitted.iter().map(|name| literal(name).to_string()).collect();
        sql.push_str(&format!("  and n.nspname not in ({})\n", names.join(", ")));
    }
    sql
}

/// What this transaction has dropped outside a schema, `permitted` ones aside. Its own session has forgotten the names; another
/// one still sees them until the commit. Empty where there is nothing.
///
/// # Errors
/// What the connection reports.
pub(crate) async fn dropped_outside(
    session: &mut Session,
    database: &Database,
    schema: &str,
    permitted: &[String],
) -> Result<String> {
    let dropped = sqlx::query_as(include_str!("dropped.sql")).persistent(false).fetch_all(session.connection());
    let dropped: Vec<(i64, i64)> = dropped.await?;
    if dropped.is_empty() {
        return Ok(String::new());
    }
    let objects: Vec<String> = dropped.iter().map(|(class, oid)| format!("({class}::int8, {oid}::int8)")).collect();
    let schemas: Vec<String> =
        std::iter::once(schema).chain(permitted.iter().map(String::as_str)).map(literal).collect();
    let names = include_str!("dropped_names.sql")
        .replace("{objects}", &objects.join(", "))
        .replace("{schemas}", &schemas.join(", "));
    let ask = Statement::of(format_args!("{names}"));
    let mut other = database.catalog().await?;
    let names: Option<String> = sqlx::query_scalar(ask).persistent(false).fetch_one(other.connection()).await?;
    Ok(names.unwrap_or_default())
}

/// What this transaction has changed outside a schema: relations, and functions, types and schemas that it has made, replaced or
/// given rights on. A table that got children in the schema is not changed by that. Empty where there is nothing.
///
/// # Errors
/// What the connection reports.
pub(crate) async fn changed_outside(session: &mut Session, database: &Database, schema: &str) -> Result<String> {
    let parents = format!(
        "  and not (l.mode = 'ShareUpdateExclusiveLock' and exists (
        select from pg_catalog.pg_inherits i join pg_catalog.pg_class k on k.oid = i.inhrelid
        where i.inhparent = c.oid and k.relnamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident({}))))\n",
        literal(schema)
    );
    let touched = format!("{}{parents}", relations(schema, &[]));
    let others = include_str!("others.sql").replace("{schema}", &literal(schema).to_string());
    let ask = Statement::of(format_args!("select pg_catalog.concat_ws(', ', nullif(({touched}), ''), ({others}))"));
    let changed: String = sqlx::query_scalar(ask).persistent(false).fetch_one(session.connection()).await?;
    let dropped = dropped_outside(session, database, schema, &[]).await?;
    Ok(match (changed.is_empty(), dropped.is_empty()) {
        (_, true) => changed,
        (true, false) => dropped,
        (false, false) => format!("{changed}, {dropped}"),
    })
}
