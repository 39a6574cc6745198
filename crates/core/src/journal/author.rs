//! Who sits at this computer.

use std::fmt;

/// The person and the computer, by their names in the operating system; `unknown` where it does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Author {
    pub person: String,
    pub computer: String,
}

impl Author {
    /// Whoever runs this program, here.
    pub fn here() -> Self {
        Self {
            person: whoami::username().unwrap_or_else(|_| "unknown".into()),
            computer: whoami::hostname().unwrap_or_else(|_| "unknown".into()),
        }
    }
}

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.person, self.computer)
    }
}
