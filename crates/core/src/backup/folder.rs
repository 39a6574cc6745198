//! The backups in a folder.

use super::manifest::{Archive, Manifest};
use crate::error::WireError;
use crate::{Error, ErrorKind, Result};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A backup, for lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Backup {
    /// Names it.
    pub id: String,
    /// The archive.
    pub path: String,
    /// `archive`
    pub kind: String,
    /// Schemas in it.
    pub tenants: Vec<String>,
    /// Display name of the tenant.
    pub name: String,
    /// When its rows were as they are in the archive: RFC 3339, UTC.
    pub created: String,
    /// `database @ host:port` that it comes from.
    pub database: String,
    /// Size.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub bytes: u64,
    /// Rows of all tables.
    #[cfg_attr(feature = "specta", specta(type = u32))]
    pub rows: u64,
    /// It was restored into a scratch schema and was the same there.
    pub verified: bool,
    /// Why it cannot be used, when its manifest cannot be read.
    pub problem: Option<WireError>,
}

impl Backup {
    pub(super) fn of(archive: &Archive) -> Self {
        let Manifest { id, kind, schema, name, created, database, host, port, bytes, verified, .. } = &archive.manifest;
        Self {
            id: id.clone(),
            path: archive.path.display().to_string(),
            kind: kind.clone(),
            tenants: vec![schema.clone()],
            name: name.clone(),
            created: created.to_rfc3339_opts(SecondsFormat::Secs, true),
            database: format!("{database} @ {host}:{port}"),
            bytes: *bytes,
            rows: archive.manifest.rows(),
            verified: *verified,
            problem: None,
        }
    }

    fn broken(path: &Path, error: &Error) -> Self {
        Self {
            id: stem(path),
            path: path.display().to_string(),
            kind: "archive".into(),
            tenants: Vec::new(),
            name: String::new(),
            created: String::new(),
            database: String::new(),
            bytes: path.metadata().map_or(0, |file| file.len()),
            rows: 0,
            verified: false,
            problem: Some(error.into()),
        }
    }
}

/// The backups in a folder, newest first; those that cannot be used come last.
///
/// # Errors
/// [`ErrorKind::FolderMissing`].
pub fn list(folder: &Path) -> Result<Vec<Backup>> {
    let missing = || ErrorKind::FolderMissing { path: folder.display().to_string() };
    let entries = std::fs::read_dir(folder).map_err(|error| Error::new(missing()).source(error))?;
    let archives = entries.flatten().map(|entry| entry.path());
    let archives = archives.filter(|path| path.extension().is_some_and(|ending| ending == "dump"));
    let mut found: Vec<Backup> = archives
        .map(|path| match Archive::open(&path) {
            Ok(archive) => Backup::of(&archive),
            Err(error) => Backup::broken(&path, &error),
        })
        .collect();
    found.sort_by(|a, b| b.created.cmp(&a.created).then_with(|| a.id.cmp(&b.id)));
    Ok(found)
}

/// The archives of a run in a folder, by schema. Those of `unrecorded` schemas are read from beginning to end, and are only
/// there when they are, byte for byte, what their manifests say.
pub(super) fn written_by(folder: &Path, run: &str, unrecorded: &[String]) -> HashMap<String, Archive> {
    let whole = |archive: &Archive| {
        let Manifest { run: of, schema, .. } = &archive.manifest;
        of == run && (!unrecorded.contains(schema) || archive.check().is_ok())
    };
    let found = files(folder, "dump").filter_map(|path| Archive::open(&path).ok()).filter(whole);
    found.map(|archive| (archive.manifest.schema.clone(), archive)).collect()
}

/// Removes the manifests that a killed run left for archives that never got their name.
pub(super) fn remove_widowed(folder: &Path, run: &str) {
    for path in files(folder, "json").filter(|path| !path.with_extension("dump").exists()) {
        if Manifest::read(&path).is_ok_and(|manifest| manifest.run == run) {
            let _ = std::fs::remove_file(path);
        }
    }
}

fn files(folder: &Path, ending: &'static str) -> impl Iterator<Item = PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(move |path| path.extension().is_some_and(|found| found == ending))
}

/// The backup that a person names: a file, or an id in a folder, of which the beginning is enough.
///
/// # Errors
/// [`ErrorKind::BackupMissing`] when nothing fits, or several do; what [`Archive::open`] reports.
pub fn find(name: &str, folder: Option<&Path>) -> Result<Archive> {
    let path = Path::new(name);
    if path.is_file() {
        return Archive::open(path);
    }
    let missing = || Error::new(ErrorKind::BackupMissing { id: name.to_owned() });
    let Some(folder) = folder else {
        return Err(missing().hint("Name the file, or the folder with --from."));
    };
    let entries = std::fs::read_dir(folder)
        .map_err(|error| Error::new(ErrorKind::FolderMissing { path: folder.display().to_string() }).source(error))?;
    let archives = entries.flatten().map(|entry| entry.path());
    let archives = archives.filter(|path| path.extension().is_some_and(|ending| ending == "dump"));
    let fits: Vec<_> = archives.filter(|path| stem(path).starts_with(name)).collect();
    match fits.as_slice() {
        [] => Err(missing()),
        [one] => Archive::open(one),
        several => match several.iter().find(|path| stem(path) == name) {
            Some(exact) => Archive::open(exact),
            None => {
                let ids: Vec<String> = several.iter().map(|path| stem(path)).collect();
                Err(missing().detail(format!("Several begin like that: {}.", ids.join(", "))))
            }
        },
    }
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// An id that tells what it is, in characters that every file system takes.
pub(super) fn new_id(schema: &str, now: DateTime<Utc>) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    let name: String = schema.chars().map(plain).take(40).collect();
    // -x would be an option.
    let name = match name.trim_matches('-') {
        "" => "tenant",
        name => name,
    };
    let random = uuid::Uuid::new_v4().simple().to_string();
    format!("{name}-{}-{}", now.format("%Y%m%dT%H%M%SZ"), &random[..4])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_good_file_name_for_any_schema() {
        let id = new_id("../É \"x*\u{1}:", DateTime::UNIX_EPOCH);
        assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)), "{id}");
        assert!(!id.starts_with('-') && id.contains("19700101T000000Z"));
        assert_ne!(new_id("a", DateTime::UNIX_EPOCH), new_id("b", DateTime::UNIX_EPOCH));
    }

    #[test]
    fn what_a_run_has_finished_is_found_and_what_it_left_half_way_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        let write = |id: &str, run: &str, schema: &str| {
            std::fs::write(file(&format!("{id}.dump")), b"archive").unwrap();
            let manifest = Manifest::example(&file(&format!("{id}.dump")), run, schema);
            std::fs::write(file(&format!("{id}.json")), manifest.sealed().text()).unwrap();
        };
        write("a", "mine", "acme");
        write("b", "another", "other");
        write("c", "mine", "damaged");
        std::fs::write(file("c.dump"), b"archivf").unwrap();
        write("d", "mine", "nameless");
        std::fs::remove_file(file("d.dump")).unwrap();
        write("e", "another", "nameless");
        std::fs::remove_file(file("e.dump")).unwrap();
        std::fs::write(file("notes.json"), "{}").unwrap();

        let unrecorded = ["acme", "other", "damaged", "nameless"].map(str::to_owned);
        let found = written_by(folder.path(), "mine", &unrecorded);
        assert_eq!(found.keys().collect::<Vec<_>>(), ["acme"]);
        assert_eq!(found["acme"].path, file("a.dump"));
        remove_widowed(folder.path(), "mine");
        let left = ["a.json", "b.json", "c.json", "e.json", "notes.json"];
        assert!(left.iter().all(|name| file(name).exists()) && !file("d.json").exists());
    }

    #[test]
    fn an_archive_without_manifest_is_listed_with_its_problem() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x.dump"), "").unwrap();
        std::fs::write(folder.path().join("y.json"), "{}").unwrap();
        let found = list(folder.path()).unwrap();
        assert_eq!(found.len(), 1);
        assert!(found[0].problem.as_ref().is_some_and(|p| p.code == "manifest_missing"));
        assert!(find("x", Some(folder.path())).is_err());
        assert!(matches!(find("z", Some(folder.path())).unwrap_err().kind(), ErrorKind::BackupMissing { .. }));
    }
}
