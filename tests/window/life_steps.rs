//! The life of tenants: one is cloned, one is dropped, brought back, dropped again and removed for good. What the window says is
//! compared with what is on the server and in the folder of the backups.

use crate::fleet::Fleet;
use cadastre_tests::Window;
use cadastre_tests::workbook::Workbook;
use std::path::{Path, PathBuf};

const SOURCE: (&str, &str) = ("Agence Bretagne", "agence_bretagne");
const CLONE: (&str, &str) = ("Copie d’essai", "copie_d_essai");
/// Who is dropped.
pub const DROPPED: (&str, &str) = ("Cabinet Nord", "cabinet_nord");

/// Rows of every table of a tenant, by name.
pub async fn rows(fleet: &Fleet, schema: &str) -> Vec<String> {
    let each = "select relname || ' ' || (xpath('/row/count/text()', query_to_xml(format('select count(*) from %I.%I', \
                relnamespace::regnamespace, relname), false, true, '')))[1]::text";
    let query =
        format!("{each} from pg_class where relnamespace = '{schema}'::regnamespace and relkind = 'r' order by 1");
    fleet.database.column(&query).await
}

/// Names of the schemas in quarantine.
async fn quarantined(fleet: &Fleet) -> Vec<String> {
    fleet.database.column(r"select nspname from pg_namespace where nspname like '\_cadastre\_q\_%' order by 1").await
}

/// The backups in a folder, the oldest first.
fn backups(folder: &Path) -> Vec<PathBuf> {
    let of = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).expect("the folder of the backups");
        entries.map(|entry| entry.expect("an entry").path()).collect()
    };
    let mut found: Vec<PathBuf> = of(folder).iter().flat_map(|each| of(each)).collect();
    found.sort();
    found
}

/// Chooses something from the menu of the one tenant that is selected.
async fn from_the_menu(window: &Window, name: &str, key: &str) {
    crate::steps::select(window, &[name]).await;
    window.click_text("common:action.more").await;
    window.click_text(key).await;
}

/// Another tenant with all rows, after its source.
pub async fn clone(window: &Window, fleet: &Fleet) {
    let before = fleet.database.state().await;
    from_the_menu(window, SOURCE.0, "tenants:action.clone").await;
    window.fill(&window.texts.of_key("clone:name"), CLONE.0).await;
    let derived = "return find('field', arguments[0])?.value === arguments[1];";
    window.until("the derived name", derived, &[window.texts.of_key("create:schema").into(), CLONE.1.into()]).await;
    window.check("clone").await;
    window.click_text("clone:next").await;
    window.see(&format!("create schema \"{}\"", CLONE.1)).await;
    window.check("clone-plan").await;
    assert_eq!(fleet.database.state().await, before, "a plan changed something");
    window.click_text("clone:plan.action").await;
    window.see_no_dialog().await;
    window.see(&window.texts.with("runs:finished.clone", &[("count", "1")])).await;
    window.see_row(&[CLONE.0, CLONE.1]).await;
    assert_eq!(rows(fleet, CLONE.1).await, rows(fleet, SOURCE.1).await);
    window.tick(&window.texts.with("common:grid.selectRow", &[("name", SOURCE.0)]), false).await;
}

/// Into quarantine, with a backup in the folder that the person picks the first time. The backup.
pub async fn drop(window: &Window, fleet: &Fleet, folder: &Path) -> PathBuf {
    let (before, held) = (backups(folder), rows(fleet, DROPPED.1).await);
    from_the_menu(window, DROPPED.0, "tenants:action.drop").await;
    window.see("alter schema \"cabinet_nord\" rename to").await;
    if before.is_empty() {
        window.click_text("common:action.choose").await;
    }
    // The second time the folder is remembered.
    window.see(&folder.join("_cadastre_q_").display().to_string()).await;
    window.check("drop-plan").await;
    window.fill(&window.texts.with("plan:typeToConfirm", &[("name", DROPPED.1)]), DROPPED.1).await;
    window.click_text("quarantine:drop.action").await;
    window.see_no_dialog().await;
    window.see(&window.texts.with("runs:finished.drop", &[("count", "1")])).await;
    window.see(&window.texts.of_key("quarantine:action.backup")).await;
    let [quarantine] = quarantined(fleet).await.try_into().expect("one tenant in quarantine");
    assert_eq!(rows(fleet, &quarantine).await, held);
    let gone = format!("select count(*)::text from pg_namespace where nspname = '{}'", DROPPED.1);
    assert_eq!(fleet.database.value(&gone).await, "0");
    let mut made = backups(folder);
    made.retain(|file| !before.contains(file));
    let ending = |ending: &str| made.iter().find(|file| file.extension().is_some_and(|found| found == ending));
    assert!(ending("dump").is_some(), "no archive: {made:?}");
    let file = ending("xlsx").expect("a workbook").clone();
    let mut book = Workbook::open(&file);
    let saved: Vec<String> = book.manifest().iter().map(|(table, _, rows)| format!("{table} {rows}")).collect();
    let mut sorted = saved.clone();
    sorted.sort();
    assert_eq!(sorted, held, "the backup does not hold what the tenant held");
    file
}

/// What the tenants hold, whatever numbers the server gives to objects: one line per table with a digest of its rows.
pub async fn contents(fleet: &Fleet, schema: &str) -> Vec<String> {
    let tables = format!(
        "select relname::text from pg_class where relnamespace = '{schema}'::regnamespace and relkind = 'r' order by 1"
    );
    let mut lines = Vec::new();
    for table in fleet.database.column(&tables).await {
        let digest = format!(
            "select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {schema}.\"{table}\" t"
        );
        lines.push(format!("{table} {}", fleet.database.value(&digest).await));
    }
    lines
}

/// The tenant that was removed for good comes back from its workbook, under its own name, and is compared with it.
pub async fn restore(window: &Window, fleet: &Fleet, held: &[String]) {
    window.click_text("common:place.backups").await;
    window.click_text("backups:workbook.open").await;
    window.see_row(&["skills"]).await;
    window.click_text("backups:restore.open").await;
    let holds = "return find('field', arguments[0])?.value === arguments[1];";
    let (name, schema) = (window.texts.of_key("backups:restore.name"), window.texts.of_key("create:schema"));
    // Nobody has the name any more.
    window.until("its own name", holds, &[name.into(), DROPPED.0.into()]).await;
    window.until("its own schema", holds, &[schema.into(), DROPPED.1.into()]).await;
    window.click_text("create:next").await;
    window.see(&format!("create schema \"{}\"", DROPPED.1)).await;
    window.click_text("backups:restore.action").await;
    window.see(&window.texts.of_key("backups:report.equal")).await;
    assert_eq!(contents(fleet, DROPPED.1).await, held);
    window.click_text("common:place.backups").await;
    window.click_text("backups:workbook.open").await;
    window.see_row(&["skills"]).await;
    window.fill(&window.texts.of_key("backups:compare.with"), DROPPED.0).await;
    window.click(DROPPED.0).await;
    window.click_text("backups:compare.start").await;
    window.see(&window.texts.of_key("backups:compare.same")).await;
    window.check("restored").await;
}

/// Back from quarantine, by the button of the run that put it there: everything is as it was.
pub async fn undrop(window: &Window, fleet: &Fleet) {
    let [quarantine] = quarantined(fleet).await.try_into().expect("one tenant in quarantine");
    // The run tells where the tenant and its backup are, and offers the way back.
    // Not by the pointer, which would rest on the button and have it explained.
    let open = "const details = find('button', arguments[0]); details?.click(); return details !== null;";
    window.until("the run", open, &[window.texts.of_key("runs:details").into()]).await;
    window.see(&quarantine).await;
    window.see(&window.texts.of_key("quarantine:result.archive")).await;
    window.check("dropped").await;
    window.click_text("quarantine:action.undrop").await;
    window.see(&format!("alter schema \"{quarantine}\" rename to")).await;
    window.check("undrop-plan").await;
    window.click_text("quarantine:undrop.action").await;
    window.see_no_dialog().await;
    window.see(&window.texts.with("runs:finished.undrop", &[("count", "1")])).await;
    window.click_text("runs:details").await;
    window.see_row(&[DROPPED.0, DROPPED.1]).await;
    assert_eq!(quarantined(fleet).await, Vec::<String>::new());
}

/// The place of what is in quarantine knows the backup, byte for byte; a purge takes the tenant and leaves the file.
pub async fn purge(window: &Window, fleet: &Fleet, backup: &Path) {
    let [quarantine] = quarantined(fleet).await.try_into().expect("one tenant in quarantine");
    window.click_text("common:place.tenants").await;
    window.click(&window.texts.with("tenants:part.quarantineOf", &[("number", "1")])).await;
    window.see_row(&[DROPPED.0, DROPPED.1]).await;
    window.see(&quarantine).await;
    window.see(&window.texts.of_key("quarantine:backup.verified")).await;
    window.see(&backup.display().to_string()).await;
    window.check("quarantine").await;
    window.click_text("quarantine:action.purge").await;
    let grace = window.texts.of_key("quarantine:purge.grace");
    // Thirty days are not over: no name makes the button work.
    window.see(&window.texts.of_key("plan:stops")).await;
    window.check("purge-too-early").await;
    let open = "const field = find('field', arguments[0]); field?.click(); return field !== null;";
    window.until("the choice of the period", open, &[grace.into()]).await;
    window.click_text("quarantine:purge.noGrace").await;
    window.see("drop constraint if exists").await;
    window.fill(&window.texts.with("plan:typeToConfirm", &[("name", DROPPED.1)]), DROPPED.1).await;
    window.check("purge-plan").await;
    window.click_text("quarantine:purge.action").await;
    window.see_no_dialog().await;
    window.see(&window.texts.with("runs:finished.purge", &[("count", "1")])).await;
    window.see(&window.texts.of_key("quarantine:nothing.title")).await;
    window.check("quarantine-empty").await;
    assert_eq!(quarantined(fleet).await, Vec::<String>::new());
    assert!(backup.is_file(), "the purge took the backup");
}
