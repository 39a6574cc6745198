//! The fleet by shape.

use super::diff::{Change, diff};
use super::fingerprint::{Fingerprint, fingerprints};
use super::object::Options;
use super::read::{Namespace, read};
use crate::connection::{Database, Purpose};
use crate::{ErrorKind, Result};
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Instant;

/// How many changes of a class are listed; the rest is one comparison away.
const CHANGES_SHOWN: usize = 10;
/// Classes beyond these are counted, not described: a fleet in which nobody is equal would take minutes.
const CLASSES_DESCRIBED: usize = 50;

/// All tenants by shape.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Classes {
    /// The reference's class first, then the largest.
    pub classes: Vec<Class>,
    /// The tenant whose shape is the measure.
    pub reference: Option<String>,
    /// Milliseconds that reading took.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub duration_ms: u64,
}

/// Tenants of the same shape.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Class {
    /// What they have in common.
    pub fingerprint: Fingerprint,
    /// Schemas, by name.
    pub tenants: Vec<String>,
    /// The measure of the others.
    pub reference: bool,
    /// How many changes separate it from the reference; `None` where that was not looked at.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub differences: Option<usize>,
    /// The first of them.
    #[cfg_attr(feature = "specta", specta(type = Vec<super::wire::WireChange>))]
    pub changes: Vec<Change>,
}

/// Groups schemas by shape. The reference is the largest class, or that of the schema named.
///
/// # Errors
/// [`ErrorKind::TenantMissing`] when the reference is none of `schemas`.
pub async fn classes(
    database: &Database,
    schemas: &[Namespace],
    reference: Option<&str>,
    options: Options,
) -> Result<Classes> {
    let started = Instant::now();
    let mut members: BTreeMap<Fingerprint, Vec<&Namespace>> = BTreeMap::new();
    for (schema, fingerprint) in schemas.iter().zip(fingerprints(database, schemas, options).await?) {
        members.entry(fingerprint).or_default().push(schema);
    }
    let mut groups: Vec<(Fingerprint, Vec<&Namespace>)> = members.into_iter().collect();
    for (_, group) in &mut groups {
        group.sort_by(|a, b| a.name.cmp(&b.name));
    }
    groups.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.1[0].name.cmp(&b.1[0].name)));
    if let Some(name) = reference {
        let at = groups.iter().position(|(_, group)| group.iter().any(|schema| schema.name == name));
        let at = at.ok_or_else(|| ErrorKind::TenantMissing { name: name.to_owned() })?;
        let chosen = groups.remove(at);
        groups.insert(0, chosen);
    }
    let measure = groups.first().map(|(_, group)| group[0].name.clone());
    let mut session = database.session(Purpose::Catalog).await?;
    let mut reference_shape = None;
    let several = groups.len() > 1;
    let mut classes = Vec::with_capacity(groups.len());
    for (at, (fingerprint, group)) in groups.into_iter().enumerate() {
        let mut changes = None;
        if at == 0 && several {
            reference_shape = Some(read(&mut session, group[0]).await?);
        } else if let Some(reference) = reference_shape.as_ref().filter(|_| at <= CLASSES_DESCRIBED) {
            changes = Some(diff(reference, &read(&mut session, group[0]).await?, options));
        }
        classes.push(Class {
            fingerprint,
            tenants: group.into_iter().map(|schema| schema.name.clone()).collect(),
            reference: at == 0,
            differences: if at == 0 { Some(0) } else { changes.as_ref().map(Vec::len) },
            changes: changes.unwrap_or_default().into_iter().take(CHANGES_SHOWN).collect(),
        });
    }
    session.close().await;
    let reference = reference.map(str::to_owned).or(measure);
    Ok(Classes { classes, reference, duration_ms: started.elapsed().as_millis() as u64 })
}
