//! Clearing the way: taking apart, setting aside, dropping.

use super::super::object::{ObjectId, ObjectKind, Property};
use super::order::sorted;
use super::{Work, types};
use crate::Result;
use crate::sql::Ident;
use std::cmp::Reverse;
use std::collections::BTreeSet;

impl Work<'_> {
    /// All steps in order.
    pub fn steps(&mut self) -> Result<()> {
        self.take_apart()?;
        self.drop_all()?;
        let aside = types::set_aside(self)?;
        self.make_all()?;
        self.finish()?;
        types::drop_aside(self, &aside)
    }

    /// What would stop the drops and changes that follow.
    fn take_apart(&mut self) -> Result<()> {
        let alter = self.alter.clone();
        for (id, properties) in &alter {
            match id.kind {
                ObjectKind::Sequence if self.owner_goes(id) => {
                    let sequence = self.qualified(&id.name)?;
                    self.step(id, format_args!("alter sequence {sequence} owned by none"));
                }
                ObjectKind::Table => self.leave_parents(id, properties)?,
                ObjectKind::Column
                    if properties.contains(&Property::Identity) && self.wanted(id, Property::Identity).is_none() =>
                {
                    let (table, column) = (self.alter_parent(id)?, Ident::new(id.name.clone())?);
                    self.step(id, format_args!("{table} alter column {column} drop identity"));
                }
                ObjectKind::Column if properties.contains(&Property::Generated) => {
                    let (table, column) = (self.alter_parent(id)?, Ident::new(id.name.clone())?);
                    self.step(id, format_args!("{table} alter column {column} drop expression"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn leave_parents(&mut self, id: &ObjectId, properties: &BTreeSet<Property>) -> Result<()> {
        let table = self.qualified(&id.name)?;
        let moves = properties.contains(&Property::PartitionOf) || properties.contains(&Property::PartitionBound);
        if let Some(parent) = self.there(id, Property::PartitionOf).filter(|_| moves) {
            let parent = self.text(parent);
            self.step(id, format_args!("alter table {parent} detach partition {table}"));
        }
        if properties.contains(&Property::Inherits) {
            let kept = self.parents(self.wanted(id, Property::Inherits));
            for parent in self.parents(self.there(id, Property::Inherits)).iter().filter(|p| !kept.contains(p)) {
                self.step(id, format_args!("alter table {table} no inherit {parent}"));
            }
        }
        Ok(())
    }

    fn drop_all(&mut self) -> Result<()> {
        let explicit: BTreeSet<ObjectId> = self.drop.iter().filter(|id| self.is_dropped_itself(id)).cloned().collect();
        let needs = self.other.needs.iter();
        let needs = needs.map(|(x, y)| (self.dropped_with(x), self.dropped_with(y))).collect();
        // Last what others need: the order in which they are made, from its end.
        let mut order = sorted(&explicit, &turned(&needs), |id| Reverse(id.clone()));
        order.dedup();
        for id in &order {
            self.drop_one(id)?;
        }
        Ok(())
    }

    /// False for what goes with something else, or is dropped at the end.
    fn is_dropped_itself(&self, id: &ObjectId) -> bool {
        use ObjectKind::{CompositeType, Domain, Enum, RangeType, ViewColumn};
        self.other.objects.contains_key(id)
            && !matches!(id.kind, Enum | Domain | CompositeType | RangeType | ViewColumn)
            && self.dropped_with(id) == *id
    }

    /// What has to be dropped for this to go.
    fn dropped_with(&self, id: &ObjectId) -> ObjectId {
        if let Some(parent) = &id.parent {
            let holder = self.other.holder(id.kind, parent).map(|holder| &holder.id);
            let replaced = |h: &ObjectId| h.kind == ObjectKind::Domain && self.replace.contains(h);
            if let Some(holder) = holder.filter(|h| self.drop.contains(h) || replaced(h)) {
                return holder.clone();
            }
            let column = ObjectId { kind: ObjectKind::Column, arguments: None, ..id.clone() };
            if id.kind == ObjectKind::Default && self.drop.contains(&column) {
                return column;
            }
        }
        if id.kind == ObjectKind::Sequence && self.drop.contains(id) {
            let owner = self.other.needs.iter().find(|(x, y)| x == id && y.kind == ObjectKind::Column);
            if let Some((_, column)) = owner {
                let with = self.dropped_with(column);
                if self.drop.contains(&with) {
                    return with;
                }
            }
        }
        id.clone()
    }

    fn drop_one(&mut self, id: &ObjectId) -> Result<()> {
        use ObjectKind::{Column, Constraint, Default, DomainConstraint, Sequence, Table};
        let name = || Ident::new(id.name.clone());
        match id.kind {
            Column => {
                let (table, column) = (self.alter_parent(id)?, name()?);
                // Values that the server computes are computed again.
                let computed = self.there(id, Property::Generated).is_some();
                self.step(id, format_args!("{table} drop column {column}")).destructive = !computed;
            }
            Default => {
                let (table, column) = (self.alter_parent(id)?, name()?);
                self.step(id, format_args!("{table} alter column {column} drop default"));
            }
            Constraint | DomainConstraint => {
                let (table, constraint) = (self.alter_parent(id)?, name()?);
                self.step(id, format_args!("{table} drop constraint {constraint}"));
            }
            _ => {
                let described = self.described(id)?;
                self.step(id, format_args!("drop {described}")).destructive = matches!(id.kind, Table | Sequence);
            }
        }
        Ok(())
    }
}

/// `x` needs `y`, so `x` is dropped first.
fn turned(needs: &BTreeSet<(ObjectId, ObjectId)>) -> BTreeSet<(ObjectId, ObjectId)> {
    needs.iter().map(|(x, y)| (y.clone(), x.clone())).collect()
}
