//! Reading figures of several tenants at once.

use super::{TableFigures, TenantStats, Totals};
use crate::connection::{Database, Purpose, Session};
use crate::sql::{Ident, Statement};
use crate::tenant::{Found, Selection, discover};
use crate::{ErrorKind, Result};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::postgres::PgRow;
use std::collections::{HashMap, HashSet};

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

/// Figures of the selected tenants, by schema.
pub async fn read(database: &Database, selection: &Selection, figures: Figures) -> Result<Vec<TenantStats>> {
    let mut session = database.session(Purpose::Catalog).await?;
    // Who is a tenant and what the tables are like takes the server about as long: two sessions at the same time, where a role may
    // have two, for the schemas that seem to be meant.
    let ahead = async {
        if selection.names.is_empty() && !selection.is_everything() {
            return Ok(Default::default());
        }
        match database.session(Purpose::Catalog).await {
            Ok(mut second) => {
                let meant = schemas(&mut second, &selection.names).await?;
                let rows = rows(&mut second, &meant, figures).await?;
                second.close().await;
                Ok((meant, rows))
            }
            Err(e) if matches!(e.kind(), ErrorKind::TooManyConnections) => Ok(Default::default()),
            Err(e) => Err(e),
        }
    };
    let (found, (meant, known)) = tokio::try_join!(discover(&mut session), ahead)?;
    let chosen = selection.of_any(&found)?;
    let meant: HashSet<i64> = meant.into_iter().collect();
    let stats = if chosen.iter().all(|tenant| meant.contains(&i64::from(tenant.summary.oid))) {
        assembled(&mut session, &chosen, figures, &known).await?
    } else {
        of_found(&mut session, &chosen, figures).await?
    };
    session.close().await;
    Ok(stats)
}

/// OIDs of the schemas of these names; of all that could be tenants where there are none.
async fn schemas(session: &mut Session, names: &[String]) -> Result<Vec<i64>> {
    let query = "select n.oid::int8 from pg_catalog.pg_namespace n \
                 where n.nspname = any ($1) or $1 = '{}' and n.nspname !~ '^pg_' and n.nspname !~ '^_cadastre_'";
    Ok(sqlx::query_scalar(query).bind(names).persistent(false).fetch_all(session.connection()).await?)
}

/// Figures of every table of these schemas.
async fn rows(session: &mut Session, schemas: &[i64], figures: Figures) -> Result<Vec<PgRow>> {
    let query = sqlx::query(include_str!("stats.sql")).bind(schemas).bind(figures != Figures::Estimated);
    Ok(query.persistent(false).fetch_all(session.connection()).await?)
}

/// Figures of these tenants, in their order.
pub(super) async fn of_found(session: &mut Session, chosen: &[&Found], figures: Figures) -> Result<Vec<TenantStats>> {
    let oids: Vec<i64> = chosen.iter().map(|tenant| i64::from(tenant.summary.oid)).collect();
    let rows = rows(session, &oids, figures).await?;
    assembled(session, chosen, figures, &rows).await
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
    let place: HashMap<i64, usize> =
        chosen.iter().enumerate().map(|(index, tenant)| (i64::from(tenant.summary.oid), index)).collect();
    let mut closed: HashSet<(usize, String)> = HashSet::new();
    let mut blocks: Vec<(i64, i64)> = vec![(0, 0); stats.len()];
    for row in rows {
        let Some(index) = place.get(&row.try_get::<i64, _>("namespace")?) else { continue };
        let (hit, fetched): (i64, i64) = (row.try_get("blocks_hit")?, row.try_get("blocks_fetched")?);
        blocks[*index].0 += hit;
        blocks[*index].1 += fetched;
        if !row.try_get::<bool, _>("countable")? {
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
