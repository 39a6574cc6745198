//! `cadastre stats --snapshot` and `cadastre stats --history`

use crate::arguments::Stats;
use crate::context::Context;
use crate::output::{self, Intent};
use cadastre_core::Result;
use cadastre_core::stats::history::{self, Forecast, Outlook, PERIODS, TenantHistory, moment};
use cadastre_core::tenant::{self, Selection};
use std::collections::HashMap;
use std::time::Duration;

/// Keeps the figures of now.
pub async fn snapshot(context: &Context) -> Result<u8> {
    let database = context.database().await?;
    if context.common.dry_run {
        let subject = "the figures of all tenants, in the local state".into();
        output::intents(&[Intent { action: "keep", subject }], context.common.json)?;
        return Ok(0);
    }
    let taken = history::take(&context.home, &database, Duration::ZERO).await?;
    if context.common.json {
        output::json(&serde_json::json!({ "snapshot": taken }))?;
    } else if let Some(taken) = taken {
        output::note(&format!("Kept the figures of {} tenants at {}", taken.tenants, taken.time));
    } else {
        output::note("There are figures of this very second already");
    }
    Ok(0)
}

/// What the figures were.
pub async fn history(context: &Context, arguments: &Stats) -> Result<u8> {
    let database = context.database().await?;
    let selection = Selection::from(&arguments.select);
    let limits: HashMap<String, i64> = match arguments.limit {
        Some(limit) => {
            let list = tenant::list(&database, None, &selection).await?;
            list.tenants.into_iter().map(|t| (t.schema, limit)).collect()
        }
        None => history::storage_limits(&database).await?,
    };
    let histories = history::of_tenants(&context.home, &database, &selection, arguments.since, &limits).await?;
    if context.common.json {
        output::json(&serde_json::json!({ "tenants": histories }))?;
        return Ok(0);
    }
    let mut headers = vec!["SCHEMA", "SNAPSHOTS", "SINCE", "SIZE"];
    let periods: Vec<String> = PERIODS.iter().map(|days| format!("{days} DAYS")).collect();
    headers.extend(periods.iter().map(String::as_str));
    headers.push("A DAY");
    let limited = !limits.is_empty();
    if limited {
        headers.push("LIMIT");
    }
    output::table(&headers, &[1, 3, 4, 5, 6, 7], histories.iter().map(|one| line(one, limited)));
    if histories.iter().all(|one| one.points.len() < 2) {
        output::note(
            "There is hardly any history yet. `cadastre stats --snapshot` keeps the figures of now: run it once a day.",
        );
    }
    Ok(0)
}

fn line(history: &TenantHistory, limited: bool) -> Vec<String> {
    let unknown = || String::from("–");
    let mut cells = vec![
        history.schema.clone(),
        history.points.len().to_string(),
        history.points.first().map_or_else(unknown, |p| day(&moment(p.time))),
        history.points.last().map_or_else(unknown, |p| output::bytes(p.size_bytes)),
    ];
    for days in PERIODS {
        let growth = history.growth.iter().find(|growth| growth.days == days);
        cells.push(growth.map_or_else(unknown, |growth| signed(growth.size_bytes)));
    }
    let trend = history.trend.as_ref();
    cells.push(trend.map_or_else(unknown, |trend| signed(trend.bytes_per_day.round() as i64)));
    if limited {
        cells.push(history.forecast.as_ref().map_or_else(unknown, outlook));
    }
    cells
}

fn signed(bytes: i64) -> String {
    if bytes > 0 { format!("+{}", output::bytes(bytes)) } else { output::bytes(bytes) }
}

/// The day of a moment.
fn day(moment: &str) -> String {
    moment.chars().take(10).collect()
}

/// In words: when the limit is reached, and how sure that is.
fn outlook(forecast: &Forecast) -> String {
    let told = |time: &Option<String>| time.as_deref().map(day);
    match forecast.outlook {
        Outlook::Unknown => "too little history".into(),
        Outlook::Reached => "reached".into(),
        Outlook::Steady => "does not grow".into(),
        Outlook::Far => "in more than ten years".into(),
        Outlook::Reaches => {
            let about = told(&forecast.at).unwrap_or_default();
            let earliest = told(&forecast.earliest).unwrap_or_default();
            match told(&forecast.latest) {
                Some(latest) => format!("{about} ({earliest} to {latest})"),
                None => format!("{about} ({earliest} or much later)"),
            }
        }
    }
}
