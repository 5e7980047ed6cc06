//! Positions on the sky as people write them, and as this crate writes them: ICRS, in degrees.
//!
//! Read are decimal degrees (`56.75 +24.12`), sexagesimal hours and degrees with colons, letters, signs or blanks
//! (`03:47:00 +24:07:12`, `3h47m +24d07m12s`, `3 47 0 24 7 12`), and galactic coordinates (`gal 166.57 -23.52`, `l=… b=…`).

pub mod known;

use std::fmt;

use crate::geometry::Vector;

/// A place on the sky: ICRS, degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// Right ascension, from 0 up to 360.
    pub ra: f64,
    /// Declination, from −90 to 90.
    pub dec: f64,
}

const DEGREE: f64 = std::f64::consts::PI / 180.0;

/// Rows of the matrix from ICRS to galactic coordinates (ESA 1997, The Hipparcos Catalogue, vol. 1, section 1.5.3).
#[expect(clippy::unreadable_literal, reason = "as published")]
const GALACTIC: [Vector; 3] = [
    [-0.0548755604, -0.8734370902, -0.4838350155],
    [0.4941094279, -0.4448296300, 0.7469822445],
    [-0.8676661490, -0.1980763734, 0.4559837762],
];

/// Why a text is no position, as a sentence without its full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoPosition(String);

impl fmt::Display for NoPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn no<T>(reason: impl Into<String>) -> Result<T, NoPosition> {
    Err(NoPosition(reason.into()))
}

impl Position {
    /// The position that a text means.
    ///
    /// # Errors
    /// Why it means none.
    pub fn parse(text: &str) -> Result<Position, NoPosition> {
        let (galactic, numbers) = read(text)?;
        let split = split(&numbers)?;
        let (first, second) = numbers.split_at(split);
        let hours = !galactic && first[0].mark != Some('d') && (first.len() > 1 || first[0].mark == Some('h'));
        let longitude = angle(first)?;
        let latitude = angle(second)?;
        if second[0].mark == Some('h') {
            return no("the second coordinate is in hours; it should be the declination, in degrees");
        }
        if !(-90.0..=90.0).contains(&latitude) {
            let name = if galactic { "galactic latitude" } else { "declination" };
            return no(format!("the {name} {latitude} is not between -90 and 90"));
        }
        if galactic {
            return match (-180.0..=360.0).contains(&longitude) {
                true => Ok(from_galactic(longitude, latitude)),
                false => no(format!("the galactic longitude {longitude} is not between 0 and 360")),
            };
        }
        let (most, unit) = if hours { (24.0, "hours") } else { (360.0, "degrees") };
        if !(0.0..=most).contains(&longitude) {
            return no(format!("the right ascension {longitude} is not between 0 and {most} {unit}"));
        }
        let ra = if hours { longitude * 15.0 } else { longitude };
        Ok(Position { ra: if ra >= 360.0 { 0.0 } else { ra }, dec: latitude })
    }

    /// Decimal degrees to a thousandth of a milliarcsecond, such as `56.75, +24.12`.
    pub fn decimal(self) -> String {
        let sign = if self.dec < 0.0 { "" } else { "+" };
        format!("{}, {sign}{}", number(self.ra), number(self.dec))
    }

    /// Hours, minutes and seconds to a milliarcsecond, such as `03:47:00.0000 +24:07:12.000`.
    pub fn sexagesimal(self) -> String {
        // In whole units of the last digit, so that 59.99996 becomes the next minute.
        let parts = |value: f64, digits: u32| {
            let unit = 10_u64.pow(digits);
            let whole = libm::round(value * 3600.0 * unit as f64) as u64;
            let (seconds, rest) = (whole / unit, whole % unit);
            (seconds / 3600, seconds / 60 % 60, seconds % 60, rest)
        };
        let (h, m, s, rest) = parts(self.ra / 15.0, 4);
        let (d, dm, ds, drest) = parts(self.dec.abs(), 3);
        let sign = if self.dec < 0.0 { '-' } else { '+' };
        format!("{:02}:{m:02}:{s:02}.{rest:04} {sign}{d:02}:{dm:02}:{ds:02}.{drest:03}", h % 24)
    }
}

/// A number for a query, to a hundredth of a microarcsecond, without needless zeros.
pub fn number(value: f64) -> String {
    let text = format!("{value:.10}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn from_galactic(l: f64, b: f64) -> Position {
    let (l, b) = (l * DEGREE, b * DEGREE);
    let vector = [libm::cos(b) * libm::cos(l), libm::cos(b) * libm::sin(l), libm::sin(b)];
    // The inverse of a rotation is its transpose.
    let along = |axis: usize| (0..3).map(|row| GALACTIC[row][axis] * vector[row]).sum::<f64>();
    let (x, y, z) = (along(0), along(1), along(2));
    let ra = libm::atan2(y, x) / DEGREE;
    Position { ra: if ra < 0.0 { ra + 360.0 } else { ra }, dec: libm::atan2(z, libm::hypot(x, y)) / DEGREE }
}

/// One number, what stands before it and what follows it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Number {
    value: f64,
    negative: bool,
    /// A sign was written.
    signed: bool,
    /// Written with a fraction.
    fraction: bool,
    /// `h`, `d`, `m`, `s` or `:`.
    mark: Option<char>,
    /// A comma or semicolon stands before it.
    apart: bool,
}

/// The numbers of a text, and whether it says that they are galactic.
fn read(text: &str) -> Result<(bool, Vec<Number>), NoPosition> {
    let text = text.trim().to_lowercase().replace("''", "\"");
    if text.is_empty() {
        return no("there is no position");
    }
    let (mut galactic, mut numbers) = (false, Vec::<Number>::new());
    let (mut sign, mut apart) = (None, false);
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        if c.is_ascii_digit() || c == '.' {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            let (word, behind) = rest.split_at(end);
            let Ok(value) = word.parse() else { return no(format!("“{word}” is not a number")) };
            let number = Number {
                value,
                negative: sign == Some('-'),
                signed: sign.is_some(),
                fraction: word.contains('.'),
                mark: None,
                apart: apart && !numbers.is_empty(),
            };
            numbers.push(number);
            (sign, apart, rest) = (None, false, behind);
            if numbers.len() > 6 {
                return no("there are more numbers than two coordinates have");
            }
            continue;
        }
        let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len()).max(c.len_utf8());
        let (word, behind) = rest.split_at(if c.is_alphabetic() { end } else { c.len_utf8() });
        // In `3h47m` the letter ends where the next digit begins.
        let letters = word.find(|c: char| c.is_ascii_digit()).unwrap_or(word.len());
        let mut took = word.len();
        let mark = match word {
            "°" | "º" => Some('d'),
            "'" | "′" | "’" => Some('m'),
            "\"" | "″" | "”" => Some('s'),
            ":" => Some(':'),
            "j2000" | "icrs" | "fk5" | "eq" | "equatorial" | "ra" | "dec" | "de" | "=" => None,
            "b1950" | "fk4" | "ecliptic" => {
                return no("only ICRS (J2000) and galactic coordinates are read, not ecliptic ones or those of B1950");
            }
            "gal" | "galactic" | "glon" | "glat" | "l" | "b" => {
                galactic = true;
                None
            }
            "+" | "-" | "−" | "–" if sign.is_none() => {
                sign = Some(if word == "+" { '+' } else { '-' });
                None
            }
            "," | ";" => {
                apart = true;
                None
            }
            blank if blank.trim().is_empty() => None,
            letters_first => {
                took = letters;
                match &letters_first[..letters] {
                    "h" | "hr" => Some('h'),
                    "d" | "deg" => Some('d'),
                    "m" | "min" | "arcmin" => Some('m'),
                    "s" | "sec" | "arcsec" => Some('s'),
                    "g" | "l" | "b" => {
                        galactic = true;
                        None
                    }
                    _ => return no(format!("“{word}” does not belong to a position")),
                }
            }
        };
        if let Some(mark) = mark {
            match numbers.last_mut() {
                Some(last) if last.mark.is_none() => last.mark = Some(mark),
                _ => return no(format!("“{}” does not follow a number", &word[..took])),
            }
        }
        rest = if took == word.len() { behind } else { &rest[took..] };
    }
    Ok((galactic, numbers))
}

/// Where the second coordinate begins: behind a comma, at a sign, at a number in hours or degrees, behind numbers joined by
/// colons, or in the middle.
fn split(numbers: &[Number]) -> Result<usize, NoPosition> {
    let count = numbers.len();
    if count < 2 {
        return no("a position has two coordinates");
    }
    let later = |test: &dyn Fn(usize) -> bool| (1..count).find(|&at| test(at));
    if numbers.iter().filter(|number| number.apart).count() > 1 {
        return no("there are several commas; write a point in numbers and one comma between the coordinates");
    }
    let colons = numbers.iter().any(|number| number.mark == Some(':'));
    let at = later(&|at| numbers[at].apart)
        .or_else(|| later(&|at| numbers[at].signed))
        .or_else(|| later(&|at| matches!(numbers[at].mark, Some('h' | 'd')) && numbers[at - 1].mark.is_some()))
        .or_else(|| later(&|at| colons && numbers[at - 1].mark != Some(':')))
        .or_else(|| count.is_multiple_of(2).then_some(count / 2));
    match at {
        Some(at) if at <= 3 && count - at <= 3 => Ok(at),
        _ => no("it is not clear where the second coordinate begins; write a comma between the two"),
    }
}

/// Degrees, or hours, minutes and seconds as one number.
fn angle(numbers: &[Number]) -> Result<f64, NoPosition> {
    let mut sum = 0.0;
    for (at, number) in numbers.iter().enumerate() {
        let last = at + 1 == numbers.len();
        if at > 0 && number.signed {
            return no("a sign stands within a coordinate");
        }
        if at > 0 && number.value >= 60.0 {
            return no(format!("{} minutes or seconds are more than 59", number.value));
        }
        if number.fraction && !last {
            return no("only the last number of a coordinate may have a fraction");
        }
        let expected = [None, Some('m'), Some('s')][at];
        if at > 0 && number.mark.is_some_and(|mark| mark != ':' && Some(mark) != expected) {
            return no("the units of a coordinate are not in the order of hours or degrees, minutes, seconds");
        }
        if at == 0 && matches!(number.mark, Some('m' | 's')) {
            return no("a coordinate begins with minutes or seconds");
        }
        sum += number.value / [1.0, 60.0, 3600.0][at];
    }
    Ok(if numbers[0].negative { -sum } else { sum })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::distance;

    #[track_caller]
    fn near(text: &str, ra: f64, dec: f64) {
        let position = Position::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let apart = distance(position.ra, position.dec, ra, dec);
        assert!(apart < 5e-6, "{text}: {position:?}");
    }

    #[test]
    fn all_usual_notations_are_read() {
        for text in [
            "56.75 24.12",
            "56.75, +24.12",
            " 56.75;24.12 ",
            "56.75d +24.12d",
            "56.75° 24.12°",
            "RA 56.75 Dec 24.12",
            "ra=56.75, dec=24.12",
            "ICRS 56.75 24.12",
            "J2000 56.75 24.12",
            "03:47:00 +24:07:12",
            "3:47:0 24:7:12",
            "03 47 00 +24 07 12",
            "3 47 0 24 7 12",
            "3 47 24 7.2",
            "03h47m00s +24d07m12s",
            "3h47m00.000s+24d07m12s",
            "3h 47m 0s, 24° 7′ 12″",
            "3h47m 24d7'12\"",
            "3h47m 24d7'12''",
            "3.7833333333h 24.12d",
            "56d45m 24d7m12s",
        ] {
            near(text, 56.75, 24.12);
        }
        near("10.5 -0.25", 10.5, -0.25);
        near("0 42 0 -0 15 0", 10.5, -0.25);
        near("0:42:00 −00:15:00", 10.5, -0.25);
        near("360 0", 0.0, 0.0);
        near("24:00:00 +00:00:00", 0.0, 0.0);
    }

    #[test]
    fn galactic_coordinates_are_turned() {
        // The galactic centre and the northern galactic pole (ESA 1997).
        near("gal 0 0", 266.404_995, -28.936_174);
        near("l=0, b=90", 192.859_481, 27.128_251);
        near("0 90 galactic", 192.859_481, 27.128_251);
        near("G0.0+90.0", 192.859_481, 27.128_251);
        near("l 122.93192 b 27.12825", 0.0, 90.0);
    }

    #[test]
    fn what_is_no_position_says_why() {
        for (text, words) in [
            ("", "no position"),
            ("56.75", "two coordinates"),
            ("56,75 24,12", "several commas"),
            ("361 0", "right ascension 361"),
            ("-1 0", "right ascension -1"),
            ("10 91", "declination 91"),
            ("25:00:00 0:0:0", "between 0 and 24 hours"),
            ("3:61:00 24:00:00", "61 minutes"),
            ("3.5:10:00 24:00:00", "fraction"),
            ("1 2 3", "not clear"),
            ("1 2 3 4 5 6 7", "more numbers"),
            ("Pleiades", "“pleiades”"),
            ("1.2.3 4", "not a number"),
            ("24d 3h", "hours"),
            ("B1950 1 2", "B1950"),
            ("h 1 2", "does not follow"),
            ("3m 4s", "begins with minutes"),
        ] {
            let error = Position::parse(text).expect_err(text).to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut seed = 7_u64;
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 11) as f64 / (1_u64 << 53) as f64
        };
        let corners = [(0.0, 90.0), (359.999_999_99, -90.0), (14.999_999_999, -0.000_000_1), (180.0, 59.999_999_999)];
        let drawn: Vec<(f64, f64)> = (0..20_000).map(|_| (random() * 360.0, random() * 180.0 - 90.0)).collect();
        for (ra, dec) in corners.into_iter().chain(drawn) {
            let position = Position { ra, dec };
            for (text, most) in [(position.decimal(), 1e-9), (position.sexagesimal(), 3e-7)] {
                let read = Position::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
                assert!(distance(ra, dec, read.ra, read.dec) < most, "{text} {position:?} {read:?}");
            }
        }
    }

    #[test]
    fn no_text_is_fatal() {
        let pieces = ["1", "h", "°", "'", ":", ",", "-", "é", ".", " ", "gal", "59.9", "″", "j2000"];
        let mut seed = 3_usize;
        for _ in 0..50_000 {
            let mut text = String::new();
            for _ in 0..9 {
                seed = seed.wrapping_mul(1_103_515_245).wrapping_add(12_345) & 0x7fff_ffff;
                text += pieces[(seed >> 8) % pieces.len()];
            }
            if let Ok(position) = Position::parse(&text) {
                assert!((0.0..360.0).contains(&position.ra) && (-90.0..=90.0).contains(&position.dec), "{text}");
            }
        }
    }
}
