//! What a plan of maintenance was checked for, and what a person should know before.

use super::integrity::Means;
use super::plan::{PlannedTable, TenantWork};
use super::table::{self, Transaction};
use super::{MaintainRequest, MaintainWork};
use crate::Result;
use crate::connection::{Database, Session};
use crate::fleet::{Check, CheckLevel, default_jobs};
use crate::health::doctor::{Server, horizon};
use std::collections::BTreeMap;

/// Transactions that are older than this are worth a word: VACUUM cannot remove what they may see …
const OLD: f64 = 60.0;
/// … and REINDEX CONCURRENTLY waits for every one.
const OLD_FOR_REINDEX: f64 = 5.0;
/// So many names in a sentence.
const NAMED: usize = 5;

/// What a plan is about.
pub(super) struct Scene<'a> {
    pub database: &'a Database,
    pub server: &'a Server,
    pub request: &'a MaintainRequest,
    pub tables: &'a [PlannedTable],
    /// Indexes that cannot be built concurrently.
    pub indexes_left: &'a [String],
}

pub(super) async fn all(
    session: &mut Session,
    scene: &Scene<'_>,
    namespaces: &[u32],
    work: &BTreeMap<String, TenantWork>,
    means: Option<&Means>,
) -> Result<Vec<Check>> {
    let mut checks = vec![scene.extent(work)];
    match means {
        Some(means) => checks.extend(means.checks()),
        None => {
            let settings = settings(session).await?;
            checks.extend(scene.proof(&settings));
            checks.push(scene.time(&settings));
        }
    }
    checks.extend(scene.rights());
    if scene.request.work.writes() {
        let holders = table::holders(session, namespaces).await?;
        checks.extend(scene.locked(work, &holders));
    }
    if matches!(scene.request.work, MaintainWork::Vacuum | MaintainWork::Reindex) {
        let seconds = if scene.request.work == MaintainWork::Reindex { OLD_FOR_REINDEX } else { OLD };
        let open = table::transactions(session, seconds).await?;
        let others = horizon(session).await?;
        checks.extend(scene.transactions(&open, &others));
    }
    checks.extend(scene.room());
    checks.extend(scene.lock_budget());
    checks.extend(scene.wraparound());
    Ok(checks)
}

/// What the server is set to, as far as it matters here.
struct Settings {
    counts: bool,
    cost_delay: String,
}

async fn settings(session: &mut Session) -> Result<Settings> {
    let question =
        "select pg_catalog.current_setting('track_counts')::bool, pg_catalog.current_setting('vacuum_cost_delay')";
    let (counts, cost_delay) = sqlx::query_as(question).persistent(false).fetch_one(session.connection()).await?;
    Ok(Settings { counts, cost_delay })
}

fn named(names: &[String]) -> String {
    let shown = names[..names.len().min(NAMED)].join(", ");
    if names.len() > NAMED { format!("{shown} and {} more", names.len() - NAMED) } else { shown }
}

impl Scene<'_> {
    /// How much there is to do.
    fn extent(&self, work: &BTreeMap<String, TenantWork>) -> Check {
        let tables = self.tables.iter().filter(|table| table.left_out.is_none()).count();
        if work.is_empty() || (self.request.work.writes() && tables == 0) {
            let message = match self.request.needed {
                true => "There is nothing to do: no table of these tenants needs it, or the role may not.",
                false => "There is nothing to do: these tenants have no such table, or the role may not.",
            };
            return Check::new(CheckLevel::Stop, "maintain_nothing", message, &[]);
        }
        let params = [("tables", tables.to_string()), ("tenants", work.len().to_string())];
        let message = format!("{tables} tables of {} tenants.", work.len());
        Check::new(CheckLevel::Ok, "maintain_extent", message, &params)
    }

    fn proof(&self, settings: &Settings) -> Option<Check> {
        if self.request.work == MaintainWork::Reindex {
            let message = "Every index is looked for afterwards: it counts when it is there anew, and valid.";
            return Some(Check::new(CheckLevel::Ok, "maintain_proven_index", message, &[]));
        }
        if !settings.counts {
            let message = "track_counts is off: the server does not say what was vacuumed or analyzed, so nothing could be proven.";
            return Some(Check::new(CheckLevel::Stop, "maintain_no_counts", message, &[]));
        }
        let message = "Every table is looked at afterwards: it counts when the server has noted the VACUUM or ANALYZE.";
        Some(Check::new(CheckLevel::Ok, "maintain_proven", message, &[]))
    }

    fn time(&self, settings: &Settings) -> Check {
        if self.request.work == MaintainWork::Reindex {
            let message = "No time limit for building; each wait for other transactions ends after 2 minutes, and what is unfinished is removed.";
            return Check::new(CheckLevel::Ok, "maintain_time_reindex", message, &[]);
        }
        let delay = &settings.cost_delay;
        let message = format!(
            "No time limit for the work; a locked table is tried again a few times and then named. vacuum_cost_delay stays {delay}."
        );
        Check::new(CheckLevel::Ok, "maintain_time", message, &[("delay", delay.clone())])
    }

    fn rights(&self) -> Option<Check> {
        let foreign = self.tables.iter().filter(|table| table.left_out.is_some());
        let foreign: Vec<String> = foreign.map(|table| format!("{}.{}", table.schema, table.table)).collect();
        if foreign.is_empty() {
            return None;
        }
        let role = &self.database.server().role;
        let also = if self.database.server().version_number >= 170_000 { ", and has no MAINTAIN on them" } else { "" };
        let message = format!(
            "{} tables are left out, and their tenants will not count as done: {role} does not own them{also}: {}.",
            foreign.len(),
            named(&foreign)
        );
        let params = [("tables", foreign.len().to_string()), ("names", named(&foreign)), ("role", role.clone())];
        Some(Check::new(CheckLevel::Warning, "maintain_no_right", message, &params))
    }

    fn locked(
        &self,
        work: &BTreeMap<String, TenantWork>,
        holders: &std::collections::HashMap<u32, String>,
    ) -> Option<Check> {
        let steps = work.iter().flat_map(|(schema, work)| work.steps.iter().map(move |step| (schema, step)));
        let locked: Vec<String> = steps
            .filter_map(|(schema, step)| Some(format!("{schema}.{} ({})", step.table, holders.get(&step.oid)?)))
            .collect();
        if locked.is_empty() {
            return None;
        }
        let message = format!("{} tables are locked at this moment: {}.", locked.len(), named(&locked));
        let params = [("tables", locked.len().to_string()), ("names", named(&locked))];
        Some(Check::new(CheckLevel::Warning, "maintain_locked", message, &params))
    }

    fn transactions(&self, open: &[Transaction], others: &[(String, String)]) -> Option<Check> {
        let shown = |one: &Transaction| format!("{}, pid {}, {} s, {}", one.program, one.pid, one.seconds, one.state);
        let mut names: Vec<String> = open.iter().map(shown).collect();
        // Sessions are among the open ones already.
        let far = others.iter().filter(|(kind, _)| kind != "held_by_session");
        names.extend(far.map(|(kind, holder)| format!("{}: {holder}", kind.trim_start_matches("held_by_"))));
        if names.is_empty() {
            return None;
        }
        let params = [("number", names.len().to_string()), ("names", named(&names))];
        let (code, what) = match self.request.work {
            MaintainWork::Reindex => {
                ("maintain_waits", "REINDEX CONCURRENTLY waits until older transactions have ended")
            }
            _ => ("maintain_held", "VACUUM cannot remove rows that older transactions may still see"),
        };
        let message = format!("{what}: {}.", named(&names));
        Some(Check::new(CheckLevel::Warning, code, message, &params))
    }

    /// What REINDEX needs beside what is there.
    fn room(&self) -> Option<Check> {
        if self.request.work != MaintainWork::Reindex {
            return None;
        }
        let mut sizes: Vec<i64> = self.tables.iter().filter_map(|table| table.figures.index_bytes).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        let jobs = usize::from(self.request.jobs.unwrap_or_else(default_jobs).max(1));
        let bytes: i64 = sizes.iter().take(jobs).sum();
        let message = format!(
            "Indexes are built beside the old ones: up to {bytes} bytes more for a while. How much room the server's disk has cannot be \
             asked."
        );
        if self.indexes_left.is_empty() {
            return Some(Check::new(CheckLevel::Ok, "maintain_room", message, &[("bytes", bytes.to_string())]));
        }
        let names = named(self.indexes_left);
        let message =
            format!("{message} Indexes of exclusion constraints cannot be built concurrently and stay: {names}.");
        let params = [("bytes", bytes.to_string()), ("names", names)];
        Some(Check::new(CheckLevel::Warning, "maintain_room_exclusion", message, &params))
    }

    fn lock_budget(&self) -> Option<Check> {
        let budget = self.database.server().lock_budget;
        if budget.total <= 0 || budget.used * 5 < budget.total * 4 {
            return None;
        }
        let message = format!(
            "{} of the {} locks that fit into the server's table were taken on connecting.",
            budget.used, budget.total
        );
        let params = [("used", budget.used.to_string()), ("total", budget.total.to_string())];
        Some(Check::new(CheckLevel::Warning, "maintain_locks", message, &params))
    }

    fn wraparound(&self) -> Option<Check> {
        let Server { xid_age, xid_limit, .. } = self.server;
        if *xid_age < *xid_limit || !self.request.work.writes() {
            return None;
        }
        let message = format!(
            "The oldest row of this database is {xid_age} transactions old; the server freezes by itself at {xid_limit}. `cadastre doctor` \
             says what holds it up."
        );
        let params = [("age", xid_age.to_string()), ("limit", xid_limit.to_string())];
        Some(Check::new(CheckLevel::Warning, "maintain_wraparound", message, &params))
    }
}
