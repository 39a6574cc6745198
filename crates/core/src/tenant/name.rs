//! Schema names for new tenants.
//!
//! Tenants that exist may be named in any way that PostgreSQL allows. A new one gets a name that needs no quotes in
//! any tool, driver or connection string.

use crate::connection::Session;
use crate::sql::Statement;
use crate::{Error, ErrorKind, Result};
use sqlx::Row;

const MAX_BYTES: usize = 63;

/// A schema name made from a display name: « Lycée Victor Hugo » → `lycee_victor_hugo`.
///
/// # Errors
/// [`ErrorKind::NameEmpty`]; [`ErrorKind::SchemaNameUnderivable`] when nothing usable is left.
pub fn derive_schema_name(name: &str) -> Result<String> {
    if name.trim().is_empty() {
        return Err(ErrorKind::NameEmpty.into());
    }
    let mut schema = String::new();
    for c in deunicode::deunicode(name).chars() {
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() => schema.push(c),
            // An apostrophe belongs to its word: « l'eau » → `leau` would be worse than `l_eau`.
            _ if !schema.ends_with('_') && !schema.is_empty() => schema.push('_'),
            _ => {}
        }
    }
    schema.truncate(MAX_BYTES);
    let schema = schema.trim_matches('_');
    match schema.chars().next() {
        None => Err(ErrorKind::SchemaNameUnderivable { name: name.to_owned() }.into()),
        Some(c) if c.is_ascii_digit() => Ok(format!("t_{schema}").chars().take(MAX_BYTES).collect()),
        Some(_) => Ok(schema.to_owned()),
    }
}

/// Checks a new tenant's schema name against the rules and against the server: its reserved words and its schemas,
/// whatever their case.
///
/// # Errors
/// The `SchemaName…` kinds.
pub async fn check_schema_name(session: &mut Session, name: &str) -> Result<()> {
    check_schema_names(session, &[name.to_owned()]).await?.pop().unwrap_or(Ok(()))
}

/// There is a schema of exactly this name.
pub(crate) async fn is_taken(session: &mut Session, name: &str) -> Result<bool> {
    let taken = sqlx::query_scalar("select exists (select from pg_catalog.pg_namespace n where n.nspname = $1)");
    Ok(taken.bind(name).fetch_one(session.connection()).await?)
}

/// The same for many names, with one question to the server: a verdict for each, in their order.
///
/// # Errors
/// What the server reports; what is wrong with a name is its verdict.
pub async fn check_schema_names(session: &mut Session, names: &[String]) -> Result<Vec<Result<()>>> {
    // A name with a NUL cannot even be asked about.
    let askable: Vec<&str> =
        names.iter().map(|name| if check_form(name).is_ok() { name.as_str() } else { "" }).collect();
    let rows = sqlx::query(include_str!("names.sql")).bind(&askable).fetch_all(session.connection()).await?;
    let mut verdicts = Vec::new();
    for (name, row) in names.iter().zip(&rows) {
        let (keyword, existing): (bool, Option<String>) = (row.try_get("keyword")?, row.try_get("existing")?);
        verdicts.push(check_form(name).and_then(|()| match existing {
            _ if keyword => Err(ErrorKind::SchemaNameReserved { name: name.clone() }.into()),
            Some(existing) => Err(ErrorKind::SchemaNameTaken { name: name.clone(), existing }.into()),
            None => check_characters(name),
        }));
    }
    Ok(verdicts)
}

/// What can be said without a server, but for the characters: a name that differs from an existing one only in
/// case is better reported as taken.
fn check_form(name: &str) -> Result<()> {
    if name.trim().is_empty() {
        return Err(ErrorKind::NameEmpty.into());
    }
    if name.len() > MAX_BYTES {
        return Err(ErrorKind::SchemaNameTooLong { name: name.to_owned(), bytes: name.len() }.into());
    }
    let lower = name.to_lowercase();
    let reserved = ["public", "information_schema", "cadastre"];
    if lower.starts_with("pg_") || lower.starts_with("_cadastre_") || reserved.contains(&lower.as_str()) {
        return Err(ErrorKind::SchemaNameReserved { name: name.to_owned() }.into());
    }
    if name.contains('\0') {
        return check_characters(name);
    }
    Ok(())
}

fn check_characters(name: &str) -> Result<()> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let wrong = name.chars().find(|c| !allowed(*c)).or_else(|| name.chars().next().filter(char::is_ascii_digit));
    let Some(wrong) = wrong else { return Ok(()) };
    let character = match wrong {
        ' ' => "a space".to_owned(),
        c if c.is_control() => format!("the control character U+{:04X}", c as u32),
        c => c.to_string(),
    };
    let error = Error::new(ErrorKind::SchemaNameCharacters { name: name.to_owned(), character });
    Err(match derive_schema_name(name) {
        Ok(better) => error.hint(format!("Choose another schema name, for example {better}.")),
        Err(_) => error,
    })
}

/// The comment that holds a tenant's display name.
pub(super) fn comment(schema: &crate::sql::Ident, name: &str) -> Statement {
    Statement::of(format_args!("comment on schema {schema} is {};", crate::sql::literal(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_become_plain_identifiers() {
        let derived = |name: &str| derive_schema_name(name).unwrap();
        assert_eq!(derived("Lycée Victor Hugo"), "lycee_victor_hugo");
        assert_eq!(derived("École des métiers de l’eau"), "ecole_des_metiers_de_l_eau");
        assert_eq!(derived("2026 — cohorte"), "t_2026_cohorte");
        assert_eq!(derived("Œuvre & Cie"), "oeuvre_cie");
        assert!(derive_schema_name("  ").is_err());
        assert!(derive_schema_name("!!!").is_err());
    }

    #[test]
    fn reserved_and_long_names_are_refused() {
        assert!(matches!(check_form("PG_x").unwrap_err().kind(), ErrorKind::SchemaNameReserved { .. }));
        assert!(matches!(check_form(&"x".repeat(64)).unwrap_err().kind(), ErrorKind::SchemaNameTooLong { .. }));
        let error = check_characters("a\"b😀").unwrap_err();
        assert!(error.to_string().contains('"'), "{error}");
        assert!(check_characters("1a").is_err());
        assert!(check_characters("_ok_1").is_ok());
    }

    proptest! {
        #[test]
        fn a_derived_name_always_passes_the_rules(name in "\\PC{1,80}") {
            if let Ok(schema) = derive_schema_name(&name) {
                prop_assert!(check_characters(&schema).is_ok(), "{schema}");
                prop_assert!(schema.len() <= 63);
            }
        }
    }
}
