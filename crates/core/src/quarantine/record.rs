//! What the comment of a quarantined schema says: everything that the way back needs.

use crate::access::Grant;
use crate::sql::Ident;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The version of the record that is written here.
const VERSION: u32 = 1;
/// What the names of quarantined schemas begin with.
pub(super) const PREFIX: &str = "_cadastre_q_";
const MAX_BYTES: usize = 63;

/// The record of a tenant in quarantine, kept as JSON in the comment of its schema. Whoever owns the schema can write there,
/// so that a record is text to be checked: names in it become SQL only as quoted identifiers and literals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Version of this form.
    pub cadastre_quarantine: u32,
    /// The schema's former name.
    pub schema: String,
    /// Its present name: a record that was copied to another schema is not believed.
    pub quarantined_as: String,
    /// When, by the server's clock.
    pub quarantined_at: DateTime<Utc>,
    /// The person, as `name@computer`.
    pub quarantined_by: String,
    /// The role.
    pub role: String,
    /// The run that did it.
    pub run: String,
    /// The schema's owner.
    pub owner: String,
    /// The schema's former comment.
    pub comment: Option<String>,
    /// The former grants on the schema, in their order; none where there had never been any.
    pub acl: Option<Vec<Grant>>,
    /// The file that holds the tenant.
    pub backup: Backup,
    /// The archive of `pg_dump` beside it, where one was written.
    pub archive: Option<Backup>,
    /// What the files hold, and the quarantined schema with it.
    pub content: Summary,
    /// When the quarantined schema was read again and found to hold what the backup holds.
    pub proven_at: Option<DateTime<Utc>>,
    /// When a purge began to remove tables.
    pub purge_begun_at: Option<DateTime<Utc>>,
}

/// A backup file, as it was when it had been verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// Full path, on the computer that `quarantined_by` names.
    pub path: String,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// The rows of a tenant in short. Comments can be read by everybody, so that there is one digest over all tables: digests of
/// single tables would let anybody guess at short ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Tables.
    pub tables: u64,
    /// Rows of all of them.
    pub rows: u64,
    /// SHA-256 over names, rows and digests of the tables.
    pub digest: String,
}

impl Summary {
    /// Of tables, each as name, rows, digest.
    pub(super) fn of<'a>(tables: impl Iterator<Item = (&'a str, u64, &'a str)>) -> Self {
        let mut all: Vec<_> = tables.collect();
        all.sort_unstable();
        let mut state = Sha256::new();
        for (name, rows, digest) in &all {
            state.update(name.as_bytes());
            state.update(format!("\0{rows}\0{digest}\n"));
        }
        let rows = all.iter().map(|(_, rows, _)| rows).sum();
        Self { tables: all.len() as u64, rows, digest: crate::migration::hex(&state.finalize()) }
    }
}

impl Record {
    /// The version that new records have.
    pub(super) const fn version() -> u32 {
        VERSION
    }

    /// The comment.
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads the comment of the schema of this name; says what is wrong with one that is not to be believed.
    pub(super) fn parse(schema: &str, comment: Option<&str>) -> Result<Self, String> {
        let comment = comment.ok_or("the schema has no comment")?;
        let version = serde_json::from_str::<serde_json::Value>(comment)
            .ok()
            .and_then(|json| json.get("cadastre_quarantine").and_then(serde_json::Value::as_u64));
        match version {
            None => return Err("the schema's comment is not the record of a quarantine".into()),
            Some(version) if version != u64::from(VERSION) => {
                return Err(format!("it was written by another version of Cadastre (form {version})"));
            }
            Some(_) => {}
        }
        let record: Self = serde_json::from_str(comment).map_err(|error| error.to_string())?;
        if record.quarantined_as != schema {
            return Err(format!("it is the record of {}", record.quarantined_as));
        }
        let lower = record.schema.to_lowercase();
        if Ident::new(record.schema.as_str()).is_err() || lower.starts_with("pg_") || lower.starts_with("_cadastre_") {
            return Err("the former name is not one that a tenant can have".into());
        }
        Ok(record)
    }

    /// The state that it comes back in: one that was deactivated before stays so.
    pub(super) fn state(&self) -> &'static str {
        if crate::tenant::is_deactivated(self.comment.as_deref()) { "inactive" } else { "active" }
    }

    /// The display name that the tenant had.
    pub(super) fn display_name(&self) -> String {
        crate::tenant::display_name(self.comment.as_deref(), &self.schema)
    }
}

/// The name that a schema in quarantine had; nothing for one whose record is not to be believed.
pub(crate) fn former_name(schema: &str, comment: Option<&str>) -> Option<String> {
    Record::parse(schema, comment).ok().map(|record| record.schema)
}

/// The name in quarantine: when, and as much of the former name as fits.
pub(super) fn quarantine_name(schema: &str, now: DateTime<Utc>) -> String {
    let mut name = format!("{PREFIX}{}_", now.format("%Y%m%d%H%M%S"));
    for c in schema.chars() {
        if name.len() + c.len_utf8() > MAX_BYTES {
            break;
        }
        name.push(c);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn record() -> Record {
        Record {
            cadastre_quarantine: VERSION,
            schema: "acme".into(),
            quarantined_as: "_cadastre_q_20260101000000_acme".into(),
            quarantined_at: DateTime::UNIX_EPOCH,
            quarantined_by: "alix@desk".into(),
            role: "postgres".into(),
            run: "r".into(),
            owner: "postgres".into(),
            comment: Some("Acme".into()),
            acl: None,
            backup: Backup { path: "/b/acme.xlsx".into(), bytes: 1, sha256: "0".into() },
            archive: None,
            content: Summary { tables: 1, rows: 2, digest: "0".into() },
            proven_at: None,
            purge_begun_at: None,
        }
    }

    #[test]
    fn a_record_reads_back_as_itself() {
        let record = record();
        assert_eq!(Record::parse(&record.quarantined_as, Some(&record.text())), Ok(record.clone()));
    }

    #[test]
    fn a_record_of_another_schema_or_another_form_is_not_believed() {
        let good = record();
        assert!(Record::parse("_cadastre_q_20260101000000_other", Some(&good.text())).is_err());
        for former in ["", "pg_catalog", "_cadastre_q_x", &"x".repeat(64)] {
            let bad = Record { schema: former.into(), ..good.clone() };
            assert!(Record::parse(&good.quarantined_as, Some(&bad.text())).is_err(), "{former}");
        }
        let newer = Record { cadastre_quarantine: 2, ..good.clone() };
        assert!(Record::parse(&good.quarantined_as, Some(&newer.text())).unwrap_err().contains("another version"));
        assert!(Record::parse(&good.quarantined_as, Some("Acme")).is_err());
        assert!(Record::parse(&good.quarantined_as, None).is_err());
    }

    #[test]
    fn the_summary_does_not_depend_on_the_order_of_tables_and_does_on_all_else() {
        let of = |tables: &[(&str, u64, &str)]| Summary::of(tables.iter().copied());
        let both = of(&[("a", 1, "x"), ("b", 2, "y")]);
        assert_eq!(both, of(&[("b", 2, "y"), ("a", 1, "x")]));
        assert_eq!((both.tables, both.rows), (2, 3));
        for other in [&[("a", 1, "x")][..], &[("a", 1, "x"), ("b", 2, "z")], &[("a", 1, "x"), ("c", 2, "y")]] {
            assert_ne!(both.digest, of(other).digest);
        }
    }

    proptest! {
        #[test]
        fn a_name_in_quarantine_is_always_valid_and_cut_between_characters(schema in "[^\0]{1,63}") {
            let name = quarantine_name(&schema, DateTime::UNIX_EPOCH);
            prop_assert!(Ident::new(name.as_str()).is_ok());
            let kept = name.strip_prefix("_cadastre_q_19700101000000_").unwrap();
            prop_assert!(schema.starts_with(kept));
        }
    }
}
