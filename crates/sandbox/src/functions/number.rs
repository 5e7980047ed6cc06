//! Functions of single numbers: pixels of the sky, signs, quotients, conversions.

use adql::translate::FUNCTIONS;
use adql::translate::functions::SqlValue;

use super::{Outcome, float, integer, real, whole};
use crate::catalogue::healpix;

/// GAIA_HEALPIX_INDEX(norder, source_id).
pub fn gaia_healpix_index(x: &[SqlValue<'_>]) -> Outcome {
    let order = integer(&x[0]).filter(|order| (0..=12).contains(order));
    let pixel = order.zip(integer(&x[1]));
    whole(pixel.map(|(order, source_id)| (source_id >> healpix::SOURCE_ID_SHIFT) >> (2 * (12 - order))))
}

/// IVO_HEALPIX_INDEX(norder, ra, dec).
pub fn ivo_healpix_index(x: &[SqlValue<'_>]) -> Outcome {
    let order = integer(&x[0]).filter(|order| (0..=29).contains(order));
    let position = float(&x[1]).zip(float(&x[2]));
    let position = position.filter(|(ra, dec)| ra.is_finite() && dec.abs() <= 90.0);
    whole(order.zip(position).map(|(order, (ra, dec))| healpix::nested(order as u32, ra, dec) as i64))
}

/// SIGN(x).
pub fn sign(x: &[SqlValue<'_>]) -> Outcome {
    whole(float(&x[0]).map(|x| i64::from(x > 0.0) - i64::from(x < 0.0)))
}

/// CBRT(x).
pub fn cube_root(x: &[SqlValue<'_>]) -> Outcome {
    real(float(&x[0]).map(libm::cbrt))
}

/// DIV(y, x).
pub fn quotient(x: &[SqlValue<'_>]) -> Outcome {
    if let (Some(y), Some(x)) = (integer(&x[0]), integer(&x[1])) {
        return whole(y.checked_div(x));
    }
    let quotient = float(&x[0]).zip(float(&x[1])).map(|(y, x)| libm::trunc(y / x));
    whole(quotient.filter(|quotient| quotient.abs() < 9.2e18).map(|quotient| quotient as i64))
}

/// GREATEST(x, y): NULL counts only if there is nothing else, as in PostgreSQL.
pub fn greatest(x: &[SqlValue<'_>]) -> Outcome {
    real(x.iter().filter_map(float).reduce(f64::max))
}

/// LEAST(x, y).
pub fn least(x: &[SqlValue<'_>]) -> Outcome {
    real(x.iter().filter_map(float).reduce(f64::min))
}

/// TO_SMALLINT(x).
pub fn to_smallint(x: &[SqlValue<'_>]) -> Outcome {
    convert("adql_to_integer", &[x[0].clone(), SqlValue::Integer(16)])
}

/// TO_INTEGER(x).
pub fn to_integer(x: &[SqlValue<'_>]) -> Outcome {
    convert("adql_to_integer", &[x[0].clone(), SqlValue::Integer(32)])
}

/// TO_BIGINT(x).
pub fn to_bigint(x: &[SqlValue<'_>]) -> Outcome {
    convert("adql_to_integer", &[x[0].clone(), SqlValue::Integer(64)])
}

/// TO_REAL(x).
pub fn to_real(x: &[SqlValue<'_>]) -> Outcome {
    convert("adql_to_real", x)
}

/// TO_DOUBLE(x).
pub fn to_double(x: &[SqlValue<'_>]) -> Outcome {
    convert("adql_to_double", x)
}

/// TO_CHAR(x).
pub fn to_char(x: &[SqlValue<'_>]) -> Outcome {
    convert("adql_text", x)
}

/// The same as CAST does.
fn convert(name: &str, x: &[SqlValue<'_>]) -> Outcome {
    let function = FUNCTIONS.iter().find(|function| function.name == name);
    function.ok_or_else(|| format!("there is no conversion {name}"))?.call(x)
}
