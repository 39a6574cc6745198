//! Where the fleet stands, and what migrating it would do.

use super::drift::{self, Drift};
use super::problem::{self, problems};
use super::{
    Direction, History, InvalidIndex, MigrateRequest, MigrationStatus, Source, TenantMigrations, external, history,
    lint, outside, statements, weigh,
};
use crate::connection::{Database, server_identity};
use crate::error::WireError;
use crate::fleet::{Check, CheckLevel, PastRun, Plan, PlannedTenant, RunKind};
use crate::shape::Namespace;
use crate::tenant::{self, Found, Selection, TenantState};
use crate::{Error, ErrorKind, Result};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::Instant;

/// A tenant that goes a way alone is compared with so many.
const OTHERS: usize = 3;

/// A plan to migrate, with what [`super::apply()`] needs and the window does not see.
#[derive(Debug, Clone)]
pub struct MigrationPlan {
    /// What a person reads.
    pub plan: Plan,
    /// What it was made from.
    pub request: MigrateRequest,
    pub(super) source: Source,
    pub(super) steps: HashMap<String, Steps>,
    /// What the tenants look like now.
    pub(super) drift: Drift,
    /// For a tenant that goes a way alone: others that have gone it, by the migrations that they have applied.
    pub(super) others: HashMap<Vec<i64>, Vec<String>>,
    /// The tenants as they are now, when another tool migrates them.
    pub(super) external: Option<HashMap<String, external::State>>,
    /// The run to go on with.
    pub(super) resumes: Option<PastRun>,
    pub(super) undoes: Option<String>,
    pub(super) made: Made,
}

/// When a plan was made, and of whom.
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub(super) at: Instant,
    /// Who was asked for; none for what a run has left.
    pub(super) of: Option<Selection>,
    /// The database, as [`server_identity`] reads it.
    pub(super) server: String,
}

impl Made {
    pub(super) fn by(of: Option<Selection>) -> Self {
        Self { at: Instant::now(), of, server: String::new() }
    }
}

/// What one tenant needs.
#[derive(Debug, Clone, Default)]
pub(super) struct Steps {
    pub(super) has_history: bool,
    pub(super) history: History,
    pub(super) versions: Vec<i64>,
    /// What an interrupted run had done here before the record could say so.
    pub(super) already: Vec<i64>,
}

/// The selected tenants against a source: two round trips and one more per 250 tenants.
pub async fn status(database: &Database, source: &Source, selection: &Selection) -> Result<MigrationStatus> {
    if source.migrator().is_some() {
        return external::status(database, source, selection).await;
    }
    let (found, histories) = tenant::discover_with_histories(database).await?;
    let chosen = selection.of_any(&found)?;
    let schemas: Vec<&str> = chosen.iter().map(|tenant| tenant.summary.schema.as_str()).collect();
    let mut session = database.catalog().await?;
    let mut invalid = outside::invalid_indexes(&mut session, &schemas).await?;
    let tenants = chosen
        .into_iter()
        .map(|tenant| {
            let summary = &tenant.summary;
            let empty = History::default();
            let history = histories.get(&summary.schema).unwrap_or(&empty);
            let problem = problems(tenant, histories.get(&summary.schema), source).next();
            TenantMigrations {
                schema: summary.schema.clone(),
                name: summary.name.clone(),
                has_history: tenant.has_history,
                version: history.newest(),
                applied: history.iter().filter(|(_, row)| !row.is_on_its_way()).map(|(version, _)| version).collect(),
                pending: source.pending(history),
                line_endings: source.other_line_endings(history).collect(),
                invalid_indexes: invalid.remove(&summary.schema).unwrap_or_default(),
                problem_version: problem.as_ref().and_then(|(version, _)| *version),
                problem: problem.map(|(_, error)| (&error).into()),
                place: None,
            }
        })
        .collect();
    Ok(MigrationStatus { migrations: source.migrations().iter().map(Into::into).collect(), tenants })
}

/// Reads the state and says what migrating would do; changes nothing.
///
/// # Errors
/// What is wrong with the request; what is wrong with single tenants is in the plan.
pub async fn plan(
    database: &Database,
    source: Source,
    request: MigrateRequest,
    selection: &Selection,
) -> Result<MigrationPlan> {
    if source.migrator().is_some() {
        return external::plan(database, source, request, selection).await;
    }
    if let Some(to) = request.to
        && to != 0
        && source.get(to).is_none()
    {
        let reason = format!("{} has no migration {to}", source.name());
        return Err(ErrorKind::Usage { reason }.into());
    }
    let fleet = Fleet::read(database).await?;
    let (chosen, missing) = selection.of_several(&fleet.found)?;
    let mut draft = Draft::new(source, request, &fleet);
    for tenant in chosen {
        let schema = &tenant.summary.schema;
        let history = fleet.histories.get(schema).cloned().unwrap_or_default();
        let versions = match draft.request.direction {
            Direction::Up => Ok(draft.up(&history)),
            Direction::Down => draft.down(schema, &history),
        };
        let named = !selection.names.is_empty();
        let unused = tenant.summary.state == TenantState::Inactive && !named;
        let foreign = !tenant.has_history && !selection.is_said();
        let skipped = match (unused, foreign) {
            (true, _) => Some(skip("tenant_inactive", "The tenant is inactive.")),
            (_, true) => Some(skip("no_history", "It has no migration history; name it, or say --all, to begin one.")),
            (false, false) => None,
        };
        draft.tenant(&fleet, tenant, versions, skipped);
    }
    for name in missing {
        draft.missing(&name);
    }
    if draft.tenants.iter().all(|t| t.skipped.as_ref().is_some_and(|s| s.code == "no_history")) {
        return Err(ErrorKind::NoHistoryAnywhere.into());
    }
    draft.weigh(database, &fleet).await?;
    let mut plan = draft.finish()?;
    plan.made.of = Some(selection.clone());
    Ok(plan)
}

/// The fleet as it is now.
pub(super) struct Fleet {
    pub(super) found: Vec<Found>,
    pub(super) histories: HashMap<String, History>,
    pub(super) server: String,
}

impl Fleet {
    pub(super) async fn read(database: &Database) -> Result<Self> {
        let (found, histories) = tenant::discover_with_histories(database).await?;
        let server = server_identity(&mut *database.catalog().await?).await?;
        Ok(Self { found, histories, server })
    }

    pub(super) fn tenant(&self, schema: &str) -> Option<&Found> {
        self.found.iter().find(|t| t.summary.schema == schema)
    }
}

/// A plan while it is being made.
pub(super) struct Draft {
    pub(super) source: Source,
    pub(super) request: MigrateRequest,
    /// The source is the one in a run's record.
    pub(super) from_record: bool,
    tenants: Vec<PlannedTenant>,
    sizes: Vec<i64>,
    steps: HashMap<String, Steps>,
    changed_files: BTreeMap<String, Vec<String>>,
    line_endings: BTreeMap<i64, Vec<String>>,
    without_history: Vec<String>,
    gaps: BTreeMap<i64, Vec<String>>,
    half_way: outside::HalfWay,
    invalid: BTreeMap<String, Vec<InvalidIndex>>,
    weighed: Vec<Check>,
    drift: Drift,
    others: HashMap<Vec<i64>, Vec<String>>,
    server: String,
    state: Sha256,
}

impl Draft {
    pub(super) fn new(source: Source, request: MigrateRequest, fleet: &Fleet) -> Self {
        let mut state = source.state(request.direction);
        state.update(&fleet.server);
        Self {
            source,
            request,
            server: fleet.server.clone(),
            from_record: false,
            tenants: Vec::new(),
            sizes: Vec::new(),
            steps: HashMap::new(),
            changed_files: BTreeMap::new(),
            line_endings: BTreeMap::new(),
            without_history: Vec::new(),
            gaps: BTreeMap::new(),
            half_way: BTreeMap::new(),
            invalid: BTreeMap::new(),
            weighed: Vec::new(),
            drift: Drift::default(),
            others: HashMap::new(),
            state,
        }
    }

    fn up(&self, history: &History) -> Vec<i64> {
        let pending = self.source.pending(history).into_iter();
        pending.filter(|version| self.request.to.is_none_or(|to| *version <= to)).collect()
    }

    fn down(&self, schema: &str, history: &History) -> Result<Vec<i64>> {
        let mut versions: Vec<i64> = history.iter().map(|(version, _)| version).rev().collect();
        match self.request.to {
            Some(to) => versions.retain(|version| *version > to),
            None => versions.truncate(1),
        }
        self.revertible(schema, &versions)?;
        Ok(versions)
    }

    /// Every one of these versions has a down file.
    pub(super) fn revertible(&self, schema: &str, versions: &[i64]) -> Result<()> {
        for version in versions {
            let text = version.to_string();
            match self.source.get(*version) {
                None => return Err(ErrorKind::MigrationUnknown { schema: schema.to_owned(), version: text }.into()),
                Some(m) if m.down.is_none() => return Err(ErrorKind::DownFileMissing { version: text }.into()),
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Adds a tenant that goes through these versions.
    pub(super) fn tenant(
        &mut self,
        fleet: &Fleet,
        tenant: &Found,
        versions: Result<Vec<i64>>,
        skipped: Option<WireError>,
    ) {
        let schema = tenant.summary.schema.clone();
        let read = fleet.histories.get(&schema);
        let history = read.cloned().unwrap_or_default();
        self.state.update(schema.as_bytes());
        self.state.update([0]);
        for (version, applied) in history.iter() {
            self.state.update(version.to_be_bytes());
            self.state.update(&applied.checksum);
            self.state.update(format!("{:?}", applied.progress));
        }
        let chosen = versions.as_ref().map(Vec::as_slice).unwrap_or_default();
        let problem = problems(tenant, read, &self.source).find(|(version, error)| {
            // A run's record does not know what came later; whether that is in the way is asked where versions are chosen.
            let later = self.from_record && matches!(error.kind(), ErrorKind::MigrationUnknown { .. });
            let goes_on = version.is_some_and(|version| chosen.contains(&version));
            !(later || goes_on && outside::is_passable(error, self.request.direction))
        });
        if let Some((_, error)) = &problem
            && let ErrorKind::ChecksumChanged { version, .. } = error.kind()
        {
            self.changed_files.entry(version.clone()).or_default().push(schema.clone());
        }
        for version in self.source.other_line_endings(&history) {
            self.line_endings.entry(version).or_default().push(schema.clone());
        }
        let (versions, refused) = match (versions, problem) {
            (_, Some((_, error))) | (Err(error), None) => (Vec::new(), Some(error)),
            (Ok(versions), None) => (versions, None),
        };
        let up = self.request.direction == Direction::Up;
        let skipped = match refused {
            Some(error) => Some(WireError::from(error)),
            None if skipped.is_some() => skipped,
            None if versions.is_empty() && up => Some(skip("up_to_date", "Nothing is pending.")),
            None if versions.is_empty() => Some(skip("nothing_to_revert", "There is nothing to revert.")),
            None => None,
        };
        if skipped.is_none() {
            for (version, progress) in versions.iter().filter_map(|v| Some((*v, history.get(*v)?.progress?))) {
                self.half_way.entry((version, progress)).or_default().push(schema.clone());
            }
        }
        if skipped.is_none() && up {
            if !tenant.has_history {
                self.without_history.push(schema.clone());
            }
            for version in versions.iter().filter(|version| history.newest().is_some_and(|newest| **version < newest)) {
                self.gaps.entry(*version).or_default().push(schema.clone());
            }
        }
        let steps = if skipped.is_none() { versions.iter().map(ToString::to_string).collect() } else { Vec::new() };
        self.tenants.push(PlannedTenant { skipped, ..PlannedTenant::new(&schema, &tenant.summary.name, steps) });
        self.sizes.push(tenant.summary.size_bytes);
        let has_history = tenant.has_history;
        self.steps.insert(schema, Steps { has_history, history, versions, already: Vec::new() });
    }

    /// Adds a tenant that is no longer there.
    pub(super) fn missing(&mut self, name: &str) {
        let error = Error::new(ErrorKind::TenantMissing { name: name.to_owned() });
        self.tenants.push(PlannedTenant { skipped: Some(error.into()), ..PlannedTenant::new(name, name, Vec::new()) });
        self.sizes.push(0);
        self.steps.insert(name.to_owned(), Steps::default());
    }

    /// What an interrupted run had done in this tenant before its record could say so.
    pub(super) fn already(&mut self, schema: &str, versions: Vec<i64>) {
        if let Some(steps) = self.steps.get_mut(schema) {
            steps.already = versions;
        }
        // The run has done it: it is not somebody else's, and not "up to date".
        if let Some(tenant) = self.tenants.iter_mut().find(|t| t.schema == schema)
            && tenant.skipped.as_ref().is_some_and(|s| is_harmless(&s.code))
        {
            tenant.skipped = None;
        }
    }

    /// Asks what the files do to this fleet's tables.
    pub(super) async fn weigh(&mut self, database: &Database, fleet: &Fleet) -> Result<()> {
        let workable = self.tenants.iter().filter(|tenant| tenant.skipped.is_none());
        let planned: HashMap<&str, &[i64]> = workable
            .filter_map(|tenant| Some((tenant.schema.as_str(), self.steps.get(&tenant.schema)?.versions.as_slice())))
            .collect();
        self.weighed = weigh::checks(database, &self.source, self.request.direction, &planned).await?;
        self.weighed.extend(external::command_checks(database, &self.source, self.request.direction));
        let schemas: Vec<&str> = planned.keys().copied().collect();
        // The catalog session is one for all, and asked for again below.
        self.invalid = outside::invalid_indexes(&mut *database.catalog().await?, &schemas).await?;
        if self.request.compares() {
            self.look(database, fleet).await?;
            let there = fleet.found.iter().map(|tenant| tenant.summary.oid);
            self.find_others(fleet, &drift::busy(database, there).await?);
        }
        Ok(())
    }

    /// A tenant that goes a way alone is compared with some that have gone it before.
    fn find_others(&mut self, fleet: &Fleet, busy: &HashSet<u32>) {
        let mut going: HashMap<Vec<i64>, usize> = HashMap::new();
        let mut moving: HashSet<&str> = HashSet::new();
        for tenant in self.tenants.iter().filter(|tenant| tenant.skipped.is_none()) {
            let Some(steps) = self.steps.get(&tenant.schema) else { continue };
            let mut applied: BTreeSet<i64> = steps.history.iter().map(|(version, _)| version).collect();
            moving.insert(&tenant.schema);
            for version in &steps.versions {
                applied.insert(*version);
                *going.entry(applied.iter().copied().collect()).or_default() += 1;
            }
        }
        for (applied, _) in going.into_iter().filter(|(_, count)| *count == 1) {
            let there = fleet.histories.iter().filter(|(schema, history)| {
                fleet.tenant(schema).is_some_and(|tenant| !busy.contains(&tenant.summary.oid))
                    && history.iter().map(|(version, _)| version).eq(applied.iter().copied())
            });
            let mut there: Vec<String> = there.map(|(schema, _)| schema.clone()).collect();
            // Whoever is on its way as well may be further by then, and tells nothing.
            there.sort_unstable_by(|a, b| (moving.contains(a.as_str()), a).cmp(&(moving.contains(b.as_str()), b)));
            there.truncate(OTHERS);
            self.others.insert(applied, there);
        }
    }

    /// Looks at those tenants that take steps, by what they take from which history.
    async fn look(&mut self, database: &Database, fleet: &Fleet) -> Result<()> {
        type Way<'a> = (Vec<i64>, &'a [i64]);
        let oids: HashMap<&str, u32> =
            fleet.found.iter().map(|tenant| (tenant.summary.schema.as_str(), tenant.summary.oid)).collect();
        let mut groups: HashMap<Way<'_>, Vec<(i64, &str)>> = HashMap::new();
        for (tenant, size) in self.tenants.iter().zip(&self.sizes).filter(|(tenant, _)| tenant.skipped.is_none()) {
            let Some(steps) = self.steps.get(&tenant.schema) else { continue };
            // Who stopped half-way is different from all others, and looks like them only afterwards.
            if steps.history.iter().any(|(_, applied)| !applied.success) {
                continue;
            }
            let applied = steps.history.iter().map(|(version, _)| version).collect();
            groups.entry((applied, &steps.versions)).or_default().push((*size, &tenant.schema));
        }
        let groups = groups.into_values().map(|mut group| {
            group.sort_unstable();
            let schemas = group.into_iter().map(|(_, name)| name);
            schemas.filter_map(|name| Some(Namespace { oid: *oids.get(name)?, name: name.to_owned() })).collect()
        });
        self.drift = drift::look(database, groups.collect()).await?;
        Ok(())
    }

    /// The smallest tenants go first: if something is wrong with the migration, it harms and locks least there.
    fn choose_canaries(&mut self) {
        let mut workable: Vec<usize> = (0..self.tenants.len()).filter(|i| self.tenants[*i].skipped.is_none()).collect();
        workable.sort_by_key(|i| self.sizes[*i]);
        // The lead is one of them.
        workable.sort_by_key(|i| self.drift.lead.as_ref() != Some(&self.tenants[*i].schema));
        let count = (self.request.canaries as usize).min(workable.len());
        for index in &workable[..count] {
            self.tenants[*index].canary = true;
        }
    }

    pub(super) fn finish(mut self) -> Result<MigrationPlan> {
        self.choose_canaries();
        self.request.tenants = self.tenants.iter().map(|t| t.schema.clone()).collect();
        let checks = self.checks();
        for tenant in &self.tenants {
            // Who is left out, and what the others go through.
            let why = tenant.skipped.as_ref().map_or("", |skipped| skipped.code.as_str());
            self.state.update(format!("{}\0{why}\0{}\0", tenant.schema, tenant.steps.join(",")));
        }
        let statements = statements::of(&self.source, &self.tenants, &self.steps, &self.request)?;
        let kind = match self.request.direction {
            Direction::Up => RunKind::MigrateUp,
            Direction::Down => RunKind::MigrateDown,
        };
        let plan = Plan {
            id: uuid::Uuid::new_v4().simple().to_string(),
            kind,
            tenants: self.tenants,
            statements,
            checks,
            fingerprint: history::hex(&self.state.finalize()),
        };
        let Self { request, source, steps, drift, others, server, .. } = self;
        let made = Made { server, ..Made::by(None) };
        let (external, resumes, undoes) = (None, None, None);
        Ok(MigrationPlan { plan, request, source, steps, drift, others, external, resumes, undoes, made })
    }

    fn checks(&self) -> Vec<Check> {
        let mut checks = Vec::new();
        let changes = self.tenants.iter().filter(|t| t.skipped.is_none()).count();
        if self.changed_files.is_empty() && self.line_endings.is_empty() {
            checks.push(Check::new(
                CheckLevel::Ok,
                "checksums_equal",
                "What the tenants have applied equals the files.",
                &[("tenants", changes.to_string())],
            ));
        }
        if !self.without_history.is_empty() {
            let tenants = some_of(&self.without_history);
            checks.push(Check::new(
                CheckLevel::Warning,
                "no_history",
                format!("No migration history yet: {tenants}. Every migration is applied from the first."),
                &[("tenants", tenants.clone())],
            ));
        }
        for (version, schemas) in &self.changed_files {
            let file =
                version.parse().ok().and_then(|v| self.source.get(v)).map_or(version.as_str(), |m| m.file.as_str());
            checks.push(Check::new(
                CheckLevel::Stop,
                "checksum_changed",
                format!(
                    "{file} was changed after {} had applied it. Applied migrations are never edited.",
                    some_of(schemas)
                ),
                &[("file", file.to_owned()), ("tenants", some_of(schemas)), ("version", version.clone())],
            ));
        }
        for (version, schemas) in &self.line_endings {
            let Some(migration) = self.source.get(*version) else { continue };
            checks.push(problem::about_line_endings(migration, &some_of(schemas)));
        }
        if let (Some(lead), false) = (&self.drift.lead, self.drift.drifted.is_empty()) {
            let tenants = some_of(&self.drift.drifted);
            checks.push(Check::new(
                CheckLevel::Warning,
                "drifted",
                format!("Not built like the others ({lead}), and rolled back if that stays so: {tenants}."),
                &[("tenants", tenants.clone()), ("reference", lead.clone())],
            ));
        }
        for (version, schemas) in &self.gaps {
            let file = self.source.get(*version).map(|m| m.file.clone()).unwrap_or_default();
            checks.push(Check::new(
                CheckLevel::Warning,
                "gap",
                format!("{file} comes after newer ones that {} has already applied.", some_of(schemas)),
                &[("file", file.clone()), ("tenants", some_of(schemas))],
            ));
        }
        let planned = |version: i64| self.steps.values().any(|steps| steps.versions.contains(&version));
        if self.request.direction == Direction::Up {
            for migration in self.source.migrations().iter().filter(|m| m.down.is_none() && planned(m.version)) {
                checks.push(Check::new(
                    CheckLevel::Warning,
                    "down_file_missing",
                    format!("{} has no down file: it cannot be undone by Cadastre.", migration.file),
                    &[("file", migration.file.clone())],
                ));
            }
        }
        let way = self.request.direction;
        for migration in self.source.migrations().iter().filter(|m| planned(m.version)) {
            let Some(text) = migration.text(way) else { continue };
            let undivided = || outside::steps(text).err().filter(|_| migration.no_transaction(way));
            let Some((line, reason)) = lint::unsendable(text).or_else(undivided) else { continue };
            let file = migration.file_name(way);
            let message = format!("{file}, line {line}: {reason}.");
            let params = [("file", file), ("line", line.to_string()), ("finding", reason.to_owned())];
            checks.push(Check::new(CheckLevel::Stop, "unsendable", message, &params));
        }
        let planned = self.steps.values().flat_map(|steps| steps.versions.iter().copied()).collect();
        checks.extend(outside::checks(&self.source, way, &self.half_way, &self.invalid, &planned));
        checks.extend(self.weighed.iter().cloned());
        checks
    }
}

/// A reason that is no failure.
pub(super) fn is_harmless(code: &str) -> bool {
    matches!(code, "tenant_inactive" | "no_history" | "up_to_date" | "nothing_to_revert" | "not_in_run")
}

pub(super) fn skip(code: &str, message: &str) -> WireError {
    WireError {
        code: code.into(),
        params: BTreeMap::new(),
        message: message.into(),
        detail: None,
        hint: None,
        sqlstate: None,
        causes: Vec::new(),
    }
}

/// The first three names, and how many more.
pub(super) fn some_of(names: &[String]) -> String {
    let shown = names.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > 3 { format!("{shown} and {} more", names.len() - 3) } else { shown }
}
