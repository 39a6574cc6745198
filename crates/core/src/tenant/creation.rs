//! What is sent for a new tenant: one transaction, proven before it is committed.

use super::create::New;
use super::name;
use crate::connection::{Database, Purpose, Session};
use crate::fleet::{Done, Operation, RunKind, Target, Worker};
use crate::migration::{self, Script, Source};
use crate::sql::{Ident, Statement};
use crate::{Error, ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::collections::HashMap;

/// A tenant can be made from these files in one transaction.
pub(crate) fn require_creatable(source: &Source) -> Result<()> {
    for m in source.migrations() {
        let Some((line, reason)) = migration::unsendable(&m.up) else { continue };
        let reason = format!("line {line}: {reason}");
        return Err(ErrorKind::MigrationFileInvalid { file: m.file.clone(), reason }.into());
    }
    Ok(())
}

/// The whole creation as one message.
pub(crate) fn script(schema: &str, display_name: &str, source: Option<&Source>) -> Result<Script> {
    let ident = Ident::new(schema)?;
    let mut script = Script::new();
    script.statement(&Statement::of(format_args!("begin;\nset local lock_timeout = '10s';\ncreate schema {ident};")));
    if display_name != schema {
        script.statement(&name::comment(&ident, display_name));
    }
    // Another tool fills the schema, and keeps its own history.
    if let Some(source) = source.filter(|source| source.migrator().is_none()) {
        let search_path = migration::set_search_path(&ident, &source.header().search_path)?;
        script.statement(&search_path);
        script.statement(&migration::create_history(&ident)?);
        for m in source.migrations() {
            match m.no_transaction(migration::Direction::Up) {
                true => script.file(&m.file, &migration::for_new_tenant(&m.up)),
                false => script.file(&m.file, &m.up),
            };
            script.statement(&migration::record(&ident, m, "0")?);
        }
        if let Some((file, text)) = source.seed() {
            script.file(file, text);
        }
    }
    Ok(script)
}

/// The creation of the planned tenants.
pub(super) struct Create {
    pub tenants: HashMap<String, New>,
}

impl Operation for Create {
    fn kind(&self) -> RunKind {
        RunKind::Create
    }

    fn purpose(&self) -> Purpose {
        Purpose::Create
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        self.create(worker, target).boxed()
    }
}

impl Create {
    async fn create(&self, worker: &mut Worker, target: &Target) -> Result<Done> {
        let new = &self.tenants[&target.schema];
        let script = script(&target.schema, &target.name, new.source.as_deref())?;
        // The program was killed, or lost the server, after it had sent this tenant's commit.
        let sent_before = worker.in_doubt().is_some();
        let database = worker.database().clone();
        let result = async {
            make(worker.session().await?, &database, &script, &target.schema).await?;
            worker.set_in_doubt(new.newest())?;
            worker.session().await?.execute("commit").await
        }
        .await;
        let Err(error) = result else { return Ok(Done::Changed(None)) };
        if let Some(session) = worker.open_session() {
            let _ = session.execute("rollback").await;
        }
        match error.kind() {
            // Whoever holds the name is this run itself: its commit arrived, and only the answer did not.
            ErrorKind::SchemaNameTaken { .. } if sent_before => Ok(Done::Changed(None)),
            _ => Err(error),
        }
    }
}

/// Sends what [`script`] has made of a new tenant, and leaves its transaction open.
///
/// # Errors
/// [`ErrorKind::SchemaNameTaken`], [`ErrorKind::MigrationFailed`] naming the file, and what the connection reports.
pub(crate) async fn make(session: &mut Session, database: &Database, script: &Script, schema: &str) -> Result<()> {
    // What another template left in the session is none of this tenant's business.
    session.execute(database.fresh_session()).await?;
    session.execute(script.to_statement()).await.map_err(|e| explain(script, e, schema))?;
    // A file that committed by itself, or that was left by its own search_path, would show here.
    let proof = Statement::of(format_args!(
        "select pg_catalog.count(*) from pg_catalog.pg_namespace n where n.nspname = {} \
         and n.xmin = pg_catalog.pg_current_xact_id()::xid",
        crate::sql::literal(schema)
    ));
    let rows = session.rows(proof).await?;
    let one = rows.first().and_then(|r| sqlx::Row::try_get_raw(r, 0).ok()?.as_str().ok().map(|t| t == "1"));
    if one == Some(true) {
        return Ok(());
    }
    let reason = "a file of the template ended the transaction".into();
    Err(ErrorKind::MigrationFailed { schema: schema.to_owned(), version: String::new(), reason }.into())
}

fn explain(script: &Script, error: Error, schema: &str) -> Error {
    match error.sqlstate() {
        Some("42P06") => error.as_kind(ErrorKind::SchemaNameTaken { name: schema.into(), existing: schema.into() }),
        _ => script.explain(error, schema, 0),
    }
}
