//! The screens, in the order in which one comes to them.

use cadastre_tests::Window;
use std::time::Duration;

const LARGE: &str = "TalentMatch Lyon";
const OTHERS: [&str; 2] = ["Groupe Mercure", "Northwind Consulting"];
const NEW: &str = "Cabinet de la Presqu’île";

pub type Picture<'a> = &'a dyn Fn(&Window, &str);

/// Something to see in the journal: a tenant is made, and one becomes a workbook.
pub async fn prepare(window: &Window) {
    window.click_text("tenants:new").await;
    window.fill(&window.texts.of_key("create:name"), NEW).await;
    window.click_text("create:next").await;
    window.click_text("create:plan.action").await;
    window.see_no_dialog().await;
    select(window, &OTHERS[..1], true).await;
    window.click_text("tenants:action.export").await;
    window.click_text("common:action.choose").await;
    window.click(&window.texts.with("export:start", &[("count", "1")])).await;
    window.see_no_dialog().await;
    select(window, &OTHERS[..1], false).await;
}

/// Before anything is connected.
pub async fn welcome(window: &Window, picture: Picture<'_>) {
    window.see(&window.texts.of_key("connect:welcome.title")).await;
    settle().await;
    picture(window, "welcome");
}

/// The first screen of a fleet.
pub async fn tenants(window: &Window, picture: Picture<'_>) {
    window.click_text("common:place.tenants").await;
    heading(window, &window.texts.of_key("tenants:title")).await;
    settle().await;
    picture(window, "tenants");
}

/// How the fleet is shown.
async fn view(window: &Window, key: &str) {
    let choose = "const radio = [...document.querySelectorAll('input[type=radio]')]\
                  .find((one) => spoken(one) === arguments[0]); radio?.click(); return radio?.checked === true;";
    window.until("the view", choose, &[window.texts.of_key(key).into()]).await;
}

/// Everything that there is to see of a fleet.
pub async fn fleet(window: &Window, picture: Picture<'_>) {
    tenants(window, picture).await;
    view(window, "parcels:plan").await;
    window.until("the map", "return document.querySelector('[role=listbox] canvas') !== null;", &[]).await;
    settle().await;
    picture(window, "map");
    view(window, "parcels:list").await;
    window.click_text("tenants:new").await;
    window.fill(&window.texts.of_key("create:name"), "Lycée Victor Hugo").await;
    settle().await;
    picture(window, "create");
    window.click_text("create:next").await;
    window.see("create schema \"lycee_victor_hugo\"").await;
    settle().await;
    picture(window, "plan");
    window.click_text("common:action.close").await;
    window.see_no_dialog().await;

    let chosen = [LARGE, OTHERS[0], OTHERS[1]];
    select(window, &chosen, true).await;
    settle().await;
    picture(window, "selection");
    window.click_text("tenants:action.compare").await;
    window.see_row(&[LARGE]).await;
    let drawn = "return document.querySelectorAll('figure canvas').length >= 3;";
    window.until("the charts", drawn, &[]).await;
    settle().await;
    picture(window, "compare");
    select(window, &chosen[1..], false).await;
    window.click_text("tenants:action.export").await;
    window.see(&window.texts.of_key("export:folder")).await;
    settle().await;
    picture(window, "export");
    window.click_text("common:action.cancel").await;
    window.see_no_dialog().await;
    select(window, &chosen[..1], false).await;

    window.fill(&window.texts.of_key("tenants:search"), LARGE).await;
    window.click(LARGE).await;
    heading(window, LARGE).await;
    settle().await;
    picture(window, "tenant");
    window.click_text("tenant:tab.tables").await;
    window.see_row(&["consultants"]).await;
    settle().await;
    picture(window, "tables");

    window.click_text("common:place.migrations").await;
    heading(window, &window.texts.of_key("common:place.migrations")).await;
    settle().await;
    picture(window, "migrations");

    for place in ["journal", "settings"] {
        window.click_text(&format!("common:place.{place}")).await;
        heading(window, &window.texts.of_key(&format!("common:place.{place}"))).await;
        settle().await;
        picture(window, place);
    }
}

/// Which schemas are tenants, before and after a pattern.
pub async fn adoption(window: &Window, picture: Picture<'_>) {
    window.click_text("common:place.tenants").await;
    window.click_text("adoption:open").await;
    heading(window, &window.texts.of_key("adoption:title")).await;
    settle().await;
    picture(window, "adoption");
    window.tick(&window.texts.of_key("adoption:registry.only"), true).await;
    settle().await;
    picture(window, "adoption-rules");
    window.click_text("adoption:back").await;
}

pub async fn heading(window: &Window, text: &str) {
    window.until(text, "return find('heading', arguments[0]) !== null", &[text.into()]).await;
}

pub async fn select(window: &Window, names: &[&str], selected: bool) {
    window.click_text("common:place.tenants").await;
    for name in names {
        // A long list draws only what is in view: the search brings it there.
        window.fill(&window.texts.of_key("tenants:search"), name).await;
        // Until it has, lines still change their tenants, and a click would reach another one.
        tokio::time::sleep(Duration::from_millis(400)).await;
        window.tick(&window.texts.with("common:grid.selectRow", &[("name", name)]), selected).await;
    }
    window.clear(&window.texts.of_key("tenants:search")).await;
    // The actions for the selection move while its words change.
    settle().await;
}

/// Pictures are for people, who look when nothing moves any more: figures have come, charts have grown.
pub async fn settle() {
    tokio::time::sleep(Duration::from_millis(1200)).await;
}
