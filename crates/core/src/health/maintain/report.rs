//! What became of each table of a tenant, kept beside the record of the run.

use super::MaintainWork;
use super::integrity::{IntegrityFinding, NotLookedAt};
use crate::fleet;
use crate::local::Home;
use serde::{Deserialize, Serialize};

/// A table at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MaintainFigures {
    /// Live rows, as the server estimates them.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: i64,
    /// Dead rows, as the server estimates them.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub dead_rows: i64,
    /// Table and TOAST, bytes; none while somebody has it to himself, and for a partitioned table.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub size_bytes: Option<i64>,
    /// Its indexes, bytes; none as for the size.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub index_bytes: Option<i64>,
    /// How many transactions ago its oldest row was frozen, at least: `age(relfrozenxid)`.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub frozen_age: i64,
    /// Last VACUUM, automatic or not, RFC 3339, UTC.
    pub last_vacuum: Option<String>,
    /// Last ANALYZE, automatic or not, RFC 3339, UTC.
    pub last_analyze: Option<String>,
}

/// A table that was worked on, or was to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MaintainedTable {
    /// Bare name.
    pub table: String,
    /// The catalogs show that it was done.
    pub done: bool,
    /// Why it was not, or not all of it.
    pub reason: Option<MaintainReason>,
    /// Indexes that were built anew.
    pub indexes: u32,
    /// Before.
    pub before: MaintainFigures,
    /// Afterwards, when it was done.
    pub after: Option<MaintainFigures>,
    /// Milliseconds.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub duration_ms: u64,
}

/// Something to say about a table: why it was chosen, or why it was not done.
///
/// Chosen by need: `dead_rows` (at least 1,000, and a tenth of the rows), `changed_rows` (at least 500 since the last ANALYZE, and a
/// twentieth), `never_analyzed`, `old_rows` (half of the way to the age at which the server freezes by itself), `index_invalid`.
///
/// Not done: `locked` (by `holder`), `not_permitted` (it belongs to `owner`), `skipped` (the server left it out), `still_dead` (done, but
/// rows stay because an older transaction may see them), `waited` (for transactions that did not end), `leftover` (the index `index`, which
/// is not valid), `not_concurrently` (exclusion constraints: `index`), `failed` (`message`), `gone`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MaintainReason {
    /// Stable word, as above.
    pub code: String,
    /// Names and numbers in the message.
    pub params: std::collections::BTreeMap<String, String>,
    /// In English.
    pub message: String,
}

impl MaintainReason {
    pub(super) fn new(code: &str, message: impl Into<String>, params: &[(&str, String)]) -> Self {
        Self {
            code: code.to_owned(),
            params: params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
            message: message.into(),
        }
    }
}

/// What became of one tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct MaintainReport {
    /// What was done.
    pub work: MaintainWork,
    /// Schema.
    pub schema: String,
    /// How many tables were to be done.
    pub planned: u32,
    /// Tables in the order in which they had their turn; of a check, none.
    pub tables: Vec<MaintainedTable>,
    /// What a check has found, the most serious first.
    pub findings: Vec<IntegrityFinding>,
    /// What a check could not look at, and why.
    pub not_looked_at: Vec<NotLookedAt>,
    /// Of a check: how many tables, indexes and foreign keys were looked through.
    pub looked_at: LookedAt,
}

/// How much a check has looked through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct LookedAt {
    /// Tables of which every page was read.
    pub tables: u32,
    /// Indexes of which every page was read.
    pub indexes: u32,
    /// Foreign keys whose rows were counted.
    pub keys: u32,
}

impl MaintainReport {
    pub(super) fn new(work: MaintainWork, schema: &str) -> Self {
        Self {
            work,
            schema: schema.to_owned(),
            planned: 0,
            tables: Vec::new(),
            findings: Vec::new(),
            not_looked_at: Vec::new(),
            looked_at: LookedAt::default(),
        }
    }

    /// Notes what became of a table, in the place of what an earlier try said of it.
    pub(super) fn note(&mut self, table: MaintainedTable) {
        match self.tables.iter_mut().find(|known| known.table == table.table) {
            Some(known) => *known = table,
            None => self.tables.push(table),
        }
    }

    /// The table was done in this run, or could not be for another reason than a lock, which goes away by itself.
    pub(super) fn is_settled(&self, table: &str) -> bool {
        let locked = |known: &MaintainedTable| known.reason.as_ref().is_some_and(|reason| reason.code == "locked");
        self.tables.iter().any(|known| known.table == table && (known.done || !locked(known)))
    }

    /// In short words, as the record of the run has it; the window reads them by their form.
    pub fn words(&self) -> String {
        let done: Vec<&MaintainedTable> = self.tables.iter().filter(|table| table.done).collect();
        let (number, all) = (done.len(), (self.planned as usize).max(self.tables.len()));
        let of = if number == all { String::new() } else { format!(" of {all}") };
        let freed = |of: fn(&MaintainFigures) -> Option<i64>| -> i64 {
            let one = |table: &&MaintainedTable| Some(of(&table.before)? - of(table.after.as_ref()?)?);
            done.iter().filter_map(one).sum()
        };
        match self.work {
            MaintainWork::Vacuum => {
                let dead: i64 = done
                    .iter()
                    .filter_map(|table| Some(table.before.dead_rows - table.after.as_ref()?.dead_rows))
                    .sum();
                let bytes = freed(|f| Some(f.size_bytes? + f.index_bytes?));
                format!("{number}{of} tables vacuumed, {dead} dead rows and {bytes} bytes fewer")
            }
            MaintainWork::Analyze => format!("{number}{of} tables analyzed"),
            MaintainWork::Reindex => {
                let indexes: u32 = done.iter().map(|table| table.indexes).sum();
                format!("{indexes} indexes of {number}{of} tables built anew, {} bytes fewer", freed(|f| f.index_bytes))
            }
            MaintainWork::Check => {
                let LookedAt { tables, indexes, keys } = self.looked_at;
                let found = self.findings.iter().filter(|finding| finding.is_wrong()).count();
                format!("{found} findings in {tables} tables, {indexes} indexes, {keys} foreign keys")
            }
        }
    }

    pub(super) fn keep(&self, home: &Home, run: &str) {
        if let Err(error) = fleet::keep_report(home, run, &self.schema, self) {
            tracing::warn!(%error, "what became of a tenant's tables could not be kept");
        }
    }
}

/// What became of a tenant's tables in a run; nothing where it was no maintenance, or where the tenant did not have its turn.
pub fn report(home: &Home, run: &str, schema: &str) -> Option<MaintainReport> {
    fleet::report(home, run, schema)
}
