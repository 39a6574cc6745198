//! Exports one schema and says how long it took: `export HOST DATABASE SCHEMA FOLDER [--no-verify]`, as the role `postgres`.
//!
//! For measurements beside `psql \copy` and `gzip -1`; people use the command line.
#![expect(clippy::print_stdout, reason = "a measurement's output")]

use cadastre_core::connection::{Database, Profile};
use cadastre_core::workbook::{ExportOptions, export_tenant};
use std::time::Instant;
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let verify = arguments.pop_if(|last| last == "--no-verify").is_none();
    let [host, database, schema, folder] =
        <[String; 4]>::try_from(arguments).map_err(|_| "HOST DATABASE SCHEMA FOLDER [--no-verify]")?;
    let profile = Profile { host, database, ..Profile::default() };
    let started = Instant::now();
    let database = Database::connect(profile, None).await?;
    let options = ExportOptions { folder: folder.into(), verify, ..ExportOptions::default() };
    let file = export_tenant(&database, &schema, &options, &|_| (), &CancellationToken::new()).await?;
    let rows: u64 = file.tables.iter().map(|t| t.rows).sum();
    println!(
        "export {:.2} s, {rows} rows, {} bytes, {} sheets",
        started.elapsed().as_secs_f64(),
        file.bytes,
        file.sheets
    );
    // Linux only; elsewhere the line is missing.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(peak) = status.lines().find(|line| line.starts_with("VmHWM")) {
        println!("{}", peak.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    Ok(())
}
