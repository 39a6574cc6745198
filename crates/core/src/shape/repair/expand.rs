//! What a table has from its parents in one shape, and by itself in the other.
//!
//! Such columns stand with the parent alone. Before a table becomes a partition, or after it ceased to be one, they are
//! columns like others, and have to be compared.

use super::super::object::{Object, ObjectId, ObjectKind, Property, Shape};
use super::super::token::{Kind, tokens};
use std::borrow::Cow;

/// `shape` with the columns, constraints and indexes of those tables that have other parents in `counterpart`: they stay
/// behind when a table leaves its parents, and have to be there before it joins them. Foreign keys come by themselves.
pub(super) fn expanded<'a>(shape: &'a Shape, counterpart: &Shape, left_behind: bool) -> Cow<'a, Shape> {
    // With other bounds a partition leaves its parent for a while.
    let all = [Property::PartitionOf, Property::PartitionBound, Property::Inherits];
    let parents = |table: &Object| all.map(|p| table.get(p).cloned());
    let moved = shape.objects.values().filter(|object| object.id.kind == ObjectKind::Table).filter(|table| {
        let other = counterpart.objects.get(&table.id);
        other.is_some_and(|other| parents(other) != parents(table))
    });
    let moved: Vec<&str> = moved.map(|table| table.id.name.as_str()).collect();
    let mut more: Vec<Object> = moved.iter().flat_map(|table| inherited(shape, table)).collect();
    let of_moved = |object: &&Object| object.id.parent.as_deref().is_some_and(|parent| moved.contains(&parent));
    let comes = |object: &Object| object.raw(Property::Definition).is_some_and(|text| text.starts_with("FOREIGN KEY"));
    more.extend(shape.inherited.values().filter(of_moved).filter(|object| left_behind || !comes(object)).cloned());
    if more.is_empty() {
        return Cow::Borrowed(shape);
    }
    let mut shape = shape.clone();
    for object in more {
        shape.objects.entry(object.id.clone()).or_insert(object);
    }
    Cow::Owned(shape)
}

/// The columns and defaults that a table has from its parents in the same schema, as its own.
fn inherited(shape: &Shape, table: &str) -> Vec<Object> {
    let parents = parents(shape, table);
    let mut columns: Vec<Object> = parents.iter().flat_map(|parent| inherited(shape, parent)).collect();
    for column in shape.objects.values() {
        let of_parent = column.id.parent.as_ref().is_some_and(|parent| parents.contains(parent));
        if of_parent && matches!(column.id.kind, ObjectKind::Column | ObjectKind::Default) {
            columns.push(column.clone());
        }
    }
    for column in &mut columns {
        column.id.parent = Some(table.to_owned());
        // Not inherited.
        for property in [
            Property::Comment,
            Property::Grants,
            Property::Identity,
            Property::IdentitySequence,
            Property::IdentityParameters,
        ] {
            column.properties.remove(&property);
        }
    }
    columns
}

/// The tables of the same schema that a table has columns from.
pub(super) fn parents(shape: &Shape, table: &str) -> Vec<String> {
    let id = ObjectId { kind: ObjectKind::Table, parent: None, name: table.to_owned(), arguments: None };
    let Some(object) = shape.objects.get(&id) else { return Vec::new() };
    let lists = [Property::PartitionOf, Property::Inherits];
    lists.iter().filter_map(|property| object.raw(*property)).flat_map(own_names).collect()
}

/// The same default, or column, of the tables that this one's table has columns from.
pub(super) fn of_parents(shape: &Shape, id: &ObjectId) -> Vec<ObjectId> {
    let parents = parents(shape, id.parent.as_deref().unwrap_or_default());
    parents.into_iter().map(|parent| ObjectId { parent: Some(parent), ..id.clone() }).collect()
}

/// The tables of the schema itself in a list of qualified names.
fn own_names(list: &str) -> Vec<String> {
    let list = list.replace("\0i.", "\0");
    let parts = list.split('\0').skip(1);
    parts
        .filter_map(|part| {
            tokens(part).iter().find(|t| t.kind != Kind::Space).and_then(super::super::token::Token::name)
        })
        .collect()
}
