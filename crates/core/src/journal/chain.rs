//! The hash chain.

use super::Entry;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Whether the journal is as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Verdict {
    /// How many entries there are.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub entries: i64,
    /// No entry was changed or taken out.
    pub intact: bool,
    /// The first entry that does not fit.
    #[cfg_attr(feature = "specta", specta(type = Option<u32>))]
    pub broken_at: Option<i64>,
}

/// SHA-256 over the hash before it and every field, each preceded by its length so that no two entries read alike.
pub(super) fn hash(previous: &str, entry: &Entry) -> String {
    let mut digest = Sha256::new();
    let mut field = |text: Option<&str>| match text {
        Some(text) => {
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text.as_bytes());
        }
        None => digest.update(u64::MAX.to_be_bytes()),
    };
    field(Some(previous));
    field(Some(&entry.number.to_string()));
    field(Some(&entry.time));
    field(Some(&entry.person));
    field(Some(&entry.computer));
    field(entry.role.as_deref());
    field(entry.database.as_deref());
    field(Some(&entry.operation));
    field(entry.subject.as_deref());
    field(entry.run.as_deref());
    field(Some(&entry.outcome));
    field(entry.detail.as_deref());
    crate::migration::hex(&digest.finalize())
}
