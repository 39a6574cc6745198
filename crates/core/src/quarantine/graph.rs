//! What in a schema depends on what, and an order in which everything can be removed without anything being removed along with it.

use crate::Result;
use crate::connection::Session;
use sqlx::postgres::types::Oid;
use sqlx::{Row, SqlSafeStr};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Identifies an object of the server: its catalog and its number there.
pub(super) type Address = (u32, u32);

/// `pg_depend` of one schema.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph {
    /// What can be removed by a statement of its own: kind of object, and name.
    pub(super) objects: BTreeMap<Address, (String, String)>,
    /// Dependent, what it depends on, and how (`pg_depend.deptype`).
    pub(super) edges: Vec<(Address, Address, char)>,
}

/// An object, with all that goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Object {
    pub(super) address: Address,
    /// The word after `drop`.
    pub(super) kind: String,
    /// Its name, quoted by the server.
    pub(super) identity: String,
    /// How many locks removing it takes, roughly.
    pub(super) locks: usize,
}

/// Reads the graph: two queries.
pub(super) async fn read(session: &mut Session, namespace: u32) -> Result<Graph> {
    let mut graph = Graph::default();
    let objects = query(concat!(include_str!("members.sql"), include_str!("objects.sql")));
    for row in sqlx::query(objects).persistent(false).bind(Oid(namespace)).fetch_all(session.connection()).await? {
        let address = (row.try_get::<i64, _>("class")? as u32, row.try_get::<i64, _>("object")? as u32);
        graph.objects.insert(address, (row.try_get("kind")?, row.try_get("identity")?));
    }
    let edges = query(concat!(include_str!("members.sql"), include_str!("edges.sql")));
    for row in sqlx::query(edges).persistent(false).bind(Oid(namespace)).fetch_all(session.connection()).await? {
        let from = (row.try_get::<i64, _>("class")? as u32, row.try_get::<i64, _>("object")? as u32);
        let to = (row.try_get::<i64, _>("ref_class")? as u32, row.try_get::<i64, _>("ref_object")? as u32);
        let kind: String = row.try_get("kind")?;
        graph.edges.push((from, to, kind.chars().next().unwrap_or('n')));
    }
    Ok(graph)
}

fn query(text: &'static str) -> impl SqlSafeStr {
    text
}

impl Graph {
    /// What each part goes with: an index with its table, a row type, an owned sequence … Objects that are removed by a statement
    /// of their own go with themselves.
    fn owners(&self) -> HashMap<Address, Address> {
        let mut owner: HashMap<Address, Address> = HashMap::new();
        // Internal parts first; then what is removed along with a relation or a type, unless it is a table itself.
        for internal in [true, false] {
            for (from, to, kind) in &self.edges {
                let part = if internal { *kind == 'i' } else { matches!(kind, 'a' | 'P' | 'S') };
                if part && !self.is_relation_with_rows(*from) && !owner.contains_key(from) {
                    owner.insert(*from, *to);
                }
            }
        }
        let mut resolved = HashMap::new();
        for start in owner.keys() {
            let (mut at, mut seen) = (*start, BTreeSet::new());
            while let Some(next) = owner.get(&at).filter(|_| seen.insert(at)) {
                at = *next;
            }
            resolved.insert(*start, at);
        }
        resolved
    }

    fn is_relation_with_rows(&self, address: Address) -> bool {
        self.objects
            .get(&address)
            .is_some_and(|(kind, _)| matches!(kind.as_str(), "table" | "foreign table" | "view" | "materialized view"))
    }

    /// Everything, dependents before what they depend on. What depends on each other in a circle is in the second list.
    pub(super) fn order(&self) -> (Vec<Object>, Vec<Object>) {
        let owners = self.owners();
        let of = |address: Address| owners.get(&address).copied().unwrap_or(address);
        let mut parts: HashMap<Address, usize> = HashMap::new();
        for part in owners.keys() {
            *parts.entry(of(*part)).or_default() += 1;
        }
        let tops: Vec<Address> = self.objects.keys().copied().filter(|a| !owners.contains_key(a)).collect();
        let known: BTreeSet<Address> = tops.iter().copied().collect();
        // For each object, who has to go before it.
        let mut before: HashMap<Address, BTreeSet<Address>> = HashMap::new();
        let mut after: HashMap<Address, Vec<Address>> = HashMap::new();
        for (from, to, kind) in &self.edges {
            let (dependent, on) = (of(*from), of(*to));
            let counts = *kind == 'n' || (matches!(kind, 'a' | 'P' | 'S') && known.contains(from));
            if counts
                && dependent != on
                && known.contains(&dependent)
                && known.contains(&on)
                && before.entry(on).or_default().insert(dependent)
            {
                after.entry(dependent).or_default().push(on);
            }
        }
        let object = |address: Address| {
            let (kind, identity) = self.objects[&address].clone();
            // Itself, its TOAST table with its index, and a parent whose partition it may be.
            let locks =
                4 + parts.get(&address).copied().unwrap_or_default() + before.get(&address).map_or(0, BTreeSet::len);
            Object { address, kind, identity, locks }
        };
        let mut waiting: HashMap<Address, usize> =
            tops.iter().map(|a| (*a, before.get(a).map_or(0, BTreeSet::len))).collect();
        // One kind after the other, as long as there is any of it: a statement removes several of one kind.
        let mut ready: BTreeMap<String, Vec<Address>> = BTreeMap::new();
        let kind = |address: &Address| self.objects[address].0.clone();
        for address in tops.iter().filter(|a| waiting[a] == 0) {
            ready.entry(kind(address)).or_default().push(*address);
        }
        let mut ordered = Vec::with_capacity(tops.len());
        let mut current = String::new();
        while let Some(next) =
            ready.contains_key(&current).then(|| current.clone()).or_else(|| ready.keys().next().cloned())
        {
            current = next;
            for address in ready.remove(&current).unwrap_or_default() {
                ordered.push(object(address));
                waiting.remove(&address);
                for on in after.get(&address).into_iter().flatten() {
                    let Some(count) = waiting.get_mut(on) else { continue };
                    *count -= 1;
                    if *count == 0 {
                        ready.entry(kind(on)).or_default().push(*on);
                    }
                }
            }
        }
        let mut left: Vec<Address> = waiting.into_keys().collect();
        left.sort_unstable();
        (ordered, left.into_iter().map(object).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(objects: &[(u32, &str)], edges: &[(u32, u32, char)]) -> Graph {
        Graph {
            objects: objects.iter().map(|(n, kind)| ((1, *n), ((*kind).to_owned(), format!("o{n}")))).collect(),
            edges: edges.iter().map(|(a, b, kind)| ((1, *a), (1, *b), *kind)).collect(),
        }
    }

    fn names(objects: &[Object]) -> Vec<u32> {
        objects.iter().map(|o| o.address.1).collect()
    }

    #[test]
    fn what_depends_goes_first() {
        // A view (3, by its rule 30) on a table (1) whose default (10) calls a function (2).
        let graph = graph(
            &[(1, "table"), (2, "function"), (3, "view")],
            &[(30, 3, 'i'), (30, 1, 'n'), (10, 1, 'a'), (10, 2, 'n')],
        );
        let (ordered, left) = graph.order();
        assert_eq!(names(&ordered), [3, 1, 2]);
        assert!(left.is_empty());
    }

    #[test]
    fn parts_are_counted_and_have_no_turn_of_their_own() {
        // An index (10), a row type (11) with its array type (12), and an owned sequence (2).
        let graph = graph(
            &[(1, "table"), (2, "sequence")],
            &[(10, 1, 'a'), (11, 1, 'i'), (12, 11, 'i'), (2, 1, 'a'), (13, 2, 'n'), (13, 1, 'a')],
        );
        let (ordered, left) = graph.order();
        assert_eq!(names(&ordered), [1]);
        assert_eq!(ordered[0].locks, 4 + 5);
        assert!(left.is_empty());
    }

    #[test]
    fn partitions_go_before_their_parent() {
        let graph = graph(&[(1, "table"), (2, "table"), (3, "table")], &[(2, 1, 'a'), (3, 1, 'a')]);
        assert_eq!(names(&graph.order().0), [2, 3, 1]);
    }

    #[test]
    fn a_circle_is_told_from_the_rest() {
        let graph = graph(&[(1, "table"), (2, "function"), (3, "table")], &[(10, 1, 'a'), (10, 2, 'n'), (2, 1, 'n')]);
        let (ordered, left) = graph.order();
        assert_eq!((names(&ordered), names(&left)), (vec![3], vec![1, 2]));
    }
}
