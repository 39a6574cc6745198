//! Domain names in the form that browsers send.

use crate::{Error, ErrorKind, Result};

/// A domain as the registry keeps it: lower case, international names in their ASCII form (RFC 5891), no final dot. A scheme, a
/// path or a port are refused, since nobody can tell what they were meant to say.
///
/// # Errors
/// [`ErrorKind::RegistryValueInvalid`].
pub fn normalise(domain: &str) -> Result<String> {
    let invalid = |reason: &str| {
        let kind = ErrorKind::RegistryValueInvalid {
            field: "domain".into(),
            value: domain.to_owned(),
            reason: reason.to_owned(),
        };
        Error::new(kind)
    };
    let text = domain.trim().trim_end_matches('.');
    if text.is_empty() {
        return Err(invalid("it is empty"));
    }
    if text.contains("://") || text.contains('/') {
        return Err(invalid("a domain has no scheme and no path"));
    }
    if text.contains(':') {
        return Err(invalid("a domain has no port"));
    }
    let ascii = idna::domain_to_ascii(text).map_err(|_| invalid("it is no name that a browser could ask for"))?;
    if ascii.len() > 253 {
        return Err(invalid("it is longer than 253 characters"));
    }
    let labels = || ascii.split('.');
    if labels().any(str::is_empty) {
        return Err(invalid("two dots follow each other"));
    }
    if labels().any(|label| label.len() > 63) {
        return Err(invalid("a part between two dots is longer than 63 characters"));
    }
    let letters =
        |label: &str| label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b));
    if !labels().all(letters) {
        return Err(invalid("only letters, digits, hyphens and dots are allowed"));
    }
    if labels().any(|label| label.starts_with('-') || label.ends_with('-')) {
        return Err(invalid("a part begins or ends with a hyphen"));
    }
    if labels().next_back().is_some_and(|label| label.contains('_')) {
        return Err(invalid("its last part has an underscore"));
    }
    Ok(ascii)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_take_the_form_of_a_request() {
        let good = |text: &str| normalise(text).unwrap();
        assert_eq!(good(" Lycee-Hugo.PeproScolaire.fr. "), "lycee-hugo.peproscolaire.fr");
        assert_eq!(good("École.fr"), "xn--cole-9oa.fr");
        assert_eq!(good("localhost"), "localhost");
        assert_eq!(good("a_b.example"), "a_b.example");
    }

    #[test]
    fn what_is_no_domain_is_refused_with_the_reason() {
        for (text, reason) in [
            ("", "empty"),
            ("https://a.fr", "scheme"),
            ("a.fr/x", "path"),
            ("a.fr:80", "port"),
            ("a..fr", "dots"),
            ("-a.fr", "hyphen"),
            ("a b.fr", "browser"),
            ("x_y", "underscore"),
            (&format!("{}.fr", "a".repeat(64)), "63"),
        ] {
            let error = normalise(text).unwrap_err().to_string();
            assert!(
                error.contains(reason) || error.contains("browser") || error.contains("letters"),
                "{text}: {error}"
            );
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_stays_as_it_is(text in "\\PC{0,40}") {
            if let Ok(domain) = normalise(&text) {
                prop_assert_eq!(normalise(&domain).unwrap(), domain);
            }
        }
    }
}
