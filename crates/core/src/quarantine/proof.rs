//! What is in quarantine is what the backup holds.

use super::losses::{self, Worker};
use super::record::Summary;
use crate::connection::Session;
use crate::content::{self, TableContent};
use crate::{ErrorKind, Result};
use sqlx::Row;
use sqlx::postgres::types::Oid;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// A transaction that began before the tenant was renamed may take this long to end.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at it.
const PAUSE: Duration = Duration::from_millis(100);

/// Waits until no transaction runs any more that can have changed rows of the schema. Whoever comes after the rename does not
/// find the tenant; who was in it before still holds the lock that it changes rows under.
///
/// # Errors
/// [`ErrorKind::TenantInUse`] naming who did not end within `patience`; [`ErrorKind::Cancelled`].
pub(super) async fn wait_for_writers(
    session: &mut Session,
    namespace: u32,
    schema: &str,
    patience: Duration,
    cancel: &CancellationToken,
) -> Result<()> {
    let until = tokio::time::Instant::now() + patience;
    loop {
        let writers: Vec<Worker> =
            losses::sessions(session, namespace).await?.into_iter().filter(|worker| worker.writes).collect();
        let Some(first) = writers.first() else { return Ok(()) };
        if tokio::time::Instant::now() >= until {
            let others = match writers.len() {
                1 => String::new(),
                count => format!(", and {} more", count - 1),
            };
            let holder = format!("{}{others}", first.words());
            return Err(ErrorKind::TenantInUse { schema: schema.to_owned(), holder }.into());
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = cancel.cancelled() => return Err(ErrorKind::Cancelled.into()),
        }
    }
}

/// Rows and digest of every table, each batch of tables in a transaction of its own.
pub(super) async fn read(
    session: &mut Session,
    namespace: u32,
    schema: &str,
    cancel: &CancellationToken,
) -> Result<Vec<TableContent>> {
    let tables = tables(session, namespace).await?;
    let budget = losses::lock_budget(session).await?;
    let share = usize::try_from((budget.total - budget.used) / 3).unwrap_or_default().clamp(20, 2000);
    let mut found = Vec::with_capacity(tables.len());
    let mut rest = tables.as_slice();
    while !rest.is_empty() {
        let (mut locks, mut count) = (0, 0);
        while count < rest.len() && (count == 0 || locks + rest[count].1 <= share) {
            locks += rest[count].1;
            count += 1;
        }
        let (batch, others) = rest.split_at(count);
        rest = others;
        let names: Vec<String> = batch.iter().map(|(name, _)| name.clone()).collect();
        content::begin_snapshot(session).await?;
        let content = content::content_in(session, schema, Some(&names), &|_| !cancel.is_cancelled()).await?;
        session.execute("commit").await?;
        found.extend(content.tables);
    }
    Ok(found)
}

/// Names of the tables that a backup holds, and about how many locks reading each takes.
async fn tables(session: &mut Session, namespace: u32) -> Result<Vec<(String, usize)>> {
    let query = sqlx::query(include_str!("tables.sql")).persistent(false).bind(Oid(namespace));
    let rows = query.fetch_all(session.connection()).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("name")?, usize::try_from(row.try_get::<i64, _>("locks")?).unwrap_or(1))))
        .collect()
}

/// The first table in which the two differ, and how.
pub(super) fn difference<'a>(
    backup: impl Iterator<Item = (&'a str, u64, &'a str)>,
    now: &'a [TableContent],
) -> Option<(String, String)> {
    let mut saved: BTreeMap<&str, (u64, &str)> = backup.map(|(name, rows, digest)| (name, (rows, digest))).collect();
    for table in now {
        match saved.remove(table.table.as_str()) {
            None => return Some((table.table.clone(), "it was made after the backup".into())),
            Some((rows, _)) if rows != table.rows => {
                return Some((table.table.clone(), format!("{rows} rows in the backup, {} now", table.rows)));
            }
            Some((_, digest)) if digest != table.digest => {
                return Some((table.table.clone(), "the rows are not the same".into()));
            }
            Some(_) => {}
        }
    }
    saved.into_keys().next().map(|name| (name.to_owned(), "it is gone".into()))
}

/// What the record keeps of it.
pub(super) fn summary(tables: &[TableContent]) -> Summary {
    Summary::of(tables.iter().map(|t| (t.table.as_str(), t.rows, t.digest.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_difference_is_named() {
        let now = |tables: &[(&str, u64, &str)]| -> Vec<TableContent> {
            tables
                .iter()
                .map(|(name, rows, digest)| TableContent {
                    table: (*name).into(),
                    rows: *rows,
                    digest: (*digest).into(),
                })
                .collect()
        };
        let backup = [("a", 1, "x"), ("b", 2, "y")];
        let look = |tables: &[(&str, u64, &str)]| difference(backup.iter().copied(), &now(tables)).map(|(t, _)| t);
        assert_eq!(look(&[("b", 2, "y"), ("a", 1, "x")]), None);
        assert_eq!(look(&[("a", 1, "x"), ("b", 3, "y")]), Some("b".into()));
        assert_eq!(look(&[("a", 1, "z"), ("b", 2, "y")]), Some("a".into()));
        assert_eq!(look(&[("a", 1, "x")]), Some("b".into()));
        assert_eq!(look(&[("a", 1, "x"), ("b", 2, "y"), ("c", 0, "")]), Some("c".into()));
    }
}
