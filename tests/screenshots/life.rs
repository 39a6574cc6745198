//! A tenant's end, as far as it can be taken back: the next look finds the same fleet. And a clone that is not made.

use crate::tour::{Picture, heading, select, settle};
use cadastre_tests::Window;

/// The demo's tenant, and its schema, which has to be typed.
const TENANT: (&str, &str) = ("Northwind Consulting", "northwind_consulting");
const CLONE: &str = "Northwind – formation";

pub async fn life(window: &Window, picture: Picture<'_>) {
    from_the_menu(window, "tenants:action.clone").await;
    window.fill(&window.texts.of_key("clone:name"), CLONE).await;
    settle().await;
    picture(window, "clone");
    window.click_text("clone:next").await;
    window.see("create schema").await;
    settle().await;
    picture(window, "clone-plan");
    window.click_text("common:action.close").await;
    window.see_no_dialog().await;
    select(window, &[TENANT.0], false).await;

    from_the_menu(window, "tenants:action.drop").await;
    window.see("alter schema").await;
    settle().await;
    picture(window, "drop");
    confirm(window).await;
    window.click_text("quarantine:drop.action").await;
    window.see_no_dialog().await;
    window.see(&window.texts.with("runs:finished.drop", &[("count", "1")])).await;
    settle().await;
    picture(window, "dropped");

    window.click(&window.texts.with("tenants:part.quarantineOf", &[("number", "1")])).await;
    window.see(&window.texts.of_key("quarantine:backup.verified")).await;
    settle().await;
    picture(window, "quarantine");
    window.click_text("quarantine:action.purge").await;
    let open = "const field = find('field', arguments[0]); field?.click(); return field !== null;";
    let grace = window.texts.of_key("quarantine:purge.grace");
    window.until("the choice of the period", open, &[grace.into()]).await;
    window.click_text("quarantine:purge.noGrace").await;
    confirm(window).await;
    settle().await;
    picture(window, "purge");
    window.click_text("common:action.close").await;
    window.see_no_dialog().await;

    // The other one of this name is in the dock.
    let undrop = "const all = [...document.querySelectorAll('aside button')]; \
                  all.find((one) => tidy(one.textContent) === arguments[0])?.click(); return places().length > 1;";
    window.until("the way back", undrop, &[window.texts.of_key("quarantine:action.undrop").into()]).await;
    window.see("alter schema").await;
    settle().await;
    picture(window, "undrop");
    window.click_text("quarantine:undrop.action").await;
    window.see_no_dialog().await;
    window.see(&window.texts.with("runs:finished.undrop", &[("count", "1")])).await;
    window.click_text("common:place.tenants").await;
    heading(window, &window.texts.of_key("tenants:title")).await;
    select(window, &[TENANT.0], false).await;
}

async fn from_the_menu(window: &Window, key: &str) {
    select(window, &[TENANT.0], true).await;
    window.click_text("common:action.more").await;
    window.click_text(key).await;
}

async fn confirm(window: &Window) {
    window.fill(&window.texts.with("plan:typeToConfirm", &[("name", TENANT.1)]), TENANT.1).await;
}
