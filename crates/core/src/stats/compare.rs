//! Where tenants differ: table by table, the largest differences first, and what the comparison is of.

use super::{Figures, TableFigures, TenantStats, Totals};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A figure that tenants are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum Measure {
    /// Live rows.
    #[default]
    Rows,
    /// Tables, TOAST and indexes, bytes.
    Size,
    /// Indexes alone, bytes.
    IndexSize,
    /// Dead rows.
    DeadRows,
    /// How many indexes.
    Indexes,
    /// Scans of whole tables.
    SeqScans,
    /// Scans of indexes.
    IndexScans,
    /// Rows inserted, updated, deleted.
    Writes,
    /// Share of block reads answered from shared buffers, 0–1.
    CacheHit,
}

impl Measure {
    /// The figure of a table; `None` where nothing was read yet.
    pub fn of(self, table: &TableFigures) -> Option<f64> {
        Some(match self {
            Self::Rows => table.rows as f64,
            Self::Size => table.size_bytes as f64,
            Self::IndexSize => table.index_bytes as f64,
            Self::DeadRows => table.dead_rows as f64,
            Self::Indexes => f64::from(table.indexes),
            Self::SeqScans => table.seq_scans as f64,
            Self::IndexScans => table.index_scans as f64,
            Self::Writes => table.writes as f64,
            Self::CacheHit => return table.cache_hit,
        })
    }

    /// The figure of a whole tenant.
    pub fn of_all(self, totals: &Totals) -> Option<f64> {
        Some(match self {
            Self::Rows => totals.rows as f64,
            Self::Size => totals.size_bytes as f64,
            Self::IndexSize => totals.index_bytes as f64,
            Self::DeadRows => totals.dead_rows as f64,
            Self::Indexes => f64::from(totals.indexes),
            Self::SeqScans => totals.seq_scans as f64,
            Self::IndexScans => totals.index_scans as f64,
            Self::Writes => totals.writes as f64,
            Self::CacheHit => return totals.cache_hit,
        })
    }

    /// It is a number of bytes.
    pub fn is_size(self) -> bool {
        matches!(self, Self::Size | Self::IndexSize)
    }
}

/// A tenant at one end.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Extreme {
    /// Schema.
    pub schema: String,
    /// Its figure.
    pub value: f64,
}

/// How far apart the tenants are in one table, or as a whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Difference {
    /// The table; `None` for the sum of all.
    pub table: Option<String>,
    /// Who has least of those that have the table.
    pub least: Option<Extreme>,
    /// Half of those that have the table have no more.
    pub median: Option<f64>,
    /// Who has most.
    pub greatest: Option<Extreme>,
    /// Most less least; a table that is missing counts as 0.
    pub difference: f64,
    /// Most as a multiple of least; `None` where that is 0.
    pub ratio: Option<f64>,
    /// How many of the tenants do not have the table.
    pub missing: u32,
}

/// What a comparison is of, and what it leaves out: a result without that is easily taken for more than it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Compared {
    /// How many tenants.
    pub tenants: u32,
    /// How many tables, by name.
    pub tables: u32,
    /// How many of them not every tenant has.
    pub incomplete: u32,
    /// `counted`, `estimated`, or `partly_counted`.
    pub rows: &'static str,
    /// `files` or `relpages`.
    pub sizes: &'static str,
    /// What is in tenants and in no figure of a comparison.
    pub ignored: [&'static str; 4],
}

/// What no figure is about.
const IGNORED: [&str; 4] = ["views", "sequences", "temporary_tables", "structure"];

/// What a comparison of these tenants is of.
pub fn compared(stats: &[TenantStats], figures: Figures) -> Compared {
    let mut tables: BTreeMap<&str, usize> = BTreeMap::new();
    for table in stats.iter().flat_map(|tenant| &tenant.tables) {
        *tables.entry(&table.table).or_default() += 1;
    }
    let all = || stats.iter().flat_map(|tenant| &tenant.tables);
    let rows = match (all().any(|t| t.rows_estimated), all().any(|t| !t.rows_estimated)) {
        (true, true) => "partly_counted",
        (true, false) => "estimated",
        (false, _) if figures == Figures::Exact => "counted",
        (false, _) => "estimated",
    };
    Compared {
        tenants: stats.len() as u32,
        tables: tables.len() as u32,
        incomplete: tables.values().filter(|count| **count < stats.len()).count() as u32,
        rows,
        sizes: if figures == Figures::Estimated { "relpages" } else { "files" },
        ignored: IGNORED,
    }
}

/// How far apart the tenants are: as a whole first, then the tables that some do not have, then the others; the largest
/// difference first.
pub fn differences(stats: &[TenantStats], measure: Measure) -> Vec<Difference> {
    let mut tables: BTreeMap<&str, Vec<(&str, Option<f64>)>> = BTreeMap::new();
    for tenant in stats {
        for table in &tenant.tables {
            tables.entry(&table.table).or_default().push((&tenant.schema, measure.of(table)));
        }
    }
    let mut by_table: Vec<Difference> =
        tables.into_iter().map(|(table, figures)| difference(Some(table), &figures, stats.len())).collect();
    by_table.sort_by(|a, b| {
        let missing = (b.missing > 0).cmp(&(a.missing > 0));
        missing.then(b.difference.total_cmp(&a.difference)).then_with(|| a.table.cmp(&b.table))
    });
    let sums: Vec<_> = stats.iter().map(|t| (t.schema.as_str(), measure.of_all(&t.totals))).collect();
    let mut told = vec![difference(None, &sums, stats.len())];
    told.append(&mut by_table);
    told
}

fn difference(table: Option<&str>, figures: &[(&str, Option<f64>)], tenants: usize) -> Difference {
    let mut known: Vec<(&str, f64)> =
        figures.iter().filter_map(|(schema, value)| value.filter(|v| v.is_finite()).map(|v| (*schema, v))).collect();
    known.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.cmp(b.0)));
    let extreme =
        |end: Option<&(&str, f64)>| end.map(|(schema, value)| Extreme { schema: (*schema).into(), value: *value });
    let (least, greatest) = (extreme(known.first()), extreme(known.last()));
    let ends = least.as_ref().zip(greatest.as_ref()).map(|(a, b)| (a.value, b.value));
    Difference {
        table: table.map(Into::into),
        median: known.get(known.len().saturating_sub(1) / 2).map(|(_, value)| *value),
        difference: ends.map_or(0.0, |(a, b)| if figures.len() < tenants { b - a.min(0.0) } else { b - a }),
        ratio: ends.filter(|(a, _)| *a > 0.0).map(|(a, b)| b / a),
        missing: (tenants - figures.len()) as u32,
        least,
        greatest,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "what a test needs and does not get ends it")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tenant(schema: &str, tables: &[(&str, i64)]) -> TenantStats {
        let tables: Vec<TableFigures> = tables
            .iter()
            .map(|(table, rows)| TableFigures {
                table: (*table).into(),
                rows: *rows,
                rows_estimated: true,
                size_bytes: rows * 10,
                index_bytes: 0,
                dead_rows: 0,
                indexes: 1,
                seq_scans: 0,
                index_scans: 0,
                writes: 0,
                cache_hit: None,
            })
            .collect();
        let totals = Totals { rows: tables.iter().map(|t| t.rows).sum(), rows_estimated: true, ..Totals::default() };
        TenantStats { schema: schema.into(), name: schema.into(), totals, tables }
    }

    #[test]
    fn the_whole_comes_first_then_what_some_do_not_have_then_what_differs_most() {
        let stats = [
            tenant("a", &[("users", 10), ("skills", 5), ("tenders", 1000)]),
            tenant("b", &[("users", 12), ("tenders", 10)]),
            tenant("c", &[("users", 11), ("tenders", 20)]),
        ];
        let told = differences(&stats, Measure::Rows);
        let order: Vec<_> = told.iter().map(|d| d.table.as_deref()).collect();
        assert_eq!(order, [None, Some("skills"), Some("tenders"), Some("users")]);
        assert_eq!((told[0].difference, told[0].missing), (1015.0 - 22.0, 0));
        let tenders = &told[2];
        assert_eq!(tenders.least, Some(Extreme { schema: "b".into(), value: 10.0 }));
        assert_eq!(tenders.greatest.as_ref().unwrap().schema, "a");
        assert_eq!((tenders.median, tenders.ratio), (Some(20.0), Some(100.0)));
        assert_eq!((told[1].difference, told[1].missing), (5.0, 2));
    }

    #[test]
    fn what_is_compared_and_what_is_not_is_said() {
        let mut stats = [tenant("a", &[("users", 10), ("skills", 5)]), tenant("b", &[("users", 12)])];
        let told = compared(&stats, Figures::ExactSizes);
        assert_eq!((told.tenants, told.tables, told.incomplete), (2, 2, 1));
        assert_eq!((told.rows, told.sizes), ("estimated", "files"));
        stats[0].tables[0].rows_estimated = false;
        assert_eq!(compared(&stats, Figures::Exact).rows, "partly_counted");
    }

    #[test]
    fn a_figure_that_nobody_knows_makes_no_difference() {
        let stats = [tenant("a", &[("users", 10)]), tenant("b", &[("users", 12)])];
        let told = differences(&stats, Measure::CacheHit);
        assert_eq!((told[1].difference, &told[1].least, told[1].median), (0.0, &None, None));
        assert_eq!(differences(&[], Measure::Size)[0].difference, 0.0);
    }

    proptest! {
        #[test]
        fn differences_are_never_negative_and_in_order(rows in proptest::collection::vec(0i64..1_000_000, 2..20)) {
            let stats: Vec<TenantStats> = rows
                .iter()
                .enumerate()
                .map(|(i, rows)| tenant(&format!("t{i}"), &[("users", *rows), ("orders", rows / 3), ("none", 0)]))
                .collect();
            let told = differences(&stats, Measure::Rows);
            prop_assert!(told.iter().all(|d| d.difference >= 0.0 && d.ratio.is_none_or(|r| r >= 1.0)));
            prop_assert!(told[1..].windows(2).all(|pair| pair[0].difference >= pair[1].difference));
        }
    }
}
