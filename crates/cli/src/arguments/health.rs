//! The words of watching.

use super::{Select, duration};
use cadastre_core::health::watch::SessionKey;
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Health {
    /// Sessions, who blocks whom, and transactions that are open for long
    Activity {
        /// Show transactions that are open for longer, for example 30s or 5min
        #[arg(long, value_name = "DURATION", default_value = "1min", value_parser = duration)]
        longer_than: u32,
        #[command(flatten)]
        select: Select,
    },
    /// Statements on which the time has gone, as far as pg_stat_statements can tell of tenants
    Queries {
        #[command(flatten)]
        most: Most,
        #[command(flatten)]
        select: Select,
    },
    /// The largest tables, with an estimate of what of them is air
    Storage {
        #[command(flatten)]
        most: Most,
        #[command(flatten)]
        select: Select,
    },
    /// Indexes that the whole fleet can do without; the verdict is always the fleet's
    Indexes {
        /// Also those that are used or needed
        #[arg(long = "every")]
        every: bool,
        /// Print only the SQL that removes those that can go; nothing runs it
        #[arg(long, conflicts_with = "every")]
        sql: bool,
        #[command(flatten)]
        select: Select,
    },
    /// What is beyond its threshold: failed migrations, missed backups, quotas, drift, locks, connections; exit code 1 where there is something
    Alerts(Alerts),
    /// End sessions, whose open transactions are rolled back
    End(HealthEnd),
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

#[derive(Debug, Args)]
pub struct Most {
    /// Show so many
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=2000))]
    pub limit: u32,
}

#[derive(Debug, Args)]
pub struct HealthEnd {
    /// Processes as `health activity` shows them; with @ and the `started` of its JSON, no later session with the same number is meant
    #[arg(required = true, value_name = "PID[@STARTED]", value_parser = session)]
    pub sessions: Vec<SessionKey>,
    /// Cancel what they run at this moment; the sessions stay
    #[arg(long)]
    pub cancel: bool,
    /// Go on only when the plan of now has this fingerprint, which --dry-run prints; its first 12 digits do
    #[arg(long, value_name = "FINGERPRINT")]
    pub plan: Option<String>,
}

fn session(text: &str) -> Result<SessionKey, String> {
    let (pid, started) = match text.split_once('@') {
        Some((pid, started)) => (pid, Some(started.to_owned())),
        None => (text, None),
    };
    let pid = pid.parse().ok().filter(|pid| *pid > 0).ok_or_else(|| "a session is named by its process".to_owned())?;
    Ok(SessionKey { pid, started })
}
