//! The main job in the real window, on a real server, with a real keyring: what is seen is compared with what is in
//! the database and in the workbook.

mod backup_steps;
mod doctor_steps;
mod fleet;
mod foreign_steps;
mod life_steps;
mod map_steps;
mod registry_steps;
mod run_steps;
mod steps;
mod watch_steps;

use cadastre_tests::Window;
use cadastre_tests::canary::Watch;
use cadastre_tests::workbook::Workbook;
use fleet::{Fleet, NEWEST};
use std::path::Path;
use tokio::sync::Mutex;

/// Two windows at once would take each other's time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

#[tokio::test]
async fn a_run_is_judged_cancelled_resumed_and_undone_in_the_window() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let fleet = Fleet::empty().await;
    let cli = fleet.cli();
    let folder = run_steps::tenants_and_a_slow_migration(&fleet, &cli).await;
    let window = Window::open(&[("CADASTRE_TEST_PICK_FOLDER", &folder)]).await;

    steps::connect(&window, &fleet).await;
    let before = run_steps::fingerprints(&cli).await;
    run_steps::start_with_canaries(&window).await;
    run_steps::go_on_after_the_verdict(&window, &fleet).await;
    let done = run_steps::cancel_in_the_middle(&window, &fleet).await;
    run_steps::resume(&window, &fleet, done).await;
    run_steps::undo(&window, &fleet).await;
    assert_eq!(run_steps::fingerprints(&cli).await, before, "undoing left something behind");
    run_steps::compare_structures(&window, &fleet).await;

    assert_eq!(window.findings(), Vec::<String>::new(), "axe");
    window.close().await;
}

#[tokio::test]
async fn a_tenant_is_cloned_dropped_brought_back_removed_and_restored_in_the_window() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let fleet = Fleet::new().await;
    let out = tempfile::tempdir().expect("a folder for the backups");
    let folder = out.path().display().to_string();
    let elsewhere = tempfile::tempdir().expect("a folder for a copy of the backup");
    let copy = elsewhere.path().join("copy.xlsx");
    let picked = copy.display().to_string();
    let answers = [("CADASTRE_TEST_PICK_FOLDER", folder.as_str()), ("CADASTRE_TEST_PICK_FILE", picked.as_str())];
    let window = Window::open(&answers).await;

    steps::connect(&window, &fleet).await;
    let held = life_steps::contents(&fleet, life_steps::DROPPED.1).await;
    life_steps::clone(&window, &fleet).await;
    let before = fleet.database.state().await;
    life_steps::drop(&window, &fleet, out.path()).await;
    life_steps::undrop(&window, &fleet).await;
    assert_eq!(fleet.database.state().await, before, "it did not come back as it was");
    let backup = life_steps::drop(&window, &fleet, out.path()).await;
    life_steps::purge(&window, &fleet, &backup).await;
    std::fs::copy(&backup, &copy).expect("a copy of the backup");
    life_steps::restore(&window, &fleet, &held).await;

    assert_eq!(window.findings(), Vec::<String>::new(), "axe");
    window.close().await;
}

#[tokio::test]
async fn tenants_are_registered_created_closed_and_opened_in_the_window() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let fleet = Fleet::new().await;
    fleet.database.execute("alter role registrar createrole").await;
    let folder = tempfile::tempdir().expect("a folder");
    let list = folder.path().join("tenants.csv");
    registry_steps::write_list(&list);
    let picked = list.display().to_string();
    let window = Window::open(&[("CADASTRE_TEST_PICK_FILE", picked.as_str())]).await;

    steps::connect(&window, &fleet).await;
    registry_steps::install(&window, &fleet).await;
    registry_steps::register(&window, &fleet).await;
    registry_steps::create(&window, &fleet).await;
    registry_steps::create_listed(&window, &fleet).await;
    registry_steps::close_and_open(&window, &fleet).await;

    assert_eq!(window.findings(), Vec::<String>::new(), "axe");
    window.close().await;
}

#[tokio::test]
async fn what_is_wrong_is_found_and_repaired_in_the_window() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let fleet = Fleet::new().await;
    doctor_steps::break_something(&fleet).await;
    let window = Window::open(&[]).await;

    steps::connect(&window, &fleet).await;
    doctor_steps::find(&window).await;
    doctor_steps::repair(&window, &fleet).await;

    assert_eq!(window.findings(), Vec::<String>::new(), "axe");
    window.close().await;
}

#[tokio::test]
async fn what_goes_on_is_watched_and_tenants_are_maintained_in_the_window() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let fleet = Fleet::new().await;
    let window = Window::open(&[]).await;

    steps::connect(&window, &fleet).await;
    watch_steps::activity(&window, &fleet).await;
    watch_steps::space_and_time(&window).await;
    watch_steps::alerts(&window).await;
    watch_steps::maintain(&window, &fleet).await;

    assert_eq!(window.findings(), Vec::<String>::new(), "axe");
    window.close().await;
}

#[tokio::test]
async fn schemas_are_chosen_and_a_table_is_brought_home_in_the_window() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let fleet = Fleet::new().await;
    foreign_steps::grow(&fleet).await;
    let window = Window::open(&[]).await;

    steps::connect(&window, &fleet).await;
    foreign_steps::choose(&window, &fleet).await;
    foreign_steps::bring_home(&window, &fleet).await;

    assert_eq!(window.findings(), Vec::<String>::new(), "axe");
    window.close().await;
}

#[tokio::test]
async fn the_fleet_is_seen_as_a_map_and_compared_as_a_whole_in_the_window() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let fleet = Fleet::new().await;
    // What a scheduler has kept before; the window keeps it once more while it is open.
    let home = tempfile::tempdir().expect("a folder for the local state");
    let place = home.path().display().to_string();
    let cli = fleet.cli().env("CADASTRE_HOME", &place);
    cli.json(&["stats", "--snapshot"]).await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    cli.json(&["stats", "--snapshot"]).await;
    let window = Window::open(&[("CADASTRE_HOME", &place)]).await;

    steps::connect(&window, &fleet).await;
    steps::list(&window).await;
    map_steps::map(&window).await;
    map_steps::growth(&window).await;
    map_steps::compare_all(&window).await;

    assert_eq!(window.findings(), Vec::<String>::new(), "axe");
    window.close().await;
}

#[tokio::test]
async fn the_main_job_is_done_in_the_window() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let fleet = Fleet::new().await;
    let out = tempfile::tempdir().expect("a folder for the workbooks");
    let folder = out.path().display().to_string();
    let mut window = Window::open(&[("CADASTRE_TEST_PICK_FOLDER", &folder)]).await;
    let watch = Watch::start(&fleet.password);

    steps::connect(&window, &fleet).await;
    steps::list(&window).await;
    steps::create(&window, &fleet).await;
    steps::migrate(&window, &fleet).await;
    steps::compare(&window).await;
    steps::export(&window).await;
    agrees(&fleet, &out.path().join("lycee_victor_hugo.xlsx")).await;
    steps::journal(&window).await;
    steps::again_in_french(&mut window).await;
    steps::connect_again(&window).await;

    assert_eq!(watch.end().places, Vec::<String>::new(), "the password was visible in the list of processes");
    let places = [window.account(), window.keyring().folder(), fleet.cluster.folder(), out.path()];
    assert_eq!(fleet.password.search(&places), Vec::<String>::new());
    assert_eq!(window.findings(), Vec::<String>::new(), "axe");
    window.close().await;
}

#[tokio::test]
async fn a_tenant_comes_back_from_its_workbook_and_its_archive_in_the_window() {
    let _turn = ONE_AT_A_TIME.lock().await;
    let fleet = Fleet::new().await;
    let out = tempfile::tempdir().expect("a folder for the files");
    let folder = out.path().display().to_string();
    let file = out.path().join(format!("{}.xlsx", backup_steps::SCHEMA));
    let picked = file.display().to_string();
    let answers = [("CADASTRE_TEST_PICK_FOLDER", folder.as_str()), ("CADASTRE_TEST_PICK_FILE", picked.as_str())];
    let window = Window::open(&answers).await;
    let watch = Watch::start(&fleet.password);

    steps::connect(&window, &fleet).await;
    backup_steps::export(&window, &fleet).await;
    backup_steps::verify_and_compare(&window).await;
    backup_steps::restore(&window, &fleet).await;
    backup_steps::compare_with_the_restored(&window, &fleet).await;
    backup_steps::files_that_are_not_what_was_written(&window, &file).await;
    assert_eq!(watch.end().places, Vec::<String>::new(), "the password was visible in the list of processes");
    // From here on pg_dump has it in its environment, where the same person can read it, and nobody else.
    backup_steps::archives(&window, &fleet).await;

    assert_eq!(fleet.password.search(&[window.account(), out.path()]), Vec::<String>::new());
    assert_eq!(window.findings(), Vec::<String>::new(), "axe");
    window.close().await;
}

/// The workbook holds every row of every table.
async fn agrees(fleet: &Fleet, file: &Path) {
    let mut book = Workbook::open(file);
    let manifest = book.manifest();
    assert!(manifest.len() >= 11, "{manifest:?}");
    for (table, sheet, rows) in manifest {
        let count = fleet.database.value(&format!("select count(*)::text from lycee_victor_hugo.\"{table}\"")).await;
        assert_eq!((count, book.rows(&sheet)), (rows.to_string(), rows), "{table}");
    }
    let skills = fleet.database.column("select name from lycee_victor_hugo.skills order by name").await;
    let sheet = book.sheet("skills");
    let at = sheet.rows().next().and_then(|row| row.iter().position(|cell| *cell == "name"));
    let mut written: Vec<String> = sheet.rows().skip(1).map(|row| row[at.expect("a column")].to_string()).collect();
    written.sort();
    let mut skills = skills;
    skills.sort();
    assert_eq!(written, skills);
    assert!(skills.len() > 10, "the seed of the template is not there");
    assert_eq!(fleet.version("lycee_victor_hugo").await, format!("{NEWEST} 7"));
}
