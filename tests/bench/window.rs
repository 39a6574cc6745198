//! The real window on large fleets, without a graphics card: how soon it shows something, how evenly it scrolls.

use crate::clock::{ROUNDS, Series, calm};
use crate::fleet::Fleet;
use crate::frames::{Frames, run};
use crate::memory::resident;
use crate::report::Report;
use crate::server::{Base, Server};
use cadastre_tests::Window;
use serde_json::json;
use std::time::{Duration, Instant};
use thirtyfour::Key;

/// A connection of the window's, by its name.
const PROFILE: &str = "Bench";
const SIZE: (u32, u32) = (1920, 1080);
/// A notch of a mouse's wheel in every frame.
const NOTCH: i64 = 120;
const MIGRATIONS: usize = 50;
/// The map.
const MAP: &str = "document.querySelector('[role=listbox][tabindex=\"0\"]')";

/// The tenant list.
pub async fn measure_list(server: &Server, fleet: &Fleet, report: &mut Report) {
    let (first, window) = first_rows(&fleet.base).await;
    report.within("first rows of 1,000 tenants, from the click", "s", &first, 1.0);
    settle(&window, "tenants:measuring").await;
    memory("memory with the list, all processes", report);
    report.within("map of 1,000 tenants, from the click", "s", &map(&window).await, 1.0);
    report.within("comparison of all 1,000, from the click", "s", &comparison(&window).await, 1.0);
    let (first, all) = health(&window).await;
    report.within("health of 1,000 tenants: the first checks", "s", &first, 1.0);
    report.within("  every check", "s", &all, 10.0);
    memory("memory after that, all processes", report);
    window.close().await;
    many_tenants(server, report).await;
}

/// A fleet with many tables in each tenant.
pub async fn measure_tables(server: &Server, report: &mut Report) {
    let base = server.database().await;
    base.durable(false).await;
    base.script(include_str!("many_tables.sql")).await;
    base.durable(true).await;
    let (first, window) = first_rows(&base).await;
    report.within("first rows of 5,000 x 20 tables, from the click", "s", &first, 3.0);
    settle(&window, "tenants:measuring").await;
    memory("memory after exact sizes, all processes", report);
    window.close().await;
}

/// What the window's processes have in memory now.
fn memory(name: &str, report: &mut Report) {
    let processes = resident("cadastre-desktop");
    let mut series = Series::default();
    series.push(processes.iter().map(|(_, megabytes)| megabytes).sum());
    report.within(name, "MB", &series, 400.0);
    let each: Vec<String> = processes.iter().map(|(name, megabytes)| format!("{name} {megabytes:.0}")).collect();
    report.note(&each.join(", "));
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
    report.within("map of 10,000 tenants, from the click", "s", &map(&window).await, 1.0);
    run(&window, &format!("{MAP}.focus();"), &[]).await;
    let keys: String = [Key::Right, Key::Down].iter().cycle().take(24).map(Key::value).collect();
    Frames::pressing(&window, &keys).await.report("walking over 10,000 parcels by the keyboard", report);
    Frames::pressing(&window, &" ".repeat(24)).await.report("selecting one of 10,000 parcels, again and again", report);
    window.close().await;
}

/// Seconds from choosing the map until it is drawn.
async fn map(window: &Window) -> Series {
    let choose = |key: &str| {
        let label = json!(window.texts.of_key(key));
        format!("[...document.querySelectorAll('input[type=radio]')].find((one) => spoken(one) === {label}).click()")
    };
    let drawn = format!("{MAP}?.querySelector('canvas')?.width > 300");
    let mut series = Series::default();
    for _ in 0..ROUNDS {
        run(window, &choose("parcels:list"), &[]).await;
        calm().await;
        series.push(timed(window, &choose("parcels:plan"), &[&drawn]).await[0] / 1000.0);
    }
    series
}

/// Seconds from the click on "all tenants" until the first figures are drawn: in the first round they are read, later ones
/// find them in the window, so that only the first counts.
async fn comparison(window: &Window) -> Series {
    window.click_text("common:place.compare").await;
    let all = json!(window.texts.with("compare:pickAll", &[("count", "1,000")]));
    window.until("the button", "return find('button', arguments[0]) !== null;", std::slice::from_ref(&all)).await;
    calm().await;
    let act = format!("find('button', {all}).click()");
    let shown = "document.querySelector('[role=grid] [role=gridcell]') !== null";
    let mut series = Series::default();
    series.push(timed(window, &act, &[shown]).await[0] / 1000.0);
    series
}

/// Seconds from the click on the place until the first checks have their answer, and until it says that nothing was found. The first
/// time counts: later ones find the report in the window.
async fn health(window: &Window) -> (Series, Series) {
    calm().await;
    let place = json!(window.texts.of_key("common:place.health"));
    let act = format!("[...document.querySelectorAll('nav a')].find((one) => spoken(one).startsWith({place})).click()");
    let nothing = json!(window.texts.of_key("health:nothing.title"));
    // The answer of a check is a number beside it.
    let checks = json!(window.texts.of_key("health:checkList"));
    let first = format!(
        "[...document.querySelectorAll('nav')].find((one) => spoken(one) === {checks})\
         ?.querySelectorAll('button[aria-pressed=false]').values().some((one) => /[0-9]$/.test(one.innerText.trim()))"
    );
    let nothing = format!("document.body.innerText.includes({nothing})");
    let (mut some, mut all) = (Series::default(), Series::default());
    let times = timed(window, &act, &[&format!("{first} || {nothing}"), &nothing]).await;
    some.push(times[0] / 1000.0);
    all.push(times[1] / 1000.0);
    (some, all)
}

/// Milliseconds from doing this until that is drawn, for each, in their order.
async fn timed(window: &Window, act: &str, awaited: &[&str]) -> Vec<f64> {
    let awaited: Vec<String> = awaited.iter().map(|ready| format!("() => {ready}")).collect();
    run(window, &format!("bench.time(() => {act}, {});", awaited.join(", ")), &[]).await;
    loop {
        tokio::time::sleep(Duration::from_millis(1500)).await;
        if let Some(milliseconds) = run(window, "return bench.shown;", &[]).await.as_array() {
            return milliseconds.iter().filter_map(serde_json::Value::as_f64).collect();
        }
    }
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
