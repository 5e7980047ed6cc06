//! What a column holds, in a few numbers: count, nulls, bounds, mean, standard deviation, quartiles, distinct and most frequent
//! values. Rows are read once, in steps; whole numbers and text keep their exact bounds.

mod moments;
mod quantile;
mod tally;

use std::cmp::Ordering;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use table::{Cell, Column, Data};

use self::moments::Moments;
use self::quantile::Sample;
pub(crate) use self::quantile::quantile;
use self::tally::Tally;
use crate::progress::{Progress, part};
use crate::select::Selection;

/// Rows read at a time.
const BLOCK: usize = 2048;

/// The greatest whole number up to which every one is a 64-bit float.
const EXACT: i64 = 1 << 53;

/// Frequent values that are listed.
const FREQUENT: usize = 20;

/// What a column holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Rows looked at.
    pub rows: u64,
    /// Rows without value.
    pub nulls: u64,
    /// Rows whose value is not a number; not counted among `nulls`.
    pub not_a_number: u64,
    /// Rows with a positive or negative infinity; they count for the bounds, not for mean and deviation.
    pub infinite: u64,
    /// The smallest value, as the grid writes it: text by its bytes, whole numbers exactly. `None`: no value, or of a kind without
    /// order (arrays).
    pub minimum: Option<String>,
    /// The greatest value.
    pub maximum: Option<String>,
    /// Of finite numbers; not given for identifiers beyond 2^53, which a float cannot tell apart.
    pub numbers: Option<Numbers>,
    /// Different values; `None` for arrays.
    pub distinct: Option<Distinct>,
    /// The most frequent values, the most frequent first; only values that occur twice or more. A value that comes first behind a
    /// million different others is not looked at; measured values (floats) of which a million differ are not listed.
    pub frequent: Vec<Frequent>,
}

/// Mean, deviation and quartiles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Numbers {
    /// Arithmetic mean.
    pub mean: f64,
    /// Standard deviation of a sample (divided by the count less one); 0 for one value.
    pub deviation: f64,
    /// First quartile, median and third quartile, linear between neighbors.
    pub quartiles: [f64; 3],
    /// Whether the quartiles are of all values, or of a regular sample of them (above four millions).
    pub exact: bool,
}

/// How many different values there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Distinct {
    /// So many.
    Exactly(u64),
    /// More than this; counting stopped there.
    MoreThan(u64),
}

/// A value and how often it occurs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frequent {
    /// As the grid writes it.
    pub value: String,
    /// Rows with it.
    pub count: u64,
}

/// A row that holds a bound, and a number in the order of the values; text has none and is compared itself.
type Bound = (i64, usize);

/// Statistics in the making.
#[derive(Debug)]
pub struct Statistics {
    /// Rows of the table when it began.
    rows: usize,
    /// Only these, if any are given.
    only: Option<Arc<Selection>>,
    next: usize,
    summary: Summary,
    least: Option<Bound>,
    greatest: Option<Bound>,
    beyond_exact: bool,
    moments: Moments,
    sample: Sample,
    tally: Option<Tally>,
}

impl Statistics {
    /// Statistics of the first `rows` rows of a column, or of those that are in `only`.
    pub fn new(rows: usize, only: Option<Arc<Selection>>) -> Statistics {
        let expected = only.as_ref().map_or(rows, |only| only.len());
        Statistics {
            rows,
            only,
            next: 0,
            summary: Summary::default(),
            least: None,
            greatest: None,
            beyond_exact: false,
            moments: Moments::default(),
            sample: Sample::new(expected),
            tally: Some(Tally::default()),
        }
    }

    /// Reads at least `budget` more rows of the column, which must be the same in each step.
    pub fn step(&mut self, column: &Column, budget: usize) -> Progress<Summary> {
        let rows = self.rows.min(column.len());
        let end = self.next.saturating_add(budget.max(1)).min(rows);
        let mut numbers = [0.0; BLOCK];
        while self.next < end {
            let start = self.next;
            let numbers = &mut numbers[..BLOCK.min(rows - start)];
            self.next = start + numbers.len();
            column.numbers(start, numbers);
            match self.only.clone() {
                Some(only) => only.iter(start..self.next).for_each(|row| self.row(column, row, numbers[row - start])),
                None => (start..self.next).for_each(|row| self.row(column, row, numbers[row - start])),
            }
            self.moments.close();
        }
        if self.next < rows {
            return Progress::More(part(self.next, rows));
        }
        Progress::Done(self.finish(column))
    }

    fn row(&mut self, column: &Column, row: usize, number: f64) {
        self.summary.rows += 1;
        if column.is_null(row) {
            self.summary.nulls += 1;
            return;
        }
        let cell = column.cell(row);
        // What tells values apart, and what puts them in order.
        let (key, place) = match cell {
            Cell::Float(_) | Cell::Double(_) if number.is_nan() => {
                self.summary.not_a_number += 1;
                return;
            }
            Cell::Float(_) | Cell::Double(_) => {
                // -0 is 0.
                let bits = (number + 0.0).to_bits();
                (bits, if number < 0.0 { bits as i64 ^ i64::MAX } else { bits as i64 })
            }
            Cell::Integer(value) => {
                self.beyond_exact |= value.unsigned_abs() > EXACT.unsigned_abs();
                (value as u64, value)
            }
            Cell::Boolean(value) => (u64::from(value), i64::from(value)),
            Cell::Text(text) => (tally::hash(text.as_bytes()), 0),
            Cell::Null | Cell::Complex(_) | Cell::Array(_) => {
                self.tally = None;
                return;
            }
        };
        let order = |(bound, of): Bound| place.cmp(&bound).then_with(|| texts(column, row, of));
        if self.least.is_none_or(|least| order(least).is_lt()) {
            self.least = Some((place, row));
        }
        if self.greatest.is_none_or(|greatest| order(greatest).is_gt()) {
            self.greatest = Some((place, row));
        }
        if let Some(tally) = &mut self.tally {
            // Measured values of which a million differ have none that is frequent.
            if !(tally.is_full() && matches!(cell, Cell::Float(_) | Cell::Double(_))) {
                tally.add(key, row);
            }
        }
        if number.is_finite() {
            self.moments.add(number);
            self.sample.add(number);
        } else if number.is_infinite() {
            self.summary.infinite += 1;
        }
    }

    fn finish(&mut self, column: &Column) -> Summary {
        let mut summary = std::mem::take(&mut self.summary);
        let text = |bound: Option<Bound>| bound.map(|(_, row)| column.display(row).to_string());
        (summary.minimum, summary.maximum) = (text(self.least), text(self.greatest));
        if !self.beyond_exact && !matches!(column.data(), Data::Boolean(_)) {
            let quartiles = self.sample.quantiles([0.25, 0.5, 0.75]);
            summary.numbers = self.moments.mean().zip(quartiles).map(|(mean, quartiles)| Numbers {
                mean,
                deviation: self.moments.deviation(),
                quartiles,
                exact: self.sample.is_whole(),
            });
        }
        if let Some(tally) = self.tally.take() {
            summary.distinct = Some(tally.distinct());
            let measured = tally.is_full() && matches!(column.data(), Data::Float(_) | Data::Double(_));
            let frequent = if measured { Vec::new() } else { tally.frequent(FREQUENT) }.into_iter();
            let value = |(row, count)| Frequent { value: column.display(row).to_string(), count };
            summary.frequent = frequent.map(value).collect();
        }
        summary
    }
}

/// The order of two cells of text.
fn texts(column: &Column, a: usize, b: usize) -> Ordering {
    match (column.cell(a), column.cell(b)) {
        (Cell::Text(a), Cell::Text(b)) => a.cmp(b),
        _ => Ordering::Equal,
    }
}

#[cfg(test)]
mod tests {
    use table::{Datatype, Field};

    use super::*;

    fn column(datatype: Datatype, values: &[f64]) -> Column {
        let mut column = Column::new(Field::new("x", datatype));
        values.iter().for_each(|value| column.push_double(*value));
        column
    }

    fn summary(column: &Column) -> Summary {
        let mut statistics = Statistics::new(column.len(), None);
        loop {
            if let Progress::Done(summary) = statistics.step(column, 1) {
                return summary;
            }
        }
    }

    #[test]
    fn numbers_are_those_of_numpy() {
        // numpy: mean, std(ddof=1) and percentile.
        let column = column(Datatype::Double, &[1.0, 3.0, f64::NAN, 2.0, 9.5, 3.5, 0.0, 7.0, 5.0]);
        let summary = summary(&column);
        let numbers = summary.numbers.unwrap();
        assert_eq!((summary.rows, summary.nulls), (9, 1));
        assert_eq!((numbers.mean, numbers.quartiles, numbers.exact), (3.875, [1.75, 3.25, 5.5], true));
        assert!((numbers.deviation - 3.170_736_732_775_433).abs() < 1e-12, "{}", numbers.deviation);
        assert_eq!((summary.minimum.unwrap(), summary.maximum.unwrap()), ("0.0".into(), "9.5".into()));
        assert_eq!((summary.distinct, summary.frequent), (Some(Distinct::Exactly(8)), vec![]));
    }

    #[test]
    fn a_large_offset_does_not_spoil_the_deviation() {
        let values: Vec<f64> = (0..10_000).map(|at| 1e9 + f64::from(at % 2)).collect();
        let numbers = summary(&column(Datatype::Double, &values)).numbers.unwrap();
        assert_eq!(numbers.mean, 1e9 + 0.5);
        assert!((numbers.deviation - 0.500_025_001_875_156_3).abs() < 1e-9, "{}", numbers.deviation);
    }

    #[test]
    fn nothing_one_and_the_same() {
        assert_eq!(
            summary(&column(Datatype::Double, &[])),
            Summary { distinct: Some(Distinct::Exactly(0)), ..Summary::default() }
        );
        let nulls = summary(&column(Datatype::Double, &[f64::NAN; 5]));
        assert_eq!((nulls.rows, nulls.nulls, nulls.numbers, nulls.minimum), (5, 5, None, None));
        let one = summary(&column(Datatype::Short, &[7.0])).numbers.unwrap();
        assert_eq!((one.mean, one.deviation, one.quartiles), (7.0, 0.0, [7.0; 3]));
        let same = summary(&column(Datatype::Float, &[2.5; 5000]));
        assert_eq!(same.numbers.unwrap().deviation, 0.0);
        assert_eq!(same.frequent, [Frequent { value: "2.5".into(), count: 5000 }]);
    }

    #[test]
    fn infinities_bound_and_are_left_out_of_the_mean() {
        let summary = summary(&column(Datatype::Double, &[1.0, f64::INFINITY, 3.0, f64::NEG_INFINITY]));
        assert_eq!((summary.infinite, summary.numbers.unwrap().mean), (2, 2.0));
        assert_eq!((summary.minimum.unwrap(), summary.maximum.unwrap()), ("-inf".into(), "inf".into()));
    }

    #[test]
    fn a_value_that_is_not_a_number_is_not_null() {
        let mut column = Column::new(Field::new("x", Datatype::Double));
        if let Data::Double(vector) = column.data_mut() {
            vector.push(f64::NAN);
        }
        column.end_row(true);
        column.push_null();
        let summary = summary(&column);
        assert_eq!((summary.nulls, summary.not_a_number), (1, 1));
    }

    #[test]
    fn identifiers_keep_every_digit_and_have_no_mean() {
        let mut column = Column::new(Field::new("source_id", Datatype::Long));
        for id in [6_917_528_997_577_384_321, 6_917_528_997_577_384_320, 6_917_528_997_577_384_321] {
            column.push_integer(id);
        }
        let summary = summary(&column);
        assert_eq!(summary.minimum.as_deref(), Some("6917528997577384320"));
        assert_eq!(summary.maximum.as_deref(), Some("6917528997577384321"));
        assert_eq!((summary.numbers, summary.distinct), (None, Some(Distinct::Exactly(2))));
        assert_eq!(summary.frequent[0].count, 2);
    }

    #[test]
    fn text_and_truth_have_frequent_values() {
        let mut text = Column::new(Field::new("name", Datatype::Char));
        for row in 0..100 {
            if row % 10 == 0 { text.push_null() } else { text.push_text(["b", "a", "b"][row % 3]) }
        }
        let found = summary(&text);
        let counts: Vec<_> = found.frequent.iter().map(|value| (value.value.as_str(), value.count)).collect();
        assert_eq!(counts, [("b", 60), ("a", 30)]);
        assert_eq!((found.minimum.as_deref(), found.maximum.as_deref()), (Some("a"), Some("b")));
        let mut truth = Column::new(Field::new("known", Datatype::Boolean));
        [true, false, true].into_iter().for_each(|value| truth.push_boolean(value));
        let found = summary(&truth);
        assert_eq!((found.numbers, found.frequent[0].value.as_str(), found.frequent[0].count), (None, "true", 2));
    }

    #[test]
    fn only_selected_rows_count_if_asked_for() {
        let values: Vec<f64> = (0..10_000).map(f64::from).collect();
        let column = column(Datatype::Int, &values);
        let mut only = Selection::default();
        [5, 4000, 9999].into_iter().for_each(|row| only.insert(row));
        let mut statistics = Statistics::new(column.len(), Some(Arc::new(only)));
        let mut steps = 1;
        let summary = loop {
            match statistics.step(&column, 2048) {
                Progress::Done(summary) => break summary,
                Progress::More(part) => assert!(part > 0.0 && part < 1.0),
            }
            steps += 1;
        };
        assert_eq!((steps, summary.rows, summary.numbers.unwrap().quartiles[1]), (5, 3, 4000.0));
    }

    #[test]
    fn counting_stops_at_a_million_different_values() {
        let values: Vec<f64> = (0..1_100_000).map(f64::from).collect();
        let column = column(Datatype::Int, &values);
        let Progress::Done(summary) = Statistics::new(column.len(), None).step(&column, usize::MAX) else { panic!() };
        assert_eq!(summary.distinct, Some(Distinct::MoreThan(1_000_000)));
        assert_eq!(summary.numbers.unwrap().mean, 549_999.5);
    }
}
