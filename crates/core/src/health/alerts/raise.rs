//! Comparing what is there with the thresholds.

use super::alert::{Alert, AlertItem, AlertKind, Alerts, NotWatched};
use super::{Thresholds, local, moment};
use crate::Result;
use crate::connection::Database;
use crate::local::Home;
use crate::shape::{self, Fingerprint, Namespace, Options};
use crate::tenant::{self, Selection, TenantSummary};
use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

/// SQLSTATE of a lock that did not come in time.
const LOCK_TIMEOUT: &str = "55P03";

/// Looks at everything that has a threshold; changes nothing.
///
/// # Errors
/// What the connection and the local state report.
pub async fn raised(home: &Home, database: &Database, thresholds: &Thresholds) -> Result<Alerts> {
    let started = Instant::now();
    let mut tenants = tenant::list(database, None, &Selection::default()).await?.tenants;
    tenant::note_last_backups(home, database, &mut tenants).await?;
    let mut found = Found::default();
    if thresholds.runs {
        let items = local::failed_migrations(home, database, &tenants).await?;
        found.add(AlertKind::MigrationFailed, None, items, |count| {
            format!("The last migration of {count} failed, and they have not got there since.")
        });
        let items = local::interrupted(home, database).await?;
        let words = |count: &str| format!("{count} ended in the middle; `cadastre run resume` goes on with them.");
        found.add_counted(AlertKind::RunInterrupted, None, items, ("run", "runs"), words);
    }
    if let Some(hours) = thresholds.backup_hours {
        let items = without_backup(&tenants, hours);
        found.add(AlertKind::BackupMissed, Some(hours), items, |count| {
            format!(
                "{count} without a verified backup of this computer from the last {}.",
                duration(u64::from(hours) * 3600)
            )
        });
    }
    if let Some(percent) = thresholds.quota_percent {
        let (exceeded, near) = quotas(&tenants, percent);
        found.add(AlertKind::QuotaExceeded, Some(100), exceeded, |count| format!("{count} over a quota."));
        found.add(AlertKind::QuotaNear, Some(percent), near, |count| {
            format!("{count} at {percent} % of a quota or more.")
        });
    }
    found.moment(database, thresholds).await?;
    if thresholds.drift {
        match drifted(database, &tenants).await {
            Ok(items) => found.add(AlertKind::Drift, None, items, |count| {
                format!("{count} not built like most others of the same version; `cadastre shape` shows how.")
            }),
            // Whoever changes a table keeps others from reading its structure. That is when the other alerts matter most.
            Err(error) if error.sqlstate() == Some(LOCK_TIMEOUT) => found.not_watched.push(NotWatched {
                kind: AlertKind::Drift,
                code: "structure_locked".to_owned(),
                message: "Somebody has a table to himself: its structure could not be read.".to_owned(),
            }),
            Err(error) => return Err(error),
        }
    }
    let Found { mut alerts, not_watched } = found;
    alerts.sort_by_key(|alert| (alert.level, alert.kind));
    Ok(Alerts {
        alerts,
        not_watched,
        thresholds: thresholds.clone(),
        tenants: tenants.len() as u32,
        duration_ms: started.elapsed().as_millis() as u64,
    })
}

#[derive(Default)]
struct Found {
    alerts: Vec<Alert>,
    not_watched: Vec<NotWatched>,
}

impl Found {
    /// Adds an alert about tenants, when there are any.
    fn add(&mut self, kind: AlertKind, limit: Option<u32>, items: Vec<AlertItem>, words: impl Fn(&str) -> String) {
        self.add_counted(kind, limit, items, ("tenant", "tenants"), words);
    }

    fn add_counted(
        &mut self,
        kind: AlertKind,
        limit: Option<u32>,
        items: Vec<AlertItem>,
        (one, many): (&str, &str),
        words: impl Fn(&str) -> String,
    ) {
        if items.is_empty() {
            return;
        }
        let count = format!("{} {}", items.len(), if items.len() == 1 { one } else { many });
        self.alerts.push(Alert { kind, level: kind.level(), message: words(&count), limit, items });
    }

    async fn moment(&mut self, database: &Database, thresholds: &Thresholds) -> Result<()> {
        let Thresholds { transaction_seconds, blocked_seconds, connections_percent, .. } = *thresholds;
        if transaction_seconds.is_none() && blocked_seconds.is_none() && connections_percent.is_none() {
            return Ok(());
        }
        let now = moment::read(&mut *database.catalog().await?).await?;
        let from = |items: Vec<AlertItem>, limit: u32| -> Vec<AlertItem> {
            items.into_iter().filter(|item| item.number >= Some(i64::from(limit))).collect()
        };
        if let Some(limit) = transaction_seconds {
            let words = |count: &str| format!("{count} open for {} or longer.", duration(limit.into()));
            let names = ("transaction", "transactions");
            self.add_counted(AlertKind::LongTransaction, Some(limit), from(now.transactions, limit), names, words);
            if now.unseen > 0 {
                let message = format!(
                    "This role may not see how long {} sessions of other roles have been in a transaction; \
                     pg_read_all_stats lets it.",
                    now.unseen
                );
                let code = "sessions_unseen".to_owned();
                self.not_watched.push(NotWatched { kind: AlertKind::LongTransaction, code, message });
            }
        }
        if let Some(limit) = blocked_seconds {
            let words = |count: &str| format!("{count} waiting for a lock for {} or longer.", duration(limit.into()));
            let items = from(now.blocked, limit);
            self.add_counted(AlertKind::Blocked, Some(limit), items, ("session", "sessions"), words);
        }
        if let Some(percent) =
            connections_percent.filter(|percent| now.connections * 100 >= now.limit * i64::from(*percent))
        {
            let item = AlertItem { number: Some(now.connections), ..AlertItem::default() };
            let words = |_: &str| format!("{} of {} connections are in use.", now.connections, now.limit);
            self.add(AlertKind::Connections, Some(percent), vec![item], words);
        }
        Ok(())
    }
}

/// Those without a backup first, then the oldest.
fn without_backup(tenants: &[TenantSummary], hours: u32) -> Vec<AlertItem> {
    let oldest = chrono::Utc::now() - chrono::TimeDelta::hours(i64::from(hours));
    let missed = |tenant: &&TenantSummary| {
        let last = tenant.last_backup.as_deref().and_then(|at| chrono::DateTime::parse_from_rfc3339(at).ok());
        last.is_none_or(|at| at < oldest)
    };
    let item = |tenant: &TenantSummary| AlertItem {
        schema: Some(tenant.schema.clone()),
        at: tenant.last_backup.clone(),
        ..AlertItem::default()
    };
    let mut items: Vec<AlertItem> = tenants.iter().filter(missed).map(item).collect();
    items.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.schema.cmp(&b.schema)));
    items
}

/// Quotas that are exceeded, and those of which at least `percent` is used; a quota of nothing is exceeded by anything.
fn quotas(tenants: &[TenantSummary], percent: u32) -> (Vec<AlertItem>, Vec<AlertItem>) {
    let (mut exceeded, mut near) = (Vec::new(), Vec::new());
    for tenant in tenants {
        let Some(quota) = &tenant.quota else { continue };
        let storage = quota.storage_limit.map(|limit| ("storage", tenant.size_bytes, limit));
        let people = quota.people.zip(quota.people_limit).map(|(people, limit)| ("people", people, limit));
        for (what, used, limit) in [people, storage].into_iter().flatten() {
            let share = (i128::from(used) * 100 / i128::from(limit.max(1))) as i64;
            let (schema, object) = (Some(tenant.schema.clone()), Some(what.to_owned()));
            let item = AlertItem { schema, object, number: Some(share), ..AlertItem::default() };
            if used > limit {
                exceeded.push(item);
            } else if share >= i64::from(percent) && used > 0 {
                near.push(item);
            }
        }
    }
    for items in [&mut exceeded, &mut near] {
        items.sort_by(|a, b| b.number.cmp(&a.number).then_with(|| a.schema.cmp(&b.schema)));
    }
    (exceeded, near)
}

/// Tenants that are not built like more than half of those of their version. Where no structure has that majority, nobody can say
/// who is meant to be otherwise.
async fn drifted(database: &Database, tenants: &[TenantSummary]) -> Result<Vec<AlertItem>> {
    let tenants: Vec<&TenantSummary> = tenants.iter().filter(|tenant| tenant.readable).collect();
    let schemas: Vec<Namespace> =
        tenants.iter().map(|tenant| Namespace { oid: tenant.oid, name: tenant.schema.clone() }).collect();
    let fingerprints = shape::fingerprints(database, &schemas, Options::default()).await?;
    let mut groups: BTreeMap<_, Vec<(&TenantSummary, Fingerprint)>> = BTreeMap::new();
    for (tenant, fingerprint) in tenants.into_iter().zip(fingerprints) {
        groups.entry((tenant.template.as_deref(), tenant.version)).or_default().push((tenant, fingerprint));
    }
    let mut items = Vec::new();
    for ((_, version), members) in groups {
        let mut counts: HashMap<&Fingerprint, usize> = HashMap::new();
        for (_, fingerprint) in &members {
            *counts.entry(fingerprint).or_default() += 1;
        }
        let Some((usual, _)) = counts.into_iter().find(|(_, count)| count * 2 > members.len()) else { continue };
        items.extend(members.iter().filter(|(_, fingerprint)| fingerprint != usual).map(|(tenant, _)| AlertItem {
            schema: Some(tenant.schema.clone()),
            object: version.map(|version| version.to_string()),
            ..AlertItem::default()
        }));
    }
    items.sort_by(|a, b| a.schema.cmp(&b.schema));
    Ok(items)
}

/// In the largest unit that says it exactly.
fn duration(seconds: u64) -> String {
    match seconds {
        s if s > 0 && s % 86_400 == 0 => format!("{} d", s / 86_400),
        s if s > 0 && s % 3600 == 0 => format!("{} h", s / 3600),
        s if s > 0 && s % 60 == 0 => format!("{} min", s / 60),
        s => format!("{s} s"),
    }
}
