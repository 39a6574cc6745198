//! Where roles, and everybody in this database, look names up.

use super::fleet::{Fleet, PUBLIC, Setting, Tenant};
use super::{DoctorCheck, Finding, Level, path};
use crate::Result;
use crate::sql::{Ident, Statement};

/// Findings about settings. A setting for a role in all databases may be meant for another one: it counts where the role has to do with
/// the tenants of this one.
pub(super) fn check(fleet: &Fleet, database: &str) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for setting in &fleet.settings {
        let own = fleet.own_by_rights(setting.role);
        if !setting.here && !fleet.is_known(setting.role) {
            continue;
        }
        findings.extend(missing(fleet, setting, own, database)?);
        if let Some(own) = own.or_else(|| fleet.own(setting.role)) {
            findings.extend(foreign(fleet, setting, own, database)?);
        }
    }
    Ok(findings)
}

fn missing(fleet: &Fleet, setting: &Setting, own: Option<&Tenant>, database: &str) -> Result<Option<Finding>> {
    let named: Vec<&str> = setting.names.iter().map(String::as_str).filter(|name| !path::is_special(name)).collect();
    // What is in quarantine comes back under its name, or is purged first.
    let there = |name: &str| fleet.schemas.contains(name) || fleet.away.contains(name);
    let missing: Vec<&str> = named.iter().copied().filter(|name| !there(name)).collect();
    if missing.is_empty() {
        return Ok(None);
    }
    let mut repaired: Vec<&str> =
        setting.names.iter().map(String::as_str).filter(|name| !missing.contains(name)).collect();
    // A tenant that was renamed: its role still looks for it under its old name.
    if let Some(own) = own.filter(|own| !repaired.contains(&own.schema.as_str())) {
        repaired.insert(0, &own.schema);
    }
    let (role, list) = (fleet.role_name(setting.role), missing.join(", "));
    let (object, code, message) = if setting.role == PUBLIC {
        let message = format!("The search_path of the database {database} names a schema that does not exist: {list}.");
        (format!("database {database}"), "search_path_database_missing", message)
    } else {
        let message = format!("The search_path of {role} names a schema that does not exist: {list}.");
        (object_of(setting, role, database), "search_path_role_missing", message)
    };
    // Nothing that it could have meant comes before what is not there.
    let level = if named.first() == missing.first() { Level::Error } else { Level::Warning };
    let fix = set(fleet, setting, &repaired, database)?;
    let schema = own.map(|own| own.schema.as_str());
    let finding = Finding::new(DoctorCheck::SearchPath, level, schema, &object, message)
        .code(code)
        .param("role", role)
        .param("database", database)
        .param("missing", list)
        .fact("search_path", setting.path.as_str());
    Ok(Some(finding.repaired_by(vec![fix])))
}

/// A tenant's role that looks into another tenant, or not into its own first.
fn foreign(fleet: &Fleet, setting: &Setting, own: &Tenant, database: &str) -> Result<Option<Finding>> {
    let other = setting.names.iter().find(|name| **name != own.schema && fleet.tenant_named(name).is_some());
    let role = fleet.role_name(setting.role);
    let user = |name: &&String| name.as_str() != "$user" || role == own.schema;
    let first = setting.names.iter().filter(user).find(|name| !name.starts_with("pg_"));
    let is_own = |name: &String| *name == own.schema || name == "$user";
    let starts = first.is_some_and(is_own);
    // With the first name missing, the other finding says what is wrong.
    let absent = first.is_some_and(|name| !path::is_special(name) && !fleet.schemas.contains(name));
    if other.is_none() && (starts || absent) {
        return Ok(None);
    }
    let mut repaired: Vec<&str> = vec![&own.schema];
    let rest = setting.names.iter().map(String::as_str);
    repaired.extend(rest.filter(|name| *name != own.schema && fleet.tenant_named(name).is_none()));
    repaired.retain(|name| path::is_special(name) || fleet.schemas.contains(*name));
    let (code, level, message) = match other {
        Some(other) => (
            "search_path_other_tenant",
            Level::Error,
            format!("{role}, the role of {}, looks names up in the tenant {other}.", own.schema),
        ),
        None => (
            "search_path_not_first",
            Level::Warning,
            format!("{role}, the role of {}, does not look names up there first.", own.schema),
        ),
    };
    let fix = set(fleet, setting, &repaired, database)?;
    let finding =
        Finding::new(DoctorCheck::SearchPath, level, Some(&own.schema), &object_of(setting, role, database), message)
            .code(code)
            .param("role", role)
            .param("own", own.schema.as_str())
            .param("other", other.cloned().unwrap_or_default())
            .fact("search_path", setting.path.as_str());
    Ok(Some(finding.repaired_by(vec![fix])))
}

fn object_of(setting: &Setting, role: &str, database: &str) -> String {
    if setting.here { format!("{role} in {database}") } else { role.to_owned() }
}

/// `alter role … set search_path = …`, where the setting is now.
fn set(fleet: &Fleet, setting: &Setting, names: &[&str], database: &str) -> Result<Statement> {
    let mut statement = Statement::new();
    if setting.role == PUBLIC {
        statement.push(format_args!("alter database {}", Ident::new(database)?));
    } else {
        statement.push(format_args!("alter role {}", Ident::new(fleet.role_name(setting.role))?));
        if setting.here {
            statement.push(format_args!(" in database {}", Ident::new(database)?));
        }
    }
    if names.is_empty() {
        statement.push(format_args!(" reset search_path"));
    } else {
        statement.push(format_args!(" set search_path = {}", path::list(names.iter().copied())?));
    }
    Ok(statement)
}
