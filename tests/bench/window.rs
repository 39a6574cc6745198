//! The real window on large fleets, without a graphics card: how soon it shows something, how evenly it scrolls.

use crate::clock::{ROUNDS, Series, calm};
use crate::fleet::Fleet;
use crate::frames::{Frames, run};
use crate::report::Report;
use crate::server::{Base, Server};
use cadastre_tests::Window;
use serde_json::json;
use std::time::{Duration, Instant};

/// A connection of the window's, by its name.
const PROFILE: &str = "Bench";
const SIZE: (u32, u32) = (1920, 1080);
/// A notch of a mouse's wheel in every frame.
const NOTCH: i64 = 120;
const MIGRATIONS: usize = 50;

/// The tenant list.
pub async fn measure_list(server: &Server, fleet: &Fleet, report: &mut Report) {
    let (first, window) = first_rows(&fleet.base).await;
    report.within("first rows of 1,000 tenants, from the click", "s", &first, 1.0);
    window.close().await;
    many_tenants(server, report).await;
}

async fn many_tenants(server: &Server, report: &mut Report) {
    let base = server.database().await;
    base.script(include_str!("many_tenants.sql")).await;
    let (first, window) = first_rows(&base).await;
    report.within("first rows of 10,000 tenants, from the click", "s", &first, 1.0);
    // Exact sizes come later and take the place of the estimated ones.
    settle(&window, "tenants:measuring").await;
    Frames::scrolling(&window, 240, NOTCH, 0).await.report("scrolling 10,000 tenants by the wheel", report);
    Frames::scrolling(&window, 240, 1_400, 0).await.report("scrolling 10,000 tenants to the end", report);
    let focus = "find('field', arguments[0]).focus();";
    run(&window, focus, &[json!(window.texts.of_key("tenants:search"))]).await;
    Frames::typing(&window, "elysee 99").await.report("filtering 10,000 tenants by typing", report);
    window.close().await;
}

/// Tenants by migrations.
pub async fn measure_matrix(server: &Server, report: &mut Report) {
    let base = server.database().await;
    base.script(include_str!("histories.sql")).await;
    let folder = base.folder("migrations");
    for step in 1..=MIGRATIONS {
        let version = 20_260_101_000_000 + step;
        base.cli.write(&format!("migrations/{version}_step_{step}.up.sql"), &format!("select {step};\n"));
        base.cli.write(&format!("migrations/{version}_step_{step}.down.sql"), "select 0;\n");
    }
    let window = open(&base, &[("CADASTRE_TEST_PICK_FOLDER", &folder)]).await;
    connect(&window).await;
    window.click_text("common:place.migrations").await;
    window.click_text("migrations:source.label").await;
    window.click_text("migrations:source.folder").await;
    window.see("office_0001").await;
    let columns = json!(MIGRATIONS + 1);
    let drawn = "return document.querySelector('[role=grid]')?.getAttribute('aria-colcount') === String(arguments[0]);";
    window.until("the matrix", drawn, &[columns]).await;
    Frames::scrolling(&window, 240, NOTCH, 0).await.report("scrolling a matrix of 1,000 x 50", report);
    Frames::scrolling(&window, 240, NOTCH, 40).await.report("  diagonally", report);
    window.close().await;
}

/// Seconds from the click on "connect" to the first line, each time in a window that was just opened; and the last of
/// these windows.
async fn first_rows(base: &Base) -> (Series, Window) {
    let mut series = Series::default();
    for round in 1.. {
        let window = open(base, &[]).await;
        calm().await;
        let milliseconds = connect(&window).await;
        series.push(milliseconds / 1000.0);
        if round == ROUNDS {
            return (series, window);
        }
        window.close().await;
    }
    unreachable!("the rounds have an end")
}

async fn open(base: &Base, variables: &[(&str, &str)]) -> Window {
    let home = base.cli.home().display().to_string();
    let profiles = base.cli.json(&["profile", "list"]).await;
    if profiles.as_array().is_some_and(Vec::is_empty) {
        base.cadastre(&["profile", "add", PROFILE, "--url", &base.url()]).await;
    }
    let variables = [&[("CADASTRE_HOME", home.as_str())], variables].concat();
    let window = Window::open_as(&variables, &[], SIZE).await;
    window.see(PROFILE).await;
    window
}

/// Connects; milliseconds from the click until the first line has been drawn.
async fn connect(window: &Window) -> f64 {
    run(window, "bench.watch();", &[]).await;
    window.click_text("connect:connect").await;
    let start = Instant::now();
    loop {
        // Seldom: asking costs the page time.
        tokio::time::sleep(Duration::from_millis(1500)).await;
        if let Some(milliseconds) = run(window, "return bench.shown;", &[]).await.as_f64() {
            return milliseconds;
        }
        if start.elapsed() > Duration::from_secs(60) {
            window.picture("failed");
            panic!("no tenant is shown");
        }
    }
}

/// Waits until a text is gone.
async fn settle(window: &Window, key: &str) {
    let gone = "return !document.body.innerText.includes(arguments[0]);";
    window.until("quiet", gone, &[json!(window.texts.of_key(key))]).await;
}
