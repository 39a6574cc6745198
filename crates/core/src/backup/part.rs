//! An archive under construction: a temporary file in the target folder, which takes its name only when it is complete.

use crate::{Error, ErrorKind, Result};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::NamedTempFile;

const PREFIX: &str = ".cadastre-";
const SUFFIX: &str = ".part";
/// Younger than this a file may be between being made and being locked.
const SETTLED: Duration = Duration::from_secs(60);

/// A temporary file. Dropping it removes it.
#[derive(Debug)]
pub(super) struct PartFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl PartFile {
    /// For the owner alone: an archive holds a tenant's rows.
    ///
    /// # Errors
    /// [`ErrorKind::TargetNotWritable`], [`ErrorKind::DiskFull`].
    pub fn create(path: PathBuf) -> Result<Self> {
        let folder = path.parent().unwrap_or(Path::new("."));
        remove_abandoned(folder);
        let file = tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).tempfile_in(folder);
        let file = file.map_err(|error| failure(folder, error))?;
        // Says that somebody still works on it; where there are no locks nothing is ever removed either.
        let _ = file.as_file().try_lock();
        Ok(Self { file, path })
    }

    /// Where it is until it has its name.
    pub fn temporary_path(&self) -> &Path {
        self.file.path()
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.as_file_mut().write_all(bytes).map_err(|error| failure(&self.path, error))
    }

    /// Makes sure that the disk has everything.
    pub fn sync(&self) -> Result<()> {
        self.file.as_file().sync_all().map_err(|error| failure(&self.path, error))
    }

    /// Gives the file its name, which no other file may have.
    pub fn persist(self) -> Result<PathBuf> {
        let _ = self.file.as_file().unlock();
        let path = self.path;
        self.file.persist_noclobber(&path).map_err(|error| failure(&path, error.error))?;
        Ok(settled(path))
    }

    /// Takes the place of the file of that name.
    pub fn replace(self) -> Result<PathBuf> {
        let _ = self.file.as_file().unlock();
        let path = self.path;
        self.file.persist(&path).map_err(|error| failure(&path, error.error))?;
        Ok(settled(path))
    }
}

/// The name itself must survive a power cut too. Where folders cannot be opened, the system sees to it.
fn settled(path: PathBuf) -> PathBuf {
    if let Some(Ok(folder)) = path.parent().map(File::open) {
        let _ = folder.sync_all();
    }
    path
}

/// What a failed write means.
pub(super) fn failure(path: &Path, error: io::Error) -> Error {
    let path = path.display().to_string();
    let kind = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ErrorKind::DiskFull { path },
        io::ErrorKind::AlreadyExists => ErrorKind::FileExists { path },
        _ => ErrorKind::TargetNotWritable { path },
    };
    Error::new(kind).source(error)
}

/// Removes what a killed process left: our own temporary files that are not new and that nobody holds locked.
fn remove_abandoned(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|n| n.starts_with(PREFIX) && n.ends_with(SUFFIX));
        let settled = || {
            let modified = entry.metadata().and_then(|m| m.modified()).ok();
            modified.and_then(|at| at.elapsed().ok()).is_some_and(|age| age > SETTLED)
        };
        if ours && settled() && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Fails when the folder is not there, or nothing can be written in it.
///
/// # Errors
/// [`ErrorKind::FolderMissing`], [`ErrorKind::TargetNotWritable`], [`ErrorKind::DiskFull`].
pub(super) fn check_folder(folder: &Path) -> Result<()> {
    if !folder.is_dir() {
        return Err(ErrorKind::FolderMissing { path: folder.display().to_string() }.into());
    }
    // Permissions alone do not tell on network drives and read-only file systems: try.
    let probe = tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder);
    probe.map(drop).map_err(|error| failure(folder, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_dropped_file_leaves_nothing_and_a_finished_one_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.dump");
        let mut file = PartFile::create(path.clone()).unwrap();
        file.write(b"half").unwrap();
        drop(file);
        assert!(names(folder.path()).is_empty());
        PartFile::create(path.clone()).unwrap().persist().unwrap();
        let again = PartFile::create(path).unwrap().persist().unwrap_err();
        assert!(matches!(again.kind(), ErrorKind::FileExists { .. }));
        assert_eq!(names(folder.path()), ["a.dump"]);
    }

    #[test]
    fn what_a_killed_process_left_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let left = File::create(folder.path().join(".cadastre-left.part")).unwrap();
        left.set_modified(std::time::SystemTime::now() - 2 * SETTLED).unwrap();
        drop(left);
        drop(PartFile::create(folder.path().join("a.dump")).unwrap());
        assert!(names(folder.path()).is_empty());
    }
}
