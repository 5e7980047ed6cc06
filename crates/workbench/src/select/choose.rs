//! A choice in the making: rows inside of a region of a picture, or rows that fulfil a condition.

use serde::{Deserialize, Serialize};
use table::{Field, Table};

use super::Selection;
use crate::expression::{BLOCK, Program, Scratch, compile, holds};
use crate::picture::{Fault, Part, Plane, Projector};
use crate::progress::{Progress, part};

/// Corners of a lasso, at most; the page thins out what a hand draws.
const CORNERS: usize = 2000;

/// What is chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Choice {
    /// All rows.
    All,
    /// No row.
    None,
    /// The rows that are not selected now.
    Others,
    /// Rows by their place in the order of arrival.
    Rows(Vec<u32>),
    /// Rows in a region of a picture.
    Region(Region),
    /// Rows that fulfil a condition (see [`crate::expression`]).
    Condition(String),
}

/// A region of a picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// The picture's plane.
    pub plane: Plane,
    /// Its shape, in the numbers of the picture's axes.
    pub shape: Shape,
}

/// The shape of a region. Edges are straight as they are drawn: on logarithmic axes between logarithms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Shape {
    /// From one corner to the opposite one, edges included.
    Rectangle {
        /// x and y.
        from: (f64, f64),
        /// x and y.
        to: (f64, f64),
    },
    /// What a closed line goes around (by the even–odd rule), x and y of each corner.
    Polygon(Vec<(f64, f64)>),
}

/// A choice in the making.
#[derive(Debug)]
pub struct Choosing {
    test: Test,
    rows: usize,
    next: usize,
    chosen: Selection,
    scratch: Scratch,
}

#[derive(Debug)]
enum Test {
    Done,
    Condition(Program),
    Rectangle(Projector, Bounds),
    Polygon(Projector, Lasso),
}

/// x from and to, y from and to, in drawn coordinates.
type Bounds = [f64; 4];

impl Choosing {
    /// A choice among the first `rows` rows of a table with these columns, of which some may be `selected`.
    pub fn new(choice: &Choice, fields: &[&Field], rows: usize, selected: &Selection) -> Result<Choosing, Vec<Fault>> {
        let mut chosen = Selection::default();
        let test = match choice {
            Choice::All => {
                chosen = Selection::all(rows);
                Test::Done
            }
            Choice::None => Test::Done,
            Choice::Others => {
                chosen = selected.inverted(rows);
                Test::Done
            }
            Choice::Rows(list) => {
                list.iter().map(|row| *row as usize).filter(|row| *row < rows).for_each(|row| chosen.insert(row));
                Test::Done
            }
            Choice::Condition(text) => {
                let error = |error| vec![Fault { part: Part::Condition, error }];
                Test::Condition(compile(text, fields).map_err(error)?)
            }
            Choice::Region(Region { plane, shape }) => {
                let projector = Projector::new(plane, fields)?;
                match shape {
                    Shape::Rectangle { from, to } => {
                        let corners = [*from, *to].map(|(x, y)| projector.place(x, y));
                        Test::Rectangle(projector, bounds(&corners))
                    }
                    Shape::Polygon(corners) => {
                        let place = |(x, y): &(f64, f64)| projector.place(*x, *y);
                        let corners: Vec<(f64, f64)> = corners.iter().take(CORNERS).map(place).collect();
                        Test::Polygon(projector, Lasso::new(&corners))
                    }
                }
            }
        };
        Ok(Choosing { test, rows, next: 0, chosen, scratch: Scratch::default() })
    }

    /// Tests at least `budget` more rows.
    pub fn step(&mut self, table: &Table, budget: usize) -> Progress<Selection> {
        let rows = self.rows.min(table.rows());
        if matches!(self.test, Test::Done) {
            self.next = rows;
        }
        let end = self.next.saturating_add(budget.max(1)).min(rows);
        let (mut x, mut y) = ([0.0; BLOCK], [0.0; BLOCK]);
        while self.next < end {
            let start = self.next;
            self.next = (start + BLOCK).min(rows);
            let (x, y) = (&mut x[..self.next - start], &mut y[..self.next - start]);
            self.block(table, start, x, y);
        }
        if self.next < rows {
            return Progress::More(part(self.next, rows));
        }
        Progress::Done(std::mem::take(&mut self.chosen))
    }

    fn block(&mut self, table: &Table, start: usize, x: &mut [f64], y: &mut [f64]) {
        let chosen = &mut self.chosen;
        match &self.test {
            Test::Done => {}
            Test::Condition(program) => {
                program.evaluate(table, start, x, &mut self.scratch);
                (0..x.len()).filter(|at| holds(x[*at])).for_each(|at| chosen.insert(start + at));
            }
            Test::Rectangle(projector, within) => {
                projector.project(table, start, x, y, &mut self.scratch);
                (0..x.len()).filter(|at| inside(within, x[*at], y[*at])).for_each(|at| chosen.insert(start + at));
            }
            Test::Polygon(projector, lasso) => {
                projector.project(table, start, x, y, &mut self.scratch);
                (0..x.len()).filter(|at| lasso.encloses(x[*at], y[*at])).for_each(|at| chosen.insert(start + at));
            }
        }
    }
}

fn bounds(corners: &[(f64, f64)]) -> Bounds {
    let nothing = [f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY];
    corners.iter().fold(nothing, |[left, right, bottom, top], (x, y)| {
        // The logarithm of zero does not exist: such a corner lies beyond all values.
        let (x_low, y_low) =
            (if x.is_nan() { f64::NEG_INFINITY } else { *x }, if y.is_nan() { f64::NEG_INFINITY } else { *y });
        [left.min(x_low), right.max(*x), bottom.min(y_low), top.max(*y)]
    })
}

fn inside([left, right, bottom, top]: &Bounds, x: f64, y: f64) -> bool {
    *left <= x && x <= *right && *bottom <= y && y <= *top
}

/// A closed line, cut into slabs of equal height: a point is held against the few edges of its slab.
#[derive(Debug)]
struct Lasso {
    within: Bounds,
    slabs: Vec<Vec<Edge>>,
}

/// From corner to corner.
type Edge = ((f64, f64), (f64, f64));

/// Slabs of a lasso.
const SLABS: usize = 256;

impl Lasso {
    fn new(corners: &[(f64, f64)]) -> Lasso {
        let within = bounds(corners);
        let mut slabs = vec![Vec::new(); SLABS];
        let ends = corners.iter().copied().zip(corners.iter().copied().cycle().skip(1));
        for (from, to) in ends.filter(|(from, to)| from.1 != to.1) {
            let (low, high) = (slab(&within, from.1.min(to.1)), slab(&within, from.1.max(to.1)));
            slabs[low..=high].iter_mut().for_each(|slab| slab.push((from, to)));
        }
        Lasso { within, slabs }
    }

    /// Whether a ray to the right crosses the line an odd number of times.
    fn encloses(&self, x: f64, y: f64) -> bool {
        if !inside(&self.within, x, y) {
            return false;
        }
        let crosses = |(from, to): &&Edge| {
            (from.1 > y) != (to.1 > y) && x < (to.0 - from.0) * (y - from.1) / (to.1 - from.1) + from.0
        };
        self.slabs[slab(&self.within, y)].iter().filter(crosses).count() % 2 == 1
    }
}

/// The slab of a height between the bounds.
fn slab([.., bottom, top]: &Bounds, y: f64) -> usize {
    (((y - bottom) / (top - bottom) * SLABS as f64) as usize).min(SLABS - 1)
}

#[cfg(test)]
mod tests {
    use table::{Column, Datatype};

    use super::*;
    use crate::picture::Axis;

    /// A lattice: x is 0 to 9, y 0 to 9, and one row without value.
    fn table() -> Table {
        let mut table = Table::new(vec![Field::new("x", Datatype::Double), Field::new("y", Datatype::Int)]);
        for row in 0..100 {
            table.columns[0].push_double(f64::from(row % 10));
            table.columns[1].push_integer(i64::from(row / 10));
        }
        table.columns.iter_mut().for_each(Column::push_null);
        table
    }

    fn plane() -> Plane {
        Plane::Axes { x: Axis::new("x"), y: Axis::new("y") }
    }

    fn chosen(choice: &Choice) -> Vec<usize> {
        let table = table();
        let fields: Vec<&Field> = table.columns.iter().map(Column::field).collect();
        let mut selected = Selection::default();
        selected.insert(3);
        let mut choosing = Choosing::new(choice, &fields, table.rows(), &selected).unwrap();
        loop {
            if let Progress::Done(selection) = choosing.step(&table, 10) {
                return selection.iter(0..1000).collect();
            }
        }
    }

    fn region(plane: Plane, shape: Shape) -> Vec<usize> {
        chosen(&Choice::Region(Region { plane, shape }))
    }

    #[test]
    fn rectangles_hold_their_edges_whichever_corner_comes_first() {
        let expected = [12, 13, 14, 22, 23, 24];
        for (from, to) in [((2.0, 1.0), (4.0, 2.0)), ((4.0, 2.0), (2.0, 1.0)), ((1.9, 2.5), (4.9, 0.5))] {
            assert_eq!(region(plane(), Shape::Rectangle { from, to }), expected);
        }
        let nowhere = Shape::Rectangle { from: (20.0, 20.0), to: (30.0, 30.0) };
        assert!(region(plane(), nowhere).is_empty());
    }

    #[test]
    fn polygons_hold_what_they_go_around() {
        let triangle = Shape::Polygon(vec![(0.5, -0.5), (3.5, -0.5), (0.5, 2.5)]);
        assert_eq!(region(plane(), triangle), [1, 2, 11]);
        let bow = Shape::Polygon(vec![(0.5, 0.5), (4.5, 3.5), (4.5, 0.5), (0.5, 3.5)]);
        assert_eq!(
            region(plane(), bow),
            [11, 14, 21, 22, 23, 24, 31, 34],
            "the two parts of a line that crosses itself"
        );
        for corners in [vec![], vec![(1.0, 1.0)], vec![(1.0, 1.0), (5.0, 5.0)]] {
            assert!(region(plane(), Shape::Polygon(corners)).is_empty());
        }
    }

    #[test]
    fn edges_are_straight_on_logarithmic_axes() {
        let plane = Plane::Axes { x: Axis::new("x").log(), y: Axis::new("y") };
        // Between (1, 0.5) and (8, 3.5) the middle of the edge is at x = 2.83, y = 2.
        let triangle = Shape::Polygon(vec![(1.0, 0.5), (8.5, 0.5), (8.5, 3.5)]);
        let found = region(plane.clone(), triangle);
        assert!(found.contains(&24) && !found.contains(&22), "{found:?}");
        let rectangle = Shape::Rectangle { from: (0.0, 0.0), to: (2.0, 0.0) };
        assert_eq!(region(plane, rectangle), [1, 2], "from zero on, but zero itself has no logarithm");
    }

    #[test]
    fn conditions_lists_and_the_others() {
        assert_eq!(chosen(&Choice::Condition("x > 7 and y = 3".into())), [38, 39]);
        assert_eq!(chosen(&Choice::Condition("x is null".into())), [100]);
        assert_eq!(chosen(&Choice::Rows(vec![5, 1, 5, 4000])), [1, 5]);
        assert_eq!(chosen(&Choice::All).len(), 101);
        assert_eq!(chosen(&Choice::Others).len(), 100);
        assert!(chosen(&Choice::None).is_empty());
    }

    #[test]
    fn mistakes_name_the_expression() {
        let table = table();
        let fields: Vec<&Field> = table.columns.iter().map(Column::field).collect();
        let plane = Plane::Axes { x: Axis::new("z"), y: Axis::new("y +") };
        let choice = Choice::Region(Region { plane, shape: Shape::Polygon(vec![]) });
        let faults = Choosing::new(&choice, &fields, 1, &Selection::default()).unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.part).collect::<Vec<_>>(), [Part::X, Part::Y]);
    }
}
