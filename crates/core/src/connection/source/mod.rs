//! Where connection settings come from besides profiles: a URL, the environment, `~/.pgpass`, `pg_service.conf`.
//!
//! The same names, files and order as libpq, read by our own code: an unknown URL parameter or a malformed one is
//! reported by its name, never with its value, because the value may be a password.

mod discover;
mod draft;
mod env;
mod options;
mod pgpass;
mod resolve;
mod service;
mod url;

pub use discover::{FoundConnection, discover, from_url};
pub use env::ProcessEnv;
pub use pgpass::ignored as ignored_password_file;
pub use resolve::{Origin, Resolved, Sources, find_password, resolve};
pub use url::names_password;

use crate::{Error, ErrorKind};

fn invalid(setting: &str, reason: &str) -> Error {
    Error::new(ErrorKind::SettingInvalid { setting: setting.into(), reason: reason.into() })
}

/// Whether this can be the name of a setting; anything else may be a piece of a password and is not repeated.
fn is_keyword(text: &str) -> bool {
    text.len() <= 40 && !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
