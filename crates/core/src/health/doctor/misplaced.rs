//! Tables in `public` that belong to a tenant.

use super::finding::listed;
use super::fleet::Fleet;
use super::{DoctorCheck, Finding, Level};
use crate::connection::Session;
use crate::misplaced::{Candidate, Certainty, find_in, repairs};
use crate::{ErrorKind, Result};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// One finding per tenant for what is sure, and one for what is likely. What surely belongs to a tenant, and can go there as it is,
/// is moved by the repair; `tenant move-tables` does the same with more proof, and moves what is likely. A database without `public`
/// has nothing there. The second answer: which relation belongs to whom.
pub(super) async fn check(
    session: &mut Session,
    fleet: &Fleet,
    focus: &[u32],
) -> Result<(Vec<Finding>, HashSet<(String, String)>)> {
    let tenants: BTreeSet<u32> = fleet.tenants.keys().copied().collect();
    let misplaced = match find_in(session, "public", &tenants).await {
        Ok(misplaced) => misplaced,
        Err(error) if matches!(error.kind(), ErrorKind::SchemaUnfit { .. }) => return Ok(Default::default()),
        Err(error) => return Err(error),
    };
    let mut by_tenant: BTreeMap<(&str, Certainty), Vec<&Candidate>> = BTreeMap::new();
    // A table that only holds on to a tenant's objects may be meant so: `crossing` tells it.
    let tells = |candidate: &&Candidate| {
        candidate.certainty != Certainty::Unknown
            && candidate.evidence.iter().any(|clue| !clue.code.starts_with("linked"))
    };
    for candidate in misplaced.found.iter().filter(tells) {
        let Some(tenant) = candidate.tenant.as_deref() else { continue };
        // In a repair only the tenant that is being repaired counts.
        if fleet.tenant_named(tenant).is_none_or(|tenant| focus.is_empty() || focus.contains(&tenant.oid)) {
            by_tenant.entry((tenant, candidate.certainty)).or_default().push(candidate);
        }
    }
    let explained = by_tenant
        .iter()
        .flat_map(|((tenant, _), candidates)| candidates.iter().map(|c| (c.name.clone(), (*tenant).to_owned())))
        .collect();
    let sure = by_tenant.keys().any(|(_, certainty)| *certainty == Certainty::Sure);
    let mut repairs = if sure { repairs(session, &misplaced, &tenants).await? } else { Default::default() };
    let findings = by_tenant.into_iter().map(|((tenant, certainty), candidates)| {
        let statements = if certainty == Certainty::Sure { repairs.remove(tenant) } else { None };
        finding(tenant, certainty, &candidates).repaired_by(statements.unwrap_or_default())
    });
    Ok((findings.collect(), explained))
}

fn finding(tenant: &str, certainty: Certainty, candidates: &[&Candidate]) -> Finding {
    let objects = listed(candidates.iter().map(|candidate| candidate.name.as_str()));
    let (code, level, message) = match certainty {
        Certainty::Sure => {
            ("misplaced", Level::Error, format!("These objects in public belong to {tenant}: {objects}."))
        }
        _ => (
            "misplaced_likely",
            Level::Warning,
            format!("These objects in public seem to belong to {tenant}: {objects}."),
        ),
    };
    let likely = if certainty == Certainty::Sure { "" } else { " --likely" };
    let mut finding = Finding::new(DoctorCheck::Misplaced, level, Some(tenant), "public", message)
        .code(code)
        .param("objects", objects)
        .param("tenant", tenant)
        .param("command", format!("cadastre tenant move-tables {tenant}{likely}"));
    for candidate in candidates.iter().take(SHOWN) {
        let why = candidate.evidence.iter().chain(&candidate.doubts).map(|clue| clue.message.as_str());
        finding = finding.fact(&candidate.name, why.collect::<Vec<_>>().join(" "));
    }
    finding.fact("command", format!("cadastre tenant move-tables {tenant}{likely} --dry-run"))
}

/// So many objects are told with their evidence.
const SHOWN: usize = 5;
