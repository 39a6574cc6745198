//! Finding PostgreSQL's own programs `pg_dump` and `pg_restore`, and choosing the pair for a server.

use crate::{Error, ErrorKind, Result};
use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// Folders to look in instead of everywhere, separated as in `PATH`.
const VARIABLE: &str = "CADASTRE_PG_CLIENT";
/// `--version` answers in milliseconds; a program that does not is none of PostgreSQL's.
const PATIENCE: Duration = Duration::from_secs(10);

/// A version of PostgreSQL's programs, for example 15.18.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClientVersion {
    /// 15
    pub major: u32,
    /// 18
    pub minor: u32,
}

impl fmt::Display for ClientVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl ClientVersion {
    /// From `pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`; of a version before its release (`19beta1`) the minor
    /// is zero.
    fn read(text: &str) -> Option<Self> {
        let words = text.trim().strip_prefix("pg_")?.split_once("(PostgreSQL) ")?.1;
        let number = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
        let (major, rest) = words.split_once('.').unwrap_or((words, ""));
        Some(Self { major: number(major)?, minor: number(rest).unwrap_or_default() })
    }
}

/// `pg_dump` and `pg_restore` of one version, from one folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    folder: PathBuf,
    version: ClientVersion,
}

impl Client {
    /// What both say on `--version`.
    pub fn version(&self) -> &ClientVersion {
        &self.version
    }

    /// Where they are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(file_name(name))
    }

    /// The pair in a folder, when it is complete and of one version.
    async fn at(folder: &Path) -> Option<Self> {
        let dump = version_of(&folder.join(file_name("pg_dump"))).await?;
        let restore = version_of(&folder.join(file_name("pg_restore"))).await?;
        (dump == restore).then(|| Self { folder: folder.to_owned(), version: dump })
    }
}

/// Every pair on this computer, lowest version first: those in the folders that `named` or the variable `CADASTRE_PG_CLIENT`
/// holds, and nowhere else then; otherwise in `PATH` and where installers put them.
pub async fn clients(named: Option<&str>) -> Vec<Client> {
    let variable = std::env::var_os(VARIABLE).filter(|value| !value.is_empty());
    let only = variable.or_else(|| named.filter(|folder| !folder.is_empty()).map(Into::into));
    let folders: Vec<PathBuf> = match only {
        Some(only) => std::env::split_paths(&only).collect(),
        None => {
            let path = std::env::var_os("PATH").unwrap_or_default();
            std::env::split_paths(&path).chain(usual_folders()).collect()
        }
    };
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for folder in folders {
        let Some(folder) = real_folder(&folder) else { continue };
        if seen.insert(folder.clone())
            && let Some(client) = Client::at(&folder).await
        {
            found.push(client);
        }
    }
    found.sort_by(|a, b| a.version.cmp(&b.version));
    found
}

/// The pair to use with a server: the lowest major version that is not older than `major`, and of that the newest.
///
/// # Errors
/// [`ErrorKind::ClientMissing`], saying what to install.
pub fn choose(clients: &[Client], major: u32) -> Result<&Client> {
    let newest = |wanted: u32| clients.iter().filter(|c| c.version.major == wanted).max_by_key(|c| c.version.minor);
    let lowest = clients.iter().map(|c| c.version.major).filter(|found| *found >= major).min();
    lowest.and_then(newest).ok_or_else(|| {
        let found: Vec<String> = clients.iter().map(|c| format!("{} in {}", c.version, c.folder.display())).collect();
        let error = Error::new(ErrorKind::ClientMissing { version: major.to_string(), package: package(major) });
        match found.is_empty() {
            true => error.detail("There is no pair of pg_dump and pg_restore on this computer."),
            false => error.detail(format!("Found, and older than the server: {}.", found.join(", "))),
        }
    })
}

/// What to install on this system, in words that follow "Install".
fn package(major: u32) -> String {
    match std::env::consts::OS {
        "macos" => format!("libpq or postgresql@{major} (brew install postgresql@{major}), or Postgres.app"),
        "windows" => format!("the command line tools of PostgreSQL {major} with the installer from postgresql.org"),
        _ => match Path::new("/etc/debian_version").exists() {
            true => format!(
                "postgresql-client-{major} (apt install postgresql-client-{major}; apt.postgresql.org has every version)"
            ),
            false => format!("postgresql{major} (dnf install postgresql{major}; yum.postgresql.org has every version)"),
        },
    }
}

/// The folder that a folder's `pg_dump` is really in. `None` for one that has none, and for Debian's `/usr/bin`, whose
/// `pg_dump` is a script that chooses a version by itself.
fn real_folder(folder: &Path) -> Option<PathBuf> {
    let program = folder.join(file_name("pg_dump")).canonicalize().ok()?;
    (program.file_stem()? == "pg_dump").then(|| program.parent().map(Path::to_owned))?
}

async fn version_of(program: &Path) -> Option<ClientVersion> {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let output = tokio::time::timeout(PATIENCE, command.output()).await.ok()?.ok()?;
    ClientVersion::read(&String::from_utf8(output.stdout).ok()?)
}

fn file_name(program: &str) -> String {
    format!("{program}{}", std::env::consts::EXE_SUFFIX)
}

/// Where installers put clients, whatever the version.
fn usual_folders() -> Vec<PathBuf> {
    // (parent, prefix of the folder named after the version, what follows it)
    const PLACES: &[(&str, &str, &str)] = &[
        ("/usr/lib/postgresql", "", "bin"),
        ("/usr", "pgsql-", "bin"),
        ("/usr/local", "pgsql", "bin"),
        ("/opt/homebrew/opt", "postgresql", "bin"),
        ("/opt/homebrew/opt", "libpq", "bin"),
        ("/usr/local/opt", "postgresql", "bin"),
        ("/usr/local/opt", "libpq", "bin"),
        ("/home/linuxbrew/.linuxbrew/opt", "postgresql", "bin"),
        ("/home/linuxbrew/.linuxbrew/opt", "libpq", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
        ("/Library/PostgreSQL", "", "bin"),
        ("C:\\Program Files\\PostgreSQL", "", "bin"),
    ];
    let mut folders = Vec::new();
    for (parent, prefix, rest) in PLACES {
        let Ok(entries) = std::fs::read_dir(parent) else { continue };
        let fits = |name: &std::ffi::OsStr| name.to_str().is_some_and(|name| name.starts_with(prefix));
        folders.extend(entries.flatten().filter(|e| fits(&e.file_name())).map(|e| e.path().join(rest)));
    }
    folders.sort();
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(major: u32, minor: u32) -> Client {
        Client { folder: format!("/pg/{major}.{minor}").into(), version: ClientVersion { major, minor } }
    }

    #[test]
    fn versions_are_read_as_the_programs_print_them() {
        let read = |text: &str| ClientVersion::read(text).map(|v| (v.major, v.minor));
        assert_eq!(read("pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some((15, 18)));
        assert_eq!(read("pg_restore (PostgreSQL) 18.6"), Some((18, 6)));
        assert_eq!(read("pg_dump (PostgreSQL) 19beta1"), Some((19, 0)));
        assert_eq!(read("mysqldump 8.0"), None);
    }

    #[test]
    fn the_lowest_version_that_is_not_older_than_the_server_is_chosen() {
        let clients = [client(14, 9), client(16, 2), client(16, 4), client(18, 1)];
        let chosen = |server| choose(&clients, server).map(|c| (c.version.major, c.version.minor)).ok();
        assert_eq!(chosen(14), Some((14, 9)));
        assert_eq!(chosen(15), Some((16, 4)));
        assert_eq!(chosen(17), Some((18, 1)));
        assert_eq!(chosen(19), None);
    }

    #[test]
    fn without_a_client_the_error_names_a_package_and_what_is_there() {
        let error = choose(&[client(14, 9)], 17).unwrap_err();
        assert!(error.hint_text().is_some_and(|hint| hint.contains("17")), "{error:?}");
        assert!(error.detail_text().is_some_and(|detail| detail.contains("14.9")), "{error:?}");
        assert!(choose(&[], 17).is_err());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_pair_of_two_versions_is_none() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        for (name, version) in [("pg_dump", "15.1"), ("pg_restore", "15.2")] {
            let path = folder.path().join(name);
            std::fs::write(&path, format!("#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        assert_eq!(Client::at(folder.path()).await, None);
        let same = "#!/bin/sh\necho 'pg_restore (PostgreSQL) 15.1'\n";
        std::fs::write(folder.path().join("pg_restore"), same).unwrap();
        assert_eq!(Client::at(folder.path()).await.unwrap().version().to_string(), "15.1");
    }
}
