//! A tenant made after another one, with or without its rows, in one transaction and proven before it is committed.

use super::{check_schema_name, derive_schema_name, resolve};
use crate::connection::{Database, Purpose, Session};
use crate::content::{self, SequenceState, Table};
use crate::fleet::{
    self, Check, CheckLevel, Done, Operation, Plan, PlannedSql, PlannedTenant, RunHandle, RunKind, RunOptions, Target,
    Worker,
};
use crate::local::Home;
use crate::rebuild::{Rebuild, Remark, by_hand, planned_statements, push_chosen};
use crate::shape::{self, HISTORY, Shape};
use crate::sql::{Ident, names_schema};
use crate::{ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, PoisonError};
use tokio_util::sync::CancellationToken;

/// Rows travel in pieces of about this size.
const PIECE: usize = 128 * 1024;

/// What to clone.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct CloneRequest {
    /// The tenant to make another one of, by schema or name.
    pub source: String,
    /// Name of the new one.
    pub name: String,
    /// Its schema; derived from the name where it is not given.
    pub schema: Option<String>,
    /// With its rows; otherwise only the migration history has some.
    pub data: bool,
}

/// What a clone will be.
#[derive(Debug, Clone)]
pub struct ClonePlan {
    /// What a person reads.
    pub plan: Plan,
    source: String,
    data: bool,
    rows: u64,
}

/// A clone under way.
#[derive(Clone)]
pub struct CloneRun {
    /// The run.
    pub run: RunHandle,
    remarks: Arc<Mutex<Vec<Remark>>>,
}

impl CloneRun {
    /// What is not as in the source and need not be.
    pub fn remarks(&self) -> Vec<Remark> {
        self.remarks.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Checks names and reads the structure; changes nothing.
///
/// # Errors
/// [`ErrorKind::TenantMissing`], the kinds of names that cannot be given, [`ErrorKind::PermissionDenied`] without CREATE on
/// the database.
pub async fn plan_clone(database: &Database, request: &CloneRequest) -> Result<ClonePlan> {
    let server = database.server();
    if !server.can_create_schema {
        let action = format!("create schemas in {}", server.database);
        return Err(ErrorKind::PermissionDenied { role: server.role.clone(), action }.into());
    }
    let mut session = database.catalog().await?;
    let found = resolve(&mut session, &request.source).await?.summary;
    let name = request.name.trim().to_owned();
    let schema = match &request.schema {
        _ if name.is_empty() => return Err(ErrorKind::NameEmpty.into()),
        Some(schema) => schema.clone(),
        None => derive_schema_name(&name)?,
    };
    check_schema_name(&mut session, &schema).await?;
    session.execute("begin isolation level repeatable read read only").await?;
    let read = read_source(&mut session, &found.schema).await;
    session.execute("rollback").await?;
    let Origin { shape, tables, .. } = read?;
    let copied = copied(&tables, request.data);
    let sql = planned_statements(&shape, (&schema, &name), &server.role, &copied)?;
    let by_hand = by_hand(&shape)?;
    let fingerprint = fingerprint(&found.schema, &schema, &name, &sql);
    let mut checks = Vec::new();
    if !by_hand.is_empty() {
        let names = by_hand.join(", ");
        let message = format!("A clone does not make these by itself: {names}.");
        checks.push(Check::new(CheckLevel::Stop, "made_by_hand", message, &[("names", names)]));
    }
    let message = "Everything happens in one transaction: all of it or nothing.";
    checks.push(Check::new(CheckLevel::Ok, "all_or_nothing", message, &[]));
    let plan = Plan {
        id: uuid::Uuid::new_v4().simple().to_string(),
        kind: RunKind::Clone,
        tenants: vec![PlannedTenant::new(
            schema.clone(),
            name,
            copied.iter().map(|table| (*table).to_owned()).collect(),
        )],
        statements: vec![PlannedSql { schema: schema.clone(), tenants: 1, names: vec![schema], from: None, sql }],
        checks,
        fingerprint,
    };
    let rows = if request.data { found.rows.max(0) as u64 } else { 0 };
    Ok(ClonePlan { plan, source: found.schema, data: request.data, rows })
}

/// Tables whose rows are carried over.
fn copied(tables: &[Table], data: bool) -> Vec<&str> {
    tables.iter().map(|table| table.relation.name.as_str()).filter(|name| data || *name == HISTORY).collect()
}

/// What a plan was made from; `sql` says what the source's structure is.
fn fingerprint(source: &str, schema: &str, name: &str, sql: &str) -> String {
    let mut state = Sha256::new();
    for part in [source, schema, name, sql] {
        state.update(part);
        state.update([0]);
    }
    crate::migration::hex(&state.finalize())
}

/// Clones as planned. What the source holds is read in one snapshot, at its turn.
///
/// # Errors
/// [`ErrorKind::ReadOnly`]; [`ErrorKind::PlanBlocked`] when a check says stop. The run's outcome is [`ErrorKind::PlanStale`] where the
/// source's structure is another one at its turn.
pub async fn apply_clone(home: &Home, database: &Database, plan: ClonePlan) -> Result<CloneRun> {
    database.require_writable("clone")?;
    plan.plan.refuse_stops()?;
    let remarks = Arc::new(Mutex::new(Vec::new()));
    let targets = plan.plan.targets();
    let usual = plan.plan.run_options(plan.source.clone());
    let options = RunOptions { jobs: Some(1), rows_expected: plan.rows, retries: 0, ..usual };
    let fingerprint = plan.plan.fingerprint;
    let operation = Clone { source: plan.source, data: plan.data, fingerprint, remarks: remarks.clone() };
    let run = fleet::start(home, database, Arc::new(operation), targets, options).await?;
    Ok(CloneRun { run, remarks })
}

/// What a snapshot shows of the tenant to clone.
struct Origin {
    shape: Shape,
    tables: Vec<Table>,
    sequences: Vec<SequenceState>,
}

/// Inside the transaction that the session is in.
async fn read_source(session: &mut Session, schema: &str) -> Result<Origin> {
    let quoted = Ident::new(schema)?;
    let namespace = content::namespace(session, schema).await?;
    let relations = content::relations(session, namespace).await?;
    let (chosen, _) = content::choose(schema, relations, &[])?;
    if let Some(lock) = content::lock_statement(&quoted, &chosen)? {
        session.execute(lock).await.map_err(|error| content::read_failure(error, None, schema, "*"))?;
    }
    let shape = shape::read_with_history_in(session, schema).await?;
    let tables = content::columns(session, chosen).await?;
    let sequences = content::sequences(session, &quoted, namespace).await?;
    Ok(Origin { shape, tables, sequences })
}

struct Clone {
    source: String,
    data: bool,
    fingerprint: String,
    remarks: Arc<Mutex<Vec<Remark>>>,
}

impl Operation for Clone {
    fn kind(&self) -> RunKind {
        RunKind::Clone
    }

    fn purpose(&self) -> Purpose {
        Purpose::Restore
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        async move {
            let result = self.clone_tenant(worker, target).await;
            if result.is_err() {
                // In the middle of COPY a session understands nothing else.
                worker.drop_session();
            }
            let (rows, remarks) = result?;
            *self.remarks.lock().unwrap_or_else(PoisonError::into_inner) = remarks;
            Ok(Done::Changed(Some(format!("{rows} rows"))))
        }
        .boxed()
    }
}

impl Clone {
    async fn clone_tenant(&self, worker: &mut Worker, target: &Target) -> Result<(u64, Vec<Remark>)> {
        let (cancel, database) = (worker.cancel_token().clone(), worker.database().clone());
        let mut source = database.session(Purpose::Export).await?;
        content::begin_snapshot(&mut source).await?;
        let origin = read_source(&mut source, &self.source).await?;
        let path = content::own_path(&Ident::new(self.source.as_str())?);
        source.execute(path).await?;
        let backend = source.backend();
        let copied = tokio::select! {
            biased;
            () = cancel.cancelled() => Err(ErrorKind::Cancelled.into()),
            copied = self.copy(worker, target, &mut source, origin, &cancel) => copied,
        };
        match copied {
            Ok((rebuild, rows, remarks)) => {
                rebuild.commit(&database).await?;
                source.close().await;
                Ok((rows, remarks))
            }
            Err(error) => {
                // It may still be sending rows to nobody.
                let _ = database.cancel(backend).await;
                Err(error)
            }
        }
    }

    async fn copy<'w>(
        &self,
        worker: &'w mut Worker,
        target: &Target,
        source: &mut Session,
        origin: Origin,
        cancel: &CancellationToken,
    ) -> Result<(Rebuild<'w>, u64, Vec<Remark>)> {
        let Origin { shape, tables, sequences } = origin;
        let version = source.server_version();
        let (place, copied) = ((target.schema.as_str(), target.name.as_str()), copied(&tables, self.data));
        let sql = planned_statements(&shape, place, &worker.database().server().role, &copied)?;
        if fingerprint(&self.source, &target.schema, &target.name, &sql) != self.fingerprint {
            return Err(ErrorKind::PlanStale { what: format!("the schema {}", self.source) }.into());
        }
        let mut remarks = named_in_text(&shape);
        let counted = worker.row_counter();
        let session = worker.session().await?;
        let mut rebuild = Rebuild::begin(session, &target.schema, &target.name, shape, version).await?;
        rebuild.before_rows().await?;
        let made = rebuild.tables().await?;
        rebuild.begin_rows().await?;
        let mut rows = 0;
        for table in tables.iter().filter(|table| self.data || table.relation.name == HISTORY) {
            let name = table.relation.name.as_str();
            let expected = self.rows(source, table, &mut rebuild, &counted, cancel).await?;
            let same = made.iter().find(|made| made.relation.name == name);
            let same = same.ok_or_else(|| ErrorKind::NotRestorable { reason: format!("there is no table {name}") })?;
            // A column that a parent got later stands elsewhere in a table that is made anew.
            let same = Table { relation: same.relation.clone(), columns: table.columns.clone() };
            let found = rebuild.digest(&same, &|_| !cancel.is_cancelled()).await?;
            if found.digest != expected {
                return Err(rebuild.differs(format!("the digest of {name} differs")));
            }
            rows += found.rows;
        }
        // Without rows a sequence begins anew.
        let sequences = if self.data { sequences } else { Vec::new() };
        remarks.extend(rebuild.after_rows(&sequences).await?);
        Ok((rebuild, rows, remarks))
    }

    /// Carries the rows of one table over; the digest of what the source has sent.
    async fn rows(
        &self,
        source: &mut Session,
        table: &Table,
        rebuild: &mut Rebuild<'_>,
        counted: &(dyn Fn(u64) + Send + Sync),
        cancel: &CancellationToken,
    ) -> Result<String> {
        let name = table.relation.name.as_str();
        let sent: Vec<bool> = table.columns.iter().map(|column| !column.generated).collect();
        let columns: Vec<&str> = table.columns.iter().filter(|c| !c.generated).map(|c| c.name.as_str()).collect();
        let mut load = rebuild.load(name, &columns).await?;
        let mut digest = content::RowDigest::default();
        let mut lines = content::Lines::begin(source, &self.source, table).await?;
        let (mut piece, mut rows) = (Vec::with_capacity(PIECE + PIECE / 8), 0);
        while let Some(line) = lines.next_line().await? {
            digest.add(&line);
            push_chosen(&line, &sent, &mut piece);
            piece.push(b'\n');
            rows += 1;
            if piece.len() >= PIECE {
                if cancel.is_cancelled() {
                    return Err(ErrorKind::Cancelled.into());
                }
                load.lines(&piece).await?;
                counted(std::mem::take(&mut rows));
                piece.clear();
            }
        }
        load.lines(&piece).await?;
        load.finish().await?;
        counted(rows);
        Ok(digest.text())
    }
}

/// Functions whose text names the source where it may be read as its name: nobody can tell what they mean by it.
fn named_in_text(shape: &Shape) -> Vec<Remark> {
    let named = |object: &&shape::Object| {
        object.text(shape::Property::Body).is_some_and(|body| names_schema(body, &shape.schema))
    };
    let objects = shape.objects.values().filter(named);
    objects.map(|object| Remark::NamesSource { object: object.id.to_string(), schema: shape.schema.clone() }).collect()
}
