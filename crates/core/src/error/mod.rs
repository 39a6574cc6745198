//! The one error type of Cadastre: what happened (a closed [`ErrorKind`]), the server's own words, and the cause.
//!
//! The English message and the way out are derived from the kind, so the command line and the logs say the same
//! thing everywhere; the window translates `code` and `params` instead.

mod hint;
mod kind;
mod postgres;
mod wire;

pub use kind::{Category, ErrorKind};
pub use postgres::from_sqlx;
pub use wire::WireError;

use std::error::Error as StdError;
use std::fmt;

/// Every fallible function of core returns this.
pub type Result<T, E = Error> = std::result::Result<T, E>;

type Source = Box<dyn StdError + Send + Sync + 'static>;

/// What went wrong, with everything needed to say it to a person and to decide what to do next.
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    detail: Option<String>,
    hint: Option<String>,
    sqlstate: Option<String>,
    context: Option<String>,
    source: Option<Source>,
}

impl Error {
    /// An error of this kind, with the kind's own hint.
    pub fn new(kind: ErrorKind) -> Self {
        Self { inner: Box::new(Inner { kind, detail: None, hint: None, sqlstate: None, context: None, source: None }) }
    }

    /// Attaches the cause; its text is never copied into the message.
    pub fn source(mut self, source: impl Into<Source>) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    /// Adds a second sentence, for example the server's `DETAIL`.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.inner.detail = Some(detail.into());
        self
    }

    /// Replaces the kind's hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.inner.hint = Some(hint.into());
        self
    }

    /// Records the server's SQLSTATE.
    pub fn with_sqlstate(mut self, sqlstate: impl Into<String>) -> Self {
        self.inner.sqlstate = Some(sqlstate.into());
        self
    }

    /// Replaces the kind and keeps detail, SQLSTATE and cause: for callers that know more than the server said.
    pub fn as_kind(mut self, kind: ErrorKind) -> Self {
        self.inner.kind = kind;
        self
    }

    /// What happened.
    pub fn kind(&self) -> &ErrorKind {
        &self.inner.kind
    }

    /// The server's SQLSTATE, when the server reported the error.
    pub fn sqlstate(&self) -> Option<&str> {
        self.inner.sqlstate.as_deref()
    }

    /// Where the server was when it failed (its CONTEXT), for example the line of a `COPY`.
    pub fn context(&self) -> Option<&str> {
        self.inner.context.as_deref()
    }

    pub(super) fn with_context(mut self, context: impl Into<String>) -> Self {
        self.inner.context = Some(context.into());
        self
    }

    /// A second sentence, usually the server's.
    pub fn detail_text(&self) -> Option<&str> {
        self.inner.detail.as_deref()
    }

    /// What to do about it, in English.
    pub fn hint_text(&self) -> Option<String> {
        self.inner.hint.clone().or_else(|| self.inner.kind.hint())
    }

    /// The causes, outermost first, without those that only repeat what the message or the detail says.
    pub fn causes(&self) -> Vec<String> {
        let message = self.to_string();
        let said = |text: &str| {
            message.contains(text.trim_end_matches('.')) || self.detail_text().is_some_and(|d| d.contains(text))
        };
        let mut causes: Vec<String> = Vec::new();
        let mut next = StdError::source(self);
        while let Some(cause) = next {
            let server = postgres::words(cause);
            // What is behind the server's error is that error again.
            next = if server.is_some() { None } else { cause.source() };
            let text = server.unwrap_or_else(|| cause.to_string());
            if !said(&text) && !causes.contains(&text) {
                causes.push(text);
            }
        }
        causes
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.inner.kind)
    }
}

// Not derived: the causes may be sqlx errors whose `Debug` is long; the messages are what a log needs.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("message", &self.to_string())
            .field("detail", &self.inner.detail)
            .field("sqlstate", &self.inner.sqlstate)
            .field("causes", &self.causes())
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner.source.as_deref().map(|e| e as &(dyn StdError + 'static))
    }
}
