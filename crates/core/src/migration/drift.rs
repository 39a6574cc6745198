//! Which tenants are not built like the others, before anything begins.

use crate::Result;
use crate::connection::Database;
use crate::shape::{self, Options};
use std::collections::{HashMap, HashSet};

/// So many kinds of tenants are told from each other, the frequent ones first.
const KINDS: usize = 50;
/// SQLSTATE of a lock that was waited for in vain.
const LOCK_NOT_AVAILABLE: &str = "55P03";

/// What the tenants of a plan look like.
#[derive(Debug, Default, Clone)]
pub(super) struct Drift {
    /// The smallest tenant that looks like most of those that take the same steps as most.
    pub lead: Option<String>,
    /// … and those of them that do not.
    pub drifted: Vec<String>,
    /// The mark of every tenant that has one.
    pub marks: HashMap<String, String>,
    /// The database runs functions of its own whenever a structure changes.
    pub event_triggers: bool,
}

/// Looks at tenants: each group takes the same steps from the same history, and is ordered by size. Whoever has a table of a
/// tenant for himself is not waited for; that tenant is looked at in its turn.
///
/// # Errors
/// What the server reports.
pub(super) async fn look(database: &Database, groups: Vec<Vec<&str>>) -> Result<Drift> {
    match look_at_once(database, groups).await {
        // Somebody came just now.
        Err(e) if e.sqlstate() == Some(LOCK_NOT_AVAILABLE) => Ok(Drift { event_triggers: true, ..Drift::default() }),
        looked => looked,
    }
}

/// Schemas that nobody can look into at this moment.
pub(super) async fn busy(database: &Database) -> Result<HashSet<String>> {
    let mut session = database.catalog().await?;
    let busy = sqlx::query_scalar(include_str!("busy.sql")).persistent(false).fetch_all(session.connection()).await?;
    Ok(busy.into_iter().collect())
}

async fn look_at_once(database: &Database, mut groups: Vec<Vec<&str>>) -> Result<Drift> {
    if groups.iter().map(Vec::len).sum::<usize>() < 2 {
        return Ok(Drift::default());
    }
    let busy = busy(database).await?;
    groups.iter_mut().for_each(|group| group.retain(|schema| !busy.contains(*schema)));
    let schemas = groups.concat();
    let marks = shape::marks_of_fleet(database, &schemas).await?;
    let marks = schemas.iter().zip(marks).filter_map(|(schema, mark)| Some(((*schema).to_owned(), mark?)));
    let mut drift = Drift { marks: marks.collect(), ..Drift::default() };
    let triggers = "select exists (select from pg_catalog.pg_event_trigger t where t.evtenabled <> 'D')";
    drift.event_triggers = sqlx::query_scalar(triggers).fetch_one(database.catalog().await?.connection()).await?;
    let Some(group) = groups.iter().max_by_key(|group| group.len()).filter(|group| group.len() > 1) else {
        return Ok(drift);
    };
    // Tenants of one kind; who has no mark is a kind of its own.
    let mut kinds: Vec<Vec<&str>> = Vec::new();
    let mut by_mark: HashMap<&str, usize> = HashMap::new();
    for schema in group {
        let kind = match drift.marks.get(*schema) {
            Some(mark) => *by_mark.entry(mark).or_insert(kinds.len()),
            None => kinds.len(),
        };
        if kind == kinds.len() {
            kinds.push(Vec::new());
        }
        kinds[kind].push(schema);
    }
    kinds.sort_by_key(|kind| std::cmp::Reverse(kind.len()));
    kinds.truncate(KINDS);
    let like = match kinds.as_slice() {
        [_] => vec![true],
        _ => majority(database, &kinds).await?,
    };
    let of = |wanted: bool| {
        let kinds = kinds.iter().zip(&like).filter(move |(_, like)| **like == wanted);
        kinds.flat_map(|(kind, _)| kind).copied()
    };
    let built_alike: HashSet<&str> = of(true).collect();
    let lead = group.iter().find(|schema| built_alike.contains(*schema)).map(|schema| (*schema).to_owned());
    let mut drifted: Vec<String> = of(false).map(str::to_owned).collect();
    drifted.sort_unstable();
    (drift.lead, drift.drifted) = (lead, drifted);
    Ok(drift)
}

/// Which of these kinds look like most tenants do; different marks may still be equal fingerprints. Of equally many the
/// first counts.
async fn majority(database: &Database, kinds: &[Vec<&str>]) -> Result<Vec<bool>> {
    let first: Vec<String> = kinds.iter().filter_map(|kind| kind.first()).map(|schema| (*schema).to_owned()).collect();
    let namespaces = shape::namespaces(&mut *database.catalog().await?, &first).await?;
    let fingerprints = shape::fingerprints(database, &namespaces, Options::default()).await?;
    let count = |one: &shape::Fingerprint| -> usize {
        fingerprints.iter().zip(kinds).filter(|(other, _)| *other == one).map(|(_, kind)| kind.len()).sum()
    };
    let most = fingerprints.iter().rev().max_by_key(|one| count(one));
    Ok(fingerprints.iter().map(|one| Some(one) == most).collect())
}
