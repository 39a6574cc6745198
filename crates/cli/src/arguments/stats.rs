//! The words of figures, their history, and comparisons.

use super::Select;
use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub struct Stats {
    /// Count rows instead of estimating
    #[arg(long)]
    pub exact: bool,
    /// What the figures were, how they grow, and when a limit will be reached
    #[arg(long, conflicts_with = "exact")]
    pub history: bool,
    /// How far back the history goes, for example 30d
    #[arg(long, value_name = "PERIOD", requires = "history", value_parser = days)]
    pub since: Option<u32>,
    /// Tell when each tenant reaches this size, for example 50GB; otherwise its quota in the registry
    #[arg(long, value_name = "SIZE", requires = "history", value_parser = bytes)]
    pub limit: Option<i64>,
    /// Keep the figures of all tenants for the history, for a scheduler
    #[arg(long, conflicts_with_all = ["history", "exact", "tenants", "all", "select", "except", "state"])]
    pub snapshot: bool,
    #[command(flatten)]
    pub select: Select,
}

#[derive(Debug, Args)]
pub struct Compare {
    /// Two or more schemas or display names
    #[arg(required_unless_present_any = ["all", "select"], num_args = 2.., value_name = "TENANT")]
    pub tenants: Vec<String>,
    /// Every tenant
    #[arg(long, conflicts_with = "tenants")]
    pub all: bool,
    /// Tenants whose schema or name fits a pattern with * and ?
    #[arg(long, value_name = "GLOB", conflicts_with = "tenants")]
    pub select: Vec<String>,
    /// Leave out what fits a pattern
    #[arg(long, value_name = "GLOB")]
    pub except: Vec<String>,
    /// Count rows instead of estimating
    #[arg(long)]
    pub exact: bool,
    /// What to compare table by table, the largest difference first
    #[arg(long, value_enum, default_value_t)]
    pub by: Measure,
    /// Write the comparison to an Excel file
    #[arg(long, value_name = "FILE.xlsx")]
    pub to: Option<String>,
    /// Language of the file
    #[arg(long, default_value = "en", value_parser = ["en", "fr"])]
    pub language: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Measure {
    #[default]
    Rows,
    Size,
    IndexSize,
    DeadRows,
    Indexes,
    SeqScans,
    IndexScans,
    Writes,
    CacheHit,
}

impl From<Measure> for cadastre_core::stats::Measure {
    fn from(measure: Measure) -> Self {
        match measure {
            Measure::Rows => Self::Rows,
            Measure::Size => Self::Size,
            Measure::IndexSize => Self::IndexSize,
            Measure::DeadRows => Self::DeadRows,
            Measure::Indexes => Self::Indexes,
            Measure::SeqScans => Self::SeqScans,
            Measure::IndexScans => Self::IndexScans,
            Measure::Writes => Self::Writes,
            Measure::CacheHit => Self::CacheHit,
        }
    }
}

/// `30d`, `12w`.
fn days(text: &str) -> Result<u32, String> {
    let (number, days) = match (text.strip_suffix('d'), text.strip_suffix('w')) {
        (Some(number), _) => (number, 1),
        (_, Some(number)) => (number, 7),
        _ => ("", 1),
    };
    let number: Option<u32> = number.parse().ok().filter(|n| (1..=3_650).contains(n));
    number.map(|n| n * days).ok_or_else(|| format!("“{text}” is no period: say for example 30d or 12w."))
}

/// `50GB`, `500MB`, in powers of 1,024 as PostgreSQL counts.
fn bytes(text: &str) -> Result<i64, String> {
    let units = [("TB", 40), ("GB", 30), ("MB", 20), ("kB", 10), ("B", 0)];
    let found = units.iter().find_map(|(unit, power)| Some((text.strip_suffix(unit)?.trim_end(), power)));
    let number = found.and_then(|(number, power)| Some((number.parse::<f64>().ok()?, power)));
    let bytes = number.map(|(number, power)| number * f64::from(1_u32 << 10).powi(power / 10));
    let bytes = bytes.filter(|b| (1.0..9e15).contains(b));
    bytes.map(|b| b as i64).ok_or_else(|| format!("“{text}” is no size: say for example 50GB or 500MB."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_days_and_weeks() {
        assert_eq!((days("30d"), days("12w")), (Ok(30), Ok(84)));
        assert!(["30", "d", "0d", "-1d", "1y", "99999999d"].iter().all(|text| days(text).is_err()));
    }

    #[test]
    fn sizes_are_in_powers_of_1024() {
        assert_eq!((bytes("50GB"), bytes("1.5 MB"), bytes("7B")), (Ok(50 << 30), Ok(1_572_864), Ok(7)));
        assert!(["50", "GB", "-1GB", "NaNGB", "infGB", "50 go", "0B"].iter().all(|text| bytes(text).is_err()));
    }
}
