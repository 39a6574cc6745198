//! The doctor: what somebody has broken is found, explained, and repaired by a plan; afterwards nothing is wrong.

use crate::fleet::Fleet;
use cadastre_tests::Window;

/// Rows that were copied in with their numbers, and a constraint that nobody has checked.
pub async fn break_something(fleet: &Fleet) {
    fleet
        .database
        .execute(
            "insert into agence_bretagne.skills (id, name, category) \
               values (5000, 'Cadastre', (enum_range(null::agence_bretagne.skill_category))[1]); \
             alter table bureau_lyon.skills add constraint named check (name <> '') not valid",
        )
        .await;
}

/// Whatever is wrong stands in the list, with what it was seen by.
pub async fn find(window: &Window) {
    window.click_text("common:place.health").await;
    let level = |level: &str| window.texts.of_key(&format!("health:level.{level}"));
    window.see_row(&[&level("error"), "agence_bretagne"]).await;
    window.see_row(&[&level("note"), "bureau_lyon"]).await;
    // The gravest is open: why it matters, and the statement that repairs it.
    window.see(&window.texts.of_key("health:check.sequence_behind.why")).await;
    window.see("select pg_catalog.setval('\"agence_bretagne\".\"skills_id_seq\"'").await;
    window.check("doctor").await;
}

/// All of it by one plan, which is proven tenant by tenant.
pub async fn repair(window: &Window, fleet: &Fleet) {
    let before = fleet.database.state().await;
    window.click(&window.texts.with("health:repair.many", &[("count", "2")])).await;
    // Each tenant has statements of its own, of which the first tenant's are in sight; the checks count all.
    window.see(&window.texts.of_key("health:repair.subtitle")).await;
    window.check("doctor-plan").await;
    assert_eq!(fleet.database.state().await, before, "a plan changed something");
    window.click(&window.texts.with("health:repair.action", &[("count", "2")])).await;
    window.see_no_dialog().await;
    window.see(&window.texts.with("runs:finished.repair", &[("count", "2")])).await;
    window.see(&window.texts.of_key("health:nothing.title")).await;
    window.check("doctor-nothing").await;
    let place = "select last_value::text from agence_bretagne.skills_id_seq";
    assert_eq!(fleet.database.value(place).await, "5000");
    let checked = "select convalidated::text from pg_constraint where conname = 'named'";
    assert_eq!(fleet.database.value(checked).await, "true");
}
