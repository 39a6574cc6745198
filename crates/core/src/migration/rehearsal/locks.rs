//! What files lock.
//!
//! Of what lies outside the copy the server tells, which holds the locks until the roll-back. Of the copy's own tables it
//! cannot: whoever makes a table holds its strongest lock from then on. There the statements tell, by the modes that
//! PostgreSQL's manual gives for each of them ("Explicit Locking", and the pages of the commands); what a `do` block
//! or a function does shows in locks that the copy did not have before the file.

use super::report::{Stops, TakenLock};
use crate::Result;
use crate::connection::Session;
use crate::migration::lint;
use crate::shape::Shape;
use sqlx::Row;
use std::collections::{BTreeMap, BTreeSet};

/// Modes of table locks, the weakest first, each with the server's name for it.
const MODES: &[(&str, &str)] = &[
    ("ACCESS SHARE", "AccessShareLock"),
    ("ROW SHARE", "RowShareLock"),
    ("ROW EXCLUSIVE", "RowExclusiveLock"),
    ("SHARE UPDATE EXCLUSIVE", "ShareUpdateExclusiveLock"),
    ("SHARE", "ShareLock"),
    ("SHARE ROW EXCLUSIVE", "ShareRowExclusiveLock"),
    ("EXCLUSIVE", "ExclusiveLock"),
    ("ACCESS EXCLUSIVE", "AccessExclusiveLock"),
];

fn strength(mode: &str) -> usize {
    MODES.iter().position(|(name, servers)| [*name, *servers].contains(&mode)).unwrap_or_default()
}

fn stops(strength: usize) -> Stops {
    match MODES[strength].0 {
        "ACCESS EXCLUSIVE" => Stops::Readers,
        "SHARE" | "SHARE ROW EXCLUSIVE" | "EXCLUSIVE" => Stops::Writers,
        _ => Stops::Nobody,
    }
}

/// Locks that a session holds: schema (none for the copy's), relation, mode.
pub(super) type Held = BTreeSet<(Option<String>, String, String)>;

/// What the session holds now.
pub(super) async fn held(session: &mut Session, copy: &str) -> Result<Held> {
    let rows = sqlx::query(include_str!("locks.sql")).persistent(false).bind(copy);
    let rows = rows.fetch_all(session.connection()).await?;
    let lock = |row: &sqlx::postgres::PgRow| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
    rows.iter().map(lock).collect()
}

/// A relation: its schema (none for the copy's) and its name.
type Relation = (Option<String>, String);

/// The strongest lock of a relation.
#[derive(Debug, Default)]
struct Strongest {
    strength: usize,
    file: String,
    line: Option<u32>,
}

/// The strongest lock of each relation, with the file that takes it.
#[derive(Debug, Default)]
pub(super) struct Taken(BTreeMap<Relation, Strongest>);

impl Taken {
    /// Adds what a file locks of the relations that were there before.
    pub fn add(&mut self, file: &str, text: &str, before: &Shape, held_before: &Held, held: &Held) {
        for (schema, relation, mode) in held.difference(held_before) {
            if schema.is_some() || before.has_relation(relation) {
                self.take(schema.clone(), relation, strength(mode), file, None);
            }
        }
        for lock in lint::locks(text) {
            let relation = if lock.of_index { before.table_of_index(&lock.relation) } else { Some(&*lock.relation) };
            if let Some(relation) = relation.filter(|relation| before.has_relation(relation)) {
                self.take(None, relation, strength(lock.mode), file, Some(lock.line));
            }
        }
    }

    fn take(&mut self, schema: Option<String>, relation: &str, strength: usize, file: &str, line: Option<u32>) {
        let taken = self.0.entry((schema, relation.to_owned())).or_default();
        if strength > taken.strength || taken.file.is_empty() {
            *taken = Strongest { strength, file: file.to_owned(), line };
        } else if strength == taken.strength && taken.file == file && taken.line.is_none() {
            taken.line = line;
        }
    }

    /// The strongest first.
    pub fn into_list(self) -> Vec<TakenLock> {
        let mut taken: Vec<(Relation, Strongest)> = self.0.into_iter().collect();
        taken.sort_by(|(a, x), (b, y)| y.strength.cmp(&x.strength).then_with(|| a.cmp(b)));
        let lock = |((schema, relation), taken): (Relation, Strongest)| TakenLock {
            relation: schema.map_or(relation.clone(), |schema| format!("{schema}.{relation}")),
            mode: MODES[taken.strength].0.to_owned(),
            stops: stops(taken.strength),
            file: taken.file,
            line: taken.line,
        };
        taken.into_iter().map(lock).collect()
    }
}
