//! `cargo xtask demo`: from a fresh clone to the desktop application on a fleet, with nothing done by hand.

use crate::failure::{Failure, Result};
use crate::json::Json;
use crate::prerequisites::{self, Purpose};
use crate::process;
use crate::{build, walk, workspace};
use std::path::PathBuf;
use std::process::{Command, ExitCode};

/// Builds, starts the demo's server, and opens the window on it; without a display does the main job without one.
pub fn run(keep: bool) -> Result<ExitCode> {
    let window = has_display();
    if window {
        prerequisites::ensure(&[Purpose::CommandLine, Purpose::Desktop, Purpose::Server])?;
        build::packages()?;
        build::interface()?;
        build::desktop()?;
    } else {
        println!("There is no display: the same job is done on the command line.");
        prerequisites::ensure(&[Purpose::CommandLine, Purpose::Server])?;
        build::command_line()?;
    }
    let mut job = Vec::new();
    if window {
        job.extend([workspace::program("cadastre-desktop").into_os_string(), "--demo".into()]);
    } else {
        let own = std::env::current_exe().map_err(|e| Failure::new(format!("This program's own file: {e}")))?;
        job.extend([own.into_os_string(), walk::COMMAND.into()]);
    }
    if keep {
        return keep_running(&job);
    }
    // The command line owns the server for as long as the job runs: it stops it when the job ends, on Ctrl-C, and when
    // it is itself killed.
    hand_over(cadastre(&["demo", "run", "--"]).args(&job))
}

/// The command line, with the demo's own local state: profiles, journal and settings of the person stay untouched.
pub fn cadastre(arguments: &[&str]) -> Command {
    let mut cadastre = process::command(workspace::program("cadastre"));
    cadastre.env("CADASTRE_HOME", home()).args(arguments);
    cadastre
}

/// Local state of the demo, and what it exports.
pub fn home() -> PathBuf {
    workspace::target().join("demo")
}

fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// The server outlives the job; the next `demo` finds it again.
fn keep_running(job: &[std::ffi::OsString]) -> Result<ExitCode> {
    process::run(&mut cadastre(&["demo", "start"]))?;
    let status = process::output(&mut cadastre(&["demo", "status", "--json"]))?;
    let status = Json::read(&status).ok_or_else(|| Failure::new("`cadastre demo status` printed no JSON."))?;
    let url = status.text("url").ok_or_else(|| Failure::new("The demo does not run, although it was started."))?;
    let mut command = process::command(&job[0]);
    let ended = process::run(command.args(&job[1..]).env("CADASTRE_HOME", home()).env("DATABASE_URL", url));
    println!("\nThe demo's server goes on: {url}\nTo stop it: CADASTRE_HOME={} {}", home().display(), {
        process::line(&cadastre(&["demo", "stop"]))
    });
    ended.map(|()| ExitCode::SUCCESS)
}

/// Becomes the command, so that Ctrl-C and the exit code are its own.
#[cfg(unix)]
fn hand_over(command: &mut Command) -> Result<ExitCode> {
    let error = std::os::unix::process::CommandExt::exec(command);
    Err(Failure::new(format!("`{}` could not be started: {error}", process::line(command))))
}

#[cfg(not(unix))]
fn hand_over(command: &mut Command) -> Result<ExitCode> {
    process::run(command).map(|()| ExitCode::SUCCESS)
}
