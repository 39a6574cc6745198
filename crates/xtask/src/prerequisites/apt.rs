//! Installing packages on Debian and Ubuntu.

use crate::failure::{Failure, Result};
use crate::process::{self, find};
use std::io::IsTerminal;
use std::process::Command;

/// Whether this system has apt.
pub fn available() -> bool {
    cfg!(target_os = "linux") && find("apt-get").is_some()
}

/// Installs packages without asking anything, as root or through sudo.
pub fn install(packages: &[&str]) -> Result {
    println!("Installing through apt: {}", packages.join(" "));
    let remedy = format!("sudo apt-get update && sudo apt-get install {}", packages.join(" "));
    let as_root = as_root().ok_or_else(|| {
        Failure::new("Installing packages needs root, and there is no sudo.").remedy(format!("As root: {remedy}"))
    })?;
    let run = |arguments: &[&str]| {
        let mut command = as_root();
        // Another apt may be at work, for example the system's own updates just after starting.
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq"]);
        process::run(command.args(arguments)).map_err(|failure| failure.or_remedy(&format!("By hand: {remedy}")))
    };
    run(&["update"])?;
    run(&[&["install", "--yes", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0"], packages].concat())
}

/// How to run something as root: `env` as it is, or through sudo, which asks for a password only where somebody can answer.
fn as_root() -> Option<fn() -> Command> {
    let root = process::output(process::command("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if root {
        return Some(|| process::command("env"));
    }
    find("sudo")?;
    Some(|| {
        let mut sudo = process::command("sudo");
        if !std::io::stdin().is_terminal() {
            sudo.arg("--non-interactive");
        }
        sudo.arg("env");
        sudo
    })
}
