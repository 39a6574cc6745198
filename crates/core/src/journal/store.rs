//! The journal in the local state.

use super::{Author, Entry, EntryFilter, Verdict, chain};
use crate::Result;
use crate::connection::Database;
use crate::local::Home;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

/// An entry to be written; time, person and computer are filled in.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    role: Option<String>,
    database: Option<String>,
    operation: String,
    subject: Option<String>,
    run: Option<String>,
    outcome: String,
    detail: Option<String>,
}

impl Draft {
    /// An operation and how it ended.
    pub fn new(operation: impl Into<String>, outcome: impl Into<String>) -> Self {
        Self { operation: operation.into(), outcome: outcome.into(), ..Self::default() }
    }

    /// Where, and as whom.
    pub fn database(mut self, database: &Database) -> Self {
        self.role = Some(database.server().role.clone());
        self.database = Some(address(database));
        self
    }

    /// Tenant or object.
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// The run it belongs to.
    pub fn run(mut self, run: impl Into<String>) -> Self {
        self.run = Some(run.into());
        self
    }

    /// Statements, or what happened in words. No row data, no secret.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

/// `database @ host:port`, as the journal and the runs name a place.
pub fn address(database: &Database) -> String {
    let profile = database.profile();
    format!("{} @ {}:{}", profile.database, profile.host, profile.port)
}

/// Writes an entry at the end of the chain.
pub async fn append(home: &Home, draft: Draft) -> Result<()> {
    // IMMEDIATE: two processes must not read the same last hash.
    let mut tx = home.pool().begin_with("begin immediate").await?;
    let last = sqlx::query("select number, hash from journal order by number desc limit 1").fetch_optional(&mut *tx);
    let (number, previous) = match last.await? {
        Some(row) => (row.try_get::<i64, _>("number")?, row.try_get::<String, _>("hash")?),
        None => (0, String::new()),
    };
    // Numbers are never used again, so that entries taken from the end leave a gap.
    let number = number.max(highest(&mut tx).await?) + 1;
    let Author { person, computer } = Author::here();
    let mut entry = Entry {
        number,
        time: chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        person,
        computer,
        role: draft.role,
        database: draft.database,
        operation: draft.operation,
        subject: draft.subject,
        run: draft.run,
        outcome: draft.outcome,
        detail: draft.detail,
        hash: String::new(),
    };
    entry.hash = chain::hash(&previous, &entry);
    sqlx::query(
        "insert into journal (number, time, person, computer, role, database, operation, subject, run, outcome, detail, \
         previous_hash, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(entry.number)
    .bind(entry.time)
    .bind(entry.person)
    .bind(entry.computer)
    .bind(entry.role)
    .bind(entry.database)
    .bind(entry.operation)
    .bind(entry.subject)
    .bind(entry.run)
    .bind(entry.outcome)
    .bind(entry.detail)
    .bind(previous)
    .bind(entry.hash)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Entries, newest first, at most 1,000.
pub async fn list(home: &Home, filter: &EntryFilter) -> Result<Vec<Entry>> {
    let search = filter.search.as_deref().filter(|s| !s.is_empty());
    let rows = sqlx::query(
        "select * from journal \
         where (?1 is null or operation = ?1) and (?2 is null or outcome = ?2) and (?3 is null or number < ?3) \
         and (?4 is null or instr(lower(coalesce(subject, '') || ' ' || person || ' ' || coalesce(database, '') \
              || ' ' || operation || ' ' || coalesce(detail, '')), lower(?4)) > 0) \
         order by number desc limit ?5",
    )
    .bind(&filter.operation)
    .bind(&filter.outcome)
    .bind(filter.before)
    .bind(search)
    .bind(i64::from(filter.limit.clamp(1, 1000)))
    .fetch_all(home.pool())
    .await?;
    rows.iter().map(entry).collect()
}

/// The highest number that was ever given; SQLite keeps it apart from the entries.
async fn highest(connection: &mut SqliteConnection) -> Result<i64> {
    let query = "select seq from sqlite_sequence where name = 'journal'";
    Ok(sqlx::query_scalar(query).fetch_optional(connection).await?.unwrap_or_default())
}

/// Reads the whole chain and finds the first entry that does not fit, or that is missing at the end.
///
/// Somebody who may write the file can make a new chain of it that fits: what this finds are changes by hand or accident.
pub async fn verify(home: &Home) -> Result<Verdict> {
    // One transaction: an entry written in between would look like one that is missing.
    let mut tx = home.pool().begin().await?;
    let rows = sqlx::query("select * from journal order by number").fetch_all(&mut *tx).await?;
    let highest = highest(&mut tx).await?;
    drop(tx);
    let mut previous = String::new();
    let mut broken_at = None;
    for (index, row) in rows.iter().enumerate() {
        let entry = entry(row)?;
        let expected = chain::hash(&previous, &entry);
        if entry.number != index as i64 + 1 || expected != entry.hash {
            broken_at = Some(entry.number);
            break;
        }
        previous = entry.hash;
    }
    let entries = rows.len() as i64;
    if broken_at.is_none() && highest > entries {
        broken_at = Some(entries + 1);
    }
    Ok(Verdict { entries, intact: broken_at.is_none(), broken_at })
}

fn entry(row: &SqliteRow) -> Result<Entry> {
    Ok(Entry {
        number: row.try_get("number")?,
        time: row.try_get("time")?,
        person: row.try_get("person")?,
        computer: row.try_get("computer")?,
        role: row.try_get("role")?,
        database: row.try_get("database")?,
        operation: row.try_get("operation")?,
        subject: row.try_get("subject")?,
        run: row.try_get("run")?,
        outcome: row.try_get("outcome")?,
        detail: row.try_get("detail")?,
        hash: row.try_get("hash")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn filled(folder: &std::path::Path) -> Home {
        let home = Home::open(folder).await.unwrap();
        for _ in 0..7 {
            append(&home, Draft::new("export", "done")).await.unwrap();
        }
        assert_eq!(verify(&home).await.unwrap(), Verdict { entries: 7, intact: true, broken_at: None });
        home
    }

    #[tokio::test]
    async fn entries_taken_from_the_end_are_missed_also_when_others_follow() {
        let folder = tempfile::tempdir().unwrap();
        let home = filled(folder.path()).await;
        sqlx::query("delete from journal where number > 4").execute(home.pool()).await.unwrap();
        assert_eq!(verify(&home).await.unwrap(), Verdict { entries: 4, intact: false, broken_at: Some(5) });
        for _ in 0..3 {
            append(&home, Draft::new("export", "done")).await.unwrap();
        }
        assert_eq!(verify(&home).await.unwrap(), Verdict { entries: 7, intact: false, broken_at: Some(8) });
    }

    #[tokio::test]
    async fn a_journal_without_any_entry_left_is_missed_too() {
        let folder = tempfile::tempdir().unwrap();
        let home = filled(folder.path()).await;
        sqlx::query("delete from journal").execute(home.pool()).await.unwrap();
        assert_eq!(verify(&home).await.unwrap(), Verdict { entries: 0, intact: false, broken_at: Some(1) });
    }
}
