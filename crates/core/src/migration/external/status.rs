//! Where tenants stand that another tool migrates.

use super::process::{self, End, Program};
use super::redact::Redactor;
use super::{State, lookup, runner, state};
use crate::connection::Database;
use crate::error::WireError;
use crate::migration::{MigrationStatus, Migrator, Source, TenantMigrations};
use crate::shape::Namespace;
use crate::tenant::{self, Selection};
use crate::{Error, ErrorKind, Result};
use futures::{StreamExt, TryStreamExt};
use tokio_util::sync::CancellationToken;

/// `lock_timeout` of a status command, which has nothing to lock.
const LOCK_TIMEOUT_MS: u32 = 2000;

/// The tenants with what the tool has noted about them, or says when it is asked.
pub(in crate::migration) async fn status(
    database: &Database,
    source: &Source,
    selection: &Selection,
) -> Result<MigrationStatus> {
    let found = tenant::discover(&mut *database.catalog().await?).await?;
    let chosen = selection.of_any(&found)?;
    let namespace = |t: &&tenant::Found| Namespace { oid: t.summary.oid, name: t.summary.schema.clone() };
    let schemas: Vec<Namespace> = chosen.iter().map(namespace).collect();
    let tables = state::tables(source.migrator());
    let states = State::of_fleet(database, &schemas, &tables).await?;
    let tenants = chosen.iter().zip(states).map(|(tenant, state)| TenantMigrations {
        schema: tenant.summary.schema.clone(),
        name: tenant.summary.name.clone(),
        has_history: state.history.is_some(),
        version: None,
        applied: Vec::new(),
        pending: Vec::new(),
        problem_version: None,
        problem: None,
        line_endings: Vec::new(),
        invalid_indexes: Vec::new(),
        place: state.history.map(|history| history.words()),
    });
    let mut tenants: Vec<TenantMigrations> = tenants.collect();
    if let Some(migrator) = source.migrator().filter(|migrator| !migrator.status.is_empty()) {
        ask(database, source, migrator, &mut tenants).await?;
    }
    Ok(MigrationStatus { migrations: Vec::new(), tenants })
}

/// Asks the tool itself, a few tenants at a time.
async fn ask(
    database: &Database,
    source: &Source,
    migrator: &Migrator,
    tenants: &mut [TenantMigrations],
) -> Result<()> {
    let directory = source.directory();
    let command = &migrator.status;
    let Some(path) = lookup::program(&command[0], &directory) else {
        return Err(ErrorKind::ProgramMissing { program: command[0].clone() }.into());
    };
    let redactor = Redactor::new(database.password());
    let ask_one = |tenant: &TenantMigrations| {
        let schema = tenant.schema.clone();
        let (path, directory, redactor) = (path.clone(), directory.clone(), &redactor);
        async move {
            if lookup::reads_as_option(command, &schema) {
                return Ok((End::Badly("its name would be read as an option".into()), String::new()));
            }
            let mut words = lookup::words(command, &schema);
            words[0] = path.display().to_string();
            let search_path = runner::search_path(source, &schema)?;
            let name = runner::application_name(&format!("status of {schema}"));
            let environment = database.child_environment(&search_path, LOCK_TIMEOUT_MS, &name);
            let variables = vec![("CADASTRE_SCHEMA", schema)];
            let timeout = migrator.timeout();
            let program = Program { words, directory, environment: &environment, variables, timeout };
            Result::<_>::Ok(process::run(&program, &CancellationToken::new(), redactor).await)
        }
    };
    let answers: Vec<(End, String)> = futures::stream::iter(tenants.iter().map(ask_one))
        .buffered(usize::from(crate::fleet::default_jobs()))
        .try_collect()
        .await?;
    for (tenant, (end, output)) in tenants.iter_mut().zip(answers) {
        match end {
            End::Badly(reason) => {
                let (schema, command) = (tenant.schema.clone(), lookup::short(&command[0]));
                let error = Error::new(ErrorKind::CommandFailed { schema, command, reason });
                tenant.problem =
                    Some(WireError::from(error.hint("Run the status command by hand to see what it says.")));
            }
            End::Well | End::Cancelled => {
                tenant.place = output.lines().rev().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned);
            }
        }
    }
    Ok(())
}
