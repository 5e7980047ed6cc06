//! Astrometry at another epoch, with its covariance: ESA SP-1200 (The Hipparcos and Tycho Catalogues), volume 1,
//! section 1.5.5, for stars that move uniformly.
//!
//! Radial motion is the radial proper motion: radial velocity times parallax over [`AU`]; its uncertainty follows Michalik et
//! al. (2014), A&A 571, A85, section 4. Parallax, proper motion and radial velocity that are not known count as 0 and are
//! NaN in the result; an unknown uncertainty of the radial velocity counts as 0, any other gives no result.

use adql::translate::functions::SqlValue;

use super::array::{fixed, text};
use super::{Outcome, float};

/// The astronomical unit, km/s times Julian years.
const AU: f64 = 4.740_470_463_533_349;

/// Radians in a milliarcsecond.
const MAS: f64 = std::f64::consts::PI / 648_000_000.0;

type Vector = [f64; 3];
type Matrix = [[f64; 6]; 6];

/// Right ascension and declination (deg), parallax (mas), proper motions and radial proper motion (mas/yr).
type Astrometry = [f64; 6];

/// Where the correlations stand behind the six errors: row by row, without the diagonal.
const PAIRS: [(usize, usize); 15] = {
    let mut pairs = [(0, 0); 15];
    let (mut next, mut row) = (0, 0);
    while row < 6 {
        let mut column = row + 1;
        while column < 6 {
            pairs[next] = (row, column);
            next += 1;
            column += 1;
        }
        row += 1;
    }
    pairs
};

/// EPOCH_PROP_POS(ra, …, out_epoch).
pub fn position(x: &[SqlValue<'_>]) -> Outcome {
    let (Some(start), Some(years)) = (astrometry(&x[..6]), years(&x[6..])) else { return Ok(SqlValue::Null) };
    let moved = Motion::new(&start, years).astrometry(&start);
    Ok(text(&moved[..2]))
}

/// EPOCH_PROP(ra, …, out_epoch).
pub fn parameters(x: &[SqlValue<'_>]) -> Outcome {
    let (Some(start), Some(years)) = (astrometry(&x[..6]), years(&x[6..])) else { return Ok(SqlValue::Null) };
    Ok(text(&Motion::new(&start, years).astrometry(&start)))
}

/// EPOCH_PROP(array, ref_epoch, out_epoch).
pub fn parameters_of_array(x: &[SqlValue<'_>]) -> Outcome {
    let (Some(start), Some(years)) = (fixed::<6>(&x[0])?, years(&x[1..])) else { return Ok(SqlValue::Null) };
    Ok(text(&Motion::new(&start, years).astrometry(&start)))
}

/// EPOCH_PROP_ERROR(ra, …, ra_error, …, ra_dec_corr, …, out_epoch).
pub fn errors(x: &[SqlValue<'_>]) -> Outcome {
    let (Some(start), Some(years)) = (astrometry(&x[..6]), years(&x[22..])) else { return Ok(SqlValue::Null) };
    let Some(errors) = uncertainty(&x[6..11], &x[12..22], &x[2], &x[5], &x[11]) else { return Ok(SqlValue::Null) };
    Ok(text(&Motion::new(&start, years).errors(&errors)))
}

/// EPOCH_PROP_ERROR(array, array, ref_epoch, out_epoch).
pub fn errors_of_arrays(x: &[SqlValue<'_>]) -> Outcome {
    let (Some(start), Some(errors)) = (fixed::<6>(&x[0])?, fixed::<21>(&x[1])?) else { return Ok(SqlValue::Null) };
    let Some(years) = years(&x[2..]) else { return Ok(SqlValue::Null) };
    Ok(text(&Motion::new(&start, years).errors(&errors)))
}

/// ASTROMETRIC_PARAMETERS(ra, …, radial_velocity).
pub fn astrometric_parameters(x: &[SqlValue<'_>]) -> Outcome {
    Ok(astrometry(x).map_or(SqlValue::Null, |start| text(&start)))
}

/// ASTROMETRIC_PARAMETER_ERROR(ra_error, …, ra_dec_corr, …, parallax, radial_velocity, radial_velocity_error).
pub fn astrometric_parameter_error(x: &[SqlValue<'_>]) -> Outcome {
    let errors = uncertainty(&x[..5], &x[5..15], &x[15], &x[16], &x[17]);
    Ok(errors.map_or(SqlValue::Null, |errors| text(&errors)))
}

/// The six arguments that every form begins with; what is not known is NaN, but a position there must be.
fn astrometry(x: &[SqlValue<'_>]) -> Option<Astrometry> {
    let known = |at: usize| float(&x[at]).unwrap_or(f64::NAN);
    let (ra, dec) = (float(&x[0])?, float(&x[1])?);
    let position = ra.is_finite() && dec.abs() <= 90.0;
    position.then(|| [ra, dec, known(2), known(3), known(4), known(5) * known(2) / AU])
}

/// Years from one epoch to the other.
fn years(x: &[SqlValue<'_>]) -> Option<f64> {
    Some(float(&x[1])? - float(&x[0])?).filter(|years| years.is_finite())
}

/// Six errors and fifteen correlations from five errors, ten correlations and what is known of the radial velocity.
fn uncertainty(
    errors: &[SqlValue<'_>],
    correlations: &[SqlValue<'_>],
    parallax: &SqlValue<'_>,
    velocity: &SqlValue<'_>,
    velocity_error: &SqlValue<'_>,
) -> Option<[f64; 21]> {
    let errors: Vec<f64> = errors.iter().map(float).collect::<Option<_>>()?;
    let given: Vec<f64> = correlations.iter().map(float).collect::<Option<_>>()?;
    let or_zero = |value: &SqlValue<'_>| float(value).unwrap_or(0.0);
    let (parallax, velocity, velocity_error) = (or_zero(parallax), or_zero(velocity), or_zero(velocity_error));
    let terms = [parallax * velocity_error, velocity * errors[2], velocity_error * errors[2]];
    let radial_error = libm::sqrt(terms.iter().map(|term| term * term).sum()) / AU;
    // What the radial proper motion shares with the parallax that it was computed with.
    let shared = if radial_error > 0.0 { errors[2] * velocity / AU / radial_error } else { 0.0 };
    let mut out = [0.0; 21];
    out[..5].copy_from_slice(&errors);
    out[5] = radial_error;
    let mut given = given.into_iter();
    let mut known = [[1.0; 6]; 6];
    for (row, column) in PAIRS.into_iter().filter(|(_, column)| *column < 5) {
        let value = given.next()?;
        known[row][column] = value;
        known[column][row] = value;
    }
    for (at, (row, column)) in PAIRS.into_iter().enumerate() {
        out[6 + at] = if column == 5 { shared * known[row][2] } else { known[row][column] };
    }
    Some(out)
}

/// A star on its way: all quantities of section 1.5.5, in radians and years. `r` points to the star at the first epoch, `p`
/// and `q` to the east and north there.
struct Motion {
    p: Vector,
    q: Vector,
    r: Vector,
    start: Astrometry,
    years: f64,
}

/// What a star has become; or by how much all of it changes.
struct State {
    direction: Vector,
    parallax: f64,
    motion: Vector,
    radial: f64,
}

impl Motion {
    fn new(start: &Astrometry, years: f64) -> Motion {
        let or_zero = |value: f64| if value.is_nan() { 0.0 } else { value * MAS };
        let [p, q, r] = triad(start[0].to_radians(), start[1].to_radians());
        let [ra, dec, rest @ ..] = *start;
        let [parallax, pmra, pmdec, radial] = rest.map(or_zero);
        Motion { p, q, r, start: [ra, dec, parallax, pmra, pmdec, radial], years }
    }

    /// The star at the second epoch, in the units of the archive; what was not known is not known then either.
    fn astrometry(&self, start: &Astrometry) -> Astrometry {
        let state = self.state();
        let [x, y, z] = state.direction;
        let ra = libm::atan2(y, x);
        let dec = libm::atan2(z, libm::hypot(x, y));
        let [p, q, _] = triad(ra, dec);
        let degrees = ra.to_degrees();
        let ra = if degrees < 0.0 { degrees + 360.0 } else { degrees };
        let moved = [state.parallax, dot(p, state.motion), dot(q, state.motion), state.radial].map(|value| value / MAS);
        let mut out = [ra, dec.to_degrees(), moved[0], moved[1], moved[2], moved[3]];
        for (value, known) in out.iter_mut().zip(start) {
            if known.is_nan() {
                *value = f64::NAN;
            }
        }
        out
    }

    fn state(&self) -> State {
        let (years, [_, _, parallax, pmra, pmdec, radial]) = (self.years, self.start);
        let (square, factor) = (pmra * pmra + pmdec * pmdec, self.factor());
        let along = 1.0 + radial * years;
        let motion = sum([(pmra, self.p), (pmdec, self.q)]);
        State {
            direction: scaled(factor, sum([(along, self.r), (years, motion)])),
            parallax: parallax * factor,
            motion: scaled(factor * factor * factor, sum([(along, motion), (-square * years, self.r)])),
            radial: (radial + (square + radial * radial) * years) * factor * factor,
        }
    }

    /// The ratio of the distances at both epochs.
    fn factor(&self) -> f64 {
        let (years, [_, _, _, pmra, pmdec, radial]) = (self.years, self.start);
        let square = pmra * pmra + pmdec * pmdec + radial * radial;
        1.0 / libm::sqrt(1.0 + 2.0 * radial * years + square * years * years)
    }

    /// By how much the state changes with one of the six parameters. With the direction its triad turns along, but not about
    /// itself.
    fn derivative(&self, parameter: usize) -> State {
        let mut change = [0.0; 6];
        change[parameter] = 1.0;
        let [east, north, d_parallax, d_pmra, d_pmdec, d_radial] = change;
        let (years, [_, _, parallax, pmra, pmdec, radial]) = (self.years, self.start);
        let (square, factor, along) = (pmra * pmra + pmdec * pmdec, self.factor(), 1.0 + radial * years);
        let cube = factor * factor * factor;
        let motion = sum([(pmra, self.p), (pmdec, self.q)]);

        let d_r = sum([(east, self.p), (north, self.q)]);
        let d_motion = sum([(d_pmra, self.p), (d_pmdec, self.q), (-(pmra * east + pmdec * north), self.r)]);
        let d_along = d_radial * years;
        let d_square = 2.0 * (pmra * d_pmra + pmdec * d_pmdec);
        let d_total = d_square + 2.0 * radial * d_radial;
        let d_factor = -0.5 * cube * (2.0 * d_along + d_total * years * years);
        let state = self.state();
        State {
            direction: sum([
                (factor * along, d_r),
                (factor * d_along, self.r),
                (factor * years, d_motion),
                (d_factor / factor, state.direction),
            ]),
            parallax: d_parallax * factor + parallax * d_factor,
            motion: sum([
                (cube * along, d_motion),
                (cube * d_along, motion),
                (-cube * square * years, d_r),
                (-cube * d_square * years, self.r),
                (3.0 * d_factor / factor, state.motion),
            ]),
            radial: (d_radial + d_total * years) * factor * factor + 2.0 * state.radial * d_factor / factor,
        }
    }

    /// Errors and correlations at the second epoch.
    fn errors(&self, errors: &[f64; 21]) -> [f64; 21] {
        let mut covariance: Matrix = [[0.0; 6]; 6];
        for at in 0..6 {
            covariance[at][at] = errors[at] * errors[at];
        }
        for (at, (row, column)) in PAIRS.into_iter().enumerate() {
            let value = errors[6 + at] * errors[row] * errors[column];
            covariance[row][column] = value;
            covariance[column][row] = value;
        }
        let [x, y, z] = self.state().direction;
        let [p, q, _] = triad(libm::atan2(y, x), libm::atan2(z, libm::hypot(x, y)));
        // One column for each parameter at the first epoch.
        let columns: [[f64; 6]; 6] = std::array::from_fn(|parameter| {
            let State { direction, parallax, motion, radial } = self.derivative(parameter);
            [dot(p, direction), dot(q, direction), parallax, dot(p, motion), dot(q, motion), radial]
        });
        let mut moved: Matrix = [[0.0; 6]; 6];
        for (row, column) in (0..6).flat_map(|row| (0..6).map(move |column| (row, column))) {
            for (a, b) in (0..6).flat_map(|a| (0..6).map(move |b| (a, b))) {
                moved[row][column] += columns[a][row] * covariance[a][b] * columns[b][column];
            }
        }
        let mut out = [0.0; 21];
        for at in 0..6 {
            out[at] = libm::sqrt(moved[at][at]);
        }
        for (at, (row, column)) in PAIRS.into_iter().enumerate() {
            let product = out[row] * out[column];
            out[6 + at] = if product > 0.0 { moved[row][column] / product } else { 0.0 };
        }
        out
    }
}

/// East, north and the direction itself.
fn triad(ra: f64, dec: f64) -> [Vector; 3] {
    let (sa, ca) = (libm::sin(ra), libm::cos(ra));
    let (sd, cd) = (libm::sin(dec), libm::cos(dec));
    [[-sa, ca, 0.0], [-sd * ca, -sd * sa, cd], [cd * ca, cd * sa, sd]]
}

fn sum<const N: usize>(terms: [(f64, Vector); N]) -> Vector {
    std::array::from_fn(|axis| terms.iter().map(|(factor, vector)| factor * vector[axis]).sum())
}

fn scaled(factor: f64, vector: Vector) -> Vector {
    vector.map(|value| factor * value)
}

fn dot(a: Vector, b: Vector) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
