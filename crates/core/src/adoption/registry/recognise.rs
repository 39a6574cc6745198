//! From tables to registries: what the rows say, and how sure that makes it.

use super::read::{MOST_ROWS, Rows, Said, merge, read, reason};
use super::structure::{self, Reading, SchemaFrom};
use super::{Confidence, RecognisedRegistry, RegistryEvidence, SourceEntry, listed, table};
use crate::Result;
use crate::connection::Session;
use std::collections::HashSet;

/// Registries that are read at most.
const MOST: usize = 6;

/// The schemas of the database.
pub(in crate::adoption) struct Schemas<'a> {
    /// Every one but the system's.
    pub all: HashSet<&'a str>,
    /// How many could be tenants.
    pub possible: usize,
    /// Rails' own table is in so many of them.
    pub rails: u32,
}

/// How much is to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::adoption) enum Wanted {
    /// What is sure, and tables that only their values tell when nothing else is.
    Likeliest,
    /// Everything that could be one, for a person who chooses.
    Everything,
}

/// Registries of this database, the surest first. A fixed number of queries, whatever the number of tenants.
pub(in crate::adoption) async fn recognise(
    session: &mut Session,
    schemas: &Schemas<'_>,
    wanted: Wanted,
) -> Result<Vec<RecognisedRegistry>> {
    let tables = table::read(session).await?;
    let mut registries = Vec::new();
    let mut known: Vec<i64> = Vec::new();
    for reading in structure::recognise(&tables).into_iter().take(MOST) {
        known.push(reading.table.oid);
        known.extend(reading.domains.as_ref().map(|d| d.table.oid));
        registries.extend(registry(session, schemas, reading).await?);
    }
    if wanted == Wanted::Everything || !registries.iter().any(RecognisedRegistry::is_sure) {
        let rails = (schemas.rails > 0).then_some(("ar_internal_metadata", schemas.rails));
        for reading in listed::candidates(&tables, &known, rails) {
            // By values only: without them there is nothing to say about it.
            if reading.table.readable {
                registries.extend(registry(session, schemas, reading).await?);
            }
        }
    }
    registries.sort_by(|a, b| {
        let rank = |r: &RecognisedRegistry| {
            (std::cmp::Reverse(r.confidence), r.is_unreadable(), std::cmp::Reverse(matched(r, schemas)))
        };
        rank(a).cmp(&rank(b)).then_with(|| (a.kind, &a.table).cmp(&(b.kind, &b.table)))
    });
    Ok(registries)
}

fn matched(registry: &RecognisedRegistry, schemas: &Schemas<'_>) -> usize {
    registry.entries.iter().filter(|entry| schemas.all.contains(entry.schema.as_str())).count()
}

/// Reads a table as what it is taken for; `None` where its rows show that it is nothing of the kind.
async fn registry(
    session: &mut Session,
    schemas: &Schemas<'_>,
    reading: Reading<'_>,
) -> Result<Option<RecognisedRegistry>> {
    let mut registry = RecognisedRegistry {
        kind: reading.kind,
        table: reading.table.place(),
        domains_table: reading.domains.as_ref().map(|d| d.table.place()),
        confidence: Confidence::Possible,
        evidence: reading.evidence.clone(),
        schema: reading.table.schema.clone(),
        entries: Vec::new(),
    };
    let unreadable = [Some(reading.table), reading.domains.as_ref().map(|d| d.table)];
    let unreadable: Vec<String> = unreadable.into_iter().flatten().filter(|t| !t.readable).map(|t| t.place()).collect();
    if !unreadable.is_empty() {
        let tables = unreadable.into_iter();
        registry.evidence.extend(tables.map(|table| RegistryEvidence::NotReadable { table }));
        return Ok(Some(registry));
    }
    let rows = match read(session, &reading).await {
        Ok(rows) => rows,
        Err(error) if error.kind().is_unreachable() => return Err(error),
        Err(error) => {
            registry.evidence.push(RegistryEvidence::ReadFailed { reason: reason(&error) });
            return Ok(Some(registry));
        }
    };
    let more = rows.more;
    let named = name(rows, &reading, schemas, &mut registry.evidence);
    // The row of what tenants share: django's `public`, or the schema of the table itself.
    let (shared, entries): (Vec<SourceEntry>, Vec<SourceEntry>) =
        named.into_iter().partition(|e| e.schema == "public" || e.schema == reading.table.schema);
    let rows = entries.len();
    registry.entries = merge(entries);
    if registry.kind.names_once() && registry.entries.len() < rows {
        return Ok(None);
    }
    let (rows, matched) = (registry.entries.len(), matched(&registry, schemas));
    registry.evidence.push(RegistryEvidence::Rows { rows: rows as u32, matched: matched as u32 });
    registry.evidence.extend(shared.first().map(|row| RegistryEvidence::SharedRow { schema: row.schema.clone() }));
    if more {
        registry.evidence.push(RegistryEvidence::TooLong { limit: MOST_ROWS as u32 });
    }
    registry.confidence = if registry.kind.names_once() {
        match () {
            () if matched == 0 => return Ok(None),
            // Nearly all of its rows are schemas, and it knows most of the schemas.
            () if matched >= 2 && matched * 5 >= rows * 4 && matched * 2 >= schemas.possible => Confidence::Likely,
            () => Confidence::Possible,
        }
    } else {
        match () {
            () if rows == 0 || matched * 2 >= rows => Confidence::Certain,
            () if matched > 0 => Confidence::Likely,
            () => Confidence::Possible,
        }
    };
    Ok(Some(registry))
}

/// Gives each row its schema.
fn name(
    rows: Rows,
    reading: &Reading<'_>,
    schemas: &Schemas<'_>,
    evidence: &mut Vec<RegistryEvidence>,
) -> Vec<SourceEntry> {
    let rows: Vec<Said> = rows.rows.into_iter().filter(|row| row.key.is_some()).collect();
    let with = |row: Said, schema: String| SourceEntry { schema, ..row.entry };
    let key = |row: &Said| row.key.clone().unwrap_or_default();
    match reading.schema {
        SchemaFrom::Column(_) => rows.into_iter().map(|row| (key(&row), row)).map(|(k, row)| with(row, k)).collect(),
        SchemaFrom::Folded(column) => {
            let exact = rows.iter().filter(|row| schemas.all.contains(key(row).as_str())).count();
            let folds: [fn(&str) -> String; 2] = [str::to_lowercase, |text| text.to_lowercase().replace('-', "_")];
            let fits = |fold: fn(&str) -> String| {
                rows.iter().filter(|row| schemas.all.contains(fold(&key(row)).as_str())).count()
            };
            let best = folds.into_iter().map(|fold| (fits(fold), fold)).reduce(|a, b| if b.0 > a.0 { b } else { a });
            match best {
                Some((count, fold)) if count > exact => {
                    evidence.push(RegistryEvidence::Folded { column: column.to_owned() });
                    rows.into_iter().map(|row| (fold(&key(&row)), row)).map(|(k, row)| with(row, k)).collect()
                }
                _ => rows.into_iter().map(|row| (key(&row), row)).map(|(k, row)| with(row, k)).collect(),
            }
        }
        SchemaFrom::Stancl => {
            let ids: Vec<String> = rows.iter().filter(|row| row.named.is_none()).map(key).collect();
            let (prefix, suffix) = naming(&ids, schemas);
            if !ids.is_empty() {
                evidence.push(RegistryEvidence::Naming { prefix: prefix.clone(), suffix: suffix.clone() });
            }
            let schema = |row: &Said| row.named.clone().unwrap_or_else(|| format!("{prefix}{}{suffix}", key(row)));
            rows.into_iter().map(|row| (schema(&row), row)).map(|(k, row)| with(row, k)).collect()
        }
    }
}

/// What stands before and after the key in the names of the schemas: the framework's default unless another fits more rows.
fn naming(ids: &[String], schemas: &Schemas<'_>) -> (String, String) {
    let fits = |(prefix, suffix): &(String, String)| {
        ids.iter().filter(|id| schemas.all.contains(format!("{prefix}{id}{suffix}").as_str())).count()
    };
    let mut best = ("tenant".to_owned(), String::new());
    let mut most = fits(&best);
    if most == ids.len() {
        return best;
    }
    // The first keys are asked which schemas hold them; a short key is in many.
    for id in ids.iter().filter(|id| id.len() >= 2).take(20) {
        for schema in &schemas.all {
            let Some((prefix, suffix)) = schema.split_once(id.as_str()) else { continue };
            let naming = (prefix.to_owned(), suffix.to_owned());
            let count = fits(&naming);
            if count > most {
                (best, most) = (naming, count);
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schemas<'a>(names: &[&'a str]) -> Schemas<'a> {
        Schemas { all: names.iter().copied().collect(), possible: names.len(), rails: 0 }
    }

    #[test]
    fn the_names_of_schemas_tell_what_stands_around_the_key() {
        let ids = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        let default = naming(&ids(&["foo", "bar"]), &schemas(&["tenantfoo", "tenantbar"]));
        assert_eq!(default, ("tenant".into(), String::new()));
        let other = naming(&ids(&["foo", "bar"]), &schemas(&["app_foo_db", "app_bar_db", "shared"]));
        assert_eq!(other, ("app_".into(), "_db".into()));
        assert_eq!(naming(&ids(&["foo"]), &schemas(&["x"])), ("tenant".into(), String::new()));
    }
}
