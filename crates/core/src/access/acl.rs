//! Rights on a schema: read, taken from everybody but the owner, and given back exactly.

use crate::connection::Session;
use crate::sql::{Ident, Statement};
use crate::{Error, ErrorKind, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::postgres::types::Oid;

/// One right on a schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Grant {
    /// The role that gave it.
    pub grantor: String,
    /// The role that has it; none stands for PUBLIC.
    pub grantee: Option<String>,
    /// `USAGE` or `CREATE`.
    pub privilege: Privilege,
    /// It may be passed on.
    pub grantable: bool,
}

/// What can be granted on a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Privilege {
    /// Looking objects up.
    Usage,
    /// Making objects.
    Create,
}

/// A schema's owner, comment and rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rights {
    pub(crate) owner: String,
    pub(crate) comment: Option<String>,
    /// None where nobody has ever granted or revoked anything: then only the owner has rights.
    pub(crate) acl: Option<Vec<Grant>>,
    /// The server's clock.
    pub(crate) now: DateTime<Utc>,
}

/// Reads the rights on a schema; nothing when there is no such schema.
pub(crate) async fn rights(session: &mut Session, namespace: u32) -> Result<Option<Rights>> {
    let query = sqlx::query(include_str!("acl.sql")).persistent(false).bind(Oid(namespace));
    let Some(row) = query.fetch_optional(session.connection()).await? else { return Ok(None) };
    let granted: bool = row.try_get("granted")?;
    let grants: String = row.try_get("grants")?;
    let grants: Vec<Grant> = serde_json::from_str(&grants).map_err(|e| {
        Error::new(ErrorKind::Internal { what: "the rights on the schema cannot be read".into() }).source(e)
    })?;
    Ok(Some(Rights {
        owner: row.try_get("owner")?,
        comment: row.try_get("comment")?,
        acl: granted.then_some(grants),
        now: row.try_get("now")?,
    }))
}

/// Takes every right from everybody but the owner. What others have passed on goes with the right that they passed on.
pub(crate) fn revoke_all(schema: &Ident, rights: &Rights) -> Result<Statement> {
    let mut statement = Statement::new();
    for grantee in grantees(rights.acl.as_deref().unwrap_or_default()) {
        if grantee != Some(rights.owner.as_str()) {
            statement.push(format_args!("revoke all on schema {schema} from {} cascade; ", role(grantee)?));
        }
    }
    Ok(statement)
}

/// Gives back what the record says, from a state in which only the owner has rights. Roles that do not exist any more are left
/// out. The owner's grants come first, in their order; then what others had passed on, each as the one who did.
pub(crate) fn restore(schema: &Ident, owner: &str, acl: &[Grant], missing: &[String]) -> Result<Statement> {
    let mut statement = Statement::new();
    let exists = |name: &str| !missing.iter().any(|m| m == name);
    // An empty list of rights, where not even the owner has any, is a state of its own.
    statement.push(format_args!("revoke all on schema {schema} from {} cascade; ", Ident::new(owner)?));
    let mut waiting: Vec<&Grant> =
        acl.iter().filter(|grant| exists(&grant.grantor) && grant.grantee.as_deref().is_none_or(exists)).collect();
    let mut may_grant: Vec<(&str, Privilege)> = vec![(owner, Privilege::Usage), (owner, Privilege::Create)];
    while !waiting.is_empty() {
        let count = waiting.len();
        let mut left = Vec::new();
        for grant in waiting {
            if !may_grant.contains(&(grant.grantor.as_str(), grant.privilege)) {
                left.push(grant);
                continue;
            }
            let right = match grant.privilege {
                Privilege::Usage => "usage",
                Privilege::Create => "create",
            };
            let option = if grant.grantable { " with grant option" } else { "" };
            let grantee = role(grant.grantee.as_deref())?;
            if grant.grantor == owner {
                statement.push(format_args!("grant {right} on schema {schema} to {grantee}{option}; "));
            } else {
                statement.push(format_args!(
                    "set local role {}; grant {right} on schema {schema} to {grantee}{option}; reset role; ",
                    Ident::new(grant.grantor.as_str())?
                ));
            }
            if let (true, Some(grantee)) = (grant.grantable, grant.grantee.as_deref()) {
                may_grant.push((grantee, grant.privilege));
            }
        }
        // Nobody could have granted what is left.
        if left.len() == count {
            break;
        }
        waiting = left;
    }
    Ok(statement)
}

/// The rights that no list of rights stands for: the owner's own.
pub(crate) fn effective(acl: Option<&[Grant]>, owner: &str) -> Vec<Grant> {
    let mut acl = acl.map_or_else(
        || {
            let own = |privilege| Grant {
                grantor: owner.to_owned(),
                grantee: Some(owner.to_owned()),
                privilege,
                grantable: false,
            };
            vec![own(Privilege::Usage), own(Privilege::Create)]
        },
        <[Grant]>::to_vec,
    );
    acl.sort();
    acl
}

/// The same rights after the schema was given to another owner, in whose name PostgreSQL keeps the former owner's grants.
pub(crate) fn handed_over(acl: &[Grant], from: &str, to: &str) -> Vec<Grant> {
    let name = |name: &str| if name == from { to.to_owned() } else { name.to_owned() };
    acl.iter()
        .map(|grant| Grant {
            grantor: name(&grant.grantor),
            grantee: grant.grantee.as_deref().map(name),
            ..grant.clone()
        })
        .collect()
}

/// Roles of the record that do not exist any more.
pub(crate) async fn missing_roles(session: &mut Session, acl: &[Grant]) -> Result<Vec<String>> {
    let mut names: Vec<&str> =
        acl.iter().flat_map(|g| [Some(g.grantor.as_str()), g.grantee.as_deref()]).flatten().collect();
    names.sort_unstable();
    names.dedup();
    let query = "select x.name from pg_catalog.unnest($1::pg_catalog.text[]) x (name) \
                 where not exists (select from pg_catalog.pg_roles r where r.rolname = x.name)";
    let rows = sqlx::query(query).persistent(false).bind(&names).fetch_all(session.connection()).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

fn grantees(acl: &[Grant]) -> Vec<Option<&str>> {
    let mut grantees: Vec<Option<&str>> = acl.iter().map(|grant| grant.grantee.as_deref()).collect();
    grantees.sort_unstable();
    grantees.dedup();
    grantees
}

fn role(name: Option<&str>) -> Result<String> {
    match name {
        Some(name) => Ok(Ident::new(name)?.to_string()),
        None => Ok("public".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(grantor: &str, grantee: Option<&str>, grantable: bool) -> Grant {
        Grant { grantor: grantor.into(), grantee: grantee.map(Into::into), privilege: Privilege::Usage, grantable }
    }

    #[test]
    fn hostile_names_of_roles_stay_names() {
        let schema = Ident::new("s").unwrap();
        let acl = [grant("o", Some("x\"; drop table a; --"), false)];
        let text = restore(&schema, "o", &acl, &[]).unwrap().text().to_owned();
        assert!(text.contains("to \"x\"\"; drop table a; --\";"), "{text}");
    }

    #[test]
    fn what_was_passed_on_comes_after_the_right_to_do_so() {
        let schema = Ident::new("s").unwrap();
        let acl = [grant("b", Some("c"), false), grant("a", Some("b"), true), grant("o", Some("a"), true)];
        let text = restore(&schema, "o", &acl, &[]).unwrap().text().to_owned();
        let place = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}: {text}"));
        assert!(place("to \"a\"") < place("to \"b\"") && place("to \"b\"") < place("to \"c\""));
        // Where a role in between is gone, so is what came through it.
        let text = restore(&schema, "o", &acl, &["a".into()]).unwrap().text().to_owned();
        assert!(!text.contains("grant"), "{text}");
    }
}
