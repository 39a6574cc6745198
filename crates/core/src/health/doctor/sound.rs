//! The part of the doctor that an integrity check needs: unfinished indexes and constraints, and sequences behind their column.

use super::fleet::Fleet;
use super::{DoctorCheck, Finding, sequences, unfinished};
use crate::Result;
use crate::connection::Session;
use crate::tenant::Found;

/// Looks at one tenant after the other with the doctor's own checks.
pub(in crate::health) struct Sound {
    fleet: Fleet,
}

impl Sound {
    /// Reads once who is who in the fleet.
    pub async fn of(session: &mut Session, found: &[Found]) -> Result<Self> {
        Ok(Self { fleet: super::examine::fleet(session, found).await? })
    }

    /// Findings in one tenant, and why how many objects could not be looked at: `no_right`, `no_index`, `busy`.
    pub async fn examine(
        &self,
        session: &mut Session,
        namespace: u32,
    ) -> Result<(Vec<Finding>, Vec<(DoctorCheck, &'static str, usize)>)> {
        let mut findings = unfinished::check(session, &self.fleet, &[namespace]).await?;
        let (behind, unread) = sequences::check(session, &self.fleet, &[namespace]).await?;
        findings.extend(behind);
        let left = [("no_right", unread.forbidden), ("no_index", unread.costly), ("busy", unread.busy)];
        let left = left.into_iter().filter(|(_, objects)| *objects > 0);
        Ok((findings, left.map(|(reason, objects)| (DoctorCheck::SequenceBehind, reason, objects)).collect()))
    }
}
