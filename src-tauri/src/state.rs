//! What the window's commands share.

use crate::backups::Backups;
use crate::life::Life;
use cadastre_core::access;
use cadastre_core::adoption;
use cadastre_core::backup::{BackupPlan, ReturnPlan};
use cadastre_core::connection::{Database, Secrets};
use cadastre_core::demo::RunningDemo;
use cadastre_core::fleet::RunHandle;
use cadastre_core::health::doctor::FixPlan;
use cadastre_core::health::maintain::MaintainPlan;
use cadastre_core::health::watch::SignalPlan;
use cadastre_core::local::Home;
use cadastre_core::migration::MigrationPlan;
use cadastre_core::misplaced::MovePlan;
use cadastre_core::quarantine::{DropPlan, PurgePlan, UndropPlan};
use cadastre_core::registry::InstallPlan;
use cadastre_core::tenant::{ActivatePlan, ClonePlan, CreatePlan, DeactivatePlan, RenamePlan, SetPlan};
use cadastre_core::workbook::{ExportRun, RestorePlan};
use cadastre_core::{Error, ErrorKind, Result};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Plans kept for the window. A plan that was looked at and left is forgotten when newer ones come.
const MAX_PLANS: usize = 16;

/// The open pieces of the program.
pub struct Desktop {
    pub home: Home,
    pub secrets: Secrets,
    pub backups: Backups,
    pub life: Life,
    inner: Mutex<Inner>,
    /// Held while the demo is started or stopped.
    pub demo: tokio::sync::Mutex<Option<RunningDemo>>,
}

#[derive(Default)]
struct Inner {
    open: Option<Open>,
    plans: Vec<(String, StoredPlan)>,
    runs: Vec<RunHandle>,
    exports: Vec<ExportRun>,
    files: Vec<String>,
}

/// The database that the window is connected to.
#[derive(Clone)]
pub struct Open {
    pub database: Database,
    pub demo: bool,
}

/// A plan that the window has seen and may apply. It stays here: what the window sends back is only its id.
pub enum StoredPlan {
    Create(Database, Box<CreatePlan>),
    Migrate(Database, Box<MigrationPlan>),
    Backup(Database, Box<BackupPlan>),
    Return(Database, Box<ReturnPlan>),
    Restore(Database, Box<RestorePlan>),
    Clone(Database, Box<ClonePlan>),
    Drop(Database, Box<DropPlan>),
    Undrop(Database, Box<UndropPlan>),
    Purge(Database, Box<PurgePlan>),
    Deactivate(Database, Box<DeactivatePlan>),
    Activate(Database, Box<ActivatePlan>),
    Rename(Database, Box<RenamePlan>),
    Set(Database, Box<SetPlan>),
    Install(Database, Box<InstallPlan>),
    Repair(Database, Box<FixPlan>),
    Maintain(Database, Box<MaintainPlan>),
    Signal(Database, Box<SignalPlan>),
    Move(Database, Box<MovePlan>),
}

impl Desktop {
    pub fn new(home: Home) -> Self {
        Self {
            home,
            secrets: Secrets::keyring(),
            backups: Backups::default(),
            life: Life::default(),
            inner: Mutex::default(),
            demo: tokio::sync::Mutex::default(),
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn open(&self) -> Option<Open> {
        self.inner().open.clone()
    }

    /// Takes a database as the open one; which of its schemas are tenants is what a person has said before.
    pub async fn keep_open(&self, database: Database, demo: bool) -> Result<Open> {
        // Of no weight for the connection, and tried again at the next one.
        if let Err(error) = access::reconcile(&self.home, &self.secrets, &database).await {
            tracing::warn!(%error, "what became of passwords of new roles could not be found out");
        }
        adoption::load(&self.home, &database).await?;
        let open = Open { database, demo };
        self.set_open(Some(open.clone()));
        Ok(open)
    }

    pub fn set_open(&self, open: Option<Open>) {
        let mut inner = self.inner();
        inner.open = open;
        // A plan was made for the database that it was made on.
        inner.plans.clear();
    }

    /// The open database.
    pub fn database(&self) -> Result<Database> {
        let open = self.inner().open.as_ref().map(|o| o.database.clone());
        open.ok_or_else(|| ErrorKind::NotConnected.into())
    }

    pub fn keep_plan(&self, id: &str, plan: StoredPlan) {
        let mut inner = self.inner();
        if inner.plans.len() >= MAX_PLANS {
            inner.plans.remove(0);
        }
        inner.plans.push((id.to_owned(), plan));
    }

    /// Takes a plan out: it can be applied once.
    pub fn take_plan(&self, id: &str) -> Result<StoredPlan> {
        let mut inner = self.inner();
        let position = inner.plans.iter().position(|(known, _)| known == id);
        let missing = || Error::new(ErrorKind::PlanMissing { id: id.to_owned() });
        position.map(|i| inner.plans.remove(i).1).ok_or_else(missing)
    }

    /// A plan to migrate, which stays.
    pub fn migration_plan(&self, id: &str) -> Result<(Database, MigrationPlan)> {
        let inner = self.inner();
        let found = inner.plans.iter().find_map(|(known, plan)| match plan {
            StoredPlan::Migrate(database, plan) if known == id => Some((database.clone(), (**plan).clone())),
            _ => None,
        });
        found.ok_or_else(|| ErrorKind::PlanMissing { id: id.to_owned() }.into())
    }

    /// Keeps a run for the window to follow; returns its id.
    pub fn keep_run(&self, run: RunHandle) -> String {
        let id = run.id().to_owned();
        let mut inner = self.inner();
        // A resumed run is the same run.
        inner.runs.retain(|known| known.id() != id);
        inner.runs.push(run);
        drop(inner);
        id
    }

    pub fn keep_export(&self, export: ExportRun) -> String {
        self.inner().exports.push(export.clone());
        self.keep_run(export.run)
    }

    pub fn runs(&self) -> Vec<RunHandle> {
        self.inner().runs.clone()
    }

    pub fn run(&self, id: &str) -> Result<RunHandle> {
        let found = self.inner().runs.iter().find(|r| r.id() == id).cloned();
        found.ok_or_else(|| ErrorKind::RunMissing { id: id.to_owned() }.into())
    }

    /// Notes a file that was written for the window.
    pub fn keep_file(&self, path: &str) {
        self.inner().files.push(path.to_owned());
    }

    /// The file was written for the window.
    pub fn wrote(&self, path: &str) -> bool {
        let inner = self.inner();
        inner.files.iter().any(|f| f == path)
            || inner.exports.iter().any(|e| e.files().iter().any(|file| file.path == path))
    }

    pub fn exports(&self) -> Vec<ExportRun> {
        self.inner().exports.clone()
    }
}
