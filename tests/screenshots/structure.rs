//! Structures: the fleet by class, and two tenants side by side.

use crate::tour::{Picture, heading, select, settle};
use cadastre_tests::Window;

/// One as the template has it, and one that somebody changed by hand.
const PAIR: [&str; 2] = ["Alpes Ingénierie", "Conseil Aquitaine"];

pub async fn structure(window: &Window, picture: Picture<'_>) {
    select(window, &PAIR, true).await;
    window.click_text("common:action.more").await;
    window.click_text("tenants:action.structure").await;
    heading(window, &window.texts.of_key("compare:title")).await;
    window.see(&window.texts.of_key("structure:diff.copy")).await;
    settle().await;
    picture(window, "structure-differences");
    window.click_text("structure:diff.repair").await;
    window.see("set local search_path").await;
    settle().await;
    picture(window, "structure-repair");
    window.click_text("structure:pick.overview").await;
    window.see_row(&["A", &window.texts.of_key("structure:classes.reference")]).await;
    settle().await;
    picture(window, "structure");
    window.click("B").await;
    window.see(&window.texts.with("structure:panel.label", &[("name", "B")])).await;
    settle().await;
    picture(window, "structure-class");
    window.click_text("common:place.tenants").await;
    window.click_text("tenants:action.clear").await;
}
