//! Stellar parameters as the archive derives them: the truth with errors that grow toward the faint end.

use super::evolution::Stage;
use super::source::{Source, extinction_g};

/// A parameter with its 16th and 84th percentile.
#[derive(Clone, Copy, Debug, Default)]
pub struct Estimate {
    /// Median.
    pub value: f64,
    /// 16th percentile.
    pub lower: f64,
    /// 84th percentile.
    pub upper: f64,
}

/// The parameters of GSP-Phot.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parameters {
    /// Effective temperature, K.
    pub teff: Estimate,
    /// Surface gravity, log cm/s².
    pub logg: Estimate,
    /// Metallicity, dex.
    pub mh: Estimate,
    /// Distance, pc.
    pub distance: Estimate,
    /// Extinction at 547.7 nm, mag.
    pub azero: Estimate,
    /// Extinction in G, mag.
    pub ag: Estimate,
    /// Reddening of BP − RP, mag.
    pub reddening: Estimate,
    /// Radius, solar radii.
    pub radius: Estimate,
    /// Absolute magnitude in G.
    pub absolute: Estimate,
}

impl Parameters {
    /// The parameters of a source that has them.
    pub fn of(source: &Source) -> Option<Parameters> {
        source.has_parameters().then(|| Parameters::new(source))
    }

    fn new(source: &Source) -> Parameters {
        let mut random = source.stream(1);
        let star = &source.body.star;
        let faint = 1.0 + ((source.g.mag - 13.0) / 3.0).max(0.0);
        let mut estimate = |truth: f64, sigma: f64, least: f64| {
            let value = (truth + sigma * random.normal()).max(least);
            let (below, above) = (random.between(0.8, 1.1), random.between(0.9, 1.3));
            Estimate { value, lower: (value - below * sigma).max(least), upper: value + above * sigma }
        };
        let distance = source.distance() * 1000.0;
        let relative = (source.parallax.1 * source.distance()).min(0.25) + 0.01;
        // Luminosity and temperature give the radius.
        let correction =
            if star.teff > 7000.0 { (star.teff - 7000.0) / 9000.0 } else { (5500.0 - star.teff).max(0.0) / 2200.0 };
        let luminosity = libm::exp10(0.4 * (4.66 - star.absolute + correction));
        let radius = libm::sqrt(luminosity) * libm::pow(5772.0 / star.teff, 2.0);
        let extinction = source.body.extinction;
        Parameters {
            teff: estimate(star.teff, 0.008 * star.teff * faint, 2500.0),
            logg: estimate(star.logg, 0.03 * faint, -0.5),
            mh: estimate(star.metallicity - 0.1, 0.09 * faint, -4.1),
            distance: estimate(distance, distance * relative, 1.0),
            azero: estimate(extinction, 0.03 * faint, 0.0),
            ag: estimate(extinction_g(extinction, star.color), 0.025 * faint, 0.0),
            reddening: estimate(0.415 * extinction, 0.015 * faint, 0.0),
            radius: estimate(radius, 0.02 * radius * faint, 0.05),
            absolute: estimate(star.absolute, 0.05 * faint, -10.0),
        }
    }
}

/// Probabilities that a source is a quasar, a galaxy, a star.
pub fn classify(source: &Source) -> [Option<f64>; 3] {
    if source.bp.is_none() {
        return [None; 3];
    }
    let doubt = source.stream(2).exponential(if source.g.mag > 19.0 { 0.02 } else { 1e-4 }).min(0.5);
    let other = doubt / 2.0;
    match source.body.star.stage {
        Stage::Quasar => [Some(1.0 - doubt), Some(other), Some(other)],
        Stage::Galaxy => [Some(other), Some(1.0 - doubt), Some(other)],
        _ => [Some(other / 100.0), Some(other / 100.0), Some(1.0 - doubt / 100.0)],
    }
}
