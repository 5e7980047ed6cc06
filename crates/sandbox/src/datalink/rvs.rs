//! RVS: the mean spectrum of the radial velocity spectrometer, 846 to 870 nm in 2401 samples, normalised, at rest.
//!
//! Wavelengths are in vacuum, as in the archive: the Ca II triplet that stands at 849.8, 854.2 and 866.2 nm in air is at
//! 850.04, 854.44 and 866.45 nm.

use table::Datatype;

use super::product::{Product, field, identity, integers, numbers, position};
use super::spectrum::color_temperature;
use super::subject::Subject;

/// Number of samples.
pub const SAMPLES: usize = 2_401;
const PURPOSE: u64 = 9;

/// A line: wavelength in vacuum, nm, and depth where it is strongest.
type Line = (f64, f64);

const CALCIUM: [Line; 3] = [(850.035, 0.55), (854.444, 0.68), (866.452, 0.62)];
/// Iron, titanium, silicon, magnesium.
const METALS: [Line; 12] = [
    (846.90, 0.20),
    (847.11, 0.12),
    (851.64, 0.22),
    (855.92, 0.10),
    (858.46, 0.16),
    (861.42, 0.18),
    (862.40, 0.14),
    (864.98, 0.12),
    (867.71, 0.17),
    (869.10, 0.22),
    (848.44, 0.12),
    (852.93, 0.10),
];
/// Hydrogen: Paschen 17 to 12, of which three lie below the calcium lines.
const PASCHEN: [Line; 6] =
    [(846.96, 0.10), (850.48, 0.16), (854.77, 0.20), (860.08, 0.26), (866.74, 0.30), (875.29, 0.32)];

/// The spectrum of a source.
pub fn product(subject: &Subject) -> Product {
    let (teff, metals, azero) = match subject.parameters {
        Some(p) => (p.teff.value, p.mh.value, p.azero.value),
        None => (color_temperature(subject.color().unwrap_or(1.0)), 0.0, 0.0),
    };
    let mut random = subject.stream(PURPOSE);
    let magnitude = subject.rvs_magnitude.unwrap_or(subject.g.mag - 0.5);
    let transits = subject.rv_transits.max(2);
    // Signal to noise of the sum of all transits.
    let noise =
        1.0 / (35.0 * libm::exp10(-0.3 * (magnitude - 9.0)) * libm::sqrt(transits as f64 / 20.0)).clamp(8.0, 600.0);
    // At the ends some spectra have fewer transits, or none.
    let cut = [(random.exponential(12.0) as usize).min(120), (random.exponential(12.0) as usize).min(120)];
    let wavelengths: Vec<f64> = (0..SAMPLES).map(|at| 846.0 + 0.01 * at as f64).collect();
    let (mut fluxes, mut errors) = (Vec::new(), Vec::new());
    for (at, &wavelength) in wavelengths.iter().enumerate() {
        let deviation = random.normal();
        if at < cut[0] || at >= SAMPLES - cut[1] {
            fluxes.push(f64::NAN);
            errors.push(f64::NAN);
            continue;
        }
        let flux = flux(wavelength, teff, metals, azero);
        let error = noise * libm::sqrt(flux.max(0.05));
        fluxes.push(flux + error * deviation);
        errors.push(error);
    }
    let mut head = identity(subject, 40);
    head.extend(position(subject));
    let velocity =
        field("rv", Datatype::Float, "km.s**-1", "spect.dopplerVeloc.opt", "Radial velocity that was taken out");
    head.push(numbers(velocity, [subject.radial_velocity.unwrap_or(f64::NAN)]));
    for (name, value, description) in [
        ("combined_transits", transits, "Transits that were combined"),
        ("combined_ccds", 3 * transits - transits % 3, "Spectra of single detectors that were combined"),
        ("deblended_ccds", transits % 4, "Those of them that were separated from a neighbor"),
    ] {
        head.push(integers(field(name, Datatype::Short, "", "meta.number", description), [value]));
    }
    let series = vec![
        numbers(field("wavelength", Datatype::Double, "nm", "em.wl", "Wavelength in vacuum, at rest"), wavelengths),
        numbers(
            field("flux", Datatype::Float, "", "phot.flux.density;arith.ratio", "Flux divided by the continuum"),
            fluxes,
        ),
        numbers(field("flux_error", Datatype::Float, "", "stat.error;phot.flux.density", "Error of the flux"), errors),
    ];
    Product { head, series }
}

/// Flux without noise; the continuum is 1.
fn flux(wavelength: f64, teff: f64, metals: f64, azero: f64) -> f64 {
    let calcium = ((9_500.0 - teff) / 3_000.0).clamp(0.05, 1.0) * libm::exp10(0.18 * metals.clamp(-2.5, 0.5));
    let metal = ((8_000.0 - teff) / 3_200.0).clamp(0.0, 1.1) * libm::exp10(0.5 * metals.clamp(-3.0, 0.5));
    let hydrogen = ((teff - 6_200.0) / 3_000.0).clamp(0.0, 1.0);
    let through = |lines: &[Line], strength: f64, core: f64, wing: f64| {
        lines.iter().fold(1.0, |through, (center, depth)| {
            through * (1.0 - (strength * depth).min(0.85) * profile(wavelength - center, core, wing))
        })
    };
    // An interstellar band, which grows with the dust in the way.
    let band = 1.0 - (0.05 * azero).min(0.15) * profile(wavelength - 862.32, 0.18, 0.0);
    through(&CALCIUM, calcium, 0.07, 0.13)
        * through(&METALS, metal, 0.045, 0.0)
        * through(&PASCHEN, hydrogen, 0.55, 0.4)
        * band
}

/// A core as wide as the resolution, with wings of a strong line.
fn profile(x: f64, core: f64, wing: f64) -> f64 {
    let gauss = libm::exp(-0.5 * x * x / (core * core));
    if wing == 0.0 { gauss } else { 0.6 * gauss + 0.4 * wing * wing / (x * x + wing * wing) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datalink::subject::tests::star;

    fn flux(product: &Product) -> Vec<Option<f64>> {
        (0..SAMPLES).map(|row| product.series[1].number(row)).collect()
    }

    #[test]
    fn the_calcium_triplet_is_at_rest() {
        let fluxes = flux(&product(&star(5_500.0, 8.0)));
        for center in [850.04, 854.44, 866.45] {
            let middle = ((center - 846.0_f64) * 100.0).round() as usize;
            let deepest =
                (middle - 60..middle + 60).min_by(|a, b| fluxes[*a].partial_cmp(&fluxes[*b]).unwrap()).unwrap();
            assert!(deepest.abs_diff(middle) <= 4, "{center}: {deepest} {middle}");
            assert!(fluxes[deepest].unwrap() < 0.65);
        }
        let continuum = fluxes[1_700..1_750].iter().flatten().sum::<f64>() / 50.0;
        assert!((0.9..1.05).contains(&continuum), "{continuum}");
    }

    #[test]
    fn calcium_is_weak_in_hot_stars_and_noise_grows_with_the_magnitude() {
        let depth = |teff| 1.0 - flux(&product(&star(teff, 8.0)))[844].unwrap();
        assert!(depth(5_000.0) > depth(9_000.0) + 0.2);
        let error = |magnitude| product(&star(5_500.0, magnitude)).series[2].number(1_700).unwrap();
        assert!(error(11.5) > 2.0 * error(8.5));
    }
}
