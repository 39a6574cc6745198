//! What this computer knows: failed migrations and interrupted runs.

use super::alert::AlertItem;
use crate::connection::Database;
use crate::fleet::{self, Stopped};
use crate::journal::address;
use crate::local::Home;
use crate::tenant::TenantSummary;
use crate::{Result, fleet::RunKind};
use sqlx::Row;
use std::collections::HashMap;

/// Tenants whose newest migration from here failed and that have not got there in another way since.
pub(super) async fn failed_migrations(
    home: &Home,
    database: &Database,
    tenants: &[TenantSummary],
) -> Result<Vec<AlertItem>> {
    let rows =
        sqlx::query(include_str!("failed_migrations.sql")).bind(address(database)).fetch_all(home.pool()).await?;
    let now: HashMap<&str, Option<i64>> = tenants.iter().map(|t| (t.schema.as_str(), t.version)).collect();
    let mut items = Vec::new();
    for row in &rows {
        let schema: String = row.try_get("schema")?;
        let Some(version) = now.get(schema.as_str()) else { continue };
        let planned: Vec<i64> = serde_json::from_str(&row.try_get::<String, _>("planned")?).unwrap_or_default();
        let (kind, error): (String, Option<String>) = (row.try_get("kind")?, row.try_get("error")?);
        let arrived = match kind == RunKind::MigrateUp.name() {
            true => planned.iter().max().is_some_and(|newest| version.is_some_and(|version| version >= *newest)),
            false => planned.iter().min().is_some_and(|oldest| version.is_none_or(|version| version < *oldest)),
        };
        if !arrived {
            let error = error.and_then(|error| serde_json::from_str(&error).ok());
            let (run, at) = (row.try_get("run")?, row.try_get("ended_at")?);
            items.push(AlertItem { schema: Some(schema), object: Some(run), at, error, ..AlertItem::default() });
        }
    }
    Ok(items)
}

/// Runs that ended in the middle, as [`fleet::list`] shows them, unless a later run of the same kind came to its end.
pub(super) async fn interrupted(home: &Home, database: &Database) -> Result<Vec<AlertItem>> {
    let address = address(database);
    let runs = fleet::list(home).await?;
    let here: Vec<_> = runs.into_iter().filter(|run| run.database == address).collect();
    let mut items = Vec::new();
    for (at, run) in here.iter().enumerate() {
        // The newest stands first.
        let overtaken =
            here[..at].iter().any(|later| later.kind == run.kind && later.stopped.is_none() && !later.running);
        if run.stopped == Some(Stopped::Interrupted) && !overtaken {
            let number = Some(i64::from(run.not_started));
            let (object, at) = (Some(run.run.clone()), Some(run.started_at.clone()));
            items.push(AlertItem { object, number, at, ..AlertItem::default() });
        }
    }
    Ok(items)
}
