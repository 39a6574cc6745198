//! The last word on a run: the tenants that were brought to the same place have to look the same.

use crate::Result;
use crate::connection::Database;
use crate::error::WireError;
use crate::fleet::{Outcome, TenantOutcome};
use crate::shape::{self, Fingerprint, Options};
use crate::{Error, ErrorKind};
use std::collections::HashMap;

/// The tenants whose command succeeded and that are built unlike most of those that it changed.
pub(super) async fn judge(database: &Database, outcomes: &[TenantOutcome]) -> Result<Vec<(usize, WireError)>> {
    // Skipped without a reason: the command ran and changed nothing.
    let succeeded =
        |o: &TenantOutcome| o.outcome == Outcome::Done || (o.outcome == Outcome::Skipped && o.error.is_none());
    let judged: Vec<usize> = (0..outcomes.len()).filter(|i| succeeded(&outcomes[*i])).collect();
    if judged.len() < 2 {
        return Ok(Vec::new());
    }
    let names: Vec<String> = judged.iter().map(|i| outcomes[*i].schema.clone()).collect();
    let schemas = shape::namespaces(&mut *database.catalog().await?, &names).await?;
    let shapes = shape::fingerprints(database, &schemas, Options::default()).await?;
    let changed: Vec<bool> = judged.iter().map(|i| outcomes[*i].outcome == Outcome::Done).collect();
    let Some(measure) = measure(&shapes, &changed) else { return Ok(Vec::new()) };
    let reference = &names[measure];
    let apart = (0..judged.len()).filter(|at| shapes[*at] != shapes[measure]);
    Ok(apart
        .map(|at| {
            let kind = ErrorKind::CommandDrifted { schema: names[at].clone(), reference: reference.clone() };
            (judged[at], Error::new(kind).into())
        })
        .collect())
}

/// The first tenant of the shape that most of the changed ones have; of all of them, when none was changed.
fn measure(shapes: &[Fingerprint], changed: &[bool]) -> Option<usize> {
    let any = changed.iter().any(|changed| *changed);
    let counted: Vec<usize> = (0..shapes.len()).filter(|at| changed[*at] || !any).collect();
    let mut counts: HashMap<&Fingerprint, usize> = HashMap::new();
    for at in &counted {
        *counts.entry(&shapes[*at]).or_default() += 1;
    }
    // Canaries come first: of equally many, theirs counts.
    counted.into_iter().max_by_key(|at| (counts[&shapes[*at]], std::cmp::Reverse(*at)))
}
