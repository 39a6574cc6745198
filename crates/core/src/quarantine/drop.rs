//! A drop: backup, quarantine, proof; back at once where the proof fails.

use super::backup_file::{self, Folder};
use super::drop_plan::{DropPlan, fingerprint};
use super::record::{Backup, Record, Summary};
use super::{losses, proof, seal};
use crate::backup::Archiver;
use crate::connection::{Database, Purpose, Session};
use crate::fleet::{self, Done, Operation, RunHandle, RunKind, RunOptions, Target, Worker};
use crate::journal::Author;
use crate::local::Home;
use crate::sql::Ident;
use crate::workbook::{ExportOptions, ExportedFile, export_tenant};
use crate::{Error, ErrorKind, Result};
use chrono::{DateTime, Utc};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A drop under way.
#[derive(Clone)]
pub struct DropRun {
    /// The run.
    pub run: RunHandle,
    dropped: Arc<Mutex<Option<Dropped>>>,
}

impl DropRun {
    /// What came of it, once the tenant is in quarantine and proven to be what the backup holds.
    pub fn dropped(&self) -> Option<Dropped> {
        self.dropped.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A tenant that was dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Dropped {
    /// Its schema before.
    pub schema: String,
    /// Its schema in quarantine.
    pub quarantined_as: String,
    /// The verified backup.
    pub backup: String,
    /// The verified archive beside it.
    pub archive: Option<String>,
    /// Bytes of the backup.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub bytes: u64,
    /// SHA-256 of it.
    pub sha256: String,
    /// Tables in it.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub tables: u64,
    /// Rows in it.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: u64,
}

/// Drops the planned tenant: it is saved, renamed into quarantine, and compared with its backup. Where they differ it gets its name
/// and its rights back, and the backup is removed.
///
/// # Errors
/// [`ErrorKind::ReadOnly`]; [`ErrorKind::PlanBlocked`] when a check says stop; [`ErrorKind::PlanStale`].
pub async fn apply_drop(home: &Home, database: &Database, plan: DropPlan) -> Result<DropRun> {
    database.require_writable("drop")?;
    plan.plan.refuse_stops()?;
    let Some(tenant) = plan.plan.tenants.first() else { return Err(ErrorKind::NothingSelected.into()) };
    let mut session = database.catalog().await?;
    if fingerprint(&mut session, plan.oid, &tenant.schema).await? != plan.plan.fingerprint {
        return Err(ErrorKind::PlanStale { what: format!("the schema {}", tenant.schema) }.into());
    }
    drop(session);
    let usual = plan.plan.run_options(serde_json::to_string(&plan.request).unwrap_or_default());
    let rows_expected = u64::try_from(plan.losses.rows).unwrap_or_default();
    let options = RunOptions { rows_expected, retries: 3, ..usual };
    let targets = plan.plan.targets();
    let dropped = Arc::new(Mutex::new(None));
    let operation = DropTenant {
        oid: plan.oid,
        root: plan.backup_root,
        quarantine: plan.quarantined_as,
        language: plan.request.language,
        archiver: plan.archiver,
        again: AtomicBool::new(false),
        sealing: AtomicBool::new(false),
        dropped: dropped.clone(),
    };
    let run = fleet::start(home, database, Arc::new(operation), targets, options).await?;
    Ok(DropRun { run, dropped })
}

struct DropTenant {
    oid: u32,
    root: PathBuf,
    quarantine: String,
    language: String,
    archiver: Option<Archiver>,
    /// An earlier try has made the folder of the backup.
    again: AtomicBool,
    /// The tenant is in quarantine, or the answer is awaited.
    sealing: AtomicBool,
    dropped: Arc<Mutex<Option<Dropped>>>,
}

impl Operation for DropTenant {
    fn kind(&self) -> RunKind {
        RunKind::Drop
    }

    fn purpose(&self) -> Purpose {
        Purpose::Quarantine
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        async move { self.drop(worker, &target.schema).await.map_err(|error| self.say_where(error)) }.boxed()
    }
}

impl DropTenant {
    async fn drop(&self, worker: &mut Worker, schema: &str) -> Result<Done> {
        let name = losses::name_of(worker.session().await?, self.oid).await?;
        let (record, file, mut folder) = if name.as_deref() == Some(self.quarantine.as_str()) {
            // An earlier try has sent its commit, and only the answer did not arrive.
            let record = seal::current(worker.session().await?, self.oid, &self.quarantine).await?;
            if record.run != worker.run() {
                return Err(stale(schema));
            }
            (record, None, None)
        } else if name.as_deref() == Some(schema) {
            let (record, file, folder) = self.save(worker, schema).await?;
            (record, Some(file), Some(folder))
        } else {
            return Err(stale(schema));
        };
        // Whether it is there or not: from here on it is put back, or proven.
        match self.prove(worker, &record, file.as_ref()).await {
            Ok(()) => {}
            // The next try finds it in quarantine.
            Err(error) if error.kind().is_unreachable() => return Err(error),
            Err(error) => return Err(self.put_back(worker.database(), &record, error, folder.as_mut()).await),
        }
        let path = record.backup.path.clone();
        *self.dropped.lock().unwrap_or_else(PoisonError::into_inner) = Some(Dropped {
            schema: record.schema,
            quarantined_as: record.quarantined_as,
            backup: record.backup.path,
            archive: record.archive.map(|archive| archive.path),
            bytes: record.backup.bytes,
            sha256: record.backup.sha256,
            tables: record.content.tables,
            rows: record.content.rows,
        });
        Ok(Done::Changed(Some(path)))
    }

    /// Without the server nobody knows how far it came: that is more than a precondition that is not met.
    fn say_where(&self, error: Error) -> Error {
        if !self.sealing.load(Ordering::Relaxed) || !error.kind().is_unreachable() {
            return error;
        }
        let place = format!("The tenant may be in quarantine as {}, whole and with its backup.", self.quarantine);
        error.as_kind(ErrorKind::ConnectionLost).detail(place).hint(
            "`cadastre tenant list --state quarantined` shows it once the server is there; `cadastre tenant undrop` brings it back.",
        )
    }

    /// Writes and verifies the backup, then renames the tenant.
    async fn save(&self, worker: &mut Worker, schema: &str) -> Result<(Record, ExportedFile, Folder)> {
        let mut folder = Folder::create(&self.root, &self.quarantine, self.again.swap(true, Ordering::Relaxed))?;
        let Author { person, computer } = Author::here();
        let options = ExportOptions {
            folder: folder.path().to_owned(),
            language: self.language.clone(),
            created_by: person.clone(),
            verify: true,
            ..ExportOptions::default()
        };
        let told = AtomicU64::new(0);
        let progress = |rows: u64| worker.add_rows(rows.saturating_sub(told.swap(rows, Ordering::Relaxed)));
        let file = export_tenant(worker.database(), schema, &options, &progress, worker.cancel_token()).await?;
        if !file.verified {
            return Err(ErrorKind::Internal { what: "the backup was not verified".into() }.into());
        }
        let archive = match &self.archiver {
            Some(archiver) => Some(archived(archiver, worker, schema, folder.path(), &file).await?),
            None => None,
        };
        let mut record = Record {
            cadastre_quarantine: Record::version(),
            schema: schema.to_owned(),
            quarantined_as: self.quarantine.clone(),
            quarantined_at: Utc::now(),
            quarantined_by: format!("{person}@{computer}"),
            role: worker.database().server().role.clone(),
            run: worker.run().to_owned(),
            owner: String::new(),
            comment: None,
            acl: None,
            backup: backup_file::measure(PathBuf::from(&file.path)).await?,
            archive,
            content: Summary::of(file.tables.iter().map(|t| (t.table.as_str(), t.rows, t.digest.as_str()))),
            proven_at: None,
            purge_begun_at: None,
        };
        // From the first statement on the commit may arrive without our hearing of it.
        let session = worker.session().await?;
        folder.keep();
        self.sealing.store(true, Ordering::Relaxed);
        if let Err(error) = seal::seal(session, self.oid, &mut record).await {
            // Refused by the server, in answer to a statement: nothing was committed.
            if error.sqlstate().is_some() && !error.kind().is_unreachable() || is_ours(&error) {
                folder.discard();
                self.sealing.store(false, Ordering::Relaxed);
            }
            return Err(error);
        }
        Ok((record, file, folder))
    }

    /// Reads the quarantined tenant once nobody can have changed it any more, and compares it with what the backup holds.
    async fn prove(&self, worker: &mut Worker, record: &Record, file: Option<&ExportedFile>) -> Result<()> {
        let cancel = worker.cancel_token().clone();
        let session = worker.session().await?;
        proof::wait_for_writers(session, self.oid, &record.schema, proof::PATIENCE, &cancel).await?;
        let now = proof::read(session, self.oid, &self.quarantine, &cancel).await?;
        let differs = |(table, reason)| ErrorKind::BackupDiffers { schema: record.schema.clone(), table, reason };
        if let Some(file) = file {
            let saved = file.tables.iter().map(|t| (t.table.as_str(), t.rows, t.digest.as_str()));
            if let Some(difference) = proof::difference(saved, &now) {
                return Err(differs(difference).into());
            }
        }
        if proof::summary(&now) != record.content {
            return Err(differs(("*".into(), "the tables are not the same".into())).into());
        }
        mark_proven(session, self.oid, record).await
    }

    /// Gives the tenant its name and its rights back. It must not be told to a session that is being cancelled.
    async fn put_back(&self, database: &Database, record: &Record, error: Error, folder: Option<&mut Folder>) -> Error {
        let back = async {
            let mut session = database.session(Purpose::Quarantine).await?;
            let missing = seal::unseal(&mut session, self.oid, record, &record.schema).await?;
            session.close().await;
            Ok::<_, Error>(missing)
        };
        match back.await {
            Ok(_) => {
                self.sealing.store(false, Ordering::Relaxed);
                if let Some(folder) = folder {
                    folder.discard();
                }
                error
            }
            Err(problem) => {
                tracing::error!(error = %problem, schema = record.schema, "a tenant could not be put back");
                error
                    .detail(format!("It could not be put back, and is in quarantine as {}.", record.quarantined_as))
                    .hint(format!("`cadastre tenant undrop {}` brings it back.", record.quarantined_as))
            }
        }
    }
}

/// Writes the archive beside the workbook. Both must hold the same rows.
async fn archived(
    archiver: &Archiver,
    worker: &mut Worker,
    schema: &str,
    folder: &Path,
    workbook: &ExportedFile,
) -> Result<Backup> {
    let archive = archiver.write(worker, schema, folder).await?;
    let saved = workbook.tables.iter().map(|t| (t.table.as_str(), t.rows, t.digest.as_str()));
    if let Some((table, reason)) = proof::difference(saved, &archive.manifest.tables) {
        let reason = format!("the archive was written a moment after the workbook: {reason}");
        return Err(ErrorKind::BackupDiffers { schema: schema.to_owned(), table, reason }.into());
    }
    backup_file::measure(archive.path).await
}

/// Notes in the record that the quarantined tenant is what the backup holds.
pub(super) async fn mark_proven(session: &mut Session, namespace: u32, record: &Record) -> Result<()> {
    let quarantine = Ident::new(record.quarantined_as.as_str())?;
    let mut now = seal::current(session, namespace, &record.quarantined_as).await?;
    now.proven_at = Some(clock(session).await?);
    seal::write(session, &quarantine, &now).await
}

pub(super) async fn clock(session: &mut Session) -> Result<DateTime<Utc>> {
    let query = sqlx::query_scalar("select pg_catalog.now()").persistent(false);
    Ok(query.fetch_one(session.connection()).await?)
}

/// Refusals of our own, before anything was committed.
fn is_ours(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PlanStale { .. } | ErrorKind::TenantBusy { .. } | ErrorKind::IdentifierInvalid { .. }
    )
}

fn stale(schema: &str) -> Error {
    ErrorKind::PlanStale { what: format!("the schema {schema}") }.into()
}
