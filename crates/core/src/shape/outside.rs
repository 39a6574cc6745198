//! What a shape has of other schemas: making it elsewhere would take locks there.

use super::object::{Object, ObjectId, ObjectKind, Property, Shape};

impl Shape {
    /// Takes the foreign keys to tables of other schemas out, but for those that `keep` wants; returns them.
    pub(crate) fn take_foreign_keys_outside(&mut self, keep: impl Fn(&str) -> bool) -> Vec<ObjectId> {
        let outside = self.objects.values().filter(|object| is_foreign_key_outside(object));
        let taken: Vec<ObjectId> = outside.map(|o| o.id.clone()).filter(|id| !keep(&id.name)).collect();
        self.objects.retain(|id, _| !taken.contains(id));
        self.inherited.retain(|id, _| !taken.contains(id));
        self.needs.retain(|(one, other)| !taken.contains(one) && !taken.contains(other));
        taken
    }

    /// A table whose partitioned table or parent is in another schema.
    pub(crate) fn child_of_outside(&self) -> Option<&ObjectId> {
        let parents = |object: &Object| [Property::PartitionOf, Property::Inherits].map(|p| outside(object.raw(p)));
        self.objects.values().find(|object| parents(object).contains(&true)).map(|object| &object.id)
    }

    /// The relation that an index belongs to.
    pub(crate) fn table_of_index(&self, index: &str) -> Option<&str> {
        let is_it = |id: &&ObjectId| matches!(id.kind, ObjectKind::Index | ObjectKind::Constraint) && id.name == index;
        self.objects.keys().find(is_it)?.parent.as_deref()
    }

    /// There is a table, view or sequence of this name.
    pub(crate) fn has_relation(&self, name: &str) -> bool {
        use ObjectKind::{ForeignTable, MaterializedView, Sequence, Table, View};
        [Table, ForeignTable, View, MaterializedView, Sequence].into_iter().any(|kind| {
            let id = ObjectId { kind, parent: None, name: name.to_owned(), arguments: None };
            self.objects.contains_key(&id)
        })
    }
}

/// Some of the names in a list of relations are not the schema's own.
fn outside(names: Option<&str>) -> bool {
    names.is_some_and(|names| names.split(", ").any(|name| !name.starts_with('\0')))
}

fn is_foreign_key_outside(object: &Object) -> bool {
    let definition = object.raw(Property::Definition).unwrap_or_default();
    let referenced = definition.split_once(" REFERENCES ").map(|(_, rest)| rest);
    object.id.kind == ObjectKind::Constraint
        && definition.starts_with("FOREIGN KEY")
        && referenced.is_some_and(|name| !name.starts_with('\0'))
}
