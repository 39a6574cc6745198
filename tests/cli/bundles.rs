//! What the README promises to pack is what is set up.

use serde_json::Value;
use std::path::Path;

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn each_system_packs_what_the_readme_says() {
    let readme = file("README.md");
    for (configuration, targets, named) in [
        ("tauri.conf.json", &["deb", "rpm"][..], &["`.deb`", "`.rpm`"][..]),
        ("tauri.macos.conf.json", &["dmg"], &["`.dmg`"]),
        ("tauri.windows.conf.json", &["nsis"], &["`.exe`"]),
    ] {
        let configuration: Value = serde_json::from_str(&file(configuration)).expect("JSON");
        assert_eq!(configuration["bundle"]["targets"], Value::from(targets));
        for name in named {
            assert!(readme.contains(name), "the README does not name {name}");
        }
    }
}
