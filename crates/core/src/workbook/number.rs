//! Which numbers Excel holds exactly. Its numbers are IEEE doubles that it shows and edits with 15 significant digits.
//!
//! The text of a number cell in the file is PostgreSQL's own text, so a reader of the file loses nothing, not even the
//! trailing zeros of a `numeric`.

/// Significant digits that Excel shows and keeps when a person edits a cell.
const DIGITS: usize = 15;

/// Longer than this, a `numeric` of few significant digits is a chain of zeros, and better text.
const LONGEST: usize = 32;

/// `smallint`, `integer`, `bigint`, `oid`: up to 15 digits.
#[inline]
pub(super) fn integer_fits(text: &[u8]) -> bool {
    let digits = text.len() - usize::from(text.first() == Some(&b'-'));
    (1..=DIGITS).contains(&digits)
}

/// `numeric`: up to 15 significant digits. `NaN` and the infinities do not fit.
#[inline]
pub(super) fn numeric_fits(text: &[u8]) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    // Zeros count only between significant digits.
    let (mut significant, mut zeros) = (0, 0);
    for &byte in text {
        match byte {
            b'0' if significant == 0 => {}
            b'0' => zeros += 1,
            b'1'..=b'9' => {
                significant += zeros + 1;
                zeros = 0;
            }
            b'-' | b'.' => {}
            _ => return false,
        }
    }
    significant <= DIGITS
}

/// `real`, `double precision`, whose text is the shortest that reads back as the same value. Excel knows neither
/// `NaN`, nor infinities, nor negative zero, nor denormalised numbers.
#[inline]
pub(super) fn float_fits(text: &[u8]) -> bool {
    let Some(&last) = text.last() else { return false };
    if !last.is_ascii_digit() || text == b"-0" {
        return false;
    }
    // A denormalised number cannot be written without a negative exponent of three digits.
    if text.len() > 5 && text[text.len() - 5..].starts_with(b"e-3") {
        let value: f64 = std::str::from_utf8(text).ok().and_then(|t| t.parse().ok()).unwrap_or(0.0);
        return value.is_normal();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_of_fifteen_digits_are_numbers_and_longer_ones_are_text() {
        for number in ["0", "-1", "999999999999999", "-999999999999999"] {
            assert!(integer_fits(number.as_bytes()), "{number}");
        }
        for text in ["1000000000000000", "-1000000000000000", "9223372036854775807"] {
            assert!(!integer_fits(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn only_significant_digits_of_a_numeric_count() {
        for number in
            ["0", "0.00", "12.50", "-0.000000000123456789", "123456789012345.0000000", "100000000000000000000"]
        {
            assert!(numeric_fits(number.as_bytes()), "{number}");
        }
        for text in ["1234567890123456", "1000000000000.0001", "NaN", "Infinity", "-Infinity"] {
            assert!(!numeric_fits(text.as_bytes()), "{text}");
        }
        assert!(!numeric_fits("1".repeat(400).as_bytes()));
        assert!(!numeric_fits(format!("1{}", "0".repeat(400)).as_bytes()));
    }

    #[test]
    fn floats_that_excel_does_not_know_are_text() {
        for number in ["0", "0.1", "1e+300", "-1.7976931348623157e+308", "2.2250738585072014e-308", "985.1677175348"] {
            assert!(float_fits(number.as_bytes()), "{number}");
        }
        for text in ["NaN", "Infinity", "-Infinity", "-0", "5e-324", "2.225073858507201e-308"] {
            assert!(!float_fits(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn every_accepted_numeric_survives_fifteen_digits() {
        for text in ["123456789012345", "0.123456789012345", "-99999.9999999999", "12.50"] {
            assert!(numeric_fits(text.as_bytes()));
            let value: f64 = text.parse().unwrap();
            let shown: f64 = format!("{value:.14e}").parse().unwrap();
            assert_eq!(shown.to_bits(), value.to_bits(), "{text}");
        }
    }
}
