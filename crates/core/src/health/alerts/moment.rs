//! What goes on in the server at this moment.

use super::alert::AlertItem;
use crate::Result;
use crate::connection::Session;
use sqlx::Row;

/// What holds up the server.
#[derive(Debug, Default)]
pub(super) struct Moment {
    /// Open transactions, the longest first.
    pub transactions: Vec<AlertItem>,
    /// Sessions that wait for a lock, the longest first.
    pub blocked: Vec<AlertItem>,
    /// Connections in use.
    pub connections: i64,
    /// Connections that ordinary roles may have in all.
    pub limit: i64,
    /// Sessions of which this role may not see since when their transaction is open.
    pub unseen: u32,
}

/// Reads it. One query.
///
/// # Errors
/// What the connection reports.
pub(super) async fn read(session: &mut Session) -> Result<Moment> {
    let rows = sqlx::query(include_str!("moment.sql")).persistent(false).fetch_all(session.connection()).await?;
    let mut moment = Moment::default();
    for row in &rows {
        let (kind, seconds): (&str, Option<i64>) = (row.try_get("kind")?, row.try_get("seconds")?);
        if !row.try_get::<bool, _>("seen")? {
            moment.unseen += 1;
            continue;
        }
        let (pid, role): (Option<String>, Option<String>) = (row.try_get("pid")?, row.try_get("role")?);
        let Some(seconds) = seconds else { continue };
        let object = [pid.map(|pid| if pid.starts_with("prepared ") { pid } else { format!("pid {pid}") }), role];
        let object = Some(object.into_iter().flatten().collect::<Vec<_>>().join(", "));
        let item = AlertItem { object, number: Some(seconds), ..AlertItem::default() };
        match kind {
            "long_transaction" => moment.transactions.push(item),
            "blocked" => moment.blocked.push(item),
            "connections" => moment.connections = seconds,
            _ => moment.limit = seconds,
        }
    }
    Ok(moment)
}
