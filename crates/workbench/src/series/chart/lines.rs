//! Spectra, several over one another, and coefficients.

use super::shapes::{Place, sample};
use super::{Chart, ChartSpec, Charts, Kind, Layer, axis, chosen, counted, of};
use crate::series::{Coefficients, Spectrum};

pub(super) fn spectra(all: &[&Spectrum], spec: &ChartSpec, out: &mut Charts) {
    out.kind = Kind::Spectrum;
    let sources = chosen(all.iter().map(|spectrum| spectrum.source.as_str()), spec, out);
    let shown = all.iter().filter(|spectrum| sources.contains(&spectrum.source));
    let shown: Vec<Spectrum> =
        shown.map(|spectrum| if spec.scaled { scaled(spectrum) } else { (*spectrum).clone() }).collect();
    let Some(first) = shown.first() else { return };
    let error = |point: &(f64, f64, f64)| if spec.errors && point.2.is_finite() { point.2 } else { 0.0 };
    let points = || shown.iter().flat_map(|spectrum| &spectrum.points);
    let wavelength = if first.wavelength_unit.is_some() { "Wavelength" } else { "Number of the sample" };
    let x = axis(wavelength, first.wavelength_unit.as_deref(), points().map(|point| point.0), spec.size.0);
    let flux = match &first.flux_unit {
        _ if spec.scaled => "Flux / mean flux",
        Some(_) => "Flux",
        None => "Flux, normalised",
    };
    let ends = points().flat_map(|point| [point.1 - error(point), point.1 + error(point)]);
    let y = axis(flux, first.flux_unit.as_deref(), ends, spec.size.1);
    let place = Place { x: &x, y: &y, size: spec.size };
    let layer = |(number, spectrum): (usize, &Spectrum)| {
        let mut layer = Layer { label: name(&spectrum.source), color: number as u8, ..Layer::default() };
        place.line(spectrum.points.iter().map(|point| (point.0, point.1)), &mut layer.line);
        if spec.errors {
            place.band(&spectrum.points, &mut layer.area);
        }
        layer
    };
    let layers = shown.iter().enumerate().map(layer).collect();
    let title = title("Spectrum", "Spectra", &sources);
    let unit = |unit: &Option<String>| unit.as_ref().map_or_else(String::new, |unit| format!(" {unit}"));
    let words: Vec<String> = shown
        .iter()
        .map(|spectrum| {
            let ends =
                [spectrum.points.first(), spectrum.points.last()].map(|point| point.map_or(0.0, |point| point.0));
            let samples = counted(spectrum.points.len(), "sample");
            format!(
                "{}: {samples} from {} to {}{}",
                name(&spectrum.source),
                ends[0],
                ends[1],
                unit(&first.wavelength_unit)
            )
        })
        .collect();
    let summary = format!("{title}. {}.", words.join("; "));
    out.charts.push(Chart { title, summary, size: spec.size, x, y, layers });
}

pub(super) fn coefficients(all: &[&Coefficients], spec: &ChartSpec, out: &mut Charts) {
    out.kind = Kind::Coefficients;
    let sources = chosen(all.iter().map(|one| one.source.as_str()), spec, out);
    for source in &sources {
        let own: Vec<&&Coefficients> = all.iter().filter(|one| one.source == *source).collect();
        let error = |value: &(f64, f64)| if spec.errors && value.1.is_finite() { value.1 } else { 0.0 };
        let longest = own.iter().map(|one| one.values.len()).max().unwrap_or(1);
        let x = axis("Number of the basis function", None, [1.0, longest as f64].into_iter(), spec.size.0);
        let values = own.iter().flat_map(|one| &one.values);
        let y = axis("Coefficient", None, values.flat_map(|v| [v.0 - error(v), v.0 + error(v)]), spec.size.1);
        let place = Place { x: &x, y: &y, size: spec.size };
        let layer = |(form, one): (usize, &&&Coefficients)| {
            let (label, sample) = (one.instrument.clone(), sample(form));
            let mut layer = Layer { label, color: form as u8, sample, ..Layer::default() };
            for (number, value) in one.values.iter().enumerate() {
                let at = (number + 1) as f64;
                place.mark(form, at, value.0, &mut layer.marks);
                if spec.errors && value.1.is_finite() {
                    place.error(at, value.0 - value.1, value.0 + value.1, &mut layer.errors);
                }
            }
            layer
        };
        let layers = own.iter().enumerate().map(layer).collect();
        let title = format!("Coefficients{}", of(source));
        let words: Vec<String> =
            own.iter().map(|one| format!("{}: {}", one.instrument, counted(one.values.len(), "coefficient"))).collect();
        let summary = format!("{title}. {}.", words.join("; "));
        out.charts.push(Chart { title, summary, size: spec.size, x, y, layers });
    }
}

/// A spectrum in units of its mean flux.
fn scaled(spectrum: &Spectrum) -> Spectrum {
    let known = || spectrum.points.iter().map(|point| point.1).filter(|flux| flux.is_finite());
    let mean = known().sum::<f64>() / known().count().max(1) as f64;
    let points = spectrum.points.iter().map(|(wavelength, flux, error)| (*wavelength, flux / mean, error / mean));
    Spectrum { points: points.collect(), flux_unit: None, ..spectrum.clone() }
}

fn name(source: &str) -> String {
    if source.is_empty() { "Source not named".to_owned() } else { source.to_owned() }
}

fn title(one: &str, many: &str, sources: &[String]) -> String {
    match sources {
        [source] => format!("{one}{}", of(source)),
        _ => format!("{many} of {}", counted(sources.len(), "source")),
    }
}
