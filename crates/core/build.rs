//! Rebuilds core when a migration file of the local state or a shipped template changes.
fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
