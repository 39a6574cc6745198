//! The lock that a tenant's turn holds on the server: one run at a time, whichever computer it comes from.

use crate::connection::Session;
use crate::sql::{Statement, literal};
use crate::{ErrorKind, Result};
use sqlx::Row;
use sqlx::postgres::PgRow;

/// First key of the advisory locks that keep two runs off one tenant; the second is the hash of the schema's name.
pub(crate) const LOCK_CLASS: i32 = 0x0CAD_A57E;

/// Begins a transaction that has the tenant to itself, as far as other runs are concerned.
///
/// # Errors
/// [`ErrorKind::TenantBusy`] naming who has it; what the connection reports.
pub(crate) async fn enter(session: &mut Session, schema: &str, lock_timeout: &str) -> Result<()> {
    let begin = Statement::of(format_args!(
        "begin; set local lock_timeout = {}; \
         select pg_catalog.pg_try_advisory_xact_lock({LOCK_CLASS}, pg_catalog.hashtext({}))::text",
        literal(lock_timeout),
        literal(schema)
    ));
    require(session, begin, schema).await
}

/// Keeps other runs off a schema until the session ends.
///
/// # Errors
/// As those of [`enter`].
pub(crate) async fn hold(session: &mut Session, schema: &str) -> Result<()> {
    let lock = Statement::of(format_args!(
        "select pg_catalog.pg_try_advisory_lock({LOCK_CLASS}, pg_catalog.hashtext({}))::text",
        literal(schema)
    ));
    require(session, lock, schema).await
}

async fn require(session: &mut Session, question: Statement, schema: &str) -> Result<()> {
    let rows = session.rows(question).await?;
    if rows.first().and_then(text).as_deref() == Some("true") {
        return Ok(());
    }
    let holder = holder(session, schema).await.unwrap_or_else(|| "another session".into());
    Err(ErrorKind::TenantBusy { schema: schema.to_owned(), holder }.into())
}

/// Who holds the tenant's lock: `application_name, pid`.
pub(crate) async fn holder(session: &mut Session, schema: &str) -> Option<String> {
    let question = Statement::of(format_args!(
        "select coalesce(nullif(a.application_name, ''), 'a session') || ', pid ' || l.pid \
         from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a on a.pid = l.pid \
         where l.locktype = 'advisory' and l.granted and l.classid::int8 = {} \
         and l.objid::int8 = (pg_catalog.hashtext({})::int8 & 4294967295)",
        LOCK_CLASS,
        literal(schema)
    ));
    text(session.rows(question).await.ok()?.first()?)
}

fn text(row: &PgRow) -> Option<String> {
    row.try_get_raw(0).ok().and_then(|value| value.as_str().ok().map(str::to_owned))
}
