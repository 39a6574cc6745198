//! Roles that belong to one tenant.

use crate::Result;
use crate::connection::Session;
use sqlx::Row;
use std::collections::HashMap;

/// A role that can connect and uses one tenant only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OwnRole {
    pub role: String,
    /// It has the rights of the schema's owner, by itself or as a member.
    pub owns: bool,
    /// It may read every table of the server's databases (`pg_read_all_data`).
    pub reads_all: bool,
    /// The connected role may alter it.
    pub alterable: bool,
    pub comment: Option<String>,
    /// Its sessions in this database.
    pub sessions: i64,
}

/// The own roles of these schemas, by OID. `tenants` are the schemas of all tenants: a role that uses something that is none of
/// them, such as what all share, still belongs to the one tenant that it uses. One query.
pub(crate) async fn own_roles(
    session: &mut Session,
    namespaces: &[u32],
    tenants: &[u32],
) -> Result<HashMap<u32, Vec<OwnRole>>> {
    let numbers = |oids: &[u32]| -> Vec<i64> { oids.iter().map(|oid| i64::from(*oid)).collect() };
    let query = sqlx::query(include_str!("own.sql")).persistent(false);
    let query = query.bind(numbers(namespaces)).bind(numbers(tenants));
    let mut own: HashMap<u32, Vec<OwnRole>> = HashMap::new();
    for row in query.fetch_all(session.connection()).await? {
        let role = OwnRole {
            role: row.try_get("role")?,
            owns: row.try_get("owns")?,
            reads_all: row.try_get("reads_all")?,
            alterable: row.try_get("alterable")?,
            comment: row.try_get("comment")?,
            sessions: row.try_get("sessions")?,
        };
        own.entry(row.try_get::<i64, _>("namespace")? as u32).or_default().push(role);
    }
    Ok(own)
}
