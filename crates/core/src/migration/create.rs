//! Starting a new migration.

use crate::{Error, ErrorKind, Result};
use std::path::Path;

/// Writes `<UTC time>_<description>.up.sql` and `.down.sql` with an empty header; returns their paths.
///
/// # Errors
/// [`ErrorKind::FolderMissing`]; [`ErrorKind::Usage`] for a description without a letter;
/// [`ErrorKind::TargetNotWritable`]; [`ErrorKind::FileExists`].
pub fn create_files(folder: &Path, description: &str) -> Result<Vec<String>> {
    if !folder.is_dir() {
        return Err(ErrorKind::FolderMissing { path: folder.display().to_string() }.into());
    }
    let name = crate::tenant::derive_schema_name(description)
        .map_err(|_| Error::new(ErrorKind::Usage { reason: "A migration needs a description.".into() }))?;
    let version = chrono::Utc::now().format("%Y%m%d%H%M%S");
    let header = "-- purpose: \n-- impact: \n-- rollback: \n-- depends: nothing\n-- timeout: 1min\n\n";
    let mut written = Vec::new();
    for direction in ["up", "down"] {
        let path = folder.join(format!("{version}_{name}.{direction}.sql"));
        let file = std::fs::OpenOptions::new().write(true).create_new(true).open(&path);
        let result = file.and_then(|mut file| std::io::Write::write_all(&mut file, header.as_bytes()));
        result.map_err(|e| {
            let path = path.display().to_string();
            let kind = match e.kind() {
                std::io::ErrorKind::AlreadyExists => ErrorKind::FileExists { path },
                _ => ErrorKind::TargetNotWritable { path: folder.display().to_string() },
            };
            Error::new(kind).source(e)
        })?;
        written.push(path.display().to_string());
    }
    Ok(written)
}
