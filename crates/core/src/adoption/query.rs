//! Tenants as a person's own query names them.

use super::registry::of_word;
use super::{EntryState, RegistryKind, SourceDomain, SourceEntry};
use crate::connection::Session;
use crate::sql::Statement;
use crate::{Error, ErrorKind, Result};
use sqlx::postgres::PgRow;
use sqlx::{Column, Executor, Row, SqlSafeStr, TypeInfo};
use std::collections::HashMap;

/// Rows that a query may return.
const MOST_ROWS: usize = 50_000;
/// Types whose values are text on the wire.
const TEXTS: [&str; 7] = ["TEXT", "VARCHAR", "CHAR", "NAME", "citext", "\"CHAR\"", "BPCHAR"];

/// Runs the query in a transaction that cannot write and ends after some seconds. As part of another `select` it can be nothing
/// but a query itself, and the message that carries it cannot hold a second statement.
///
/// # Errors
/// [`ErrorKind::RulesQueryFailed`], saying what the query must return.
pub(super) async fn run(session: &mut Session, query: &str) -> Result<Vec<SourceEntry>> {
    session.execute("begin read only; set local statement_timeout = '10s'; set local lock_timeout = '1s'").await?;
    let answer = answer(session, query).await;
    // Whatever happened in there ends here.
    session.execute("rollback").await?;
    match answer {
        Err(error) if error.kind().is_unreachable() || matches!(error.kind(), ErrorKind::RulesQueryFailed { .. }) => {
            Err(error)
        }
        Err(error) => {
            let reason = error.detail_text().map_or_else(|| error.to_string(), str::to_owned);
            Err(failed(&reason).source(error))
        }
        answer => answer,
    }
}

async fn answer(session: &mut Session, query: &str) -> Result<Vec<SourceEntry>> {
    let query = query.trim().trim_end_matches(';');
    // The line break ends a comment at the end of the query.
    let select = Statement::script(format!("select answer.* from (\n{query}\n) as answer limit {}", MOST_ROWS + 1));
    let described = session.connection().describe(select.clone().into_sql_str()).await?;
    let columns: Vec<(String, String)> =
        described.columns().iter().map(|c| (c.name().to_lowercase(), c.type_info().name().to_owned())).collect();
    let at = |name: &str| columns.iter().position(|(column, _)| column == name);
    let schema = match (at("schema"), columns.len()) {
        (Some(schema), _) => schema,
        (None, 1) => 0,
        (None, _) => return Err(failed("it has no column schema")),
    };
    let places = [Some(schema), at("name"), at("domain"), at("state")];
    for (name, data_type) in places.iter().flatten().map(|index| &columns[*index]) {
        let boolean = name == "state" && data_type == "BOOL";
        if !boolean && !TEXTS.contains(&data_type.as_str()) {
            return Err(failed(&format!("its column {name} is {}, not text", data_type.to_lowercase())));
        }
    }
    let rows = sqlx::query(select).persistent(false).fetch_all(session.connection()).await?;
    if rows.len() > MOST_ROWS {
        return Err(failed(&format!("it returns more than {MOST_ROWS} rows")));
    }
    let [_, name, domain, state] = places;
    let mut entries: Vec<SourceEntry> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for row in &rows {
        let Some(schema) = text(row, Some(schema)).filter(|schema| !schema.is_empty()) else { continue };
        let domain = text(row, domain).filter(|domain| !domain.is_empty());
        let index = *known.entry(schema.clone()).or_insert_with(|| {
            let said = text(row, state);
            entries.push(SourceEntry {
                schema,
                name: text(row, name).filter(|name| !name.trim().is_empty()),
                domains: Vec::new(),
                state: said.as_deref().map_or(EntryState::Unsaid, of_word),
                state_from: said.map(|word| format!("state = {}", word.chars().take(60).collect::<String>())),
                kind: None,
                fields: Vec::new(),
                registry: RegistryKind::Query,
                table: String::new(),
            });
            entries.len() - 1
        });
        let domains = &mut entries[index].domains;
        if let Some(domain) = domain.filter(|domain| !domains.iter().any(|d| d.domain == *domain)) {
            domains.push(SourceDomain { domain, primary: domains.is_empty() });
        }
    }
    entries.sort_by(|a, b| a.schema.cmp(&b.schema));
    Ok(entries)
}

fn text(row: &PgRow, index: Option<usize>) -> Option<String> {
    let index = index?;
    let boolean = || row.try_get::<Option<bool>, _>(index).ok().flatten().map(|b| b.to_string());
    row.try_get_unchecked::<Option<String>, _>(index)
        .ok()
        .filter(|_| !is_boolean(row, index))
        .flatten()
        .or_else(boolean)
}

fn is_boolean(row: &PgRow, index: usize) -> bool {
    row.columns().get(index).is_some_and(|column| column.type_info().name() == "BOOL")
}

fn failed(reason: &str) -> Error {
    let reason = reason.trim_end_matches('.').to_owned();
    Error::new(ErrorKind::RulesQueryFailed { reason })
}
