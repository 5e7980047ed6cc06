//! XP_SAMPLED: the mean BP/RP spectrum in 343 samples, 336 to 1020 nm.

use table::{Column, Datatype};

use super::product::{Product, field, identity, numbers, position};
use super::spectrum::Spectrum;
use super::subject::Subject;

/// Number of samples.
pub const SAMPLES: usize = 343;
const PURPOSE: u64 = 2;

/// The spectrum of a source.
pub fn product(subject: &Subject) -> Product {
    let spectrum = Spectrum::of(subject);
    let mut random = subject.stream(PURPOSE);
    let wavelengths: Vec<f64> = (0..SAMPLES).map(|at| 336.0 + 2.0 * at as f64).collect();
    let middle = spectrum.flux(600.0);
    let (mut fluxes, mut errors) = (Vec::new(), Vec::new());
    for &wavelength in &wavelengths {
        let flux = spectrum.flux(wavelength);
        let error = noise(wavelength, subject.g.mag) * (0.4 * middle + 0.6 * flux);
        fluxes.push(flux + error * random.normal());
        errors.push(error);
    }
    let flux =
        |name: &str, ucd: &str, description: &str| field(name, Datatype::Float, "W.m**-2.nm**-1", ucd, description);
    let mut head = identity(subject, 10);
    head.extend(position(subject));
    let series: Vec<Column> = vec![
        numbers(field("wavelength", Datatype::Double, "nm", "em.wl", "Wavelength"), wavelengths),
        numbers(flux("flux", "phot.flux.density;em.wl", "Flux density"), fluxes),
        numbers(flux("flux_error", "stat.error;phot.flux.density;em.wl", "Error of the flux density"), errors),
    ];
    Product { head, series }
}

/// Relative error: worst at the ends and where BP gives way to RP.
fn noise(wavelength: f64, magnitude: f64) -> f64 {
    let ends = 8.0 * libm::exp(-(wavelength - 330.0) / 22.0) + 3.0 * libm::exp((wavelength - 1020.0) / 25.0);
    let gap = 0.6 * libm::exp(-libm::pow((wavelength - 645.0) / 18.0, 2.0));
    (0.001 + 0.0012 * libm::exp10(0.2 * (magnitude - 11.0))) * (1.0 + ends + gap)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datalink::subject::tests::star;

    fn series(product: &Product, name: &str) -> Vec<f64> {
        let column = product.series.iter().find(|column| column.field().name == name).unwrap();
        (0..column.len()).map(|row| column.number(row).unwrap()).collect()
    }

    /// Wavelength of the brightest sample.
    fn peak(teff: f64) -> f64 {
        let product = product(&star(teff, 11.0));
        let (wavelengths, fluxes) = (series(&product, "wavelength"), series(&product, "flux"));
        let best = (0..SAMPLES).max_by(|a, b| fluxes[*a].total_cmp(&fluxes[*b])).unwrap();
        wavelengths[best]
    }

    #[test]
    fn hot_stars_are_brightest_in_the_blue_and_cool_ones_in_the_red() {
        // Wien's law says 290, 501 and 828 nm.
        assert!(peak(10_000.0) < 420.0, "{}", peak(10_000.0));
        assert!((440.0..580.0).contains(&peak(5_780.0)), "{}", peak(5_780.0));
        assert!(peak(3_500.0) > 780.0, "{}", peak(3_500.0));
    }

    #[test]
    fn the_samples_are_those_of_the_archive_and_as_bright_as_g() {
        let product = product(&star(5_780.0, 12.0));
        let (wavelengths, fluxes) = (series(&product, "wavelength"), series(&product, "flux"));
        assert_eq!((wavelengths.len(), wavelengths[0], wavelengths[342]), (343, 336.0, 1020.0));
        let mean = fluxes[100..200].iter().sum::<f64>() / 100.0;
        let expected = 2.5e-11 * libm::exp10(-0.4 * 12.0);
        assert!((0.7..1.5).contains(&(mean / expected)), "{mean} {expected}");
        let errors = |magnitude| series(&super::product(&star(5_780.0, magnitude)), "flux_error")[150];
        assert!(errors(15.0) / 10.0_f64.powf(-0.4 * 3.0) > 2.0 * errors(12.0));
    }
}
