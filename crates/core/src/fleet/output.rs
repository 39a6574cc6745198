//! What the programs of a run have written, tenant by tenant: files beside the local state, for their owner only. Rows of a
//! tenant may be in them, as in any program's messages, so they are in no record, journal or error.

use crate::connection::percent_encode;
use crate::local::Home;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

fn file(home: &Home, run: &str, schema: &str, ending: &str) -> PathBuf {
    // Where capitals make no difference to file names, they do to schemas.
    let name: String = percent_encode(schema)
        .chars()
        .map(|c| if c.is_ascii_uppercase() { format!("^{}", c.to_ascii_lowercase()) } else { c.to_string() })
        .collect();
    home.folder().join("output").join(run).join(format!("{name}.{ending}"))
}

/// Adds to what is kept for a tenant.
pub(crate) fn keep(home: &Home, run: &str, schema: &str, text: &str) -> io::Result<()> {
    let path = file(home, run, schema, "txt");
    make_folder(home, &path)?;
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    owner_only(&mut options);
    options.open(path)?.write_all(text.as_bytes())
}

fn make_folder(home: &Home, path: &Path) -> io::Result<()> {
    let mut folder = std::fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(path.parent().unwrap_or(home.folder()))
}

fn owner_only(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}

/// Keeps what an operation has to tell of a tenant beyond its outcome, in the place of what it told before.
pub(crate) fn keep_report(home: &Home, run: &str, schema: &str, report: &impl Serialize) -> io::Result<()> {
    let path = file(home, run, schema, "json");
    make_folder(home, &path)?;
    // A program that is killed in the middle leaves the former one.
    let new = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(true);
    owner_only(&mut options);
    options.open(&new)?.write_all(&serde_json::to_vec(report)?)?;
    std::fs::rename(new, path)
}

/// What [`keep_report`] has kept for a tenant.
pub(crate) fn report<T: DeserializeOwned>(home: &Home, run: &str, schema: &str) -> Option<T> {
    serde_json::from_slice(&std::fs::read(file(home, run, schema, "json")).ok()?).ok()
}

/// What the programs of this run have written for a tenant: the end of it, for each of them; without the password.
pub fn read(home: &Home, run: &str, schema: &str) -> Option<String> {
    let bytes = std::fs::read(file(home, run, schema, "txt")).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
