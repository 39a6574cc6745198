//! What is known of an archive, in a file beside it: where it comes from, what it must hold, and how to tell that it is
//! whole.

use crate::content::{SequenceState, TableContent};
use crate::migration::hex;
use crate::part_file::PartFile;
use crate::{Error, ErrorKind, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Changes whenever an older version would misread the file.
const FORMAT: u32 = 1;

/// The file `<id>.json` beside `<id>.dump`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of this file's form.
    pub format: u32,
    /// Names the backup.
    pub id: String,
    /// The run that wrote it: whoever goes on with a run that was killed finds what it had finished and not recorded.
    pub run: String,
    /// `archive`
    pub kind: String,
    /// Schema.
    pub schema: String,
    /// Display name of the tenant.
    pub name: String,
    /// When its rows were as they are in the archive.
    pub created: DateTime<Utc>,
    /// Operating-system user.
    pub created_by: String,
    /// Version of Cadastre.
    pub cadastre: String,
    /// Host of the server.
    pub host: String,
    /// Port of the server.
    pub port: u16,
    /// Database.
    pub database: String,
    /// Role that read the rows.
    pub role: String,
    /// Version of the server.
    pub server_version: String,
    /// `server_version_num`
    pub server_version_number: i32,
    /// Version of `pg_dump`.
    pub client_version: String,
    /// Its program and arguments.
    pub command: Vec<String>,
    /// Size of the archive.
    pub bytes: u64,
    /// SHA-256 of the archive, hexadecimal.
    pub sha256: String,
    /// Fingerprint of the structure, the order of columns included.
    pub shape: String,
    /// The same with grants.
    pub shape_with_grants: String,
    /// Rows and digest of every table.
    pub tables: Vec<TableContent>,
    /// The columns of each table in the order of their digests.
    pub columns: BTreeMap<String, Vec<String>>,
    /// Where every sequence stands.
    pub sequences: Vec<SequenceState>,
    /// Sequences that went on while the archive was written, and how far: no snapshot holds them still, and the archive has a
    /// state in between. None once it has been verified.
    pub sequences_moved: Vec<SequenceState>,
    /// Statements that make the casts of its types, which `pg_dump` leaves out of a schema.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub casts: Vec<String>,
    /// Locks that restoring it takes in one transaction, about.
    pub locks: i64,
    /// The archive was restored into a scratch schema and was the same there.
    pub verified: bool,
    /// SHA-256 of all of the above, hexadecimal.
    pub digest: String,
}

impl Manifest {
    /// The form that this version writes.
    pub(super) const FORMAT: u32 = FORMAT;

    /// Reads the file beside an archive, whether the archive is there or not.
    ///
    /// # Errors
    /// [`ErrorKind::ManifestMissing`], [`ErrorKind::ManifestInvalid`], [`ErrorKind::FileUnreadable`].
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                let path = path.with_extension("dump").display().to_string();
                Error::new(ErrorKind::ManifestMissing { path }).source(error)
            }
            _ => Error::new(ErrorKind::FileUnreadable { path: path.display().to_string() }).source(error),
        })?;
        let invalid = |reason: &str| {
            Error::new(ErrorKind::ManifestInvalid { path: path.display().to_string(), reason: reason.into() })
        };
        #[derive(Deserialize)]
        struct Head {
            format: u32,
        }
        if serde_json::from_str::<Head>(&text).is_ok_and(|head| head.format > FORMAT) {
            return Err(invalid("a newer version of Cadastre wrote it").hint("Update Cadastre."));
        }
        let manifest: Self = serde_json::from_str(&text).map_err(|error| invalid("it is no manifest").source(error))?;
        if manifest.computed() != manifest.digest {
            return Err(invalid("it was changed after it had been written"));
        }
        Ok(manifest)
    }

    /// With the digest of everything else.
    pub(super) fn sealed(mut self) -> Self {
        self.digest = self.computed();
        self
    }

    fn computed(&self) -> String {
        let plain = Self { digest: String::new(), ..self.clone() };
        // Writing this structure cannot fail: its keys are texts.
        hex(&Sha256::digest(serde_json::to_vec(&plain).unwrap_or_default()))
    }

    pub(super) fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    /// Major version of the server.
    pub(super) fn major(&self) -> u32 {
        (self.server_version_number / 10_000).unsigned_abs()
    }
}

/// An archive with its manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// The archive.
    pub path: PathBuf,
    /// What it must hold.
    pub manifest: Manifest,
}

impl Archive {
    /// Reads the manifest beside an archive; either of the two files may be named. The archive itself is not looked into.
    ///
    /// # Errors
    /// [`ErrorKind::ManifestMissing`], [`ErrorKind::ManifestInvalid`], [`ErrorKind::FileUnreadable`].
    pub fn open(path: &Path) -> Result<Self> {
        let (beside, path) = (path.with_extension("json"), path.with_extension("dump"));
        if !path.is_file() {
            return Err(ErrorKind::FileUnreadable { path: path.display().to_string() }.into());
        }
        let manifest = Manifest::read(&beside)?;
        Ok(Self { path, manifest })
    }

    /// Notes in the manifest that the archive was brought back and was the same, and where its sequences stood then.
    ///
    /// # Errors
    /// [`ErrorKind::TargetNotWritable`], [`ErrorKind::DiskFull`]: the manifest stays as it is then.
    pub(super) fn note_verified(&self, sequences: Vec<SequenceState>) -> Result<Self> {
        let proven = Manifest { sequences, sequences_moved: Vec::new(), verified: true, ..self.manifest.clone() };
        let manifest = proven.sealed();
        let mut beside = PartFile::create_private(&self.path.with_extension("json"))?;
        beside.write(manifest.text().as_bytes())?;
        beside.persist()?;
        Ok(Self { path: self.path.clone(), manifest })
    }

    /// Compares the archive with size and SHA-256 in the manifest. Reads the whole file.
    ///
    /// # Errors
    /// [`ErrorKind::ArchiveDamaged`], [`ErrorKind::FileUnreadable`].
    pub fn check(&self) -> Result<()> {
        let path = self.path.display().to_string();
        let (bytes, sha256) = sum(&self.path)
            .map_err(|error| Error::new(ErrorKind::FileUnreadable { path: path.clone() }).source(error))?;
        let reason = if bytes != self.manifest.bytes {
            format!("it has {bytes} bytes instead of {}", self.manifest.bytes)
        } else if sha256 != self.manifest.sha256 {
            format!("its SHA-256 is {sha256} instead of {}", self.manifest.sha256)
        } else {
            return Ok(());
        };
        Err(ErrorKind::ArchiveDamaged { path, reason }.into())
    }
}

/// Size and SHA-256 of a file.
fn sum(path: &Path) -> std::io::Result<(u64, String)> {
    let mut file = std::fs::File::open(path)?;
    let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 256 * 1024]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((bytes, hex(&hash.finalize()))),
            read => {
                hash.update(&buffer[..read]);
                bytes += read as u64;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Manifest {
        /// Of the archive at this place.
        pub(in crate::backup) fn example(path: &Path, run: &str, schema: &str) -> Self {
            let (bytes, sha256) = sum(path).unwrap();
            Self {
                format: FORMAT,
                id: "a".into(),
                run: run.into(),
                kind: "archive".into(),
                schema: schema.into(),
                name: "Acme".into(),
                created: DateTime::UNIX_EPOCH,
                created_by: String::new(),
                cadastre: "1".into(),
                host: "h".into(),
                port: 5432,
                database: "d".into(),
                role: "r".into(),
                server_version: "15.1".into(),
                server_version_number: 150_001,
                client_version: "15.1".into(),
                command: vec!["pg_dump".into()],
                bytes,
                sha256,
                shape: "s1:0".into(),
                shape_with_grants: "s1:0".into(),
                tables: vec![TableContent { table: "t".into(), rows: 12, digest: "0".into() }],
                columns: BTreeMap::new(),
                casts: Vec::new(),
                sequences: Vec::new(),
                sequences_moved: Vec::new(),
                locks: 3,
                verified: false,
                digest: String::new(),
            }
        }
    }

    fn write(folder: &Path) -> PathBuf {
        let path = folder.join("a.dump");
        std::fs::write(&path, b"archive").unwrap();
        std::fs::write(folder.join("a.json"), Manifest::example(&path, "5f", "acme").sealed().text()).unwrap();
        path
    }

    #[test]
    fn one_changed_byte_of_the_archive_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = write(folder.path());
        let archive = Archive::open(&path).unwrap();
        archive.check().unwrap();
        for damage in [&b"archivf"[..], b"archiv", b"archive!"] {
            std::fs::write(&path, damage).unwrap();
            assert!(matches!(archive.check().unwrap_err().kind(), ErrorKind::ArchiveDamaged { .. }));
        }
    }

    #[test]
    fn an_archive_that_was_verified_later_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = write(folder.path());
        let archive = Archive::open(&path).unwrap();
        assert!(!archive.manifest.verified);
        let noted = archive.note_verified(Vec::new()).unwrap();
        assert!(noted.manifest.verified);
        assert_eq!(Archive::open(&path).unwrap(), noted);
    }

    #[test]
    fn any_changed_value_of_the_manifest_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = write(folder.path());
        let beside = folder.path().join("a.json");
        let text = std::fs::read_to_string(&beside).unwrap();
        for (from, to) in [("12", "11"), ("false", "true"), ("\"acme\"", "\"other\""), ("1970", "1971")] {
            std::fs::write(&beside, text.replacen(from, to, 1)).unwrap();
            let error = Archive::open(&path).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::ManifestInvalid { .. }), "{from}: {error}");
        }
        std::fs::write(&beside, text.replacen("1", "2", 1)).unwrap();
        assert!(Archive::open(&path).unwrap_err().to_string().contains("newer"));
        std::fs::remove_file(&beside).unwrap();
        assert!(matches!(Archive::open(&path).unwrap_err().kind(), ErrorKind::ManifestMissing { .. }));
    }
}
