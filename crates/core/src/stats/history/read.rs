//! Reading what was kept.

use super::growth::{beginning, share, written};
use super::take::identity;
use super::{DAY, FleetGrowth, PERIODS, Point, TenantGrowth, TenantHistory, forecast, growth, moment, trend};
use crate::Result;
use crate::connection::{Database, Purpose};
use crate::local::Home;
use crate::registry;
use crate::tenant::{Found, Selection, discover};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use std::collections::HashMap;

/// The history of the selected tenants, by schema: points of the last `since` days, all of them without. `limits` has bytes by
/// schema; who has one gets a forecast. Growth and forecast are told from all points.
///
/// # Errors
/// [`crate::ErrorKind::LocalState`], and what reading the catalogs may end with.
pub async fn of_tenants(
    home: &Home,
    database: &Database,
    selection: &Selection,
    since: Option<u32>,
    limits: &HashMap<String, i64>,
) -> Result<Vec<TenantHistory>> {
    let (identity, found) = look(database).await?;
    let chosen = selection.of_any(&found)?;
    let mut histories = Vec::with_capacity(chosen.len());
    for tenant in chosen {
        let summary = &tenant.summary;
        let mut points = points(home, &identity, summary.oid).await.map_err(|e| home.error(e))?;
        let told = TenantHistory {
            schema: summary.schema.clone(),
            name: summary.name.clone(),
            growth: PERIODS.iter().filter_map(|days| growth(&points, *days)).collect(),
            trend: trend(&points),
            forecast: limits.get(&summary.schema).map(|limit| forecast(&points, *limit)),
            points: Vec::new(),
        };
        if let (Some(days), Some(last)) = (since, points.last().map(|p| p.time)) {
            points.retain(|p| p.time >= last - i64::from(days) * DAY);
        }
        histories.push(TenantHistory { points, ..told });
    }
    Ok(histories)
}

/// How many bytes each tenant may have by the registry, by schema; nothing where there is no registry that this role may read.
///
/// # Errors
/// What reading the registry may end with.
pub async fn storage_limits(database: &Database) -> Result<HashMap<String, i64>> {
    let mut session = database.session(Purpose::Catalog).await?;
    let entries = registry::entries(&mut session).await?;
    session.close().await;
    let limits = entries.into_values().filter_map(|entry| Some((entry.schema, entry.quotas.storage_bytes?)));
    Ok(limits.filter(|(_, bytes)| *bytes > 0).collect())
}

/// Which database this is, and its tenants.
async fn look(database: &Database) -> Result<(String, Vec<Found>)> {
    let mut session = database.session(Purpose::Catalog).await?;
    let identity = identity(database, &mut session).await?;
    let found = discover(&mut session).await?;
    session.close().await;
    Ok((identity, found))
}

/// Everything that is known of a namespace, the oldest first.
async fn points(home: &Home, identity: &str, namespace: u32) -> sqlx::Result<Vec<Point>> {
    let rows = sqlx::query(
        "select s.taken_at, f.size_bytes, f.index_bytes, f.rows, f.dead_rows, f.writes \
         from stats_database d \
         join stats_tenant t on t.database = d.id and t.namespace = ?2 \
         join stats_figure f on f.tenant = t.id \
         join stats_snapshot s on s.id = f.snapshot \
         where d.identity = ?1 order by s.taken_at",
    )
    .bind(identity)
    .bind(i64::from(namespace))
    .fetch_all(home.pool())
    .await?;
    rows.iter().map(point).collect()
}

fn point(row: &SqliteRow) -> sqlx::Result<Point> {
    Ok(Point {
        time: row.try_get("taken_at")?,
        size_bytes: row.try_get("size_bytes")?,
        index_bytes: row.try_get("index_bytes")?,
        rows: row.try_get("rows")?,
        dead_rows: row.try_get("dead_rows")?,
        writes: row.try_get("writes")?,
    })
}

/// How every tenant has changed in the last `days` before the newest snapshot. Tenants are as they are called now; those that
/// are gone, or that are not in both snapshots, are not in it.
///
/// # Errors
/// [`crate::ErrorKind::LocalState`], and what reading the catalogs may end with.
pub async fn growth_of_all(home: &Home, database: &Database, days: u32) -> Result<FleetGrowth> {
    let (identity, found) = look(database).await?;
    let times = times(home, &identity).await.map_err(|e| home.error(e))?;
    let mut told = FleetGrowth {
        days,
        from: None,
        to: times.last().map(|time| moment(*time)),
        snapshots: times.len() as u32,
        since: times.first().map(|time| moment(*time)),
        tenants: Vec::new(),
    };
    let (Some(from), Some(to)) = (beginning(&times, days).map(|at| times[at]), times.last().copied()) else {
        return Ok(told);
    };
    told.from = Some(moment(from));
    let before = snapshot(home, &identity, from).await.map_err(|e| home.error(e))?;
    let after = snapshot(home, &identity, to).await.map_err(|e| home.error(e))?;
    told.tenants = found
        .iter()
        .filter_map(|tenant| {
            let namespace = i64::from(tenant.summary.oid);
            let (before, after) = (before.get(&namespace)?, after.get(&namespace)?);
            Some(TenantGrowth {
                schema: tenant.summary.schema.clone(),
                size_bytes: after.size_bytes - before.size_bytes,
                share: share(before.size_bytes, after.size_bytes),
                rows: after.rows - before.rows,
                writes: written(before.writes, after.writes),
            })
        })
        .collect();
    Ok(told)
}

/// When the snapshots were taken, in order.
async fn times(home: &Home, identity: &str) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar(
        "select s.taken_at from stats_snapshot s join stats_database d on d.id = s.database \
         where d.identity = ? order by s.taken_at",
    )
    .bind(identity)
    .fetch_all(home.pool())
    .await
}

/// The figures of one moment by namespace.
async fn snapshot(home: &Home, identity: &str, time: i64) -> sqlx::Result<HashMap<i64, Point>> {
    let rows = sqlx::query(
        "select t.namespace, s.taken_at, f.size_bytes, f.index_bytes, f.rows, f.dead_rows, f.writes \
         from stats_database d \
         join stats_snapshot s on s.database = d.id and s.taken_at = ?2 \
         join stats_figure f on f.snapshot = s.id \
         join stats_tenant t on t.id = f.tenant \
         where d.identity = ?1",
    )
    .bind(identity)
    .bind(time)
    .fetch_all(home.pool())
    .await?;
    rows.iter().map(|row| Ok((row.try_get("namespace")?, point(row)?))).collect()
}
