//! A shape as lines of text, to be kept in a file and read again.

use super::neutral::Neutral;
use super::object::{Object, ObjectId, ObjectKind, Property, Shape};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One line. Objects have numbers, which the other lines use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Record {
    /// An object; one that is not `present` is only needed by others.
    Object { number: u64, present: bool, kind: String, parent: Option<String>, name: String, arguments: Option<String> },
    /// A property of an object.
    Property { number: u64, property: String, text: String },
    /// An object needs another one.
    Needs { number: u64, other: u64 },
}

/// The lines of a shape, always in the same order.
pub(crate) fn records(shape: &Shape) -> Vec<Record> {
    let mut ids: BTreeSet<&ObjectId> = shape.objects.keys().chain(shape.inherited.keys()).collect();
    ids.extend(shape.needs.iter().flat_map(|(one, other)| [one, other]));
    let numbers: HashMap<&ObjectId, u64> = ids.iter().zip(1..).map(|(id, number)| (*id, number)).collect();
    let mut records = Vec::new();
    for id in ids {
        let (number, object) = (numbers[id], shape.objects.get(id).or_else(|| shape.inherited.get(id)));
        records.push(Record::Object {
            number,
            present: object.is_some(),
            kind: id.kind.code().to_owned(),
            parent: id.parent.clone(),
            name: id.name.clone(),
            arguments: id.arguments.as_ref().map(Neutral::written),
        });
        for (property, text) in object.into_iter().flat_map(|object| &object.properties) {
            records.push(Record::Property { number, property: property.code().to_owned(), text: text.written() });
        }
    }
    let needs = shape.needs.iter();
    records.extend(needs.map(|(one, other)| Record::Needs { number: numbers[one], other: numbers[other] }));
    records
}

/// The shape that lines stand for; says what cannot be read.
pub(crate) fn of_records(schema: &str, owner: &str, records: Vec<Record>) -> Result<Shape, String> {
    let mut ids: HashMap<u64, ObjectId> = HashMap::new();
    let mut found: BTreeMap<ObjectId, Object> = BTreeMap::new();
    let mut needs = BTreeSet::new();
    let neutral = |text: &str| Neutral::of_written(text).ok_or_else(|| format!("{text:?} has an unknown placeholder"));
    let known = |ids: &HashMap<u64, ObjectId>, number| {
        ids.get(&number).cloned().ok_or_else(|| format!("there is no object number {number}"))
    };
    for record in records {
        match record {
            Record::Object { number, present, kind, parent, name, arguments } => {
                let kind = ObjectKind::of_code(&kind).ok_or_else(|| format!("{kind:?} is no sort of object"))?;
                // Some programs do not keep an empty text; a routine without arguments has an empty list of them.
                let routine = matches!(kind, ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate);
                let arguments = if routine { Some(arguments.unwrap_or_default()) } else { arguments };
                let arguments = arguments.as_deref().map(neutral).transpose()?;
                let id = ObjectId { kind, parent, name, arguments };
                if present {
                    found.insert(id.clone(), Object { id: id.clone(), properties: BTreeMap::new() });
                }
                if ids.insert(number, id).is_some() {
                    return Err(format!("there are two objects of number {number}"));
                }
            }
            Record::Property { number, property, text } => {
                let of = Property::of_code(&property).ok_or_else(|| format!("{property:?} is no property"))?;
                let object = found.get_mut(&known(&ids, number)?);
                let object = object.ok_or_else(|| format!("object number {number} is not there"))?;
                object.properties.insert(of, neutral(&text)?);
            }
            Record::Needs { number, other } => {
                needs.insert((known(&ids, number)?, known(&ids, other)?));
            }
        }
    }
    let (inherited, objects) =
        found.into_iter().partition(|(_, object)| object.properties.contains_key(&Property::Inherited));
    Ok(Shape { schema: schema.to_owned(), owner: owner.to_owned(), reader: String::new(), objects, inherited, needs })
}
