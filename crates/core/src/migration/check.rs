//! Looking at a folder without a server, and starting a new migration.

use super::Source;
use crate::{Error, ErrorKind, Result};
use serde::Serialize;
use std::path::Path;

/// Something about a migration file that its author should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Name of the file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Stable name of the rule.
    pub rule: String,
    /// `warning` or `error`.
    pub level: String,
    /// In English.
    pub message: String,
}

/// Missing headers and missing down files. What makes a folder unusable is an error of [`Source::open`] already.
pub fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut warn = |file: &str, rule: &str, message: String| {
        let (file, rule, level) = (file.to_owned(), rule.to_owned(), "warning".to_owned());
        findings.push(Finding { file, line: 1, rule, level, message });
    };
    for migration in source.migrations() {
        for header in ["purpose", "impact", "rollback"] {
            if migration.header(header).is_none() {
                warn(&migration.file, "header", format!("the header line `-- {header}:` is missing"));
            }
        }
        if migration.down.is_none() {
            warn(&migration.file, "down_file", "there is no down file".into());
        }
    }
    findings
}

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
    let header = "-- purpose: \n-- impact: \n-- rollback: \n-- depends: \n\n";
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
