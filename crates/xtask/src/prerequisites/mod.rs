//! What a machine needs before anything can be built, run or tested, and getting it where that is possible.

mod apt;
mod needs;

pub use needs::{Purpose, python};

use crate::failure::{Failure, Result};
use needs::Need;

/// Makes sure that this machine has everything for the purposes: looks, says what is missing, installs it through apt
/// where there is apt, and looks again.
pub fn ensure(purposes: &[Purpose]) -> Result {
    needs::check_node(purposes)?;
    let missing = missing(purposes);
    if missing.is_empty() {
        return Ok(());
    }
    println!("Missing on this machine:");
    for need in &missing {
        println!("  - {} ({})", need.name, need.used_for);
    }
    if !apt::available() {
        return Err(not_here(&missing));
    }
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages.iter().copied()).collect();
    apt::install(&packages)?;
    let missing = self::missing(purposes);
    if missing.is_empty() { Ok(()) } else { Err(not_here(&missing)) }
}

fn missing(purposes: &[Purpose]) -> Vec<&'static Need> {
    needs::NEEDS.iter().filter(|need| purposes.contains(&need.purpose) && !(need.present)()).collect()
}

fn not_here(missing: &[&Need]) -> Failure {
    let names: Vec<_> = missing.iter().map(|need| need.name).collect();
    let how: Vec<_> = missing.iter().map(|need| format!("\n  {}: {}", need.name, need.elsewhere())).collect();
    Failure::new(format!("This machine lacks {}.", names.join(", ")))
        .remedy(format!("Install what is missing, then start again.{}", how.concat()))
}
