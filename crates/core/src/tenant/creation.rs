//! What is sent for a new tenant: one transaction, proven before it is committed.

use super::create::New;
use super::name;
use crate::access::{self, Kept};
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
    /// Where passwords go; there when a role that can connect is to be made.
    pub kept: Option<Kept>,
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
        // The program was killed, or lost the server, after it had sent this tenant's commit.
        let sent_before = worker.in_doubt().is_some();
        let database = worker.database().clone();
        let role = new.request.role.as_ref().map(|role| role.name(&target.schema)).unwrap_or_default();
        let (mut verifier, mut kept) = (None, None);
        if let Some(place) = self.kept.as_ref().filter(|_| new.makes_password() && !sent_before) {
            let password = access::generate_password()?;
            verifier = Some(access::verifier(&password)?);
            access::keep(place, role, worker.run(), &password).await?;
            kept = Some(place);
        }
        let result = self.send(worker, target, new, verifier.as_deref(), &database).await;
        let outcome = match result {
            Ok(()) => Ok(Done::Changed(None)),
            Err(error) => {
                if let Some(session) = worker.open_session() {
                    let _ = session.execute("rollback").await;
                }
                match error.kind() {
                    // Whoever holds the name is this run itself: its commit arrived, and only the answer did not.
                    ErrorKind::SchemaNameTaken { .. } if sent_before => Ok(Done::Changed(None)),
                    _ => Err(error),
                }
            }
        };
        if let Some(kept) = kept {
            settle(kept, role, worker, &outcome).await;
        }
        outcome
    }

    async fn send(
        &self,
        worker: &mut Worker,
        target: &Target,
        new: &New,
        verifier: Option<&str>,
        database: &Database,
    ) -> Result<()> {
        let mut script = script(&target.schema, &target.name, new.source.as_deref())?;
        let own = new.statements(&target.schema, &database.server().database, verifier, false)?;
        script.statement(&own);
        make(worker.session().await?, database, &script, &target.schema).await?;
        prove(worker.session().await?, &target.schema, new).await?;
        worker.set_in_doubt(new.newest())?;
        worker.session().await?.execute("commit").await
    }
}

/// What becomes of the password that was put into the keyring before the commit.
async fn settle(kept: &Kept, role: &str, worker: &Worker, outcome: &Result<Done>) {
    let settled = match outcome {
        Ok(_) => kept.confirm(role, worker.run()).await,
        // The answer to the commit was lost: a role that is there is this one. What cannot be asked now stays noted as pending.
        Err(_) if worker.in_doubt().is_some() => match is_there(worker.database(), role).await {
            Ok(true) => kept.confirm(role, worker.run()).await,
            Ok(false) => access::forget(kept, role).await,
            Err(error) => Err(error),
        },
        Err(_) => access::forget(kept, role).await,
    };
    if let Err(error) = settled {
        tracing::warn!(%error, "what became of a role's password is found out when the database is connected to again");
    }
}

async fn is_there(database: &Database, role: &str) -> Result<bool> {
    let mut session = database.session(Purpose::Catalog).await?;
    let there = access::found_roles(&mut session, &[role.to_owned()]).await?.contains_key(role);
    session.close().await;
    Ok(there)
}

/// The role can do what it was given, and the entry is what was asked for: looked at before the commit.
async fn prove(session: &mut Session, schema: &str, new: &New) -> Result<()> {
    if new.entry.is_none() && new.request.role.is_none() {
        return Ok(());
    }
    // Files of the template may have left another one.
    session.execute("set local search_path = pg_catalog, pg_temp").await?;
    if let Some(role) = &new.request.role {
        let name = role.name(schema);
        let query = sqlx::query_scalar::<_, bool>(include_str!("role_ready.sql")).persistent(false);
        let ready = query.bind(schema).bind(name).fetch_one(session.connection()).await?;
        if !ready {
            let what = format!("{name} has not got them");
            return Err(ErrorKind::RightsDiffer { schema: schema.to_owned(), what }.into());
        }
    }
    match &new.entry {
        Some(entry) => super::set::prove_entry(session, schema, &entry.expected()).await,
        None => Ok(()),
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
    let server = migration::server_error(&error);
    let domain = server.filter(|e| e.schema() == Some("cadastre") && e.constraint() == Some("domain_pkey"));
    match error.sqlstate() {
        Some("42P06") => error.as_kind(ErrorKind::SchemaNameTaken { name: schema.into(), existing: schema.into() }),
        // Only `create role` reports this in such a script: objects of a new schema have another code.
        Some("42710") if server.is_some_and(|e| e.routine() == Some("CreateRole")) => {
            let role = server.and_then(|e| quoted(e.message())).unwrap_or(schema).to_owned();
            error.as_kind(ErrorKind::RoleTaken { role })
        }
        Some("23505") if domain.is_some() => {
            let detail = server.and_then(|e| e.detail()).unwrap_or_default();
            let domain = detail.split(['(', ')']).nth(3).unwrap_or_default().to_owned();
            error.as_kind(ErrorKind::DomainTaken { domain, tenant: "another tenant".into() })
        }
        _ => script.explain(error, schema, 0),
    }
}

/// The first text in double quotes.
fn quoted(message: &str) -> Option<&str> {
    message.split('"').nth(1)
}
