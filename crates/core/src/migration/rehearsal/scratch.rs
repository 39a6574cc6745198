//! A copy of a tenant's structure, in a transaction that is never committed.

use crate::boundary;
use crate::connection::{Database, Purpose, Session};
use crate::error::WireError;
use crate::shape::{self, Change, Options, Shape};
use crate::sql::{Ident, Statement, literal};
use crate::{Error, ErrorKind, Result};

/// The longest that one statement may take on empty tables, in milliseconds; a lock that it takes elsewhere is not held longer.
pub(super) const STATEMENT_TIMEOUT_MS: u128 = 10_000;
/// Longest wait for a lock outside the copy, in milliseconds: others wait behind whoever waits.
const LOCK_TIMEOUT_MS: u32 = 250;

/// A session with an open transaction in which there is a schema of a name that nobody knows.
pub(super) struct Scratch {
    pub session: Session,
    pub schema: Ident,
    database: Database,
    /// The transaction, to see that a file has not ended it.
    pub transaction: Option<String>,
}

/// What the copy does not have.
pub(super) struct Missing {
    /// Foreign keys to other schemas: making them would lock the tables there.
    pub foreign_keys: Vec<String>,
}

impl Scratch {
    /// Opens the transaction and makes an empty schema.
    pub async fn open(database: &Database) -> Result<Self> {
        let mut session = database.session(Purpose::Rehearse).await?;
        session.prepare_named(&[super::super::proof::PREPARED]).await?;
        let schema = Ident::new(format!("cadastre_rehearsal_{}", uuid::Uuid::new_v4().simple()))?;
        let mut begin = Statement::of(format_args!("begin;"));
        begin.push(format_args!("{}", Self::limits(None)));
        begin.push(format_args!("create schema {schema}; select '', pg_catalog.pg_current_xact_id()::text;"));
        let rows = session.rows(begin).await.map_err(|e| match e.sqlstate() {
            Some("42501") => not_permitted(database).source(e),
            _ => e,
        })?;
        let transaction = rows.last().and_then(|row| super::super::apply::text(row, 1));
        Ok(Self { session, schema, database: database.clone(), transaction })
    }

    /// Time-outs for what follows; `file` is what the file itself asks for, in milliseconds.
    pub fn limits(file: Option<u128>) -> Statement {
        let statement = file.unwrap_or(STATEMENT_TIMEOUT_MS).min(STATEMENT_TIMEOUT_MS);
        Statement::of(format_args!(
            "set local lock_timeout = '{LOCK_TIMEOUT_MS}ms'; set local statement_timeout = '{statement}ms';"
        ))
    }

    /// What was dropped outside the copy and the schemas that the files may change.
    pub async fn dropped_outside(&mut self, permitted: &[String]) -> Result<String> {
        boundary::dropped_outside(&mut self.session, &self.database, self.schema.name(), permitted).await
    }

    /// What stands at the head of a message with a person's SQL.
    pub fn fresh(&self) -> Statement {
        self.database.fresh_session()
    }

    /// Builds the tenant's structure, with its history when it has one. `named` are the files, for the foreign keys that they
    /// speak of: the others to other schemas are taken out of `tenant`.
    pub async fn build(&mut self, tenant: &mut Shape, has_history: bool, named: &[&str]) -> Result<Missing> {
        let not_copied = |reason: String| ErrorKind::NotRehearsable { reason };
        if let Some(child) = tenant.child_of_outside() {
            let reason = format!("{child} of {} belongs to a table of another schema", tenant.schema);
            return Err(not_copied(reason).into());
        }
        let taken = tenant.take_foreign_keys_outside(|name| named.iter().any(|text| text.contains(name)));
        let empty = self.shape().await?;
        let options = Options { column_order: false, grants: true };
        let repair = shape::repair(tenant, &empty, options)?;
        let mut script = Statement::of(format_args!(
            "set local search_path = pg_catalog, pg_temp; set local check_function_bodies = off;\n"
        ));
        repair.steps.iter().for_each(|step| _ = script.push(format_args!("{};\n", step.sql)));
        if has_history {
            let (copy, original) = (self.history()?, history(&Ident::new(tenant.schema.as_str())?)?);
            script.push(format_args!("create table {copy} (like {original} including all);\n"));
            script.push(format_args!("insert into {copy} select * from {original};\n"));
        }
        self.session.execute(script).await.map_err(|e| match e.kind().is_transient() {
            true => e,
            false => {
                let kind = not_copied(format!("the structure of {} could not be copied", tenant.schema));
                e.as_kind(kind)
            }
        })?;
        Ok(Missing { foreign_keys: taken.iter().map(ToString::to_string).collect() })
    }

    /// The copy's history table.
    pub fn history(&self) -> Result<String> {
        history(&self.schema)
    }

    /// The copy's structure now.
    pub async fn shape(&mut self) -> Result<Shape> {
        shape::read_in(&mut self.session, self.schema.name()).await
    }

    /// An error as the tenant's own run would show it.
    pub fn as_of(&self, error: &Error, tenant: &str) -> WireError {
        let mut wire = WireError::from(error);
        let own = |text: &str| text.replace(self.schema.name(), tenant);
        wire.message = own(&wire.message);
        wire.detail = wire.detail.as_deref().map(own);
        wire.hint = match wire.code.as_str() {
            // The hints of a run speak of what the run has left behind.
            "migration_failed" | "touches_outside" => Some("Correct the file and rehearse again.".into()),
            _ => wire.hint.as_deref().map(own),
        };
        wire.causes.iter_mut().for_each(|cause| *cause = own(cause));
        wire.params.values_mut().for_each(|value| *value = own(value));
        wire
    }

    /// Takes everything back, and makes sure of it.
    pub async fn close(mut self) -> Result<()> {
        // Fails where the connection is gone; then the server rolls back by itself.
        if self.session.execute("rollback").await.is_err() {
            return Ok(());
        }
        let there = Statement::of(format_args!(
            "select '', pg_catalog.to_regnamespace({})::text",
            literal(&self.schema.to_string())
        ));
        let rows = self.session.rows(there).await?;
        if rows.first().and_then(|row| super::super::apply::text(row, 1)).is_some() {
            // A file has ended the transaction in a way that no look at it shows.
            let remove = Statement::of(format_args!("drop schema {} cascade", self.schema));
            self.session.execute(remove).await?;
        }
        self.session.close().await;
        Ok(())
    }
}

/// What the files changed, grants included.
pub(super) fn changes(before: &Shape, after: &Shape) -> Vec<Change> {
    shape::diff(before, after, Options { column_order: false, grants: true })
}

/// The role may not make the schema.
pub(super) fn not_permitted(database: &Database) -> Error {
    let server = database.server();
    let action = format!("create a schema in {}, in which a rehearsal copies the structure", server.database);
    Error::new(ErrorKind::PermissionDenied { role: server.role.clone(), action }).hint(
        "Rehearse with a role that has CREATE on the database (GRANT CREATE ON DATABASE … TO …). The schema is in no other \
         session's sight, and rolled back.",
    )
}

fn history(schema: &Ident) -> Result<String> {
    Ok(schema.qualify(&Ident::new("_sqlx_migrations")?).to_string())
}
