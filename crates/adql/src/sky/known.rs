//! Objects that a class looks for, for pages that may not ask a name resolver: star clusters and the Magellanic Clouds.
//!
//! Centers and names are those of Gaia Collaboration 2018 (A&A 616, A10) and Vasiliev & Baumgardt 2021 (MNRAS 505, 5978), rounded.

use super::Position;

/// Names of one object, the usual one first; right ascension, declination; a radius that shows it, all in degrees.
type Object = (&'static [&'static str], f64, f64, &'static str);

#[rustfmt::skip]
const OBJECTS: &[Object] = &[
    (&["Pleiades", "M 45", "Melotte 22", "Seven Sisters"], 56.75, 24.12, "2"),
    (&["Hyades", "Melotte 25"], 66.73, 15.87, "5"),
    (&["Praesepe", "M 44", "NGC 2632", "Beehive"], 130.10, 19.67, "1.5"),
    (&["Alpha Persei", "Melotte 20"], 51.62, 48.98, "2.5"),
    (&["Coma Berenices", "Melotte 111", "Coma Ber"], 186.0, 26.0, "4"),
    (&["Blanco 1"], 1.03, -30.0, "1.5"),
    (&["IC 2602", "Theta Carinae cluster", "Southern Pleiades"], 160.5, -64.4, "2"),
    (&["NGC 2516"], 119.5, -60.8, "1"),
    (&["M 67", "NGC 2682"], 132.85, 11.81, "0.5"),
    (&["M 4", "NGC 6121"], 245.8967, -26.5258, "0.5"),
    (&["NGC 104", "47 Tucanae", "47 Tuc"], 6.0224, -72.0815, "0.5"),
    (&["Omega Centauri", "NGC 5139", "ω Centauri", "Omega Cen"], 201.697, -47.4795, "0.5"),
    (&["M 3", "NGC 5272"], 205.5484, 28.3773, "0.3"),
    (&["Large Magellanic Cloud", "LMC"], 80.9, -69.75, "5"),
    (&["Small Magellanic Cloud", "SMC", "NGC 292"], 13.2, -72.8, "2.5"),
];

/// A known object.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Known {
    /// Its usual name.
    pub name: &'static str,
    /// Its center.
    pub position: Position,
    /// A radius that shows it, in degrees: a text, for a form.
    pub radius: &'static str,
}

impl Known {
    fn of(&(names, ra, dec, radius): &Object) -> Known {
        Known { name: names[0], position: Position { ra, dec }, radius }
    }
}

/// The object of this name, however blanks, hyphens and capitals are written.
pub fn find(name: &str) -> Option<Known> {
    let wanted = bare(name);
    OBJECTS.iter().find(|object| object.0.iter().any(|name| bare(name) == wanted)).map(Known::of)
}

/// All of them.
pub fn all() -> impl Iterator<Item = Known> {
    OBJECTS.iter().map(Known::of)
}

fn bare(name: &str) -> String {
    let lower = name.to_lowercase().replace("messier", "m").replace("the ", "");
    lower.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_found_by_any_of_their_names() {
        for name in ["Pleiades", "the pleiades", "m45", "M 45", "Messier 45", "melotte-22"] {
            assert_eq!(find(name).map(|known| known.name), Some("Pleiades"), "{name}");
        }
        assert_eq!(find("M 4").map(|known| known.name), Some("M 4"));
        assert_eq!(find("nowhere"), None);
        assert_eq!(find(""), None);
        for known in all() {
            assert_eq!(find(known.name), Some(known));
            assert_eq!(Position::parse(&known.position.decimal()), Ok(known.position));
        }
    }
}
