//! A frame with two axes and what lies in it, as one SVG text that needs nothing else.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::png::{base64, png};
use super::{escaped, short};
use crate::picture::{AxisShown, Colors, Ground, Histogram, Line, Picture};
use crate::series::{Chart, Layer};

/// Room around the frame: left for the labels of y and its name, below, above for the title, right.
const MARGIN: [f64; 4] = [72.0, 56.0, 36.0, 20.0];

/// Room for a legend of colors.
const LEGEND: f64 = 84.0;

/// Colors of series, for any color vision (Okabe and Ito 2008), black left out.
const SERIES: [&str; 7] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d1f"];

/// What stands around a figure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Above it.
    pub title: String,
    /// Beside the horizontal axis, if not the axis's own label and unit.
    pub x: Option<String>,
    /// Beside the vertical axis.
    pub y: Option<String>,
}

/// One series of a figure: points, each with an error up and down, or a line through them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dots {
    /// What the series is.
    pub label: String,
    /// Values of x, y and the error of y; NaN error: none.
    pub points: Vec<(f64, f64, f64)>,
    /// Whether a line goes through them; otherwise each is a dot.
    pub line: bool,
    /// Whether dots are empty, as for rejected values.
    pub hollow: bool,
}

/// What is drawn, in pixels of a page.
#[derive(Clone, Debug)]
pub struct Figure<'a> {
    /// The axis to the right; `None`: no frame, as around a sky.
    pub axes: Option<(&'a AxisShown, &'a AxisShown)>,
    /// Width and height of the frame.
    pub size: (f64, f64),
    /// What is under it.
    pub ground: Ground,
    /// An image that fills the frame, as a PNG.
    pub image: Option<Vec<u8>>,
    /// Lines in parts of the frame.
    pub lines: &'a [Line],
    /// Bars: from and to in x, height, and the part of it that is lit, in values.
    pub bars: Vec<(f64, f64, f64, f64)>,
    /// Series over the axes.
    pub series: &'a [Dots],
    /// Shapes over the axes.
    pub layers: &'a [Layer],
    /// What colors mean.
    pub colors: Option<&'a Colors>,
    /// What stands around.
    pub words: &'a Words,
}

/// A picture and its image (four bytes a pixel) as SVG, `ratio` pixels of the image being one of the page.
pub fn figure(picture: &Picture, pixels: &[u8], ratio: f32, ground: Ground, words: &Words) -> String {
    let ratio = f64::from(ratio.max(0.1));
    let size = (f64::from(picture.width) / ratio, f64::from(picture.height) / ratio);
    Figure {
        axes: picture.graticule.is_empty().then_some((&picture.x, &picture.y)),
        size,
        ground,
        image: Some(png(picture.width, picture.height, pixels)),
        lines: &picture.graticule,
        bars: Vec::new(),
        series: &[],
        layers: &[],
        colors: picture.colors.as_ref(),
        words,
    }
    .svg()
}

/// A histogram as SVG, its frame of this size.
pub fn histogram(histogram: &Histogram, size: (f64, f64), ground: Ground, words: &Words) -> String {
    let bar = |bin: &crate::picture::Bin| (bin.low, bin.high, bin.count as f64, bin.lit as f64);
    Figure {
        axes: Some((&histogram.x, &histogram.y)),
        size,
        ground,
        image: None,
        lines: &[],
        bars: histogram.bins.iter().filter(|bin| bin.count > 0).map(bar).collect(),
        series: &[],
        layers: &[],
        colors: None,
        words,
    }
    .svg()
}

/// A picture of shapes as SVG, with the names of its layers in the upper right corner.
pub fn chart(chart: &Chart, ground: Ground) -> String {
    let words = Words { title: chart.title.clone(), ..Words::default() };
    Figure {
        axes: Some((&chart.x, &chart.y)),
        size: (f64::from(chart.size.0), f64::from(chart.size.1)),
        ground,
        image: None,
        lines: &[],
        bars: Vec::new(),
        series: &[],
        layers: &chart.layers,
        colors: None,
        words: &words,
    }
    .svg()
}

impl Figure<'_> {
    /// The figure as a document.
    pub fn svg(&self) -> String {
        let [left, below, above, right] = MARGIN;
        let legend = if self.colors.is_some() { LEGEND } else { 0.0 };
        let (width, height) = (self.size.0 + left + right + legend, self.size.1 + above + below);
        let (paper, ink, quiet) = match self.ground {
            Ground::Light => ("#ffffff", "#1c2024", "#c4c9d0"),
            Ground::Dark => ("#14171b", "#e6e8eb", "#454c55"),
        };
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\" font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"{ink}\">\n<title>{}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"{paper}\"/>\n",
            escaped(&self.words.title)
        );
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{}\" font-size=\"14\" font-weight=\"600\">{}</text>\n<g transform=\"translate({left} {above})\">\n<clipPath id=\"frame\"><rect width=\"{}\" height=\"{}\"/></clipPath>",
            left,
            above - 14.0,
            escaped(&self.words.title),
            self.size.0,
            self.size.1
        );
        out.push_str("<g clip-path=\"url(#frame)\">\n");
        self.graticule(&mut out, quiet);
        if let Some(image) = &self.image {
            let _ = writeln!(
                out,
                "<image width=\"{}\" height=\"{}\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64,{}\"/>",
                self.size.0,
                self.size.1,
                base64(image)
            );
        }
        self.graticule_labels(&mut out);
        if let Some((x, y)) = self.axes {
            self.bars(x, y, &mut out);
            self.series(x, y, paper, &mut out);
        }
        self.layers(&mut out);
        out.push_str("</g>\n");
        if let Some((x, y)) = self.axes {
            self.frame(x, y, ink, &mut out);
        }
        if let Some(colors) = self.colors {
            self.legend(colors, ink, &mut out);
        }
        out.push_str("</g>\n</svg>\n");
        out
    }

    fn graticule(&self, out: &mut String, color: &str) {
        for line in self.lines {
            let points =
                line.points.iter().map(|(x, y)| (f64::from(*x) * self.size.0, (1.0 - f64::from(*y)) * self.size.1));
            polyline(points, color, 0.75, out);
        }
    }

    fn graticule_labels(&self, out: &mut String) {
        for (text, (x, y)) in
            self.lines.iter().filter_map(|line| Some((&line.label, line.points.get(line.points.len() / 2)?)))
        {
            if !text.is_empty() {
                let (x, y) = (f64::from(*x) * self.size.0, (1.0 - f64::from(*y)) * self.size.1);
                let _ = writeln!(
                    out,
                    "<text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"10\" opacity=\"0.7\">{}</text>",
                    y - 2.0,
                    escaped(text)
                );
            }
        }
    }

    fn bars(&self, x: &AxisShown, y: &AxisShown, out: &mut String) {
        for (low, high, count, lit) in &self.bars {
            let (from, to) = (x.place(*low) * self.size.0, x.place(*high) * self.size.0);
            for (height, color) in [(count, SERIES[0]), (lit, SERIES[1])] {
                let top = if *height > 0.0 { y.place(*height).max(0.0) } else { 0.0 } * self.size.1;
                if top > 0.0 {
                    let _ = writeln!(
                        out,
                        "<rect x=\"{:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"{top:.2}\" fill=\"{color}\"/>",
                        from.min(to),
                        self.size.1 - top,
                        (to - from).abs()
                    );
                }
            }
        }
    }

    fn series(&self, x: &AxisShown, y: &AxisShown, paper: &str, out: &mut String) {
        let place = |(at_x, at_y): (f64, f64)| (x.place(at_x) * self.size.0, (1.0 - y.place(at_y)) * self.size.1);
        for (number, dots) in self.series.iter().enumerate() {
            let color = SERIES[number % SERIES.len()];
            let _ = writeln!(out, "<g aria-label=\"{}\">", escaped(&dots.label));
            if dots.line {
                polyline(dots.points.iter().map(|(x, y, _)| place((*x, *y))), color, 1.2, out);
            }
            for (at_x, at_y, error) in &dots.points {
                let (left, top) = place((*at_x, *at_y));
                if !(left.is_finite() && top.is_finite()) {
                    continue;
                }
                if *error > 0.0 {
                    let ends = [place((*at_x, at_y - error)), place((*at_x, at_y + error))];
                    polyline(ends.into_iter(), color, 0.75, out);
                }
                if !dots.line {
                    let fill = if dots.hollow { paper } else { color };
                    let _ = writeln!(
                        out,
                        "<circle cx=\"{left:.2}\" cy=\"{top:.2}\" r=\"2.5\" fill=\"{fill}\" stroke=\"{color}\"/>"
                    );
                }
            }
            out.push_str("</g>\n");
        }
    }

    fn layers(&self, out: &mut String) {
        for (number, layer) in self.layers.iter().enumerate() {
            let color = SERIES[usize::from(layer.color) % SERIES.len()];
            let _ = writeln!(out, "<g aria-label=\"{}\">", escaped(&layer.label));
            let stroke = |width: f64| format!("fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\"");
            for (path, style) in [
                (&layer.area, format!("fill=\"{color}\" fill-opacity=\"0.3\"")),
                (&layer.errors, stroke(0.75)),
                (&layer.line, stroke(1.25)),
                (&layer.marks, format!("fill=\"{color}\"")),
                (&layer.crosses, stroke(1.25)),
            ] {
                if !path.is_empty() {
                    let _ = writeln!(out, "<path {style} d=\"{path}\"/>");
                }
            }
            if self.layers.len() > 1 {
                let (top, left) = (14.0 + 15.0 * number as f64, self.size.0 - 8.0);
                let label = escaped(&layer.label);
                let _ = writeln!(
                    out,
                    "<text x=\"{left}\" y=\"{top}\" text-anchor=\"end\" fill=\"{color}\" font-size=\"11\">{label}</text>"
                );
            }
            out.push_str("</g>\n");
        }
    }

    fn frame(&self, x: &AxisShown, y: &AxisShown, ink: &str, out: &mut String) {
        let (width, height) = self.size;
        let _ = writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"none\" stroke=\"{ink}\"/>");
        for tick in &x.ticks {
            let (at, long) = (tick.at * width, if tick.label.is_empty() { 4.0 } else { 7.0 });
            polyline([(at, height), (at, height - long)].into_iter(), ink, 1.0, out);
            let _ = writeln!(
                out,
                "<text x=\"{at:.2}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                height + 18.0,
                escaped(&tick.label)
            );
        }
        for tick in &y.ticks {
            let (at, long) = ((1.0 - tick.at) * height, if tick.label.is_empty() { 4.0 } else { 7.0 });
            polyline([(0.0, at), (long, at)].into_iter(), ink, 1.0, out);
            let _ = writeln!(
                out,
                "<text x=\"-8\" y=\"{:.2}\" text-anchor=\"end\">{}</text>",
                at + 4.0,
                escaped(&tick.label)
            );
        }
        let name = |given: &Option<String>, axis: &AxisShown| escaped(given.as_deref().unwrap_or(&label(axis)));
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n<text transform=\"translate({} {}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
            width / 2.0,
            height + 42.0,
            name(&self.words.x, x),
            14.0 - MARGIN[0],
            height / 2.0,
            name(&self.words.y, y)
        );
    }

    fn legend(&self, colors: &Colors, ink: &str, out: &mut String) {
        let (left, height) = (self.size.0 + 16.0, self.size.1);
        let step = height / colors.stops.len().max(1) as f64;
        for (number, [red, green, blue]) in colors.stops.iter().enumerate() {
            let top = height - (number + 1) as f64 * step;
            let _ = writeln!(
                out,
                "<rect x=\"{left}\" y=\"{top:.2}\" width=\"14\" height=\"{:.2}\" fill=\"#{red:02x}{green:02x}{blue:02x}\"/>",
                step + 0.5
            );
        }
        let _ = writeln!(
            out,
            "<rect x=\"{left}\" y=\"0\" width=\"14\" height=\"{height}\" fill=\"none\" stroke=\"{ink}\"/>"
        );
        for tick in colors.axis.ticks.iter().filter(|tick| !tick.label.is_empty()) {
            let _ = writeln!(
                out,
                "<text x=\"{}\" y=\"{:.2}\">{}</text>",
                left + 19.0,
                (1.0 - tick.at) * height + 4.0,
                escaped(&tick.label)
            );
        }
        let _ = writeln!(
            out,
            "<text transform=\"translate({} {}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
            left + 62.0,
            height / 2.0,
            escaped(&label(&colors.axis))
        );
    }
}

fn label(axis: &AxisShown) -> String {
    match &axis.unit {
        Some(unit) => format!("{} [{unit}]", axis.label),
        None => axis.label.clone(),
    }
}

/// A line through places, broken where there is none.
fn polyline(points: impl Iterator<Item = (f64, f64)>, color: &str, width: f64, out: &mut String) {
    out.push_str("<path fill=\"none\" stroke=\"");
    let _ = write!(out, "{color}\" stroke-width=\"{width}\" d=\"");
    let mut pen = 'M';
    for (x, y) in points {
        if !(x.is_finite() && y.is_finite()) {
            pen = 'M';
            continue;
        }
        out.push(pen);
        // SVG viewers give up on numbers of that size, which are outside of any frame.
        short(x.clamp(-1e6, 1e6), out);
        out.push(' ');
        short(y.clamp(-1e6, 1e6), out);
        pen = 'L';
    }
    out.push_str("\"/>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Scale;

    fn axis(low: f64, high: f64) -> AxisShown {
        AxisShown::new("a < b".into(), Some("mag".into()), Scale::Linear, (low, high), 5)
    }

    fn shown(series: &[Dots]) -> String {
        let (x, y) = (axis(0.0, 10.0), axis(0.0, 1.0));
        let words = Words { title: "\"A\" & <B>\u{1}".into(), ..Words::default() };
        Figure {
            axes: Some((&x, &y)),
            size: (100.0, 50.0),
            ground: Ground::Light,
            image: Some(png(1, 1, &[1, 2, 3, 4])),
            lines: &[],
            bars: vec![(0.0, 5.0, 0.5, 0.0)],
            series,
            layers: &[],
            colors: None,
            words: &words,
        }
        .svg()
    }

    #[test]
    fn the_document_is_well_formed_whatever_the_words_are() {
        let text = shown(&[]);
        assert!(text.contains("<title>&quot;A&quot; &amp; &lt;B&gt;</title>"));
        assert!(text.contains("a &lt; b [mag]") && text.contains("data:image/png;base64,iVBORw0KGgo"));
        let (opened, closed) = (text.matches("<g").count(), text.matches("</g>").count());
        assert_eq!(opened, closed);
        assert!(text.starts_with("<svg ") && text.ends_with("</svg>\n"));
    }

    #[test]
    fn bars_and_series_lie_where_their_values_are() {
        let dots =
            Dots { label: "G".into(), points: vec![(5.0, 0.5, 0.1), (f64::NAN, 0.5, 0.0)], line: false, hollow: true };
        let line = Dots {
            points: vec![(0.0, 0.0, f64::NAN), (1.0, f64::NAN, 0.0), (10.0, 1.0, f64::NAN)],
            line: true,
            ..Dots::default()
        };
        let text = shown(&[dots, line]);
        assert!(text.contains("<rect x=\"0.00\" y=\"25.00\" width=\"50.00\" height=\"25.00\""));
        assert!(text.contains("<circle cx=\"50.00\" cy=\"25.00\" r=\"2.5\" fill=\"#ffffff\""));
        assert!(text.contains("d=\"M50 30L50 20\""), "the error bar");
        assert!(text.contains("d=\"M0 50M100 0\""), "broken where a value is missing");
        assert_eq!(text.matches("<circle").count(), 1);
    }
}
