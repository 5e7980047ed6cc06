//! Paths of SVG from values on two axes.

use crate::picture::AxisShown;
use crate::svg::short;

/// Half the size of a mark in pixels.
const HALF: f64 = 2.6;

/// Where values lie in a frame.
pub(super) struct Place<'a> {
    pub x: &'a AxisShown,
    pub y: &'a AxisShown,
    pub size: (u32, u32),
}

impl Place<'_> {
    /// Pixels from the upper left corner; `None` where there is no value. What lies far outside stays near, for viewers' sake.
    pub fn at(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let (width, height) = (f64::from(self.size.0), f64::from(self.size.1));
        let place = (self.x.place(x) * width, (1.0 - self.y.place(y)) * height);
        let near = |value: f64, size: f64| value.clamp(-10.0 * size, 11.0 * size);
        (place.0.is_finite() && place.1.is_finite()).then(|| (near(place.0, width), near(place.1, height)))
    }

    /// A line through points, broken where one is missing.
    pub fn line(&self, points: impl Iterator<Item = (f64, f64)>, out: &mut String) {
        let mut pen = 'M';
        for (x, y) in points {
            match self.at(x, y) {
                Some(place) => {
                    point(pen, place, out);
                    pen = 'L';
                }
                None => pen = 'M',
            }
        }
    }

    /// The area within the errors round a line, broken like the line.
    pub fn band(&self, points: &[(f64, f64, f64)], out: &mut String) {
        let known = |point: &(f64, f64, f64)| point.1.is_finite() && point.2.is_finite();
        for part in points.split(|point| !known(point)).filter(|part| part.len() > 1) {
            let above = part.iter().map(|(x, y, error)| (*x, y + error));
            let below = part.iter().rev().map(|(x, y, error)| (*x, y - error));
            self.line(above.chain(below), out);
            out.push('Z');
        }
    }

    /// An upright line from one value to another.
    pub fn error(&self, x: f64, from: f64, to: f64, out: &mut String) {
        self.line([(x, from), (x, to)].into_iter(), out);
    }

    /// A mark; its form tells series apart where colors do not.
    pub fn mark(&self, form: usize, x: f64, y: f64, out: &mut String) {
        if let Some(place) = self.at(x, y) {
            mark(form, place, out);
        }
    }

    /// A cross.
    pub fn cross(&self, x: f64, y: f64, out: &mut String) {
        if let Some((x, y)) = self.at(x, y) {
            point('M', (x - HALF, y - HALF), out);
            out.push_str("l5.2 5.2m0-5.2l-5.2 5.2");
        }
    }

    /// A bar from the axis up.
    pub fn bar(&self, from: f64, to: f64, height: f64, out: &mut String) {
        let corners = [(from, 0.0), (from, height), (to, height), (to, 0.0)];
        self.line(corners.into_iter(), out);
        out.push('Z');
    }
}

/// A mark of a form in the middle of a square of 14 pixels, for the legend.
pub(super) fn sample(form: usize) -> String {
    let mut out = String::new();
    mark(form, (7.0, 7.0), &mut out);
    out
}

fn mark(form: usize, (x, y): (f64, f64), out: &mut String) {
    let corners: &[(f64, f64)] = match form % 4 {
        0 => {
            point('M', (x - HALF, y), out);
            return out.push_str("a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0");
        }
        1 => &[(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)],
        2 => &[(0.0, -1.2), (1.15, 0.9), (-1.15, 0.9)],
        _ => &[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)],
    };
    for (number, (right, down)) in corners.iter().enumerate() {
        point(if number == 0 { 'M' } else { 'L' }, (x + right * HALF, y + down * HALF), out);
    }
    out.push('Z');
}

fn point(pen: char, (x, y): (f64, f64), out: &mut String) {
    out.push(pen);
    short(x, out);
    out.push(' ');
    short(y, out);
}
