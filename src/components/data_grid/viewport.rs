//! Where rows stand while the grid scrolls.
//!
//! No browser makes an element higher than about 16.7 million pixels, which is fewer than 600,000 rows. Beyond that the
//! scrolled height is clamped and positions are scaled: real pixels are those of the scroll bar, virtual ones those of the
//! rows. Near both ends the two run alike, so that the first and the last rows are reached one by one.

use std::ops::Range;

/// Height of a row in pixels, as in the stylesheet.
pub const ROW: f64 = 28.0;
/// Height of the header in pixels, as in the stylesheet.
pub const HEADER: f64 = 44.0;
/// The highest element that every browser makes.
const LARGEST: f64 = 16_000_000.0;
/// How far from both ends real and virtual pixels run alike.
const ALIKE: f64 = 200_000.0;
/// Rows drawn beyond what is seen, on either side.
const BEYOND: usize = 4;

/// The scale between the scroll bar and the rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    total: f64,
    real: f64,
    view: f64,
}

impl Scale {
    /// For so many rows, of which `view` pixels are seen at once.
    pub fn new(rows: usize, view: f64) -> Self {
        let total = rows as f64 * ROW;
        Self { total, real: total.min(LARGEST), view: view.max(0.0) }
    }

    /// Height of the element that makes the scroll bar.
    pub fn height(&self) -> f64 {
        self.real
    }

    /// The largest virtual position: the last row at the lower edge.
    pub fn end(&self) -> f64 {
        (self.total - self.view).max(0.0)
    }

    fn real_end(&self) -> f64 {
        (self.real - self.view).max(0.0)
    }

    /// The virtual position that belongs to a position of the scroll bar.
    pub fn to_virtual(self, real: f64) -> f64 {
        let real = real.clamp(0.0, self.real_end());
        if self.total <= LARGEST || real <= ALIKE {
            real
        } else if real >= self.real_end() - ALIKE {
            self.end() - (self.real_end() - real)
        } else {
            ALIKE + (real - ALIKE) * self.ratio()
        }
    }

    /// The position of the scroll bar that belongs to a virtual position.
    pub fn to_real(self, top: f64) -> f64 {
        let top = top.clamp(0.0, self.end());
        if self.total <= LARGEST || top <= ALIKE {
            top
        } else if top >= self.end() - ALIKE {
            self.real_end() - (self.end() - top)
        } else {
            ALIKE + (top - ALIKE) / self.ratio()
        }
    }

    fn ratio(&self) -> f64 {
        (self.end() - 2.0 * ALIKE) / (self.real_end() - 2.0 * ALIKE)
    }

    /// The new virtual position after the scroll bar went from `before` to `now`.
    ///
    /// A wheel or a finger moves the rows pixel by pixel; a thumb that is dragged far goes to its place on the scale.
    pub fn follow(&self, top: f64, before: f64, now: f64) -> f64 {
        if self.total <= LARGEST {
            return now;
        }
        let step = now - before;
        if now <= 0.5 {
            0.0
        } else if now >= self.real_end() - 1.0 && step > 0.0 {
            self.end()
        } else if step.abs() <= self.view.max(ROW) {
            (top + step).clamp(0.0, self.end())
        } else {
            self.to_virtual(now)
        }
    }

    /// The rows to draw when `top` is the virtual position.
    pub fn rows(&self, top: f64) -> Range<usize> {
        let count = (self.total / ROW).round() as usize;
        let first = ((top / ROW).floor() as usize).saturating_sub(BEYOND);
        let last = ((top + self.view) / ROW).ceil() as usize + BEYOND;
        first.min(count)..last.min(count)
    }

    /// The virtual position nearest to `top` at which row `row` is seen whole.
    pub fn reveal(&self, top: f64, row: usize) -> f64 {
        let upper = row as f64 * ROW;
        let lower = upper + ROW - self.view;
        // In a view lower than a row its upper edge counts.
        top.max(lower).min(upper).clamp(0.0, self.end())
    }

    /// Rows that fit into the view whole, at least one.
    pub fn page(&self) -> usize {
        ((self.view / ROW).floor() as usize).max(1)
    }
}

/// `range` widened on both sides, within so many rows.
pub fn widen(range: &Range<usize>, by: usize, rows: usize) -> Range<usize> {
    range.start.saturating_sub(by)..(range.end + by).min(rows)
}

/// Whether `outer` holds all of `inner`.
pub fn covers(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    inner.is_empty() || (outer.start <= inner.start && inner.end <= outer.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_are_not_scaled() {
        let scale = Scale::new(1000, 280.0);
        assert_eq!(scale.height(), 28_000.0);
        assert_eq!(scale.end(), 27_720.0);
        assert_eq!(scale.follow(0.0, 0.0, 1234.0), 1234.0);
        assert_eq!(scale.rows(0.0), 0..14);
        assert_eq!(scale.rows(scale.end()), 986..1000);
    }

    #[test]
    fn the_scale_goes_both_ways() {
        let scale = Scale::new(3_000_000, 560.0);
        assert_eq!(scale.height(), 16_000_000.0);
        for top in [0.0, 100.0, 200_000.0, 5e6, 4.2e7, scale.end() - 200_000.0, scale.end() - 28.0, scale.end()] {
            assert!((scale.to_virtual(scale.to_real(top)) - top).abs() < 0.01, "{top}");
        }
    }

    #[test]
    fn the_last_of_three_million_rows_is_drawn_at_the_end() {
        let scale = Scale::new(3_000_000, 560.0);
        let end = scale.follow(0.0, 0.0, 16_000_000.0 - 560.0);
        assert_eq!(end, scale.end());
        assert_eq!(scale.rows(end).end, 3_000_000);
        assert_eq!(end + 560.0, 3_000_000.0 * ROW);
        // The scroll bar's position is rounded to whole pixels by some browsers.
        assert_eq!(scale.follow(0.0, 0.0, 16_000_000.0 - 560.6), scale.end());
    }

    #[test]
    fn a_wheel_moves_pixel_by_pixel() {
        let scale = Scale::new(3_000_000, 560.0);
        let top = 4.2e7;
        let real = scale.to_real(top);
        assert_eq!(scale.follow(top, real, real + 100.0), top + 100.0);
        assert_eq!(scale.follow(top, real, real - 100.0), top - 100.0);
        assert!(scale.follow(top, real, real + 5000.0) > top + 10_000.0, "a dragged thumb goes far");
    }

    #[test]
    fn rows_are_revealed_by_the_least_movement() {
        let scale = Scale::new(1000, 280.0);
        assert_eq!(scale.reveal(0.0, 5), 0.0);
        assert_eq!(scale.reveal(0.0, 10), 28.0);
        assert_eq!(scale.reveal(2800.0, 99), 2772.0);
        assert_eq!(scale.reveal(0.0, 999), scale.end());
        assert_eq!(Scale::new(1000, 0.0).rows(scale.reveal(0.0, 999)).end, 994);
        assert_eq!(Scale::new(0, 280.0).reveal(0.0, 0), 0.0);
    }
}
