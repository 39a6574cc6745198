//! The folder that holds local state, and the database in it.

use crate::{Error, ErrorKind, Result};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqlitePool};
use std::path::{Path, PathBuf};
use std::time::Duration;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations/local");

/// The open local state. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Home {
    folder: PathBuf,
    pool: SqlitePool,
}

impl Home {
    /// Opens the state in `CADASTRE_HOME`, or in this platform's folder for application data, creating what is missing.
    ///
    /// # Errors
    /// [`ErrorKind::LocalStateNewer`] when a newer Cadastre wrote it; [`ErrorKind::LocalState`] when it cannot be used.
    pub async fn open_default() -> Result<Self> {
        let folder = match std::env::var_os("CADASTRE_HOME").filter(|v| !v.is_empty()) {
            Some(folder) => PathBuf::from(folder),
            None => etcetera::base_strategy::choose_native_strategy()
                .map(|s| etcetera::BaseStrategy::data_dir(&s).join("cadastre"))
                .map_err(|e| state_error(Path::new("~"), &e))?,
        };
        Self::open(folder).await
    }

    /// Opens the state in this folder.
    pub async fn open(folder: impl Into<PathBuf>) -> Result<Self> {
        let folder = folder.into();
        create_private(&folder).map_err(|e| state_error(&folder, &e))?;
        let options = SqliteConnectOptions::new()
            .filename(folder.join("state.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(Duration::from_secs(10))
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await;
        let pool = pool.map_err(|e| state_error(&folder, &e))?;
        match MIGRATIONS.run(&pool).await {
            Ok(()) => Ok(Self { folder, pool }),
            Err(sqlx::migrate::MigrateError::VersionMissing(_)) => {
                Err(ErrorKind::LocalStateNewer { path: folder.display().to_string() }.into())
            }
            Err(e) => Err(state_error(&folder, &e)),
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where rotating logs go.
    pub fn logs(&self) -> PathBuf {
        self.folder.join("logs")
    }

    /// An error of the local state, naming its folder.
    pub(crate) fn error(&self, error: sqlx::Error) -> Error {
        state_error(&self.folder, &error).source(error)
    }

    /// The SQLite pool, for the modules that keep tables in it.
    pub(crate) fn pool(&self) -> &SqlitePool {
        &self.pool
    }
}

/// A new folder is for its owner only: names of hosts, people and tenants are in it.
fn create_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn state_error(folder: &Path, error: &dyn std::fmt::Display) -> Error {
    Error::new(ErrorKind::LocalState { path: folder.display().to_string(), reason: error.to_string() })
}
