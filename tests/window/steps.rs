//! The steps of the main job, each with what it must have done.

use crate::fleet::{BEFORE, BEFORE_DAY, Fleet, NEWEST};
use cadastre_tests::Window;
use std::time::{Duration, Instant};

const TENANTS: [&str; 3] = ["Agence Bretagne", "Bureau Lyon", "Cabinet Nord"];
const SCHEMAS: [&str; 3] = ["agence_bretagne", "bureau_lyon", "cabinet_nord"];
const NEW: &str = "Lycée Victor Hugo";

/// Fills in the form, has the password remembered, and connects.
pub async fn connect(window: &Window, fleet: &Fleet) {
    let text = |key: &str| window.texts.of_key(key);
    window.see(&text("connect:welcome.title")).await;
    window.check("welcome").await;
    window.click_text("connect:new").await;
    window.fill(&text("connect:field.name"), "Recette").await;
    window.fill(&text("connect:field.host"), "127.0.0.1").await;
    window.fill(&text("connect:field.port"), &fleet.cluster.port().to_string()).await;
    window.fill(&text("connect:field.database"), fleet.database.name()).await;
    window.fill(&text("connect:field.user"), "registrar").await;
    // A wrong password first: it is said, and nothing is remembered of it.
    window.fill(&text("connect:field.password"), "wrong").await;
    window.click_text("connect:test").await;
    let layer = window.texts.of_key("connect:layer.authentication");
    window.see(&window.texts.with("connect:result.failed", &[("layer", &layer)])).await;
    window.fill(&text("connect:field.password"), &fleet.password.text()).await;
    window.tick(&text("connect:field.remember"), true).await;
    window.check("connection").await;
    window.click_text("connect:connect").await;
}

/// Every tenant is in the list, behind as it is.
pub async fn list(window: &Window) {
    window
        .until(
            "the list",
            "return find('heading', arguments[0]) !== null",
            &[window.texts.of_key("tenants:title").into()],
        )
        .await;
    for (name, schema) in TENANTS.iter().zip(SCHEMAS) {
        window.see_row(&[name, schema, BEFORE_DAY, "↑2"]).await;
    }
    window.check("tenants").await;
}

/// A tenant is made through the plan, which shows the SQL.
pub async fn create(window: &Window, fleet: &Fleet) {
    let before = fleet.database.state().await;
    window.click_text("tenants:new").await;
    window.fill(&window.texts.of_key("create:name"), NEW).await;
    window
        .until(
            "the derived name",
            "return find('field', arguments[0])?.value === 'lycee_victor_hugo';",
            &[window.texts.of_key("create:schema").into()],
        )
        .await;
    window.check("create").await;
    window.click_text("create:next").await;
    window.see("create schema \"lycee_victor_hugo\"").await;
    window.check("create-plan").await;
    assert_eq!(fleet.database.state().await, before, "a plan changed something");
    window.click_text("create:plan.action").await;
    window.see_no_dialog().await;
    window.until("its page", "return find('heading', arguments[0]) !== null", &[NEW.into()]).await;
    assert_eq!(fleet.version("lycee_victor_hugo").await, format!("{NEWEST} 7"));
    let comment = "select obj_description('lycee_victor_hugo'::regnamespace, 'pg_namespace')";
    assert_eq!(fleet.database.value(comment).await, NEW);
    window.check("tenant").await;
}

/// The fleet is migrated; the run goes on while the page is loaded anew, because somebody holds a table.
pub async fn migrate(window: &Window, fleet: &Fleet) {
    let held = fleet.hold("cabinet_nord.resumes").await;
    window.click_text("common:place.migrations").await;
    let behind = window.texts.with("migrations:migrateBehind", &[("count", "3")]);
    window.see(&behind).await;
    window.check("migrations").await;
    window.click(&behind).await;
    window.see("20251013070000").await;
    let action = window.texts.with("migrations:dialog.action", &[("count", "3")]);
    window.check("migrate-plan").await;
    window.click(&action).await;
    let running = window.texts.of_key("runs:kind.migrate_up");
    window.see(&running).await;
    // Two are done, the third waits for the lock: that is the moment.
    for schema in &SCHEMAS[..2] {
        reaches(fleet, schema, &format!("{NEWEST} 7")).await;
    }
    window.reload().await;
    window.see(&running).await;
    window.check("run").await;
    assert_eq!(fleet.version("cabinet_nord").await, format!("{BEFORE} 5"));
    held.let_go().await;
    window.see(&window.texts.with("runs:finished.migrate_up", &[("count", "3")])).await;
    for schema in SCHEMAS {
        assert_eq!(fleet.version(schema).await, format!("{NEWEST} 7"), "{schema}");
    }
    // After the run the page is loaded anew once more; the matrix shows what the database says.
    window.reload().await;
    window.see(&window.texts.with("migrations:summary.current", &[("count", "4")])).await;
}

async fn reaches(fleet: &Fleet, schema: &str, version: &str) {
    let start = Instant::now();
    while fleet.version(schema).await != version {
        assert!(start.elapsed() < Duration::from_secs(60), "{schema} is not migrated");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

pub async fn select(window: &Window, names: &[&str]) {
    window.click_text("common:place.tenants").await;
    for name in names {
        window.tick(&window.texts.with("common:grid.selectRow", &[("name", name)]), true).await;
    }
    window.see(&window.texts.with("tenants:selected", &[("count", &names.len().to_string())])).await;
}

async fn unselect(window: &Window, names: &[&str]) {
    window.click_text("common:place.tenants").await;
    for name in names {
        window.tick(&window.texts.with("common:grid.selectRow", &[("name", name)]), false).await;
    }
}

/// Two tenants side by side, with the figures of both.
pub async fn compare(window: &Window) {
    select(window, &[TENANTS[0], NEW]).await;
    window.click_text("tenants:action.compare").await;
    window.see_row(&[TENANTS[0]]).await;
    window.see_row(&[NEW]).await;
    // Drawn, not only given room.
    window.until("the charts", "return document.querySelectorAll('figure canvas').length > 1;", &[]).await;
    window.click_text("compare:tab.tables").await;
    window.see_row(&["consultants"]).await;
    window.check("compare").await;
    unselect(window, &[TENANTS[0], NEW]).await;
}

/// One tenant becomes a workbook in the folder that the person picks.
pub async fn export(window: &Window) {
    select(window, &[NEW]).await;
    window.click_text("tenants:action.export").await;
    window.click_text("common:action.choose").await;
    window.check("export").await;
    window.click(&window.texts.with("export:start", &[("count", "1")])).await;
    window.see(&window.texts.with("runs:finished.export", &[("count", "1")])).await;
    window.see_no_dialog().await;
    unselect(window, &[NEW]).await;
}

/// Everything that was done is in the journal.
pub async fn journal(window: &Window) {
    window.click_text("common:place.journal").await;
    for subject in ["lycee_victor_hugo", "registrar"] {
        window.see(subject).await;
    }
    let rows = "return [...document.querySelectorAll('[role=row]')].filter(visible).length >= 4;";
    window.until("the entries", rows, &[]).await;
    window.check("journal").await;
}

/// The same places in French, which the window keeps over a reload.
pub async fn again_in_french(window: &mut Window) {
    window.speak("fr").await;
    for (place, name) in [
        ("common:place.journal", "journal"),
        ("common:place.settings", "settings"),
        ("common:place.tenants", "tenants"),
        ("common:place.migrations", "migrations"),
    ] {
        window.click_text(place).await;
        let heading = window.texts.of_key(place);
        window.until("the place", "return find('heading', arguments[0]) !== null", &[heading.into()]).await;
        window.check(name).await;
    }
    window.see(&window.texts.with("migrations:summary.current", &[("count", "4")])).await;
    window.click_text("common:place.tenants").await;
    window.click_text("tenants:new").await;
    window.fill(&window.texts.of_key("create:name"), "Lycée Victor Hugo").await;
    window.click_text("create:next").await;
    // The name is taken: said in French, at the field.
    let taken = window
        .texts
        .with("errors:schema_name_taken.title", &[("name", "lycee_victor_hugo"), ("existing", "lycee_victor_hugo")]);
    window.see(&taken).await;
    window.check("create-refused").await;
    window.click_text("common:action.cancel").await;
    select(window, &[TENANTS[0], TENANTS[1]]).await;
    window.click_text("tenants:action.compare").await;
    window.see_row(&[TENANTS[1]]).await;
    window.check("compare").await;
    unselect(window, &[TENANTS[0], TENANTS[1]]).await;
    select(window, &[NEW]).await;
    window.click_text("tenants:action.export").await;
    window.see(&window.texts.of_key("export:folder")).await;
    window.check("export").await;
    window.click_text("common:action.cancel").await;
    window.reload().await;
    window.until("French after the reload", "return document.documentElement.lang === 'fr';", &[]).await;
}

/// The password comes from the keyring: nobody types it a second time.
pub async fn connect_again(window: &Window) {
    window.click_text("common:frame.connection").await;
    window.click_text("common:frame.disconnect").await;
    window.see("Recette").await;
    window.check("connection").await;
    window.click_text("connect:connect").await;
    window.see_row(&[NEW, "lycee_victor_hugo"]).await;
    window.check("tenants").await;
}
