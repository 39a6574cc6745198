//! Slow queries, as far as `pg_stat_statements` can tell, and what it cannot say of tenants.

use super::session::{AttributedBy, Attribution};
use super::statistics::{Extension, Missing, missing};
use super::whose::Whose;
use crate::connection::{Database, Session};
use crate::shape::for_any_schema;
use crate::sql::{Ident, Statement};
use crate::tenant::Selection;
use crate::{Error, Result};
use serde::Serialize;
use sqlx::Row;
use sqlx::postgres::PgRow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Instant;

/// So many tenants of a query are named.
const NAMED: usize = 10;

/// The statements on which a database has spent its time.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Queries {
    /// Why there is nothing to see, and what would change that.
    pub missing: Option<Missing>,
    /// The statements, the one that took the most time in all first.
    pub queries: Vec<QueryFigures>,
    /// How many more there are, which took less.
    pub more: u32,
    /// Milliseconds of all statements of this database together.
    pub total_ms: f64,
    /// Milliseconds of statements that can be attributed to a tenant.
    pub attributed_ms: f64,
    /// Entries of other roles, of which this role may see no text; it lacks `pg_read_all_stats`.
    pub hidden: u32,
    /// Milliseconds of these.
    pub hidden_ms: f64,
    /// Since when the server counts, RFC 3339, UTC. Single entries may be younger: the server forgets those that are used least.
    pub since: Option<String>,
    /// How often the server has thrown away entries because there were more than `pg_stat_statements.max`.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub evictions: Option<i64>,
    /// Entries that fit (`pg_stat_statements.max`).
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub capacity: Option<i64>,
    /// The server makes one entry of the same text in several schemas, as from PostgreSQL 18 on. Before, it makes one for each, and
    /// does not say whose it is.
    pub merged: bool,
    /// Statements inside functions are counted besides the functions that run them (`pg_stat_statements.track = all`).
    pub nested: bool,
    /// Milliseconds that reading took.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub duration_ms: u64,
}

/// One statement, whoever ran it and in whichever schema.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct QueryFigures {
    /// Its text with `$1`, `$2` … for values, as the server has it, at most 10,000 characters. A tenant's schema that it names is `{schema}`.
    pub text: String,
    /// How many entries of the server's this is.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub entries: i64,
    /// How often it was run.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub calls: i64,
    /// Milliseconds in all.
    pub total_ms: f64,
    /// Milliseconds each time, on average.
    pub mean_ms: f64,
    /// Milliseconds at most.
    pub max_ms: f64,
    /// Of the time of all statements, from 0 to 1.
    pub share: f64,
    /// Rows returned or changed in all.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: i64,
    /// Blocks found in the server's memory, of all that were asked for, from 0 to 1.
    pub cache_hit: Option<f64>,
    /// Blocks written to temporary files.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub temp_blocks: i64,
    /// Who ran it; at most ten.
    pub roles: Vec<String>,
    /// Run by a function, not by a client.
    pub inside: bool,
    /// The tenants for which it is known to have run, with their part; at most ten, those that took the most time.
    pub tenants: Vec<QueryTenant>,
    /// For how many tenants it is known to have run.
    pub known_tenants: u32,
    /// Milliseconds of which it is not known for whom.
    pub unattributed_ms: f64,
}

/// A tenant's part of a statement.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct QueryTenant {
    /// Whose, and what says so.
    #[serde(flatten)]
    pub tenant: Attribution,
    /// How often.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub calls: i64,
    /// Milliseconds in all.
    pub total_ms: f64,
}

/// The statements that took the most time, at most `limit`. With a selection, those that are known to have run for these tenants.
///
/// # Errors
/// [`crate::ErrorKind::TenantMissing`], [`crate::ErrorKind::TenantAmbiguous`]; what the connection reports. That the extension is missing is an
/// answer: [`Queries::missing`].
pub async fn queries(database: &Database, selection: &Selection, limit: usize) -> Result<Queries> {
    let begun = Instant::now();
    let mut session = database.catalog().await?;
    let extension = Extension::read(&mut session, &database.server().role).await?;
    let whose = Whose::read(&mut session, selection).await?;
    let mut answer = Queries {
        missing: extension.missing(),
        queries: Vec::new(),
        more: 0,
        total_ms: 0.0,
        attributed_ms: 0.0,
        hidden: 0,
        hidden_ms: 0.0,
        since: None,
        evictions: None,
        capacity: extension.capacity,
        merged: extension.server >= 180_000,
        nested: extension.nested,
        duration_ms: 0,
    };
    if let (None, Some(schema)) = (&answer.missing, &extension.schema) {
        match read(&mut session, schema, &extension).await {
            Ok((lines, since)) => {
                (answer.since, answer.evictions) = since;
                sum(&mut answer, lines, &whose, limit);
            }
            Err(error) => answer.missing = Some(missing(error, &extension)?),
        }
    }
    answer.duration_ms = begun.elapsed().as_millis() as u64;
    Ok(answer)
}

/// What the server has counted of one text of one role.
struct Line {
    role: u32,
    /// `None` where the role may not see it.
    text: Option<String>,
    top: bool,
    entries: i64,
    calls: i64,
    total_ms: f64,
    max_ms: f64,
    rows: i64,
    hit: i64,
    read: i64,
    temp: i64,
}

type Since = (Option<String>, Option<i64>);

async fn read(session: &mut Session, schema: &str, extension: &Extension) -> Result<(Vec<Line>, Since)> {
    let place = Ident::new(schema)?;
    let statements = place.qualify(&Ident::new("pg_stat_statements")?);
    let toplevel = if extension.has_info() { "s.toplevel" } else { "true" };
    let query =
        Statement::of(format_args!(include_str!("statements.sql"), statements = statements, toplevel = toplevel));
    let rows = sqlx::query(query).persistent(false).fetch_all(session.connection()).await.map_err(Error::from)?;
    let lines = rows.iter().map(line).collect::<Result<Vec<Line>>>()?;
    if !extension.has_info() {
        return Ok((lines, (None, None)));
    }
    let info = place.qualify(&Ident::new("pg_stat_statements_info")?);
    let query = Statement::of(format_args!(
        "select pg_catalog.to_char(i.stats_reset at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') as since, i.dealloc from {info} i"
    ));
    let row = sqlx::query(query).persistent(false).fetch_one(session.connection()).await?;
    Ok((lines, (row.try_get("since")?, row.try_get("dealloc")?)))
}

fn line(row: &PgRow) -> Result<Line> {
    Ok(Line {
        role: row.try_get::<i64, _>("role")? as u32,
        text: row.try_get::<Option<String>, _>("text")?.filter(|_| !row.try_get("hidden").unwrap_or(true)),
        top: row.try_get("top")?,
        entries: row.try_get("entries")?,
        calls: row.try_get("calls")?,
        total_ms: row.try_get("total_ms")?,
        max_ms: row.try_get("max_ms")?,
        rows: row.try_get("rows")?,
        hit: row.try_get("hit")?,
        read: row.try_get("read")?,
        temp: row.try_get("temp")?,
    })
}

/// One statement under construction.
#[derive(Default)]
struct Sum {
    entries: i64,
    calls: i64,
    total_ms: f64,
    max_ms: f64,
    rows: i64,
    hit: i64,
    read: i64,
    temp: i64,
    roles: BTreeSet<String>,
    tenants: BTreeMap<String, (AttributedBy, i64, f64)>,
    unattributed_ms: f64,
}

fn sum(answer: &mut Queries, lines: Vec<Line>, whose: &Whose, limit: usize) {
    let mut sums: HashMap<(String, bool), Sum> = HashMap::new();
    for line in lines {
        // What runs inside a function is part of the function's time.
        let counted = if line.top { line.total_ms } else { 0.0 };
        answer.total_ms += counted;
        let Some(text) = line.text else {
            answer.hidden += line.entries as u32;
            answer.hidden_ms += counted;
            continue;
        };
        let named = whose.named_in(&text);
        let (text, tenant) = match named.as_slice() {
            [schema] => {
                let tenant = Attribution { schema: schema.clone(), why: AttributedBy::Text };
                (for_any_schema(&text, schema), Some(tenant))
            }
            [] => (text, whose.of_role(line.role)),
            // It reads from several: no one's.
            _ => (text, None),
        };
        let sum = sums.entry((text, line.top)).or_default();
        sum.entries += line.entries;
        sum.calls += line.calls;
        sum.total_ms += line.total_ms;
        sum.max_ms = sum.max_ms.max(line.max_ms);
        sum.rows += line.rows;
        sum.hit += line.hit;
        sum.read += line.read;
        sum.temp += line.temp;
        sum.roles.insert(whose.role_name(line.role).to_owned());
        match tenant {
            Some(tenant) => {
                answer.attributed_ms += counted;
                let part = sum.tenants.entry(tenant.schema).or_insert((tenant.why, 0, 0.0));
                part.0 = part.0.min(tenant.why);
                part.1 += line.calls;
                part.2 += line.total_ms;
            }
            None => sum.unattributed_ms += line.total_ms,
        }
    }
    let total = answer.total_ms;
    let asked = |sum: &Sum| whose.is_asked(sum.tenants.keys().map(String::as_str));
    let mut queries: Vec<QueryFigures> = sums
        .into_iter()
        .filter(|(_, sum)| asked(sum))
        .map(|((text, top), sum)| figures(text, top, sum, total, whose))
        .collect();
    queries.sort_by(|a, b| b.total_ms.total_cmp(&a.total_ms).then_with(|| a.text.cmp(&b.text)));
    answer.more = queries.len().saturating_sub(limit) as u32;
    queries.truncate(limit);
    answer.queries = queries;
}

fn figures(text: String, top: bool, sum: Sum, total: f64, whose: &Whose) -> QueryFigures {
    let part = |of: f64, all: f64| if all > 0.0 { of / all } else { 0.0 };
    let asked = sum.hit + sum.read;
    let known_tenants = sum.tenants.len() as u32;
    let mut tenants: Vec<QueryTenant> = sum
        .tenants
        .into_iter()
        .filter(|(schema, _)| whose.is_asked(std::iter::once(schema.as_str())))
        .map(|(schema, (why, calls, total_ms))| QueryTenant { tenant: Attribution { schema, why }, calls, total_ms })
        .collect();
    tenants.sort_by(|a, b| b.total_ms.total_cmp(&a.total_ms).then_with(|| a.tenant.schema.cmp(&b.tenant.schema)));
    tenants.truncate(NAMED);
    QueryFigures {
        text,
        entries: sum.entries,
        calls: sum.calls,
        total_ms: sum.total_ms,
        mean_ms: part(sum.total_ms, sum.calls as f64),
        max_ms: sum.max_ms,
        share: part(sum.total_ms, total),
        rows: sum.rows,
        cache_hit: (asked > 0).then(|| part(sum.hit as f64, asked as f64)),
        temp_blocks: sum.temp,
        roles: sum.roles.into_iter().take(NAMED).collect(),
        inside: !top,
        tenants,
        known_tenants,
        unattributed_ms: sum.unattributed_ms,
    }
}
