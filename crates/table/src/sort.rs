//! The order of rows by one or more columns: stable, nulls and NaN last in either direction.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::{Cell, Column, Data};

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Greatest first.
    Descending,
}

/// The rows `0..rows` in order: `order[i]` is the row to show at place `i`. At most 2^32 rows.
pub fn order(keys: &[(&Column, Direction)], rows: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..rows as u32).collect();
    // Sorting by the last key first, each time keeping the order of equals, sorts by all of them.
    for (column, direction) in keys.iter().rev() {
        sort_by(column, *direction, &mut order);
    }
    order
}

fn sort_by(column: &Column, direction: Direction, order: &mut Vec<u32>) {
    let (mut valued, empty): (Vec<u32>, Vec<u32>) = order.iter().partition(|row| has_value(column, **row as usize));
    let scalar = column.field().arraysize.is_scalar();
    match column.data() {
        Data::Long(vector) if scalar => by_key(&mut valued, direction, |row| vector[row]),
        Data::Int(vector) if scalar => by_key(&mut valued, direction, |row| vector[row]),
        Data::Short(vector) if scalar => by_key(&mut valued, direction, |row| vector[row]),
        Data::UnsignedByte(vector) | Data::Boolean(vector) if scalar => {
            by_key(&mut valued, direction, |row| vector[row])
        }
        Data::Double(vector) if scalar => by_key(&mut valued, direction, |row| ordered(vector[row])),
        Data::Float(vector) if scalar => by_key(&mut valued, direction, |row| ordered(vector[row].into())),
        Data::Text(text) => by(&mut valued, direction, |a, b| text[column.range(a)].cmp(&text[column.range(b)])),
        _ => by(&mut valued, direction, |a, b| elements(column.cell(a), column.cell(b))),
    }
    valued.extend(empty);
    *order = valued;
}

fn has_value(column: &Column, row: usize) -> bool {
    match column.cell(row) {
        Cell::Null => false,
        Cell::Float(value) => !value.is_nan(),
        Cell::Double(value) => !value.is_nan(),
        _ => true,
    }
}

/// Bits of a float, so changed that whole numbers compare as the floats do; -0 equals 0.
fn ordered(value: f64) -> i64 {
    let bits = (value + 0.0).to_bits() as i64;
    if bits < 0 { bits ^ i64::MAX } else { bits }
}

fn by_key<K: Ord>(rows: &mut [u32], direction: Direction, key: impl Fn(usize) -> K) {
    by(rows, direction, |a, b| key(a).cmp(&key(b)));
}

fn by(rows: &mut [u32], direction: Direction, compare: impl Fn(usize, usize) -> Ordering) {
    match direction {
        Direction::Ascending => rows.sort_by(|a, b| compare(*a as usize, *b as usize)),
        Direction::Descending => rows.sort_by(|a, b| compare(*b as usize, *a as usize)),
    }
}

/// Arrays and complex numbers: element by element, then by length.
fn elements(a: Cell<'_>, b: Cell<'_>) -> Ordering {
    let number = |cell: Cell<'_>| match cell {
        Cell::Integer(value) => value as f64,
        Cell::Float(value) => value.into(),
        Cell::Double(value) => value,
        Cell::Boolean(value) => f64::from(u8::from(value)),
        _ => f64::NAN,
    };
    match (a, b) {
        (Cell::Array(a), Cell::Array(b)) => a
            .iter()
            .zip(b.iter())
            .map(|(a, b)| elements(a, b))
            .find(|order| order.is_ne())
            .unwrap_or_else(|| a.len().cmp(&b.len())),
        (Cell::Complex(a), Cell::Complex(b)) => a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])),
        (Cell::Integer(a), Cell::Integer(b)) => a.cmp(&b),
        (a, b) => number(a).total_cmp(&number(b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Datatype, Field};

    #[test]
    fn nulls_are_last_either_way() {
        let mut column = Column::new(Field::new("x", Datatype::Double));
        for value in [2.0, f64::NAN, -1.0, 0.0, f64::NEG_INFINITY] {
            column.push_double(value);
        }
        assert_eq!(order(&[(&column, Direction::Ascending)], 5), [4, 2, 3, 0, 1]);
        assert_eq!(order(&[(&column, Direction::Descending)], 5), [0, 3, 2, 4, 1]);
    }

    #[test]
    fn identifiers_sort_exactly() {
        let mut column = Column::new(Field::new("source_id", Datatype::Long));
        for value in [6_917_528_997_577_384_321, 6_917_528_997_577_384_320, -5] {
            column.push_integer(value);
        }
        assert_eq!(order(&[(&column, Direction::Ascending)], 3), [2, 1, 0]);
    }

    #[test]
    fn equals_keep_the_order_of_the_next_key() {
        let mut name = Column::new(Field::new("name", Datatype::Char));
        let mut mag = Column::new(Field::new("mag", Datatype::Float));
        for (n, m) in [("b", 1.0), ("a", 2.0), ("b", 0.5), ("a", 1.0)] {
            name.push_text(n);
            mag.push_double(m);
        }
        let keys = [(&name, Direction::Descending), (&mag, Direction::Ascending)];
        assert_eq!(order(&keys, 4), [2, 0, 3, 1]);
    }
}
