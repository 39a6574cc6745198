//! Tenants that go the same way: the same files, from the same history.

use super::History;
use super::plan::Steps;
use crate::fleet::PlannedTenant;
use std::collections::HashMap;

/// Tenants that a plan treats alike.
pub(super) struct Class<'a> {
    /// What they go through, in order.
    pub versions: &'a [i64],
    /// They have a history table.
    pub has_history: bool,
    /// What they have applied before.
    pub history: &'a History,
    /// Schemas, in the order of the plan.
    pub members: Vec<&'a str>,
}

/// The classes of the tenants in which something happens, in the order of their first members.
pub(super) fn classes<'a>(tenants: &'a [PlannedTenant], steps: &'a HashMap<String, Steps>) -> Vec<Class<'a>> {
    let mut classes: Vec<Class<'a>> = Vec::new();
    let mut known: HashMap<Vec<u8>, usize> = HashMap::new();
    for tenant in tenants.iter().filter(|tenant| tenant.skipped.is_none()) {
        let Some(Steps { has_history, history, versions, .. }) = steps.get(&tenant.schema) else { continue };
        let at = *known.entry(key(*has_history, history, versions)).or_insert(classes.len());
        if at == classes.len() {
            classes.push(Class { versions, has_history: *has_history, history, members: Vec::new() });
        }
        classes[at].members.push(&tenant.schema);
    }
    classes
}

/// Equal where tenants go the same way.
fn key(has_history: bool, history: &History, versions: &[i64]) -> Vec<u8> {
    let mut key = vec![u8::from(has_history)];
    key.extend((versions.len() as u64).to_be_bytes());
    versions.iter().for_each(|version| key.extend(version.to_be_bytes()));
    for (version, applied) in history.iter() {
        key.extend(version.to_be_bytes());
        key.push(u8::from(applied.success));
        key.extend(&applied.checksum);
        // Half-way, and how far.
        key.extend(format!("{:?}", applied.progress).bytes());
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_from_another_history_are_another_class() {
        let tenant = |schema: &str| PlannedTenant::new(schema, schema, vec!["3".into()]);
        let steps = |history: &str| Steps {
            has_history: true,
            history: History::parse(history).unwrap(),
            versions: vec![3],
            already: Vec::new(),
        };
        let tenants = ["a", "b", "c", "d"].map(tenant);
        let steps = HashMap::from([
            ("a".to_owned(), steps("1:t:00")),
            ("b".to_owned(), steps("1:t:00,2:t:00")),
            ("c".to_owned(), steps("1:t:00")),
            ("d".to_owned(), Steps { has_history: false, ..steps("") }),
        ]);
        let members: Vec<Vec<&str>> = classes(&tenants, &steps).into_iter().map(|class| class.members).collect();
        assert_eq!(members, [vec!["a", "c"], vec!["b"], vec!["d"]]);
    }
}
