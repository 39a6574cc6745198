//! `cargo xtask screenshots`: pictures of the real window, in `docs/screenshots`.

use crate::failure::Result;
use crate::prerequisites::{self, Purpose};
use crate::{build, process, workspace};

/// Takes these parts of the tour anew, or all of them.
pub fn take(parts: &[&str]) -> Result {
    prerequisites::ensure(&[Purpose::CommandLine, Purpose::Desktop, Purpose::Server, Purpose::Tests])?;
    build::packages()?;
    build::interface()?;
    build::tests()?;
    let folder = workspace::root().join("docs/screenshots");
    process::run(process::command(workspace::program("examples/screenshots")).arg(folder).args(parts))
}
