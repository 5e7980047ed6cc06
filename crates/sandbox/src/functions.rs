//! Functions that queries may call: those of the translation, and the archive's own (UDFs).

use adql::translate::functions::SqlValue;
use adql::translate::{Argument, ArgumentKind, FUNCTIONS, FunctionInfo};
use rusqlite::Connection;
use rusqlite::functions::{Aggregate, Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use table::{Datatype, Field};

use crate::Error;
use crate::catalogue::healpix;

/// Makes all functions known to a connection.
pub fn register(connection: &Connection) -> Result<(), Error> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    for function in FUNCTIONS {
        connection.create_scalar_function(function.name, function.arguments, flags, move |context| {
            let arguments: Vec<SqlValue<'_>> = (0..context.len()).map(|at| argument(context.get_raw(at))).collect();
            function.call(&arguments).map(result).map_err(|message| rusqlite::Error::UserFunctionError(message.into()))
        })?;
    }
    connection.create_scalar_function("gaia_healpix_index", 2, flags, |context| {
        let (order, source_id) = (context.get::<Option<i64>>(0)?, context.get::<Option<i64>>(1)?);
        Ok(order
            .zip(source_id)
            .filter(|(order, _)| (0..=12).contains(order))
            .map(|(order, source_id)| (source_id >> healpix::SOURCE_ID_SHIFT) >> (2 * (12 - order))))
    })?;
    connection.create_scalar_function("ivo_healpix_index", 3, flags, |context| {
        let order = context.get::<Option<i64>>(0)?.filter(|order| (0..=29).contains(order));
        let position = context.get::<Option<f64>>(1)?.zip(context.get::<Option<f64>>(2)?);
        let position = position.filter(|(ra, dec)| ra.is_finite() && dec.abs() <= 90.0);
        Ok(order.zip(position).map(|(order, (ra, dec))| healpix::nested(order as u32, ra, dec) as i64))
    })?;
    connection.create_aggregate_function("stddev", 1, flags, Deviation { root: true })?;
    connection.create_aggregate_function("variance", 1, flags, Deviation { root: false })?;
    Ok(())
}

/// What ADQL is told of the archive's own functions.
pub fn described() -> Vec<FunctionInfo> {
    let argument = |name: &str, kind| Argument { name: name.to_owned(), kind };
    let mut healpix = Field::new("healpix_index", Datatype::Long);
    healpix.ucd = Some("pos.healpix".to_owned());
    let function = |name: &str, arguments, aggregate, returns| FunctionInfo {
        name: name.to_owned(),
        sql_name: name.to_ascii_lowercase(),
        arguments,
        optional: 0,
        aggregate,
        returns,
    };
    let number = || vec![argument("x", ArgumentKind::Number)];
    vec![
        function(
            "GAIA_HEALPIX_INDEX",
            vec![argument("order", ArgumentKind::Integer), argument("source_id", ArgumentKind::Integer)],
            false,
            healpix.clone(),
        ),
        function(
            "IVO_HEALPIX_INDEX",
            vec![
                argument("order", ArgumentKind::Integer),
                argument("ra", ArgumentKind::Number),
                argument("dec", ArgumentKind::Number),
            ],
            false,
            healpix,
        ),
        function("STDDEV", number(), true, Field::new("stddev", Datatype::Double)),
        function("VARIANCE", number(), true, Field::new("variance", Datatype::Double)),
    ]
}

/// Signatures and descriptions of the archive's own functions, as TAPRegExt writes them.
pub const SIGNATURES: &[(&str, &str)] = &[
    (
        "GAIA_HEALPIX_INDEX(norder INTEGER, source_id BIGINT) -> BIGINT",
        "HEALPix index (nested) of order 0 to 12 of the pixel in which a source lies, from its identifier",
    ),
    (
        "IVO_HEALPIX_INDEX(norder INTEGER, ra DOUBLE, dec DOUBLE) -> BIGINT",
        "HEALPix index (nested) of order 0 to 29 of the pixel that holds a position",
    ),
    ("STDDEV(x DOUBLE) -> DOUBLE", "Standard deviation of a sample"),
    ("VARIANCE(x DOUBLE) -> DOUBLE", "Variance of a sample"),
];

fn argument(value: ValueRef<'_>) -> SqlValue<'_> {
    match value {
        ValueRef::Null | ValueRef::Blob(_) => SqlValue::Null,
        ValueRef::Integer(value) => SqlValue::Integer(value),
        ValueRef::Real(value) => SqlValue::Real(value),
        ValueRef::Text(text) => SqlValue::Text(String::from_utf8_lossy(text)),
    }
}

fn result(value: SqlValue<'static>) -> Value {
    match value {
        SqlValue::Null => Value::Null,
        SqlValue::Integer(value) => Value::Integer(value),
        SqlValue::Real(value) if value.is_nan() => Value::Null,
        SqlValue::Real(value) => Value::Real(value),
        SqlValue::Text(text) => Value::Text(text.into_owned()),
    }
}

/// Sample variance in one pass (Welford).
struct Deviation {
    root: bool,
}

impl Aggregate<(u64, f64, f64), Option<f64>> for Deviation {
    fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<(u64, f64, f64)> {
        Ok((0, 0.0, 0.0))
    }

    fn step(&self, context: &mut Context<'_>, (count, mean, squares): &mut (u64, f64, f64)) -> rusqlite::Result<()> {
        if let Some(value) = context.get::<Option<f64>>(0)? {
            *count += 1;
            let off = value - *mean;
            *mean += off / *count as f64;
            *squares += off * (value - *mean);
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, state: Option<(u64, f64, f64)>) -> rusqlite::Result<Option<f64>> {
        let variance = state.filter(|state| state.0 > 1).map(|(count, _, squares)| squares / (count - 1) as f64);
        Ok(variance.map(|variance| if self.root { libm::sqrt(variance) } else { variance }))
    }
}
