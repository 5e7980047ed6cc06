//! From counts to colors.

use super::axis::AxisShown;
use super::{Colors, Ground, Palette, Scale};

/// Colors that tell of a palette.
const STOPS: usize = 33;

/// Steps of a palette.
const STEPS: usize = 512;

/// How opaque points are that are not selected, where some are.
const DIMMED: f32 = 0.35;

/// What palette and background an image has.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub palette: Palette,
    pub ground: Ground,
    /// Whether it lies under lit points.
    pub dimmed: bool,
}

/// Translucent points of one color: the more of them, the more opaque.
pub(super) fn points(grid: &[f32], drawn: u64, look: Look) -> Vec<u8> {
    let color = match look.ground {
        Ground::Light => [36, 87, 158],
        Ground::Dark => [137, 180, 250],
    };
    let each = (0.8 * (2000.0 / drawn.max(1) as f32).sqrt()).clamp(0.15, 0.8);
    let thinned = (1.0 - each).ln();
    paint(grid, look, |_, weight| (color, 1.0 - (weight * thinned).exp()))
}

/// The number of points, by a palette.
pub(super) fn density(grid: &[f32], scale: Scale, look: Look) -> (Vec<u8>, Colors) {
    let most = grid.iter().copied().fold(0.0, f32::max).max(1.0);
    let steps = look.palette.colors(look.ground, STEPS);
    // One point is the least there can be; the rim of a disc is a part of one.
    let span = most.ln().max(f32::MIN_POSITIVE);
    let at = |weight: f32| match scale {
        Scale::Linear => (weight - 1.0) / (most - 1.0).max(f32::MIN_POSITIVE),
        Scale::Log => weight.ln() / span,
    };
    let step = |weight: f32| steps[(at(weight.max(1.0)) * (STEPS - 1) as f32) as usize % STEPS];
    // Most pixels hold few points: their colors are looked up.
    let few: Vec<[u8; 3]> = (0..4096u16).map(|count| step(f32::from(count).min(most))).collect();
    let pixels = paint(grid, look, |_, weight| {
        let color = few.get(weight.round() as usize).copied().unwrap_or_else(|| step(weight));
        (color, weight.min(1.0))
    });
    let high = f64::from(most).max(2.0);
    let axis = AxisShown::new("points".to_owned(), None, scale, (1.0, high), 5);
    (pixels, Colors { axis, stops: look.palette.colors(look.ground, STOPS) })
}

/// The mean of a third value, by a palette. `sums` are of values less the low end of `axis`, times the weights of `grid`.
pub(super) fn mean(grid: &[f32], sums: &[f32], axis: AxisShown, look: Look) -> (Vec<u8>, Colors) {
    let steps = look.palette.colors(look.ground, STEPS);
    let pixels = paint(grid, look, |at, weight| {
        let mean = sums[at] / weight;
        let place = axis.place(axis.low + f64::from(mean)).clamp(0.0, 1.0);
        (steps[(place * (STEPS - 1) as f64) as usize], weight.min(1.0))
    });
    (pixels, Colors { axis, stops: look.palette.colors(look.ground, STOPS) })
}

/// Lays selected points over an image.
pub(super) fn light(pixels: &mut [u8], grid: &[f32], ground: Ground) {
    let color = match ground {
        Ground::Light => [209, 36, 47],
        Ground::Dark => [255, 123, 84],
    };
    for (pixel, weight) in pixels.chunks_exact_mut(4).zip(grid) {
        if *weight > 0.0 {
            over(pixel, color, weight.min(1.0));
        }
    }
}

/// Colors each pixel that holds something, by its number and its weight.
fn paint(grid: &[f32], look: Look, color: impl Fn(usize, f32) -> ([u8; 3], f32)) -> Vec<u8> {
    let strength = if look.dimmed { DIMMED * 255.0 } else { 255.0 };
    let mut pixels = vec![0; grid.len() * 4];
    for (at, (pixel, weight)) in pixels.chunks_exact_mut(4).zip(grid).enumerate() {
        if *weight > 0.0 {
            let ([red, green, blue], opacity) = color(at, *weight);
            pixel.copy_from_slice(&[red, green, blue, (opacity * strength).round().max(1.0) as u8]);
        }
    }
    pixels
}

/// A color over a pixel (Porter and Duff's "over", colors not multiplied by opacity).
fn over(pixel: &mut [u8], color: [u8; 3], opacity: f32) {
    let below = f32::from(pixel[3]) / 255.0 * (1.0 - opacity);
    let total = opacity + below;
    for (channel, color) in pixel.iter_mut().zip(color) {
        *channel = ((f32::from(color) * opacity + f32::from(*channel) * below) / total).round() as u8;
    }
    pixel[3] = (total * 255.0).round() as u8;
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Look = Look { palette: Palette::Viridis, ground: Ground::Dark, dimmed: false };

    #[test]
    fn nothing_is_transparent_and_most_is_brightest() {
        let (pixels, colors) = density(&[0.0, 1.0, 10.0, 100.0, 5000.0], Scale::Log, LOOK);
        let opacity: Vec<u8> = pixels.chunks(4).map(|pixel| pixel[3]).collect();
        assert_eq!(opacity, [0, 255, 255, 255, 255]);
        assert_eq!(pixels[16..19], colors.stops[32]);
        assert_eq!(pixels[4..7], colors.stops[0]);
        assert_eq!((colors.axis.low, colors.axis.high), (1.0, 5000.0));
    }

    #[test]
    fn one_point_and_no_point_have_a_density() {
        for weights in [[0.0], [1.0]] {
            for scale in [Scale::Linear, Scale::Log] {
                let (_, colors) = density(&weights, scale, LOOK);
                assert_eq!((colors.axis.low, colors.axis.high), (1.0, 2.0));
            }
        }
    }

    #[test]
    fn points_add_up_to_opaque() {
        let pixels = points(&[0.0, 1.0, 3.0, 100.0], 10, LOOK);
        assert_eq!([pixels[3], pixels[7], pixels[11], pixels[15]], [0, 204, 253, 255]);
        let dimmed = points(&[1.0], 10, Look { dimmed: true, ..LOOK });
        assert_eq!(dimmed[3], 71);
    }

    #[test]
    fn means_are_colored_by_their_value() {
        let axis = AxisShown::new("x".into(), None, Scale::Linear, (0.0, 10.0), 5);
        let (pixels, colors) = mean(&[2.0, 0.0, 4.0], &[0.0, 0.0, 40.0], axis, LOOK);
        assert_eq!((&pixels[0..3], pixels[7], &pixels[8..11]), (&colors.stops[0][..], 0, &colors.stops[32][..]));
    }

    #[test]
    fn lit_points_lie_over_the_others() {
        let mut pixels = vec![10, 20, 30, 255, 10, 20, 30, 255, 0, 0, 0, 0];
        light(&mut pixels, &[0.0, 1.0, 0.5], Ground::Light);
        assert_eq!(pixels, [10, 20, 30, 255, 209, 36, 47, 255, 209, 36, 47, 128]);
    }
}
