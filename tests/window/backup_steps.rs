//! A workbook and an archive, from the export to the tenants that were made from them, and files that are not what was
//! written.

use crate::fleet::Fleet;
use cadastre_tests::Window;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

/// Whose workbook it is.
pub const TENANT: &str = "Agence Bretagne";
pub const SCHEMA: &str = "agence_bretagne";
/// Under what it comes back.
const AGAIN: &str = "Agence Bretagne bis";
const AGAIN_SCHEMA: &str = "agence_bretagne_bis";
/// The key, as the driver takes it.
const ESCAPE: &str = "\u{e00c}";
const FROM_ARCHIVE: &str = "Agence Bretagne archivée";
const FROM_ARCHIVE_SCHEMA: &str = "agence_bretagne_archivee";

/// The tenant becomes a workbook, whose line of the run leads to the place that verifies it.
pub async fn export(window: &Window, fleet: &Fleet) {
    let rows = "select 'Skill ' || n, 'database', case when n = 7 then 'PostgreSQL' end from generate_series(1, 400) n";
    fleet.database.execute(&format!("insert into {SCHEMA}.skills (name, category, description) {rows}")).await;
    crate::steps::select(window, &[TENANT]).await;
    window.click_text("tenants:action.export").await;
    window.click_text("common:action.choose").await;
    window.see(&window.texts.of_key("export:contents.personal")).await;
    choose(window, &window.texts.of_key("export:someTables")).await;
    window.see("consultants").await;
    window.check("export-tables").await;
    choose(window, &window.texts.with("export:allTables", &[("count", "12")])).await;
    window.click(&window.texts.with("export:start", &[("count", "1")])).await;
    window.see(&window.texts.with("runs:finished.export", &[("count", "1")])).await;
    window.see_no_dialog().await;
    window.click_text("tenants:action.clear").await;
    // Where no list of tenants has the same name.
    window.click_text("common:place.settings").await;
    window.click_text("runs:details").await;
    window.click(TENANT).await;
    window.see(&window.texts.of_key("runs:file.verified")).await;
    window.check("exported").await;
    window.click_text("runs:file.verify").await;
    window.see_row(&["skills"]).await;
    // The list of the run has said what there was to say.
    window.click_text("runs:dismiss").await;
}

/// Chooses one of a few: its button has no size, only its label does.
async fn choose(window: &Window, text: &str) {
    let script = "const label = [...places()[0].querySelectorAll('label')].filter(visible)\
                  .find((label) => tidy(label.textContent) === tidy(arguments[0]));\
                  label?.click(); return label?.control?.checked === true;";
    window.until(&format!("“{text}”"), script, &[text.into()]).await;
}

/// Every row is read, and is what was written; the tenant holds the same.
pub async fn verify_and_compare(window: &Window) {
    window.see(&window.texts.of_key("backups:verify.notYet")).await;
    window.check("workbook").await;
    window.click_text("backups:verify.start").await;
    window.see(&window.texts.of_key("backups:verdict.intact.text")).await;
    window.see_row(&["skills", &window.texts.of_key("backups:contents.asWritten")]).await;
    window.click_text("backups:compare.start").await;
    window.see(&window.texts.of_key("backups:compare.same")).await;
    window.see_row(&["skills", &window.texts.of_key("backups:equal.same")]).await;
    window.check("workbook-intact").await;
}

/// The tenant comes back under another name; the report says table by table that it is the same.
pub async fn restore(window: &Window, fleet: &Fleet) {
    let before = fleet.database.state().await;
    window.click_text("backups:restore.open").await;
    // Its own name is taken: another one is there already.
    let copy = window.texts.with("backups:restore.copy", &[("name", TENANT)]);
    let holds = "return find('field', arguments[0])?.value === arguments[1];";
    let name = window.texts.of_key("backups:restore.name");
    window.until("another name", holds, &[name.clone().into(), copy.into()]).await;
    window.fill(&name, AGAIN).await;
    let schema = window.texts.of_key("create:schema");
    window.until("the derived schema", holds, &[schema.into(), AGAIN_SCHEMA.into()]).await;
    window.check("restore").await;
    window.click_text("create:next").await;
    window.see(&format!("create schema \"{AGAIN_SCHEMA}\"")).await;
    window.check("restore-plan").await;
    assert_eq!(fleet.database.state().await, before, "a plan changed something");
    window.click_text("backups:restore.action").await;
    window.see(&window.texts.of_key("backups:report.equal")).await;
    window.see_row(&["skills", &window.texts.of_key("backups:report.column.same")]).await;
    // The program holds the report: a window that is loaded anew has it again.
    window.reload().await;
    window.see(&window.texts.of_key("backups:report.equal")).await;
    window.check("restore-report").await;
    agrees(fleet, AGAIN_SCHEMA).await;
}

/// Every table of the tenant and of the one that was made from it has the same rows.
async fn agrees(fleet: &Fleet, schema: &str) {
    let tables =
        format!("select relname::text from pg_class where relnamespace = '{SCHEMA}'::regnamespace and relkind = 'r'");
    let tables = fleet.database.column(&tables).await;
    assert!(tables.len() >= 11, "{tables:?}");
    for table in tables {
        let rows = |schema: &str| {
            format!(
                "select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {schema}.\"{table}\" t"
            )
        };
        let (there, here) = (fleet.database.value(&rows(SCHEMA)).await, fleet.database.value(&rows(schema)).await);
        assert_eq!(there, here, "{table}");
    }
}

/// The file and the new tenant hold the same, until somebody changes a row.
pub async fn compare_with_the_restored(window: &Window, fleet: &Fleet) {
    window.click_text("common:place.backups").await;
    window.click_text("backups:workbook.open").await;
    window.see_row(&["skills"]).await;
    window.fill(&window.texts.of_key("backups:compare.with"), AGAIN).await;
    window.click(AGAIN).await;
    window.click_text("backups:compare.start").await;
    window.see(&window.texts.of_key("backups:compare.same")).await;
    fleet.database.execute(&format!("update {AGAIN_SCHEMA}.skills set name = name || '!' where id = 1")).await;
    window.click_text("backups:compare.start").await;
    window.see(&window.texts.with("backups:compare.differs", &[("count", "1")])).await;
    window.see_row(&["skills", &window.texts.of_key("backups:equal.values")]).await;
    window.check("workbook-compared").await;
}

/// A cell that somebody changed is named; so is a file that is damaged. Neither is restored.
pub async fn files_that_are_not_what_was_written(window: &Window, file: &Path) {
    let original = std::fs::read(file).expect("the workbook");
    edit(file, "xl/worksheets/sheet", "PostgreSQL", "PostgreSQX");
    verify(window).await;
    window.see(&window.texts.of_key("backups:verdict.changed.text")).await;
    window.see(&window.texts.of_key("backups:finding.cell_changed")).await;
    window.check("workbook-edited").await;
    window.click_text("backups:restore.open").await;
    window.click_text("create:next").await;
    window.see(&window.texts.of_key("plan:stops")).await;
    window.check("restore-stopped").await;
    window.click_text("common:action.close").await;
    window.see_no_dialog().await;

    let mut damaged = original.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0x40;
    std::fs::write(file, &damaged).expect("the damaged file");
    verify(window).await;
    window.see(&window.texts.of_key("backups:verdict.damaged.title")).await;
    window.check("workbook-damaged").await;

    std::fs::write(file, &original[..middle]).expect("half a file");
    window.click_text("backups:workbook.open").await;
    window.see(&window.texts.of_key("backups:workbook.damaged")).await;
    window.check("workbook-half").await;
    std::fs::write(file, original).expect("the workbook");
}

async fn verify(window: &Window) {
    window.click_text("backups:workbook.open").await;
    window.see_row(&["skills"]).await;
    window.click_text("backups:verify.start").await;
}

/// Changes a text in the first part that has it, and leaves a zip file that is whole.
fn edit(path: &Path, parts: &str, from: &str, to: &str) {
    let mut book = zip::ZipArchive::new(File::open(path).expect("the workbook")).expect("a zip file");
    let mut edited = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut done = false;
    for index in 0..book.len() {
        let mut part = book.by_index(index).expect("a part");
        let (name, mut bytes) = (part.name().expect("a name").into_owned(), Vec::new());
        part.read_to_end(&mut bytes).expect("its bytes");
        if !done && name.starts_with(parts) {
            let text = String::from_utf8(bytes).expect("XML");
            done = text.contains(from);
            bytes = text.replacen(from, to, 1).into_bytes();
        }
        edited.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        edited.write_all(&bytes).expect("its bytes");
    }
    assert!(done, "no cell with {from}");
    std::fs::write(path, edited.finish().expect("a zip file").into_inner()).expect("the edited file");
}

/// The tenant becomes an archive, which is proven, and brings it back under a third name.
pub async fn archives(window: &Window, fleet: &Fleet) {
    window.click_text("common:place.backups").await;
    window.click_text("backups:archive.part").await;
    window.see(&window.texts.of_key("backups:archive.noFolder")).await;
    window.check("archives-no-folder").await;
    window.click_text("backups:archive.choose").await;
    window.see(&window.texts.of_key("backups:archive.empty")).await;
    window.check("archives-empty").await;
    window.click_text("backups:archive.create").await;
    choose(window, &window.texts.of_key("backups:archive.some")).await;
    window.fill(&window.texts.of_key("backups:archive.tenants"), TENANT).await;
    window.click(TENANT).await;
    window.press(ESCAPE).await;
    window.check("archive").await;
    window.click_text("create:next").await;
    window.see("pg_dump").await;
    window.see("--schema").await;
    window.check("archive-plan").await;
    window.click(&window.texts.with("backups:archive.action", &[("count", "1")])).await;
    window.see(&window.texts.with("runs:finished.backup", &[("count", "1")])).await;
    window.see_row(&[TENANT, &window.texts.of_key("backups:archive.state.verified")]).await;
    window.click(TENANT).await;
    window.check("archives").await;
    window.click_text("backups:return.restore").await;
    window.fill(&window.texts.of_key("backups:restore.name"), FROM_ARCHIVE).await;
    window.click_text("create:next").await;
    window.see("pg_restore").await;
    window.check("archive-restore-plan").await;
    window.click_text("backups:restore.action").await;
    window.see(&window.texts.of_key("backups:report.equal")).await;
    window.check("archive-report").await;
    agrees(fleet, FROM_ARCHIVE_SCHEMA).await;
}
