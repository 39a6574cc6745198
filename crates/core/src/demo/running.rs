//! Starting, finding and ending the demo.

use super::account::Account;
use super::cluster::{Cluster, MAX_FOLDER_BYTES, server_pid, temporary_folder};
use super::fleet;
use super::programs::ServerPrograms;
use super::record::{Lock, Record};
use super::{DemoEvent, DemoStatus};
use crate::connection::{Database, Profile, Purpose, Secrets};
use crate::local::Home;
use crate::sql::{Ident, Statement};
use crate::{ErrorKind, Result};
use secrecy::SecretString;
use std::path::PathBuf;
use uuid::Uuid;

const DATABASE: &str = "talentmatch";

/// Which fleet: any other number would make other people of the same kind.
const SEED: u64 = 1;

type Progress<'a> = &'a (dyn Fn(DemoEvent) + Sync);

/// The demo's server runs and its fleet is complete. Dropping this stops the server if this process started it; the
/// data stays for the next start, until [`stop`].
#[derive(Debug)]
pub struct RunningDemo {
    cluster: Option<Cluster>,
    profile: Profile,
    password: Option<SecretString>,
    tenants: u32,
}

impl RunningDemo {
    /// How to reach the fleet.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// What the server asks for, where it is reached by TCP.
    pub fn password(&self) -> Option<SecretString> {
        self.password.clone()
    }

    /// `postgres://…` without a password.
    pub fn url(&self) -> String {
        url(&self.profile)
    }

    /// How many tenants there are.
    pub fn tenants(&self) -> u32 {
        self.tenants
    }

    /// Connects to the fleet.
    pub async fn connect(&self) -> Result<Database> {
        Database::connect(self.profile.clone(), self.password()).await
    }

    /// This process started the server, which ends with it.
    pub fn owns_server(&self) -> bool {
        self.cluster.is_some()
    }

    /// Lets the server go on when this process ends, until [`stop`].
    pub fn leave_running(self) {
        if let Some(cluster) = self.cluster {
            cluster.leave_running();
        }
    }
}

/// Starts the demo, or finds it running. The first start makes server and fleet; later ones find both.
///
/// # Errors
/// [`ErrorKind::ServerProgramsMissing`]; [`ErrorKind::ServerStartFailed`] with the end of the server's log.
pub async fn start(home: &Home, progress: Progress<'_>) -> Result<RunningDemo> {
    Starter { home, progress, tcp: false, secrets: Secrets::keyring }.start().await
}

/// What the steps of a start need.
struct Starter<'a> {
    home: &'a Home,
    progress: Progress<'a>,
    /// By TCP even where there are Unix sockets.
    tcp: bool,
    /// Where the password is kept, made only if there is one.
    secrets: fn() -> Secrets,
}

impl Starter<'_> {
    async fn start(self) -> Result<RunningDemo> {
        let _lock = Lock::take(self.home).await?;
        (self.progress)(DemoEvent::Searching);
        let edition = fleet::edition(SEED)?;
        if let Some(record) = Record::read(self.home) {
            match self.resume(&record, &edition).await {
                Ok(demo) => return Ok(demo),
                Err(error) => {
                    // Nothing in it is worth keeping: an update of the server or a cleaned /tmp must not end the demo.
                    tracing::warn!(%error, "the demo is made anew");
                    discard(self.home, &record, self.secrets).await?;
                }
            }
        }
        let programs = ServerPrograms::find_for(self.home)?.folder().to_owned();
        let cluster = Cluster::builder().bin(programs).folder(new_folder(self.home)?).tcp(self.tcp).prepare()?;
        let record = Record {
            folder: cluster.folder().to_owned(),
            programs: cluster.programs().folder().to_owned(),
            profile: profile_of(&cluster, Uuid::new_v4()),
            edition,
            tenants: None,
        };
        record.write(self.home)?;
        let made = self.make(cluster, record.clone()).await;
        if made.is_err() {
            // What failed to be made is of no use to anybody; the reason is in the error.
            discard(self.home, &record, self.secrets).await?;
        }
        made
    }

    async fn make(&self, mut cluster: Cluster, record: Record) -> Result<RunningDemo> {
        (self.progress)(DemoEvent::Initialising);
        cluster.initialise().await?;
        (self.progress)(DemoEvent::Starting);
        cluster.launch().await?;
        let profile = profile_of(&cluster, record.profile.id);
        let password = cluster.password();
        if let Some(password) = &password
            && let Err(error) = (self.secrets)().set(profile.id, password).await
        {
            // The next start makes everything anew.
            tracing::warn!(%error, "the demo's password is kept in memory only");
        }
        let record = Record { profile: profile.clone(), ..record };
        self.fill(RunningDemo { cluster: Some(cluster), profile, password, tenants: 0 }, record).await
    }

    /// The server and the data of an earlier start.
    async fn resume(&self, record: &Record, edition: &str) -> Result<RunningDemo> {
        let password =
            if record.profile.is_local_socket() { None } else { (self.secrets)().get(record.profile.id).await? };
        let mut demo = RunningDemo { cluster: None, profile: record.profile.clone(), password, tenants: 0 };
        if !answers(&record.profile).await {
            let builder = Cluster::builder().bin(record.programs.clone()).folder(owned(record)?);
            let cluster = builder.tcp(!record.profile.is_local_socket()).prepare()?;
            (self.progress)(DemoEvent::Starting);
            // A server that is there and does not answer is about to stop, with the process that it belonged to.
            cluster.stop().await?;
            cluster.launch().await?;
            demo.profile = profile_of(&cluster, record.profile.id);
            demo.cluster = Some(cluster);
        }
        let record = Record { profile: demo.profile.clone(), ..record.clone() };
        match record.tenants {
            Some(tenants) if record.edition == edition => {
                demo.connect().await?;
                demo.tenants = tenants;
                record.write(self.home)?;
                (self.progress)(DemoEvent::Ready);
                Ok(demo)
            }
            _ => self.fill(demo, Record { edition: edition.to_owned(), tenants: None, ..record }).await,
        }
    }

    /// Makes the fleet's database, in the place of one that is incomplete or of another edition.
    async fn fill(&self, mut demo: RunningDemo, record: Record) -> Result<RunningDemo> {
        record.write(self.home)?;
        let administration = Profile { database: "postgres".into(), ..demo.profile.clone() };
        let server = Database::connect(administration, demo.password()).await?;
        let mut session = server.session(Purpose::Create).await?;
        let name = Ident::new(DATABASE)?;
        let drop = Statement::of(format_args!("drop database if exists {name} with (force)"));
        session.execute(drop).await?;
        let create = Statement::of(format_args!("create database {name}"));
        session.execute(create).await?;
        session.close().await;
        demo.tenants = fleet::fill(&demo.connect().await?, SEED, self.progress).await?;
        Record { tenants: Some(demo.tenants), ..record }.write(self.home)?;
        (self.progress)(DemoEvent::Ready);
        Ok(demo)
    }
}

fn profile_of(cluster: &Cluster, id: Uuid) -> Profile {
    Profile { id, name: "TalentMatch demo".into(), ..cluster.profile(DATABASE) }
}

/// Whether the demo runs, whoever started it.
pub async fn status(home: &Home) -> Result<DemoStatus> {
    let stopped = DemoStatus { running: false, url: None, tenants: 0 };
    let Some(record) = Record::read(home) else { return Ok(stopped) };
    let tenants = record.tenants.unwrap_or_default();
    if !answers(&record.profile).await {
        return Ok(DemoStatus { tenants, ..stopped });
    }
    Ok(DemoStatus { running: true, url: Some(url(&record.profile)), tenants })
}

/// Stops the demo's server, whoever started it, and removes its data.
///
/// # Errors
/// [`ErrorKind::DemoNotRunning`] when there is nothing to stop and nothing to remove.
pub async fn stop(home: &Home) -> Result<()> {
    stop_with(home, Secrets::keyring).await
}

async fn stop_with(home: &Home, secrets: fn() -> Secrets) -> Result<()> {
    let _lock = Lock::take(home).await?;
    let record = Record::read(home).ok_or(ErrorKind::DemoNotRunning)?;
    discard(home, &record, secrets).await
}

async fn discard(home: &Home, record: &Record, secrets: fn() -> Secrets) -> Result<()> {
    if let Ok(folder) = owned(record) {
        if server_pid(&record.data_folder()).is_some() {
            let builder = Cluster::builder().bin(record.programs.clone()).folder(folder.clone());
            builder.prepare()?.stop().await?;
        }
        let removed = tokio::task::spawn_blocking(move || std::fs::remove_dir_all(folder)).await;
        if let Ok(Err(error)) = removed {
            tracing::warn!(%error, "the demo's data could not be removed");
        }
    }
    if !record.profile.is_local_socket() {
        // Without a keyring there is nothing in it.
        let _ = secrets().remove(record.profile.id).await;
    }
    Record::remove(home)
}

/// The recorded folder, if it is still ours: somebody else may have made one of the same name since.
fn owned(record: &Record) -> Result<PathBuf> {
    if Account::choose()?.owns(&record.folder) {
        return Ok(record.folder.clone());
    }
    Err(ErrorKind::FolderMissing { path: record.folder.display().to_string() }.into())
}

/// Something answers there, be it only to ask for a password.
async fn answers(profile: &Profile) -> bool {
    let probe = Profile { database: "postgres".into(), connect_timeout: 3, ..profile.clone() };
    match Database::connect(probe, None).await {
        Ok(_) => true,
        Err(error) => {
            matches!(error.kind(), ErrorKind::AuthenticationFailed { .. } | ErrorKind::PasswordRequired { .. })
        }
    }
}

/// Beside the local state, if the server's account gets there and the socket's name fits; else under the temporary
/// folder.
fn new_folder(home: &Home) -> Result<PathBuf> {
    let account = Account::choose()?;
    let folder = home.folder().canonicalize().unwrap_or_else(|_| home.folder().to_owned());
    if account == Account::Own && folder.as_os_str().len() + "/demo".len() <= MAX_FOLDER_BYTES {
        return Ok(folder.join("demo"));
    }
    temporary_folder(account)
}

/// The folder of a socket is percent-encoded in the place of the host, as libpq reads it.
fn url(profile: &Profile) -> String {
    let mut host = String::new();
    for byte in profile.host.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            host.push(byte.into());
        } else {
            host.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("postgres://{}@{host}:{}/{}", profile.user, profile.port, profile.database)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::LazyLock;

    #[test]
    fn the_folder_of_a_socket_is_encoded_in_the_url() {
        let profile = Profile { host: "/tmp/cadastre-é".into(), database: "fleet".into(), ..Profile::default() };
        assert_eq!(url(&profile), "postgres://postgres@%2Ftmp%2Fcadastre-%C3%A9:5432/fleet");
    }

    #[tokio::test]
    async fn by_tcp_a_later_start_finds_the_password_in_the_keyring() {
        static SECRETS: LazyLock<Secrets> = LazyLock::new(Secrets::in_memory);
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path()).await.unwrap();
        let starter = || Starter { home: &home, progress: &|_| {}, tcp: true, secrets: || SECRETS.clone() };
        let first = starter().start().await.unwrap();
        assert_eq!(first.profile().host, "127.0.0.1");
        let found = starter().start().await.unwrap();
        assert!(first.owns_server() && !found.owns_server());
        drop(first);
        let filled = std::sync::atomic::AtomicBool::new(false);
        let watch = |event| {
            if matches!(event, DemoEvent::Filling { .. }) {
                filled.store(true, std::sync::atomic::Ordering::Relaxed);
            }
        };
        let again = Starter { progress: &watch, ..starter() }.start().await.unwrap();
        assert_eq!(again.connect().await.unwrap().server().database, DATABASE);
        assert!(!filled.into_inner());
        let record = std::fs::read_to_string(home.folder().join("demo.json")).unwrap();
        let password = again.password().unwrap();
        assert!(!record.contains(secrecy::ExposeSecret::expose_secret(&password)));
        stop_with(&home, || SECRETS.clone()).await.unwrap();
        assert!(SECRETS.get(again.profile().id).await.unwrap().is_none());
    }
}
