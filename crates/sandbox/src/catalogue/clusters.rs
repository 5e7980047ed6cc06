//! Star clusters and the Magellanic Clouds, at their published positions, parallaxes and proper motions
//! (Gaia Collaboration 2018, A&A 616, A10; Vasiliev & Baumgardt 2021, MNRAS 505, 5978), rounded.

use super::evolution::Stage;
use super::random::Random;

/// A group of stars that move together.
pub struct Cluster {
    /// Right ascension and declination of the center, degrees.
    pub center: (f64, f64),
    /// Distance of the center, kpc.
    pub distance: f64,
    /// Mean proper motion in right ascension (times cos dec) and declination, mas/yr.
    pub motion: (f64, f64),
    /// Mean radial velocity, km/s.
    pub radial_velocity: f64,
    /// Radius that holds about half of the stars, kpc.
    pub radius: f64,
    /// Velocity dispersion in one direction, km/s.
    pub dispersion: f64,
    /// Absolute magnitude at which the main sequence ends.
    pub turnoff: f64,
    /// Metallicity, dex.
    pub metallicity: f64,
    /// Extinction in the visual in front of it, mag.
    pub extinction: f64,
    /// Share of the catalogue's sources, in 1/10000.
    pub weight: usize,
}

#[rustfmt::skip]
#[expect(clippy::too_many_arguments, reason = "a row of a table, each value under the one above")]
const fn cluster(center: (f64, f64), distance: f64, motion: (f64, f64), radial_velocity: f64, radius: f64,
    dispersion: f64, turnoff: f64, metallicity: f64, extinction: f64, weight: usize) -> Cluster {
    Cluster { center, distance, motion, radial_velocity, radius, dispersion, turnoff, metallicity, extinction, weight }
}

/// The groups with their names. A source belongs to one of them or to the field.
#[rustfmt::skip]
pub const CLUSTERS: &[(&str, Cluster)] = &[
    ("Pleiades", cluster((56.75, 24.12), 0.1359, (19.9, -45.5), 5.7, 0.0032, 0.5, -2.0, 0.0, 0.15, 60)),
    ("Hyades", cluster((66.73, 15.87), 0.0471, (105.0, -29.0), 39.4, 0.0045, 0.3, 1.2, 0.15, 0.0, 35)),
    ("Praesepe", cluster((130.10, 19.67), 0.1860, (-36.0, -12.9), 34.8, 0.0045, 0.5, 1.3, 0.15, 0.05, 50)),
    ("Alpha Persei", cluster((51.62, 48.98), 0.1749, (22.9, -25.6), -0.3, 0.006, 0.6, -1.8, 0.0, 0.28, 30)),
    ("Coma Berenices", cluster((186.0, 26.0), 0.0861, (-12.1, -9.0), -0.5, 0.004, 0.4, 1.0, 0.0, 0.0, 12)),
    ("Blanco 1", cluster((1.03, -30.0), 0.2371, (18.7, 2.6), 6.1, 0.004, 0.5, -1.5, 0.0, 0.03, 15)),
    ("IC 2602", cluster((160.5, -64.4), 0.1519, (-17.7, 10.7), 17.6, 0.0035, 0.5, -2.5, 0.0, 0.1, 15)),
    ("NGC 2516", cluster((119.5, -60.8), 0.4129, (-4.65, 11.2), 24.2, 0.004, 0.8, -1.5, 0.05, 0.22, 40)),
    ("M 67", cluster((132.85, 11.81), 0.8640, (-10.97, -2.92), 34.1, 0.003, 0.8, 3.3, 0.03, 0.12, 40)),
    ("M 4", cluster((245.8967, -26.5258), 1.851, (-12.51, -19.02), 71.2, 0.0027, 4.0, 3.6, -1.07, 1.2, 60)),
    ("NGC 104", cluster((6.0224, -72.0815), 4.521, (5.25, -2.58), -17.5, 0.0050, 9.0, 3.8, -0.75, 0.12, 90)),
    ("Omega Centauri", cluster((201.697, -47.4795), 5.426, (-3.25, -6.75), 232.8, 0.0080, 12.0, 3.5, -1.6, 0.37, 70)),
    ("M 3", cluster((205.5484, 28.3773), 10.18, (-0.15, -2.67), -147.2, 0.0060, 6.0, 3.5, -1.5, 0.04, 30)),
    ("Large Magellanic Cloud", cluster((80.9, -69.75), 49.6, (1.91, 0.23), 262.2, 1.6, 25.0, -3.0, -0.4, 0.2, 200)),
    ("Small Magellanic Cloud", cluster((13.2, -72.8), 62.8, (0.73, -1.22), 145.6, 1.1, 25.0, -3.0, -0.9, 0.15, 60)),
];

impl Cluster {
    /// How many of the catalogue's sources belong to it: its share, but so many that a small catalogue shows it too.
    pub fn members(&self, sources: usize) -> usize {
        let least = if self.weight >= 50 { sources / 100 } else { sources / 400 };
        (sources * self.weight / 10_000).max(least.min(self.weight))
    }

    /// Faintest absolute magnitude that is seen at its distance.
    fn faintest(&self) -> f64 {
        20.6 - 5.0 * libm::log10(self.distance * 100.0) - 0.8 * self.extinction
    }

    /// Evolutionary stage and absolute magnitude of a member.
    pub fn draw(&self, random: &mut Random) -> (Stage, f64) {
        let faintest = self.faintest();
        let old = self.turnoff > 0.5;
        if self.distance > 20.0 || faintest < self.turnoff + 0.5 {
            // Only the bright end of a far system is seen: giants, and blue stars where there are young ones.
            if self.turnoff < 0.0 && random.chance(0.35) {
                return (Stage::MainSequence, random.between(self.turnoff - 1.0, faintest));
            }
            return giant(random, faintest);
        }
        if old && random.chance(if self.turnoff > 3.0 { 0.25 } else { 0.03 }) {
            return giant(random, faintest);
        }
        if faintest > 11.0 && random.chance(0.02) {
            return (Stage::WhiteDwarf, random.between(10.2, faintest.min(13.0)));
        }
        // More faint stars than bright ones, down to the limit of the survey or of hydrogen burning.
        let end = faintest.min(15.0);
        let share = libm::pow(random.uniform(), 0.7);
        (Stage::MainSequence, self.turnoff + (end - self.turnoff) * share)
    }
}

/// A star on the giant branch, the horizontal branch included.
fn giant(random: &mut Random, faintest: f64) -> (Stage, f64) {
    if random.chance(0.3) && faintest > 0.7 {
        return (Stage::Clump, random.gauss(0.5, 0.12));
    }
    let bottom = faintest.min(3.2);
    (Stage::Giant, (bottom - random.exponential(1.5)).max(-3.0).min(faintest))
}

#[cfg(test)]
mod tests {
    use super::CLUSTERS;

    #[test]
    fn the_page_knows_where_each_group_is() {
        for (name, cluster) in CLUSTERS {
            let known = adql::sky::known::find(name).unwrap_or_else(|| panic!("{name}"));
            assert_eq!((known.position.ra, known.position.dec), cluster.center, "{name}");
        }
    }
}
