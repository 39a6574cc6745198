//! The tenants of a database, and the figures of all of them at once. Which schemas are tenants, [`crate::adoption`] says.

use super::activation::Record;
use super::{Selection, TenantList, TenantState, TenantSummary};
use crate::Result;
use crate::adoption::{self, Answers, EntryState, Ground, Named, SchemaVerdict, SourceEntry};
use crate::connection::{Database, Purpose, Session};
use crate::fleet::PastRun;
use crate::migration::{History, Source, UnreadHistories};
use crate::registry;
use sqlx::Row;
use std::collections::HashMap;
use std::time::Instant;

/// Characters of a name that a list can show.
const MAX_NAME: usize = 120;

/// A tenant as the catalogs show it, before its history is read.
#[derive(Debug, Clone)]
pub struct Found {
    /// What the list shows; version, template and pending are not filled yet.
    pub summary: TenantSummary,
    /// `_sqlx_migrations` is there.
    pub has_history: bool,
    /// … and the role may read it.
    pub history_readable: bool,
    /// What a registry says about it.
    pub source: Option<SourceEntry>,
}

/// Every tenant with its figures: the schemas that the session's rules say, with what a registry says about them. A fixed number
/// of queries; never inside a transaction of the caller's.
///
/// # Errors
/// Those of a query that a person has set: [`ErrorKind::RulesQueryFailed`]; [`ErrorKind::RulesNeedRegistry`].
pub async fn discover(session: &mut Session) -> Result<Vec<Found>> {
    let rules = session.rules();
    let grounds = grounds(session).await?;
    let answers = adoption::answer(session, &grounds, false).await?;
    let named = Named::by(&answers);
    let tenants = grounds.into_iter().filter(|g| adoption::verdict(g, &rules, &answers, &named).is_tenant());
    Ok(with_entries(tenants.collect(), &answers))
}

/// Every schema but the system's: one catalog query.
pub(crate) async fn grounds(session: &mut Session) -> Result<Vec<Ground>> {
    let rows = sqlx::query(include_str!("list.sql")).persistent(false).fetch_all(session.connection()).await?;
    rows.iter()
        .map(|row| {
            let schema: String = row.try_get("schema")?;
            let comment: Option<String> = row.try_get("comment")?;
            let in_use: bool = row.try_get("in_use")?;
            // Deactivated here, or closed by hand in such a way that nobody may use it.
            let in_use = in_use && !Record::is_one(comment.as_deref());
            let found = Found {
                summary: TenantSummary {
                    oid: row.try_get::<i64, _>("oid")? as u32,
                    name: display_name(comment.as_deref(), &schema),
                    schema,
                    state: if in_use { TenantState::Active } else { TenantState::Inactive },
                    domains: Vec::new(),
                    template: None,
                    version: None,
                    pending: None,
                    shape: None,
                    tables: row.try_get::<i32, _>("tables")? as u32,
                    rows: row.try_get("rows")?,
                    rows_estimated: true,
                    size_bytes: row.try_get("size_bytes")?,
                    size_estimated: true,
                    last_activity: row.try_get("last_activity")?,
                    last_backup: None,
                    quota: None,
                    owner: row.try_get("owner")?,
                    readable: row.try_get("readable")?,
                },
                has_history: row.try_get("has_history")?,
                history_readable: row.try_get("history_readable")?,
                source: None,
            };
            let never = match row.try_get::<Option<String>, _>("never")?.as_deref() {
                None => None,
                Some("public") => Some(SchemaVerdict::Public),
                Some("cadastre") => Some(SchemaVerdict::Cadastre),
                Some("quarantined") => Some(SchemaVerdict::Quarantined),
                Some(_) => Some(SchemaVerdict::Extension),
            };
            Ok(Ground { found, never, holds_table: row.try_get("holds_table")?, rails: row.try_get("rails")? })
        })
        .collect()
}

/// The schemas with what a registry or a query says about them.
pub(crate) fn with_entries(grounds: Vec<Ground>, answers: &Answers) -> Vec<Found> {
    let mut entries = answers.entries();
    let with_entry = |ground: Ground| {
        let mut found = ground.found;
        let Some(entry) = entries.remove(found.summary.schema.as_str()) else { return found };
        if let Some(name) = entry.name.as_deref().filter(|name| name.chars().count() <= MAX_NAME) {
            found.summary.name = name.trim().to_owned();
        }
        // Either place can put a tenant out of use.
        if entry.state == EntryState::Inactive {
            found.summary.state = TenantState::Inactive;
        }
        found.summary.domains = entry.domains.iter().map(|d| d.domain.clone()).collect();
        found.source = Some(entry);
        found
    };
    grounds.into_iter().map(with_entry).collect()
}

/// [`discover`] and every history that the role may read, by schema: on two sessions at the same time, of which the first reads
/// histories, too, when it knows the tenants. A role that may have only one session reads them one after the other.
pub async fn discover_with_histories(database: &Database) -> Result<(Vec<Found>, HashMap<String, History>)> {
    let unread = UnreadHistories::default();
    let first = async {
        let mut session = database.catalog().await?;
        let found = discover(&mut session).await?;
        Ok((found, unread.read(&mut session).await?))
    };
    let ((found, mut histories), others) = tokio::try_join!(first, unread.read_aside(database))?;
    histories.extend(others);
    Ok((found, histories))
}

/// The tenants that are left of a run, and that are still there. One that has been dropped since keeps the outcome that it has, and
/// stands in nobody's way.
///
/// # Errors
/// [`ErrorKind::RunNotResumable`] when nobody is left.
pub(crate) async fn left_of(database: &Database, past: &PastRun) -> Result<Vec<String>> {
    let mut left = past.left();
    if left.is_empty() {
        return Err(past.not_resumable("every tenant has had its turn"));
    }
    let found = discover(&mut *database.catalog().await?).await?;
    left.retain(|schema| found.iter().any(|tenant| tenant.summary.schema == *schema));
    if left.is_empty() {
        return Err(past.not_resumable("the tenants that are left are not there any more"));
    }
    Ok(left)
}

/// The whole list: figures and versions. `source` decides what is pending; without one, each tenant is measured
/// against the shipped template that it was made from, when it was.
pub async fn list(database: &Database, source: Option<&Source>, selection: &Selection) -> Result<TenantList> {
    let started = Instant::now();
    let (found, histories) = discover_with_histories(database).await?;
    let found: Vec<Found> = selection.of_any(&found)?.into_iter().cloned().collect();
    let shipped = if source.is_none() { Source::shipped()? } else { Vec::new() };
    let mut tenants: Vec<TenantSummary> = found.into_iter().map(|f| f.summary).collect();
    let mut quotas = registry::quotas(&mut *database.catalog().await?).await?;
    for tenant in &mut tenants {
        tenant.quota = quotas.remove(&tenant.schema);
        if let Some(quota) = &mut tenant.quota {
            quota.measure(tenant.size_bytes);
        }
        if let Some(history) = histories.get(&tenant.schema) {
            describe(tenant, history, source, &shipped);
        }
    }
    Ok(TenantList { tenants, duration_ms: started.elapsed().as_millis() as u64 })
}

/// Fills version, template and pending from a history.
pub(super) fn describe(tenant: &mut TenantSummary, history: &History, source: Option<&Source>, shipped: &[Source]) {
    tenant.version = history.newest();
    let template = shipped.iter().find(|s| s.is_origin_of(history));
    tenant.template = template.map(|s| s.name().to_owned());
    tenant.pending = source.or(template).map(|s| s.pending(history).len() as u32);
}

/// Exact sizes by schema, bytes.
pub async fn exact_sizes(database: &Database) -> Result<HashMap<String, i64>> {
    // Not on the shared session: this takes seconds on a large fleet, and the window asks other things meanwhile.
    let mut session = database.session(Purpose::Catalog).await?;
    let rows = sqlx::query(include_str!("sizes.sql")).persistent(false).fetch_all(session.connection()).await?;
    let sizes = rows.iter().map(|row| Ok((row.try_get("schema")?, row.try_get("size_bytes")?))).collect();
    session.close().await;
    sizes
}

/// The first line of the schema's comment, when it is short enough to be a name.
pub(crate) fn display_name(comment: Option<&str>, schema: &str) -> String {
    let comment = Record::former_comment(comment);
    let line = comment.as_deref().and_then(|c| c.lines().next()).map(str::trim).unwrap_or_default();
    if line.is_empty() || line.chars().count() > MAX_NAME { schema.to_owned() } else { line.to_owned() }
}
