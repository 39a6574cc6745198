//! One tenant's page.

use super::activation::registered;
use super::discovery::describe;
use super::{Found, TenantDetail, choose, discover};
use crate::access;
use crate::catalog::{self, TableStructure};
use crate::connection::{Database, Session};
use crate::migration::{self, Source};
use crate::registry::{self, Quotas};
use crate::{ErrorKind, Result};
use sqlx::Row;

/// Finds a tenant by schema or display name.
///
/// # Errors
/// [`ErrorKind::TenantMissing`], [`ErrorKind::TenantAmbiguous`].
pub async fn resolve(session: &mut Session, name: &str) -> Result<Found> {
    let found = discover(session).await?;
    let chosen = choose(&found, &[name.to_owned()])?;
    chosen.first().map(|t| (*t).clone()).ok_or_else(|| ErrorKind::TenantMissing { name: name.to_owned() }.into())
}

/// Everything the page of one tenant shows, but for rows.
pub async fn show(database: &Database, name: &str, source: Option<&Source>) -> Result<TenantDetail> {
    let mut session = database.catalog().await?;
    let all = discover(&mut session).await?;
    let chosen = choose(&all, &[name.to_owned()])?;
    let found = chosen.first().map(|tenant| (*tenant).clone());
    let found = found.ok_or_else(|| ErrorKind::TenantMissing { name: name.to_owned() })?;
    let namespace = found.summary.oid;
    let histories = migration::read_histories(&mut session, std::slice::from_ref(&found)).await?;
    let tables = catalog::tables(&mut session, namespace).await?;
    let enums = catalog::enums(&mut session, namespace).await?;
    let grants = sqlx::query(include_str!("grants.sql"))
        .bind(i64::from(namespace))
        .fetch_all(session.connection())
        .await?
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<Vec<String>, _>>()?;
    let mut summary = found.summary;
    if let Some(history) = histories.get(&summary.schema) {
        let shipped = if source.is_none() { Source::shipped()? } else { Vec::new() };
        describe(&mut summary, history, source, &shipped);
    }
    // The sizes of one tenant's files are quickly asked for.
    summary.size_bytes = tables.iter().map(|t| t.size_bytes).sum();
    summary.size_estimated = false;
    summary.quota = registry::quotas(&mut session).await?.remove(&summary.schema);
    if let Some(quota) = &mut summary.quota {
        quota.measure(summary.size_bytes);
    }
    let mut entries = registry::entries(&mut session).await?;
    let tenants = registered(&all, &entries, &[namespace]);
    let entry = entries.remove(&summary.schema);
    let own = access::own_roles(&mut session, &[namespace], &tenants).await?.remove(&namespace).unwrap_or_default();
    // What the registry says; otherwise the one role that uses nothing else.
    let role = entry.as_ref().and_then(|entry| entry.role.clone()).or_else(|| match own.as_slice() {
        [one] => Some(one.role.clone()),
        _ => None,
    });
    let modules = entry.iter().flat_map(|entry| entry.modules.iter().filter(|m| m.enabled).map(|m| m.module.clone()));
    let modules = modules.collect();
    let quotas = entry.as_ref().map(|entry| quotas(&entry.quotas)).unwrap_or_default();
    Ok(TenantDetail { summary, tables, enums, modules, quotas, role, grants, entry, source: found.source })
}

fn quotas(quotas: &Quotas) -> Vec<String> {
    let limit = |limit: Option<i64>| limit.map_or_else(|| "none".to_owned(), |limit| limit.to_string());
    vec![format!("people: {}", limit(quotas.people)), format!("storage_bytes: {}", limit(quotas.storage_bytes))]
}

/// One table of a tenant.
pub async fn table(database: &Database, schema: &str, table: &str) -> Result<TableStructure> {
    let mut session = database.catalog().await?;
    let namespace = namespace(&mut session, schema).await?;
    catalog::structure(&mut session, schema, namespace, table).await
}

pub(super) async fn namespace(session: &mut Session, schema: &str) -> Result<u32> {
    let oid = catalog::namespace(session, schema).await?;
    oid.ok_or_else(|| ErrorKind::TenantMissing { name: schema.to_owned() }.into())
}
