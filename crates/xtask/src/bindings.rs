//! The window's typed view of the desktop shell's commands, `ui/src/bindings`, written by a test of the shell.

use crate::failure::{Failure, Result};
use crate::prerequisites::{self, Purpose};
use crate::{build, process, workspace};

/// What to do about bindings that are not those of the commands.
pub const REMEDY: &str = "They are written now: look at `git diff ui/src/bindings` and commit them with the commands.";

/// Writes them, and says whether they changed.
pub fn write() -> Result {
    prerequisites::ensure(&[Purpose::CommandLine, Purpose::Desktop])?;
    build::packages()?;
    build::interface()?;
    let before = read()?;
    let test = ["test", "--workspace", "--quiet", "--lib", "--features", build::FEATURES, "the_bindings_of_the_window"];
    process::run(&mut process::cargo(&test))?;
    println!("The bindings {}.", if read()? == before { "were up to date" } else { "have changed" });
    Ok(())
}

/// Their text.
pub fn read() -> Result<String> {
    let file = workspace::ui().join("src/bindings/index.ts");
    std::fs::read_to_string(&file).map_err(|e| Failure::file(&file, &e))
}

/// Fails when the unit tests have just written something else than was there.
pub fn unchanged_since(before: &str) -> Result {
    if read()? == before { Ok(()) } else { Err(Failure::new("The bindings were not those of the shell's commands.")) }
}
