//! How the values of an expression are distributed: counts in bins of equal width (in logarithms, on a logarithmic axis).

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use table::{Field, Table};

use super::axis::AxisShown;
use super::plane::sample;
use super::{Axis, Fault, Ground, Part, Scale, range};
use crate::expression::{BLOCK, Program, Scratch, compile};
use crate::progress::{Progress, part};
use crate::select::{Rows, Selection};
use crate::statistics::quantile;

/// Bins, at most.
const MOST: usize = 1000;

/// Bins, if their number is chosen here.
const USUAL: (f64, f64) = (8.0, 200.0);

/// A histogram, as asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistogramSpec {
    /// What is counted, along which axis.
    pub axis: Axis,
    /// Number of bins; `None`: by the rule of Freedman and Diaconis.
    pub bins: Option<u32>,
    /// How counts become heights.
    pub counts: Scale,
    /// Which rows are counted.
    pub rows: Rows,
    /// Width and height in pixels of the page, for the number of ticks.
    pub size: (u32, u32),
    /// What is under it, for a file.
    pub ground: Ground,
}

/// A histogram, as it became.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// The axis of values.
    pub x: AxisShown,
    /// The axis of counts, from 0 (from 0.5 on a logarithmic one) to a little above the highest bin.
    pub y: AxisShown,
    /// From the smallest value to the greatest, without gaps.
    pub bins: Vec<Bin>,
    /// Rows outside of the range.
    pub outside: u64,
    /// Rows without value.
    pub unvalued: u64,
    /// What the reader should know.
    pub notes: Vec<String>,
}

/// One bin: values from `low` on and below `high`; the last holds its end as well.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// Rows in it.
    pub count: u64,
    /// Selected rows in it.
    pub lit: u64,
}

/// A histogram in the making.
#[derive(Debug)]
pub struct Counting {
    spec: HistogramSpec,
    program: Program,
    rows: usize,
    selection: Option<Arc<Selection>>,
    /// The range in drawn values; known after the first step.
    range: Option<(f64, f64)>,
    next: usize,
    counts: Vec<(u64, u64)>,
    outside: u64,
    unvalued: u64,
    values: Vec<f64>,
    scratch: Scratch,
}

impl Counting {
    /// A histogram of the first `rows` rows of a table with these columns. `selection`: the rows that are selected.
    pub fn new(
        spec: HistogramSpec,
        fields: &[&Field],
        rows: usize,
        selection: Option<Arc<Selection>>,
    ) -> Result<Counting, Vec<Fault>> {
        let program = compile(&spec.axis.expression, fields).map_err(|error| vec![Fault { part: Part::X, error }])?;
        Ok(Counting {
            spec,
            program,
            rows,
            selection,
            range: None,
            next: 0,
            counts: Vec::new(),
            outside: 0,
            unvalued: 0,
            values: vec![0.0; BLOCK],
            scratch: Scratch::default(),
        })
    }

    /// Counts at least `budget` more rows.
    pub fn step(&mut self, table: &Table, budget: usize) -> Progress<Histogram> {
        let rows = self.rows.min(table.rows());
        let range = match self.range {
            Some(range) => range,
            None => self.begin(table, rows),
        };
        let end = self.next.saturating_add(budget.max(1)).min(rows);
        while self.next < end {
            let start = self.next;
            self.next = (start + BLOCK).min(rows);
            self.block(table, range, start);
        }
        if self.next < rows { Progress::More(part(self.next, rows)) } else { Progress::Done(self.finish(range)) }
    }

    /// Finds the range and the number of bins.
    fn begin(&mut self, table: &Table, rows: usize) -> (f64, f64) {
        let scale = self.spec.axis.scale;
        let only = match self.spec.rows {
            Rows::All => None,
            Rows::Selected => Some(self.selection.clone().unwrap_or_default()),
        };
        let (mut values, _) = sample(rows, only.as_deref(), |start, values, _, scratch| {
            self.program.evaluate(table, start, values, scratch);
            values.iter_mut().for_each(|value| *value = scale.forward(*value));
        });
        values.retain(|value| value.is_finite());
        let share = values.len();
        let counted = only.map_or(rows, |only| only.len());
        let width = freedman_diaconis(&mut values, counted.max(share));
        let given = self.spec.axis.range.and_then(|given| range::given(given, scale));
        let range = given.unwrap_or_else(|| range::automatic(&mut values, scale));
        let bins = self.spec.bins.map_or_else(
            || ((range.1 - range.0) / width).clamp(USUAL.0, USUAL.1).ceil() as usize,
            |bins| (bins as usize).clamp(1, MOST),
        );
        self.counts = vec![(0, 0); bins];
        self.range = Some(range);
        range
    }

    fn block(&mut self, table: &Table, (low, high): (f64, f64), start: usize) {
        let scale = self.spec.axis.scale;
        let values = &mut self.values[..self.next - start];
        self.program.evaluate(table, start, values, &mut self.scratch);
        let last = self.counts.len() - 1;
        let width = self.counts.len() as f64 / (high - low);
        for (at, value) in values.iter().enumerate() {
            let selected = self.selection.as_ref().is_some_and(|selection| selection.contains(start + at));
            if self.spec.rows == Rows::Selected && !selected {
                continue;
            }
            let value = scale.forward(*value);
            if value.is_nan() {
                self.unvalued += 1;
            } else if value < low || value > high {
                self.outside += 1;
            } else {
                let bin = &mut self.counts[(((value - low) * width) as usize).min(last)];
                bin.0 += 1;
                bin.1 += u64::from(selected);
            }
        }
    }

    fn finish(&mut self, (low, high): (f64, f64)) -> Histogram {
        let axis = &self.spec.axis;
        let labels = |pixels: u32, each: u32| (pixels / each).clamp(2, 20) as usize;
        let ends = (axis.scale.backward(low), axis.scale.backward(high));
        let label = self.program.label.clone();
        let x = AxisShown::new(label, self.program.unit.clone(), axis.scale, ends, labels(self.spec.size.0, 90));
        let most = self.counts.iter().map(|(count, _)| *count).max().unwrap_or(0).max(1) as f64;
        let heights = match self.spec.counts {
            Scale::Linear => (0.0, most * 1.05),
            Scale::Log => (0.5, most * 1.5),
        };
        let y = AxisShown::new("rows".to_owned(), None, self.spec.counts, heights, labels(self.spec.size.1, 60));
        let bins = self.counts.len();
        let edge = |number: usize| axis.scale.backward(low + (high - low) * number as f64 / bins as f64);
        let bin = |(number, (count, lit)): (usize, &(u64, u64))| Bin {
            low: edge(number),
            high: edge(number + 1),
            count: *count,
            lit: *lit,
        };
        Histogram {
            x: x.turned(axis.reversed),
            y,
            bins: self.counts.iter().enumerate().map(bin).collect(),
            outside: self.outside,
            unvalued: self.unvalued,
            notes: self.program.notes.clone(),
        }
    }
}

/// The width of bins by the rule of Freedman and Diaconis: twice the distance of the quartiles by the third root of the count.
fn freedman_diaconis(values: &mut [f64], count: usize) -> f64 {
    if values.is_empty() {
        return f64::INFINITY;
    }
    2.0 * (quantile(values, 0.75) - quantile(values, 0.25)) / (count as f64).cbrt()
}

#[cfg(test)]
mod tests {
    use table::{Column, Datatype};

    use super::*;

    fn table(values: &[f64]) -> Table {
        let mut column = Column::new(Field::new("x", Datatype::Double));
        values.iter().for_each(|value| column.push_double(*value));
        Table { columns: vec![column], ..Table::default() }
    }

    fn histogram(values: &[f64], change: impl FnOnce(&mut HistogramSpec)) -> Histogram {
        let mut spec = HistogramSpec {
            axis: Axis::new("x"),
            bins: None,
            counts: Scale::Linear,
            rows: Rows::All,
            size: (600, 300),
            ground: Ground::Light,
        };
        change(&mut spec);
        let table = table(values);
        let mut selection = Selection::default();
        selection.insert(0);
        let fields: Vec<&Field> = table.columns.iter().map(Column::field).collect();
        let mut counting = Counting::new(spec, &fields, table.rows(), Some(Arc::new(selection))).unwrap();
        loop {
            if let Progress::Done(histogram) = counting.step(&table, 1) {
                return histogram;
            }
        }
    }

    #[test]
    fn values_fall_into_their_bins() {
        let values = [0.0, 0.5, 1.0, 9.99, 10.0, 11.0, f64::NAN, f64::INFINITY];
        let found = histogram(&values, |spec| {
            spec.axis.range = Some((10.0, 0.0));
            spec.bins = Some(10);
        });
        let counts: Vec<u64> = found.bins.iter().map(|bin| bin.count).collect();
        assert_eq!(counts, [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]);
        assert_eq!((found.outside, found.unvalued, found.bins[0].lit), (2, 1, 1));
        assert_eq!((found.bins[3].low, found.bins[3].high, found.y.high), (3.0, 4.0, 2.1));
    }

    #[test]
    fn logarithmic_bins_are_even_in_decades() {
        let found = histogram(&[1.0, 5.0, 50.0, 500.0, -1.0, 0.0], |spec| {
            spec.axis = Axis::new("x").log().from_to(1.0, 1000.0);
            spec.bins = Some(3);
            spec.counts = Scale::Log;
        });
        let counts: Vec<u64> = found.bins.iter().map(|bin| bin.count).collect();
        assert_eq!((counts, found.unvalued), (vec![2, 1, 1], 2));
        assert!((found.bins[1].low - 10.0).abs() < 1e-9);
        assert_eq!((found.y.low, found.y.high), (0.5, 3.0));
    }

    #[test]
    fn the_number_of_bins_follows_the_values() {
        // Quartiles 250 apart of 1001 values: width 2 * 500 / 10 = 100, over a range of 1060.
        let even: Vec<f64> = (0..=1000).map(f64::from).collect();
        assert_eq!(histogram(&even, |_| {}).bins.len(), 11);
        assert_eq!(histogram(&[], |_| {}).bins.len(), 8);
        assert_eq!(histogram(&[4.0; 50], |_| {}).bins.iter().map(|bin| bin.count).sum::<u64>(), 50);
        assert_eq!(histogram(&even, |spec| spec.bins = Some(u32::MAX)).bins.len(), MOST);
    }

    #[test]
    fn only_selected_rows_count_if_asked_for() {
        let found = histogram(&[3.0, 3.0, f64::NAN], |spec| spec.rows = Rows::Selected);
        assert_eq!((found.bins.iter().map(|bin| bin.count).sum::<u64>(), found.unvalued), (1, 0));
    }
}
