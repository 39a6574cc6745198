//! The plan of ending sessions: which, whose, what each of them loses, and whether the role may.

use super::activity::Seen;
use super::session::{SessionActivity, SessionState};
use super::whose::Whose;
use crate::connection::{Database, Session, server_identity};
use crate::fleet::{Check, CheckLevel, Plan, PlannedSql, PlannedTenant, RunKind};
use crate::sql::{Statement, literal};
use crate::tenant::Selection;
use crate::{Error, ErrorKind, Result, migration};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::Row;
use std::collections::{BTreeMap, HashMap};

/// A session: the server uses the number of a process again, so the moment at which it began belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SessionKey {
    /// The server process.
    pub pid: i32,
    /// [`SessionActivity::started`]; `None` means the one that is there when the plan is made.
    pub started: Option<String>,
}

/// Which sessions are to end, or to cancel what they run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SignalRequest {
    /// Sessions of this database.
    pub sessions: Vec<SessionKey>,
    /// Only what they run at this moment; the sessions stay.
    pub cancel: bool,
}

/// What a session loses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum Loss {
    /// Nothing is open.
    Nothing,
    /// Its transaction ends; it has changed nothing.
    Transaction,
    /// What its transaction has changed is rolled back.
    Changes,
}

/// A session in a plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SignalTarget {
    /// As it is at this moment.
    pub session: SessionActivity,
    /// What it loses.
    pub loses: Loss,
    /// Others wait for it.
    pub holds_up: u32,
}

/// The plan of ending sessions or cancelling what they run, with what [`super::apply_signal`] needs.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SignalPlan {
    /// What a person reads.
    #[serde(flatten)]
    pub plan: Plan,
    /// The sessions, those left out aside.
    pub sessions: Vec<SignalTarget>,
    #[serde(skip)]
    pub(super) request: SignalRequest,
}

/// Refuses where looking is all that a connection is for. A standby's sessions can be ended: that writes nothing.
pub(super) fn require_allowed(database: &Database) -> Result<()> {
    if !database.profile().read_only && database.server().standby {
        return Ok(());
    }
    database.require_writable("end_sessions")
}

/// Looks for the sessions and what they have open; changes nothing.
///
/// # Errors
/// [`ErrorKind::ReadOnly`]; [`ErrorKind::NothingSelected`]. That a session is gone, or runs nothing that could be cancelled, leaves it out of
/// the plan.
pub async fn plan_signal(database: &Database, request: SignalRequest) -> Result<SignalPlan> {
    require_allowed(database)?;
    if request.sessions.is_empty() {
        return Err(ErrorKind::NothingSelected.into());
    }
    let mut session = database.catalog().await?;
    let mut state = Sha256::new();
    state.update(server_identity(&mut session).await?);
    let whose = Whose::read(&mut session, &Selection::default()).await?;
    let seen = Seen::read(&mut session, &whose).await?.sessions;
    let pids: Vec<i32> = request.sessions.iter().map(|key| key.pid).collect();
    let allowed = allowed(&mut session, &pids).await?;
    drop(session);
    let by_pid: HashMap<i32, &SessionActivity> = seen.iter().map(|session| (session.pid, session)).collect();
    let (mut planned, mut targets, mut statements) = (Vec::new(), Vec::new(), Vec::new());
    let mut wanted: BTreeMap<i32, &SessionKey> = BTreeMap::new();
    for key in &request.sessions {
        wanted.insert(key.pid, key);
    }
    for (pid, key) in &wanted {
        let found = by_pid.get(pid).copied().filter(|found| key.started.is_none() || found.started == key.started);
        let skipped = left_out(*pid, found, request.cancel).map(|kind| Error::new(kind).into());
        let steps = vec![if request.cancel { "cancel" } else { "end" }.to_owned()];
        let name = found.map(described).unwrap_or_default();
        let line = PlannedTenant { skipped, ..PlannedTenant::new(label(*pid), name, steps) };
        if let (Some(found), None) = (found, &line.skipped) {
            let sql = statement(found, request.cancel);
            state.update(format!("{}\0{}\0", found.pid, sql.text()));
            statements.push(PlannedSql {
                schema: line.schema.clone(),
                tenants: 1,
                names: vec![line.schema.clone()],
                from: None,
                sql: format!("{}\n", sql.text()),
            });
            let holds_up = seen.iter().filter(|other| other.blocked_by.contains(pid)).count() as u32;
            targets.push(SignalTarget { session: found.clone(), loses: loss(found), holds_up });
        }
        planned.push(line);
    }
    let plan = Plan {
        id: uuid::Uuid::new_v4().simple().to_string(),
        kind: if request.cancel { RunKind::CancelStatements } else { RunKind::EndSessions },
        tenants: planned,
        statements,
        checks: checks(database, &targets, &allowed, request.cancel),
        fingerprint: migration::hex(&state.finalize()),
    };
    Ok(SignalPlan { plan, sessions: targets, request })
}

/// What a session is called in plans and runs; no schema of a tenant is.
pub(super) fn label(pid: i32) -> String {
    format!("pid {pid}")
}

fn described(session: &SessionActivity) -> String {
    let role = session.role.as_deref().or(session.kind.as_deref()).unwrap_or_default();
    if session.application.is_empty() { role.to_owned() } else { format!("{role}, {}", session.application) }
}

/// Why nothing is done to a session.
fn left_out(pid: i32, found: Option<&SessionActivity>, cancel: bool) -> Option<ErrorKind> {
    let Some(found) = found else { return Some(ErrorKind::SessionMissing { pid }) };
    let runs = matches!(found.state, Some(SessionState::Active | SessionState::FunctionCall));
    // What cannot be seen is refused by a check.
    (cancel && !found.hidden && !found.own && !runs).then_some(ErrorKind::NothingToCancel { pid })
}

fn loss(session: &SessionActivity) -> Loss {
    match session.transaction_ms {
        Some(_) if session.has_written => Loss::Changes,
        Some(_) => Loss::Transaction,
        None => Loss::Nothing,
    }
}

/// What is sent, as a person could send it.
fn statement(session: &SessionActivity, cancel: bool) -> Statement {
    let started = literal(session.started.as_deref().unwrap_or_default());
    let pid = session.pid;
    let (function, more) = match (&session.query_started, cancel) {
        (Some(query), true) => {
            ("pg_cancel_backend", format!(" and s.state = 'active' and s.query_start = {}", literal(query)))
        }
        (None, true) => ("pg_cancel_backend", String::new()),
        (_, false) => ("pg_terminate_backend", String::new()),
    };
    Statement::of(format_args!(
        "select pg_catalog.{function}(s.pid) from pg_catalog.pg_stat_activity s where s.pid = {pid} and s.backend_start = {started}{more};"
    ))
}

async fn allowed(session: &mut Session, pids: &[i32]) -> Result<HashMap<i32, bool>> {
    let query = sqlx::query(include_str!("signalable.sql")).persistent(false).bind(pids);
    let rows = query.fetch_all(session.connection()).await?;
    rows.iter().map(|row| Ok((row.try_get("pid")?, row.try_get("allowed")?))).collect()
}

fn checks(database: &Database, targets: &[SignalTarget], allowed: &HashMap<i32, bool>, cancel: bool) -> Vec<Check> {
    let role = || database.server().role.clone();
    let pid = |target: &SignalTarget| target.session.pid.to_string();
    let mut checks = Vec::new();
    if targets.is_empty() {
        let message = "There is nothing to do: no session that was named is there, or runs what could be cancelled.";
        checks.push(Check::new(CheckLevel::Stop, "sessions_none", message, &[]));
        return checks;
    }
    for target in targets {
        let session = &target.session;
        if session.own {
            let message = format!("The process {} is the one that asks.", session.pid);
            checks.push(Check::new(CheckLevel::Stop, "session_own", message, &[("pid", pid(target))]));
        } else if !allowed.get(&session.pid).copied().unwrap_or_default() {
            let message = format!(
                "{} may not end the session of {}, with the process {}.",
                role(),
                described(session),
                session.pid
            );
            let params = [("pid", pid(target)), ("role", role()), ("of", described(session))];
            checks.push(Check::new(CheckLevel::Stop, "session_not_allowed", message, &params));
        } else if session.hidden {
            let message = format!(
                "{} may not see when the session with the process {} began, so it cannot be told from a later one.",
                role(),
                session.pid
            );
            let params = [("pid", pid(target)), ("role", role())];
            checks.push(Check::new(CheckLevel::Stop, "session_hidden", message, &params));
        }
        if session.application.starts_with("cadastre") && !session.own {
            let message = format!(
                "The process {} is one of Cadastre’s own ({}): cancelling its run ends it in order.",
                session.pid, session.application
            );
            let params = [("pid", pid(target)), ("application", session.application.clone())];
            checks.push(Check::new(CheckLevel::Warning, "session_of_cadastre", message, &params));
        }
        let kind = session.kind.as_deref().unwrap_or("client backend");
        if kind != "client backend" && !session.hidden {
            let message =
                format!("The process {} is one of the server’s own ({kind}); it may start it again.", session.pid);
            let params = [("pid", pid(target)), ("kind", kind.to_owned())];
            checks.push(Check::new(CheckLevel::Warning, "session_of_server", message, &params));
        }
    }
    let count = |loses: Loss| targets.iter().filter(|target| target.loses == loses).count();
    let (changes, transactions) = (count(Loss::Changes), count(Loss::Transaction));
    if changes > 0 {
        let message = format!("What the open transactions of {changes} sessions have changed is rolled back.");
        let params = [("sessions", changes.to_string())];
        checks.push(Check::new(CheckLevel::Warning, "sessions_roll_back", message, &params));
    } else if transactions > 0 {
        let message = format!("The open transactions of {transactions} sessions end. They have changed nothing.");
        let params = [("sessions", transactions.to_string())];
        checks.push(Check::new(CheckLevel::Ok, "sessions_read_only", message, &params));
    } else {
        let message = "No transaction is open: nothing is rolled back.";
        checks.push(Check::new(CheckLevel::Ok, "sessions_lose_nothing", message, &[]));
    }
    let (code, message) = match cancel {
        true => ("statements_proven", "It is looked again whether each statement has ended. The sessions stay."),
        false => {
            ("sessions_proven", "It is looked again whether each session is gone. Applications usually connect again.")
        }
    };
    checks.push(Check::new(CheckLevel::Ok, code, message, &[]));
    checks
}
