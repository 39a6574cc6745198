//! `cargo xtask ready`: what to run before a commit that others will build on.

use crate::failure::{Failure, Result};
use crate::prerequisites::{self, Purpose};
use crate::{build, process, test};
use std::process::ExitCode;

/// Formats, tests everything, and makes sure that what was tested is what is committed.
pub fn run() -> Result<ExitCode> {
    prerequisites::ensure(&[Purpose::CommandLine, Purpose::Desktop])?;
    build::packages()?;
    process::run(&mut process::cargo(&["fmt", "--all"]))?;
    process::run(&mut process::npm(&["run", "--silent", "format"]))?;
    let tested = test::all()?;
    if tested != ExitCode::SUCCESS {
        return Ok(tested);
    }
    let changes = process::output(process::command("git").args(["status", "--short"]))?;
    if changes.is_empty() {
        return Ok(tested);
    }
    print!("\n{changes}");
    Err(Failure::new("All tests pass, but what was tested is not committed.")
        .remedy("Commit or remove the files above."))
}
