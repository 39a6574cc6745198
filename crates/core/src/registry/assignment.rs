//! `field=value` as people write it, checked before anything is asked of a server.

use super::{Domain, Entry, Image, ImageUsage, Module};
use crate::{Error, ErrorKind, Result};

/// The names of an entry's fields, as they are assigned.
pub const FIELDS: &[&str] = &[
    "name",
    "kind",
    "email",
    "phone",
    "address",
    "postal_code",
    "city",
    "primary_color",
    "secondary_color",
    "notes",
    "people_limit",
    "storage_limit",
    "template",
    "role",
];

/// One change of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assignment {
    /// One of [`FIELDS`] with its value in its stored form; `None` empties it. Of a limit, empty is none.
    Field(&'static str, Option<String>),
    /// An own field; `None` takes it away.
    Own(String, Option<String>),
    /// A name where the tenant answers. The first one of a tenant is its primary one.
    AddDomain(String),
    /// … and not any more.
    RemoveDomain(String),
    /// The primary one of its names; it is added where the tenant does not have it.
    PrimaryDomain(String),
    /// Whether a name of the tenant leads to it.
    DomainActive(String, bool),
    /// A part of the application.
    Module(String, bool),
    /// Logo or favicon; `None` takes it away.
    Image(ImageUsage, Option<Image>),
}

/// Reads `field=value`. An empty value empties the field. What is none of [`FIELDS`] is an own field, unless it looks like a
/// slip of the pen.
///
/// # Errors
/// [`ErrorKind::RegistryValueInvalid`], [`ErrorKind::RegistryFieldUnknown`].
pub fn parse(field: &str, value: &str) -> Result<Assignment> {
    let field = field.trim();
    let value = Some(value.trim()).filter(|value| !value.is_empty());
    let known = match field {
        "type" => Some("kind"),
        _ => FIELDS.iter().find(|known| **known == field).copied(),
    };
    let invalid = |reason: String| {
        let value = value.unwrap_or_default().to_owned();
        Error::new(ErrorKind::RegistryValueInvalid { field: field.to_owned(), value, reason })
    };
    let Some(known) = known else {
        if let Some(near) = near(field) {
            let kind = ErrorKind::RegistryFieldUnknown { field: field.to_owned(), near: near.to_owned() };
            return Err(kind.into());
        }
        let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-' || c == ' ' || c == '.';
        if field.is_empty() || field.chars().count() > 63 || !field.chars().all(is_name) {
            return Err(invalid("a field's name has letters, digits, spaces, hyphens, dots and underscores".into()));
        }
        if value.is_some_and(|value| value.chars().count() > 10_000) {
            return Err(invalid("it is longer than 10,000 characters".into()));
        }
        return Ok(Assignment::Own(field.to_owned(), value.map(str::to_owned)));
    };
    let longest = match known {
        "name" => 200,
        "kind" | "city" => 100,
        "phone" => 50,
        "postal_code" => 20,
        "email" => 254,
        "address" => 500,
        "notes" => 10_000,
        _ => 100,
    };
    if value.is_some_and(|value| value.chars().count() > longest) {
        return Err(invalid(format!("it is longer than {longest} characters")));
    }
    if value.is_some_and(|value| value.contains('\0')) {
        return Err(invalid("it contains a NUL character".into()));
    }
    let stored = match (known, value) {
        ("name", None) => return Err(ErrorKind::NameEmpty.into()),
        ("email", Some(value)) if !is_email(value) => return Err(invalid("it is no e-mail address".into())),
        ("primary_color" | "secondary_color", Some(value)) => {
            let color = value.to_ascii_lowercase();
            let color = if color.starts_with('#') { color } else { format!("#{color}") };
            let hexadecimal = color.len() == 7 && color[1..].bytes().all(|b| b.is_ascii_hexdigit());
            Some(hexadecimal.then_some(color).ok_or_else(|| invalid("a colour is written #rrggbb".into()))?)
        }
        ("people_limit", Some(value)) => {
            let people = value.replace([' ', '\u{a0}', '\u{202f}', ','], "").parse::<u32>();
            Some(people.map_err(|_| invalid("it is no number of people".into()))?.to_string())
        }
        ("storage_limit", Some(value)) => {
            Some(bytes(value).ok_or_else(|| invalid("write it like 50 GB, 500 MB or as bytes".into()))?.to_string())
        }
        (_, value) => value.map(str::to_owned),
    };
    Ok(Assignment::Field(known, stored))
}

/// A part of the application that a tenant has; `-name` or `!name` is one that it has not.
///
/// # Errors
/// [`ErrorKind::RegistryValueInvalid`].
pub fn parse_module(text: &str) -> Result<Assignment> {
    let text = text.trim();
    let (module, enabled) = match text.strip_prefix(['-', '!']) {
        Some(module) => (module.trim(), false),
        None => (text, true),
    };
    let reason = match module.chars().count() {
        0 => "it is empty",
        101.. => "it is longer than 100 characters",
        _ if module.contains(char::is_control) => "it has a control character",
        _ => return Ok(Assignment::Module(module.to_owned(), enabled)),
    };
    Err(ErrorKind::RegistryValueInvalid { field: "module".into(), value: text.to_owned(), reason: reason.into() }
        .into())
}

fn is_email(text: &str) -> bool {
    let Some((person, host)) = text.rsplit_once('@') else { return false };
    !person.is_empty() && !person.contains('@') && !host.is_empty() && !text.contains(char::is_whitespace)
}

/// A size in PostgreSQL's own units: `kB`, `MB`, `GB`, `TB` are powers of 1,024.
fn bytes(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: i64 = text[..digits].parse().ok()?;
    let shift = match text[digits..].trim().to_ascii_lowercase().as_str() {
        "" | "b" | "bytes" | "o" => 0,
        "kb" | "kib" | "ko" => 10,
        "mb" | "mib" | "mo" => 20,
        "gb" | "gib" | "go" => 30,
        "tb" | "tib" | "to" => 40,
        _ => return None,
    };
    number.checked_mul(1 << shift)
}

/// A field that somebody may have meant.
fn near(field: &str) -> Option<&'static str> {
    let written = field.to_lowercase().replace(['-', ' '], "_");
    FIELDS
        .iter()
        .copied()
        .find(|known| strsim::damerau_levenshtein(known, &written) <= 1 + usize::from(known.len() > 7))
}

impl Assignment {
    /// What an entry is afterwards, as far as it can be told without the server: what is proven after a change.
    pub(crate) fn apply(&self, entry: &mut Entry) {
        match self {
            Self::Field(field, value) => {
                let (value, identity) = (value.clone(), &mut entry.identity);
                let number = || value.as_deref().and_then(|value| value.parse().ok());
                match *field {
                    "name" => entry.name = value.unwrap_or_default(),
                    "kind" => identity.kind = value,
                    "email" => identity.email = value,
                    "phone" => identity.phone = value,
                    "address" => identity.address = value,
                    "postal_code" => identity.postal_code = value,
                    "city" => identity.city = value,
                    "primary_color" => identity.primary_color = value,
                    "secondary_color" => identity.secondary_color = value,
                    "notes" => identity.notes = value,
                    "people_limit" => entry.quotas.people = number(),
                    "storage_limit" => entry.quotas.storage_bytes = number(),
                    "template" => entry.template = value,
                    "role" => entry.role = value,
                    _ => {}
                }
            }
            Self::Own(field, Some(value)) => {
                entry.fields.insert(field.clone(), value.clone());
            }
            Self::Own(field, None) => {
                entry.fields.remove(field);
            }
            Self::AddDomain(domain) => {
                if !entry.domains.iter().any(|d| d.domain == *domain) {
                    let primary = entry.domains.is_empty();
                    entry.domains.push(Domain { domain: domain.clone(), primary, active: true });
                }
            }
            Self::RemoveDomain(domain) => {
                entry.domains.retain(|d| d.domain != *domain);
            }
            Self::PrimaryDomain(domain) => {
                Self::AddDomain(domain.clone()).apply(entry);
                entry.domains.iter_mut().for_each(|d| d.primary = d.domain == *domain);
            }
            Self::DomainActive(domain, active) => {
                entry.domains.iter_mut().filter(|d| d.domain == *domain).for_each(|d| d.active = *active);
            }
            Self::Module(module, enabled) => {
                entry.modules.retain(|m| m.module != *module);
                entry.modules.push(Module { module: module.clone(), enabled: *enabled });
            }
            Self::Image(usage, image) => {
                entry.images.retain(|i| i.usage != usage.name());
                if let Some(image) = image {
                    entry.images.push(super::read::info(*usage, image));
                }
            }
        }
        entry.domains.sort_by(|a, b| (!a.primary, &a.domain).cmp(&(!b.primary, &b.domain)));
        entry.modules.sort();
        entry.images.sort_by(|a, b| a.usage.cmp(&b.usage));
    }

    /// In words, for a plan.
    pub fn words(&self) -> String {
        match self {
            Self::Field(field, Some(value)) => format!("{field}: {value}"),
            Self::Own(field, Some(value)) => format!("{field}: {value}"),
            Self::Field(field, None) => format!("{field}: none"),
            Self::Own(field, None) => format!("{field}: none"),
            Self::AddDomain(domain) => format!("domain {domain}"),
            Self::RemoveDomain(domain) => format!("domain {domain} away"),
            Self::PrimaryDomain(domain) => format!("primary domain {domain}"),
            Self::DomainActive(domain, true) => format!("domain {domain} on"),
            Self::DomainActive(domain, false) => format!("domain {domain} off"),
            Self::Module(module, true) => format!("module {module} on"),
            Self::Module(module, false) => format!("module {module} off"),
            Self::Image(usage, Some(image)) => {
                format!("{}: {}, {} bytes", usage.name(), image.media_type, image.content.len())
            }
            Self::Image(usage, None) => format!("{}: none", usage.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(field: &str, value: &str) -> Option<String> {
        match parse(field, value).unwrap() {
            Assignment::Field(_, value) | Assignment::Own(_, value) => value,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn values_are_kept_in_one_form() {
        assert_eq!(field("primary_color", "2E7D32").as_deref(), Some("#2e7d32"));
        assert_eq!(field("storage_limit", "50 GB").as_deref(), Some("53687091200"));
        assert_eq!(field("storage_limit", "50 Go").as_deref(), Some("53687091200"));
        assert_eq!(field("people_limit", "1 500").as_deref(), Some("1500"));
        assert_eq!(field("people_limit", ""), None);
        assert_eq!(parse("type", "lycee").unwrap(), Assignment::Field("kind", Some("lycee".into())));
        assert_eq!(parse("uai", "0750001A").unwrap(), Assignment::Own("uai".into(), Some("0750001A".into())));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (field, value) in [
            ("primary_color", "green"),
            ("email", "nobody"),
            ("people_limit", "many"),
            ("storage_limit", "50 apples"),
            ("name", " "),
            ("a=b", "x"),
        ] {
            assert!(parse(field, value).is_err(), "{field}={value}");
        }
        let error = parse("emial", "a@b.fr").unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::RegistryFieldUnknown { near, .. } if near == "email"), "{error}");
        assert!(parse("postal-code", "75001").unwrap_err().to_string().contains("postal_code"));
    }
}
