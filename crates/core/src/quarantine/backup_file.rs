//! The file that a dropped tenant is saved to: a folder of its own, so that no earlier backup is ever replaced.

use super::record::{Backup, PREFIX};
use crate::{Error, ErrorKind, Result};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Folders of drops that were killed are left alone for this long: somebody may be between making one and writing to it.
const SETTLED: Duration = Duration::from_secs(120);

/// The folder of one drop. Unless it is kept, it goes with what is in it.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    kept: bool,
}

impl Folder {
    /// Makes `<root>/<name in quarantine>`, and the root where it is missing. Only a drop that comes `again` finds it there.
    ///
    /// # Errors
    /// [`ErrorKind::TargetNotWritable`], [`ErrorKind::DiskFull`], [`ErrorKind::FileExists`].
    pub(super) fn create(root: &Path, quarantine: &str, again: bool) -> Result<Self> {
        sweep(root);
        let path = folder_of(root, quarantine);
        if !again && path.exists() {
            return Err(ErrorKind::FileExists { path: path.display().to_string() }.into());
        }
        private(root).and_then(|()| private(&path)).map_err(|error| {
            let shown = root.display().to_string();
            let kind = match error.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ErrorKind::DiskFull { path: shown },
                _ => ErrorKind::TargetNotWritable { path: shown },
            };
            Error::new(kind).source(error)
        })?;
        Ok(Self { path, kept: false })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The tenant may be in quarantine from now on: the backup stays, whatever happens.
    pub(super) fn keep(&mut self) {
        self.kept = true;
    }

    /// The tenant is back where it was.
    pub(super) fn discard(&mut self) {
        self.kept = false;
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// Where the backup of a drop goes. A schema may be named like a path; its folder is not.
pub(super) fn folder_of(root: &Path, quarantine: &str) -> PathBuf {
    let name: String =
        quarantine.chars().map(|c| if c.is_control() || r#"/\:*?"<>|."#.contains(c) { '_' } else { c }).collect();
    root.join(name)
}

fn private(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Removes what killed drops have left: folders that hold nothing but unfinished files nobody works on.
fn sweep(root: &Path) {
    for folder in std::fs::read_dir(root).into_iter().flatten().flatten() {
        let ours = folder.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
        let modified = folder.metadata().and_then(|m| m.modified()).ok();
        let settled = modified.and_then(|at| at.elapsed().ok()).is_some_and(|age| age > SETTLED);
        if !ours || !settled || !folder.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        for file in std::fs::read_dir(folder.path()).into_iter().flatten().flatten() {
            let name = file.file_name();
            let unfinished = name.to_str().is_some_and(|n| n.starts_with(".cadastre-") && n.ends_with(".part"));
            if unfinished && File::open(file.path()).is_ok_and(|file| file.try_lock().is_ok()) {
                let _ = std::fs::remove_file(file.path());
            }
        }
        // Fails, as it should, where a backup is in it.
        let _ = std::fs::remove_dir(folder.path());
    }
}

/// Size and SHA-256 of a file.
///
/// # Errors
/// [`ErrorKind::FileUnreadable`].
pub(super) async fn measure(path: PathBuf) -> Result<Backup> {
    let shown = path.display().to_string();
    let failed = |error: io::Error| Error::new(ErrorKind::FileUnreadable { path: shown.clone() }).source(error);
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let of = path.clone();
    tokio::task::spawn_blocking(move || sender.send(digest(&of)));
    let measured = receiver.await.map_err(|error| failed(io::Error::other(error)))?;
    let (bytes, sha256) = measured.map_err(failed)?;
    Ok(Backup { path: shown, bytes, sha256 })
}

fn digest(path: &Path) -> io::Result<(u64, String)> {
    // A record may name anything: a device would never end.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let mut file = File::open(path)?;
    let (mut state, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 256 * 1024]);
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok((bytes, crate::migration::hex(&state.finalize()))),
            Ok(count) => {
                state.update(&buffer[..count]);
                bytes += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Why a backup cannot be relied on, when it cannot: it is missing, or not the file that was verified.
pub(super) async fn problem(backup: &Backup) -> Option<String> {
    let path = &backup.path;
    match measure(PathBuf::from(path)).await {
        Err(error) => Some(format!("{path} cannot be read ({})", error.causes().join(": "))),
        Ok(now) if now == *backup => None,
        Ok(_) => Some(format!("{path} is not the file that was verified")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_backup_that_is_gone_changed_or_no_file_is_a_problem() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("acme.xlsx");
        std::fs::write(&path, "rows").unwrap();
        let backup = measure(path.clone()).await.unwrap();
        assert_eq!(problem(&backup).await, None);
        std::fs::write(&path, "rowz").unwrap();
        assert!(problem(&backup).await.unwrap().contains("not the file"));
        std::fs::remove_file(&path).unwrap();
        assert!(problem(&backup).await.unwrap().contains("cannot be read"));
        let device = Backup { path: "/dev/zero".into(), ..backup };
        assert!(problem(&device).await.unwrap().contains("cannot be read"));
    }

    #[test]
    fn a_folder_goes_unless_it_is_kept_and_never_takes_an_earlier_one_with_it() {
        let root = tempfile::tempdir().unwrap();
        let name = "_cadastre_q_20260101000000_../../x";
        let mut kept = Folder::create(root.path(), name, false).unwrap();
        assert_eq!(kept.path().parent(), Some(root.path()));
        kept.keep();
        let path = kept.path().to_owned();
        std::fs::write(path.join("a.xlsx"), "a").unwrap();
        drop(kept);
        assert!(path.join("a.xlsx").exists());
        assert!(Folder::create(root.path(), name, false).is_err(), "an earlier backup is in it");
        let other = Folder::create(root.path(), "_cadastre_q_20260101000001_x", false).unwrap();
        let gone = other.path().to_owned();
        drop(other);
        assert!(!gone.exists() && path.exists());
    }

    #[test]
    fn what_killed_drops_left_is_swept_and_backups_are_not() {
        let root = tempfile::tempdir().unwrap();
        let old = std::time::SystemTime::now() - 2 * SETTLED;
        for (folder, file) in [("_cadastre_q_1_a", ".cadastre-x.part"), ("_cadastre_q_1_b", "b.xlsx"), ("mine", "c")] {
            let folder = root.path().join(folder);
            std::fs::create_dir(&folder).unwrap();
            std::fs::write(folder.join(file), "x").unwrap();
            File::open(&folder).unwrap().set_modified(old).unwrap();
        }
        sweep(root.path());
        let mut left: Vec<_> = std::fs::read_dir(root.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["_cadastre_q_1_b", "mine"]);
    }
}
