//! Quantiles by selection: exact up to four million values, of every n-th value above.

/// Values that are kept: 32 MiB.
const KEPT: usize = 4 << 20;

#[derive(Debug)]
pub(super) struct Sample {
    values: Vec<f64>,
    /// Every so many values one is kept.
    stride: usize,
    /// Values that are passed over before the next one is kept.
    pass: usize,
}

impl Sample {
    /// A sample of at most `expected` values.
    pub(super) fn new(expected: usize) -> Sample {
        Sample { values: Vec::new(), stride: expected.div_ceil(KEPT).max(1), pass: 0 }
    }

    pub(super) fn add(&mut self, value: f64) {
        if self.pass == 0 {
            self.values.push(value);
            self.pass = self.stride;
        }
        self.pass -= 1;
    }

    pub(super) fn is_whole(&self) -> bool {
        self.stride == 1
    }

    pub(super) fn quantiles<const N: usize>(&mut self, parts: [f64; N]) -> Option<[f64; N]> {
        (!self.values.is_empty()).then(|| parts.map(|part| quantile(&mut self.values, part)))
    }
}

/// The value below which a part of the values lies, linear between neighbors (numpy's default). Puts the values, of which there
/// is at least one and none NaN, in another order.
pub(crate) fn quantile(values: &mut [f64], part: f64) -> f64 {
    let place = part.clamp(0.0, 1.0) * (values.len() - 1) as f64;
    let (at, rest) = (place.floor() as usize, place.fract());
    let (_, value, above) = values.select_nth_unstable_by(at, f64::total_cmp);
    let value = *value;
    if rest == 0.0 {
        return value;
    }
    let next = above.iter().copied().min_by(f64::total_cmp).unwrap_or(value);
    value + (next - value) * rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_neighbors() {
        let mut values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!([0.0, 0.25, 0.5, 1.0].map(|part| quantile(&mut values, part)), [1.0, 1.75, 2.5, 4.0]);
    }

    #[test]
    fn a_long_column_is_sampled_regularly() {
        let mut sample = Sample::new(3 * KEPT);
        (0..3 * KEPT).for_each(|at| sample.add(at as f64));
        assert!(!sample.is_whole() && sample.values.len() == KEPT);
        let [median] = sample.quantiles([0.5]).unwrap();
        assert!((median / (1.5 * KEPT as f64) - 1.0).abs() < 1e-6);
    }
}
