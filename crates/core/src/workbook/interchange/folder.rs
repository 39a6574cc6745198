//! The folder under construction: a temporary one beside its final name, which it takes only when it is complete.

use super::manifest;
use crate::part_file::{self, PREFIX, SUFFIX, failure, take_away};
use crate::{Error, ErrorKind};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A temporary folder in the target folder. Dropping it removes it with everything in it.
#[derive(Debug)]
pub(in super::super) struct FolderTarget {
    folder: TempDir,
    /// Held open and locked as long as somebody works on the folder.
    manifest: File,
    path: PathBuf,
}

impl FolderTarget {
    /// Makes the temporary folder, and so finds out early whether anything can be written there.
    ///
    /// # Errors
    /// [`ErrorKind::FolderForeign`] where the name is taken by something that Cadastre did not write;
    /// [`ErrorKind::TargetNotWritable`], [`ErrorKind::DiskFull`].
    pub(in super::super) fn create(parent: &Path, name: &str) -> Result<Self, Error> {
        part_file::remove_abandoned(parent);
        let path = parent.join(name);
        check_replaceable(&path)?;
        let folder = tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).tempdir_in(parent);
        let folder = folder.map_err(|error| failure(parent, error))?;
        let manifest = File::create_new(folder.path().join(manifest::NAME)).map_err(|error| failure(parent, error))?;
        // Says that somebody still works on it; where there are no locks nothing is ever removed either.
        let _ = manifest.try_lock();
        Ok(Self { folder, manifest, path })
    }

    /// Where the files are until the folder has its name.
    pub(super) fn temporary_path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes the manifest, makes sure that the disk has everything, then gives the folder its final name. An older
    /// export of that name is replaced.
    ///
    /// # Errors
    /// [`ErrorKind::DiskFull`]; [`ErrorKind::TargetNotWritable`]; [`ErrorKind::FolderForeign`].
    pub(super) fn persist(self, manifest: &[u8]) -> Result<PathBuf, Error> {
        let Self { folder, manifest: mut file, path } = self;
        let parent = path.parent().unwrap_or(Path::new(".")).to_owned();
        let written = file.write_all(manifest).and_then(|()| file.sync_all());
        written.map_err(|error| failure(&parent, error))?;
        part_file::sync_folder(folder.path());
        check_replaceable(&path)?;
        // Windows renames no folder in which a file is open.
        drop(file);
        take_name(folder, &path).map_err(|error| failure(&path, error))?;
        part_file::sync_folder(&parent);
        Ok(path)
    }
}

/// The name is free, or taken by an export of ours with nothing added to it.
fn check_replaceable(path: &Path) -> Result<(), Error> {
    let foreign = || Error::new(ErrorKind::FolderForeign { path: path.display().to_string() });
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failure(path, error)),
        Ok(metadata) if !metadata.is_dir() => return Err(foreign()),
        Ok(_) => {}
    }
    let entries = fs::read_dir(path).map_err(|error| failure(path, error))?;
    let names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
    if names.is_empty() {
        return Ok(());
    }
    let listed = fs::read(path.join(manifest::NAME)).ok().and_then(|text| manifest::files_of(&text));
    let ours = |listed: Vec<String>| {
        names.iter().all(|name| name == manifest::NAME || listed.iter().any(|file| name.as_os_str() == file.as_str()))
    };
    if listed.is_some_and(ours) { Ok(()) } else { Err(foreign()) }
}

/// Gives a finished folder its name. What had it before is removed afterwards.
fn take_name(folder: TempDir, path: &Path) -> io::Result<()> {
    if !path.exists() {
        fs::rename(folder.path(), path)?;
        // Nothing is there any more that it could remove.
        let _ = folder.keep();
        return Ok(());
    }
    match exchange(folder.path(), path) {
        // The temporary folder is the old one now, and goes.
        Ok(()) => Ok(()),
        // One step where the system can; here, for a moment, nothing has the name.
        Err(_) => {
            let aside = folder.path().with_extension("old");
            fs::rename(path, &aside)?;
            if let Err(error) = fs::rename(folder.path(), path) {
                fs::rename(&aside, path)?;
                return Err(error);
            }
            let _ = folder.keep();
            take_away(&aside);
            Ok(())
        }
    }
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_one: &Path, _other: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::part_file::tests::age;

    const MANIFEST: &[u8] = br#"{"format": "cadastre-table-files", "tables": [{"file": "users.csv"}]}"#;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn finished(parent: &Path, text: &str) -> PathBuf {
        let target = FolderTarget::create(parent, "acme-csv").unwrap();
        fs::write(target.temporary_path().join("users.csv"), text).unwrap();
        target.persist(MANIFEST).unwrap()
    }

    #[test]
    fn a_dropped_folder_leaves_nothing_and_a_finished_one_replaces_the_old_one() {
        let parent = tempfile::tempdir().unwrap();
        let target = FolderTarget::create(parent.path(), "acme-csv").unwrap();
        fs::write(target.temporary_path().join("users.csv"), "half").unwrap();
        assert_eq!(names(parent.path()).len(), 1);
        drop(target);
        assert!(names(parent.path()).is_empty());

        finished(parent.path(), "old");
        let path = finished(parent.path(), "new");
        assert_eq!(fs::read(path.join("users.csv")).unwrap(), b"new");
        assert_eq!(names(parent.path()), ["acme-csv"]);
        assert_eq!(names(&path), ["manifest.json", "users.csv"]);
    }

    #[test]
    fn what_somebody_else_put_there_is_never_replaced() {
        let parent = tempfile::tempdir().unwrap();
        let path = finished(parent.path(), "rows");
        fs::write(path.join("notes.txt"), "mine").unwrap();
        let error = FolderTarget::create(parent.path(), "acme-csv").unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::FolderForeign { .. }), "{error}");
        fs::write(parent.path().join("zenith-csv"), "a file").unwrap();
        let error = FolderTarget::create(parent.path(), "zenith-csv").unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::FolderForeign { .. }), "{error}");
        // Added while we were writing.
        fs::remove_file(path.join("notes.txt")).unwrap();
        let target = FolderTarget::create(parent.path(), "acme-csv").unwrap();
        fs::write(path.join("notes.txt"), "mine").unwrap();
        assert!(matches!(target.persist(MANIFEST).unwrap_err().kind(), ErrorKind::FolderForeign { .. }));
        assert_eq!(fs::read(path.join("notes.txt")).unwrap(), b"mine");
        assert_eq!(names(parent.path()), ["acme-csv", "zenith-csv"]);
    }

    #[test]
    fn a_folder_that_a_killed_process_left_is_removed_and_one_in_use_is_not() {
        let parent = tempfile::tempdir().unwrap();
        for name in [".cadastre-left.part", ".cadastre-empty.part"] {
            fs::create_dir(parent.path().join(name)).unwrap();
        }
        let left = parent.path().join(".cadastre-left.part");
        fs::write(left.join(manifest::NAME), "").unwrap();
        fs::write(left.join("users.csv"), "half").unwrap();
        age(&left.join(manifest::NAME));
        age(&parent.path().join(".cadastre-empty.part"));
        let in_use = FolderTarget::create(parent.path(), "acme-csv").unwrap();
        assert!(!left.exists());
        age(&in_use.temporary_path().join(manifest::NAME));
        drop(FolderTarget::create(parent.path(), "zenith-csv").unwrap());
        assert!(in_use.temporary_path().exists());
        assert_eq!(names(parent.path()).len(), 1);
    }
}
