//! Geometry on the sphere (ADQL 2.1, section 4.2): distances, circles and polygons, in degrees.
//!
//! All angles that come in or go out are degrees, all vectors are unit vectors towards a position.
//! The mathematics goes through `libm`, so that every platform gives the same bits.

mod polygon;
mod relation;
mod shape;

pub use polygon::Polygon;
pub use relation::{contains, intersects};
pub use shape::{Shape, numbers};

/// A vector in three dimensions.
pub type Vector = [f64; 3];

const DEGREE: f64 = std::f64::consts::PI / 180.0;

/// Great-circle distance of two positions in degrees, exact for small angles, for poles and for antipodes.
pub fn distance(ra1: f64, dec1: f64, ra2: f64, dec2: f64) -> f64 {
    let ra = libm::fmod(ra2 - ra1, 360.0) * DEGREE;
    let (dec1, dec2, dec) = (dec1 * DEGREE, dec2 * DEGREE, (dec2 - dec1) * DEGREE);
    let (sin1, cos1) = (libm::sin(dec1), libm::cos(dec1));
    let (sin2, cos2) = (libm::sin(dec2), libm::cos(dec2));
    // Vincenty's formula; the second leg is written so that nothing cancels between neighbors.
    let half = libm::sin(ra / 2.0);
    let across = cos2 * libm::sin(ra);
    let along = libm::sin(dec) + 2.0 * sin1 * cos2 * half * half;
    let near = sin1 * sin2 + cos1 * cos2 * libm::cos(ra);
    libm::atan2(libm::hypot(across, along), near) / DEGREE
}

/// Is the first position at most `radius` degrees from the second?
pub fn in_circle(ra: f64, dec: f64, center_ra: f64, center_dec: f64, radius: f64) -> bool {
    // A difference in declination is a lower bound of the distance, and nearly free.
    (dec - center_dec).abs() <= radius + 1e-9 && distance(ra, dec, center_ra, center_dec) <= radius
}

/// Is the position within the box about a center?
///
/// The box of the standard: a cross of two great-circle arms of `width` (east-west) and `height` (north-south) degrees
/// on the center, its sides great circles at right angles to the arms' ends. So it has its size at the poles, too.
pub fn in_box(ra: f64, dec: f64, center_ra: f64, center_dec: f64, width: f64, height: f64) -> bool {
    match project(ra, dec, center_ra, center_dec) {
        Some((xi, eta)) => {
            // Rounding must not exclude the boundary.
            let inside = |value: f64, size: f64| value.abs() <= libm::tan(size / 2.0 * DEGREE) * (1.0 + 1e-14);
            inside(xi, width) && inside(eta, height)
        }
        None => false,
    }
}

/// Distance from the center of a box to its corners, in degrees.
pub fn box_radius(width: f64, height: f64) -> f64 {
    let (x, y) = (libm::tan(width / 2.0 * DEGREE), libm::tan(height / 2.0 * DEGREE));
    libm::atan(libm::hypot(x, y)) / DEGREE
}

/// Gnomonic projection about a center, in tangents; `None` on the far hemisphere.
fn project(ra: f64, dec: f64, center_ra: f64, center_dec: f64) -> Option<(f64, f64)> {
    let (dec0, dec1, ra) = (center_dec * DEGREE, dec * DEGREE, (ra - center_ra) * DEGREE);
    let (sin0, cos0, sin1, cos1) = (libm::sin(dec0), libm::cos(dec0), libm::sin(dec1), libm::cos(dec1));
    let half = libm::sin(ra / 2.0);
    let depth = sin0 * sin1 + cos0 * cos1 * libm::cos(ra);
    if depth <= 0.0 {
        return None;
    }
    let north = libm::sin(dec1 - dec0) + 2.0 * sin0 * cos1 * half * half;
    Some((cos1 * libm::sin(ra) / depth, north / depth))
}

/// The unit vector towards a position.
pub fn unit(ra: f64, dec: f64) -> Vector {
    let (ra, dec) = (ra * DEGREE, dec * DEGREE);
    let cos = libm::cos(dec);
    [cos * libm::cos(ra), cos * libm::sin(ra), libm::sin(dec)]
}

/// Right ascension (0 to 360) and declination of a vector's direction.
pub fn position(vector: Vector) -> (f64, f64) {
    let [x, y, z] = vector;
    let ra = libm::atan2(y, x) / DEGREE;
    let ra = if ra < 0.0 { ra + 360.0 } else { ra };
    (ra, libm::atan2(z, libm::hypot(x, y)) / DEGREE)
}

/// Half the side of the cube round a cap of this radius in degrees, in units of the sphere's radius.
///
/// It is the chord from the center to the rim and a hair more, so that rounding excludes nothing.
pub fn chord(radius: f64) -> f64 {
    if radius >= 180.0 { 2.0 + 1e-12 } else { 2.0 * libm::sin(radius.max(0.0) / 2.0 * DEGREE) + 1e-12 }
}

/// Are these the coordinates of a position: finite, and a declination within ±90?
pub fn is_position(ra: f64, dec: f64) -> bool {
    ra.is_finite() && dec.abs() <= 90.0
}

fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: Vector, b: Vector) -> Vector {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn norm(a: Vector) -> f64 {
    libm::sqrt(dot(a, a))
}

fn scaled(a: Vector, factor: f64) -> Vector {
    a.map(|component| component * factor)
}

fn plus(a: Vector, b: Vector) -> Vector {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

fn minus(a: Vector, b: Vector) -> Vector {
    plus(a, scaled(b, -1.0))
}

/// Angle between two vectors in degrees.
fn angle(a: Vector, b: Vector) -> f64 {
    libm::atan2(norm(cross(a, b)), dot(a, b)) / DEGREE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64, relative: f64) {
        assert!((a - b).abs() <= relative * b.abs().max(1e-300), "{a} is not {b}");
    }

    #[test]
    fn distances_small_and_large() {
        close(distance(10.0, 20.0, 10.0, 20.0 + 1e-9), 1e-9, 1e-5);
        // A microarcsecond along the equator and across 0h.
        let tiny = 1e-6 / 3600.0;
        close(distance(360.0 - tiny / 2.0, 0.0, tiny / 2.0, 0.0), tiny, 1e-3);
        close(distance(45.0, 0.0, 45.0 + tiny, 0.0), 45.0 + tiny - 45.0, 1e-12);
        close(distance(0.0, 90.0, 123.0, 90.0) + 1.0, 1.0, 1e-14);
        close(distance(0.0, 89.0, 180.0, 89.0), 2.0, 1e-14);
        close(distance(0.0, 0.0, 180.0, 0.0), 180.0, 1e-15);
        close(distance(10.0, -90.0, 200.0, 90.0), 180.0, 1e-15);
        close(distance(0.0, 0.0, 90.0, 0.0), 90.0, 1e-15);
        // Right ascension far outside 0 to 360.
        close(distance(-350.0, 5.0, 370.0, 6.0), 1.0, 1e-12);
    }

    #[test]
    fn boxes_keep_their_size_at_the_pole() {
        assert!(in_box(0.9, 0.4, 0.0, 0.0, 2.0, 1.0));
        assert!(!in_box(1.1, 0.4, 0.0, 0.0, 2.0, 1.0));
        assert!(!in_box(180.0, 0.0, 0.0, 0.0, 100.0, 100.0), "the far side");
        assert!(in_box(137.0, 89.6, 0.0, 90.0, 1.0, 1.0));
        assert!(!in_box(0.0, 89.4, 0.0, 90.0, 1.0, 1.0));
        assert!(in_box(359.8, 0.0, 0.1, 0.0, 1.0, 1.0), "across 0h");
        close(box_radius(2.0, 0.0), 1.0, 1e-14);
    }

    #[test]
    fn vectors_and_positions_agree() {
        for (ra, dec) in [(0.0, 0.0), (123.4, 56.7), (359.999, -89.0), (180.0, 45.0)] {
            let (a, d) = position(unit(ra, dec));
            close(a + 1.0, ra + 1.0, 1e-13);
            close(d + 100.0, dec + 100.0, 1e-13);
        }
    }
}
