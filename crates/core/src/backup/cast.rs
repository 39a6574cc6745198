//! Casts from and to the tenant's types. A cast is in no schema, and `pg_dump` leaves it out when it is asked for one: the
//! manifest holds the statements, and they are sent as soon as what they need is there, before a view needs them.

use super::manifest::Manifest;
use crate::connection::Session;
use crate::sql::Statement;
use crate::{Error, ErrorKind, Result};
use sqlx::Row;
use sqlx::postgres::types::Oid;

/// The statements that make the casts of a schema's types.
pub(super) async fn casts(session: &mut Session, schema: u32) -> Result<Vec<String>> {
    let query = concat!(include_str!("../shape/catalog/other.sql"), include_str!("casts.sql"));
    let rows = sqlx::query(query).persistent(false).bind(Oid(schema)).fetch_all(session.connection()).await?;
    rows.iter().map(|row| Ok(row.try_get("definition")?)).collect()
}

/// Those of an archive that is being restored.
pub(super) struct Casts {
    waiting: Vec<String>,
    /// Something was made since the last attempt.
    news: bool,
    refused: Option<Error>,
}

impl Casts {
    pub fn of(manifest: &Manifest) -> Self {
        Self { waiting: manifest.casts.clone(), news: true, refused: None }
    }

    /// Whether they are to be tried before this statement, which may need them.
    pub fn are_due(&mut self, statement: &str) -> bool {
        let begins = |words: &[&str]| words.iter().any(|word| statement.trim_start().starts_with(word));
        let due = self.news
            && !self.waiting.is_empty()
            && begins(&["CREATE TABLE ", "CREATE UNLOGGED ", "CREATE VIEW ", "CREATE MATERIALIZED "]);
        self.news |= begins(&["CREATE FUNCTION ", "CREATE TYPE ", "CREATE DOMAIN ", "CREATE TABLE "]);
        due
    }

    /// Makes those whose types and functions are there; the others wait.
    pub async fn make(&mut self, session: &mut Session) -> Result<()> {
        for cast in std::mem::take(&mut self.waiting) {
            if !cast.starts_with("create cast (") {
                let reason = "it holds a cast that is none".into();
                return Err(ErrorKind::ArchiveUnreadable { reason }.into());
            }
            session.execute("savepoint casting").await?;
            // A message that holds one statement, whatever the file says.
            let statement = Statement::of(format_args!("{cast}"));
            let made = sqlx::query(statement).persistent(false).execute(session.connection()).await;
            match made.map_err(Error::from) {
                Ok(_) => session.execute("release savepoint casting").await?,
                Err(error) if error.sqlstate().is_some() => {
                    session.execute("rollback to savepoint casting; release savepoint casting").await?;
                    self.refused = Some(error);
                    self.waiting.push(cast);
                }
                Err(error) => return Err(error),
            }
        }
        self.news = false;
        Ok(())
    }

    /// The last attempt.
    ///
    /// # Errors
    /// Why the server refuses one of them.
    pub async fn make_all(&mut self, session: &mut Session) -> Result<()> {
        self.make(session).await?;
        match (self.waiting.is_empty(), self.refused.take()) {
            (false, Some(error)) => Err(error),
            _ => Ok(()),
        }
    }
}
