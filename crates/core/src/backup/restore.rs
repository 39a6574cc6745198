//! Bringing an archive's tenant back, beside a live one of the same name: within one transaction the live schema steps
//! aside under another name, the archive is restored under its own, is proven, gets the name that is wanted, and the live
//! schema takes its name again. Nobody else sees any of it before the commit, and no table of the live tenant is locked.

use super::cast::Casts;
use super::client::Client;
use super::filter::Filter;
use super::manifest::Manifest;
use super::process::Running;
use super::script::{Part, Script};
use super::{proof, snapshot};
use crate::connection::{Database, Session};
use crate::content::{self, SequenceState, Table};
use crate::fleet::Worker;
use crate::migration::Redactor;
use crate::sql::{Ident, Statement, literal, names_schema};
use crate::{Error, ErrorKind, Result};
use sqlx::Row;
use std::path::Path;
use tokio::process::ChildStdout;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

/// Statements are sent together up to this many bytes.
const BATCH: usize = 64 * 1024;

/// The script has set a path and more for itself.
const OWN_SETTINGS: &str = "set local search_path = pg_catalog, pg_temp; set local client_min_messages = notice";

/// Where a tenant is brought back to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Destination<'a> {
    /// It is looked at and rolled back.
    Nowhere,
    /// A schema that does not exist yet, with its display name; `None` keeps the archive's.
    Schema { schema: &'a str, name: Option<&'a str> },
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Brought {
    /// What was left out, for want of a role.
    pub left: Vec<String>,
    /// What came back in another way.
    pub remarks: Vec<String>,
    /// Routines whose text names the schema.
    pub mentions: Vec<String>,
    /// The structure could not be compared: the archive comes from another major version.
    pub shape_unproven: bool,
    /// Grants are not what they were.
    pub grants_differ: bool,
    /// Where the sequences stand.
    pub sequences: Vec<SequenceState>,
}

/// A part of an archive, as `pg_restore` divides it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// Schema, types, tables, rows, sequences.
    Rows,
    /// Indexes, constraints, triggers: what may lock a table outside the schema until the end of the transaction.
    Rest,
}

/// The program and its arguments.
pub(super) fn command(client: &Client, archive: &Path, section: Section) -> Vec<String> {
    let mut words = vec![client.program("pg_restore").display().to_string(), "--file=-".into()];
    words.extend(match section {
        Section::Rows => vec!["--section=pre-data".to_owned(), "--section=data".to_owned()],
        Section::Rest => vec!["--section=post-data".to_owned()],
    });
    words.extend([
        // They belong to the database: a copy must not be published in the place of the tenant, or beside it.
        "--no-publications".into(),
        "--no-subscriptions".into(),
        archive.display().to_string(),
    ]);
    words
}

/// The name under which a live schema steps aside.
fn aside() -> Result<Ident> {
    let random = uuid::Uuid::new_v4().simple().to_string();
    Ident::new(format!("_cadastre_v_{}", &random[..12]))
}

/// Restores an archive in a transaction of the worker's session and proves what came out. After an error the session is
/// gone, and with it everything that it did. `turn` keeps archives from meeting at the tables that several tenants refer to.
///
/// # Errors
/// [`ErrorKind::RestoreFailed`], [`ErrorKind::ArchiveDiffers`], [`ErrorKind::ArchiveUnreadable`],
/// [`ErrorKind::SchemaNameTaken`], [`ErrorKind::PermissionDenied`], [`ErrorKind::LockTimeout`].
pub(super) async fn bring_back(
    worker: &mut Worker,
    client: &Client,
    archive: &Path,
    manifest: &Manifest,
    destination: Destination<'_>,
    turn: &Mutex<()>,
) -> Result<Brought> {
    let cancel = worker.cancel_token().clone();
    let redactor = Redactor::new(worker.database().password());
    require_locks(worker.database(), &manifest.schema, manifest.locks)?;
    let (role, version) = (worker.database().server().role.clone(), worker.database().server().version_number);
    let session = worker.session().await?;
    let work = Work { client, archive, manifest, role, version, cancel, redactor };
    let brought = work.perform(session, destination, turn).await;
    if brought.is_err() {
        worker.drop_session();
    }
    brought
}

/// Refuses what would fill the server's lock table, which everybody shares.
///
/// # Errors
/// [`ErrorKind::LockTableTooSmall`].
pub(super) fn require_locks(database: &Database, schema: &str, locks: i64) -> Result<()> {
    let total = database.server().lock_budget.total;
    if locks <= total {
        return Ok(());
    }
    let (schema, locks, total) = (schema.to_owned(), locks.to_string(), total.to_string());
    Err(ErrorKind::LockTableTooSmall { schema, locks, total }.into())
}

struct Work<'a> {
    client: &'a Client,
    archive: &'a Path,
    manifest: &'a Manifest,
    role: String,
    version: i32,
    cancel: CancellationToken,
    redactor: Redactor,
}

impl Work<'_> {
    async fn perform(&self, session: &mut Session, destination: Destination<'_>, turn: &Mutex<()>) -> Result<Brought> {
        let schema = self.manifest.schema.as_str();
        let (quoted, aside) = (Ident::new(schema)?, aside()?);
        session
            .execute(
                "begin; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; \
                 set local search_path = pg_catalog, pg_temp",
            )
            .await?;
        let live = snapshot::find_schema(session, schema).await?;
        if let Destination::Schema { schema: wanted, .. } = destination
            && snapshot::find_schema(session, wanted).await?.is_some()
        {
            return Err(ErrorKind::SchemaNameTaken { name: wanted.into(), existing: wanted.into() }.into());
        }
        if let Some(live) = &live {
            if !live.owned {
                return Err(self.denied(format!("rename the schema {schema} for a moment")));
            }
            let step_aside = Statement::of(format_args!("alter schema {quoted} rename to {aside}"));
            session.execute(step_aside).await.map_err(|error| self.failed(error))?;
        }
        let mut filter = Filter::new(self.version);
        let mut casts = Casts::of(self.manifest);
        self.run_script(session, Section::Rows, &mut filter, &mut casts).await?;
        casts.make_all(session).await.map_err(|error| self.failed(error))?;
        session.execute(OWN_SETTINGS).await?;
        let restored = snapshot::find_schema(session, schema).await?;
        let Some(restored) = restored else {
            return Err(
                ErrorKind::ArchiveUnreadable { reason: format!("it does not create the schema {schema}") }.into()
            );
        };
        let going_on = |_| !self.cancel.is_cancelled();
        let arrange = |table: &mut Table| {
            if let Some(names) = self.manifest.columns.get(&table.relation.name) {
                table.arrange(names.iter().map(String::as_str));
            }
        };
        let content = content::content_arranged(session, schema, None, &arrange, &going_on).await?;
        // Before the part with the locks: whoever writes to a table that the tenant refers to waits from here on.
        proof::compare(self.manifest, None, &content)?;
        let _turn = turn.lock().await;
        self.run_script(session, Section::Rest, &mut filter, &mut casts).await?;
        session.execute(OWN_SETTINGS).await?;
        // Under its own name: what is printed now is what was printed then.
        let (shape, with_grants) = snapshot::shapes(session, schema, restored.oid).await?;
        let comparable = self.manifest.major() == (self.version / 10_000).unsigned_abs();
        proof::compare(self.manifest, comparable.then_some(shape.as_str()), &content)?;
        let mentions = self.mentions(session).await?;
        match destination {
            Destination::Nowhere => session.execute("rollback").await?,
            Destination::Schema { schema: wanted, name } => {
                let wanted = Ident::new(wanted)?;
                let mut last = Statement::new();
                if wanted != quoted {
                    last.push(format_args!("alter schema {quoted} rename to {wanted}; "));
                }
                if let Some(name) = name {
                    last.push(format_args!("comment on schema {wanted} is {}; ", literal(name)));
                }
                if live.is_some() {
                    last.push(format_args!("alter schema {aside} rename to {quoted}; "));
                }
                session.execute(last).await.map_err(|error| self.failed(error))?;
                session.execute("commit").await?;
            }
        }
        let (left, remarks) = filter.told();
        Ok(Brought {
            left,
            remarks,
            mentions,
            shape_unproven: !comparable,
            grants_differ: comparable && with_grants != self.manifest.shape_with_grants,
            sequences: content.sequences,
        })
    }

    /// Feeds the session with what `pg_restore` writes.
    async fn run_script(
        &self,
        session: &mut Session,
        section: Section,
        filter: &mut Filter,
        casts: &mut Casts,
    ) -> Result<()> {
        let words = command(self.client, self.archive, section);
        let unreadable = |reason: &str| Error::new(ErrorKind::ArchiveUnreadable { reason: reason.to_owned() });
        let (running, output) =
            Running::start(&words, None).map_err(|error| unreadable("pg_restore cannot be started").source(error))?;
        let fed = tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(ErrorKind::Cancelled.into()),
            fed = self.feed(session, Script::new(output), filter, casts) => fed,
        };
        match fed {
            Ok(()) => {
                let ended = running.end(&self.redactor).await;
                ended.map_err(|reason| unreadable(&first_error(&reason)).detail(reason))
            }
            // What it complains about says more than a text that ends in the middle.
            Err(error) if matches!(error.kind(), ErrorKind::ArchiveUnreadable { .. }) => {
                match tokio::time::timeout(std::time::Duration::from_secs(2), running.end(&self.redactor)).await {
                    Ok(Err(reason)) => Err(unreadable(&first_error(&reason)).detail(reason)),
                    _ => Err(error),
                }
            }
            Err(error) => {
                running.stop().await;
                Err(error)
            }
        }
    }

    async fn feed(
        &self,
        session: &mut Session,
        mut script: Script<ChildStdout>,
        filter: &mut Filter,
        casts: &mut Casts,
    ) -> Result<()> {
        let mut batch = String::new();
        while let Some(part) = script.next().await? {
            match part {
                Part::Statement(text) if text.trim_start().starts_with("REFRESH MATERIALIZED VIEW ") => {
                    self.send(session, &mut batch).await?;
                    self.fill(session, text, filter).await?;
                }
                Part::Statement(text) => {
                    if casts.are_due(&text) {
                        self.send(session, &mut batch).await?;
                        casts.make(session).await.map_err(|error| self.failed(error))?;
                    }
                    if filter.takes(session, &text).await? {
                        batch.push_str(&text);
                        batch.push('\n');
                    }
                    if batch.len() > BATCH {
                        self.send(session, &mut batch).await?;
                    }
                }
                Part::Copy(text) => {
                    self.send(session, &mut batch).await?;
                    let mut copy = session.connection().copy_in_raw(&text).await.map_err(|e| self.failed(e.into()))?;
                    while let Some(rows) = script.rows().await? {
                        copy.send(rows).await.map_err(|e| self.failed(e.into()))?;
                    }
                    copy.finish().await.map_err(|e| self.failed(e.into()))?;
                }
            }
        }
        self.send(session, &mut batch).await
    }

    /// Fills a materialized view. What it showed may come from rows that have changed since, and what it would show now may
    /// break an index of its own: such a one stays empty.
    async fn fill(&self, session: &mut Session, refresh: String, filter: &mut Filter) -> Result<()> {
        session.execute("savepoint filling").await?;
        let view = refresh.trim().trim_end_matches(';').replacen("REFRESH MATERIALIZED VIEW ", "", 1);
        match session.execute(Statement::script(refresh)).await {
            Ok(()) => session.execute("release savepoint filling").await,
            Err(error) if matches!(error.kind(), ErrorKind::Server { .. }) => {
                filter.remark(format!("materialized view {view}: it is empty until it is refreshed: {error}"));
                session.execute("rollback to savepoint filling; release savepoint filling").await
            }
            Err(error) => Err(self.failed(error)),
        }
    }

    async fn send(&self, session: &mut Session, batch: &mut String) -> Result<()> {
        if batch.is_empty() {
            return Ok(());
        }
        let statements = Statement::script(std::mem::take(batch));
        session.execute(statements).await.map_err(|error| self.failed(error))
    }

    /// Says what the server refused.
    fn failed(&self, error: Error) -> Error {
        let schema = self.manifest.schema.clone();
        match (error.kind(), error.sqlstate()) {
            (_, Some("42501")) => {
                let said = error.causes().join(" ");
                error
                    .as_kind(ErrorKind::PermissionDenied {
                        role: self.role.clone(),
                        action: format!("restore {schema}"),
                    })
                    .detail(said)
            }
            (ErrorKind::Server { message }, state) => {
                let (reason, full) = (message.clone(), state == Some("53200"));
                let error = error.as_kind(ErrorKind::RestoreFailed { schema, reason });
                match full {
                    true => error.hint(
                        "The server's lock table is too small for a transaction with so many tables: raise \
                         max_locks_per_transaction. Nothing was changed.",
                    ),
                    false => error,
                }
            }
            _ => error,
        }
    }

    fn denied(&self, action: String) -> Error {
        ErrorKind::PermissionDenied { role: self.role.clone(), action }.into()
    }

    /// Routines that name the schema in their text, as a word.
    async fn mentions(&self, session: &mut Session) -> Result<Vec<String>> {
        let schema = self.manifest.schema.as_str();
        let query = sqlx::query(include_str!("mentions.sql")).persistent(false).bind(schema);
        let mut found = Vec::new();
        for row in query.fetch_all(session.connection()).await? {
            let text: String = row.try_get("text")?;
            if names_schema(&text, schema) {
                found.push(row.try_get("routine")?);
            }
        }
        Ok(found)
    }
}

fn first_error(text: &str) -> String {
    let line = text.lines().find(|line| line.contains("error:")).unwrap_or(text).trim();
    line.split_once("error: ").map_or(line, |(_, rest)| rest).trim_end_matches('.').to_owned()
}
