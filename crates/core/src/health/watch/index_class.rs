//! Which indexes are the same one in several tenants, and which can go.

use super::indexes::{IndexClass, IndexVerdict, NeededFor};
use crate::Result;
use crate::shape::for_any_schema;
use crate::sql::{Ident, Statement};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// `pg_am`'s number of B-trees, which never changes.
const BTREE: i64 = 403;

/// A table with indexes.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub schema: String,
    pub name: String,
    /// Names of its columns, the first is number 1.
    pub columns: Vec<String>,
    /// Numbers of the columns of each of its foreign keys.
    pub foreign_keys: Vec<String>,
}

/// An index as the catalogs have it.
#[derive(Debug, Clone, Default)]
pub(super) struct Described {
    pub oid: i64,
    pub table: i64,
    pub name: String,
    pub method: i64,
    /// Numbers of the table's columns, 0 for an expression; those that are only carried along come last.
    pub columns: Vec<i64>,
    /// How many of them it is ordered by.
    pub keys: usize,
    pub classes: Vec<i64>,
    pub collations: Vec<i64>,
    pub options: Vec<i64>,
    pub expressions: Option<String>,
    pub condition: Option<String>,
    pub unique: bool,
    pub nulls_not_distinct: bool,
    pub constraint: bool,
    pub target: bool,
    pub identity: bool,
    pub valid: bool,
    pub partition: bool,
    pub scans: i64,
    pub bytes: i64,
}

/// What makes an index the same one elsewhere, and its place among equal ones of its table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    table: String,
    /// Column (`None` for an expression), operator class, collation, order.
    keys: Vec<(Option<String>, i64, i64, i64)>,
    carried: BTreeSet<String>,
    method: i64,
    expressions: Option<String>,
    condition: Option<String>,
    unique: bool,
    nulls_not_distinct: bool,
    place: usize,
}

/// The same index of many tenants.
#[derive(Debug)]
pub(super) struct Class<'a> {
    pub key: Key,
    pub members: Vec<&'a Described>,
    pub verdict: IndexVerdict,
    pub bytes: i64,
    needed_for: Option<NeededFor>,
    covered_by: Option<String>,
}

impl Described {
    fn key(&self, table: &Table) -> Key {
        let column = |number: &i64| usize::try_from(number - 1).ok().and_then(|at| table.columns.get(at)).cloned();
        let at = |list: &[i64], place: usize| list.get(place).copied().unwrap_or_default();
        let ordered = self.columns.iter().take(self.keys).enumerate();
        let keys = ordered.map(|(place, number)| {
            (column(number), at(&self.classes, place), at(&self.collations, place), at(&self.options, place))
        });
        let neutral = |text: &Option<String>| text.as_deref().map(|text| for_any_schema(text, &table.schema));
        Key {
            table: table.name.clone(),
            keys: keys.collect(),
            carried: self.columns.iter().skip(self.keys).filter_map(column).collect(),
            method: self.method,
            expressions: neutral(&self.expressions),
            condition: neutral(&self.condition),
            unique: self.unique,
            nulls_not_distinct: self.nulls_not_distinct,
            place: 0,
        }
    }

    /// Something other than a scan rests on it.
    fn is_protected(&self) -> bool {
        self.constraint || self.target || self.identity || self.partition
    }

    fn needed_for(&self, table: &Table) -> Option<NeededFor> {
        let starts_with = |key: &String| {
            let columns: BTreeSet<i64> = key.split_whitespace().filter_map(|number| number.parse().ok()).collect();
            let first: BTreeSet<i64> = self.columns.iter().take(self.keys.min(columns.len())).copied().collect();
            self.condition.is_none() && first == columns
        };
        let reasons = [
            (!self.valid, NeededFor::Invalid),
            (self.constraint || self.unique, NeededFor::Constraint),
            (self.target, NeededFor::Target),
            (self.identity, NeededFor::Identity),
            (self.partition, NeededFor::Partition),
            (table.foreign_keys.iter().any(starts_with), NeededFor::ForeignKey),
        ];
        reasons.into_iter().find(|(holds, _)| *holds).map(|(_, reason)| reason)
    }
}

impl Key {
    /// How the other one of the same table does all that this one does.
    fn covered_by(&self, other: &Key) -> Option<IndexVerdict> {
        let same_rows = self.method == other.method && self.condition == other.condition;
        if !same_rows {
            return None;
        }
        if self.keys == other.keys && self.expressions == other.expressions {
            let unique = !self.unique || other.unique && self.nulls_not_distinct == other.nulls_not_distinct;
            let alike = self.carried == other.carried && self.unique == other.unique;
            return match () {
                () if !unique || !self.carried.is_subset(&other.carried) => None,
                // Of two that are alike the first stays.
                () if alike => (other.place < self.place).then_some(IndexVerdict::Duplicate),
                () if self.carried == other.carried => Some(IndexVerdict::Duplicate),
                () => Some(IndexVerdict::Redundant),
            };
        }
        let begins = self.keys.len() < other.keys.len() && other.keys.starts_with(&self.keys);
        let plain = self.keys.iter().all(|(column, ..)| column.is_some()) && self.carried.is_empty();
        (begins && plain && !self.unique && self.method == BTREE).then_some(IndexVerdict::Redundant)
    }
}

/// Which others do all that an index does, by their names.
type Covering = BTreeMap<String, (Key, IndexVerdict)>;
/// The same index of many tenants, each with what covers it.
type Members<'a> = Vec<(&'a Described, Covering)>;

/// The kinds of index of a fleet, with what can be said of each.
pub(super) fn classes<'a>(all: &'a [Described], tables: &HashMap<i64, Table>, long_enough: bool) -> Vec<Class<'a>> {
    let mut by_table: BTreeMap<i64, Vec<(Key, &Described)>> = BTreeMap::new();
    for index in all {
        if let Some(table) = tables.get(&index.table) {
            by_table.entry(index.table).or_default().push((index.key(table), index));
        }
    }
    // By kind: its indexes, and which others cover each of them.
    let mut kinds: HashMap<Key, Members<'_>> = HashMap::new();
    for indexes in by_table.values_mut() {
        // What something rests on stays before what nothing does; names are alike in most fleets.
        indexes.sort_by(|(_, a), (_, b)| (!a.is_protected(), &a.name).cmp(&(!b.is_protected(), &b.name)));
        let mut places: HashMap<Key, usize> = HashMap::new();
        for (key, _) in indexes.iter_mut() {
            let place = places.entry(key.clone()).or_default();
            key.place = *place;
            *place += 1;
        }
        for (key, index) in indexes.iter() {
            let others = indexes.iter().filter(|(_, other)| other.oid != index.oid && other.valid);
            let covering = others.filter_map(|(other_key, other)| {
                let verdict = key.covered_by(other_key).filter(|_| index.valid && !index.is_protected())?;
                Some((other.name.clone(), (other_key.clone(), verdict)))
            });
            kinds.entry(key.clone()).or_default().push((index, covering.collect()));
        }
    }
    let class = |(key, members): (Key, Members<'a>)| {
        let everywhere = |(other, verdict): &(Key, IndexVerdict)| {
            members.iter().all(|(_, covering)| covering.values().any(|(key, how)| key == other && how == verdict))
        };
        let first = members.first().map(|(_, covering)| covering);
        let covered = first.and_then(|all| all.iter().find(|(_, one)| everywhere(one)));
        let covered = covered.map(|(name, (_, verdict))| (name.clone(), *verdict));
        let needed_for = members.iter().filter_map(|(index, _)| index.needed_for(tables.get(&index.table)?)).min();
        let scanned = members.iter().any(|(index, _)| index.scans > 0);
        let verdict = match (&covered, scanned, needed_for) {
            (Some((_, verdict)), ..) => *verdict,
            (None, true, _) => IndexVerdict::Used,
            (None, false, Some(_)) => IndexVerdict::Needed,
            (None, false, None) if long_enough => IndexVerdict::Unused,
            (None, false, None) => IndexVerdict::TooEarly,
        };
        let mut members: Vec<&Described> = members.into_iter().map(|(index, _)| index).collect();
        let schema = |index: &Described| tables.get(&index.table).map(|table| table.schema.clone());
        members.sort_by_key(|index| schema(index));
        Class {
            bytes: members.iter().map(|index| index.bytes).sum(),
            needed_for: needed_for.filter(|_| verdict == IndexVerdict::Needed),
            covered_by: covered.map(|(name, _)| name),
            key,
            members,
            verdict,
        }
    };
    kinds.into_iter().map(class).collect()
}

impl Class<'_> {
    /// As lists show it.
    pub fn shown(&self, tables: &HashMap<i64, Table>, definitions: &HashMap<i64, String>) -> Result<IndexClass> {
        let schema = |index: &Described| tables.get(&index.table).map_or("", |table| table.schema.as_str());
        let first = self.members[0];
        let definition = definitions.get(&first.oid).cloned().unwrap_or_default();
        let mut drop = Statement::new();
        for index in self.members.iter().filter(|_| self.verdict.can_go()) {
            let name = Ident::new(schema(index))?.qualify(&Ident::new(index.name.as_str())?);
            drop.push(format_args!("drop index concurrently {name};\n"));
        }
        Ok(IndexClass {
            id: format!("{}\n{definition}\n{}\n{}", self.key.table, self.key.unique, self.key.place),
            table: self.key.table.clone(),
            name: first.name.clone(),
            definition,
            unique: self.key.unique,
            tenants: self.members.len() as u32,
            schemas: self.members.iter().take(IndexClass::NAMED).map(|index| schema(index).to_owned()).collect(),
            scanned_in: self.members.iter().filter(|index| index.scans > 0).count() as u32,
            scans: self.members.iter().map(|index| index.scans).sum(),
            size_bytes: self.bytes,
            verdict: self.verdict,
            needed_for: self.needed_for,
            covered_by: self.covered_by.clone(),
            drop_sql: self.verdict.can_go().then(|| drop.text().to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables() -> HashMap<i64, Table> {
        let columns = ["id", "name", "place", "at"].map(str::to_owned).to_vec();
        let table = |schema: &str| Table {
            schema: schema.to_owned(),
            name: "person".into(),
            columns: columns.clone(),
            foreign_keys: vec!["3".into()],
        };
        [(1, table("acme")), (2, table("beta"))].into()
    }

    fn index(oid: i64, name: &str, columns: &[i64]) -> Described {
        let keys = columns.len();
        let same = vec![1; keys];
        Described {
            oid,
            table: oid / 100,
            name: name.into(),
            method: BTREE,
            columns: columns.to_vec(),
            keys,
            classes: same.clone(),
            collations: same.clone(),
            options: same,
            valid: true,
            bytes: 8192,
            ..Described::default()
        }
    }

    /// `name: verdict` of every kind.
    fn verdicts(all: &[Described]) -> Vec<String> {
        let found = classes(all, &tables(), true);
        let mut lines: Vec<String> = found
            .iter()
            .map(|class| {
                let by = class.covered_by.as_deref().map(|by| format!(" by {by}")).unwrap_or_default();
                let tenants = class.members.len();
                format!("{} in {tenants}: {}{by}", class.members[0].name, class.verdict.words())
            })
            .collect();
        lines.sort();
        lines
    }

    #[test]
    fn an_index_is_unused_when_no_tenant_uses_it() {
        let beta = Described { scans: 1, ..index(201, "a", &[2]) };
        assert_eq!(verdicts(&[index(101, "a", &[2]), index(201, "a", &[2])]), ["a in 2: unused"]);
        assert_eq!(verdicts(&[index(101, "a", &[2]), beta]), ["a in 2: used"]);
        assert_eq!(classes(&[index(101, "a", &[2])], &tables(), false)[0].verdict, IndexVerdict::TooEarly);
    }

    #[test]
    fn what_something_rests_on_in_one_tenant_stays_in_all() {
        for rests in [
            Described { constraint: true, ..index(201, "a", &[2]) },
            Described { target: true, ..index(201, "a", &[2]) },
            Described { identity: true, ..index(201, "a", &[2]) },
            Described { partition: true, ..index(201, "a", &[2]) },
        ] {
            assert_eq!(verdicts(&[index(101, "a", &[2]), rests]), ["a in 2: needed"]);
        }
        assert_eq!(verdicts(&[index(101, "fk", &[3, 2])]), ["fk in 1: needed"]);
        assert_eq!(verdicts(&[index(101, "fk", &[2, 3])]), ["fk in 1: unused"]);
        assert_eq!(verdicts(&[Described { unique: true, ..index(101, "u", &[2]) }]), ["u in 1: needed"]);
    }

    #[test]
    fn of_two_alike_one_can_go() {
        assert_eq!(
            verdicts(&[index(101, "a", &[2]), Described { scans: 9, ..index(102, "b", &[2]) }]),
            ["a in 1: unused", "b in 1: duplicate by a"]
        );
        let constraint = Described { unique: true, constraint: true, ..index(102, "z", &[2]) };
        assert_eq!(
            verdicts(&[Described { unique: true, ..index(101, "a", &[2]) }, constraint.clone()]),
            ["a in 1: duplicate by z", "z in 1: needed"]
        );
        assert_eq!(verdicts(&[index(101, "a", &[2]), constraint]), ["a in 1: duplicate by z", "z in 1: needed"]);
    }

    #[test]
    fn an_index_that_another_begins_with_can_go_when_that_is_so_everywhere() {
        let wide = |oid| Described { scans: 1, ..index(oid, "wide", &[2, 4]) };
        let narrow = |oid| Described { scans: 1, ..index(oid, "narrow", &[2]) };
        assert_eq!(
            verdicts(&[narrow(101), wide(102), narrow(201), wide(202)]),
            ["narrow in 2: redundant by wide", "wide in 2: used"]
        );
        assert_eq!(verdicts(&[narrow(101), wide(102), narrow(201)]), ["narrow in 2: used", "wide in 1: used"]);
    }

    #[test]
    fn what_only_looks_alike_stays() {
        let used = |index: Described| Described { scans: 1, ..index };
        let partial = used(Described { condition: Some("x".into()), ..index(102, "b", &[2]) });
        let down = used(Described { options: vec![3], ..index(102, "b", &[2]) });
        let collated = used(Described { collations: vec![9], ..index(102, "b", &[2]) });
        let invalid = used(Described { valid: false, ..index(102, "b", &[2]) });
        for other in [partial, down, collated, invalid] {
            let all = [used(index(101, "a", &[2])), other];
            assert_eq!(verdicts(&all), ["a in 1: used", "b in 1: used"], "{all:?}");
        }
        let unique = used(Described { unique: true, ..index(101, "a", &[2]) });
        let wide = used(index(102, "b", &[2, 4]));
        assert_eq!(verdicts(&[unique, wide]), ["a in 1: used", "b in 1: used"]);
    }

    #[test]
    fn expressions_of_different_tenants_are_alike() {
        let of =
            |oid, schema: &str| Described { expressions: Some(format!("{schema}.f(name)")), ..index(oid, "e", &[0]) };
        assert_eq!(verdicts(&[of(101, "acme"), of(201, "beta")]), ["e in 2: unused"]);
    }
}
