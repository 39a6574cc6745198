//! Where a tenant comes from: the migrations that it has applied, and the template that they are of.

use crate::Result;
use crate::connection::Session;
use crate::content::{self, Table};
use crate::migration::{History, Source, read_history_in};
use crate::shape::HISTORY;

/// What `_sqlx_migrations` says, as the transaction sees it; nothing where there is no such table, where it may not be read,
/// or where another program's table has the name.
pub(super) async fn applied(session: &mut Session, schema: &str, namespace: u32) -> Result<History> {
    let table = content::relations(session, namespace).await?.into_iter().find(|r| r.name == HISTORY);
    let Some(table) = table.filter(|table| table.readable) else { return Ok(History::default()) };
    let found: Vec<Table> = content::columns(session, vec![table]).await?;
    let has = |name: &str, types: &[&str]| {
        found.iter().any(|s| s.columns.iter().any(|c| c.name == name && types.contains(&c.data_type.as_str())))
    };
    let number = ["bigint", "integer", "smallint"];
    let is_history = has("version", &number)
        && has("success", &["boolean"])
        && has("checksum", &["bytea"])
        && has("execution_time", &number);
    if is_history { read_history_in(session, schema).await } else { Ok(History::default()) }
}

/// The newest version that is at its end.
pub(super) fn newest(history: &History) -> Option<String> {
    let mut done = history.iter().rev().filter(|(_, applied)| applied.success);
    done.next().map(|(version, _)| version.to_string())
}

/// The name of the shipped template whose first migration this is.
pub(super) fn template_of(history: &History) -> Result<Option<String>> {
    if history.newest().is_none() {
        return Ok(None);
    }
    let shipped = Source::shipped()?;
    Ok(shipped.iter().find(|source| source.is_origin_of(history)).map(|source| source.name().to_owned()))
}
