//! What the findings about the files weigh in this fleet: a rewrite of an empty table is nothing, of a large one an evening.

use super::lint::{self, Effect, Finding};
use super::{Direction, Source};
use crate::Result;
use crate::connection::Database;
use crate::fleet::{Check, CheckLevel};
use sqlx::Row;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// From here on a statement that goes through the whole table is felt. Bytes.
const LARGE: i64 = 100 * 1024 * 1024;

/// A table of one tenant.
struct Weight {
    schema: String,
    bytes: i64,
    rows: i64,
}

/// Checks about the migrations that these tenants will get.
pub(super) async fn checks(
    database: &Database,
    source: &Source,
    direction: Direction,
    planned: &HashMap<&str, &[i64]>,
) -> Result<Vec<Check>> {
    let versions: BTreeSet<i64> = planned.values().flat_map(|versions| versions.iter().copied()).collect();
    let mut findings: Vec<(i64, Finding)> = Vec::new();
    for migration in versions.iter().filter_map(|version| source.get(*version)) {
        let file = migration.file_name(direction);
        let of_file = lint::check_one(source, migration, false).into_iter().filter(|f| f.file == file);
        findings.extend(of_file.map(|finding| (migration.version, finding)));
    }
    let tables: Vec<String> = findings.iter().filter_map(|(_, f)| f.effect.and(f.table.clone())).collect();
    let schemas: Vec<&str> = planned.keys().copied().collect();
    let weights = if tables.is_empty() { HashMap::new() } else { read(database, &schemas, &tables).await? };
    let mut seen = BTreeSet::new();
    let checks = findings.iter().filter_map(|(version, finding)| {
        // For whoever writes the files.
        if matches!(
            finding.rule.as_str(),
            "header" | "down_file" | "line_endings" | "byte_order_mark" | "several_statements"
        ) {
            return None;
        }
        let (Some(effect), Some(table)) = (finding.effect, &finding.table) else { return Some(plain(finding)) };
        // Several rules may see the same thing in the same line.
        if !seen.insert((finding.file.clone(), finding.line, effect)) {
            return None;
        }
        let concerned = |schema: &str| planned.get(schema).is_some_and(|versions| versions.contains(version));
        let of_table = weights.get(table).map(Vec::as_slice).unwrap_or_default();
        Some(weighed(finding, effect, table, of_table.iter().filter(|w| concerned(&w.schema))))
    });
    Ok(checks.collect())
}

/// Estimated sizes and rows of these tables in these schemas, by table.
async fn read(database: &Database, schemas: &[&str], tables: &[String]) -> Result<HashMap<String, Vec<Weight>>> {
    let mut session = database.catalog().await?;
    let rows = sqlx::query(include_str!("weigh.sql"))
        .bind(schemas)
        .bind(tables)
        .persistent(false)
        .fetch_all(session.connection())
        .await?;
    let mut weights: HashMap<String, Vec<Weight>> = HashMap::new();
    for row in &rows {
        let weight =
            Weight { schema: row.try_get("schema")?, bytes: row.try_get("bytes")?, rows: row.try_get("rows")? };
        weights.entry(row.try_get("table")?).or_default().push(weight);
    }
    Ok(weights)
}

fn plain(finding: &Finding) -> Check {
    let message = format!("{}, line {}: {}.", finding.file, finding.line, finding.message);
    let params = [
        ("file", finding.file.clone()),
        ("line", finding.line.to_string()),
        ("rule", finding.rule.clone()),
        ("finding", finding.message.clone()),
    ];
    Check::new(CheckLevel::Warning, "lint", message, &params)
}

fn weighed<'a>(
    finding: &Finding,
    effect: Effect,
    table: &str,
    weights: impl Iterator<Item = &'a Weight> + Clone,
) -> Check {
    let tenants = weights.clone().count();
    let large = weights.clone().filter(|w| w.bytes >= LARGE).count();
    let rows: i64 = weights.clone().map(|w| w.rows).sum();
    let filled = weights.clone().filter(|w| w.rows > 0).count();
    let largest = weights.max_by_key(|w| w.bytes);
    let largest_name = largest.map(|w| w.schema.clone()).unwrap_or_default();
    let megabytes = largest.map_or(0, |w| w.bytes / (1024 * 1024));
    let place = format!("{}, line {}", finding.file, finding.line);
    let what = match effect {
        Effect::Rewrite => "writes every row anew while nobody can use the table",
        Effect::Scan => "reads every row while nobody can use the table",
        Effect::BlocksWrites => "builds an index while nobody can write to the table",
        Effect::Loss => "takes data away",
    };
    let name = serde_json::to_value(effect).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    let (code, level, sizes) = match effect {
        Effect::Loss => {
            let level = if rows > 0 { CheckLevel::Warning } else { CheckLevel::Ok };
            let rows = if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") };
            let sizes = if tenants == 1 { String::new() } else { format!(" in {filled} of {tenants} tenants") };
            ("lint_loss".to_owned(), level, format!("about {rows}{sizes}"))
        }
        _ if large == 0 => {
            let sizes = if tenants == 1 { "the tenant".to_owned() } else { format!("all {tenants} tenants") };
            (format!("lint_{name}_small"), CheckLevel::Ok, format!("under 100 MB in {sizes}"))
        }
        _ if large == tenants => {
            let all = if tenants == 1 { String::new() } else { format!("over 100 MB in all {tenants} tenants, ") };
            let sizes = format!("{all}{megabytes} MB in {largest_name}");
            (format!("lint_{name}_large_all"), CheckLevel::Warning, sizes)
        }
        _ => {
            let sizes = format!(
                "over 100 MB in {large} of {tenants} tenants, {megabytes} MB in {largest_name}; short in the others"
            );
            (format!("lint_{name}_large"), CheckLevel::Warning, sizes)
        }
    };
    let params = BTreeMap::from([
        ("file", finding.file.clone()),
        ("line", finding.line.to_string()),
        ("rule", finding.rule.clone()),
        ("table", table.to_owned()),
        ("tenants", tenants.to_string()),
        ("large", large.to_string()),
        ("largest", largest_name.clone()),
        ("megabytes", megabytes.to_string()),
        ("rows", rows.to_string()),
        ("filled", filled.to_string()),
    ]);
    let params: Vec<(&str, String)> = params.into_iter().collect();
    Check::new(level, &code, format!("{place} {what} ({table}: {sizes})."), &params)
}
