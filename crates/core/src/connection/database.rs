//! An open connection to one database.

use super::pooler::Route;
use super::target::{Target, check_version};
use super::{Profile, Purpose, ServerInfo, Session, session};
use crate::adoption::Rules;
use crate::sql::Statement;
use crate::{Error, ErrorKind, Result};
use secrecy::SecretString;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::{Mutex, MutexGuard};

/// A database that was reached. Cheap to clone; sessions are opened from it as needed.
#[derive(Clone)]
pub struct Database {
    inner: Arc<Inner>,
}

struct Inner {
    target: Target,
    server: ServerInfo,
    // One session answers the short catalog questions; a second opens only while the first is busy elsewhere.
    catalog: Mutex<Option<Session>>,
    // Every session carries them, so that whoever looks for tenants finds the same ones.
    rules: RwLock<Arc<Rules>>,
}

impl Database {
    /// Connects and reads what the server is. Without a password none is sent, whatever the environment holds.
    ///
    /// # Errors
    /// What failed, by layer: [`ErrorKind::NameNotResolved`], [`ErrorKind::ConnectionRefused`],
    /// [`ErrorKind::ConnectionTimeout`], [`ErrorKind::TlsUnavailable`], [`ErrorKind::TlsCertificate`],
    /// [`ErrorKind::TlsFile`], [`ErrorKind::PasswordRequired`], [`ErrorKind::AuthenticationFailed`],
    /// [`ErrorKind::DatabaseMissing`], [`ErrorKind::ConnectNotAllowed`], [`ErrorKind::TooManyConnections`],
    /// [`ErrorKind::ServerUnavailable`], [`ErrorKind::ServerTooOld`]; [`ErrorKind::SettingInvalid`] for the profile itself.
    pub async fn connect(profile: Profile, password: Option<SecretString>) -> Result<Self> {
        profile.validate()?;
        let target = Target::new(profile, password);
        let opened = tokio::time::timeout(target.profile.timeout(), open(&target)).await;
        let (session, server) = opened.map_err(|_| super::failure::timed_out(&target.profile))??;
        tracing::info!(
            host = server.host,
            port = server.port,
            database = server.database,
            role = server.role,
            version = server.version,
            tls = server.tls,
            read_only = server.read_only,
            "connected"
        );
        let (catalog, rules) = (Mutex::new(Some(session)), RwLock::default());
        Ok(Self { inner: Arc::new(Inner { target, server, catalog, rules }) })
    }

    /// The profile that led here.
    pub fn profile(&self) -> &Profile {
        &self.inner.target.profile
    }

    pub(super) fn target(&self) -> &Target {
        &self.inner.target
    }

    /// What the server is, as read on connecting.
    pub fn server(&self) -> &ServerInfo {
        &self.inner.server
    }

    /// A dedicated session; the caller owns it.
    ///
    /// # Errors
    /// Like [`Database::connect`]; [`ErrorKind::ReadOnly`] for a purpose that writes on a read-only profile.
    pub async fn session(&self, purpose: Purpose) -> Result<Session> {
        let mut session = self.inner.target.session(purpose).await?;
        session.follow(self.rules());
        Ok(session)
    }

    /// One more session for reading, unless the role, or the server, has no more: what several sessions do faster, one does too.
    ///
    /// # Errors
    /// Like [`Database::session`], but for [`ErrorKind::TooManyConnections`].
    pub(crate) async fn spare(&self) -> Result<Option<Session>> {
        match self.session(Purpose::Catalog).await {
            Ok(session) => Ok(Some(session)),
            Err(e) if matches!(e.kind(), ErrorKind::TooManyConnections) => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// Which schemas are tenants, as far as a person has said so.
    pub fn rules(&self) -> Arc<Rules> {
        self.inner.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Has every session follow these rules from now on; see [`crate::adoption::load`].
    pub(crate) fn set_rules(&self, rules: Rules) {
        *self.inner.rules.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(rules);
    }

    /// The shared session for short catalog reads; waits while another read holds it. A lost session is replaced.
    pub async fn catalog(&self) -> Result<CatalogSession<'_>> {
        let mut guard = self.inner.catalog.lock().await;
        let alive = match guard.as_mut() {
            Some(session) => sqlx::Connection::ping(session.connection()).await.is_ok(),
            None => false,
        };
        if !alive {
            *guard = Some(self.session(Purpose::Catalog).await?);
        }
        if let Some(session) = guard.as_mut() {
            session.follow(self.rules());
        }
        Ok(CatalogSession { guard })
    }

    /// Refuses a writing operation on a read-only connection, before anything is sent: the profile says so, the server is
    /// a standby, or the role's sessions are read-only.
    ///
    /// # Errors
    /// [`ErrorKind::ReadOnly`] naming the operation.
    pub fn require_writable(&self, operation: &str) -> Result<()> {
        let error = || Error::new(ErrorKind::ReadOnly { operation: operation.to_owned() });
        if self.inner.target.profile.read_only {
            return Err(error());
        }
        if self.inner.server.standby {
            return Err(error().detail("This server is a standby.").hint("Connect to the primary server."));
        }
        if self.inner.server.read_only {
            return Err(error()
                .detail("The server makes this role's sessions read-only (default_transaction_read_only).")
                .hint("Connect with another role, or have the setting changed."));
        }
        Ok(())
    }

    /// Asks the server to cancel what a backend is doing (`pg_cancel_backend`), from a session of its own.
    pub async fn cancel(&self, backend: i32) -> Result<()> {
        self.control("select pg_catalog.pg_cancel_backend($1)", backend).await
    }

    /// Asks the server to end a backend (`pg_terminate_backend`), from a session of its own: for one that does not hear a
    /// cancel, because it waits for data from us.
    pub async fn terminate(&self, backend: i32) -> Result<()> {
        self.control("select pg_catalog.pg_terminate_backend($1)", backend).await
    }

    async fn control(&self, statement: &'static str, backend: i32) -> Result<()> {
        let mut control = self.session(Purpose::Control).await?;
        sqlx::query(statement).bind(backend).execute(control.connection()).await?;
        control.close().await;
        Ok(())
    }

    /// The beginning of a message that is to run a person's SQL: it takes away whatever SQL that ran in the session before
    /// has left behind, and sets this connection's settings again.
    pub(crate) fn fresh_session(&self) -> Statement {
        session::fresh(&self.inner.target.profile)
    }

    /// The same, keeping the session's advisory locks.
    pub(crate) fn fresh_session_but_for_locks(&self) -> Statement {
        session::fresh_but_for_locks(&self.inner.target.profile)
    }
}

/// The shared catalog session, held for the time of one read.
pub struct CatalogSession<'a> {
    guard: MutexGuard<'a, Option<Session>>,
}

impl std::ops::Deref for CatalogSession<'_> {
    type Target = Session;
    fn deref(&self) -> &Session {
        self.guard.as_ref().expect("filled by Database::catalog")
    }
}

impl std::ops::DerefMut for CatalogSession<'_> {
    fn deref_mut(&mut self) -> &mut Session {
        self.guard.as_mut().expect("filled by Database::catalog")
    }
}

// Names only.
impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let server = &self.inner.server;
        f.debug_struct("Database").field("host", &server.host).field("database", &server.database).finish()
    }
}

async fn open(target: &Target) -> Result<(Session, ServerInfo)> {
    let mut session = target.session(Purpose::Catalog).await?;
    let server = read_server(target, &mut session).await?;
    Ok((session, server))
}

/// What the server is, unless it is too old to be asked.
pub(super) async fn read_server(target: &Target, session: &mut Session) -> Result<ServerInfo> {
    let version = session.server_version();
    check_version(version, &format!("{}.{}", version / 10_000, version % 10_000))?;
    let pooler = target.route().and_then(Route::pooler);
    super::server::read(session, &target.profile, pooler).await
}
