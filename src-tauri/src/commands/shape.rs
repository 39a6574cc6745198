//! Structures: the classes of the fleet, and two tenants side by side.

use super::Answer;
use crate::state::Desktop;
use cadastre_core::shape::{self, Classes, Comparison, Fingerprint, Namespace, Options, Step, WireChange};
use cadastre_core::tenant;
use tauri::State;

/// How the structure of one tenant differs from another's, and the SQL that takes the difference away.
#[derive(Debug, Clone, serde::Serialize, specta::Type)]
pub struct StructureComparison {
    /// The measure.
    pub reference: Fingerprint,
    /// The other.
    pub other: Fingerprint,
    /// What is different, seen from the measure.
    pub changes: Vec<WireChange>,
    /// One script that is one transaction; empty where there is nothing to do.
    pub sql: String,
    /// How many statements there are between `begin` and `commit`.
    pub statements: u32,
    /// The statements that may lose data.
    pub destructive: Vec<RepairStep>,
    /// The statements that write every row of a table again.
    pub rewrites: Vec<RepairStep>,
    /// What no statement of the script changes.
    pub unrepaired: Vec<WireChange>,
}

/// A statement of a repair that deserves a second look.
#[derive(Debug, Clone, serde::Serialize, specta::Type)]
pub struct RepairStep {
    /// What it is about.
    pub object: String,
    /// The statement.
    pub sql: String,
}

impl From<&Step> for RepairStep {
    fn from(step: &Step) -> Self {
        Self { object: step.object.to_string(), sql: step.sql.text().to_owned() }
    }
}

impl From<&Comparison> for StructureComparison {
    fn from(comparison: &Comparison) -> Self {
        let steps = &comparison.repair.steps;
        let chosen = |is: fn(&Step) -> bool| steps.iter().filter(|step| is(step)).map(RepairStep::from).collect();
        Self {
            reference: comparison.reference.clone(),
            other: comparison.other.clone(),
            changes: comparison.changes.iter().map(WireChange::from).collect(),
            sql: comparison.repair.script().text().to_owned(),
            statements: u32::try_from(steps.len()).unwrap_or(u32::MAX),
            destructive: chosen(|step| step.destructive),
            rewrites: chosen(|step| step.rewrites),
            unrepaired: comparison.repair.unrepaired.iter().map(WireChange::from).collect(),
        }
    }
}

/// All tenants by structure. The measure is the largest class, or that of the schema named.
#[tauri::command]
#[specta::specta]
pub async fn shape_classes(
    desktop: State<'_, Desktop>,
    reference: Option<String>,
    options: Options,
) -> Answer<Classes> {
    let database = desktop.database()?;
    let mut session = database.catalog().await?;
    let found = tenant::discover(&mut session).await?;
    // Fingerprints are read in sessions of their own; others may have this one meanwhile.
    drop(session);
    let schemas: Vec<_> =
        found.into_iter().map(|tenant| Namespace { oid: tenant.summary.oid, name: tenant.summary.schema }).collect();
    Ok(shape::classes(&database, &schemas, reference.as_deref(), options).await?)
}

/// How `tenant` (a schema) differs from `reference` (another).
#[tauri::command]
#[specta::specta]
pub async fn shape_compare(
    desktop: State<'_, Desktop>,
    reference: String,
    tenant: String,
    options: Options,
) -> Answer<StructureComparison> {
    let database = desktop.database()?;
    let mut session = database.catalog().await?;
    let schemas = shape::namespaces(&mut session, &[reference, tenant]).await?;
    drop(session);
    // One for each name.
    Ok(StructureComparison::from(&shape::compare(&database, &schemas[0], &schemas[1], options).await?))
}
