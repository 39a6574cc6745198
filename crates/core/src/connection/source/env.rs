//! The environment that connection settings are read from, as a value: tests make their own.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// Environment variables, home folder and name of the person, as libpq would see them.
#[derive(Clone, Default)]
pub struct ProcessEnv {
    variables: BTreeMap<String, String>,
    home: Option<PathBuf>,
    user: Option<String>,
    socket_folders: Vec<PathBuf>,
    system_folder: Option<PathBuf>,
    windows: bool,
}

impl ProcessEnv {
    /// This process's.
    pub fn of_process() -> Self {
        Self {
            variables: std::env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
                .collect(),
            home: etcetera::home_dir().ok(),
            user: whoami::username().ok(),
            // Where Debian and Red Hat put the socket, then where the sources do.
            socket_folders: if cfg!(unix) { vec!["/var/run/postgresql".into(), "/tmp".into()] } else { Vec::new() },
            // Debian's; other builds of libpq have theirs, which only `pg_config --sysconfdir` knows.
            system_folder: cfg!(unix).then(|| "/etc/postgresql-common".into()),
            windows: cfg!(windows),
        }
    }

    /// Only these variables; nobody, nowhere.
    pub fn of<N: Into<String>, V: Into<String>>(variables: impl IntoIterator<Item = (N, V)>) -> Self {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { variables, ..Self::default() }
    }

    /// With this home folder.
    pub fn with_home(mut self, home: impl Into<PathBuf>) -> Self {
        self.home = Some(home.into());
        self
    }

    /// With this name of the person who runs the process.
    pub fn with_user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }

    /// With these folders to look for a server's socket in.
    pub fn with_socket_folders<P: Into<PathBuf>>(mut self, folders: impl IntoIterator<Item = P>) -> Self {
        self.socket_folders = folders.into_iter().map(Into::into).collect();
        self
    }

    /// The value of a variable; an empty one counts as not set, as in libpq.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(super) fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// The folder where a local server on this port listens.
    pub(super) fn socket_folder(&self, port: u16) -> Option<String> {
        let socket = format!(".s.PGSQL.{port}");
        let folder = self.socket_folders.iter().find(|folder| folder.join(&socket).exists())?;
        folder.to_str().map(str::to_owned)
    }

    pub(super) fn is_socket_folder(&self, folder: &str) -> bool {
        self.socket_folders.iter().any(|known| known == Path::new(folder))
    }

    /// Where the settings of the whole computer are.
    pub(super) fn system_folder(&self) -> Option<PathBuf> {
        self.get("PGSYSCONFDIR").map(PathBuf::from).or_else(|| self.system_folder.clone())
    }

    /// A file of libpq's: `~/<unix>`, on Windows `%APPDATA%\postgresql\<windows>`.
    pub(super) fn personal_file(&self, unix: &str, windows: &str) -> Option<PathBuf> {
        if self.windows {
            return self.get("APPDATA").map(|folder| Path::new(folder).join("postgresql").join(windows));
        }
        self.home.as_ref().map(|home| home.join(unix))
    }

    #[cfg(test)]
    pub(super) fn on_windows(mut self) -> Self {
        self.windows = true;
        self
    }
}

// Names only: PGPASSWORD and DATABASE_URL are among them.
impl fmt::Debug for ProcessEnv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProcessEnv").field("variables", &self.variables.len()).field("home", &self.home).finish()
    }
}
