//! What a REINDEX CONCURRENTLY leaves behind when it does not come to its end.

use super::table::{self, Index};
use crate::Result;
use crate::connection::{Database, Purpose};
use crate::sql::Statement;
use std::time::Duration;

/// So often it is looked whether somebody is still at work, and so long it is waited each time.
const LOOKS: u32 = 10;
const BETWEEN: Duration = Duration::from_millis(100);

/// Removes the unfinished indexes of a table, in a session of its own: that of the run may just be cancelled. Comes back with those that are
/// still there.
pub(super) async fn remove(database: &Database, namespace: u32, oid: u32) -> Result<Vec<Index>> {
    let mut session = database.session(Purpose::Maintain).await?;
    // Whoever cancels waits for this.
    session.execute("set lock_timeout = '2s'; set statement_timeout = '4s'").await?;
    let of_table = |indexes: Vec<Index>| -> Vec<Index> {
        indexes.into_iter().filter(|index| index.table == oid && index.is_leftover()).collect()
    };
    let mut found = of_table(table::indexes(&mut session, &[namespace]).await?);
    // A server says that it gave up before it gives its locks back: our own may be at work for another moment.
    for _ in 1..LOOKS {
        if !found.iter().any(|index| index.busy) {
            break;
        }
        tokio::time::sleep(BETWEEN).await;
        found = of_table(table::indexes(&mut session, &[namespace]).await?);
    }
    for index in found.iter().filter(|index| !index.constrains && !index.busy) {
        let drop = Statement::of(format_args!("drop index concurrently if exists {}", index.qualified()?));
        if let Err(error) = session.execute(drop).await {
            tracing::warn!(code = error.kind().code(), "an unfinished index could not be removed");
        }
    }
    let left = if found.is_empty() { found } else { of_table(table::indexes(&mut session, &[namespace]).await?) };
    session.close().await;
    Ok(left)
}
