//! Directions and frames: unit vectors, ICRS to galactic (Hipparcos, vol. 1, section 1.5.3) and to ecliptic coordinates, and
//! the proper motion that a space velocity makes.

/// km/s that 1 mas/yr is at 1 kpc.
pub const KMS_PER_MASYR_KPC: f64 = 4.740_470_463_533_349;

/// Rows: the galactic axes in ICRS.
const GALACTIC: [[f64; 3]; 3] = [
    [-0.054_875_560_416_215_4, -0.873_437_090_234_885, -0.483_835_015_548_713_2],
    [0.494_109_427_875_583_7, -0.444_829_629_960_011_2, 0.746_982_244_497_219],
    [-0.867_666_149_019_004_7, -0.198_076_373_431_201_5, 0.455_983_776_175_066_9],
];

/// Obliquity of the ecliptic at J2000, degrees.
const OBLIQUITY: f64 = 23.439_279_444_444_445;

/// A vector in some frame.
pub type Vector = [f64; 3];

/// The unit vector of a direction in degrees.
pub fn unit(longitude: f64, latitude: f64) -> Vector {
    let (sin_lon, cos_lon) = libm::sincos(longitude.to_radians());
    let (sin_lat, cos_lat) = libm::sincos(latitude.to_radians());
    [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
}

/// Longitude (0 to 360) and latitude in degrees, and the length.
pub fn spherical(v: Vector) -> (f64, f64, f64) {
    let longitude = libm::atan2(v[1], v[0]).to_degrees();
    let longitude = if longitude < 0.0 { longitude + 360.0 } else { longitude };
    let latitude = libm::atan2(v[2], libm::hypot(v[0], v[1])).to_degrees();
    (if longitude >= 360.0 { 0.0 } else { longitude }, latitude, libm::sqrt(dot(v, v)))
}

/// Scalar product.
pub fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// `a + factor · b`.
pub fn add(a: Vector, factor: f64, b: Vector) -> Vector {
    [a[0] + factor * b[0], a[1] + factor * b[1], a[2] + factor * b[2]]
}

/// From ICRS to galactic axes.
pub fn to_galactic(v: Vector) -> Vector {
    [dot(GALACTIC[0], v), dot(GALACTIC[1], v), dot(GALACTIC[2], v)]
}

/// From galactic to ICRS axes.
pub fn from_galactic(v: Vector) -> Vector {
    let mut out = [0.0; 3];
    for (row, axis) in GALACTIC.iter().enumerate() {
        out = add(out, v[row], *axis);
    }
    out
}

/// From ICRS to ecliptic axes.
pub fn to_ecliptic(v: Vector) -> Vector {
    let (sin, cos) = libm::sincos(OBLIQUITY.to_radians());
    [v[0], cos * v[1] + sin * v[2], cos * v[2] - sin * v[1]]
}

/// The directions of growing longitude and latitude at a direction in degrees.
pub fn tangents(longitude: f64, latitude: f64) -> (Vector, Vector) {
    let (sin_lon, cos_lon) = libm::sincos(longitude.to_radians());
    let (sin_lat, cos_lat) = libm::sincos(latitude.to_radians());
    ([-sin_lon, cos_lon, 0.0], [-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat])
}

/// What is seen of a velocity (km/s, ICRS axes, relative to the Sun) at a position (kpc): proper motions in right ascension
/// (times cos dec) and declination in mas/yr, radial velocity in km/s.
pub fn motion(position: Vector, velocity: Vector) -> (f64, f64, f64) {
    let (ra, dec, distance) = spherical(position);
    let (east, north) = tangents(ra, dec);
    let scale = 1.0 / (KMS_PER_MASYR_KPC * distance);
    (dot(velocity, east) * scale, dot(velocity, north) * scale, dot(velocity, unit(ra, dec)))
}

/// The velocity (km/s, ICRS axes) that proper motions (mas/yr) and a radial velocity (km/s) at a position (kpc) come from.
pub fn velocity(position: Vector, pmra: f64, pmdec: f64, radial_velocity: f64) -> Vector {
    let (ra, dec, distance) = spherical(position);
    let (east, north) = tangents(ra, dec);
    let scale = KMS_PER_MASYR_KPC * distance;
    let sideways = add(add([0.0; 3], pmra * scale, east), pmdec * scale, north);
    add(sideways, radial_velocity, unit(ra, dec))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_galactic_center_is_where_it_is() {
        let (l, b, _) = spherical(to_galactic(unit(266.405, -28.936)));
        assert!(l.min(360.0 - l) < 0.001 && b.abs() < 0.001, "{l} {b}");
        let back = spherical(from_galactic(unit(0.0, 90.0)));
        assert!((back.0 - 192.8595).abs() < 0.001 && (back.1 - 27.1283).abs() < 0.001, "{back:?}");
    }

    #[test]
    fn motions_survive_the_round_trip() {
        let position = unit(56.75, 24.12).map(|x| x * 0.136);
        let (pmra, pmdec, rv) = motion(position, velocity(position, 19.9, -45.5, 5.6));
        assert!((pmra - 19.9).abs() < 1e-9 && (pmdec + 45.5).abs() < 1e-9 && (rv - 5.6).abs() < 1e-9);
    }
}
