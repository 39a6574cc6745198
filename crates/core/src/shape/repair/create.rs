//! Making what is missing, and changing what stays, in the order of the reference's needs.

use super::super::neutral::{Neutral, dollar_quoted};
use super::super::object::{ObjectId, ObjectKind, Property};
use super::super::token::{Kind, tokens};
use super::order::sorted;
use super::{Work, expand, types};
use crate::Result;
use crate::sql::Ident;
use std::collections::BTreeSet;

impl Work<'_> {
    pub(super) fn make_all(&mut self) -> Result<()> {
        let all = self.create.iter().chain(self.alter.keys()).chain(&self.retype).chain(&self.replace);
        let nodes: BTreeSet<ObjectId> = all.filter(|id| self.made_with(id) == **id).cloned().collect();
        let needs = self.reference.needs.iter();
        // A sequence gets its owner at the end, so that the column's default can use it before.
        let needs = needs.filter(|(x, _)| x.kind != ObjectKind::Sequence);
        let mut needs: BTreeSet<(ObjectId, ObjectId)> =
            needs.map(|(x, y)| (self.made_with(x), self.made_with(y))).collect();
        // The server does not know these as something of their own.
        for id in nodes.iter().filter(|id| id.kind == ObjectKind::ViewColumn) {
            let view = id.parent.as_deref().and_then(|view| self.reference.holder(id.kind, view));
            needs.extend(view.map(|view| (id.clone(), view.id.clone())));
        }
        for id in nodes.iter().filter(|id| id.kind == ObjectKind::Default) {
            needs.extend(expand::of_parents(self.reference, id).into_iter().map(|parent| (id.clone(), parent)));
        }
        let rank = |id: &ObjectId| {
            let position = self.wanted(id, Property::Position).map(|p| p.raw().to_owned());
            // Comments of a view's columns after the view, grants on the schema before all.
            (id.kind, id.parent.clone().filter(|_| id.kind == ObjectKind::Column), position, id.clone())
        };
        for id in sorted(&nodes, &needs, rank) {
            self.make_one(&id)?;
        }
        Ok(())
    }

    /// The object whose statement makes this one.
    fn made_with(&self, id: &ObjectId) -> ObjectId {
        let Some(parent) = id.parent.as_deref() else { return id.clone() };
        let column = ObjectId { kind: ObjectKind::Column, arguments: None, ..id.clone() };
        match id.kind {
            ObjectKind::Column => {
                let table = self.reference.holder(id.kind, parent).map(|table| &table.id);
                let inherited = !self.reference.objects.contains_key(id);
                match table.filter(|table| self.create.contains(table) || inherited) {
                    Some(table) => table.clone(),
                    None => id.clone(),
                }
            }
            ObjectKind::Default if self.create.contains(&column) && self.made_with(&column) == column => column,
            _ => id.clone(),
        }
    }

    fn make_one(&mut self, id: &ObjectId) -> Result<()> {
        if self.create.contains(id) || self.replace.contains(id) {
            if id.kind != ObjectKind::ViewColumn {
                self.create_one(id)?;
            }
            return self.decorate(id);
        }
        if self.retype.contains(id) {
            self.retype_column(id)?;
        }
        let mut properties = self.alter.get(id).cloned().unwrap_or_default();
        if self.retype.contains(id) {
            // Another type brings its own.
            for property in [Property::Storage, Property::Compression] {
                if self.wanted(id, property).is_some() {
                    properties.insert(property)
                } else {
                    properties.remove(&property)
                };
            }
        }
        self.alter_one(id, &properties)?;
        Ok(())
    }

    fn create_one(&mut self, id: &ObjectId) -> Result<()> {
        use ObjectKind::*;
        let definition = self.wanted_text(id, Property::Definition).unwrap_or_default();
        let definition = definition.trim_end().trim_end_matches(';').to_owned();
        match id.kind {
            Enum | Domain | CompositeType | RangeType => types::create(self, id)?,
            Sequence => self.create_sequence(id)?,
            Table | ForeignTable => self.create_table(id)?,
            Column => self.add_column(id)?,
            Default => {
                let (table, column) = (self.alter_parent(id)?, Ident::new(id.name.clone())?);
                self.step(id, format_args!("{table} alter column {column} set default {definition}"));
            }
            Constraint | DomainConstraint => {
                let (table, name) = (self.alter_parent(id)?, Ident::new(id.name.clone())?);
                self.step(id, format_args!("{table} add constraint {name} {definition}"));
                if id.kind == Constraint && self.wanted(id, Property::Options).is_some() {
                    self.alter_options(id)?;
                }
            }
            Function | Procedure => {
                let statement = self.routine(id);
                self.step(id, format_args!("{statement}"));
            }
            Aggregate => {
                let described = self.described(id)?;
                self.step(id, format_args!("create {described} ({definition})"));
            }
            View | MaterializedView => {
                let described = self.described(id)?;
                let options = self.with_options(id);
                self.step(id, format_args!("create {described}{options} as {definition}"));
            }
            Index => {
                let sql = without_only(&definition);
                self.step(id, format_args!("{sql}"));
            }
            Policy => self.create_policy(id)?,
            Rule | Trigger | Statistics => {
                self.step(id, format_args!("{definition}"));
                for property in [Property::Enabled, Property::Statistics] {
                    if self.wanted(id, property).is_some() {
                        self.alter_one(id, &BTreeSet::from([property]))?;
                    }
                }
            }
            Other => {
                for statement in definition.split(";\n") {
                    self.step(id, format_args!("{statement}"));
                }
            }
            Schema | ViewColumn => {}
        }
        Ok(())
    }

    /// ` with (fillfactor = '70')`
    pub(super) fn with_options(&self, id: &ObjectId) -> String {
        let options =
            self.wanted(id, Property::Options).map(|o| super::alter::assignments(o.raw())).unwrap_or_default();
        if options.is_empty() { String::new() } else { format!(" with ({})", options.join(", ")) }
    }

    fn create_sequence(&mut self, id: &ObjectId) -> Result<()> {
        let name = self.qualified(&id.name)?;
        let parameters = self.wanted_text(id, Property::Parameters).unwrap_or_default();
        let unlogged = if self.wanted(id, Property::Persistence).is_some() { "unlogged " } else { "" };
        self.step(id, format_args!("create {unlogged}sequence {name} {parameters}"));
        Ok(())
    }

    fn create_table(&mut self, id: &ObjectId) -> Result<()> {
        let name = self.qualified(&id.name)?;
        let mut columns: Vec<(Option<&Neutral>, ObjectId)> = Vec::new();
        for object in self.reference.objects.values() {
            if object.id.kind == ObjectKind::Column && object.id.parent.as_deref() == Some(&id.name) {
                columns.push((object.get(Property::Position), object.id.clone()));
            }
        }
        columns.sort();
        let lines = columns.iter().map(|(_, column)| Ok(format!("    {}", self.column_definition(column)?)));
        let lines: Vec<String> = lines.collect::<Result<_>>()?;
        let text = |property| self.wanted_text(id, property);
        let unlogged = if text(Property::Persistence).is_some() { "unlogged " } else { "" };
        let foreign = if id.kind == ObjectKind::ForeignTable { "foreign " } else { "" };
        let mut sql = format!("create {foreign}{unlogged}table {name}");
        match (text(Property::PartitionOf), text(Property::PartitionBound), text(Property::OfType)) {
            (Some(parent), Some(bound), _) => {
                let own = self.calculated_otherwise(&columns)?;
                sql.push_str(&format!(" partition of {parent}{own} {bound}"));
            }
            (_, _, Some(composite)) => sql.push_str(&format!(" of {composite}")),
            _ if lines.is_empty() => sql.push_str(" ()"),
            _ => sql.push_str(&format!(" (\n{}\n)", lines.join(",\n"))),
        }
        if let Some(parents) = text(Property::Inherits) {
            sql.push_str(&format!(" inherits ({parents})"));
        }
        if let Some(key) = text(Property::PartitionKey) {
            sql.push_str(&format!(" partition by {key}"));
        }
        if let Some(server) = text(Property::Server) {
            sql.push_str(&format!(" {server}"));
        }
        sql.push_str(&self.with_options(id));
        self.step(id, format_args!("{sql}"));
        for (_, column) in &columns {
            self.finish_column(column)?;
        }
        if self.wanted(id, Property::RowSecurity).is_some() {
            self.alter_one(id, &BTreeSet::from([Property::RowSecurity]))?;
        }
        Ok(())
    }

    /// Columns of a partition that are calculated in another way than the partitioned table's: ` (n with options generated …)`.
    fn calculated_otherwise(&self, columns: &[(Option<&Neutral>, ObjectId)]) -> Result<String> {
        let mut own = Vec::new();
        for (_, column) in columns {
            if let Some(expression) = self.wanted_text(column, Property::Generated) {
                let name = Ident::new(column.name.clone())?;
                own.push(format!("{name} with options generated always as {expression}"));
            }
        }
        Ok(if own.is_empty() { String::new() } else { format!(" ({})", own.join(", ")) })
    }

    /// `create or replace function`, whole.
    pub(super) fn routine(&self, id: &ObjectId) -> String {
        let definition = self.wanted_text(id, Property::Definition).unwrap_or_default();
        match self.wanted_text(id, Property::Body) {
            Some(body) => format!("{definition}{}", dollar_quoted(&body)),
            None => definition.trim_end().to_owned(),
        }
    }

    fn create_policy(&mut self, id: &ObjectId) -> Result<()> {
        let described = self.described(id)?;
        let text = |property| self.wanted_text(id, property);
        let (mode, command, roles) = (text(Property::Mode), text(Property::Command), text(Property::Roles));
        let mut sql = format!(
            "create {described} as {} for {} to {}",
            mode.unwrap_or_default(),
            command.unwrap_or_default(),
            roles.unwrap_or_default()
        );
        if let Some(expression) = text(Property::UsingExpression) {
            sql.push_str(&format!(" using ({expression})"));
        }
        if let Some(expression) = text(Property::CheckExpression) {
            sql.push_str(&format!(" with check ({expression})"));
        }
        self.step(id, format_args!("{sql}"));
        Ok(())
    }
}

/// The server prints the index of a partitioned table with ONLY, as pg_dump needs it; here it is for the partitions too.
fn without_only(definition: &str) -> String {
    let all = tokens(definition);
    let mut words = all.iter().enumerate().filter(|(_, token)| token.kind != Kind::Space);
    let only = words.find(|(at, token)| token.text == "ONLY" && *at > 1 && all[at - 2].text == "ON");
    let mut text = String::new();
    for (at, token) in all.iter().enumerate() {
        if only.is_none_or(|(skipped, _)| at != skipped && at != skipped + 1) {
            text.push_str(token.text);
        }
    }
    text
}
