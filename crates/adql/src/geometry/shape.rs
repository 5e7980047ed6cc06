//! Geometries as values: the text of DALI 1.1, section 3.3, and STC-S as clients still write it.

use std::fmt;

use super::{Polygon, Vector, is_position, unit};

/// A geometry. Boxes are polygons.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A position, degrees.
    Point {
        /// Right ascension.
        ra: f64,
        /// Declination.
        dec: f64,
    },
    /// All within `radius` of a position, degrees.
    Circle {
        /// Right ascension of the center.
        ra: f64,
        /// Declination of the center.
        dec: f64,
        /// Radius.
        radius: f64,
    },
    /// A polygon.
    Polygon(Polygon),
}

impl Shape {
    /// A position; `Err` says why these numbers are none.
    pub fn point(ra: f64, dec: f64) -> Result<Shape, &'static str> {
        if is_position(ra, dec) { Ok(Shape::Point { ra, dec }) } else { Err(NO_POSITION) }
    }

    /// A circle; `Err` says why these numbers are none.
    pub fn circle(ra: f64, dec: f64, radius: f64) -> Result<Shape, &'static str> {
        if !is_position(ra, dec) {
            return Err(NO_POSITION);
        }
        if !(0.0..=180.0).contains(&radius) {
            return Err("the radius of a circle is from 0 to 180 degrees");
        }
        Ok(Shape::Circle { ra, dec, radius })
    }

    /// A polygon of coordinates in pairs; `Err` says why these numbers are none.
    pub fn polygon(coordinates: &[f64]) -> Result<Shape, &'static str> {
        if coordinates.len() % 2 == 1 {
            return Err("the coordinates of a polygon come in pairs");
        }
        let corners: Vec<(f64, f64)> = coordinates.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        if !corners.iter().all(|&(ra, dec)| is_position(ra, dec)) {
            return Err(NO_POSITION);
        }
        Polygon::new(corners).map(Shape::Polygon)
    }

    /// Reads a geometry: the numbers of DALI (2: point, 3: circle, 6 and more: polygon), or STC-S such as
    /// `CIRCLE ICRS 10 20 0.5`, `Position`, `Box`, `Polygon`, with or without frame words and parentheses.
    pub fn parse(text: &str) -> Result<Shape, &'static str> {
        let mut words =
            text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')')).filter(|w| !w.is_empty());
        let mut kind = None;
        let mut values = Vec::new();
        for word in &mut words {
            match word.parse::<f64>() {
                // NaN and infinity are words of Rust's grammar, not of STC-S.
                Ok(value) if word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) => {
                    values.push(value);
                }
                _ if !values.is_empty() => return Err("words after the numbers of a region"),
                _ if kind.is_none() => kind = Some(word.to_ascii_lowercase()),
                _ => {
                    const FRAMES: [&str; 9] = [
                        "ICRS",
                        "BARYCENTER",
                        "GEOCENTER",
                        "HELIOCENTER",
                        "TOPOCENTER",
                        "UNKNOWNREFPOS",
                        "SPHERICAL2",
                        "UNION",
                        "J2000",
                    ];
                    if !FRAMES.iter().any(|frame| word.eq_ignore_ascii_case(frame)) {
                        return Err("only regions in ICRS are understood");
                    }
                }
            }
        }
        match (kind.as_deref(), values.as_slice()) {
            (None | Some("point" | "position"), &[ra, dec]) => Shape::point(ra, dec),
            (None | Some("circle"), &[ra, dec, radius]) => Shape::circle(ra, dec, radius),
            (Some("box"), &[ra, dec, width, height]) if is_position(ra, dec) => {
                Polygon::from_box(ra, dec, width, height).map(Shape::Polygon)
            }
            (None | Some("polygon"), values) if values.len() >= 6 => Shape::polygon(values),
            _ => Err("neither a point, a circle, a box nor a polygon"),
        }
    }

    /// The center: of a point itself, of a polygon its center of gravity.
    pub fn centroid(&self) -> (f64, f64) {
        match self {
            Shape::Point { ra, dec } | Shape::Circle { ra, dec, .. } => (*ra, *dec),
            Shape::Polygon(polygon) => polygon.centroid(),
        }
    }

    /// Area in square degrees.
    pub fn area(&self) -> f64 {
        match self {
            Shape::Point { .. } => 0.0,
            Shape::Circle { radius, .. } => {
                let half = libm::sin(radius / 2.0 * super::DEGREE);
                4.0 * std::f64::consts::PI * half * half / (super::DEGREE * super::DEGREE)
            }
            Shape::Polygon(polygon) => polygon.area(),
        }
    }

    /// Center (unit vector) and radius (degrees) of a cap that holds the geometry.
    pub fn cap(&self) -> (Vector, f64) {
        match self {
            Shape::Point { ra, dec } => (unit(*ra, *dec), 0.0),
            Shape::Circle { ra, dec, radius } => (unit(*ra, *dec), *radius),
            Shape::Polygon(polygon) => polygon.cap(),
        }
    }
}

const NO_POSITION: &str = "a position needs a finite right ascension and a declination from -90 to 90 degrees";

/// The numbers of an array as text, such as the value of a POINT: separated by blanks. `None` if one is no number.
pub fn numbers(text: &str) -> Option<Vec<f64>> {
    text.split_ascii_whitespace().map(|word| word.parse().ok()).collect()
}

/// DALI text: numbers separated by blanks, each as short as it can be read back exactly.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shape::Point { ra, dec } => write!(f, "{ra} {dec}"),
            Shape::Circle { ra, dec, radius } => write!(f, "{ra} {dec} {radius}"),
            Shape::Polygon(polygon) => {
                for (at, (ra, dec)) in polygon.corners.iter().enumerate() {
                    write!(f, "{}{ra} {dec}", if at > 0 { " " } else { "" })?;
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_read_and_print() {
        for (text, expect) in [
            ("10 -20.5", Ok("10 -20.5")),
            ("Position ICRS 10 -20.5", Ok("10 -20.5")),
            ("Circle ICRS GEOCENTER 1 2 0.1", Ok("1 2 0.1")),
            ("CIRCLE(1, 2, 0.1)", Ok("1 2 0.1")),
            ("1 2 0.1", Ok("1 2 0.1")),
            ("Polygon 0 0 1 0 1 1", Ok("0 0 1 0 1 1")),
            ("0 0 1 0 1 1 0 1", Ok("0 0 1 0 1 1 0 1")),
            ("Circle FK4 1 2 3", Err(())),
            ("1 2 3 4", Err(())),
            ("1 91", Err(())),
            ("nan 1", Err(())),
            ("", Err(())),
            ("Polygon 0 0 1 0 1", Err(())),
        ] {
            let found = Shape::parse(text).map(|shape| shape.to_string()).map_err(|_| ());
            assert_eq!(found, expect.map(str::to_owned), "{text}");
        }
        let square = Shape::parse("Box ICRS 0 0 2 2").unwrap();
        assert!(matches!(&square, Shape::Polygon(polygon) if polygon.corners.len() == 4));
    }
}
