//! Building the interface and the programs, once: what is up to date is left alone.

use crate::failure::{Failure, Result};
use crate::{process, workspace};
use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// One set of features for the demo and the tests, so that Cargo builds the desktop application once for both:
/// the interface is inside the program, and native dialogs can be answered by a test.
pub const FEATURES: &str = "cadastre-desktop/custom-protocol,cadastre-desktop/automation";

/// Installs the interface's packages when the lock file is not the one they were installed from.
pub fn packages() -> Result {
    let lock = workspace::ui().join("package-lock.json");
    let wanted = fs::read(&lock).map_err(|e| Failure::file(&lock, &e))?;
    let stamp = workspace::ui().join("node_modules/.installed-from.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    process::run(&mut process::npm(&["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&stamp, wanted).map_err(|e| Failure::file(&stamp, &e))
}

/// Builds the interface when something in it is newer than what was built.
pub fn interface() -> Result {
    let built = modified(&workspace::ui().join("dist/index.html"));
    let newest = newest(&workspace::ui());
    if built.is_some_and(|built| newest.is_some_and(|newest| newest < built)) {
        return Ok(());
    }
    process::run(&mut process::npm(&["run", "--silent", "build"]))
}

/// Builds the command line.
pub fn command_line() -> Result {
    process::run(&mut process::cargo(&["build", "--package", "cadastre-cli"]))
}

/// Builds the desktop application and the command line. The interface has to be there.
pub fn desktop() -> Result {
    let packages = ["build", "--bins", "--package", "cadastre-desktop", "--package", "cadastre-cli"];
    process::run(process::cargo(&packages).args(["--features", FEATURES]))
}

/// Builds everything that the tests run, in one go.
pub fn tests() -> Result {
    process::run(&mut process::cargo(&["build", "--workspace", "--all-targets", "--features", FEATURES]))
}

/// Builds the programs as they are released, and what measures them.
pub fn optimised() -> Result {
    let packages = ["--package", "cadastre-desktop", "--package", "cadastre-cli", "--package", "cadastre-tests"];
    let mut build = process::cargo(&["build", "--release", "--bins", "--example", "bench"]);
    process::run(build.args(packages).args(["--features", FEATURES]))
}

/// When the newest of the interface's files and folders was changed; a folder changes when a file in it is removed.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let within = entries.filter_map(|entry| {
        let path = entry.path();
        let made = ["node_modules", "dist"].iter().any(|name| entry.file_name() == *name);
        match path.is_dir() {
            _ if made => None,
            true => newest(&path).max(modified(&path)),
            false => modified(&path),
        }
    });
    within.max()
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}
