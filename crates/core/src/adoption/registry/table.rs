//! A table that may be a registry, as the catalogs show it.

use crate::connection::Session;
use crate::sql::{Ident, Qualified};
use crate::{Error, Result};
use sqlx::Row;

/// Columns of which a register of tenants, or of domains, has at least one. `code`, `slug` and `subdomain` are here for those
/// that derive the schema's name from it.
const ANCHORS: [&str; 20] = [
    "schema_name",
    "schema",
    "tenant_schema",
    "db_schema",
    "pg_schema",
    "schemaname",
    "tenant_name",
    "tenant",
    "database",
    "database_name",
    "db_name",
    "domain",
    "domain_url",
    "subdomain",
    "sub_domain",
    "slug",
    "code",
    "data",
    "tenant_id",
    "nom_schema",
];

/// A table with its columns and the keys that lead elsewhere.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub oid: i64,
    pub schema: String,
    pub name: String,
    /// `pg_class.reltuples`
    pub estimate: f64,
    pub readable: bool,
    pub columns: Vec<Column>,
    pub leads_to: Vec<Key>,
}

#[derive(Debug, Clone)]
pub(super) struct Column {
    pub name: String,
    /// `pg_type.typname`
    pub data_type: String,
    number: i16,
}

/// A foreign key of one column.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub column: String,
    pub table: i64,
    target: i16,
}

impl Table {
    pub fn place(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }

    pub fn qualified(&self) -> Result<Qualified> {
        Ok(Ident::new(self.schema.as_str())?.qualify(&Ident::new(self.name.as_str())?))
    }

    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }

    pub fn has(&self, name: &str) -> bool {
        self.column(name).is_some()
    }

    /// A column of this name that holds text.
    pub fn has_text(&self, name: &str) -> bool {
        self.column(name).is_some_and(Column::is_text)
    }

    /// The first of these columns that it has.
    pub fn first_of(&self, names: &[&str]) -> Option<&Column> {
        names.iter().find_map(|name| self.column(name))
    }

    /// A key of this table that leads to the other, and the column that it leads to.
    pub fn key_to<'a>(&'a self, other: &'a Table) -> Option<(&'a str, &'a str)> {
        let key = self.leads_to.iter().find(|key| key.table == other.oid)?;
        let target = other.columns.iter().find(|c| c.number == key.target)?;
        Some((&key.column, &target.name))
    }
}

impl Column {
    pub fn is_text(&self) -> bool {
        matches!(self.data_type.as_str(), "text" | "varchar" | "bpchar" | "citext" | "name")
    }

    pub fn is_boolean(&self) -> bool {
        self.data_type == "bool"
    }

    pub fn is_json(&self) -> bool {
        matches!(self.data_type.as_str(), "json" | "jsonb")
    }
}

/// Every table that may be one: one catalog query.
pub(super) async fn read(session: &mut Session) -> Result<Vec<Table>> {
    let anchors: Vec<&str> = ANCHORS.to_vec();
    let query = sqlx::query(include_str!("tables.sql")).bind(anchors).persistent(false);
    let rows = query.fetch_all(session.connection()).await?;
    rows.iter()
        .map(|row| {
            let (names, types): (Vec<String>, Vec<String>) = (row.try_get("columns")?, row.try_get("types")?);
            let numbers: Vec<i16> = row.try_get("numbers")?;
            let columns: Vec<Column> = names
                .into_iter()
                .zip(types)
                .zip(numbers)
                .map(|((name, data_type), number)| Column { name, data_type, number })
                .collect();
            let leads_to: Vec<String> = row.try_get("leads_to")?;
            let leads_to = leads_to.iter().filter_map(|text| key(text, &columns)).collect();
            Ok(Table {
                oid: row.try_get("oid")?,
                schema: row.try_get("schema")?,
                name: row.try_get("name")?,
                estimate: row.try_get("estimate")?,
                readable: row.try_get("readable")?,
                columns,
                leads_to,
            })
        })
        .collect::<Result<_, Error>>()
}

fn key(text: &str, columns: &[Column]) -> Option<Key> {
    let mut parts = text.split(' ');
    let number: i16 = parts.next()?.parse().ok()?;
    let table = parts.next()?.parse().ok()?;
    let target = parts.next()?.parse().ok()?;
    let column = columns.iter().find(|c| c.number == number)?.name.clone();
    Some(Key { column, table, target })
}
