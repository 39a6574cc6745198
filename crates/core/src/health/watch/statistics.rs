//! Whether `pg_stat_statements` is there, and what to do where it is not.

use crate::connection::Session;
use crate::sql::{Ident, Statement};
use crate::{Error, Result};
use serde::Serialize;
use sqlx::Row;

/// Why there are no figures of statements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type), serde(rename = "StatementsMissing"))]
pub struct Missing {
    /// What is missing.
    pub why: WhyMissing,
    /// What a person with the right to it could run; nothing runs it.
    pub sql: String,
    /// The server has to be restarted afterwards.
    pub restart: bool,
}

/// What is missing for figures of statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum WhyMissing {
    /// The server has no such extension: a package has to be installed on its computer.
    NotAvailable,
    /// The extension was not created in this database.
    NotCreated,
    /// The server has not loaded the library at its start.
    NotLoaded,
    /// The extension is as an older server had it.
    TooOld,
    /// The role may not read its view.
    NotReadable,
}

impl WhyMissing {
    /// In English.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotAvailable => {
                "This server has no pg_stat_statements; its package (postgresql-contrib) is not installed."
            }
            Self::NotCreated => "The extension pg_stat_statements was not created in this database.",
            Self::NotLoaded => "The server has not loaded pg_stat_statements at its start.",
            Self::TooOld => "The extension pg_stat_statements is that of an older server.",
            Self::NotReadable => "This role may not read pg_stat_statements.",
        }
    }
}

/// What there is of the extension.
pub(super) struct Extension {
    version: Option<(u32, u32)>,
    pub schema: Option<String>,
    available: bool,
    /// `shared_preload_libraries`; `None` where the role may not see it.
    libraries: Option<String>,
    pub capacity: Option<i64>,
    pub nested: bool,
    pub server: i32,
    /// Who asks.
    role: String,
}

impl Extension {
    pub async fn read(session: &mut Session, role: &str) -> Result<Self> {
        let row = sqlx::query(include_str!("extension.sql")).persistent(false).fetch_one(session.connection()).await?;
        let version: Option<String> = row.try_get("version")?;
        let number = |text: &str| {
            let (major, minor) = text.split_once('.')?;
            Some((major.parse().ok()?, minor.parse().ok()?))
        };
        Ok(Self {
            version: version.as_deref().map(|text| number(text).unwrap_or_default()),
            schema: row.try_get("schema")?,
            available: row.try_get("available")?,
            libraries: row.try_get("loaded")?,
            capacity: row.try_get("most")?,
            nested: row.try_get::<Option<String>, _>("track")?.as_deref() == Some("all"),
            server: row.try_get("server")?,
            role: role.to_owned(),
        })
    }

    /// From 1.9 on it says since when it counts, and which statements ran inside functions.
    pub fn has_info(&self) -> bool {
        self.version.is_some_and(|version| version >= (1, 9))
    }

    fn is_loaded(&self) -> Option<bool> {
        let names = |list: &str| list.split(',').any(|name| name.trim().trim_matches('"') == "pg_stat_statements");
        self.libraries.as_deref().map(names)
    }

    /// What is missing, as far as it can be told before asking.
    pub fn missing(&self) -> Option<Missing> {
        match self.version {
            None if !self.available => Some(self.because(WhyMissing::NotAvailable)),
            None => Some(self.because(WhyMissing::NotCreated)),
            Some(version) if version < (1, 8) => Some(self.because(WhyMissing::TooOld)),
            Some(_) if self.is_loaded() == Some(false) => Some(self.because(WhyMissing::NotLoaded)),
            Some(_) => None,
        }
    }

    fn because(&self, why: WhyMissing) -> Missing {
        let mut sql = String::new();
        // Who may not see what is loaded is shown how it is done all the same.
        let load = self.is_loaded() != Some(true) && !matches!(why, WhyMissing::NotReadable | WhyMissing::TooOld);
        if load {
            sql += &format!("{}\n", self.load());
        }
        match why {
            WhyMissing::NotAvailable | WhyMissing::NotCreated => sql += "create extension pg_stat_statements;\n",
            WhyMissing::TooOld => sql += "alter extension pg_stat_statements update;\n",
            WhyMissing::NotReadable => {
                let role = Ident::new(self.role.as_str()).map(|role| role.to_string()).unwrap_or_default();
                sql += &format!("grant pg_read_all_stats to {role};\n");
            }
            WhyMissing::NotLoaded => {}
        }
        Missing { why, sql, restart: load }
    }

    /// The setting with what is loaded already: it would be lost otherwise.
    fn load(&self) -> String {
        let others = self.libraries.as_deref().unwrap_or_default();
        let names = others.split(',').map(|name| name.trim().trim_matches('"')).filter(|name| !name.is_empty());
        let names = names.chain(["pg_stat_statements"]).filter_map(|name| Ident::new(name).ok());
        let list: Vec<String> = names.map(|name| name.to_string()).collect();
        Statement::of(format_args!("alter system set shared_preload_libraries = {};", list.join(", ")))
            .text()
            .to_owned()
    }
}

/// What an error says that asking has given.
pub(super) fn missing(error: Error, extension: &Extension) -> Result<Missing> {
    match error.sqlstate() {
        // object_not_in_prerequisite_state: the library must be loaded at the start
        Some("55000") => Ok(extension.because(WhyMissing::NotLoaded)),
        Some("42501") => Ok(extension.because(WhyMissing::NotReadable)),
        _ => Err(error),
    }
}
