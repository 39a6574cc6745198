//! A quick sign that two schemas have the same shape.

use crate::Result;
use crate::connection::Session;
use crate::sql::{Statement, literal};
use sqlx::ValueRef;
use sqlx::postgres::PgRow;
use std::sync::LazyLock;

const NAME: &str = "cadastre_mark";
const SIGNATURE: &str = "cadastre_mark (pg_catalog.text)";

static MARK: LazyLock<String> =
    LazyLock::new(|| include_str!("mark.sql").replace("{nulls_not_distinct}", "i.indnullsnotdistinct,"));
/// PostgreSQL 14 has no NULLS NOT DISTINCT.
static MARK_14: LazyLock<String> = LazyLock::new(|| include_str!("mark.sql").replace("{nulls_not_distinct}", ""));

/// What a session prepares before it [`ask`]s.
pub(crate) fn prepared(session: &Session) -> (&'static str, &'static str) {
    (SIGNATURE, if session.server_version() < 150_000 { &MARK_14 } else { &MARK })
}

/// Asks for the mark of a schema: one row with one text. Equal marks are equal fingerprints (of
/// [`Options::default`](super::Options)); different marks say nothing, and so does none.
pub(crate) fn ask(schema: &str) -> Statement {
    Statement::of(format_args!("execute {NAME}({});", literal(schema)))
}

/// The answer.
pub(crate) fn answer(row: &PgRow) -> Option<String> {
    use sqlx::Row;
    let value = row.try_get_raw(0).ok().filter(|value| !value.is_null())?;
    value.as_str().ok().map(str::to_owned)
}

/// The marks of these schemas, in their order, in one message.
pub async fn marks(session: &mut Session, schemas: &[&str]) -> Result<Vec<Option<String>>> {
    let prepared = prepared(session);
    session.prepare_named(&[prepared]).await?;
    let mut message = Statement::new();
    for schema in schemas {
        message.push(format_args!("{}", ask(schema)));
    }
    Ok(session.rows(message).await?.iter().map(answer).collect())
}
