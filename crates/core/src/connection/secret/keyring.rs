//! The operating system's keyring: Secret Service, Keychain or Credential Manager.

use super::{SecretError, SecretStore};
use keyring::Entry;
use keyring::Error as KeyringError;
use secrecy::{ExposeSecret, SecretString};

/// What our entries are called in the keyring.
const SERVICE: &str = "cadastre";

pub(super) struct Keyring;

impl Keyring {
    fn entry(account: &str) -> Result<Entry, SecretError> {
        // keyring remembers for the life of the process that there was no bus; so ask it only when there is one.
        session_bus()?;
        if let Err(error) = Entry::store_status() {
            return Err(translate(error));
        }
        Entry::new(SERVICE, account).map_err(|e| translate(&e))
    }
}

impl SecretStore for Keyring {
    fn name(&self) -> &'static str {
        if cfg!(target_os = "macos") {
            "Keychain"
        } else if cfg!(windows) {
            "Credential Manager"
        } else {
            "Secret Service"
        }
    }

    fn probe(&mut self) -> Result<(), SecretError> {
        // Looking for an entry that never exists unlocks nothing.
        self.get("probe").map(drop)
    }

    fn get(&mut self, account: &str) -> Result<Option<SecretString>, SecretError> {
        match Self::entry(account)?.get_password() {
            Ok(password) => Ok(Some(password.into())),
            Err(KeyringError::NoEntry) => Ok(None),
            Err(error) => Err(translate(&error)),
        }
    }

    fn set(&mut self, account: &str, secret: &SecretString) -> Result<(), SecretError> {
        Self::entry(account)?.set_password(secret.expose_secret()).map_err(|e| translate(&e))
    }

    fn remove(&mut self, account: &str) -> Result<(), SecretError> {
        match Self::entry(account)?.delete_credential() {
            Ok(()) | Err(KeyringError::NoEntry) => Ok(()),
            Err(error) => Err(translate(&error)),
        }
    }
}

/// Only the message is kept: the `Debug` form of some errors holds the secret's bytes.
fn translate(error: &KeyringError) -> SecretError {
    match error {
        KeyringError::NoStorageAccess(_) => SecretError::Locked,
        other => SecretError::Unavailable(other.to_string()),
    }
}

/// Whether this process can reach a session bus at all, which a server or a scheduled task cannot.
#[cfg(all(unix, not(target_os = "macos")))]
fn session_bus() -> Result<(), SecretError> {
    let named = std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some_and(|address| !address.is_empty());
    let standard = std::env::var_os("XDG_RUNTIME_DIR").map(|folder| std::path::Path::new(&folder).join("bus"));
    if named || standard.is_some_and(|socket| socket.exists()) {
        return Ok(());
    }
    Err(SecretError::Unavailable("there is no session bus".into()))
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn session_bus() -> Result<(), SecretError> {
    Ok(())
}
