//! The fleet as a map, its growth, and a comparison of all.

use cadastre_tests::Window;
use serde_json::json;
use std::time::Duration;
use thirtyfour::Key;

const TENANTS: [(&str, &str); 3] =
    [("Agence Bretagne", "agence_bretagne"), ("Bureau Lyon", "bureau_lyon"), ("Cabinet Nord", "cabinet_nord")];
/// The map, of tenants or of tables.
const MAP: &str = "document.querySelector('[role=listbox][tabindex=\"0\"]')";

/// Waits for the map with so many parcels, drawn: not one colour alone.
async fn see_map(window: &Window, label: &str, parcels: usize) {
    let drawn = format!(
        "const map = {MAP}; const canvas = map?.querySelector('canvas'); \
         if (!canvas || !map.getAttribute('aria-label').includes(arguments[0])) return false; \
         const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data; \
         const colours = new Set(); \
         for (let at = 0; at < pixels.length; at += 4 * 997) colours.add(pixels.slice(at, at + 4).join()); \
         return colours.size > 1 && map.querySelector('[role=option]')?.getAttribute('aria-setsize') === String(arguments[1]);"
    );
    window.until("the map", &drawn, &[json!(label), json!(parcels)]).await;
}

/// The view that the radio button of this text shows.
async fn view(window: &Window, key: &str) {
    let choose = "const radio = [...document.querySelectorAll('input[type=radio]')]\
                  .find((one) => spoken(one) === arguments[0]); radio?.click(); return radio?.checked === true;";
    window.until("the view", choose, &[json!(window.texts.of_key(key))]).await;
}

/// What the parcel that has the keyboard says.
async fn here(window: &Window) -> String {
    let script = format!("return {MAP}.querySelector('[role=option]').textContent;");
    let text = window.script(&script, Vec::new()).await.expect("a parcel");
    text.as_str().expect("a text").to_owned()
}

/// The drawn map, without what is pointed at.
async fn picture(window: &Window) -> String {
    let script = format!("return {MAP}.querySelector('canvas').toDataURL();");
    let picture = window.script(&script, Vec::new()).await.expect("a picture");
    picture.as_str().expect("a picture").to_owned()
}

/// Three parcels, led by the keyboard: selected, entered, left and opened.
pub async fn map(window: &Window) {
    view(window, "parcels:plan").await;
    see_map(window, &window.texts.of_key("parcels:by.size"), TENANTS.len()).await;
    window.check("map").await;
    let focus = format!("{MAP}.focus(); return document.activeElement === {MAP};");
    window.until("the keyboard in the map", &focus, &[]).await;
    let mut seen = vec![here(window).await];
    for _ in 1..TENANTS.len() {
        window.press(Key::End.value().to_string()).await;
        seen.push(here(window).await);
        window.press(Key::Left.value().to_string()).await;
        seen.push(here(window).await);
    }
    for (name, _) in TENANTS {
        assert!(seen.iter().any(|text| text.starts_with(name)), "{name}: {seen:?}");
    }
    window.press("bureau").await;
    assert!(here(window).await.starts_with("Bureau Lyon"), "{}", here(window).await);
    let before = picture(window).await;
    window.press(" ").await;
    window.see(&window.texts.with("tenants:selected", &[("count", "1")])).await;
    // Others, there and back: each of them is drawn anew alone.
    let others = [Key::Home, Key::End].map(|key| format!("{}  ", key.value()));
    window.press(others.concat()).await;
    // After a pause letters begin a new word.
    tokio::time::sleep(Duration::from_secs(1)).await;
    window.press("bureau").await;
    let selected = picture(window).await;
    assert_ne!(selected, before, "a selection is to be seen");
    window.press("+").await;
    see_map(window, "Bureau Lyon", 12).await;
    window.check("map-tables").await;
    window.press(Key::Escape.value().to_string()).await;
    see_map(window, &window.texts.of_key("parcels:by.size"), TENANTS.len()).await;
    assert!(here(window).await.starts_with("Bureau Lyon"), "{}", here(window).await);
    assert_eq!(picture(window).await, selected, "drawn one by one and drawn as a whole are the same");
    window.press(" ").await;
    window.click_text("parcels:asTable").await;
    for (name, _) in TENANTS {
        window.see_row(&[name]).await;
    }
    window.check("map-table").await;
    window.click_text("parcels:asMap").await;
    see_map(window, &window.texts.of_key("parcels:by.size"), TENANTS.len()).await;
}

/// A parcel opens its tenant, which shows how it has grown.
pub async fn growth(window: &Window) {
    let click = format!(
        "const map = {MAP}; const {{ left, top }} = map.getBoundingClientRect(); \
         map.dispatchEvent(new MouseEvent('click', {{ bubbles: true, clientX: left + 5, clientY: top + 5 }})); return true;"
    );
    window.until("a click on the largest parcel", &click, &[]).await;
    window.see(&window.texts.of_key("history:chart")).await;
    window.until("the line", "return document.querySelector('figure canvas') !== null;", &[]).await;
    window.see(&window.texts.of_key("history:noTrend")).await;
    window.check("growth").await;
}

/// Everybody side by side.
pub async fn compare_all(window: &Window) {
    window.click_text("common:place.compare").await;
    window.click(&window.texts.with("compare:pickAll", &[("count", "3")])).await;
    for (name, _) in TENANTS {
        window.see_row(&[name]).await;
    }
    window.see(&window.texts.of_key("compare:compared.structure")).await;
    window.click_text("compare:tab.tables").await;
    window.see(&window.texts.of_key("compare:figure.median")).await;
    window.check("compare-all").await;
}
