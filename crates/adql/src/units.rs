//! Units of columns and their conversion (VOUnits 1.0; ADQL 2.1, section 4.5): angles, times, lengths and what is made of them.

use std::collections::BTreeMap;

/// Why units cannot be converted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The unit of the expression is not known here.
    #[error("The unit {0} of this expression is not known here, so it cannot be converted.")]
    UnknownSource(String),
    /// The wanted unit is not known.
    #[error("{0} is no known unit.")]
    UnknownTarget(String),
    /// They measure different things.
    #[error("{0} cannot be converted to {1}.")]
    Incompatible(String, String),
}

/// What a value in unit `from` must be multiplied with to be one in unit `to`.
pub fn factor(from: &str, to: &str) -> Result<f64, Problem> {
    let Some(source) = parse(from) else { return Err(Problem::UnknownSource(from.to_owned())) };
    let Some(target) = parse(to) else { return Err(Problem::UnknownTarget(to.to_owned())) };
    if source.base != target.base {
        return Err(Problem::Incompatible(from.to_owned(), to.to_owned()));
    }
    Ok(source.ratio(&target))
}

/// A unit as a product of powers of base units; the factor is a fraction, so that powers of ten stay exact.
#[derive(Clone, Debug, Default, PartialEq)]
struct Unit {
    base: BTreeMap<&'static str, i32>,
    numerator: f64,
    denominator: f64,
}

impl Unit {
    fn one() -> Unit {
        Unit { base: BTreeMap::new(), numerator: 1.0, denominator: 1.0 }
    }

    fn ratio(&self, target: &Unit) -> f64 {
        (self.numerator * target.denominator) / (self.denominator * target.numerator)
    }

    fn multiply(&mut self, other: &Unit, power: i32) {
        for (base, exponent) in &other.base {
            let sum = self.base.entry(base).or_insert(0);
            *sum += exponent * power;
            if *sum == 0 {
                self.base.remove(base);
            }
        }
        let (top, bottom) =
            if power < 0 { (other.denominator, other.numerator) } else { (other.numerator, other.denominator) };
        for _ in 0..power.unsigned_abs() {
            self.numerator *= top;
            self.denominator *= bottom;
        }
    }
}

/// Symbol, base and size as a fraction.
type Definition = (&'static str, &'static [(&'static str, i32)], f64, f64);

/// Angles count in milliarcseconds, times in seconds, lengths in meters.
const UNITS: &[Definition] = &[
    ("deg", &[("angle", 1)], 3_600_000.0, 1.0),
    ("arcmin", &[("angle", 1)], 60_000.0, 1.0),
    ("arcsec", &[("angle", 1)], 1000.0, 1.0),
    ("as", &[("angle", 1)], 1000.0, 1.0),
    ("mas", &[("angle", 1)], 1.0, 1.0),
    ("uas", &[("angle", 1)], 1.0, 1000.0),
    ("rad", &[("angle", 1)], 648_000_000.0, std::f64::consts::PI),
    ("s", &[("time", 1)], 1.0, 1.0),
    ("min", &[("time", 1)], 60.0, 1.0),
    ("h", &[("time", 1)], 3600.0, 1.0),
    ("d", &[("time", 1)], 86_400.0, 1.0),
    ("yr", &[("time", 1)], 31_557_600.0, 1.0),
    ("a", &[("time", 1)], 31_557_600.0, 1.0),
    ("m", &[("length", 1)], 1.0, 1.0),
    ("AU", &[("length", 1)], 149_597_870_700.0, 1.0),
    ("au", &[("length", 1)], 149_597_870_700.0, 1.0),
    ("pc", &[("length", 1)], 149_597_870_700.0 * 648_000.0, std::f64::consts::PI),
    ("lyr", &[("length", 1)], 9_460_730_472_580_800.0, 1.0),
    ("Angstrom", &[("length", 1)], 1.0, 1e10),
    ("solRad", &[("length", 1)], 695_700_000.0, 1.0),
    ("g", &[("mass", 1)], 1.0, 1000.0),
    ("solMass", &[("sun's mass", 1)], 1.0, 1.0),
    ("Hz", &[("time", -1)], 1.0, 1.0),
    ("K", &[("temperature", 1)], 1.0, 1.0),
    ("J", &[("mass", 1), ("length", 2), ("time", -2)], 1.0, 1.0),
    ("erg", &[("mass", 1), ("length", 2), ("time", -2)], 1.0, 1e7),
    ("W", &[("mass", 1), ("length", 2), ("time", -3)], 1.0, 1.0),
    ("solLum", &[("mass", 1), ("length", 2), ("time", -3)], 3.828e26, 1.0),
    ("Jy", &[("mass", 1), ("time", -2)], 1.0, 1e26),
    ("mag", &[("magnitude", 1)], 1.0, 1.0),
    ("dex", &[("dex", 1)], 1.0, 1.0),
    ("electron", &[("electron", 1)], 1.0, 1.0),
    ("e", &[("electron", 1)], 1.0, 1.0),
    ("count", &[("count", 1)], 1.0, 1.0),
    ("ct", &[("count", 1)], 1.0, 1.0),
    ("photon", &[("photon", 1)], 1.0, 1.0),
    ("pix", &[("pixel", 1)], 1.0, 1.0),
    ("%", &[], 1.0, 100.0),
];

/// Prefixes and the power of ten each stands for.
const PREFIXES: &[(&str, i32)] = &[
    ("da", 1),
    ("y", -24),
    ("z", -21),
    ("a", -18),
    ("f", -15),
    ("p", -12),
    ("n", -9),
    ("u", -6),
    ("µ", -6),
    ("m", -3),
    ("c", -2),
    ("d", -1),
    ("h", 2),
    ("k", 3),
    ("M", 6),
    ("G", 9),
    ("T", 12),
    ("P", 15),
    ("E", 18),
];

/// Symbols that take prefixes; the others stand alone.
const PREFIXED: &[&str] = &[
    "s", "m", "g", "Hz", "K", "J", "W", "Jy", "mag", "pc", "yr", "a", "rad", "as", "arcsec", "erg", "lyr", "e", "deg",
];

/// Spellings that occur in tables and mean a standard symbol (compared without case if longer than two letters).
const OTHER_NAMES: &[(&str, &str)] = &[
    ("degree", "deg"),
    ("degrees", "deg"),
    ("radian", "rad"),
    ("radians", "rad"),
    ("milliarcsec", "mas"),
    ("second", "s"),
    ("sec", "s"),
    ("day", "d"),
    ("days", "d"),
    ("year", "yr"),
    ("years", "yr"),
    ("dexp", "dex"),
    ("solradius", "solRad"),
    ("solluminosity", "solLum"),
    ("angstroms", "Angstrom"),
];

/// `mas.yr**-1`, `mas/yr`, `km s-1`, `W.m**-2.nm**-1`, `'electron'.s**-1`, `log(cm.s**-2)` (not understood).
fn parse(text: &str) -> Option<Unit> {
    let text = text.trim();
    let mut unit = Unit::one();
    let mut sign = 1;
    let mut rest = text;
    if rest.is_empty() || rest.len() > 100 {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !(c.is_alphabetic() || c == '\'' || c == '%')).unwrap_or(rest.len());
        let (symbol, after) = rest.split_at(end);
        let symbol = symbol.trim_matches('\'');
        rest = after;
        if symbol.is_empty() {
            // Only a leading 1, as in 1/d.
            rest = rest.strip_prefix('1').filter(|_| unit == Unit::one())?;
        } else {
            let (power, after) = exponent(rest)?;
            rest = after;
            unit.multiply(&self::symbol(symbol)?, power * sign);
        }
        let trimmed = rest.trim_start();
        rest = match trimmed.chars().next() {
            None => "",
            Some('/') => {
                sign = -1;
                trimmed[1..].trim_start()
            }
            Some('.' | '*') => {
                sign = 1;
                trimmed[1..].trim_start()
            }
            Some(_) if trimmed.len() < rest.len() => {
                sign = 1;
                trimmed
            }
            Some(_) => return None,
        };
    }
    Some(unit)
}

/// `**-1`, `^2`, `-1`, `2`, or nothing.
fn exponent(rest: &str) -> Option<(i32, &str)> {
    let marked = rest.strip_prefix("**").or_else(|| rest.strip_prefix('^'));
    let digits = marked.unwrap_or(rest);
    let (inner, closing) = match digits.strip_prefix('(') {
        Some(inner) if marked.is_some() => (inner, 1),
        _ => (digits, 0),
    };
    let sign = usize::from(inner.starts_with(['+', '-']));
    let length = sign + inner[sign..].bytes().take_while(u8::is_ascii_digit).count();
    if length == sign {
        return if marked.is_some() { None } else { Some((1, rest)) };
    }
    let power: i32 = inner[..length].parse().ok()?;
    let after = &inner[length..];
    let after = if closing == 1 { after.strip_prefix(')')? } else { after };
    (power.abs() <= 12).then_some((power, after))
}

fn symbol(symbol: &str) -> Option<Unit> {
    let other = OTHER_NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(symbol)).map(|(_, symbol)| *symbol);
    let symbol = other.unwrap_or(symbol);
    let plain = |symbol: &str| {
        UNITS.iter().find(|(name, ..)| *name == symbol).map(|(_, base, numerator, denominator)| Unit {
            base: base.iter().copied().collect(),
            numerator: *numerator,
            denominator: *denominator,
        })
    };
    if let Some(unit) = plain(symbol) {
        return Some(unit);
    }
    PREFIXES.iter().find_map(|(prefix, power)| {
        let rest = symbol.strip_prefix(prefix).filter(|rest| PREFIXED.contains(rest))?;
        let mut unit = plain(rest)?;
        if *power < 0 {
            unit.denominator *= 10f64.powi(-power);
        } else {
            unit.numerator *= 10f64.powi(*power);
        }
        Some(unit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors() {
        for (from, to, expect) in [
            ("deg", "mas", 3_600_000.0),
            ("mas", "arcsec", 0.001),
            ("mas.yr**-1", "arcsec/yr", 0.001),
            ("mas/yr", "deg.d**-1", 1.0 / 3_600_000.0 / 365.25),
            ("km.s**-1", "m/s", 1000.0),
            ("km s-1", "m s^-1", 1000.0),
            ("d", "h", 24.0),
            ("1/d", "Hz", 1.0 / 86_400.0),
            ("'electron'.s**-1", "e/s", 1.0),
            ("W.m**-2.nm**-1", "W.m**-3", 1e9),
            ("um", "Angstrom", 1e4),
            ("uas", "mas", 0.001),
            ("kpc", "pc", 1000.0),
            ("mmag", "mag", 0.001),
            ("deg**2", "arcmin**2", 3600.0),
            ("rad", "deg", 180.0 / std::f64::consts::PI),
        ] {
            let found = factor(from, to).unwrap();
            assert!((found / expect - 1.0).abs() < 1e-15, "{from} to {to}: {found}");
        }
    }

    #[test]
    fn problems() {
        assert!(matches!(factor("log(cm.s**-2)", "m"), Err(Problem::UnknownSource(_))));
        assert!(matches!(factor("deg", "furlong"), Err(Problem::UnknownTarget(_))));
        assert!(matches!(factor("deg", "yr"), Err(Problem::Incompatible(..))));
        for text in ["", " ", "m**", "m..s", "**2", "m**99", "/s", "(m)", "m**(2", "é"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
