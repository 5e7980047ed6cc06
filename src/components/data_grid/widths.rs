//! Widths of columns: guessed from names, units and the first cells, and which columns are seen.

use std::ops::Range;

use super::{CellBlock, ColumnHead};

/// No column is made narrower by hand.
pub const LEAST: f64 = 40.0;
/// No column is guessed wider: long texts are cut, and shown whole on hover.
const MOST: f64 = 320.0;
/// Blanks and line of a cell.
pub const AROUND: f64 = 21.0;
/// The arrow beside a name.
const ARROW: f64 = 18.0;
/// An average character of a cell of text, of a name, of a unit, as parts of a digit's width.
const TEXT: f64 = 0.96;
const NAME: f64 = 1.06;
const UNIT: f64 = 0.9;
/// Cells looked at for a guess.
const SAMPLE: usize = 100;
/// Up to so many columns all are drawn.
const ALL: usize = 60;

/// A width for each column; `digit` is the width of a digit in pixels.
pub fn guess(columns: &[ColumnHead], block: &CellBlock, digit: f64) -> Vec<f64> {
    columns.iter().enumerate().map(|(index, column)| guess_one(column, index, block, digit)).collect()
}

/// A width for one column.
pub fn guess_one(column: &ColumnHead, index: usize, block: &CellBlock, digit: f64) -> f64 {
    let length = |text: &str| text.chars().count() as f64;
    let name = length(&column.name) * NAME * digit + ARROW;
    let unit = length(column.unit.as_deref().unwrap_or_default()) * UNIT * digit;
    let cells = || block.cells.iter().take(SAMPLE).filter_map(|row| row.get(index)?.as_deref());
    let cell = if column.numeric {
        // The points stand in one line, so the longest parts on either side of it count.
        let integer = |text: &str| text.find('.').unwrap_or(text.len()) as f64;
        let fraction = |text: &str| text.find('.').map_or(0, |point| text.len() - point) as f64;
        (cells().map(integer).fold(0.0, f64::max) + cells().map(fraction).fold(0.0, f64::max)) * digit
    } else {
        cells().map(length).fold(0.0, f64::max) * TEXT * digit
    };
    (name.max(unit).max(cell) + AROUND).ceil().clamp(64.0, MOST)
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
