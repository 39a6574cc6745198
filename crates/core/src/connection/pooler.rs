//! Whether something between here and the server shares the server's sessions.
//!
//! A pooler does not say that it is there. But it answers the start-up packet itself, and repeats to the server by a
//! statement what the packet held; the server remembers who has set a setting. Two connections then tell how sessions
//! are shared: if both meet the same server process, each transaction may meet another one, and every setting made
//! there would be somebody else's as well. That is found out before anything is set.

use super::Profile;
use crate::{Error, ErrorKind, Result};
use sqlx::Row;
use sqlx::postgres::PgConnection;

/// What is between here and the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    /// Nothing that matters.
    Direct,
    /// A pooler that keeps a server session for as long as ours lasts.
    SessionPooler,
}

impl Route {
    pub fn pooler(self) -> Option<String> {
        match self {
            Self::Direct => None,
            Self::SessionPooler => Some("session pooling".into()),
        }
    }
}

/// Whether the server has read our own start-up packet.
pub(super) async fn is_direct(connection: &mut PgConnection) -> Result<bool> {
    let query = "select s.source from pg_catalog.pg_settings s where s.name = 'application_name'";
    Ok(text(connection, query).await? == "client")
}

/// How a pooler shares sessions.
///
/// # Errors
/// [`ErrorKind::PoolerSharesSessions`] when two connections of ours meet in one server process, or one does not keep its own.
pub(super) async fn find_out(one: &mut PgConnection, other: &mut PgConnection, profile: &Profile) -> Result<Route> {
    const BACKEND: &str = "select pg_catalog.pg_backend_pid()::text";
    let first = text(one, BACKEND).await?;
    // More than once: in a busy pool a shared process may be taken at the moment.
    for _ in 0..4 {
        if text(other, BACKEND).await? == first || text(one, BACKEND).await? != first {
            let (host, port) = (profile.host.clone(), profile.port);
            return Err(ErrorKind::PoolerSharesSessions { host, port }.into());
        }
    }
    Ok(Route::SessionPooler)
}

/// By the simple protocol: a statement prepared in a shared session would not be found again.
async fn text(connection: &mut PgConnection, query: &'static str) -> Result<String> {
    let row = sqlx::raw_sql(query).fetch_one(connection).await.map_err(Error::from)?;
    Ok(row.try_get_raw(0)?.as_str().unwrap_or_default().to_owned())
}
