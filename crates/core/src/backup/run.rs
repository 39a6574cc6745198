//! Backups, and bringing them back, through the fleet engine.

use super::client::Client;
use super::dump;
use super::folder::{self, Backup};
use super::manifest::Archive;
use super::plan::{BackupPlan, BackupRequest};
use super::restore::{self, Destination};
use super::return_plan::{self, ReturnPlan};
use crate::Result;
use crate::connection::{Database, Purpose};
use crate::fleet::{self, Done, Operation, RunHandle, RunKind, RunOptions, Target, Worker};
use crate::local::Home;
use crate::rebuild::Remark;
use chrono::Utc;
use futures::FutureExt;
use futures::future::BoxFuture;
use serde::Serialize;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// A backup under way, and the archives that it has written.
#[derive(Clone)]
pub struct BackupRun {
    /// The run.
    pub run: RunHandle,
    archives: Arc<Mutex<Vec<Archive>>>,
}

impl BackupRun {
    /// Finished archives, by schema; of a resumed run, those that it had written before, too.
    pub fn backups(&self) -> Vec<Backup> {
        let mut archives = self.archives.lock().unwrap_or_else(PoisonError::into_inner).clone();
        archives.sort_by(|a, b| a.manifest.schema.cmp(&b.manifest.schema));
        archives.iter().map(Backup::of).collect()
    }
}

/// Starts what a plan shows: one archive for each tenant, two at a time unless the plan says otherwise.
///
/// # Errors
/// What writing the record reports.
pub async fn apply(home: &Home, database: &Database, plan: BackupPlan) -> Result<BackupRun> {
    let BackupPlan { plan: shown, request, folder, client, jobs, rows, resumes, mut finished } = plan;
    let usual = shown.run_options(serde_json::to_string(&request).unwrap_or_default());
    let options = RunOptions { jobs, rows_expected: rows, retries: 3, ..usual };
    let targets = shown.targets();
    let unrecorded = targets.iter().filter_map(|target| finished.remove_entry(&target.schema)).collect();
    // What is left of them are those whose tenants have had their turn.
    let archives = Arc::new(Mutex::new(finished.into_values().collect()));
    if let Some(past) = &resumes {
        let (folder, run) = (folder.clone(), past.summary.run.clone());
        // In the way of nobody: should it fail, there is a file too many.
        let _ = tokio::task::spawn_blocking(move || folder::remove_widowed(&folder, &run)).await;
    }
    let operation = Arc::new(Create {
        request,
        folder,
        client,
        names: shown.tenants.into_iter().filter_map(|mut t| Some((t.schema, t.steps.pop()?))).collect(),
        unrecorded,
        archives: archives.clone(),
        turn: tokio::sync::Mutex::default(),
    });
    let run = match resumes {
        None => fleet::start(home, database, operation, targets, options).await?,
        Some(past) => fleet::resume(home, database, operation, past, targets, options).await?,
    };
    Ok(BackupRun { run, archives })
}

struct Create {
    request: BackupRequest,
    folder: PathBuf,
    client: Client,
    /// The files that the plan has shown, by schema.
    names: HashMap<String, String>,
    /// Finished in the moment in which the run was killed.
    unrecorded: HashMap<String, Archive>,
    archives: Arc<Mutex<Vec<Archive>>>,
    turn: tokio::sync::Mutex<()>,
}

impl Create {
    /// The one that the plan has shown; a later try that finds it taken gets another.
    fn id_of(&self, schema: &str) -> String {
        let planned = self.names.get(schema).and_then(|name| name.strip_suffix(".dump"));
        let free = planned.filter(|id| !self.folder.join(format!("{id}.dump")).exists());
        free.map_or_else(|| folder::new_id(schema, Utc::now()), str::to_owned)
    }
}

impl Operation for Create {
    fn kind(&self) -> RunKind {
        RunKind::Backup
    }

    fn purpose(&self) -> Purpose {
        Purpose::Backup
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, target: &'a Target) -> BoxFuture<'a, Result<Done>> {
        async move {
            let finished = self.unrecorded.get(&target.schema);
            let archive = match finished.filter(|archive| archive.path.is_file()) {
                Some(archive) => archive.clone(),
                None => {
                    let verify = self.request.verify.then_some(&self.turn);
                    let id = self.id_of(&target.schema);
                    let made = dump::create(worker, &self.client, &target.schema, id, &self.folder, verify).await;
                    // The session may be in the middle of a transaction, or of an answer.
                    made.inspect_err(|_| worker.drop_session())?
                }
            };
            let path = archive.path.display().to_string();
            self.archives.lock().unwrap_or_else(PoisonError::into_inner).push(archive);
            Ok(Done::Changed(Some(path)))
        }
        .boxed()
    }
}

/// What bringing a tenant back has come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ReturnReport {
    /// Tables, each compared with the manifest.
    pub tables: Vec<ProvenTable>,
    /// What was left out, because its role is not on this server, or cannot be given objects to.
    pub left: Vec<String>,
    /// What came back in another way: materialized views that could not be filled.
    pub remarks: Vec<Remark>,
    /// Routines whose text names the schema from which the archive comes; it was not rewritten.
    pub mentions: Vec<String>,
    /// The structure was compared with the manifest. Where it was not, the archive is from another major version.
    pub shape_compared: bool,
    /// Grants are what they were.
    pub grants_equal: bool,
}

/// A table that holds what the manifest says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct ProvenTable {
    /// Bare name.
    pub table: String,
    /// Rows.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: u64,
    /// Digest of the rows.
    pub digest: String,
    /// Always: a tenant of which one table differs is rolled back.
    pub equal: bool,
}

/// A tenant on its way back.
#[derive(Clone)]
pub struct ReturnRun {
    /// The run.
    pub run: RunHandle,
    /// The archive.
    pub archive: Archive,
    report: Arc<Mutex<Option<ReturnReport>>>,
}

impl ReturnRun {
    /// The backup.
    pub fn backup(&self) -> Backup {
        Backup::of(&self.archive)
    }

    /// What was proven, once the run has ended well.
    pub fn report(&self) -> Option<ReturnReport> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Starts what a plan shows: brings a tenant back, or tries that out.
///
/// # Errors
/// What writing the record reports.
pub async fn apply_return(home: &Home, database: &Database, plan: ReturnPlan) -> Result<ReturnRun> {
    let report = Arc::new(Mutex::new(None));
    let request = serde_json::json!({ "archive": plan.archive.path, "as": plan.schema });
    let usual = plan.plan.run_options(request.to_string());
    // A commit whose answer is lost must not be sent again.
    let options = RunOptions {
        statements: format!("{}\n{}", plan.archive.path.display(), usual.statements),
        retries: 0,
        ..usual
    };
    let targets = plan.plan.targets();
    let archive = plan.archive.clone();
    let operation = Return { plan, report: report.clone() };
    let run = fleet::start(home, database, Arc::new(operation), targets, options).await?;
    Ok(ReturnRun { run, archive, report })
}

struct Return {
    plan: ReturnPlan,
    report: Arc<Mutex<Option<ReturnReport>>>,
}

impl Operation for Return {
    fn kind(&self) -> RunKind {
        self.plan.plan.kind
    }

    fn purpose(&self) -> Purpose {
        Purpose::Restore
    }

    fn apply<'a>(&'a self, worker: &'a mut Worker, _: &'a Target) -> BoxFuture<'a, Result<Done>> {
        async move {
            let ReturnPlan { archive, client, schema, name, .. } = &self.plan;
            // Again: it may have changed since the plan.
            return_plan::check(archive).await?;
            let destination = match schema {
                Some(schema) => Destination::Schema { schema, name: name.as_deref() },
                None => Destination::Nowhere,
            };
            let (path, manifest) = (&archive.path, &archive.manifest);
            let turn = tokio::sync::Mutex::default();
            let brought = restore::bring_back(worker, client, path, manifest, destination, &turn).await?;
            if !manifest.verified && !brought.shape_unproven {
                // Proven it is in any case; a folder that cannot be written to keeps that to itself.
                let (archive, sequences) = (archive.clone(), brought.sequences.clone());
                let noted = tokio::task::spawn_blocking(move || archive.note_verified(sequences)).await;
                if let Ok(Err(error)) = noted {
                    tracing::debug!(%error, "the manifest does not say that its archive was verified");
                }
            }
            let tables = archive.manifest.tables.iter();
            let report = ReturnReport {
                tables: tables
                    .map(|t| ProvenTable {
                        table: t.table.clone(),
                        rows: t.rows,
                        digest: t.digest.clone(),
                        equal: true,
                    })
                    .collect(),
                left: brought.left,
                remarks: brought.remarks,
                mentions: brought.mentions,
                shape_compared: !brought.shape_unproven,
                grants_equal: !brought.grants_differ,
            };
            *self.report.lock().unwrap_or_else(PoisonError::into_inner) = Some(report);
            Ok(Done::Changed(Some(archive.manifest.id.clone())))
        }
        .boxed()
    }
}
