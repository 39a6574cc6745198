//! One version of a folder: its files, their headers, and what tenants may have applied of it.

use super::text::{self, Comparison};
use super::{Direction, MigrationInfo};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// One version: its up file, and its down file when there is one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Migration {
    /// The number before the first `_` of the file name.
    pub version: i64,
    /// The rest of the file name, with spaces.
    pub description: String,
    /// Name of the up file.
    pub file: String,
    /// SHA-384 of the up file, as sqlx computes it.
    pub checksum: Vec<u8>,
    /// Text of the up file, without a byte-order mark.
    pub up: String,
    /// Text of the down file, likewise.
    pub down: Option<String>,
    /// Which of the two files begin with a byte-order mark.
    #[serde(default)]
    pub(super) marked: Vec<Direction>,
    /// Checksums of the same text with other line ends.
    #[serde(skip)]
    pub(super) alike: OnceLock<Vec<Vec<u8>>>,
}

impl Migration {
    /// Compares the up file with the text that a tenant has applied.
    pub(super) fn compare(&self, checksum: &[u8]) -> Comparison {
        if self.checksum == checksum {
            return Comparison::Same;
        }
        let alike = self.alike.get_or_init(|| text::checksums(&self.up));
        if alike.iter().any(|other| other == checksum) { Comparison::LineEndings } else { Comparison::Other }
    }

    /// The tenant has applied this up file, whatever its line ends were.
    pub(super) fn is_text_of(&self, checksum: &[u8]) -> bool {
        self.compare(checksum) != Comparison::Other
    }

    /// The file begins with a byte-order mark.
    pub(super) fn has_mark(&self, direction: Direction) -> bool {
        self.marked.contains(&direction)
    }

    /// The file must run outside a transaction. As in sqlx, only the very first bytes decide.
    pub fn no_transaction(&self, direction: Direction) -> bool {
        self.text(direction).is_some_and(|text| text.starts_with("-- no-transaction"))
    }

    /// Text of the file for this way; down files may be absent.
    pub fn text(&self, direction: Direction) -> Option<&str> {
        match direction {
            Direction::Up => Some(&self.up),
            Direction::Down => self.down.as_deref(),
        }
    }

    /// Name of the file for this way.
    pub fn file_name(&self, direction: Direction) -> String {
        match (direction, self.file.strip_suffix(".up.sql")) {
            (Direction::Up, _) => self.file.clone(),
            (Direction::Down, stem) => {
                format!("{}.down.sql", stem.or_else(|| self.file.strip_suffix(".sql")).unwrap_or(&self.file))
            }
        }
    }

    /// Longest time that one statement of the file may take: the header line `-- timeout:`.
    pub fn timeout(&self) -> Option<std::time::Duration> {
        super::header::duration(&self.header("timeout")?)
    }

    /// The value of a header line `-- name: value` before the first statement.
    pub fn header(&self, name: &str) -> Option<String> {
        let lines = self.up.lines().take_while(|l| l.trim().is_empty() || l.starts_with("--"));
        let mut values = lines.filter_map(|l| l.strip_prefix("--")?.trim().split_once(':'));
        values.find(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
    }
}

impl From<&Migration> for MigrationInfo {
    fn from(m: &Migration) -> Self {
        Self {
            version: m.version,
            description: m.description.clone(),
            checksum: super::history::hex(&m.checksum),
            reversible: m.down.is_some(),
            no_transaction: m.no_transaction(Direction::Up),
            purpose: m.header("purpose"),
            impact: m.header("impact"),
            rollback: m.header("rollback"),
            up: m.up.clone(),
            down: m.down.clone(),
        }
    }
}
