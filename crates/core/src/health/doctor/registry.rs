//! Cadastre's registry against the schemas, and domains that lead nowhere. A domain cannot belong to two tenants there: it is a key.

use super::fleet::{Fleet, Tenant};
use super::{DoctorCheck, Finding, Level};
use crate::Result;
use crate::registry::Entry;
use crate::sql::{Statement, literal};
use std::collections::{HashMap, HashSet};

/// States in which an entry's schema has to be there.
const THERE: [&str; 2] = ["active", "inactive"];

/// Entries without their schema, schemas without an entry, and what both say of the same tenant. Where most tenants have no entry, that
/// is how it is meant, and a note.
pub(super) fn check(fleet: &Fleet, entries: &HashMap<String, Entry>, focus: &[&Tenant]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let roles: HashSet<&str> = fleet.roles.values().map(|role| role.name.as_str()).collect();
    for entry in entries.values().filter(|entry| THERE.contains(&entry.state.as_str())) {
        let schema = entry.schema.as_str();
        if !fleet.schemas.contains(schema) {
            let message =
                format!("The registry says that {} is {}, but there is no schema {schema}.", entry.name, entry.state);
            let purged = Statement::of(format_args!(
                "update cadastre.tenant set state = 'purged' where schema_name = {}",
                literal(schema)
            ));
            findings.push(
                Finding::new(DoctorCheck::Registry, Level::Error, Some(schema), &entry.name, message)
                    .code("registry_schema_missing")
                    .param("name", entry.name.as_str())
                    .param("schema", schema)
                    .fact("state", entry.state.as_str())
                    .advice(&purged),
            );
        } else if let Some(role) = entry.role.as_deref().filter(|role| !roles.contains(role)) {
            let message = format!("The registry names {role} as the role of {schema}; there is no such role.");
            let fix = Statement::of(format_args!(
                "update cadastre.tenant set role_name = null where schema_name = {}",
                literal(schema)
            ));
            findings.push(
                Finding::new(DoctorCheck::Registry, Level::Warning, Some(schema), role, message)
                    .code("registry_role_missing")
                    .param("role", role)
                    .repaired_by(vec![fix]),
            );
        }
    }
    let unknown = fleet.tenants.values().filter(|tenant| !entries.contains_key(&tenant.schema)).count();
    let level = if unknown * 2 > fleet.tenants.len() { Level::Note } else { Level::Warning };
    for tenant in focus {
        let schema = tenant.schema.as_str();
        let Some(entry) = entries.get(schema) else {
            let message = format!("The registry does not know {schema}.");
            let fix = Statement::of(format_args!(
                "insert into cadastre.tenant (schema_name, name, state) values ({}, {}, {})",
                literal(schema),
                literal(&tenant.name),
                literal(if tenant.in_use { "active" } else { "inactive" })
            ));
            findings.push(
                Finding::new(DoctorCheck::Registry, level, Some(schema), schema, message)
                    .code("registry_entry_missing")
                    .param("schema", schema)
                    .repaired_by(vec![fix]),
            );
            continue;
        };
        // Rights decide whether a tenant can be used; the entry is to follow.
        let says = match entry.state.as_str() {
            "active" => true,
            "inactive" => false,
            _ => continue,
        };
        if says != tenant.in_use {
            let state = if tenant.in_use { "active" } else { "inactive" };
            let rights =
                if tenant.in_use { "somebody has USAGE on its schema" } else { "nobody has USAGE on its schema" };
            let message = format!("The registry says that {schema} is {}, but {rights}.", entry.state);
            let fix = Statement::of(format_args!(
                "update cadastre.tenant set state = {} where schema_name = {}",
                literal(state),
                literal(schema)
            ));
            findings.push(
                Finding::new(DoctorCheck::Registry, Level::Warning, Some(schema), schema, message)
                    .code(if tenant.in_use { "registry_says_inactive" } else { "registry_says_active" })
                    .param("schema", schema)
                    .fact("state", entry.state.as_str())
                    .repaired_by(vec![fix]),
            );
        }
    }
    Ok(findings)
}

/// Domains of active tenants: one of them has to be the primary one, and active.
pub(super) fn domains(entries: &HashMap<String, Entry>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for entry in entries.values().filter(|entry| entry.state == "active") {
        let schema = entry.schema.as_str();
        let Some(primary) = entry.domains.iter().find(|domain| domain.primary) else {
            let Some(first) = entry.domains.iter().find(|domain| domain.active).or(entry.domains.first()) else {
                continue;
            };
            let message = format!("None of the {} domains of {schema} is its primary one.", entry.domains.len());
            let fix = Statement::of(format_args!(
                "update cadastre.domain set is_primary = true where domain = {}",
                literal(&first.domain)
            ));
            findings.push(
                Finding::new(DoctorCheck::Domains, Level::Warning, Some(schema), schema, message)
                    .code("domain_no_primary")
                    .param("schema", schema)
                    .fact("domains", entry.domains.iter().map(|d| d.domain.as_str()).collect::<Vec<_>>().join(", "))
                    .repaired_by(vec![fix]),
            );
            continue;
        };
        if !primary.active {
            let domain = primary.domain.as_str();
            let message = format!("{domain}, the primary domain of {schema}, is not active: it leads nowhere.");
            let fix = Statement::of(format_args!(
                "update cadastre.domain set active = true where domain = {}",
                literal(domain)
            ));
            findings.push(
                Finding::new(DoctorCheck::Domains, Level::Error, Some(schema), domain, message)
                    .code("domain_inactive")
                    .param("domain", domain)
                    .param("schema", schema)
                    .repaired_by(vec![fix]),
            );
        }
    }
    findings
}
