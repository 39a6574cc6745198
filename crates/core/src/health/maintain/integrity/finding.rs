//! What a check has found.

use crate::health::doctor::{DoctorCheck, Finding, Level};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum IntegrityCheck {
    /// The pages of an index.
    Index,
    /// The pages of a table.
    Table,
    /// Rows without the row that their foreign key names.
    ForeignKey,
    /// Indexes that are not valid.
    IndexInvalid,
    /// Constraints that older rows were never checked against.
    Constraint,
    /// Sequences behind their column.
    Sequence,
}

impl IntegrityCheck {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Table => "table",
            Self::ForeignKey => "foreign_key",
            Self::IndexInvalid => "index_invalid",
            Self::Constraint => "constraint",
            Self::Sequence => "sequence",
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct IntegrityFinding {
    /// What was looked at.
    pub check: IntegrityCheck,
    /// How serious. Notes are for reading.
    pub level: Level,
    /// The object in the tenant.
    pub object: String,
    /// What is wrong, in English.
    pub message: String,
    /// Stable name of the message, for translation: `index_damaged`, `table_damaged`, `orphans`, or one of the doctor's.
    pub code: String,
    /// Names and numbers in the message.
    pub params: BTreeMap<String, String>,
    /// The server's own words, or the SQL that shows the rows.
    pub detail: Option<String>,
    /// The SQL that repairs it, where that can be derived.
    pub fix_sql: Option<String>,
}

impl IntegrityFinding {
    /// It is more than a note.
    pub fn is_wrong(&self) -> bool {
        self.level != Level::Note
    }

    pub(super) fn new(check: IntegrityCheck, level: Level, code: &str, object: &str, message: String) -> Self {
        Self {
            check,
            level,
            object: object.to_owned(),
            message,
            code: code.to_owned(),
            params: BTreeMap::from([("object".to_owned(), object.to_owned())]),
            detail: None,
            fix_sql: None,
        }
    }

    pub(super) fn param(mut self, name: &str, value: impl Into<String>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    pub(super) fn fix(mut self, sql: impl Into<String>) -> Self {
        self.fix_sql = Some(sql.into());
        self
    }
}

impl From<Finding> for IntegrityFinding {
    fn from(finding: Finding) -> Self {
        let check = match finding.check {
            DoctorCheck::SequenceBehind => IntegrityCheck::Sequence,
            DoctorCheck::ConstraintUnchecked => IntegrityCheck::Constraint,
            _ => IntegrityCheck::IndexInvalid,
        };
        Self {
            check,
            level: finding.level,
            object: finding.object,
            message: finding.message,
            code: finding.code,
            params: finding.params,
            detail: None,
            fix_sql: finding.fix_sql,
        }
    }
}

/// What could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct NotLookedAt {
    /// What was to be looked at.
    pub check: IntegrityCheck,
    /// A stable word: `no_amcheck`, `no_right`, `no_index` (no index gives a column's greatest value), `busy`, `gone`, `period` (a temporal
    /// foreign key), `failed`.
    pub reason: String,
    /// How many objects.
    pub objects: u32,
    /// The first of them, or the server's words where it failed.
    pub example: Option<String>,
}

impl NotLookedAt {
    /// Counts one more among the others of the same kind.
    pub(super) fn add(list: &mut Vec<Self>, check: IntegrityCheck, reason: &str, objects: u32, example: Option<&str>) {
        match list.iter_mut().find(|one| one.check == check && one.reason == reason) {
            Some(one) => one.objects += objects,
            None => list.push(Self { check, reason: reason.to_owned(), objects, example: example.map(str::to_owned) }),
        }
    }
}
