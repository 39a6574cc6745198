//! Workbooks and archives: a file that is what was written, two that are not, and the way back.

use crate::tour::{Picture, heading, select, settle};
use cadastre_core::connection::{Database, Purpose};
use cadastre_core::sql::Statement;
use cadastre_tests::Window;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

/// Whose workbook there is.
pub const TENANT: &str = "Groupe Mercure";
pub const FILE: &str = "groupe_mercure.xlsx";

pub async fn backups(window: &Window, picture: Picture<'_>, workbooks: &Path, database: &Database) {
    let file = workbooks.join(FILE);
    window.click_text("common:place.backups").await;
    heading(window, &window.texts.of_key("common:place.backups")).await;
    settle().await;
    picture(window, "backups-empty");
    workbook(window, picture).await;
    restore(window, picture).await;
    drop_restored(window, database).await;
    not_what_was_written(window, picture, &file).await;
    archives(window, picture).await;
    export(window, picture).await;
    window.click_text("common:place.settings").await;
    window.see(&window.texts.of_key("settings:client.label")).await;
    let scroll = "[...document.querySelectorAll('h2')].find((one) => one.textContent === arguments[0])?.scrollIntoView();\
                  return true;";
    window.until("the section", scroll, &[window.texts.of_key("settings:section.archives").into()]).await;
    settle().await;
    picture(window, "settings-archives");
}

async fn workbook(window: &Window, picture: Picture<'_>) {
    window.click_text("backups:workbook.open").await;
    window.see(&window.texts.of_key("backups:verify.notYet")).await;
    settle().await;
    picture(window, "workbook");
    window.click_text("backups:verify.start").await;
    window.see(&window.texts.of_key("backups:verdict.intact.text")).await;
    window.click_text("backups:compare.start").await;
    window.see(&window.texts.of_key("backups:compare.same")).await;
    settle().await;
    picture(window, "workbook-intact");
}

async fn restore(window: &Window, picture: Picture<'_>) {
    window.click_text("backups:restore.open").await;
    settle().await;
    picture(window, "restore");
    choose(window, &window.texts.of_key("backups:structure.tenant")).await;
    settle().await;
    picture(window, "restore-into");
    choose(window, &window.texts.of_key("backups:structure.template")).await;
    settle().await;
    picture(window, "restore-template");
    window.click_text("create:next").await;
    window.see("create schema").await;
    settle().await;
    picture(window, "restore-plan");
    window.click_text("backups:restore.action").await;
    window.see(&window.texts.of_key("backups:report.equal")).await;
    settle().await;
    picture(window, "restore-report");
}

/// The next picture has the fleet as it was.
async fn drop_restored(window: &Window, database: &Database) {
    let name = window.texts.with("backups:restore.copy", &[("name", TENANT)]);
    let schema = cadastre_core::tenant::derive_schema_name(&name).expect("a name");
    let mut session = database.session(Purpose::Create).await.expect("a session");
    session.execute(Statement::script(format!("drop schema {schema} cascade"))).await.expect("the tenant goes");
    session.close().await;
}

async fn not_what_was_written(window: &Window, picture: Picture<'_>, file: &Path) {
    let original = std::fs::read(file).expect("the workbook");
    edit(file);
    verify(window).await;
    window.see(&window.texts.of_key("backups:verdict.changed.title")).await;
    settle().await;
    picture(window, "workbook-edited");
    let mut damaged = original.clone();
    let at = damaged.len() / 3;
    damaged[at] ^= 0x40;
    std::fs::write(file, damaged).expect("the damaged file");
    verify(window).await;
    window.see(&window.texts.of_key("backups:verdict.damaged.title")).await;
    settle().await;
    picture(window, "workbook-damaged");
    std::fs::write(file, "no zip file").expect("another file");
    window.click_text("backups:workbook.open").await;
    window.see(&window.texts.of_key("backups:workbook.damaged")).await;
    settle().await;
    picture(window, "workbook-half");
    std::fs::write(file, original).expect("the workbook");
}

async fn verify(window: &Window) {
    window.click_text("common:place.backups").await;
    window.click_text("backups:workbook.open").await;
    window.click_text("backups:verify.start").await;
}

async fn archives(window: &Window, picture: Picture<'_>) {
    window.click_text("backups:archive.part").await;
    settle().await;
    picture(window, "archives-before");
    window.click_text("backups:archive.choose").await;
    window.click_text("backups:archive.create").await;
    choose(window, &window.texts.of_key("backups:archive.some")).await;
    window.fill(&window.texts.of_key("backups:archive.tenants"), TENANT).await;
    // Arrow down, Enter, Escape: the archive of an earlier look has the same name.
    window.press("\u{e015}\u{e007}\u{e00c}").await;
    settle().await;
    picture(window, "archive");
    window.click_text("create:next").await;
    window.see("pg_dump").await;
    settle().await;
    picture(window, "archive-plan");
    window.click(&window.texts.with("backups:archive.action", &[("count", "1")])).await;
    window.see_row(&[TENANT, &window.texts.of_key("backups:archive.state.verified")]).await;
    window.click(TENANT).await;
    settle().await;
    picture(window, "archives");
    window.click_text("backups:return.verify").await;
    window.see("pg_restore").await;
    settle().await;
    picture(window, "archive-verify-plan");
    window.click_text("backups:return.verifyAction").await;
    window.see(&window.texts.of_key("backups:report.tried")).await;
    settle().await;
    picture(window, "archive-report");
}

async fn export(window: &Window, picture: Picture<'_>) {
    select(window, &[TENANT, "Northwind Consulting"], true).await;
    window.click_text("tenants:action.export").await;
    choose(window, &window.texts.of_key("export:someTables")).await;
    window.see("consultants").await;
    window.click_text("export:every").await;
    settle().await;
    picture(window, "export-several");
    choose(window, &window.texts.of_key("export:format.csv")).await;
    settle().await;
    picture(window, "export-csv");
    window.click_text("common:action.cancel").await;
    window.see_no_dialog().await;
    window.click_text("tenants:action.clear").await;
}

/// Chooses one of a few: its button has no size, only its label does.
async fn choose(window: &Window, text: &str) {
    let script = "const label = [...places()[0].querySelectorAll('label')].filter(visible)\
                  .find((one) => tidy(one.textContent) === tidy(arguments[0]));\
                  label?.click(); return label?.control?.checked === true;";
    window.until(text, script, &[text.into()]).await;
}

/// Changes a few texts, and leaves a zip file that is whole.
fn edit(path: &Path) {
    let mut book = zip::ZipArchive::new(File::open(path).expect("the workbook")).expect("a zip file");
    let mut edited = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..book.len() {
        let mut part = book.by_index(index).expect("a part");
        let (name, mut bytes) = (part.name().expect("a name").into_owned(), Vec::new());
        part.read_to_end(&mut bytes).expect("its bytes");
        if name.starts_with("xl/worksheets/sheet") {
            bytes = String::from_utf8(bytes).expect("XML").replace("PostgreSQL<", "PostgreSQX<").into_bytes();
        }
        edited.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        edited.write_all(&bytes).expect("its bytes");
    }
    std::fs::write(path, edited.finish().expect("a zip file").into_inner()).expect("the edited file");
}
