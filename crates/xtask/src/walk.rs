//! The main job on the command line, for a demo without a display: list, create, migrate, compare, export; and the
//! proof that the workbook holds every row.

use crate::demo::{cadastre, home};
use crate::failure::{Failure, Result};
use crate::json::Json;
use crate::process;
use std::collections::BTreeMap;

/// How `cargo xtask demo` starts this beside the demo's server. `DATABASE_URL` leads to the fleet.
pub const COMMAND: &str = "demo-without-display";

const TEMPLATE: &str = "talentmatch";
const NEW_TENANT: &str = "Cabinet de la Presqu'île";

/// Does the job, printing each command as one would type it.
pub fn run() -> Result {
    step("The fleet", &["tenant", "list"])?;
    let before = tenants()?;
    let name = free_name(&before);
    step("A new tenant", &["tenant", "create", &name, "--template", TEMPLATE, "--yes"])?;
    step("Every tenant gets the newest version", &["migrate", "up", "--all", "--dir", TEMPLATE, "--yes"])?;
    let fleet = tenants()?;
    let created = fleet.iter().find(|tenant| !before.iter().any(|known| known.schema == tenant.schema));
    let created = created.ok_or_else(|| Failure::new("The new tenant is not in the list."))?;
    let largest = fleet.iter().max_by(|a, b| a.rows.total_cmp(&b.rows)).unwrap_or(created);
    let other = fleet.iter().find(|tenant| ![&created.schema, &largest.schema].contains(&&tenant.schema));
    let mut compare = vec!["compare", &largest.schema, &created.schema];
    compare.extend(other.map(|tenant| tenant.schema.as_str()));
    step("Tenants side by side", &compare)?;
    export(&largest.schema)
}

/// One line of `cadastre tenant list --json`.
struct Tenant {
    schema: String,
    name: String,
    rows: f64,
}

fn tenants() -> Result<Vec<Tenant>> {
    let listed = json(&["tenant", "list", "--json"])?;
    let tenant = |line: &Json| {
        let schema = line.text("schema")?.to_owned();
        let name = line.text("name").unwrap_or(&schema).to_owned();
        let rows = line.number("rows").unwrap_or(0.0);
        Some(Tenant { schema, name, rows })
    };
    Ok(listed.entries().iter().filter_map(tenant).collect())
}

/// A demo that was kept running has the tenant of the last time already.
fn free_name(fleet: &[Tenant]) -> String {
    if fleet.iter().any(|tenant| tenant.name.contains("Presqu") || tenant.schema.contains("presqu")) {
        format!("{NEW_TENANT} {}", fleet.len() + 1)
    } else {
        NEW_TENANT.to_owned()
    }
}

/// Exports one tenant and compares the rows of each table in the workbook with those in the database.
fn export(schema: &str) -> Result {
    let folder = home().join("workbooks");
    std::fs::create_dir_all(&folder).map_err(|e| Failure::file(&folder, &e))?;
    let arguments = ["export", schema, "--to", &folder.display().to_string(), "--json"];
    announce("The tenant with most rows as an Excel workbook", &arguments);
    let exported = json(&arguments)?;
    let file = exported.list("files").first().ok_or_else(|| Failure::new("The export wrote no file."))?;
    let path = file.text("path").ok_or_else(|| Failure::new("The export does not say where its file is."))?;
    let written = rows_per_table(file)?;
    let statistics = ["stats", schema, "--exact", "--json"];
    announce("The same tables, counted in the database", &statistics);
    let counted = json(&statistics)?;
    let counted = counted.list("tenants").first().ok_or_else(|| Failure::new("The statistics name no tenant."))?;
    let counted = rows_per_table(counted)?;
    println!("{:<32} {:>12} {:>12}", "table", "workbook", "database");
    for table in written.keys().chain(counted.keys().filter(|table| !written.contains_key(*table))) {
        let rows = |side: &BTreeMap<String, f64>| side.get(table).map_or("–".to_owned(), |rows| format!("{rows}"));
        println!("{table:<32} {:>12} {:>12}", rows(&written), rows(&counted));
    }
    if written.is_empty() || written != counted {
        return Err(Failure::new(format!("The workbook {path} does not hold what the database holds.")));
    }
    println!("\nEvery row is in the workbook: {path}");
    Ok(())
}

fn rows_per_table(document: &Json) -> Result<BTreeMap<String, f64>> {
    let row = |table: &Json| Some((table.text("table")?.to_owned(), table.number("rows")?));
    let tables: Option<_> = document.list("tables").iter().map(row).collect();
    tables.ok_or_else(|| Failure::new("A table comes without its name or its rows."))
}

fn step(what: &str, arguments: &[&str]) -> Result {
    announce(what, arguments);
    let mut command = cadastre(arguments);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!("`{}` ended with {status}", process::line(&command)))),
        Err(error) => Err(Failure::new(format!("`{}` could not be started: {error}", process::line(&command)))),
    }
}

fn announce(what: &str, arguments: &[&str]) {
    println!("\n{what}\n$ {}", process::line(&cadastre(arguments)));
}

fn json(arguments: &[&str]) -> Result<Json> {
    let command = &mut cadastre(arguments);
    let printed = process::output(command)?;
    Json::read(&printed).ok_or_else(|| Failure::new(format!("`{}` printed no JSON.", process::line(command))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_new_tenant_is_free() {
        let tenant = |schema: &str, name: &str| Tenant { schema: schema.into(), name: name.into(), rows: 0.0 };
        assert_eq!(free_name(&[]), NEW_TENANT);
        assert_eq!(free_name(&[tenant("cabinet_de_la_presqu_ile", "")]), format!("{NEW_TENANT} 2"));
    }

    #[test]
    fn rows_are_read_from_an_export() {
        let file = Json::read(r#"{"tables": [{"table": "users", "rows": 12, "digest": "…"}]}"#).unwrap();
        assert_eq!(rows_per_table(&file).unwrap(), BTreeMap::from([("users".to_owned(), 12.0)]));
        let broken = Json::read(r#"{"tables": [{"table": "users"}]}"#).unwrap();
        assert!(rows_per_table(&broken).is_err());
    }
}
