//! Points counted in the pixels of an image, and each spread over the disc that it is drawn as.

/// Spreads the counts of an image's pixels (rows from the top) over discs of this diameter in pixels; the rim of a disc counts
/// in part.
pub(super) fn spread(width: usize, counts: Vec<f32>, diameter: f32) -> Vec<f32> {
    if diameter <= 1.0 {
        return counts;
    }
    let kernel = Kernel::disc(diameter);
    let mut weights = vec![0.0; counts.len()];
    let size = (width, counts.len() / width.max(1));
    for (y, row) in counts.chunks(width.max(1)).enumerate() {
        for (x, count) in row.iter().enumerate().filter(|(_, count)| **count != 0.0) {
            kernel.add(&mut weights, size, (x, y), *count);
        }
    }
    weights
}

struct Kernel {
    reach: usize,
    weights: Vec<f32>,
}

impl Kernel {
    fn disc(diameter: f32) -> Kernel {
        let radius = diameter / 2.0;
        let reach = (radius + 0.5).ceil() as usize - 1;
        let side = 2 * reach + 1;
        let weight = |at: usize| {
            let (x, y) = ((at % side) as f32 - reach as f32, (at / side) as f32 - reach as f32);
            (radius + 0.5 - x.hypot(y)).clamp(0.0, 1.0)
        };
        Kernel { reach, weights: (0..side * side).map(weight).collect() }
    }

    fn add(&self, weights: &mut [f32], size: (usize, usize), at: (usize, usize), count: f32) {
        let side = 2 * self.reach + 1;
        // The part of the disc that lies in the image: columns of it, and where they begin there.
        let (from, to) = (at.0.saturating_sub(self.reach), (at.0 + self.reach + 1).min(size.0));
        let skipped = from + self.reach - at.0;
        for (line, disc) in self.weights.chunks(side).enumerate() {
            let Some(y) = (at.1 + line).checked_sub(self.reach).filter(|y| *y < size.1) else { continue };
            let row = &mut weights[y * size.0 + from..y * size.0 + to];
            row.iter_mut().zip(&disc[skipped..]).for_each(|(weight, part)| *weight += count * part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_becomes_a_disc() {
        let mut counts = vec![0.0; 49];
        counts[24] = 2.0;
        let grid = spread(7, counts, 3.0);
        assert_eq!(grid[24], 2.0);
        assert_eq!(grid[23], 2.0);
        assert!(grid[16] > 1.0 && grid[16] < 2.0, "the corner is a part of the rim");
        assert_eq!(grid[22], 0.0);
        let area: f32 = grid.iter().sum();
        assert!((area / 2.0 - 7.07).abs() < 1.0, "about the area of the disc: {area}");
    }

    #[test]
    fn discs_are_cut_at_the_edges() {
        for at in [0, 6, 42, 48] {
            let mut counts = vec![0.0; 49];
            counts[at] = 1.0;
            let grid = spread(7, counts, 5.0);
            assert_eq!(grid[at], 1.0);
            let touched = grid.iter().filter(|weight| **weight > 0.0).count();
            assert!((6..=9).contains(&touched), "{touched}");
        }
        assert_eq!(spread(7, vec![1.0; 49], 1.0), [1.0; 49]);
    }
}
