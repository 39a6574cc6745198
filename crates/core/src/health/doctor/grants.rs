//! Rights that are missing, and rights of one tenant's role in another tenant.

use super::finding::listed;
use super::fleet::{Fleet, PUBLIC, Tenant};
use super::rights::{Relations, Rights};
use super::{DoctorCheck, Finding, Level};
use crate::Result;
use crate::migration::is_book;
use crate::sql::{Ident, Statement};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Rights that the tables of one tenant usually give alike.
const ALIKE: [&str; 4] = ["SELECT", "INSERT", "UPDATE", "DELETE"];

/// Roles that may use tables of a schema, but not the schema.
pub(super) fn usage(fleet: &Fleet, rights: &Rights, focus: &[&Tenant]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for tenant in focus.iter().filter(|tenant| !tenant.inactive) {
        for role in rights.holders(fleet, tenant.oid, tenant.owner) {
            let groups = fleet.roles.get(&role).map(|role| &role.groups);
            let may = tenant.grants.iter().filter(|(_, privilege)| privilege == "USAGE").any(|(grantee, _)| {
                *grantee == PUBLIC || *grantee == role || groups.is_some_and(|groups| groups.contains(grantee))
            });
            // Members of the owner have its rights.
            if may || groups.is_some_and(|groups| groups.contains(&tenant.owner)) {
                continue;
            }
            let name = fleet.role_name(role);
            let on = rights.of(tenant.oid).iter().filter(|r| r.grants.contains_key(&role));
            let on = listed(on.flat_map(|relations| relations.names.iter().map(String::as_str)));
            let message = format!(
                "{name} has rights on {on} in {}, but no USAGE on the schema: it reaches none of them.",
                tenant.schema
            );
            let fix = Statement::of(format_args!(
                "grant usage on schema {} to {}",
                Ident::new(tenant.schema.as_str())?,
                Ident::new(name)?
            ));
            findings.push(
                Finding::new(DoctorCheck::Usage, Level::Error, Some(&tenant.schema), name, message)
                    .param("role", name)
                    .param("tables", on.clone())
                    .fact("rights_on", on)
                    .fact("schema_rights", schema_rights(fleet, tenant))
                    .repaired_by(vec![fix]),
            );
        }
    }
    Ok(findings)
}

/// As `role: USAGE, CREATE; …`.
fn schema_rights(fleet: &Fleet, tenant: &Tenant) -> String {
    let mut by_role: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (role, privilege) in &tenant.grants {
        let name = if *role == PUBLIC { "PUBLIC" } else { fleet.role_name(*role) };
        by_role.entry(name).or_default().push(privilege);
    }
    if by_role.is_empty() {
        return "–".to_owned();
    }
    by_role.iter().map(|(role, all)| format!("{role}: {}", all.join(", "))).collect::<Vec<_>>().join("; ")
}

/// In how many tenants something is as expected, and in how many it is not.
pub(super) type Counts = HashMap<String, (u32, u32)>;

/// What stands beside each other in one tenant and usually has the same rights.
fn comparable(relations: &[Relations]) -> impl Iterator<Item = (&Relations, &str)> {
    let of = relations.iter().filter(|r| !r.is_sequence() && !r.partition && !r.by_column);
    of.flat_map(|r| r.names.iter().map(move |name| (r, name.as_str()))).filter(|(_, name)| !is_book(name))
}

/// A table without rights that a role has on most of the others beside it. Where the same table lacks them in half of the fleet, or
/// more, that is how it is meant.
pub(super) fn tables(
    fleet: &Fleet,
    rights: &Rights,
    focus: &[&Tenant],
    fleet_has: Option<&Counts>,
) -> Result<(Vec<Finding>, Counts)> {
    struct Missing<'a> {
        tenant: &'a Tenant,
        role: u32,
        table: &'a str,
        privilege: &'static str,
    }
    let mut missing: Vec<Missing<'_>> = Vec::new();
    // In how many tenants somebody has, or lacks, a right on a table that he has on most others.
    let mut seen = Counts::new();
    for tenant in focus {
        let all: Vec<(&Relations, &str)> = comparable(rights.of(tenant.oid)).collect();
        for role in rights.holders(fleet, tenant.oid, tenant.owner) {
            for privilege in ALIKE {
                let has = |r: &Relations| {
                    r.owner == role
                        || [PUBLIC, role].iter().any(|who| r.grants.get(who).is_some_and(|all| all.contains(privilege)))
                };
                let with = all.iter().filter(|(r, _)| has(r)).count();
                if with < 2 || with * 2 <= all.len() {
                    continue;
                }
                for (relations, table) in &all {
                    let count = seen.entry(format!("{privilege} {table}")).or_default();
                    if has(relations) {
                        count.0 += 1;
                    } else {
                        count.1 += 1;
                        missing.push(Missing { tenant, role, table, privilege });
                    }
                }
            }
        }
    }
    let counts = fleet_has.unwrap_or(&seen);
    let mut by_role: BTreeMap<(u32, u32), BTreeMap<&str, Vec<&'static str>>> = BTreeMap::new();
    for one in &missing {
        let key = format!("{} {}", one.privilege, one.table);
        let (with, without) = counts.get(&key).copied().unwrap_or_default();
        let meant = without >= 2 && without >= with;
        // With nothing to compare with, only a table that cannot even be read stands out.
        let alone = with == 0 && one.privilege != "SELECT";
        if !meant && !alone {
            let tables = by_role.entry((one.tenant.oid, one.role)).or_default();
            tables.entry(one.table).or_default().push(one.privilege);
        }
    }
    let mut findings = Vec::new();
    for ((namespace, role), tables) in by_role {
        let Some(tenant) = fleet.tenants.get(&namespace) else { continue };
        let (name, schema) = (fleet.role_name(role), Ident::new(tenant.schema.as_str())?);
        let mut fix = Vec::new();
        for (table, privileges) in &tables {
            let table = schema.qualify(&Ident::new(*table)?);
            let privileges = privileges.join(", ").to_lowercase();
            fix.push(Statement::of(format_args!("grant {privileges} on table {table} to {}", Ident::new(name)?)));
        }
        let list = listed(tables.keys().copied());
        let privileges: BTreeSet<&str> = tables.values().flatten().copied().collect();
        let privileges = privileges.into_iter().collect::<Vec<_>>().join(", ");
        let message = format!(
            "{name} has no {privileges} on {list} in {}, unlike on most tables beside {}.",
            tenant.schema,
            if tables.len() == 1 { "it" } else { "them" }
        );
        let all = comparable(rights.of(namespace)).count();
        findings.push(
            Finding::new(DoctorCheck::TableGrants, Level::Warning, Some(&tenant.schema), name, message)
                .param("role", name)
                .param("tables", list)
                .param("privileges", privileges)
                .fact("tables_beside", (all - tables.len()).to_string())
                .repaired_by(fix),
        );
    }
    Ok((findings, seen))
}

/// Sequences behind columns of tables that a role may insert into.
pub(super) fn sequences(rights: &Rights, focus: &[&Tenant]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for tenant in focus.iter().filter(|tenant| !tenant.inactive) {
        let mut by_role: BTreeMap<&str, Vec<&super::rights::Serial>> = BTreeMap::new();
        for serial in rights.serials.get(&tenant.oid).map_or(&[][..], Vec::as_slice) {
            by_role.entry(&serial.role).or_default().push(serial);
        }
        for (role, serials) in by_role {
            let mut fix = Vec::new();
            let mut names = BTreeSet::new();
            for serial in &serials {
                if names.insert((serial.sequence_schema.as_str(), serial.sequence.as_str())) {
                    let name =
                        Ident::new(serial.sequence_schema.as_str())?.qualify(&Ident::new(serial.sequence.as_str())?);
                    fix.push(Statement::of(format_args!("grant usage on sequence {name} to {}", Ident::new(role)?)));
                }
            }
            let list = listed(names.iter().map(|(_, name)| *name));
            let columns: Vec<String> = serials.iter().map(|s| format!("{}.{}", s.table, s.column)).collect();
            let columns = listed(columns.iter().map(String::as_str));
            let message = format!(
                "{role} may insert into tables of {}, but not use the sequences behind them: {list}.",
                tenant.schema
            );
            findings.push(
                Finding::new(DoctorCheck::SequenceGrants, Level::Error, Some(&tenant.schema), role, message)
                    .param("role", role)
                    .param("sequences", list)
                    .fact("columns", columns)
                    .repaired_by(fix),
            );
        }
    }
    Ok(findings)
}

/// Roles that may read every table there is. A warning where most of the fleet has default privileges for them, a note where that is
/// not how it is done.
pub(super) fn future(fleet: &Fleet, rights: &Rights, focus: &[&Tenant]) -> Result<Vec<Finding>> {
    let mut granted: HashMap<(u32, u32, char), BTreeMap<u32, BTreeSet<&str>>> = HashMap::new();
    for one in &rights.future {
        let to = granted.entry((one.namespace, one.owner, one.kind)).or_default();
        to.entry(one.grantee).or_default().insert(&one.privilege);
    }
    let (mut findings, mut complete) = (Vec::new(), 0);
    for tenant in focus {
        let tables: Vec<(&Relations, &str)> =
            comparable(rights.of(tenant.oid)).filter(|(r, _)| "rp".contains(r.kind)).collect();
        let Some(owner) = common_owner(tables.iter().map(|(r, _)| r.owner)) else { continue };
        for role in rights.holders(fleet, tenant.oid, tenant.owner) {
            if tables.len() < 2 || role == owner {
                continue;
            }
            let on_all = |privilege: &&&str| {
                tables.iter().all(|(r, _)| r.grants.get(&role).is_some_and(|g| g.contains(**privilege)))
            };
            let privileges: Vec<&str> = ALIKE.iter().filter(on_all).copied().collect();
            if !privileges.contains(&"SELECT") {
                continue;
            }
            let has = |kind: char, privilege: &str| {
                [tenant.oid, 0].iter().any(|namespace| {
                    let to = granted.get(&(*namespace, owner, kind));
                    to.is_some_and(|to| [role, PUBLIC].iter().any(|r| to.get(r).is_some_and(|g| g.contains(privilege))))
                })
            };
            let missing: Vec<&str> = privileges.iter().filter(|privilege| !has('r', privilege)).copied().collect();
            if missing.is_empty() {
                complete += 1;
                continue;
            }
            let (name, of) = (fleet.role_name(role), fleet.role_name(owner));
            let mut fix = vec![Statement::of(format_args!(
                "alter default privileges for role {} in schema {} grant {} on tables to {}",
                Ident::new(of)?,
                Ident::new(tenant.schema.as_str())?,
                missing.join(", ").to_lowercase(),
                Ident::new(name)?
            ))];
            let serials = rights.of(tenant.oid).iter().filter(|r| r.is_sequence());
            let uses = serials.clone().any(|r| r.grants.get(&role).is_some_and(|g| g.contains("USAGE")));
            if uses && !has('S', "USAGE") {
                fix.push(Statement::of(format_args!(
                    "alter default privileges for role {} in schema {} grant usage on sequences to {}",
                    Ident::new(of)?,
                    Ident::new(tenant.schema.as_str())?,
                    Ident::new(name)?
                )));
            }
            let message = format!(
                "{name} has {} on every table of {}, but would not get it on tables that {of} creates from now on.",
                missing.join(", "),
                tenant.schema
            );
            findings.push(
                Finding::new(DoctorCheck::DefaultPrivileges, Level::Warning, Some(&tenant.schema), name, message)
                    .param("role", name)
                    .param("owner", of)
                    .param("privileges", missing.join(", "))
                    .fact("tables", tables.len().to_string())
                    .fact("owner", of)
                    .repaired_by(fix),
            );
        }
    }
    if findings.len() > complete {
        findings.iter_mut().for_each(|finding| finding.level = Level::Note);
    }
    Ok(findings)
}

/// The owner of more than half.
pub(super) fn common_owner(owners: impl Iterator<Item = u32>) -> Option<u32> {
    let mut count: BTreeMap<u32, usize> = BTreeMap::new();
    owners.for_each(|owner| *count.entry(owner).or_default() += 1);
    let all: usize = count.values().sum();
    count.into_iter().find(|(_, number)| number * 2 > all).map(|(owner, _)| owner)
}

/// Rights, and memberships, of one tenant's role in another tenant.
pub(super) fn isolation(fleet: &Fleet, rights: &Rights, focus: &[&Tenant]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for tenant in focus {
        let schema = Ident::new(tenant.schema.as_str())?;
        let in_schema = tenant.grants.iter().map(|(role, _)| *role);
        let on_relations = rights.of(tenant.oid).iter().flat_map(|r| r.grants.keys().copied());
        let holders: BTreeSet<u32> = in_schema.chain(on_relations).collect();
        for role in holders {
            let Some(own) = fleet.own(role).filter(|own| own.oid != tenant.oid) else { continue };
            let name = fleet.role_name(role);
            let to = Ident::new(name)?;
            let mine: Vec<&Relations> = rights.of(tenant.oid).iter().filter(|r| r.grants.contains_key(&role)).collect();
            let mut fix = Vec::new();
            for (sequences, word) in [(false, "tables"), (true, "sequences")] {
                if mine.iter().any(|r| r.is_sequence() == sequences) {
                    fix.push(Statement::of(format_args!("revoke all on all {word} in schema {schema} from {to}")));
                }
            }
            if tenant.grants.iter().any(|(grantee, _)| *grantee == role) {
                fix.push(Statement::of(format_args!("revoke all on schema {schema} from {to}")));
            }
            let on = listed(mine.iter().flat_map(|r| r.names.iter().map(String::as_str)));
            let message = format!("{name}, the role of {}, has rights in {}.", own.schema, tenant.schema);
            findings.push(
                Finding::new(DoctorCheck::Isolation, Level::Error, Some(&tenant.schema), name, message)
                    .code("isolation_rights")
                    .param("role", name)
                    .param("own", own.schema.as_str())
                    .fact("schema_rights", schema_rights(fleet, tenant))
                    .fact("rights_on", on)
                    .repaired_by(fix),
            );
        }
    }
    let focused: BTreeSet<u32> = focus.iter().map(|tenant| tenant.oid).collect();
    for (role, own) in fleet.own_roles() {
        let Some(groups) = fleet.roles.get(&role).map(|r| &r.groups) else { continue };
        for other in groups {
            let Some(tenant) = fleet.own(*other).filter(|of| of.oid != own.oid && focused.contains(&of.oid)) else {
                continue;
            };
            let (name, group) = (fleet.role_name(role), fleet.role_name(*other));
            let message =
                format!("{name}, the role of {}, is a member of {group}, the role of {}.", own.schema, tenant.schema);
            let fix = Statement::of(format_args!("revoke {} from {}", Ident::new(group)?, Ident::new(name)?));
            let object = format!("{name} → {group}");
            findings.push(
                Finding::new(DoctorCheck::Isolation, Level::Error, Some(&tenant.schema), &object, message)
                    .code("isolation_member")
                    .param("role", name)
                    .param("own", own.schema.as_str())
                    .param("group", group)
                    .fact("member_of", group)
                    .repaired_by(vec![fix]),
            );
        }
    }
    Ok(findings)
}
