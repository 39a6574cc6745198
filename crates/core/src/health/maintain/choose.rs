//! Which tables, why, and with which statements.

use super::report::MaintainReason;
use super::table::{Index, Table};
use super::{MaintainRequest, MaintainWork};
use crate::Result;
use crate::sql::{Ident, Statement};

/// So many dead rows, and a share of the rows, make a VACUUM worth its while: half of what the server's own defaults wait for.
const DEAD_ROWS: i64 = 1_000;
const DEAD_SHARE: i64 = 10;
/// So many changed rows, and a share, make statistics old.
const CHANGED_ROWS: i64 = 500;
const CHANGED_SHARE: i64 = 20;

/// What is done to one table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Step {
    pub oid: u32,
    /// Bare name.
    pub table: String,
    /// Sent one by one, outside a transaction.
    pub statements: Vec<Statement>,
    /// Indexes that are there anew afterwards: their names, with their OIDs of before.
    pub indexes: Vec<(String, u32)>,
}

/// A table that is worth a look: chosen, and why; or left out, and why.
pub(super) struct Chosen<'a> {
    pub table: &'a Table,
    pub reasons: Vec<MaintainReason>,
    pub left_out: Option<MaintainReason>,
}

/// The tables of one tenant that are meant. `indexes` are those of the tenant, `freeze_limit` is `autovacuum_freeze_max_age`.
pub(super) fn choose<'a>(
    request: &MaintainRequest,
    tables: &'a [Table],
    indexes: &[Index],
    freeze_limit: i64,
) -> Vec<Chosen<'a>> {
    let work = request.work;
    let mut chosen = Vec::new();
    for table in tables {
        let named = request.tables.is_empty() || request.tables.iter().any(|name| table.is_named(name));
        // A partitioned table has no rows of its own, and statistics all the same.
        if !named || (table.kind == 'p' && work != MaintainWork::Analyze) {
            continue;
        }
        let own = || indexes.iter().filter(|index| index.table == table.oid);
        if work == MaintainWork::Reindex && own().next().is_none() {
            continue;
        }
        let reasons = reasons(request, table, own(), freeze_limit);
        if request.needed && reasons.is_empty() {
            continue;
        }
        let left_out = (work.writes() && !table.permitted).then(|| not_permitted(table));
        chosen.push(Chosen { table, reasons, left_out });
    }
    // ANALYZE of a partitioned table goes through its partitions.
    let whole: Vec<String> =
        chosen.iter().filter(|one| one.table.kind == 'p').map(|one| one.table.name.clone()).collect();
    chosen.retain(|one| !one.table.ancestors.iter().any(|ancestor| whole.contains(ancestor)));
    chosen
}

fn not_permitted(table: &Table) -> MaintainReason {
    let owner = table.owner.clone();
    MaintainReason::new("not_permitted", format!("{} belongs to {owner}", table.name), &[("owner", owner)])
}

/// Why a table needs the work, as far as it does.
fn reasons<'a>(
    request: &MaintainRequest,
    table: &Table,
    indexes: impl Iterator<Item = &'a Index>,
    freeze_limit: i64,
) -> Vec<MaintainReason> {
    let figures = &table.figures;
    let mut reasons = Vec::new();
    let work = request.work;
    if work == MaintainWork::Vacuum {
        let dead = figures.dead_rows;
        if dead >= DEAD_ROWS && dead.saturating_mul(DEAD_SHARE) >= figures.rows + dead {
            reasons.push(MaintainReason::new("dead_rows", format!("{dead} dead rows"), &[("rows", dead.to_string())]));
        }
        let age = figures.frozen_age;
        if freeze_limit > 0 && age >= freeze_limit / 2 {
            let message = format!("oldest row {age} transactions old");
            reasons.push(MaintainReason::new("old_rows", message, &[("age", age.to_string())]));
        }
    }
    if work == MaintainWork::Analyze || (work == MaintainWork::Vacuum && request.analyze) {
        let changed = table.changed_rows;
        if figures.last_analyze.is_none() && (figures.rows > 0 || table.kind == 'p') {
            reasons.push(MaintainReason::new("never_analyzed", "never analyzed", &[]));
        } else if changed >= CHANGED_ROWS && changed.saturating_mul(CHANGED_SHARE) >= figures.rows {
            let message = format!("{changed} rows changed since the last ANALYZE");
            reasons.push(MaintainReason::new("changed_rows", message, &[("rows", changed.to_string())]));
        }
    }
    if work == MaintainWork::Reindex {
        for index in indexes.filter(|index| !index.valid && !index.busy) {
            let message = format!("the index {} is not valid", index.name);
            reasons.push(MaintainReason::new("index_invalid", message, &[("index", index.name.clone())]));
        }
    }
    reasons
}

/// The statements for a chosen table; none where nothing is to be done to it.
pub(super) fn step(
    request: &MaintainRequest,
    schema: &Ident,
    table: &Table,
    indexes: &[Index],
) -> Result<Option<Step>> {
    let name = schema.qualify(&Ident::new(table.name.as_str())?);
    let own: Vec<&Index> = indexes.iter().filter(|index| index.table == table.oid).collect();
    let mut step = Step { oid: table.oid, table: table.name.clone(), statements: Vec::new(), indexes: Vec::new() };
    match request.work {
        MaintainWork::Vacuum => {
            let options = match (request.analyze, request.freeze) {
                (true, true) => " (freeze, analyze)",
                (true, false) => " (analyze)",
                (false, true) => " (freeze)",
                (false, false) => "",
            };
            step.statements.push(Statement::of(format_args!("vacuum{options} {name}")));
        }
        MaintainWork::Analyze => step.statements.push(Statement::of(format_args!("analyze {name}"))),
        MaintainWork::Reindex => {
            let lost = |index: &&&Index| index.is_leftover() && !index.constrains && !index.busy;
            for index in own.iter().filter(lost) {
                step.statements.push(Statement::of(format_args!("drop index concurrently {}", index.qualified()?)));
            }
            // The whole table leaves out what is not valid.
            if !request.needed && own.iter().any(|index| index.valid && !index.exclusion) {
                step.statements.push(Statement::of(format_args!("reindex table concurrently {name}")));
            }
            let invalid = |index: &&&Index| !index.valid && !index.exclusion && !index.toast && !lost(index);
            for index in own.iter().filter(invalid) {
                step.statements.push(Statement::of(format_args!("reindex index concurrently {}", index.qualified()?)));
            }
            let again =
                own.iter().filter(|index| !index.exclusion && !lost(index) && (!request.needed || !index.valid));
            step.indexes = again.map(|index| (index.name.clone(), index.oid)).collect();
        }
        MaintainWork::Check => {}
    }
    Ok((!step.statements.is_empty()).then_some(step))
}

/// Indexes of a table that no REINDEX CONCURRENTLY can build.
pub(super) fn not_concurrently(table: &Table, indexes: &[Index]) -> Vec<String> {
    let exclusion = indexes.iter().filter(|index| index.table == table.oid && index.exclusion);
    exclusion.map(|index| index.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::maintain::MaintainFigures;

    fn table(name: &str, rows: i64, dead: i64, changed: i64) -> Table {
        let figures = MaintainFigures {
            rows,
            dead_rows: dead,
            frozen_age: 100,
            last_analyze: Some("2026-01-01T00:00:00Z".into()),
            ..MaintainFigures::default()
        };
        Table {
            oid: 1,
            namespace: 1,
            name: name.into(),
            kind: 'r',
            ancestors: Vec::new(),
            owner: "o".into(),
            permitted: true,
            changed_rows: changed,
            figures,
            vacuumed: None,
            analyzed: None,
            now: 0,
        }
    }

    fn needed(work: MaintainWork, table: &Table) -> Vec<String> {
        let request = MaintainRequest { needed: true, ..MaintainRequest::of(work) };
        let chosen = choose(&request, std::slice::from_ref(table), &[], 200_000_000);
        chosen.iter().flat_map(|one| &one.reasons).map(|reason| reason.code.clone()).collect()
    }

    #[test]
    fn a_table_needs_a_vacuum_for_many_dead_rows_only() {
        assert_eq!(needed(MaintainWork::Vacuum, &table("t", 5_000, 1_000, 0)), ["dead_rows"]);
        assert!(needed(MaintainWork::Vacuum, &table("t", 50, 40, 0)).is_empty(), "few");
        assert!(needed(MaintainWork::Vacuum, &table("t", 1_000_000, 2_000, 0)).is_empty(), "a small share");
        let mut old = table("t", 10, 0, 0);
        old.figures.frozen_age = 100_000_000;
        assert_eq!(needed(MaintainWork::Vacuum, &old), ["old_rows"]);
    }

    #[test]
    fn a_table_needs_an_analyze_when_it_never_had_one_or_much_has_changed() {
        assert_eq!(needed(MaintainWork::Analyze, &table("t", 9_000, 0, 500)), ["changed_rows"]);
        assert!(needed(MaintainWork::Analyze, &table("t", 90_000, 0, 500)).is_empty());
        let mut never = table("t", 1, 0, 1);
        never.figures.last_analyze = None;
        assert_eq!(needed(MaintainWork::Analyze, &never), ["never_analyzed"]);
        never.figures.rows = 0;
        assert!(needed(MaintainWork::Analyze, &never).is_empty(), "an empty table has no statistics");
    }

    #[test]
    fn a_partitioned_table_stands_for_its_partitions_where_statistics_are_meant() {
        let whole = Table { kind: 'p', ..table("events", 0, 0, 0) };
        let part = Table { ancestors: vec!["events".into()], ..table("events_2026", 0, 0, 0) };
        let tables = [whole, part];
        let names = |work, tables_named: &[&str]| -> Vec<String> {
            let named = tables_named.iter().map(|name| (*name).to_owned()).collect();
            let request = MaintainRequest { tables: named, ..MaintainRequest::of(work) };
            choose(&request, &tables, &[], 0).iter().map(|one| one.table.name.clone()).collect()
        };
        assert_eq!(names(MaintainWork::Analyze, &[]), ["events"]);
        assert_eq!(names(MaintainWork::Vacuum, &["events"]), ["events_2026"]);
        assert_eq!(names(MaintainWork::Analyze, &["events_2026"]), ["events_2026"]);
    }
}
