//! Passwords: in the operating system's keyring, or asked for each time.
//!
//! A keyring may block for ever (a locked one waits for its prompt), may insist on not being called from an asynchronous
//! runtime, and may not exist. So it lives on a thread of its own that nobody ever joins; a question that is not
//! answered in time is given up, and until the thread comes back the keyring counts as locked.

mod keyring;
mod memory;
mod store;

pub use store::{SecretError, SecretStore};

use crate::{Error, ErrorKind, Result};
use secrecy::SecretString;
use serde::Serialize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;
use tokio::sync::oneshot;
use uuid::Uuid;

/// How long a keyring may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether passwords can be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct KeyringStatus {
    /// It answers.
    pub available: bool,
    /// For example `Secret Service`.
    pub store: String,
    /// Why not, in English.
    pub reason: Option<String>,
}

/// The place where passwords are kept, by profile. Cheap to clone.
#[derive(Clone)]
pub struct Secrets {
    inner: Arc<Inner>,
}

// The name of the store, and nothing that is in it.
impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secrets").field("store", &self.inner.store).finish()
    }
}

struct Inner {
    store: &'static str,
    patience: Duration,
    worker: Mutex<Worker>,
    // Questions are numbered; the keyring is stuck while one that was given up has not been finished.
    asked: AtomicU64,
    finished: AtomicU64,
    given_up: AtomicU64,
}

enum Worker {
    Asleep(Box<dyn SecretStore>),
    Awake(mpsc::Sender<Question>),
    /// The thread could not be started.
    Missing,
}

type Question = Box<dyn FnOnce(&mut dyn SecretStore) + Send>;

/// A question that still gets its number.
type Numbered = Box<dyn FnOnce(u64, &mut dyn SecretStore) + Send>;

impl Secrets {
    /// The keyring of this operating system. Nothing happens before the first question.
    pub fn keyring() -> Self {
        Self::with_store(keyring::Keyring)
    }

    /// Passwords in memory, gone with the process.
    pub fn in_memory() -> Self {
        Self::with_store(memory::Memory::default())
    }

    /// Passwords in this store.
    pub fn with_store(store: impl SecretStore + 'static) -> Self {
        Self::with_patience(store, PATIENCE)
    }

    fn with_patience(store: impl SecretStore + 'static, patience: Duration) -> Self {
        let inner = Inner {
            store: store.name(),
            patience,
            worker: Mutex::new(Worker::Asleep(Box::new(store))),
            asked: AtomicU64::new(0),
            finished: AtomicU64::new(0),
            given_up: AtomicU64::new(0),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Whether the keyring answers. Never makes it prompt.
    pub async fn status(&self) -> KeyringStatus {
        let reason = match self.ask(|store| store.probe()).await {
            Ok(()) => None,
            Err(error) => Some(match error.kind() {
                ErrorKind::KeyringUnavailable { reason } => reason.clone(),
                _ => "it is locked, or does not answer".to_owned(),
            }),
        };
        KeyringStatus { available: reason.is_none(), store: self.inner.store.to_owned(), reason }
    }

    /// The password of a profile, if one is kept.
    ///
    /// # Errors
    /// [`ErrorKind::KeyringUnavailable`]; [`ErrorKind::KeyringLocked`], also when it waits for a prompt.
    pub async fn get(&self, profile: Uuid) -> Result<Option<SecretString>> {
        self.ask(move |store| store.get(&profile.to_string())).await
    }

    /// Keeps the password of a profile.
    ///
    /// # Errors
    /// Like [`Secrets::get`]. When the keyring is unlocked after [`ErrorKind::KeyringLocked`], it may still keep the password.
    pub async fn set(&self, profile: Uuid, password: &SecretString) -> Result<()> {
        let password = password.clone();
        self.ask(move |store| store.set(&profile.to_string(), &password)).await
    }

    /// Forgets the password of a profile; there need not be one.
    ///
    /// # Errors
    /// Like [`Secrets::get`].
    pub async fn remove(&self, profile: Uuid) -> Result<()> {
        self.ask(move |store| store.remove(&profile.to_string())).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&mut dyn SecretStore) -> Result<T, SecretError> + Send + 'static,
    ) -> Result<T> {
        let inner = &self.inner;
        if inner.finished.load(Ordering::SeqCst) < inner.given_up.load(Ordering::SeqCst) {
            return Err(ErrorKind::KeyringLocked.into());
        }
        let (answer, answered) = oneshot::channel();
        let shared = Arc::downgrade(inner);
        let question = Box::new(move |number: u64, store: &mut dyn SecretStore| {
            // Nobody waits any more: a prompt now would surprise, and a late change would too.
            if !answer.is_closed() {
                let _ = answer.send(operation(store));
            }
            if let Some(inner) = shared.upgrade() {
                inner.finished.store(number, Ordering::SeqCst);
            }
        });
        let number = inner.send(question)?;
        match tokio::time::timeout(inner.patience, answered).await {
            Ok(Ok(answer)) => answer.map_err(Error::from),
            Ok(Err(_)) => Err(unavailable("it failed unexpectedly")),
            Err(_) => {
                inner.given_up.fetch_max(number, Ordering::SeqCst);
                tracing::warn!(store = inner.store, "the keyring does not answer; it counts as locked until it does");
                Err(ErrorKind::KeyringLocked.into())
            }
        }
    }
}

impl Inner {
    /// Queues a question, starting the thread for the first one, and returns its number.
    fn send(&self, question: Numbered) -> Result<u64> {
        let mut worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner);
        *worker = match std::mem::replace(&mut *worker, Worker::Missing) {
            Worker::Asleep(store) => start(store).map_or(Worker::Missing, Worker::Awake),
            other => other,
        };
        // Numbered under the lock, so that numbers and the queue have one order.
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let Worker::Awake(questions) = &*worker else {
            return Err(unavailable("its thread cannot be started"));
        };
        let question: Question = Box::new(move |store| question(number, store));
        questions.send(question).map_err(|_| unavailable("it failed unexpectedly"))?;
        Ok(number)
    }
}

/// The thread ends with the last handle, or with the process: it is never joined, because it may be blocked.
fn start(mut store: Box<dyn SecretStore>) -> Option<mpsc::Sender<Question>> {
    let (sender, questions) = mpsc::channel::<Question>();
    let thread = std::thread::Builder::new().name("keyring".into()).spawn(move || {
        for question in questions {
            question(store.as_mut());
        }
    });
    thread.ok().map(|_| sender)
}

fn unavailable(reason: &str) -> Error {
    ErrorKind::KeyringUnavailable { reason: reason.into() }.into()
}

#[cfg(test)]
mod tests;
