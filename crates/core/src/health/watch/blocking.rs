//! Who waits for whom, as trees.

use super::session::BlockLine;
use std::collections::{BTreeMap, BTreeSet};

/// The trees of those who wait, from the roots. `edges`: who waits, and for whom. A process that waits for several stands below the first
/// of them with its own, and below the others by itself.
pub(super) fn trees(edges: &BTreeMap<i32, Vec<i32>>, here: &BTreeSet<i32>) -> Vec<BlockLine> {
    let mut waiters: BTreeMap<i32, Vec<i32>> = BTreeMap::new();
    for (waiter, blockers) in edges {
        let mut blockers = blockers.clone();
        blockers.sort_unstable();
        blockers.dedup();
        for blocker in blockers.iter().filter(|blocker| *blocker != waiter) {
            waiters.entry(*blocker).or_default().push(*waiter);
        }
    }
    let waits = |pid: &i32| edges.get(pid).is_some_and(|blockers| blockers.iter().any(|blocker| blocker != pid));
    let mut lines = Vec::new();
    let mut shown = BTreeSet::new();
    let roots: Vec<i32> = waiters.keys().copied().filter(|pid| !waits(pid)).collect();
    for root in roots {
        grow(root, &waiters, here, &mut shown, &mut lines);
    }
    // What is left waits in a circle: a deadlock that the server has not ended yet.
    for pid in waiters.keys() {
        if !shown.contains(pid) {
            grow(*pid, &waiters, here, &mut shown, &mut lines);
        }
    }
    lines
}

/// One tree, without recursion: a queue at one lock can be as long as there are connections.
fn grow(
    root: i32,
    waiters: &BTreeMap<i32, Vec<i32>>,
    here: &BTreeSet<i32>,
    shown: &mut BTreeSet<i32>,
    lines: &mut Vec<BlockLine>,
) {
    let mut next = vec![(0, root)];
    while let Some((depth, pid)) = next.pop() {
        let repeated = !shown.insert(pid);
        lines.push(BlockLine { depth, pid, repeated, here: here.contains(&pid) });
        if !repeated {
            next.extend(waiters.get(&pid).into_iter().flatten().rev().map(|waiter| (depth + 1, *waiter)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(edges: &[(i32, &[i32])]) -> Vec<String> {
        let edges = edges.iter().map(|(waiter, blockers)| (*waiter, blockers.to_vec())).collect();
        let line = |line: &BlockLine| {
            format!("{}{}{}", " ".repeat(line.depth as usize), line.pid, if line.repeated { "!" } else { "" })
        };
        trees(&edges, &BTreeSet::new()).iter().map(line).collect()
    }

    #[test]
    fn a_queue_stands_below_whom_it_waits_for() {
        assert_eq!(drawn(&[(2, &[1]), (3, &[1, 2]), (5, &[4])]), ["1", " 2", "  3", " 3!", "4", " 5"]);
    }

    #[test]
    fn a_prepared_transaction_is_a_root() {
        assert_eq!(drawn(&[(7, &[0])]), ["0", " 7"]);
    }

    #[test]
    fn who_waits_in_a_circle_is_shown_once_around() {
        assert_eq!(drawn(&[(1, &[2]), (2, &[1])]), ["1", " 2", "  1!"]);
        assert_eq!(drawn(&[(1, &[1])]), [""; 0]);
    }
}
