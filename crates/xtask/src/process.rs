//! Running other programs.

use crate::failure::{Failure, Result};
use crate::workspace;
use std::env;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How many tests a program reported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// A command in the root of the repository.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root());
    command
}

/// The Cargo that runs this program. What it told this program about its own package is not passed on: some build scripts
/// look at that, and would run again whenever Cargo is called from here and from a shell by turns.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        if ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|own| name.to_string_lossy().starts_with(own)) {
            cargo.env_remove(name);
        }
    }
    cargo.args(arguments);
    cargo
}

/// npm in the interface's folder.
pub fn npm(arguments: &[&str]) -> Command {
    let mut npm = command(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.args(arguments).current_dir(workspace::ui());
    npm
}

/// Runs it to its end, its output on ours.
pub fn run(command: &mut Command) -> Result {
    println!("  $ {}", line(command));
    let status = command.status().map_err(|e| not_started(command, &e))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{}` ended with {status}", line(command)))) }
}

/// Runs it to its end, passes its standard output on line by line and adds up the tests that it reports.
pub fn run_counting(command: &mut Command, counts: &mut Counts) -> Result {
    println!("  $ {}", line(command));
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|e| not_started(command, &e))?;
    if let Some(output) = child.stdout.take() {
        for output in BufReader::new(output).split(b'\n').map_while(std::result::Result::ok) {
            let output = String::from_utf8_lossy(&output);
            println!("{}", output.trim_end_matches('\r'));
            *counts += counted(&output);
        }
    }
    let status = child.wait().map_err(|e| not_started(command, &e))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{}` ended with {status}", line(command)))) }
}

/// Runs it silently and gives its standard output; its standard error goes on ours.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|e| not_started(command, &e))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(Failure::new(format!("`{}` ended with {}", line(command), output.status)))
}

/// Whether it starts and succeeds. Its output is dropped.
pub fn succeeds(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}

/// The program's file, when it is on the PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let names =
        if cfg!(windows) { vec![format!("{program}.exe"), format!("{program}.cmd")] } else { vec![program.into()] };
    env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|file| file.is_file())
}

/// The command as one would type it, with programs of the repository by their place in it.
pub fn line(command: &Command) -> String {
    let root = workspace::root();
    let short = |word: &OsStr| {
        let word = Path::new(word).strip_prefix(&root).unwrap_or(Path::new(word)).to_string_lossy().into_owned();
        let plain = !word.is_empty() && !word.contains(|c: char| c.is_whitespace() || "'\"$*?\\&;|<>()".contains(c));
        if plain { word } else { format!("'{}'", word.replace('\'', r"'\''")) }
    };
    let program = if Path::new(command.get_program()).file_stem() == Some(OsStr::new("cargo")) {
        "cargo".to_owned()
    } else {
        short(command.get_program())
    };
    std::iter::once(program).chain(command.get_args().map(short)).collect::<Vec<_>>().join(" ")
}

fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(format!("`{}` could not be started: {error}", line(command)))
}

/// Reads the summary lines of Cargo's test runner ("test result: ok. 3 passed; 0 failed; …") and of vitest
/// ("Tests  1 failed | 3 passed (4)").
fn counted(output: &str) -> Counts {
    let output = output.trim();
    if !(output.starts_with("test result: ") || output.starts_with("Tests  ")) {
        return Counts::default();
    }
    let words: Vec<&str> = output.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let before = |name: &str| {
        let place = words.iter().position(|word| *word == name);
        place.and_then(|place| words.get(place.wrapping_sub(1))).and_then(|number| number.parse().ok()).unwrap_or(0)
    };
    // "FAILED" in capitals is the verdict, "failed" follows the number.
    Counts { passed: before("passed"), failed: before("failed") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_of_cargo_is_counted() {
        let line = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 1 filtered out; finished in 0.02s";
        assert_eq!(counted(line), Counts { passed: 12, failed: 3 });
    }

    #[test]
    fn the_summary_of_vitest_is_counted() {
        assert_eq!(counted("      Tests  2 failed | 40 passed (42)"), Counts { passed: 40, failed: 2 });
        assert_eq!(counted("      Tests  7 passed (7)"), Counts { passed: 7, failed: 0 });
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(counted("test a_tenant_that_failed ... ok"), Counts::default());
        assert_eq!(counted(" Test Files  3 passed (3)"), Counts::default());
    }

    #[test]
    fn a_command_reads_as_one_would_type_it() {
        let mut command = command(workspace::root().join("target/debug/cadastre"));
        command.args(["tenant", "create", "Lycée de l'Étang"]);
        assert_eq!(line(&command), r"target/debug/cadastre tenant create 'Lycée de l'\''Étang'");
    }
}
