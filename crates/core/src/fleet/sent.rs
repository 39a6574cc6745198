//! Which commits a run has sent, and which files outside a transaction it has begun. Each is noted before, so that a program
//! that is killed, and a server that dies before it answers, leave behind where to look.

use crate::local::Home;
use crate::{Error, ErrorKind, Result};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// The commits that a run sends, in a file beside its record. An entry alone proves nothing; together with the tenant's
/// history it says whose a migration is.
///
/// A file of its own, because a write to it costs microseconds, and survives the end of the process like any other.
#[derive(Debug)]
pub(super) struct Sent {
    path: PathBuf,
    file: Mutex<Option<File>>,
}

impl Sent {
    pub fn of(home: &Home, run: &str) -> Self {
        Self { path: path(home, run), file: Mutex::new(None) }
    }

    /// Notes that the commit of a migration is sent next, or of its reversion. `position` is the tenant's line in the run.
    ///
    /// # Errors
    /// [`ErrorKind::LocalState`], and nothing may be sent: nobody could say later that it was this run.
    pub fn note(&self, position: usize, version: i64) -> Result<()> {
        self.write(&format!("{position} {version}\n"))
    }

    /// Notes that a file outside a transaction is begun next.
    ///
    /// # Errors
    /// As those of [`Self::note`].
    pub fn note_begun(&self, position: usize, version: i64) -> Result<()> {
        self.write(&format!("{position} {version} begun\n"))
    }

    fn write(&self, line: &str) -> Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let written = match file.take() {
            Some(mut opened) => opened.write_all(line.as_bytes()).map(|()| opened),
            None => self.begin(line),
        };
        // Where that failed, the next one begins anew.
        *file = Some(written.map_err(|e| {
            Error::new(ErrorKind::LocalState { path: self.path.display().to_string(), reason: e.to_string() })
        })?);
        Ok(())
    }

    /// What is there already may end in the middle of a line.
    fn begin(&self, line: &str) -> std::io::Result<File> {
        let mut file = OpenOptions::new().create(true).append(true).open(&self.path)?;
        file.write_all(format!("\n{line}").as_bytes())?;
        Ok(file)
    }

    /// What a run has noted, by the tenants' lines in the run.
    pub fn read(home: &Home, run: &str) -> HashMap<usize, Noted> {
        let mut noted: HashMap<usize, Noted> = HashMap::new();
        for line in std::fs::read_to_string(path(home, run)).unwrap_or_default().lines() {
            let mut words = line.split(' ');
            let mut number = || words.next()?.parse::<i64>().ok();
            let (Some(position), Some(version)) = (number().and_then(|n| usize::try_from(n).ok()), number()) else {
                continue;
            };
            let noted = noted.entry(position).or_default();
            match words.next() {
                None => noted.sent.push(version),
                Some("begun") => noted.begun.push(version),
                Some(_) => {}
            }
        }
        noted
    }
}

/// What a run has noted about one tenant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Noted {
    /// Versions whose commit was sent.
    pub sent: Vec<i64>,
    /// Versions whose file, outside a transaction, was begun.
    pub begun: Vec<i64>,
}

fn path(home: &Home, run: &str) -> PathBuf {
    home.folder().join("runs").join(format!("{run}.sent"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_noted_is_there_for_the_next_program() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path()).await.unwrap();
        std::fs::create_dir_all(folder.path().join("runs")).unwrap();
        assert!(Sent::read(&home, "r").is_empty());
        let sent = Sent::of(&home, "r");
        sent.note(0, 20_260_101_000_000).unwrap();
        sent.note(7, 1).unwrap();
        // Torn off by the end of a process, or of the disk.
        std::fs::write(path(&home, "r"), std::fs::read_to_string(path(&home, "r")).unwrap() + "9").unwrap();
        let next = Sent::of(&home, "r");
        next.note(7, 2).unwrap();
        next.note_begun(7, 3).unwrap();
        std::fs::write(path(&home, "r"), std::fs::read_to_string(path(&home, "r")).unwrap() + "9").unwrap();
        let first = Noted { sent: vec![20_260_101_000_000], begun: vec![] };
        let second = Noted { sent: vec![1, 2], begun: vec![3] };
        assert_eq!(Sent::read(&home, "r"), HashMap::from([(0, first), (7, second)]));
    }
}
