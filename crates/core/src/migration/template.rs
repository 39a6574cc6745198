//! `template.toml`: what a folder of migrations says about itself.

use super::{Direction, header};
use crate::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Contents of `template.toml`; every part may be absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Header {
    /// Title by language.
    pub title: Text,
    /// One sentence by language.
    pub description: Text,
    /// Schemas that follow the tenant's in `search_path`, for extensions installed elsewhere.
    pub search_path: Vec<String>,
    /// Schemas that the migrations may change besides the tenant's, for tables that all tenants share.
    pub touches: Vec<String>,
    /// A file of data that every new tenant starts with.
    pub seed: Option<String>,
    /// The table whose rows count as people where a tenant has a quota of them.
    pub people: Option<String>,
    /// What runs before the first file of a tenant and after the last one.
    #[serde(rename = "hook")]
    pub hooks: Vec<Hook>,
    /// Another tool that migrates the tenants, in the place of SQL files.
    pub migrator: Option<Migrator>,
}

/// `[[hook]]`: SQL or a program that goes with the migration of each tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hook {
    /// Before the first file, or after the last.
    pub when: When,
    /// The way that it goes with; up when absent.
    #[serde(default = "up")]
    pub direction: Direction,
    /// A file beside `template.toml`.
    #[serde(default)]
    pub sql: Option<String>,
    /// A program and its arguments, without a shell. `{schema}` stands for the tenant's schema.
    #[serde(default)]
    pub command: Vec<String>,
    /// How long it may take, for example `30s`; as long as it likes when absent.
    #[serde(default)]
    pub timeout: Option<String>,
}

/// When a hook has its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Before the first file.
    Before,
    /// After the last file.
    After,
}

/// `[migrator]`: the tool that migrates a tenant. Every command is a program and its arguments, without a shell;
/// `{schema}` stands for the tenant's schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Migrator {
    /// Brings one tenant to the newest version.
    pub command: Vec<String>,
    /// Takes one tenant a version back.
    #[serde(default)]
    pub down: Vec<String>,
    /// Says where one tenant stands, on the last line that it writes.
    #[serde(default)]
    pub status: Vec<String>,
    /// Where the commands run; the folder of `template.toml` when absent.
    #[serde(default)]
    pub directory: Option<String>,
    /// The table of the tenant's schema in which the tool notes what it has applied. Those of the tools that a
    /// command may name are known.
    #[serde(default)]
    pub history: Option<String>,
    /// How long one command may take, for example `10min`; as long as it likes when absent.
    #[serde(default)]
    pub timeout: Option<String>,
}

fn up() -> Direction {
    Direction::Up
}

impl Hook {
    /// What it is called in messages: the file, or the program.
    pub fn name(&self) -> &str {
        self.sql.as_deref().or_else(|| self.command.first().map(String::as_str)).unwrap_or_default()
    }

    /// How long it may take.
    pub fn timeout(&self) -> Option<Duration> {
        header::duration(self.timeout.as_deref()?)
    }

    fn problem(&self) -> Option<String> {
        match (&self.sql, self.command.as_slice()) {
            (Some(_), []) => {}
            (None, command) if !command.is_empty() => {
                if let Some(problem) = problem_of(command) {
                    return Some(format!("a hook's command {problem}"));
                }
            }
            _ => return Some("a hook has either sql or command".into()),
        }
        timeout_problem(self.timeout.as_deref())
    }
}

impl Migrator {
    /// The command for this way, when there is one.
    pub fn command(&self, direction: Direction) -> Option<&[String]> {
        let command = match direction {
            Direction::Up => &self.command,
            Direction::Down => &self.down,
        };
        (!command.is_empty()).then_some(command)
    }

    /// How long one command may take.
    pub fn timeout(&self) -> Option<Duration> {
        header::duration(self.timeout.as_deref()?)
    }

    fn problem(&self) -> Option<String> {
        if self.command.is_empty() {
            return Some("the migrator has no command".into());
        }
        let problem = [&self.command, &self.down, &self.status].into_iter().find_map(|command| problem_of(command));
        let problem = problem.map(|problem| format!("a command of the migrator {problem}"));
        problem.or_else(|| timeout_problem(self.timeout.as_deref()))
    }
}

fn problem_of(command: &[String]) -> Option<&'static str> {
    let program = command.first()?;
    if program.is_empty() {
        return Some("names no program");
    }
    if program.contains("{schema}") {
        return Some("makes its program of the schema's name");
    }
    command.iter().any(|word| word.contains('\0')).then_some("contains a NUL character")
}

fn timeout_problem(timeout: Option<&str>) -> Option<String> {
    let timeout = timeout?;
    header::duration(timeout)
        .is_none()
        .then(|| format!("the timeout {timeout} is none: it is written like 30s or 10min"))
}

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Text {
    /// English.
    pub en: String,
    /// French.
    pub fr: String,
}

impl Header {
    pub(super) fn parse(file: &str, text: &str) -> Result<Self> {
        let invalid = |reason: &str| {
            Error::new(ErrorKind::MigrationFileInvalid { file: file.to_owned(), reason: reason.to_owned() })
        };
        let header: Self = toml::from_str(text).map_err(|e| invalid(e.message()))?;
        let of_hooks = header.hooks.iter().find_map(Hook::problem);
        match of_hooks.or_else(|| header.migrator.as_ref()?.problem()) {
            Some(problem) => Err(invalid(&problem)),
            None => Ok(header),
        }
    }
}
