//! Secrets that are gone with the process.

use super::{SecretError, SecretStore};
use secrecy::SecretString;
use std::collections::HashMap;

#[derive(Default)]
pub(super) struct Memory {
    secrets: HashMap<String, SecretString>,
}

impl SecretStore for Memory {
    fn name(&self) -> &'static str {
        "Memory"
    }

    fn probe(&mut self) -> Result<(), SecretError> {
        Ok(())
    }

    fn get(&mut self, account: &str) -> Result<Option<SecretString>, SecretError> {
        Ok(self.secrets.get(account).cloned())
    }

    fn set(&mut self, account: &str, secret: &SecretString) -> Result<(), SecretError> {
        self.secrets.insert(account.to_owned(), secret.clone());
        Ok(())
    }

    fn remove(&mut self, account: &str) -> Result<(), SecretError> {
        self.secrets.remove(account);
        Ok(())
    }
}
