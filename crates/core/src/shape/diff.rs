//! What is different between two shapes.

use super::neutral::Neutral;
use super::object::{Object, ObjectId, ObjectKind, Options, Property, Shape};
use std::collections::BTreeSet;

/// One difference of a shape from the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The object.
    pub object: ObjectId,
    /// What is different about it.
    pub difference: Difference,
}

/// What is different about an object, seen from the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The reference does not have it.
    Added,
    /// Only the reference has it.
    Removed,
    /// Both have it, not the same.
    Changed {
        /// What is not the same.
        property: Property,
        /// In the reference; `None` where PostgreSQL's default holds.
        before: Option<Neutral>,
        /// In the other.
        after: Option<Neutral>,
    },
}

/// How `other` differs from `reference`, by object. The parts of an object that is added or removed are not listed.
pub fn diff(reference: &Shape, other: &Shape, options: Options) -> Vec<Change> {
    let ids: BTreeSet<&ObjectId> = reference.objects.keys().chain(other.objects.keys()).collect();
    let mut changes = Vec::new();
    for id in ids {
        let before = reference.objects.get(id).filter(|o| o.takes_part(options));
        let after = other.objects.get(id).filter(|o| o.takes_part(options));
        match (before, after) {
            (Some(before), Some(after)) => changes.extend(changed(before, after, options)),
            (None, Some(_)) if !is_folded(id, reference, other) => {
                changes.push(Change { object: id.clone(), difference: Difference::Added });
            }
            (Some(_), None) if !is_folded(id, other, reference) => {
                changes.push(Change { object: id.clone(), difference: Difference::Removed });
            }
            _ => {}
        }
    }
    changes
}

fn changed(before: &Object, after: &Object, options: Options) -> Vec<Change> {
    let properties: BTreeSet<Property> = before.properties.keys().chain(after.properties.keys()).copied().collect();
    let gone = |property| before.get(property).is_some() != after.get(property).is_some();
    let goes_without_saying = |property: &Property| match property {
        Property::IdentitySequence | Property::IdentityParameters => gone(Property::Identity),
        Property::PartitionBound => gone(Property::PartitionOf),
        _ => false,
    };
    properties
        .into_iter()
        .filter(|p| options.compares(*p) && before.compared(*p) != after.compared(*p))
        .filter(|p| !goes_without_saying(p))
        .map(|property| Change {
            object: before.id.clone(),
            difference: Difference::Changed {
                property,
                before: before.get(property).cloned(),
                after: after.get(property).cloned(),
            },
        })
        .collect()
}

/// True where `id`, which only `with` has, goes without saying: it is part of something that only `with` has, or a column of
/// a table that takes its columns from a partitioned table on one side only.
fn is_folded(id: &ObjectId, without: &Shape, with: &Shape) -> bool {
    let Some(parent) = &id.parent else { return false };
    if id.kind == ObjectKind::Default {
        let column = ObjectId { kind: ObjectKind::Column, arguments: None, ..id.clone() };
        if with.objects.contains_key(&column) && !without.objects.contains_key(&column) {
            return true;
        }
    }
    let Some(there) = with.holder(id.kind, parent) else { return false };
    let Some(here) = without.objects.get(&there.id) else { return true };
    let parents = |object: &Object| [Property::PartitionOf, Property::Inherits].map(|p| object.get(p).is_some());
    id.kind == ObjectKind::Column && parents(there) != parents(here)
}

impl Shape {
    /// The object that one of this sort with this parent is a part of.
    pub(super) fn holder(&self, kind: ObjectKind, parent: &str) -> Option<&Object> {
        use ObjectKind::{Domain, DomainConstraint, ForeignTable, MaterializedView, Table, View};
        let kinds: &[ObjectKind] =
            if kind == DomainConstraint { &[Domain] } else { &[Table, View, MaterializedView, ForeignTable] };
        let id = |kind: &ObjectKind| ObjectId { kind: *kind, parent: None, name: parent.to_owned(), arguments: None };
        kinds.iter().find_map(|kind| self.objects.get(&id(kind)))
    }
}
