//! Which statements of an archive are for this server: those that give objects to roles that are not here are left out,
//! and named in the report.

use super::token::{Kind, tokens};
use crate::connection::Session;
use crate::rebuild::Remark;
use crate::{ErrorKind, Result};
use sqlx::Row;
use std::collections::{BTreeSet, HashMap};

/// Settings of the session that stay ours.
const OURS: &[&str] = &[
    "statement_timeout",
    "lock_timeout",
    "idle_in_transaction_session_timeout",
    // Not known to servers before 17, and sent by newer clients all the same.
    "transaction_timeout",
    "client_encoding",
];
/// An archive is restored within one transaction, which is not its to end.
const FORBIDDEN: &[&str] = &[
    "begin",
    "start",
    "commit",
    "end",
    "rollback",
    "abort",
    "savepoint",
    "release",
    "prepare",
    "discard",
    "call",
    "do",
];

/// Decides statement by statement.
pub(super) struct Filter {
    /// Roles that exist, and whether objects may be given to them.
    roles: HashMap<String, Option<bool>>,
    /// The privilege that lets one give objects to a role.
    privilege: &'static str,
    left: BTreeSet<String>,
    remarks: Vec<Remark>,
}

impl Filter {
    pub fn new(server_version: i32) -> Self {
        let privilege = if server_version >= 160_000 { "SET" } else { "MEMBER" };
        Self { roles: HashMap::new(), privilege, left: BTreeSet::new(), remarks: Vec::new() }
    }

    /// What was left out, and what else is to be told.
    pub fn told(self) -> (Vec<String>, Vec<Remark>) {
        (self.left.into_iter().collect(), self.remarks)
    }

    /// Notes what came back in another way.
    pub fn remark(&mut self, remark: Remark) {
        self.remarks.push(remark);
    }

    /// Whether a statement is to be sent.
    ///
    /// # Errors
    /// [`ErrorKind::ArchiveUnreadable`] for one that no archive holds.
    pub async fn takes(&mut self, session: &mut Session, statement: &str) -> Result<bool> {
        let parts = parts(statement);
        let word = |index: usize| parts.get(index).map(Name::word).unwrap_or_default();
        match word(0) {
            first if FORBIDDEN.contains(&first) => {
                let reason = format!("it holds the statement {}", first.to_uppercase());
                Err(ErrorKind::ArchiveUnreadable { reason }.into())
            }
            "set" if OURS.contains(&word(1)) => Ok(false),
            "set" if word(1) == "session" && word(2) == "authorization" => {
                let role = string(statement).unwrap_or_else(|| parts.get(3).map(Name::name).unwrap_or_default());
                if role == "default" || self.usable(session, &role).await? == Some(true) {
                    return Ok(true);
                }
                self.left.insert(format!("grantor {role}"));
                Ok(false)
            }
            "alter" if word(1) == "default" && word(2) == "privileges" => {
                let role = after(&parts, &["role"], false);
                let grantee = after(&parts, &["to", "from"], true);
                let usable = match &role {
                    Some(role) => self.usable(session, role).await? == Some(true),
                    None => true,
                };
                if usable && self.known(session, grantee.as_deref()).await? {
                    return Ok(true);
                }
                self.left.insert(format!("default privileges of {}", role.unwrap_or_default()));
                Ok(false)
            }
            "alter" => {
                let Some(owner) = owner(&parts) else { return Ok(true) };
                if self.usable(session, &owner).await? == Some(true) {
                    return Ok(true);
                }
                self.left.insert(format!("owner {owner}"));
                Ok(false)
            }
            "grant" | "revoke" => {
                let grantee = after(&parts, &["to", "from"], true);
                if self.known(session, grantee.as_deref()).await? {
                    return Ok(true);
                }
                self.left.insert(format!("grants to {}", grantee.unwrap_or_default()));
                Ok(false)
            }
            _ => Ok(true),
        }
    }

    /// The role exists, or is everybody.
    async fn known(&mut self, session: &mut Session, role: Option<&str>) -> Result<bool> {
        match role {
            None | Some("public") => Ok(true),
            Some(role) => Ok(self.usable(session, role).await?.is_some()),
        }
    }

    async fn usable(&mut self, session: &mut Session, role: &str) -> Result<Option<bool>> {
        if let Some(known) = self.roles.get(role) {
            return Ok(*known);
        }
        let query = sqlx::query(include_str!("roles.sql")).persistent(false).bind(role).bind(self.privilege);
        let row = query.fetch_optional(session.connection()).await?;
        let usable = row.map(|row| row.try_get("usable")).transpose()?;
        self.roles.insert(role.to_owned(), usable);
        Ok(usable)
    }
}

/// A word or a name of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Name {
    /// In lower case.
    Word(String),
    Quoted(String),
}

impl Name {
    /// As a key word; a name in quotes is none.
    fn word(&self) -> &str {
        match self {
            Self::Word(word) => word,
            Self::Quoted(_) => "",
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Word(name) | Self::Quoted(name) => name.clone(),
        }
    }
}

/// The words and names of a statement, without what is in strings.
fn parts(statement: &str) -> Vec<Name> {
    let found = tokens(statement.as_bytes(), true, false).flatten().filter_map(|token| {
        let text = &statement[token.from..token.to];
        match token.kind {
            Kind::Word => Some(Name::Word(text.to_lowercase())),
            Kind::Quoted => Some(Name::Quoted(text[1..text.len() - 1].replace("\"\"", "\""))),
            _ => None,
        }
    });
    found.collect()
}

/// The first string of a statement, without its quotes.
fn string(statement: &str) -> Option<String> {
    let token = tokens(statement.as_bytes(), true, false).flatten().find(|token| token.kind == Kind::Text)?;
    let text = &statement[token.from..token.to];
    Some(text.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'"))
}

/// `… owner to name`, at the end of a statement.
fn owner(parts: &[Name]) -> Option<String> {
    match parts {
        [.., owner, to, role] if owner.word() == "owner" && to.word() == "to" => Some(role.name()),
        _ => None,
    }
}

/// The name behind the first, or the last, of these words.
fn after(parts: &[Name], words: &[&str], last: bool) -> Option<String> {
    let fits = |name: &Name| words.contains(&name.word());
    let at = if last { parts.iter().rposition(fits) } else { parts.iter().position(fits) };
    parts.get(at? + 1).map(Name::name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_found_where_pg_dump_writes_them() {
        let found = |text: &str| (owner(&parts(text)), after(&parts(text), &["to", "from"], true));
        assert_eq!(found("ALTER TABLE \"a\".\"owner to x\" OWNER TO \"R\"\"x\";").0.as_deref(), Some("R\"x"));
        assert_eq!(found("ALTER TABLE a.t ADD CONSTRAINT c CHECK ((x <> 'owner to y'::text));").0, None);
        assert_eq!(found("GRANT SELECT ON TABLE a.\" to x\" TO Reader;").1.as_deref(), Some("reader"));
        assert_eq!(found("GRANT ALL ON TABLE a.t TO \"R\" WITH GRANT OPTION;").1.as_deref(), Some("R"));
        assert_eq!(found("REVOKE ALL ON SCHEMA a FROM PUBLIC;").1.as_deref(), Some("public"));
        assert_eq!(string("SET SESSION AUTHORIZATION 'o''x';").as_deref(), Some("o'x"));
        let default = parts("ALTER DEFAULT PRIVILEGES FOR ROLE app IN SCHEMA a GRANT SELECT ON TABLES  TO r;");
        assert_eq!(after(&default, &["role"], false).as_deref(), Some("app"));
    }
}
