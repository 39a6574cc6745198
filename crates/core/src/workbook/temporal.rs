//! Dates and times as Excel's serial numbers.
//!
//! A serial number counts days; 1 is 1900-01-01, and 60 is 1900-02-29, a day that never was. Dates before 1900-03-01
//! (61) would therefore be read differently by different programs and stay text, as do dates after 9999-12-31, dates
//! BC and the infinities. The fraction of a serial number is the time of day.
//!
//! A double near today (serial numbers below 65,536, that is before 2079-06-06) distinguishes microseconds; later it
//! does not always. [`timestamp`] therefore reads its own result back, see [`Serial::exact`].

/// The serial number of 1970-01-01.
const EPOCH: i64 = 25_569;
/// 1900-03-01, the first day on which everybody agrees.
const FIRST: i64 = 61;
/// 9999-12-31.
const LAST: i64 = 2_958_465;
/// Below this serial number two neighbouring doubles are less than a microsecond apart.
const DENSE: i64 = 65_536;

const DAY: u64 = 86_400_000_000;

/// A serial number, as the file writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Serial {
    days: i64,
    /// Microseconds since midnight.
    micros: u64,
}

impl Serial {
    /// Appends the decimal text: up to fifteen decimals, which is far finer than the double that it becomes.
    #[inline]
    pub(super) fn push(self, out: &mut Vec<u8>) {
        push_integer(self.days as u64, out);
        if self.micros == 0 {
            return;
        }
        // micros / 86,400,000,000 in units of 10^-15, rounded: 10^15 / 86,400,000,000 = 312,500 / 27.
        let mut fraction = (self.micros * 312_500 + 13) / 27;
        let mut digits = [b'0'; 16];
        digits[0] = b'.';
        for digit in digits[1..].iter_mut().rev() {
            *digit = b'0' + (fraction % 10) as u8;
            fraction /= 10;
        }
        let used = digits.iter().rposition(|d| *d != b'0').unwrap_or(0);
        out.extend_from_slice(&digits[..=used]);
    }

    /// True where a reader who knows only the double gets the same microsecond back. The reader takes the fewest
    /// decimals of a second (0, 3, 6) whose serial number is that double.
    #[inline]
    pub(super) fn exact(self) -> bool {
        self.days < DENSE || Self::from_double(self.double()) == Some(self)
    }

    fn double(self) -> f64 {
        let mut text = Vec::with_capacity(24);
        self.push(&mut text);
        std::str::from_utf8(&text).ok().and_then(|t| t.parse().ok()).unwrap_or(f64::NAN)
    }

    /// What a reader makes of a double: see [`Serial::exact`].
    pub(super) fn from_double(double: f64) -> Option<Self> {
        if !(0.0..=(LAST + 1) as f64).contains(&double) {
            return None;
        }
        let (days, fraction) = (double.trunc() as i64, double.fract());
        if fraction == 0.0 {
            return Some(Self { days, micros: 0 });
        }
        let nearest = |unit: u64| Self { days, micros: (fraction * (DAY / unit) as f64).round() as u64 * unit };
        if days < DENSE {
            let nearest = nearest(1);
            return if nearest.micros < DAY { Some(nearest) } else { Some(Self { days: days + 1, micros: 0 }) };
        }
        let same = |candidate: &Self| candidate.micros < DAY && candidate.double().to_bits() == double.to_bits();
        [1_000_000, 1_000, 1].into_iter().map(nearest).find(same)
    }

    /// Appends `2024-02-29`.
    pub(super) fn push_date(self, out: &mut Vec<u8>) {
        let (year, month, day) = civil_from_days(self.days - EPOCH);
        for (value, unit) in [(year, 1000), (month, 10), (day, 10)] {
            if unit == 10 {
                out.push(b'-');
            }
            push_padded(value as u64, unit, out);
        }
    }

    /// Appends `12:34:56.789`, without zeros at the end of the fraction.
    pub(super) fn push_time(self, out: &mut Vec<u8>) {
        let (seconds, micros) = (self.micros / 1_000_000, self.micros % 1_000_000);
        push_padded(seconds / 3600, 10, out);
        out.push(b':');
        push_padded(seconds / 60 % 60, 10, out);
        out.push(b':');
        push_padded(seconds % 60, 10, out);
        if micros > 0 {
            out.push(b'.');
            push_padded(micros, 100_000, out);
            while out.last() == Some(&b'0') {
                out.pop();
            }
        }
    }
}

/// `2024-02-29` → a whole serial number; `None` where Excel has no such day.
#[inline]
pub(super) fn date(text: &[u8]) -> Option<Serial> {
    let &[a, b, c, d, b'-', e, f, b'-', g, h] = text else { return None };
    let year = digit(a)? * 1000 + digit(b)? * 100 + digit(c)? * 10 + digit(d)?;
    let month = digit(e)? * 10 + digit(f)?;
    let day = digit(g)? * 10 + digit(h)?;
    let days = days_from_epoch(year, month, day) + EPOCH;
    (FIRST..=LAST).contains(&days).then_some(Serial { days, micros: 0 })
}

/// `2024-02-29 12:34:56.789` → a serial number with a fraction.
#[inline]
pub(super) fn timestamp(text: &[u8]) -> Option<Serial> {
    let (day, rest) = text.split_at_checked(10)?;
    let (b' ', clock) = rest.split_first().map(|(space, clock)| (*space, clock))? else { return None };
    let serial = Serial { micros: clock_micros(clock)?, ..date(day)? };
    // The last 20 microseconds of the calendar round to a day that Excel does not have, and shows as an error.
    (serial.days < LAST || serial.double() < (LAST + 1) as f64).then_some(serial)
}

/// Like [`timestamp`], for text in UTC with its `+00`.
#[inline]
pub(super) fn timestamp_utc(text: &[u8]) -> Option<Serial> {
    timestamp(text.strip_suffix(b"+00")?)
}

/// `12:34:56.789` → the fraction of a day. `24:00:00` would show as midnight and stays text.
#[inline]
pub(super) fn time(text: &[u8]) -> Option<Serial> {
    Some(Serial { days: 0, micros: clock_micros(text)? })
}

#[inline]
fn clock_micros(text: &[u8]) -> Option<u64> {
    let (whole, fraction) = text.split_at_checked(8)?;
    let &[a, b, b':', c, d, b':', e, f] = whole else { return None };
    let hour = digit(a)? * 10 + digit(b)?;
    let minute = digit(c)? * 10 + digit(d)?;
    let second = digit(e)? * 10 + digit(f)?;
    if hour > 23 {
        return None;
    }
    let mut micros = 0;
    if let Some((&point, decimals)) = fraction.split_first() {
        if point != b'.' || decimals.len() > 6 {
            return None;
        }
        for position in 0..6 {
            micros = micros * 10 + decimals.get(position).map_or(Some(0), |d| digit(*d))?;
        }
    }
    Some(((hour * 60 + minute) * 60 + second) as u64 * 1_000_000 + micros as u64)
}

#[inline]
fn digit(byte: u8) -> Option<i64> {
    byte.is_ascii_digit().then(|| i64::from(byte - b'0'))
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", `days_from_civil`).
#[inline]
fn days_from_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The inverse of [`days_from_epoch`] (the same source, `civil_from_days`).
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// Appends as many digits as `unit` has.
#[inline]
fn push_padded(value: u64, mut unit: u64, out: &mut Vec<u8>) {
    while unit > 0 {
        out.push(b'0' + (value / unit % 10) as u8);
        unit /= 10;
    }
}

/// Appends a whole number.
#[inline]
pub(super) fn push_integer(mut value: u64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Datelike, Duration, NaiveDate};
    use proptest::prelude::*;

    fn text(serial: Option<Serial>) -> String {
        let mut out = Vec::new();
        serial.unwrap().push(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn known_days_have_their_serial_numbers() {
        assert_eq!(text(date(b"1900-03-01")), "61");
        assert_eq!(text(date(b"1970-01-01")), "25569");
        assert_eq!(text(date(b"2000-01-01")), "36526");
        assert_eq!(text(date(b"2024-02-29")), "45351");
        assert_eq!(text(date(b"9999-12-31")), "2958465");
    }

    #[test]
    fn days_that_excel_does_not_have_stay_text() {
        for day in ["1900-02-28", "1899-12-31", "0001-01-01", "10000-01-01", "0044-03-15 BC", "infinity", "-infinity"] {
            assert_eq!(date(day.as_bytes()), None, "{day}");
        }
        assert_eq!(timestamp(b"0044-03-15 12:00:00 BC"), None);
        assert_eq!(timestamp(b"infinity"), None);
        assert_eq!(time(b"24:00:00"), None);
    }

    #[test]
    fn known_times_have_their_fractions() {
        assert_eq!(text(time(b"12:00:00")), "0.5");
        assert_eq!(text(time(b"00:00:00")), "0");
        assert_eq!(text(timestamp(b"2024-02-29 06:00:00")), "45351.25");
        assert_eq!(text(timestamp_utc(b"2024-02-29 18:00:00+00")), "45351.75");
        assert_eq!(text(timestamp(b"2024-02-29 23:59:59.999999")), "45351.999999999988426");
        assert_eq!(timestamp_utc(b"2024-02-29 18:00:00+01"), None);
    }

    #[test]
    fn the_last_second_of_the_calendar_is_held_exactly_and_odd_microseconds_there_are_not() {
        assert!(timestamp(b"9999-12-31 23:59:59").unwrap().exact());
        assert!(!timestamp(b"9999-12-31 23:59:59.999123").unwrap().exact());
    }

    #[test]
    fn a_moment_that_would_round_beyond_the_calendar_stays_text() {
        assert_eq!(timestamp(b"9999-12-31 23:59:59.999999"), None);
        assert_eq!(timestamp_utc(b"9999-12-31 23:59:59.999999+00"), None);
        assert!(timestamp(b"9999-12-31 23:59:59.999").is_some_and(|serial| serial.double() < (LAST + 1) as f64));
        assert!(timestamp(b"9999-12-30 23:59:59.999999").is_some());
    }

    proptest! {
        #[test]
        fn every_day_agrees_with_the_calendar(days in FIRST..=LAST) {
            let day = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + Duration::days(days - EPOCH);
            let iso = format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day());
            prop_assert_eq!(date(iso.as_bytes()), Some(Serial { days, micros: 0 }));
        }

        // What a program that knows only the double makes of it: the nearest microsecond.
        #[test]
        fn microseconds_survive_the_double_before_2079(days in FIRST..DENSE, micros in 0..DAY) {
            let serial = Serial { days, micros };
            let double = serial.double();
            let read = (double.fract() * DAY as f64).round() as u64;
            prop_assert_eq!((double.trunc() as i64, read), (days, micros));
        }

        #[test]
        fn an_exact_serial_number_reads_back(days in DENSE..=LAST, seconds in 0..86_400u64) {
            let serial = Serial { days, micros: seconds * 1_000_000 };
            prop_assert!(serial.exact());
        }

        #[test]
        fn a_timestamp_is_its_day_and_its_time(seconds in -2_203_891_200i64..253_402_300_800, micros in 0..1_000_000i64) {
            let moment = DateTime::UNIX_EPOCH + Duration::seconds(seconds) + Duration::microseconds(micros);
            let serial = timestamp(moment.format("%Y-%m-%d %H:%M:%S%.6f").to_string().as_bytes());
            prop_assume!(serial.is_some() || seconds == 253_402_300_799);
            let Some(serial) = serial else { return Ok(()) };
            let total = (serial.days - EPOCH) * DAY as i64 + serial.micros as i64;
            prop_assert_eq!(total, seconds * 1_000_000 + micros);
        }
    }
}
