//! Widths of columns: guessed from names, units and the first cells, and which columns are seen.

use std::ops::Range;

use super::{CellBlock, ColumnHead};

/// No column is made narrower by hand.
pub const LEAST: f64 = 40.0;
/// No column is guessed wider: long texts are cut, and shown whole on hover.
const MOST: f64 = 320.0;
/// Blanks and line of a cell.
const AROUND: f64 = 21.0;
/// An average character of a cell, of a name (with the arrow's place beside it), of a unit.
const CHARACTER: f64 = 7.4;
const NAME: f64 = 7.2;
const ARROW: f64 = 18.0;
const UNIT: f64 = 6.4;
/// Cells looked at for a guess.
const SAMPLE: usize = 100;
/// Up to so many columns all are drawn.
const ALL: usize = 60;

/// A width for each column.
pub fn guess(columns: &[ColumnHead], block: &CellBlock) -> Vec<f64> {
    columns.iter().enumerate().map(|(index, column)| guess_one(column, index, block)).collect()
}

/// A width for one column.
pub fn guess_one(column: &ColumnHead, index: usize, block: &CellBlock) -> f64 {
    let length = |text: &str| text.chars().count() as f64;
    let name = length(&column.name) * NAME + ARROW;
    let unit = length(column.unit.as_deref().unwrap_or_default()) * UNIT;
    let cells = block.cells.iter().take(SAMPLE).filter_map(|row| row.get(index)?.as_deref());
    let cell = cells.map(length).fold(0.0, f64::max) * CHARACTER;
    (name.max(unit).max(cell) + AROUND).round().clamp(64.0, MOST)
}

/// The columns of which something is seen between `left` and `left + view`, and one more on either side.
pub fn seen(widths: &[f64], left: f64, view: f64) -> Range<usize> {
    if widths.len() <= ALL {
        return 0..widths.len();
    }
    let mut start = widths.len();
    let mut end = 0;
    let mut edge = 0.0;
    for (index, width) in widths.iter().enumerate() {
        if edge + width > left && edge < left + view {
            start = start.min(index);
            end = index + 1;
        }
        edge += width;
    }
    start.min(end).saturating_sub(1)..(end + 1).min(widths.len())
}

/// Left edge of a column.
pub fn edge(widths: &[f64], column: usize) -> f64 {
    widths.iter().take(column).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_columns_only_the_seen_are_drawn() {
        let widths = vec![100.0; 1000];
        assert_eq!(seen(&widths, 0.0, 800.0), 0..9);
        assert_eq!(seen(&widths, 50_000.0, 800.0), 499..509);
        assert_eq!(seen(&widths, 99_200.0, 800.0), 991..1000);
        assert_eq!(seen(&widths, 0.0, 0.0), 0..1);
        assert_eq!(seen(&widths[..60], 50_000.0, 800.0), 0..60);
    }
}
