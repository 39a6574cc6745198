//! An open connection to one database.

use super::{Profile, Purpose, ServerInfo, Session};
use crate::{Error, ErrorKind, Result};
use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard};

/// A database that was reached. Cheap to clone; sessions are opened from it as needed.
#[derive(Clone)]
pub struct Database {
    inner: Arc<Inner>,
}

struct Inner {
    profile: Profile,
    options: PgConnectOptions,
    server: ServerInfo,
    // One session answers the short catalog questions; a second opens only while the first is busy elsewhere.
    catalog: Mutex<Option<Session>>,
}

impl Database {
    /// Connects and reads what the server is.
    ///
    /// # Errors
    /// Which layer failed: name, TCP, TLS, authentication, database or permission.
    pub async fn connect(profile: Profile, password: Option<SecretString>) -> Result<Self> {
        let options = options(&profile, password.as_ref());
        let timeout = Duration::from_secs(u64::from(profile.connect_timeout.max(1)));
        let opened = tokio::time::timeout(timeout, Session::open(&options, &profile, Purpose::Catalog)).await;
        let mut session = opened.map_err(|_| timed_out(&profile))??;
        let server = super::server::read(&mut session, &profile).await?;
        Ok(Self { inner: Arc::new(Inner { profile, options, server, catalog: Mutex::new(Some(session)) }) })
    }

    /// The profile that led here.
    pub fn profile(&self) -> &Profile {
        &self.inner.profile
    }

    /// What the server is, as read on connecting.
    pub fn server(&self) -> &ServerInfo {
        &self.inner.server
    }

    /// A dedicated session; the caller owns it.
    pub async fn session(&self, purpose: Purpose) -> Result<Session> {
        let timeout = Duration::from_secs(u64::from(self.inner.profile.connect_timeout.max(1)));
        let opened = Session::open(&self.inner.options, &self.inner.profile, purpose);
        tokio::time::timeout(timeout, opened).await.map_err(|_| timed_out(&self.inner.profile))?
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
        Ok(CatalogSession { guard })
    }

    /// Refuses a writing operation on a read-only connection, before anything is sent.
    ///
    /// # Errors
    /// [`ErrorKind::ReadOnly`] naming the operation.
    pub fn require_writable(&self, operation: &str) -> Result<()> {
        if self.inner.profile.read_only {
            return Err(ErrorKind::ReadOnly { operation: operation.to_owned() }.into());
        }
        Ok(())
    }

    /// Asks the server to cancel what a backend is doing (`pg_cancel_backend`), from a session of its own.
    pub async fn cancel(&self, backend: i32) -> Result<()> {
        let mut control = self.session(Purpose::Control).await?;
        sqlx::query("select pg_catalog.pg_cancel_backend($1)").bind(backend).execute(control.connection()).await?;
        control.close().await;
        Ok(())
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

fn timed_out(profile: &Profile) -> Error {
    Error::new(ErrorKind::ConnectionTimeout {
        host: profile.host.clone(),
        port: profile.port,
        seconds: u64::from(profile.connect_timeout.max(1)),
    })
}

fn options(profile: &Profile, password: Option<&SecretString>) -> PgConnectOptions {
    let mut options = PgConnectOptions::new_without_pgpass()
        .host(&profile.host)
        .port(profile.port)
        .username(&profile.user)
        .database(&profile.database)
        .ssl_mode(PgSslMode::Prefer);
    if let Some(password) = password {
        options = options.password(password.expose_secret());
    }
    options
}
