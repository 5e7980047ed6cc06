//! A simple search for a period: the generalised Lomb–Scargle periodogram (Zechmeister and Kürster 2009), a sine with a free
//! mean fitted at each frequency. Step by step, since thousands of frequencies take a while.

use serde::{Deserialize, Serialize};

use crate::progress::{Progress, part};

/// Frequencies, at most; a wider range is searched more coarsely.
const FREQUENCIES: usize = 200_000;

/// Frequencies for each width of a peak.
const OVERSAMPLED: f64 = 8.0;

/// Values of the periodogram that are given back to be drawn.
const DRAWN: usize = 1000;

/// Which periods are searched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SearchSpec {
    /// Time, value and error; an error that is not positive counts as one that all have.
    pub points: Vec<(f64, f64, f64)>,
    /// The shortest period, in the unit of the times.
    pub shortest: f64,
    /// The longest period.
    pub longest: f64,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Period {
    /// The period of the highest peak.
    pub period: f64,
    /// The part of the scatter that a sine of this period explains, 0 to 1.
    pub power: f64,
    /// The time of the smallest value of the fitted sine (the maximum of light, for magnitudes): the epoch to fold from.
    pub epoch: f64,
    /// Period and power, the highest of each part of the range, by falling period.
    pub periodogram: Vec<(f64, f64)>,
    /// Frequencies that were tried.
    pub tried: usize,
    /// Period and epoch with the digits that the span of the times allows, to be typed or read.
    pub words: (String, String),
}

/// A search in the making.
#[derive(Debug)]
pub struct Search {
    /// Time since the middle, value less the mean, weight.
    points: Vec<(f64, f64, f64)>,
    middle: f64,
    lowest: f64,
    step: f64,
    count: usize,
    next: usize,
    /// Scatter of the values.
    scatter: f64,
    best: (f64, f64),
    drawn: Vec<(f64, f64)>,
}

impl Search {
    /// A search; `None` for fewer than four points with different times, or periods that are no range.
    pub fn new(spec: &SearchSpec) -> Option<Search> {
        let finite = |(time, value, _): &&(f64, f64, f64)| time.is_finite() && value.is_finite();
        let points: Vec<_> = spec.points.iter().filter(finite).copied().collect();
        let first = points.iter().map(|point| point.0).fold(f64::INFINITY, f64::min);
        let last = points.iter().map(|point| point.0).fold(f64::NEG_INFINITY, f64::max);
        let (shortest, longest) = (spec.shortest.min(spec.longest), spec.shortest.max(spec.longest));
        let usable = shortest > 0.0 && longest.is_finite() && longest > shortest && last > first;
        if points.len() < 4 || !usable {
            return None;
        }
        let weight = |error: f64| if error > 0.0 { 1.0 / (error * error) } else { 1.0 };
        let even = points.iter().any(|point| point.2.is_nan() || point.2 <= 0.0);
        let total: f64 = points.iter().map(|point| if even { 1.0 } else { weight(point.2) }).sum();
        let middle = (first + last) / 2.0;
        let mut points: Vec<_> = points
            .into_iter()
            .map(|(time, value, error)| (time - middle, value, if even { 1.0 } else { weight(error) } / total))
            .collect();
        let mean: f64 = points.iter().map(|(_, value, weight)| value * weight).sum();
        points.iter_mut().for_each(|point| point.1 -= mean);
        let scatter: f64 = points.iter().map(|(_, value, weight)| weight * value * value).sum();
        // What is left of equal values is rounding.
        let scatter = if scatter > (mean * 1e-12).powi(2) { scatter } else { 0.0 };
        let (lowest, highest) = (1.0 / longest, 1.0 / shortest);
        let wanted = (highest - lowest) * (last - first) * OVERSAMPLED;
        let count = (wanted.ceil() as usize).clamp(2, FREQUENCIES);
        let step = (highest - lowest) / (count - 1) as f64;
        let best = (0.0, f64::NEG_INFINITY);
        Some(Search { points, middle, lowest, step, count, next: 0, scatter, best, drawn: Vec::new() })
    }

    /// Tries frequencies for about `budget` points in all.
    pub fn step(&mut self, budget: usize) -> Progress<Period> {
        let each = (budget / self.points.len()).max(1);
        let end = self.next.saturating_add(each).min(self.count);
        let together = self.count.div_ceil(DRAWN);
        for number in self.next..end {
            let frequency = self.lowest + self.step * number as f64;
            let (power, _) = self.power(frequency);
            if power > self.best.1 {
                self.best = (frequency, power);
            }
            match self.drawn.last_mut() {
                Some(last) if !number.is_multiple_of(together) => {
                    if power > last.1 {
                        *last = (1.0 / frequency, power);
                    }
                }
                _ => self.drawn.push((1.0 / frequency, power)),
            }
        }
        self.next = end;
        if end < self.count {
            return Progress::More(part(end, self.count));
        }
        Progress::Done(self.finish())
    }

    fn finish(&mut self) -> Period {
        // The peak lies between two frequencies: narrow down on it.
        let (mut low, mut high) = (self.best.0 - self.step, self.best.0 + self.step);
        for _ in 0..40 {
            let (a, b) = (low + (high - low) * 0.382, low + (high - low) * 0.618);
            if self.power(a).0 > self.power(b).0 { high = b } else { low = a }
        }
        let frequency = (low + high) / 2.0;
        let (power, (cosine, sine)) = self.power(frequency);
        // cosine * cos(2πft) + sine * sin(2πft) is smallest where its phase is π.
        let turn = (sine.atan2(cosine) + std::f64::consts::PI) / std::f64::consts::TAU;
        let (period, epoch) = (1.0 / frequency, self.middle + turn / frequency);
        // Over the span a tenth of the last digit shifts the phase by less than a thousandth.
        let span = self.points.iter().map(|point| point.0.abs()).fold(0.0, f64::max);
        let digits = (4.0 - (period * period / span.max(period)).log10()).ceil().clamp(0.0, 12.0);
        let words = (format!("{period:.*}", digits as usize), format!("{epoch:.4}"));
        Period { period, power, epoch, words, periodogram: std::mem::take(&mut self.drawn), tried: self.count }
    }

    /// The part of the scatter that a sine explains, and the factors of its cosine and sine.
    fn power(&self, frequency: f64) -> (f64, (f64, f64)) {
        let omega = std::f64::consts::TAU * frequency;
        let (mut c, mut s, mut yc, mut ys, mut cc, mut cs) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for (time, value, weight) in &self.points {
            let (sine, cosine) = (omega * time).sin_cos();
            c += weight * cosine;
            s += weight * sine;
            yc += weight * value * cosine;
            ys += weight * value * sine;
            cc += weight * cosine * cosine;
            cs += weight * cosine * sine;
        }
        // Sums about the means; the weights add up to one.
        let (ss, cc, cs) = (1.0 - cc - s * s, cc - c * c, cs - c * s);
        let determinant = cc * ss - cs * cs;
        if determinant <= 1e-12 || self.scatter <= 0.0 {
            return (0.0, (0.0, 0.0));
        }
        let (cosine, sine) = ((yc * ss - ys * cs) / determinant, (ys * cc - yc * cs) / determinant);
        let power = (cosine * yc + sine * ys) / self.scatter;
        (power.clamp(0.0, 1.0), (cosine, sine))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sine of 0.6 days, seen 60 times over 900 days.
    fn points(error: f64) -> Vec<(f64, f64, f64)> {
        let time = |n: f64| 1700.0 + n * 15.0 + (n * 12.9898).sin() * 3.0;
        let value = |time: f64| 15.0 - 0.4 * (std::f64::consts::TAU * (time - 1700.2) / 0.6).cos();
        (0..60).map(|n| time(f64::from(n))).map(|time| (time, value(time), error)).collect()
    }

    fn found(spec: &SearchSpec) -> Option<Period> {
        let mut search = Search::new(spec)?;
        loop {
            if let Progress::Done(period) = search.step(100_000) {
                return Some(period);
            }
        }
    }

    #[test]
    fn a_sine_is_found_with_its_epoch() {
        for error in [0.01, 0.0, f64::NAN] {
            let period = found(&SearchSpec { points: points(error), shortest: 0.2, longest: 1.2 }).unwrap();
            assert!((period.period - 0.6).abs() < 1e-6, "{}", period.period);
            assert!(period.power > 0.999_99);
            let brightest = super::super::phase(period.epoch, 0.6, 1700.2);
            assert!(brightest.min(1.0 - brightest) < 1e-3, "{brightest}");
            assert!(period.periodogram.len() <= DRAWN && period.tried > 10_000);
        }
    }

    #[test]
    fn what_cannot_be_searched_is_not() {
        let spec = |points: Vec<(f64, f64, f64)>, shortest, longest| SearchSpec { points, shortest, longest };
        assert_eq!(found(&spec(vec![], 0.2, 1.0)), None);
        assert_eq!(found(&spec(vec![(1.0, 1.0, 1.0); 9], 0.2, 1.0)), None, "no time passes");
        assert_eq!(found(&spec(points(1.0), 0.0, 1.0)), None);
        assert_eq!(found(&spec(points(1.0), 1.0, 1.0)), None);
        let constant = points(1.0).into_iter().map(|(time, _, error)| (time, 5.0, error)).collect();
        assert_eq!(found(&spec(constant, 0.5, 1.0)).unwrap().power, 0.0);
        let wide = found(&spec(points(1.0)[..5].to_vec(), 1e-9, 1e9)).unwrap();
        assert_eq!(wide.tried, FREQUENCIES);
    }
}
