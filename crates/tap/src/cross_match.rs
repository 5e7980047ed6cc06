//! Positional cross-match of two tables, in both ways that there are: the archive's function, which makes a table of the user
//! (TAP+), and a join that gives rows (ADQL 2.1 section 4.2).

use std::fmt;

use crate::name;

/// Radii that the archive's function takes, in thousandths of an arcsecond.
pub const FUNCTION_RADII: std::ops::RangeInclusive<u64> = 100..=10_000;

/// One of the two tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Side<'a> {
    /// Its name with the schema, as the archive tells it.
    pub table: &'a str,
    /// Column of right ascension, in degrees.
    pub ra: &'a str,
    /// Column of declination, in degrees.
    pub dec: &'a str,
}

impl Side<'_> {
    fn position(&self, alias: char) -> String {
        let column = |name: &str| format!("{alias}.{}", name::identifier(name, true));
        format!("{}, {}", column(self.ra), column(self.dec))
    }
}

/// The call of the archive's function, which writes pairs and separations to the table `result` of the user. `None`: a table has
/// no schema.
pub fn function(mine: &str, other: &str, radius: Radius, result: &str) -> Option<String> {
    let text = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let parts = |table: &str| {
        let (schema, name) = table.split_once('.')?;
        Some(format!("{}, {}", text(schema), text(name.trim_matches('"'))))
    };
    let (mine, other, radius, result) = (parts(mine)?, parts(other)?, radius.arcseconds(), text(result));
    Some(format!("SELECT crossmatch_positional(\n  {mine},\n  {other},\n  {radius}, {result})\nFROM dual"))
}

/// A join of the rows of `mine` with the sources of `other` that are near; `id` is the column by which these are known. The circle
/// lies round the position in the smaller table, so that the index of the large one is used.
pub fn join(mine: Side<'_>, other: Side<'_>, id: &str, radius: Radius) -> String {
    let (a, b) = (mine.position('a'), other.position('b'));
    let (mine, other) = (name::table(mine.table, true), name::table(other.table, true));
    format!(
        "SELECT a.*, b.{},\n  3600 * DISTANCE(POINT({a}), POINT({b})) AS separation_arcsec\nFROM {mine} AS a\nJOIN {other} AS b\n  \
         ON 1 = CONTAINS(POINT({b}), CIRCLE({a}, {} / 3600.0))",
        name::identifier(id, true),
        radius.arcseconds()
    )
}

/// A radius, kept in thousandths of an arcsecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Radius(u64);

/// Units of a radius.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unit {
    /// A 3600th of a degree.
    #[default]
    Arcsecond,
    /// A 60th of a degree.
    Arcminute,
    /// A degree.
    Degree,
}

impl Unit {
    /// All units.
    pub const ALL: [Self; 3] = [Self::Arcsecond, Self::Arcminute, Self::Degree];

    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Arcsecond => "arcsec",
            Self::Arcminute => "arcmin",
            Self::Degree => "deg",
        }
    }
}

impl Radius {
    /// Reads a radius as people type it: `1`, `0.5`, `1,5`. `None`: it is none, nothing, or more than ten degrees.
    pub fn parse(text: &str, unit: Unit) -> Option<Self> {
        let text = text.trim().replace(',', ".");
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        if whole.len() + part.len() == 0
            || part.len() > 6
            || !(whole.bytes().chain(part.bytes())).all(|b| b.is_ascii_digit())
        {
            return None;
        }
        let digits = |text: &str| if text.is_empty() { Some(0) } else { text.parse::<u64>().ok() };
        // Millionths of the unit, so that nothing is rounded before it is converted.
        let millionths = digits(whole)?.checked_mul(1_000_000)?.checked_add(digits(&format!("{part:0<6}"))?)?;
        let arcseconds = match unit {
            Unit::Arcsecond => 1,
            Unit::Arcminute => 60,
            Unit::Degree => 3600,
        };
        let radius = millionths.checked_mul(arcseconds)?.div_ceil(1000);
        (1..=36_000_000).contains(&radius).then_some(Self(radius))
    }

    /// Whether the archive's function takes it.
    pub fn fits_function(self) -> bool {
        FUNCTION_RADII.contains(&self.0)
    }

    /// In arcseconds, as ADQL writes it.
    pub fn arcseconds(self) -> impl fmt::Display {
        let (whole, part) = (self.0 / 1000, format!("{:03}", self.0 % 1000));
        format!("{whole}.{}", Some(part.trim_end_matches('0')).filter(|part| !part.is_empty()).unwrap_or("0"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arcseconds(text: &str, unit: Unit) -> Option<String> {
        Radius::parse(text, unit).map(|radius| radius.arcseconds().to_string())
    }

    #[test]
    fn radii_as_people_type_them() {
        for (text, unit, expect) in [
            ("1", Unit::Arcsecond, Some("1.0")),
            (" 0,5 ", Unit::Arcsecond, Some("0.5")),
            (".25", Unit::Arcminute, Some("15.0")),
            ("0.001", Unit::Degree, Some("3.6")),
            ("0", Unit::Arcsecond, None),
            ("", Unit::Arcsecond, None),
            (".", Unit::Arcsecond, None),
            ("-1", Unit::Arcsecond, None),
            ("1e3", Unit::Arcsecond, None),
            ("11", Unit::Degree, None),
            ("99999999999999999999", Unit::Degree, None),
        ] {
            assert_eq!(arcseconds(text, unit).as_deref(), expect, "{text}");
        }
        let fits = |text: &str| Radius::parse(text, Unit::Arcsecond).unwrap().fits_function();
        assert_eq!([fits("0.09"), fits("0.1"), fits("10"), fits("10.001")], [false, true, true, false]);
    }

    #[test]
    fn both_ways() {
        let radius = Radius::parse("1.5", Unit::Arcsecond).unwrap();
        assert_eq!(
            function("user_joe.\"my stars\"", "gaiadr3.gaia_source", radius, "pairs").unwrap(),
            "SELECT crossmatch_positional(\n  'user_joe', 'my stars',\n  'gaiadr3', 'gaia_source',\n  1.5, 'pairs')\nFROM dual"
        );
        assert_eq!(function("stars", "gaiadr3.gaia_source", radius, "pairs"), None);
        let mine = Side { table: "user_joe.\"my stars\"", ra: "RAJ2000", dec: "dec" };
        let other = Side { table: "gaiadr3.gaia_source", ra: "ra", dec: "dec" };
        assert_eq!(
            join(mine, other, "source_id", radius),
            "SELECT a.*, b.source_id,\n  3600 * DISTANCE(POINT(a.\"RAJ2000\", a.dec), POINT(b.ra, b.dec)) AS separation_arcsec\n\
             FROM user_joe.\"my stars\" AS a\nJOIN gaiadr3.gaia_source AS b\n  \
             ON 1 = CONTAINS(POINT(b.ra, b.dec), CIRCLE(a.\"RAJ2000\", a.dec, 1.5 / 3600.0))"
        );
    }
}
