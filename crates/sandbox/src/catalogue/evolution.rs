//! Where stars lie in the color–magnitude diagram: main sequence, giant branch, clump, white dwarfs, RR Lyrae stars.
//!
//! Sequences are tables of (absolute G, BP−RP, effective temperature) read off the published DR3 diagrams of the solar
//! neighborhood, interpolated; metallicity moves them.

use super::random::Random;

/// Evolutionary stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Burns hydrogen in its core.
    MainSequence,
    /// Subgiants and the red giant branch.
    Giant,
    /// Red clump: burns helium in its core.
    Clump,
    /// White dwarf.
    WhiteDwarf,
    /// RR Lyrae star on the horizontal branch.
    RrLyrae,
    /// Classical Cepheid: a young supergiant that pulsates.
    Cepheid,
    /// Quasi-stellar object.
    Quasar,
    /// Galaxy that looks almost like a point.
    Galaxy,
}

/// The star itself, without distance and dust.
#[derive(Clone, Copy, Debug)]
pub struct Intrinsic {
    /// Stage.
    pub stage: Stage,
    /// Absolute magnitude in G.
    pub absolute: f64,
    /// BP − RP, mag.
    pub color: f64,
    /// Effective temperature, K.
    pub teff: f64,
    /// Surface gravity, log cm/s².
    pub logg: f64,
    /// Metallicity, dex.
    pub metallicity: f64,
    /// An unresolved companion adds light.
    pub binary: bool,
}

impl Intrinsic {
    /// A star of this stage and absolute magnitude.
    pub fn new(stage: Stage, absolute: f64, metallicity: f64, random: &mut Random) -> Intrinsic {
        let scatter = random.normal();
        let (color, teff, logg) = match stage {
            Stage::MainSequence => {
                let (color, teff) = interpolate(MAIN_SEQUENCE, absolute);
                (
                    color + 0.13 * metallicity + 0.015 * scatter,
                    teff * (1.0 - 0.02 * metallicity),
                    dwarf_gravity(absolute),
                )
            }
            Stage::Giant => {
                let (color, teff) = interpolate(GIANT_BRANCH, absolute);
                (color + 0.14 * metallicity + 0.02 * scatter, teff - 150.0 * metallicity, 2.5 + 0.52 * (absolute - 0.5))
            }
            Stage::Clump => (1.19 + 0.17 * metallicity + 0.03 * scatter, 4850.0 - 250.0 * metallicity, 2.5),
            Stage::WhiteDwarf => {
                let (color, teff) = interpolate(WHITE_DWARFS, absolute);
                (color + 0.03 * scatter, teff, 8.0 + 0.1 * scatter)
            }
            Stage::RrLyrae => (0.55 + 0.09 * scatter, 6700.0 - 400.0 * scatter, 2.8),
            // Brighter Cepheids are cooler and larger.
            Stage::Cepheid => (
                0.85 - 0.06 * (absolute + 3.0) + 0.05 * scatter,
                6_000.0 + 250.0 * (absolute + 3.0) - 120.0 * scatter,
                1.9 + 0.35 * (absolute + 3.0),
            ),
            Stage::Quasar => (0.55 + 0.2 * scatter, 9000.0, 4.0),
            Stage::Galaxy => (1.3 + 0.25 * scatter, 4800.0, 4.0),
        };
        let binary = stage == Stage::MainSequence && random.chance(0.3);
        // Mass ratios are nearly uniform, so most companions add little.
        let companion = if binary { 0.7526 * libm::pow(random.uniform(), 2.5) } else { 0.0 };
        Intrinsic { stage, absolute: absolute - companion, color, teff, logg, metallicity, binary }
    }
}

/// Gravity of a main-sequence star.
fn dwarf_gravity(absolute: f64) -> f64 {
    if absolute < 4.5 { 4.35 - 0.05 * (4.5 - absolute) } else { (4.35 + 0.085 * (absolute - 4.5)).min(5.3) }
}

/// Color and temperature at an absolute magnitude, linear between the points of a sequence, constant beyond its ends.
fn interpolate(sequence: &[(f64, f64, f64)], absolute: f64) -> (f64, f64) {
    let next = sequence.iter().position(|point| point.0 > absolute).unwrap_or(sequence.len());
    if next == 0 || next == sequence.len() {
        let (_, color, teff) = sequence[next.min(sequence.len() - 1)];
        return (color, teff);
    }
    let (low, high) = (sequence[next - 1], sequence[next]);
    let part = (absolute - low.0) / (high.0 - low.0);
    (low.1 + part * (high.1 - low.1), low.2 + part * (high.2 - low.2))
}

const MAIN_SEQUENCE: &[(f64, f64, f64)] = &[
    (-3.0, -0.42, 29_000.0),
    (-0.5, -0.25, 17_000.0),
    (0.9, -0.05, 10_700.0),
    (1.5, 0.10, 9_200.0),
    (2.4, 0.35, 7_600.0),
    (3.2, 0.55, 6_700.0),
    (4.2, 0.75, 6_000.0),
    (4.75, 0.85, 5_720.0),
    (5.5, 1.00, 5_250.0),
    (6.2, 1.20, 4_800.0),
    (7.0, 1.50, 4_250.0),
    (8.2, 1.85, 3_880.0),
    (9.2, 2.20, 3_570.0),
    (10.6, 2.60, 3_330.0),
    (11.8, 3.00, 3_130.0),
    (13.2, 3.50, 2_920.0),
    (15.0, 4.20, 2_620.0),
    (17.0, 5.00, 2_250.0),
];

const GIANT_BRANCH: &[(f64, f64, f64)] = &[
    (-3.0, 2.10, 3_500.0),
    (-2.5, 1.95, 3_620.0),
    (-1.5, 1.60, 4_000.0),
    (-0.5, 1.40, 4_330.0),
    (0.5, 1.25, 4_620.0),
    (1.5, 1.17, 4_800.0),
    (2.5, 1.08, 5_000.0),
    (3.2, 0.95, 5_300.0),
    (3.8, 0.78, 5_900.0),
];

const WHITE_DWARFS: &[(f64, f64, f64)] = &[
    (10.0, -0.50, 28_000.0),
    (11.0, -0.28, 17_000.0),
    (11.9, 0.00, 11_000.0),
    (12.7, 0.30, 8_600.0),
    (13.3, 0.50, 7_300.0),
    (14.6, 1.00, 5_300.0),
    (15.5, 1.40, 4_500.0),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_are_where_stars_are() {
        let (color, teff) = interpolate(MAIN_SEQUENCE, 4.67);
        assert!((color - 0.835).abs() < 0.02 && (teff - 5772.0).abs() < 50.0, "the Sun: {color} {teff}");
        let mut random = Random::new(1, 1);
        let dwarf = Intrinsic::new(Stage::WhiteDwarf, 12.0, 0.0, &mut random);
        assert!(dwarf.color < 0.3 && dwarf.logg > 7.0);
    }
}
