//! One view of a tenant for everything that reads it: our own session, and `pg_dump` beside it.

use crate::connection::{Database, Session};
use crate::content::{self, SequenceState};
use crate::shape::{self, Options};
use crate::sql::Ident;
use crate::{ErrorKind, Result};
use sqlx::Row;
use sqlx::postgres::types::Oid;

/// Tables that one `LOCK` statement names.
const LOCKED_AT_ONCE: usize = 500;

/// A schema as the catalogs have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Schema {
    pub oid: u32,
    /// The tenant's display name.
    pub name: String,
    /// This role may do what its owner may.
    pub owned: bool,
}

/// The schema of this name.
///
/// # Errors
/// [`ErrorKind::TenantMissing`].
pub(super) async fn schema(session: &mut Session, name: &str) -> Result<Schema> {
    find_schema(session, name).await?.ok_or_else(|| ErrorKind::TenantMissing { name: name.to_owned() }.into())
}

pub(super) async fn find_schema(session: &mut Session, name: &str) -> Result<Option<Schema>> {
    let query = sqlx::query(include_str!("schema.sql")).persistent(false).bind(name);
    let row = query.fetch_optional(session.connection()).await?;
    row.map(|row| {
        Ok(Schema { oid: row.try_get::<Oid, _>("oid")?.0, name: row.try_get("name")?, owned: row.try_get("owned")? })
    })
    .transpose()
}

/// Locks that making all of the schema's relations takes, about.
pub(super) async fn locks(session: &mut Session, schema: u32) -> Result<i64> {
    let query = sqlx::query(include_str!("locks.sql")).persistent(false).bind(Oid(schema));
    Ok(query.fetch_one(session.connection()).await?.try_get("locks")?)
}

/// Begins a transaction that keeps others from changing the tables' structure, and returns the name by which another
/// session can share its snapshot.
///
/// # Errors
/// [`ErrorKind::TenantMissing`], [`ErrorKind::PermissionDenied`], [`ErrorKind::LockTimeout`].
pub(super) async fn open(database: &Database, session: &mut Session, name: &str) -> Result<(Schema, String)> {
    let before = schema(session, name).await?;
    let relations = content::relations(session, before.oid).await?;
    content::begin_snapshot(session).await?;
    session.execute("set local idle_in_transaction_session_timeout = 0").await?;
    let quoted = Ident::new(name)?;
    for some in relations.chunks(LOCKED_AT_ONCE) {
        if let Some(lock) = content::lock_statement(&quoted, some)? {
            let locked = session.execute(lock).await;
            locked.map_err(|error| content::read_failure(error, Some(&database.server().role), name, "*"))?;
        }
    }
    // The first question takes the snapshot, after the locks.
    let row = sqlx::query("select pg_catalog.pg_export_snapshot()").persistent(false);
    let snapshot: String = row.fetch_one(session.connection()).await?.try_get(0)?;
    let now = schema(session, name).await?;
    if now.oid != before.oid {
        return Err(ErrorKind::PlanStale { what: format!("the schema {name}") }.into());
    }
    Ok((now, snapshot))
}

/// Where the sequences stand now: whatever the transaction's snapshot, a sequence shows its newest state.
pub(super) async fn sequences(session: &mut Session, name: &str) -> Result<Vec<SequenceState>> {
    Ok(content::content_in(session, name, Some(&[]), &|_| true).await?.sequences)
}

/// The fingerprints of a schema's structure, without grants and with them, and without what no archive holds. The session is in
/// a transaction.
pub(super) async fn shapes(session: &mut Session, name: &str) -> Result<(String, String)> {
    let mut shape = shape::read_in(session, name).await?;
    shape.take_unfinished_indexes();
    let of = |grants| shape.fingerprint(Options { column_order: true, grants }).to_string();
    Ok((of(false), of(true)))
}
