//! Products as pictures of shapes: so few points that a page draws them as SVG. Places are reckoned here, so that the page has
//! only to put paths into a frame; the same shapes make the file (see [`crate::svg`]).

mod curves;
mod lines;
mod samples;
mod shapes;

use serde::{Deserialize, Serialize};

use super::{SearchSpec, Series};
use crate::picture::{AxisShown, Scale};

/// Sources in one picture, or pictures of one source each, at most.
const SOURCES: usize = 8;

/// How products are drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartSpec {
    /// Width and height of a frame in pixels of the page.
    pub size: (u32, u32),
    /// Only these sources; none named: the first ones.
    pub sources: Vec<String>,
    /// Period in days by which light curves are folded, as typed; empty: not folded.
    pub period: String,
    /// Time of phase zero, as typed; empty: the first time.
    pub epoch: String,
    /// Whether rejected observations are shown.
    pub rejected: bool,
    /// Whether errors are shown.
    pub errors: bool,
    /// Whether spectra are divided by their mean flux, so that bright and faint ones can be compared.
    pub scaled: bool,
    /// Parameters of samples that are drawn in pairs; none: a histogram of each.
    pub pairs: Vec<String>,
}

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Magnitudes over time.
    LightCurve,
    /// Flux over wavelength.
    Spectrum,
    /// Coefficients by their number.
    Coefficients,
    /// Values of parameters.
    Samples,
}

/// The pictures of some products of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Charts {
    /// What they show.
    pub kind: Kind,
    /// In the order in which they are shown.
    pub charts: Vec<Chart>,
    /// The sources that there are.
    pub sources: Vec<String>,
    /// The parameters of samples.
    pub parameters: Vec<String>,
    /// The bands of light curves.
    pub bands: Vec<String>,
    /// What cannot be used of the specification, in words; the rest is drawn.
    pub problem: Option<String>,
}

/// A frame with axes and what lies in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    /// What it shows, of which source.
    pub title: String,
    /// The picture in words.
    pub summary: String,
    /// Width and height of the frame.
    pub size: (u32, u32),
    /// To the right.
    pub x: AxisShown,
    /// Upwards.
    pub y: AxisShown,
    /// From the lowest to the uppermost.
    pub layers: Vec<Layer>,
}

/// What belongs together: one band, one source. Each text is the data of an SVG path, in pixels from the frame's upper left corner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// What it is.
    pub label: String,
    /// Number of its color.
    pub color: u8,
    /// Its mark in a square of 14 pixels, for a legend; empty where it is a line.
    pub sample: String,
    /// Lines, not filled.
    pub line: String,
    /// Areas, filled so that one looks through.
    pub area: String,
    /// Errors, thin lines.
    pub errors: String,
    /// Marks, filled.
    pub marks: String,
    /// Crosses of what was rejected.
    pub crosses: String,
}

/// Draws series of one kind; those of other kinds than the first are left out. `None`: there are none.
pub fn charts(series: &[&Series], spec: &ChartSpec) -> Option<Charts> {
    let mut out = Charts {
        kind: Kind::Samples,
        charts: Vec::new(),
        sources: Vec::new(),
        parameters: Vec::new(),
        bands: Vec::new(),
        problem: None,
    };
    match series.first()? {
        Series::LightCurves(_) => {
            let all = series.iter().filter_map(|one| if let Series::LightCurves(all) = one { Some(all) } else { None });
            curves::light_curves(&all.flatten().collect::<Vec<_>>(), spec, &mut out);
        }
        Series::Spectra(_) => {
            let all = series.iter().filter_map(|one| if let Series::Spectra(all) = one { Some(all) } else { None });
            lines::spectra(&all.flatten().collect::<Vec<_>>(), spec, &mut out);
        }
        Series::Coefficients(_) => {
            let all =
                series.iter().filter_map(|one| if let Series::Coefficients(all) = one { Some(all) } else { None });
            lines::coefficients(&all.flatten().collect::<Vec<_>>(), spec, &mut out);
        }
        Series::Samples(_) => {
            let all = series.iter().filter_map(|one| if let Series::Samples(all) = one { Some(all) } else { None });
            samples::samples(&all.flatten().collect::<Vec<_>>(), spec, &mut out);
        }
    }
    Some(out)
}

/// The search for the period of a light curve: the observations of one source in one band that were not rejected. `range`: the
/// shortest and the longest period, as typed. In words, what is wrong with them.
pub fn search(series: &[&Series], source: &str, band: &str, range: (&str, &str)) -> Result<SearchSpec, String> {
    let days = |text: &str| number(text).filter(|days| *days > 0.0);
    let (Some(shortest), Some(longest)) = (days(range.0), days(range.1)) else {
        return Err("The shortest and the longest period are numbers of days above zero.".to_owned());
    };
    if shortest >= longest {
        return Err("The shortest period must be below the longest.".to_owned());
    }
    let curves = series.iter().filter_map(|one| if let Series::LightCurves(all) = one { Some(all) } else { None });
    let curve = curves.flatten().find(|curve| curve.source == source && curve.band == band);
    let points = curve.map_or_else(Vec::new, |curve| {
        let kept = curve.observations.iter().filter(|observation| !observation.rejected);
        kept.map(|seen| (seen.time, seen.magnitude, seen.error.unwrap_or(f64::NAN))).collect()
    });
    Ok(SearchSpec { points, shortest, longest })
}

/// A number as people type it, with a comma or a point.
fn number(text: &str) -> Option<f64> {
    text.trim().replace(',', ".").parse().ok().filter(|number: &f64| number.is_finite())
}

/// The sources to draw, of all that there are: those that are asked for, or the first ones.
fn chosen<'a>(all: impl Iterator<Item = &'a str>, spec: &ChartSpec, out: &mut Charts) -> Vec<String> {
    for source in all {
        if out.sources.last().is_none_or(|last| last != source) && !out.sources.iter().any(|known| known == source) {
            out.sources.push(source.to_owned());
        }
    }
    let wanted = out.sources.iter().filter(|source| spec.sources.is_empty() || spec.sources.contains(source));
    wanted.take(SOURCES).cloned().collect()
}

/// An axis round values, with some room at both ends.
fn axis(label: &str, unit: Option<&str>, values: impl Iterator<Item = f64>, pixels: u32) -> AxisShown {
    let finite = values.filter(|value| value.abs() < 1e300);
    let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    let span = high - low;
    let (low, high) = match span {
        _ if low > high => (0.0, 1.0),
        span if span > 0.0 => (low - 0.04 * span, high + 0.04 * span),
        _ if low == 0.0 => (-0.5, 0.5),
        _ => (low - 0.05 * low.abs(), high + 0.05 * high.abs()),
    };
    exact(label, unit, (low, high), pixels)
}

/// An axis from one value to another.
fn exact(label: &str, unit: Option<&str>, range: (f64, f64), pixels: u32) -> AxisShown {
    let most = (pixels / 50).clamp(3, 10) as usize;
    // Some units that VOUnit does not know stand in quotation marks.
    let unit = unit.map(|unit| unit.trim_matches('\'').to_owned());
    AxisShown::new(label.to_owned(), unit, Scale::Linear, range, most)
}

/// `12 observations`, `1 observation`.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// `Source 123`, or nothing where it is not known.
fn of(source: &str) -> String {
    if source.is_empty() { String::new() } else { format!(" of source {source}") }
}
