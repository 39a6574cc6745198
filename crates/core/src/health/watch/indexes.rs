//! Indexes of a fleet: the same one in many tenants is one, and what is said of it holds for all of them.

use super::index_class::{Class, Described, Table, classes};
use super::storage::{Period, SMALL};
use super::whose::Whose;
use crate::Result;
use crate::connection::Session;
use serde::Serialize;
use sqlx::Row;
use sqlx::postgres::PgRow;
use std::collections::HashMap;

/// So many kinds of index are shown.
const SHOWN: usize = 2_000;
/// Of so many B-tree indexes it is estimated how much air they hold.
const ESTIMATED: usize = 200;

/// The same index in one tenant or many: its table's name, columns, order, operator classes, collations, expressions and condition are equal,
/// and whether it is unique.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct IndexClass {
    /// Identifies it as long as its definition is the same.
    pub id: String,
    /// Name of the table.
    pub table: String,
    /// Name of the index in the first tenant; it may have another one elsewhere.
    pub name: String,
    /// Behind the table's name, as the server prints it of the first tenant: `btree (a, b) WHERE …`.
    pub definition: String,
    /// No two rows are alike in its columns.
    pub unique: bool,
    /// How many tenants have it.
    pub tenants: u32,
    /// The first of them, [`IndexClass::NAMED`] at most.
    pub schemas: Vec<String>,
    /// In how many of them it was scanned.
    pub scanned_in: u32,
    /// Scans in all.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub scans: i64,
    /// Of all of them, bytes, as of the last VACUUM or ANALYZE.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub size_bytes: i64,
    /// What is said of it, for the whole fleet.
    pub verdict: IndexVerdict,
    /// Why it stays although nothing scans it.
    pub needed_for: Option<NeededFor>,
    /// The index that does the same, in every tenant.
    pub covered_by: Option<String>,
    /// What removes it in every tenant, outside a transaction; nothing runs it. Only where the verdict is that it can go.
    pub drop_sql: Option<String>,
}

impl IndexClass {
    /// So many schemas are named; the others are counted.
    pub const NAMED: usize = 5;
}

/// What is said of an index, for all tenants that have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum IndexVerdict {
    /// Another one has the same columns, in every tenant.
    Duplicate,
    /// Another one begins with its columns, in every tenant.
    Redundant,
    /// No tenant has scanned it since the server counts, which is for long enough.
    Unused,
    /// The same, but the server has not counted for long enough.
    TooEarly,
    /// Scanned by none, and needed all the same.
    Needed,
    /// Scanned somewhere.
    Used,
}

impl IndexVerdict {
    /// In English.
    pub fn words(self) -> &'static str {
        match self {
            Self::Duplicate => "duplicate",
            Self::Redundant => "redundant",
            Self::Unused => "unused",
            Self::TooEarly => "unused so far",
            Self::Needed => "needed",
            Self::Used => "used",
        }
    }

    /// It can go.
    pub fn can_go(self) -> bool {
        matches!(self, Self::Duplicate | Self::Redundant | Self::Unused)
    }
}

/// What an index is needed for besides being scanned, in at least one tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum NeededFor {
    /// It keeps values unique, or apart.
    Constraint,
    /// A foreign key points to its columns.
    Target,
    /// It tells rows apart for logical replication.
    Identity,
    /// It begins with the columns of a foreign key: deleting in the other table looks here.
    ForeignKey,
    /// It belongs to an index of a partitioned table.
    Partition,
    /// It was not completed, and is not counted; `doctor` shows it.
    Invalid,
}

impl NeededFor {
    /// In English.
    pub fn words(self) -> &'static str {
        match self {
            Self::Constraint => "a constraint",
            Self::Target => "a foreign key to it",
            Self::Identity => "replica identity",
            Self::ForeignKey => "a foreign key from it",
            Self::Partition => "a partitioned index",
            Self::Invalid => "invalid",
        }
    }
}

/// An index that holds air.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct IndexBloat {
    /// Schema.
    pub schema: String,
    /// Table.
    pub table: String,
    /// The index.
    pub name: String,
    /// Bytes.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub size_bytes: i64,
    /// How much smaller it would be if it were built again, bytes: an estimate.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub bloat_bytes: i64,
}

/// What was found.
pub(super) struct Indexes {
    pub classes: Vec<IndexClass>,
    pub more: u32,
    pub bloated: Vec<IndexBloat>,
}

/// Reads the indexes of all tenants: four queries.
pub(super) async fn read(session: &mut Session, whose: &Whose, period: &Period, limit: usize) -> Result<Indexes> {
    let namespaces = whose.namespaces();
    let tables = tables(session, whose, &namespaces).await?;
    let query = sqlx::query(include_str!("indexes.sql")).persistent(false).bind(&namespaces);
    let rows = query.fetch_all(session.connection()).await?;
    let all = rows.iter().map(described).collect::<Result<Vec<Described>>>()?;
    let all: Vec<Described> = all.into_iter().filter(|index| tables.contains_key(&index.table)).collect();
    let found = classes(&all, &tables, period.long_enough);
    let mut shown: Vec<&Class<'_>> = found
        .iter()
        .filter(|class| whose.is_asked(class.members.iter().map(|index| tables[&index.table].schema.as_str())))
        .collect();
    shown.sort_by(|a, b| {
        b.verdict.can_go().cmp(&a.verdict.can_go()).then(b.bytes.cmp(&a.bytes)).then_with(|| a.key.cmp(&b.key))
    });
    let more = shown.len().saturating_sub(SHOWN) as u32;
    shown.truncate(SHOWN);
    let definitions = definitions(session, shown.iter().map(|class| class.members[0].oid)).await?;
    let classes = shown.iter().map(|class| class.shown(&tables, &definitions)).collect::<Result<_>>()?;
    let bloated = bloated(session, whose, &all, &tables, limit).await?;
    Ok(Indexes { classes, more, bloated })
}

async fn tables(session: &mut Session, whose: &Whose, namespaces: &[i64]) -> Result<HashMap<i64, Table>> {
    let query = sqlx::query(include_str!("indexed_tables.sql")).persistent(false).bind(namespaces);
    let rows = query.fetch_all(session.connection()).await?;
    let table = |row: &PgRow| {
        let schema = whose.tenants.get(&row.try_get("namespace")?).cloned().unwrap_or_default();
        let table = Table {
            schema,
            name: row.try_get("name")?,
            columns: row.try_get::<Option<_>, _>("columns")?.unwrap_or_default(),
            foreign_keys: row.try_get::<Option<_>, _>("foreign_keys")?.unwrap_or_default(),
        };
        Ok((row.try_get("oid")?, table))
    };
    rows.iter().map(table).collect()
}

fn described(row: &PgRow) -> Result<Described> {
    let numbers = |name: &str| {
        let text: &str = row.try_get(name)?;
        Ok::<Vec<i64>, sqlx::Error>(text.split_whitespace().filter_map(|number| number.parse().ok()).collect())
    };
    Ok(Described {
        oid: row.try_get("oid")?,
        table: row.try_get("table_oid")?,
        name: row.try_get("name")?,
        method: row.try_get("method")?,
        columns: numbers("columns")?,
        keys: row.try_get::<i32, _>("keys")? as usize,
        classes: numbers("classes")?,
        collations: numbers("collations")?,
        options: numbers("options")?,
        expressions: row.try_get("expressions")?,
        condition: row.try_get("condition")?,
        unique: row.try_get("is_unique")?,
        nulls_not_distinct: row.try_get("nulls_not_distinct")?,
        constraint: row.try_get("is_constraint")?,
        target: row.try_get("is_target")?,
        identity: row.try_get("is_identity")?,
        valid: row.try_get("is_valid")?,
        partition: row.try_get("is_partition")?,
        scans: row.try_get("scans")?,
        bytes: row.try_get("bytes")?,
    })
}

/// As the server prints them, behind `USING`.
async fn definitions(session: &mut Session, oids: impl Iterator<Item = i64>) -> Result<HashMap<i64, String>> {
    let oids: Vec<i64> = oids.collect();
    let query =
        "select o.oid, pg_catalog.pg_get_indexdef(o.oid::oid) as definition from pg_catalog.unnest($1::int8[]) o (oid)";
    let rows = sqlx::query(query).persistent(false).bind(oids).fetch_all(session.connection()).await?;
    let definition = |row: &PgRow| {
        let text: Option<String> = row.try_get("definition")?;
        let text = text.unwrap_or_default();
        let behind = text.split_once(" USING ").map_or(text.as_str(), |(_, behind)| behind);
        Ok((row.try_get("oid")?, behind.to_owned()))
    };
    rows.iter().map(definition).collect()
}

/// The largest B-tree indexes that would be smaller if they were built again.
async fn bloated(
    session: &mut Session,
    whose: &Whose,
    all: &[Described],
    tables: &HashMap<i64, Table>,
    limit: usize,
) -> Result<Vec<IndexBloat>> {
    /// `pg_am`'s number of B-trees, which never changes.
    const BTREE: i64 = 403;
    let is_asked = |index: &&Described| {
        index.method == BTREE
            && index.bytes >= SMALL
            && whose.is_asked(std::iter::once(tables[&index.table].schema.as_str()))
    };
    let mut large: Vec<&Described> = all.iter().filter(is_asked).collect();
    large.sort_by_key(|index| (std::cmp::Reverse(index.bytes), index.oid));
    large.truncate(ESTIMATED);
    let by_oid: HashMap<i64, &Described> = large.iter().map(|index| (index.oid, *index)).collect();
    let oids: Vec<i64> = by_oid.keys().copied().collect();
    let query = sqlx::query(include_str!("index_bloat.sql")).persistent(false).bind(oids);
    let mut bloated = Vec::new();
    for row in query.fetch_all(session.connection()).await? {
        let estimate: Option<i64> = row.try_get("bloat_bytes")?;
        let (Some(index), Some(bloat_bytes)) = (by_oid.get(&row.try_get("oid")?), estimate) else { continue };
        if bloat_bytes >= SMALL {
            let table = &tables[&index.table];
            bloated.push(IndexBloat {
                schema: table.schema.clone(),
                table: table.name.clone(),
                name: index.name.clone(),
                size_bytes: row.try_get("bytes")?,
                bloat_bytes,
            });
        }
    }
    bloated.sort_by(|a, b| b.bloat_bytes.cmp(&a.bloat_bytes).then_with(|| a.schema.cmp(&b.schema)));
    bloated.truncate(limit);
    Ok(bloated)
}
