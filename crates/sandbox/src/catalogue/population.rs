//! Who is where and how fast: disc, halo, solar neighborhood, clusters and what lies beyond the Galaxy.
//!
//! A source of the field gets its magnitude and direction from counts like those of the survey, then a type that fits, and
//! from both its distance. Velocities come from a flat rotation curve with the dispersions of thin disc, thick disc and halo.

use super::cepheid;
use super::clusters::{CLUSTERS, Cluster};
use super::evolution::{Intrinsic, Stage};
use super::random::Random;
use super::sky::{self, Vector};

/// Distance of the Sun from the center of the Galaxy, kpc.
const SUN_RADIUS: f64 = 8.2;
/// Speed of the rotation, km/s.
const ROTATION: f64 = 233.0;
/// Velocity of the Sun relative to the circle on which it would go round, km/s, galactic axes.
const SUN_MOTION: Vector = [11.1, 12.24, 7.25];

/// A source as it is, not as it is measured.
#[derive(Clone, Debug)]
pub struct Body {
    /// What it is.
    pub star: Intrinsic,
    /// Position relative to the Sun, kpc, ICRS axes, at J2016.0.
    pub position: Vector,
    /// Velocity relative to the Sun, km/s, ICRS axes.
    pub velocity: Vector,
    /// Extinction in the visual, mag.
    pub extinction: f64,
}

impl Body {
    /// Source number `index` of a catalogue of this many.
    pub fn new(index: usize, sources: usize, random: &mut Random) -> Body {
        let mut first = 0;
        for (_, cluster) in CLUSTERS {
            let members = cluster.members(sources);
            if index < first + members {
                return member(cluster, random);
            }
            first += members;
        }
        let kind = random.uniform();
        if kind < 0.02 {
            neighbor(random)
        } else if kind < 0.026 {
            rr_lyrae(random)
        } else if kind < 0.027 {
            cepheid(random)
        } else if kind < 0.034 {
            extragalactic(if random.chance(0.75) { Stage::Quasar } else { Stage::Galaxy }, random)
        } else {
            field(random)
        }
    }
}

/// A member of a cluster: within it in all three dimensions, so that near clusters have depth and a convergent point.
fn member(cluster: &Cluster, random: &mut Random) -> Body {
    let (ra, dec) = cluster.center;
    let center = sky::unit(ra, dec).map(|x| x * cluster.distance);
    let velocity = sky::velocity(center, cluster.motion.0, cluster.motion.1, cluster.radial_velocity);
    // Plummer's sphere, cut at eight radii.
    let radius = loop {
        let mass = random.uniform();
        let radius = cluster.radius / libm::sqrt(libm::pow(mass, -2.0 / 3.0) - 1.0).max(1e-9);
        if radius < 8.0 * cluster.radius {
            break radius;
        }
    };
    let position = sky::add(center, radius, isotropic(random));
    let variable = cluster.metallicity < -0.9 && random.chance(0.12);
    let (stage, absolute) = if variable { (Stage::RrLyrae, random.gauss(0.6, 0.08)) } else { cluster.draw(random) };
    Body {
        star: Intrinsic::new(stage, absolute, random.gauss(cluster.metallicity, 0.03), random),
        position,
        velocity: sky::add(velocity, 1.0, random.gauss3(cluster.dispersion)),
        extinction: (cluster.extinction * random.gauss(1.0, 0.1)).max(0.0),
    }
}

/// A star within 100 pc: mostly red dwarfs, some white ones.
fn neighbor(random: &mut Random) -> Body {
    let position = isotropic(random);
    let distance = 0.1 * libm::cbrt(random.uniform()).max(0.02);
    let faintest = 20.4 - 5.0 * libm::log10(distance * 100.0);
    let (stage, absolute) = if random.chance(0.06) {
        (Stage::WhiteDwarf, 10.3 + 4.9 * libm::sqrt(random.uniform()))
    } else {
        let absolute = random.gauss(10.2, 2.6).clamp(1.0, 16.5);
        (Stage::MainSequence, absolute)
    };
    finish(stage, absolute.min(faintest), position.map(|x| x * distance), random)
}

/// A star of the field.
fn field(random: &mut Random) -> Body {
    let magnitude = apparent(random);
    let direction = direction(random);
    let bright = ((20.7 - magnitude) / 8.0).clamp(0.0, 1.0);
    let kind = random.uniform();
    let giants = 0.05 + 0.35 * bright;
    let (stage, absolute) = if kind < giants * 0.35 {
        (Stage::Clump, random.gauss(0.5, 0.15))
    } else if kind < giants {
        (Stage::Giant, (3.4 - random.exponential(1.6)).max(-2.8))
    } else {
        let middle = 4.0 + 2.6 * (1.0 - bright);
        (Stage::MainSequence, random.gauss(middle, 1.9).clamp(-2.5, 14.0))
    };
    // Dust dims, so the distance that fits the magnitude is found in steps.
    let mut distance = 1.0;
    for _ in 0..4 {
        let dust = 0.8 * extinction(direction, distance);
        distance = libm::pow(10.0, (magnitude - absolute - dust - 10.0) / 5.0).clamp(0.005, 60.0);
    }
    finish(stage, absolute, direction.map(|x| x * distance), random)
}

/// An RR Lyrae star of the halo.
fn rr_lyrae(random: &mut Random) -> Body {
    let distance = 1.5 + random.exponential(8.0).min(60.0);
    let position = isotropic(random).map(|x| x * distance);
    finish(Stage::RrLyrae, random.gauss(0.6, 0.1), position, random)
}

/// A Cepheid: young, so in the plane of the Galaxy. Only those within some kiloparsecs, which dust leaves bright enough.
fn cepheid(random: &mut Random) -> Body {
    let direction = sky::from_galactic(sky::unit(random.between(0.0, 360.0), random.gauss(0.0, 1.8)));
    let distance = 0.6 + random.exponential(1.8).min(6.0);
    // Periods of 3 to 30 days are spread over the logarithm, the short ones more often.
    let logarithm = 0.5 + libm::pow(random.uniform(), 1.6);
    finish(Stage::Cepheid, cepheid::absolute_magnitude(logarithm), direction.map(|x| x * distance), random)
}

/// A quasar or a galaxy: as good as infinitely far and at rest; seen outside the plane of the Galaxy.
fn extragalactic(stage: Stage, random: &mut Random) -> Body {
    let direction = loop {
        let direction = isotropic(random);
        if sky::to_galactic(direction)[2].abs() > 0.25 {
            break direction;
        }
    };
    let magnitude = 20.6 - random.exponential(0.9).min(5.0);
    // At 10^6 kpc the distance modulus is 45.
    let star = Intrinsic::new(stage, magnitude - 45.0, 0.0, random);
    Body { star, position: direction.map(|x| x * 1e6), velocity: [0.0; 3], extinction: extinction(direction, 1e3) }
}

/// Gives a star its metallicity and velocity by the part of the Galaxy in which it is.
fn finish(stage: Stage, absolute: f64, position: Vector, random: &mut Random) -> Body {
    let [x, y, z] = sky::to_galactic(position);
    let height = (z + 0.02).abs();
    let (to_center, radius) = (SUN_RADIUS - x, libm::hypot(SUN_RADIUS - x, y));
    let halo = stage == Stage::RrLyrae || random.chance((height / 5.0 + radius / 60.0 - 0.12).clamp(0.002, 1.0));
    let thick = !halo && random.chance((0.06 + height / 2.0).min(1.0));
    // Dispersions toward the center, along the rotation and upward; mean rotation; metallicity.
    let (dispersion, mean, metallicity) = match (halo, thick) {
        (true, _) => ([140.0, 105.0, 95.0], 0.0, random.gauss(-1.4, 0.35)),
        (_, true) => ([63.0, 42.0, 38.0], ROTATION - 48.0, random.gauss(-0.55, 0.2)),
        _ => ([35.0, 24.0, 17.0], ROTATION - 12.0, random.gauss(-0.02 - 0.05 * (radius - SUN_RADIUS), 0.17)),
    };
    let outward = dispersion[0] * random.normal();
    let around = mean + dispersion[1] * random.normal();
    let upward = dispersion[2] * random.normal();
    let (sin, cos) = (y / radius, to_center / radius);
    let galactic = [
        around * sin - outward * cos - SUN_MOTION[0],
        around * cos + outward * sin - ROTATION - SUN_MOTION[1],
        upward - SUN_MOTION[2],
    ];
    let (_, _, distance) = sky::spherical(position);
    let direction = position.map(|x| x / distance);
    Body {
        star: Intrinsic::new(stage, absolute, metallicity.clamp(-3.2, 0.6), random),
        position,
        velocity: sky::from_galactic(galactic),
        extinction: extinction(direction, distance) * random.gauss(1.0, 0.12).max(0.0),
    }
}

/// An apparent magnitude: counts that grow by a factor of about 1.9 a magnitude.
fn apparent(random: &mut Random) -> f64 {
    let slope = 0.28;
    let (low, high) = (libm::exp10(slope * 5.0), libm::exp10(slope * 20.8));
    libm::log10(low + (high - low) * random.uniform()) / slope
}

/// A direction of the field: crowded along the plane and toward the center of the Galaxy.
fn direction(random: &mut Random) -> Vector {
    let kind = random.uniform();
    let (l, b) = if kind < 0.22 {
        (random.gauss(0.0, 14.0), random.gauss(0.0, 7.0))
    } else if kind < 0.75 {
        let sign = if random.chance(0.5) { 1.0 } else { -1.0 };
        // Inner longitudes hold more than outer ones.
        let l = if random.chance(0.35) { random.gauss(0.0, 55.0) } else { random.between(0.0, 360.0) };
        (l, sign * random.exponential(11.0))
    } else {
        return isotropic(random);
    };
    sky::from_galactic(sky::unit(l, b.clamp(-90.0, 90.0)))
}

/// Dust in a thin layer with holes: extinction in the visual up to a distance (kpc), mag.
fn extinction(direction: Vector, distance: f64) -> f64 {
    let (l, b, _) = sky::spherical(sky::to_galactic(direction));
    let scale_height = 0.11;
    let sin = libm::sin(b.to_radians()).abs().max(1e-3);
    let path = scale_height / sin * (1.0 - libm::exp(-distance * sin / scale_height));
    let l = l.to_radians();
    let clouds = 1.0 + 0.45 * libm::sin(3.0 * l + 0.6) * libm::cos(0.12 * b) + 0.3 * libm::sin(11.0 * l + 0.3 * b);
    // Beyond some kiloparsecs a survey sees only through windows.
    (0.85 * path.min(6.0) * clouds.max(0.15)).min(9.0)
}

/// A direction, all being equal.
fn isotropic(random: &mut Random) -> Vector {
    let z = random.between(-1.0, 1.0);
    let (sin, cos) = libm::sincos(std::f64::consts::TAU * random.uniform());
    let radius = libm::sqrt(1.0 - z * z);
    [radius * cos, radius * sin, z]
}
