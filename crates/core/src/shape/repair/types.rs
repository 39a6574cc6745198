//! Types that are made anew while columns use them: the old one is set aside under another name, the columns are
//! converted, the old one is dropped.

use super::super::neutral::content;
use super::super::object::{Object, ObjectId, ObjectKind, Property};
use super::super::token::{Kind, tokens};
use super::Work;
use super::order::sorted;
use crate::Result;
use crate::sql::Ident;
use std::collections::BTreeSet;

/// A type under its interim name.
pub(super) struct Aside {
    id: ObjectId,
    name: String,
}

fn is_type(id: &ObjectId) -> bool {
    matches!(id.kind, ObjectKind::Enum | ObjectKind::Domain | ObjectKind::CompositeType | ObjectKind::RangeType)
}

/// Renames the types whose name is wanted by something else.
pub(super) fn set_aside(work: &mut Work<'_>) -> Result<Vec<Aside>> {
    let types = |id: &&ObjectId| is_type(id) && work.other.objects.contains_key(*id);
    let ids: BTreeSet<ObjectId> = work.replace.iter().chain(&work.drop).filter(types).cloned().collect();
    // The last to be dropped is what the others need.
    let needs = work.other.needs.iter().map(|(x, y)| (y.clone(), x.clone())).collect();
    let mut aside = Vec::new();
    for (number, id) in sorted(&ids, &needs, Clone::clone).into_iter().enumerate() {
        let wanted = work.reference.objects.keys().any(|other| other.parent.is_none() && other.name == id.name);
        let name = if wanted { format!("_cadastre_old_{number}") } else { id.name.clone() };
        if wanted {
            let (old, new) = (work.qualified(&id.name)?, Ident::new(name.clone())?);
            let word = if id.kind == ObjectKind::Domain { "domain" } else { "type" };
            if id.kind == ObjectKind::RangeType {
                set_range_aside(work, &id, &name)?;
            }
            work.step(&id, format_args!("alter {word} {old} rename to {new}"));
        }
        aside.push(Aside { id, name });
    }
    Ok(aside)
}

/// A range type has a multirange type, and both have constructors, which keep their names when the type gets another.
fn set_range_aside(work: &mut Work<'_>, id: &ObjectId, name: &str) -> Result<()> {
    let Some(multirange) = work.there(id, Property::Multirange) else { return Ok(()) };
    let definition = work.there(id, Property::Definition).map(|text| work.text(text)).unwrap_or_default();
    let subtype = definition.strip_prefix("subtype = ").and_then(|text| text.split(", subtype_opclass = ").next());
    let subtype = subtype.unwrap_or_default();
    let (range, multirange) = (work.qualified(&id.name)?, work.qualified(multirange.raw())?);
    let (new, new_multirange) = (Ident::new(name)?, Ident::new(format!("{name}_multirange"))?);
    for arguments in [format!("{subtype}, {subtype}"), format!("{subtype}, {subtype}, text")] {
        work.step(id, format_args!("alter function {range}({arguments}) rename to {new}"));
    }
    for arguments in [String::new(), range.to_string(), format!("{range}[]")] {
        work.step(id, format_args!("alter function {multirange}({arguments}) rename to {new_multirange}"));
    }
    work.step(id, format_args!("alter type {multirange} rename to {new_multirange}"));
    Ok(())
}

/// Drops them when nothing uses them any more.
pub(super) fn drop_aside(work: &mut Work<'_>, aside: &[Aside]) -> Result<()> {
    for Aside { id, name } in aside {
        let word = if id.kind == ObjectKind::Domain { "domain" } else { "type" };
        let name = work.qualified(name)?;
        work.step(id, format_args!("drop {word} {name}"));
    }
    Ok(())
}

/// The labels of an enumeration, as literals.
fn labels(object: Option<&Object>) -> Vec<&str> {
    let text = object.and_then(|object| object.raw(Property::Labels)).unwrap_or_default();
    tokens(text).into_iter().filter(|token| token.kind == Kind::Literal).map(|token| token.text).collect()
}

/// True where the wanted labels are those that are there, in their order, with others between them.
pub(super) fn only_adds(wanted: &Object, there: &Object) -> bool {
    let mut wanted = labels(Some(wanted)).into_iter();
    labels(Some(there)).into_iter().all(|label| wanted.any(|w| w == label))
}

/// The labels that `other` lacks.
pub(super) fn new_labels(work: &Work<'_>, id: &ObjectId) -> Vec<String> {
    let there = labels(work.other.objects.get(id));
    let new = labels(work.reference.objects.get(id)).into_iter().filter(|label| !there.contains(label));
    new.filter_map(content).collect()
}

/// `alter type … add value`
pub(super) fn add_labels(work: &mut Work<'_>, id: &ObjectId) -> Result<()> {
    let there = labels(work.other.objects.get(id));
    let wanted = labels(work.reference.objects.get(id));
    let name = work.qualified(&id.name)?;
    for (at, label) in wanted.iter().enumerate().filter(|(_, label)| !there.contains(label)) {
        match (at, there.first()) {
            (0, Some(first)) => work.step(id, format_args!("alter type {name} add value {label} before {first}")),
            (0, None) => work.step(id, format_args!("alter type {name} add value {label}")),
            _ => work.step(id, format_args!("alter type {name} add value {label} after {}", wanted[at - 1])),
        };
    }
    Ok(())
}

/// `create type`, `create domain`
pub(super) fn create(work: &mut Work<'_>, id: &ObjectId) -> Result<()> {
    let name = work.qualified(&id.name)?;
    let text = |property| work.wanted_text(id, property).unwrap_or_default();
    match id.kind {
        ObjectKind::Enum => {
            let labels = text(Property::Labels);
            work.step(id, format_args!("create type {name} as enum ({labels})"));
        }
        ObjectKind::CompositeType => {
            let attributes = text(Property::Definition);
            work.step(id, format_args!("create type {name} as ({attributes})"));
        }
        ObjectKind::RangeType => {
            let parameters = text(Property::Definition);
            work.step(id, format_args!("create type {name} as range ({parameters})"));
        }
        _ => {
            let mut rest = text(Property::DataType);
            for (property, word) in [(Property::Collation, " collate "), (Property::DefaultValue, " default ")] {
                if let Some(text) = work.wanted_text(id, property) {
                    rest.push_str(word);
                    rest.push_str(&text);
                }
            }
            let not_null = if work.wanted(id, Property::NotNull).is_some() { " not null" } else { "" };
            work.step(id, format_args!("create domain {name} as {rest}{not_null}"));
        }
    }
    Ok(())
}

/// Changes a domain that stays.
pub(super) fn alter_domain(work: &mut Work<'_>, id: &ObjectId, property: Property) -> Result<()> {
    let name = work.qualified(&id.name)?;
    match (property, work.wanted_text(id, property)) {
        (Property::NotNull, Some(_)) => work.step(id, format_args!("alter domain {name} set not null")),
        (Property::NotNull, None) => work.step(id, format_args!("alter domain {name} drop not null")),
        (_, Some(text)) => work.step(id, format_args!("alter domain {name} set default {text}")),
        (_, None) => work.step(id, format_args!("alter domain {name} drop default")),
    };
    Ok(())
}
