//! Former versions of entries.

use super::read::require_readable;
use crate::Result;
use crate::connection::Session;
use serde::Serialize;
use sqlx::Row;

/// One change of one row of the registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename = "RegistryVersion")]
pub struct Version {
    /// Grows.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub number: i64,
    /// RFC 3339, UTC.
    pub at: String,
    /// `tenant`, or `domain`, `module` or `image` with its name.
    pub object: String,
    /// The role that changed it.
    pub role: String,
    /// The person, as `name@computer`, where Cadastre changed it.
    pub person: Option<String>,
    /// What differs, a line for each field: its name, the former and the new value.
    pub changes: Vec<Change>,
}

/// A field that has another value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename = "RegistryChange")]
pub struct Change {
    /// Column.
    pub field: String,
    /// Before; nothing where the row was new or the value NULL.
    pub before: Option<String>,
    /// After; nothing where the row was removed or the value NULL.
    pub after: Option<String>,
}

/// Changes of a tenant's entry, newest first. A tenant is followed by its number: a renamed one keeps its past.
///
/// # Errors
/// [`crate::ErrorKind::RegistryMissing`].
pub async fn versions(session: &mut Session, schema: &str, limit: u32) -> Result<Vec<Version>> {
    require_readable(session).await?;
    let query = sqlx::query(include_str!("versions.sql")).persistent(false).bind(schema).bind(i64::from(limit));
    let rows = query.fetch_all(session.connection()).await?;
    rows.iter()
        .map(|row| {
            let changes: String = row.try_get("changes")?;
            let changes: Vec<(String, Option<String>, Option<String>)> =
                serde_json::from_str(&changes).unwrap_or_default();
            Ok(Version {
                number: row.try_get("number")?,
                at: row.try_get("at")?,
                object: row.try_get("object")?,
                role: row.try_get("role")?,
                person: row.try_get("person")?,
                changes: changes.into_iter().map(|(field, before, after)| Change { field, before, after }).collect(),
            })
        })
        .collect()
}
