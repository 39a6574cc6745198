//! The words of dropping tenants, and of their way back.

use clap::Args;

#[derive(Debug, Args)]
pub struct TenantDrop {
    /// Schema or display name
    pub tenant: String,
    /// Existing folder for the backup; otherwise a folder beside Cadastre's own state
    #[arg(long, value_name = "DIR")]
    pub backup_dir: Option<String>,
    /// Write the workbook alone, without an archive of pg_dump beside it
    #[arg(long)]
    pub no_archive: bool,
    /// Language of headings in the workbook
    #[arg(long, default_value = "en", value_parser = ["en", "fr"])]
    pub language: String,
}

#[derive(Debug, Args)]
pub struct TenantUndrop {
    /// Former schema, display name, or schema in quarantine
    pub tenant: String,
    /// Bring it back under another name
    #[arg(long = "as", value_name = "NAME")]
    pub under: Option<String>,
}

#[derive(Debug, Args)]
pub struct TenantPurge {
    /// Former schema, display name, or schema in quarantine
    pub tenant: String,
    /// Only when it has been in quarantine for this long, for example 30d, 12h or 0d
    #[arg(long, default_value = "30d", value_parser = period)]
    pub older_than: u32,
    /// Also when the backup is not there any more: what the tenant holds is then lost
    #[arg(long)]
    pub without_backup: bool,
}

/// `30d`, `12h` or `90min`, in seconds.
fn period(text: &str) -> Result<u32, String> {
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let factor = match unit.trim() {
        "s" => 1,
        "min" | "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "" => return Err("expected a number and a unit, for example 30d".to_owned()),
        _ => return Err(format!("{unit} is no unit of time; use d, h, min or s")),
    };
    let number: u32 = number.parse().map_err(|_| "expected a number and a unit, for example 30d".to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "too long".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use cadastre_core::quarantine::PurgeRequest;

    #[test]
    fn periods_have_a_unit() {
        assert_eq!(period("30d"), Ok(PurgeRequest::GRACE));
        assert_eq!(period("0d"), Ok(0));
        assert_eq!(period("90min"), Ok(5_400));
        assert!(period("30").is_err() && period("d").is_err() && period("1w").is_err() && period("99999999d").is_err());
    }
}
