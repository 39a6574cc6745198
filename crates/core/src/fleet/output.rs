//! What the programs of a run have written, tenant by tenant: files beside the local state, for their owner only. Rows of a
//! tenant may be in them, as in any program's messages, so they are in no record, journal or error.

use crate::connection::percent_encode;
use crate::local::Home;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::PathBuf;

fn file(home: &Home, run: &str, schema: &str) -> PathBuf {
    // Where capitals make no difference to file names, they do to schemas.
    let name: String = percent_encode(schema)
        .chars()
        .map(|c| if c.is_ascii_uppercase() { format!("^{}", c.to_ascii_lowercase()) } else { c.to_string() })
        .collect();
    home.folder().join("output").join(run).join(format!("{name}.txt"))
}

/// Adds to what is kept for a tenant.
pub(crate) fn keep(home: &Home, run: &str, schema: &str, text: &str) -> io::Result<()> {
    let path = file(home, run, schema);
    let mut folder = std::fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(path.parent().unwrap_or(home.folder()))?;
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

/// What the programs of this run have written for a tenant: the end of it, for each of them; without the password.
pub fn read(home: &Home, run: &str, schema: &str) -> Option<String> {
    let bytes = std::fs::read(file(home, run, schema)).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
