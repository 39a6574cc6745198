//! Reading the tables of one schema.

use super::{Column, Constraint, EnumType, Index, Table, TableKind, TableStructure};
use crate::connection::Session;
use crate::{ErrorKind, Result};
use sqlx::Row;
use sqlx::postgres::PgRow;

/// The OID of a schema, when it exists.
pub async fn namespace(session: &mut Session, schema: &str) -> Result<Option<u32>> {
    let oid: Option<i64> = sqlx::query_scalar("select n.oid::int8 from pg_catalog.pg_namespace n where n.nspname = $1")
        .bind(schema)
        .fetch_optional(session.connection())
        .await?;
    Ok(oid.map(|o| o as u32))
}

/// Tables, views and foreign tables of a schema with exact sizes and estimated rows, by name.
pub async fn tables(session: &mut Session, namespace: u32) -> Result<Vec<Table>> {
    let rows = sqlx::query(include_str!("tables.sql"))
        .bind(i64::from(namespace))
        .bind(None::<&str>)
        .fetch_all(session.connection())
        .await?;
    rows.iter().map(table).collect()
}

/// Enum types of a schema, by name.
pub async fn enums(session: &mut Session, namespace: u32) -> Result<Vec<EnumType>> {
    let rows =
        sqlx::query(include_str!("enums.sql")).bind(i64::from(namespace)).fetch_all(session.connection()).await?;
    rows.iter().map(|row| Ok(EnumType { name: row.try_get("name")?, labels: row.try_get("labels")? })).collect()
}

/// Columns of a table in attribute order.
pub async fn columns(session: &mut Session, table: u32) -> Result<Vec<Column>> {
    let rows = sqlx::query(include_str!("columns.sql")).bind(i64::from(table)).fetch_all(session.connection()).await?;
    rows.iter()
        .map(|row| {
            Ok(Column {
                position: row.try_get("position")?,
                name: row.try_get("name")?,
                data_type: row.try_get("data_type")?,
                type_oid: row.try_get::<i64, _>("type_oid")? as u32,
                category: row.try_get("category")?,
                not_null: row.try_get("not_null")?,
                default: row.try_get("default_expression")?,
                primary_key: row.try_get("primary_key")?,
                comment: row.try_get("comment")?,
            })
        })
        .collect()
}

/// Everything about one table.
///
/// # Errors
/// [`ErrorKind::TableMissing`]
pub async fn structure(session: &mut Session, schema: &str, namespace: u32, name: &str) -> Result<TableStructure> {
    let row = sqlx::query(include_str!("tables.sql"))
        .bind(i64::from(namespace))
        .bind(name)
        .fetch_optional(session.connection())
        .await?;
    let Some(row) = row else {
        return Err(ErrorKind::TableMissing { schema: schema.into(), table: name.into() }.into());
    };
    let table = table(&row)?;
    let oid = i64::from(table.oid);
    let columns = columns(session, table.oid).await?;
    let constraints = sqlx::query(include_str!("constraints.sql")).bind(oid).fetch_all(session.connection()).await?;
    let indexes = sqlx::query(include_str!("indexes.sql")).bind(oid).fetch_all(session.connection()).await?;
    Ok(TableStructure {
        table,
        columns,
        constraints: constraints.iter().map(constraint).collect::<Result<_>>()?,
        indexes: indexes.iter().map(index).collect::<Result<_>>()?,
    })
}

fn table(row: &PgRow) -> Result<Table> {
    let fetched: i64 = row.try_get("blocks_fetched")?;
    let hit: i64 = row.try_get("blocks_hit")?;
    let kind: String = row.try_get("kind")?;
    Ok(Table {
        oid: row.try_get::<i64, _>("oid")? as u32,
        table: row.try_get("table_name")?,
        kind: match kind.as_str() {
            "p" => TableKind::Partitioned,
            "v" => TableKind::View,
            "m" => TableKind::MaterializedView,
            "f" => TableKind::Foreign,
            _ => TableKind::Table,
        },
        rows: row.try_get("rows")?,
        rows_estimated: true,
        size_bytes: row.try_get("size_bytes")?,
        index_bytes: row.try_get("index_bytes")?,
        size_estimated: false,
        dead_rows: row.try_get("dead_rows")?,
        seq_scans: row.try_get("seq_scans")?,
        index_scans: row.try_get("index_scans")?,
        writes: row.try_get("writes")?,
        cache_hit: (fetched > 0).then(|| hit as f64 / fetched as f64),
        last_vacuum: row.try_get("last_vacuum")?,
        last_analyze: row.try_get("last_analyze")?,
        columns: row.try_get("columns")?,
        indexes: row.try_get("indexes")?,
        comment: row.try_get("comment")?,
    })
}

fn constraint(row: &PgRow) -> Result<Constraint> {
    Ok(Constraint {
        name: row.try_get("name")?,
        kind: row.try_get("kind")?,
        definition: row.try_get("definition")?,
        validated: row.try_get("validated")?,
        references: row.try_get("references")?,
    })
}

fn index(row: &PgRow) -> Result<Index> {
    Ok(Index {
        name: row.try_get("name")?,
        definition: row.try_get("definition")?,
        unique: row.try_get("unique")?,
        primary: row.try_get("primary")?,
        valid: row.try_get("valid")?,
        size_bytes: row.try_get("size_bytes")?,
        scans: row.try_get("scans")?,
    })
}
