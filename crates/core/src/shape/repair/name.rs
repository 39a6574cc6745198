//! How objects are named in statements.

use super::super::neutral::Neutral;
use super::super::object::{ObjectId, ObjectKind, Property};
use super::Work;
use crate::Result;
use crate::sql::{Ident, Qualified};

impl Work<'_> {
    /// `"schema"."name"`
    pub fn qualified(&self, name: &str) -> Result<Qualified> {
        Ok(self.target.schema.qualify(&Ident::new(name)?))
    }

    /// The object's parent, qualified.
    pub fn parent(&self, id: &ObjectId) -> Result<Qualified> {
        self.qualified(id.parent.as_deref().unwrap_or_default())
    }

    /// A text of the reference, for the schema that is repaired.
    pub fn text(&self, text: &Neutral) -> String {
        text.realise(&self.target.schema, &self.target.owner)
    }

    /// A property as it shall be, as SQL.
    pub fn wanted_text(&self, id: &ObjectId, property: Property) -> Option<String> {
        self.wanted(id, property).map(|text| self.text(text))
    }

    /// What follows `drop`, `comment on` and `alter`: sort and name.
    pub fn described(&self, id: &ObjectId) -> Result<String> {
        use ObjectKind::*;
        let own = || self.qualified(&id.name);
        let bare = || Ident::new(id.name.clone());
        Ok(match id.kind {
            Schema => format!("schema {}", self.target.schema),
            Other => format!("{} {}", id.arguments.as_ref().map(ToString::to_string).unwrap_or_default(), own()?),
            Enum | CompositeType | RangeType => format!("type {}", own()?),
            Domain => format!("domain {}", own()?),
            DomainConstraint => format!("constraint {} on domain {}", bare()?, self.parent(id)?),
            Sequence => format!("sequence {}", own()?),
            Table => format!("table {}", own()?),
            ForeignTable => format!("foreign table {}", own()?),
            Column | ViewColumn | Default => format!("column {}.{}", self.parent(id)?, bare()?),
            Function | Procedure | Aggregate => {
                let arguments = id.arguments.as_ref().map(|text| self.text(text)).unwrap_or_default();
                let none = id.kind == Aggregate && arguments.is_empty();
                format!("{} {}({})", id.kind.code(), own()?, if none { "*" } else { &arguments })
            }
            View => format!("view {}", own()?),
            MaterializedView => format!("materialized view {}", own()?),
            Index => format!("index {}", own()?),
            Constraint => format!("constraint {} on {}", bare()?, self.parent(id)?),
            Statistics => format!("statistics {}", own()?),
            Rule | Trigger | Policy => format!("{} {} on {}", id.kind.code(), bare()?, self.parent(id)?),
        })
    }

    /// `alter table "s"."t"`, or what else the parent of a column or constraint is.
    pub fn alter_parent(&self, id: &ObjectId) -> Result<String> {
        let name = id.parent.as_deref().unwrap_or_default();
        let holder = self.reference.holder(id.kind, name).or_else(|| self.other.holder(id.kind, name));
        let word = match holder.map(|holder| holder.id.kind) {
            Some(ObjectKind::View) => "view",
            Some(ObjectKind::MaterializedView) => "materialized view",
            Some(ObjectKind::ForeignTable) => "foreign table",
            Some(ObjectKind::Domain) => "domain",
            _ => "table",
        };
        Ok(format!("alter {word} {}", self.qualified(name)?))
    }
}
