//! Where connection settings can come from besides profiles.

use super::Profile;
use serde::Serialize;

/// A connection that was found on this computer. The password, if there is one, stays where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FoundConnection {
    /// Where: `DATABASE_URL`, `PGHOST …`, `~/.pgpass`, or `service NAME`.
    pub origin: String,
    /// The settings.
    pub profile: Profile,
    /// A password is there too.
    pub has_password: bool,
}
