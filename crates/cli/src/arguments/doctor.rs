//! The words of the doctor.

use super::Select;
use cadastre_core::health::doctor::DoctorCheck;
use clap::Args;

#[derive(Debug, Args)]
pub struct Doctor {
    #[command(flatten)]
    pub select: Select,
    /// Only this check; may be said several times
    #[arg(long = "check", value_name = "NAME", value_parser = check)]
    pub checks: Vec<DoctorCheck>,
    /// Repair what can be repaired by a plan (--dry-run shows it)
    #[arg(long)]
    pub fix: bool,
}

fn check(name: &str) -> Result<DoctorCheck, String> {
    DoctorCheck::named(name).ok_or_else(|| {
        let names: Vec<&str> = DoctorCheck::ALL.into_iter().map(DoctorCheck::name).collect();
        format!("there is no check of this name; the checks are {}", names.join(", "))
    })
}
