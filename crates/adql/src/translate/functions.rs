//! The SQL functions that translated queries call, in pure Rust: the caller registers each of [`FUNCTIONS`].
//!
//! Every function is deterministic and NULL if any argument is NULL. Angles are degrees where not said otherwise.
//! What has no value (a logarithm of a negative number, a declination of 91°) is NULL; what is a mistake of the
//! query (a region that is none, a text that is no number) is an error in words.

use crate::geometry::{self, Polygon, Shape};

/// An SQL value on its way in or out.
#[derive(Clone, Debug, PartialEq)]
pub enum SqlValue<'a> {
    /// NULL.
    Null,
    /// INTEGER.
    Integer(i64),
    /// REAL; NaN stands for NULL.
    Real(f64),
    /// TEXT.
    Text(std::borrow::Cow<'a, str>),
}

/// An SQL function to register.
pub struct Function {
    /// Its name in SQL.
    pub name: &'static str,
    /// Number of arguments; -1: any.
    pub arguments: i32,
    /// What it computes.
    pub description: &'static str,
    call: fn(&[SqlValue<'_>]) -> Outcome,
}

type Outcome = Result<SqlValue<'static>, String>;

impl Function {
    /// Computes the value. Register it as deterministic; an `Err` is the message of an SQL error.
    pub fn call(&self, arguments: &[SqlValue<'_>]) -> Result<SqlValue<'static>, String> {
        if arguments.contains(&SqlValue::Null) {
            return Ok(SqlValue::Null);
        }
        (self.call)(arguments)
    }
}

const fn function(
    name: &'static str,
    arguments: i32,
    description: &'static str,
    call: fn(&[SqlValue<'_>]) -> Outcome,
) -> Function {
    Function { name, arguments, description, call }
}

/// All of them.
pub const FUNCTIONS: &[Function] = &[
    function("adql_acos", 1, "arc cosine, radians", |x| real(libm::acos(f(x, 0)?))),
    function("adql_asin", 1, "arc sine, radians", |x| real(libm::asin(f(x, 0)?))),
    function("adql_atan", 1, "arc tangent, radians", |x| real(libm::atan(f(x, 0)?))),
    function("adql_atan2", 2, "angle of (y, x), radians", |x| real(libm::atan2(f(x, 0)?, f(x, 1)?))),
    function("adql_ceiling", 1, "smallest whole number not below x", |x| real(libm::ceil(f(x, 0)?))),
    function("adql_cos", 1, "cosine of radians", |x| real(libm::cos(f(x, 0)?))),
    function("adql_cot", 1, "cotangent of radians", |x| finite(1.0 / libm::tan(f(x, 0)?))),
    function("adql_degrees", 1, "radians to degrees", |x| real(f(x, 0)?.to_degrees())),
    function("adql_exp", 1, "e to the power of x", |x| real(libm::exp(f(x, 0)?))),
    function("adql_floor", 1, "largest whole number not above x", |x| real(libm::floor(f(x, 0)?))),
    function("adql_log", 1, "natural logarithm; NULL unless x > 0", |x| logarithm(f(x, 0)?, libm::log)),
    function("adql_log10", 1, "decimal logarithm; NULL unless x > 0", |x| logarithm(f(x, 0)?, libm::log10)),
    function("adql_mod", 2, "remainder with the sign of x, whole for whole numbers; NULL for y = 0", modulo),
    function("adql_power", 2, "x to the power of y", |x| real(libm::pow(f(x, 0)?, f(x, 1)?))),
    function("adql_radians", 1, "degrees to radians", |x| real(f(x, 0)?.to_radians())),
    function("adql_round", 2, "x rounded to n decimals (n may be negative), half away from zero", |x| {
        real(decimals(f(x, 0)?, i(x, 1)?, libm::round))
    }),
    function("adql_sin", 1, "sine of radians", |x| real(libm::sin(f(x, 0)?))),
    function("adql_sqrt", 1, "square root; NULL for x < 0", |x| real(libm::sqrt(f(x, 0)?))),
    function("adql_tan", 1, "tangent of radians", |x| real(libm::tan(f(x, 0)?))),
    function("adql_truncate", 2, "x cut to n decimals (n may be negative)", |x| {
        real(decimals(f(x, 0)?, i(x, 1)?, libm::trunc))
    }),
    function("adql_xor", 2, "exclusive or of the bits of two whole numbers", |x| {
        Ok(SqlValue::Integer(i(x, 0)? ^ i(x, 1)?))
    }),
    function("adql_lower", 1, "text in lower case (ASCII, as the standard says)", |x| {
        text(t(x, 0)?.to_ascii_lowercase())
    }),
    function("adql_upper", 1, "text in upper case (ASCII)", |x| text(t(x, 0)?.to_ascii_uppercase())),
    function("adql_like", 2, "does the text match the pattern (% any text, _ any character)? With case", |x| {
        truth(like(&t(x, 0)?, &t(x, 1)?))
    }),
    function("adql_ilike", 2, "the same without case", |x| {
        truth(like(&t(x, 0)?.to_lowercase(), &t(x, 1)?.to_lowercase()))
    }),
    function("adql_text", 1, "a number as text, as short as it reads back exactly", |x| text(t(x, 0)?)),
    function("adql_char", 2, "text of exactly n characters, cut or padded with blanks", |x| {
        let length = usize::try_from(i(x, 1)?).unwrap_or(0).min(100_000);
        let cut: String = t(x, 0)?.chars().take(length).collect();
        let missing = length - cut.chars().count();
        text(cut + &" ".repeat(missing))
    }),
    function(
        "adql_to_integer",
        2,
        "a whole number of n bits, halves to even as PostgreSQL does; beyond: an error",
        |x| to_integer(&x[0], i(x, 1)?),
    ),
    function("adql_to_real", 1, "a number with the precision of 32 bits", |x| real(f64::from(parsed(&x[0])? as f32))),
    function("adql_to_double", 1, "a number of 64 bits", |x| real(parsed(&x[0])?)),
    function("adql_to_boolean", 1, "1 or 0 of a number or of text such as 'true'", |x| to_boolean(&x[0])),
    function("adql_to_timestamp", 1, "the text, if it is a date or time of ISO 8601; else an error", |x| {
        let value = t(x, 0)?;
        if is_timestamp(value.trim()) {
            text(value.trim().to_owned())
        } else {
            Err(format!("'{value}' is no timestamp"))
        }
    }),
    function("adql_distance", 4, "great-circle distance of (ra1, dec1) and (ra2, dec2)", |x| {
        let [ra1, dec1, ra2, dec2] = all(x)?;
        if !geometry::is_position(ra1, dec1) || !geometry::is_position(ra2, dec2) {
            return Ok(SqlValue::Null);
        }
        real(geometry::distance(ra1, dec1, ra2, dec2))
    }),
    function("adql_in_circle", 5, "1 if (ra, dec) is at most r from (ra0, dec0), else 0", |x| {
        let [ra, dec, ra0, dec0, radius] = all(x)?;
        if !geometry::is_position(ra, dec) || !geometry::is_position(ra0, dec0) {
            return Ok(SqlValue::Null);
        }
        truth(geometry::in_circle(ra, dec, ra0, dec0, radius))
    }),
    function("adql_in_box", 6, "1 if (ra, dec) is in the box of width and height about (ra0, dec0), else 0", |x| {
        let [ra, dec, ra0, dec0, width, height] = all(x)?;
        if !geometry::is_position(ra, dec) || !geometry::is_position(ra0, dec0) {
            return Ok(SqlValue::Null);
        }
        let sizes = 0.0..180.0;
        if !sizes.contains(&width) || !sizes.contains(&height) {
            return Err("the sides of a box are from 0 to less than 180 degrees".into());
        }
        truth(geometry::in_box(ra, dec, ra0, dec0, width, height))
    }),
    function(
        "adql_in_polygon",
        -1,
        "1 if (ra, dec) is in the polygon of the vertices (ra1, dec1, ra2, …), else 0",
        |x| {
            let numbers = floats(x)?;
            let Some((&[ra, dec], vertices)) = numbers.split_first_chunk::<2>() else {
                return Err("a position and a polygon are needed".into());
            };
            if !geometry::is_position(ra, dec) {
                return Ok(SqlValue::Null);
            }
            truth(geometry::contains(&Shape::Point { ra, dec }, &Shape::polygon(vertices)?))
        },
    ),
    function("adql_contains", 2, "1 if the first geometry (text) is within the second, else 0", |x| {
        truth(geometry::contains(&shape(x, 0)?, &shape(x, 1)?))
    }),
    function("adql_intersects", 2, "1 if two geometries (text) have a point in common, else 0", |x| {
        truth(geometry::intersects(&shape(x, 0)?, &shape(x, 1)?))
    }),
    function("adql_point", 2, "a position as text: \"ra dec\"; NULL if it is none", |x| {
        Ok(Shape::point(f(x, 0)?, f(x, 1)?).map_or(SqlValue::Null, |shape| SqlValue::Text(shape.to_string().into())))
    }),
    function("adql_circle", 3, "a circle as text: \"ra dec radius\"", |x| {
        text(Shape::circle(f(x, 0)?, f(x, 1)?, f(x, 2)?)?.to_string())
    }),
    function("adql_box", 4, "a box (ra, dec, width, height) as the text of its polygon", |x| {
        let [ra, dec, width, height] = all(x)?;
        Shape::point(ra, dec)?;
        text(Shape::Polygon(Polygon::from_box(ra, dec, width, height)?).to_string())
    }),
    function("adql_polygon", -1, "a polygon as text: \"ra1 dec1 ra2 dec2 …\"", |x| {
        text(Shape::polygon(&floats(x)?)?.to_string())
    }),
    function("adql_region", 1, "a region in DALI or STC-S text as DALI text", |x| text(shape(x, 0)?.to_string())),
    function("adql_centroid", 1, "center of a geometry (text) as text", |x| {
        let (ra, dec) = shape(x, 0)?.centroid();
        text(format!("{ra} {dec}"))
    }),
    function("adql_area", 1, "area of a geometry (text) in square degrees", |x| real(shape(x, 0)?.area())),
    function("adql_coord1", 1, "right ascension of a point (text)", |x| real(point(x)?.0)),
    function("adql_coord2", 1, "declination of a point (text)", |x| real(point(x)?.1)),
    function("adql_unit", 3, "component 0, 1 or 2 (x, y, z) of the unit vector towards (ra, dec)", |x| {
        let vector = geometry::unit(f(x, 1)?, f(x, 2)?);
        let axis = usize::try_from(i(x, 0)?).unwrap_or(3);
        vector.get(axis).map_or(Err("the axes are 0, 1 and 2".into()), |&value| real(value))
    }),
    function("adql_chord", 1, "half the side of the cube round a cap of this radius, in radii of the sphere", |x| {
        real(geometry::chord(f(x, 0)?))
    }),
    function("adql_box_radius", 2, "distance from the center of a box (width, height) to its corners", |x| {
        let [width, height] = all(x)?;
        if !(0.0..180.0).contains(&width) || !(0.0..180.0).contains(&height) {
            return real(180.0);
        }
        real(geometry::box_radius(width, height))
    }),
];

fn f(arguments: &[SqlValue<'_>], at: usize) -> Result<f64, String> {
    match arguments.get(at) {
        Some(SqlValue::Integer(value)) => Ok(*value as f64),
        Some(SqlValue::Real(value)) => Ok(*value),
        Some(SqlValue::Text(value)) => Err(format!("'{value}' is no number")),
        Some(SqlValue::Null) | None => Ok(f64::NAN),
    }
}

fn i(arguments: &[SqlValue<'_>], at: usize) -> Result<i64, String> {
    match arguments.get(at) {
        Some(SqlValue::Integer(value)) => Ok(*value),
        Some(SqlValue::Real(value)) if value.fract() == 0.0 && value.abs() < 9e15 => Ok(*value as i64),
        _ => Err("a whole number is needed".into()),
    }
}

fn t(arguments: &[SqlValue<'_>], at: usize) -> Result<String, String> {
    Ok(match arguments.get(at) {
        Some(SqlValue::Text(value)) => value.to_string(),
        Some(SqlValue::Integer(value)) => value.to_string(),
        Some(SqlValue::Real(value)) if *value != 0.0 && !(1e-5..1e16).contains(&value.abs()) => format!("{value:e}"),
        Some(SqlValue::Real(value)) => value.to_string(),
        Some(SqlValue::Null) | None => String::new(),
    })
}

fn floats(arguments: &[SqlValue<'_>]) -> Result<Vec<f64>, String> {
    (0..arguments.len()).map(|at| f(arguments, at)).collect()
}

fn all<const N: usize>(arguments: &[SqlValue<'_>]) -> Result<[f64; N], String> {
    let mut values = [f64::NAN; N];
    for (at, value) in values.iter_mut().enumerate() {
        *value = f(arguments, at)?;
    }
    Ok(values)
}

fn shape(arguments: &[SqlValue<'_>], at: usize) -> Result<Shape, String> {
    let text = t(arguments, at)?;
    Shape::parse(&text).map_err(|problem| {
        let short: String = text.chars().take(60).collect();
        format!("'{short}' is no region: {problem}")
    })
}

fn point(arguments: &[SqlValue<'_>]) -> Result<(f64, f64), String> {
    match shape(arguments, 0)? {
        Shape::Point { ra, dec } => Ok((ra, dec)),
        _ => Err("a point is needed".into()),
    }
}

fn real(value: f64) -> Outcome {
    Ok(if value.is_nan() { SqlValue::Null } else { SqlValue::Real(value) })
}

fn finite(value: f64) -> Outcome {
    real(if value.is_finite() { value } else { f64::NAN })
}

fn text(value: String) -> Outcome {
    Ok(SqlValue::Text(value.into()))
}

fn truth(value: bool) -> Outcome {
    Ok(SqlValue::Integer(i64::from(value)))
}

fn logarithm(x: f64, function: fn(f64) -> f64) -> Outcome {
    if x > 0.0 { real(function(x)) } else { Ok(SqlValue::Null) }
}

fn modulo(x: &[SqlValue<'_>]) -> Outcome {
    if let [SqlValue::Integer(a), SqlValue::Integer(b)] = x {
        return Ok(if *b == 0 { SqlValue::Null } else { SqlValue::Integer(a.wrapping_rem(*b)) });
    }
    real(libm::fmod(f(x, 0)?, f(x, 1)?))
}

/// Applies `whole` at the n-th decimal.
fn decimals(x: f64, digits: i64, whole: fn(f64) -> f64) -> f64 {
    let digits = digits.clamp(-400, 400) as i32;
    if digits > 300 || x.abs() >= 1e300 {
        return x;
    }
    let factor = libm::pow(10.0, f64::from(digits.abs()));
    if digits < 0 {
        return whole(x / factor) * factor;
    }
    let scaled = x * factor;
    // Beyond 2^53 there are no decimals left to round.
    if scaled.abs() >= 9_007_199_254_740_992.0 { x } else { whole(scaled) / factor }
}

/// Whether the text matches; quadratic at worst, whatever the pattern.
fn like(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
    let (mut at, mut wanted) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while at < text.len() {
        if wanted < pattern.len() && pattern[wanted] == '%' {
            retry = Some((at, wanted));
            wanted += 1;
        } else if wanted < pattern.len() && (pattern[wanted] == '_' || pattern[wanted] == text[at]) {
            at += 1;
            wanted += 1;
        } else if let Some((start, percent)) = retry {
            // The last % takes one character more.
            retry = Some((start + 1, percent));
            at = start + 1;
            wanted = percent + 1;
        } else {
            return false;
        }
    }
    pattern[wanted..].iter().all(|&c| c == '%')
}

fn parsed(value: &SqlValue<'_>) -> Result<f64, String> {
    match value {
        SqlValue::Text(text) => text.trim().parse().map_err(|_| format!("'{text}' is no number")),
        other => f(std::slice::from_ref(other), 0),
    }
}

fn to_integer(value: &SqlValue<'_>, bits: i64) -> Outcome {
    let integer = match value {
        SqlValue::Integer(integer) => Some(*integer),
        SqlValue::Text(text) => text.trim().parse().ok(),
        SqlValue::Real(real) => {
            let whole = libm::rint(*real);
            // 2^63 itself does not fit, and no double lies between it and the largest that does.
            (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&whole).then_some(whole as i64)
        }
        SqlValue::Null => return Ok(SqlValue::Null),
    };
    let limit = 1i128 << (bits.clamp(1, 64) - 1);
    match integer {
        Some(integer) if (-limit..limit).contains(&i128::from(integer)) => Ok(SqlValue::Integer(integer)),
        _ => Err(format!("'{}' is no whole number of {bits} bits", t(std::slice::from_ref(value), 0)?)),
    }
}

fn to_boolean(value: &SqlValue<'_>) -> Outcome {
    match value {
        SqlValue::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
            "t" | "true" | "1" | "y" | "yes" => truth(true),
            "f" | "false" | "0" | "n" | "no" => truth(false),
            _ => Err(format!("'{text}' is neither true nor false")),
        },
        other => truth(f(std::slice::from_ref(other), 0)? != 0.0),
    }
}

/// YYYY-MM-DD, with or without T (or a blank) and hh:mm[:ss[.fff]], with or without Z.
fn is_timestamp(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    let shape = shape.strip_suffix('Z').unwrap_or(&shape);
    let (date, time) = match shape.split_once(['T', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (shape, None),
    };
    let time_fits = |time: &str| match time.split_once('.') {
        Some((whole, fraction)) => whole == "99:99:99" && fraction.bytes().all(|b| b == b'9'),
        None => matches!(time, "99:99" | "99:99:99"),
    };
    date == "9999-99-99" && time.is_none_or(time_fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(name: &str, arguments: &[SqlValue<'_>]) -> Result<SqlValue<'static>, String> {
        let function = FUNCTIONS.iter().find(|function| function.name == name).unwrap();
        assert!(function.arguments == -1 || function.arguments as usize == arguments.len());
        function.call(arguments)
    }

    fn integer(value: i64) -> SqlValue<'static> {
        SqlValue::Integer(value)
    }

    #[test]
    fn patterns() {
        for (text, pattern, expect) in [
            ("Gaia DR3 1", "Gaia%", true),
            ("Gaia DR3 1", "gaia%", false),
            ("Gaia DR3 1", "%DR_ 1", true),
            ("", "%", true),
            ("", "_", false),
            ("abc", "a%c%", true),
            ("ab", "a_b", false),
            ("é", "_", true),
        ] {
            assert_eq!(like(text, pattern), expect, "{text} {pattern}");
        }
        let hostile = "a%".repeat(2000) + "b";
        assert!(!like(&"a".repeat(10_000), &hostile));
    }

    #[test]
    fn numbers_round_cut_and_divide() {
        for (name, x, n, expect) in [
            ("adql_round", 2.5, 0, 3.0),
            ("adql_round", -2.5, 0, -3.0),
            ("adql_round", 1.005e3, -1, 1010.0),
            ("adql_round", 1.23456, 2, 1.23),
            ("adql_truncate", -1.987, 1, -1.9),
            ("adql_round", 1e17, 3, 1e17),
            ("adql_truncate", 1.5, 400, 1.5),
        ] {
            assert_eq!(call(name, &[SqlValue::Real(x), integer(n)]), Ok(SqlValue::Real(expect)), "{name} {x} {n}");
        }
        assert_eq!(call("adql_mod", &[integer(-7), integer(3)]), Ok(integer(-1)));
        assert_eq!(call("adql_mod", &[integer(7), integer(0)]), Ok(SqlValue::Null));
        assert_eq!(call("adql_mod", &[integer(i64::MIN), integer(-1)]), Ok(integer(0)));
        assert_eq!(call("adql_log", &[integer(0)]), Ok(SqlValue::Null));
        assert_eq!(call("adql_sqrt", &[integer(-1)]), Ok(SqlValue::Null));
        assert_eq!(call("adql_sqrt", &[SqlValue::Null]), Ok(SqlValue::Null));
    }

    #[test]
    fn casts() {
        assert_eq!(call("adql_to_integer", &[SqlValue::Real(2.5), integer(32)]), Ok(integer(2)));
        assert_eq!(call("adql_to_integer", &[SqlValue::Text(" 42 ".into()), integer(16)]), Ok(integer(42)));
        assert!(call("adql_to_integer", &[integer(40_000), integer(16)]).is_err());
        assert!(call("adql_to_integer", &[SqlValue::Real(1e19), integer(64)]).is_err());
        assert_eq!(call("adql_text", &[SqlValue::Real(0.1)]), Ok(SqlValue::Text("0.1".into())));
        assert_eq!(call("adql_text", &[integer(i64::MAX)]), Ok(SqlValue::Text(i64::MAX.to_string().into())));
        assert_eq!(call("adql_char", &[SqlValue::Text("ab".into()), integer(3)]), Ok(SqlValue::Text("ab ".into())));
        assert!(call("adql_to_timestamp", &[SqlValue::Text("2016-01-01T00:00:00.5Z".into())]).is_ok());
        assert!(call("adql_to_timestamp", &[SqlValue::Text("yesterday".into())]).is_err());
    }

    #[test]
    fn names_are_unique_and_ours() {
        for (at, function) in FUNCTIONS.iter().enumerate() {
            assert!(function.name.starts_with("adql_"));
            assert!(FUNCTIONS[at + 1..].iter().all(|other| other.name != function.name), "{}", function.name);
        }
    }
}
