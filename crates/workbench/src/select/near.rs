//! The row whose point is nearest to a place in a picture, for what a pointer hovers over.

use table::{Field, Table};

use crate::expression::{BLOCK, Scratch};
use crate::picture::{Fault, Plane, Projector};
use crate::progress::{Progress, part};

/// The nearest row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// By its place in the order of arrival.
    pub row: usize,
    /// The value of the first expression: along x, or the longitude.
    pub x: f64,
    /// The value of the second expression: along y, or the latitude.
    pub y: f64,
    /// Pixels between the place and the point.
    pub distance: f64,
}

/// The search in the making.
#[derive(Debug)]
pub struct Nearing {
    projector: Projector,
    rows: usize,
    next: usize,
    at: (f64, f64),
    /// Pixels for each unit of a drawn coordinate; known after the first step.
    pixels: Option<(f64, f64)>,
    size: (u32, u32),
    /// The row and the square of its distance in pixels; at first the tolerance.
    best: (Option<usize>, f64),
    scratch: Scratch,
}

impl Nearing {
    /// Looks for the point nearest to `at` (in the numbers of the axes) and not farther than `tolerance` pixels, in a picture of
    /// this size. The plane should have the ranges of the picture.
    pub fn new(
        plane: &Plane,
        fields: &[&Field],
        rows: usize,
        size: (u32, u32),
        at: (f64, f64),
        tolerance: f64,
    ) -> Result<Nearing, Vec<Fault>> {
        let projector = Projector::new(plane, fields)?;
        let at = projector.place(at.0, at.1);
        let size = (size.0.max(1), size.1.max(1));
        let best = (None, tolerance * tolerance);
        Ok(Nearing { projector, rows, next: 0, at, pixels: None, size, best, scratch: Scratch::default() })
    }

    /// Looks at `budget` more rows or more. Of equals the first is taken.
    pub fn step(&mut self, table: &Table, budget: usize) -> Progress<Option<Near>> {
        let rows = self.rows.min(table.rows());
        let pixels = *self.pixels.get_or_insert_with(|| {
            let view = self.projector.view(table, rows, None, self.size, 1.0);
            let origin = view.pixel(view.left, view.top, self.size);
            let one = view.pixel(view.left + 1.0, view.top + 1.0, self.size);
            (one.0 - origin.0, one.1 - origin.1)
        });
        let end = self.next.saturating_add(budget.max(1)).min(rows);
        let (mut x, mut y) = ([0.0; BLOCK], [0.0; BLOCK]);
        while self.next < end {
            let start = self.next;
            self.next = (start + BLOCK).min(rows);
            let (x, y) = (&mut x[..self.next - start], &mut y[..self.next - start]);
            self.projector.project(table, start, x, y, &mut self.scratch);
            for (at, (x, y)) in x.iter().zip(&*y).enumerate() {
                let (across, down) = ((x - self.at.0) * pixels.0, (y - self.at.1) * pixels.1);
                let square = across * across + down * down;
                if square < self.best.1 || (square == self.best.1 && self.best.0.is_none()) {
                    self.best = (Some(start + at), square);
                }
            }
        }
        if self.next < rows {
            return Progress::More(part(self.next, rows));
        }
        let (best, square) = self.best;
        Progress::Done(best.map(|row| {
            let (x, y) = self.projector.values(table, row, &mut self.scratch);
            Near { row, x, y, distance: square.sqrt() }
        }))
    }
}

#[cfg(test)]
mod tests {
    use table::{Column, Datatype};

    use super::*;
    use crate::picture::Axis;

    fn nearest(plane: &Plane, at: (f64, f64), tolerance: f64) -> Option<Near> {
        let mut table = Table::new(vec![Field::new("x", Datatype::Double), Field::new("y", Datatype::Double)]);
        for (x, y) in [(1.0, 10.0), (2.0, 20.0), (f64::NAN, 20.0), (2.0, 20.0), (3.0, 90.0)] {
            table.columns[0].push_double(x);
            table.columns[1].push_double(y);
        }
        let fields: Vec<&Field> = table.columns.iter().map(Column::field).collect();
        let mut search = Nearing::new(plane, &fields, table.rows(), (100, 100), at, tolerance).unwrap();
        match search.step(&table, usize::MAX) {
            Progress::Done(near) => near,
            Progress::More(_) => panic!(),
        }
    }

    #[test]
    fn distances_are_pixels() {
        let plane =
            Plane::Axes { x: Axis::new("x").from_to(0.0, 10.0), y: Axis::new("y").from_to(0.0, 100.0).reversed() };
        let near = nearest(&plane, (2.3, 24.0), 10.0).unwrap();
        assert_eq!((near.row, near.x, near.y), (1, 2.0, 20.0));
        assert!((near.distance - 5.0).abs() < 1e-9, "3 to the side and 4 down: {}", near.distance);
        assert_eq!(nearest(&plane, (2.3, 24.0), 4.9), None);
        let near = nearest(&plane, (3.0, 90.0), 0.0).unwrap();
        assert_eq!((near.row, near.distance), (4, 0.0));
    }

    #[test]
    fn the_sky_has_neighbors_too() {
        let plane = Plane::Sky {
            longitude: "x".into(),
            latitude: "y".into(),
            center: 0.0,
            window: Some([-3.2, 3.2, -1.6, 1.6]),
        };
        let near = nearest(&plane, (-0.03, 0.33), 10.0).unwrap();
        assert_eq!((near.row, near.x, near.y), (1, 2.0, 20.0));
    }
}
