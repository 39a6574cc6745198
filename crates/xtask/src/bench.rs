//! `cargo xtask bench`: how fast the programs are, beside what a server and a disk can do at best.

use crate::failure::{Failure, Result};
use crate::prerequisites::{self, Purpose};
use crate::{build, process, workspace};
use std::process::ExitCode;

/// Builds everything optimised and measures these parts, or all. The exit code is 1 when something takes longer than it may.
pub fn run(parts: &[&str]) -> Result<ExitCode> {
    prerequisites::ensure(&[Purpose::CommandLine, Purpose::Desktop, Purpose::Server, Purpose::Tests])?;
    build::packages()?;
    build::interface()?;
    build::optimised()?;
    let mut bench = process::command(workspace::optimised_program("examples/bench"));
    let status = bench.args(parts).status();
    let status = status.map_err(|e| Failure::new(format!("`{}` could not be started: {e}", process::line(&bench))))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
