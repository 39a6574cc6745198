//! What tenants may use, and what they do use.

use super::read;
use crate::Result;
use crate::connection::Session;
use crate::migration::Source;
use crate::sql::{Statement, literal};
use serde::Serialize;
use sqlx::Row;
use std::collections::HashMap;

/// A tenant's quotas beside what it uses. Its size stands in its line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct QuotaUse {
    /// Rows of the table that counts as people, as the server estimates them; nothing where the template names none.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub people: Option<i64>,
    /// That table.
    pub people_table: Option<String>,
    /// People at most; nothing is no limit.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub people_limit: Option<i64>,
    /// Bytes at most; nothing is no limit.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub storage_limit: Option<i64>,
    /// The quotas that are exceeded: `people`, `storage`.
    pub exceeded: Vec<String>,
}

/// The quotas of every registered tenant by schema; nothing where there is no registry that this role may read. Two queries.
///
/// # Errors
/// What the connection reports.
pub(crate) async fn quotas(session: &mut Session) -> Result<HashMap<String, QuotaUse>> {
    if !read::state_in(session).await?.readable {
        return Ok(HashMap::new());
    }
    let shipped = Source::shipped()?;
    let (templates, tables): (Vec<&str>, Vec<&str>) =
        shipped.iter().filter_map(|source| Some((source.name(), source.header().people.as_deref()?))).unzip();
    let query = sqlx::query(include_str!("quota.sql")).persistent(false).bind(&templates).bind(&tables);
    let rows = query.fetch_all(session.connection()).await?;
    let of = |row: &sqlx::postgres::PgRow| {
        let (people, people_limit): (Option<i64>, Option<i64>) = (row.try_get("people")?, row.try_get("people_limit")?);
        let (people_table, storage_limit) = (row.try_get("people_table")?, row.try_get("storage_limit")?);
        let exceeded = people.zip(people_limit).filter(|(people, limit)| people > limit).map(|_| "people".to_owned());
        let quota = QuotaUse { people, people_table, people_limit, storage_limit, exceeded: Vec::from_iter(exceeded) };
        Ok((row.try_get("schema")?, quota))
    };
    rows.iter().map(of).collect()
}

impl QuotaUse {
    /// Notes whether a size exceeds the quota.
    pub(crate) fn measure(&mut self, size_bytes: i64) {
        if self.storage_limit.is_some_and(|limit| size_bytes > limit) {
            self.exceeded.push("storage".to_owned());
        }
    }
}

/// Keeps which table counts as people for tenants of a template that is not shipped, since its folder is not at hand later.
pub(crate) fn people_setting(template: &str, table: &str) -> Statement {
    let value = serde_json::Value::from(table).to_string();
    Statement::of(format_args!(
        "insert into cadastre.setting (name, value) values ({}, {}::jsonb) on conflict (name) do update set value = excluded.value;",
        literal(&format!("people.{template}")),
        literal(&value)
    ))
}
