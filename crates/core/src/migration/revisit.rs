//! Coming back to a run: finishing it, and taking back exactly what it did.

use super::plan::{Draft, Fleet};
use super::{Applied, Direction, History, MigrateRequest, MigrationPlan, Source, external};
use crate::connection::Database;
use crate::fleet::{self, Outcome, PastRun, RunKind};
use crate::local::Home;
use crate::sql::{Statement, literal};
use crate::{ErrorKind, Result};
use sqlx::Row;
use std::time::{Duration, Instant};

/// This long is waited for the end of commits whose program is gone.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is left of a run: tenants that failed, were cancelled or did not have their turn. Nothing that it has done is
/// done again. `allow_drift` adds to what the run was asked for.
///
/// # Errors
/// [`ErrorKind::RunMissing`], [`ErrorKind::RunActive`], [`ErrorKind::RunElsewhere`], [`ErrorKind::RunNotResumable`].
pub async fn plan_resume(home: &Home, database: &Database, run: &str, allow_drift: bool) -> Result<MigrationPlan> {
    let past = fleet::past(home, database, run).await?;
    let Some((source, mut request)) = recorded(&past) else {
        return Err(
            past.not_resumable("what it did is done as a whole or not at all, so that it can simply be begun again")
        );
    };
    request.allow_drift |= allow_drift;
    // The canaries have had their turn, or the run would not have come further than them.
    if past.summary.tenants.iter().any(|t| t.outcome == Outcome::Done) {
        request.canaries = 0;
    }
    if source.migrator().is_some() {
        return external::plan_resume(database, past, source, request).await;
    }
    let fleet = Fleet::read(database).await?;
    let direction = request.direction;
    let mut draft = Draft::new(source, request, &fleet);
    draft.from_record = true;
    for (position, (tenant, planned)) in past.summary.tenants.iter().zip(&past.planned).enumerate() {
        if matches!(tenant.outcome, Outcome::Done | Outcome::Skipped) {
            continue;
        }
        let Some(found) = fleet.tenant(&tenant.schema) else {
            draft.missing(&tenant.schema);
            continue;
        };
        let history = fleet.histories.get(&tenant.schema).cloned().unwrap_or_default();
        let (done, left): (Vec<i64>, Vec<i64>) = planned.iter().partition(|v| is_there(&history, direction, **v));
        draft.tenant(&fleet, found, Ok(left), None);
        draft.already(&tenant.schema, by_this_run(&past, position, &done));
    }
    draft.weigh(database, &fleet).await?;
    let mut plan = draft.finish()?;
    if plan.plan.tenants.is_empty() {
        return Err(past.not_resumable("every tenant has had its turn"));
    }
    plan.undoes = past.record.undoes.clone();
    plan.resumes = Some(past);
    Ok(plan)
}

/// What takes back what is no migration.
fn way_back(kind: RunKind) -> &'static str {
    match kind {
        RunKind::Drop => "`cadastre tenant undrop` brings its tenant back",
        RunKind::Create | RunKind::Restore | RunKind::Clone | RunKind::Undrop => {
            "`cadastre tenant drop` takes a tenant away, after a backup"
        }
        RunKind::Purge => "what a purge removed comes back from the backup only: `cadastre workbook restore`",
        RunKind::Repair => "a repair has no way back; its SQL is in the journal",
        RunKind::Maintain => "maintenance changes no row, and there is nothing to take back",
        RunKind::EndSessions | RunKind::CancelStatements => "what a session has lost cannot be given back to it",
        _ => "it changed no tenant",
    }
}

/// The way back of a run: every tenant that it moved goes through the same versions in the other direction, with the
/// files as they were then.
///
/// # Errors
/// [`ErrorKind::RunMissing`], [`ErrorKind::RunActive`], [`ErrorKind::RunElsewhere`], [`ErrorKind::RunNotUndoable`].
pub async fn plan_undo(home: &Home, database: &Database, run: &str) -> Result<MigrationPlan> {
    let past = fleet::past(home, database, run).await?;
    let id = past.summary.run.clone();
    let not_undoable = |reason: String| {
        let id = past.summary.run.clone();
        crate::Error::new(ErrorKind::RunNotUndoable { id, reason })
    };
    let Some((source, mut request)) = recorded(&past) else {
        return Err(not_undoable(way_back(past.summary.kind).into()));
    };
    if source.migrator().is_some() {
        return Err(not_undoable("another tool made its changes; `cadastre migrate down` runs its way back".into()));
    }
    if let Some(by) = fleet::undone_by(home, &id).await? {
        return Err(not_undoable(format!("the run {by} has undone it")));
    }
    let done_direction = request.direction;
    request.direction = done_direction.opposite();
    request.to = None;
    request.canaries = 0;
    settle(database, &past).await?;
    let fleet = Fleet::read(database).await?;
    let mut draft = Draft::new(source, request, &fleet);
    draft.from_record = true;
    for (position, (tenant, planned)) in past.summary.tenants.iter().zip(&past.planned).enumerate() {
        let Some(found) = fleet.tenant(&tenant.schema) else {
            if !tenant.versions.is_empty() {
                draft.missing(&tenant.schema);
            }
            continue;
        };
        let history = fleet.histories.get(&tenant.schema).cloned().unwrap_or_default();
        let done: Vec<i64> = planned.iter().copied().filter(|v| is_there(&history, done_direction, *v)).collect();
        let mut back = by_this_run(&past, position, &done);
        // What it began and left half-way.
        let is_half_way = |version: &i64| history.get(*version).is_some_and(Applied::is_on_its_way);
        let begun = planned.iter().filter(|version| past.begun[position].contains(*version) && is_half_way(version));
        back.extend(begun.filter(|_| done_direction == Direction::Up));
        back.reverse();
        // Somebody has taken it back already.
        back.retain(|version| is_there(&history, done_direction, *version) || is_half_way(version));
        if back.is_empty() {
            continue;
        }
        let versions = match draft.request.direction {
            Direction::Down => newest(&tenant.schema, &history, &back)
                .and_then(|()| draft.revertible(&tenant.schema, &back))
                .map(|()| back),
            Direction::Up => Ok(back),
        };
        draft.tenant(&fleet, found, versions, None);
    }
    draft.weigh(database, &fleet).await?;
    let mut plan = draft.finish()?;
    if plan.plan.tenants.is_empty() {
        return Err(not_undoable("no tenant holds anything of it any more".into()));
    }
    plan.undoes = Some(id);
    Ok(plan)
}

/// The files and the request that a run was made from.
fn recorded(past: &PastRun) -> Option<(Source, MigrateRequest)> {
    if !matches!(past.summary.kind, RunKind::MigrateUp | RunKind::MigrateDown) {
        return None;
    }
    let source = Source::from_record(past.record.source.as_deref()?)?;
    Some((source, serde_json::from_str(&past.record.request).ok()?))
}

/// The step has been taken: the version is in the history after an up, and is not after a down.
fn is_there(history: &History, direction: Direction, version: i64) -> bool {
    let row = history.get(version).filter(|row| !row.is_on_its_way() || direction == Direction::Down);
    row.is_some() == (direction == Direction::Up)
}

/// Versions that the run brought, or took, in the order of its plan: those that its record names, and those of `done` whose
/// commit it had sent when it was killed, or when it lost the server.
fn by_this_run(past: &PastRun, position: usize, done: &[i64]) -> Vec<i64> {
    let tenant = &past.summary.tenants[position];
    let unheard = |v: i64| done.contains(&v) && past.sent[position].contains(&v);
    past.planned[position].iter().copied().filter(|v| tenant.versions.contains(v) || unheard(*v)).collect()
}

/// Waits until the server has ended the last commits of a killed program: until then nobody knows what there is to undo.
async fn settle(database: &Database, past: &PastRun) -> Result<()> {
    let unheard = |position: &usize| {
        let known = &past.summary.tenants[*position].versions;
        past.sent[*position].iter().any(|version| !known.contains(version))
    };
    let schemas: Vec<String> =
        (0..past.sent.len()).filter(unheard).map(|position| literal(&past.summary.tenants[position].schema)).collect();
    if schemas.is_empty() {
        return Ok(());
    }
    let question = include_str!("revisit.sql").replace("{schemas}", &schemas.join(", "));
    let mut session = database.catalog().await?;
    let patience = Instant::now() + PATIENCE;
    loop {
        let rows = session.rows(Statement::script(question.clone())).await?;
        let Some(row) = rows.first() else { return Ok(()) };
        if Instant::now() > patience {
            let text =
                |index| row.try_get_raw(index).ok().and_then(|v| Some(v.as_str().ok()?.to_owned())).unwrap_or_default();
            return Err(ErrorKind::TenantBusy { schema: text(0), holder: text(1) }.into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Nothing was applied on top of these versions.
fn newest(schema: &str, history: &History, versions: &[i64]) -> Result<()> {
    let Some(oldest) = versions.iter().min() else { return Ok(()) };
    let newer = history.iter().map(|(version, _)| version).find(|v| v > oldest && !versions.contains(v));
    match newer {
        Some(newer) => Err(ErrorKind::MigrationBuiltUpon {
            schema: schema.to_owned(),
            version: oldest.to_string(),
            newer: newer.to_string(),
        }
        .into()),
        None => Ok(()),
    }
}
