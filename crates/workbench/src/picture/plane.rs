//! From rows to places: the expressions of a plane, evaluated block by block into drawn coordinates (values, logarithms, or
//! radians of a projection), and the part of them that is seen.

use table::{Field, Table};

use super::aitoff;
use super::axis::AxisShown;
use super::range::{self, SAMPLE};
use super::{Axis, Fault, Part, Plane, Scale};
use crate::expression::{BLOCK, Program, Scratch, compile};
use crate::select::Selection;

/// Rows that lie together in a sample of a long table.
const CLUSTER: usize = 64;

/// Pixels of the page between two labels, to the right and upwards.
const LABELS: (f32, f32) = (90.0, 60.0);

/// The expressions of a plane, bound to a table.
#[derive(Clone, Debug)]
pub struct Projector {
    plane: Plane,
    x: Program,
    y: Program,
}

/// The part of a plane that is seen, in drawn coordinates; left may be greater than right.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub x: AxisShown,
    pub y: AxisShown,
    pub left: f64,
    pub right: f64,
    pub bottom: f64,
    pub top: f64,
}

impl Projector {
    /// Binds the expressions; every one that cannot be bound is told.
    pub fn new(plane: &Plane, fields: &[&Field]) -> Result<Projector, Vec<Fault>> {
        let (x, y) = match plane {
            Plane::Axes { x, y } => (&x.expression, &y.expression),
            Plane::Sky { longitude, latitude, .. } => (longitude, latitude),
        };
        let bind = |part, text: &str| compile(text, fields).map_err(|error| Fault { part, error });
        match (bind(Part::X, x), bind(Part::Y, y)) {
            (Ok(x), Ok(y)) => Ok(Projector { plane: plane.clone(), x, y }),
            (x, y) => Err([x.err(), y.err()].into_iter().flatten().collect()),
        }
    }

    /// What the reader should know of the expressions.
    pub(crate) fn notes(&self) -> impl Iterator<Item = &String> {
        self.x.notes.iter().chain(&self.y.notes)
    }

    /// The places of the rows from `start` on, in drawn coordinates; NaN where there is none.
    pub(crate) fn project(&self, table: &Table, start: usize, x: &mut [f64], y: &mut [f64], scratch: &mut Scratch) {
        self.x.evaluate(table, start, x, scratch);
        self.y.evaluate(table, start, y, scratch);
        match &self.plane {
            Plane::Axes { x: across, y: up } => {
                forward(across.scale, x);
                forward(up.scale, y);
            }
            Plane::Sky { center, .. } => aitoff::project_all(x, y, *center),
        }
    }

    /// A place in the numbers of the axes, in drawn coordinates.
    pub(crate) fn place(&self, x: f64, y: f64) -> (f64, f64) {
        match &self.plane {
            Plane::Axes { x: across, y: up } => (across.scale.forward(x), up.scale.forward(y)),
            Plane::Sky { .. } => (x, y),
        }
    }

    /// The values of both expressions in one row, as they are.
    pub(crate) fn values(&self, table: &Table, row: usize, scratch: &mut Scratch) -> (f64, f64) {
        let (mut x, mut y) = ([0.0], [0.0]);
        self.x.evaluate(table, row, &mut x, scratch);
        self.y.evaluate(table, row, &mut y, scratch);
        (x[0], y[0])
    }

    /// What is seen in an image of this size, of which `ratio` pixels are one of the page. Ranges that are not given are found
    /// from a sample of the first `rows` rows, or of those in `only`.
    pub(crate) fn view(
        &self,
        table: &Table,
        rows: usize,
        only: Option<&Selection>,
        size: (u32, u32),
        ratio: f32,
    ) -> View {
        let labels = |pixels: u32, each: f32| ((pixels as f32 / ratio.max(0.1) / each) as usize).clamp(2, 20);
        let most = (labels(size.0, LABELS.0), labels(size.1, LABELS.1));
        match &self.plane {
            Plane::Axes { x, y } => {
                let fixed = [x, y].map(|axis| axis.range.and_then(|given| range::given(given, axis.scale)));
                let mut sampled =
                    if fixed.contains(&None) { self.sample(table, rows, only) } else { Default::default() };
                let across = fixed[0].unwrap_or_else(|| range::automatic(&mut sampled.0, x.scale));
                let up = fixed[1].unwrap_or_else(|| range::automatic(&mut sampled.1, y.scale));
                let turn = |range: (f64, f64), axis: &Axis| if axis.reversed { (range.1, range.0) } else { range };
                let ((left, right), (bottom, top)) = (turn(across, x), turn(up, y));
                View {
                    x: shown(&self.x, x, across, most.0),
                    y: shown(&self.y, y, up, most.1),
                    left,
                    right,
                    bottom,
                    top,
                }
            }
            Plane::Sky { window, .. } => {
                let usable = |window: &[f64; 4]| {
                    window.iter().all(|edge| edge.abs() < 100.0) && window[0] < window[1] && window[2] < window[3]
                };
                let [left, right, bottom, top] = window.filter(usable).unwrap_or_else(|| aitoff::whole(size.0, size.1));
                let axis = |program: &Program, low: f64, high: f64| AxisShown {
                    label: program.label.clone(),
                    unit: program.unit.clone(),
                    scale: Scale::Linear,
                    reversed: false,
                    low,
                    high,
                    ticks: Vec::new(),
                };
                View { x: axis(&self.x, left, right), y: axis(&self.y, bottom, top), left, right, bottom, top }
            }
        }
    }

    fn sample(&self, table: &Table, rows: usize, only: Option<&Selection>) -> (Vec<f64>, Vec<f64>) {
        sample(rows, only, |start, x, y, scratch| self.project(table, start, x, y, scratch))
    }
}

/// Values of a sample of rows: of all rows if they are not many, otherwise of clusters at equal distances.
pub(crate) fn sample(
    rows: usize,
    only: Option<&Selection>,
    mut evaluate: impl FnMut(usize, &mut [f64], &mut [f64], &mut Scratch),
) -> (Vec<f64>, Vec<f64>) {
    let (mut x, mut y) = (Vec::new(), Vec::new());
    let mut scratch = Scratch::default();
    let mut take = |start: usize, count: usize| {
        let mut blocks = ([0.0; BLOCK], [0.0; BLOCK]);
        let (across, up) = (&mut blocks.0[..count], &mut blocks.1[..count]);
        evaluate(start, across, up, &mut scratch);
        x.extend_from_slice(across);
        y.extend_from_slice(up);
    };
    match only {
        Some(only) => {
            let every = only.len().div_ceil(SAMPLE / 2).max(1);
            only.iter(0..rows).step_by(every).for_each(|row| take(row, 1));
        }
        None if rows <= SAMPLE => {
            (0..rows).step_by(BLOCK).for_each(|start| take(start, BLOCK.min(rows - start)));
        }
        None => {
            let clusters = SAMPLE / CLUSTER;
            (0..clusters).for_each(|number| take((rows - CLUSTER) / (clusters - 1) * number, CLUSTER));
        }
    }
    (x, y)
}

impl View {
    /// The place in an image, in pixels from the left and from the top.
    pub(crate) fn pixel(&self, x: f64, y: f64, size: (u32, u32)) -> (f64, f64) {
        let across = (x - self.left) / (self.right - self.left) * f64::from(size.0);
        let down = (self.top - y) / (self.top - self.bottom) * f64::from(size.1);
        (across, down)
    }
}

fn forward(scale: Scale, values: &mut [f64]) {
    if scale == Scale::Log {
        values.iter_mut().for_each(|value| *value = Scale::Log.forward(*value));
    }
}

fn shown(program: &Program, axis: &Axis, range: (f64, f64), most: usize) -> AxisShown {
    let range = (axis.scale.backward(range.0), axis.scale.backward(range.1));
    AxisShown::new(program.label.clone(), program.unit.clone(), axis.scale, range, most).turned(axis.reversed)
}
