//! The words of watching.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Health {
    /// What is beyond its threshold: failed migrations, missed backups, quotas, drift, locks, connections; exit code 1 where there is something
    Alerts(Alerts),
}

#[derive(Debug, Args)]
pub struct Alerts {
    /// Another threshold for this time: backup=36h, quota=95%, transaction=30min, blocked=10s, connections=80%, runs=off, drift=off; may be said several times
    #[arg(long = "limit", value_name = "NAME=VALUE")]
    pub limits: Vec<String>,
    /// Keep these thresholds, for the window too
    #[arg(long, requires = "limits")]
    pub save: bool,
}
