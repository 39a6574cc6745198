//! A database that others have grown: which of its schemas are tenants, and what lies in the wrong one.

use crate::fleet::Fleet;
use cadastre_tests::Window;
use serde_json::json;
use thirtyfour::Key;

/// A schema of nobody's, and a tenant's table in `public`.
pub async fn grow(fleet: &Fleet) {
    fleet
        .database
        .execute(
            "create schema lookups; create table lookups.colours (id int primary key, name text); \
             insert into lookups.colours values (1, 'red'); grant usage on schema lookups to registrar; \
             alter table cabinet_nord.skills set schema public",
        )
        .await;
}

/// The schema of nobody's is taken for a tenant until a rule says that it is none; the database is left as it is.
pub async fn choose(window: &Window, fleet: &Fleet) {
    let before = fleet.database.state().await;
    window.see_row(&["lookups"]).await;
    window.click_text("adoption:open").await;
    window.see(&window.texts.with("adoption:count", &[("count", "4"), ("all", "5")])).await;
    window.check("adoption").await;
    let field = window.texts.of_key("adoption:patterns.exclude");
    window.fill(&field, "look*").await;
    window.press(Key::Enter.value().to_string()).await;
    window.see(&window.texts.with("adoption:count", &[("count", "3"), ("all", "5")])).await;
    window.click_text("adoption:save").await;
    window.see(&window.texts.of_key("adoption:saved")).await;
    window.check("adoption-kept").await;
    window.click_text("adoption:back").await;
    window.see_row(&["cabinet_nord"]).await;
    let gone =
        "return ![...document.querySelectorAll('[role=row]')].some((row) => row.textContent.includes('lookups'));";
    window.until("the list without it", gone, &[]).await;
    assert_eq!(fleet.database.state().await, before, "choosing tenants changed the database");
}

/// The table goes to its tenant by a plan, with its rows, its sequence and the keys that lead to it.
pub async fn bring_home(window: &Window, fleet: &Fleet) {
    let name = [("name", "Cabinet Nord"), ("count", "1")];
    window.see(&window.texts.with("misplaced:notice", &name)).await;
    let before = fleet.database.state().await;
    window.click_text("misplaced:plan").await;
    window.see(&window.texts.with("misplaced:dialog.title", &name[..1])).await;
    let action = window.texts.with("misplaced:dialog.action", &name);
    let ready = "const button = find('button', arguments[0]); return button !== null && !button.disabled;";
    window.until("the plan", ready, &[json!(action)]).await;
    window.check("move-plan").await;
    assert_eq!(fleet.database.state().await, before, "a plan changed something");
    window.click(&action).await;
    window.see_no_dialog().await;
    let notice = window.texts.with("misplaced:notice", &name);
    let gone = "return !document.body.innerText.includes(arguments[0]);";
    window.until("the list without a notice", gone, &[json!(notice)]).await;
    let place = "select relnamespace::regnamespace::text from pg_class where relname = 'skills' and relkind = 'r' \
                 and relnamespace in ('public'::regnamespace, 'cabinet_nord'::regnamespace)";
    assert_eq!(fleet.database.value(place).await, "cabinet_nord");
    window.check("moved").await;
}
