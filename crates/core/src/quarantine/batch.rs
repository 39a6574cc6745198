//! Removing what a schema holds, in transactions that fit into the server's lock table.

use super::graph::{self, Address, Object};
use super::losses;
use super::seal::{LOCK_TIMEOUT, roll_back};
use crate::connection::Session;
use crate::sql::Statement;
use crate::{Error, ErrorKind, Result};
use sqlx::Row;
use sqlx::postgres::types::Oid;
use std::collections::HashMap;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// A batch never takes more locks than this, however many are free: a short transaction stands in nobody's way.
const LARGEST: usize = 1_500;
/// How often a batch is tried again after a lock time-out or a deadlock.
const TRIES: u32 = 30;
const PAUSE: Duration = Duration::from_millis(500);
/// Objects that appear while a purge goes on are removed in a further round; not for ever.
const ROUNDS: u32 = 4;

/// Statements of one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) statement: Statement,
    /// Objects that it removes.
    pub(super) objects: usize,
}

/// How many locks a batch may take: half of those that are free.
pub(super) async fn share(session: &mut Session) -> Result<usize> {
    let budget = losses::lock_budget(session).await?;
    Ok(usize::try_from((budget.total - budget.used) / 2).unwrap_or_default().clamp(1, LARGEST))
}

/// A foreign key, and how it is removed.
struct ForeignKey {
    statement: String,
    elsewhere: bool,
    locks: usize,
}

/// Foreign keys, each of which ties two tables together. Those that lead out of the schema are removed one by one, since each
/// locks a table of somebody else's.
pub(super) async fn foreign_keys(session: &mut Session, namespace: u32, share: usize) -> Result<Vec<Batch>> {
    let query = sqlx::query(include_str!("foreign_keys.sql")).persistent(false).bind(Oid(namespace));
    let rows = query.fetch_all(session.connection()).await?;
    let mut batches: Vec<(Batch, usize, bool)> = Vec::new();
    for row in &rows {
        let key = ForeignKey {
            statement: row.try_get("statement")?,
            elsewhere: row.try_get("elsewhere")?,
            locks: usize::try_from(row.try_get::<i64, _>("locks")?).unwrap_or(share),
        };
        match batches.last_mut() {
            Some((batch, locks, false)) if !key.elsewhere && *locks + key.locks <= share => {
                batch.statement.push(format_args!("{};\n", key.statement));
                batch.objects += 1;
                *locks += key.locks;
            }
            _ => {
                let statement = Statement::of(format_args!("{};\n", key.statement));
                batches.push((Batch { statement, objects: 1 }, key.locks, key.elsewhere));
            }
        }
    }
    Ok(batches.into_iter().map(|(batch, ..)| batch).collect())
}

/// Ordered objects as statements, several of one kind in each. Nothing is ever removed along with them: `restrict` is what the
/// server does unless told otherwise, and it is told.
pub(super) fn batches(ordered: &[Object], share: usize) -> Vec<Batch> {
    let mut batches: Vec<(Batch, usize)> = Vec::new();
    let mut rest = ordered;
    while let Some(first) = rest.first() {
        let (mut locks, mut count) = (0, 0);
        while let Some(next) = rest.get(count)
            && next.kind == first.kind
            && (count == 0 || (takes_list(&first.kind) && locks + next.locks <= share))
        {
            locks += next.locks;
            count += 1;
        }
        let names: Vec<&str> = rest[..count].iter().map(|object| object.identity.as_str()).collect();
        let statement = Statement::of(format_args!("drop {} if exists {} restrict;\n", first.kind, names.join(", ")));
        rest = &rest[count..];
        match batches.last_mut() {
            Some((batch, taken)) if *taken + locks <= share => {
                batch.statement.push(format_args!("{statement}"));
                batch.objects += count;
                *taken += locks;
            }
            _ => batches.push((Batch { statement, objects: count }, locks)),
        }
    }
    batches.into_iter().map(|(batch, _)| batch).collect()
}

/// `drop operator class a, b` is not in the language.
fn takes_list(kind: &str) -> bool {
    !matches!(kind, "operator class" | "operator family" | "collation" | "conversion" | "cast")
        && !kind.starts_with("text search")
}

/// Removes everything that is in the schema. Each batch is a transaction of its own, so that whoever comes after a crash finds
/// less to do and nothing else.
pub(super) async fn empty(
    session: &mut Session,
    namespace: u32,
    cancel: &CancellationToken,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<()> {
    let mut share = share(session).await?;
    let mut failure = None;
    for _ in 0..ROUNDS {
        match round(session, namespace, share, cancel, progress).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            // out_of_memory: the lock table is full, since others have taken locks in the meantime.
            Err(error) if error.sqlstate() == Some("53200") && share > 1 => {
                share = (share / 2).max(1);
                failure = Some(error);
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => return Err(error),
        }
    }
    Err(failure.unwrap_or_else(|| ErrorKind::Concurrent.into()))
}

/// One look at what is there, and its removal; says whether nothing was left to look at.
async fn round(
    session: &mut Session,
    namespace: u32,
    share: usize,
    cancel: &CancellationToken,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<bool> {
    for batch in foreign_keys(session, namespace, share).await? {
        send(session, &batch, cancel).await?;
    }
    let (ordered, circle) = graph::read(session, namespace).await?.order();
    if ordered.is_empty() && circle.is_empty() {
        return Ok(true);
    }
    for batch in batches(&ordered, share) {
        send(session, &batch, cancel).await?;
        progress(batch.objects);
    }
    if circle.is_empty() {
        return Ok(false);
    }
    for batch in knots(session, namespace, &circle).await? {
        send(session, &batch, cancel).await?;
    }
    Ok(false)
}

/// What ties objects to each other in a circle: defaults, conditions, triggers, policies and indexes that call the schema's own
/// functions, each taken off its table.
async fn knots(session: &mut Session, namespace: u32, circle: &[Object]) -> Result<Vec<Batch>> {
    let query = sqlx::query(include_str!("knots.sql")).persistent(false).bind(Oid(namespace));
    let rows = query.fetch_all(session.connection()).await?;
    let mut statements: HashMap<Address, String> = HashMap::new();
    for row in &rows {
        let address = (row.try_get::<i64, _>("class")? as u32, row.try_get::<i64, _>("object")? as u32);
        statements.insert(address, row.try_get("statement")?);
    }
    let routines: Vec<Address> = circle
        .iter()
        .filter(|o| !matches!(o.kind.as_str(), "table" | "foreign table"))
        .map(|object| object.address)
        .collect();
    let graph = graph::read(session, namespace).await?;
    let mut tying: Vec<Address> = graph
        .edges
        .iter()
        .filter(|(_, on, kind)| *kind == 'n' && routines.contains(on))
        .map(|(part, ..)| *part)
        .filter(|part| statements.contains_key(part))
        .collect();
    tying.sort_unstable();
    tying.dedup();
    if tying.is_empty() {
        let names: Vec<&str> = circle.iter().take(5).map(|object| object.identity.as_str()).collect();
        let message = format!("these depend on each other: {}", names.join(", "));
        return Err(ErrorKind::Internal { what: message }.into());
    }
    let batch =
        |part: &Address| Batch { statement: Statement::of(format_args!("{};\n", statements[part])), objects: 0 };
    Ok(tying.iter().map(batch).collect())
}

/// Sends a batch as one transaction, again and again while others hold locks.
pub(super) async fn send(session: &mut Session, batch: &Batch, cancel: &CancellationToken) -> Result<()> {
    let mut message = Statement::of(format_args!("begin;\nset local lock_timeout = '{LOCK_TIMEOUT}';\n"));
    // Warnings about what is not there any more would travel for nothing.
    message.push(format_args!("set local client_min_messages = error;\n{}commit", batch.statement));
    for attempt in 1.. {
        if cancel.is_cancelled() {
            return Err(ErrorKind::Cancelled.into());
        }
        let Err(error) = session.execute(&message).await else { return Ok(()) };
        if error.sqlstate().is_some() {
            roll_back(session).await;
        }
        let again = matches!(error.kind(), ErrorKind::LockTimeout { .. } | ErrorKind::Deadlock | ErrorKind::Concurrent);
        if !again || attempt == TRIES {
            return Err(blocked(error));
        }
        tokio::select! { () = tokio::time::sleep(PAUSE) => {}, () = cancel.cancelled() => {} }
    }
    Ok(())
}

/// Something elsewhere has come to depend on the tenant: the server names it in the detail.
fn blocked(error: Error) -> Error {
    match error.sqlstate() {
        // dependent_objects_still_exist
        Some("2BP01") => {
            let objects = error.detail_text().unwrap_or_default().lines().take(10).collect::<Vec<_>>().join("; ");
            error.as_kind(ErrorKind::DependentsElsewhere { objects })
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects(kinds: &[(&str, usize)]) -> Vec<Object> {
        let object = |(n, (kind, locks)): (usize, &(&str, usize))| Object {
            address: (1, n as u32),
            kind: (*kind).into(),
            identity: format!("s.o{n}"),
            locks: *locks,
        };
        kinds.iter().enumerate().map(object).collect()
    }

    #[test]
    fn batches_fit_and_are_in_order() {
        let made = batches(&objects(&[("table", 4); 5]), 10);
        assert_eq!(made.iter().map(|b| b.objects).collect::<Vec<_>>(), [2, 2, 1]);
        assert_eq!(made[0].statement.text(), "drop table if exists s.o0, s.o1 restrict;\n");
    }

    #[test]
    fn an_object_that_alone_is_too_large_has_a_batch_of_its_own() {
        let made = batches(&objects(&[("table", 4), ("table", 400), ("table", 4)]), 10);
        assert_eq!(made.iter().map(|b| b.objects).collect::<Vec<_>>(), [1, 1, 1]);
    }

    #[test]
    fn small_statements_of_several_kinds_share_a_transaction() {
        let made = batches(&objects(&[("view", 4), ("table", 4), ("collation", 1), ("collation", 1)]), 10);
        assert_eq!(made.len(), 1);
        assert_eq!(made[0].statement.text().lines().count(), 4);
    }
}
