//! Embeds the shipped templates and the registry's migrations, and rebuilds core when a migration file changes.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../migrations");
    let out = env::var("OUT_DIR").expect("cargo sets it");
    let mut list = String::from("&[\n");
    for template in sorted(&root.join("templates")).iter().filter(|p| p.is_dir()) {
        let name = template.file_name().unwrap_or_default().to_string_lossy();
        let _ = writeln!(list, "({name:?}, {}),", files(template));
    }
    list.push(']');
    fs::write(Path::new(&out).join("templates.rs"), list).expect("OUT_DIR is writable");
    fs::write(Path::new(&out).join("registry.rs"), files(&root.join("registry"))).expect("OUT_DIR is writable");
}

/// The files of a folder as an expression: names and contents.
fn files(folder: &Path) -> String {
    let mut list = String::from("&[\n");
    for file in sorted(folder).iter().filter(|p| p.is_file()) {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let path = file.canonicalize().expect("the file was just listed");
        let _ = writeln!(list, "({name:?}, include_bytes!({:?}) as &[u8]),", path.display().to_string());
    }
    list.push(']');
    list
}

fn sorted(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|e| e.path()).collect();
    paths.sort();
    paths
}
