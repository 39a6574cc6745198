//! What running another tool over the fleet would do.

use super::{State, lookup, runner, state};
use crate::connection::{Database, server_identity};
use crate::error::WireError;
use crate::fleet::{Check, CheckLevel, PastRun, Plan, PlannedSql, PlannedTenant, RunKind};
use crate::migration::drift::Drift;
use crate::migration::plan::{Made, Steps, skip};
use crate::migration::{Direction, MigrateRequest, MigrationPlan, Script, Source, When, hex, hook};
use crate::shape::Namespace;
use crate::tenant::{self, Selection, TenantState};
use crate::{Error, ErrorKind, Result};
use sha2::Digest;
use sqlx::Row;
use std::collections::{BTreeSet, HashMap};

/// A tenant that was asked for.
struct Candidate {
    schema: Namespace,
    name: String,
    size: i64,
    in_use: bool,
}

/// Reads the state and says what would run; changes nothing.
///
/// # Errors
/// [`ErrorKind::Usage`] for what an external tool is not asked for; [`ErrorKind::TenantMissing`] and the like.
pub(in crate::migration) async fn plan(
    database: &Database,
    source: Source,
    mut request: MigrateRequest,
    selection: &Selection,
) -> Result<MigrationPlan> {
    let command = command(&source, &request)?;
    let (mut candidates, missing) = candidates(database, selection).await?;
    candidates.sort_by(|a, b| a.schema.name.cmp(&b.schema.name));
    let schemas: Vec<Namespace> = candidates.iter().map(|candidate| candidate.schema.clone()).collect();
    let tables = state::tables(source.migrator());
    let states = State::of_fleet(database, &schemas, &tables).await?;
    let mut fingerprint = source.state(request.direction);
    let mut session = database.catalog().await?;
    let server = server_identity(&mut session).await?;
    fingerprint.update(&server);
    drop(session);
    let mut tenants = Vec::with_capacity(candidates.len());
    for (candidate, state) in candidates.iter().zip(&states) {
        let schema = &candidate.schema.name;
        fingerprint.update(format!("{schema:?}{state:?}"));
        let unused = !candidate.in_use && selection.names.is_empty();
        let skipped = if unused {
            Some(skip("tenant_inactive", "The tenant is inactive."))
        } else if state.history.is_none() && !selection.is_said() {
            Some(skip("no_history", "It has no migration history; name it, or say --all, to begin one."))
        } else if lookup::reads_as_option(&command, schema) {
            let reason = "its name begins with a hyphen, so the program would read it as an option".into();
            let command = lookup::short(&command[0]);
            Some(Error::new(ErrorKind::CommandFailed { schema: schema.clone(), command, reason }).into())
        } else {
            None
        };
        let steps = if skipped.is_none() { vec![lookup::short(&command[0])] } else { Vec::new() };
        tenants.push(PlannedTenant { skipped, ..PlannedTenant::new(schema, &candidate.name, steps) });
    }
    if !tenants.is_empty() && tenants.iter().all(|t| t.skipped.as_ref().is_some_and(|s| s.code == "no_history")) {
        return Err(ErrorKind::NoHistoryAnywhere.into());
    }
    choose_canaries(&mut tenants, &candidates, request.canaries);
    let checks = checks(database, &source, &request, &tenants, &states);
    let statements = statements(database, &source, &request, &command, &tenants, &states)?;
    tenants.extend(missing.into_iter().map(gone));
    request.tenants = tenants.iter().map(|tenant| tenant.schema.clone()).collect();
    let kind = match request.direction {
        Direction::Up => RunKind::MigrateUp,
        Direction::Down => RunKind::MigrateDown,
    };
    let steps = tenants.iter().map(|tenant| (tenant.schema.clone(), Steps::default())).collect();
    let states = schemas.into_iter().zip(states).map(|(schema, state)| (schema.name, state)).collect();
    let id = uuid::Uuid::new_v4().simple().to_string();
    let plan = Plan { id, kind, tenants, statements, checks, fingerprint: hex(&fingerprint.finalize()) };
    let made = Made { server, ..Made::by(Some(selection.clone())) };
    Ok(MigrationPlan {
        plan,
        request,
        source,
        steps,
        drift: Drift::default(),
        others: HashMap::new(),
        external: Some(states),
        resumes: None,
        undoes: None,
        made,
    })
}

/// What is left of a run. The tool itself knows what it has done, so running it again does nothing twice.
pub(in crate::migration) async fn plan_resume(
    database: &Database,
    past: PastRun,
    source: Source,
    request: MigrateRequest,
) -> Result<MigrationPlan> {
    let left = past.left();
    if left.is_empty() {
        return Err(past.not_resumable("every tenant has had its turn"));
    }
    let undoes = past.record.undoes.clone();
    let plan = plan(database, source, request, &Selection::named(left)).await?;
    Ok(MigrationPlan { resumes: Some(past), undoes, ..plan })
}

fn command(source: &Source, request: &MigrateRequest) -> Result<Vec<String>> {
    let usage = |reason: String| Error::new(ErrorKind::Usage { reason });
    if request.to.is_some() {
        let reason =
            format!("{} names another tool for its migrations: how far they go is in its command.", source.name());
        return Err(usage(reason));
    }
    let command = source.migrator().and_then(|migrator| migrator.command(request.direction));
    let missing = || usage(format!("template.toml of {} names no command for the way down.", source.name()));
    command.map(<[String]>::to_vec).ok_or_else(missing)
}

/// The tenants that are meant. A schema that is named counts even when nothing is in it yet.
async fn candidates(database: &Database, selection: &Selection) -> Result<(Vec<Candidate>, Vec<String>)> {
    let mut session = database.catalog().await?;
    let found = tenant::discover(&mut session).await?;
    let known = |name: &String| {
        let fits = |t: &tenant::Found| t.summary.schema == *name || t.summary.name.eq_ignore_ascii_case(name);
        found.iter().any(fits)
    };
    let unknown: Vec<&String> = selection.names.iter().filter(|name| !known(name)).collect();
    let rows = sqlx::query(
        "select n.oid::int8 as oid, n.nspname::text as name from pg_catalog.pg_namespace n \
         where n.nspname = any ($1::text[]) and n.nspname !~ '^(pg_|_cadastre_)' \
         and n.nspname <> all (array['information_schema', 'public', 'cadastre'])",
    )
    .bind(&unknown)
    .persistent(false)
    .fetch_all(session.connection())
    .await?;
    drop(session);
    let mut candidates = Vec::new();
    for row in &rows {
        let schema = Namespace { oid: row.try_get::<i64, _>("oid")? as u32, name: row.try_get("name")? };
        let name = schema.name.clone();
        candidates.push(Candidate { schema, name, size: 0, in_use: true });
    }
    let empty = |name: &String| candidates.iter().any(|candidate| candidate.schema.name == *name);
    let names: Vec<String> = selection.names.iter().filter(|name| !empty(name)).cloned().collect();
    if names.is_empty() && !candidates.is_empty() {
        return Ok((candidates, Vec::new()));
    }
    let others = Selection { names, ..selection.clone() };
    let (chosen, missing) = match others.of_several(&found) {
        // Beside those that are there, one that is not is no reason to refuse everything.
        Err(e) if !candidates.is_empty() && matches!(e.kind(), ErrorKind::TenantMissing { .. }) => {
            (Vec::new(), others.names)
        }
        answer => answer?,
    };
    candidates.extend(chosen.into_iter().map(|found| Candidate {
        schema: Namespace { oid: found.summary.oid, name: found.summary.schema.clone() },
        name: found.summary.name.clone(),
        size: found.summary.size_bytes,
        in_use: found.summary.state != TenantState::Inactive,
    }));
    Ok((candidates, missing))
}

fn gone(name: String) -> PlannedTenant {
    let error: WireError = Error::new(ErrorKind::TenantMissing { name: name.clone() }).into();
    PlannedTenant { skipped: Some(error), ..PlannedTenant::new(name.clone(), name, Vec::new()) }
}

/// The smallest tenants go first, as with SQL files.
fn choose_canaries(tenants: &mut [PlannedTenant], candidates: &[Candidate], count: u32) {
    let mut workable: Vec<usize> = (0..tenants.len()).filter(|i| tenants[*i].skipped.is_none()).collect();
    workable.sort_by_key(|i| candidates[*i].size);
    for index in workable.into_iter().take(count as usize) {
        tenants[index].canary = true;
    }
}

/// Whether the commands of a folder can run, and say nothing that they must not.
pub(in crate::migration) fn command_checks(database: &Database, source: &Source, direction: Direction) -> Vec<Check> {
    let mut checks = Vec::new();
    let hooks = source.header().hooks.iter().filter(|hook| hook.direction == direction);
    let migrator = source.migrator().and_then(|migrator| migrator.command(direction));
    let commands: Vec<&[String]> = hooks.map(|hook| hook.command.as_slice()).chain(migrator).collect();
    if commands.iter().all(|command| command.is_empty()) {
        return checks;
    }
    let directory = source.directory();
    if !directory.is_dir() {
        let path = directory.display().to_string();
        let message = format!("The folder {path}, in which the command is to run, does not exist.");
        checks.push(Check::new(CheckLevel::Stop, "directory_missing", message, &[("path", path)]));
    }
    for program in commands.iter().filter_map(|command| command.first()).collect::<BTreeSet<_>>() {
        let params = |path: String| [("program", program.clone()), ("path", path)];
        checks.push(match lookup::program(program, &directory) {
            Some(path) => {
                let path = path.display().to_string();
                let message = format!("The program {program} is there: {path}.");
                Check::new(CheckLevel::Ok, "program_found", message, &params(path))
            }
            None => {
                let path = directory.display().to_string();
                let message = format!("There is no program {program}, neither in the PATH nor from {path} on.");
                Check::new(CheckLevel::Stop, "program_missing", message, &params(path))
            }
        });
    }
    let redactor = super::redact::Redactor::new(database.password());
    if commands.iter().copied().flatten().any(|word| redactor.finds(word)) {
        let message = "A command in template.toml holds the password of this connection. Everybody on this computer could read \
                       it there; the programs find it in their environment.";
        checks.push(Check::new(CheckLevel::Stop, "password_in_command", message, &[]));
    }
    checks
}

fn checks(
    database: &Database,
    source: &Source,
    request: &MigrateRequest,
    tenants: &[PlannedTenant],
    states: &[State],
) -> Vec<Check> {
    let mut checks = command_checks(database, source, request.direction);
    let workable = tenants.iter().zip(states).filter(|(tenant, _)| tenant.skipped.is_none());
    let shapes = workable.map(|(_, state)| state.shape.as_str()).collect::<BTreeSet<_>>().len();
    if shapes > 1 {
        let message = format!(
            "The tenants have {shapes} different structures now. Those that are not built like most others afterwards are \
             reported as failed."
        );
        checks.push(Check::new(CheckLevel::Warning, "several_shapes", message, &[("shapes", shapes.to_string())]));
    }
    let message =
        "Another tool makes the changes: what it commits in a tenant cannot be rolled back or undone by Cadastre.";
    checks.push(Check::new(CheckLevel::Warning, "external_not_undone", message, &[]));
    checks
}

/// The command line of each class of tenants: those with the same structure and history.
fn statements(
    database: &Database,
    source: &Source,
    request: &MigrateRequest,
    command: &[String],
    tenants: &[PlannedTenant],
    states: &[State],
) -> Result<Vec<PlannedSql>> {
    let mut groups: Vec<(&State, Vec<&str>)> = Vec::new();
    for (tenant, state) in tenants.iter().zip(states).filter(|(tenant, _)| tenant.skipped.is_none()) {
        let same = |a: &State| a.shape == state.shape && words(a) == words(state);
        match groups.iter_mut().find(|group| same(group.0)) {
            Some(group) => group.1.push(&tenant.schema),
            None => groups.push((state, vec![&tenant.schema])),
        }
    }
    let shown = |(state, members): (&State, Vec<&str>)| {
        let schema = members[0];
        let path = runner::search_path(source, schema)?;
        let name = runner::application_name(schema);
        let environment = database.child_environment(&path, request.lock_timeout_ms, &name);
        let mut text = format!("# in {}\n# {}\n", source.directory().display(), words(state));
        for (name, value) in environment.shown().filter(|(name, _)| *name != "PGAPPNAME") {
            text.push_str(&format!("{}\n", lookup::line(&[format!("{name}={value}")])));
        }
        text.push_str(&format!("{}\n", lookup::line(&[format!("CADASTRE_SCHEMA={schema}")])));
        text.push_str("# DATABASE_URL with the same, and the password; PGPASSWORD\n");
        let way = request.direction;
        let sql = |when| {
            let mut script = Script::new();
            hook::append(&mut script, source, way, when);
            script.text().to_owned()
        };
        text.push_str(&command_hooks(source, way, When::Before, schema, "# "));
        text.push_str(&sql(When::Before));
        text.push_str(&format!("{}\n", lookup::line(&lookup::words(command, schema))));
        text.push_str(&sql(When::After));
        text.push_str(&command_hooks(source, way, When::After, schema, "# "));
        Ok(PlannedSql {
            schema: schema.to_owned(),
            tenants: members.len() as u32,
            names: members.iter().take(PlannedSql::NAMED).map(|name| (*name).to_owned()).collect(),
            from: state.history.as_ref().map(state::History::words),
            sql: text,
        })
    };
    groups.into_iter().map(shown).collect()
}

/// The command lines of the hooks of this moment.
pub(in crate::migration) fn command_hooks(
    source: &Source,
    direction: Direction,
    when: When,
    schema: &str,
    comment: &str,
) -> String {
    let hooks = source.hooks(direction, when).filter(|hook| !hook.command.is_empty());
    let lines = hooks.map(|hook| format!("{comment}hook: {}\n", lookup::line(&lookup::words(&hook.command, schema))));
    lines.collect()
}

fn words(state: &State) -> String {
    state.history.as_ref().map_or_else(|| "no history yet".to_owned(), |history| format!("at {}", history.words()))
}
