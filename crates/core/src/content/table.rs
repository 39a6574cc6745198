//! What a tenant's schema holds, and how its tables are read.

use crate::connection::Session;
use crate::sql::{Ident, Statement};
use crate::{Error, ErrorKind, Result};
use sqlx::Row;
use sqlx::postgres::types::Oid;

/// A relation that holds or shows rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Relation {
    pub(crate) oid: u32,
    pub(crate) name: String,
    pub(crate) kind: RelationKind,
    /// A partition whose parent is in the same schema, and whose rows are therefore the parent's.
    pub(crate) partition: bool,
    /// The role may read all of it.
    pub(crate) readable: bool,
}

/// `pg_class.relkind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RelationKind {
    Table,
    Partitioned,
    View,
    MaterializedView,
    Foreign,
}

impl RelationKind {
    /// The word for it in the manifest's machine part.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Partitioned => "partitioned table",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Foreign => "foreign table",
        }
    }

    /// Reads [`RelationKind::word`].
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        [Self::Table, Self::Partitioned, Self::View, Self::MaterializedView, Self::Foreign]
            .into_iter()
            .find(|kind| kind.word() == word)
    }

    /// Holds rows of its own, and can be locked against a change of its structure.
    pub(crate) fn is_table(self) -> bool {
        matches!(self, Self::Table | Self::Partitioned)
    }
}

/// A column, dropped ones aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableColumn {
    /// Bare name.
    pub(crate) name: String,
    /// `format_type` of the declared type, qualified unless it is in `pg_catalog`.
    pub(crate) data_type: String,
    /// `pg_type.oid` of the type, domains resolved.
    pub(crate) base_type: u32,
    /// Its modifier.
    pub(crate) base_typmod: i32,
    /// GENERATED ALWAYS AS (…): COPY does not name such columns, a query does.
    pub(crate) generated: bool,
}

/// A relation with its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) relation: Relation,
    pub(crate) columns: Vec<TableColumn>,
}

impl Table {
    /// Puts the columns in this order where it names all of them: a column that a parent got later stands elsewhere in a table
    /// that was made anew.
    pub(crate) fn arrange<'n>(&mut self, names: impl Iterator<Item = &'n str>) {
        let names: Vec<&str> = names.collect();
        let place = |column: &TableColumn| names.iter().position(|name| *name == column.name);
        if self.columns.len() == names.len() && self.columns.iter().all(|column| place(column).is_some()) {
            self.columns.sort_by_key(place);
        }
    }
}

impl Table {
    /// `COPY … TO STDOUT`. A plain table is read without a query: the server need not plan it, nor lock its indexes.
    pub(crate) fn copy_statement(&self, schema: &Ident) -> Result<Statement> {
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
pub(crate) async fn namespace(session: &mut Session, schema: &str) -> Result<u32> {
    let row = sqlx::query("select n.oid from pg_catalog.pg_namespace n where n.nspname = $1")
        .persistent(false)
        .bind(schema)
        .fetch_optional(session.connection())
        .await?;
    let row = row.ok_or_else(|| Error::new(ErrorKind::TenantMissing { name: schema.to_owned() }))?;
    Ok(row.try_get::<Oid, _>(0)?.0)
}

/// All relations of a schema, by name.
pub(crate) async fn relations(session: &mut Session, namespace: u32) -> Result<Vec<Relation>> {
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
pub(crate) fn choose(schema: &str, all: Vec<Relation>, named: &[String]) -> Result<(Vec<Relation>, Vec<Relation>)> {
    if let Some(missing) = named.iter().find(|name| !all.iter().any(|r| r.name == **name)) {
        return Err(ErrorKind::TableMissing { schema: schema.to_owned(), table: missing.clone() }.into());
    }
    Ok(all.into_iter().partition(|relation| {
        if named.is_empty() { relation.kind.is_table() && !relation.partition } else { named.contains(&relation.name) }
    }))
}

/// `LOCK TABLE … IN ACCESS SHARE MODE` for those that can be locked: taken before the snapshot, it keeps anybody from
/// emptying or rewriting a table that is still to be read, which a snapshot alone does not.
pub(crate) fn lock_statement(schema: &Ident, relations: &[Relation]) -> Result<Option<Statement>> {
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
pub(crate) async fn columns(session: &mut Session, relations: Vec<Relation>) -> Result<Vec<Table>> {
    let oids: Vec<Oid> = relations.iter().map(|r| Oid(r.oid)).collect();
    let rows =
        sqlx::query(include_str!("columns.sql")).persistent(false).bind(oids).fetch_all(session.connection()).await?;
    let mut tables: Vec<Table> =
        relations.into_iter().map(|relation| Table { relation, columns: Vec::new() }).collect();
    let by_oid: std::collections::HashMap<u32, usize> =
        tables.iter().enumerate().map(|(index, table)| (table.relation.oid, index)).collect();
    for row in rows {
        let Some(&index) = by_oid.get(&row.try_get::<Oid, _>("relation")?.0) else { continue };
        tables[index].columns.push(TableColumn {
            name: row.try_get("name")?,
            data_type: row.try_get("data_type")?,
            base_type: row.try_get::<Oid, _>("base_type")?.0,
            base_typmod: row.try_get("base_typmod")?,
            generated: row.try_get("generated")?,
        });
    }
    Ok(tables)
}
