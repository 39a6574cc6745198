//! Reading figures of several tenants at once.

use super::{TableFigures, TenantStats, Totals};
use crate::connection::{Database, Session};
use crate::sql::{Ident, Statement};
use crate::tenant::{Found, Selection, discover};
use crate::{ErrorKind, Result};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::postgres::PgRow;
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use tokio::sync::OnceCell;

/// How exactly to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum Figures {
    /// Rows from the statistics, sizes from relpages: one query, no file and no table touched.
    Estimated,
    /// Rows from the statistics, sizes from the files.
    ExactSizes,
    /// Rows counted, sizes from the files: reads every table that the role may read as a whole. The others, and foreign
    /// tables, keep `rows_estimated`.
    Exact,
}

/// Statements of one message when rows are counted: each costs the transaction a few locks.
const COUNTS_PER_MESSAGE: usize = 200;

/// The fewest tenants that a session asks about at once: each query looks through all of `pg_class`.
const TENANTS_PER_QUERY: usize = 100;

/// Figures of the selected tenants, by schema.
pub async fn read(database: &Database, selection: &Selection, figures: Figures) -> Result<Vec<TenantStats>> {
    // The shared session only where the role may have no other: others would have to wait for it.
    let Some(mut session) = database.spare().await? else {
        return read_in(database, &mut *database.catalog().await?, selection, figures).await;
    };
    let stats = read_in(database, &mut session, selection, figures).await?;
    session.close().await;
    Ok(stats)
}

async fn read_in(
    database: &Database,
    session: &mut Session,
    selection: &Selection,
    figures: Figures,
) -> Result<Vec<TenantStats>> {
    let unread = Unread { selection, figures, schemas: OnceCell::new(), taken: Mutex::new(0) };
    // Who is a tenant takes the server about half as long as what the tables are like: two sessions at the same time, where a role
    // may have two, share the work.
    let first = async {
        let found = discover(session).await?;
        Ok((found, unread.read(session).await?))
    };
    let ((found, mut known), others) = tokio::try_join!(first, unread.read_aside(database))?;
    known.extend(others);
    let chosen = selection.of_any(&found)?;
    let seemed: HashSet<i64> = unread.schemas.into_inner().unwrap_or_default().into_iter().collect();
    let missing: Vec<i64> = oids(&chosen).filter(|oid| !seemed.contains(oid)).collect();
    if !missing.is_empty() {
        known.extend(rows(session, &missing, figures).await?);
    }
    assembled(session, &chosen, figures, &known).await
}

/// Schemas that seem to be meant, while it is being asked who is a tenant. Several sessions share them out among themselves.
struct Unread<'a> {
    selection: &'a Selection,
    figures: Figures,
    schemas: OnceCell<Vec<i64>>,
    /// How many of them a session has taken.
    taken: Mutex<usize>,
}

impl Unread<'_> {
    /// [`Unread::read`] in one more session, where there may be one.
    async fn read_aside(&self, database: &Database) -> Result<Vec<PgRow>> {
        let Some(mut session) = database.spare().await? else { return Ok(Vec::new()) };
        let rows = self.read(&mut session).await?;
        session.close().await;
        Ok(rows)
    }

    /// Figures of every table of the schemas that no other session takes, until none is left.
    async fn read(&self, session: &mut Session) -> Result<Vec<PgRow>> {
        let schemas = self.schemas.get_or_try_init(|| seemingly_meant(session, self.selection)).await?;
        let mut found = Vec::new();
        loop {
            let share = self.take(schemas);
            if share.is_empty() {
                return Ok(found);
            }
            found.extend(rows(session, share, self.figures).await?);
        }
    }

    /// Half of what is left: few queries, and sessions that are done at about the same time.
    fn take<'s>(&self, schemas: &'s [i64]) -> &'s [i64] {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let left = &schemas[*taken..];
        let share = &left[..(left.len() / 2).max(TENANTS_PER_QUERY).min(left.len())];
        *taken += share.len();
        share
    }
}

/// OIDs of the schemas of the names that are selected; of all that could be tenants where everything is; none where only the
/// tenants themselves can tell.
async fn seemingly_meant(session: &mut Session, selection: &Selection) -> Result<Vec<i64>> {
    if selection.names.is_empty() && !selection.is_everything() {
        return Ok(Vec::new());
    }
    let query = "select n.oid::int8 from pg_catalog.pg_namespace n \
                 where n.nspname = any ($1) or $1 = '{}' and n.nspname !~ '^pg_' and n.nspname !~ '^_cadastre_'";
    Ok(sqlx::query_scalar(query).bind(&selection.names).persistent(false).fetch_all(session.connection()).await?)
}

/// Figures of every table of these schemas.
async fn rows(session: &mut Session, schemas: &[i64], figures: Figures) -> Result<Vec<PgRow>> {
    let (sizes, countable) = (figures != Figures::Estimated, figures == Figures::Exact);
    let query = sqlx::query(include_str!("stats.sql")).bind(schemas).bind(sizes).bind(countable);
    Ok(query.persistent(false).fetch_all(session.connection()).await?)
}

/// Figures of these tenants, in their order.
pub(super) async fn of_found(session: &mut Session, chosen: &[&Found], figures: Figures) -> Result<Vec<TenantStats>> {
    let rows = rows(session, &oids(chosen).collect::<Vec<_>>(), figures).await?;
    assembled(session, chosen, figures, &rows).await
}

fn oids(tenants: &[&Found]) -> impl Iterator<Item = i64> {
    tenants.iter().map(|tenant| i64::from(tenant.summary.oid))
}

/// The rows of these tenants, in the order of the tenants.
async fn assembled(
    session: &mut Session,
    chosen: &[&Found],
    figures: Figures,
    rows: &[PgRow],
) -> Result<Vec<TenantStats>> {
    let mut stats: Vec<TenantStats> = chosen
        .iter()
        .map(|t| TenantStats {
            schema: t.summary.schema.clone(),
            name: t.summary.name.clone(),
            totals: Totals::default(),
            tables: Vec::new(),
        })
        .collect();
    let place: HashMap<i64, usize> = oids(chosen).enumerate().map(|(index, oid)| (oid, index)).collect();
    let mut closed: HashSet<(usize, String)> = HashSet::new();
    let mut blocks: Vec<(i64, i64)> = vec![(0, 0); stats.len()];
    for row in rows {
        let Some(index) = place.get(&row.try_get::<i64, _>("namespace")?) else { continue };
        let (hit, fetched): (i64, i64) = (row.try_get("blocks_hit")?, row.try_get("blocks_fetched")?);
        blocks[*index].0 += hit;
        blocks[*index].1 += fetched;
        if figures == Figures::Exact && !row.try_get::<bool, _>("countable")? {
            closed.insert((*index, row.try_get("table_name")?));
        }
        stats[*index].tables.push(TableFigures {
            table: row.try_get("table_name")?,
            rows: row.try_get("rows")?,
            rows_estimated: true,
            size_bytes: row.try_get("size_bytes")?,
            index_bytes: row.try_get("index_bytes")?,
            dead_rows: row.try_get("dead_rows")?,
            indexes: row.try_get::<i32, _>("indexes")? as u32,
            seq_scans: row.try_get("seq_scans")?,
            index_scans: row.try_get("index_scans")?,
            writes: row.try_get("writes")?,
            cache_hit: share(hit, fetched),
        });
    }
    if figures == Figures::Exact {
        count(session, &mut stats, &closed).await?;
    }
    for (tenant, (hit, fetched)) in stats.iter_mut().zip(blocks) {
        tenant.totals = totals(&tenant.tables);
        tenant.totals.cache_hit = share(hit, fetched);
        tenant.totals.size_estimated = figures == Figures::Estimated;
    }
    Ok(stats)
}

/// Counts the rows of every table in one snapshot. Those in `closed` (place of the tenant, table) stay estimates.
async fn count(session: &mut Session, stats: &mut [TenantStats], closed: &HashSet<(usize, String)>) -> Result<()> {
    session.execute("begin isolation level repeatable read read only").await?;
    let mut tables: Vec<(&str, &mut TableFigures)> = Vec::new();
    for (place, tenant) in stats.iter_mut().enumerate() {
        let open = tenant.tables.iter_mut().filter(|t| !closed.contains(&(place, t.table.clone())));
        tables.extend(open.map(|t| (tenant.schema.as_str(), t)));
    }
    for chunk in tables.chunks_mut(COUNTS_PER_MESSAGE) {
        let mut message = Statement::new();
        for (schema, table) in chunk.iter() {
            let name = Ident::new(*schema)?.qualify(&Ident::new(table.table.as_str())?);
            message.push(format_args!("select pg_catalog.count(*) from {name};"));
        }
        let rows = session.rows(message).await?;
        for ((_, table), row) in chunk.iter_mut().zip(&rows) {
            let counted = row.try_get_raw(0)?.as_str().ok().and_then(|t| t.parse().ok());
            table.rows = counted.ok_or(ErrorKind::Internal { what: "the server did not count".into() })?;
            table.rows_estimated = false;
        }
    }
    session.execute("commit").await
}

fn totals(tables: &[TableFigures]) -> Totals {
    let sum = |figure: fn(&TableFigures) -> i64| tables.iter().map(figure).sum();
    Totals {
        tables: tables.len() as u32,
        rows: sum(|t| t.rows),
        rows_estimated: tables.iter().any(|t| t.rows_estimated),
        size_bytes: sum(|t| t.size_bytes),
        index_bytes: sum(|t| t.index_bytes),
        size_estimated: false,
        dead_rows: sum(|t| t.dead_rows),
        indexes: tables.iter().map(|t| t.indexes).sum(),
        seq_scans: sum(|t| t.seq_scans),
        index_scans: sum(|t| t.index_scans),
        writes: sum(|t| t.writes),
        cache_hit: None,
    }
}

fn share(hit: i64, fetched: i64) -> Option<f64> {
    (fetched > 0).then(|| hit as f64 / fetched as f64)
}
