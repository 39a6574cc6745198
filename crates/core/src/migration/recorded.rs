//! A template beside a history that was recorded elsewhere: whether its files make what that tenant had applied.

use super::{History, Migration, Source, lint};
use std::collections::BTreeSet;

/// Why the files of a template do not make what a history says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Unfit {
    /// Versions of the history that have no file.
    pub(crate) missing: Vec<i64>,
    /// Files whose text is not the one that was applied.
    pub(crate) changed: Vec<String>,
    /// Versions that were not at their end.
    pub(crate) half_way: Vec<i64>,
    /// Files that begin or end a transaction, each with the line: what they had done by then would stay.
    pub(crate) ending: Vec<String>,
}

/// Compares the files with the history, line ends aside.
pub(crate) fn unfit(source: &Source, history: &History) -> Unfit {
    let mut unfit = Unfit::default();
    for (version, applied) in history.iter() {
        match source.get(version) {
            _ if !applied.success => unfit.half_way.push(version),
            None => unfit.missing.push(version),
            Some(migration) if !migration.is_text_of(&applied.checksum) => unfit.changed.push(migration.file.clone()),
            Some(migration) => {
                let line = lint::ends_transaction(&migration.up);
                unfit.ending.extend(line.map(|line| format!("{}, line {line}", migration.file)));
            }
        }
    }
    unfit
}

/// The source with the versions of a history alone, and without the rows that a new tenant starts with.
pub(crate) fn as_of(source: &Source, history: &History) -> Source {
    source.clone().with_versions(|version| history.get(version).is_some())
}

impl Source {
    fn with_versions(mut self, wanted: impl Fn(i64) -> bool) -> Self {
        self.seed = None;
        self.migrations.retain(|migration| wanted(migration.version));
        self
    }

    /// Schemas besides the tenant's that some file may change.
    pub(crate) fn touches_any(&self) -> BTreeSet<String> {
        self.migrations().iter().flat_map(|migration: &Migration| self.touches(migration)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_history_has_is_looked_for_in_the_files() {
        let folder = tempfile::tempdir().unwrap();
        let texts =
            [("1_a.sql", "select 1;\n"), ("2_b.sql", "-- touches: public\nselect 2;\n"), ("4_d.sql", "select 4;\n")];
        for (file, text) in texts {
            std::fs::write(folder.path().join(file), text).unwrap();
        }
        let source = Source::folder(folder.path()).unwrap();
        let mut history = History::default();
        // The same text with other line ends.
        let sum = |text: &str| super::super::hex(&<sha2::Sha384 as sha2::Digest>::digest(text));
        assert!(history.note(1, true, &sum("select 1;\r\n")) && history.note(2, true, &sum("select 'other';")));
        assert!(history.note(3, true, "00") && history.note(4, false, "00") && !history.note(5, true, "x"));
        let expected =
            Unfit { missing: vec![3], changed: vec!["2_b.sql".into()], half_way: vec![4], ending: Vec::new() };
        assert_eq!(unfit(&source, &history), expected);
        let early = as_of(&source, &{
            let mut history = History::default();
            history.note(2, true, "00");
            history
        });
        assert_eq!(early.migrations().iter().map(|m| m.version).collect::<Vec<_>>(), [2]);
        assert_eq!(early.touches_any(), BTreeSet::from(["public".to_owned()]));
    }
}
