//! A tenant's own role, and what it may do.

use crate::connection::Session;
use crate::shape::HISTORY;
use crate::sql::{Ident, Statement, literal};
use crate::{ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The role that a tenant's application uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RoleRequest {
    /// Its name; the schema's where it is not given.
    pub name: Option<String>,
    /// It may connect, with a password that is made and put into the keyring. Otherwise other roles become it.
    pub login: bool,
    /// It is there already, and is only given the rights: an application that serves several tenants.
    pub existing: bool,
    /// It may make objects in the schema: an application that migrates its tables itself.
    pub may_create: bool,
    /// New sessions of this database look into the tenant's schema first, whoever opens them: for a database with one tenant.
    pub database_search_path: bool,
}

impl RoleRequest {
    /// The role's name for the tenant of this schema.
    pub fn name<'a>(&'a self, schema: &'a str) -> &'a str {
        self.name.as_deref().map(str::trim).filter(|name| !name.is_empty()).unwrap_or(schema)
    }

    /// Refuses what PostgreSQL keeps for itself.
    ///
    /// # Errors
    /// [`ErrorKind::IdentifierInvalid`].
    pub(crate) fn check(&self, schema: &str) -> Result<Ident> {
        let name = self.name(schema);
        let reserved = ["public", "none", "current_role", "current_user", "session_user"];
        if name.to_lowercase().starts_with("pg_") || reserved.contains(&name.to_lowercase().as_str()) {
            let reason = format!("PostgreSQL keeps the role name {name} for itself");
            return Err(ErrorKind::IdentifierInvalid { reason }.into());
        }
        Ident::new(name)
    }
}

/// The statements that make the role and give it its rights, behind those that make the schema with its objects. `verifier` stands
/// for the password; a plan shows them without.
///
/// # Errors
/// [`ErrorKind::IdentifierInvalid`].
pub(crate) fn statements(
    schema: &str,
    database: &str,
    request: &RoleRequest,
    verifier: Option<&str>,
    has_history: bool,
) -> Result<Statement> {
    let (role, ident, database) = (request.check(schema)?, Ident::new(schema)?, Ident::new(database)?);
    let mut sql = Statement::new();
    if !request.existing {
        match (request.login, verifier) {
            (false, _) => sql.push(format_args!("create role {role} nologin;\n")),
            (true, Some(verifier)) => {
                sql.push(format_args!("create role {role} login password {};\n", literal(verifier)))
            }
            (true, None) => sql.push(format_args!(
                "create role {role} login password '…'; -- made when this is carried out, sent as a SCRAM verifier\n"
            )),
        };
        sql.push(format_args!("grant connect on database {database} to {role};\n"));
    }
    let create = if request.may_create { ", create" } else { "" };
    sql.push(format_args!(
        "grant usage{create} on schema {ident} to {role};\n\
         grant all on all tables in schema {ident} to {role};\n\
         grant all on all sequences in schema {ident} to {role};\n\
         alter default privileges in schema {ident} grant all on tables to {role};\n\
         alter default privileges in schema {ident} grant all on sequences to {role};\n"
    ));
    if has_history && !request.may_create {
        let history = ident.qualify(&Ident::new(HISTORY)?);
        sql.push(format_args!(
            "revoke insert, update, delete, truncate, references, trigger on {history} from {role};\n"
        ));
    }
    if !request.existing {
        sql.push(format_args!("alter role {role} in database {database} set search_path = {ident}, public;\n"));
    }
    if request.database_search_path {
        sql.push(format_args!("alter database {database} set search_path = {ident}, public;\n"));
    }
    Ok(sql)
}

/// Which of these roles there are, and whether each may connect.
pub(crate) async fn found(session: &mut Session, names: &[String]) -> Result<HashMap<String, bool>> {
    let query = "select r.rolname::text, r.rolcanlogin from pg_catalog.pg_roles r where r.rolname = any ($1)";
    let roles: Vec<(String, bool)> =
        sqlx::query_as(query).persistent(false).bind(names).fetch_all(session.connection()).await?;
    Ok(roles.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> RoleRequest {
        RoleRequest { name: None, login: true, existing: false, may_create: false, database_search_path: false }
    }

    #[test]
    fn hostile_names_stay_names_and_no_password_is_shown() {
        let sql = statements("s\"; drop table a; --", "d\"b", &request(), None, true).unwrap().text().to_owned();
        assert!(sql.contains("create role \"s\"\"; drop table a; --\" login password '…';"), "{sql}");
        assert!(sql.contains("in database \"d\"\"b\" set search_path"), "{sql}");
        let named = RoleRequest { name: Some("pg_monitor".into()), ..request() };
        assert!(statements("s", "d", &named, None, true).is_err());
    }
}
