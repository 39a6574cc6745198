//! An archive that is written beside something else.

use super::client::Client;
use super::folder::new_id;
use super::plan::{client, major, require_room_for_trying};
use super::{Archive, dump, restore, snapshot};
use crate::Result;
use crate::connection::{Database, Session};
use crate::fleet::Worker;
use crate::local::Home;
use chrono::Utc;
use std::path::Path;
use tokio::sync::Mutex;

/// Writes the archive of one tenant, proven by bringing it back on trial.
#[derive(Debug, Clone)]
pub(crate) struct Archiver {
    client: Client,
}

impl Archiver {
    /// Looks whether such an archive can be written and tried out.
    ///
    /// # Errors
    /// Why it cannot: [`crate::ErrorKind::ClientMissing`], [`crate::ErrorKind::ReadOnly`],
    /// [`crate::ErrorKind::PermissionDenied`], [`crate::ErrorKind::LockTableTooSmall`]; or what the connection reports.
    pub(crate) async fn find(home: &Home, database: &Database, session: &mut Session, schema: &str) -> Result<Self> {
        require_room_for_trying(database)?;
        let client = client(home, major(database)).await?;
        let found = snapshot::schema(session, schema).await?;
        restore::require_locks(database, schema, snapshot::locks(session, found.oid).await?)?;
        Ok(Self { client })
    }

    /// `pg_dump 15.4`
    pub(crate) fn program(&self) -> String {
        format!("pg_dump {}", self.client.version())
    }

    /// Writes the archive and its manifest into a folder. After an error the worker's session is gone.
    ///
    /// # Errors
    /// [`crate::ErrorKind::ArchiveFailed`], [`crate::ErrorKind::ArchiveDiffers`], [`crate::ErrorKind::DiskFull`], and what
    /// reading the tenant reports.
    pub(crate) async fn write(&self, worker: &mut Worker, schema: &str, folder: &Path) -> Result<Archive> {
        let id = new_id(schema, Utc::now());
        let made = dump::create(worker, &self.client, schema, id, folder, Some(&Mutex::default())).await;
        // The session may be in the middle of a transaction, or of an answer.
        made.inspect_err(|_| worker.drop_session())
    }
}
