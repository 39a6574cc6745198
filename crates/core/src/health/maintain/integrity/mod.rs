//! Looking for damage: indexes and tables page by page with amcheck, rows without the row that their foreign key names, and what the doctor
//! knows of unfinished indexes and of sequences. Nothing is changed.

mod amcheck;
mod finding;
mod keys;
mod operation;

pub use finding::{IntegrityCheck, IntegrityFinding, NotLookedAt};
pub(super) use operation::Integrity;

use super::MaintainRequest;
use super::table::{Index, Table};
use crate::Result;
use crate::connection::Session;
use crate::fleet::{Check, CheckLevel};
use amcheck::Amcheck;
use keys::Key;

/// What can be looked through on this server, by this role.
#[derive(Debug)]
pub(super) struct Means {
    amcheck: Amcheck,
    keys: Vec<Key>,
}

/// What is looked through of one tenant.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::health::maintain) struct CheckWork {
    amcheck: Amcheck,
    /// With their names.
    tables: Vec<(u32, String)>,
    indexes: Vec<Index>,
    keys: Vec<Key>,
    thorough: bool,
    /// Single tables were named: what belongs to others is not told.
    only: Option<Vec<String>>,
}

impl Means {
    pub async fn read(session: &mut Session, namespaces: &[u32], thorough: bool) -> Result<Self> {
        Ok(Self { amcheck: Amcheck::read(session).await?, keys: keys::read(session, namespaces, thorough).await? })
    }

    pub fn of_tenant(
        &self,
        namespace: u32,
        tables: &[&Table],
        indexes: &[Index],
        request: &MaintainRequest,
    ) -> CheckWork {
        let chosen = |oid: u32| tables.iter().any(|table| table.oid == oid);
        let named = |name: &str| tables.iter().any(|table| table.name == name);
        // A foreign key of a partitioned table, which has no rows of its own, is said with its name.
        let meant = |key: &&Key| request.tables.is_empty() || named(&key.table) || request.tables.contains(&key.table);
        CheckWork {
            amcheck: self.amcheck.clone(),
            tables: tables.iter().filter(|table| table.kind != 'p').map(|t| (t.oid, t.name.clone())).collect(),
            indexes: indexes.iter().filter(|index| index.valid && chosen(index.table)).cloned().collect(),
            keys: self.keys.iter().filter(|key| key.namespace == namespace).filter(meant).cloned().collect(),
            thorough: request.thorough,
            only: (!request.tables.is_empty()).then(|| tables.iter().map(|table| table.name.clone()).collect()),
        }
    }

    /// What will not be looked at.
    pub fn checks(&self) -> Vec<Check> {
        let message = "Nothing is changed. Reading every page takes a while and keeps nobody from working.";
        let mut checks = vec![Check::new(CheckLevel::Ok, "check_reads", message, &[])];
        if !self.amcheck.installed {
            let message = "The extension amcheck is not installed here: indexes and tables are not looked through page by page. An \
                           administrator can run: create extension amcheck";
            checks.push(Check::new(CheckLevel::Warning, "check_no_amcheck", message, &[]));
        } else if !self.amcheck.is_usable() {
            let message = "This role may not call the functions of amcheck: indexes and tables are not looked through page by page.";
            checks.push(Check::new(CheckLevel::Warning, "check_amcheck_right", message, &[]));
        }
        checks
    }
}

impl CheckWork {
    /// How many of what, in short words.
    pub fn words(&self) -> Vec<String> {
        let number = |number: usize, what: &str| format!("{number} {what}");
        vec![
            number(self.tables.len(), "tables"),
            number(self.indexes.len(), "indexes"),
            number(self.keys.len(), "foreign keys"),
        ]
    }

    /// What is sent, calls that differ by object only in one line each.
    pub fn sql(&self) -> Result<String> {
        let mut sql = String::new();
        for (what, call) in self.amcheck.calls(&self.indexes, self.tables.len(), self.thorough) {
            sql.push_str(&format!("-- {what}\n{call};\n"));
        }
        for key in self.keys.iter().filter(|key| !key.period) {
            sql.push_str(&format!("{};\n", key.question()?));
        }
        Ok(sql)
    }
}
