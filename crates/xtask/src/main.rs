//! The project's own commands, `cargo xtask …`. Only the standard library, so that they start on a machine that has
//! nothing but Rust; whatever else they need, they look for first.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a terminal is where these commands speak")]

mod bench;
mod bindings;
mod build;
mod demo;
mod failure;
mod json;
mod postgres;
mod prerequisites;
mod process;
mod ready;
mod rules;
mod screenshots;
mod steps;
mod test;
mod walk;
mod workspace;

use failure::{Failure, Result};
use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask <command>

  demo [--keep]     start a private PostgreSQL with a demo fleet and open the desktop app on it; without a display, do
                    the same main job on the command line. --keep leaves the server running afterwards
  test [--quick]    everything that CI runs; --quick is the inner loop: format, lint, unit tests, types
  ready             format everything, then run all tests: before a commit that others will build on
  bindings          write ui/src/bindings from the commands of the desktop shell
  screenshots [<part>…]
                    take the pictures in docs/screenshots anew, of the real window on the demo fleet; parts: welcome, fleet,
                    structure, life, runs, health, paper
  bench [<part>…]   measure optimised programs beside their limits; parts: create, fleet, export, list,
                    tables, matrix. Fails when one takes longer than it may

The first two install what a fresh Debian or Ubuntu lacks, and say so. Elsewhere they name it.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match dispatch(&arguments) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[&str]) -> Result<ExitCode> {
    match arguments {
        ["demo"] => demo::run(false),
        ["demo", "--keep"] => demo::run(true),
        ["test"] => test::all(),
        ["test", "--quick"] => test::quick(),
        ["ready"] => ready::run(),
        ["screenshots", parts @ ..] => screenshots::take(parts).map(|()| ExitCode::SUCCESS),
        ["bench", parts @ ..] => bench::run(parts),
        ["bindings"] => bindings::write().map(|()| ExitCode::SUCCESS),
        [walk::COMMAND] => walk::run().map(|()| ExitCode::SUCCESS),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        _ => {
            eprintln!("{}\n\n{USAGE}", Failure::new(format!("Unknown command: cargo xtask {}", arguments.join(" "))));
            Ok(ExitCode::from(2))
        }
    }
}
