//! Taking a password out of what another program wrote.

use crate::connection::percent_encode;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeSet;
use std::fmt;

/// What stands in its place.
const MARK: &[u8] = b"[password]";

/// Knows the ways in which a password may be written: as it is, in a URL, quoted by a programming language, in
/// hexadecimal and in base64.
pub(crate) struct Redactor {
    /// Longest first.
    patterns: Vec<Vec<u8>>,
}

impl Redactor {
    /// For the password of a connection. Without one there is nothing to take out.
    pub fn new(password: Option<&SecretString>) -> Self {
        let mut patterns = BTreeSet::new();
        if let Some(password) = password.map(ExposeSecret::expose_secret).filter(|p| !p.is_empty()) {
            let bytes = password.as_bytes();
            let encoded = percent_encode(password);
            patterns.insert(encoded.replace("%20", "+").into_bytes());
            patterns.insert(lower_escapes(&encoded).into_bytes());
            // Python's urllib leaves the slash, JavaScript leaves more.
            patterns.insert(encoded.replace("%2F", "/").into_bytes());
            patterns.insert(encoded.into_bytes());
            let escaped = password.replace('\\', "\\\\");
            patterns.insert(escaped.replace('\'', "\\'").into_bytes());
            patterns.insert(escaped.replace('"', "\\\"").into_bytes());
            patterns.insert(password.replace('\'', "''").into_bytes());
            patterns.insert(escaped.into_bytes());
            patterns.insert(bytes.to_vec());
            let hex = super::super::hex(bytes);
            // Short ones would be found everywhere.
            if bytes.len() >= 6 {
                patterns.insert(hex.to_uppercase().into_bytes());
                patterns.insert(hex.into_bytes());
                patterns.extend((0..3).map(|offset| base64_core(bytes, offset)));
            }
        }
        let mut patterns: Vec<Vec<u8>> = patterns.into_iter().filter(|pattern| !pattern.is_empty()).collect();
        patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.len()));
        Self { patterns }
    }

    /// How many bytes before a cut must be looked at, so that no half of a password is left behind it.
    pub fn longest(&self) -> usize {
        self.patterns.first().map_or(0, Vec::len)
    }

    /// Whether the password is in there.
    pub fn finds(&self, text: &str) -> bool {
        (0..text.len()).any(|at| self.at(&text.as_bytes()[at..]).is_some())
    }

    /// The text without the password. The first `skip` bytes are looked at and left out, but for a password that
    /// begins there.
    pub fn redact(&self, bytes: &[u8], skip: usize) -> Vec<u8> {
        let mut redacted = Vec::with_capacity(bytes.len());
        let mut at = 0;
        while at < bytes.len() {
            if let Some(length) = self.at(&bytes[at..]) {
                if at + length > skip {
                    redacted.extend_from_slice(MARK);
                }
                at += length;
                continue;
            }
            if at >= skip {
                redacted.push(bytes[at]);
            }
            at += 1;
        }
        redacted
    }

    fn at(&self, rest: &[u8]) -> Option<usize> {
        self.patterns.iter().find(|pattern| rest.starts_with(pattern)).map(Vec::len)
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor").finish_non_exhaustive()
    }
}

/// `%2F` → `%2f`.
fn lower_escapes(text: &str) -> String {
    let mut digits = 0;
    text.chars()
        .map(|c| {
            if c == '%' {
                digits = 2;
                return c;
            }
            let escaped = digits > 0;
            digits -= i32::from(escaped);
            if escaped { c.to_ascii_lowercase() } else { c }
        })
        .collect()
}

/// The characters of base64 that are certain when `offset` bytes stand before, whatever they are and whatever follows.
fn base64_core(bytes: &[u8], offset: usize) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let skip = (3 - offset) % 3;
    let groups = bytes.get(skip..).unwrap_or_default().chunks_exact(3);
    let numbers = groups.map(|g| u32::from(g[0]) << 16 | u32::from(g[1]) << 8 | u32::from(g[2]));
    numbers.flat_map(|n| [18, 12, 6, 0].map(|shift| DIGITS[(n >> shift & 63) as usize])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(password: &str, text: &str) -> String {
        let redactor = Redactor::new(Some(&SecretString::from(password)));
        String::from_utf8(redactor.redact(text.as_bytes(), 0)).unwrap()
    }

    #[test]
    fn a_password_goes_however_it_is_written() {
        let password = "p@ss/word '1' ü";
        for text in [
            "x p@ss/word '1' ü y",
            "x p%40ss%2Fword%20%271%27%20%C3%BC y",
            "x p%40ss%2fword%20%271%27%20%c3%bc y",
            "x p%40ss/word%20%271%27%20%C3%BC y",
            "x p@ss/word \\'1\\' ü y",
            "x p@ss/word ''1'' ü y",
        ] {
            assert_eq!(redacted(password, text), "x [password] y");
        }
        assert!(!redacted("secret-word", "c2VjcmV0LXdvcmQ= 7365637265742d776f7264").contains("c2VjcmV0"));
        assert_eq!(redacted("", "x"), "x");
    }

    #[test]
    fn no_half_of_a_password_is_left_at_a_cut() {
        let redactor = Redactor::new(Some(&"secret".into()));
        let text = b"cret, and secret, and more";
        let skip = redactor.longest();
        assert_eq!(String::from_utf8(redactor.redact(text, skip)).unwrap(), "[password], and more".to_owned());
    }
}
