//! Taking a snapshot of the fleet.

use super::{Snapshot, moment, thin};
use crate::Result;
use crate::connection::{Database, Purpose, Session, server_identity};
use crate::local::Home;
use crate::stats::{Figures, read::of_found};
use crate::tenant::discover;
use chrono::Utc;
use sqlx::SqliteConnection;
use std::time::Duration;

/// A cluster's own number has more digits than the largest OID.
const DIGITS_OF_OID: usize = 10;

/// What a history is kept under: the same for every profile that leads to this database.
pub(super) async fn identity(database: &Database, session: &mut Session) -> Result<String> {
    let identity = server_identity(session).await?;
    let number = identity.split('/').next().unwrap_or_default();
    // A role that may not read the cluster's number tells two servers apart by their addresses alone.
    let profile = database.profile();
    Ok(if number.len() > DIGITS_OF_OID { identity } else { format!("{identity} @ {}:{}", profile.host, profile.port) })
}

/// Reads the figures of all tenants and keeps them, unless there is a snapshot that is younger than `at_most`; `None` then.
/// Sizes come from the files: on a large fleet this takes the server seconds. Older snapshots are thinned out.
///
/// # Errors
/// [`crate::ErrorKind::LocalState`], and what reading the catalogs may end with.
pub async fn take(home: &Home, database: &Database, at_most: Duration) -> Result<Option<Snapshot>> {
    take_at(home, database, at_most, Utc::now().timestamp()).await
}

pub(super) async fn take_at(home: &Home, database: &Database, at_most: Duration, now: i64) -> Result<Option<Snapshot>> {
    let mut session = database.session(Purpose::Catalog).await?;
    let identity = identity(database, &mut session).await?;
    if is_young(home, &identity, at_most, now).await? {
        session.close().await;
        return Ok(None);
    }
    let found = discover(&mut session).await?;
    let chosen: Vec<_> = found.iter().collect();
    let stats = of_found(&mut session, &chosen, Figures::ExactSizes).await?;
    session.close().await;
    // Its own statistics count what a standby answers, not what was written.
    let counted = !database.server().standby;
    let figures = chosen.iter().zip(&stats).map(|(tenant, stats)| Figure {
        namespace: i64::from(tenant.summary.oid),
        schema: &stats.schema,
        values: [stats.totals.size_bytes, stats.totals.index_bytes, stats.totals.rows],
        dead_rows: counted.then_some(stats.totals.dead_rows),
        writes: counted.then_some(stats.totals.writes),
    });
    let tenants = stats.len() as u32;
    let kept = keep(home, &identity, now, at_most, figures).await.map_err(|e| home.error(e))?;
    Ok(kept.then(|| Snapshot { time: moment(now), tenants }))
}

/// What is kept of one tenant.
struct Figure<'a> {
    namespace: i64,
    schema: &'a str,
    /// Size, size of the indexes, rows.
    values: [i64; 3],
    dead_rows: Option<i64>,
    writes: Option<i64>,
}

/// There is a snapshot that is younger than this. One from the future, of a clock that was wrong, is as old as it is far away.
async fn is_young(home: &Home, identity: &str, at_most: Duration, now: i64) -> Result<bool> {
    let mut connection = home.pool().acquire().await.map_err(|e| home.error(e))?;
    nearest(&mut connection, identity, now)
        .await
        .map(|age| age.is_some_and(|a| a < at_most.as_secs() as i64))
        .map_err(|e| home.error(e))
}

/// Seconds between now and the snapshot nearest to it.
async fn nearest(connection: &mut SqliteConnection, identity: &str, now: i64) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar(
        "select min(abs(s.taken_at - ?2)) from stats_snapshot s join stats_database d on d.id = s.database \
         where d.identity = ?1",
    )
    .bind(identity)
    .bind(now)
    .fetch_one(connection)
    .await
}

async fn keep<'a>(
    home: &Home,
    identity: &str,
    now: i64,
    at_most: Duration,
    figures: impl Iterator<Item = Figure<'a>>,
) -> sqlx::Result<bool> {
    // IMMEDIATE: the window and a scheduler must not both find that it is time.
    let mut tx = home.pool().begin_with("begin immediate").await?;
    if nearest(&mut tx, identity, now).await?.is_some_and(|age| age < (at_most.as_secs() as i64).max(1)) {
        return Ok(false);
    }
    let database: i64 = sqlx::query_scalar(
        "insert into stats_database (identity) values (?) \
         on conflict (identity) do update set identity = excluded.identity returning id",
    )
    .bind(identity)
    .fetch_one(&mut *tx)
    .await?;
    let snapshot: i64 =
        sqlx::query_scalar("insert into stats_snapshot (database, taken_at) values (?, ?) returning id")
            .bind(database)
            .bind(now)
            .fetch_one(&mut *tx)
            .await?;
    for figure in figures {
        let tenant: i64 = sqlx::query_scalar(
            "insert into stats_tenant (database, namespace, schema) values (?, ?, ?) \
             on conflict (database, namespace) do update set schema = excluded.schema returning id",
        )
        .bind(database)
        .bind(figure.namespace)
        .bind(figure.schema)
        .fetch_one(&mut *tx)
        .await?;
        let [size, index, rows] = figure.values;
        sqlx::query(
            "insert into stats_figure (snapshot, tenant, size_bytes, index_bytes, rows, dead_rows, writes) \
             values (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(snapshot)
        .bind(tenant)
        .bind(size)
        .bind(index)
        .bind(rows)
        .bind(figure.dead_rows)
        .bind(figure.writes)
        .execute(&mut *tx)
        .await?;
    }
    thin_out(&mut tx, database, now).await?;
    tx.commit().await?;
    Ok(true)
}

async fn thin_out(connection: &mut SqliteConnection, database: i64, now: i64) -> sqlx::Result<()> {
    let times: Vec<i64> = sqlx::query_scalar("select taken_at from stats_snapshot where database = ?")
        .bind(database)
        .fetch_all(&mut *connection)
        .await?;
    for time in thin::superfluous(&times, now) {
        sqlx::query("delete from stats_snapshot where database = ? and taken_at = ?")
            .bind(database)
            .bind(time)
            .execute(&mut *connection)
            .await?;
    }
    // Tenants that are in no snapshot any more.
    sqlx::query("delete from stats_tenant where database = ? and id not in (select tenant from stats_figure)")
        .bind(database)
        .execute(connection)
        .await?;
    Ok(())
}
