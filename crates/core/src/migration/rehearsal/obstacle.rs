//! What keeps a file from being tried out: the transaction would end, or people would wait.

use crate::migration::{Direction, Migration, Source, When, lint};
use crate::{Error, ErrorKind};
use std::collections::BTreeSet;

/// A tenant that stopped in the middle of a file has some of it already: a run goes on with the statement that was not done.
pub(super) fn half_way(source: &Source, version: i64, tenant: &str) -> Error {
    let file = source.get(version).map_or_else(|| version.to_string(), |migration| migration.file.clone());
    let reason = format!("{tenant} stopped in the middle of {file}, and only a run goes on from there");
    ErrorKind::NotRehearsable { reason }.into()
}

/// A reason not to send these files at all. `tenants` are the schemas that people work in.
pub(super) fn of_files(
    source: &Source,
    files: &[(&Migration, Direction)],
    tenant: &str,
    tenants: &BTreeSet<String>,
) -> Option<Error> {
    let texts = files.iter().filter_map(|(migration, way)| {
        let version = migration.version.to_string();
        Some((migration.file_name(*way), version, migration.text(*way)?, source.touches(migration)))
    });
    let ways: BTreeSet<bool> = files.iter().map(|(_, way)| *way == Direction::Up).collect();
    let hooks = ways.into_iter().flat_map(|up| {
        let way = if up { Direction::Up } else { Direction::Down };
        [When::Before, When::After].into_iter().flat_map(move |when| source.hooks(way, when))
    });
    let of_hooks = hooks.filter_map(|hook| {
        let file = hook.sql.clone()?;
        let text = source.hook(&file)?;
        Some((file, "0".to_owned(), text, source.header().touches.clone()))
    });
    texts.chain(of_hooks).find_map(|(file, version, text, touches)| {
        let schema = tenant.to_owned();
        if let Some(line) = lint::ends_transaction(text) {
            let reason = format!("it begins or ends a transaction ({file}, line {line})");
            return Some(ErrorKind::MigrationFailed { schema, version, reason }.into());
        }
        let mut named = lint::schemas_named(text).into_iter();
        let (other, object) = named.find(|(name, _)| tenants.contains(name) && !touches.contains(name))?;
        let reason = format!("{file} names {other}.{object}, and trying it out would lock that tenant");
        Some(ErrorKind::NotRehearsable { reason }.into())
    })
}
