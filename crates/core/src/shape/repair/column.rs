//! Columns.

use super::super::object::{ObjectId, ObjectKind, Property};
use super::Work;
use crate::Result;
use crate::sql::{Ident, literal};
use std::collections::BTreeSet;

impl Work<'_> {
    /// `"name" type …`, without a default.
    pub(super) fn column_definition(&self, id: &ObjectId) -> Result<String> {
        let text = |property| self.wanted_text(id, property);
        let mut sql = format!("{} {}", Ident::new(id.name.clone())?, text(Property::DataType).unwrap_or_default());
        if let Some(method) = text(Property::Compression) {
            sql.push_str(&format!(" compression {method}"));
        }
        if let Some(collation) = text(Property::Collation) {
            sql.push_str(&format!(" collate {collation}"));
        }
        if let Some(generated) = text(Property::Generated) {
            sql.push_str(" generated always as ");
            // PostgreSQL 18 alone knows virtual ones, and makes them when nothing is said.
            sql.push_str(generated.strip_suffix(" virtual").unwrap_or(&generated));
        }
        if let Some(identity) = self.identity(id)? {
            sql.push_str(&format!(" generated {identity}"));
        }
        if text(Property::NotNull).is_some() {
            sql.push_str(" not null");
        }
        Ok(sql)
    }

    /// `always as identity (…)`
    fn identity(&self, id: &ObjectId) -> Result<Option<String>> {
        let Some(kind) = self.wanted_text(id, Property::Identity) else { return Ok(None) };
        let name = match self.wanted(id, Property::IdentitySequence) {
            Some(name) => format!("sequence name {} ", self.qualified(name.raw())?),
            None => String::new(),
        };
        let parameters = self.wanted_text(id, Property::IdentityParameters).unwrap_or_default();
        Ok(Some(format!("{kind} as identity ({name}{parameters})")))
    }

    /// Adds a column to a table that is there. Its default comes with it, so that rows have a value.
    pub(super) fn add_column(&mut self, id: &ObjectId) -> Result<()> {
        let table = self.alter_parent(id)?;
        let definition = self.column_definition(id)?;
        let default = ObjectId { kind: ObjectKind::Default, ..id.clone() };
        let default = self.wanted_text(&default, Property::Definition);
        let stored = self.wanted(id, Property::Generated).is_some_and(|g| g.raw().ends_with(" stored"));
        let computed = default.as_ref().is_some_and(|text| text.contains('('));
        let rewrites = stored || computed || self.wanted(id, Property::Identity).is_some();
        let default = default.map(|text| format!(" default {text}")).unwrap_or_default();
        let step = self.step(id, format_args!("{table} add column {definition}{default}"));
        step.rewrites = rewrites;
        self.finish_column(id)?;
        Ok(())
    }

    /// What `create table` cannot say.
    pub(super) fn finish_column(&mut self, id: &ObjectId) -> Result<()> {
        let set = |property: &Property| self.wanted(id, *property).is_some();
        let properties: BTreeSet<Property> =
            [Property::Storage, Property::Statistics, Property::Options].into_iter().filter(set).collect();
        self.alter_column(id, &properties)?;
        if self.made_inside(id) {
            self.decorate(id)?;
        }
        Ok(())
    }

    /// A column that its table's statement made.
    fn made_inside(&self, id: &ObjectId) -> bool {
        let holder = id.parent.as_deref().and_then(|parent| self.reference.holder(id.kind, parent));
        holder.is_some_and(|holder| self.create.contains(&holder.id))
    }

    pub(super) fn alter_column(&mut self, id: &ObjectId, properties: &BTreeSet<Property>) -> Result<()> {
        let table = self.alter_parent(id)?;
        let column = Ident::new(id.name.clone())?;
        let head = format!("{table} alter column {column}");
        for property in properties {
            let wanted = self.wanted_text(id, *property);
            match (property, wanted) {
                (Property::NotNull, Some(_)) => self.step(id, format_args!("{head} set not null")),
                (Property::NotNull, None) => self.step(id, format_args!("{head} drop not null")),
                (Property::Compression, method) => {
                    let method = method.unwrap_or_else(|| "default".into());
                    self.step(id, format_args!("{head} set compression {method}"))
                }
                (Property::Storage, Some(storage)) => self.step(id, format_args!("{head} set storage {storage}")),
                (Property::Storage, None) => {
                    let storage = self.usual_storage(id);
                    self.step(id, format_args!("{head} set storage {storage}"))
                }
                (Property::Statistics, target) => {
                    let target = target.unwrap_or_else(|| "-1".into());
                    self.step(id, format_args!("{head} set statistics {target}"))
                }
                _ => continue,
            };
        }
        if properties.contains(&Property::Options) {
            self.alter_options(id)?;
        }
        self.alter_identity(id, properties, &head)
    }

    /// The storage that types of variable length have when nobody asked for another. `set storage default` is younger than
    /// the oldest server here.
    fn usual_storage(&self, id: &ObjectId) -> &'static str {
        let data_type = self.wanted(id, Property::DataType).map(|t| t.raw().to_owned()).unwrap_or_default();
        let main =
            ["numeric", "inet", "cidr"].iter().any(|name| data_type.starts_with(name) && !data_type.ends_with(']'));
        if main { "main" } else { "extended" }
    }

    fn alter_identity(&mut self, id: &ObjectId, properties: &BTreeSet<Property>, head: &str) -> Result<()> {
        let Some(identity) = self.wanted_text(id, Property::Identity) else { return Ok(()) };
        if self.there(id, Property::Identity).is_none() {
            if properties.contains(&Property::Identity) {
                let whole = self.identity(id)?.unwrap_or_default();
                self.step(id, format_args!("{head} add generated {whole}"));
                if let Some(sequence) = self.wanted(id, Property::IdentitySequence) {
                    self.catch_up(id, sequence.raw(), id)?;
                }
            }
            return Ok(());
        }
        if properties.contains(&Property::Identity) {
            self.step(id, format_args!("{head} set generated {identity}"));
        }
        let (had, wants) = (self.there(id, Property::IdentitySequence), self.wanted(id, Property::IdentitySequence));
        let (Some(had), Some(wants)) = (had, wants) else { return Ok(()) };
        if had != wants {
            let (old, new) = (self.qualified(had.raw())?, Ident::new(wants.raw())?);
            self.step(id, format_args!("alter sequence {old} rename to {new}"));
        }
        if properties.contains(&Property::IdentityParameters) {
            let name = self.qualified(wants.raw())?;
            let parameters = self.wanted_text(id, Property::IdentityParameters).unwrap_or_default();
            self.step(id, format_args!("alter sequence {name} {parameters}"));
        }
        Ok(())
    }

    /// Makes a new sequence go on behind the values that its column has already.
    pub(super) fn catch_up(&mut self, id: &ObjectId, sequence: &str, column: &ObjectId) -> Result<()> {
        let sequence = literal(&self.qualified(sequence)?.to_string());
        let (table, column) = (self.parent(column)?, Ident::new(column.name.clone())?);
        self.step(
            id,
            format_args!(
                "select pg_catalog.setval({sequence}::pg_catalog.regclass, pg_catalog.max({column})::bigint) from {table} \
                 having pg_catalog.max({column}) >= 1"
            ),
        );
        Ok(())
    }

    /// `alter column … type … using …`
    pub(super) fn retype_column(&mut self, id: &ObjectId) -> Result<()> {
        // A column that comes from a parent changes with the parent's.
        let Some(wanted) = self.wanted_text(id, Property::DataType) else { return Ok(()) };
        let there = self.there(id, Property::DataType).map(|t| self.text(t)).unwrap_or_default();
        let (table, column) = (self.alter_parent(id)?, Ident::new(id.name.clone())?);
        let foreign = table.contains("foreign table ");
        let collation = self.wanted_text(id, Property::Collation).map(|c| format!(" collate {c}")).unwrap_or_default();
        let using = match (family(&there), family(&wanted)) {
            _ if foreign => String::new(),
            (Some(one), Some(other)) if one == other => format!(" using {column}::{wanted}"),
            // Through text, which every type has; an enumeration made anew has nothing else.
            _ => format!(" using {column}::text::{wanted}"),
        };
        let step = self.step(id, format_args!("{table} alter column {column} type {wanted}{collation}{using}"));
        step.destructive = there != wanted && !widens(&there, &wanted);
        let relabels = there != wanted && widens(&there, &wanted) && family(&wanted) == Some("text");
        step.rewrites = !(foreign || relabels);
        Ok(())
    }
}

/// Types between which PostgreSQL converts values itself.
fn family(name: &str) -> Option<&'static str> {
    let base = name.split('(').next().unwrap_or_default().trim();
    match base {
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => Some("number"),
        "text" | "character varying" | "character" => Some("text"),
        "date" => Some("time"),
        _ if name.ends_with(']') => None,
        "timestamp without time zone" | "timestamp with time zone" | "timestamp" => Some("time"),
        _ => None,
    }
}

/// True where every value of the one type is a value of the other.
fn widens(from: &str, to: &str) -> bool {
    let length = |name: &str| name.strip_prefix("character varying(")?.strip_suffix(')')?.parse::<u32>().ok();
    match (from, to) {
        ("smallint", "integer" | "bigint" | "numeric") | ("integer", "bigint" | "numeric") | ("bigint", "numeric") => {
            true
        }
        ("real", "double precision") => true,
        (_, "text" | "character varying") => family(from) == Some("text"),
        _ => matches!((length(from), length(to)), (Some(from), Some(to)) if from <= to),
    }
}
