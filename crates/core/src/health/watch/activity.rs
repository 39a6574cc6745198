//! Reading what goes on.

use super::blocking::trees;
use super::session::{
    Activity, AttributedBy, Attribution, Connections, DatabaseSessions, OpenTransaction, SessionActivity, SessionState,
    TenantSessions, TransactionKind, Wait,
};
use super::whose::{Whose, gather};
use crate::Result;
use crate::connection::{Database, Session};
use crate::sql::{Statement, literal};
use crate::tenant::Selection;
use sqlx::Row;
use sqlx::postgres::PgRow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::{Duration, Instant};

/// A transaction that is open for longer is worth showing.
pub const LONG: Duration = Duration::from_secs(60);

/// What goes on in the database at this moment: one look, a fixed number of queries. With a selection, only what has to do with those
/// tenants; who waits for whom is shown all the same.
///
/// # Errors
/// [`crate::ErrorKind::TenantMissing`], [`crate::ErrorKind::TenantAmbiguous`]; what the connection reports.
pub async fn activity(database: &Database, selection: &Selection, long: Duration) -> Result<Activity> {
    let begun = Instant::now();
    let mut session = database.catalog().await?;
    let whose = Whose::read(&mut session, selection).await?;
    let mut seen = Seen::read(&mut session, &whose).await?;
    let held = held(&mut session, &seen.locks).await?;
    let (connections, elsewhere) = connections(&mut session).await?;
    drop(session);
    let edges: BTreeMap<i32, Vec<i32>> = seen
        .sessions
        .iter()
        .filter(|session| !session.blocked_by.is_empty())
        .map(|session| (session.pid, session.blocked_by.clone()))
        .collect();
    let here: BTreeSet<i32> = seen.sessions.iter().map(|session| session.pid).collect();
    let mut transactions = long_sessions(&seen, long);
    transactions.extend(held);
    transactions.retain(|open| whose.is_asked(open.tenants.iter().map(String::as_str)));
    for open in &mut transactions {
        open.more_tenants = open.tenants.len().saturating_sub(SessionActivity::NAMED) as u32;
        open.tenants.truncate(SessionActivity::NAMED);
    }
    transactions.sort_by_key(|open| (std::cmp::Reverse(open.age_ms), std::cmp::Reverse(open.holds_xids)));
    let blocking = trees(&edges, &here);
    let involved: BTreeSet<i32> = blocking.iter().map(|line| line.pid).collect();
    let (tenants, unattributed) = counts(&seen.sessions, &seen.all_tenants, &whose);
    let hidden = seen.sessions.iter().filter(|session| session.hidden).count() as u32;
    seen.sessions.retain(|session| {
        let all = seen.all_tenants.get(&session.pid);
        involved.contains(&session.pid) || whose.is_asked(all.into_iter().flatten().map(|one| one.schema.as_str()))
    });
    Ok(Activity {
        at: seen.at,
        sessions: seen.sessions,
        tenants,
        unattributed,
        blocking,
        transactions,
        connections,
        elsewhere,
        hidden,
        duration_ms: begun.elapsed().as_millis() as u64,
    })
}

/// Locks on relations of tenants: by process, and by the number of a prepared transaction.
#[derive(Default)]
struct Locks {
    by_pid: HashMap<i32, Vec<String>>,
    by_transaction: HashMap<String, Vec<String>>,
}

/// The sessions, as one look has them.
pub(super) struct Seen {
    at: String,
    pub sessions: Vec<SessionActivity>,
    /// Every tenant of each session, however many.
    all_tenants: HashMap<i32, Vec<Attribution>>,
    locks: Locks,
}

impl Seen {
    pub async fn read(session: &mut Session, whose: &Whose) -> Result<Self> {
        let rows = sqlx::query(include_str!("sessions.sql")).persistent(false).fetch_all(session.connection()).await?;
        let locks = locks(session, whose).await?;
        let mut waits = waits(session, whose).await?;
        let mut seen = Self { at: String::new(), sessions: Vec::new(), all_tenants: HashMap::new(), locks };
        for row in &rows {
            seen.at = row.try_get("now")?;
            let mut one = of_row(row)?;
            one.wait =
                waits.remove(&one.pid).map(|wait| Wait { waited_ms: row.try_get("waiting_ms").ok().flatten(), ..wait });
            let role = row.try_get::<Option<i64>, _>("role_oid")?.and_then(|role| whose.of_role(role as u32));
            let mut found: Vec<Attribution> = role.into_iter().collect();
            let by = |schema: &String, why| Attribution { schema: schema.clone(), why };
            let locked = seen.locks.by_pid.get(&one.pid).into_iter().flatten();
            found.extend(locked.map(|schema| by(schema, AttributedBy::Locks)));
            let awaited = one.wait.iter().filter(|wait| wait.in_tenant).filter_map(|wait| wait.schema.as_ref());
            found.extend(awaited.map(|schema| by(schema, AttributedBy::Locks)));
            let texts = one.query.iter().flat_map(|text| whose.named_in(text));
            found.extend(texts.map(|schema| Attribution { schema, why: AttributedBy::Text }));
            let (all, _) = gather(found, usize::MAX);
            one.more_tenants = all.len().saturating_sub(SessionActivity::NAMED) as u32;
            one.tenants = all.iter().take(SessionActivity::NAMED).cloned().collect();
            seen.all_tenants.insert(one.pid, all);
            seen.sessions.push(one);
        }
        Ok(seen)
    }
}

fn of_row(row: &PgRow) -> Result<SessionActivity> {
    let hidden: bool = row.try_get("hidden")?;
    let kind: Option<String> = row.try_get("wait_event_type")?;
    let event: Option<String> = row.try_get("wait_event")?;
    let state: Option<String> = row.try_get("state")?;
    Ok(SessionActivity {
        pid: row.try_get("pid")?,
        started: row.try_get("started")?,
        role: row.try_get("role")?,
        application: row.try_get::<Option<String>, _>("application")?.unwrap_or_default(),
        client: row.try_get("client")?,
        local: row.try_get::<Option<bool>, _>("local")?.unwrap_or_default(),
        kind: row.try_get("backend_type")?,
        state: state.as_deref().map(SessionState::of),
        waits_for: kind.zip(event).map(|(kind, event)| format!("{kind}: {event}")),
        session_ms: row.try_get("session_ms")?,
        transaction_ms: row.try_get("transaction_ms")?,
        query_ms: row.try_get("query_ms")?,
        state_ms: row.try_get("state_ms")?,
        has_written: row.try_get("has_written")?,
        holds_xids: row.try_get("holds_xids")?,
        // What stands there instead is no statement.
        query: row.try_get::<Option<String>, _>("query")?.filter(|text| !hidden && !text.is_empty()),
        hidden,
        own: row.try_get("own")?,
        tenants: Vec::new(),
        more_tenants: 0,
        wait: None,
        query_started: row.try_get("query_started")?,
        blocked_by: row.try_get("blocked_by")?,
    })
}

async fn locks(session: &mut Session, whose: &Whose) -> Result<Locks> {
    let mut locks = Locks::default();
    let query = sqlx::query(include_str!("locks.sql")).persistent(false).bind(whose.namespaces());
    for row in query.fetch_all(session.connection()).await? {
        let Some(schema) = whose.tenants.get(&row.try_get("namespace")?) else { continue };
        match row.try_get::<Option<i32>, _>("pid")? {
            Some(pid) => locks.by_pid.entry(pid).or_default().push(schema.clone()),
            None => {
                let number: Option<String> = row.try_get("transaction")?;
                locks.by_transaction.entry(number.unwrap_or_default()).or_default().push(schema.clone());
            }
        }
    }
    Ok(locks)
}

async fn waits(session: &mut Session, whose: &Whose) -> Result<HashMap<i32, Wait>> {
    let rows = sqlx::query(include_str!("waits.sql")).persistent(false).fetch_all(session.connection()).await?;
    let wait = |row: &PgRow| {
        let namespace: Option<i64> = row.try_get("namespace")?;
        let wait = Wait {
            kind: row.try_get("kind")?,
            mode: row.try_get::<Option<String>, _>("mode")?.unwrap_or_default(),
            schema: row.try_get("schema")?,
            relation: row.try_get("relation")?,
            in_tenant: namespace.is_some_and(|oid| whose.tenants.contains_key(&oid)),
            waited_ms: None,
        };
        Ok((row.try_get("pid")?, wait))
    };
    rows.iter().map(wait).collect()
}

/// Sessions whose transaction has been open for long.
fn long_sessions(seen: &Seen, long: Duration) -> Vec<OpenTransaction> {
    let is_long = |session: &&SessionActivity| {
        !session.own && session.transaction_ms.is_some_and(|ms| u128::from(ms.unsigned_abs()) >= long.as_millis())
    };
    let open = |session: &SessionActivity| OpenTransaction {
        kind: TransactionKind::Session,
        pid: Some(session.pid),
        name: None,
        role: session.role.clone(),
        age_ms: session.transaction_ms,
        holds_xids: session.holds_xids,
        idle: session.state.is_some_and(SessionState::is_idle_in_transaction),
        here: true,
        tenants: seen.all_tenants.get(&session.pid).into_iter().flatten().map(|one| one.schema.clone()).collect(),
        more_tenants: 0,
        sql: None,
    };
    seen.sessions.iter().filter(is_long).map(open).collect()
}

/// Prepared transactions and replication slots.
async fn held(session: &mut Session, locks: &Locks) -> Result<Vec<OpenTransaction>> {
    let rows = sqlx::query(include_str!("held.sql")).persistent(false).fetch_all(session.connection()).await?;
    let open = |row: &PgRow| {
        let name: String = row.try_get("name")?;
        let is_prepared = row.try_get::<&str, _>("kind")? == "prepared";
        let number: Option<String> = row.try_get("number")?;
        let found = number.and_then(|number| locks.by_transaction.get(&number));
        let mut tenants: Vec<String> = found.into_iter().flatten().cloned().collect();
        tenants.sort();
        let here: bool = row.try_get("here")?;
        let sql = (is_prepared && here)
            .then(|| Statement::of(format_args!("rollback prepared {};", literal(&name))).text().to_owned());
        Ok(OpenTransaction {
            kind: if is_prepared { TransactionKind::Prepared } else { TransactionKind::Slot },
            pid: None,
            name: Some(name),
            role: row.try_get("role")?,
            age_ms: row.try_get("age_ms")?,
            holds_xids: row.try_get("holds_xids")?,
            idle: true,
            here,
            tenants,
            more_tenants: 0,
            sql,
        })
    };
    rows.iter().map(open).collect()
}

async fn connections(session: &mut Session) -> Result<(Connections, Vec<DatabaseSessions>)> {
    let row = sqlx::query(include_str!("connections.sql")).persistent(false).fetch_one(session.connection()).await?;
    let number = |name: &str| Ok::<u32, sqlx::Error>(row.try_get::<i64, _>(name)? as u32);
    let limit: Option<i64> = row.try_get("of_database")?;
    let connections = Connections {
        used: number("used")?,
        most: number("most")?,
        for_superusers: number("for_superusers")?,
        for_reserved: number("for_reserved")?,
        of_database: limit.and_then(|limit| u32::try_from(limit).ok()),
    };
    let elsewhere: Vec<String> = row.try_get("elsewhere")?;
    let others = elsewhere.iter().filter_map(|line| line.rsplit_once('\t'));
    let others = others.map(|(database, sessions)| DatabaseSessions {
        database: database.to_owned(),
        sessions: sessions.parse().unwrap_or_default(),
    });
    Ok((connections, others.collect()))
}

/// Sessions by tenant, and those of clients that have none.
fn counts(
    sessions: &[SessionActivity],
    tenants: &HashMap<i32, Vec<Attribution>>,
    whose: &Whose,
) -> (Vec<TenantSessions>, u32) {
    let mut counts: BTreeMap<&str, TenantSessions> = BTreeMap::new();
    let mut unattributed = 0;
    for session in sessions.iter().filter(|session| session.role.is_some()) {
        let all = tenants.get(&session.pid).map_or(&[][..], Vec::as_slice);
        unattributed += u32::from(all.is_empty());
        for one in all.iter().filter(|one| whose.chosen.contains(&one.schema)) {
            let count = counts.entry(&one.schema).or_insert_with(|| TenantSessions {
                schema: one.schema.clone(),
                sessions: 0,
                active: 0,
                idle_in_transaction: 0,
                blocked: 0,
            });
            count.sessions += 1;
            count.active += u32::from(session.state == Some(SessionState::Active));
            count.idle_in_transaction += u32::from(session.state.is_some_and(SessionState::is_idle_in_transaction));
            count.blocked += u32::from(!session.blocked_by.is_empty());
        }
    }
    let mut counts: Vec<TenantSessions> = counts.into_values().collect();
    counts.sort_by(|a, b| b.sessions.cmp(&a.sessions).then_with(|| a.schema.cmp(&b.schema)));
    (counts, unattributed)
}
