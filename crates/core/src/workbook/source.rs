//! What a tenant's schema holds, and how its tables are read.

use super::column::Column;
use crate::connection::Session;
use crate::sql::{Ident, Statement};
use crate::{Error, ErrorKind, Result};
use sqlx::Row;
use sqlx::postgres::types::Oid;

/// A relation that holds or shows rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relation {
    pub(super) oid: u32,
    pub(super) name: String,
    pub(super) kind: RelationKind,
    /// A partition whose parent is in the same schema, and whose rows are therefore the parent's.
    pub(super) partition: bool,
    /// The role may read all of it.
    pub(super) readable: bool,
}

/// `pg_class.relkind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RelationKind {
    Table,
    Partitioned,
    View,
    MaterializedView,
    Foreign,
}

impl RelationKind {
    /// The word for it in the manifest's machine part.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Partitioned => "partitioned table",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Foreign => "foreign table",
        }
    }

    /// Holds rows of its own, and can be locked against a change of its structure.
    fn is_table(self) -> bool {
        matches!(self, Self::Table | Self::Partitioned)
    }
}

/// A relation with its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) relation: Relation,
    pub(super) columns: Vec<Column>,
}

impl Source {
    /// `COPY … TO STDOUT`. A plain table is read without a query: the server need not plan it, nor lock its indexes.
    pub(super) fn copy_statement(&self, schema: &Ident) -> Result<Statement> {
        let table = schema.qualify(&Ident::new(self.relation.name.as_str())?);
        let mut columns = String::new();
        for (index, column) in self.columns.iter().enumerate() {
            columns += if index > 0 { ", " } else { "" };
            columns += &Ident::new(column.name.as_str())?.to_string();
        }
        let plain = self.relation.kind == RelationKind::Table && self.columns.iter().all(|c| !c.generated);
        Ok(if plain && !self.columns.is_empty() {
            Statement::of(format_args!("copy {table} ({columns}) to stdout"))
        } else if self.relation.kind == RelationKind::Table {
            // The rows of inheriting tables are on their own sheets.
            Statement::of(format_args!("copy (select {columns} from only {table}) to stdout"))
        } else {
            Statement::of(format_args!("copy (select {columns} from {table}) to stdout"))
        })
    }
}

/// The OID of a schema.
///
/// # Errors
/// [`ErrorKind::TenantMissing`].
pub(super) async fn namespace(session: &mut Session, schema: &str) -> Result<u32> {
    let row = sqlx::query("select n.oid from pg_catalog.pg_namespace n where n.nspname = $1")
        .persistent(false)
        .bind(schema)
        .fetch_optional(session.connection())
        .await?;
    let row = row.ok_or_else(|| Error::new(ErrorKind::TenantMissing { name: schema.to_owned() }))?;
    Ok(row.try_get::<Oid, _>(0)?.0)
}

/// All relations of a schema, by name.
pub(super) async fn relations(session: &mut Session, namespace: u32) -> Result<Vec<Relation>> {
    let rows = sqlx::query(include_str!("relations.sql"))
        .persistent(false)
        .bind(Oid(namespace))
        .fetch_all(session.connection())
        .await?;
    rows.iter()
        .map(|row| {
            let kind = match row.try_get::<String, _>("kind")?.as_str() {
                "p" => RelationKind::Partitioned,
                "v" => RelationKind::View,
                "m" => RelationKind::MaterializedView,
                "f" => RelationKind::Foreign,
                _ => RelationKind::Table,
            };
            Ok(Relation {
                oid: row.try_get::<Oid, _>("oid")?.0,
                name: row.try_get("name")?,
                kind,
                partition: row.try_get("partition")?,
                readable: row.try_get("readable")?,
            })
        })
        .collect()
}

/// Divides relations into those to export and those that are only mentioned.
///
/// Without a choice, tables are exported; views show rows that are elsewhere, and partitions are part of their parent.
/// What is named is exported whatever it is.
///
/// # Errors
/// [`ErrorKind::TableMissing`] for a name that the schema does not have.
pub(super) fn choose(schema: &str, all: Vec<Relation>, named: &[String]) -> Result<(Vec<Relation>, Vec<Relation>)> {
    if let Some(missing) = named.iter().find(|name| !all.iter().any(|r| r.name == **name)) {
        return Err(ErrorKind::TableMissing { schema: schema.to_owned(), table: missing.clone() }.into());
    }
    Ok(all.into_iter().partition(|relation| {
        if named.is_empty() { relation.kind.is_table() && !relation.partition } else { named.contains(&relation.name) }
    }))
}

/// `LOCK TABLE … IN ACCESS SHARE MODE` for those that can be locked: taken before the snapshot, it keeps anybody from
/// emptying or rewriting a table that is still to be read, which a snapshot alone does not.
pub(super) fn lock_statement(schema: &Ident, relations: &[Relation]) -> Result<Option<Statement>> {
    let mut statement = Statement::new();
    for relation in relations.iter().filter(|r| r.kind.is_table()) {
        let table = schema.qualify(&Ident::new(relation.name.as_str())?);
        let before = if statement.text().is_empty() { "lock table " } else { ", " };
        let only = if relation.kind == RelationKind::Table { "only " } else { "" };
        statement.push(format_args!("{before}{only}{table}"));
    }
    if statement.text().is_empty() {
        return Ok(None);
    }
    statement.push(format_args!(" in access share mode"));
    Ok(Some(statement))
}

/// The columns of relations, in the order of the relations.
pub(super) async fn columns(session: &mut Session, relations: Vec<Relation>) -> Result<Vec<Source>> {
    let oids: Vec<Oid> = relations.iter().map(|r| Oid(r.oid)).collect();
    let rows =
        sqlx::query(include_str!("columns.sql")).persistent(false).bind(oids).fetch_all(session.connection()).await?;
    let mut sources: Vec<Source> =
        relations.into_iter().map(|relation| Source { relation, columns: Vec::new() }).collect();
    let by_oid: std::collections::HashMap<u32, usize> =
        sources.iter().enumerate().map(|(index, source)| (source.relation.oid, index)).collect();
    for row in rows {
        let Some(&index) = by_oid.get(&row.try_get::<Oid, _>("relation")?.0) else { continue };
        sources[index].columns.push(Column::new(
            row.try_get("name")?,
            row.try_get("data_type")?,
            row.try_get::<Oid, _>("base_type")?.0,
            row.try_get("base_typmod")?,
            row.try_get("generated")?,
        ));
    }
    Ok(sources)
}
