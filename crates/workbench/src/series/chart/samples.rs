//! Samples of a posterior: a histogram of each parameter, or each pair of some.

use super::shapes::Place;
use super::{Chart, ChartSpec, Charts, Kind, Layer, axis, chosen, counted, of};
use crate::picture::AxisShown;
use crate::series::Samples;
use crate::statistics::quantile;

/// Bins of a histogram: few enough for a hundred samples, more for thousands.
fn bins(count: usize) -> usize {
    ((count as f64).sqrt() as usize).clamp(8, 40)
}

type Parameter = (String, Option<String>, Vec<f64>);

pub(super) fn samples(all: &[&Samples], spec: &ChartSpec, out: &mut Charts) {
    out.kind = Kind::Samples;
    if let Some(first) = all.first() {
        out.parameters = first.parameters.iter().map(|parameter| parameter.0.clone()).collect();
    }
    for source in chosen(all.iter().map(|one| one.source.as_str()), spec, out) {
        let Some(own) = all.iter().find(|one| one.source == source) else { continue };
        // What was never measured has no histogram.
        let usable = |parameter: &&Parameter| parameter.2.iter().any(|value| value.is_finite());
        let parameters: Vec<&Parameter> = own.parameters.iter().filter(usable).collect();
        if spec.pairs.is_empty() {
            out.charts.extend(parameters.iter().map(|parameter| histogram(parameter, &source, spec)));
            continue;
        }
        let wanted: Vec<_> = parameters.into_iter().filter(|parameter| spec.pairs.contains(&parameter.0)).collect();
        for (number, one) in wanted.iter().enumerate() {
            out.charts.extend(wanted[number + 1..].iter().map(|other| pair(one, other, &source, spec)));
        }
    }
}

fn histogram((name, unit, values): &Parameter, source: &str, spec: &ChartSpec) -> Chart {
    let mut values: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    let x = axis(name, unit.as_deref(), values.iter().copied(), spec.size.0);
    let number = bins(values.len());
    let step = (x.high - x.low) / number as f64;
    let mut counts = vec![0usize; number];
    for value in &values {
        counts[(((value - x.low) / step) as usize).min(number - 1)] += 1;
    }
    let highest = counts.iter().copied().max().unwrap_or(1).max(1);
    let y = super::exact("Samples", None, (0.0, highest as f64 * 1.05), spec.size.1);
    let place = Place { x: &x, y: &y, size: spec.size };
    let mut layer = Layer { label: name.clone(), ..Layer::default() };
    for (bin, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let from = x.low + step * bin as f64;
        place.bar(from, from + step, *count as f64, &mut layer.area);
    }
    let parts = [0.16, 0.5, 0.84].map(|part| quantile(&mut values, part));
    for value in parts {
        place.error(value, 0.0, y.high, &mut layer.errors);
    }
    let title = format!("{name}{}", of(source));
    let unit = unit.as_ref().map_or_else(String::new, |unit| format!(" {unit}"));
    let [low, median, high] = parts.map(|value| digits(value, parts[2] - parts[0]));
    let summary = format!(
        "Histogram of {title}: {}, median {median}{unit}, 68 % between {low} and {high}{unit}.",
        counted(values.len(), "sample")
    );
    Chart { title, summary, size: spec.size, x, y, layers: vec![layer] }
}

fn pair(one: &Parameter, other: &Parameter, source: &str, spec: &ChartSpec) -> Chart {
    let both = |parameter: &Parameter, pixels: u32| -> AxisShown {
        axis(&parameter.0, parameter.1.as_deref(), parameter.2.iter().copied(), pixels)
    };
    let (x, y) = (both(one, spec.size.0), both(other, spec.size.1));
    let place = Place { x: &x, y: &y, size: spec.size };
    let mut layer = Layer { label: format!("{} and {}", one.0, other.0), ..Layer::default() };
    for (x, y) in one.2.iter().zip(&other.2) {
        // One looks through them: where many lie it is darker.
        place.mark(0, *x, *y, &mut layer.area);
    }
    let title = format!("{} against {}{}", other.0, one.0, of(source));
    let summary = format!("{title}: {}.", counted(one.2.len().min(other.2.len()), "sample"));
    Chart { title, summary, size: spec.size, x, y, layers: vec![layer] }
}

/// A value with two digits more than its uncertainty needs.
fn digits(value: f64, uncertainty: f64) -> String {
    let decimals = if uncertainty > 0.0 { (2.0 - uncertainty.log10()).ceil().clamp(0.0, 9.0) } else { 3.0 };
    format!("{value:.*}", decimals as usize)
}
