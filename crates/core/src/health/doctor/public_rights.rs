//! Rights that PUBLIC has in a tenant.

use super::finding::listed;
use super::fleet::{Fleet, PUBLIC, Tenant};
use super::rights::{Relations, Rights};
use super::{DoctorCheck, Finding, Level};
use crate::Result;
use crate::sql::{Ident, Statement};

/// One finding per tenant. What everybody may do in the schema but for its tables is a warning: they still have rights of their own.
pub(super) fn check(fleet: &Fleet, rights: &Rights, focus: &[&Tenant]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for tenant in focus {
        let on_schema: Vec<&str> =
            tenant.grants.iter().filter(|(role, _)| *role == PUBLIC).map(|(_, privilege)| privilege.as_str()).collect();
        let open: Vec<&Relations> = rights.of(tenant.oid).iter().filter(|r| r.grants.contains_key(&PUBLIC)).collect();
        if on_schema.is_empty() && open.is_empty() {
            continue;
        }
        let schema = Ident::new(tenant.schema.as_str())?;
        let mut fix = Vec::new();
        for relations in &open {
            let kind = if relations.is_sequence() { "sequence" } else { "table" };
            for name in &relations.names {
                let name = schema.qualify(&Ident::new(name.as_str())?);
                fix.push(Statement::of(format_args!("revoke all on {kind} {name} from public")));
            }
        }
        if !on_schema.is_empty() {
            fix.push(Statement::of(format_args!("revoke all on schema {schema} from public")));
        }
        let reached = !open.is_empty() && on_schema.contains(&"USAGE");
        let names: Vec<&str> = open.iter().flat_map(|r| r.names.iter().map(String::as_str)).collect();
        let level = if reached { Level::Error } else { Level::Warning };
        let message = match (names.is_empty(), on_schema.is_empty()) {
            (true, _) => format!("Everybody has {} on the schema {}.", on_schema.join(", "), tenant.schema),
            (false, true) => format!("Everybody has rights on {} in {}.", listed(names.iter().copied()), tenant.schema),
            (false, false) => format!(
                "Everybody has {} on the schema {}, and rights on {}.",
                on_schema.join(", "),
                tenant.schema,
                listed(names.iter().copied())
            ),
        };
        let code = match (names.is_empty(), on_schema.is_empty()) {
            (true, _) => "public_schema",
            (false, true) => "public_tables",
            (false, false) => "public_rights",
        };
        let all = open.iter().filter_map(|r| r.grants.get(&PUBLIC)).flatten();
        let all: std::collections::BTreeSet<&str> = all.map(String::as_str).collect();
        let mut finding = Finding::new(DoctorCheck::PublicRights, level, Some(&tenant.schema), "PUBLIC", message)
            .code(code)
            .param("privileges", on_schema.join(", "))
            .param("tables", listed(names.iter().copied()))
            .fact("owner", fleet.role_name(tenant.owner));
        if !on_schema.is_empty() {
            finding = finding.fact("schema_rights", on_schema.join(", "));
        }
        if !all.is_empty() {
            let all = all.into_iter().collect::<Vec<_>>().join(", ");
            finding = finding.fact("table_rights", format!("{all} ({})", names.len()));
        }
        findings.push(finding.repaired_by(fix));
    }
    Ok(findings)
}
