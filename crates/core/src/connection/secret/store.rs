//! What a keyring must be able to do.

use crate::{Error, ErrorKind};
use secrecy::SecretString;

/// Keeps secrets by account. Called from one thread only, outside of any asynchronous runtime; every call may block.
pub trait SecretStore: Send {
    /// For people: `Secret Service`, `Keychain`, `Credential Manager`.
    fn name(&self) -> &'static str;

    /// Whether it answers, without unlocking anything.
    fn probe(&mut self) -> Result<(), SecretError>;

    /// The secret of an account.
    fn get(&mut self, account: &str) -> Result<Option<SecretString>, SecretError>;

    /// Sets or replaces the secret of an account.
    fn set(&mut self, account: &str, secret: &SecretString) -> Result<(), SecretError>;

    /// Removes the secret of an account, if there is one.
    fn remove(&mut self, account: &str) -> Result<(), SecretError>;
}

/// Why a store did not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretError {
    /// It is locked, and was not unlocked.
    Locked,
    /// It is not there or does not work, for this reason.
    Unavailable(String),
}

impl From<SecretError> for Error {
    fn from(error: SecretError) -> Self {
        match error {
            SecretError::Locked => ErrorKind::KeyringLocked.into(),
            SecretError::Unavailable(reason) => ErrorKind::KeyringUnavailable { reason }.into(),
        }
    }
}
