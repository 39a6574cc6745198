//! Indexes that no query uses and every write pays for: what `concurrently` leaves behind when it does not come to its end.

use crate::Result;
use crate::connection::Session;
use serde::Serialize;
use sqlx::Row;
use std::collections::BTreeMap;

/// An index that is not valid.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct InvalidIndex {
    /// Its name.
    pub name: String,
    /// The table.
    pub table: String,
    /// `reindex concurrently` left it; the index that it stands beside may be whole.
    pub leftover: bool,
}

/// The invalid indexes of these schemas, by schema: one query.
pub(in crate::migration) async fn read(
    session: &mut Session,
    schemas: &[&str],
) -> Result<BTreeMap<String, Vec<InvalidIndex>>> {
    let rows = sqlx::query(include_str!("invalid.sql"))
        .bind(schemas)
        .persistent(false)
        .fetch_all(session.connection())
        .await?;
    let mut found: BTreeMap<String, Vec<InvalidIndex>> = BTreeMap::new();
    for row in &rows {
        let name: String = row.try_get("name")?;
        let leftover = is_leftover(&name);
        found.entry(row.try_get("schema")?).or_default().push(InvalidIndex {
            name,
            table: row.try_get("table")?,
            leftover,
        });
    }
    Ok(found)
}

/// PostgreSQL names what it builds beside an index `…_ccnew`, what it is about to drop `…_ccold`, with a number where that
/// is taken.
pub(crate) fn is_leftover(name: &str) -> bool {
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
    name.ends_with("_ccnew") || name.ends_with("_ccold")
}

#[cfg(test)]
mod tests {
    #[test]
    fn leftovers_are_known_by_their_names() {
        for name in ["a_ccnew", "a_ccold", "a_ccnew1"] {
            assert!(super::is_leftover(name), "{name}");
        }
        assert!(!super::is_leftover("a_ccnews") && !super::is_leftover("ccnew_a"));
    }
}
