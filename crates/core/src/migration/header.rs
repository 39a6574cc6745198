//! The values of header lines.

use std::time::Duration;

/// The versions in `-- depends: 20250401090000, 20250415090000`; what is no number comes back as it is. `nothing` and
/// `none` are nobody.
pub(super) fn versions(text: &str) -> impl Iterator<Item = Result<i64, String>> {
    text.split([',', ' ', ';'])
        .map(str::trim)
        .filter(|part| !part.is_empty() && !["nothing", "none", "-"].contains(part))
        .map(|part| part.parse().map_err(|_| part.to_owned()))
}

/// `500ms`, `30s`, `5min` or `1h`; a bare number is seconds.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().ok()?;
    let milliseconds = match text[digits..].trim() {
        "ms" => 1,
        "" | "s" | "sec" => 1000,
        "min" | "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    number.checked_mul(milliseconds).map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        assert_eq!(duration("30s"), Some(Duration::from_secs(30)));
        assert_eq!(duration("5 min"), Some(Duration::from_secs(300)));
        assert_eq!(duration("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(duration("soon"), None);
    }

    #[test]
    fn nothing_depends_on_nothing() {
        assert_eq!(versions("nothing").count(), 0);
        assert_eq!(versions("1, 2 x").collect::<Vec<_>>(), [Ok(1), Ok(2), Err("x".to_owned())]);
    }
}
