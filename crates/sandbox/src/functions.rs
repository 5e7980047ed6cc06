//! Functions that queries may call: those of the translation, and the archive's own (UDFs).
//!
//! Which of the archive's own there are: those that people send it most. `EPOCH_PROP`, `EPOCH_PROP_POS` and
//! `EPOCH_PROP_ERROR` with their helpers, `GAIA_HEALPIX_INDEX`, `ARRAY_ELEMENT` and the conversions `TO_…`. The archive
//! declares most of them a second time with `ESDC_` before the name; both names are known here too.

mod aggregate;
mod array;
mod epoch;
mod number;

use std::sync::LazyLock;

use adql::translate::functions::SqlValue;
use adql::translate::{Argument, ArgumentKind, FUNCTIONS, FunctionInfo};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{Value, ValueRef};
use table::{ArraySize, Datatype, Field};

use crate::Error;

type Outcome = Result<SqlValue<'static>, String>;

/// A function of the archive. Its form, as TAPRegExt writes it, is all that is said of names and types.
struct Own {
    form: &'static str,
    unit: &'static str,
    ucd: &'static str,
    description: &'static str,
    call: Call,
}

/// What a function computes.
enum Call {
    /// A value from values.
    Scalar(fn(&[SqlValue<'_>]) -> Outcome),
    /// A value from all rows of a group.
    Aggregate(fn(&Connection, &str, FunctionFlags) -> rusqlite::Result<()>),
}

const fn own(
    form: &'static str,
    unit: &'static str,
    ucd: &'static str,
    description: &'static str,
    call: fn(&[SqlValue<'_>]) -> Outcome,
) -> Own {
    Own { form, unit, ucd, description, call: Call::Scalar(call) }
}

/// All of them.
const OWN: &[Own] = &[
    own(
        "GAIA_HEALPIX_INDEX(norder INTEGER, source_id BIGINT) -> BIGINT",
        "",
        "pos.healpix",
        "HEALPix index (nested) of order 0 to 12 of the pixel in which a source lies, from its identifier",
        number::gaia_healpix_index,
    ),
    own(
        "IVO_HEALPIX_INDEX(norder INTEGER, ra DOUBLE, dec DOUBLE) -> BIGINT",
        "",
        "pos.healpix",
        "HEALPix index (nested) of order 0 to 29 of the pixel that holds a position",
        number::ivo_healpix_index,
    ),
    own(
        "EPOCH_PROP_POS(ra DOUBLE, dec DOUBLE, parallax DOUBLE, pmra DOUBLE, pmdec DOUBLE, radial_velocity DOUBLE, \
         ref_epoch DOUBLE, out_epoch DOUBLE) -> POINT",
        "deg",
        "pos.eq",
        "Position at another epoch (ESA SP-1200, volume 1, section 1.5.5). Degrees, mas, mas/yr, km/s, Julian years; parallax, \
         proper motion and radial velocity count as 0 where they are NULL",
        epoch::position,
    ),
    own(
        "EPOCH_PROP(ra DOUBLE, dec DOUBLE, parallax DOUBLE, pmra DOUBLE, pmdec DOUBLE, radial_velocity DOUBLE, \
         ref_epoch DOUBLE, out_epoch DOUBLE) -> DOUBLE[6]",
        "",
        "",
        "Right ascension and declination (deg), parallax (mas), proper motions (mas/yr) and radial proper motion (mas/yr) at \
         another epoch",
        epoch::parameters,
    ),
    own(
        "EPOCH_PROP(astrometric_parameters DOUBLE[6], ref_epoch DOUBLE, out_epoch DOUBLE) -> DOUBLE[6]",
        "",
        "",
        "The same from what ASTROMETRIC_PARAMETERS gives",
        epoch::parameters_of_array,
    ),
    own(
        "EPOCH_PROP_ERROR(ra DOUBLE, dec DOUBLE, parallax DOUBLE, pmra DOUBLE, pmdec DOUBLE, radial_velocity DOUBLE, \
         ra_error DOUBLE, dec_error DOUBLE, parallax_error DOUBLE, pmra_error DOUBLE, pmdec_error DOUBLE, \
         radial_velocity_error DOUBLE, ra_dec_corr DOUBLE, ra_parallax_corr DOUBLE, ra_pmra_corr DOUBLE, \
         ra_pmdec_corr DOUBLE, dec_parallax_corr DOUBLE, dec_pmra_corr DOUBLE, dec_pmdec_corr DOUBLE, \
         parallax_pmra_corr DOUBLE, parallax_pmdec_corr DOUBLE, pmra_pmdec_corr DOUBLE, ref_epoch DOUBLE, \
         out_epoch DOUBLE) -> DOUBLE[21]",
        "",
        "",
        "Six standard errors (mas, mas/yr) and fifteen correlations, row by row, of what EPOCH_PROP gives",
        epoch::errors,
    ),
    own(
        "EPOCH_PROP_ERROR(astrometric_parameters DOUBLE[6], astrometric_parameter_error DOUBLE[21], ref_epoch DOUBLE, \
         out_epoch DOUBLE) -> DOUBLE[21]",
        "",
        "",
        "The same from what ASTROMETRIC_PARAMETERS and ASTROMETRIC_PARAMETER_ERROR give",
        epoch::errors_of_arrays,
    ),
    own(
        "ASTROMETRIC_PARAMETERS(ra DOUBLE, dec DOUBLE, parallax DOUBLE, pmra DOUBLE, pmdec DOUBLE, \
         radial_velocity DOUBLE) -> DOUBLE[6]",
        "",
        "",
        "The six parameters as one value, the radial velocity as radial proper motion (mas/yr)",
        epoch::astrometric_parameters,
    ),
    own(
        "ASTROMETRIC_PARAMETER_ERROR(ra_error DOUBLE, dec_error DOUBLE, parallax_error DOUBLE, pmra_error DOUBLE, \
         pmdec_error DOUBLE, ra_dec_corr DOUBLE, ra_parallax_corr DOUBLE, ra_pmra_corr DOUBLE, ra_pmdec_corr DOUBLE, \
         dec_parallax_corr DOUBLE, dec_pmra_corr DOUBLE, dec_pmdec_corr DOUBLE, parallax_pmra_corr DOUBLE, \
         parallax_pmdec_corr DOUBLE, pmra_pmdec_corr DOUBLE, parallax DOUBLE, radial_velocity DOUBLE, \
         radial_velocity_error DOUBLE) -> DOUBLE[21]",
        "",
        "",
        "Six standard errors (mas, mas/yr) and fifteen correlations, row by row, as one value",
        epoch::astrometric_parameter_error,
    ),
    own(
        "ARRAY_ELEMENT(array DOUBLE[*], at INTEGER) -> DOUBLE",
        "",
        "",
        "An element of an array, the first at 1; NULL beyond its ends",
        array::element,
    ),
    own(
        "CARDINALITY(array DOUBLE[*]) -> INTEGER",
        "",
        "meta.number",
        "Number of elements of an array",
        array::cardinality,
    ),
    own("SIGN(x DOUBLE) -> INTEGER", "", "", "-1, 0 or 1", number::sign),
    own("CBRT(x DOUBLE) -> DOUBLE", "", "", "Cube root", number::cube_root),
    own("DIV(y DOUBLE, x DOUBLE) -> BIGINT", "", "", "Whole part of y/x; NULL for x = 0", number::quotient),
    own("GREATEST(x DOUBLE, y DOUBLE) -> DOUBLE", "", "", "The larger of two numbers", number::greatest),
    own("LEAST(x DOUBLE, y DOUBLE) -> DOUBLE", "", "", "The smaller of two numbers", number::least),
    own("TO_SMALLINT(x ANY) -> SMALLINT", "", "", "The nearest whole number of 16 bits", number::to_smallint),
    own("TO_INTEGER(x ANY) -> INTEGER", "", "", "The nearest whole number of 32 bits", number::to_integer),
    own("TO_BIGINT(x ANY) -> BIGINT", "", "", "The nearest whole number of 64 bits", number::to_bigint),
    own("TO_REAL(x ANY) -> REAL", "", "", "A number with the precision of 32 bits", number::to_real),
    own("TO_DOUBLE(x ANY) -> DOUBLE", "", "", "A number of 64 bits", number::to_double),
    own("TO_CHAR(x ANY) -> VARCHAR", "", "", "A value as text", number::to_char),
    Own {
        form: "STDDEV(x DOUBLE) -> DOUBLE",
        unit: "",
        ucd: "",
        description: "Standard deviation of a sample",
        call: Call::Aggregate(aggregate::deviation),
    },
    Own {
        form: "VARIANCE(x DOUBLE) -> DOUBLE",
        unit: "",
        ucd: "",
        description: "Variance of a sample",
        call: Call::Aggregate(aggregate::variance),
    },
];

/// Makes all functions known to a connection.
pub fn register(connection: &Connection) -> Result<(), Error> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    for function in FUNCTIONS {
        connection.create_scalar_function(function.name, function.arguments, flags, move |context| {
            let arguments: Vec<SqlValue<'_>> = (0..context.len()).map(|at| argument(context.get_raw(at))).collect();
            function.call(&arguments).map(result).map_err(|message| rusqlite::Error::UserFunctionError(message.into()))
        })?;
    }
    for function in OWN {
        let info = function.info();
        match function.call {
            Call::Aggregate(create) => create(connection, &info.sql_name, flags)?,
            Call::Scalar(call) => {
                let count = i32::try_from(info.arguments.len()).unwrap_or(-1);
                connection.create_scalar_function(info.sql_name.as_str(), count, flags, move |context| {
                    let arguments: Vec<SqlValue<'_>> =
                        (0..context.len()).map(|at| argument(context.get_raw(at))).collect();
                    call(&arguments).map(result).map_err(|message| rusqlite::Error::UserFunctionError(message.into()))
                })?;
            }
        }
    }
    Ok(())
}

/// What ADQL is told of the archive's own functions.
pub fn described() -> &'static [FunctionInfo] {
    static ALL: LazyLock<Vec<FunctionInfo>> = LazyLock::new(|| {
        let named = OWN.iter().map(Own::info);
        let prefixed = named.clone().filter(|info| !info.name.contains("HEALPIX"));
        named.chain(prefixed.map(|info| FunctionInfo { name: format!("ESDC_{}", info.name), ..info })).collect()
    });
    &ALL
}

/// Signatures and descriptions of the archive's own functions, as TAPRegExt writes them.
pub fn signatures() -> impl Iterator<Item = (&'static str, &'static str)> {
    OWN.iter().map(|function| (function.form, function.description))
}

impl Own {
    /// Reads the form: `NAME(argument TYPE, …) -> TYPE`.
    fn info(&self) -> FunctionInfo {
        let (name, rest) = self.form.split_once('(').unwrap_or((self.form, ""));
        let (arguments, returns) = rest.split_once(") -> ").unwrap_or_default();
        let arguments = arguments.split(", ").filter_map(|argument| argument.split_once(' '));
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let mut field = field(returns);
        // The output column is called after the function.
        field.name = name.to_ascii_lowercase();
        field.unit = some(self.unit);
        field.ucd = some(self.ucd);
        FunctionInfo {
            name: name.to_owned(),
            sql_name: format!("gaia_{}", name.to_ascii_lowercase()),
            arguments: arguments
                .map(|(name, kind)| Argument { name: name.to_owned(), kind: argument_kind(kind) })
                .collect(),
            optional: 0,
            aggregate: matches!(self.call, Call::Aggregate(_)),
            returns: field,
        }
    }
}

fn argument_kind(name: &str) -> ArgumentKind {
    match name {
        "DOUBLE" => ArgumentKind::Number,
        "INTEGER" | "BIGINT" => ArgumentKind::Integer,
        _ => ArgumentKind::Any,
    }
}

fn field(kind: &str) -> Field {
    let (kind, size) = kind.split_once('[').map_or((kind, None), |(kind, size)| (kind, size.strip_suffix(']')));
    let datatype = match kind {
        "SMALLINT" => Datatype::Short,
        "INTEGER" => Datatype::Int,
        "BIGINT" => Datatype::Long,
        "REAL" => Datatype::Float,
        "VARCHAR" => Datatype::Char,
        _ => Datatype::Double,
    };
    let mut field = Field::new("", datatype);
    if kind == "POINT" {
        field.arraysize = ArraySize::fixed(2);
        field.xtype = Some("point".to_owned());
    } else if let Some(size) = size.and_then(ArraySize::parse) {
        field.arraysize = size;
    }
    field
}

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

/// A number, where there is one.
fn float(value: &SqlValue<'_>) -> Option<f64> {
    match value {
        SqlValue::Integer(value) => Some(*value as f64),
        SqlValue::Real(value) => Some(*value),
        SqlValue::Null | SqlValue::Text(_) => None,
    }
}

/// A whole number, where there is one.
fn integer(value: &SqlValue<'_>) -> Option<i64> {
    match value {
        SqlValue::Integer(value) => Some(*value),
        _ => None,
    }
}

/// A number or NULL.
fn real(value: Option<f64>) -> Outcome {
    Ok(value.map_or(SqlValue::Null, SqlValue::Real))
}

/// A whole number or NULL.
fn whole(value: Option<i64>) -> Outcome {
    Ok(value.map_or(SqlValue::Null, SqlValue::Integer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_say_all_that_is_to_be_known() {
        let infos = described();
        let prop = infos.iter().find(|info| info.name == "ESDC_EPOCH_PROP_POS").unwrap();
        assert_eq!((prop.arguments.len(), prop.returns.xtype.as_deref()), (8, Some("point")));
        let error = infos.iter().find(|info| info.name == "EPOCH_PROP_ERROR").unwrap();
        assert_eq!((error.arguments.len(), error.returns.arraysize.count()), (24, Some(21)));
        assert!(infos.iter().all(|info| !info.arguments.is_empty()));
        assert!(infos.iter().all(|info| !info.name.contains(' ') && !info.sql_name.contains(' ')));
    }
}
