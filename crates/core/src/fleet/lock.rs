//! Who works on a run: the process that holds its file's lock. The system lets go of it when the process ends, however
//! it ends.

use crate::local::Home;
use crate::{Error, ErrorKind, Result};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

/// The claim on a run of this computer's record.
#[derive(Debug)]
pub(super) struct RunLock {
    /// Closing it gives the claim up. The empty file stays: removing it could take it from under somebody's lock.
    _file: File,
}

impl RunLock {
    /// # Errors
    /// [`ErrorKind::RunActive`] when another process, or another part of this one, works on the run.
    pub fn take(home: &Home, run: &str) -> Result<Self> {
        let folder = home.folder().join("runs");
        let failed = |path: &Path, e: &std::io::Error| {
            Error::new(ErrorKind::LocalState { path: path.display().to_string(), reason: e.to_string() })
        };
        std::fs::create_dir_all(&folder).map_err(|e| failed(&folder, &e))?;
        let path = folder.join(run);
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(|e| failed(&path, &e))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(ErrorKind::RunActive { id: run.to_owned() }.into()),
            Err(TryLockError::Error(e)) => Err(failed(&path, &e)),
        }
    }

    /// Somebody works on the run, in this process or in another one.
    pub fn is_held(home: &Home, run: &str) -> bool {
        let file = File::open(home.folder().join("runs").join(run));
        file.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }
}
