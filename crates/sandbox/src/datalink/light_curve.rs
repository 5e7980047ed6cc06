//! How a source varies: pulsation with the Fourier parameters of the catalogue, eclipses, spots, or the restlessness of a
//! quasar. A curve is in magnitudes relative to the mean flux.

use std::f64::consts::{PI, TAU};

use super::subject::{Pulsation, Subject};
use crate::catalogue::Random;

/// Purpose of the random numbers.
const PURPOSE: u64 = 4;
/// Amplitudes of the harmonics from the second on, relative to the second: the tail of a sawtooth.
const TAIL: [f64; 6] = [1.0, 0.72, 0.47, 0.29, 0.18, 0.1];
/// Points of a cycle on which extremes and mean are found.
const GRID: usize = 400;

/// The shape of a pulsation: maximum light at phase 0, and one magnitude from there to minimum.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Amplitude and phase of each harmonic.
    harmonics: Vec<(f64, f64)>,
    /// Phase of maximum light of the series.
    zero: f64,
    /// Middle of the extremes and the distance between them.
    middle: f64,
    range: f64,
}

impl Shape {
    /// The shape that belongs to these Fourier parameters.
    pub fn new(pulsation: &Pulsation) -> Shape {
        // In cosines a sawtooth that rises at once and fades slowly has the phases 3π/2, π, π/2 … relative to the first; what
        // the third has less than π is the roundness of the real curve, which grows with the harmonic.
        let lag = (pulsation.phi31 - PI) / 2.0;
        let phi21 = pulsation.phi21.unwrap_or(1.5 * PI + lag * 0.7);
        let mut harmonics = vec![(1.0, 0.0), (pulsation.r21, phi21), (pulsation.r21 * TAIL[1], pulsation.phi31)];
        for (at, tail) in TAIL.iter().enumerate().skip(2) {
            let before = harmonics[at].1;
            harmonics.push((pulsation.r21 * tail, before + 1.5 * PI + lag));
        }
        let mut shape = Shape { harmonics, zero: 0.0, middle: 0.0, range: 1.0 };
        let points: Vec<(f64, f64)> = grid().map(|phase| (phase, shape.series(phase))).collect();
        let extreme = |sign: f64| {
            points.iter().copied().fold((0.0, f64::INFINITY), |best, point| {
                if sign * point.1 < best.1 { (point.0, sign * point.1) } else { best }
            })
        };
        let (brightest, faintest) = (extreme(1.0), extreme(-1.0));
        shape.zero = brightest.0;
        shape.middle = (brightest.1 - faintest.1) / 2.0;
        shape.range = -faintest.1 - brightest.1;
        shape
    }

    /// Magnitude at a phase from 0 to 1, −0.5 at maximum light and 0.5 at minimum.
    pub fn at(&self, phase: f64) -> f64 {
        (self.series(phase + self.zero) - self.middle) / self.range
    }

    fn series(&self, phase: f64) -> f64 {
        let angle = TAU * phase;
        let term =
            |(at, (amplitude, shift)): (usize, &(f64, f64))| amplitude * libm::cos((at + 1) as f64 * angle + shift);
        self.harmonics.iter().enumerate().map(term).sum()
    }
}

/// How a source varies.
pub enum LightCurve {
    /// Pulsates: shape, period, epoch, amplitudes in G, BP, RP, and what brings the mean flux to that of the catalogue.
    Pulsation(Box<Shape>, Pulsation, [f64; 3]),
    /// Two eclipses in a period: period, epoch, depths.
    Eclipses { period: f64, epoch: f64, depths: [f64; 2] },
    /// Spots on a star that turns: period, epoch, amplitude.
    Spots { period: f64, epoch: f64, amplitude: f64 },
    /// A damped random walk, drawn at the times of the transits.
    Walk(Vec<(f64, f64)>),
}

impl LightCurve {
    /// The light curve of a source that is seen at these times (in order).
    pub fn of(subject: &Subject, times: &[f64]) -> LightCurve {
        let mut random = subject.stream(PURPOSE);
        match subject.pulsation {
            Some(pulsation) => LightCurve::pulsation(pulsation),
            None if subject.quasar => LightCurve::Walk(walk(times, &mut random)),
            None if random.chance(0.5) => LightCurve::Eclipses {
                period: libm::exp10(random.between(-0.5, 1.0)),
                epoch: random.between(1_650.0, 1_660.0),
                depths: [random.between(0.2, 0.6), random.between(0.05, 0.2)],
            },
            None => LightCurve::Spots {
                period: libm::exp10(random.between(-0.3, 1.3)),
                epoch: random.between(1_650.0, 1_660.0),
                amplitude: random.between(0.03, 0.12),
            },
        }
    }

    fn pulsation(pulsation: Pulsation) -> LightCurve {
        let shape = Shape::new(&pulsation);
        let offsets = pulsation.amplitudes.map(|amplitude| {
            let flux: f64 = grid().map(|phase| libm::exp10(-0.4 * amplitude * shape.at(phase))).sum();
            2.5 * libm::log10(flux / GRID as f64)
        });
        LightCurve::Pulsation(Box::new(shape), pulsation, offsets)
    }

    /// Magnitude in a band (0 G, 1 BP, 2 RP) relative to the mean.
    pub fn at(&self, time: f64, band: usize) -> f64 {
        match self {
            LightCurve::Pulsation(shape, pulsation, offsets) => {
                pulsation.amplitudes[band] * shape.at(phase(time, pulsation.epoch, pulsation.period)) + offsets[band]
            }
            LightCurve::Eclipses { period, epoch, depths } => {
                let phase = phase(time, *epoch, *period);
                let eclipse = |center: f64, depth: f64| {
                    let x = (phase - center) / 0.035;
                    depth * libm::exp(-0.5 * x * x)
                };
                eclipse(0.0, depths[0]) + eclipse(1.0, depths[0]) + eclipse(0.5, depths[1]) - 0.02
            }
            LightCurve::Spots { period, epoch, amplitude } => {
                // Spots are cooler than the rest, so they show most in the blue.
                let color = [1.0, 1.3, 0.75][band];
                color * amplitude / 2.0 * libm::cos(TAU * phase(time, *epoch, *period))
            }
            LightCurve::Walk(points) => {
                let color = [1.0, 1.2, 0.8][band];
                let next = points.partition_point(|point| point.0 < time).min(points.len().saturating_sub(1));
                points.get(next).map_or(0.0, |point| color * point.1)
            }
        }
    }
}

/// Phase from 0 to 1.
pub fn phase(time: f64, epoch: f64, period: f64) -> f64 {
    let cycles = (time - epoch) / period;
    cycles - libm::floor(cycles)
}

/// A walk that forgets within 200 days and spreads by 0.15 mag.
fn walk(times: &[f64], random: &mut Random) -> Vec<(f64, f64)> {
    let (memory, spread) = (200.0, 0.15);
    let mut last: Option<(f64, f64)> = None;
    times
        .iter()
        .map(|&time| {
            let kept = last.map_or(0.0, |(before, _)| libm::exp(-(time - before) / memory));
            let value =
                kept * last.map_or(0.0, |(_, value)| value) + spread * libm::sqrt(1.0 - kept * kept) * random.normal();
            last = Some((time, value));
            (time, value)
        })
        .collect()
}

fn grid() -> impl Iterator<Item = f64> {
    (0..GRID).map(|at| at as f64 / GRID as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(r21: f64, phi31: f64) -> Shape {
        let amplitudes = [1.0, 1.2, 0.8];
        Shape::new(&Pulsation { period: 0.55, epoch: 0.0, amplitudes, r21, phi21: None, phi31 })
    }

    #[test]
    fn an_rr_lyrae_of_type_ab_rises_fast_and_fades_slowly() {
        for phi31 in [1.6, 2.0, 2.6] {
            let shape = shape(0.45, phi31);
            let faintest = grid().max_by(|a, b| shape.at(*a).total_cmp(&shape.at(*b))).unwrap();
            assert!(shape.at(0.0) < -0.49, "maximum light at phase 0: {}", shape.at(0.0));
            assert!(faintest > 0.6, "the rise takes less than 0.4 of the period: {faintest}");
            // It fades all the way, but for the bump before minimum.
            assert!(shape.at(0.15) < shape.at(0.35) && shape.at(0.35) < shape.at(0.55), "{phi31}");
        }
    }

    #[test]
    fn the_fourier_parameters_are_those_of_the_catalogue() {
        let shape = shape(0.42, 2.2);
        let component = |order: f64| {
            let (mut cos, mut sin) = (0.0, 0.0);
            for phase in grid() {
                let value = shape.at(phase);
                cos += value * libm::cos(order * TAU * phase);
                sin += value * libm::sin(order * TAU * phase);
            }
            (libm::hypot(cos, sin), libm::atan2(-sin, cos))
        };
        let (first, second, third) = (component(1.0), component(2.0), component(3.0));
        assert!((second.0 / first.0 - 0.42).abs() < 1e-6);
        let phi31 = (third.1 - 3.0 * first.1).rem_euclid(TAU);
        assert!((phi31 - 2.2).abs() < 1e-6, "{phi31}");
    }
}
