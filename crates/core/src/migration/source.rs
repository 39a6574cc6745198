//! A set of migrations: a folder, or a template inside the program.

use super::text::{self, Comparison};
use super::{Applied, Direction, Header, History, Hook, Migration, Migrator, TemplateInfo, When};
use crate::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha384};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

type Files = &'static [(&'static str, &'static [u8])];
static SHIPPED: &[(&str, Files)] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));
static REGISTRY: Files = include!(concat!(env!("OUT_DIR"), "/registry.rs"));

/// Migrations in version order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Source {
    name: String,
    folder: bool,
    header: Header,
    pub(super) seed: Option<(String, String)>,
    pub(super) migrations: Vec<Migration>,
    /// Texts of the SQL hooks, by file name.
    #[serde(default)]
    hooks: BTreeMap<String, String>,
    /// The folder, from the root of the file system: commands run there.
    #[serde(default)]
    path: Option<PathBuf>,
}

impl Source {
    /// Opens a shipped template by name, or a folder by path. A name with a path separator, or that of an existing
    /// folder, is a folder.
    ///
    /// # Errors
    /// [`ErrorKind::FolderMissing`], [`ErrorKind::TemplateMissing`], [`ErrorKind::FolderEmpty`],
    /// [`ErrorKind::MigrationFileInvalid`] naming the file.
    pub fn open(name: &str) -> Result<Self> {
        let path = Path::new(name);
        if path.is_dir() {
            return Self::folder(path);
        }
        if let Some((name, files)) = SHIPPED.iter().find(|(shipped, _)| *shipped == name) {
            return Self::embedded(name, files);
        }
        if name.contains(['/', '\\']) || name.starts_with('.') {
            return Err(ErrorKind::FolderMissing { path: name.to_owned() }.into());
        }
        Err(ErrorKind::TemplateMissing { name: name.to_owned() }.into())
    }

    /// Reads a folder of migrations. Files of other kinds are left alone.
    pub fn folder(path: &Path) -> Result<Self> {
        let shown = path.display().to_string();
        let entries = match std::fs::read_dir(path) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(ErrorKind::FolderMissing { path: shown }.into());
            }
            Err(e) => return Err(Error::new(ErrorKind::FileUnreadable { path: shown }).source(e)),
        };
        let mut files = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|e| Error::new(ErrorKind::FileUnreadable { path: shown.clone() }).source(e))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let wanted = name.ends_with(".sql") || name == "template.toml";
            if wanted && entry.path().is_file() {
                let content = std::fs::read(entry.path()).map_err(|e| {
                    Error::new(ErrorKind::FileUnreadable { path: entry.path().display().to_string() }).source(e)
                })?;
                files.push((name, Cow::Owned(content)));
            }
        }
        let name = path.file_name().map_or_else(|| shown.clone(), |n| n.to_string_lossy().into_owned());
        let source = Self::parse(name, true, files).map_err(|e| match e.kind() {
            ErrorKind::FolderEmpty { .. } => e.as_kind(ErrorKind::FolderEmpty { path: shown.clone() }),
            _ => e,
        })?;
        let path = path.canonicalize().map_err(|e| Error::new(ErrorKind::FileUnreadable { path: shown }).source(e))?;
        Ok(Self { path: Some(path), ..source })
    }

    /// The templates inside the program, by name.
    pub fn shipped() -> Result<Vec<Self>> {
        SHIPPED.iter().map(|(name, files)| Self::embedded(name, files)).collect()
    }

    /// The migrations of Cadastre's own tables in a database.
    pub(crate) fn registry() -> Result<Self> {
        Self::embedded("registry", REGISTRY)
    }

    fn embedded(name: &str, files: Files) -> Result<Self> {
        let files = files.iter().map(|(name, content)| ((*name).to_owned(), Cow::Borrowed(*content))).collect();
        Self::parse(name.to_owned(), false, files)
    }

    fn parse(name: String, folder: bool, mut files: Vec<(String, Cow<'_, [u8]>)>) -> Result<Self> {
        files.sort_by(|a, b| a.0.cmp(&b.0));
        let mut header = Header::default();
        let mut others = BTreeMap::new();
        let mut ups: BTreeMap<i64, Migration> = BTreeMap::new();
        let mut downs: BTreeMap<i64, (String, String, bool)> = BTreeMap::new();
        for (file, content) in files {
            let checksum = Sha384::digest(&content).to_vec();
            let text =
                String::from_utf8(content.into_owned()).map_err(|e| invalid(&file, "it is not UTF-8").source(e))?;
            if text.contains('\0') {
                return Err(invalid(&file, "it contains a NUL character"));
            }
            let (text, marked) = text::without_mark(text);
            if file == "template.toml" {
                header = Header::parse(&file, &text)?;
                continue;
            }
            let Some((version, description, down)) = file_name(&file) else {
                others.insert(file, text);
                continue;
            };
            if down {
                if downs.insert(version, (file.clone(), text, marked)).is_some() {
                    return Err(invalid(&file, "another down file has the same version"));
                }
            } else {
                let migration = Migration {
                    version,
                    description,
                    file: file.clone(),
                    checksum,
                    up: text,
                    down: None,
                    marked: if marked { vec![Direction::Up] } else { Vec::new() },
                    alike: OnceLock::new(),
                };
                if ups.insert(version, migration).is_some() {
                    return Err(invalid(&file, "another file has the same version"));
                }
            }
        }
        for (version, (file, text, marked)) in downs {
            match ups.get_mut(&version) {
                Some(up) => {
                    up.down = Some(text);
                    up.marked.extend(marked.then_some(Direction::Down));
                }
                None => return Err(invalid(&file, "it has no up file")),
            }
        }
        if header.migrator.is_some() && !ups.is_empty() {
            return Err(invalid("template.toml", "it names a migrator, and there are SQL files to migrate with"));
        }
        if ups.is_empty() && header.migrator.is_none() {
            return Err(ErrorKind::FolderEmpty { path: name }.into());
        }
        let seed = match &header.seed {
            Some(file) => match others.remove(file) {
                Some(text) => Some((file.clone(), text)),
                None => return Err(invalid("template.toml", &format!("the seed file {file} is not there"))),
            },
            None => None,
        };
        let mut hooks = BTreeMap::new();
        for file in header.hooks.iter().filter_map(|hook| hook.sql.as_ref()) {
            match others.remove(file) {
                Some(text) => {
                    if let Some((line, reason)) = super::lint::unsendable(&text) {
                        return Err(invalid(file, &format!("line {line}: {reason}")));
                    }
                    hooks.insert(file.clone(), text);
                }
                None if hooks.contains_key(file) => {}
                None => return Err(invalid("template.toml", &format!("the hook's file {file} is not there"))),
            }
        }
        let commands = header.migrator.is_some() || header.hooks.iter().any(|hook| !hook.command.is_empty());
        if !folder && commands {
            return Err(invalid("template.toml", "only a folder can name commands"));
        }
        Ok(Self { name, folder, header, seed, migrations: ups.into_values().collect(), hooks, path: None })
    }

    /// Name of the template, or of the folder.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What `template.toml` says.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// File name and text of the data that a new tenant starts with.
    pub fn seed(&self) -> Option<(&str, &str)> {
        self.seed.as_ref().map(|(file, text)| (file.as_str(), text.as_str()))
    }

    /// The tool that migrates the tenants in the place of SQL files.
    pub fn migrator(&self) -> Option<&Migrator> {
        self.header.migrator.as_ref()
    }

    /// The hooks of this moment, in their order.
    pub(super) fn hooks(&self, direction: Direction, when: When) -> impl Iterator<Item = &Hook> {
        self.header.hooks.iter().filter(move |hook| hook.when == when && hook.direction == direction)
    }

    /// Schemas that a migration may change besides the tenant's: what its header and the template say.
    pub(super) fn touches(&self, migration: &Migration) -> Vec<String> {
        let of_file = migration.header("touches").unwrap_or_default();
        let of_file = of_file.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        of_file.chain(self.header.touches.iter().cloned()).collect()
    }

    /// The beginning of a plan's fingerprint: the way, every file as it is now, and what `template.toml` says.
    pub(super) fn state(&self, direction: Direction) -> Sha256 {
        let mut state = Sha256::new();
        state.update(if direction == Direction::Up { "up" } else { "down" });
        for (file, text) in self.texts() {
            state.update(format!("{file}\0{}\0", text.len()));
            state.update(text);
        }
        state.update(format!("{:?}", self.header));
        state
    }

    /// Every file with its text.
    pub(super) fn texts(&self) -> impl Iterator<Item = (String, &str)> {
        let both = [Direction::Up, Direction::Down];
        let files = self.migrations.iter().flat_map(move |m| both.map(|way| Some((m.file_name(way), m.text(way)?))));
        files.flatten().chain(self.hooks.iter().map(|(file, text)| (file.clone(), text.as_str())))
    }

    /// Text of an SQL hook.
    pub(super) fn hook(&self, file: &str) -> Option<&str> {
        self.hooks.get(file).map(String::as_str)
    }

    /// Where commands run: `directory` of the migrator, from the folder on.
    pub(super) fn directory(&self) -> PathBuf {
        let folder = self.path.clone().unwrap_or_default();
        match self.migrator().and_then(|migrator| migrator.directory.as_ref()) {
            Some(directory) => folder.join(directory),
            None => folder,
        }
    }

    /// In version order.
    pub fn migrations(&self) -> &[Migration] {
        &self.migrations
    }

    /// The migration of this version.
    pub fn get(&self, version: i64) -> Option<&Migration> {
        self.migrations.binary_search_by_key(&version, |m| m.version).ok().map(|i| &self.migrations[i])
    }

    /// The form that a run's record keeps.
    pub(super) fn to_record(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads [`Self::to_record`].
    pub(super) fn from_record(record: &str) -> Option<Self> {
        serde_json::from_str(record).ok()
    }

    /// Versions not in the history, or half-way there, in order.
    pub fn pending(&self, history: &History) -> Vec<i64> {
        let is_pending = |version: &i64| history.get(*version).is_none_or(Applied::is_on_its_way);
        self.migrations.iter().map(|m| m.version).filter(is_pending).collect()
    }

    /// Versions that were applied with other line ends than the files have now.
    pub(super) fn other_line_endings(&self, history: &History) -> impl Iterator<Item = i64> {
        let differ = |m: &&Migration| {
            history.get(m.version).is_some_and(|row| m.compare(&row.checksum) == Comparison::LineEndings)
        };
        self.migrations.iter().filter(differ).map(|m| m.version)
    }

    /// The tenant has applied the first migration of this source: it was made from it.
    pub fn is_origin_of(&self, history: &History) -> bool {
        let first = self.migrations.first();
        first.is_some_and(|m| history.get(m.version).is_some_and(|a| m.is_text_of(&a.checksum)))
    }

    /// For the list of templates.
    pub fn info(&self) -> TemplateInfo {
        let title = |text: &str| if text.is_empty() { self.name.clone() } else { text.to_owned() };
        TemplateInfo {
            name: self.name.clone(),
            title_en: title(&self.header.title.en),
            title_fr: title(&self.header.title.fr),
            description_en: self.header.description.en.clone(),
            description_fr: self.header.description.fr.clone(),
            migrations: self.migrations.len() as u32,
            newest: self.migrations.last().map(|m| m.version),
        }
    }

    /// The folder was named by path, not shipped.
    pub fn is_folder(&self) -> bool {
        self.folder
    }
}

/// `<version>_<description>[.up|.down].sql`, as sqlx reads it.
fn file_name(file: &str) -> Option<(i64, String, bool)> {
    let (version, rest) = file.split_once('_')?;
    let version = version.parse().ok()?;
    let rest = rest.strip_suffix(".sql")?;
    let (rest, down) = match rest.strip_suffix(".down") {
        Some(rest) => (rest, true),
        None => (rest.strip_suffix(".up").unwrap_or(rest), false),
    };
    Some((version, rest.replace('_', " "), down))
}

fn invalid(file: &str, reason: &str) -> Error {
    Error::new(ErrorKind::MigrationFileInvalid { file: file.to_owned(), reason: reason.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    #[test]
    fn a_folder_is_read_in_version_order_as_sqlx_reads_it() {
        let folder = write(&[
            ("10_second_step.up.sql", "-- purpose: more\nselect 2;"),
            ("10_second_step.down.sql", "select -2;"),
            ("2_first.sql", "select 1;"),
            ("notes.txt", "x"),
            ("helper.sql", "select 0;"),
        ]);
        let source = Source::folder(folder.path()).unwrap();
        let versions: Vec<_> = source.migrations().iter().map(|m| (m.version, m.description.as_str())).collect();
        assert_eq!(versions, [(2, "first"), (10, "second step")]);
        assert_eq!(source.get(10).unwrap().header("purpose").as_deref(), Some("more"));
        assert!(source.get(10).unwrap().down.is_some());
    }

    #[test]
    fn the_checksum_is_that_of_sqlx() {
        let folder = write(&[("1_a.sql", "select 1;\n")]);
        let ours = Source::folder(folder.path()).unwrap();
        let theirs = sqlx::migrate::Migration::new(
            1,
            "a".into(),
            sqlx::migrate::MigrationType::Simple,
            sqlx::SqlSafeStr::into_sql_str("select 1;\n"),
            false,
        );
        assert_eq!(ours.migrations()[0].checksum, theirs.checksum.to_vec());
    }

    #[test]
    fn a_byte_order_mark_is_in_the_checksum_and_not_in_what_is_sent() {
        let folder = write(&[("1_a.sql", "\u{feff}-- no-transaction\nselect 1;")]);
        let source = Source::folder(folder.path()).unwrap();
        let migration = &source.migrations()[0];
        assert!(migration.no_transaction(Direction::Up) && migration.has_mark(Direction::Up));
        assert_eq!(migration.checksum, Sha384::digest("\u{feff}-- no-transaction\nselect 1;").to_vec());
        let without = Sha384::digest("-- no-transaction\r\nselect 1;");
        assert_eq!(migration.compare(&without), Comparison::LineEndings);
        let recorded = Source::from_record(&source.to_record()).unwrap();
        assert_eq!(recorded.migrations()[0].compare(&without), Comparison::LineEndings);
    }

    #[test]
    fn broken_folders_are_refused_with_the_file_named() {
        let code = |files: &[(&str, &str)]| Source::folder(write(files).path()).unwrap_err();
        assert!(matches!(code(&[]).kind(), ErrorKind::FolderEmpty { .. }));
        assert!(code(&[("1_a.down.sql", "")]).to_string().contains("1_a.down.sql"));
        assert!(code(&[("1_a.sql", ""), ("01_b.sql", "")]).to_string().contains("same version"));
        let missing = Source::open("./no/such/folder").unwrap_err();
        assert!(matches!(missing.kind(), ErrorKind::FolderMissing { .. }));
    }
}
