//! What goes along with what is to be moved.

use super::scene::{Edge, Root, Scene};
use super::types::MovableKind;
use std::collections::BTreeSet;

/// Everything that moves when these objects do: partitions with their table, types, sequences and routines that nothing else needs,
/// views and routines that read nothing else of the schema. `target` is where they go: what is there already may use them.
pub(super) fn closure(scene: &Scene, chosen: &BTreeSet<Root>, target: u32) -> BTreeSet<Root> {
    let mut moved = families(scene, chosen);
    loop {
        let before = moved.len();
        moved.extend(needed(scene, &moved, target));
        moved.extend(readers(scene, &moved));
        moved = families(scene, &moved);
        if moved.len() == before {
            return moved;
        }
    }
}

/// With all partitions of the same table.
fn families(scene: &Scene, roots: &BTreeSet<Root>) -> BTreeSet<Root> {
    let mut all = roots.clone();
    loop {
        let more: Vec<Root> = scene
            .units
            .values()
            .filter_map(|unit| {
                let parent = (unit.root.0, unit.parent?);
                match (all.contains(&unit.root), all.contains(&parent)) {
                    (true, false) if scene.units.contains_key(&parent) => Some(parent),
                    (false, true) => Some(unit.root),
                    _ => None,
                }
            })
            .collect();
        if more.is_empty() {
            return all;
        }
        all.extend(more);
    }
}

/// Objects of other sorts than tables that nothing but `moved`, and each other, holds on to.
fn needed(scene: &Scene, moved: &BTreeSet<Root>, target: u32) -> BTreeSet<Root> {
    let follows = |root: &Root| {
        scene.units.get(root).is_some_and(|unit| {
            !unit.of_extension
                && (unit.kind.is_type() || matches!(unit.kind, MovableKind::Routine | MovableKind::Sequence))
        })
    };
    let mut wanted: BTreeSet<Root> = BTreeSet::new();
    loop {
        let takes = |edge: &&Edge| moved.contains(&edge.from.root) || wanted.contains(&edge.from.root);
        let more: Vec<Root> = scene
            .edges
            .iter()
            .filter(takes)
            .map(|edge| edge.to.root)
            .filter(|root| follows(root) && !moved.contains(root) && !wanted.contains(root))
            .collect();
        if more.is_empty() {
            break;
        }
        wanted.extend(more);
    }
    loop {
        let inside = |root: &Root| moved.contains(root) || wanted.contains(root);
        // What a range brings by itself holds on to it, and goes with it.
        let elsewhere = |edge: &Edge| {
            !inside(&edge.from.root) && edge.from.namespace != Some(target) && !is_reader_of_one(scene, edge, &inside)
        };
        let kept: Vec<Root> =
            scene.edges.iter().filter(|e| wanted.contains(&e.to.root) && elsewhere(e)).map(|e| e.to.root).collect();
        if kept.is_empty() {
            return wanted;
        }
        wanted.retain(|root| !kept.contains(root));
    }
}

/// The holder is a routine or view of this schema that would go along.
fn is_reader_of_one(scene: &Scene, edge: &Edge, inside: &impl Fn(&Root) -> bool) -> bool {
    scene.holds(&edge.from)
        && scene.units.get(&edge.from.root).is_some_and(|unit| {
            !unit.of_extension
                && (unit.kind.is_view() || matches!(unit.kind, MovableKind::Routine | MovableKind::Statistics))
        })
        && scene.edges.iter().filter(|e| e.from.root == edge.from.root).all(|e| inside(&e.to.root))
}

/// Views, routines and statistics of the schema that are about nothing else than what moves.
fn readers(scene: &Scene, moved: &BTreeSet<Root>) -> BTreeSet<Root> {
    let reads = |unit: &&super::scene::Unit| {
        unit.kind.is_view() || matches!(unit.kind, MovableKind::Routine | MovableKind::Statistics)
    };
    let about_these = |root: Root| {
        let mut edges = scene.edges.iter().filter(|edge| edge.from.root == root).peekable();
        edges.peek().is_some() && edges.all(|edge| moved.contains(&edge.to.root))
    };
    // A routine that something else needs stays beside that.
    let is_free = |unit: &&super::scene::Unit| {
        unit.kind != MovableKind::Routine
            || scene.edges.iter().all(|edge| edge.to.root != unit.root || moved.contains(&edge.from.root))
    };
    let units = scene.units.values().filter(|unit| !unit.of_extension && !moved.contains(&unit.root));
    units.filter(reads).filter(is_free).map(|unit| unit.root).filter(|root| about_these(*root)).collect()
}
