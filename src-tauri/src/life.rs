//! What became of tenants that this window cloned and dropped.

use cadastre_core::quarantine::{DropRun, Dropped};
use cadastre_core::tenant::CloneRun;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Lives as long as the program: a window that was reloaded finds it again.
#[derive(Default)]
pub struct Life {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    clones: Vec<CloneRun>,
    drops: Vec<DropRun>,
}

impl Life {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn keep_clone(&self, clone: CloneRun) {
        self.inner().clones.push(clone);
    }

    pub fn keep_drop(&self, drop: DropRun) {
        self.inner().drops.push(drop);
    }

    /// What is not as in the source.
    pub fn clone_remarks(&self, run: &str) -> Vec<String> {
        let found = self.inner().clones.iter().find(|clone| clone.run.id() == run).cloned();
        found.map(|clone| clone.remarks()).unwrap_or_default()
    }

    /// What the run has come to, once it has.
    pub fn dropped(&self, run: &str) -> Option<Dropped> {
        let found = self.inner().drops.iter().find(|drop| drop.run.id() == run).cloned();
        found.and_then(|drop| drop.dropped())
    }
}
