//! What a rehearsal found.

use crate::error::WireError;
use crate::fleet::Check;
use crate::migration::Direction;
use crate::shape::{Change, Fingerprint};
use serde::Serialize;

/// A plan that was tried out. Nothing of it is left on the server.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Rehearsal {
    /// One verdict for each class of tenants, the largest class first.
    pub classes: Vec<RehearsedClass>,
    /// How many tenants the classes have together.
    pub tenants: u32,
    /// What was not tried out in any class.
    pub notes: Vec<Check>,
    /// Milliseconds from start to end.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub duration_ms: u64,
}

/// Tenants that get the same files from the same history and are built alike, tried out on a copy of one of them.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RehearsedClass {
    /// The tenant whose structure was copied.
    pub representative: String,
    /// Schemas of the class, in the order of the plan.
    pub members: Vec<String>,
    /// The structure that they share.
    pub shape: Fingerprint,
    /// Versions that they go through, in order.
    pub steps: Vec<String>,
    /// How it went.
    pub verdict: Verdict,
    /// Why it did not go well.
    pub error: Option<WireError>,
    /// The files of the way there, then those of the way back.
    pub files: Vec<RehearsedFile>,
    /// What the files lock of what is there before them.
    pub locks: Vec<TakenLock>,
    /// What they change about the structure.
    #[cfg_attr(feature = "specta", specta(type = Vec<crate::shape::WireChange>))]
    pub changes: Vec<Change>,
    /// Whether there is a way back, and where it leads.
    pub way_back: WayBack,
    /// What was not tried out, or not as it will be.
    pub notes: Vec<Check>,
    /// Milliseconds, the copy included.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub duration_ms: u64,
}

/// How a rehearsal of a class ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum Verdict {
    /// The files work; so does the way back, where there is one.
    Passed,
    /// The files work, but their way back fails, or leads elsewhere.
    NoWayBack,
    /// A file fails, or reaches outside the tenant.
    Failed,
    /// It could not be tried out.
    NotRehearsed,
}

/// A file, in the order of the rehearsal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct RehearsedFile {
    /// Its name.
    pub file: String,
    /// Which way it goes.
    pub direction: Direction,
    /// What became of it.
    pub outcome: FileOutcome,
    /// Milliseconds on the empty copy.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub duration_ms: u64,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum FileOutcome {
    /// It was applied.
    Applied,
    /// It works only outside a transaction.
    LeftOut,
    /// It failed.
    Failed,
}

/// A lock of a table that exists before the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct TakenLock {
    /// The table, view or sequence; with its schema where that is not the tenant's.
    pub relation: String,
    /// As PostgreSQL calls it, for example `ACCESS EXCLUSIVE`.
    pub mode: String,
    /// Whom it keeps waiting.
    pub stops: Stops,
    /// The file that takes it.
    pub file: String,
    /// The line of the statement, where it is known.
    pub line: Option<u32>,
}

/// Whom a lock keeps waiting until its transaction ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum Stops {
    /// Who reads or writes.
    Readers,
    /// Who writes.
    Writers,
    /// Nobody who only reads and writes rows.
    Nobody,
}

/// Where the way back led.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct WayBack {
    /// How it ended.
    pub outcome: WayBackOutcome,
    /// How the structure differs afterwards from the one before.
    #[cfg_attr(feature = "specta", specta(type = Vec<crate::shape::WireChange>))]
    pub changes: Vec<Change>,
    /// Why it failed.
    pub error: Option<WireError>,
}

/// How the way back ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum WayBackOutcome {
    /// The structure is as it was.
    Restored,
    /// It is not.
    Differs,
    /// A file failed.
    Failed,
    /// A migration has no down file.
    Missing,
    /// The way there was not gone to its end.
    NotTried,
}

impl WayBack {
    pub(super) fn of(outcome: WayBackOutcome) -> Self {
        Self { outcome, changes: Vec::new(), error: None }
    }
}

impl Rehearsal {
    /// The exit code of a command line: 0 when all went well, 4 when nothing could be tried, 1 when it is nowhere as it should be, 3
    /// when it is in some classes.
    pub fn exit_code(&self) -> u8 {
        let count = |verdicts: &[Verdict]| self.classes.iter().filter(|c| verdicts.contains(&c.verdict)).count();
        let all = self.classes.len();
        match (count(&[Verdict::Passed]), count(&[Verdict::NotRehearsed])) {
            (passed, _) if passed == all => 0,
            (_, unknown) if unknown == all => 4,
            (0, _) => 1,
            _ => 3,
        }
    }
}
