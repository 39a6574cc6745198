//! Passwords: in the operating system's keyring, or asked for each time.

use serde::Serialize;

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
