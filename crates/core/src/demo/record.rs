//! Where the demo is, for other processes and for the next start: one small file in the folder of local state.

use crate::connection::Profile;
use crate::local::Home;
use crate::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::{Path, PathBuf};

const FILE: &str = "demo.json";

/// What is known about the demo. No password: the server is reached through a socket that only its account, and root,
/// can use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    /// Data, log and socket.
    pub folder: PathBuf,
    /// The server's programs.
    pub programs: PathBuf,
    /// How to reach the fleet's database.
    pub profile: Profile,
    /// Which edition of the fleet is in it.
    pub edition: String,
    /// How many tenants it has; absent until all are there.
    pub tenants: Option<u32>,
}

impl Record {
    /// The record, where there is one that can be read. Another one is as good as none: the demo is made anew.
    pub(super) fn read(home: &Home) -> Option<Self> {
        let text = std::fs::read_to_string(home.folder().join(FILE)).ok()?;
        serde_json::from_str(&text).ok()
    }

    pub(super) fn write(&self, home: &Home) -> Result<()> {
        let failed = |e: std::io::Error| unusable(home.folder(), &e);
        let mut file = tempfile::NamedTempFile::new_in(home.folder()).map_err(failed)?;
        file.write_all(&serde_json::to_vec_pretty(self).unwrap_or_default()).map_err(failed)?;
        file.persist(home.folder().join(FILE)).map_err(|e| failed(e.error))?;
        Ok(())
    }

    pub(super) fn remove(home: &Home) -> Result<()> {
        match std::fs::remove_file(home.folder().join(FILE)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(unusable(home.folder(), &e)),
            _ => Ok(()),
        }
    }

    pub(super) fn data_folder(&self) -> PathBuf {
        self.folder.join("data")
    }
}

/// Held while the demo is started or stopped; the system lets go of it when the process ends.
pub(super) struct Lock {
    _file: std::fs::File,
}

impl Lock {
    /// Waits while another process starts or stops the demo of this home.
    pub(super) async fn take(home: &Home) -> Result<Self> {
        let folder = home.folder().to_owned();
        let locked = tokio::task::spawn_blocking(move || {
            let file = std::fs::File::options().create(true).write(true).truncate(false).open(folder.join("demo.lock"));
            file.and_then(|file| file.lock().map(|()| file)).map_err(|e| unusable(&folder, &e))
        });
        let file =
            locked.await.map_err(|e| Error::new(ErrorKind::Internal { what: "demo lock".into() }).source(e))??;
        Ok(Self { _file: file })
    }
}

fn unusable(folder: &Path, error: &std::io::Error) -> Error {
    ErrorKind::LocalState { path: folder.display().to_string(), reason: error.to_string() }.into()
}
