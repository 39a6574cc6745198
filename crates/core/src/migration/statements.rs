//! The SQL around the files.

use super::class::{self, Class};
use super::plan::Steps;
use super::{Direction, MigrateRequest, Migration, Script, Source, When, external, history, hook, outside, script};
use crate::Result;
use crate::fleet::{PlannedSql, PlannedTenant};
use crate::sql::{Ident, Statement};
use std::collections::HashMap;

/// One entry for each class of tenants.
pub(super) fn of(
    source: &Source,
    tenants: &[PlannedTenant],
    steps: &HashMap<String, Steps>,
    request: &MigrateRequest,
) -> Result<Vec<PlannedSql>> {
    class::classes(tenants, steps)
        .into_iter()
        .map(|Class { versions, has_history, history, members }| {
            let schema = members[0];
            let ident = Ident::new(schema)?;
            let mut shown = Script::new();
            let way = request.direction;
            for (index, version) in versions.iter().copied().enumerate() {
                let Some(migration) = source.get(version) else { continue };
                let Some(text) = outside::shown(migration, way, history.get(version)) else { continue };
                let search_path = script::set_search_path(&ident, &source.header().search_path)?;
                let begin = Statement::of(format_args!(
                    "begin;\nset local lock_timeout = '{}ms';\n{search_path}",
                    request.lock_timeout_ms
                ));
                if index == 0 {
                    show_commands(&mut shown, source, way, When::Before, schema);
                }
                if !migration.no_transaction(way) {
                    shown.statement(&begin);
                }
                if index == 0 && !has_history {
                    shown.statement(&create_history(&ident)?);
                }
                if index == 0 {
                    hook::append(&mut shown, source, way, When::Before);
                }
                shown.file(&migration.file_name(way), &text);
                if index + 1 == versions.len() {
                    hook::append(&mut shown, source, way, When::After);
                }
                shown.statement(&match way {
                    Direction::Up => record(&ident, migration, "…")?,
                    Direction::Down => erase(&ident, migration.version)?,
                });
                if !migration.no_transaction(way) {
                    shown.statement(&Statement::of(format_args!("commit;\n")));
                }
                if index + 1 == versions.len() {
                    show_commands(&mut shown, source, way, When::After, schema);
                }
            }
            Ok(PlannedSql {
                schema: schema.to_owned(),
                tenants: members.len() as u32,
                names: members.iter().take(PlannedSql::NAMED).map(|name| (*name).to_owned()).collect(),
                from: history.newest().map(|version| version.to_string()),
                sql: shown.text().to_owned(),
            })
        })
        .collect()
}

/// The commands that run at this moment, as comments.
fn show_commands(shown: &mut Script, source: &Source, way: Direction, when: When, schema: &str) {
    let lines = external::command_hooks(source, way, when, schema, "-- ");
    if !lines.is_empty() {
        shown.statement(&Statement::script(lines));
    }
}

/// sqlx's history table, in the tenant's schema.
pub(crate) fn create_history(schema: &Ident) -> Result<Statement> {
    let table = schema.qualify(&Ident::new("_sqlx_migrations")?);
    Ok(Statement::of(format_args!(
        "create table if not exists {table} (\n    version bigint primary key,\n    description text not null,\n    \
         installed_on timestamptz not null default now(),\n    success boolean not null,\n    checksum bytea not null,\n    \
         execution_time bigint not null\n);"
    )))
}

/// The history row of a migration; `time` is its duration in nanoseconds.
pub(crate) fn record(schema: &Ident, migration: &Migration, time: &str) -> Result<Statement> {
    let table = schema.qualify(&Ident::new("_sqlx_migrations")?);
    Ok(Statement::of(format_args!(
        "insert into {table} (version, description, success, checksum, execution_time)\nvalues ({}, {}, true, '\\x{}', {time});",
        migration.version,
        crate::sql::literal(&migration.description),
        history::hex(&migration.checksum),
    )))
}

/// Takes a migration out of the history.
pub(super) fn erase(schema: &Ident, version: i64) -> Result<Statement> {
    let table = schema.qualify(&Ident::new("_sqlx_migrations")?);
    Ok(Statement::of(format_args!("delete from {table} where version = {version};")))
}
