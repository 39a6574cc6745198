//! From where on something is an alert.

use crate::{ErrorKind, Result};
use serde::{Deserialize, Serialize};

/// From where on something is an alert; nothing (or `false`) is never.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub struct Thresholds {
    /// The last migration of a tenant failed, or a run was interrupted.
    pub runs: bool,
    /// A tenant's newest verified backup of this computer is older than so many hours, or there is none.
    pub backup_hours: Option<u32>,
    /// A tenant uses so many percent of a quota.
    pub quota_percent: Option<u32>,
    /// A tenant is not built like most others of its version.
    pub drift: bool,
    /// A transaction is open for so many seconds.
    pub transaction_seconds: Option<u32>,
    /// A session waits for a lock for so many seconds.
    pub blocked_seconds: Option<u32>,
    /// So many percent of the connections that ordinary roles may have are in use.
    pub connections_percent: Option<u32>,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            runs: true,
            backup_hours: Some(7 * 24),
            quota_percent: Some(90),
            drift: true,
            transaction_seconds: Some(3600),
            blocked_seconds: Some(60),
            connections_percent: Some(90),
        }
    }
}

/// The names of [`Thresholds::set`], each with an example.
pub const LIMITS: [(&str, &str); 7] = [
    ("runs", "off"),
    ("backup", "36h"),
    ("quota", "95%"),
    ("drift", "off"),
    ("transaction", "30min"),
    ("blocked", "10s"),
    ("connections", "80%"),
];

impl Thresholds {
    /// Sets one as it is written on a command line: `backup=36h`, `quota=95%`, `drift=off`.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] with what can be said.
    pub fn set(&mut self, assignment: &str) -> Result<()> {
        let usage = || {
            let known: Vec<String> = LIMITS.iter().map(|(name, example)| format!("{name}={example}")).collect();
            let reason =
                format!("{assignment:?} is no threshold. They are written like {}; off is never.", known.join(", "));
            ErrorKind::Usage { reason }
        };
        let (name, value) = assignment.split_once('=').ok_or_else(usage)?;
        let (name, value) = (name.trim(), value.trim());
        let switch = match value {
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
        };
        let off = switch == Some(false);
        let number = |parsed: Option<u32>| if off { Some(None) } else { parsed.map(Some) };
        match name {
            "runs" => self.runs = switch.ok_or_else(usage)?,
            "drift" => self.drift = switch.ok_or_else(usage)?,
            // Less than an hour would be rounded to always.
            "backup" => {
                let hours = seconds(value).filter(|seconds| *seconds >= 3600).map(|seconds| seconds.div_ceil(3600));
                self.backup_hours = number(hours).ok_or_else(usage)?;
            }
            "quota" => self.quota_percent = number(percent(value)).ok_or_else(usage)?,
            "transaction" => self.transaction_seconds = number(seconds(value)).ok_or_else(usage)?,
            "blocked" => self.blocked_seconds = number(seconds(value)).ok_or_else(usage)?,
            "connections" => self.connections_percent = number(percent(value)).ok_or_else(usage)?,
            _ => return Err(usage().into()),
        }
        Ok(())
    }
}

fn percent(text: &str) -> Option<u32> {
    text.strip_suffix('%').unwrap_or(text).trim().parse().ok().filter(|percent| (1..=1000).contains(percent))
}

fn seconds(text: &str) -> Option<u32> {
    let at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(at);
    let factor = match unit.trim() {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return None,
    };
    number.parse::<u32>().ok().filter(|number| *number > 0)?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_set_by_name_with_their_units() {
        let mut thresholds = Thresholds::default();
        for (assignment, expected) in [
            ("runs=off", Thresholds { runs: false, ..Thresholds::default() }),
            ("backup=36h", Thresholds { backup_hours: Some(36), ..Thresholds::default() }),
            ("backup=2d", Thresholds { backup_hours: Some(48), ..Thresholds::default() }),
            ("backup = off", Thresholds { backup_hours: None, ..Thresholds::default() }),
            ("quota=95%", Thresholds { quota_percent: Some(95), ..Thresholds::default() }),
            ("transaction=30min", Thresholds { transaction_seconds: Some(1800), ..Thresholds::default() }),
            ("blocked=10s", Thresholds { blocked_seconds: Some(10), ..Thresholds::default() }),
            ("connections=80", Thresholds { connections_percent: Some(80), ..Thresholds::default() }),
            ("drift=on", Thresholds::default()),
        ] {
            thresholds = Thresholds::default();
            thresholds.set(assignment).expect(assignment);
            assert_eq!(thresholds, expected, "{assignment}");
        }
        for (name, example) in LIMITS {
            thresholds.set(&format!("{name}={example}")).expect(name);
        }
    }

    #[test]
    fn what_is_no_threshold_is_refused_and_changes_nothing() {
        for wrong in [
            "",
            "backup",
            "backup=",
            "backup=5",
            "backup=10min",
            "backup=-1h",
            "quota=0%",
            "quota=4000",
            "drift=2",
            "runs=maybe",
            "blocked=0s",
            "blocked=99999999999d",
            "transaction=4294967295d",
            "disk=1%",
            "quota=é",
        ] {
            let mut thresholds = Thresholds::default();
            assert!(thresholds.set(wrong).is_err(), "{wrong}");
            assert_eq!(thresholds, Thresholds::default(), "{wrong}");
        }
    }
}
