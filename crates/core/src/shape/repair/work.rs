//! What has to be done, before any order and any SQL.

use super::super::diff::{Change, Difference};
use super::super::neutral::Neutral;
use super::super::object::{Object, ObjectId, ObjectKind, Options, Property, Shape};
use super::{Step, Target, expand, types};
use crate::Result;
use crate::sql::{Ident, Statement};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What to do with an object that both have.
enum Way {
    /// Statements that change it.
    Alter,
    /// Dropped and made again.
    Recreate,
    /// A type: the old one set aside, the columns converted, the old one dropped.
    Replace,
    /// Nothing.
    Leave,
}

/// The sets of objects that something happens to.
pub(super) struct Work<'a> {
    /// How it shall be.
    pub reference: &'a Shape,
    /// How it is.
    pub other: &'a Shape,
    pub options: Options,
    pub target: Target,
    /// Objects of `other` that go, also those that come again.
    pub drop: BTreeSet<ObjectId>,
    /// Objects of `reference` that are made.
    pub create: BTreeSet<ObjectId>,
    /// Properties changed in place.
    pub alter: BTreeMap<ObjectId, BTreeSet<Property>>,
    /// Columns whose values are converted.
    pub retype: BTreeSet<ObjectId>,
    /// Types made anew.
    pub replace: BTreeSet<ObjectId>,
    /// What is reported and not done.
    left: BTreeSet<(ObjectId, Option<Property>)>,
    pub steps: Vec<Step>,
}

impl<'a> Work<'a> {
    /// `replaced`: enumerations to be made anew even where a label could be added.
    pub fn new(
        reference: &'a Shape,
        other: &'a Shape,
        options: Options,
        replaced: &BTreeSet<ObjectId>,
    ) -> Result<Self> {
        let target = Target { schema: Ident::new(other.schema.clone())?, owner: Ident::new(other.owner.clone())? };
        let mut work = Self {
            reference,
            other,
            options,
            target,
            drop: BTreeSet::new(),
            create: BTreeSet::new(),
            alter: BTreeMap::new(),
            retype: BTreeSet::new(),
            replace: BTreeSet::new(),
            left: BTreeSet::new(),
            steps: Vec::new(),
        };
        work.classify(replaced);
        work.keep_column_grants();
        work.spread();
        Ok(work)
    }

    /// Adds a statement.
    pub fn step(&mut self, object: &ObjectId, sql: fmt::Arguments<'_>) -> &mut Step {
        let sql = Statement::of(sql);
        self.steps.push(Step { sql, object: object.clone(), destructive: false, rewrites: false });
        let last = self.steps.len() - 1;
        &mut self.steps[last]
    }

    pub fn is_left(&self, change: &Change) -> bool {
        let property = match &change.difference {
            Difference::Changed { property, .. } => Some(*property),
            _ => None,
        };
        self.left.contains(&(change.object.clone(), property))
    }

    fn classify(&mut self, replaced: &BTreeSet<ObjectId>) {
        let (reference, other) = (self.reference, self.other);
        for id in reference.objects.keys().chain(other.objects.keys()).collect::<BTreeSet<_>>() {
            match (reference.objects.get(id), other.objects.get(id)) {
                (Some(wanted), Some(there)) => self.classify_pair(wanted, there, replaced),
                _ if id.kind == ObjectKind::ViewColumn && !self.has_view(id) => {}
                _ if matches!(id.kind, ObjectKind::ViewColumn | ObjectKind::Schema) => {
                    let both = [Property::Comment, Property::Grants];
                    let properties = both.into_iter().filter(|p| self.options.compares(*p)).collect();
                    self.alter.insert(id.clone(), properties);
                }
                (wanted, _)
                    if id.kind == ObjectKind::Other && wanted.is_none_or(|o| o.get(Property::Definition).is_none()) =>
                {
                    self.left.insert((id.clone(), None));
                }
                (Some(_), None) => {
                    self.create.insert(id.clone());
                }
                _ => {
                    self.drop.insert(id.clone());
                }
            }
        }
    }

    fn classify_pair(&mut self, wanted: &Object, there: &Object, replaced: &BTreeSet<ObjectId>) {
        let all: BTreeSet<Property> = wanted.properties.keys().chain(there.properties.keys()).copied().collect();
        let options = self.options;
        let compared = all.into_iter().filter(|p| options.compares(*p) && wanted.compared(*p) != there.compared(*p));
        let id = &wanted.id;
        for property in compared {
            match way(wanted, there, property, replaced) {
                Way::Alter
                    if id.kind == ObjectKind::Column
                        && matches!(property, Property::DataType | Property::Collation) =>
                {
                    if self.parts_a_table(id) {
                        self.left.insert((id.clone(), Some(property)));
                    } else {
                        self.retype.insert(id.clone());
                    }
                }
                Way::Alter => {
                    self.alter.entry(id.clone()).or_default().insert(property);
                }
                Way::Recreate => self.recreate(id),
                Way::Replace => {
                    self.replace.insert(id.clone());
                }
                Way::Leave => {
                    self.left.insert((id.clone(), Some(property)));
                }
            }
        }
    }

    /// Part of the partition key of its table, or of a partition: PostgreSQL changes no such column.
    fn parts_a_table(&self, column: &ObjectId) -> bool {
        self.other.needs.iter().filter(|(dependent, _)| dependent.kind == ObjectKind::Column).any(
            |(dependent, needed)| {
                let key = dependent == column
                    && needed.kind == ObjectKind::Table
                    && column.parent.as_ref() == Some(&needed.name);
                let inherited = needed == column && dependent.name == column.name && dependent.parent != column.parent;
                key || (inherited && self.parts_a_table(dependent))
            },
        )
    }

    /// Drops what is there, and makes what shall be there.
    pub fn recreate(&mut self, id: &ObjectId) {
        self.drop.insert(id.clone());
        if self.reference.objects.contains_key(id) {
            self.create.insert(id.clone());
        }
    }

    /// What depends on something that goes, goes with it, and comes again when the reference has it.
    fn spread(&mut self) {
        loop {
            let sizes = |w: &Self| (w.drop.len(), w.create.len(), w.retype.len(), w.replace.len(), w.alter.len());
            let before = sizes(self);
            for (dependent, needed) in &self.other.needs {
                self.spread_one(dependent, needed);
            }
            self.spread_to_parts();
            self.spread_to_defaults();
            if before == sizes(self) {
                break;
            }
        }
        self.spread_to_view_columns();
        // What is made anew has all its properties already.
        let Self { alter, create, .. } = self;
        alter.retain(|id, _| !create.contains(id));
        self.retype.retain(|id| !self.drop.contains(id));
        self.keep_sequences();
    }

    fn spread_one(&mut self, dependent: &ObjectId, needed: &ObjectId) {
        use ObjectKind::{
            Column, CompositeType, Default, Domain, DomainConstraint, Enum, RangeType, Schema, Sequence, Table,
        };
        let (goes, changes) =
            (self.drop.contains(needed), self.retype.contains(needed) || self.replace.contains(needed));
        if !(goes || changes) || self.drop.contains(dependent) {
            return;
        }
        match dependent.kind {
            Column if needed.kind == Column && needed.parent != dependent.parent => {
                // Inherited: what happens to the parent's column happens here by itself.
                if goes && !self.other.objects.contains_key(dependent) {
                    self.drop.insert(dependent.clone());
                } else if changes {
                    self.retype.insert(dependent.clone());
                }
            }
            Column if self.replace.contains(needed) => {
                self.retype.insert(dependent.clone());
            }
            Column => {
                let generated = self.other.objects.get(dependent).is_some_and(|c| c.get(Property::Generated).is_some());
                if generated && needed.kind != Table && needed.kind != Sequence {
                    self.recreate(dependent);
                }
            }
            Domain | CompositeType | RangeType => {
                if self.replace.contains(needed) {
                    self.replace.insert(dependent.clone());
                }
            }
            Default => self.recreate(dependent),
            Enum | Table | Sequence | Schema => {}
            DomainConstraint => self.recreate(dependent),
            _ => self.recreate(dependent),
        }
    }

    /// Parts go with what they are a part of, and defaults while the type of their column changes.
    fn spread_to_parts(&mut self) {
        for id in self.other.objects.keys() {
            let Some(parent) = &id.parent else { continue };
            let holder = self.other.holder(id.kind, parent).map(|h| h.id.clone());
            let column = ObjectId { kind: ObjectKind::Column, arguments: None, ..id.clone() };
            let goes = holder
                .is_some_and(|h| self.drop.contains(&h) || (h.kind == ObjectKind::Domain && self.replace.contains(&h)))
                || (id.kind == ObjectKind::Default && (self.drop.contains(&column) || self.retype.contains(&column)));
            if goes && id.kind != ObjectKind::ViewColumn {
                self.recreate(id);
            }
            if goes && id.kind == ObjectKind::ViewColumn && self.reference.objects.contains_key(id) {
                self.create.insert(id.clone());
            }
        }
        for id in self.reference.objects.keys().filter(|id| id.kind == ObjectKind::Default) {
            let column = ObjectId { kind: ObjectKind::Column, arguments: None, ..id.clone() };
            if self.create.contains(&column) {
                self.create.insert(id.clone());
            }
        }
    }

    /// Changing a default changes it in the tables below too: those with one of their own get it back, and those that lose
    /// theirs take the parent's.
    fn spread_to_defaults(&mut self) {
        let again = |id: &ObjectId| (id.clone(), BTreeSet::from([Property::Definition]));
        let defaults = |shape: &'a Shape| shape.objects.keys().filter(|id| id.kind == ObjectKind::Default);
        for id in defaults(self.reference).chain(defaults(self.other)) {
            for parent in expand::of_parents(self.reference, id) {
                let touched =
                    |id: &ObjectId| self.drop.contains(id) || self.create.contains(id) || self.alter.contains_key(id);
                if self.reference.objects.contains_key(id) && touched(&parent) && !touched(id) {
                    self.alter.extend([again(id)]);
                } else if !self.reference.objects.contains_key(id)
                    && self.drop.contains(id)
                    && self.reference.objects.contains_key(&parent)
                    && !touched(&parent)
                {
                    self.alter.extend([again(&parent)]);
                }
            }
        }
    }

    /// A change of the grants on a table may take those on its columns away.
    fn keep_column_grants(&mut self) {
        let columns = self.reference.objects.values().filter(|object| {
            let changes = |holder: &Object| self.alter.get(&holder.id).is_some_and(|p| p.contains(&Property::Grants));
            matches!(object.id.kind, ObjectKind::Column | ObjectKind::ViewColumn)
                && object.get(Property::Grants).is_some()
                && self.other.objects.contains_key(&object.id)
                && object
                    .id
                    .parent
                    .as_deref()
                    .and_then(|p| self.reference.holder(object.id.kind, p))
                    .is_some_and(changes)
        });
        for id in columns.map(|object| object.id.clone()).collect::<Vec<_>>() {
            self.alter.entry(id).or_default().insert(Property::Grants);
        }
    }

    fn has_view(&self, column: &ObjectId) -> bool {
        column.parent.as_deref().is_some_and(|view| self.reference.holder(column.kind, view).is_some())
    }

    /// A view that is made anew has no comments on its columns, and perhaps not those columns.
    fn spread_to_view_columns(&mut self) {
        let columns = self.alter.keys().filter(|id| id.kind == ObjectKind::ViewColumn).cloned();
        for id in columns.collect::<Vec<_>>() {
            let view = id.parent.as_deref().and_then(|view| self.reference.holder(id.kind, view));
            if view.is_some_and(|view| self.create.contains(&view.id)) {
                self.alter.remove(&id);
                if self.reference.objects.contains_key(&id) {
                    self.create.insert(id);
                }
            }
        }
    }

    /// A sequence that stays while the column it belongs to goes is taken from it first.
    fn keep_sequences(&mut self) {
        let stays = |id: &&ObjectId| id.kind == ObjectKind::Sequence && !self.drop.contains(id);
        let ids: Vec<ObjectId> = self.other.objects.keys().filter(stays).cloned().collect();
        for id in ids {
            if self.owner_goes(&id) {
                self.alter.entry(id).or_default().insert(Property::OwnedBy);
            }
        }
    }

    /// True where the column that this sequence of `other` belongs to, or its table, is dropped.
    pub fn owner_goes(&self, sequence: &ObjectId) -> bool {
        self.other.needs.iter().any(|(dependent, needed)| {
            dependent == sequence
                && (self.drop.contains(needed)
                    || needed
                        .parent
                        .as_deref()
                        .is_some_and(|p| self.other.holder(needed.kind, p).is_some_and(|h| self.drop.contains(&h.id))))
        })
    }

    pub fn wanted(&self, id: &ObjectId, property: Property) -> Option<&'a Neutral> {
        self.reference.objects.get(id).and_then(|object| object.get(property))
    }

    pub fn there(&self, id: &ObjectId, property: Property) -> Option<&'a Neutral> {
        self.other.objects.get(id).and_then(|object| object.get(property))
    }
}

/// How a difference between two objects of the same name is taken away.
fn way(wanted: &Object, there: &Object, property: Property, replaced: &BTreeSet<ObjectId>) -> Way {
    use ObjectKind as K;
    use Property as P;
    match (wanted.id.kind, property) {
        (_, P::Comment | P::Grants) => Way::Alter,
        (K::Table, P::PartitionKey | P::OfType) | (K::Column, P::Position | P::Server) | (K::Other, _) => Way::Leave,
        (K::Table, _) => Way::Alter,
        (K::ForeignTable, P::Options) => Way::Alter,
        (K::Column, P::Generated) => {
            let becomes_plain = wanted.get(P::Generated).is_none();
            let stored = there.raw(P::Generated).is_some_and(|text| text.ends_with(" stored"));
            if becomes_plain && stored { Way::Alter } else { Way::Recreate }
        }
        (K::Column | K::Default | K::Sequence | K::ViewColumn | K::Schema, _) => Way::Alter,
        (K::Enum, P::Labels) if !replaced.contains(&wanted.id) && types::only_adds(wanted, there) => Way::Alter,
        (K::Enum | K::CompositeType | K::RangeType, _) | (K::Domain, P::DataType | P::Collation) => Way::Replace,
        (K::Domain, _) => Way::Alter,
        (K::View | K::MaterializedView, P::Options) => Way::Alter,
        (K::Index, P::Validity) if wanted.get(P::Validity).is_some() => Way::Leave,
        (K::Index, P::Clustered) | (K::Constraint, P::Options) => Way::Alter,
        (K::Constraint, P::Definition) if is_not_valid(there, wanted) => Way::Alter,
        (K::Function | K::Procedure, P::Definition | P::Body) if wanted.get(P::Result) == there.get(P::Result) => {
            Way::Alter
        }
        (K::Trigger | K::Rule, P::Enabled) | (K::Statistics, P::Statistics) => Way::Alter,
        _ => Way::Recreate,
    }
}

/// The same constraint, but not yet checked against the rows.
fn is_not_valid(there: &Object, wanted: &Object) -> bool {
    match (there.raw(Property::Definition), wanted.raw(Property::Definition)) {
        (Some(there), Some(wanted)) => there.strip_suffix(" NOT VALID") == Some(wanted),
        _ => false,
    }
}
