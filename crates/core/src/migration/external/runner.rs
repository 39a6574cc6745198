//! One program for one tenant: its environment, its output, and what it may have left behind on the server.

use super::lookup;
use super::process::{self, End, Program};
use super::redact::Redactor;
use crate::connection::{Database, Purpose};
use crate::fleet::{self, Worker};
use crate::local::Home;
use crate::migration::{Direction, Script, Source, When, hook, script};
use crate::sql::{Ident, Statement};
use crate::{ErrorKind, Result};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// What all programs of a run have in common.
pub(in crate::migration) struct Runner {
    pub(super) home: Home,
    pub(super) source: Source,
    pub(super) direction: Direction,
    pub(super) lock_timeout_ms: u32,
    pub(super) redactor: Redactor,
}

impl Runner {
    /// For the tenants of this connection.
    pub fn new(home: &Home, database: &Database, source: &Source, direction: Direction, lock_timeout_ms: u32) -> Self {
        let redactor = Redactor::new(database.password());
        Self { home: home.clone(), source: source.clone(), direction, lock_timeout_ms, redactor }
    }

    /// There are commands to run at this moment.
    pub fn has_command_hooks(&self, when: When) -> bool {
        self.source.hooks(self.direction, when).any(|hook| !hook.command.is_empty())
    }

    /// Runs the command hooks of this moment, in their order.
    pub async fn command_hooks(&self, worker: &Worker, schema: &str, when: When) -> Result<()> {
        for hook in self.source.hooks(self.direction, when).filter(|hook| !hook.command.is_empty()) {
            let (end, _) = self.run(worker, schema, &hook.command, hook.timeout()).await?;
            if let End::Badly(reason) = end {
                let hook = lookup::short(hook.name());
                return Err(ErrorKind::HookFailed { schema: schema.into(), hook, reason }.into());
            }
        }
        Ok(())
    }

    /// Runs the SQL hooks of this moment, in their order, each in a transaction of its own: for what is migrated outside of
    /// one.
    pub async fn sql_hooks(&self, worker: &mut Worker, schema: &str, when: When) -> Result<()> {
        for hook in self.source.hooks(self.direction, when) {
            if let Some(file) = &hook.sql {
                self.sql_hook(worker, schema, file, hook.timeout()).await?;
            }
        }
        Ok(())
    }

    async fn sql_hook(&self, worker: &mut Worker, schema: &str, file: &str, timeout: Option<Duration>) -> Result<()> {
        let fresh = worker.database().fresh_session_but_for_locks();
        let mut text = Script::new();
        let ident = Ident::new(schema)?;
        text.statement(&Statement::of(format_args!("begin; set local lock_timeout = '{}ms';", self.lock_timeout_ms)));
        text.statement(&script::set_search_path(&ident, &self.source.header().search_path)?);
        text.statement(&hook::time(timeout));
        text.file(file, self.source.hook(file).unwrap_or_default());
        text.statement(&Statement::of(format_args!("commit;")));
        let session = worker.session().await?;
        let result = session.execute(text.to_statement()).await;
        if result.is_err() {
            // Harmless when the connection is gone.
            let _ = session.execute("rollback").await;
        }
        // Settings of the hook are not the next tenant's; the tenant's lock is, until its end.
        let _ = session.execute(fresh).await;
        result.map_err(|error| match error.kind() {
            ErrorKind::Server { .. } => {
                let error = text.explain(error, schema, 0);
                let reason = match error.kind() {
                    ErrorKind::MigrationFailed { reason, .. } | ErrorKind::Server { message: reason } => reason.clone(),
                    other => other.to_string(),
                };
                let reason = reason.trim_end_matches('.').to_owned();
                let error = error.as_kind(ErrorKind::HookFailed { schema: schema.into(), hook: file.into(), reason });
                error.hint("The hook was rolled back. Correct its file, then resume the run.")
            }
            _ => error,
        })
    }

    /// Runs a command, keeps what it wrote, and ends what it may have left running on the server.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`]; [`ErrorKind::ProgramMissing`]. How the command itself ended is in the answer.
    pub(super) async fn run(
        &self,
        worker: &Worker,
        schema: &str,
        command: &[String],
        timeout: Option<Duration>,
    ) -> Result<(End, String)> {
        worker.check_cancelled()?;
        let directory = self.source.directory();
        let Some(path) = lookup::program(&command[0], &directory) else {
            return Err(ErrorKind::ProgramMissing { program: command[0].clone() }.into());
        };
        let mut words = lookup::words(command, schema);
        let line = lookup::line(&words);
        words[0] = path.display().to_string();
        let name = application_name(schema);
        let search_path = search_path(&self.source, schema)?;
        let environment = worker.database().child_environment(&search_path, self.lock_timeout_ms, &name);
        let way = if self.direction == Direction::Up { "up" } else { "down" };
        let variables = vec![
            ("CADASTRE_SCHEMA", schema.to_owned()),
            ("CADASTRE_RUN", worker.run().to_owned()),
            ("CADASTRE_DIRECTION", way.to_owned()),
        ];
        let program = Program { words, directory, environment: &environment, variables, timeout };
        let (end, output) = process::run(&program, worker.cancel_token(), &self.redactor).await;
        let line = self.redactor.redact(line.as_bytes(), 0);
        let ended = match &end {
            End::Well => "it ended with exit code 0",
            End::Badly(words) => words,
            End::Cancelled => "it was cancelled",
        };
        let gap = if output.is_empty() || output.ends_with('\n') { "" } else { "\n" };
        let text = format!("$ {}\n{output}{gap}# {ended}\n", String::from_utf8_lossy(&line));
        if let Err(error) = fleet::keep_output(&self.home, worker.run(), schema, &text) {
            tracing::error!(%error, schema, "the output of a command could not be kept");
        }
        if end != End::Well {
            end_sessions(worker.database(), &name).await;
        }
        if end == End::Cancelled {
            return Err(ErrorKind::Cancelled.into());
        }
        Ok((end, output))
    }
}

/// The tenant, and what the template asks for behind it, quoted.
pub(super) fn search_path(source: &Source, schema: &str) -> Result<String> {
    let mut path = Ident::new(schema)?.to_string();
    for other in &source.header().search_path {
        path.push_str(&format!(", {}", Ident::new(other.as_str())?));
    }
    Ok(path)
}

/// By this the sessions of a tenant's command are known on the server, also to a later run.
pub(super) fn application_name(schema: &str) -> String {
    let hash = crate::migration::hex(&Sha256::digest(schema.as_bytes()));
    format!("cadastre migrator {}", &hash[..16])
}

/// A killed program's statement goes on running on the server, which notices the loss when it wants to answer.
async fn end_sessions(database: &Database, application_name: &str) {
    let ended = async {
        let mut control = database.session(Purpose::Control).await?;
        sqlx::query(
            "select pg_catalog.pg_terminate_backend(a.pid) from pg_catalog.pg_stat_activity a \
             where a.application_name = $1 and a.datname = pg_catalog.current_database()",
        )
        .bind(application_name)
        .execute(control.connection())
        .await?;
        control.close().await;
        Result::<()>::Ok(())
    };
    if let Err(error) = ended.await {
        tracing::warn!(%error, "sessions of a command could not be ended");
    }
}
