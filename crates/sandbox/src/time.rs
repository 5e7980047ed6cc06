//! Points in time as UWS writes them: ISO 8601 with `Z` (DALI 1.1, section 3.3.3). The caller says what time it is.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A point in time, milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Time(pub i64);

impl Time {
    /// The time of the system's clock.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn now() -> Time {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Time(since.as_millis() as i64)
    }

    /// So much later.
    pub fn after(self, duration: Duration) -> Time {
        Time(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long it is from `earlier` to this time; zero if it is not later.
    pub fn since(self, earlier: Time) -> Duration {
        Duration::from_millis(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }

    /// Reads `2026-03-01`, `2026-03-01T12:30:00`, with fractions of a second, with `Z` or an offset such as `+0200`.
    /// Without a zone it is UTC.
    pub fn parse(text: &str) -> Option<Time> {
        let text = text.trim();
        let (date, clock) = text.split_once(['T', ' ']).unwrap_or((text, "00:00:00"));
        let mut parts = date.split('-').map(|part| part.parse::<i64>().ok());
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        if parts.next().is_some()
            || !(1..=12).contains(&month)
            || !(1..=31).contains(&day)
            || !(1..=9999).contains(&year)
        {
            return None;
        }
        let zone = clock.find(['Z', '+', '-']).unwrap_or(clock.len());
        let (clock, zone) = clock.split_at(zone);
        let mut parts = clock.split(':');
        let hours: i64 = parts.next()?.parse().ok()?;
        let minutes: i64 = parts.next().unwrap_or("0").parse().ok()?;
        let seconds: f64 = parts.next().unwrap_or("0").parse().ok()?;
        let valid = (0..=24).contains(&hours) && (0..60).contains(&minutes) && (0.0..61.0).contains(&seconds);
        if !valid || parts.next().is_some() {
            return None;
        }
        let local = (days(year, month, day) * 24 + hours) * 3_600_000 + minutes * 60_000 + (seconds * 1000.0) as i64;
        Some(Time(local - offset(zone)?))
    }
}

/// Milliseconds by which a zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if zone.is_empty() || zone == "Z" {
        return Some(0);
    }
    let (sign, digits) = zone.split_at(1);
    let digits = digits.replace(':', "");
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let minutes = digits[..2].parse::<i64>().ok()? * 60 + digits[2..].parse::<i64>().ok()?;
    Some(minutes * if sign == "-" { -60_000 } else { 60_000 })
}

/// Days from 1970-01-01 to a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March have the leap day at their end.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (day, milli) = (self.0.div_euclid(86_400_000), self.0.rem_euclid(86_400_000));
        let shifted = day + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let date = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year + era * 400 + i64::from(month <= 2);
        let (hours, minutes) = (milli / 3_600_000, milli / 60_000 % 60);
        write!(
            f,
            "{year:04}-{month:02}-{date:02}T{hours:02}:{minutes:02}:{:02}.{:03}Z",
            milli / 1000 % 60,
            milli % 1000
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_print_and_read() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_772_368_245_678, "2026-03-01T12:30:45.678Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(Time(millis).to_string(), text);
            assert_eq!(Time::parse(text), Some(Time(millis)), "{text}");
        }
        assert_eq!(Time::parse("2014-06-30T16:44:40.766+0200"), Time::parse("2014-06-30T14:44:40.766Z"));
        assert_eq!(Time::parse("2014-06-30"), Time::parse("2014-06-30T00:00:00"));
        for text in ["", "yesterday", "2014-13-01", "2014-06-30T25:61:00", "2014-06-30T10:00:00+1", "99999-01-01"] {
            assert_eq!(Time::parse(text), None, "{text}");
        }
    }
}
