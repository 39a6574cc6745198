//! Which tenants are in quarantine.

use super::record::Record;
use crate::connection::{Database, Session};
use crate::tenant::{Selection, TenantState, TenantSummary, glob};
use crate::{ErrorKind, Result};
use serde::Serialize;
use sqlx::Row;

/// A tenant in quarantine.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Quarantined {
    /// As in the list of tenants; the schema is the one in quarantine, the name the tenant's own.
    #[serde(flatten)]
    pub summary: TenantSummary,
    /// The schema's name before.
    pub was: Option<String>,
    /// Since when, RFC 3339, UTC.
    pub quarantined_at: Option<String>,
    /// Who put it there, as `name@computer`.
    pub quarantined_by: Option<String>,
    /// The backup, on that person's computer.
    pub backup: Option<String>,
    /// The archive beside it.
    pub archive: Option<String>,
    /// A purge has begun to remove it: there is no way back but the backup.
    pub purge_begun: bool,
    /// Why its record cannot be used, when it cannot.
    pub problem: Option<String>,
}

impl Quarantined {
    /// A person who names tenants means this one.
    pub fn is_meant_by(&self, selection: &Selection) -> bool {
        let names: Vec<&str> =
            [Some(self.summary.schema.as_str()), Some(self.summary.name.as_str()), self.was.as_deref()]
                .into_iter()
                .flatten()
                .collect();
        let fits = |patterns: &[String]| patterns.iter().any(|p| names.iter().any(|name| glob(p, name)));
        let named = selection.names.iter().any(|name| names.contains(&name.as_str()));
        let any = selection.names.is_empty() && selection.select.is_empty();
        (any || named || fits(&selection.select)) && !fits(&selection.except)
    }
}

/// A quarantined schema as the catalogs show it.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) oid: u32,
    pub(super) schema: String,
    pub(super) record: Result<Record, String>,
    pub(super) owner: String,
    pub(super) readable: bool,
    pub(super) tables: u32,
    pub(super) rows: i64,
    pub(super) size_bytes: i64,
}

impl Found {
    /// Its record.
    ///
    /// # Errors
    /// [`ErrorKind::QuarantineRecordInvalid`].
    pub(super) fn record(&self) -> Result<&Record> {
        self.record.as_ref().map_err(|reason| {
            ErrorKind::QuarantineRecordInvalid { schema: self.schema.clone(), reason: reason.clone() }.into()
        })
    }
}

/// Tenants in quarantine, the oldest first.
///
/// # Errors
/// What the connection reports.
pub async fn quarantined(database: &Database) -> Result<Vec<Quarantined>> {
    let found = find(&mut *database.catalog().await?).await?;
    Ok(found.into_iter().map(describe).collect())
}

fn describe(found: Found) -> Quarantined {
    let (record, problem) = match found.record {
        Ok(record) => (Some(record), None),
        Err(problem) => (None, Some(problem)),
    };
    let time = |time: chrono::DateTime<chrono::Utc>| time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let at = record.as_ref().map(|r| time(r.quarantined_at));
    // What it was proven to hold, as long as nobody has begun to remove it.
    let proven = record.as_ref().filter(|r| r.proven_at.is_some() && r.purge_begun_at.is_none());
    let counted = proven.and_then(|r| i64::try_from(r.content.rows).ok());
    Quarantined {
        summary: TenantSummary {
            oid: found.oid,
            name: record.as_ref().map_or_else(|| found.schema.clone(), Record::display_name),
            schema: found.schema,
            state: TenantState::Quarantined,
            domains: Vec::new(),
            template: None,
            version: None,
            pending: None,
            shape: None,
            tables: found.tables,
            rows: counted.unwrap_or(found.rows),
            rows_estimated: counted.is_none(),
            size_bytes: found.size_bytes,
            size_estimated: true,
            last_activity: None,
            last_backup: at.clone(),
            quota: None,
            owner: found.owner,
            readable: found.readable,
        },
        was: record.as_ref().map(|r| r.schema.clone()),
        quarantined_at: at,
        quarantined_by: record.as_ref().map(|r| r.quarantined_by.clone()),
        backup: record.as_ref().map(|r| r.backup.path.clone()),
        archive: record.as_ref().and_then(|r| r.archive.as_ref()).map(|archive| archive.path.clone()),
        purge_begun: record.as_ref().is_some_and(|r| r.purge_begun_at.is_some()),
        problem,
    }
}

pub(super) async fn find(session: &mut Session) -> Result<Vec<Found>> {
    let rows = sqlx::query(include_str!("quarantined.sql")).persistent(false).fetch_all(session.connection()).await?;
    rows.iter()
        .map(|row| {
            let schema: String = row.try_get("schema")?;
            let comment: Option<String> = row.try_get("comment")?;
            Ok(Found {
                oid: row.try_get::<i64, _>("oid")? as u32,
                record: Record::parse(&schema, comment.as_deref()),
                schema,
                owner: row.try_get("owner")?,
                readable: row.try_get("readable")?,
                tables: row.try_get::<i32, _>("tables")? as u32,
                rows: row.try_get("rows")?,
                size_bytes: row.try_get("size_bytes")?,
            })
        })
        .collect()
}

/// The quarantined tenant of this name: its former schema, its display name, or the schema in quarantine.
///
/// # Errors
/// [`ErrorKind::NotQuarantined`]; [`ErrorKind::TenantAmbiguous`] when a tenant of that name was dropped more than once.
pub(super) async fn resolve(session: &mut Session, name: &str) -> Result<Found> {
    let found = find(session).await?;
    if let Some(exact) = found.iter().find(|f| f.schema == name) {
        return Ok(exact.clone());
    }
    let was = |f: &&Found| f.record.as_ref().is_ok_and(|r| r.schema == name);
    let called = |f: &&Found| f.record.as_ref().is_ok_and(|r| r.display_name().eq_ignore_ascii_case(name));
    let mut fitting: Vec<&Found> = found.iter().filter(was).collect();
    if fitting.is_empty() {
        fitting = found.iter().filter(called).collect();
    }
    match fitting.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(ErrorKind::NotQuarantined { name: name.to_owned() }.into()),
        several => {
            let schemas = several.iter().map(|f| f.schema.as_str()).collect::<Vec<_>>().join(", ");
            Err(ErrorKind::TenantAmbiguous { name: name.to_owned(), schemas }.into())
        }
    }
}
