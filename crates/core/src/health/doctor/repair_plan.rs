//! The plan of a repair: which findings, with which SQL, for whom.

use super::examine::Report;
use super::{DoctorCheck, Finding, examine};
use crate::connection::{Database, server_identity};
use crate::fleet::{Check, CheckLevel, Plan, PlannedSql, PlannedTenant, RunKind};
use crate::sql::Ident;
use crate::tenant::Selection;
use crate::{Result, migration};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Where in a run stands what concerns no single tenant. No schema of a tenant can have this name.
pub(super) const DATABASE: &str = "pg_database";

/// Which findings are to be repaired.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FixRequest {
    /// Schemas or display names; all tenants, and the database itself, when empty.
    pub tenants: Vec<String>,
    /// Only these checks; all when empty.
    pub checks: Vec<DoctorCheck>,
    /// Only findings with these [`Finding::id`]s; all that can be repaired when empty.
    pub findings: Vec<String>,
    /// Sessions at a time.
    pub jobs: Option<u16>,
}

/// The plan of a repair, with what [`super::apply_fix`] needs.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct FixPlan {
    /// What a person reads.
    #[serde(flatten)]
    pub plan: Plan,
    /// What will be gone afterwards.
    pub findings: Vec<Finding>,
    #[serde(skip)]
    pub(super) request: FixRequest,
}

/// Examines the database again and plans the repair of what is asked for and still there; changes nothing.
///
/// # Errors
/// Like [`examine`].
pub async fn plan_fix(database: &Database, selection: &Selection, request: FixRequest) -> Result<FixPlan> {
    let report = examine(database, selection, &request.checks).await?;
    plan_of(database, report, request).await
}

async fn plan_of(database: &Database, report: Report, request: FixRequest) -> Result<FixPlan> {
    let asked = |finding: &Finding| request.findings.is_empty() || request.findings.contains(&finding.id);
    let (fixable, left): (Vec<Finding>, Vec<Finding>) =
        report.findings.into_iter().filter(asked).partition(|finding| finding.fixable);
    let mut session = database.catalog().await?;
    let found = crate::tenant::discover(&mut session).await?;
    let mut state = Sha256::new();
    state.update(server_identity(&mut session).await?);
    drop(session);
    let names: BTreeMap<&str, &str> =
        found.iter().map(|f| (f.summary.schema.as_str(), f.summary.name.as_str())).collect();
    let mut by_target: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    for finding in &fixable {
        let sql = finding.fix_sql.as_deref().unwrap_or_default();
        state.update(format!("\0{}\0{sql}", finding.id));
        by_target.entry(target_of(finding, &names)).or_default().push(finding);
    }
    let mut tenants = Vec::new();
    let mut groups: BTreeMap<String, PlannedSql> = BTreeMap::new();
    for (schema, findings) in &by_target {
        let name = names.get(schema.as_str()).map_or(database.server().database.as_str(), |name| name);
        let mut steps: Vec<String> = findings.iter().map(|finding| finding.check.name().to_owned()).collect();
        steps.sort();
        steps.dedup();
        tenants.push(PlannedTenant::new(schema, name, steps));
        let sql = statements(findings);
        let alike = match Ident::new(schema.as_str()) {
            Ok(quoted) => sql.replace(&quoted.to_string(), "\0"),
            Err(_) => sql.clone(),
        };
        let group = groups.entry(alike).or_insert_with(|| PlannedSql {
            schema: schema.clone(),
            tenants: 0,
            names: Vec::new(),
            from: None,
            sql,
        });
        group.tenants += 1;
        if group.names.len() < PlannedSql::NAMED {
            group.names.push(schema.clone());
        }
    }
    let mut statements: Vec<PlannedSql> = groups.into_values().collect();
    statements.sort_by(|a, b| a.schema.cmp(&b.schema));
    let plan = Plan {
        id: uuid::Uuid::new_v4().simple().to_string(),
        kind: RunKind::Repair,
        tenants,
        statements,
        checks: checks(&fixable, &left),
        fingerprint: migration::hex(&state.finalize()),
    };
    Ok(FixPlan { plan, findings: fixable, request })
}

/// Whose transaction repairs a finding.
fn target_of(finding: &Finding, tenants: &BTreeMap<&str, &str>) -> String {
    match finding.schema.as_deref() {
        Some(schema) if tenants.contains_key(schema) => schema.to_owned(),
        _ => DATABASE.to_owned(),
    }
}

/// As they are sent for one tenant.
fn statements(findings: &[&Finding]) -> String {
    let text = |alone: bool| {
        let those = findings.iter().filter(|finding| finding.alone == alone);
        those.filter_map(|finding| finding.fix_sql.as_deref()).collect::<Vec<_>>().join("\n")
    };
    let (within, alone) = (text(false), text(true));
    let mut sql = String::new();
    if !within.is_empty() {
        sql += &format!("begin;\n{within}\ncommit;\n");
    }
    if !alone.is_empty() {
        sql += &format!("{alone}\n");
    }
    sql
}

fn checks(fixable: &[Finding], left: &[Finding]) -> Vec<Check> {
    let mut checks = Vec::new();
    if fixable.is_empty() {
        let message = "There is nothing to repair: what was asked for is not found any more, or has no repair that can be planned.";
        checks.push(Check::new(CheckLevel::Stop, "repair_nothing", message, &[]));
    } else {
        let number = fixable.len().to_string();
        let message =
            format!("{number} findings are looked for again after their repair: it counts when they are gone.");
        checks.push(Check::new(CheckLevel::Ok, "repair_proven", message, &[("findings", number)]));
    }
    let alone = fixable.iter().filter(|finding| finding.alone).count();
    if alone > 0 {
        let message =
            format!("{alone} repairs cannot run in a transaction: what they have done stays, whatever comes after.");
        checks.push(Check::new(CheckLevel::Warning, "repair_alone", message, &[("findings", alone.to_string())]));
    }
    if alone < fixable.len() {
        let message = "Everything else is one transaction per tenant: all of it or nothing.";
        checks.push(Check::new(CheckLevel::Ok, "repair_transaction", message, &[]));
    }
    if !left.is_empty() {
        let message = format!("{} findings are left to a person.", left.len());
        checks.push(Check::new(CheckLevel::Warning, "repair_left", message, &[("findings", left.len().to_string())]));
    }
    checks
}
