//! Tables of many rows as workbooks.

use crate::clock::{Series, in_turn, seconds};
use crate::memory;
use crate::report::Report;
use crate::server::{Base, Server};
use cadastre_tests::process::installed;
use serde_json::Value;
use std::fs::File;
use std::io::Read;
use std::process::Stdio;
use tokio::process::Command;
use zip::ZipArchive;

const ROWS: u64 = 500_000;
/// More than one sheet holds.
const MANY_ROWS: u64 = 5_000_000;
const MANY_SHEETS: usize = 5;
const MEMORY: f64 = 100.0;

pub async fn measure(server: &Server, report: &mut Report) {
    let base = table(server, ROWS).await;
    let mut peaks = Series::default();
    // The workbook's own sheet is what the limit compresses.
    let sheet = base.cli.path("sheet.xml");
    let (_, workbook, _) = export(&base).await;
    largest_sheet(&workbook, &sheet);
    let ours = async || {
        let (took, _, peak) = export(&base).await;
        peaks.push(peak);
        took
    };
    let limit = async || copy(&base).await + compress(&sheet).await;
    let (value, limit) = in_turn(ours, limit).await;
    report.beside("export of 500,000 rows, beside \\copy + gzip -1", "s", &value, &limit, 2.5);
    report.within("  peak memory", "MB", &peaks, MEMORY);
    measure_proof(&base, report).await;
    measure_two(&base, report).await;
    measure_restore(&base, report).await;
    measure_many(server, report).await;
}

/// What reading the file back costs.
async fn measure_proof(base: &Base, report: &mut Report) {
    let folder = base.folder("workbooks");
    let unproven = ["export", "rows", "--to", &folder, "--no-verify", "--json"];
    let (value, limit) = in_turn(async || export(base).await.0, async || base.cadastre_seconds(&unproven).await).await;
    report.beside("export read back and compared, beside --no-verify", "s", &value, &limit, 2.0);
}

/// Two tenants of the same size at a time, beside one after the other.
async fn measure_two(base: &Base, report: &mut Report) {
    base.script(
        "create schema rows_2; create table rows_2.consultants as select * from rows.consultants; vacuum analyze",
    )
    .await;
    let folder = base.folder("two");
    let export = async |jobs: &str| {
        base.cadastre_seconds(&["export", "rows", "rows_2", "--to", &folder, "--jobs", jobs, "--json"]).await
    };
    let (value, limit) = in_turn(async || export("2").await, async || export("1").await).await;
    report.beside("two exports at a time, beside one after the other", "s", &value, &limit, 1.0 / 1.6);
}

/// From the workbook into a tenant, every proof included, beside psql that copies the same rows from CSV.
async fn measure_restore(base: &Base, report: &mut Report) {
    let (_, workbook, _) = export(base).await;
    let csv = base.cli.path("rows.csv");
    base.psql_seconds(&["-c", &format!(r"\copy rows.consultants to '{csv}' csv")]).await;
    let ours = async || {
        base.script("drop schema if exists back cascade").await;
        base.cadastre_seconds(&["workbook", "restore", &workbook, "--as", "back", "--json"]).await
    };
    let copied = async || {
        base.script(
            "drop schema if exists copied cascade; create schema copied; create table copied.consultants (like rows.consultants)",
        )
        .await;
        base.psql_seconds(&["-c", &format!(r"\copy copied.consultants from '{csv}' csv")]).await
    };
    let (value, limit) = in_turn(ours, copied).await;
    report.beside("restore of 500,000 rows, beside \\copy from CSV", "s", &value, &limit, 1.0 / 0.3);
}

async fn measure_many(server: &Server, report: &mut Report) {
    let base = table(server, MANY_ROWS).await;
    let (took, workbook, peak) = export(&base).await;
    let sheets = rows_of_sheets(&workbook);
    // Each sheet begins with a line of headings.
    let rows: u64 = sheets.iter().map(|rows| rows - 1).sum();
    assert_eq!((sheets.len(), rows), (MANY_SHEETS, MANY_ROWS), "the sheets hold {sheets:?} rows with their headings");
    let mut peaks = Series::default();
    peaks.push(peak);
    report.within("export of 5,000,000 rows: peak memory", "MB", &peaks, MEMORY);
    report.note(&format!("{} sheets, every row of {rows}; {took:.1} s", sheets.len()));
}

async fn table(server: &Server, rows: u64) -> Base {
    let base = server.database().await;
    base.script(&include_str!("rows.sql").replace(":rows", &rows.to_string())).await;
    base
}

/// Exports, reading the file back included; returns the seconds, the workbook and the peak memory in MB.
async fn export(base: &Base) -> (f64, String, f64) {
    let folder = base.folder("workbooks");
    for old in std::fs::read_dir(&folder).expect("the folder").flatten() {
        std::fs::remove_file(old.path()).expect("the workbook of the round before is removed");
    }
    let call = base.cli.start(&["export", "rows", "--to", &folder, "--json"]);
    let peak = tokio::spawn(memory::peak(call.pid().expect("a running process")));
    let call = call.end().await;
    assert_eq!(call.code, 0, "{call}");
    let document = call.document();
    let file = &document["files"][0];
    assert_eq!(file["verified"], Value::Bool(true), "{call}");
    let path = file["path"].as_str().expect("the path of the workbook").to_owned();
    (call.took.as_secs_f64(), path, peak.await.expect("the memory is followed"))
}

async fn copy(base: &Base) -> f64 {
    base.psql_seconds(&["-c", r"\copy rows.consultants to /dev/null"]).await
}

async fn compress(sheet: &str) -> f64 {
    let mut gzip = Command::new(installed("gzip", "gzip"));
    gzip.args(["-1", "-c", sheet]).stdin(Stdio::null()).stdout(Stdio::null());
    seconds(async {
        assert!(gzip.status().await.expect("gzip starts").success(), "gzip fails");
    })
    .await
}

fn sheets(workbook: &str) -> (ZipArchive<File>, Vec<(String, u64)>) {
    let mut archive = ZipArchive::new(File::open(workbook).expect("the workbook")).expect("a workbook");
    let entries = (0..archive.len()).map(|index| {
        let entry = archive.by_index(index).expect("an entry");
        (entry.name().expect("a name").into_owned(), entry.size())
    });
    let mut sheets: Vec<_> = entries.filter(|(name, _)| name.starts_with("xl/worksheets/sheet")).collect();
    sheets.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    (archive, sheets)
}

fn largest_sheet(workbook: &str, target: &str) {
    let (mut archive, sheets) = sheets(workbook);
    let mut sheet = archive.by_name(&sheets[0].0).expect("the sheet");
    std::io::copy(&mut sheet, &mut File::create(target).expect("a file")).expect("the sheet is unpacked");
}

/// Rows of the table's sheets, headings included; the manifest, a small sheet, is left out.
fn rows_of_sheets(workbook: &str) -> Vec<u64> {
    let (mut archive, sheets) = sheets(workbook);
    let large = sheets.iter().filter(|(_, size)| *size > 1_000_000);
    large.map(|(name, _)| rows_of(&mut archive.by_name(name).expect("the sheet"))).collect()
}

fn rows_of(sheet: &mut impl Read) -> u64 {
    const TAG: &[u8] = b"<row ";
    let (mut rows, mut kept, mut block) = (0, Vec::new(), vec![0; 1 << 20]);
    loop {
        let read = sheet.read(&mut block).expect("the sheet is read");
        if read == 0 {
            return rows;
        }
        kept.extend_from_slice(&block[..read]);
        rows += memchr::memmem::find_iter(&kept, TAG).count() as u64;
        // A tag may be cut in two by the end of a block; the rest is too short to hold a whole one.
        kept.drain(..kept.len().saturating_sub(TAG.len() - 1));
    }
}
