//! Two schemas side by side.

use super::diff::{Change, diff};
use super::fingerprint::Fingerprint;
use super::object::Options;
use super::read::{Namespace, read};
use super::repair::{Repair, repair};
use crate::Result;
use crate::connection::{Database, Purpose};

/// How one schema differs from another, and how to make it equal.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The measure.
    pub reference: Fingerprint,
    /// The other.
    pub other: Fingerprint,
    /// What is different, seen from the reference.
    pub changes: Vec<Change>,
    /// What makes the other like the reference.
    pub repair: Repair,
}

/// Compares `other` with `reference`.
///
/// # Errors
/// [`crate::ErrorKind::TenantMissing`] when one of them is gone.
pub async fn compare(
    database: &Database,
    reference: &Namespace,
    other: &Namespace,
    options: Options,
) -> Result<Comparison> {
    let mut session = database.session(Purpose::Catalog).await?;
    let (reference, other) = (read(&mut session, reference).await?, read(&mut session, other).await?);
    session.close().await;
    Ok(Comparison {
        reference: reference.fingerprint(options),
        other: other.fingerprint(options),
        changes: diff(&reference, &other, options),
        repair: repair(&reference, &other, options)?,
    })
}
