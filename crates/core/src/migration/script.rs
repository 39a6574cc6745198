//! Several files in one message, and finding the file and line that the server complains about.

use crate::sql::{Ident, Statement};
use crate::{Error, ErrorKind};
use sqlx::postgres::{PgDatabaseError, PgErrorPosition};
use std::error::Error as StdError;

/// SQL for one tenant: statements of ours and files of a person's, in order.
#[derive(Debug, Clone, Default)]
pub struct Script {
    text: String,
    /// Name, first character (from 0) and end of each file in `text`, in characters, as the server counts.
    files: Vec<(String, usize, usize)>,
    characters: usize,
}

impl Script {
    /// An empty script.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends statements of ours; they end with a semicolon.
    pub fn statement(&mut self, statement: &Statement) -> &mut Self {
        self.append(statement.text());
        self.append("\n");
        self
    }

    /// Appends a file. A missing last semicolon, or a comment without a line end, does not reach what follows.
    pub fn file(&mut self, name: &str, text: &str) -> &mut Self {
        let from = self.characters;
        self.append(text);
        self.files.push((name.to_owned(), from, self.characters));
        self.append("\n;\n");
        self
    }

    fn append(&mut self, text: &str) {
        self.text.push_str(text);
        self.characters += text.chars().count();
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// To be sent.
    pub fn to_statement(&self) -> Statement {
        Statement::script(self.text.clone())
    }

    /// The file and line (from 1) of a character of the message, as the server's `POSITION` counts (from 1).
    pub fn locate(&self, position: usize) -> Option<(&str, usize)> {
        let at = position.checked_sub(1)?;
        let (name, from, _) = self.files.iter().find(|(_, from, to)| (*from..*to).contains(&at))?;
        let before = self.text.chars().skip(*from).take(at - from);
        Some((name, before.filter(|c| *c == '\n').count() + 1))
    }

    /// Rewrites an error of the server so that it names the file, the line and the tenant. For the script of a new tenant,
    /// which has files of many versions, `version` is 0.
    pub fn explain(&self, error: Error, schema: &str, version: i64) -> Error {
        let Some(server) = server_error(&error) else { return error };
        if !matches!(error.kind(), ErrorKind::Server { .. }) {
            return error;
        }
        let remedy = if error.hint_text().is_none() && version != 0 { remedy(server.code()) } else { None };
        let mut version = version.to_string();
        let mut reason = server.message().to_owned();
        if let Some(PgErrorPosition::Original(position)) = server.position()
            && let Some((file, line)) = self.locate(position)
        {
            reason = format!("{reason} ({file}, line {line})");
            if version == "0" {
                version = file.split('_').next().unwrap_or_default().to_owned();
            }
        } else if version == "0" {
            // A statement of ours, of no migration: the server's words stand for themselves.
            return error;
        }
        let error = error.as_kind(ErrorKind::MigrationFailed { schema: schema.into(), version, reason });
        if let Some(remedy) = remedy { error.hint(remedy) } else { error }
    }
}

/// What to do in the one tenant in which a file fails; the kind's own hint is for files that are wrong.
pub(super) fn remedy(sqlstate: &str) -> Option<&'static str> {
    match sqlstate {
        // insufficient_privilege
        "42501" => Some(
            "The role has to own what the migration changes, or to be a member of the role that does. Then `cadastre run \
             resume` goes on in this tenant.",
        ),
        // data_exception, integrity_constraint_violation
        _ if sqlstate.starts_with("22") || sqlstate.starts_with("23") => Some(
            "Rows of this tenant do not fit: correct them, then `cadastre run resume` goes on in this tenant. Or correct the \
             migration and migrate again.",
        ),
        _ => None,
    }
}

/// The server's own error behind one of ours.
pub fn server_error(error: &Error) -> Option<&PgDatabaseError> {
    match StdError::source(error)?.downcast_ref::<sqlx::Error>()? {
        sqlx::Error::Database(e) => e.try_downcast_ref::<PgDatabaseError>(),
        _ => None,
    }
}

/// `set local search_path` to the tenant, and to what the template asks for behind it.
pub(crate) fn set_search_path(schema: &Ident, behind: &[String]) -> crate::Result<Statement> {
    let mut statement = Statement::of(format_args!("set local search_path = {schema}"));
    for other in behind {
        statement.push(format_args!(", {}", Ident::new(other.as_str())?));
    }
    statement.push(format_args!(";"));
    Ok(statement)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_leads_to_the_file_and_line() {
        let mut script = Script::new();
        script
            .statement(&Statement::of(format_args!("begin;")))
            .file("1_é.sql", "select 'é';\nselect x;")
            .file("2.sql", "y");
        let position = |needle: &str| script.text()[..script.text().find(needle).unwrap()].chars().count() + 1;
        assert_eq!(script.locate(position("x;")), Some(("1_é.sql", 2)));
        assert_eq!(script.locate(position("y\n")), Some(("2.sql", 1)));
        assert_eq!(script.locate(1), None);
    }
}
