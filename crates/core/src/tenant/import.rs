//! What another registry says of tenants, taken into Cadastre's own one.

use super::set::SetPlan;
use super::{Found, TenantState, discover};
use crate::adoption::{EntryState, RegistryKind};
use crate::connection::{Database, server_identity};
use crate::fleet::{Check, CheckLevel, Plan, PlannedTenant, RunKind};
use crate::registry::{self, Assignment, NewEntry};
use crate::{Error, ErrorKind, Result, migration};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Plans an entry for every tenant that has none: with name, kind, domains and state as the registry that is followed says them. A tenant
/// that has an entry keeps it as it is. Applied by [`super::apply_set`]. The other registry is read and never written.
///
/// # Errors
/// [`ErrorKind::RegistryMissing`]; [`ErrorKind::NothingSelected`] in a database without tenants.
pub async fn plan_import(database: &Database) -> Result<SetPlan> {
    let mut session = database.catalog().await?;
    let registry = registry::state_in(&mut session).await?;
    if !registry.readable {
        return Err(ErrorKind::RegistryMissing.into());
    }
    let entries = registry::entries(&mut session).await?;
    let mut taken = registry::domains(&mut session).await?;
    let found = discover(&mut session).await?;
    if found.is_empty() {
        return Err(ErrorKind::NothingSelected.into());
    }
    let mut state = Sha256::new();
    state.update(server_identity(&mut session).await?);
    let (mut planned, mut checks, mut made) = (Vec::new(), Vec::new(), Vec::new());
    for tenant in &found {
        let schema = &tenant.summary.schema;
        let mut line = PlannedTenant::new(schema.clone(), tenant.summary.name.clone(), Vec::new());
        if entries.contains_key(schema) {
            line.skipped = Some(Error::new(ErrorKind::NothingPending).into());
        } else {
            let entry = entry(tenant, &mut taken, &mut checks);
            line.steps = entry.assignments.iter().map(Assignment::words).collect();
            state.update(format!("{schema}\0{entry:?}\0"));
            made.push((schema.clone(), entry));
        }
        planned.push(line);
    }
    if !registry.writable {
        let role = database.server().role.clone();
        let message = format!("{role} may not change the registry.");
        checks.push(Check::new(CheckLevel::Stop, "registry_not_writable", message, &[("role", role)]));
    }
    let message = "The other registry is read and stays as it is; entries that are there already too.";
    checks.push(Check::new(CheckLevel::Ok, "import_reads_only", message, &[]));
    let plan = Plan {
        id: uuid::Uuid::new_v4().simple().to_string(),
        kind: RunKind::Set,
        tenants: planned,
        statements: Vec::new(),
        checks,
        fingerprint: migration::hex(&state.finalize()),
    };
    SetPlan::of(plan, made)
}

/// The entry that a tenant gets. Domains that cannot be kept are left out, and said.
fn entry(tenant: &Found, taken: &mut HashMap<String, String>, checks: &mut Vec<Check>) -> NewEntry {
    let summary = &tenant.summary;
    let schema = &summary.schema;
    let source = tenant.source.as_ref().filter(|source| source.registry != RegistryKind::Cadastre);
    let inactive = summary.state != TenantState::Active || source.is_some_and(|s| s.state == EntryState::Inactive);
    let mut assignments = Vec::new();
    if let Some(Ok(kind)) = source.and_then(|s| s.kind.as_deref()).map(|kind| registry::parse_assignment("kind", kind))
    {
        assignments.push(kind);
    }
    let domains = source.map(|source| source.domains.as_slice()).unwrap_or_default();
    let (primary, others): (Vec<_>, Vec<_>) = domains.iter().partition(|domain| domain.primary);
    for domain in primary.into_iter().chain(others) {
        let reason = match registry::normalise_domain(&domain.domain) {
            Ok(name) => match taken.get(&name) {
                None => {
                    taken.insert(name.clone(), schema.clone());
                    assignments.push(Assignment::AddDomain(name));
                    continue;
                }
                Some(other) if other == schema => continue,
                Some(other) => format!("it belongs to {other}"),
            },
            Err(error) => match error.kind() {
                ErrorKind::RegistryValueInvalid { reason, .. } => reason.clone(),
                _ => error.to_string(),
            },
        };
        let message = format!("{schema}: the domain {} is left out: {reason}.", domain.domain);
        let params = [("schema", schema.clone()), ("domain", domain.domain.clone()), ("reason", reason)];
        checks.push(Check::new(CheckLevel::Warning, "import_domain_left_out", message, &params));
    }
    NewEntry {
        schema: schema.clone(),
        name: summary.name.clone(),
        state: if inactive { "inactive" } else { "active" },
        template: summary.template.clone(),
        role: None,
        assignments,
    }
}
