//! Files that PostgreSQL refuses inside a transaction (`create index concurrently`): `-- no-transaction`.
//!
//! Nothing holds such a file together, so it is taken statement by statement. Each is recorded in the tenant's own history
//! row ([`Progress`]) before the next one is sent: whoever comes back (the run's next try, `run resume`, another
//! `migrate up`) goes on where the last one stopped. What may run in a transaction does so together with its record, so its
//! end is always known. Of the rest, indexes are looked up in the catalogs, and what may be done twice is done again. Only
//! what is neither (`call` with a commit in it, `create database` …) can be in doubt; then a person decides.

mod back;
mod invalid;
mod look;
mod new;
mod notes;
mod progress;
mod run;
mod split;

pub use invalid::InvalidIndex;
pub(crate) use invalid::is_leftover;
pub(super) use invalid::read as invalid_indexes;
pub(crate) use new::for_new_tenant;
pub(super) use notes::{HalfWay, checks, shown};
pub use progress::Progress;
pub(super) use run::run;
pub(super) use split::{Step, steps};

use super::history::Applied;
use super::{Direction, Migration};
use crate::sql::Ident;
use crate::{Error, ErrorKind};
use std::borrow::Cow;

/// The text of a file as a tenant gets it. A tenant that is half-way up goes back over what is there.
pub(super) fn text_for<'a>(text: &'a str, direction: Direction, row: Option<&Applied>) -> Cow<'a, str> {
    match (direction, row) {
        (Direction::Down, Some(row)) if !row.success => Cow::Owned(back::where_it_exists(text)),
        _ => Cow::Borrowed(text),
    }
}

/// What stands in the way of a tenant whose history has this row, which is no success.
pub(super) fn half_way(schema: &str, version: i64, row: &Applied, migration: Option<&Migration>) -> Error {
    let (schema_text, version_text) = (schema.to_owned(), version.to_string());
    let dirty = ErrorKind::MigrationDirty { schema: schema_text.clone(), version: version_text.clone() };
    let (Some(migration), Some(progress)) = (migration, row.progress) else { return dirty.into() };
    let way = progress.direction;
    let of_this_file = way == Direction::Down || migration.is_text_of(&row.checksum);
    let steps = migration.text(way).filter(|_| of_this_file && migration.no_transaction(way)).map(split::steps);
    let Some(Ok(steps)) = steps.filter(|steps| steps.as_ref().is_ok_and(|s| progress.done as usize <= s.len())) else {
        return dirty.into();
    };
    let (done, statements) = (progress.done, steps.len() as u32);
    match (steps.get(done as usize), way) {
        (Some(next), _) if progress.sent => {
            in_doubt(schema, version, progress, migration.file_name(way), next.line, done as usize)
        }
        (_, Direction::Up) => {
            ErrorKind::MigrationHalfWay { schema: schema_text, version: version_text, done, statements }.into()
        }
        (_, Direction::Down) => {
            ErrorKind::ReversionHalfWay { schema: schema_text, version: version_text, done, statements }.into()
        }
    }
}

/// A tenant with this error can be taken this way all the same.
pub(super) fn is_passable(error: &Error, direction: Direction) -> bool {
    match error.kind() {
        ErrorKind::MigrationHalfWay { .. } => true,
        ErrorKind::ReversionHalfWay { .. } => direction == Direction::Down,
        // Going back asks of nothing whether it was done.
        ErrorKind::StatementInDoubt { way, .. } => direction == Direction::Down && way == "up",
        _ => false,
    }
}

/// Nobody knows whether a statement came to its end. `number` is its place, from 0.
fn in_doubt(schema: &str, version: i64, progress: Progress, file: String, line: u32, number: usize) -> Error {
    let way = if progress.direction == Direction::Up { "up" } else { "down" };
    let table = match (Ident::new(schema), Ident::new("_sqlx_migrations")) {
        (Ok(schema), Ok(table)) => schema.qualify(&table).to_string(),
        _ => "_sqlx_migrations".to_owned(),
    };
    let set = |done| {
        let time = progress.at(done).to_time();
        format!("update {table} set execution_time = {time} where version = {version};")
    };
    ErrorKind::StatementInDoubt {
        schema: schema.to_owned(),
        version: version.to_string(),
        file,
        line,
        way: way.to_owned(),
        if_done: set(number + 1),
        if_not: set(number),
    }
    .into()
}
