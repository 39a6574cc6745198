//! Quoted identifiers.

use crate::{Error, ErrorKind, Result};
use std::fmt;

/// PostgreSQL keeps `NAMEDATALEN - 1` bytes of an identifier.
pub const MAX_BYTES: usize = 63;

/// A valid identifier. `Display` is its quoted form, always with quotes, so that no keyword list is needed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ident(String);

impl Ident {
    /// Accepts what PostgreSQL can store as a name.
    ///
    /// # Errors
    /// An empty name, one over 63 bytes, or one with a NUL.
    pub fn new(name: impl Into<String>) -> Result<Self> {
        let name = name.into();
        let reason = if name.is_empty() {
            "it is empty"
        } else if name.len() > MAX_BYTES {
            "it is longer than 63 bytes"
        } else if name.contains('\0') {
            "it contains a NUL character"
        } else {
            return Ok(Self(name));
        };
        Err(Error::new(ErrorKind::IdentifierInvalid { reason: reason.into() }).detail(name.replace('\0', "\\0")))
    }

    /// The bare name.
    pub fn name(&self) -> &str {
        &self.0
    }

    /// `self.object`
    pub fn qualify(&self, object: &Ident) -> Qualified {
        Qualified { schema: self.clone(), object: object.clone() }
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.replace('"', "\"\""))
    }
}

/// A schema-qualified name. `Display` is its quoted form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Qualified {
    schema: Ident,
    object: Ident,
}

impl fmt::Display for Qualified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.object)
    }
}

/// Whether a text names a schema: its name stands there as a word, in any case, or within quotes with its own quotes doubled.
/// A text may mean something else by it.
pub(crate) fn names_schema(text: &str, schema: &str) -> bool {
    let text = text.to_lowercase();
    let in_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let found = |name: &str| {
        text.match_indices(name).any(|(at, _)| {
            let (before, behind) = (text[..at].chars().next_back(), text[at + name.len()..].chars().next());
            !before.is_some_and(in_name) && !behind.is_some_and(in_name)
        })
    };
    let name = schema.to_lowercase();
    found(&name) || (name.contains('"') && found(&name.replace('"', "\"\"")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quotes_are_doubled_and_case_is_kept() {
        assert_eq!(Ident::new("Ac\"me").unwrap().to_string(), "\"Ac\"\"me\"");
    }

    #[test]
    fn what_the_server_would_cut_or_refuse_is_refused() {
        assert!(Ident::new("").is_err());
        assert!(Ident::new("a\0b").is_err());
        assert!(Ident::new("x".repeat(64)).is_err());
        assert!(Ident::new("é".repeat(32)).is_err());
    }

    proptest! {
        #[test]
        fn a_quoted_identifier_reads_back_as_itself(name in "[^\0]{1,15}") {
            let quoted = Ident::new(name.clone()).unwrap().to_string();
            let inner = &quoted[1..quoted.len() - 1];
            prop_assert_eq!(inner.replace("\"\"", "\""), name);
            prop_assert_eq!(inner.replace("\"\"", "").matches('"').count(), 0);
        }
    }

    #[test]
    fn a_schema_is_named_as_a_word_in_any_spelling() {
        assert!(names_schema("execute 'select 1 from acme.t'", "acme"));
        assert!(names_schema("set search_path = \"acme\"", "acme"));
        assert!(names_schema("select acme_2.x, ACME.y", "acme"));
        assert!(names_schema("select from \"Ref \"\"é\"\".x\".person", "Ref \"é\".x"));
        assert!(!names_schema("acme_2.t, other_acme, \0i.t", "acme"));
    }
}
