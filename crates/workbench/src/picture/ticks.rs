//! Places on an axis that people can read: steps of 1, 2 or 5 times a power of ten; decades on logarithmic axes.

use super::Scale;
use super::axis::Tick;

/// Ticks of an axis from `low` to `high` (both finite, `low < high`, positive on a logarithmic one) with room for about `most`
/// labels. `at` is the place between the ends, before the axis is reversed.
pub(super) fn ticks(scale: Scale, low: f64, high: f64, most: usize) -> Vec<Tick> {
    match scale {
        Scale::Linear => linear(low, high, most),
        Scale::Log => logarithmic(low, high, most),
    }
}

fn linear(low: f64, high: f64, most: usize) -> Vec<Tick> {
    let (step, parts) = step(high - low, most);
    let minor = step / f64::from(parts);
    let (first, last) = ((low / minor).ceil(), (high / minor).floor());
    // A range of a few bits of a large number has no steps that can be told apart.
    if !(minor > 0.0 && (last - first) < 1000.0 && low + minor > low) {
        return Vec::new();
    }
    let at = |value: f64| ((value - low) / (high - low)).clamp(0.0, 1.0);
    (0..=(last - first) as i64)
        .map(|number| {
            let number = first as i64 + number;
            let value = number as f64 * minor;
            let label = (number % i64::from(parts) == 0).then(|| linear_label(value, step));
            Tick { value, at: at(value), label: label.unwrap_or_default() }
        })
        .collect()
}

/// The distance of labels, and the parts into which minor ticks divide it.
fn step(span: f64, most: usize) -> (f64, u8) {
    let rough = span / most.max(1) as f64;
    let power = 10f64.powf(rough.log10().floor());
    let (factor, parts) = match rough / power {
        mantissa if mantissa <= 1.0 + 1e-9 => (1.0, 5),
        mantissa if mantissa <= 2.0 + 1e-9 => (2.0, 4),
        mantissa if mantissa <= 5.0 + 1e-9 => (5.0, 5),
        _ => (10.0, 5),
    };
    (factor * power, parts)
}

/// As many decimals as the step has; powers of ten where plain digits would be long.
fn linear_label(value: f64, step: f64) -> String {
    let value = if value.abs() < step / 2.0 { 0.0 } else { value };
    let decimals = (-step.log10() - 1e-9).ceil().max(0.0);
    if decimals > 6.0 || (value.abs() >= 1e7 && step >= 1e3) {
        let digits = if value == 0.0 {
            0.0
        } else {
            (value.abs().log10().floor() - (step.log10() + 1e-9).floor()).clamp(0.0, 15.0)
        };
        return exponential(&format!("{value:.*e}", digits as usize));
    }
    signed(&format!("{value:.*}", decimals as usize))
}

fn logarithmic(low: f64, high: f64, most: usize) -> Vec<Tick> {
    let (from, to) = (low.log10(), high.log10());
    if !(from.is_finite() && to.is_finite()) {
        return Vec::new();
    }
    let at = |value: f64| ((value.log10() - from) / (to - from)).clamp(0.0, 1.0);
    // Within one decade powers of ten are too few: steps as on a linear axis, at their logarithmic places.
    if to - from < 1.0 {
        return linear(low, high, most).into_iter().map(|tick| Tick { at: at(tick.value), ..tick }).collect();
    }
    let every = ((to - from) / most.max(1) as f64).ceil().max(1.0) as i32;
    let factors: &[u8] = match every {
        1 => &[1, 2, 3, 4, 5, 6, 7, 8, 9],
        _ => &[1],
    };
    let between = to - from < most as f64 / 2.5;
    let mut ticks = Vec::new();
    for decade in from.floor() as i32..=to.ceil() as i32 {
        for factor in factors {
            let value = f64::from(*factor) * 10f64.powi(decade);
            if value < low * (1.0 - 1e-9) || value > high * (1.0 + 1e-9) || !value.is_normal() {
                continue;
            }
            let labelled = match factor {
                1 => decade.rem_euclid(every) == 0,
                2 | 5 => between,
                _ => false,
            };
            let label = if labelled { log_label(*factor, decade) } else { String::new() };
            ticks.push(Tick { value, at: at(value), label });
        }
    }
    ticks
}

fn log_label(factor: u8, decade: i32) -> String {
    match decade {
        -3..0 => format!("{:.*}", decade.unsigned_abs() as usize, f64::from(factor) * 10f64.powi(decade)),
        0..5 => format!("{}", u64::from(factor) * 10u64.pow(decade.unsigned_abs())),
        _ => exponential(&format!("{factor}e{decade}")),
    }
}

/// The digits of exponents.
const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/// `1.5e-6` as `1.5×10⁻⁶`, `1e6` as `10⁶`.
fn exponential(text: &str) -> String {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let raised = exponent
        .chars()
        .map(|digit| digit.to_digit(10).and_then(|digit| RAISED.get(digit as usize)).copied().unwrap_or('⁻'));
    match mantissa.trim_end_matches('0').trim_end_matches('.') {
        "" | "-" => "0".to_owned(),
        "1" => format!("10{}", raised.collect::<String>()),
        "-1" => format!("−10{}", raised.collect::<String>()),
        _ => format!("{}×10{}", signed(mantissa), raised.collect::<String>()),
    }
}

/// With the minus of typography, which is as wide as a digit.
fn signed(text: &str) -> String {
    text.strip_prefix('-').map_or_else(|| text.to_owned(), |digits| format!("−{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: Scale, low: f64, high: f64) -> String {
        let ticks = ticks(scale, low, high, 6);
        assert!(ticks.iter().all(|tick| (0.0..=1.0).contains(&tick.at)), "{ticks:?}");
        let labels: Vec<String> = ticks.into_iter().map(|tick| tick.label).filter(|label| !label.is_empty()).collect();
        labels.join(" ")
    }

    #[test]
    fn steps_are_one_two_or_five() {
        assert_eq!(labels(Scale::Linear, 0.0, 10.0), "0 2 4 6 8 10");
        assert_eq!(labels(Scale::Linear, -0.52, 5.3), "0 1 2 3 4 5");
        assert_eq!(labels(Scale::Linear, -1.0, 1.0), "−1.0 −0.5 0.0 0.5 1.0");
        assert_eq!(labels(Scale::Linear, 0.0, 0.003), "0.0000 0.0005 0.0010 0.0015 0.0020 0.0025 0.0030");
        assert_eq!(labels(Scale::Linear, 56.6, 56.9), "56.60 56.65 56.70 56.75 56.80 56.85 56.90");
        assert_eq!(labels(Scale::Linear, 0.0, 3e9), "0 5×10⁸ 10⁹ 1.5×10⁹ 2.0×10⁹ 2.5×10⁹ 3.0×10⁹");
        assert_eq!(labels(Scale::Linear, 0.0, 3e-9), "0 5×10⁻¹⁰ 10⁻⁹ 1.5×10⁻⁹ 2.0×10⁻⁹ 2.5×10⁻⁹ 3.0×10⁻⁹");
    }

    #[test]
    fn minor_ticks_divide_evenly() {
        let ticks = ticks(Scale::Linear, 0.0, 10.0, 6);
        assert_eq!(ticks.len(), 21);
        assert_eq!((ticks[1].value, ticks[1].at, ticks[1].label.as_str()), (0.5, 0.05, ""));
    }

    #[test]
    fn logarithmic_axes_have_decades() {
        assert_eq!(labels(Scale::Log, 1.0, 1000.0), "1 10 100 1000");
        assert_eq!(labels(Scale::Log, 0.5, 60.0), "0.5 1 2 5 10 20 50");
        assert_eq!(labels(Scale::Log, 1e-12, 1e12), "10⁻¹² 10⁻⁸ 10⁻⁴ 1 10⁴ 10⁸ 10¹²".replace("10⁴", "10000"));
        assert_eq!(labels(Scale::Log, 3.0, 8.0), "3 4 5 6 7 8");
        let ticks = ticks(Scale::Log, 1.0, 100.0, 3);
        assert_eq!((ticks[9].value, ticks[9].at), (10.0, 0.5));
    }

    #[test]
    fn no_range_makes_endless_ticks() {
        for (low, high) in
            [(1e300, 1.000_000_000_000_000_2e300), (0.0, 5e-324), (-1e308, 1e308), (1.0, 1.0 + f64::EPSILON)]
        {
            assert!(ticks(Scale::Linear, low, high, 6).len() < 100, "{low} {high}");
        }
        assert!(ticks(Scale::Log, 1e-300, 1e300, 6).len() < 1000);
    }
}
