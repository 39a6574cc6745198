//! Indexes and tables page by page, with the functions of PostgreSQL's own extension amcheck.

use super::super::table::Index;
use super::{IntegrityCheck, IntegrityFinding, NotLookedAt};
use crate::connection::Session;
use crate::error::Error;
use crate::health::doctor::Level;
use crate::sql::{Ident, Statement};
use crate::{ErrorKind, Result};
use sqlx::Row;
use sqlx::postgres::PgRow;

/// The functions that this role may call, with the schema in which they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Amcheck {
    pub installed: bool,
    btree: Option<Ident>,
    heap: Option<Ident>,
    gin: Option<Ident>,
}

impl Amcheck {
    pub async fn read(session: &mut Session) -> Result<Self> {
        let installed = "select exists (select from pg_catalog.pg_extension e where e.extname = 'amcheck')";
        let installed = sqlx::query_scalar(installed).persistent(false).fetch_one(session.connection()).await?;
        let mut amcheck = Self { installed, ..Self::default() };
        let rows = sqlx::query(include_str!("functions.sql")).persistent(false);
        for row in rows.fetch_all(session.connection()).await? {
            let schema = Some(Ident::new(row.try_get::<String, _>("schema")?)?);
            match row.try_get::<String, _>("name")?.as_str() {
                "bt_index_check" => amcheck.btree = schema,
                "verify_heapam" => amcheck.heap = schema,
                "gin_index_check" => amcheck.gin = schema,
                _ => {}
            }
        }
        Ok(amcheck)
    }

    pub fn is_usable(&self) -> bool {
        self.btree.is_some() || self.heap.is_some()
    }

    /// The call for one index; none for a kind that nobody can look through.
    fn index_call(&self, index: &Index, thorough: bool) -> Option<Statement> {
        let oid = index.oid;
        match index.method.as_str() {
            "btree" => {
                let schema = self.btree.as_ref()?;
                Some(Statement::of(format_args!(
                    "select {schema}.bt_index_check(index => {oid}::pg_catalog.oid::pg_catalog.regclass, heapallindexed => {thorough})"
                )))
            }
            "gin" => {
                let schema = self.gin.as_ref()?;
                Some(Statement::of(format_args!(
                    "select {schema}.gin_index_check({oid}::pg_catalog.oid::pg_catalog.regclass)"
                )))
            }
            _ => None,
        }
    }

    /// For a plan: what is called how often, and how.
    pub fn calls(&self, indexes: &[Index], tables: usize, thorough: bool) -> Vec<(String, String)> {
        let mut calls = Vec::new();
        let count = |method: &str| indexes.iter().filter(|index| index.method == method).count();
        if let Some(schema) = self.btree.as_ref().filter(|_| count("btree") > 0) {
            let call = format!("select {schema}.bt_index_check(index => …, heapallindexed => {thorough})");
            calls.push((format!("for each of {} B-tree indexes", count("btree")), call));
        }
        if let Some(schema) = self.gin.as_ref().filter(|_| count("gin") > 0) {
            calls.push((
                format!("for each of {} GIN indexes", count("gin")),
                format!("select {schema}.gin_index_check(…)"),
            ));
        }
        if let Some(schema) = self.heap.as_ref().filter(|_| tables > 0) {
            let call = format!("select * from {schema}.verify_heapam(relation => …)");
            calls.push((format!("for each of {tables} tables"), call));
        }
        calls
    }

    /// Looks through an index. `None` for a kind that nobody can look through.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`], or a lost connection; whatever else the server says is about the index.
    pub async fn index(&self, session: &mut Session, index: &Index, thorough: bool) -> Result<Option<Look>> {
        let Some(call) = self.index_call(index, thorough) else { return Ok(None) };
        let Err(error) = session.execute(call).await else { return Ok(Some(Look::Sound)) };
        let damage = damage(session, error, index.oid).await?;
        let Look::Damaged(words) = damage else { return Ok(Some(damage)) };
        let message = format!("The index {} is damaged.", index.name);
        let finding = IntegrityFinding::new(IntegrityCheck::Index, Level::Error, "index_damaged", &index.name, message);
        let fix = format!("reindex index concurrently {};", index.qualified()?);
        let finding = finding.param("index", index.name.as_str()).detail(words);
        Ok(Some(Look::Found(Box::new(if index.toast { finding } else { finding.fix(fix) }))))
    }

    /// Looks through a table. `None` where the role may not.
    pub async fn table(&self, session: &mut Session, oid: u32, name: &str) -> Result<Option<Look>> {
        let Some(schema) = &self.heap else { return Ok(None) };
        let call = Statement::of(format_args!(
            "select pg_catalog.count(*), pg_catalog.min(pg_catalog.concat('block ', v.blkno, ', row ' || v.offnum, ': ', v.msg)) \
             from {schema}.verify_heapam(relation => {oid}::pg_catalog.oid::pg_catalog.regclass) v"
        ));
        let words = match session.rows(call).await {
            Ok(rows) => {
                let Some((number, first)) = rows.first().and_then(counted) else { return Ok(Some(Look::Sound)) };
                format!("{first} ({number})")
            }
            Err(error) => match damage(session, error, oid).await? {
                Look::Damaged(words) => words,
                other => return Ok(Some(other)),
            },
        };
        let message = format!("The table {name} is damaged.");
        let finding = IntegrityFinding::new(IntegrityCheck::Table, Level::Error, "table_damaged", name, message);
        Ok(Some(Look::Found(Box::new(finding.param("table", name).detail(words)))))
    }
}

/// How many, and the first; none where there are none.
fn counted(row: &PgRow) -> Option<(i64, String)> {
    let text = |column: usize| row.try_get_raw(column).ok()?.as_str().ok().map(str::to_owned);
    let number: i64 = text(0)?.parse().ok()?;
    (number > 0).then(|| (number, text(1).unwrap_or_default()))
}

/// What looking at one object has come to.
pub(super) enum Look {
    Sound,
    Found(Box<IntegrityFinding>),
    /// In the server's words.
    Damaged(String),
    /// It could not be looked at: the reason, and the server's words.
    Not(&'static str, Option<String>),
}

impl Look {
    /// Notes it; true where it was looked at.
    pub fn note(
        self,
        check: IntegrityCheck,
        object: &str,
        findings: &mut Vec<IntegrityFinding>,
        not: &mut Vec<NotLookedAt>,
    ) -> bool {
        match self {
            Self::Sound => return true,
            Self::Found(finding) => {
                findings.push(*finding);
                return true;
            }
            Self::Damaged(words) => NotLookedAt::add(not, check, "failed", 1, Some(&words)),
            Self::Not(reason, words) => NotLookedAt::add(not, check, reason, 1, words.as_deref().or(Some(object))),
        }
        false
    }
}

/// What an error says about the object that was looked at.
pub(super) async fn damage(session: &mut Session, error: Error, oid: u32) -> Result<Look> {
    let words = || {
        let message = match error.kind() {
            ErrorKind::Server { message } => message.clone(),
            other => other.to_string(),
        };
        [Some(message), error.detail_text().map(str::to_owned)].into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    let Some(state) = error.sqlstate() else { return Err(error) };
    Ok(match state {
        "57014" => return Err(error),
        // data_corrupted, index_corrupted
        "XX001" | "XX002" => Look::Damaged(words()),
        "42501" => Look::Not("no_right", None),
        "55P03" => Look::Not("busy", None),
        "42P01" | "42704" => Look::Not("gone", None),
        // An object that was dropped meanwhile is an internal error too.
        "XX000" if !is_there(session, oid).await? => Look::Not("gone", None),
        "XX000" => Look::Damaged(words()),
        _ if matches!(error.kind(), ErrorKind::ServerUnavailable) => return Err(error),
        _ => Look::Not("failed", Some(words())),
    })
}

async fn is_there(session: &mut Session, oid: u32) -> Result<bool> {
    let question = Statement::of(format_args!("select c.oid from pg_catalog.pg_class c where c.oid = {oid}"));
    Ok(!session.rows(question).await?.is_empty())
}
