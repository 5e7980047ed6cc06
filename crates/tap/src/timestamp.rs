//! Moments in time as UWS and DALI write them: `2014-06-30T16:44:40.766+0200`, with or without zone.
//!
//! DALI 1.1 section 3.1.2 allows `Z` or nothing and means UTC; older services send offsets.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A moment, in milliseconds since 1970-01-01T00:00:00 UTC. Stored by serde as that number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since the epoch, as `Date.now()` and ESA's filters count them.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// This moment moved by `millis` (negative: earlier); stops at the ends of the range.
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to `self`; negative if `earlier` is later.
    pub const fn since(self, earlier: Timestamp) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Reads `2014-06-30T16:44:40.766+0200` and its relatives: `Z`, `+02:00`, `+02` or no zone (UTC),
    /// a blank instead of `T`, any number of digits in the fraction, no seconds, a date alone.
    /// `None` for anything else, such as the quote `-1`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (date, rest) = match text.find(['T', 't', ' ']) {
            Some(at) => (&text[..at], &text[at + 1..]),
            None => (text.strip_suffix(['Z', 'z']).unwrap_or(text), ""),
        };
        let days = days_of_date(date)?;
        let (clock, offset_minutes) = split_zone(rest.trim())?;
        let millis = if clock.is_empty() { 0 } else { millis_of_clock(clock)? };
        Some(Self(days * DAY + millis - offset_minutes * 60_000))
    }

    /// Reads an HTTP date (RFC 9110 section 5.6.7) such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    pub fn parse_http_date(text: &str) -> Option<Self> {
        let rest = text.trim().split_once(',').map_or(text.trim(), |(_, rest)| rest);
        let mut words = rest.split(|c: char| c.is_whitespace() || c == '-').filter(|word| !word.is_empty());
        let day: i64 = words.next()?.parse().ok()?;
        let name = words.next()?.to_ascii_lowercase();
        let month = MONTHS.iter().position(|month| name.starts_with(month))? as i64 + 1;
        let mut year: i64 = words.next()?.parse().ok()?;
        if year < 100 {
            year += if year < 70 { 2000 } else { 1900 };
        }
        let clock = millis_of_clock(words.next()?)?;
        if !valid_date(year, month, day) {
            return None;
        }
        Some(Self(days_from_civil(year, month, day) * DAY + clock))
    }
}

impl fmt::Display for Timestamp {
    /// ISO 8601 in UTC with `Z`; milliseconds only when there are some.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.0.div_euclid(DAY));
        let millis = self.0.rem_euclid(DAY);
        let (hour, minute) = (millis / 3_600_000, millis / 60_000 % 60);
        let (second, fraction) = (millis / 1000 % 60, millis % 1000);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if fraction != 0 {
            write!(f, ".{fraction:03}")?;
        }
        f.write_str("Z")
    }
}

const DAY: i64 = 86_400_000;
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

fn days_of_date(date: &str) -> Option<i64> {
    let mut parts = date.split('-');
    let year = digits(parts.next()?, 4, 4)?;
    let month = digits(parts.next()?, 1, 2)?;
    let day = digits(parts.next()?, 1, 2)?;
    if parts.next().is_some() || !valid_date(year, month, day) {
        return None;
    }
    Some(days_from_civil(year, month, day))
}

fn valid_date(year: i64, month: i64, day: i64) -> bool {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return false,
    };
    (1..=last).contains(&day)
}

/// Splits `16:44:40.766+0200` into the clock and the offset in minutes.
fn split_zone(text: &str) -> Option<(&str, i64)> {
    if let Some(clock) = text.strip_suffix(['Z', 'z']) {
        return Some((clock.trim_end(), 0));
    }
    let Some(at) = text.find(['+', '-']) else {
        return Some((text, 0));
    };
    let sign = if text.as_bytes()[at] == b'-' { -1 } else { 1 };
    let zone: String = text[at + 1..].chars().filter(|c| *c != ':').collect();
    let (hours, minutes) = match zone.len() {
        2 => (digits(&zone, 2, 2)?, 0),
        4 if zone.is_ascii() => (digits(&zone[..2], 2, 2)?, digits(&zone[2..], 2, 2)?),
        _ => return None,
    };
    if hours > 23 || minutes > 59 {
        return None;
    }
    Some((text[..at].trim_end(), sign * (hours * 60 + minutes)))
}

fn millis_of_clock(clock: &str) -> Option<i64> {
    let mut parts = clock.split(':');
    let hour = digits(parts.next()?, 1, 2)?;
    let minute = digits(parts.next()?, 2, 2)?;
    let (second, fraction) = match parts.next() {
        None => (0, 0),
        Some(seconds) => match seconds.split_once(['.', ',']) {
            None => (digits(seconds, 2, 2)?, 0),
            Some((whole, fraction)) => (digits(whole, 2, 2)?, millis_of_fraction(fraction)?),
        },
    };
    // 24:00:00 and the leap second are in the standards' grammar and mean the next moment.
    if parts.next().is_some() || hour > 24 || minute > 59 || second > 60 {
        return None;
    }
    Some(((hour * 60 + minute) * 60 + second) * 1000 + fraction)
}

fn millis_of_fraction(fraction: &str) -> Option<i64> {
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut millis = 0;
    for place in 0..3 {
        let digit = fraction.as_bytes().get(place).map_or(0, |b| i64::from(b - b'0'));
        millis = millis * 10 + digit;
    }
    Some(millis)
}

fn digits(text: &str, min: usize, max: usize) -> Option<i64> {
    let fits = (min..=max).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar, counted in eras of 400 years
/// that begin in March, so that the leap day is the last of its year.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let printed = Timestamp::parse(text).map_or_else(|| "none".to_owned(), |t| t.to_string());
        assert_eq!(printed, expect, "{text}");
    }

    #[test]
    fn reads_every_dialect() {
        check("2014-06-30T16:44:40.766+0200", "2014-06-30T14:44:40.766Z");
        check("2014-06-30T16:44:40.766+02:00", "2014-06-30T14:44:40.766Z");
        check("2016-11-17T13:33:50-05", "2016-11-17T18:33:50Z");
        check("2026-01-31T23:59:59Z", "2026-01-31T23:59:59Z");
        check(" 2026-01-31T23:59:59 \r\n", "2026-01-31T23:59:59Z");
        check("2026-01-31 23:59", "2026-01-31T23:59:00Z");
        check("2024-02-29", "2024-02-29T00:00:00Z");
        check("2024-02-29Z", "2024-02-29T00:00:00Z");
        check("1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999Z");
        check("2000-01-01T00:00:00.5", "2000-01-01T00:00:00.500Z");
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in [
            "-1",
            "",
            "0",
            "2023-02-29",
            "2023-13-01T00:00:00",
            "yesterday",
            "2023-01-01T25:00:00",
            "2023-01-01T10:00:00+2x",
            "2023-01-01T10:00:00.x",
        ] {
            check(text, "none");
        }
    }

    #[test]
    fn reads_http_dates() {
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "06 Nov 1994 08:49:37 GMT"] {
            assert_eq!(Timestamp::parse_http_date(text).unwrap().to_string(), "1994-11-06T08:49:37Z");
        }
        assert_eq!(Timestamp::parse_http_date("120"), None);
        assert_eq!(Timestamp::parse_http_date("Sun, 31 Feb 1994 08:49:37 GMT"), None);
    }

    #[test]
    fn dates_survive_the_round_trip() {
        for day in (-200_000..200_000).step_by(97) {
            let moment = Timestamp::from_millis(day * DAY + 12_345_678);
            if (1..=9999).contains(&civil_from_days(day).0) {
                assert_eq!(Timestamp::parse(&moment.to_string()), Some(moment));
            }
        }
    }
}
