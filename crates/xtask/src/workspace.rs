//! Where things are in the repository.

use std::path::PathBuf;

/// The root of the repository.
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map_or(here.clone(), PathBuf::from)
}

/// The interface's folder.
pub fn ui() -> PathBuf {
    root().join("ui")
}

/// Cargo's target folder, which also takes everything else that can be made again.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// A program that Cargo built for development.
pub fn program(name: &str) -> PathBuf {
    in_target("debug", name)
}

/// A program that Cargo built optimised.
pub fn optimised_program(name: &str) -> PathBuf {
    in_target("release", name)
}

fn in_target(profile: &str, name: &str) -> PathBuf {
    target().join(profile).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
