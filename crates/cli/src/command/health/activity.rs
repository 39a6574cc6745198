//! What goes on, for people.

use crate::output;
use cadastre_core::health::watch::{
    Activity, Attribution, OpenTransaction, SessionActivity, SessionState, TransactionKind,
};
use std::collections::HashMap;

pub fn print(activity: &Activity) {
    sessions(activity);
    tenants(activity);
    blocking(activity);
    transactions(activity);
    limits(activity);
}

fn sessions(activity: &Activity) {
    let shown = activity.sessions.iter().filter(|session| !session.own);
    let row = |session: &SessionActivity| {
        vec![
            session.pid.to_string(),
            session.role.clone().or_else(|| session.kind.clone()).unwrap_or_default(),
            session.application.clone(),
            of_tenants(&session.tenants, session.more_tenants),
            state(session),
            session.transaction_ms.map(age).unwrap_or_default(),
            session.query.as_deref().map(short).unwrap_or_default(),
        ]
    };
    let headers = ["PID", "ROLE", "APPLICATION", "TENANT", "STATE", "TRANSACTION", "LAST STATEMENT"];
    output::table(&headers, &[0, 5], shown.map(row));
}

fn state(session: &SessionActivity) -> String {
    if session.hidden {
        return "not visible".into();
    }
    let state = session.state.map_or("", SessionState::words);
    let since = session.state_ms.map(|ms| format!(" {}", age(ms))).unwrap_or_default();
    let waits = if session.blocked_by.is_empty() { "" } else { ", blocked" };
    format!("{state}{since}{waits}").trim().to_owned()
}

fn of_tenants(tenants: &[Attribution], more: u32) -> String {
    if tenants.is_empty() {
        return "not known".into();
    }
    let mut names: Vec<String> = tenants.iter().map(|one| format!("{} ({})", one.schema, one.why.words())).collect();
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names.join(", ")
}

fn tenants(activity: &Activity) {
    if activity.tenants.is_empty() {
        return;
    }
    output::line("");
    let rows = activity.tenants.iter().take(20).map(|tenant| {
        let numbers = [tenant.sessions, tenant.active, tenant.idle_in_transaction, tenant.blocked];
        std::iter::once(tenant.schema.clone()).chain(numbers.iter().map(u32::to_string)).collect()
    });
    output::table(&["TENANT", "SESSIONS", "ACTIVE", "IDLE IN TRANSACTION", "BLOCKED"], &[1, 2, 3, 4], rows);
    output::line(&format!("not known whose: {} sessions", activity.unattributed));
}

fn blocking(activity: &Activity) {
    if activity.blocking.is_empty() {
        return;
    }
    output::line("");
    output::line("Who blocks whom:");
    let by_pid: HashMap<i32, &SessionActivity> = activity.sessions.iter().map(|s| (s.pid, s)).collect();
    for line in &activity.blocking {
        let indent = "  ".repeat(line.depth as usize + 1);
        let words = match by_pid.get(&line.pid) {
            _ if line.pid == 0 => "a prepared transaction".to_owned(),
            Some(_) if line.repeated => format!("{} (see above)", line.pid),
            Some(session) => format!("{} {}{}", session.pid, who(session), wait(session)),
            None => format!("{} (not in this database)", line.pid),
        };
        output::line(&format!("{indent}{}", output::clean(&words)));
    }
}

fn who(session: &SessionActivity) -> String {
    let role = session.role.clone().unwrap_or_default();
    let state = state(session);
    format!("{role}, {state}")
}

fn wait(session: &SessionActivity) -> String {
    let Some(wait) = &session.wait else { return String::new() };
    let place = match (&wait.schema, &wait.relation) {
        (Some(schema), Some(relation)) => format!("{schema}.{relation}"),
        _ => wait.kind.clone(),
    };
    let long = wait.waited_ms.map(|ms| format!(" for {}", age(ms))).unwrap_or_default();
    format!(", waits{long} for {} on {place}", wait.mode)
}

fn transactions(activity: &Activity) {
    if activity.transactions.is_empty() {
        return;
    }
    output::line("");
    output::line("Open for long, or held without a session:");
    let row = |open: &OpenTransaction| {
        let kind = match open.kind {
            TransactionKind::Session => "session",
            TransactionKind::Prepared => "prepared",
            TransactionKind::Slot => "slot",
        };
        let mut tenants = open.tenants.join(", ");
        if open.more_tenants > 0 {
            tenants += &format!(", {} more", open.more_tenants);
        }
        vec![
            kind.to_owned(),
            open.pid.map(|pid| pid.to_string()).or_else(|| open.name.clone()).unwrap_or_default(),
            open.role.clone().unwrap_or_default(),
            open.age_ms.map(age).unwrap_or_default(),
            open.holds_xids.map(|xids| xids.to_string()).unwrap_or_default(),
            tenants,
        ]
    };
    let headers = ["WHAT", "WHICH", "ROLE", "OPEN FOR", "HOLDS BACK", "TENANTS"];
    output::table(&headers, &[3, 4], activity.transactions.iter().map(row));
    for sql in activity.transactions.iter().filter_map(|open| open.sql.as_deref()) {
        output::line(&output::clean(sql));
    }
}

fn limits(activity: &Activity) {
    let connections = &activity.connections;
    output::line("");
    let mut kept = Vec::new();
    for (number, whom) in [(connections.for_superusers, "superusers"), (connections.for_reserved, "reserved")] {
        if number > 0 {
            kept.push(format!("{number} kept for {whom}"));
        }
    }
    let kept = if kept.is_empty() { String::new() } else { format!(" ({})", kept.join(", ")) };
    output::line(&format!("{} of {} connections are used{kept}", connections.used, connections.most));
    if let Some(limit) = connections.of_database {
        output::line(&format!("this database takes {limit}"));
    }
    for other in &activity.elsewhere {
        output::line(&format!("{} sessions in {}", other.sessions, output::clean(&other.database)));
    }
    if activity.hidden > 0 {
        output::note(&format!(
            "Of {} sessions of others this role sees no more than whose they are: it would need pg_read_all_stats.",
            activity.hidden
        ));
    }
}

/// A duration in its largest unit.
pub fn age(ms: i64) -> String {
    let seconds = ms as f64 / 1000.0;
    match seconds {
        s if s < 1.0 => format!("{ms} ms"),
        s if s < 60.0 => format!("{s:.1} s"),
        s if s < 3600.0 => format!("{} min {:02} s", s as u64 / 60, s as u64 % 60),
        s if s < 86_400.0 => format!("{} h {:02} min", s as u64 / 3600, s as u64 % 3600 / 60),
        s => format!("{} d {:02} h", s as u64 / 86_400, s as u64 % 86_400 / 3600),
    }
}

/// One line of at most 70 characters.
pub fn short(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(70) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}
