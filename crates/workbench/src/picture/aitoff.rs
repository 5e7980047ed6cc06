//! The whole sky in Aitoff's projection, longitude growing to the left as on the sky seen from within. The projection is the
//! equidistant azimuthal one of half the longitude, stretched twofold, and so has an inverse in closed form.

use std::f64::consts::{FRAC_PI_2, PI};

use serde::{Deserialize, Serialize};

use super::AxisShown;

/// A line over a picture, as places from 0 at the left and at the bottom to 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// What stands at it; the outline has nothing.
    pub label: String,
    /// Its corners: x, y.
    pub points: Vec<(f32, f32)>,
}

/// Where a position (degrees) lies, in radians of the projection; no place for latitudes beyond a pole.
pub(super) fn project(longitude: f64, latitude: f64, center: f64) -> (f64, f64) {
    let mut east = longitude - center;
    if !(-180.0..=180.0).contains(&east) {
        east = (east + 180.0).rem_euclid(360.0) - 180.0;
    }
    let (sin_half, cos_half) = (east.to_radians() / 2.0).sin_cos();
    let (sin, cos) = latitude.to_radians().sin_cos();
    let away = (cos * cos_half).clamp(-1.0, 1.0).acos();
    let stretch = if away.abs() < 1e-8 { 1.0 } else { away / away.sin() };
    if latitude.abs() > 90.0 {
        return (f64::NAN, f64::NAN);
    }
    (-2.0 * stretch * cos * sin_half, stretch * sin)
}

/// Coefficients of Abramowitz and Stegun, 4.4.46: arccos c = √(1 - c) times this polynomial of c, to 2e-8 for c from 0 to 1.
const ARCCOS: [f64; 8] = [
    1.570_796_305_0,
    -0.214_598_801_6,
    0.088_978_987_4,
    -0.050_174_304_6,
    0.030_891_881_0,
    -0.017_088_125_6,
    0.006_670_090_1,
    -0.001_262_491_1,
];

/// [`project`] for a block of positions, in place and to a hundred-millionth of a radian: polynomials, without a branch, so that
/// a compiler can make the loop wide.
pub(super) fn project_all(longitudes: &mut [f64], latitudes: &mut [f64], center: f64) {
    for (x, y) in longitudes.iter_mut().zip(latitudes) {
        let (east, latitude) = (*x - center, *y);
        let half = (east - 360.0 * (east / 360.0).round()).to_radians() / 2.0;
        let (sin_half, cos_half) = (sine(half), cosine(half));
        let (sin, cos) = (sine(latitude.to_radians()), cosine(latitude.to_radians()));
        let toward = (cos * cos_half).max(0.0);
        let arc = ARCCOS.iter().rev().fold(0.0, |sum, coefficient| sum * toward + coefficient);
        // arccos c / sin(arccos c) = √(1 - c) P(c) / √(1 - c²)
        let stretch = arc / (1.0 + toward).sqrt();
        let stretch = if latitude.abs() <= 90.0 { stretch } else { f64::NAN };
        *x = -2.0 * stretch * cos * sin_half;
        *y = stretch * sin;
    }
}

/// The sine of an angle between -π/2 and π/2, to 1e-11.
fn sine(angle: f64) -> f64 {
    let square = angle * angle;
    let factors = [-1.0 / 6.0, 1.0 / 20.0, 1.0 / 42.0, 1.0 / 72.0, 1.0 / 110.0, 1.0 / 156.0, 1.0 / 210.0];
    let tail = factors[1..].iter().rev().fold(1.0, |sum, factor| 1.0 - square * factor * sum);
    angle * (1.0 + square * factors[0] * tail)
}

/// The cosine of an angle between -π/2 and π/2, to 1e-11.
fn cosine(angle: f64) -> f64 {
    let square = angle * angle;
    let factors = [1.0 / 2.0, 1.0 / 12.0, 1.0 / 30.0, 1.0 / 56.0, 1.0 / 90.0, 1.0 / 132.0, 1.0 / 182.0, 1.0 / 240.0];
    factors.iter().rev().fold(1.0, |sum, factor| 1.0 - square * factor * sum)
}

/// Longitude (0 to 360) and latitude in degrees of a place on a sky with `center` in the middle, in radians of the projection;
/// `None` outside of the sky.
pub fn sky_position(x: f64, y: f64, center: f64) -> Option<(f64, f64)> {
    let half = -x / 2.0;
    let away = half.hypot(y);
    if away.is_nan() || away > FRAC_PI_2 + 1e-12 {
        return None;
    }
    let shrink = if away < 1e-8 { 1.0 } else { away.sin() / away };
    let latitude = (y * shrink).clamp(-1.0, 1.0).asin().to_degrees();
    let longitude = 2.0 * (half * shrink).atan2(away.cos()).to_degrees();
    Some(((longitude + center).rem_euclid(360.0), latitude))
}

/// The part of the projection that fills an image: all of the sky, in its true proportion.
pub(super) fn whole(width: u32, height: u32) -> [f64; 4] {
    let (mut x, mut y) = (PI * 1.02, FRAC_PI_2 * 1.02);
    let wanted = f64::from(width) / f64::from(height);
    if wanted > x / y {
        x = y * wanted;
    } else {
        y = x / wanted;
    }
    [-x, x, -y, y]
}

/// Meridians and parallels every 30 degrees, the outline first.
pub fn graticule(x: &AxisShown, y: &AxisShown, center: f64) -> Vec<Line> {
    let line = |label: String, places: &mut dyn Iterator<Item = (f64, f64)>| Line {
        label,
        points: places.map(|(at_x, at_y)| (x.place(at_x) as f32, y.place(at_y) as f32)).collect(),
    };
    let parts = |from: i32, to: i32| (from..=to).step_by(3).map(f64::from);
    let mut lines = Vec::new();
    let edge = |side: f64| parts(-90, 90).map(move |latitude| (180.0 * side, latitude * side));
    let mut outline = edge(1.0).chain(edge(-1.0)).map(|(east, latitude)| project(east, latitude, 0.0));
    lines.push(line(String::new(), &mut outline));
    for meridian in (0..360).step_by(30).map(f64::from) {
        // The one opposite of the center is the outline.
        if ((meridian - center).rem_euclid(360.0) - 180.0).abs() < 1e-9 {
            continue;
        }
        let mut places = parts(-90, 90).map(|latitude| project(meridian, latitude, center));
        lines.push(line(format!("{meridian}°"), &mut places));
    }
    for parallel in (-60..=60).step_by(30) {
        let mut places = parts(-180, 180).map(|east| project(east, f64::from(parallel), 0.0));
        // The middle of the equator is where the middle meridian has its label.
        let label = match parallel {
            ..0 => format!("−{}°", -parallel),
            0 => String::new(),
            1.. => format!("{parallel}°"),
        };
        lines.push(line(label, &mut places));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_places_of_the_projection() {
        let close = |(x, y): (f64, f64), (to_x, to_y): (f64, f64)| (x - to_x).abs() < 1e-9 && (y - to_y).abs() < 1e-9;
        assert!(close(project(0.0, 0.0, 0.0), (0.0, 0.0)));
        assert!(close(project(90.0, 0.0, 0.0), (-FRAC_PI_2, 0.0)), "east is left");
        assert!(close(project(270.0, 0.0, 0.0), (FRAC_PI_2, 0.0)));
        assert!(close(project(10.0, 90.0, 0.0), (0.0, FRAC_PI_2)));
        // cos a = cos 45° cos 30°, by hand.
        let away = (0.5f64.sqrt() * 0.75f64.sqrt()).acos();
        let expected = (-2.0 * away * 0.5f64.sqrt() * 0.5 / away.sin(), away * 0.5f64.sqrt() / away.sin());
        assert!(close(project(60.0, 45.0, 0.0), expected));
        assert!(close(project(240.0, 45.0, 180.0), expected));
        assert!(project(0.0, 91.0, 0.0).0.is_nan() && project(f64::NAN, 0.0, 0.0).0.is_nan());
    }

    #[test]
    fn blocks_lie_where_single_positions_do() {
        for center in [0.0, 180.0, 266.4] {
            for number in 0..2000 {
                let (longitude, latitude) = (f64::from(number) * 1.37 - 720.0, f64::from(number * 7 % 181) - 90.0);
                let (mut x, mut y) = ([longitude], [latitude]);
                project_all(&mut x, &mut y, center);
                let exact = project(longitude, latitude, center);
                assert!(
                    (x[0] - exact.0).abs() < 1e-7 && (y[0] - exact.1).abs() < 1e-7,
                    "{longitude} {latitude}: {x:?} {y:?} {exact:?}"
                );
            }
        }
        let (mut x, mut y) = ([0.0, 1.0, f64::NAN, f64::INFINITY], [91.0, f64::NAN, 0.0, 0.0]);
        project_all(&mut x, &mut y, 0.0);
        assert!(x.iter().all(|x| x.is_nan()));
    }

    #[test]
    fn the_inverse_leads_back() {
        for longitude in [0.0, 1e-7, 33.0, 179.0, 181.0, 359.0] {
            for latitude in [-89.0, -45.0, 0.0, 1e-7, 60.0] {
                let (x, y) = project(longitude, latitude, 266.0);
                let (back, up) = sky_position(x, y, 266.0).unwrap();
                let around = (back - longitude + 180.0).rem_euclid(360.0) - 180.0;
                assert!(around.abs() < 1e-7 && (up - latitude).abs() < 1e-7, "{longitude} {latitude}: {back} {up}");
            }
        }
        assert_eq!(sky_position(PI, FRAC_PI_2, 0.0), None);
    }
}
