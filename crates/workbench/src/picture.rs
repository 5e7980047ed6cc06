//! Pictures of a table: each row a point in a plane, thousands or millions of them, made into one image of the size that is
//! shown; the axes, ticks and colors come with it as numbers. The page draws frames and words, never points.
//!
//! A picture is made in steps: the ranges of the axes (from a sample, where they are not given), then the points, block by
//! block, counted in a grid of the image's size; at the end counts become colors. Zooming and panning are new pictures with
//! given ranges.

mod aitoff;
mod axis;
mod draw;
mod grid;
mod histogram;
mod palette;
mod plane;
mod preset;
mod range;
mod shade;
mod ticks;

use serde::{Deserialize, Serialize};

pub use aitoff::{Line, graticule, sky_position};
pub use axis::{AxisShown, Tick};
pub use draw::Drawing;
pub use histogram::{Bin, Counting, Histogram, HistogramSpec};
pub use palette::Palette;
pub use plane::Projector;
pub use preset::{Preset, presets};

use crate::expression;
use crate::select::Rows;

/// Pixels along one side of an image, at most.
pub const LARGEST: u32 = 4096;

/// How values become places on an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scale {
    /// In proportion.
    #[default]
    Linear,
    /// By their logarithm; zero and negative values have no place.
    Log,
}

/// An axis, as asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// What is drawn along it (see [`crate::expression`]).
    pub expression: String,
    /// How values become places.
    pub scale: Scale,
    /// Small values to the right or at the top: magnitudes, right ascension.
    pub reversed: bool,
    /// From and to, in either order; `None`: where the values are.
    pub range: Option<(f64, f64)>,
}

impl Axis {
    /// A linear axis of an expression.
    pub fn new(expression: impl Into<String>) -> Axis {
        Axis { expression: expression.into(), ..Axis::default() }
    }

    /// The same axis in the other direction.
    #[must_use]
    pub fn reversed(mut self) -> Axis {
        self.reversed = !self.reversed;
        self
    }

    /// The same axis with a logarithmic scale.
    #[must_use]
    pub fn log(mut self) -> Axis {
        self.scale = Scale::Log;
        self
    }

    /// The same axis with a range.
    #[must_use]
    pub fn from_to(mut self, from: f64, to: f64) -> Axis {
        self.range = Some((from, to));
        self
    }
}

/// Where the points lie.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Plane {
    /// Between two axes.
    Axes {
        /// To the right.
        x: Axis,
        /// Upwards.
        y: Axis,
    },
    /// On the whole sky in Aitoff's projection, longitude growing to the left. Its axes are numbered in radians of the
    /// projection: -π to π, growing to the right, and -π/2 to π/2; [`sky_position`] turns a place into longitude and latitude.
    Sky {
        /// Longitude in degrees.
        longitude: String,
        /// Latitude in degrees.
        latitude: String,
        /// Longitude in the middle, in degrees.
        center: f64,
        /// The part that is seen: from and to in x, from and to in y. `None`: all.
        window: Option<[f64; 4]>,
    },
}

/// What is under the picture: it decides which end of a palette stands out. Images are transparent where there is no point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ground {
    /// Nearly white.
    #[default]
    Light,
    /// Nearly black.
    Dark,
}

/// How points become colors.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Style {
    /// Few as [`Style::Points`], many as [`Style::Density`].
    #[default]
    Auto,
    /// Translucent discs of one color.
    Points,
    /// The number of points in a place.
    Density(
        /// How numbers become colors.
        Scale,
    ),
    /// The mean of a third expression over the points in a place.
    Mean {
        /// What is averaged.
        expression: String,
        /// Values of the ends of the palette; `None`: where most values are.
        range: Option<(f64, f64)>,
    },
}

/// A picture, as asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    /// Where the points lie.
    pub plane: Plane,
    /// Of the image, in its own pixels.
    pub width: u32,
    /// Of the image, in its own pixels.
    pub height: u32,
    /// The image's pixels for each pixel of the page's style sheets (`devicePixelRatio`).
    pub ratio: f32,
    /// How points become colors.
    pub style: Style,
    /// Diameter of a point in pixels of the page; `None`: smaller, the more points there are.
    pub size: Option<f32>,
    /// Which colors.
    pub palette: Palette,
    /// What is under the picture.
    pub ground: Ground,
    /// Which rows are drawn.
    pub rows: Rows,
    /// Whether selected rows are lit and the others dimmed, where there is a selection.
    pub lit: bool,
}

impl Spec {
    /// A picture of a plane without anything special.
    pub fn new(plane: Plane, width: u32, height: u32) -> Spec {
        Spec {
            plane,
            width,
            height,
            ratio: 1.0,
            style: Style::Auto,
            size: None,
            palette: Palette::Viridis,
            ground: Ground::Light,
            rows: Rows::All,
            lit: true,
        }
    }
}

/// A picture, as it became. Its image travels beside: rows from the top, four bytes a pixel (red, green, blue, opacity), colors
/// not multiplied by opacity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// Pixels in a row.
    pub width: u32,
    /// Rows of pixels.
    pub height: u32,
    /// The axis to the right.
    pub x: AxisShown,
    /// The axis upwards.
    pub y: AxisShown,
    /// Rows that are in the picture.
    pub drawn: u64,
    /// Rows that lie outside of the ranges.
    pub outside: u64,
    /// Rows without a value for one of the axes, or for the color.
    pub unvalued: u64,
    /// Selected rows in the picture.
    pub lit: u64,
    /// What the colors mean; `None` for points of one color.
    pub colors: Option<Colors>,
    /// Meridians and parallels of a sky.
    pub graticule: Vec<Line>,
    /// What the reader should know.
    pub notes: Vec<String>,
}

/// What the colors of a picture mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Colors {
    /// From the first to the last stop.
    pub axis: AxisShown,
    /// Colors at equal distances, the first for the smallest value.
    pub stops: Vec<[u8; 3]>,
}

/// Which of several expressions a fault is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// The axis to the right, the longitude, or the only one.
    X,
    /// The axis upwards, or the latitude.
    Y,
    /// The color.
    Color,
    /// A condition.
    Condition,
}

/// Why something cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{error}")]
pub struct Fault {
    /// Which expression.
    pub part: Part,
    /// What is wrong with it.
    pub error: expression::Error,
}
