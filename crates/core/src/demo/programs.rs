//! Finding an installed PostgreSQL server.

use crate::local::Home;
use crate::{ErrorKind, Result};
use std::path::{Path, PathBuf};

/// The folder with `initdb`, `pg_ctl` and `postgres`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerPrograms {
    folder: PathBuf,
}

impl ServerPrograms {
    /// Takes this folder, when one is named; else `CADASTRE_PG_BIN`; else looks at `PATH` and at the usual places,
    /// newest version first.
    ///
    /// # Errors
    /// [`ErrorKind::ServerProgramsMissing`]; a folder that was named but holds no server is never passed over silently.
    pub fn find(named: Option<PathBuf>) -> Result<Self> {
        let named = named.or_else(|| std::env::var_os("CADASTRE_PG_BIN").filter(|v| !v.is_empty()).map(PathBuf::from));
        if let Some(folder) = named {
            return Self::at(&folder).ok_or_else(|| {
                let error = crate::Error::new(ErrorKind::ServerProgramsMissing);
                error.detail(format!("{} holds no initdb, pg_ctl and postgres.", folder.display()))
            });
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path)
            .chain(usual_folders())
            .find_map(|folder| Self::at(&folder))
            .ok_or_else(|| ErrorKind::ServerProgramsMissing.into())
    }

    /// Like [`ServerPrograms::find`]; where nothing is installed, what was downloaded into this home.
    pub(super) fn find_for(home: &Home) -> Result<Self> {
        let downloaded = || {
            let mut versions: Vec<_> =
                std::fs::read_dir(Self::downloads(home)).ok()?.flatten().map(|e| e.path()).collect();
            versions.sort();
            versions.iter().rev().find_map(|version| Self::at(&version.join("bin")))
        };
        Self::find(None).or_else(|error| downloaded().ok_or(error))
    }

    /// Where downloaded versions are.
    pub(super) fn downloads(home: &Home) -> PathBuf {
        home.folder().join("postgresql")
    }

    fn at(folder: &Path) -> Option<Self> {
        let complete = ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(file_name(name)).is_file());
        if !complete {
            return None;
        }
        // A link in PATH leads to the folder that also holds what the programs look for beside themselves.
        let program = folder.join(file_name("postgres")).canonicalize().ok()?;
        let folder = program.parent()?.to_owned();
        folder.join(file_name("initdb")).is_file().then_some(Self { folder })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(file_name(name))
    }
}

fn file_name(program: &str) -> String {
    format!("{program}{}", std::env::consts::EXE_SUFFIX)
}

/// Where installers put servers, newest version first within each place.
fn usual_folders() -> Vec<PathBuf> {
    // (parent, prefix of the folder named after the version, what follows it)
    const PLACES: &[(&str, &str, &str)] = &[
        ("/usr/lib/postgresql", "", "bin"),
        ("/usr", "pgsql-", "bin"),
        ("/usr/local", "pgsql", "bin"),
        ("/opt/homebrew/opt", "postgresql", "bin"),
        ("/usr/local/opt", "postgresql", "bin"),
        ("/home/linuxbrew/.linuxbrew/opt", "postgresql", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
        ("C:\\Program Files\\PostgreSQL", "", "bin"),
    ];
    let mut folders = Vec::new();
    for (parent, prefix, rest) in PLACES {
        let Ok(entries) = std::fs::read_dir(parent) else { continue };
        let mut found: Vec<(u32, PathBuf)> = entries
            .filter_map(|entry| {
                let entry = entry.ok()?;
                let name = entry.file_name().into_string().ok()?;
                Some((version(name.strip_prefix(prefix)?), entry.path().join(rest)))
            })
            .collect();
        found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        folders.extend(found.into_iter().map(|(_, folder)| folder));
    }
    folders
}

/// The major version in the rest of a folder's name, zero where it has none.
fn version(text: &str) -> u32 {
    let digits: String = text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_is_read_from_a_folder_name() {
        assert_eq!(version("15"), 15);
        assert_eq!(version("@17"), 17);
        assert_eq!(version("-9.6"), 9);
        assert_eq!(version("latest"), 0);
    }

    #[test]
    fn a_named_folder_without_a_server_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let error = ServerPrograms::find(Some(folder.path().to_owned())).unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::ServerProgramsMissing);
        assert!(error.detail_text().is_some_and(|d| d.contains(&folder.path().display().to_string())));
    }
}
