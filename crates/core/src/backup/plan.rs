//! What a backup will do, before it does anything.

use super::client::{self, Client};
use super::manifest::Archive;
use super::{dump, folder};
use crate::connection::{Database, server_identity};
use crate::fleet::{self, Check, CheckLevel, PastRun, Plan, PlannedSql, PlannedTenant, RunKind};
use crate::local::{Home, Settings};
use crate::migration::{command_line, hex};
use crate::part_file::check_folder;
use crate::tenant::{Selection, discover, left_of};
use crate::{Error, ErrorKind, Result};
use chrono::Utc;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Which archives to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct BackupRequest {
    /// An existing folder.
    pub folder: String,
    /// Bring each archive back in a transaction that is rolled back, and compare, before it gets its name.
    pub verify: bool,
}

/// A plan to back tenants up, with what [`super::apply`] needs.
#[derive(Debug, Clone)]
pub struct BackupPlan {
    /// What a person reads.
    pub plan: Plan,
    pub(super) request: BackupRequest,
    pub(super) folder: PathBuf,
    pub(super) client: Client,
    pub(super) jobs: Option<u16>,
    /// An estimate; it only steers the bar and the time left.
    pub(super) rows: u64,
    /// The run that is gone on with.
    pub(super) resumes: Option<PastRun>,
    /// What that run has finished, by schema, whether it was recorded or not.
    pub(super) finished: HashMap<String, Archive>,
}

impl BackupPlan {
    /// What was asked for.
    pub fn request(&self) -> &BackupRequest {
        &self.request
    }

    /// Archives at a time.
    pub fn with_jobs(mut self, jobs: Option<u16>) -> Self {
        self.jobs = jobs;
        self
    }
}

/// The client for this server, from the folder that the settings name or from anywhere.
pub(super) async fn client(home: &Home, major: u32) -> Result<Client> {
    let settings = Settings::load(home).await?;
    let found = client::clients(settings.client_folder.as_deref()).await;
    client::choose(&found, major).cloned()
}

/// Major version of the server.
pub(super) fn major(database: &Database) -> u32 {
    (database.server().version_number / 10_000).unsigned_abs()
}

/// Checks the folder, the programs and the tenants, and shows the commands; writes nothing.
///
/// # Errors
/// [`ErrorKind::FolderMissing`], [`ErrorKind::TargetNotWritable`], [`ErrorKind::ClientMissing`],
/// [`ErrorKind::NothingSelected`]; [`ErrorKind::ReadOnly`] where an archive cannot be brought back for verification.
pub async fn plan(
    home: &Home,
    database: &Database,
    mut request: BackupRequest,
    selection: &Selection,
) -> Result<BackupPlan> {
    // Whoever comes back to the run may do so from another folder.
    if let Ok(folder) = std::path::absolute(&request.folder) {
        request.folder = folder.display().to_string();
    }
    if request.verify {
        require_room_for_trying(database)?;
    }
    check_folder(Path::new(&request.folder))?;
    let folder = PathBuf::from(&request.folder);
    let client = client(home, major(database)).await?;
    let mut session = database.catalog().await?;
    let found = discover(&mut session).await?;
    let chosen = selection.of(&found)?;
    let mut state = Sha256::new();
    state.update(server_identity(&mut session).await?);
    drop(session);
    let rows = chosen.iter().map(|tenant| tenant.summary.rows.max(0).unsigned_abs()).sum();
    state.update(client.version().to_string());
    let mut tenants = Vec::new();
    let now = Utc::now();
    for tenant in &chosen {
        let summary = &tenant.summary;
        state.update(format!("{}\0{}\0", summary.oid, summary.schema));
        tenants.push(PlannedTenant::new(
            summary.schema.clone(),
            summary.name.clone(),
            vec![format!("{}.dump", folder::new_id(&summary.schema, now))],
        ));
    }
    let first = &tenants[0].schema;
    let environment = database.child_environment("pg_catalog", 10_000, "cadastre backup");
    let mut command: Vec<String> = environment.shown().map(|(name, value)| format!("{name}={value}")).collect();
    command.extend(dump::command(&client, first, "<snapshot>")?);
    let names = tenants.iter().take(PlannedSql::NAMED).map(|t| t.schema.clone()).collect();
    let sql = command_line(&command);
    let statements = vec![PlannedSql { schema: first.clone(), tenants: tenants.len() as u32, names, from: None, sql }];
    let plan = Plan {
        id: uuid::Uuid::new_v4().simple().to_string(),
        kind: RunKind::Backup,
        checks: checks(&client, &folder, request.verify),
        statements,
        tenants,
        fingerprint: hex(&state.finalize()),
    };
    Ok(BackupPlan { plan, request, folder, client, jobs: None, rows, resumes: None, finished: HashMap::new() })
}

/// What is left of a backup that was interrupted: tenants that failed, were cancelled or did not have their turn. Those
/// that are done keep their archives.
///
/// # Errors
/// [`ErrorKind::RunMissing`], [`ErrorKind::RunActive`], [`ErrorKind::RunElsewhere`], [`ErrorKind::RunNotResumable`], and as
/// [`plan`].
pub async fn plan_resume(home: &Home, database: &Database, run: &str) -> Result<BackupPlan> {
    let past = fleet::past(home, database, run).await?;
    if past.summary.kind != RunKind::Backup {
        return Err(past.not_resumable("it was not a backup"));
    }
    let Ok(request) = serde_json::from_str::<BackupRequest>(&past.record.request) else {
        return Err(past.not_resumable("its record does not say what it was to write"));
    };
    let tenants = left_of(database, &past).await?;
    let mut plan = plan(home, database, request, &Selection::named(tenants)).await?;
    let unrecorded = plan.plan.tenants.iter().map(|tenant| tenant.schema.clone()).collect();
    plan.finished = finished(&plan, &past.summary.run, unrecorded).await?;
    let mut kept = 0;
    for tenant in &mut plan.plan.tenants {
        if let Some(name) = plan.finished.get(&tenant.schema).and_then(|archive| archive.path.file_name()) {
            tenant.steps = vec![name.to_string_lossy().into_owned()];
            kept += 1;
        }
    }
    if kept > 0 {
        let words = format!("Archives that the run had finished in its last moment, and that are kept: {kept}.");
        let check = Check::new(CheckLevel::Ok, "archives_kept", words, &[("number", kept.to_string())]);
        plan.plan.checks.push(check);
    }
    plan.resumes = Some(past);
    Ok(plan)
}

/// The archives of a run that are as good as those that its plan asks for.
async fn finished(plan: &BackupPlan, run: &str, unrecorded: Vec<String>) -> Result<HashMap<String, Archive>> {
    let (folder, run, verify) = (plan.folder.clone(), run.to_owned(), plan.request.verify);
    let read = tokio::task::spawn_blocking(move || folder::written_by(&folder, &run, &unrecorded));
    let mut found = read
        .await
        .map_err(|error| Error::new(ErrorKind::Internal { what: "the archives were not read".into() }).source(error))?;
    found.retain(|_, archive| archive.manifest.verified || !verify);
    Ok(found)
}

fn checks(client: &Client, folder: &Path, verify: bool) -> Vec<Check> {
    let (version, place) = (client.version().to_string(), client.folder().display().to_string());
    let target = folder.display().to_string();
    let mut checks = vec![
        Check::new(
            CheckLevel::Ok,
            "client_found",
            format!("pg_dump {version} in {place} is used."),
            &[("version", version), ("folder", place)],
        ),
        Check::new(CheckLevel::Ok, "folder_writable", format!("{target} can be written to."), &[("folder", target)]),
    ];
    if !verify {
        let words = "The archives are not verified: nobody knows whether they can be restored.";
        checks.push(Check::new(CheckLevel::Warning, "not_verified", words, &[]));
    }
    checks
}

/// An archive is tried out where the tenant is: in a schema that nobody sees.
pub(super) fn require_room_for_trying(database: &Database) -> Result<()> {
    let hint = "Use a profile that may, or write the archive without verifying it: --no-verify.";
    database.require_writable("verifying an archive, which restores it and rolls back").map_err(|e| e.hint(hint))?;
    let server = database.server();
    if !server.can_create_schema {
        let action = format!("create a schema in {}, in which an archive is tried out", server.database);
        return Err(Error::new(ErrorKind::PermissionDenied { role: server.role.clone(), action }).hint(hint));
    }
    Ok(())
}
