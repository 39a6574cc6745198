//! `manifest.json`: where the rows come from, what each file holds, what was left out.

use super::super::manifest::Facts;
use super::super::source::Source;
use super::super::types::ExportedTable;
use crate::content::{Relation, SequenceState};
use chrono::SecondsFormat;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Its name, which no table's file has.
pub(super) const NAME: &str = crate::part_file::LOCKED_FILE;
/// What such a manifest calls itself.
const FORMAT: &str = "cadastre-table-files";
const VERSION: u32 = 1;

/// Everything that a reader of the folder needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Manifest {
    pub(super) format: &'static str,
    pub(super) format_version: u32,
    /// `csv` or `json`.
    pub(super) layout: &'static str,
    pub(super) program: String,
    pub(super) created: String,
    pub(super) created_by: String,
    pub(super) schema: String,
    pub(super) tenant: Option<String>,
    pub(super) schema_version: Option<String>,
    pub(super) structure_fingerprint: String,
    pub(super) database: DatabaseFacts,
    pub(super) snapshot: SnapshotFacts,
    /// `all tables` or `chosen tables`.
    pub(super) contents: &'static str,
    /// Every file was read back and held what the database gave.
    pub(super) verified: bool,
    /// Cells were altered so that no spreadsheet program takes them for formulas.
    pub(super) guarded: bool,
    pub(super) altered_cells: u64,
    pub(super) tables: Vec<FileRecord>,
    pub(super) sequences: Vec<SequenceRecord>,
    pub(super) omitted: Vec<Omitted>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct DatabaseFacts {
    pub(super) name: String,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) server_version: String,
    pub(super) role: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct SnapshotFacts {
    pub(super) time: String,
    pub(super) id: String,
    pub(super) wal_position: Option<String>,
}

/// One table and its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct FileRecord {
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) file: String,
    pub(super) bytes: u64,
    pub(super) sha256: String,
    pub(super) rows: u64,
    /// Of the rows as the database gave them, whatever the guard altered.
    pub(super) digest: String,
    pub(super) altered_cells: u64,
    pub(super) columns: Vec<ColumnRecord>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct ColumnRecord {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) data_type: String,
    /// What decides how its values are written, the word that workbooks have for it too.
    pub(super) values: &'static str,
    pub(super) generated: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct SequenceRecord {
    pub(super) name: String,
    /// A text: it may be larger than a reader's numbers.
    pub(super) last_value: Option<String>,
    pub(super) is_called: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Omitted {
    pub(super) name: String,
    pub(super) kind: &'static str,
}

impl Manifest {
    /// Without what is known only at the end.
    pub(super) fn new(facts: &Facts, layout: super::Layout, partial: bool) -> Self {
        Self {
            format: FORMAT,
            format_version: VERSION,
            layout: layout.word(),
            program: format!("Cadastre {}", env!("CARGO_PKG_VERSION")),
            created: facts.created.to_rfc3339_opts(SecondsFormat::Secs, true),
            created_by: facts.created_by.clone(),
            schema: facts.schema.clone(),
            tenant: facts.tenant.clone(),
            schema_version: facts.schema_version.clone(),
            structure_fingerprint: facts.fingerprint.clone(),
            database: DatabaseFacts {
                name: facts.database.clone(),
                host: facts.host.clone(),
                port: facts.port,
                server_version: facts.server_version.clone(),
                role: facts.role.clone(),
            },
            snapshot: SnapshotFacts {
                time: facts.snapshot_time.clone(),
                id: facts.snapshot.clone(),
                wal_position: facts.wal_position.clone(),
            },
            contents: if partial { "chosen tables" } else { "all tables" },
            verified: false,
            guarded: layout == super::Layout::Csv { guarded: true },
            altered_cells: 0,
            tables: Vec::new(),
            sequences: Vec::new(),
            omitted: Vec::new(),
        }
    }

    /// What was left out.
    pub(super) fn omit(&mut self, relations: &[Relation]) {
        let kind = |relation: &Relation| if relation.partition { "partition" } else { relation.kind.word() };
        self.omitted.extend(relations.iter().map(|r| Omitted { name: r.name.clone(), kind: kind(r) }));
    }

    /// Where sequences stand.
    pub(super) fn stand(&mut self, sequences: &[SequenceState]) {
        self.sequences.extend(sequences.iter().map(|state| SequenceRecord {
            name: state.name.clone(),
            last_value: state.last_value.map(|value| value.to_string()),
            is_called: state.is_called,
        }));
    }
}

impl ColumnRecord {
    /// The columns of a table.
    pub(super) fn of(source: &Source) -> Vec<Self> {
        let record = |column: &super::super::column::Column| Self {
            name: column.name.clone(),
            data_type: column.data_type.clone(),
            values: column.kind.plain_word(),
            generated: column.generated,
        };
        source.columns.iter().map(record).collect()
    }
}

/// As much of a manifest as says what the folder holds.
#[derive(Debug, Deserialize)]
struct Listing {
    format: String,
    #[serde(default)]
    verified: bool,
    #[serde(default)]
    altered_cells: u64,
    tables: Vec<Listed>,
}

#[derive(Debug, Deserialize)]
struct Listed {
    #[serde(default)]
    name: String,
    file: String,
    #[serde(default)]
    bytes: u64,
    #[serde(default)]
    rows: u64,
    #[serde(default)]
    digest: String,
}

impl Listing {
    /// None when it is not one of ours.
    fn of(manifest: &[u8]) -> Option<Self> {
        serde_json::from_slice(manifest).ok().filter(|listing: &Self| listing.format == FORMAT)
    }
}

/// The files that a manifest names; none when it is not one of ours.
pub(super) fn files_of(manifest: &[u8]) -> Option<Vec<String>> {
    Some(Listing::of(manifest)?.tables.into_iter().map(|table| table.file).collect())
}

/// What a finished folder says of itself.
#[derive(Debug)]
pub(in super::super) struct FolderContents {
    /// Of all files.
    pub(in super::super) bytes: u64,
    pub(in super::super) tables: Vec<ExportedTable>,
    pub(in super::super) altered_cells: u64,
    pub(in super::super) verified: bool,
}

/// Reads the manifest of a finished folder.
pub(in super::super) fn read(folder: &Path) -> Option<FolderContents> {
    let text = std::fs::read(folder.join(NAME)).ok()?;
    let Listing { tables, altered_cells, verified, .. } = Listing::of(&text)?;
    let bytes = text.len() as u64 + tables.iter().map(|table| table.bytes).sum::<u64>();
    let table = |listed: Listed| ExportedTable { table: listed.name, rows: listed.rows, digest: listed.digest };
    Some(FolderContents { bytes, tables: tables.into_iter().map(table).collect(), altered_cells, verified })
}
