//! Which tenants are not built like the others, before anything begins.

use crate::connection::Database;
use crate::shape::{self, Namespace, Options};
use crate::{ErrorKind, Result};
use std::collections::{HashMap, HashSet};
use std::time::Instant;

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
    /// The mark of every tenant that has one, and when they were read.
    pub marks: HashMap<String, String>,
    pub read_at: Option<Instant>,
    /// The database runs functions of its own whenever a structure changes.
    pub event_triggers: bool,
}

/// Looks at tenants: each group takes the same steps from the same history, and is ordered by size. Whoever has a table of a
/// tenant for himself is not waited for; that tenant is looked at in its turn.
///
/// # Errors
/// What the server reports.
pub(super) async fn look(database: &Database, groups: Vec<Vec<Namespace>>) -> Result<Drift> {
    match look_at_once(database, groups).await {
        // Somebody came just now.
        Err(e) if e.sqlstate() == Some(LOCK_NOT_AVAILABLE) => Ok(Drift { event_triggers: true, ..Drift::default() }),
        looked => looked,
    }
}

/// Those of the schemas, by OID, that nobody can look into at this moment.
pub(super) async fn busy(database: &Database, schemas: impl Iterator<Item = u32>) -> Result<HashSet<u32>> {
    let schemas: Vec<i64> = schemas.map(i64::from).collect();
    let mut session = database.catalog().await?;
    let busy = sqlx::query_scalar(include_str!("busy.sql")).persistent(false).bind(schemas);
    let busy: Vec<i64> = busy.fetch_all(session.connection()).await?;
    Ok(busy.into_iter().map(|oid| oid as u32).collect())
}

async fn look_at_once(database: &Database, mut groups: Vec<Vec<Namespace>>) -> Result<Drift> {
    if groups.iter().map(Vec::len).sum::<usize>() < 2 {
        return Ok(Drift::default());
    }
    let busy = busy(database, groups.iter().flatten().map(|schema| schema.oid)).await?;
    groups.iter_mut().for_each(|group| group.retain(|schema| !busy.contains(&schema.oid)));
    let schemas = groups.concat();
    let read_at = Some(Instant::now());
    let marks = shape::marks_of_fleet(database, &schemas).await?;
    let marks = schemas.iter().zip(marks).filter_map(|(schema, mark)| Some((schema.name.clone(), mark?)));
    let mut drift = Drift { marks: marks.collect(), read_at, ..Drift::default() };
    let triggers = "select exists (select from pg_catalog.pg_event_trigger t where t.evtenabled <> 'D')";
    drift.event_triggers = sqlx::query_scalar(triggers).fetch_one(database.catalog().await?.connection()).await?;
    let Some(group) = groups.iter().max_by_key(|group| group.len()).filter(|group| group.len() > 1) else {
        return Ok(drift);
    };
    // Tenants of one kind; who has no mark is a kind of its own.
    let mut kinds: Vec<Vec<&Namespace>> = Vec::new();
    let mut by_mark: HashMap<&str, usize> = HashMap::new();
    for schema in group {
        let kind = match drift.marks.get(&schema.name) {
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
        _ => majority(database, &mut kinds).await?,
    };
    let of = |wanted: bool| {
        let kinds = kinds.iter().zip(&like).filter(move |(_, like)| **like == wanted);
        kinds.flat_map(|(kind, _)| kind).map(|schema| schema.name.as_str())
    };
    let built_alike: HashSet<&str> = of(true).collect();
    let lead = group.iter().map(|schema| &schema.name).find(|name| built_alike.contains(name.as_str())).cloned();
    let mut drifted: Vec<String> = of(false).map(str::to_owned).collect();
    drifted.sort_unstable();
    (drift.lead, drift.drifted) = (lead, drifted);
    Ok(drift)
}

/// Which of these kinds look like most tenants do; different marks may still be equal fingerprints. Of equally many the
/// first counts. Who is gone by now is taken out.
async fn majority(database: &Database, kinds: &mut Vec<Vec<&Namespace>>) -> Result<Vec<bool>> {
    let fingerprints = loop {
        let first: Vec<Namespace> = kinds.iter().filter_map(|kind| kind.first().copied().cloned()).collect();
        match shape::fingerprints(database, &first, Options::default()).await {
            Ok(fingerprints) => break fingerprints,
            Err(e) => match e.kind() {
                ErrorKind::TenantMissing { name } if first.iter().any(|schema| schema.name == *name) => {
                    kinds.iter_mut().for_each(|kind| kind.retain(|schema| schema.name != *name));
                    kinds.retain(|kind| !kind.is_empty());
                }
                _ => return Err(e),
            },
        }
    };
    let count = |one: &shape::Fingerprint| -> usize {
        fingerprints.iter().zip(&*kinds).filter(|(other, _)| *other == one).map(|(_, kind)| kind.len()).sum()
    };
    let most = fingerprints.iter().rev().max_by_key(|one| count(one));
    Ok(fingerprints.iter().map(|one| Some(one) == most).collect())
}
