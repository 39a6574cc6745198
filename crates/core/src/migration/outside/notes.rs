//! What a plan says about tenants that are half-way, and about indexes that are not valid.

use super::split::{self, Kind};
use super::{InvalidIndex, Progress, text_for};
use crate::fleet::{Check, CheckLevel};
use crate::migration::history::Applied;
use crate::migration::plan::some_of;
use crate::migration::{Direction, Migration, Source};
use std::collections::{BTreeMap, BTreeSet};

/// Tenants by the version in which they are half-way, and how far.
pub(in crate::migration) type HalfWay = BTreeMap<(i64, Progress), Vec<String>>;

/// What happens to those that are half-way, and to indexes that are not valid.
pub(in crate::migration) fn checks(
    source: &Source,
    direction: Direction,
    half_way: &HalfWay,
    invalid: &BTreeMap<String, Vec<InvalidIndex>>,
    planned: &BTreeSet<i64>,
) -> Vec<Check> {
    let stopped = half_way.iter().filter_map(|((version, progress), schemas)| {
        let migration = source.get(*version)?;
        Some(about_progress(migration, direction, *progress, &some_of(schemas)))
    });
    let mut checks: Vec<Check> = stopped.collect();
    let migrations = planned.iter().filter_map(|version| source.get(*version));
    let built: BTreeSet<String> = migrations.flat_map(|migration| built(migration, direction)).collect();
    let mut indexes: BTreeMap<&InvalidIndex, Vec<String>> = BTreeMap::new();
    for (schema, found) in invalid {
        for index in found {
            indexes.entry(index).or_default().push(schema.clone());
        }
    }
    checks.extend(indexes.into_iter().map(|(index, schemas)| about_index(index, &some_of(&schemas), &built)));
    checks
}

fn about_progress(migration: &Migration, direction: Direction, progress: Progress, tenants: &str) -> Check {
    let file = migration.file_name(progress.direction);
    let steps = migration.text(progress.direction).and_then(|text| split::steps(text).ok()).unwrap_or_default();
    let done = progress.done;
    let line = steps.get(done as usize).map_or_else(|| "-".to_owned(), |step| step.line.to_string());
    let statements = steps.len();
    let stopped = format!("{tenants}: {file} stopped after {done} of {statements} statements");
    let (code, message) = match (direction, progress.direction) {
        _ if direction == progress.direction && done as usize == statements => {
            ("half_way_end", format!("{stopped}. Only the record of its end is missing."))
        }
        (Direction::Up, _) => ("half_way", format!("{stopped}. This goes on with line {line}.")),
        (Direction::Down, Direction::Up) => {
            let down = migration.file_name(Direction::Down);
            let drops = "what it drops is dropped where it is there";
            ("half_way_undone", format!("{stopped}. {down} takes them back; {drops}."))
        }
        (Direction::Down, Direction::Down) => ("half_way_back", format!("{stopped}. This goes on with line {line}.")),
    };
    let params = [
        ("tenants", tenants.to_owned()),
        ("file", file),
        ("down", migration.file_name(Direction::Down)),
        ("done", done.to_string()),
        ("statements", statements.to_string()),
        ("line", line),
    ];
    Check::new(CheckLevel::Warning, code, message, &params)
}

/// Names of the indexes that a file builds concurrently.
fn built(migration: &Migration, direction: Direction) -> Vec<String> {
    let text = migration.text(direction).filter(|_| migration.no_transaction(direction));
    let steps = text.and_then(|text| split::steps(text).ok()).unwrap_or_default();
    let names = steps.into_iter().filter_map(|step| match step.kind {
        Kind::CreateIndex { name, .. } => name,
        _ => None,
    });
    names.collect()
}

fn about_index(index: &InvalidIndex, tenants: &str, built: &BTreeSet<String>) -> Check {
    let InvalidIndex { name, table, leftover } = index;
    let what = format!("{tenants}: the index {name} of {table} is not valid");
    let (code, message) = match (leftover, built.contains(name)) {
        (_, true) => ("invalid_index_rebuilt", format!("{what}. It is dropped and built anew.")),
        (true, false) => {
            ("reindex_leftover", format!("{what}: an interrupted REINDEX CONCURRENTLY left it. It can be dropped."))
        }
        (false, false) => (
            "invalid_index",
            format!("{what}: no query uses it, and every write pays for it. Drop it or build it anew."),
        ),
    };
    let params = [("tenants", tenants.to_owned()), ("index", name.clone()), ("table", table.clone())];
    Check::new(CheckLevel::Warning, code, message, &params)
}

/// What of a file a tenant gets, to be shown.
pub(in crate::migration) fn shown(
    migration: &Migration,
    direction: Direction,
    row: Option<&Applied>,
) -> Option<String> {
    let text = text_for(migration.text(direction)?, direction, row).into_owned();
    let progress = row.and_then(|row| row.progress).filter(|p| p.direction == direction && p.done > 0);
    let Some(progress) = progress else { return Some(text) };
    let steps = split::steps(&text).unwrap_or_default();
    let mut shown = format!("-- {} of {} statements are done.\n", progress.done, steps.len());
    for step in steps.iter().skip(progress.done as usize) {
        shown.push_str(&format!("{};\n", step.text));
    }
    Some(shown)
}
