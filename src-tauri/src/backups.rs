//! What the window's place for backups keeps here: reads that can be cancelled, files that a person has chosen, and the
//! runs whose results are asked for later.

use cadastre_core::backup::{BackupRun, ReturnRun};
use cadastre_core::workbook::RestoreRun;
use cadastre_core::{ErrorKind, Result};
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;

/// Answers to the window live as long as the program: a reload finds them again.
#[derive(Default)]
pub struct Backups {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    reads: HashMap<String, CancellationToken>,
    chosen: HashSet<String>,
    restores: Vec<RestoreRun>,
    archives: Vec<BackupRun>,
    returns: Vec<ReturnRun>,
}

impl Backups {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a long read. One of the same name that goes on still is cancelled: nobody waits for it any more.
    pub fn begin(&self, read: &str) -> CancellationToken {
        let token = CancellationToken::new();
        if let Some(before) = self.inner().reads.insert(read.to_owned(), token.clone()) {
            before.cancel();
        }
        token
    }

    /// Cancels the read of this name, where there is one.
    pub fn cancel(&self, read: &str) {
        if let Some(token) = self.inner().reads.remove(read) {
            token.cancel();
        }
    }

    /// Notes a file that a person has chosen in the system's dialog.
    pub fn choose(&self, path: &str) {
        self.inner().chosen.insert(path.to_owned());
    }

    /// A person has chosen this file.
    pub fn has_chosen(&self, path: &str) -> bool {
        self.inner().chosen.contains(path)
    }

    pub fn keep_restore(&self, run: RestoreRun) {
        self.inner().restores.push(run);
    }

    pub fn restore(&self, run: &str) -> Option<RestoreRun> {
        self.inner().restores.iter().find(|one| one.run.id() == run).cloned()
    }

    pub fn keep_archives(&self, run: BackupRun) {
        self.inner().archives.push(run);
    }

    pub fn archives(&self, run: &str) -> Option<BackupRun> {
        self.inner().archives.iter().find(|one| one.run.id() == run).cloned()
    }

    pub fn keep_return(&self, run: ReturnRun) {
        self.inner().returns.push(run);
    }

    pub fn returned(&self, run: &str) -> Option<ReturnRun> {
        self.inner().returns.iter().find(|one| one.run.id() == run).cloned()
    }
}

/// The answer of work that does not look at the token itself, unless it is cancelled first.
pub async fn unless_cancelled<T>(token: &CancellationToken, work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::select! {
        biased;
        () = token.cancelled() => Err(ErrorKind::Cancelled.into()),
        answer = work => answer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_that_begins_anew_cancels_the_one_before() {
        let backups = Backups::default();
        let first = backups.begin("verify");
        let other = backups.begin("compare");
        let second = backups.begin("verify");
        assert!(first.is_cancelled());
        backups.cancel("verify");
        backups.cancel("nothing");
        assert!(second.is_cancelled());
        assert!(!other.is_cancelled());
    }
}
