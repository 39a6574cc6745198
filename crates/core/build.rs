//! Embeds the shipped templates, and rebuilds core when a migration file changes.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../migrations/templates");
    let mut list = String::from("&[\n");
    for template in sorted(&root).iter().filter(|p| p.is_dir()) {
        let _ = writeln!(list, "({:?}, &[", template.file_name().unwrap_or_default().to_string_lossy());
        for file in sorted(template).iter().filter(|p| p.is_file()) {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let path = file.canonicalize().expect("the file was just listed");
            let _ = writeln!(list, "({name:?}, include_bytes!({:?}) as &[u8]),", path.display().to_string());
        }
        list.push_str("]),\n");
    }
    list.push(']');
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("templates.rs");
    fs::write(out, list).expect("OUT_DIR is writable");
}

fn sorted(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|e| e.path()).collect();
    paths.sort();
    paths
}
