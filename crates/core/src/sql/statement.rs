//! Text that may be sent to the server.

#![expect(clippy::disallowed_types, reason = "the one module that may assert that SQL is safe")]

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};
use std::fmt::{self, Write};

/// SQL built from constant text, quoted identifiers and quoted literals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Statement(String);

impl Statement {
    /// An empty statement to append to.
    pub fn new() -> Self {
        Self::default()
    }

    /// Formats constant text with [`super::Ident`], [`super::Qualified`] or [`literal`] arguments: `Statement::of(format_args!(…))`.
    pub fn of(parts: fmt::Arguments<'_>) -> Self {
        Self(parts.to_string())
    }

    /// Appends like [`Statement::of`].
    pub fn push(&mut self, parts: fmt::Arguments<'_>) -> &mut Self {
        // Writing to a String cannot fail.
        let _ = self.0.write_fmt(parts);
        self
    }

    /// A script that a person wrote and asked to run: a migration file, a template. Never anything from the window.
    pub fn script(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, to be shown in a plan.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl SqlSafeStr for Statement {
    fn into_sql_str(self) -> SqlStr {
        AssertSqlSafe(self.0).into_sql_str()
    }
}

impl SqlSafeStr for &Statement {
    fn into_sql_str(self) -> SqlStr {
        AssertSqlSafe(self.0.clone()).into_sql_str()
    }
}

/// A quoted string literal that means the same whatever `standard_conforming_strings` is.
pub fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') { format!("E'{}'", quoted.replace('\\', "\\\\")) } else { format!("'{quoted}'") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_quoted() {
        assert_eq!(literal("l'été"), "'l''été'");
        assert_eq!(literal("a\\'b"), "E'a\\\\''b'");
    }
}
