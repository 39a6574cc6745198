//! A file under construction: a temporary file beside its final name, which it takes only when it is complete.

use crate::{Error, ErrorKind};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::NamedTempFile;

pub(crate) const PREFIX: &str = ".cadastre-";
pub(crate) const SUFFIX: &str = ".part";
/// In a temporary folder this file is locked as long as somebody works there.
pub(crate) const LOCKED_FILE: &str = "manifest.json";
/// Younger than this a file may be between being made and being locked.
const SETTLED: Duration = Duration::from_secs(60);

/// A temporary file in the folder where it is to stay. Dropping it removes it.
#[derive(Debug)]
pub(crate) struct PartFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl PartFile {
    /// Makes the temporary file, and so finds out early whether the folder can be written to. A document has the rights of
    /// any new file.
    ///
    /// # Errors
    /// [`ErrorKind::TargetNotWritable`], [`ErrorKind::DiskFull`].
    pub(crate) fn create(folder: &Path, name: &str) -> Result<Self, Error> {
        let mut builder = tempfile::Builder::new();
        as_any_new_file(&mut builder);
        Self::make(folder, name, &mut builder)
    }

    /// The same, for its owner alone.
    ///
    /// # Errors
    /// Those of [`PartFile::create`].
    pub(crate) fn create_private(path: &Path) -> Result<Self, Error> {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        Self::make(path.parent().unwrap_or(Path::new(".")), name, &mut tempfile::Builder::new())
    }

    fn make(folder: &Path, name: &str, builder: &mut tempfile::Builder<'_, '_>) -> Result<Self, Error> {
        remove_abandoned(folder);
        let file = builder.prefix(PREFIX).suffix(SUFFIX).tempfile_in(folder).map_err(|error| failure(folder, error))?;
        // Says that somebody still works on it; where there are no locks nothing is ever removed either.
        let _ = file.as_file().try_lock();
        Ok(Self { file, path: folder.join(name) })
    }

    /// The file to write to.
    pub(crate) fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Appends.
    ///
    /// # Errors
    /// [`ErrorKind::DiskFull`], [`ErrorKind::TargetNotWritable`].
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file.as_file_mut().write_all(bytes).map_err(|error| failure(self.folder(), error))
    }

    /// Where it is until it has its name.
    pub(crate) fn temporary_path(&self) -> &Path {
        self.file.path()
    }

    /// The folder, for errors and for other temporary files.
    pub(crate) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// Makes sure that the disk has everything.
    ///
    /// # Errors
    /// [`ErrorKind::DiskFull`], [`ErrorKind::TargetNotWritable`].
    pub(crate) fn sync(&self) -> Result<(), Error> {
        self.file.as_file().sync_all().map_err(|error| failure(self.folder(), error))
    }

    /// Makes sure that the disk has everything, then gives the file its final name. A file of that name is replaced in
    /// one step; a file that could not be completed never replaces anything.
    ///
    /// # Errors
    /// [`ErrorKind::DiskFull`]; [`ErrorKind::TargetNotWritable`], for example when another program has the old file open.
    pub(crate) fn persist(self) -> Result<PathBuf, Error> {
        self.sync()?;
        let _ = self.file.as_file().unlock();
        let path = self.path;
        self.file.persist(&path).map_err(|e| failure(&path, e.error))?;
        Ok(settled(path))
    }

    /// The same, where no file may have the name.
    ///
    /// # Errors
    /// Those of [`PartFile::persist`], and [`ErrorKind::FileExists`].
    pub(crate) fn persist_new(self) -> Result<PathBuf, Error> {
        self.sync()?;
        let _ = self.file.as_file().unlock();
        let path = self.path;
        self.file.persist_noclobber(&path).map_err(|e| failure(&path, e.error))?;
        Ok(settled(path))
    }
}

/// Fails when the folder is not there, or nothing can be written in it.
///
/// # Errors
/// [`ErrorKind::FolderMissing`], [`ErrorKind::TargetNotWritable`], [`ErrorKind::DiskFull`].
pub(crate) fn check_folder(folder: &Path) -> Result<(), Error> {
    if !folder.is_dir() {
        return Err(ErrorKind::FolderMissing { path: folder.display().to_string() }.into());
    }
    // Permissions alone do not tell on network drives and read-only file systems: try.
    let probe = tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder);
    probe.map(drop).map_err(|error| failure(folder, error))
}

/// What a failed write means.
pub(crate) fn failure(path: &Path, error: io::Error) -> Error {
    let path = path.display().to_string();
    let kind = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ErrorKind::DiskFull { path },
        io::ErrorKind::AlreadyExists => ErrorKind::FileExists { path },
        _ => ErrorKind::TargetNotWritable { path },
    };
    Error::new(kind).source(error)
}

/// Temporary files are for their owner alone unless told otherwise; a document gets the rights of any new file.
#[cfg(unix)]
fn as_any_new_file(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(std::fs::Permissions::from_mode(0o666));
}

#[cfg(not(unix))]
fn as_any_new_file(_builder: &mut tempfile::Builder<'_, '_>) {}

/// Removes what a killed process left: our own temporary files and folders that are not new and that nobody holds locked.
pub(crate) fn remove_abandoned(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|n| n.starts_with(PREFIX) && n.ends_with(SUFFIX));
        if !ours {
            continue;
        }
        let path = entry.path();
        if !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if is_abandoned(&path) {
                let _ = fs::remove_file(&path);
            }
            continue;
        }
        let locked = path.join(LOCKED_FILE);
        // A process that is killed at once leaves a folder without the file that it would lock.
        if is_abandoned(&locked) || (!locked.exists() && is_settled(&path)) {
            take_away(&path);
        }
    }
}

fn is_abandoned(file: &Path) -> bool {
    is_settled(file) && File::open(file).is_ok_and(|file| file.try_lock().is_ok())
}

/// Somebody may be between making it and locking it.
fn is_settled(path: &Path) -> bool {
    let modified = fs::metadata(path).and_then(|m| m.modified()).ok();
    modified.and_then(|at| at.elapsed().ok()).is_some_and(|age| age > SETTLED)
}

/// Removes a temporary folder that nobody works on.
pub(crate) fn take_away(folder: &Path) {
    if let Err(error) = fs::remove_dir_all(folder) {
        tracing::warn!(%error, folder = %folder.display(), "an old temporary folder could not be removed");
    }
}

fn settled(path: PathBuf) -> PathBuf {
    if let Some(folder) = path.parent() {
        sync_folder(folder);
    }
    path
}

/// The new name itself must survive a power cut too. Where folders cannot be opened, the system sees to it.
pub(crate) fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Makes a file or folder look as if its process had left it long ago.
    pub(crate) fn age(path: &Path) {
        let old = std::time::SystemTime::now() - 2 * SETTLED;
        File::open(path).unwrap().set_modified(old).unwrap();
    }

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_dropped_target_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut target = PartFile::create(folder.path(), "acme.xlsx").unwrap();
        target.file().write_all(b"half").unwrap();
        assert_eq!(names(folder.path()).len(), 1);
        drop(target);
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn a_finished_target_replaces_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("acme.xlsx"), "old").unwrap();
        let mut target = PartFile::create(folder.path(), "acme.xlsx").unwrap();
        target.file().write_all(b"new").unwrap();
        let path = target.persist().unwrap();
        assert_eq!(fs::read(path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["acme.xlsx"]);
    }

    #[test]
    fn what_must_be_new_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("acme.dump");
        PartFile::create_private(&path).unwrap().persist_new().unwrap();
        let again = PartFile::create_private(&path).unwrap().persist_new().unwrap_err();
        assert!(matches!(again.kind(), ErrorKind::FileExists { .. }));
        assert_eq!(names(folder.path()), ["acme.dump"]);
    }

    #[test]
    fn what_a_killed_process_left_is_removed_and_what_is_in_use_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let old = std::time::SystemTime::now() - 2 * SETTLED;
        let left = File::create(folder.path().join(".cadastre-left.part")).unwrap();
        left.set_modified(old).unwrap();
        drop(left);
        File::create(folder.path().join(".cadastre-new.part")).unwrap();
        let other = File::create(folder.path().join("report.part")).unwrap();
        other.set_modified(old).unwrap();
        let in_use = PartFile::create(folder.path(), "acme.xlsx").unwrap();
        in_use.file.as_file().set_modified(old).unwrap();
        drop(PartFile::create(folder.path(), "other.xlsx").unwrap());
        let mut names = names(folder.path());
        names.retain(|n| in_use.file.path().file_name() != Some(n.as_ref()));
        names.sort();
        assert_eq!(names, [".cadastre-new.part", "report.part"]);
        assert!(in_use.file.path().exists());
    }

    #[test]
    fn a_missing_folder_and_a_full_disk_are_told_apart() {
        let error = PartFile::create(Path::new("/nowhere/at/all"), "acme.xlsx").unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::TargetNotWritable { .. }));
        let full = failure(Path::new("/data"), io::ErrorKind::StorageFull.into());
        assert_eq!(*full.kind(), ErrorKind::DiskFull { path: "/data".into() });
    }
}
