//! Sequences whose next value a row has already.

use super::fleet::Fleet;
use super::{DoctorCheck, Finding, Level};
use crate::Result;
use crate::connection::Session;
use crate::sql::{Ident, Qualified, Statement, literal};
use sqlx::Row;
use sqlx::postgres::types::Oid;
use std::collections::HashMap;

/// Values read in one statement: each takes a lock on its table until the statement's end.
const BATCH: usize = 200;

/// A column and the sequence that numbers it.
struct Pair {
    sequence: u32,
    sequence_name: Qualified,
    shown: String,
    namespace: u32,
    table: Qualified,
    table_name: String,
    column: Ident,
    ascending: bool,
    /// The value furthest along.
    furthest: Option<i64>,
}

/// What could not be looked at.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unread {
    /// Without the right to read the table or the sequence, or under row security.
    pub forbidden: usize,
    /// No index gives the greatest value of a large table.
    pub costly: usize,
    /// Locked by somebody, or gone meanwhile.
    pub busy: usize,
}

/// Compares where sequences stand with what their columns hold. The columns are read first, so that numbers that are given out
/// meanwhile do no harm.
pub(super) async fn check(session: &mut Session, fleet: &Fleet, focus: &[u32]) -> Result<(Vec<Finding>, Unread)> {
    let (mut pairs, mut unread) = pairs(session, focus).await?;
    for batch in pairs.chunks_mut(BATCH) {
        match read_furthest(session, batch).await {
            // Somebody changes one of these tables: the others can be read all the same.
            Err(error) if error.sqlstate().is_some() => {
                for pair in batch.chunks_mut(1) {
                    match read_furthest(session, pair).await {
                        Err(error) if error.sqlstate().is_some() => unread.busy += 1,
                        read => read?,
                    }
                }
            }
            read => read?,
        }
    }
    pairs.retain(|pair| pair.furthest.is_some());
    let next = next_values(session, &pairs).await?;
    let mut findings = Vec::new();
    for pair in &pairs {
        let (Some(furthest), Some(next)) = (pair.furthest, next.get(&pair.sequence)) else { continue };
        let behind = if pair.ascending { *next <= furthest } else { *next >= furthest };
        let Some(tenant) = fleet.tenants.get(&pair.namespace).filter(|_| behind) else { continue };
        let column = format!("{}.{}", pair.table_name, pair.column.name());
        let message = format!(
            "The sequence {} of {} gives {next} next, but {column} holds {furthest} already.",
            pair.shown, tenant.schema
        );
        let greatest = if pair.ascending { "max" } else { "min" };
        let fix = Statement::of(format_args!(
            "select pg_catalog.setval({}::pg_catalog.regclass, (select pg_catalog.{greatest}({}) from {}))",
            literal(&pair.sequence_name.to_string()),
            pair.column,
            pair.table
        ));
        findings.push(
            Finding::new(DoctorCheck::SequenceBehind, Level::Error, Some(&tenant.schema), &column, message)
                .param("sequence", pair.shown.as_str())
                .param("column", column.as_str())
                .param("next", next.to_string())
                .param("furthest", furthest.to_string())
                .fact("next_value", next.to_string())
                .fact("furthest_value", furthest.to_string())
                // No rollback takes it back.
                .repaired_alone_by(vec![fix]),
        );
    }
    Ok((findings, unread))
}

async fn read_furthest(session: &mut Session, pairs: &mut [Pair]) -> Result<()> {
    let mut query = Statement::of(format_args!("select "));
    for (number, pair) in pairs.iter().enumerate() {
        let (furthest, comma) = (if pair.ascending { "max" } else { "min" }, if number > 0 { ", " } else { "" });
        let Pair { column, table, .. } = pair;
        query.push(format_args!("{comma}(select pg_catalog.{furthest}(t.{column}) from {table} t)::pg_catalog.int8"));
    }
    let rows = session.rows(query).await?;
    let Some(row) = rows.first() else { return Ok(()) };
    for (number, pair) in pairs.iter_mut().enumerate() {
        pair.furthest = row.try_get_raw(number)?.as_str().ok().and_then(|text| text.parse().ok());
    }
    Ok(())
}

async fn pairs(session: &mut Session, focus: &[u32]) -> Result<(Vec<Pair>, Unread)> {
    let focus: Vec<Oid> = focus.iter().copied().map(Oid).collect();
    let rows = sqlx::query(include_str!("sequences.sql")).persistent(false).bind(&focus);
    let (mut pairs, mut unread) = (Vec::new(), Unread::default());
    for row in rows.fetch_all(session.connection()).await? {
        match (row.try_get("readable")?, row.try_get("cheap")?) {
            (false, _) => unread.forbidden += 1,
            (true, false) => unread.costly += 1,
            (true, true) => {
                let name = |column: &str| -> Result<Ident> { Ident::new(row.try_get::<String, _>(column)?) };
                let (sequence, table) = (name("sequence_name")?, name("table")?);
                pairs.push(Pair {
                    sequence: row.try_get::<Oid, _>("sequence")?.0,
                    sequence_name: name("sequence_schema")?.qualify(&sequence),
                    shown: sequence.name().to_owned(),
                    namespace: row.try_get::<Oid, _>("namespace")?.0,
                    table: name("schema")?.qualify(&table),
                    table_name: table.name().to_owned(),
                    column: name("column")?,
                    ascending: row.try_get("ascending")?,
                    furthest: None,
                });
            }
        }
    }
    Ok((pairs, unread))
}

/// What each sequence would give next. One that was never asked tells its place only by itself.
async fn next_values(session: &mut Session, pairs: &[Pair]) -> Result<HashMap<u32, i64>> {
    let oids: Vec<Oid> = pairs.iter().map(|pair| Oid(pair.sequence)).collect();
    let query = "select q.seqrelid as sequence, pg_catalog.pg_sequence_last_value(q.seqrelid) as last, q.seqincrement as step \
                 from pg_catalog.pg_sequence q where q.seqrelid = any ($1)";
    let rows = sqlx::query(query).persistent(false).bind(&oids).fetch_all(session.connection()).await?;
    let mut next = HashMap::new();
    for row in rows {
        let (last, step): (Option<i64>, i64) = (row.try_get("last")?, row.try_get("step")?);
        if let Some(last) = last {
            next.insert(row.try_get::<Oid, _>("sequence")?.0, last.saturating_add(step));
        }
    }
    let unasked: Vec<&Pair> = pairs.iter().filter(|pair| !next.contains_key(&pair.sequence)).collect();
    for batch in unasked.chunks(BATCH) {
        let mut query = Statement::of(format_args!("select "));
        for (number, pair) in batch.iter().enumerate() {
            let comma = if number > 0 { ", " } else { "" };
            query.push(format_args!("{comma}(select s.last_value from {} s)", pair.sequence_name));
        }
        let rows = session.rows(query).await?;
        let Some(row) = rows.first() else { continue };
        for (number, pair) in batch.iter().enumerate() {
            if let Some(value) = row.try_get_raw(number)?.as_str().ok().and_then(|text| text.parse().ok()) {
                next.insert(pair.sequence, value);
            }
        }
    }
    Ok(next)
}
