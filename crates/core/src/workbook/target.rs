//! The file under construction: a temporary file beside its final name, which it takes only when it is complete.

use crate::{Error, ErrorKind};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A temporary file in the target folder. Dropping it removes it.
#[derive(Debug)]
pub(super) struct Target {
    file: NamedTempFile,
    path: PathBuf,
}

impl Target {
    /// Makes the temporary file, and so finds out early whether the folder can be written to.
    ///
    /// # Errors
    /// [`ErrorKind::TargetNotWritable`], [`ErrorKind::DiskFull`].
    pub(super) fn create(folder: &Path, name: &str) -> Result<Self, Error> {
        let file = tempfile::Builder::new()
            .prefix(".cadastre-")
            .suffix(".part")
            .tempfile_in(folder)
            .map_err(|error| failure(folder, error))?;
        Ok(Self { file, path: folder.join(name) })
    }

    /// The file to write to.
    pub(super) fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// The folder, for errors and for other temporary files.
    pub(super) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// Makes sure that the disk has everything, then gives the file its final name. A file of that name is replaced in
    /// one step; a file that could not be completed never replaces anything.
    ///
    /// # Errors
    /// [`ErrorKind::DiskFull`]; [`ErrorKind::TargetNotWritable`], for example when another program has the old file open.
    pub(super) fn persist(self) -> Result<PathBuf, Error> {
        let folder = self.folder().to_owned();
        readable_by_others(self.file.as_file()).map_err(|e| failure(&folder, e))?;
        self.file.as_file().sync_all().map_err(|e| failure(&folder, e))?;
        let path = self.path;
        self.file.persist(&path).map_err(|e| failure(&path, e.error))?;
        sync_folder(&folder);
        Ok(path)
    }
}

/// What a failed write means.
pub(super) fn failure(path: &Path, error: io::Error) -> Error {
    let path = path.display().to_string();
    let kind = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ErrorKind::DiskFull { path },
        _ => ErrorKind::TargetNotWritable { path },
    };
    Error::new(kind).source(error)
}

/// Temporary files are for their owner alone; a document gets the rights that any new file would get.
#[cfg(unix)]
fn readable_by_others(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o640))
}

#[cfg(not(unix))]
fn readable_by_others(_file: &File) -> io::Result<()> {
    Ok(())
}

/// The new name itself must survive a power cut too. Where folders cannot be opened, the system sees to it.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn names(folder: &Path) -> Vec<String> {
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_dropped_target_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut target = Target::create(folder.path(), "acme.xlsx").unwrap();
        target.file().write_all(b"half").unwrap();
        assert_eq!(names(folder.path()).len(), 1);
        drop(target);
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn a_finished_target_replaces_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("acme.xlsx"), "old").unwrap();
        let mut target = Target::create(folder.path(), "acme.xlsx").unwrap();
        target.file().write_all(b"new").unwrap();
        let path = target.persist().unwrap();
        assert_eq!(std::fs::read(path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["acme.xlsx"]);
    }

    #[test]
    fn a_missing_folder_and_a_full_disk_are_told_apart() {
        let error = Target::create(Path::new("/nowhere/at/all"), "acme.xlsx").unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::TargetNotWritable { .. }));
        let full = failure(Path::new("/data"), io::ErrorKind::StorageFull.into());
        assert_eq!(*full.kind(), ErrorKind::DiskFull { path: "/data".into() });
    }
}
