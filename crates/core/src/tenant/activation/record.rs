//! What the comments of a deactivated tenant say.

use crate::access::Grant;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;

/// How a tenant was, kept as JSON in the comment of its schema. Whoever owns the schema can write there: names in it become SQL
/// only as quoted identifiers and literals, and what it says is shown before it is carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Version of this form.
    pub cadastre_inactive: u32,
    /// The schema; a record that was copied to another one is not believed.
    pub schema: String,
    /// When, by the server's clock.
    pub at: DateTime<Utc>,
    /// The person, as `name@computer`.
    pub by: String,
    /// Its owner before.
    pub owner: String,
    /// Its comment before.
    pub comment: Option<String>,
    /// The rights on it before, in their order; none where there had never been any.
    pub acl: Option<Vec<Grant>>,
    /// Roles that cannot connect any more.
    pub roles: Vec<String>,
}

impl Record {
    pub(super) const fn version() -> u32 {
        VERSION
    }

    /// The comment.
    pub(crate) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// A comment that is a record, whatever it says: the tenant was deactivated.
    pub(crate) fn is_one(comment: Option<&str>) -> bool {
        comment.is_some_and(|comment| comment.starts_with("{\"cadastre_inactive\":"))
    }

    /// Reads the comment of the schema of this name; says what is wrong with one that is not to be believed.
    pub(crate) fn parse(schema: &str, comment: Option<&str>) -> Result<Self, String> {
        let comment = comment.filter(|comment| Self::is_one(Some(comment)));
        let comment = comment.ok_or("the comment of the schema does not say how it was")?;
        let record: Self = serde_json::from_str(comment).map_err(|error| error.to_string())?;
        if record.cadastre_inactive != VERSION {
            return Err(format!("it was written by another version of Cadastre (form {})", record.cadastre_inactive));
        }
        if record.schema != schema {
            return Err(format!("its comment is the record of {}", record.schema));
        }
        Ok(record)
    }

    /// The former comment, of a schema that is deactivated or not.
    pub(crate) fn former_comment(comment: Option<&str>) -> Option<String> {
        match comment {
            Some(text) if Self::is_one(comment) => {
                serde_json::from_str::<Self>(text).map_or(None, |record| record.comment)
            }
            other => other.map(str::to_owned),
        }
    }
}

/// What stands in the comment of a role that cannot connect any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RoleRecord {
    /// Version of this form.
    pub cadastre_inactive_role: u32,
    /// The tenant's schema.
    pub schema: String,
    /// The role's comment before.
    pub comment: Option<String>,
}

impl RoleRecord {
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub fn parse(schema: &str, comment: Option<&str>) -> Option<Self> {
        let record: Self = serde_json::from_str(comment?).ok()?;
        (record.cadastre_inactive_role == VERSION && record.schema == schema).then_some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_schemas_own_record_is_believed() {
        let record = Record {
            cadastre_inactive: VERSION,
            schema: "acme".into(),
            at: DateTime::UNIX_EPOCH,
            by: "alix@desk".into(),
            owner: "o".into(),
            comment: Some("Acme".into()),
            acl: None,
            roles: vec!["acme".into()],
        };
        let text = record.text();
        assert!(Record::is_one(Some(&text)));
        assert_eq!(Record::parse("acme", Some(&text)), Ok(record));
        assert!(Record::parse("other", Some(&text)).unwrap_err().contains("acme"));
        assert!(Record::parse("acme", Some("Acme")).is_err());
        assert!(Record::parse("acme", None).is_err());
        assert!(Record::parse("acme", Some(&text.replace(":1,", ":2,"))).is_err());
        assert_eq!(Record::former_comment(Some(&text)).as_deref(), Some("Acme"));
        assert_eq!(Record::former_comment(Some("{\"cadastre_inactive\":")), None);
        assert_eq!(Record::former_comment(Some("Acme")).as_deref(), Some("Acme"));
    }
}
