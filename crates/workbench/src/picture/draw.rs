//! A picture in the making.

use std::sync::Arc;

use table::{Field, Table};

use super::aitoff::graticule;
use super::axis::AxisShown;
use super::grid::spread;
use super::plane::{Projector, View, sample};
use super::shade::{self, Look};
use super::{Fault, LARGEST, Part, Picture, Plane, Scale, Spec, Style, range};
use crate::expression::{BLOCK, Program, Scratch, compile};
use crate::progress::{Progress, part};
use crate::select::{Rows, Selection};

/// Points up to which [`Style::Auto`] draws them one by one.
const FEW: u64 = 5000;

/// Pixels of an image: a screen of 4096 by 2048. Each takes some twenty bytes while it is drawn.
const PIXELS: u32 = 1 << 23;

/// Stands for a row that is not in the picture.
const NOWHERE: u32 = u32::MAX;

/// A picture in the making.
#[derive(Debug)]
pub struct Drawing {
    spec: Spec,
    projector: Projector,
    color: Option<(Program, Option<(f64, f64)>)>,
    /// Rows of the table when it began.
    rows: usize,
    selection: Option<Arc<Selection>>,
    /// Known after the first step.
    shown: Option<Shown>,
    next: usize,
    counts: Vec<f32>,
    /// Sums of the third value, where there is one.
    sums: Vec<f32>,
    lit: Vec<f32>,
    drawn: u64,
    unvalued: u64,
    lit_rows: u64,
    block: Block,
}

/// The part of the plane that is seen, and the meaning of colors.
#[derive(Debug)]
struct Shown {
    view: View,
    color: AxisShown,
}

/// Memory for a block of rows.
#[derive(Debug)]
struct Block {
    x: Vec<f64>,
    y: Vec<f64>,
    color: Vec<f64>,
    places: Vec<u32>,
    scratch: Scratch,
}

impl Drawing {
    /// A picture of the first `rows` rows of a table with these columns. `selection`: the rows that are selected.
    pub fn new(
        mut spec: Spec,
        fields: &[&Field],
        rows: usize,
        selection: Option<Arc<Selection>>,
    ) -> Result<Drawing, Vec<Fault>> {
        spec.width = spec.width.clamp(1, LARGEST);
        spec.height = spec.height.clamp(1, LARGEST.min(PIXELS / spec.width));
        spec.ratio = if spec.ratio.is_finite() { spec.ratio.clamp(0.5, 8.0) } else { 1.0 };
        let projector = Projector::new(&spec.plane, fields);
        let color = match &spec.style {
            Style::Mean { expression, range } => compile(expression, fields)
                .map(|program| Some((program, *range)))
                .map_err(|error| Fault { part: Part::Color, error }),
            _ => Ok(None),
        };
        let (projector, color) = match (projector, color) {
            (Ok(projector), Ok(color)) => (projector, color),
            (projector, color) => {
                return Err(projector.err().into_iter().flatten().chain(color.err()).collect());
            }
        };
        let pixels = (spec.width * spec.height) as usize;
        // An empty selection lights nothing and dims nothing.
        let lights = spec.lit && spec.rows == Rows::All && selection.as_ref().is_some_and(|rows| !rows.is_empty());
        Ok(Drawing {
            counts: vec![0.0; pixels],
            sums: if color.is_some() { vec![0.0; pixels] } else { Vec::new() },
            lit: if lights { vec![0.0; pixels] } else { Vec::new() },
            spec,
            projector,
            color,
            rows,
            selection,
            shown: None,
            next: 0,
            drawn: 0,
            unvalued: 0,
            lit_rows: 0,
            block: Block {
                x: vec![0.0; BLOCK],
                y: vec![0.0; BLOCK],
                color: vec![0.0; BLOCK],
                places: vec![NOWHERE; BLOCK],
                scratch: Scratch::default(),
            },
        })
    }

    /// Draws at least `budget` more rows of the table, which may only have grown since the step before. The last step gives the
    /// picture and its image.
    pub fn step(&mut self, table: &Table, budget: usize) -> Progress<(Picture, Vec<u8>)> {
        let rows = self.rows.min(table.rows());
        let size = (self.spec.width, self.spec.height);
        let only = self.only();
        let shown = self.shown.take().unwrap_or_else(|| Shown {
            view: self.projector.view(table, rows, only.as_deref(), size, self.spec.ratio),
            color: self.color_axis(table, rows),
        });
        let end = self.next.saturating_add(budget.max(1)).min(rows);
        while self.next < end {
            let start = self.next;
            self.next = (start + BLOCK).min(rows);
            self.block(table, &shown, start, only.as_deref());
        }
        if self.next < rows {
            self.shown = Some(shown);
            return Progress::More(part(self.next, rows));
        }
        Progress::Done(self.finish(rows, shown))
    }

    /// The rows that are drawn, if not all.
    fn only(&self) -> Option<Arc<Selection>> {
        match self.spec.rows {
            Rows::All => None,
            Rows::Selected => Some(self.selection.clone().unwrap_or_default()),
        }
    }

    fn block(&mut self, table: &Table, shown: &Shown, start: usize, only: Option<&Selection>) {
        let Block { x, y, color, places, scratch } = &mut self.block;
        let count = self.next - start;
        let (x, y, places) = (&mut x[..count], &mut y[..count], &mut places[..count]);
        self.projector.project(table, start, x, y, scratch);
        let color = match &self.color {
            Some((program, _)) => {
                program.evaluate(table, start, &mut color[..count], scratch);
                // What has no color has no place.
                x.iter_mut().zip(&*color).filter(|(_, color)| !color.is_finite()).for_each(|(x, _)| *x = f64::NAN);
                &color[..count]
            }
            None => &[],
        };
        if let Some(only) = only {
            // Rows that are not asked for lie outside, whatever values they have.
            let mut next = 0;
            for row in only.iter(start..start + count).chain([start + count]) {
                x[next..row - start].fill(f64::INFINITY);
                y[next..row - start].fill(f64::INFINITY);
                next = row - start + 1;
            }
        }
        self.unvalued += locate(&shown.view, (self.spec.width, self.spec.height), x, y, places);
        for place in places.iter().filter(|place| **place != NOWHERE) {
            self.counts[*place as usize] += 1.0;
            self.drawn += 1;
        }
        for (place, color) in places.iter().zip(color).filter(|(place, _)| **place != NOWHERE) {
            self.sums[*place as usize] += (color - shown.color.low) as f32;
        }
        if let (Some(selection), false) = (&self.selection, self.lit.is_empty()) {
            for row in selection.iter(start..start + count) {
                let place = places[row - start];
                if place != NOWHERE {
                    self.lit[place as usize] += 1.0;
                    self.lit_rows += 1;
                }
            }
        }
    }

    fn finish(&mut self, rows: usize, shown: Shown) -> (Picture, Vec<u8>) {
        let spec = &self.spec;
        let width = spec.width as usize;
        let diameter = diameter(spec.size, self.drawn) * spec.ratio;
        let look = Look { palette: spec.palette, ground: spec.ground, dimmed: !self.lit.is_empty() };
        let grid = spread(width, std::mem::take(&mut self.counts), diameter);
        let (mut pixels, colors) = match (&spec.style, &self.color) {
            (_, Some(_)) => {
                let sums = spread(width, std::mem::take(&mut self.sums), diameter);
                let (pixels, colors) = shade::mean(&grid, &sums, shown.color, look);
                (pixels, Some(colors))
            }
            (Style::Points, _) => (shade::points(&grid, self.drawn, look), None),
            (Style::Auto, _) if self.drawn <= FEW => (shade::points(&grid, self.drawn, look), None),
            (style, _) => {
                let scale = if *style == Style::Density(Scale::Linear) { Scale::Linear } else { Scale::Log };
                let (pixels, colors) = shade::density(&grid, scale, look);
                (pixels, Some(colors))
            }
        };
        if !self.lit.is_empty() {
            // A single lit point among thousands must be seen.
            let lit = spread(width, std::mem::take(&mut self.lit), diameter.max(3.0 * spec.ratio));
            shade::light(&mut pixels, &lit, spec.ground);
        }
        let color_notes = self.color.iter().flat_map(|(program, _)| &program.notes);
        let asked_for = self.only().map_or(rows, |only| only.iter(0..rows).count()) as u64;
        let picture = Picture {
            width: spec.width,
            height: spec.height,
            drawn: self.drawn,
            outside: asked_for - self.drawn - self.unvalued,
            unvalued: self.unvalued,
            lit: self.lit_rows,
            colors,
            graticule: match &spec.plane {
                Plane::Sky { center, .. } => graticule(&shown.view.x, &shown.view.y, *center),
                Plane::Axes { .. } => Vec::new(),
            },
            x: shown.view.x,
            y: shown.view.y,
            notes: self.projector.notes().chain(color_notes).cloned().collect(),
        };
        (picture, pixels)
    }

    /// The values of the ends of the palette.
    fn color_axis(&self, table: &Table, rows: usize) -> AxisShown {
        let Some((program, given)) = &self.color else {
            return AxisShown::new(String::new(), None, Scale::Linear, (0.0, 1.0), 2);
        };
        let range = given.and_then(|given| range::given(given, Scale::Linear)).unwrap_or_else(|| {
            let only = self.only();
            let (mut values, _) = sample(rows, only.as_deref(), |start, values, _, scratch| {
                program.evaluate(table, start, values, scratch);
            });
            range::automatic(&mut values, Scale::Linear)
        });
        AxisShown::new(program.label.clone(), program.unit.clone(), Scale::Linear, range, 5)
    }
}

/// The pixel of each place, and how many have none for want of a value.
fn locate(view: &View, size: (u32, u32), x: &[f64], y: &[f64], places: &mut [u32]) -> u64 {
    let (width, height) = (f64::from(size.0), f64::from(size.1));
    let (across, down) = (width / (view.right - view.left), height / (view.bottom - view.top));
    let mut unvalued = 0;
    for ((x, y), place) in x.iter().zip(y).zip(places) {
        let (at_x, at_y) = ((x - view.left) * across, (y - view.top) * down);
        let inside = at_x >= 0.0 && at_x <= width && at_y >= 0.0 && at_y <= height;
        unvalued += u64::from(x.is_nan() || y.is_nan());
        // The value at the very end belongs to the last pixel.
        let (column, row) = ((at_x as u32).min(size.0 - 1), (at_y as u32).min(size.1 - 1));
        *place = if inside { row * size.0 + column } else { NOWHERE };
    }
    unvalued
}

/// The diameter of points in pixels of the page: the more there are, the smaller.
fn diameter(given: Option<f32>, drawn: u64) -> f32 {
    given.filter(|size| size.is_finite()).map_or_else(
        || match drawn {
            0..300 => 7.0,
            300..2000 => 5.0,
            2000..20_000 => 3.0,
            20_000..100_000 => 2.0,
            _ => 1.0,
        },
        |size| size.clamp(1.0, 32.0),
    )
}

#[cfg(test)]
mod tests {
    use table::{Column, Datatype};

    use super::*;
    use crate::picture::{Axis, Ground};

    fn table(points: &[(f64, f64, f64)]) -> Table {
        let mut table = Table::new(["x", "y", "z"].map(|name| Field::new(name, Datatype::Double)).to_vec());
        for (x, y, z) in points {
            table.columns[0].push_double(*x);
            table.columns[1].push_double(*y);
            table.columns[2].push_double(*z);
        }
        table
    }

    fn drawn(table: &Table, spec: Spec, selected: &[usize]) -> (Picture, Vec<u8>) {
        let fields: Vec<&Field> = table.columns.iter().map(Column::field).collect();
        let mut selection = Selection::default();
        selected.iter().for_each(|row| selection.insert(*row));
        let mut drawing = Drawing::new(spec, &fields, table.rows(), Some(Arc::new(selection))).unwrap();
        loop {
            if let Progress::Done(done) = drawing.step(table, 1) {
                return done;
            }
        }
    }

    /// A picture of 10 by 10 pixels from 0 to 10 on both axes, each point one pixel.
    fn spec(change: impl FnOnce(&mut Axis, &mut Axis)) -> Spec {
        let (mut x, mut y) = (Axis::new("x").from_to(0.0, 10.0), Axis::new("y").from_to(0.0, 10.0));
        change(&mut x, &mut y);
        Spec { size: Some(1.0), ..Spec::new(Plane::Axes { x, y }, 10, 10) }
    }

    /// Column and row (from the top) of the pixels that hold something.
    fn painted(pixels: &[u8]) -> Vec<(usize, usize)> {
        let opaque = pixels.chunks(4).enumerate().filter(|(_, pixel)| pixel[3] > 0);
        opaque.map(|(at, _)| (at % 10, at / 10)).collect()
    }

    #[test]
    fn points_are_where_the_axes_say() {
        let table = table(&[(0.5, 0.5, 0.0), (9.5, 2.5, 0.0), (10.0, 10.0, 0.0), (0.0, 11.0, 0.0)]);
        let (picture, pixels) = drawn(&table, spec(|_, _| {}), &[]);
        assert_eq!(painted(&pixels), [(9, 0), (9, 7), (0, 9)]);
        assert_eq!((picture.drawn, picture.outside, picture.unvalued), (3, 1, 0));
        let (picture, pixels) = drawn(
            &table,
            spec(|x, y| {
                x.reversed = true;
                y.reversed = true;
                y.range = Some((10.0, 0.0));
            }),
            &[],
        );
        assert_eq!(painted(&pixels), [(9, 0), (0, 2), (0, 9)]);
        assert!(picture.x.reversed && picture.x.ticks[0].at == 1.0);
    }

    #[test]
    fn logarithmic_axes_leave_out_what_has_no_logarithm() {
        let table = table(&[(1.0, 5.0, 0.0), (10.0, 5.0, 0.0), (90.0, 5.0, 0.0), (0.0, 5.0, 0.0), (-1.0, 5.0, 0.0)]);
        let (picture, pixels) = drawn(&table, spec(|x, _| *x = Axis::new("x").log().from_to(1.0, 100.0)), &[]);
        assert_eq!(painted(&pixels), [(0, 4), (5, 4), (9, 4)].map(|(x, _)| (x, 5)));
        assert_eq!((picture.drawn, picture.unvalued), (3, 2));
    }

    #[test]
    fn what_has_no_value_is_told_and_not_drawn() {
        let nothing = f64::NAN;
        let odd = [(nothing, 1.0, 0.0), (1.0, nothing, 0.0), (f64::INFINITY, 1.0, 0.0), (5.0, 5.0, 0.0)];
        let (picture, pixels) = drawn(&table(&odd), spec(|_, _| {}), &[]);
        assert_eq!((picture.drawn, picture.outside, picture.unvalued, painted(&pixels).len()), (1, 1, 2, 1));
        for points in [&odd[..2], &[]] {
            let plane = Plane::Axes { x: Axis::new("x"), y: Axis::new("y").log() };
            let (picture, pixels) = drawn(&table(points), Spec::new(plane, 10, 10), &[]);
            assert_eq!((picture.drawn, painted(&pixels).len()), (0, 0));
            assert!(picture.x.low < picture.x.high && picture.y.low > 0.0);
        }
    }

    #[test]
    fn one_point_and_a_constant_column_have_a_picture() {
        for points in [vec![(5.0, -3.0, 0.0)], vec![(5.0, -3.0, 0.0); 9000]] {
            let plane = Plane::Axes { x: Axis::new("x"), y: Axis::new("y") };
            let (picture, _) = drawn(&table(&points), Spec::new(plane, 100, 100), &[]);
            assert_eq!((picture.drawn, picture.outside), (points.len() as u64, 0));
            assert_eq!((picture.x.low, picture.x.high), (4.75, 5.25));
            assert_eq!(picture.colors.is_some(), points.len() > 5000, "many are a density");
        }
    }

    #[test]
    fn a_third_value_colors_by_its_mean() {
        let time = 2_455_197.0;
        let table = table(&[(1.5, 1.5, time), (1.5, 1.5, time + 2.0), (5.5, 5.5, time + 1.0), (8.5, 8.5, f64::NAN)]);
        let style = Style::Mean { expression: "z".into(), range: Some((time, time + 2.0)) };
        let (picture, pixels) = drawn(&table, Spec { style, ..spec(|_, _| {}) }, &[]);
        assert_eq!(painted(&pixels), [(5, 4), (1, 8)]);
        let color = |x: usize, y: usize| pixels[(y * 10 + x) * 4..][..3].to_vec();
        assert_eq!(color(5, 4), color(1, 8), "the mean of 0 and 2 is 1, also at the end of a long number");
        assert_eq!((picture.drawn, picture.unvalued), (3, 1));
        let colors = picture.colors.unwrap();
        assert_eq!((colors.axis.label.as_str(), colors.axis.low, colors.axis.high), ("z", time, time + 2.0));
    }

    #[test]
    fn selected_rows_are_lit_or_drawn_alone() {
        let table = table(&[(1.5, 1.5, 0.0), (5.5, 5.5, 0.0), (f64::NAN, 0.0, 0.0)]);
        let (picture, pixels) = drawn(&table, spec(|_, _| {}), &[1, 2]);
        assert_eq!(picture.lit, 1);
        let pixel = |x: usize, y: usize| pixels[(y * 10 + x) * 4..][..4].to_vec();
        assert_eq!(pixel(5, 4), [209, 36, 47, 255]);
        assert!(pixel(1, 8)[3] < 100, "the others are dimmed");
        let alone = Spec { rows: Rows::Selected, ..spec(|_, _| {}) };
        let (picture, pixels) = drawn(&table, alone.clone(), &[1, 2]);
        assert_eq!(painted(&pixels), [(5, 4)]);
        assert_eq!((picture.drawn, picture.outside, picture.unvalued), (1, 0, 1));
        let (picture, _) = drawn(&table, alone, &[]);
        assert_eq!((picture.drawn, picture.outside, picture.unvalued), (0, 0, 0));
    }

    #[test]
    fn steps_give_the_same_as_one_go() {
        let points: Vec<(f64, f64, f64)> =
            (0..10_000).map(f64::from).map(|n| ((n * 0.7).sin(), (n * 1.1).cos() * n, n)).collect();
        let table = table(&points);
        let plane = Plane::Axes { x: Axis::new("x"), y: Axis::new("y ^ 2 + 1").log() };
        let spec = Spec { ground: Ground::Dark, ..Spec::new(plane, 200, 100) };
        let fields: Vec<&Field> = table.columns.iter().map(Column::field).collect();
        let mut whole = Drawing::new(spec.clone(), &fields, table.rows(), None).unwrap();
        let Progress::Done(whole) = whole.step(&table, usize::MAX) else { panic!() };
        assert_eq!(drawn(&table, spec, &[]), whole);
        let held: u64 = whole.0.drawn + whole.0.outside + whole.0.unvalued;
        assert_eq!(held, 10_000);
    }

    #[test]
    fn the_sky_grows_to_the_left() {
        let table = table(&[(0.0, 0.0, 0.0), (90.0, 0.0, 0.0), (0.0, 89.0, 0.0), (10.0, 95.0, 0.0)]);
        let plane = Plane::Sky { longitude: "x".into(), latitude: "y".into(), center: 0.0, window: None };
        let (picture, pixels) = drawn(&table, Spec { size: Some(1.0), ..Spec::new(plane, 200, 100) }, &[]);
        let places: Vec<(usize, usize)> = pixels
            .chunks(4)
            .enumerate()
            .filter(|(_, pixel)| pixel[3] > 0)
            .map(|(at, _)| (at % 200, at / 200))
            .collect();
        assert_eq!(places, [(100, 1), (50, 50), (100, 50)]);
        assert_eq!((picture.unvalued, picture.graticule.len()), (1, 1 + 11 + 5));
        let inside = picture.graticule.iter().flat_map(|line| &line.points);
        assert!(inside.clone().all(|(x, y)| (0.0..=1.0).contains(x) && (0.0..=1.0).contains(y)));
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let plane = Plane::Axes { x: Axis::new("a"), y: Axis::new("b") };
        let style = Style::Mean { expression: "c".into(), range: None };
        let spec = Spec { style, ..Spec::new(plane, 10, 10) };
        let faults = Drawing::new(spec, &[], 0, None).unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.part).collect::<Vec<_>>(), [Part::X, Part::Y, Part::Color]);
    }
}
