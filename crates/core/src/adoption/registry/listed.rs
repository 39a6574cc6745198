//! Registries that no structure tells: a table with a column whose values are the names of the schemas. That is how apartment
//! for Rails is used (`config.tenant_names = -> { Account.pluck(:subdomain) }`), and many programs that route by themselves.

use super::structure::{Reading, SchemaFrom};
use super::table::Table;
use super::{RegistryEvidence, RegistryKind};

/// Columns that hold a schema's name as such.
const EXACT: [&str; 11] = [
    "schema_name",
    "schema",
    "tenant_schema",
    "db_schema",
    "pg_schema",
    "schemaname",
    "nom_schema",
    "database",
    "database_name",
    "db_name",
    "tenant_name",
];
/// Columns from which programs make it.
const FOLDED: [&str; 5] = ["tenant", "subdomain", "sub_domain", "slug", "code"];
/// Tables that are looked into.
const MOST: usize = 8;
/// A register of tenants is short.
const MOST_ROWS: f64 = 50_000.0;

/// Tables whose values are worth comparing with the schemas, the likeliest first.
pub(super) fn candidates<'a>(tables: &'a [Table], known: &[i64], rails: Option<(&str, u32)>) -> Vec<Reading<'a>> {
    let rank = |name: &str| EXACT.iter().chain(&FOLDED).position(|n| *n == name);
    let mut found: Vec<(usize, &Table, &str)> = Vec::new();
    for table in tables.iter().filter(|t| !known.contains(&t.oid) && t.estimate <= MOST_ROWS) {
        // The domain of a domain table is nobody's schema, and one column of a table is enough.
        let column = table
            .columns
            .iter()
            .filter(|c| c.is_text())
            .filter_map(|c| Some((rank(&c.name)?, c)))
            .min_by_key(|(rank, _)| *rank);
        if let Some((rank, column)) = column {
            found.push((rank, table, &column.name));
        }
    }
    found.sort_by_key(|(rank, table, _)| (*rank, table.schema != "public", table.place()));
    found.truncate(MOST);
    let reading = |(_, table, column): (usize, &'a Table, &'a str)| {
        let mut evidence = vec![RegistryEvidence::Columns { table: table.place(), columns: column.to_owned() }];
        if let Some((name, schemas)) = rails {
            evidence.push(RegistryEvidence::Histories { table: name.to_owned(), schemas });
        }
        let schema = if EXACT.contains(&column) { SchemaFrom::Column(column) } else { SchemaFrom::Folded(column) };
        let kind = if rails.is_some() { RegistryKind::Apartment } else { RegistryKind::Listed };
        let domain = ["domain", "host", "hostname"].into_iter().find(|name| table.has_text(name));
        Reading { kind, table, schema, domain, domains: None, evidence }
    };
    found.into_iter().map(reading).collect()
}
