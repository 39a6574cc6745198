//! Putting objects into an order in which each comes after what it needs.

use super::super::object::ObjectId;
use std::collections::{BTreeMap, BTreeSet};

/// `nodes` so that for each `(x, y)` in `needs`, y stands before x; otherwise by `rank`. Where the needs go round in a
/// circle, the circle is opened at its lowest rank.
pub(super) fn sorted<R: Ord>(
    nodes: &BTreeSet<ObjectId>,
    needs: &BTreeSet<(ObjectId, ObjectId)>,
    rank: impl Fn(&ObjectId) -> R,
) -> Vec<ObjectId> {
    let mut open: BTreeMap<&ObjectId, BTreeSet<&ObjectId>> = nodes.iter().map(|id| (id, BTreeSet::new())).collect();
    let mut dependents: BTreeMap<&ObjectId, Vec<&ObjectId>> = BTreeMap::new();
    for (dependent, needed) in needs {
        if dependent != needed
            && nodes.contains(needed)
            && let Some(waits) = open.get_mut(dependent)
        {
            waits.insert(needed);
            dependents.entry(needed).or_default().push(dependent);
        }
    }
    let mut ready: BTreeMap<(R, &ObjectId), ()> = BTreeMap::new();
    for (id, waits) in &open {
        if waits.is_empty() {
            ready.insert((rank(id), id), ());
        }
    }
    let mut order = Vec::with_capacity(nodes.len());
    while order.len() < nodes.len() {
        let next = match ready.pop_first() {
            Some(((_, id), ())) => id,
            None => match open.keys().min_by_key(|id| rank(id)) {
                Some(id) => id,
                None => break,
            },
        };
        if open.remove(next).is_none() {
            continue;
        }
        order.push(next.clone());
        for dependent in dependents.remove(next).unwrap_or_default() {
            if let Some(waits) = open.get_mut(dependent) {
                waits.remove(next);
                if waits.is_empty() {
                    ready.insert((rank(dependent), dependent), ());
                }
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::ObjectKind;

    fn id(name: &str) -> ObjectId {
        ObjectId { kind: ObjectKind::Table, parent: None, name: name.into(), arguments: None }
    }

    #[test]
    fn each_comes_after_what_it_needs_and_circles_are_opened() {
        let nodes: BTreeSet<ObjectId> = ["a", "b", "c", "d"].into_iter().map(id).collect();
        let needs: BTreeSet<(ObjectId, ObjectId)> =
            [("a", "d"), ("b", "c"), ("c", "b"), ("a", "missing")].into_iter().map(|(x, y)| (id(x), id(y))).collect();
        let order: Vec<String> = sorted(&nodes, &needs, |id| id.name.clone()).into_iter().map(|id| id.name).collect();
        assert_eq!(order, ["d", "a", "b", "c"]);
    }
}
