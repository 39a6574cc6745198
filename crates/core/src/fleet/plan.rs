//! What a person reads before anything changes.

use super::{RunKind, RunOptions, RunRecord, Target};
use crate::{ErrorKind, Result};
use serde::Serialize;

/// A plan: what will change, the SQL, the tenants, the checks, and the fingerprint of the state it was made from.
/// Made by `plan(…)` of an operation and handed back to its `apply(…)`, which refuses it when the state has changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Plan {
    /// Names the plan for as long as it can be applied.
    pub id: String,
    /// What it does.
    pub kind: RunKind,
    /// Who will be changed, or skipped and why.
    pub tenants: Vec<PlannedTenant>,
    /// The statements, one entry per group of tenants that get the same.
    pub statements: Vec<PlannedSql>,
    /// What was checked.
    pub checks: Vec<Check>,
    /// SHA-256 over the state that the plan was made from, hexadecimal.
    pub fingerprint: String,
}

impl Plan {
    /// Refuses what a check says stop to, with every reason or the first few of many.
    ///
    /// # Errors
    /// [`ErrorKind::PlanBlocked`].
    pub(crate) fn refuse_stops(&self) -> Result<()> {
        const SHOWN: usize = 10;
        let stops = self.checks.iter().filter(|check| check.level == CheckLevel::Stop);
        let stops: Vec<&str> = stops.map(|check| check.message.as_str()).collect();
        if stops.is_empty() {
            return Ok(());
        }
        let mut reason = stops[..stops.len().min(SHOWN)].join(" ");
        if stops.len() > SHOWN {
            reason.push_str(&format!(" And {} more, which --dry-run shows.", stops.len() - SHOWN));
        }
        Err(ErrorKind::PlanBlocked { reason }.into())
    }

    /// The tenants, in their order. Those that the plan skips stay in the run, where they end as skipped.
    pub(crate) fn targets(&self) -> Vec<Target> {
        let target = |planned: &PlannedTenant| Target {
            skipped: planned.skipped.clone(),
            ..Target::new(&planned.schema, &planned.name)
        };
        self.tenants.iter().map(target).collect()
    }

    /// How a run carries the plan out that was made for a request: the record has the request and the state that the plan was
    /// made from, the journal has the statements.
    pub(crate) fn run_options(&self, request: String) -> RunOptions {
        let statements: Vec<&str> = self.statements.iter().map(|group| group.sql.as_str()).collect();
        RunOptions {
            record: RunRecord { request, fingerprint: self.fingerprint.clone(), ..RunRecord::default() },
            statements: statements.join("\n"),
            ..RunOptions::default()
        }
    }
}

/// One tenant in a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PlannedTenant {
    /// Schema.
    pub schema: String,
    /// Display name.
    pub name: String,
    /// What will happen, as short words: migration versions, the new schema …
    pub steps: Vec<String>,
    /// It goes ahead of the others.
    pub canary: bool,
    /// Why nothing will happen, when nothing will.
    pub skipped: Option<crate::error::WireError>,
}

impl PlannedTenant {
    /// A tenant that something is done to, in its turn.
    pub(crate) fn new(schema: impl Into<String>, name: impl Into<String>, steps: Vec<String>) -> Self {
        Self { schema: schema.into(), name: name.into(), steps, canary: false, skipped: None }
    }
}

/// SQL that several tenants get alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct PlannedSql {
    /// The first tenant of the group, in whose schema the statements are shown.
    pub schema: String,
    /// How many tenants get the same statements in their own schema.
    pub tenants: u32,
    /// The first of their schemas, [`PlannedSql::NAMED`] at most.
    pub names: Vec<String>,
    /// Where they stand before: the newest migration that they have applied.
    pub from: Option<String>,
    /// As it will be sent.
    pub sql: String,
}

impl PlannedSql {
    /// So many tenants are named; the others are counted.
    pub const NAMED: usize = 5;
}

/// One finding of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Check {
    /// How serious.
    pub level: CheckLevel,
    /// Stable name, for translation.
    pub code: String,
    /// Names and numbers in the message.
    pub params: std::collections::BTreeMap<String, String>,
    /// In English.
    pub message: String,
}

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum CheckLevel {
    /// As it should be.
    Ok,
    /// Worth knowing.
    Warning,
    /// The plan cannot be applied.
    Stop,
}

impl Check {
    /// A finding with its names.
    pub fn new(level: CheckLevel, code: &str, message: impl Into<String>, params: &[(&str, String)]) -> Self {
        Self {
            level,
            code: code.to_owned(),
            params: params.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect(),
            message: message.into(),
        }
    }
}
