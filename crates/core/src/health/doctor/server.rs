//! What concerns the database and the server as a whole.

use super::{DoctorCheck, Finding, Level};
use crate::Result;
use crate::connection::Session;
use crate::sql::Statement;
use sqlx::Row;

/// Settings and ages.
pub(in crate::health) struct Server {
    pub database: String,
    pub public_create: bool,
    pub locks_per_transaction: i64,
    /// Transactions that may hold locks at a time.
    pub lock_holders: i64,
    pub xid_age: i64,
    pub xid_limit: i64,
    pub mxid_age: i64,
    pub mxid_limit: i64,
    /// Sessions of other roles show what they hold back.
    pub sees_sessions: bool,
}

impl Server {
    pub(in crate::health) async fn read(session: &mut Session) -> Result<Self> {
        let row = sqlx::query(include_str!("server.sql")).persistent(false).fetch_one(session.connection()).await?;
        Ok(Self {
            database: row.try_get("name")?,
            public_create: row.try_get("public_create")?,
            locks_per_transaction: row.try_get("locks_per_transaction")?,
            lock_holders: row.try_get("holders")?,
            xid_age: row.try_get("xid_age")?,
            xid_limit: row.try_get("xid_limit")?,
            mxid_age: row.try_get("mxid_age")?,
            mxid_limit: row.try_get("mxid_limit")?,
            sees_sessions: row.try_get("sees_sessions")?,
        })
    }
}

/// PostgreSQL 15 has taken it away; a database that was upgraded keeps it.
pub(super) fn public_create(server: &Server) -> Option<Finding> {
    server.public_create.then(|| {
        let message = format!("Every role may create objects in the schema public of {}.", server.database);
        Finding::new(DoctorCheck::PublicCreate, Level::Warning, Some("public"), "PUBLIC", message)
            .param("database", server.database.as_str())
            .fact("schema_rights", "PUBLIC: CREATE")
            .repaired_by(vec![Statement::of(format_args!("revoke create on schema public from public"))])
    })
}
