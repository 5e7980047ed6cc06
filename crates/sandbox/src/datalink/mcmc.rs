//! MCMC_GSPPHOT and MCMC_MSC: samples of the posterior of stellar parameters, round the values of the catalogue.

use table::{Column, Datatype};

use super::product::{Product, field, identity, numbers};
use super::subject::{Estimate, Parameters, Subject};
use crate::catalogue::Random;

const PURPOSE: u64 = 6;
const GRAVITY: &str = "log(cm.s**-2)";

/// A column: name, unit, UCD, description, value of a sample.
type Quantity<S> = (&'static str, &'static str, &'static str, &'static str, fn(&S) -> f64);

/// A sample of a single star.
struct Single {
    parameters: [f64; 7],
    absolute: f64,
    radius: f64,
    likelihood: f64,
    posterior: f64,
}

const SINGLE: &[Quantity<Single>] = &[
    ("teff", "K", "phys.temperature.effective", "Effective temperature", |s| s.parameters[0]),
    ("azero", "mag", "phys.absorption;em.opt", "Extinction at 547.7 nm", |s| s.parameters[4]),
    ("logg", GRAVITY, "phys.gravity", "Surface gravity", |s| s.parameters[1]),
    ("mh", "'dex'", "phys.abund.Z", "Metallicity", |s| s.parameters[2]),
    ("ag", "mag", "phys.absorption;em.opt", "Extinction in G", |s| s.parameters[5]),
    ("mg", "mag", "phys.magAbs;em.opt", "Absolute magnitude in G", |s| s.absolute),
    ("distancepc", "pc", "pos.distance;pos.eq", "Distance", |s| s.parameters[3]),
    // BP lies where dust dims more than in G by about six tenths of the reddening.
    ("abp", "mag", "phys.absorption;em.opt.B", "Extinction in BP", |s| s.parameters[5] + 0.6 * s.parameters[6]),
    ("arp", "mag", "phys.absorption;em.opt.R", "Extinction in RP", |s| s.parameters[5] - 0.4 * s.parameters[6]),
    ("ebpminrp", "mag", "phot.color.excess", "Reddening of BP - RP", |s| s.parameters[6]),
    ("log_pos", "", "stat.likelihood", "Logarithm of the posterior", |s| s.posterior),
    ("log_lik", "", "stat.likelihood", "Logarithm of the likelihood", |s| s.likelihood),
    ("radius", "solRad", "phys.size.radius", "Radius", |s| s.radius),
];

/// A sample of a binary of which only the sum of the light is seen.
struct Binary {
    teff: [f64; 2],
    logg: [f64; 2],
    azero: f64,
    mh: f64,
    distance: f64,
    likelihood: f64,
    posterior: f64,
}

const BINARY: &[Quantity<Binary>] = &[
    ("teff1", "K", "phys.temperature.effective", "Effective temperature of the brighter star", |s| s.teff[0]),
    ("teff2", "K", "phys.temperature.effective", "Effective temperature of the fainter star", |s| s.teff[1]),
    ("logg1", GRAVITY, "phys.gravity", "Surface gravity of the brighter star", |s| s.logg[0]),
    ("logg2", GRAVITY, "phys.gravity", "Surface gravity of the fainter star", |s| s.logg[1]),
    ("azero", "mag", "phys.absorption;em.opt", "Extinction at 547.7 nm", |s| s.azero),
    ("mh", "'dex'", "phys.abund.Z", "Metallicity", |s| s.mh),
    ("distancepc", "pc", "pos.distance;pos.eq", "Distance", |s| s.distance),
    ("log_pos", "", "stat.likelihood", "Logarithm of the posterior", |s| s.posterior),
    ("log_lik", "", "stat.likelihood", "Logarithm of the likelihood", |s| s.likelihood),
];

/// Samples of GSP-Phot: 100, for bright sources and one in a hundred others 2000.
pub fn gspphot(subject: &Subject) -> Product {
    let count = if subject.g.mag < 12.0 || subject.random_index % 100 == 0 { 2_000 } else { 100 };
    let samples = draw(subject, PURPOSE, count, |parameters, random| {
        let p = parameters;
        let (values, misfit) = scatter([p.teff, p.logg, p.mh, p.distance, p.azero, p.ag, p.reddening], random);
        let [teff, _, _, distance, _, ag, _] = values;
        // What is derived moves with what it is derived from.
        let modulus = 5.0 * libm::log10(distance / p.distance.value);
        Single {
            parameters: values,
            absolute: p.absolute - modulus - (ag - p.ag.value),
            radius: p.radius * distance / p.distance.value * libm::pow(p.teff.value / teff, 2.0),
            likelihood: p.posterior + 3.0 - misfit,
            posterior: p.posterior - misfit,
        }
    });
    product(subject, 30, SINGLE, &samples)
}

/// Samples of the Multiple Star Classifier: 100.
pub fn msc(subject: &Subject) -> Product {
    let mut nature = subject.stream(PURPOSE + 1);
    let cooler = nature.between(0.62, 0.95);
    let samples = draw(subject, PURPOSE + 2, 100, |parameters, random| {
        let p = parameters;
        let wide = |estimate: Estimate, factor: f64| Estimate { error: factor * estimate.error, ..estimate };
        let teff2 = Estimate { value: cooler * p.teff.value, error: 3.0 * p.teff.error };
        let logg2 = Estimate { value: p.logg.value + 0.5 * (1.0 - cooler), error: 2.0 * p.logg.error };
        // Two stars give more light than one, so they are farther.
        let distance = Estimate { value: 1.15 * p.distance.value, error: 2.0 * p.distance.error };
        let (values, misfit) =
            scatter([wide(p.teff, 1.5), teff2, wide(p.logg, 1.5), logg2, p.azero, wide(p.mh, 1.5), distance], random);
        let [teff1, teff2, logg1, logg2, azero, mh, distance] = values;
        Binary {
            teff: [teff1, teff2.min(teff1)],
            logg: [logg1, logg2],
            azero,
            mh,
            distance,
            likelihood: p.posterior + 2.0 - misfit,
            posterior: p.posterior - 4.0 - misfit,
        }
    });
    product(subject, 31, BINARY, &samples)
}

fn draw<S>(subject: &Subject, purpose: u64, count: usize, sample: impl Fn(&Parameters, &mut Random) -> S) -> Vec<S> {
    let mut random = subject.stream(purpose);
    let parameters = subject.parameters.as_ref();
    parameters.map(|parameters| (0..count).map(|_| sample(parameters, &mut random)).collect()).unwrap_or_default()
}

/// One draw of each estimate, and half the sum of the squares of the deviations in units of the errors. Temperature,
/// extinction, distance and the like stay positive.
fn scatter<const N: usize>(estimates: [Estimate; N], random: &mut Random) -> ([f64; N], f64) {
    let mut misfit = 0.0;
    let values = estimates.map(|Estimate { value, error }| {
        let deviation = random.normal();
        misfit += 0.5 * deviation * deviation;
        let drawn = value + error * deviation;
        if value >= 0.0 { drawn.max(0.0) } else { drawn }
    });
    (values, misfit)
}

fn product<S>(subject: &Subject, run: i64, quantities: &[Quantity<S>], samples: &[S]) -> Product {
    let series = quantities.iter().map(|(name, unit, ucd, description, value)| {
        numbers(field(name, Datatype::Float, unit, ucd, description), samples.iter().map(value))
    });
    let series: Vec<Column> = series.collect();
    Product { head: identity(subject, run), series }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datalink::subject::tests::star;

    fn mean_and_width(product: &Product, name: &str) -> (f64, f64) {
        let column = product.series.iter().find(|column| column.field().name == name).unwrap();
        let values: Vec<f64> = (0..column.len()).map(|row| column.number(row).unwrap()).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / values.len() as f64;
        (mean, libm::sqrt(variance))
    }

    #[test]
    fn samples_scatter_round_the_catalogue_by_its_errors() {
        let subject = star(5_780.0, 14.0);
        let product = gspphot(&subject);
        assert_eq!(product.rows(), 100);
        for (name, value, error) in [
            ("teff", 5_780.0, 50.0),
            ("logg", 4.4, 0.05),
            ("mh", -0.1, 0.1),
            ("distancepc", 200.0, 4.0),
            ("mg", 7.5, 0.05),
        ] {
            let (mean, width) = mean_and_width(&product, name);
            assert!((mean - value).abs() < 0.4 * error, "{name}: {mean}");
            assert!((0.75..1.3).contains(&(width / error)), "{name}: {width}");
        }
        assert_eq!(gspphot(&star(5_780.0, 11.0)).rows(), 2_000);
    }

    #[test]
    fn of_a_binary_the_second_star_is_the_cooler() {
        let product = msc(&star(5_780.0, 14.0));
        assert_eq!(product.rows(), 100);
        let (first, second) = (mean_and_width(&product, "teff1").0, mean_and_width(&product, "teff2").0);
        assert!((first - 5_780.0).abs() < 40.0 && second < first, "{first} {second}");
    }
}
