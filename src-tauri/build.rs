//! Declares the window's commands, so that Tauri's access control knows and lists every one of them.

// One list for access control and for `tests`: a command that is missing here cannot be called from the window.
include!("src/commands/names.rs");

fn main() {
    // The interface becomes a part of the program: a new one makes a new program.
    println!("cargo:rerun-if-changed=ui/dist");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/*.json")
        .app_manifest(tauri_build::AppManifest::new().commands(COMMANDS));
    tauri_build::try_build(attributes).expect("tauri-build reads tauri.conf.json and the capabilities");
}
