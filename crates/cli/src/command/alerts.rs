//! `cadastre health alerts`

use crate::arguments::Alerts as Arguments;
use crate::context::Context;
use crate::output;
use cadastre_core::Result;
use cadastre_core::health::alerts::{self, Alert, AlertItem, AlertKind};
use cadastre_core::health::doctor::Level;
use cadastre_core::local::Settings;

/// Names that a line has room for.
const SHOWN: usize = 5;

/// Exit code 1 where something is beyond its threshold.
pub async fn run(context: &Context, arguments: &Arguments) -> Result<u8> {
    let mut settings = Settings::load(&context.home).await?;
    for limit in &arguments.limits {
        settings.thresholds.set(limit)?;
    }
    if arguments.save && !context.common.dry_run {
        settings.save(&context.home).await?;
    }
    let database = context.database().await?;
    let found = alerts::raised(&context.home, &database, &settings.thresholds).await?;
    if context.common.json {
        output::json(&found)?;
    } else {
        for alert in &found.alerts {
            print(alert);
        }
        for left in &found.not_watched {
            output::note(&format!("not watched: {}: {}", left.kind.name(), left.message));
        }
        if found.alerts.is_empty() {
            output::line(&format!("No alert: {} looked at.", output::tenants(found.tenants)));
        }
    }
    Ok(u8::from(!found.alerts.is_empty()))
}

fn print(alert: &Alert) {
    let level = match alert.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    };
    output::line(&format!("{level}: {}: {}", alert.kind.name(), alert.message));
    for item in alert.items.iter().take(SHOWN) {
        let words = words(alert.kind, item);
        if !words.is_empty() {
            output::line(&format!("  {}", output::clean(&words)));
        }
    }
    if alert.items.len() > SHOWN {
        output::line(&format!("  and {} more, which --json lists", alert.items.len() - SHOWN));
    }
}

fn words(kind: AlertKind, item: &AlertItem) -> String {
    let (schema, object) = (item.schema.as_deref().unwrap_or_default(), item.object.as_deref().unwrap_or_default());
    let number = item.number.unwrap_or_default();
    match kind {
        AlertKind::MigrationFailed => {
            let error = item.error.as_ref().map_or("", |error| error.message.as_str());
            format!("{schema}: run {}: {error}", short(object))
        }
        AlertKind::RunInterrupted => {
            format!("{} of {}: {number} not started", short(object), item.at.as_deref().unwrap_or("–"))
        }
        AlertKind::BackupMissed => format!("{schema}: {}", item.at.as_deref().unwrap_or("never")),
        AlertKind::QuotaExceeded | AlertKind::QuotaNear => format!("{schema}: {object} {number} %"),
        AlertKind::Drift => match &item.object {
            Some(version) => format!("{schema}, version {version}"),
            None => schema.to_owned(),
        },
        AlertKind::Blocked | AlertKind::LongTransaction => format!("{object}: {number} s"),
        AlertKind::Connections => String::new(),
    }
}

fn short(run: &str) -> &str {
    run.get(..8).unwrap_or(run)
}
