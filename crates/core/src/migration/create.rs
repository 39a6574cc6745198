//! Starting a new migration.

use crate::{Error, ErrorKind, Result};
use chrono::{Duration, Utc};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Writes `<UTC time>_<description>.up.sql` and `.down.sql` with an empty header; returns their paths.
///
/// # Errors
/// [`ErrorKind::FolderMissing`]; [`ErrorKind::Usage`] for a description without a letter;
/// [`ErrorKind::TargetNotWritable`]; [`ErrorKind::FileExists`].
pub fn create_files(folder: &Path, description: &str) -> Result<Vec<String>> {
    let header = "-- purpose: \n-- impact: \n-- rollback: \n-- depends: nothing\n-- timeout: 1min\n\n";
    let mut written = Vec::new();
    for path in paths(folder, description)? {
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

/// The paths that [`create_files`] would write to now; writes nothing.
///
/// # Errors
/// As [`create_files`], but for those of writing.
pub fn new_files(folder: &Path, description: &str) -> Result<Vec<String>> {
    Ok(paths(folder, description)?.iter().map(|path| path.display().to_string()).collect())
}

fn paths(folder: &Path, description: &str) -> Result<[PathBuf; 2]> {
    let shown = || folder.display().to_string();
    if !folder.is_dir() {
        return Err(ErrorKind::FolderMissing { path: shown() }.into());
    }
    let name = crate::tenant::derive_schema_name(description)
        .map_err(|_| Error::new(ErrorKind::Usage { reason: "A migration needs a description.".into() }))?;
    let entries =
        std::fs::read_dir(folder).map_err(|e| Error::new(ErrorKind::FileUnreadable { path: shown() }).source(e))?;
    let taken: HashSet<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.split_once('_').map(|(version, _)| version.to_owned()))
        .collect();
    // A version is a moment; who starts two migrations within a second gets the next one for the second.
    let mut moment = Utc::now();
    let mut version = moment.format("%Y%m%d%H%M%S").to_string();
    while taken.contains(&version) {
        moment += Duration::seconds(1);
        version = moment.format("%Y%m%d%H%M%S").to_string();
    }
    Ok(["up", "down"].map(|direction| folder.join(format!("{version}_{name}.{direction}.sql"))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::Source;

    #[test]
    fn migrations_started_within_one_second_have_versions_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        for description in ["Add a colour", "Add a colour", "Drop it", "And so on"] {
            create_files(folder.path(), description).unwrap();
        }
        assert_eq!(Source::folder(folder.path()).unwrap().migrations().len(), 4);
    }

    #[test]
    fn naming_the_files_writes_none() {
        let folder = tempfile::tempdir().unwrap();
        let files = new_files(folder.path(), "Add a colour").unwrap();
        assert!(files[0].ends_with("_add_a_colour.up.sql") && files[1].ends_with("_add_a_colour.down.sql"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
