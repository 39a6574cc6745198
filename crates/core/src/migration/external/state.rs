//! What a command has changed, seen from outside: the tenant's structure and the tool's own history.

use crate::Result;
use crate::connection::{Database, Session};
use crate::shape::{self, Fingerprint, Namespace, Options};
use crate::sql::{Ident, Statement};
use sqlx::Row;
use sqlx::postgres::types::Oid;
use std::collections::HashMap;

/// The history tables of common tools.
const KNOWN: &[&str] = &[
    "alembic_version",
    "django_migrations",
    "flyway_schema_history",
    "databasechangelog",
    "goose_db_version",
    "knex_migrations",
    "SequelizeMeta",
    "_prisma_migrations",
    "__EFMigrationsHistory",
    "__drizzle_migrations",
    "doctrine_migration_versions",
    "phinxlog",
    "schema_migrations",
    "migrations",
    "_sqlx_migrations",
];

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
    pub async fn of_fleet(database: &Database, schemas: &[Namespace], table: Option<&str>) -> Result<Vec<Self>> {
        let shapes = shape::fingerprints(database, schemas, Options::default()).await?;
        let histories = histories(&mut *database.catalog().await?, schemas, table).await?;
        Ok(combine(schemas, shapes, histories))
    }

    /// Of a few, in a session that is in no transaction.
    pub async fn of_few(session: &mut Session, schemas: &[Namespace], table: Option<&str>) -> Result<Vec<Self>> {
        session.execute("begin isolation level repeatable read, read only; set local jit = off").await?;
        let read = async {
            let shapes = shape::fingerprints_in(session, schemas, Options::default()).await?;
            let histories = histories(session, schemas, table).await?;
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

/// Histories by schema. Where a schema has the tables of several tools, the first in this module's list counts.
async fn histories(session: &mut Session, schemas: &[Namespace], table: Option<&str>) -> Result<HashMap<u32, History>> {
    let names: Vec<&str> = table.map_or_else(|| KNOWN.to_vec(), |table| vec![table]);
    let oids: Vec<Oid> = schemas.iter().map(|schema| Oid(schema.oid)).collect();
    let query = sqlx::query(include_str!("histories.sql")).bind(oids).bind(&names).persistent(false);
    let mut found: HashMap<u32, String> = HashMap::new();
    let place = |name: &str| names.iter().position(|known| *known == name);
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
