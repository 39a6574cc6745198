//! A private PostgreSQL server: for the demo, and for tests.

mod control;
mod initialise;

pub(super) use control::server_pid;

use super::account::Account;
use super::programs::ServerPrograms;
use super::watchdog::Watchdog;
use crate::connection::{Database, Profile, Purpose, Tls, TlsMode};
use crate::sql::{Ident, Statement};
use crate::{Error, ErrorKind, Result};
use secrecy::SecretString;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU16, Ordering};

/// The superuser that `initdb` makes.
const SUPERUSER: &str = "postgres";

/// With the name of the socket behind it, this fits the 103 bytes that a socket address has everywhere.
pub(super) const MAX_FOLDER_BYTES: usize = 80;

/// How a private server shall be.
#[derive(Debug, Clone, Default)]
pub struct ClusterBuilder {
    bin: Option<PathBuf>,
    folder: Option<PathBuf>,
    tcp: bool,
    durable: bool,
    settings: Vec<(String, String)>,
}

impl ClusterBuilder {
    /// The folder of the server's programs, instead of the first one found.
    pub fn bin(mut self, folder: impl Into<Option<PathBuf>>) -> Self {
        self.bin = folder.into();
        self
    }

    /// Keeps the server's files in this folder and reuses those that are there. Without it they are in a new folder
    /// under the temporary one and are removed when the cluster is dropped. On TCP only the process that made the files
    /// knows the password.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// Listens on a free port of the loopback address and wants a password there, besides the socket that only the
    /// server's own account reaches. Where there are no Unix sockets this is always so.
    pub fn tcp(mut self, tcp: bool) -> Self {
        self.tcp = tcp;
        self
    }

    /// False (the default) trades safety against a crash of the computer for speed.
    pub fn durable(mut self, durable: bool) -> Self {
        self.durable = durable;
        self
    }

    /// A line of the server's configuration.
    pub fn setting(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.push((name.into(), value.into()));
        self
    }

    /// Makes the data folder where it is missing, starts the server and waits until it answers.
    ///
    /// # Errors
    /// [`ErrorKind::ServerProgramsMissing`]; [`ErrorKind::ServerStartFailed`] with the end of the server's log.
    pub async fn start(self) -> Result<Cluster> {
        let mut cluster = self.prepare()?;
        cluster.initialise().await?;
        cluster.launch().await?;
        Ok(cluster)
    }

    /// Finds the programs, makes the folder and sets the watchdog.
    pub(super) fn prepare(self) -> Result<Cluster> {
        let programs = ServerPrograms::find(self.bin)?;
        let account = Account::choose()?;
        let remove = self.folder.is_none();
        let folder = match self.folder {
            Some(folder) => {
                std::fs::create_dir_all(&folder).map_err(|e| not_writable(&folder, e))?;
                folder
            }
            None => temporary_folder(account)?,
        };
        account.take(&folder)?;
        let cluster = Cluster {
            password: None,
            port: AtomicU16::new(5432),
            watchdog: Mutex::new(None),
            settings: self.settings,
            durable: self.durable,
            programs,
            account,
            folder,
            tcp: self.tcp || cfg!(not(unix)),
        };
        // Before anything runs, so that there is no moment in which the end of this process leaves something.
        cluster.guard(remove)?;
        Ok(cluster)
    }
}

/// A running private server. Dropping it stops the server, and removes its files unless they are in a folder that was
/// named; so does the end of this process, whatever ends it.
#[derive(Debug)]
pub struct Cluster {
    programs: ServerPrograms,
    account: Account,
    folder: PathBuf,
    settings: Vec<(String, String)>,
    durable: bool,
    tcp: bool,
    port: AtomicU16,
    password: Option<SecretString>,
    watchdog: Mutex<Option<Watchdog>>,
}

impl Cluster {
    /// Starts to describe a private server.
    pub fn builder() -> ClusterBuilder {
        ClusterBuilder::default()
    }

    /// How to reach a database of this server as its superuser.
    pub fn profile(&self, database: &str) -> Profile {
        Profile {
            name: "private server".into(),
            host: if self.tcp { Ipv4Addr::LOCALHOST.to_string() } else { self.folder.display().to_string() },
            port: self.port(),
            database: database.to_owned(),
            user: SUPERUSER.into(),
            tls: Tls { mode: TlsMode::Disable, ..Tls::default() },
            ..Profile::default()
        }
    }

    /// The superuser's password on TCP; the socket needs none.
    pub fn password(&self) -> Option<SecretString> {
        self.password.clone()
    }

    /// The port on TCP, and the number in the socket's name.
    pub fn port(&self) -> u16 {
        self.port.load(Ordering::Relaxed)
    }

    /// The folder with data, log and socket.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The server's data folder.
    pub fn data_folder(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The server's main process, while it runs.
    pub fn pid(&self) -> Option<u32> {
        server_pid(&self.data_folder())
    }

    /// Connects as superuser.
    pub async fn connect(&self, database: &str) -> Result<Database> {
        Database::connect(self.profile(database), self.password()).await
    }

    /// Makes an empty database.
    pub async fn create_database(&self, name: &str) -> Result<()> {
        let name = Ident::new(name)?;
        let database = self.connect("postgres").await?;
        let mut session = database.session(Purpose::Create).await?;
        let create = Statement::of(format_args!("create database {name}"));
        session.execute(create).await?;
        session.close().await;
        Ok(())
    }

    /// Stops in order: sessions are ended, everything is written.
    pub async fn stop(&self) -> Result<()> {
        self.halt("fast").await
    }

    /// Stops as a crash would: nothing is written, sessions lose their server in the middle of what they do.
    pub async fn stop_immediate(&self) -> Result<()> {
        self.halt("immediate").await
    }

    /// Stops in order, where it runs, and starts again on the same port.
    pub async fn restart(&self) -> Result<()> {
        self.stop().await?;
        self.run().await
    }

    /// Lets the server run on when this is dropped, with all its files.
    pub fn leave_running(self) {
        if let Some(watchdog) = self.watchdog.lock().ok().and_then(|mut w| w.take()) {
            watchdog.dismiss();
        }
    }

    /// The programs it runs with.
    pub fn programs(&self) -> &ServerPrograms {
        &self.programs
    }

    fn guard(&self, remove: bool) -> Result<()> {
        let mode = if remove { "immediate" } else { "fast" };
        let pg_ctl = self.programs.program("pg_ctl");
        let watchdog = Watchdog::set(self.account, &pg_ctl, &self.data_folder(), mode, &self.folder, remove);
        let watchdog = watchdog.map_err(|e| failed("its watchdog could not be started").source(e))?;
        if let Ok(mut place) = self.watchdog.lock() {
            *place = Some(watchdog);
        }
        Ok(())
    }

    fn write(&self, file: &Path, text: &str) -> Result<()> {
        use std::io::Write;
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(file).and_then(|mut f| f.write_all(text.as_bytes()));
        written.map_err(|e| not_writable(file, e))?;
        self.account.take(file)
    }
}

/// A new folder with a short name that the server's account gets to.
pub(super) fn temporary_folder(account: Account) -> Result<PathBuf> {
    let usual = std::env::temp_dir();
    let short = usual.as_os_str().len() + "/cadastre-".len() + 6 <= MAX_FOLDER_BYTES;
    let parent = if short && account.reaches(&usual) { usual } else { PathBuf::from("/tmp") };
    let folder = tempfile::Builder::new().prefix("cadastre-").tempdir_in(&parent);
    Ok(folder.map_err(|e| not_writable(&parent, e))?.keep())
}

fn failed(reason: &str) -> Error {
    ErrorKind::ServerStartFailed { reason: reason.to_owned() }.into()
}

fn not_writable(path: &Path, error: std::io::Error) -> Error {
    Error::new(ErrorKind::TargetNotWritable { path: path.display().to_string() }).source(error)
}

/// The last lines: what a person needs to see of a log.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}
