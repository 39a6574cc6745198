//! What goes on in a database at this moment, as lists and trees show it.

use serde::Serialize;

/// The sessions of one database, who waits for whom, and what keeps dead rows from being removed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Activity {
    /// When this was read, by the server's clock, RFC 3339, UTC.
    pub at: String,
    /// Every session of this database, by process.
    pub sessions: Vec<SessionActivity>,
    /// How many sessions each tenant has, as far as sessions can be attributed; the busiest first.
    pub tenants: Vec<TenantSessions>,
    /// Sessions of clients that cannot be attributed to a tenant.
    pub unattributed: u32,
    /// Who waits for whom: each tree from its root, the session that holds up the others, in the order in which it is drawn.
    pub blocking: Vec<BlockLine>,
    /// Transactions that have been open for longer than was asked about, transactions without a session, and replication slots that hold rows
    /// back; the oldest first.
    pub transactions: Vec<OpenTransaction>,
    /// How many sessions there may be.
    pub connections: Connections,
    /// Sessions in other databases of the server.
    pub elsewhere: Vec<DatabaseSessions>,
    /// Sessions of which this role sees no more than whose they are; it lacks `pg_read_all_stats`.
    pub hidden: u32,
    /// Milliseconds that reading took.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub duration_ms: u64,
}

/// One session.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct SessionActivity {
    /// The server process. The server uses the number again.
    pub pid: i32,
    /// When it began, RFC 3339 with microseconds, UTC: together with the process it names the session. `None` where the role may not see it.
    pub started: Option<String>,
    /// Whose it is; `None` for a process of the server's own.
    pub role: Option<String>,
    /// What the program calls itself.
    pub application: String,
    /// Address, or `None` where the session came through the server's socket or the role may not see it.
    pub client: Option<String>,
    /// Came through the server's own socket.
    pub local: bool,
    /// `client backend`, `autovacuum worker` …; `None` where the role may not see it.
    pub kind: Option<String>,
    /// What it is doing; `None` where the role may not see it, or for a process of the server's own.
    pub state: Option<SessionState>,
    /// What it waits for, as `Lock: transactionid`.
    pub waits_for: Option<String>,
    /// Milliseconds since the session began.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub session_ms: Option<i64>,
    /// Milliseconds since its transaction began.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub transaction_ms: Option<i64>,
    /// Milliseconds since its last statement began.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub query_ms: Option<i64>,
    /// Milliseconds that it has been in its state.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub state_ms: Option<i64>,
    /// Its transaction has changed something.
    pub has_written: bool,
    /// How many transaction numbers old the oldest rows are that it keeps from being removed.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub holds_xids: Option<i64>,
    /// Its last statement, which it still runs where its state is active, at most 4,000 characters. May hold values. `None` where the role may not see it.
    pub query: Option<String>,
    /// The role may see nothing of it but whose it is.
    pub hidden: bool,
    /// It is the session that asks.
    pub own: bool,
    /// Whose it is, as far as something tells: at most [`SessionActivity::NAMED`].
    pub tenants: Vec<Attribution>,
    /// How many more tenants it has to do with.
    pub more_tenants: u32,
    /// The lock that it waits for.
    pub wait: Option<Wait>,
    /// When its last statement began, to the microsecond.
    #[serde(skip)]
    pub(super) query_started: Option<String>,
    /// Processes that it waits for; 0 stands for a prepared transaction.
    pub blocked_by: Vec<i32>,
}

impl SessionActivity {
    /// So many tenants of a session are named; the others are counted.
    pub const NAMED: usize = 5;
}

/// What a session is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum SessionState {
    /// It runs a statement.
    Active,
    /// It waits for its client, nothing is open.
    Idle,
    /// It waits for its client in the middle of a transaction.
    IdleInTransaction,
    /// The same, after an error.
    IdleInFailedTransaction,
    /// It runs a function by the fast-path protocol.
    FunctionCall,
    /// The server does not say (`track_activities` is off).
    Untracked,
}

impl SessionState {
    pub(super) fn of(text: &str) -> Self {
        match text {
            "active" => Self::Active,
            "idle" => Self::Idle,
            "idle in transaction" => Self::IdleInTransaction,
            "idle in transaction (aborted)" => Self::IdleInFailedTransaction,
            "fastpath function call" => Self::FunctionCall,
            _ => Self::Untracked,
        }
    }

    /// It waits for its client with a transaction open.
    pub fn is_idle_in_transaction(self) -> bool {
        matches!(self, Self::IdleInTransaction | Self::IdleInFailedTransaction)
    }

    /// In English.
    pub fn words(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Idle => "idle",
            Self::IdleInTransaction => "idle in transaction",
            Self::IdleInFailedTransaction => "idle in failed transaction",
            Self::FunctionCall => "function call",
            Self::Untracked => "not tracked",
        }
    }
}

/// A tenant that a session or a query has to do with, and what says so. The `search_path` of another session cannot be seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Attribution {
    /// The tenant's schema.
    pub schema: String,
    /// What says so.
    pub why: AttributedBy,
}

/// What tells whose a session or a query is, the most certain first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum AttributedBy {
    /// It holds a lock on, or waits for, a relation of the tenant.
    Locks,
    /// The text of its statement names the schema.
    Text,
    /// It is the tenant's own role.
    OwnRole,
    /// The role's `search_path`, as it is set for new sessions, begins with the schema.
    RoleSetting,
}

impl AttributedBy {
    /// In English.
    pub fn words(self) -> &'static str {
        match self {
            Self::Locks => "locks",
            Self::Text => "text",
            Self::OwnRole => "own role",
            Self::RoleSetting => "search_path of the role",
        }
    }
}

/// A lock that a session waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type), serde(rename = "LockWait"))]
pub struct Wait {
    /// `relation`, `tuple`, `transactionid` …, as `pg_locks` calls it.
    pub kind: String,
    /// For example `AccessExclusiveLock`.
    pub mode: String,
    /// Schema of the relation.
    pub schema: Option<String>,
    /// The relation, where the lock is on one or on a row of one.
    pub relation: Option<String>,
    /// The schema is a tenant's.
    pub in_tenant: bool,
    /// Milliseconds; `None` in the first moments of a wait, before the server notes it.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub waited_ms: Option<i64>,
}

/// How many sessions a tenant has. A session that has to do with several counts for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TenantSessions {
    /// The tenant's schema.
    pub schema: String,
    /// All of them.
    pub sessions: u32,
    /// Those that run a statement.
    pub active: u32,
    /// Those that wait for their client in the middle of a transaction.
    pub idle_in_transaction: u32,
    /// Those that wait for a lock.
    pub blocked: u32,
}

/// A line of a tree of sessions that wait for each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct BlockLine {
    /// 0 for a root: it holds up those below it and waits for nobody that was not shown above it.
    pub depth: u32,
    /// The process; 0 for a prepared transaction.
    pub pid: i32,
    /// The process waits also for another one, below which it stands with those that wait for it; or two wait for each other.
    pub repeated: bool,
    /// The session is among [`Activity::sessions`]; else it is one of another database, or has just ended.
    pub here: bool,
}

/// A transaction that is open for long, or that nobody may remember.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct OpenTransaction {
    /// What holds it open.
    pub kind: TransactionKind,
    /// The process of a session.
    pub pid: Option<i32>,
    /// Global identifier of a prepared transaction, name of a slot.
    pub name: Option<String>,
    /// Whose it is.
    pub role: Option<String>,
    /// Milliseconds since it began; not known of a slot.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub age_ms: Option<i64>,
    /// How many transaction numbers old the oldest rows are that VACUUM has to keep for it.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub holds_xids: Option<i64>,
    /// It waits for its client.
    pub idle: bool,
    /// It belongs to this database; a slot for physical replication belongs to all.
    pub here: bool,
    /// Tenants whose relations it has locked, at most [`SessionActivity::NAMED`].
    pub tenants: Vec<String>,
    /// How many more.
    pub more_tenants: u32,
    /// The statement that ends a prepared transaction; nothing runs it.
    pub sql: Option<String>,
}

/// What holds a transaction open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum TransactionKind {
    /// A session.
    Session,
    /// `PREPARE TRANSACTION`: there until somebody commits it or rolls it back, also after a restart.
    Prepared,
    /// A replication slot: there until it is dropped, also when nobody reads from it.
    Slot,
}

/// How many sessions there may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Connections {
    /// Sessions of clients, of all databases.
    pub used: u32,
    /// `max_connections`.
    pub most: u32,
    /// Of these, kept for superusers.
    pub for_superusers: u32,
    /// Of these, kept for members of `pg_use_reserved_connections`.
    pub for_reserved: u32,
    /// How many this database takes, where it has a limit of its own.
    pub of_database: Option<u32>,
}

/// Sessions in another database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct DatabaseSessions {
    /// Its name.
    pub database: String,
    /// How many.
    pub sessions: u32,
}
