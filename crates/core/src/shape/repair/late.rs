//! What can only be said when everything is there.

use super::super::object::{ObjectId, ObjectKind, Property};
use super::super::token::tokens;
use super::Work;
use crate::Result;
use crate::sql::Ident;

impl Work<'_> {
    pub(super) fn finish(&mut self) -> Result<()> {
        let touched = |id: &ObjectId, property| {
            self.create.contains(id) || self.alter.get(id).is_some_and(|p| p.contains(&property))
        };
        let of = |kind: ObjectKind, property: Property| -> Vec<ObjectId> {
            let ids = self.reference.objects.keys();
            ids.filter(|id| id.kind == kind && touched(id, property)).cloned().collect()
        };
        let sequences = of(ObjectKind::Sequence, Property::OwnedBy);
        let moved: Vec<ObjectId> = [Property::PartitionOf, Property::PartitionBound, Property::Inherits]
            .into_iter()
            .flat_map(|property| of(ObjectKind::Table, property))
            .filter(|id| !self.create.contains(id))
            .collect();
        let identities = of(ObjectKind::Table, Property::ReplicaIdentity);
        let options = of(ObjectKind::Table, Property::Options);
        let clustered = of(ObjectKind::Index, Property::Clustered);
        for id in &sequences {
            self.own_sequence(id)?;
        }
        let mut done = std::collections::BTreeSet::new();
        for id in moved.iter().filter(|id| done.insert((*id).clone())) {
            self.join_parents(id)?;
        }
        for id in options.iter().filter(|id| !self.create.contains(id)).cloned().collect::<Vec<_>>() {
            self.alter_options(&id)?;
        }
        self.toast_options()?;
        for id in &identities {
            let wanted = self.wanted_text(id, Property::ReplicaIdentity);
            if wanted.is_some() || self.there(id, Property::ReplicaIdentity).is_some() && !self.create.contains(id) {
                let table = self.qualified(&id.name)?;
                let how = wanted.unwrap_or_else(|| "default".into());
                self.step(id, format_args!("alter table {table} replica identity {how}"));
            }
        }
        for id in &clustered {
            let table = self.alter_parent(id)?;
            if self.wanted(id, Property::Clustered).is_some() {
                let index = Ident::new(id.name.clone())?;
                self.step(id, format_args!("{table} cluster on {index}"));
            } else if !self.create.contains(id) {
                self.step(id, format_args!("{table} set without cluster"));
            }
        }
        Ok(())
    }

    /// Parameters for TOAST are those of a table behind the table, which comes and goes with columns that need it.
    fn toast_options(&mut self) -> Result<()> {
        let touched = |table: &ObjectId| {
            let columns =
                self.drop.iter().chain(&self.create).chain(&self.retype).filter(|id| id.kind == ObjectKind::Column);
            let mut parents = columns.filter_map(|column| column.parent.as_deref());
            !self.create.contains(table) && parents.any(|parent| parent == table.name)
        };
        let tables = self.reference.objects.keys().filter(|id| id.kind == ObjectKind::Table && touched(id));
        for id in tables.cloned().collect::<Vec<_>>() {
            let options =
                self.wanted(&id, Property::Options).map(|o| super::alter::assignments(o.raw())).unwrap_or_default();
            let toast: Vec<String> = options.into_iter().filter(|option| option.starts_with("toast.")).collect();
            if !toast.is_empty() {
                let table = self.qualified(&id.name)?;
                self.step(&id, format_args!("alter table {table} set ({})", toast.join(", ")));
            }
        }
        Ok(())
    }

    fn own_sequence(&mut self, id: &ObjectId) -> Result<()> {
        let name = self.qualified(&id.name)?;
        let Some(owner) = self.wanted_text(id, Property::OwnedBy) else {
            if !self.create.contains(id) {
                self.step(id, format_args!("alter sequence {name} owned by none"));
            }
            return Ok(());
        };
        self.step(id, format_args!("alter sequence {name} owned by {owner}"));
        // A new sequence of a column that has values already.
        let parts: Vec<String> = tokens(&owner).iter().filter_map(super::super::token::Token::name).collect();
        if let ([_, table, column], true) = (parts.as_slice(), self.create.contains(id)) {
            let column = ObjectId {
                kind: ObjectKind::Column,
                parent: Some(table.clone()),
                name: column.clone(),
                arguments: None,
            };
            if self.other.objects.contains_key(&column) && !self.create.contains(&column) {
                self.catch_up(id, &id.name, &column)?;
            }
        }
        Ok(())
    }

    fn join_parents(&mut self, id: &ObjectId) -> Result<()> {
        let table = self.qualified(&id.name)?;
        let properties = self.alter.get(id).cloned().unwrap_or_default();
        let moves = properties.contains(&Property::PartitionOf) || properties.contains(&Property::PartitionBound);
        let (parent, bound) =
            (self.wanted_text(id, Property::PartitionOf), self.wanted_text(id, Property::PartitionBound));
        if let (Some(parent), Some(bound), true) = (parent, bound, moves) {
            self.step(id, format_args!("alter table {parent} attach partition {table} {bound}"));
        }
        if properties.contains(&Property::Inherits) {
            let there = self.parents(self.there(id, Property::Inherits));
            for parent in self.parents(self.wanted(id, Property::Inherits)).iter().filter(|p| !there.contains(p)) {
                self.step(id, format_args!("alter table {table} inherit {parent}"));
            }
        }
        Ok(())
    }
}
