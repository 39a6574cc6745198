//! A short check of each row, over what a spreadsheet program keeps when it saves a file: texts, and numbers as doubles.
//!
//! A digest tells that a table is not what it was; the checks tell in which row. They stand in the sheet `_checks`.

/// Characters of one row's check.
pub(super) const LENGTH: usize = 4;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The cells of one row.
#[derive(Debug, Default)]
pub(super) struct RowCheck {
    bytes: Vec<u8>,
}

impl RowCheck {
    /// Begins the next row.
    #[inline]
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
    }

    /// A text cell; `column` is 0-based.
    #[inline]
    pub(super) fn text(&mut self, column: usize, text: &[u8]) {
        self.cell(column, b't');
        self.bytes.extend_from_slice(text);
    }

    /// A number.
    #[inline]
    pub(super) fn number(&mut self, column: usize, number: f64) {
        self.cell(column, b'n');
        // There is one zero for a spreadsheet.
        self.bytes.extend_from_slice(&(number + 0.0).to_le_bytes());
    }

    /// A date or time as its serial number. Programs that think in calendars, and those that write 15 digits, write another
    /// double for the same moment, up to a few microseconds away: moments of whole milliseconds count as those.
    #[inline]
    pub(super) fn moment(&mut self, column: usize, serial: f64) {
        self.cell(column, b'd');
        self.bytes.extend_from_slice(&counted_micros(serial).to_le_bytes());
    }

    /// TRUE or FALSE.
    #[inline]
    pub(super) fn boolean(&mut self, column: usize, value: bool) {
        self.cell(column, b'b');
        self.bytes.push(u8::from(value));
    }

    #[inline]
    fn cell(&mut self, column: usize, kind: u8) {
        // No UTF-8 text holds 0xff.
        self.bytes.extend_from_slice(&[0xff, column as u8, (column >> 8) as u8, kind]);
    }

    /// 24 bits of a CRC-32 in base64.
    #[inline]
    pub(super) fn value(&self) -> [u8; LENGTH] {
        let crc = crc32fast::hash(&self.bytes);
        [0, 6, 12, 18].map(|shift| ALPHABET[(crc >> shift & 63) as usize])
    }
}

const MICROS_PER_DAY: f64 = 86_400_000_000.0;

/// Fifteen digits tell moments of our time apart that are further away from each other than this, in microseconds.
pub(super) const BLUR: f64 = 5.0;

/// Microseconds, those of the whole millisecond where there is one near by.
#[inline]
pub(super) fn counted_micros(serial: f64) -> f64 {
    let micros = (serial * MICROS_PER_DAY).round();
    let millis = (micros / 1000.0).round() * 1000.0;
    if (micros - millis).abs() <= BLUR { millis } else { micros }
}

/// The serial number of so many microseconds.
pub(super) fn serial_of(micros: f64) -> f64 {
    micros / MICROS_PER_DAY
}

/// The serial number of the moment that [`RowCheck::moment`] takes this one for.
pub(super) fn counted_serial(serial: f64) -> f64 {
    counted_micros(serial) / MICROS_PER_DAY
}

/// The number that a number cell's text stands for. Up to 15 digits are read without the general way.
#[inline]
pub(super) fn number_of(text: &[u8]) -> Option<f64> {
    let (digits, negative) = match text {
        [b'-', digits @ ..] => (digits, true),
        digits => (digits, false),
    };
    if (1..=15).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit) {
        let whole = digits.iter().fold(0u64, |n, digit| n * 10 + u64::from(digit - b'0')) as f64;
        return Some(if negative { -whole } else { whole });
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_counts_by_its_value_and_a_text_by_its_letters() {
        let of = |fill: &dyn Fn(&mut RowCheck)| {
            let mut check = RowCheck::default();
            fill(&mut check);
            check.value()
        };
        let number = |text: &str| of(&|c| c.number(1, number_of(text.as_bytes()).unwrap()));
        assert_eq!(number("12.50"), number("12.5"));
        assert_eq!(number("-0"), number("0"));
        assert_eq!(number("-17"), number("-17.000"));
        assert_ne!(number("12.5"), number("12.51"));
        let moment = |serial: f64| of(&|c| c.moment(1, serial));
        assert_eq!(moment(45_292.5), moment(45_292.500_000_000_01));
        // As LibreOffice writes it.
        let written = |text: &str| moment(number_of(text.as_bytes()).unwrap());
        assert_eq!(written("44562.011805555556"), written("44562.0118055556"));
        assert_ne!(moment(45_292.5), moment(45_292.500_001));
        assert_ne!(number("1"), of(&|c| c.text(1, b"1")));
        assert_ne!(of(&|c| c.text(0, b"1")), of(&|c| c.text(1, b"1")));
        assert_ne!(of(&|c| c.text(0, b"")), of(&|_| ()));
        assert_ne!(of(&|c| c.boolean(0, true)), of(&|c| c.boolean(0, false)));
    }
}
