//! Whether the backups of tenants in quarantine are still the files that were verified.

use super::backup_file;
use super::find;
use super::record::Backup;
use crate::Result;
use crate::connection::Database;
use serde::Serialize;
use std::path::Path;

/// The backup of a tenant in quarantine, as this computer finds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct BackupCheck {
    /// The schema in quarantine.
    pub schema: String,
    /// Where the file was written.
    pub path: String,
    /// Bytes that it had when it was verified.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub bytes: u64,
    /// What is there now.
    pub state: BackupState,
}

/// What was found of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum BackupState {
    /// A file of the same size; it was not read.
    Present,
    /// Read to its end: byte for byte the file that was verified.
    Verified,
    /// Another file than the one that was verified.
    Changed,
    /// No file, or none that can be read: it was written on another computer, or is gone.
    Missing,
}

/// Looks at the backup of every tenant in quarantine without reading it. One whose record cannot be used is left out.
///
/// # Errors
/// What the connection reports.
pub async fn glance_at_backups(database: &Database) -> Result<Vec<BackupCheck>> {
    let found = find::find(&mut *database.catalog().await?).await?;
    let mut checks = Vec::new();
    for record in found.into_iter().filter_map(|found| found.record.ok()) {
        let path = record.backup.path.clone();
        // On another thread: a network drive may take its time.
        let looked = tokio::task::spawn_blocking(move || size_of(Path::new(&path))).await.ok().flatten();
        let state = match looked {
            None => BackupState::Missing,
            Some(bytes) if bytes == record.backup.bytes => BackupState::Present,
            Some(_) => BackupState::Changed,
        };
        checks.push(of(record.quarantined_as, record.backup, state));
    }
    Ok(checks)
}

/// Reads the backup of one tenant in quarantine to its end.
///
/// # Errors
/// [`crate::ErrorKind::NotQuarantined`], [`crate::ErrorKind::TenantAmbiguous`], [`crate::ErrorKind::QuarantineRecordInvalid`].
pub async fn check_backup(database: &Database, tenant: &str) -> Result<BackupCheck> {
    let found = find::resolve(&mut *database.catalog().await?, tenant).await?;
    let backup = found.record()?.backup.clone();
    let state = match backup_file::measure(backup.path.clone().into()).await {
        Err(_) => BackupState::Missing,
        Ok(now) if now == backup => BackupState::Verified,
        Ok(_) => BackupState::Changed,
    };
    Ok(of(found.schema, backup, state))
}

fn of(schema: String, backup: Backup, state: BackupState) -> BackupCheck {
    BackupCheck { schema, path: backup.path, bytes: backup.bytes, state }
}

fn size_of(path: &Path) -> Option<u64> {
    std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map(|file| file.len())
}
