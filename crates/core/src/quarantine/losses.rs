//! What a drop takes away, and who would notice.

use crate::connection::{LockBudget, Session};
use crate::sql::{Ident, Statement, literal};
use crate::{ErrorKind, Result};
use serde::Serialize;
use sqlx::Row;
use sqlx::postgres::types::Oid;

/// Counting the rows that mention a tenant may take this long per column.
const PATIENCE: &str = "5s";

/// What a person reads before a tenant is dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Losses {
    /// Tables.
    pub tables: u32,
    /// Their rows, estimated.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: i64,
    /// Bytes of tables, TOAST and indexes, as of the last VACUUM or ANALYZE.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub size_bytes: i64,
    /// Objects of other schemas that depend on the tenant's.
    pub dependents: Vec<Dependent>,
    /// Rows in `public` that hold the schema's name. They are never changed.
    pub mentions: Vec<Mention>,
    /// Roles, besides the owners, that have rights in the schema.
    pub roles: Vec<String>,
    /// Sessions whose transaction has touched the tenant.
    pub sessions: Vec<Worker>,
    /// How many locks fit, and how many are taken.
    pub lock_budget: LockBudget,
}

/// An object elsewhere that depends on the tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Dependent {
    /// `foreign_key`, `view`, `function`, `default`, `trigger`, `policy`, `extension` …
    pub kind: String,
    /// As the server describes it.
    pub object: String,
}

/// Rows of a table in `public` that name the tenant's schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Mention {
    /// Table in `public`.
    pub table: String,
    /// Column.
    pub column: String,
    /// How many rows hold the name; none when counting took too long.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub rows: Option<i64>,
}

/// A session, or a prepared transaction, that has touched the tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Worker {
    /// Server process; 0 for a prepared transaction.
    pub pid: i32,
    /// Role.
    pub role: String,
    /// `application_name`.
    pub application: String,
    /// It may have changed rows.
    pub writes: bool,
    /// Name of the prepared transaction.
    pub prepared: Option<String>,
}

impl Worker {
    /// For messages: `psql, pid 4711`.
    pub(super) fn words(&self) -> String {
        match &self.prepared {
            Some(name) => format!("the prepared transaction {name}"),
            None if self.application.is_empty() => format!("pid {} ({})", self.pid, self.role),
            None => format!("{}, pid {} ({})", self.application, self.pid, self.role),
        }
    }
}

pub(super) async fn dependents(session: &mut Session, namespace: u32) -> Result<Vec<Dependent>> {
    let query = sqlx::query(concat!(include_str!("members.sql"), include_str!("dependents.sql")))
        .persistent(false)
        .bind(Oid(namespace));
    let rows = query.fetch_all(session.connection()).await?;
    rows.iter().map(|row| Ok(Dependent { kind: row.try_get("kind")?, object: row.try_get("object")? })).collect()
}

pub(super) async fn sessions(session: &mut Session, namespace: u32) -> Result<Vec<Worker>> {
    let query = sqlx::query(include_str!("sessions.sql")).persistent(false).bind(Oid(namespace));
    let rows = query.fetch_all(session.connection()).await?;
    rows.iter()
        .map(|row| {
            Ok(Worker {
                pid: row.try_get("pid")?,
                role: row.try_get("role")?,
                application: row.try_get("application")?,
                writes: row.try_get("writes")?,
                prepared: row.try_get("prepared")?,
            })
        })
        .collect()
}

pub(super) async fn roles(session: &mut Session, namespace: u32) -> Result<Vec<String>> {
    let query = sqlx::query(include_str!("roles.sql")).persistent(false).bind(Oid(namespace));
    let rows = query.fetch_all(session.connection()).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Rows in `public` that hold the schema's name in a column that is named for it. A reference that is named otherwise is not
/// found.
pub(super) async fn mentions(session: &mut Session, schema: &str) -> Result<Vec<Mention>> {
    let columns = sqlx::query(include_str!("mentions.sql")).persistent(false).fetch_all(session.connection()).await?;
    let public = Ident::new("public")?;
    let mut found = Vec::new();
    for row in &columns {
        let (table, column): (String, String) = (row.try_get("table")?, row.try_get("column")?);
        let name = public.qualify(&Ident::new(table.as_str())?);
        let count = Statement::of(format_args!(
            "begin read only; set local statement_timeout = '{PATIENCE}'; \
             select pg_catalog.count(*)::text from {name} x where x.{}::pg_catalog.text = {}; commit",
            Ident::new(column.as_str())?,
            literal(schema)
        ));
        let rows = match session.rows(count).await {
            Ok(rows) => rows.first().and_then(|row| row.try_get_raw(0).ok()?.as_str().ok()?.parse().ok()),
            // Too slow, locked, or behind a policy that refuses: not counted, but said.
            Err(error) if error.sqlstate().is_some() => {
                session.execute("rollback").await?;
                None
            }
            Err(error) => return Err(error),
        };
        if rows != Some(0) {
            found.push(Mention { table, column, rows });
        }
    }
    Ok(found)
}

/// How many locks fit into the server's table, and how many are taken at this moment.
pub(super) async fn lock_budget(session: &mut Session) -> Result<LockBudget> {
    let row = sqlx::query(include_str!("locks.sql")).persistent(false).fetch_one(session.connection()).await?;
    Ok(LockBudget { total: row.try_get("total")?, used: row.try_get("used")? })
}

/// A text that is the same for as long as the schema holds the same relations.
pub(super) async fn state(session: &mut Session, namespace: u32) -> Result<String> {
    let query = sqlx::query(include_str!("state.sql")).persistent(false).bind(Oid(namespace));
    Ok(query.fetch_one(session.connection()).await?.try_get(0)?)
}

/// The name that a schema has at this moment.
pub(super) async fn name_of(session: &mut Session, namespace: u32) -> Result<Option<String>> {
    let query = "select n.nspname::text from pg_catalog.pg_namespace n where n.oid = $1";
    let row = sqlx::query(query).persistent(false).bind(Oid(namespace)).fetch_optional(session.connection()).await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

/// There is a schema of this name.
pub(super) async fn exists(session: &mut Session, schema: &str) -> Result<bool> {
    let query = "select exists (select from pg_catalog.pg_namespace n where n.nspname = $1)";
    let found = sqlx::query_scalar(query).persistent(false).bind(schema);
    Ok(found.fetch_one(session.connection()).await?)
}

/// # Errors
/// [`ErrorKind::PermissionDenied`] where the role may not rename the schema.
pub(super) async fn require_owner(session: &mut Session, namespace: u32, schema: &str, role: &str) -> Result<()> {
    let query = "select pg_catalog.pg_has_role(n.nspowner, 'USAGE') \
                 and pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') \
                 from pg_catalog.pg_namespace n where n.oid = $1";
    let row = sqlx::query(query).persistent(false).bind(Oid(namespace)).fetch_optional(session.connection()).await?;
    match row.map(|row| row.try_get::<bool, _>(0)).transpose()? {
        Some(true) => Ok(()),
        Some(false) => {
            let action = format!("rename {schema}: that takes its owner, and CREATE on the database");
            Err(ErrorKind::PermissionDenied { role: role.to_owned(), action }.into())
        }
        None => Err(ErrorKind::TenantMissing { name: schema.to_owned() }.into()),
    }
}
