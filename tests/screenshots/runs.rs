//! Migrating with canaries, up to the question whether to go on; back again, so that the next look finds the same.

use crate::tour::{Picture, heading, settle};
use cadastre_tests::Window;

/// So many of the demo's tenants are behind.
const BEHIND: &str = "4";
const CANARIES: &str = "2";
/// The demo's database, whose name has to be typed.
const DATABASE: &str = "talentmatch";

pub async fn runs(window: &Window, picture: Picture<'_>) {
    window.click_text("common:place.migrations").await;
    window.click(&window.texts.with("migrations:migrateBehind", &[("count", BEHIND)])).await;
    window.fill(&window.texts.of_key("migrations:option.canaries"), CANARIES).await;
    window.see(&window.texts.with("migrations:dialog.canaries", &[("count", CANARIES)])).await;
    settle().await;
    picture(window, "migrate");
    // Not by the pointer, which would rest on the button and have it explained.
    let rehearse = "find('button', arguments[0]).click(); return true;";
    window.until("the rehearsal", rehearse, &[window.texts.of_key("rehearsal:action").into()]).await;
    let rehearsed = "return document.querySelector('[role=status][aria-busy=false] li') !== null;";
    window.until("its verdict", rehearsed, &[]).await;
    settle().await;
    picture(window, "rehearsal");
    window.click(&window.texts.with("migrations:dialog.action", &[("count", BEHIND)])).await;
    window.see(&window.texts.with("runs:verdict.good", &[("count", CANARIES)])).await;
    settle().await;
    picture(window, "verdict");
    window.click_text("runs:verdict.stop").await;
    window.see(&window.texts.of_key("runs:why.cancelled")).await;

    window.click_text("runs:undo").await;
    let action = window.texts.with("migrations:revertDialog.action", &[("count", CANARIES)]);
    window.see(&action).await;
    settle().await;
    picture(window, "revert");
    window.fill(&window.texts.with("plan:typeToConfirm", &[("name", DATABASE)]), DATABASE).await;
    window.click(&action).await;
    window.see(&window.texts.with("runs:finished.migrate_down", &[("count", CANARIES)])).await;

    window.click_text("common:place.journal").await;
    window.click_text("runs:details").await;
    window.click_text("runs:list.title").await;
    heading(window, &window.texts.of_key("runs:list.title")).await;
    settle().await;
    picture(window, "runs");
}
