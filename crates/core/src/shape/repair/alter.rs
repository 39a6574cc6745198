//! Changing what stays.

use super::super::neutral::Neutral;
use super::super::object::{ObjectId, ObjectKind, Property};
use super::super::token::{Kind, tokens};
use super::{Work, types};
use crate::Result;
use crate::sql::{Ident, literal};
use std::collections::{BTreeMap, BTreeSet};

impl Work<'_> {
    pub(super) fn alter_one(&mut self, id: &ObjectId, properties: &BTreeSet<Property>) -> Result<()> {
        use ObjectKind as K;
        use Property as P;
        if id.kind == K::Column {
            self.alter_column(id, properties)?;
        }
        for property in properties {
            match (id.kind, property) {
                (_, P::Comment) => self.comment(id)?,
                (_, P::Grants) => self.change_grants(id)?,
                (K::Column | K::ViewColumn | K::Schema, _) => {}
                (K::Default, _) => {
                    let (table, column) = (self.alter_parent(id)?, Ident::new(id.name.clone())?);
                    let definition = self.wanted_text(id, P::Definition).unwrap_or_default();
                    self.step(id, format_args!("{table} alter column {column} set default {definition}"));
                }
                (K::Enum, P::Labels) => types::add_labels(self, id)?,
                (K::Domain, _) => types::alter_domain(self, id, *property)?,
                (K::Sequence, P::Parameters) => {
                    let name = self.qualified(&id.name)?;
                    let parameters = self.wanted_text(id, P::Parameters).unwrap_or_default();
                    self.step(id, format_args!("alter sequence {name} {parameters}"));
                }
                (K::Table | K::Sequence, P::Persistence) => {
                    let described = self.described(id)?;
                    let word = if self.wanted(id, P::Persistence).is_some() { "unlogged" } else { "logged" };
                    self.step(id, format_args!("alter {described} set {word}")).rewrites = id.kind == K::Table;
                }
                (K::Table, P::RowSecurity) => self.row_security(id)?,
                (_, P::Options) if id.kind != K::Table => self.alter_options(id)?,
                (K::Constraint, P::Definition) => {
                    let (table, name) = (self.alter_parent(id)?, Ident::new(id.name.clone())?);
                    self.step(id, format_args!("{table} validate constraint {name}"));
                }
                // One statement, whichever of the two is different.
                (K::Function | K::Procedure, P::Body) if properties.contains(&P::Definition) => {}
                (K::Function | K::Procedure, P::Definition | P::Body) => {
                    let statement = self.routine(id);
                    self.step(id, format_args!("{statement}"));
                }
                (K::Trigger | K::Rule, P::Enabled) => {
                    let (table, name) = (self.alter_parent(id)?, Ident::new(id.name.clone())?);
                    let how = self.wanted_text(id, P::Enabled).unwrap_or_else(|| "enable".into());
                    self.step(id, format_args!("{table} {how} {} {name}", id.kind.code()));
                }
                (K::Statistics, P::Statistics) => {
                    let name = self.qualified(&id.name)?;
                    let target = self.wanted_text(id, P::Statistics).unwrap_or_else(|| "-1".into());
                    self.step(id, format_args!("alter statistics {name} set statistics {target}"));
                }
                // The rest comes at the end.
                _ => {}
            }
        }
        Ok(())
    }

    fn row_security(&mut self, id: &ObjectId) -> Result<()> {
        let table = self.qualified(&id.name)?;
        let has = |text: Option<&Neutral>, word: &str| text.is_some_and(|t| t.raw().contains(word));
        let (there, wanted) = (self.there(id, Property::RowSecurity), self.wanted(id, Property::RowSecurity));
        let there = there.filter(|_| !self.create.contains(id));
        for (word, on, off) in [("enabled", "enable", "disable"), ("forced", "force", "no force")] {
            if has(there, word) != has(wanted, word) {
                let how = if has(wanted, word) { on } else { off };
                self.step(id, format_args!("alter table {table} {how} row level security"));
            }
        }
        Ok(())
    }

    /// Storage parameters: `set (…)`, `reset (…)`.
    pub(super) fn alter_options(&mut self, id: &ObjectId) -> Result<()> {
        let made = self.create.contains(id);
        let there = self.there(id, Property::Options).filter(|_| !made);
        let there = there.map(|o| parsed(o.raw())).unwrap_or_default();
        let wanted = self.wanted(id, Property::Options).map(|o| parsed(o.raw())).unwrap_or_default();
        let head = match id.kind {
            ObjectKind::Column => format!("{} alter column {}", self.alter_parent(id)?, Ident::new(id.name.clone())?),
            // Those of a constraint are its index's.
            ObjectKind::Constraint => format!("alter index {}", self.qualified(&id.name)?),
            _ => format!("alter {}", self.described(id)?),
        };
        let gone: Vec<&str> = there.keys().filter(|name| !wanted.contains_key(*name)).copied().collect();
        if !gone.is_empty() {
            self.step(id, format_args!("{head} reset ({})", gone.join(", ")));
        }
        let set: Vec<String> = wanted
            .iter()
            .filter(|(name, value)| there.get(*name) != Some(value))
            .map(|(name, value)| format!("{name} = {}", literal(value)))
            .collect();
        if !set.is_empty() {
            self.step(id, format_args!("{head} set ({})", set.join(", ")));
        }
        Ok(())
    }

    /// The parents in a list of qualified names, for the schema that is repaired.
    pub(super) fn parents(&self, list: Option<&Neutral>) -> Vec<String> {
        let Some(list) = list else { return Vec::new() };
        let text = self.text(list);
        let mut parents = vec![String::new()];
        for token in tokens(&text).iter().filter(|token| token.kind != Kind::Space) {
            if token.is(",") {
                parents.push(String::new());
            } else if let Some(last) = parents.last_mut() {
                last.push_str(token.text);
            }
        }
        parents
    }
}

/// Name and value of each storage parameter. Their values are numbers and words.
fn parsed(options: &str) -> BTreeMap<&str, &str> {
    options.split(", ").filter_map(|option| option.split_once('=')).collect()
}

/// `fillfactor = '70'` for each.
pub(super) fn assignments(options: &str) -> Vec<String> {
    parsed(options).into_iter().map(|(name, value)| format!("{name} = {}", literal(value))).collect()
}
