//! HEALPix in the nested scheme (Górski et al. 2005), as far as a `source_id` needs it: Gaia writes the index of the pixel
//! of order 12 into the upper bits of its identifiers.

use std::f64::consts::{FRAC_PI_2, TAU};

/// How far the pixel of order 12 is shifted in a `source_id`.
pub const SOURCE_ID_SHIFT: u32 = 35;

/// Index of the pixel of this order (0 to 29) at a position in degrees.
pub fn nested(order: u32, longitude: f64, latitude: f64) -> u64 {
    let nside = 1u64 << order;
    let z = libm::sin(latitude.to_radians());
    // The longitude in quarter turns, 0 to 4.
    let turns = libm::fmod(libm::fmod(longitude.to_radians(), TAU) + TAU, TAU) / FRAC_PI_2;
    let (face, x, y) = if z.abs() <= 2.0 / 3.0 { equator(nside, turns, z) } else { cap(nside, turns, z) };
    (face << (2 * order)) | spread(x) | (spread(y) << 1)
}

/// Between the caps: pixels are cut by rising and falling diagonals.
fn equator(nside: u64, turns: f64, z: f64) -> (u64, u64, u64) {
    let n = nside as f64;
    let middle = n * (0.5 + turns);
    let height = n * z * 0.75;
    let rising = (middle - height) as u64;
    let falling = (middle + height) as u64;
    let (face_rising, face_falling) = (rising / nside, falling / nside);
    let face = match face_rising.cmp(&face_falling) {
        std::cmp::Ordering::Equal => (face_rising & 3) | 4,
        std::cmp::Ordering::Less => face_rising & 3,
        std::cmp::Ordering::Greater => (face_falling & 3) + 8,
    };
    (face, falling % nside, nside - 1 - rising % nside)
}

/// Around the poles: four triangles that meet there.
fn cap(nside: u64, turns: f64, z: f64) -> (u64, u64, u64) {
    let quarter = (turns as u64).min(3);
    let within = turns - quarter as f64;
    let height = nside as f64 * libm::sqrt(3.0 * (1.0 - z.abs()));
    let x = ((within * height) as u64).min(nside - 1);
    let y = (((1.0 - within) * height) as u64).min(nside - 1);
    if z >= 0.0 { (quarter, nside - 1 - y, nside - 1 - x) } else { (quarter + 8, x, y) }
}

/// Puts a zero bit between the bits of a number below 2^29.
fn spread(value: u64) -> u64 {
    let mut v = value;
    v = (v | (v << 16)) & 0x0000_FFFF_0000_FFFF;
    v = (v | (v << 8)) & 0x00FF_00FF_00FF_00FF;
    v = (v | (v << 4)) & 0x0F0F_0F0F_0F0F_0F0F;
    v = (v | (v << 2)) & 0x3333_3333_3333_3333;
    (v | (v << 1)) & 0x5555_5555_5555_5555
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The twelve base pixels by their centers, and a real source: Gaia DR3 4295806720 lies at 44.996155°, 0.005616°.
    #[test]
    fn positions_fall_into_their_pixels() {
        for (face, longitude, latitude) in [
            (0, 45.0, 41.8),
            (1, 135.0, 41.8),
            (3, 315.0, 41.8),
            (4, 0.0, 0.0),
            (5, 90.0, 0.0),
            (7, 270.0, 0.0),
            (8, 45.0, -41.8),
            (11, 315.0, -41.8),
            (0, 10.0, 89.9),
            (10, 190.0, -89.9),
        ] {
            assert_eq!(nested(0, longitude, latitude), face, "{longitude} {latitude}");
        }
        assert_eq!(nested(12, 44.996_155, 0.005_616), 4_295_806_720 >> SOURCE_ID_SHIFT);
        assert_eq!(nested(12, 45.004_7, 0.021), 34_361_129_088 >> SOURCE_ID_SHIFT);
    }

    #[test]
    fn children_lie_in_their_parents() {
        for step in 0..500 {
            let (longitude, latitude) = (f64::from(step) * 7.3 % 360.0, f64::from(step) * 0.359 - 89.7);
            assert_eq!(nested(12, longitude, latitude) >> 14, nested(5, longitude, latitude));
        }
    }
}
