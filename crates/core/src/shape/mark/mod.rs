//! A quick sign that two schemas have the same shape.

use super::Namespace;
use crate::Result;
use crate::connection::{Database, Session};
use crate::sql::Statement;
use sqlx::ValueRef;
use sqlx::postgres::PgRow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// From so many schemas on the server reads whole catalogs, instead of looking up one object after the other.
const MANY: usize = 64;

const TABLES: &str = include_str!("tables.sql");
const OTHERS: &str = include_str!("others.sql");

/// What a session prepares to [`ask`]: by PostgreSQL 14, which has no NULLS NOT DISTINCT, and by newer ones.
static CHANGED: LazyLock<[[String; 2]; 2]> =
    LazyLock::new(|| [false, true].map(|newer| [TABLES, OTHERS].map(|part| text(part, "n.oid = $1", true, newer))));
const SIGNATURES: [&str; 2] = ["cadastre_tables (pg_catalog.oid)", "cadastre_others (pg_catalog.oid)"];

/// What a session prepares before it [`ask`]s.
pub(crate) fn prepared(session: &Session) -> [(&'static str, &'static str); 2] {
    let [tables, others] = &CHANGED[usize::from(is_newer(session))];
    [(SIGNATURES[0], tables), (SIGNATURES[1], others)]
}

/// Asks for the [`changes`] of the schema with this OID: two rows for [`answer`].
pub(crate) fn ask(schema: u32) -> Statement {
    Statement::of(format_args!("execute cadastre_tables({schema}); execute cadastre_others({schema});"))
}

/// The answer to [`ask`]: none when nothing can be said.
pub(crate) fn answer(rows: &[PgRow]) -> Option<String> {
    let [tables, others] = rows else { return None };
    Some(format!("{} {}", column(tables, 1)?, column(others, 1)?))
}

/// What the session's transaction has changed about a schema. Where the [`marks`] of two schemas were equal before and these
/// are, their marks are equal now; different ones say nothing, and neither does none.
///
/// # Errors
/// What the server reports.
pub async fn changes(session: &mut Session, schema: &Namespace) -> Result<Option<String>> {
    let prepared = prepared(session);
    session.prepare_named(&prepared).await?;
    Ok(answer(&session.rows(ask(schema.oid)).await?))
}

/// The marks of these schemas, in their order. Equal marks are equal fingerprints (of [`Options::default`](super::Options));
/// different marks say nothing, and neither does none: a schema that is not there, or whose name is a word of its structure.
/// Whoever has a table for himself is waited for as long as the session's `lock_timeout` says.
///
/// # Errors
/// What the server reports.
pub async fn marks(session: &mut Session, schemas: &[Namespace]) -> Result<Vec<Option<String>>> {
    one_after_the_other(session, schemas, "").await
}

/// The [`marks`] of many schemas, by two sessions at the same time where the role may have them. Nobody is waited for.
///
/// # Errors
/// What connecting, or the server, reports.
pub(crate) async fn marks_of_fleet(database: &Database, schemas: &[Namespace]) -> Result<Vec<Option<String>>> {
    let mut session = database.catalog().await?;
    if schemas.len() < MANY {
        return one_after_the_other(&mut session, schemas, IMPATIENT).await;
    }
    let Some(mut second) = database.spare().await? else {
        return one_after_the_other(&mut session, schemas, IMPATIENT).await;
    };
    let (tables, others) = tokio::try_join!(
        part(&mut session, TABLES, schemas, IMPATIENT),
        part(&mut second, OTHERS, schemas, IMPATIENT)
    )?;
    second.close().await;
    Ok(joined(schemas, &tables, &others))
}

/// What a session sets that waits for nobody.
const IMPATIENT: &str = "set local lock_timeout = '250ms'; ";

async fn one_after_the_other(session: &mut Session, schemas: &[Namespace], set: &str) -> Result<Vec<Option<String>>> {
    let tables = part(session, TABLES, schemas, set).await?;
    let others = part(session, OTHERS, schemas, set).await?;
    Ok(joined(schemas, &tables, &others))
}

/// One half of the marks, by OID.
async fn part(session: &mut Session, part: &str, schemas: &[Namespace], set: &str) -> Result<HashMap<u32, String>> {
    let oids: Vec<String> = schemas.iter().map(|schema| schema.oid.to_string()).collect();
    let who = format!("n.oid = any (array[{}]::pg_catalog.int8[]::pg_catalog.oid[])", oids.join(", "));
    let mut message = String::from(set);
    if schemas.len() >= MANY {
        // The server underestimates what it will read, by the thousand.
        message.push_str("set local enable_nestloop = off; set local work_mem = '64MB'; ");
    }
    message.push_str(&text(part, &who, false, is_newer(session)));
    let rows = session.rows(Statement::script(message)).await?;
    Ok(rows.iter().filter_map(|row| Some((column(row, 0)?.parse().ok()?, column(row, 1)?))).collect())
}

fn joined(schemas: &[Namespace], tables: &HashMap<u32, String>, others: &HashMap<u32, String>) -> Vec<Option<String>> {
    let mark = |schema: &Namespace| Some(format!("{} {}", tables.get(&schema.oid)?, others.get(&schema.oid)?));
    schemas.iter().map(mark).collect()
}

fn is_newer(session: &Session) -> bool {
    session.server_version() >= 150_000
}

/// One of the two questions. `changed`: only about what the transaction has changed.
fn text(part: &str, who: &str, changed: bool, newer: bool) -> String {
    let young = |row: &str, class: u32| {
        format!(
            "(pg_catalog.age({row}.xmin) <= pg_catalog.age(pg_catalog.pg_current_xact_id()::pg_catalog.xid) \
             or {row}.oid in (select l.objid from locked l where l.classid = {class}))"
        )
    };
    let or_all = |condition: String| if changed { condition } else { "true".into() };
    part.replace("{sum}", include_str!("sum.sql"))
        .replace("{locked}", if changed { include_str!("locked.sql") } else { "" })
        .replace("{who}", who)
        .replace("{touched}", &or_all("c.oid in (select l.relation from locked l)".into()))
        .replace("{touched_type}", &or_all(young("t", 1247)))
        .replace("{touched_routine}", &or_all(young("p", 1255)))
        .replace("{nulls_not_distinct}", if newer { "i.indnullsnotdistinct," } else { "" })
}

fn column(row: &PgRow, index: usize) -> Option<String> {
    use sqlx::Row;
    let value = row.try_get_raw(index).ok().filter(|value| !value.is_null())?;
    value.as_str().ok().map(str::to_owned)
}
