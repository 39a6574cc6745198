//! Looking at rows, a page at a time.

use super::{FilterOperator, Page, RowFilter, RowQuery};
use crate::catalog::{self, Column, TableStructure};
use crate::connection::{Database, Purpose, Session};
use crate::sql::{Ident, Statement, literal};
use crate::{ErrorKind, Result};
use sqlx::Row;

/// Rows of a page, at most.
const MAX_ROWS: u32 = 500;
/// Characters of a cell that are sent to the window.
const MAX_CELL: usize = 500;

/// A page of rows as text. Sorted by the primary key unless the query says otherwise, so that pages do not overlap.
///
/// # Errors
/// [`ErrorKind::TableMissing`]; the server's own error for a value that the column's type does not accept.
pub async fn rows(database: &Database, query: &RowQuery) -> Result<Page> {
    // Not the shared session: a sort of a large table must not hold up the rest of the window.
    let mut session = database.session(Purpose::Catalog).await?;
    let table = structure(&mut session, query).await?;
    let limit = query.limit.clamp(1, MAX_ROWS);
    let mut select = Statement::new();
    select.push(format_args!("set statement_timeout = '30s'; select "));
    for (index, column) in table.columns.iter().enumerate() {
        let name = Ident::new(column.name.as_str())?;
        let comma = if index > 0 { ", " } else { "" };
        select.push(format_args!("{comma}pg_catalog.\"left\"({name}::text, {})", MAX_CELL + 1));
    }
    from(&mut select, query, &table)?;
    order(&mut select, query, &table)?;
    select.push(format_args!(" limit {} offset {}", limit + 1, query.offset));
    let rows = session.rows(select).await?;
    session.close().await;
    let more = rows.len() > limit as usize;
    let cell = |row: &sqlx::postgres::PgRow, index: usize| -> Option<String> {
        let value = row.try_get_raw(index).ok()?;
        let text = value.as_str().ok()?;
        let cut = text.chars().nth(MAX_CELL).is_some();
        Some(if cut { text.chars().take(MAX_CELL).chain(['…']).collect() } else { text.to_owned() })
    };
    let width = table.columns.len();
    let rows = rows.iter().take(limit as usize).map(|row| (0..width).map(|i| cell(row, i)).collect()).collect();
    Ok(Page { columns: table.columns, rows, offset: query.offset, more })
}

/// The exact number of rows that fit the query's filters.
pub async fn count(database: &Database, query: &RowQuery) -> Result<u64> {
    let mut session = database.session(Purpose::Catalog).await?;
    let table = structure(&mut session, query).await?;
    let mut select = Statement::of(format_args!("set statement_timeout = '120s'; select pg_catalog.count(*)"));
    from(&mut select, query, &table)?;
    let rows = session.rows(select).await?;
    session.close().await;
    let count = rows.first().and_then(|r| r.try_get_raw(0).ok()?.as_str().ok()?.parse().ok());
    count.ok_or_else(|| ErrorKind::Internal { what: "the server did not count".into() }.into())
}

async fn structure(session: &mut Session, query: &RowQuery) -> Result<TableStructure> {
    let namespace = super::show::namespace(session, &query.schema).await?;
    catalog::structure(session, &query.schema, namespace, &query.table).await
}

fn from(select: &mut Statement, query: &RowQuery, table: &TableStructure) -> Result<()> {
    let name = Ident::new(query.schema.as_str())?.qualify(&Ident::new(query.table.as_str())?);
    select.push(format_args!(" from {name}"));
    for (index, filter) in query.filters.iter().enumerate() {
        let word = if index == 0 { "where" } else { "and" };
        let column = column(query, table, &filter.column)?;
        select.push(format_args!(" {word} {}", condition(filter, column)?));
    }
    Ok(())
}

fn order(select: &mut Statement, query: &RowQuery, table: &TableStructure) -> Result<()> {
    let direction = if query.descending { "desc" } else { "asc" };
    let mut by: Vec<&Column> = table.columns.iter().filter(|c| c.primary_key).collect();
    if let Some(name) = &query.order_by {
        let first = column(query, table, name)?;
        by.retain(|c| c.position != first.position);
        by.insert(0, first);
    }
    for (index, column) in by.iter().enumerate() {
        let word = if index == 0 { " order by" } else { "," };
        let name = Ident::new(column.name.as_str())?;
        // json, xml and geometric types have no order of their own.
        let text = if is_comparable(column) { "" } else { "::text" };
        let direction = if index == 0 { direction } else { "asc" };
        select.push(format_args!("{word} {name}{text} {direction}"));
    }
    Ok(())
}

fn column<'a>(query: &RowQuery, table: &'a TableStructure, name: &str) -> Result<&'a Column> {
    let found = table.columns.iter().find(|c| c.name == name);
    found.ok_or_else(|| {
        ErrorKind::TableMissing { schema: query.schema.clone(), table: format!("{}.{name}", query.table) }.into()
    })
}

fn condition(filter: &RowFilter, column: &Column) -> Result<Statement> {
    let name = Ident::new(filter.column.as_str())?;
    let text = if is_comparable(column) { "" } else { "::text" };
    let value = literal(&filter.value);
    let operator = match filter.operator {
        FilterOperator::IsNull => return Ok(Statement::of(format_args!("{name} is null"))),
        FilterOperator::IsNotNull => return Ok(Statement::of(format_args!("{name} is not null"))),
        FilterOperator::Contains => {
            let escaped = filter.value.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            let pattern = literal(&format!("%{escaped}%"));
            return Ok(Statement::of(format_args!("{name}::text ilike {pattern}")));
        }
        FilterOperator::Equals => "=",
        FilterOperator::Differs => "is distinct from",
        FilterOperator::Less => "<",
        FilterOperator::Greater => ">",
    };
    Ok(Statement::of(format_args!("{name}{text} {operator} {value}")))
}

/// Types whose values have an order and accept an untyped literal: numbers, booleans, dates, intervals, text, enums,
/// network addresses. The categories are those of `pg_type.typcategory`.
fn is_comparable(column: &Column) -> bool {
    matches!(column.category.as_str(), "N" | "B" | "D" | "T" | "S" | "E" | "I") || column.data_type == "uuid"
}
