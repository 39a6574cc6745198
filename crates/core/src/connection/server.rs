//! What a server is and what this role may do there.

use serde::Serialize;

/// Facts read once on connecting.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ServerInfo {
    /// For example `16.4`.
    pub version: String,
    /// `server_version_num`, for example `160004`.
    pub version_number: i32,
    /// The database connected to.
    pub database: String,
    /// `current_user`.
    pub role: String,
    /// Host as the profile names it.
    pub host: String,
    /// Port as the profile names it.
    pub port: u16,
    /// The role is superuser.
    pub superuser: bool,
    /// The role may create schemas in this database.
    pub can_create_schema: bool,
    /// The role may create databases.
    pub can_create_db: bool,
    /// The role may create roles.
    pub can_create_role: bool,
    /// The role has the privileges of `pg_monitor`.
    pub monitor: bool,
    /// The server is a standby.
    pub standby: bool,
    /// How a connection pooler that answers in the server's place shares sessions (`session pooling`), as far as it can be told.
    /// One that shares them by transaction is refused on connecting.
    pub pooler: Option<String>,
    /// TLS version of the session, `None` in clear text.
    pub tls: Option<String>,
    /// The server refuses changes in this session: the profile, the role or a standby makes it read-only.
    pub read_only: bool,
    /// Installed extensions.
    pub extensions: Vec<Extension>,
    /// How many locks fit into the server's lock table.
    pub lock_budget: LockBudget,
}

/// An installed extension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Extension {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// `max_locks_per_transaction × (max_connections + max_prepared_transactions)`, and what is taken now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct LockBudget {
    /// Locks that fit.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub total: i64,
    /// Locks held or awaited at the time of reading.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub used: i64,
}

/// Which database of which cluster a session is in: equal for as long as it is the same one, wherever it has moved to.
pub(crate) async fn identity(session: &mut super::Session) -> crate::Result<String> {
    Ok(known_identity(session).await?.0)
}

/// The same, and whether the cluster is part of it: without that, another server's database may be called the same.
pub(crate) async fn known_identity(session: &mut super::Session) -> crate::Result<(String, bool)> {
    let statement = sqlx::query_scalar(include_str!("identity.sql")).persistent(false);
    match statement.fetch_one(session.connection()).await {
        // Everybody may read the cluster's number, unless somebody has taken that right away.
        Err(sqlx::Error::Database(e)) if e.code().as_deref() == Some("42501") => {
            let of_database = "select d.oid || '/' || d.datname from pg_catalog.pg_database d \
                               where d.datname = pg_catalog.current_database()";
            let database = sqlx::query_scalar(of_database).persistent(false).fetch_one(session.connection());
            Ok((database.await?, false))
        }
        identity => Ok((identity?, true)),
    }
}

/// Reads the facts in one round trip.
pub(super) async fn read(
    session: &mut super::Session,
    profile: &super::Profile,
    pooler: Option<String>,
) -> crate::Result<ServerInfo> {
    use sqlx::Row;
    let row = sqlx::query(include_str!("server.sql")).fetch_one(session.connection()).await?;
    let extensions: Vec<String> = row.try_get("extensions")?;
    Ok(ServerInfo {
        version: row.try_get("version")?,
        version_number: row.try_get("version_number")?,
        database: row.try_get("database")?,
        role: row.try_get("role")?,
        host: profile.host.clone(),
        port: profile.port,
        superuser: row.try_get("superuser")?,
        can_create_schema: row.try_get("can_create_schema")?,
        can_create_db: row.try_get("can_create_db")?,
        can_create_role: row.try_get("can_create_role")?,
        monitor: row.try_get("monitor")?,
        standby: row.try_get("standby")?,
        pooler,
        tls: row.try_get("tls")?,
        read_only: row.try_get("read_only")?,
        extensions: extensions
            .iter()
            .filter_map(|e| e.split_once('\t'))
            .map(|(name, version)| Extension { name: name.into(), version: version.into() })
            .collect(),
        lock_budget: LockBudget { total: row.try_get("locks_total")?, used: row.try_get("locks_used")? },
    })
}
