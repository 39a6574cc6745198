//! One thing that is wrong.

use super::DoctorCheck;
use crate::sql::Statement;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type), serde(rename = "DoctorLevel"))]
pub enum Level {
    /// Something fails, or tenants are not kept apart.
    Error,
    /// Something will fail, or may be meant otherwise.
    Warning,
    /// Worth knowing.
    Note,
}

/// What a finding was seen by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type), serde(rename = "DoctorFact"))]
pub struct Fact {
    /// A stable word for what it is: `owner`, `search_path`, `definition` …
    pub name: String,
    /// As it is there.
    pub value: String,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type), serde(rename = "DoctorFinding"))]
pub struct Finding {
    /// The same for as long as the same is wrong with the same object.
    pub id: String,
    /// What was checked.
    pub check: DoctorCheck,
    /// How serious.
    pub level: Level,
    /// The tenant's schema, or another one; none for the database as a whole.
    pub schema: Option<String>,
    /// The object in that schema, a role, a setting.
    pub object: String,
    /// What is wrong, in English.
    pub message: String,
    /// Stable name of the message, for translation.
    pub code: String,
    /// Names and numbers in the message.
    pub params: BTreeMap<String, String>,
    /// What it was seen by.
    pub evidence: Vec<Fact>,
    /// The SQL that repairs it, where that can be derived.
    pub fix_sql: Option<String>,
    /// [`super::plan_fix`] can do it. Otherwise the SQL, where there is some, is for a person to judge.
    pub fixable: bool,
    #[serde(skip)]
    pub(super) fix: Vec<Statement>,
    /// The statements cannot run in a transaction.
    #[serde(skip)]
    pub(super) alone: bool,
}

impl Finding {
    /// The finding of a check whose message has the check's own name.
    pub(super) fn new(check: DoctorCheck, level: Level, schema: Option<&str>, object: &str, message: String) -> Self {
        let finding = Self {
            id: String::new(),
            check,
            level,
            schema: schema.map(str::to_owned),
            object: object.to_owned(),
            message,
            code: String::new(),
            params: BTreeMap::new(),
            evidence: Vec::new(),
            fix_sql: None,
            fixable: false,
            fix: Vec::new(),
            alone: false,
        };
        finding.code(check.name())
    }

    pub(super) fn code(mut self, code: &str) -> Self {
        self.code = code.to_owned();
        let mut id = Sha256::new();
        id.update(format!("{code}\0{}\0{}", self.schema.as_deref().unwrap_or_default(), self.object));
        self.id = crate::migration::hex(&id.finalize())[..16].to_owned();
        self
    }

    pub(super) fn param(mut self, name: &str, value: impl Into<String>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn fact(mut self, name: &str, value: impl Into<String>) -> Self {
        self.evidence.push(Fact { name: name.to_owned(), value: value.into() });
        self
    }

    /// What repairs it, in one transaction.
    pub(super) fn repaired_by(mut self, statements: Vec<Statement>) -> Self {
        self.fix_sql = (!statements.is_empty()).then(|| text(&statements));
        self.fixable = !statements.is_empty();
        self.fix = statements;
        self
    }

    /// What repairs it, each statement outside a transaction.
    pub(super) fn repaired_alone_by(self, statements: Vec<Statement>) -> Self {
        Self { alone: true, ..self.repaired_by(statements) }
    }

    /// What a person may do about it; nothing that a plan could prove.
    pub(super) fn advice(mut self, statement: &Statement) -> Self {
        self.fix_sql = Some(text(std::slice::from_ref(statement)));
        self
    }
}

fn text(statements: &[Statement]) -> String {
    statements.iter().map(|s| format!("{s};")).collect::<Vec<_>>().join("\n")
}

/// Names for a sentence: the first few, and how many more there are.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 5;
    let names: Vec<&str> = names.into_iter().collect();
    let shown = names[..names.len().min(SHOWN)].join(", ");
    if names.len() > SHOWN { format!("{shown} and {} more", names.len() - SHOWN) } else { shown }
}
