//! What a command has changed, seen from outside: the tenant's structure and the tool's own history.

use crate::Result;
use crate::connection::{Database, Session};
use crate::migration::Migrator;
use crate::shape::{self, Fingerprint, Namespace, Options};
use crate::sql::{Ident, Statement};
use sqlx::Row;
use sqlx::postgres::types::Oid;
use std::collections::HashMap;

/// Common tools, by a word of their command, and their history tables.
const KNOWN: &[(&str, &str)] = &[
    ("alembic", "alembic_version"),
    ("manage.py", "django_migrations"),
    ("django", "django_migrations"),
    ("flyway", "flyway_schema_history"),
    ("liquibase", "databasechangelog"),
    ("goose", "goose_db_version"),
    ("knex", "knex_migrations"),
    ("sequelize", "SequelizeMeta"),
    ("prisma", "_prisma_migrations"),
    ("dotnet", "__EFMigrationsHistory"),
    ("drizzle", "__drizzle_migrations"),
    ("doctrine", "doctrine_migration_versions"),
    ("phinx", "phinxlog"),
    ("artisan", "migrations"),
    ("typeorm", "migrations"),
    ("sqlx", "_sqlx_migrations"),
    ("rails", "schema_migrations"),
    ("dbmate", "schema_migrations"),
    ("migrate", "schema_migrations"),
];

/// Where a migrator notes what it has applied: what the template says, or what is known of the tool that the command
/// names. For a tool behind a script of one's own that is none: another tool's history says nothing about it.
pub(super) fn tables(migrator: Option<&Migrator>) -> Vec<String> {
    let Some(migrator) = migrator else { return Vec::new() };
    if let Some(table) = &migrator.history {
        return vec![table.clone()];
    }
    let names = |tool: &str| migrator.command.iter().any(|word| word.to_lowercase().contains(tool));
    KNOWN.iter().filter(|(tool, _)| names(tool)).map(|(_, table)| (*table).to_owned()).collect()
}

/// Histories read by one message: each costs it two locks.
const HISTORIES_PER_MESSAGE: usize = 250;

/// A tenant before or after a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::migration) struct State {
    pub(super) shape: Fingerprint,
    pub(super) history: Option<History>,
}

/// What a tool has noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct History {
    table: String,
    rows: i64,
    /// MD5 over the rows.
    digest: String,
    /// The only row, where there is one of a single value: the version.
    version: Option<String>,
}

impl History {
    /// For people: the version, or how many entries there are.
    pub fn words(&self) -> String {
        match &self.version {
            Some(version) => version.clone(),
            None => format!("{} in {}", self.rows, self.table),
        }
    }
}

impl State {
    /// Of many tenants, by a fixed number of catalog queries for every few hundred and one message for their histories.
    pub async fn of_fleet(database: &Database, schemas: &[Namespace], tables: &[String]) -> Result<Vec<Self>> {
        let shapes = shape::fingerprints(database, schemas, Options::default()).await?;
        let histories = histories(&mut *database.catalog().await?, schemas, tables).await?;
        Ok(combine(schemas, shapes, histories))
    }

    /// Of a few, in a session that is in no transaction.
    pub async fn of_few(session: &mut Session, schemas: &[Namespace], tables: &[String]) -> Result<Vec<Self>> {
        session.execute("begin isolation level repeatable read, read only").await?;
        let read = async {
            let shapes = shape::fingerprints_in(session, schemas, Options::default()).await?;
            let histories = histories(session, schemas, tables).await?;
            Result::<_>::Ok(combine(schemas, shapes, histories))
        }
        .await;
        // Nothing was changed; a lost connection has ended the transaction by itself.
        let ended = session.execute("rollback").await;
        let states = read?;
        ended?;
        Ok(states)
    }
}

fn combine(schemas: &[Namespace], shapes: Vec<Fingerprint>, mut histories: HashMap<u32, History>) -> Vec<State> {
    let states = schemas.iter().zip(shapes);
    states.map(|(schema, shape)| State { shape, history: histories.remove(&schema.oid) }).collect()
}

/// Histories by schema. Where a schema has several of the tables, the first counts.
async fn histories(session: &mut Session, schemas: &[Namespace], tables: &[String]) -> Result<HashMap<u32, History>> {
    let oids: Vec<Oid> = schemas.iter().map(|schema| Oid(schema.oid)).collect();
    let query = sqlx::query(include_str!("histories.sql")).bind(oids).bind(tables).persistent(false);
    let mut found: HashMap<u32, String> = HashMap::new();
    let place = |name: &str| tables.iter().position(|table| table == name);
    for row in query.fetch_all(session.connection()).await? {
        let (schema, name) = (row.try_get::<Oid, _>("schema")?.0, row.try_get::<String, _>("name")?);
        match found.get(&schema) {
            Some(other) if place(other) <= place(&name) => {}
            _ => drop(found.insert(schema, name)),
        }
    }
    let wanted: Vec<(&Namespace, &String)> =
        schemas.iter().filter_map(|schema| Some((schema, found.get(&schema.oid)?))).collect();
    let mut histories = HashMap::with_capacity(wanted.len());
    for chunk in wanted.chunks(HISTORIES_PER_MESSAGE) {
        let mut message = Statement::new();
        for (schema, table) in chunk {
            let table = Ident::new(schema.name.as_str())?.qualify(&Ident::new(table.as_str())?);
            message.push(format_args!(
                "select pg_catalog.count(*)::text, pg_catalog.md5(coalesce(pg_catalog.string_agg(t::text, e'\\n' \
                 order by t::text collate \"C\"), '')), pg_catalog.min(t::text collate \"C\") from {table} t;"
            ));
        }
        let rows = session.rows(message).await?;
        for ((schema, table), row) in chunk.iter().zip(&rows) {
            let text = |at: usize| row.try_get_raw(at).ok().and_then(|value| value.as_str().ok().map(str::to_owned));
            let rows = text(0).and_then(|count| count.parse().ok()).unwrap_or_default();
            let only = text(2).filter(|row| rows == 1 && !row.contains(','));
            let version = only.map(|row| row.trim_matches(['(', ')', '"']).to_owned());
            let digest = text(1).unwrap_or_default();
            histories.insert(schema.oid, History { table: (*table).clone(), rows, digest, version });
        }
    }
    Ok(histories)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables_of(command: &[&str], history: Option<&str>) -> Vec<String> {
        let command = command.iter().map(|word| (*word).to_owned()).collect();
        let (down, status, history) = (Vec::new(), Vec::new(), history.map(str::to_owned));
        tables(Some(&Migrator { command, down, status, directory: None, history, timeout: None }))
    }

    #[test]
    fn the_history_is_that_of_the_tool_that_the_command_names() {
        assert_eq!(tables_of(&["/opt/venv/bin/alembic", "upgrade"], None), ["alembic_version"]);
        assert_eq!(tables_of(&["python", "manage.py", "migrate_schemas"], None)[0], "django_migrations");
        assert!(tables_of(&["./up.sh", "{schema}"], None).is_empty());
        assert_eq!(tables_of(&["./up.sh"], Some("versions")), ["versions"]);
    }
}
