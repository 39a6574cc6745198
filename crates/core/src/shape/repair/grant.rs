//! Comments, owners and grants of what is made or changed.

use super::super::neutral::Neutral;
use super::super::object::{ObjectId, ObjectKind, Property};
use super::super::token::tokens;
use super::Work;
use crate::Result;
use crate::sql::{Ident, literal};
use std::collections::BTreeSet;

impl Work<'_> {
    /// Comment, owner and grants of an object that was just made.
    pub fn decorate(&mut self, id: &ObjectId) -> Result<()> {
        if self.wanted(id, Property::Comment).is_some() {
            self.comment(id)?;
        }
        if self.reference.objects.get(id).is_some_and(|object| object.get(Property::Owner).is_some()) {
            self.owner(id)?;
        }
        // Where grants are not compared, what was made again gets those back that it had.
        let kept = self.other.objects.get(id).map(|object| object.get(Property::Grants));
        let wanted = if self.options.grants { Some(self.wanted(id, Property::Grants)) } else { kept };
        if let Some(wanted) = wanted {
            let before = self.entries(fresh(id.kind).as_ref());
            let after = self.entries(wanted);
            self.grants(id, &before, &after)?;
        }
        Ok(())
    }

    pub fn comment(&mut self, id: &ObjectId) -> Result<()> {
        let described = self.described(id)?;
        match self.wanted_text(id, Property::Comment) {
            Some(text) => self.step(id, format_args!("comment on {described} is {}", literal(&text))),
            None => self.step(id, format_args!("comment on {described} is null")),
        };
        Ok(())
    }

    /// The owner that it had, else the owner of the schema.
    fn owner(&mut self, id: &ObjectId) -> Result<()> {
        let had = self.there(id, Property::Owner).map(|owner| owner.raw().to_owned());
        let owner = had.unwrap_or_else(|| self.other.owner.clone());
        if owner != self.other.reader {
            let described = self.described(id)?;
            self.step(id, format_args!("alter {described} owner to {}", Ident::new(owner)?));
        }
        Ok(())
    }

    /// Changes the grants of an object that stays.
    pub fn change_grants(&mut self, id: &ObjectId) -> Result<()> {
        let (mut before, after) =
            (self.entries(self.there(id, Property::Grants)), self.entries(self.wanted(id, Property::Grants)));
        if matches!(id.kind, ObjectKind::Column | ObjectKind::ViewColumn) {
            // What is revoked on a table is revoked on its columns too; granting again does no harm.
            before.retain(|entry| !after.contains(entry));
        }
        self.grants(id, &before, &after)
    }

    fn grants(&mut self, id: &ObjectId, before: &BTreeSet<Entry>, after: &BTreeSet<Entry>) -> Result<()> {
        for entry in before.difference(after) {
            let (right, on) = self.granted(id, entry)?;
            self.step(id, format_args!("revoke {right} on {on} from {}", entry.role));
        }
        for entry in after.difference(before) {
            let (right, on) = self.granted(id, entry)?;
            let option = if entry.option { " with grant option" } else { "" };
            self.step(id, format_args!("grant {right} on {on} to {}{option}", entry.role));
        }
        Ok(())
    }

    /// The privilege, and what it is on.
    fn granted(&self, id: &ObjectId, entry: &Entry) -> Result<(String, String)> {
        use ObjectKind::{Aggregate, Column, Domain, ForeignTable, MaterializedView, View, ViewColumn};
        Ok(match id.kind {
            Column | ViewColumn => {
                let right = format!("{} ({})", entry.privilege, Ident::new(id.name.clone())?);
                (right, format!("table {}", self.parent(id)?))
            }
            View | MaterializedView | ForeignTable => {
                (entry.privilege.clone(), format!("table {}", self.qualified(&id.name)?))
            }
            Domain => (entry.privilege.clone(), format!("type {}", self.qualified(&id.name)?)),
            Aggregate => {
                let described = self.described(id)?.replacen("aggregate", "function", 1).replacen("(*)", "()", 1);
                (entry.privilege.clone(), described)
            }
            _ => (entry.privilege.clone(), self.described(id)?),
        })
    }

    /// Reads the list that the catalog query writes: `select to reader; usage to public with grant option`.
    fn entries(&self, grants: Option<&Neutral>) -> BTreeSet<Entry> {
        let Some(grants) = grants else { return BTreeSet::new() };
        let text = self.text(grants);
        let mut parts = vec![String::new()];
        for token in tokens(&text) {
            if token.is(";") {
                parts.push(String::new());
            } else if let Some(last) = parts.last_mut() {
                last.push_str(token.text);
            }
        }
        parts.iter().filter_map(|part| Entry::read(part.trim())).collect()
    }
}

/// What a newly made object grants by itself.
fn fresh(kind: ObjectKind) -> Option<Neutral> {
    use ObjectKind::{Aggregate, CompositeType, Domain, Enum, Function, Procedure, RangeType};
    match kind {
        Function | Procedure | Aggregate => Some(Neutral::plain("execute to public")),
        Enum | Domain | CompositeType | RangeType => Some(Neutral::plain("usage to public")),
        _ => None,
    }
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    role: String,
    privilege: String,
    option: bool,
}

impl Entry {
    fn read(text: &str) -> Option<Self> {
        let (privilege, role) = text.split_once(" to ")?;
        let (role, option) = match role.strip_suffix(" with grant option") {
            Some(role) => (role, true),
            None => (role, false),
        };
        Some(Self { role: role.to_owned(), privilege: privilege.to_owned(), option })
    }
}
