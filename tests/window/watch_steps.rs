//! What goes on, what takes space, what is beyond its threshold, and upkeep: each as it is on the server at that moment.

use crate::fleet::Fleet;
use cadastre_tests::Window;
use serde_json::json;

/// A session that holds a table is seen with its tenant, and ended by a plan.
pub async fn activity(window: &Window, fleet: &Fleet) {
    let held = fleet.hold_as_registrar("agence_bretagne.skills").await;
    let pid = held.pid().to_string();
    window.click_text("common:place.health").await;
    window.click_text("watch:parts.activity").await;
    window.see_row(&[&pid, "agence_bretagne"]).await;
    window.check("activity").await;
    view(window, "watch:activity.view.blocked").await;
    window.see(&window.texts.of_key("watch:activity.none.blocked")).await;
    window.check("activity-blocked").await;
    view(window, "watch:activity.view.sessions").await;
    window.tick(&window.texts.with("common:grid.selectRow", &[("name", &pid)]), true).await;
    window.click_text("watch:end.end").await;
    let end = window.texts.with("watch:end.titleEnd", &[("count", "1")]);
    window.see("pg_catalog.pg_terminate_backend").await;
    window.check("activity-end").await;
    let there = format!("select exists (select from pg_stat_activity where pid = {pid})");
    assert_eq!(fleet.database.value(&there).await, "t", "a plan ended something");
    window.click(&end).await;
    window.see_no_dialog().await;
    window.see(&window.texts.with("runs:finished.end_sessions", &[("count", "1")])).await;
    fleet.database.wait_until(&format!("select not ({there})")).await;
}

/// Tables, indexes, statements.
pub async fn space_and_time(window: &Window) {
    window.click_text("watch:parts.storage").await;
    window.see_row(&["agence_bretagne", "skills"]).await;
    window.check("storage").await;
    view(window, "watch:storage.view.indexes").await;
    window.see(&window.texts.with("watch:storage.fleet", &[("tenants", "3")])).await;
    window.check("indexes").await;
    window.click_text("watch:parts.queries").await;
    // The tests' server has not loaded what counts statements: it says what would change that.
    window.see("pg_stat_statements").await;
    window.check("queries").await;
}

/// Tenants without a backup are an alert, which leads to them, and to their upkeep.
pub async fn alerts(window: &Window) {
    window.click_text("watch:parts.alerts").await;
    let days = window.texts.with("alerts:days", &[("count", "7")]);
    let missed = [("count", "3"), ("figure", "3"), ("limit", days.as_str())];
    window.see(&window.texts.with("alerts:title.backup_missed", &missed)).await;
    window.check("alerts").await;
    // Links and signs on the other ground, too.
    scheme(window, "dark").await;
    window.check("alerts-dark").await;
    scheme(window, "light").await;
    window.click(&window.texts.with("alerts:select", &[("count", "3")])).await;
    window.see(&window.texts.with("tenants:selected", &[("count", "3")])).await;
}

/// ANALYZE of the selected tenants.
pub async fn maintain(window: &Window, fleet: &Fleet) {
    window.click_text("common:action.more").await;
    window.click_text("tenants:action.maintain").await;
    window.see("vacuum (analyze)").await;
    window.check("maintain").await;
    let done = "select count(*)::text from pg_stat_user_tables where last_vacuum is not null";
    assert_eq!(fleet.database.value(done).await, "0", "a plan changed something");
    window.click(&window.texts.with("maintain:action.vacuum", &[("count", "3")])).await;
    window.see_no_dialog().await;
    window.see(&window.texts.with("runs:finished.maintain", &[("count", "3")])).await;
    fleet.database.wait_until(&done.replace("count(*)::text", "count(*) >= 33")).await;
}

/// The view whose radio button begins with this text; how many there are stands behind it.
async fn view(window: &Window, key: &str) {
    let choose = "const radio = [...document.querySelectorAll('input[type=radio]')]\
                  .find((one) => spoken(one).startsWith(arguments[0])); radio?.click(); return radio?.checked === true;";
    window.until("the view", choose, &[json!(window.texts.of_key(key))]).await;
}

/// Light or dark, for this page.
async fn scheme(window: &Window, scheme: &str) {
    let set = "document.documentElement.setAttribute('data-mantine-color-scheme', arguments[0]); return true;";
    window.until("the colours", set, &[json!(scheme)]).await;
    window.settle().await;
}
