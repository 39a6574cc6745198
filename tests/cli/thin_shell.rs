//! The desktop package is a thin shell: what core and the command line do, they do without a window.

use std::process::Command;

#[test]
fn core_and_the_command_line_know_no_window() {
    for package in ["cadastre-core", "cadastre-cli"] {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut tree = Command::new(cargo);
        // Not offline: what other systems need was not downloaded by building for this one.
        tree.args(["tree", "--locked", "--package", package, "--prefix", "none", "--edges", "all"]);
        tree.args(["--all-features", "--target", "all"]).current_dir(env!("CARGO_MANIFEST_DIR"));
        let tree = tree.output().expect("cargo runs");
        assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
        let tree = String::from_utf8(tree.stdout).expect("UTF-8");
        assert!(tree.lines().count() > 50 && tree.contains("sqlx"), "this is not the tree: {tree}");
        let window: Vec<&str> = tree
            .lines()
            .filter(|line| ["tauri", "wry", "tao ", "webkit", "gtk"].iter().any(|name| line.starts_with(name)))
            .collect();
        assert!(window.is_empty(), "{package} depends on {window:?}");
    }
}
