//! What each tenant has applied: its own `_sqlx_migrations`.

use super::Direction;
use super::outside::Progress;
use crate::connection::{Database, Session};
use crate::sql::{Ident, Statement};
use crate::tenant::Found;
use crate::{Error, ErrorKind, Result};
use sqlx::Row;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::vec::IntoIter;
use tokio::sync::OnceCell;

/// Tenants read by one message. A message is one transaction, and each tenant costs it two locks.
const TENANTS_PER_MESSAGE: usize = 100;

/// A tenant's applied migrations by version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    rows: BTreeMap<i64, Applied>,
}

/// A row of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// False when a migration outside a transaction failed half-way.
    pub success: bool,
    /// SHA-384 of the text that was applied.
    pub checksum: Vec<u8>,
    /// How far it is, where it did not succeed and Cadastre has noted it.
    pub progress: Option<Progress>,
}

impl Applied {
    /// Its up file is not at its end: going on with it brings the version.
    pub fn is_on_its_way(&self) -> bool {
        self.progress.is_some_and(|progress| progress.direction == Direction::Up)
    }
}

impl History {
    /// Newest version that the tenant has, which one on its way is not.
    pub fn newest(&self) -> Option<i64> {
        self.iter().rev().find(|(_, row)| !row.is_on_its_way()).map(|(version, _)| version)
    }

    /// The row of this version.
    pub fn get(&self, version: i64) -> Option<&Applied> {
        self.rows.get(&version)
    }

    /// In version order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (i64, &Applied)> {
        self.rows.iter().map(|(version, applied)| (*version, applied))
    }

    /// Notes a migration that was applied.
    pub(super) fn insert(&mut self, version: i64, checksum: &[u8]) {
        self.rows.insert(version, Applied { success: true, checksum: checksum.to_vec(), progress: None });
    }

    /// Notes a migration as a file has it: its checksum in hexadecimal digits. False for what is no checksum.
    pub(crate) fn note(&mut self, version: i64, success: bool, checksum: &str) -> bool {
        let Some(checksum) = unhex(checksum) else { return false };
        self.rows.insert(version, Applied { success, checksum, progress: None });
        true
    }

    /// Notes a migration that was reverted.
    pub(super) fn remove(&mut self, version: i64) {
        self.rows.remove(&version);
    }

    /// Reads the form that [`select`] produces.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut rows = BTreeMap::new();
        for row in text.split(',').filter(|r| !r.is_empty()) {
            let mut parts = row.split(':');
            let version = parts.next()?.parse().ok()?;
            let success = parts.next()? == "t";
            let checksum = unhex(parts.next()?)?;
            let progress = parts.next().and_then(|time| Progress::from_time(time.parse().ok()?));
            rows.insert(version, Applied { success, checksum, progress });
        }
        Some(Self { rows })
    }
}

/// The query that packs a history into one text: `version:success:checksum,…`; rows that are no success have their
/// `execution_time` behind.
pub(super) fn select(schema: &Ident) -> Result<Statement> {
    let table = schema.qualify(&Ident::new("_sqlx_migrations")?);
    Ok(Statement::of(format_args!(
        "select pg_catalog.string_agg(version::text || ':' || case when success then 't' else 'f' end \
         || ':' || pg_catalog.encode(checksum, 'hex') || case when success then '' else ':' || execution_time end, ',') \
         from {table}"
    )))
}

/// Histories by schema, of those tenants that have one that the role may read. A table of that name that is no history
/// is left out.
pub async fn read(session: &mut Session, tenants: &[Found]) -> Result<HashMap<String, History>> {
    let readable = tenants.iter().filter(|t| t.history_readable).map(|t| t.summary.schema.as_str());
    read_of(session, &readable.collect::<Vec<_>>()).await
}

/// The history of one tenant, whose table of that name must be one; inside a transaction, as that sees it.
pub(crate) async fn read_in(session: &mut Session, schema: &str) -> Result<History> {
    Ok(read_chunk(session, &[schema]).await?.remove(schema).unwrap_or_default())
}

/// Every history in the database that the role may read, and that no session has begun to read: several may work on them at the
/// same time.
#[derive(Debug, Default)]
pub struct Unread {
    chunks: OnceCell<Mutex<IntoIter<Vec<String>>>>,
}

impl Unread {
    /// [`Unread::read`] in one more session, where there may be one.
    pub(crate) async fn read_aside(&self, database: &Database) -> Result<HashMap<String, History>> {
        let Some(mut session) = database.spare().await? else { return Ok(HashMap::new()) };
        let histories = self.read(&mut session).await?;
        session.close().await;
        Ok(histories)
    }

    /// Reads what is left until nothing is; by schema.
    pub async fn read(&self, session: &mut Session) -> Result<HashMap<String, History>> {
        let chunks = self.chunks.get_or_try_init(|| Self::find(session)).await?;
        let next = || chunks.lock().unwrap_or_else(PoisonError::into_inner).next();
        let mut histories = HashMap::new();
        while let Some(chunk) = next() {
            histories.extend(read_of(session, &chunk).await?);
        }
        Ok(histories)
    }

    async fn find(session: &mut Session) -> Result<Mutex<IntoIter<Vec<String>>>> {
        let schemas: Vec<String> =
            sqlx::query_scalar(include_str!("histories.sql")).persistent(false).fetch_all(session.connection()).await?;
        let chunks: Vec<Vec<String>> = schemas.chunks(TENANTS_PER_MESSAGE).map(<[String]>::to_vec).collect();
        Ok(Mutex::new(chunks.into_iter()))
    }
}

async fn read_of<S: AsRef<str>>(session: &mut Session, readable: &[S]) -> Result<HashMap<String, History>> {
    let mut histories = HashMap::with_capacity(readable.len());
    for chunk in readable.chunks(TENANTS_PER_MESSAGE) {
        match read_chunk(session, chunk).await {
            Ok(chunk) => histories.extend(chunk),
            // One odd table fails its whole message: read the others one by one and leave that one out.
            Err(e) if e.sqlstate().is_some() => {
                for schema in chunk {
                    if let Ok(one) = read_chunk(session, std::slice::from_ref(schema)).await {
                        histories.extend(one);
                    }
                }
            }
            Err(e) => return Err(e),
        }
    }
    Ok(histories)
}

async fn read_chunk<S: AsRef<str>>(session: &mut Session, schemas: &[S]) -> Result<HashMap<String, History>> {
    let mut message = Statement::new();
    for schema in schemas {
        message.push(format_args!("{};", select(&Ident::new(schema.as_ref())?)?));
    }
    let rows = session.rows(message).await?;
    if rows.len() != schemas.len() {
        return Err(ErrorKind::Internal { what: "the server left out a history".into() }.into());
    }
    let histories = schemas.iter().map(AsRef::as_ref).zip(&rows).map(|(schema, row)| {
        let raw = row.try_get_raw(0)?;
        let packed = if sqlx::ValueRef::is_null(&raw) { "" } else { raw.as_str().unwrap_or("?") };
        let history = History::parse(packed).ok_or_else(|| {
            Error::new(ErrorKind::HistoryUnreadable {
                schema: schema.to_owned(),
                reason: "its rows are not those of a migration history".into(),
            })
        })?;
        Ok((schema.to_owned(), history))
    });
    histories.collect()
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_history_is_read_in_version_order() {
        let history = History::parse("10:t:ff00,2:f:01:-3,1:f:02:17").unwrap();
        let rows: Vec<_> = history.iter().map(|(v, a)| (v, a.success, a.checksum.clone())).collect();
        assert_eq!(rows, [(1, false, vec![2]), (2, false, vec![1]), (10, true, vec![255, 0])]);
        let done: Vec<_> = history.iter().map(|(_, a)| a.progress.map(|progress| progress.done)).collect();
        assert_eq!(done, [None, Some(2), None]);
        assert_eq!(history.newest(), Some(10));
        assert_eq!(History::parse("").unwrap(), History::default());
        assert!(History::parse("x:t:00").is_none());
    }
}
