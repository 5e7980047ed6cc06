//! A source as the survey measures it: positions, parallaxes and magnitudes with errors that grow toward the faint end, and
//! nothing where DR3 has nothing.

use super::evolution::Stage;
use super::healpix;
use super::parameters::Parameters;
use super::population::Body;
use super::random::Random;
use super::sky;

/// Zero points of G, BP and RP on the Vega scale (DR3 documentation, section 5.4.1), mag.
pub const ZERO_POINTS: [f64; 3] = [25.687_366_867_1, 25.338_542_215_8, 24.747_895_501_2];

/// A magnitude with its flux in e-/s.
#[derive(Clone, Copy, Debug, Default)]
pub struct Band {
    /// Magnitude.
    pub mag: f64,
    /// Flux.
    pub flux: f64,
    /// Error of the flux.
    pub error: f64,
    /// Observations.
    pub n_obs: i64,
}

/// What the survey has of a source.
#[derive(Clone, Debug)]
pub struct Source {
    /// Number in the generator, the stream of its random numbers.
    pub index: usize,
    /// Identifier.
    pub source_id: i64,
    /// A permutation of the numbers of all sources.
    pub random_index: i64,
    /// What it really is.
    pub body: Body,
    /// True position, degrees.
    pub position: (f64, f64),
    /// Measured parallax and its error, mas.
    pub parallax: (f64, f64),
    /// Measured proper motion in right ascension and its error, mas/yr.
    pub pmra: (f64, f64),
    /// The same in declination.
    pub pmdec: (f64, f64),
    /// Errors of the position, mas.
    pub position_error: (f64, f64),
    /// Whether parallax and proper motion could be solved.
    pub solved: bool,
    /// Correlations of the five parameters, ten numbers.
    pub correlations: [f64; 10],
    /// G.
    pub g: Band,
    /// BP and RP, if measured.
    pub bp: Option<Band>,
    /// RP.
    pub rp: Option<Band>,
    /// Radial velocity and its error, km/s.
    pub radial_velocity: Option<(f64, f64)>,
    /// Number of transits over the field of view.
    pub transits: i64,
    /// Excess of the fit; 1 for a well-behaved single star.
    pub ruwe: f64,
    /// Stellar parameters as the archive derives them.
    pub parameters: Option<Parameters>,
    /// Further random numbers for columns of lesser weight.
    pub random: Random,
}

/// What is needed of a source to put all in the order of their identifiers.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Number in the generator.
    pub index: usize,
    /// Identifier.
    pub source_id: i64,
}

impl Place {
    /// The place of source `index`, its identifier without a running number.
    pub fn new(seed: u64, index: usize, sources: usize) -> Place {
        let mut random = Random::new(seed, index as u64);
        let body = Body::new(index, sources, &mut random);
        let (ra, dec, _) = sky::spherical(body.position);
        let pixel = healpix::nested(12, ra, dec);
        Place { index, source_id: (pixel << healpix::SOURCE_ID_SHIFT) as i64 }
    }
}

/// The places of all sources, sorted; sources in one pixel are numbered as Gaia does it, in steps of 128.
pub fn places(seed: u64, sources: usize) -> Vec<Place> {
    let mut places: Vec<Place> = (0..sources).map(|index| Place::new(seed, index, sources)).collect();
    places.sort_by_key(|place| (place.source_id, place.index));
    let mut running = 0;
    let mut pixel = -1;
    for place in &mut places {
        let this = place.source_id >> healpix::SOURCE_ID_SHIFT;
        running = if this == pixel { running } else { 0 };
        pixel = this;
        running += 1 + (Random::new(seed ^ 0x5EED, place.index as u64).bits() % 4095) as i64;
        place.source_id += running << 7;
    }
    places
}

impl Source {
    /// The source at a place.
    pub fn new(seed: u64, place: Place, sources: usize) -> Source {
        let mut random = Random::new(seed, place.index as u64);
        let body = Body::new(place.index, sources, &mut random);
        let (ra, dec, distance) = sky::spherical(body.position);
        let (pmra, pmdec, velocity) = sky::motion(body.position, body.velocity);
        let star = &body.star;
        let extinction = extinction_g(body.extinction, star.color);
        let magnitude = star.absolute + 5.0 * libm::log10(distance * 100.0) + extinction;
        let magnitude = magnitude.clamp(2.5, 21.2);
        let color = star.color + 0.415 * body.extinction;

        // The sky is scanned most often at 45° from the ecliptic.
        let (_, ecliptic_latitude, _) = sky::spherical(sky::to_ecliptic(sky::unit(ra, dec)));
        let often = 1.0 + 0.9 * libm::exp(-libm::pow((ecliptic_latitude.abs() - 45.0) / 9.0, 2.0));
        let transits = (random.gauss(42.0, 8.0) * often).max(9.0) as i64;
        let sigma = parallax_error(magnitude) * libm::sqrt(45.0 / transits as f64) * random.gauss(1.0, 0.06).max(0.6);
        let binary_noise = if star.binary && distance < 1.0 { random.exponential(0.6) } else { 0.0 };
        let ruwe = (random.gauss(1.01, 0.05) + 0.1 * random.exponential(0.15) + binary_noise).max(0.75);
        let sigma = sigma * ruwe.max(1.0);
        let mut measured = |truth: f64, error: f64| (truth + error * random.normal(), error);
        let solved = magnitude < 20.95;
        // Zero point of the parallaxes: DR3's are too small by about 0.02 mas.
        let parallax = measured(1.0 / distance - 0.02, sigma);
        let pmra = measured(pmra, 1.03 * sigma * 1.05);
        let pmdec = measured(pmdec, 0.95 * sigma);
        let g = band(0, magnitude, transits * 9, 1.0, &mut random);
        let red = rp_offset(color);
        let has_color = magnitude < 20.3 || random.chance(0.75);
        let bp = has_color.then(|| band(1, magnitude - red + color, transits, 6.0, &mut random));
        let rp = has_color.then(|| band(2, magnitude - red, transits, 4.0, &mut random));
        let correlations = std::array::from_fn(|_| random.gauss(0.0, 0.22).clamp(-0.95, 0.95));
        let rvs_magnitude = magnitude - red - 0.1;
        let cool = (3100.0..14_500.0).contains(&star.teff);
        let star_like = !matches!(star.stage, Stage::Quasar | Stage::Galaxy | Stage::WhiteDwarf);
        let radial_velocity = (star_like && cool && rvs_magnitude < 14.0 && random.chance(0.93)).then(|| {
            let error = 0.13 + 0.9 * libm::exp10(0.32 * (rvs_magnitude - 12.0)) * random.gauss(1.0, 0.2).max(0.4);
            (velocity + error * random.normal(), error)
        });
        let mut source = Source {
            index: place.index,
            source_id: place.source_id,
            random_index: permuted(place.index, sources) as i64,
            position: (ra, dec),
            parallax,
            pmra,
            pmdec,
            position_error: (0.85 * sigma, 0.78 * sigma),
            solved,
            correlations,
            g,
            bp,
            rp,
            radial_velocity,
            transits,
            ruwe,
            parameters: None,
            body,
            random,
        };
        source.parameters = Parameters::of(&source);
        source
    }

    /// BP − RP as measured.
    pub fn bp_rp(&self) -> Option<f64> {
        Some(self.bp?.mag - self.rp?.mag)
    }

    /// Magnitude in the band of the spectrometer.
    pub fn rvs_magnitude(&self) -> Option<f64> {
        self.rp.map(|rp| rp.mag - 0.1)
    }

    /// True distance, kpc.
    pub fn distance(&self) -> f64 {
        sky::spherical(self.body.position).2
    }

    /// A star, as opposed to a quasar or a galaxy.
    pub fn is_star(&self) -> bool {
        !matches!(self.body.star.stage, Stage::Quasar | Stage::Galaxy)
    }

    /// Whether its light changes so that the survey noticed.
    pub fn is_variable(&self) -> bool {
        match self.body.star.stage {
            Stage::RrLyrae | Stage::Cepheid => true,
            Stage::Quasar => self.index.is_multiple_of(2),
            _ => self.index.is_multiple_of(140),
        }
    }

    /// Whether stellar parameters were found from its spectrum and parallax.
    pub fn has_parameters(&self) -> bool {
        let star_like = !matches!(self.body.star.stage, Stage::Quasar | Stage::Galaxy | Stage::WhiteDwarf);
        star_like && self.bp.is_some() && self.g.mag < 19.0 && !self.index.is_multiple_of(9)
    }

    /// Random numbers that depend only on the source and on what they are for.
    pub fn stream(&self, purpose: u64) -> Random {
        let mut random = self.random.clone();
        Random::new(random.bits(), purpose)
    }
}

/// Error of the parallax in mas at a magnitude (after Lindegren et al. 2021, A&A 649, A2).
fn parallax_error(magnitude: f64) -> f64 {
    let z = libm::exp10(0.4 * (magnitude.max(13.0) - 15.0));
    libm::sqrt(40.0 + 800.0 * z + 30.0 * z * z) / 1000.0 * 0.95
}

/// Extinction in G for one in the visual; less for red stars.
pub fn extinction_g(visual: f64, color: f64) -> f64 {
    visual * (0.86 - 0.045 * color.clamp(-0.5, 4.0)) - 0.012 * (visual * visual).min(20.0)
}

/// G − RP of a star with this BP − RP.
fn rp_offset(color: f64) -> f64 {
    let c = color.clamp(-0.7, 5.5);
    -0.012 + 0.695 * c - 0.104 * c * c + 0.007 * c * c * c
}

/// A magnitude as measured in one of the three bands.
fn band(which: usize, magnitude: f64, n_obs: i64, noise: f64, random: &mut Random) -> Band {
    let truth = libm::exp10(0.4 * (ZERO_POINTS[which] - magnitude));
    // Photon noise, background and a floor from the calibration.
    let error = libm::sqrt((truth + 120.0 * noise) * noise / (n_obs.max(1) as f64 * 4.4)) + 3e-4 * truth;
    let flux = (truth + error * random.normal()).max(0.05 * truth);
    Band { mag: ZERO_POINTS[which] - 2.5 * libm::log10(flux), flux, error, n_obs }
}

/// A permutation of `0..n` without a table: walks through a power of two by an odd factor until it is below `n`.
fn permuted(index: usize, n: usize) -> usize {
    let mask = n.next_power_of_two() - 1;
    let mut value = index;
    loop {
        value = value.wrapping_mul(0x9E37_79B1).wrapping_add(0x7F4A_7C15) & mask;
        value ^= value >> 3 & mask >> 4;
        if value < n {
            return value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_distinct_and_carry_their_pixel() {
        let places = places(1, 3000);
        assert!(places.windows(2).all(|pair| pair[0].source_id < pair[1].source_id));
        for place in places.iter().step_by(100) {
            let source = Source::new(1, *place, 3000);
            let pixel = healpix::nested(12, source.position.0, source.position.1) as i64;
            assert_eq!(source.source_id >> healpix::SOURCE_ID_SHIFT, pixel);
        }
    }

    #[test]
    fn random_indices_are_a_permutation() {
        let mut seen: Vec<usize> = (0..1000).map(|index| permuted(index, 1000)).collect();
        seen.sort_unstable();
        assert!(seen.into_iter().eq(0..1000));
    }

    #[test]
    fn errors_grow_with_the_magnitude() {
        assert!(parallax_error(12.0) < 0.03 && (0.4..0.8).contains(&parallax_error(20.0)));
    }
}
