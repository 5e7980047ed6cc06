//! The range of an axis that nobody gave: where the values are, but not stretched by a few that are far off.

use super::Scale;

/// Values that are looked at.
pub(super) const SAMPLE: usize = 100_000;

/// Parts of the values on either side that may be cut off if they are far off.
const TAIL: f64 = 0.002;

/// How far beyond the rest values may lie, in parts of the span of the rest, and still be shown.
const NEAR: f64 = 0.3;

/// Drawn values beyond this are no places: their differences could not be held, nor the values whose logarithms they are.
fn huge(scale: Scale) -> f64 {
    match scale {
        Scale::Linear => 1e300,
        Scale::Log => 290.0,
    }
}

/// Free room at either end.
const MARGIN: f64 = 0.03;

/// The range of drawn values (logarithms, on a logarithmic axis). Reorders and empties what it is given.
pub(crate) fn automatic(values: &mut Vec<f64>, scale: Scale) -> (f64, f64) {
    values.retain(|value| value.abs() <= huge(scale));
    if values.is_empty() {
        return (0.0, 1.0);
    }
    let (low, high) = (crate::statistics::quantile(values, TAIL), crate::statistics::quantile(values, 1.0 - TAIL));
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    values.clear();
    let span = high - low;
    // Nearly all the same: then the others are what there is to see.
    let (low, high) = if span > 0.0 {
        let near = NEAR * span;
        (if least >= low - near { least } else { low }, if greatest <= high + near { greatest } else { high })
    } else {
        (least, greatest)
    };
    let span = high - low;
    if span > 0.0 {
        return (low - MARGIN * span, high + MARGIN * span);
    }
    around(low, scale)
}

/// A range given by hand, in drawn values, low first; `None` where it is none.
pub(crate) fn given(range: (f64, f64), scale: Scale) -> Option<(f64, f64)> {
    let (low, high) = (range.0.min(range.1), range.0.max(range.1));
    let high = scale.forward(high);
    // A logarithmic axis that shall begin at zero begins three decades below its end.
    let low = match (scale, scale.forward(low)) {
        (Scale::Log, low) if low.is_nan() => high - 3.0,
        (_, low) => low,
    };
    if !(low.abs() <= huge(scale) && high.abs() <= huge(scale)) {
        return None;
    }
    Some(if low < high { (low, high) } else { around(low, scale) })
}

/// A range around one value.
fn around(value: f64, scale: Scale) -> (f64, f64) {
    let half = match scale {
        Scale::Linear if value.abs() < 1e-300 => 0.5,
        Scale::Linear => value.abs() * 0.05,
        Scale::Log => 0.3,
    };
    (value - half, value + half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_far_values_do_not_stretch_the_axis() {
        let mut values: Vec<f64> = (0..=10_000).map(|at| f64::from(at) / 10_000.0).collect();
        assert_eq!(automatic(&mut values.clone(), Scale::Linear), (-0.03, 1.03));
        values.extend([1e6, -1e9, f64::NAN, f64::INFINITY]);
        let (low, high) = automatic(&mut values, Scale::Linear);
        assert!((-0.04..0.0).contains(&low) && (1.0..1.04).contains(&high), "{low} {high}");
    }

    #[test]
    fn any_values_give_a_range() {
        assert_eq!(automatic(&mut vec![], Scale::Linear), (0.0, 1.0));
        assert_eq!(automatic(&mut vec![f64::NAN], Scale::Log), (0.0, 1.0));
        assert_eq!(automatic(&mut vec![0.0], Scale::Linear), (-0.5, 0.5));
        assert_eq!(automatic(&mut vec![-20.0; 9], Scale::Linear), (-21.0, -19.0));
        let mut spike = vec![5.0; 10_000];
        spike.push(6.0);
        assert_eq!(automatic(&mut spike, Scale::Linear), (4.97, 6.03));
    }

    #[test]
    fn ranges_by_hand_are_made_usable() {
        assert_eq!(given((5.0, 1.0), Scale::Linear), Some((1.0, 5.0)));
        assert_eq!(given((10.0, 1000.0), Scale::Log), Some((1.0, 3.0)));
        assert_eq!(given((0.0, 1000.0), Scale::Log), Some((0.0, 3.0)));
        assert_eq!(given((-5.0, -1.0), Scale::Log), None);
        assert_eq!(given((0.0, 5e-324), Scale::Log), None, "no value is below it");
        assert_eq!(given((2.0, 2.0), Scale::Linear), Some((1.9, 2.1)));
        assert_eq!(given((f64::NAN, 2.0), Scale::Linear).map(|range| range.1 > range.0), Some(true));
    }
}
