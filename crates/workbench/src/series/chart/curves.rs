//! Light curves: a picture for each source, a layer for each band.

use super::shapes::{Place, sample};
use super::{Chart, ChartSpec, Charts, Kind, Layer, axis, chosen, counted, exact, number, of};
use crate::series::{LightCurve, Observation, phase};

/// Bands with the numbers of their colors: green, blue and red as the light is.
const COLORS: [(&str, u8); 3] = [("G", 2), ("BP", 0), ("RP", 1)];

/// The zero of the times, in words for the axis.
const TIME: &str = "Barycentric time − JD 2455197.5";

pub(super) fn light_curves(all: &[&LightCurve], spec: &ChartSpec, out: &mut Charts) {
    out.kind = Kind::LightCurve;
    for curve in all {
        if !out.bands.contains(&curve.band) {
            out.bands.push(curve.band.clone());
        }
    }
    let period = match number(&spec.period).filter(|days| *days > 0.0) {
        None if !spec.period.trim().is_empty() => {
            out.problem = Some(format!("“{}” is not a period in days; the curve is not folded.", spec.period.trim()));
            None
        }
        period => period,
    };
    if period.is_some() && !spec.epoch.trim().is_empty() && number(&spec.epoch).is_none() {
        out.problem =
            Some(format!("“{}” is not a time; the phase begins at the first observation.", spec.epoch.trim()));
    }
    for source in chosen(all.iter().map(|curve| curve.source.as_str()), spec, out) {
        let curves: Vec<&LightCurve> = all.iter().filter(|curve| curve.source == source).copied().collect();
        out.charts.push(chart(&source, &curves, period, spec));
    }
}

fn chart(source: &str, curves: &[&LightCurve], period: Option<f64>, spec: &ChartSpec) -> Chart {
    let shown = |seen: &&Observation| spec.rejected || !seen.rejected;
    let all = || curves.iter().flat_map(|curve| &curve.observations).filter(shown);
    let error = |seen: &Observation| seen.error.filter(|_| spec.errors).unwrap_or(0.0);
    let first = all().map(|seen| seen.time).fold(f64::INFINITY, f64::min);
    let epoch = number(&spec.epoch).unwrap_or(first);
    let (width, height) = spec.size;
    let x = match period {
        // Two cycles: what happens at phase zero is seen whole.
        Some(_) => exact("Phase", None, (0.0, 2.0), width),
        None => axis(TIME, Some("d"), all().map(|seen| seen.time), width),
    };
    let ends = all().flat_map(|seen| [seen.magnitude - error(seen), seen.magnitude + error(seen)]);
    let y = axis("Magnitude", Some("mag"), ends, height).turned(true);
    let place = Place { x: &x, y: &y, size: spec.size };
    let mut words = Vec::new();
    let layer = |(number, curve): (usize, &&LightCurve)| {
        let known = COLORS.iter().position(|(band, _)| *band == curve.band);
        let (form, color) = known.map_or((3, 3 + number as u8), |at| (at, COLORS[at].1));
        let mut layer = Layer { label: curve.band.clone(), color, sample: sample(form), ..Layer::default() };
        for seen in curve.observations.iter().filter(shown) {
            let places = match period {
                Some(days) => {
                    let phase = phase(seen.time, days, epoch);
                    [phase, phase + 1.0]
                }
                None => [seen.time, f64::NAN],
            };
            for at in places {
                if seen.rejected {
                    place.cross(at, seen.magnitude, &mut layer.crosses);
                    continue;
                }
                place.mark(form, at, seen.magnitude, &mut layer.marks);
                if let Some(error) = seen.error.filter(|_| spec.errors) {
                    place.error(at, seen.magnitude - error, seen.magnitude + error, &mut layer.errors);
                }
            }
        }
        words.push(in_words(curve));
        layer
    };
    let layers = curves.iter().enumerate().map(layer).collect();
    let folded = period.map_or_else(String::new, |days| format!(", folded by {days} d"));
    let title = format!("Light curve{}{folded}", of(source));
    let summary = format!("{title}. {}. Magnitudes grow downwards.", words.join("; "));
    Chart { title, summary, size: spec.size, x, y, layers }
}

fn in_words(curve: &LightCurve) -> String {
    let seen = &curve.observations;
    let rejected = seen.iter().filter(|seen| seen.rejected).count();
    let kept = || seen.iter().filter(|seen| !seen.rejected).map(|seen| seen.magnitude);
    let (brightest, faintest) = (kept().fold(f64::INFINITY, f64::min), kept().fold(f64::NEG_INFINITY, f64::max));
    let range = if brightest <= faintest { format!(", {brightest:.3} to {faintest:.3} mag") } else { String::new() };
    format!("{}: {}, {rejected} rejected{range}", curve.band, counted(seen.len(), "observation"))
}
