//! Whether what came out of an archive is what went in.

use super::manifest::Manifest;
use crate::content::{Content, SequenceState};
use crate::{ErrorKind, Result};
use std::collections::BTreeMap;

/// So many differences are named; the others are counted.
const NAMED: usize = 5;

/// Compares what was brought back with the manifest. `shape` is `None` where it cannot be compared: another major version
/// prints definitions in its own way.
///
/// # Errors
/// [`ErrorKind::ArchiveDiffers`], naming tables and sequences.
pub(super) fn compare(manifest: &Manifest, shape: Option<&str>, content: &Content) -> Result<()> {
    let mut found = Vec::new();
    if shape.is_some_and(|shape| shape != manifest.shape) {
        found.push("the structure is another one".to_owned());
    }
    let mut here: BTreeMap<&str, _> = content.tables.iter().map(|t| (t.table.as_str(), t)).collect();
    for table in &manifest.tables {
        let name = &table.table;
        match here.remove(name.as_str()) {
            None => found.push(format!("the table {name} is missing")),
            Some(other) if other.rows != table.rows => {
                found.push(format!("{name} has {} rows instead of {}", other.rows, table.rows));
            }
            Some(other) if other.digest != table.digest => found.push(format!("rows of {name} are not the same")),
            Some(_) => {}
        }
    }
    found.extend(here.keys().map(|name| format!("the table {name} was not in the tenant")));
    let mut here: BTreeMap<&str, _> = content.sequences.iter().map(|s| (s.name.as_str(), s)).collect();
    for sequence in &manifest.sequences {
        let moved = manifest.sequences_moved.iter().find(|moved| moved.name == sequence.name);
        match here.remove(sequence.name.as_str()) {
            None => found.push(format!("the sequence {} is missing", sequence.name)),
            Some(other) if other == sequence || moved.is_some_and(|moved| is_between(sequence, other, moved)) => {}
            Some(other) => found.push(format!(
                "the sequence {} stands at {} instead of {}",
                sequence.name,
                place(other),
                place(sequence)
            )),
        }
    }
    found.extend(here.keys().map(|name| format!("the sequence {name} was not in the tenant")));
    if found.is_empty() {
        return Ok(());
    }
    let more = found.len().saturating_sub(NAMED);
    found.truncate(NAMED);
    if more > 0 {
        found.push(format!("{more} more"));
    }
    Err(ErrorKind::ArchiveDiffers { schema: manifest.schema.clone(), reason: found.join(", ") }.into())
}

/// Whichever way a sequence counts. One that began anew within that time may stand anywhere.
fn is_between(from: &SequenceState, here: &SequenceState, to: &SequenceState) -> bool {
    let (Some(from), Some(here), Some(to)) = (from.last_value, here.last_value, to.last_value) else { return false };
    (from.min(to)..=from.max(to)).contains(&here)
}

fn place(sequence: &SequenceState) -> String {
    match sequence.last_value {
        Some(value) if sequence.is_called => value.to_string(),
        Some(value) => format!("{value} (not called)"),
        None => "an unknown place".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::TableContent;

    fn state(name: &str, value: i64) -> SequenceState {
        SequenceState { name: name.into(), last_value: Some(value), is_called: true }
    }

    fn manifest() -> Manifest {
        let text = serde_json::json!({
            "format": 1, "id": "", "run": "", "kind": "archive", "schema": "acme", "name": "", "created": "2026-01-01T00:00:00Z",
            "created_by": "", "cadastre": "", "host": "", "port": 1, "database": "", "role": "", "server_version": "",
            "server_version_number": 150_000, "client_version": "", "command": [], "bytes": 0, "sha256": "",
            "shape": "s1:a", "shape_with_grants": "", "tables": [{"table": "t", "rows": 2, "digest": "d"}],
            "columns": {},
            "sequences": [{"name": "s", "last_value": 7, "is_called": true}],
            "sequences_moved": [], "locks": 1, "verified": true, "digest": "",
        });
        serde_json::from_value(text).unwrap()
    }

    fn content() -> Content {
        let table = TableContent { table: "t".into(), rows: 2, digest: "d".into() };
        Content { tables: vec![table], sequences: vec![state("s", 7)] }
    }

    #[test]
    fn each_difference_is_said() {
        compare(&manifest(), Some("s1:a"), &content()).unwrap();
        compare(&manifest(), None, &content()).unwrap();
        let said = |shape: &str, change: &dyn Fn(&mut Content)| {
            let mut other = content();
            change(&mut other);
            compare(&manifest(), Some(shape), &other).unwrap_err().to_string()
        };
        assert!(said("s1:b", &|_| ()).contains("structure"));
        assert!(said("s1:a", &|c| c.tables[0].rows = 1).contains("t has 1 rows instead of 2"));
        assert!(said("s1:a", &|c| c.tables[0].digest = "e".into()).contains("rows of t"));
        assert!(said("s1:a", &|c| c.tables.clear()).contains("t is missing"));
        assert!(said("s1:a", &|c| c.tables[0].table = "u".into()).contains("u was not"));
        assert!(said("s1:a", &|c| c.sequences[0].last_value = Some(8)).contains("8 instead of 7"));
        assert!(said("s1:a", &|c| c.sequences[0].is_called = false).contains("7 (not called)"));
        assert!(said("s1:a", &|c| c.sequences.clear()).contains("s is missing"));
    }

    #[test]
    fn a_sequence_that_went_on_may_stand_anywhere_in_between() {
        let moved = Manifest { sequences_moved: vec![state("s", 9)], ..manifest() };
        for (value, fits) in [(6, false), (7, true), (8, true), (9, true), (10, false)] {
            let here = Content { sequences: vec![state("s", value)], ..content() };
            assert_eq!(compare(&moved, None, &here).is_ok(), fits, "{value}");
        }
    }
}
