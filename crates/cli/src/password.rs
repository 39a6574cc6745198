//! Asking for a password on the terminal, without showing it.

use cadastre_core::connection::Profile;
use cadastre_core::{Error, ErrorKind, Result};
use secrecy::SecretString;

/// Asks on the terminal itself, whatever the standard streams are.
pub async fn ask(profile: &Profile) -> Result<SecretString> {
    let prompt = crate::output::clean(&format!("Password for {} at {}: ", profile.user, profile.host));
    let asked = tokio::task::spawn_blocking(move || rpassword::prompt_password(prompt).map(SecretString::from));
    match asked.await {
        Ok(Ok(password)) => Ok(password),
        Ok(Err(error)) => Err(unread().source(error)),
        Err(error) => Err(unread().source(error)),
    }
}

fn unread() -> Error {
    Error::new(ErrorKind::Usage { reason: "The password could not be read.".into() })
}
