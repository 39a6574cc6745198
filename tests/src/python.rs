//! The Python tools that tests migrate with, and projects for them.

use crate::process::installed;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

static ENVIRONMENT: OnceLock<PathBuf> = OnceLock::new();

/// The folder of `alembic` and of a `python` that knows Django and django-tenants. Made by whoever asks first, from the
/// machine's Python package index, and kept in the target folder for as long as `requirements.txt` stays the same.
///
/// # Panics
/// When Python or its virtual environments are missing, or the packages cannot be had.
pub fn python_tools() -> &'static Path {
    ENVIRONMENT.get_or_init(make)
}

fn make() -> PathBuf {
    let requirements = fixtures().join("requirements.txt");
    let wanted = fs::read_to_string(&requirements).expect("the list of packages");
    let test = std::env::current_exe().expect("the path of this test");
    // target/debug/deps/<test> → target/python
    let folder = test.ancestors().nth(3).expect("the target folder").join("python");
    fs::create_dir_all(&folder).expect("a folder in target");
    // Several test programs may want it at the same time.
    let lock = File::create(folder.join("lock")).expect("a lock file");
    lock.lock().expect("the lock");
    let (environment, made) = (folder.join("environment"), folder.join("made-from.txt"));
    let programs = environment.join("bin");
    if fs::read_to_string(&made).is_ok_and(|from| from == wanted) && programs.join("alembic").is_file() {
        return programs;
    }
    let _ = fs::remove_file(&made);
    let _ = fs::remove_dir_all(&environment);
    let python = installed("python3", "python3 python3-venv");
    run(Command::new(python).args(["-m", "venv"]).arg(&environment), "virtual environments: apt install python3-venv");
    let mut pip = Command::new(programs.join("python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(&requirements);
    run(&mut pip, "the packages of tests/fixtures/requirements.txt from the Python package index");
    fs::write(&made, wanted).expect("the note of what it was made from");
    programs
}

fn run(command: &mut Command, wanted: &str) {
    let output = command.output().unwrap_or_else(|error| panic!("this test needs {wanted} ({error})"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "this test needs {wanted}\n{said}");
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Copies one of the projects in `tests/fixtures`.
///
/// # Panics
/// When that does not work.
pub fn copy_project(name: &str, to: &Path) {
    copy(&fixtures().join(name), to);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the project").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("the file is copied");
        }
    }
}
