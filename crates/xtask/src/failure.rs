//! What went wrong, and the way out.

use std::fmt;

/// The result of everything here.
pub type Result<T = ()> = std::result::Result<T, Failure>;

/// A sentence that names the object, and one that names the way out.
#[derive(Debug)]
pub struct Failure {
    what: String,
    remedy: Option<String>,
}

impl Failure {
    /// A failure without a remedy of its own.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: None }
    }

    /// The same with what to do about it.
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// The same with what to do about it, unless that is known already.
    pub fn or_remedy(mut self, remedy: &str) -> Self {
        self.remedy.get_or_insert_with(|| remedy.to_owned());
        self
    }

    /// A file or folder could not be read or written.
    pub fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::new(format!("{}: {error}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error: {}", self.what)?;
        match &self.remedy {
            Some(remedy) => write!(f, "\nHint: {remedy}"),
            None => Ok(()),
        }
    }
}
