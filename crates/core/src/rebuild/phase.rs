//! What stands before the rows.

use crate::shape::{Object, ObjectId, ObjectKind, Property, Shape};
use std::collections::BTreeSet;

/// The part of a shape that has to be there before rows come: without what is made, or checked, from them, and without
/// what needs that.
pub(super) fn early(shape: &Shape) -> Shape {
    let all = || shape.objects.values().chain(shape.inherited_objects());
    let mut late: BTreeSet<ObjectId> =
        all().filter(|object| is_late(object, shape)).map(|object| object.id.clone()).collect();
    loop {
        let dependents = shape.needs().filter(|(one, other)| late.contains(other) && !late.contains(one));
        let more: Vec<ObjectId> = dependents.map(|(one, _)| one.clone()).filter(|id| !holds_rows(id)).collect();
        if more.is_empty() {
            break;
        }
        late.extend(more);
    }
    // What belongs to something late is late too.
    let of_late = |id: &ObjectId| {
        id.parent.as_ref().is_some_and(|parent| {
            [ObjectKind::View, ObjectKind::MaterializedView]
                .into_iter()
                .any(|kind| late.contains(&ObjectId { kind, parent: None, name: parent.clone(), arguments: None }))
        })
    };
    let mut early = shape.without(|id| late.contains(id) || of_late(id));
    for object in early.objects.values_mut().filter(|object| object.id.kind == ObjectKind::Table) {
        // Of an index that is not there yet; and rows come in whoever they are for.
        object.properties.remove(&Property::ReplicaIdentity);
        object.properties.remove(&Property::RowSecurity);
    }
    early
}

fn is_late(object: &Object, shape: &Shape) -> bool {
    use ObjectKind::{Constraint, DomainConstraint, Index, MaterializedView, Policy, Rule, Statistics, Trigger};
    match object.id.kind {
        Index | MaterializedView | Policy | Rule | Statistics | Trigger => true,
        // One that was never checked is not kept by what is there already.
        DomainConstraint => is_not_valid(object),
        // A check by a function may look at other tables; any other names the line that it refuses.
        Constraint => !is_check(object) || is_not_valid(object) || needs_function(&object.id, shape),
        _ => false,
    }
}

fn is_check(object: &Object) -> bool {
    object.text(Property::Definition).is_some_and(|text| text.starts_with("CHECK"))
}

fn is_not_valid(object: &Object) -> bool {
    object.text(Property::Definition).is_some_and(|text| text.ends_with(" NOT VALID"))
}

fn needs_function(id: &ObjectId, shape: &Shape) -> bool {
    shape.needs().any(|(one, other)| one == id && matches!(other.kind, ObjectKind::Function | ObjectKind::Aggregate))
}

/// Tables and what their columns are made of cannot wait for the rows.
fn holds_rows(id: &ObjectId) -> bool {
    use ObjectKind::{Column, CompositeType, Domain, Enum, ForeignTable, RangeType, Schema, Sequence, Table};
    matches!(id.kind, Table | ForeignTable | Column | Domain | Enum | CompositeType | RangeType | Sequence | Schema)
}
