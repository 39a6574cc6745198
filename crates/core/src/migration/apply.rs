//! Carrying out a plan: one transaction per tenant and migration, through the fleet engine.

use super::external::{External, Runner};
use super::peers::{Likeness, Peers};
use super::plan::{self, Steps};
use super::request::DEFAULT_JOBS;
use super::{
    Direction, History, Migration, MigrationPlan, Script, Source, When, fresh, history, hook, lint, outside, proof,
    script, statements,
};
use crate::boundary;
use crate::connection::{Database, Purpose, Session};
use crate::fleet::{
    self, Done, LOCK_CLASS, Operation, RunHandle, RunKind, RunOptions, RunRecord, Target, Worker, holder,
};
use crate::local::Home;
use crate::shape;
use crate::sql::{Ident, Statement, literal};
use crate::{Error, ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::Row;
use sqlx::postgres::PgRow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

/// Applies a plan. Whether a tenant is still as planned is checked under its lock, in its own transaction; a plan that
/// somebody has been reading is compared with the whole fleet before.
///
/// # Errors
/// [`ErrorKind::ReadOnly`]; [`ErrorKind::PlanBlocked`] when a check says stop; [`ErrorKind::PlanOutdated`] when the state
/// is no longer the one that the plan was made from.
pub async fn apply(home: &Home, database: &Database, plan: MigrationPlan) -> Result<RunHandle> {
    database.require_writable("migrate")?;
    fresh::require(database, &plan).await?;
    let MigrationPlan { plan, request, source, steps, drift, others, external, resumes, undoes, .. } = plan;
    plan.refuse_stops()?;
    let mut tenants = plan.tenants;
    tenants.sort_by_key(|tenant| (!tenant.canary, drift.lead.as_ref() != Some(&tenant.schema)));
    let targets = tenants.iter().map(|tenant| {
        let mut target = Target::new(&tenant.schema, &tenant.name);
        let steps = &steps[&tenant.schema];
        target.planned.clone_from(&steps.versions);
        target.already.clone_from(&steps.already);
        match &tenant.skipped {
            Some(reason) if plan::is_harmless(&reason.code) => target.skipped = Some(reason.clone()),
            refused => target.refused = refused.clone(),
        }
        target
    });
    let targets = targets.collect();
    let options = RunOptions {
        jobs: Some(request.jobs.unwrap_or(DEFAULT_JOBS)),
        continue_on_error: request.continue_on_error,
        retries: request.retries.unwrap_or(fleet::DEFAULT_RETRIES),
        canaries: tenants.iter().filter(|tenant| tenant.canary).count() as u32,
        ask_after_canaries: request.ask_after_canaries,
        record: RunRecord {
            request: serde_json::to_string(&request).unwrap_or_default(),
            fingerprint: plan.fingerprint.clone(),
            source: Some(source.to_record()),
            undoes,
        },
        statements: plan.statements.iter().map(|s| format!("-- {} × {}\n{}", s.tenants, s.schema, s.sql)).collect(),
        ..RunOptions::default()
    };
    let direction = request.direction;
    let lock_timeout_ms = request.lock_timeout_ms;
    let alone = tenants.iter().filter(|tenant| tenant.skipped.is_none()).count() < 2;
    let compared = request.compares() && (!alone || others.values().any(|others| !others.is_empty()));
    let uniform = if drift.event_triggers { HashSet::new() } else { uniform(&source, direction, &steps) };
    let peers = compared.then(|| Peers::new(drift, others));
    let runner = Runner::new(home, database, &source, direction, lock_timeout_ms);
    let operation: Arc<dyn Operation> = match external {
        Some(planned) => Arc::new(External { runner, planned }),
        None => Arc::new(Migrate {
            source,
            direction,
            steps,
            lock_timeout_ms,
            public: PublicDigests::default(),
            peers,
            uniform,
            runner,
        }),
    };
    match resumes {
        Some(past) => fleet::resume(home, database, operation, past, targets, options).await,
        None => fleet::start(home, database, operation, targets, options).await,
    }
}

pub(super) struct Migrate {
    pub(super) source: Source,
    pub(super) direction: Direction,
    steps: HashMap<String, Steps>,
    pub(super) lock_timeout_ms: u32,
    public: PublicDigests,
    /// `None` when tenants need not look like each other.
    peers: Option<Peers>,
    /// Versions whose files do the same to all tenants that look alike before.
    uniform: HashSet<i64>,
    runner: Runner,
}

/// Those of the files that are to run which do the same to any two schemas of the same structure.
fn uniform(source: &Source, direction: Direction, steps: &HashMap<String, Steps>) -> HashSet<i64> {
    let hooked = [When::Before, When::After].into_iter().any(|when| source.hooks(direction, when).next().is_some());
    let planned: HashSet<i64> = steps.values().flat_map(|steps| &steps.versions).copied().collect();
    let texts = planned.into_iter().filter_map(|version| Some((version, source.get(version)?.text(direction)?)));
    texts.filter(|(_, text)| !hooked && lint::is_uniform(text)).map(|(version, _)| version).collect()
}

/// Digests of what was in `public` before the first tenant of each migration, by version.
#[derive(Default)]
struct PublicDigests(std::sync::Mutex<HashMap<i64, Arc<tokio::sync::Mutex<Option<String>>>>>);

impl PublicDigests {
    fn get_or_init(&self, version: i64) -> Arc<tokio::sync::Mutex<Option<String>>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).entry(version).or_default().clone()
    }
}

impl Operation for Migrate {
    fn kind(&self) -> RunKind {
        match self.direction {
            Direction::Up => RunKind::MigrateUp,
            Direction::Down => RunKind::MigrateDown,
        }
    }

    fn purpose(&self) -> Purpose {
        Purpose::Migrate
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        self.migrate(worker, target).boxed()
    }
}

/// One file for one tenant.
pub(super) struct Move<'a> {
    pub(super) schema: Ident,
    pub(super) target: &'a Target,
    pub(super) migration: &'a Migration,
    pub(super) text: &'a str,
    /// The history as it has to be before.
    pub(super) expected: &'a History,
    has_history: bool,
    /// Hooks go before the first and after the last.
    first: bool,
    last: bool,
}

/// A tenant whose lock the session's transaction has taken.
pub(super) struct Locked {
    /// The transaction's id.
    transaction: Option<String>,
    /// The schema's OID.
    namespace: u32,
    pub(super) history: History,
}

impl Migrate {
    async fn migrate(&self, worker: &mut Worker, target: &Target) -> Result<Done> {
        let _turn = match &self.peers {
            Some(peers) => peers.turn(&target.schema, worker.cancel_token()).await?,
            None => None,
        };
        let steps = &self.steps[&target.schema];
        let mut expected = steps.history.clone();
        let mut has_history = steps.has_history;
        self.runner.command_hooks(worker, &target.schema, When::Before).await?;
        let mut mark = self.peers.as_ref().and_then(|peers| peers.take_mark(&target.schema));
        if self.runner.has_command_hooks(When::Before) {
            mark = None;
        }
        for (number, version) in steps.versions.iter().enumerate() {
            let Some(migration) = self.source.get(*version) else { continue };
            // A second run that got to an earlier version first may have got to this one as well.
            if self.is_taken(&expected, migration) {
                mark = None;
                continue;
            }
            let Some(text) = migration.text(self.direction) else {
                return Err(ErrorKind::DownFileMissing { version: version.to_string() }.into());
            };
            let text = &*outside::text_for(text, self.direction, expected.get(*version));
            let schema = Ident::new(target.schema.as_str())?;
            let (first, last) = (number == 0, number + 1 == steps.versions.len());
            let step = Move { schema, target, migration, text, expected: &expected, has_history, first, last };
            let likeness = self.likeness(&expected, Some(*version)).await;
            let apart = migration.no_transaction(self.direction);
            if apart && first {
                self.runner.sql_hooks(worker, &target.schema, When::Before).await?;
            }
            let result = match apart {
                true => outside::run(self, worker, &step).await.map(|()| likeness),
                false => self.in_transaction(worker, &step, likeness, &mut mark).await.map(|()| None),
            };
            match result {
                // What ran outside a transaction stays, whatever is found out about it.
                Ok(likeness) => {
                    worker.committed(*version);
                    if apart {
                        mark = self.prove_committed(worker.session().await?, &step, likeness).await?;
                    }
                }
                // A second run got there first, or the connection was lost while this one committed.
                Err(e) if matches!(e.kind(), ErrorKind::PlanStale { .. }) => {
                    let now = current(worker.session().await?, &target.schema).await?;
                    if !self.is_taken(&now, migration) {
                        return Err(e);
                    }
                    if worker.in_doubt() == Some(*version) {
                        worker.committed(*version);
                    }
                    // Somebody had a table while it was to be compared.
                    if worker.versions().iter().any(|version| self.is_apart(*version)) {
                        let likeness = self.likeness(&now, None).await;
                        self.prove_committed(worker.session().await?, &step, likeness).await?;
                    }
                    expected = now;
                    has_history = true;
                    mark = None;
                    continue;
                }
                Err(e) => return Err(e),
            }
            // The file stays whatever becomes of its hook, so it is noted before.
            if apart && last {
                self.runner.sql_hooks(worker, &target.schema, When::After).await?;
            }
            match self.direction {
                Direction::Up => expected.insert(*version, &migration.checksum),
                Direction::Down => expected.remove(*version),
            }
            has_history = true;
        }
        let moved: Vec<String> = worker.versions().iter().map(ToString::to_string).collect();
        if moved.is_empty() {
            return Ok(Done::Nothing(Some("another run was here before".into())));
        }
        self.runner.command_hooks(worker, &target.schema, When::After).await?;
        Ok(Done::Changed(Some(moved.join(", "))))
    }

    /// The history already is as it would be after this migration.
    fn is_taken(&self, history: &History, migration: &Migration) -> bool {
        let row = history.get(migration.version);
        match self.direction {
            Direction::Up => row.is_some_and(|row| row.success && migration.is_text_of(&row.checksum)),
            Direction::Down => row.is_none(),
        }
    }

    /// A file that runs outside a transaction.
    fn is_apart(&self, version: i64) -> bool {
        self.source.get(version).is_some_and(|migration| migration.no_transaction(self.direction))
    }

    /// What a tenant with this history has to look like, after this version too.
    async fn likeness(&self, history: &History, after: Option<i64>) -> Option<Likeness> {
        let peers = self.peers.as_ref()?;
        let mut applied: BTreeSet<i64> = history.iter().map(|(version, _)| version).collect();
        match (after, self.direction) {
            (Some(version), Direction::Up) => applied.insert(version),
            (Some(version), Direction::Down) => applied.remove(&version),
            (None, _) => false,
        };
        Some(peers.likeness(applied.into_iter().collect()).await)
    }

    /// Lock and check, run the file and check, record and commit: three round trips. `mark` tells what the tenant looked like
    /// before, and then what it looks like.
    async fn in_transaction(
        &self,
        worker: &mut Worker,
        step: &Move<'_>,
        likeness: Option<Likeness>,
        mark: &mut Option<String>,
    ) -> Result<()> {
        let database = worker.database().clone();
        let fresh = database.fresh_session();
        let session = worker.session().await?;
        let result = async {
            let [tables, others] = shape::prepared_mark(session);
            session.prepare_named(&[proof::PREPARED, tables, others]).await?;
            // Before the transaction: what it is compared with must not be its own.
            let shared = self.shared(session, step).await?;
            let Locked { transaction, namespace, .. } = self.enter(session, step, fresh).await?;
            let started = Instant::now();
            let mut script = Script::new();
            script.statement(&script::set_search_path(&step.schema, &self.source.header().search_path)?);
            if let Some(timeout) = step.migration.timeout() {
                let milliseconds = timeout.as_millis();
                script.statement(&Statement::of(format_args!("set local statement_timeout = '{milliseconds}ms';")));
            }
            if step.first {
                hook::append(&mut script, &self.source, self.direction, When::Before);
            }
            script.file(&step.migration.file_name(self.direction), step.text);
            if step.last {
                hook::append(&mut script, &self.source, self.direction, When::After);
            }
            script.statement(&proof::after(&step.target.schema));
            let uniform = self.uniform.contains(&step.migration.version);
            let asked = likeness.is_some() && mark.is_some() && !uniform;
            if asked {
                script.statement(&shape::ask_mark(namespace));
            }
            let rows = session.rows(script.to_statement()).await.map_err(|e| match e.sqlstate() {
                Some("26000") => self.failed(step, "the file removed prepared statements that its proof needs"),
                _ => script.explain(e, &step.target.schema, step.migration.version),
            })?;
            let (rows, marks) = rows.split_at(rows.len().saturating_sub(if asked { 2 } else { 0 }));
            self.prove(session, &database, step, &transaction, &shared, rows).await?;
            let peer = match &likeness {
                Some(likeness) => {
                    // The same statements on the same structure need not be looked into in every tenant.
                    let version = step.migration.version;
                    let changed = if uniform { Some(version.to_string()) } else { shape::mark_in(marks) };
                    *mark = mark.take().zip(changed).map(|(before, changed)| format!("{before}, {changed}"));
                    likeness.prove(session, step, mark.clone()).await?
                }
                None => None,
            };
            let mut record = match self.direction {
                Direction::Up => {
                    let nanoseconds = started.elapsed().as_nanos().to_string();
                    statements::record(&step.schema, step.migration, &nanoseconds)?
                }
                Direction::Down => statements::erase(&step.schema, step.migration.version)?,
            };
            record.push(format_args!("commit;"));
            Ok((record, peer))
        }
        .await;
        let result = result.and_then(|done| worker.set_in_doubt(step.migration.version).map(|()| done));
        let result = match result {
            // From here on the server may have committed even though we do not hear of it.
            Ok((record, peer)) => {
                let committed = worker.session().await?.execute(record).await;
                if let (Ok(()), Some(likeness)) = (&committed, likeness) {
                    likeness.settle(peer);
                }
                committed
            }
            Err(e) => Err(e),
        };
        if result.is_err()
            && let Some(session) = worker.open_session()
        {
            // Harmless when the connection is gone or no transaction is open.
            let _ = session.execute("rollback").await;
        }
        result
    }

    /// The digest of what is in `public` besides tables, read once per run and migration.
    async fn shared(&self, session: &mut Session, step: &Move<'_>) -> Result<Option<String>> {
        let digest = self.public.get_or_init(step.migration.version);
        let mut digest = digest.lock().await;
        if digest.is_none() {
            let rows = session.rows(proof::shared(&self.touches(step.migration))).await?;
            *digest = rows.first().and_then(|row| text(row, 0));
        }
        Ok(digest.clone())
    }

    /// The file has kept to its transaction and to its tenant.
    async fn prove(
        &self,
        session: &mut Session,
        database: &Database,
        step: &Move<'_>,
        transaction: &Option<String>,
        shared: &Option<String>,
        rows: &[PgRow],
    ) -> Result<()> {
        let [.., row, sign] = rows else { return Err(ErrorKind::ConnectionLost.into()) };
        if text(row, 1) != *transaction {
            return Err(self.failed(step, "the file ended its transaction; nothing can be proven about it"));
        }
        if text(row, 0).as_ref() != Some(&step.target.schema) {
            return Err(self.failed(step, "the file changed search_path; nothing can be proven about it"));
        }
        if text(sign, 0).as_deref() == Some("false") {
            return Ok(());
        }
        let touches = self.touches(step.migration);
        let changed = session.rows(proof::changed(&step.target.schema, &touches)).await?;
        let changed = changed.first();
        let mut objects = changed.and_then(|row| text(row, 0)).unwrap_or_default();
        if objects.is_empty() {
            objects = boundary::dropped_outside(session, database, &step.target.schema, &touches).await?;
        }
        if objects.is_empty() && changed.and_then(|row| text(row, 1)) != *shared {
            objects = "functions, types or rights of public".into();
        }
        if objects.is_empty() {
            return Ok(());
        }
        Err(ErrorKind::TouchesOutside {
            schema: step.target.schema.clone(),
            version: step.migration.version.to_string(),
            objects,
        }
        .into())
    }

    /// The comparison for what can no longer be rolled back; returns the tenant's mark.
    async fn prove_committed(
        &self,
        session: &mut Session,
        step: &Move<'_>,
        likeness: Option<Likeness>,
    ) -> Result<Option<String>> {
        let Some(likeness) = likeness else { return Ok(None) };
        // The file may have left settings behind, and this tenant is waited for like any other statement of the run.
        let lock_timeout_ms = self.lock_timeout_ms;
        let settings = Statement::of(format_args!(
            "set search_path = pg_catalog, pg_temp; set lock_timeout = '{lock_timeout_ms}ms';"
        ));
        session.execute(settings).await?;
        let schemas = shape::namespaces(session, std::slice::from_ref(&step.target.schema)).await?;
        let mark = shape::marks(session, &schemas).await?.pop().flatten();
        let peer = likeness.prove(session, step, mark.clone()).await.map_err(|e| {
            e.hint("The file ran outside a transaction and stays applied. `cadastre diff --sql` shows how to repair the tenant.")
        })?;
        likeness.settle(peer);
        Ok(mark)
    }

    /// Opens a transaction, takes the tenant's lock and checks that its history is as planned.
    async fn enter(&self, session: &mut Session, step: &Move<'_>, fresh: Statement) -> Result<Locked> {
        let locked = self.lock(session, step, fresh).await?;
        if locked.history != *step.expected {
            let what = format!("the migration history of {}", step.target.schema);
            return Err(ErrorKind::PlanStale { what }.into());
        }
        Ok(locked)
    }

    /// Opens a transaction and takes the tenant's lock.
    pub(super) async fn lock(&self, session: &mut Session, step: &Move<'_>, fresh: Statement) -> Result<Locked> {
        let Move { schema, target, has_history, .. } = step;
        let mut enter = fresh;
        enter.push(format_args!("begin; set local lock_timeout = '{}ms';", self.lock_timeout_ms));
        if !has_history {
            enter.push(format_args!("{}", statements::create_history(schema)?));
        }
        // The cast fails where the schema is gone (3F000), before its history is looked for.
        enter.push(format_args!(
            "select pg_catalog.pg_try_advisory_xact_lock({LOCK_CLASS}, pg_catalog.hashtext({0}))::text, \
             pg_catalog.pg_current_xact_id()::text, pg_catalog.quote_ident({0})::pg_catalog.regnamespace::pg_catalog.oid; {1};",
            literal(&target.schema),
            history::select(schema)?
        ));
        let rows = session.rows(enter).await.map_err(|e| self.enter_error(e, target))?;
        let [.., row, history] = rows.as_slice() else { return Err(ErrorKind::ConnectionLost.into()) };
        if text(row, 0).as_deref() != Some("true") {
            let holder = holder(session, &target.schema).await.unwrap_or_else(|| "another session".into());
            return Err(ErrorKind::TenantBusy { schema: target.schema.clone(), holder }.into());
        }
        let now = History::parse(&text(history, 0).unwrap_or_default());
        let stale = || ErrorKind::PlanStale { what: format!("the migration history of {}", target.schema) };
        let namespace = text(row, 2).and_then(|oid| oid.parse().ok());
        Ok(Locked {
            transaction: text(row, 1),
            namespace: namespace.ok_or(ErrorKind::ConnectionLost)?,
            history: now.ok_or_else(stale)?,
        })
    }

    /// Schemas that a migration may change besides the tenant's: what its header and the template say.
    fn touches(&self, migration: &Migration) -> Vec<String> {
        self.source.touches(migration)
    }

    fn enter_error(&self, error: Error, target: &Target) -> Error {
        match error.sqlstate() {
            Some("3F000") => error.as_kind(ErrorKind::TenantMissing { name: target.schema.clone() }),
            // duplicate_object, duplicate_table: another run begins the same history at the same moment.
            Some("42710" | "42P07") => error.as_kind(ErrorKind::Concurrent),
            // insufficient_privilege, undefined_table
            Some("42501" | "42P01") => {
                // The server names what is missing: the schema, the history, or the right to make one.
                let reason = match error.kind() {
                    ErrorKind::Server { message } => message.clone(),
                    other => other.to_string(),
                };
                error.as_kind(ErrorKind::HistoryUnreadable { schema: target.schema.clone(), reason })
            }
            _ => error,
        }
    }

    fn failed(&self, step: &Move<'_>, reason: &str) -> Error {
        ErrorKind::MigrationFailed {
            schema: step.target.schema.clone(),
            version: step.migration.version.to_string(),
            reason: reason.into(),
        }
        .into()
    }
}

/// A tenant's history as it is now.
pub(super) async fn current(session: &mut Session, schema: &str) -> Result<History> {
    let rows = session.rows(history::select(&Ident::new(schema)?)?).await?;
    let packed = rows.first().and_then(|row| text(row, 0)).unwrap_or_default();
    Ok(History::parse(&packed).unwrap_or_default())
}

pub(super) fn text(row: &PgRow, index: usize) -> Option<String> {
    row.try_get_raw(index).ok().and_then(|value| value.as_str().ok().map(str::to_owned))
}
