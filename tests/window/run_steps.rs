//! A run over tenants that take their time, from its canaries to its undoing, and the structures that remain.

use crate::fleet::Fleet;
use cadastre_tests::{Cli, Window};
use serde_json::Value;
use std::time::{Duration, Instant};

const TENANTS: [&str; 8] =
    ["Atelier 1", "Atelier 2", "Atelier 3", "Atelier 4", "Atelier 5", "Atelier 6", "Atelier 7", "Atelier 8"];
const CANARIES: usize = 2;

/// Makes the tenants at their first migration; the folder has a second, during which one can do something.
pub async fn tenants_and_a_slow_migration(fleet: &Fleet, cli: &Cli) -> String {
    cli.write("slow/001_people.up.sql", "create table people (id int primary key, name text not null);\n");
    cli.write("slow/001_people.down.sql", "drop table people;\n");
    let folder = cli.path("slow");
    fleet.create(cli, &TENANTS, &folder).await;
    cli.write("slow/002_town.up.sql", "alter table people add column town text;\nselect pg_sleep(0.8);\n");
    cli.write("slow/002_town.down.sql", "alter table people drop column town;\n");
    folder
}

/// Fingerprint and members of each class.
pub async fn fingerprints(cli: &Cli) -> Vec<(Value, Value)> {
    let shapes = cli.json(&["shape"]).await;
    let classes = shapes["classes"].as_array().expect("classes");
    classes.iter().map(|class| (class["fingerprint"].clone(), class["tenants"].clone())).collect()
}

/// Schemas that have the second migration; each has it once.
async fn migrated(fleet: &Fleet) -> Vec<String> {
    let mut found = Vec::new();
    for tenant in TENANTS {
        let schema = tenant.to_lowercase().replace(' ', "_");
        match fleet.version(&schema).await.as_str() {
            "1 1" => {}
            "2 2" => found.push(schema),
            other => panic!("{schema} is at {other}"),
        }
    }
    found
}

/// The folder is chosen, the plan made, the run started, one tenant at a time.
pub async fn start_with_canaries(window: &Window) {
    window.click_text("common:place.migrations").await;
    window.click_text("migrations:source.label").await;
    window.click_text("migrations:source.folder").await;
    window.click(&window.texts.with("migrations:migrateBehind", &[("count", "8")])).await;
    window.fill(&window.texts.of_key("migrations:option.canaries"), &CANARIES.to_string()).await;
    window.fill(&window.texts.of_key("migrations:option.jobs"), "1").await;
    window.see(&window.texts.with("migrations:dialog.canaries", &[("count", &CANARIES.to_string())])).await;
    window.see("pg_sleep").await;
    window.check("canary-plan").await;
    window.click(&window.texts.with("migrations:dialog.action", &[("count", "8")])).await;
}

/// Nobody but the canaries has moved until the person says so.
pub async fn go_on_after_the_verdict(window: &Window, fleet: &Fleet) {
    window.see(&window.texts.with("runs:verdict.good", &[("count", &CANARIES.to_string())])).await;
    window.check("verdict").await;
    assert_eq!(migrated(fleet).await.len(), CANARIES);
    let others = (TENANTS.len() - CANARIES).to_string();
    window.click(&window.texts.with("runs:verdict.goOn", &[("count", &others)])).await;
}

/// Who was done stays done, who was under way is rolled back, the others did not begin. How many are done.
pub async fn cancel_in_the_middle(window: &Window, fleet: &Fleet) -> usize {
    let start = Instant::now();
    while migrated(fleet).await.len() <= CANARIES {
        assert!(start.elapsed() < Duration::from_secs(30), "the run does not go on");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    window.click_text("common:action.cancel").await;
    window.see(&window.texts.of_key("runs:why.cancelled")).await;
    let done = migrated(fleet).await;
    assert!(done.len() < TENANTS.len(), "it was cancelled too late to prove anything");
    window.see(&window.texts.with("runs:finished.migrate_up", &[("count", &done.len().to_string())])).await;
    window.see_row(&["Atelier", &window.texts.of_key("common:state.cancelled")]).await;
    window.see_row(&["Atelier", &window.texts.of_key("common:state.not_started")]).await;
    window.check("cancelled").await;
    done.len()
}

/// The rest has its turn, and nobody a second one.
pub async fn resume(window: &Window, fleet: &Fleet, done: usize) {
    window.click_text("runs:rest").await;
    let rest = (TENANTS.len() - done).to_string();
    let action = window.texts.with("migrations:dialog.action", &[("count", &rest)]);
    window.see(&action).await;
    window.check("resume-plan").await;
    window.click(&action).await;
    window.see_no_dialog().await;
    let all = TENANTS.len().to_string();
    window.see(&window.texts.with("runs:finished.migrate_up", &[("count", &all)])).await;
    assert_eq!(migrated(fleet).await.len(), TENANTS.len());
    window.check("resumed").await;
}

/// The way back says what is lost, and wants the name of the database.
pub async fn undo(window: &Window, fleet: &Fleet) {
    window.click_text("runs:undo").await;
    let all = TENANTS.len().to_string();
    let action = window.texts.with("migrations:revertDialog.action", &[("count", &all)]);
    window.see("people.town").await;
    window.check("undo-plan").await;
    let name = fleet.database.name();
    window.fill(&window.texts.with("plan:typeToConfirm", &[("name", name)]), name).await;
    window.click(&action).await;
    window.see(&window.texts.with("runs:finished.migrate_down", &[("count", &all)])).await;
    assert_eq!(migrated(fleet).await, Vec::<String>::new());
}

/// What somebody did to one tenant by hand is seen beside another, and gone after the SQL that repairs.
pub async fn compare_structures(window: &Window, fleet: &Fleet) {
    let drift = "alter table atelier_2.people add column nickname text, alter column name drop not null";
    fleet.database.execute(drift).await;
    let pair = [TENANTS[0], TENANTS[1]];
    crate::steps::select(window, &pair).await;
    window.click_text("common:action.more").await;
    window.click_text("tenants:action.structure").await;
    window.see_row(&["nickname", &window.texts.of_key("structure:diff.additional")]).await;
    window.see_row(&["not null", &window.texts.of_key("structure:diff.nullable")]).await;
    window.check("structure-differences").await;
    window.click_text("structure:diff.repair").await;
    window.see("drop column \"nickname\"").await;
    window.see(&window.texts.with("structure:repair.destructive", &[("count", "1")])).await;
    window.check("structure-repair").await;
    let lines = "return [...document.querySelectorAll('.cm-line')].map((line) => line.textContent).join('\\n');";
    let sql = window.script(lines, Vec::new()).await.expect("the SQL");

    window.click_text("structure:pick.overview").await;
    window.see_row(&["B", TENANTS[1]]).await;
    window.check("structure-classes").await;
    fleet.database.execute(sql.as_str().expect("a text")).await;
    window.click_text("structure:again").await;
    let alike = window.texts.with("structure:alike.title", &[("count", "8")]);
    window.see(&alike).await;
    // The place lasts over a reload.
    window.reload().await;
    window.see(&alike).await;
    window.check("structure-alike").await;
}
