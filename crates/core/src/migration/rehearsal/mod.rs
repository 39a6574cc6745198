//! Trying a plan out before it is applied: the files on a copy of the structure, in a transaction that is rolled back.
//!
//! Tenants that get the same files from the same history and are built alike are one class, and one of them stands for all.
//! Its structure is built anew in a schema of an unpredictable name by the SQL that [`crate::shape`] repairs with; the files go
//! through it as [`super::apply()`] would send them, and so does their way back. Nobody else sees any of it, and nothing of it
//! outlives the transaction, whatever becomes of this program.
//!
//! A rehearsal proves the structure, not the data: no row is copied. What a file does to other schemas it does for the
//! time of the transaction, under short time-outs; files that name another tenant are not sent.

mod act;
mod locks;
mod obstacle;
mod report;
mod scratch;

pub use report::{
    FileOutcome, Rehearsal, RehearsedClass, RehearsedFile, Stops, TakenLock, Verdict, WayBack, WayBackOutcome,
};

use super::class::{self, Class};
use super::{Direction, Migration, MigrationPlan, Source, proof};
use crate::connection::{Database, Purpose};
use crate::error::WireError;
use crate::fleet::{Check, CheckLevel};
use crate::journal::{self, Draft};
use crate::local::Home;
use crate::shape::{self, Fingerprint, Namespace, Options, Shape};
use crate::{ErrorKind, Result, tenant};
use act::Act;
use locks::Taken;
use scratch::{Missing, Scratch};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// Classes beyond these are named, not tried out: a fleet in which nobody is equal would take as long as the run.
const CLASSES_REHEARSED: usize = 24;

/// Tries a plan out. The database holds nothing of it afterwards.
///
/// # Errors
/// [`ErrorKind::ReadOnly`]; [`ErrorKind::PlanBlocked`]; [`ErrorKind::NotRehearsable`] when another tool migrates;
/// [`ErrorKind::PermissionDenied`] without CREATE on the database. What goes wrong in a class is in its verdict.
pub async fn rehearse(home: &Home, database: &Database, plan: &MigrationPlan) -> Result<Rehearsal> {
    database.require_writable("rehearse")?;
    if plan.external.is_some() {
        let reason = "another tool makes the changes, in transactions of its own".into();
        return Err(ErrorKind::NotRehearsable { reason }.into());
    }
    plan.plan.refuse_stops()?;
    if !database.server().can_create_schema {
        return Err(scratch::not_permitted(database));
    }
    let started = Instant::now();
    let (groups, tenants) = groups(database, plan).await?;
    let mut classes = Vec::with_capacity(groups.len());
    for (number, group) in groups.into_iter().enumerate() {
        let begun = Instant::now();
        let mut class = group.unrehearsed();
        if number < CLASSES_REHEARSED {
            one(database, plan, &group, &tenants, &mut class).await?;
        } else {
            let message = format!("Only the {CLASSES_REHEARSED} largest classes are tried out.");
            let params = [("classes", CLASSES_REHEARSED.to_string())];
            class.notes.push(Check::new(CheckLevel::Warning, "rehearsal_too_many", message, &params));
        }
        class.duration_ms = begun.elapsed().as_millis() as u64;
        tracing::info!(tenants = class.members.len(), verdict = ?class.verdict, ms = class.duration_ms, "rehearsed");
        classes.push(class);
    }
    let tenants = classes.iter().map(|class| class.members.len() as u32).sum();
    let notes = notes(&plan.source, plan.request.direction);
    let rehearsal = Rehearsal { classes, tenants, notes, duration_ms: started.elapsed().as_millis() as u64 };
    enter_in_journal(home, database, &rehearsal).await;
    Ok(rehearsal)
}

/// A class of the plan whose tenants are also built alike.
struct Group<'a> {
    versions: &'a [i64],
    has_history: bool,
    shape: Fingerprint,
    members: Vec<Namespace>,
    /// Members with tables that belong to roles whose rights this one does not have.
    foreign: Vec<String>,
    /// The version in which its members stopped.
    half_way: Option<i64>,
}

impl Group<'_> {
    /// The class before its turn.
    fn unrehearsed(&self) -> RehearsedClass {
        RehearsedClass {
            representative: self.members[0].name.clone(),
            members: self.members.iter().map(|member| member.name.clone()).collect(),
            shape: self.shape.clone(),
            steps: self.versions.iter().map(ToString::to_string).collect(),
            verdict: Verdict::NotRehearsed,
            error: None,
            files: Vec::new(),
            locks: Vec::new(),
            changes: Vec::new(),
            way_back: WayBack::of(WayBackOutcome::NotTried),
            notes: self.rights(),
            duration_ms: 0,
        }
    }
}

impl Group<'_> {
    /// In the copy everything belongs to the role.
    fn rights(&self) -> Vec<Check> {
        if self.foreign.is_empty() {
            return Vec::new();
        }
        let tenants = super::plan::some_of(&self.foreign);
        let message = format!(
            "Tables of other roles are in {tenants}. In the copy they belong to this role, so missing rights do not show."
        );
        vec![Check::new(CheckLevel::Warning, "rehearsal_rights", message, &[("names", tenants)])]
    }
}

/// The classes, the largest first, and every tenant of the database.
async fn groups<'a>(database: &Database, plan: &'a MigrationPlan) -> Result<(Vec<Group<'a>>, BTreeSet<String>)> {
    let classes = class::classes(&plan.plan.tenants, &plan.steps);
    let names: Vec<String> = classes.iter().flat_map(|class| &class.members).map(|name| (*name).to_owned()).collect();
    let mut session = database.session(Purpose::Catalog).await?;
    let schemas = shape::namespaces(&mut session, &names).await?;
    let found = tenant::discover(&mut session).await?;
    let oids: Vec<i64> = schemas.iter().map(|schema| i64::from(schema.oid)).collect();
    let foreign = sqlx::query_scalar(include_str!("owners.sql")).persistent(false).bind(oids);
    let foreign: Vec<i64> = foreign.fetch_all(session.connection()).await?;
    session.close().await;
    let shapes = shape::fingerprints(database, &schemas, Options::default()).await?;
    let mut of_tenant = schemas.into_iter().zip(shapes);
    let mut groups = Vec::new();
    for Class { versions, has_history, history, members } in classes {
        let stopped = |version: &i64| history.get(*version).is_some_and(|row| row.progress.is_some());
        let half_way = versions.iter().copied().find(stopped);
        let mut by_shape: BTreeMap<Fingerprint, Vec<Namespace>> = BTreeMap::new();
        for (schema, shape) in of_tenant.by_ref().take(members.len()) {
            by_shape.entry(shape).or_default().push(schema);
        }
        let of_class = by_shape.into_iter().map(|(shape, members)| {
            let foreign = members.iter().filter(|schema| foreign.contains(&i64::from(schema.oid)));
            let foreign = foreign.map(|schema| schema.name.clone()).collect();
            Group { versions, has_history, shape, members, foreign, half_way }
        });
        groups.extend(of_class);
    }
    groups
        .sort_by(|a, b| b.members.len().cmp(&a.members.len()).then_with(|| a.members[0].name.cmp(&b.members[0].name)));
    Ok((groups, found.into_iter().map(|tenant| tenant.summary.schema).collect()))
}

/// Tries one class out. An error is one of the whole rehearsal: the server is gone, or the role may not.
async fn one(
    database: &Database,
    plan: &MigrationPlan,
    group: &Group<'_>,
    tenants: &BTreeSet<String>,
    class: &mut RehearsedClass,
) -> Result<()> {
    let way = plan.request.direction;
    let there: Vec<&Migration> = group.versions.iter().filter_map(|version| plan.source.get(*version)).collect();
    let back: Vec<&Migration> = there.iter().rev().copied().collect();
    let mut files: Vec<(&Migration, Direction)> = there.iter().map(|migration| (*migration, way)).collect();
    files.extend(back.iter().map(|migration| (*migration, way.opposite())));
    let stopped = group.half_way.map(|version| obstacle::half_way(&plan.source, version, &class.representative));
    let obstacle = stopped.or_else(|| obstacle::of_files(&plan.source, &files, &class.representative, tenants));
    if let Some(error) = obstacle {
        class.verdict = verdict_of(&error);
        class.error = Some(error.into());
        return Ok(());
    }
    let mut catalog = database.session(Purpose::Catalog).await?;
    // Not inside the transaction: the locks that reading takes are gone with each query.
    let shape = match shape::read(&mut catalog, &group.members[0]).await {
        Err(error) if matches!(error.kind(), ErrorKind::TenantMissing { .. }) => {
            class.error = Some(error.into());
            return Ok(());
        }
        shape => shape?,
    };
    let shared = catalog.rows(proof::shared(&[])).await?;
    let shared = shared.first().and_then(|row| super::apply::text(row, 0));
    catalog.close().await;
    let mut scratch = Scratch::open(database).await?;
    let tried = on_copy(&mut scratch, plan, shape, shared, (group.has_history, &there, &back), class).await;
    if let Err(error) = &tried {
        class.verdict = verdict_of(error);
        class.error = Some(scratch.as_of(error, &class.representative));
    }
    scratch.close().await?;
    match tried {
        Err(error) if error.kind().is_unreachable() => Err(error),
        _ => Ok(()),
    }
}

/// What the class becomes when this keeps it from passing.
fn verdict_of(error: &crate::Error) -> Verdict {
    match error.kind() {
        ErrorKind::NotRehearsable { .. } | ErrorKind::StatementTimeout => Verdict::NotRehearsed,
        kind if kind.is_transient() => Verdict::NotRehearsed,
        _ => Verdict::Failed,
    }
}

/// The copy, the way there and the way back.
async fn on_copy(
    scratch: &mut Scratch,
    plan: &MigrationPlan,
    mut shape: Shape,
    shared: Option<String>,
    (has_history, there, back): (bool, &[&Migration], &[&Migration]),
    class: &mut RehearsedClass,
) -> Result<()> {
    let way = plan.request.direction;
    let texts: Vec<&str> = there.iter().flat_map(|m| [Some(m.up.as_str()), m.down.as_deref()]).flatten().collect();
    let missing = scratch.build(&mut shape, has_history, &texts).await?;
    let before = scratch.shape().await?;
    class.notes.extend(missing.notes(&shape, &before));
    let mut taken = Taken::default();
    let tenant = class.representative.clone();
    let mut act = Act::new(scratch, &plan.source, &tenant, shared, has_history);
    let gone = act.go(way, there, Some((&mut taken, &before))).await;
    class.files.append(&mut act.files);
    class.locks = taken.into_list();
    if gone.is_err() {
        class.notes.append(&mut act.notes);
        return gone;
    }
    let after = act.scratch.shape().await?;
    class.changes = scratch::changes(&before, &after);
    class.way_back = way_back(&mut act, way.opposite(), back, &before).await?;
    class.files.append(&mut act.files);
    class.notes.append(&mut act.notes);
    class.verdict = match class.way_back.outcome {
        WayBackOutcome::Differs | WayBackOutcome::Failed => Verdict::NoWayBack,
        _ => Verdict::Passed,
    };
    Ok(())
}

async fn way_back(act: &mut Act<'_>, way: Direction, back: &[&Migration], before: &Shape) -> Result<WayBack> {
    if let Some(without) = back.iter().find(|migration| migration.text(way).is_none()) {
        let error = ErrorKind::DownFileMissing { version: without.version.to_string() };
        let error = Some(WireError::from(crate::Error::new(error)));
        return Ok(WayBack { error, ..WayBack::of(WayBackOutcome::Missing) });
    }
    if let Err(error) = act.go(way, back, None).await {
        if error.kind().is_unreachable() {
            return Err(error);
        }
        let outcome = match verdict_of(&error) {
            Verdict::NotRehearsed => WayBackOutcome::NotTried,
            _ => WayBackOutcome::Failed,
        };
        let error = Some(act.scratch.as_of(&error, act.tenant));
        return Ok(WayBack { error, ..WayBack::of(outcome) });
    }
    let changes = scratch::changes(before, &act.scratch.shape().await?);
    let outcome = if changes.is_empty() { WayBackOutcome::Restored } else { WayBackOutcome::Differs };
    Ok(WayBack { changes, ..WayBack::of(outcome) })
}

impl Missing {
    /// What is to be said about the copy.
    fn notes(&self, tenant: &Shape, copy: &Shape) -> Vec<Check> {
        let mut notes = Vec::new();
        let mut say = |code, objects: Vec<String>, sentence: &str| {
            if !objects.is_empty() {
                let objects = super::plan::some_of(&objects);
                let message = format!("{sentence}: {objects}.");
                notes.push(Check::new(CheckLevel::Warning, code, message, &[("objects", objects)]));
            }
        };
        let differs: BTreeSet<String> =
            shape::diff(tenant, copy, Options::default()).iter().map(|change| change.object.to_string()).collect();
        say("rehearsal_copy", differs.into_iter().collect(), "The copy is not like the tenant in this");
        let sentence = "Foreign keys to other schemas are not in the copy, since making them locks the tables there";
        say("rehearsal_foreign_keys", self.foreign_keys.clone(), sentence);
        notes
    }
}

/// What no rehearsal shows.
fn notes(source: &Source, way: Direction) -> Vec<Check> {
    let message = "A rehearsal proves the structure, not the data: no row was copied.";
    let mut notes = vec![Check::new(CheckLevel::Ok, "rehearsal_structure_only", message, &[])];
    let hooks = [super::When::Before, super::When::After].into_iter().flat_map(|when| source.hooks(way, when));
    let commands: Vec<String> = hooks.filter(|hook| !hook.command.is_empty()).map(|h| h.name().to_owned()).collect();
    if !commands.is_empty() {
        let commands = commands.join(", ");
        let message = format!("The commands of the hooks were not run: {commands}.");
        notes.push(Check::new(CheckLevel::Warning, "rehearsal_commands", message, &[("commands", commands)]));
    }
    notes
}

async fn enter_in_journal(home: &Home, database: &Database, rehearsal: &Rehearsal) {
    let lines: Vec<String> = rehearsal
        .classes
        .iter()
        .map(|class| {
            let files: Vec<&str> = class.files.iter().map(|file| file.file.as_str()).collect();
            let verdict = serde_json::to_value(class.verdict).unwrap_or_default();
            let verdict = verdict.as_str().unwrap_or_default().to_owned();
            format!("{verdict}: {} × {}: {}", class.members.len(), class.representative, files.join(", "))
        })
        .collect();
    let subject = match rehearsal.classes.as_slice() {
        [one] if one.members.len() == 1 => one.representative.clone(),
        _ => format!("{} tenants", rehearsal.tenants),
    };
    let outcome = if rehearsal.exit_code() == 0 { "done" } else { "failed" };
    let draft = Draft::new("rehearse", outcome).database(database).subject(subject).detail(lines.join("\n"));
    if let Err(e) = journal::append(home, draft).await {
        tracing::error!(error = %e, "the journal could not be written");
    }
}
