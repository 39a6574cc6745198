//! Objects of a tenant that somebody else owns.

use super::finding::listed;
use super::fleet::{Fleet, Tenant};
use super::grants::{Counts, common_owner};
use super::rights::Rights;
use super::routines::Routine;
use super::{DoctorCheck, Finding, Level};
use crate::Result;
use crate::sql::{Ident, Statement};
use std::collections::BTreeMap;

/// An object with the words that `alter … owner to` wants.
struct Owned {
    owner: u32,
    shown: String,
    statement: Statement,
}

/// One finding per tenant and wrong owner. What half of the fleet, or more, has under another owner is meant so.
pub(super) fn check(
    fleet: &Fleet,
    rights: &Rights,
    routines: &BTreeMap<u32, Vec<Routine>>,
    focus: &[&Tenant],
    fleet_has: Option<&Counts>,
) -> Result<(Vec<Finding>, Counts)> {
    let mut wrong: Vec<(&Tenant, u32, Owned)> = Vec::new();
    let mut seen = Counts::new();
    for tenant in focus {
        let objects = objects(tenant, rights, routines)?;
        let common = common_owner(objects.iter().map(|object| object.owner));
        let of_schema = || objects.iter().any(|object| object.owner == tenant.owner).then_some(tenant.owner);
        let Some(expected) = common.or_else(of_schema) else { continue };
        for object in objects {
            let count = seen.entry(object.shown.clone()).or_default();
            if object.owner == expected {
                count.0 += 1;
            } else {
                count.1 += 1;
                wrong.push((tenant, expected, object));
            }
        }
    }
    let mut by_owner: BTreeMap<(u32, u32), (u32, Vec<Owned>)> = BTreeMap::new();
    for (tenant, expected, object) in wrong {
        let (right, others) = fleet_has.unwrap_or(&seen).get(&object.shown).copied().unwrap_or_default();
        let of_other = fleet.own(object.owner).is_some_and(|own| own.oid != tenant.oid);
        if others >= 2 && others >= right && !of_other {
            continue;
        }
        by_owner.entry((tenant.oid, object.owner)).or_insert((expected, Vec::new())).1.push(object);
    }
    let mut findings = Vec::new();
    for ((namespace, owner), (expected, objects)) in by_owner {
        let Some(tenant) = fleet.tenants.get(&namespace) else { continue };
        let (name, to) = (fleet.role_name(owner), fleet.role_name(expected));
        let mut fix = Vec::new();
        for object in &objects {
            fix.push(Statement::of(format_args!("alter {} owner to {}", object.statement, Ident::new(to)?)));
        }
        fix.extend(kept(tenant, rights, owner, name)?);
        let list = listed(objects.iter().map(|object| object.shown.as_str()));
        let other = fleet.own(owner).filter(|own| own.oid != tenant.oid);
        let (code, level, message) = match other {
            Some(other) => (
                "owner_other_tenant",
                Level::Error,
                format!("{name}, the role of {}, owns {list} in {}.", other.schema, tenant.schema),
            ),
            None => (
                "owner_differs",
                Level::Warning,
                format!("{name} owns {list} in {}; the rest belongs to {to}.", tenant.schema),
            ),
        };
        findings.push(
            Finding::new(DoctorCheck::Ownership, level, Some(&tenant.schema), name, message)
                .code(code)
                .param("owner", name)
                .param("objects", list)
                .param("expected", to)
                .param("own", other.map(|own| own.schema.clone()).unwrap_or_default())
                .fact("schema_owner", fleet.role_name(tenant.owner))
                .fact("common_owner", to)
                .fact("objects", objects.len().to_string())
                .repaired_by(fix),
        );
    }
    Ok((findings, seen))
}

/// What a role may do with most relations beside its own it shall be able to do with these when they are no longer its own.
fn kept(tenant: &Tenant, rights: &Rights, owner: u32, name: &str) -> Result<Vec<Statement>> {
    let (schema, to) = (Ident::new(tenant.schema.as_str())?, Ident::new(name)?);
    let mut statements = Vec::new();
    for (sequences, privileges) in
        [(false, &["SELECT", "INSERT", "UPDATE", "DELETE"][..]), (true, &["USAGE", "SELECT"])]
    {
        let all = || rights.of(tenant.oid).iter().filter(move |r| r.is_sequence() == sequences);
        let number: usize = all().filter(|r| r.owner != owner).map(|r| r.names.len()).sum();
        let granted = |privilege: &str| -> usize {
            let with = all().filter(|r| r.grants.get(&owner).is_some_and(|g| g.contains(privilege)));
            with.map(|r| r.names.len()).sum()
        };
        let usual: Vec<&str> = privileges.iter().copied().filter(|privilege| granted(privilege) * 2 > number).collect();
        if usual.is_empty() {
            continue;
        }
        let kind = if sequences { "sequence" } else { "table" };
        for relation in all().filter(|r| r.owner == owner).flat_map(|r| &r.names) {
            let relation = schema.qualify(&Ident::new(relation.as_str())?);
            let usual = usual.join(", ").to_lowercase();
            statements.push(Statement::of(format_args!("grant {usual} on {kind} {relation} to {to}")));
        }
    }
    Ok(statements)
}

/// Whatever has an owner of its own.
fn objects(tenant: &Tenant, rights: &Rights, routines: &BTreeMap<u32, Vec<Routine>>) -> Result<Vec<Owned>> {
    let schema = Ident::new(tenant.schema.as_str())?;
    let mut objects = Vec::new();
    for relations in rights.of(tenant.oid).iter().filter(|r| !r.owned) {
        let kind = match relations.kind {
            'v' => "view",
            'm' => "materialized view",
            'f' => "foreign table",
            'S' => "sequence",
            _ => "table",
        };
        for name in &relations.names {
            let qualified = schema.qualify(&Ident::new(name.as_str())?);
            let statement = Statement::of(format_args!("{kind} {qualified}"));
            objects.push(Owned { owner: relations.owner, shown: name.clone(), statement });
        }
    }
    for routine in routines.get(&tenant.oid).map_or(&[][..], Vec::as_slice) {
        let statement = routine.named(&tenant.schema)?;
        objects.push(Owned { owner: routine.owner, shown: routine.shown(), statement });
    }
    Ok(objects)
}
