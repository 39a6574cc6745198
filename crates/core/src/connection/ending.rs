//! Ending sessions of others, and seeing that they are gone.

use super::Session;
use crate::Result;
use std::time::Duration;

/// Looks of [`PAUSE`] each: whoever had connected just before may appear a moment later, and who ends takes a moment for it.
const LOOKS: u32 = 50;
const PAUSE: Duration = Duration::from_millis(100);

/// Which sessions of this database.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ending<'a> {
    /// All of these roles.
    OfRoles(&'a [&'a str]),
    /// The one of a process that began at this moment, since the server uses the numbers of processes again.
    Session {
        /// The process.
        pid: i32,
        /// `pg_stat_activity.backend_start`, to the microsecond.
        started: &'a str,
    },
    /// The same, which is not ended: what it runs is cancelled, as long as it is the statement that began at this moment.
    Statement {
        /// The process.
        pid: i32,
        /// `pg_stat_activity.backend_start`, to the microsecond.
        started: &'a str,
        /// `pg_stat_activity.query_start`, to the microsecond.
        query: &'a str,
    },
}

/// What became of sessions that were to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ended {
    /// How many there were.
    pub ended: i64,
    /// None is left.
    pub gone: bool,
}

/// Ends sessions, or what they run, and looks until none is left, for 5 s at most.
///
/// # Errors
/// What the server says to somebody who may not.
pub(crate) async fn end(session: &mut Session, which: Ending<'_>) -> Result<Ended> {
    let (roles, pid, started, query) = match which {
        Ending::OfRoles(roles) => (Some(roles), None, None, None),
        Ending::Session { pid, started } => (None, Some(pid), Some(started), None),
        Ending::Statement { pid, started, query } => (None, Some(pid), Some(started), Some(query)),
    };
    let mut ended = 0;
    for look in 0..LOOKS {
        if look > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        let statement = sqlx::query_scalar::<_, i64>(include_str!("end.sql")).persistent(false);
        let statement = statement.bind(roles).bind(pid).bind(query.is_none()).bind(started).bind(query);
        let there = statement.fetch_one(session.connection()).await?;
        if there == 0 {
            return Ok(Ended { ended, gone: true });
        }
        ended = ended.max(there);
    }
    Ok(Ended { ended, gone: false })
}
