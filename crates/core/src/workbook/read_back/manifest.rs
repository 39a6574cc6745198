//! What a workbook says about itself, read from `_manifest` and `_structure`.

use super::Fault;
use crate::content::{RelationKind, SequenceState};
use crate::migration::History;
use crate::shape::{Record, Shape, of_records};
use crate::workbook::book::{MANIFEST, STRUCTURE};
use crate::workbook::column::{CellKind, Column};
use crate::workbook::manifest::FORMAT_VERSION;
use crate::workbook::structure::{self, RowsDigest};
use std::collections::{BTreeMap, HashMap};

/// A row of one of our own sheets, as texts.
pub(super) type TextRow = Vec<Option<String>>;

/// The manifest of a workbook.
#[derive(Debug, Clone)]
pub(in crate::workbook) struct Manifest {
    pub(in crate::workbook) properties: BTreeMap<String, String>,
    /// In the order of their sheets.
    pub(in crate::workbook) tables: Vec<ManifestTable>,
    pub(in crate::workbook) sequences: Vec<SequenceState>,
    /// Name and kind.
    pub(in crate::workbook) omitted: Vec<(String, String)>,
    pub(in crate::workbook) by_hand: Vec<String>,
    /// What the tenant had applied.
    pub(in crate::workbook) history: History,
    /// It is what was written.
    pub(in crate::workbook) intact: bool,
}

/// A table in the manifest.
#[derive(Debug, Clone)]
pub(in crate::workbook) struct ManifestTable {
    pub(in crate::workbook) name: String,
    pub(in crate::workbook) kind: RelationKind,
    pub(in crate::workbook) rows: u64,
    pub(in crate::workbook) digest: String,
    pub(in crate::workbook) columns: Vec<Column>,
    /// Sheet and rows of data.
    pub(in crate::workbook) sheets: Vec<(String, u64)>,
}

impl ManifestTable {
    /// Its rows are its own, not those of others that it shows.
    pub(in crate::workbook) fn has_own_rows(&self) -> bool {
        matches!(self.kind, RelationKind::Table | RelationKind::Partitioned)
    }
}

impl Manifest {
    pub(super) fn empty() -> Self {
        Self {
            properties: BTreeMap::new(),
            tables: Vec::new(),
            sequences: Vec::new(),
            omitted: Vec::new(),
            by_hand: Vec::new(),
            history: History::default(),
            intact: false,
        }
    }

    /// Reads the sheet's rows.
    pub(super) fn of_rows(rows: impl Iterator<Item = TextRow>) -> Result<Self, Fault> {
        let mut manifest = Self::empty();
        let mut digest = RowsDigest::default();
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut stated = None;
        for row in rows {
            let Some(kind) = row.first().cloned().flatten() else { continue };
            let cell = |index: usize| row.get(index).and_then(Option::as_deref).unwrap_or_default();
            if kind == "digest" {
                stated = Some(cell(3).to_owned());
                continue;
            }
            digest.row(row.iter().map(Option::as_deref));
            manifest.row(&kind, &cell, &mut places)?;
        }
        manifest.intact = stated.as_deref() == Some(digest.text().as_str());
        match manifest.property("format_version") {
            FORMAT_VERSION => Ok(manifest),
            "" => Err(Fault::foreign("the sheet _manifest has no format_version")),
            other => {
                Err(Fault::foreign(&format!("its format is version {other}, and this program reads {FORMAT_VERSION}")))
            }
        }
    }

    fn row<'a>(
        &mut self,
        kind: &str,
        cell: &impl Fn(usize) -> &'a str,
        places: &mut HashMap<String, usize>,
    ) -> Result<(), Fault> {
        let wrong = |what: &str| Fault::at(MANIFEST, 0, &format!("{what} of {:?} cannot be read", cell(1)));
        let number = |index: usize, what: &str| cell(index).parse::<u64>().map_err(|_| wrong(what));
        let table = |manifest: &mut Self| -> Result<usize, Fault> {
            let found = places.get(cell(1)).copied();
            found.filter(|at| *at < manifest.tables.len()).ok_or_else(|| wrong("the table"))
        };
        match kind {
            "property" => {
                self.properties.insert(cell(1).to_owned(), cell(3).to_owned());
            }
            "table" => {
                places.insert(cell(1).to_owned(), self.tables.len());
                self.tables.push(ManifestTable {
                    name: cell(1).to_owned(),
                    kind: RelationKind::of_word(cell(2)).ok_or_else(|| wrong("the kind"))?,
                    rows: number(3, "the number of rows")?,
                    digest: cell(6).to_owned(),
                    columns: Vec::new(),
                    sheets: Vec::new(),
                });
            }
            "sheet" => {
                let at = table(self)?;
                self.tables[at].sheets.push((cell(2).to_owned(), number(4, "the number of rows")?));
            }
            "column" => {
                let at = table(self)?;
                self.tables[at].columns.push(Column {
                    name: cell(2).to_owned(),
                    data_type: cell(3).to_owned(),
                    kind: CellKind::of_word(cell(4)).ok_or_else(|| wrong("the cells of a column"))?,
                    characters: None,
                    generated: false,
                });
            }
            "sequence" => {
                let last_value = match cell(2) {
                    "" => None,
                    value => Some(value.parse().map_err(|_| wrong("the last value"))?),
                };
                let is_called = cell(3) == "true";
                self.sequences.push(SequenceState { name: cell(1).to_owned(), last_value, is_called });
            }
            "migration" => {
                let version = cell(1).parse().map_err(|_| wrong("the version"))?;
                if !self.history.note(version, cell(3) == "true", cell(2)) {
                    return Err(wrong("the checksum"));
                }
            }
            "omitted" => self.omitted.push((cell(1).to_owned(), cell(2).to_owned())),
            "by_hand" => self.by_hand.push(cell(1).to_owned()),
            _ => return Err(Fault::at(MANIFEST, 0, &format!("{kind:?} is no kind of row"))),
        }
        Ok(())
    }

    /// A property, empty where there is none.
    pub(in crate::workbook) fn property(&self, key: &str) -> &str {
        self.properties.get(key).map_or("", String::as_str)
    }
}

/// The shape in `_structure`, and whether its digest is that of the manifest.
pub(super) fn structure(manifest: &Manifest, rows: Vec<TextRow>) -> Result<(Shape, bool), Fault> {
    let mut digest = RowsDigest::default();
    rows.iter().for_each(|row| digest.row(row.iter().map(Option::as_deref)));
    let intact = digest.text() == manifest.property("structure_digest");
    let fault = |what: String| Fault::at(STRUCTURE, 0, &what);
    let records: Vec<Record> = structure::records(rows.into_iter()).map_err(fault)?;
    let shape = of_records(manifest.property("schema"), manifest.property("owner"), records).map_err(fault)?;
    Ok((shape, intact))
}
