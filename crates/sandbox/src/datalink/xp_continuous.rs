//! XP_CONTINUOUS: the mean BP and RP spectra as coefficients of 55 Hermite functions each.
//!
//! The coefficients are those of the light that [`super::spectrum`] gives, as the prisms spread it over the detectors: added
//! up again, with the basis functions, they are a spectrum whose sum is the mean flux in the band.

use table::{Column, Datatype};

use super::product::{Product, array, field, identity, integers, numbers};
use super::spectrum::Spectrum;
use super::subject::{Photometry, Subject};

/// Coefficients of a spectrum.
const COUNT: usize = 55;
const PURPOSE: u64 = 10;

/// A spectrograph: its prefix, the identifier of its basis, its range in nm.
struct Instrument {
    name: &'static str,
    basis: i64,
    range: (f64, f64),
    /// Half of the flux lies below this wavelength for a star like the Sun, nm.
    center: f64,
}

const INSTRUMENTS: [Instrument; 2] = [
    Instrument { name: "bp", basis: 56, range: (330.0, 680.0), center: 520.0 },
    Instrument { name: "rp", basis: 57, range: (640.0, 1_050.0), center: 770.0 },
];

/// The coefficients of a source.
pub fn product(subject: &Subject) -> Product {
    let spectrum = Spectrum::of(subject);
    let mut head = identity(subject, 50);
    for (instrument, photometry) in INSTRUMENTS.iter().zip([subject.bp, subject.rp]) {
        // Whoever has a spectrum has the photometry that is made of it.
        let photometry = photometry.unwrap_or(Photometry { mag: subject.g.mag, flux: 1.0, error: 1.0 });
        head.extend(columns(instrument, photometry, &spectrum, subject));
    }
    Product { head, series: Vec::new() }
}

fn columns(instrument: &Instrument, photometry: Photometry, spectrum: &Spectrum, subject: &Subject) -> Vec<Column> {
    let mut random = subject.stream(PURPOSE + instrument.basis as u64);
    let truth = coefficients(instrument, photometry.flux, spectrum);
    // The error of the sum spreads over the coefficients, the higher ones are known less well.
    let errors: Vec<f64> =
        (0..COUNT).map(|n| photometry.error * (0.5 + n as f64 / COUNT as f64) * random.between(0.9, 1.1)).collect();
    let measured: Vec<f64> = truth.iter().zip(&errors).map(|(value, error)| value + error * random.normal()).collect();
    let relevant =
        measured.iter().zip(&errors).rposition(|(value, error)| value.abs() > 3.0 * error).map_or(1, |at| at + 1);
    let norm = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>();
    let measurements = (subject.transits * 60).min(30_000);
    let rejected = measurements / 200 + subject.random_index % 7;
    let freedom = measurements - rejected - COUNT as i64;
    let deviation = random.gauss(1.02, 0.03).max(0.9);
    let mut correlations = Vec::with_capacity(COUNT * (COUNT - 1) / 2);
    for row in 1..COUNT {
        for column in 0..row {
            let distance = (row - column) as f64;
            let sign = if (row - column) % 2 == 0 { 1.0 } else { -1.0 };
            correlations.push((0.45 * sign * libm::exp(-distance / 2.5) + 0.02 * random.normal()).clamp(-0.99, 0.99));
        }
    }
    let name = |what: &str| format!("{}_{what}", instrument.name);
    let short = |what: &str, ucd: &str, description: &str, value: i64| {
        integers(field(&name(what), Datatype::Short, "", ucd, description), [value])
    };
    let float = |what: &str, ucd: &str, description: &str, value: f64| {
        numbers(field(&name(what), Datatype::Float, "", ucd, description), [value])
    };
    let list = |what: &str, datatype, ucd: &str, description: &str, values: Vec<f64>| {
        array(field(&name(what), datatype, "", ucd, description), values)
    };
    vec![
        short("basis_function_id", "meta.id", "Identifier of the set of basis functions", instrument.basis),
        short("degrees_of_freedom", "stat.fit.dof", "Degrees of freedom of the fit", freedom),
        short("n_parameters", "meta.number", "Number of coefficients", COUNT as i64),
        short("n_measurements", "meta.number", "Measurements that were used", measurements),
        short("n_rejected_measurements", "meta.number", "Measurements that were rejected", rejected),
        float(
            "standard_deviation",
            "stat.stdev",
            "Standard deviation of the residuals in units of their errors",
            deviation,
        ),
        float("chi_squared", "stat.fit.chi2", "Chi-square of the fit", deviation * deviation * freedom as f64),
        list(
            "coefficients",
            Datatype::Double,
            "stat.fit.param",
            "Coefficients of the basis functions",
            measured.clone(),
        ),
        list("coefficient_errors", Datatype::Float, "stat.error;stat.fit.param", "Errors of the coefficients", errors),
        list(
            "coefficient_correlations",
            Datatype::Float,
            "stat.correlation;stat.fit.param",
            "Correlations of the coefficients: the lower triangle without the diagonal, row by row",
            correlations,
        ),
        short("n_relevant_bases", "meta.number", "Coefficients that stand out of their errors", relevant as i64),
        float(
            "relative_shrinking",
            "arith.ratio",
            "How much shorter the vector of coefficients is with the relevant ones only",
            libm::sqrt(norm(&measured[..relevant]) / norm(&measured)),
        ),
    ]
}

/// The light of a source on the Hermite functions of an instrument.
fn coefficients(instrument: &Instrument, flux: f64, spectrum: &Spectrum) -> Vec<f64> {
    let light = spread(instrument, spectrum);
    let total: f64 = light.iter().map(|(_, value)| value).sum::<f64>() * STEP;
    let mut coefficients = vec![0.0; COUNT];
    for (x, value) in light {
        for (coefficient, basis) in coefficients.iter_mut().zip(hermite(x)) {
            *coefficient += flux / total * value * basis * STEP;
        }
    }
    coefficients
}

/// Step of the coordinate of the basis functions.
const STEP: f64 = 0.1;

/// Photons along the coordinate of the basis functions, -8 to 8: the prisms spread the blue more than the red.
fn spread(instrument: &Instrument, spectrum: &Spectrum) -> Vec<(f64, f64)> {
    let (low, high) = instrument.range;
    let place = |wavelength: f64| 1.0 / wavelength;
    let middle = place(instrument.center);
    let scale = 6.5 / (place(low) - middle).max(middle - place(high));
    (-80..=80)
        .map(|step| {
            let x = STEP * f64::from(step);
            let wavelength = 1.0 / (middle + x / scale);
            // The detectors see no edge: outside its range the instrument's response falls smoothly.
            let edge = |distance: f64| 1.0 / (1.0 + libm::exp(-distance / 6.0));
            let response = edge(wavelength - low) * edge(high - wavelength);
            // Energy to photons, and from steps of wavelength to steps of the coordinate.
            (x, response * spectrum.flux(wavelength) * wavelength * wavelength * wavelength)
        })
        .collect()
}

/// The first Hermite functions at `x`, orthonormal.
fn hermite(x: f64) -> [f64; COUNT] {
    let mut values = [0.0; COUNT];
    values[0] = libm::pow(std::f64::consts::PI, -0.25) * libm::exp(-x * x / 2.0);
    values[1] = libm::sqrt(2.0) * x * values[0];
    for n in 2..COUNT {
        let order = n as f64;
        values[n] = libm::sqrt(2.0 / order) * x * values[n - 1] - libm::sqrt((order - 1.0) / order) * values[n - 2];
    }
    values
}

#[cfg(test)]
mod tests {
    use table::Data;

    use super::*;
    use crate::datalink::subject::tests::star;

    fn list(product: &Product, name: &str) -> Vec<f64> {
        let column = product.head.iter().find(|column| column.field().name == name).unwrap();
        match column.data() {
            Data::Double(values) => values.clone(),
            Data::Float(values) => values.iter().map(|value| f64::from(*value)).collect(),
            _ => panic!("{name}"),
        }
    }

    /// The spectrum that the coefficients describe.
    fn synthesis(coefficients: &[f64]) -> Vec<f64> {
        (-80..=80)
            .map(|step| hermite(STEP * f64::from(step)).iter().zip(coefficients).map(|(basis, c)| basis * c).sum())
            .collect()
    }

    #[test]
    fn coefficients_add_up_to_the_flux_of_the_band() {
        for teff in [3_400.0, 5_780.0, 12_000.0] {
            let subject = star(teff, 13.0);
            let product = product(&subject);
            for (name, photometry) in [("bp_coefficients", subject.bp), ("rp_coefficients", subject.rp)] {
                let sum = synthesis(&list(&product, name)).iter().sum::<f64>() * STEP;
                let flux = photometry.unwrap().flux;
                assert!((sum / flux - 1.0).abs() < 0.05, "{teff} {name}: {sum} {flux}");
            }
        }
    }

    #[test]
    fn shapes_are_those_of_the_data_model() {
        let product = product(&star(5_000.0, 15.0));
        assert_eq!(product.rows(), 1);
        for band in ["bp", "rp"] {
            assert_eq!(list(&product, &format!("{band}_coefficients")).len(), 55);
            assert_eq!(list(&product, &format!("{band}_coefficient_errors")).len(), 55);
            assert_eq!(list(&product, &format!("{band}_coefficient_correlations")).len(), 1_485);
        }
        let coefficients = list(&product, "rp_coefficients");
        assert!(coefficients[0] > 0.0 && coefficients[0].abs() > 20.0 * coefficients[54].abs());
    }
}
