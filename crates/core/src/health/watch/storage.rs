//! What takes the space: the largest tables, what of them is air, and indexes that nobody needs.

use super::indexes::{self, IndexBloat, IndexClass};
use super::whose::Whose;
use crate::Result;
use crate::connection::{Database, Purpose, Session};
use crate::tenant::Selection;
use serde::Serialize;
use sqlx::Row;
use sqlx::postgres::PgRow;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// A smaller table or index is not worth an estimate, bytes.
pub(super) const SMALL: i64 = 1 << 20;

/// How statistics of use have to be to say of an index that nobody needs it.
pub const OLD_ENOUGH: Duration = Duration::from_secs(7 * 24 * 3600);

/// What takes the space of a database.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Storage {
    /// The largest tables, the largest first.
    pub tables: Vec<TableStorage>,
    /// Of these, tables of at least 1 MiB that have no estimate of bloat: they were not analysed, or the role may not read their statistics.
    pub not_estimated: u32,
    /// Indexes with the same table and definition in several tenants are one; those that can go first, then by size.
    pub indexes: Vec<IndexClass>,
    /// How many more kinds of index there are; they are smaller.
    pub more_indexes: u32,
    /// The largest B-tree indexes that hold air, the most air first.
    pub bloated: Vec<IndexBloat>,
    /// Since when the server counts scans, RFC 3339, UTC: those of this server alone, not of its standbys.
    pub since: String,
    /// `since` is when the server started, because it has never been told to forget what it had counted: it may have counted for longer.
    pub since_start: bool,
    /// That is long enough ago to call an index unused: a week.
    pub long_enough: bool,
    /// How many tenants were looked at for indexes: always all of them.
    pub tenants: u32,
    /// The server is a standby, or has some: scans are counted on each server apart.
    pub standbys: Standbys,
    /// Milliseconds that reading took.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub duration_ms: u64,
}

/// Which other servers may use an index of which this one does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum Standbys {
    /// None is connected.
    None,
    /// Some are connected to this server.
    Connected,
    /// This server is one itself; scans on its primary are not counted here.
    Itself,
}

/// A table and what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TableStorage {
    /// Its schema.
    pub schema: String,
    /// The schema is a tenant's.
    pub in_tenant: bool,
    /// Its name.
    pub name: String,
    /// Somebody holds or wants it for himself alone: its sizes are those of the last VACUUM or ANALYZE.
    pub estimated: bool,
    /// With TOAST and indexes, bytes.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub total_bytes: i64,
    /// Rows alone, bytes.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub heap_bytes: i64,
    /// Long values stored apart, bytes.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub toast_bytes: i64,
    /// Bytes.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub index_bytes: i64,
    /// As the server has counted them: an estimate.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: i64,
    /// Rows that VACUUM has not removed yet: an estimate.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub dead_rows: i64,
    /// How much smaller the rows would be side by side, bytes: an estimate from the widths that ANALYZE has noted. `None` for a small table, or
    /// without statistics.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub bloat_bytes: Option<i64>,
    /// Last VACUUM, also automatic, RFC 3339, UTC.
    pub vacuumed: Option<String>,
    /// Last ANALYZE, also automatic, RFC 3339, UTC.
    pub analyzed: Option<String>,
}

/// What takes the space: the largest tables, at most `limit`, indexes of the whole fleet with what can be said of each, and estimates of what is air. A
/// fixed number of queries. With a selection, tables of these tenants, and indexes that at least one of them has: the verdict about
/// an index is always the fleet's.
///
/// # Errors
/// [`crate::ErrorKind::TenantMissing`], [`crate::ErrorKind::TenantAmbiguous`]; what the connection reports.
pub async fn storage(database: &Database, selection: &Selection, limit: u32) -> Result<Storage> {
    let begun = Instant::now();
    // Not the shared session: measuring a large fleet takes a moment.
    let mut session = database.session(Purpose::Catalog).await?;
    let whose = Whose::read(&mut session, selection).await?;
    let mut tables = tables(&mut session, &whose, limit).await?;
    let bloat = table_bloat(&mut session, &tables).await?;
    let mut not_estimated = 0;
    for (oid, table) in &mut tables {
        table.bloat_bytes = bloat.get(oid).copied().flatten();
        not_estimated += u32::from(table.heap_bytes >= SMALL && table.bloat_bytes.is_none());
    }
    let period = period(&mut session).await?;
    let found = indexes::read(&mut session, &whose, &period, limit as usize).await?;
    session.close().await;
    Ok(Storage {
        tables: tables.into_iter().map(|(_, table)| table).collect(),
        not_estimated,
        indexes: found.classes,
        more_indexes: found.more,
        bloated: found.bloated,
        since: period.since,
        since_start: period.since_start,
        long_enough: period.long_enough,
        tenants: whose.tenants.len() as u32,
        standbys: period.standbys,
        duration_ms: begun.elapsed().as_millis() as u64,
    })
}

async fn tables(session: &mut Session, whose: &Whose, limit: u32) -> Result<Vec<(i64, TableStorage)>> {
    let namespaces = if whose.all { Vec::new() } else { whose.chosen_namespaces() };
    let query = sqlx::query(include_str!("tables.sql")).persistent(false).bind(namespaces).bind(i64::from(limit));
    let rows = query.fetch_all(session.connection()).await?;
    let table = |row: &PgRow| {
        let table = TableStorage {
            schema: row.try_get("schema")?,
            in_tenant: whose.tenants.contains_key(&row.try_get("namespace")?),
            name: row.try_get("name")?,
            estimated: row.try_get("estimated")?,
            total_bytes: row.try_get("total_bytes")?,
            heap_bytes: row.try_get("heap_bytes")?,
            toast_bytes: row.try_get("toast_bytes")?,
            index_bytes: row.try_get("index_bytes")?,
            rows: row.try_get("live_rows")?,
            dead_rows: row.try_get("dead_rows")?,
            bloat_bytes: None,
            vacuumed: row.try_get("vacuumed")?,
            analyzed: row.try_get("analyzed")?,
        };
        Ok((row.try_get("oid")?, table))
    };
    rows.iter().map(table).collect()
}

async fn table_bloat(session: &mut Session, tables: &[(i64, TableStorage)]) -> Result<HashMap<i64, Option<i64>>> {
    let large: Vec<i64> = tables.iter().filter(|(_, table)| table.heap_bytes >= SMALL).map(|(oid, _)| *oid).collect();
    let query = sqlx::query(include_str!("table_bloat.sql")).persistent(false).bind(large);
    let rows = query.fetch_all(session.connection()).await?;
    rows.iter().map(|row| Ok((row.try_get("oid")?, row.try_get("bloat_bytes")?))).collect()
}

/// For how long the server has counted scans.
pub(super) struct Period {
    pub since: String,
    pub since_start: bool,
    pub long_enough: bool,
    pub standbys: Standbys,
}

async fn period(session: &mut Session) -> Result<Period> {
    let query = sqlx::query(include_str!("period.sql")).persistent(false).bind(OLD_ENOUGH.as_secs() as f64);
    let row = query.fetch_one(session.connection()).await?;
    Ok(Period {
        since: row.try_get("since")?,
        since_start: row.try_get("since_start")?,
        long_enough: row.try_get("long_enough")?,
        standbys: match (row.try_get("standby")?, row.try_get("has_standbys")?) {
            (true, _) => Standbys::Itself,
            (false, true) => Standbys::Connected,
            (false, false) => Standbys::None,
        },
    })
}
