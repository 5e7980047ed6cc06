//! Calls of functions: those of the standard (ADQL 2.1, sections 2.3 and 4) and those of the archive.

use std::ops::Range;

use table::{Datatype, Field};

use super::{
    ArgumentKind, FunctionInfo, Outcome, Translator, closest,
    expression::{derived, rescaled},
    value::{Class, Value, name_of},
};
use crate::{
    Error, lexer,
    tree::{Call, Expression},
    units,
};

/// Functions of one number whose value is a double: ADQL name, SQL name, unit of the value.
const OF_ONE_NUMBER: &[(&str, &str, Option<&str>)] = &[
    ("ACOS", "adql_acos", Some("rad")),
    ("ASIN", "adql_asin", Some("rad")),
    ("ATAN", "adql_atan", Some("rad")),
    ("COS", "adql_cos", None),
    ("COT", "adql_cot", None),
    ("DEGREES", "adql_degrees", Some("deg")),
    ("EXP", "adql_exp", None),
    ("LOG", "adql_log", None),
    ("LOG10", "adql_log10", None),
    ("RADIANS", "adql_radians", Some("rad")),
    ("SIN", "adql_sin", None),
    ("SQRT", "adql_sqrt", None),
    ("TAN", "adql_tan", None),
];

impl Translator<'_> {
    pub(super) fn call(&mut self, call: &Call, range: &Range<usize>) -> Outcome<Value> {
        let [name] = call.name.as_slice() else { return self.foreign(call, range) };
        let upper = if name.quoted { String::new() } else { name.text.to_ascii_uppercase() };
        let aggregate = matches!(upper.as_str(), "COUNT" | "SUM" | "AVG" | "MIN" | "MAX");
        if !aggregate && lexer::is_function(&upper) && (call.star || call.distinct) {
            let what = if call.star { "*" } else { "DISTINCT" };
            return Err(Error::new(range.clone(), format!("{what} can stand only in an aggregate such as COUNT.")));
        }
        let mut value = match upper.as_str() {
            _ if aggregate => self.aggregate(&upper, call, range),
            "LOWER" | "UPPER" => self.letters(&upper, call, range),
            "COALESCE" => self.coalesce(call, range),
            "IN_UNIT" => self.in_unit(call, range),
            "POINT" | "CIRCLE" | "BOX" | "POLYGON" | "REGION" | "CENTROID" | "CONTAINS" | "INTERSECTS" | "DISTANCE"
            | "AREA" | "COORD1" | "COORD2" | "COORDSYS" => self.geometry(&upper, call, range),
            _ if lexer::is_function(&upper) => self.mathematics(&upper, call, range),
            _ => return self.foreign(call, range),
        }?;
        if value.field.name.is_empty() {
            value.field.name = name.text.to_ascii_lowercase();
        }
        Ok(value)
    }

    fn mathematics(&mut self, name: &str, call: &Call, range: &Range<usize>) -> Outcome<Value> {
        let wanted = match name {
            "PI" => 0..=0,
            "RAND" => 0..=1,
            "ROUND" | "TRUNCATE" => 1..=2,
            "ATAN2" | "POWER" | "MOD" => 2..=2,
            _ => 1..=1,
        };
        let x = self.numbers(call, range, wanted)?;
        let list: Vec<&str> = x.iter().map(|x| x.sql.as_str()).collect();
        let list = list.join(", ");
        let lower = name.to_ascii_lowercase();
        let mut field = Field::new("", Datatype::Double);
        let sql = match name {
            "PI" => format!("{:?}", std::f64::consts::PI),
            // The seed has no effect: the rows of a table have no order in which a sequence could repeat.
            "RAND" => "(random() / 18446744073709551616.0 + 0.5)".to_owned(),
            "ABS" => {
                field = derived(&x[0].field, x[0].field.datatype);
                format!("abs({list})")
            }
            "CEILING" | "FLOOR" => {
                field = derived(&x[0].field, Datatype::Double);
                format!("adql_{lower}({list})")
            }
            "ROUND" | "TRUNCATE" => {
                if x.get(1).is_some_and(|digits| digits.class() == Class::Float) {
                    let place = call.arguments[1].range.clone();
                    return Err(Error::new(place, "The number of decimals is a whole number."));
                }
                field = derived(&x[0].field, Datatype::Double);
                format!("adql_{lower}({list}{})", if x.len() == 1 { ", 0" } else { "" })
            }
            "MOD" => {
                if x.iter().all(|x| x.class() == Class::Integer) {
                    field.datatype = super::value::rank(x[0].field.datatype, x[1].field.datatype);
                }
                format!("adql_mod({list})")
            }
            "ATAN2" => {
                field.unit = Some("rad".into());
                format!("adql_atan2({list})")
            }
            "POWER" => format!("adql_power({list})"),
            _ => match OF_ONE_NUMBER.iter().find(|(own, ..)| *own == name) {
                Some((_, sql, unit)) => {
                    field.unit = unit.map(str::to_owned);
                    format!("{sql}({list})")
                }
                None => return Err(Error::new(range.clone(), format!("{name} cannot be called here."))),
            },
        };
        Ok(Value::new(sql, field).of(&x))
    }

    fn letters(&mut self, name: &str, call: &Call, range: &Range<usize>) -> Outcome<Value> {
        count(call, range, 1..=1)?;
        let x = self.text(&call.arguments[0])?;
        let sql = format!("adql_{}({})", name.to_ascii_lowercase(), x.sql);
        Ok(Value::new(sql, derived(&x.field, x.field.datatype)).of([&x]))
    }

    fn coalesce(&mut self, call: &Call, range: &Range<usize>) -> Outcome<Value> {
        count(call, range, 1..=100)?;
        let arguments = &call.arguments;
        let x = arguments.iter().map(|x| self.expression(x)).collect::<Outcome<Vec<_>>>()?;
        let field = Self::common_type(&x, &arguments.iter().collect::<Vec<_>>())?;
        if let [one] = x.as_slice() {
            return Ok(Value::new(one.sql.clone(), field).of([one]));
        }
        let list: Vec<&str> = x.iter().map(|x| x.sql.as_str()).collect();
        Ok(Value::new(format!("coalesce({})", list.join(", ")), field).of(&x))
    }

    fn numbers(
        &mut self,
        call: &Call,
        range: &Range<usize>,
        wanted: std::ops::RangeInclusive<usize>,
    ) -> Outcome<Vec<Value>> {
        count(call, range, wanted)?;
        call.arguments.iter().map(|argument| self.numeric(argument)).collect()
    }

    fn aggregate(&mut self, name: &str, call: &Call, range: &Range<usize>) -> Outcome<Value> {
        if call.star {
            if name != "COUNT" {
                return Err(Error::new(range.clone(), format!("{name} needs a column; only COUNT can count *.")));
            }
            let mut value = Value::new("count(*)", Field::new("count_all", Datatype::Long));
            value.field.ucd = Some("meta.number".into());
            value.aggregate = Some(range.clone());
            return Ok(value);
        }
        count(call, range, 1..=1)?;
        let x = match name {
            "SUM" | "AVG" => self.numeric(&call.arguments[0])?,
            _ => self.expression(&call.arguments[0])?,
        };
        if let Some(inner) = &x.aggregate {
            return Err(Error::new(inner.clone(), "An aggregate cannot stand within another."));
        }
        if name != "COUNT" && matches!(x.class(), Class::Area | Class::Point | Class::Array) {
            let message = format!("{name} cannot be taken of {}.", name_of(x.class()));
            return Err(Error::new(call.arguments[0].range.clone(), message));
        }
        let mut field = match name {
            "COUNT" => Field { ucd: Some("meta.number".into()), ..Field::new("", Datatype::Long) },
            "AVG" => derived(&x.field, Datatype::Double),
            "SUM" if x.class() == Class::Integer => derived(&x.field, Datatype::Long),
            "SUM" => derived(&x.field, Datatype::Double),
            _ => (*x.field).clone(),
        };
        let statistic = match name {
            "AVG" => Some("stat.mean"),
            "MIN" => Some("stat.min"),
            "MAX" => Some("stat.max"),
            _ => None,
        };
        field.ucd = match (statistic, &field.ucd) {
            (Some(word), Some(ucd)) => Some(format!("{word};{ucd}")),
            (None, _) if name == "SUM" => None,
            (_, ucd) => ucd.clone(),
        };
        field.name = name.to_ascii_lowercase();
        let distinct = if call.distinct { "DISTINCT " } else { "" };
        let mut value = Value::new(format!("{}({distinct}{})", name.to_ascii_lowercase(), x.sql), field).of([&x]);
        value.ungrouped = None;
        value.aggregate = Some(range.clone());
        Ok(value)
    }

    fn in_unit(&mut self, call: &Call, range: &Range<usize>) -> Outcome<Value> {
        count(call, range, 2..=2)?;
        let [argument, target] = call.arguments.as_slice() else { return Err(Error::new(range.clone(), "IN_UNIT")) };
        let x = self.numeric(argument)?;
        let Some(unit) = self.expression(target)?.text().map(str::to_owned) else {
            return Err(Error::new(target.range.clone(), "The unit stands in quotes, such as 'deg'.")
                .expecting(["a unit in quotes"]));
        };
        let Some(from) = x.field.unit.clone().filter(|unit| !unit.trim().is_empty()) else {
            return Err(Error::new(argument.range.clone(), "The unit of this expression is not known."));
        };
        let factor = units::factor(&from, &unit).map_err(|problem| {
            let place = match problem {
                units::Problem::UnknownSource(_) => argument,
                units::Problem::UnknownTarget(_) | units::Problem::Incompatible(..) => target,
            };
            Error::new(place.range.clone(), problem.to_string())
        })?;
        let mut field = derived(&x.field, Datatype::Double);
        field.unit = Some(unit);
        let sql = if factor == 1.0 { format!("(1.0 * {})", x.sql) } else { format!("({} * {factor:?})", x.sql) };
        let mut value = Value::new(sql, field).of([&x]);
        value.relation = rescaled(x.relation.as_deref(), factor);
        Ok(value)
    }

    /// A function of the archive.
    fn foreign(&mut self, call: &Call, range: &Range<usize>) -> Outcome<Value> {
        let written: Vec<&str> = call.name.iter().map(|part| part.text.as_str()).collect();
        let written = written.join(".");
        let place = match (call.name.first(), call.name.last()) {
            (Some(first), Some(last)) => first.range.start..last.range.end,
            _ => range.clone(),
        };
        // Of several with one name it is the one that takes as many arguments.
        let given = call.arguments.len();
        let fits = |info: &&FunctionInfo| {
            (info.arguments.len().saturating_sub(info.optional)..=info.arguments.len()).contains(&given)
        };
        let named = || self.functions.iter().filter(|info| info.name.eq_ignore_ascii_case(&written));
        let Some(info) = named().find(fits).or_else(|| named().next()).cloned() else {
            let own = self.functions.iter().map(|info| info.name.as_str());
            let close = closest(&written, lexer::FUNCTIONS.iter().copied().chain(own));
            return Err(Error::new(place, format!("There is no function {written}.")).suggesting(close));
        };
        let FunctionInfo { sql_name, arguments, optional, aggregate, returns, .. } = info;
        if call.star || (call.distinct && !aggregate) {
            return Err(Error::new(range.clone(), format!("{written} cannot be called so.")));
        }
        let most = arguments.len();
        count(call, range, most.saturating_sub(optional)..=most)?;
        let mut values = Vec::new();
        for (argument, expression) in arguments.iter().zip(&call.arguments) {
            let value = self.expression(expression)?;
            let fits = match (argument.kind, value.class()) {
                (_, Class::Null) | (ArgumentKind::Any, _) => true,
                (ArgumentKind::Number, class) => matches!(class, Class::Integer | Class::Float),
                (ArgumentKind::Integer, class) => class == Class::Integer,
                (ArgumentKind::Text, class) => class == Class::Text,
                (ArgumentKind::Geometry, class) => matches!(class, Class::Point | Class::Area),
            };
            if !fits {
                let wanted = match argument.kind {
                    ArgumentKind::Number => "a number",
                    ArgumentKind::Integer => "a whole number",
                    ArgumentKind::Text => "text",
                    ArgumentKind::Geometry => "a geometry",
                    ArgumentKind::Any => "anything",
                };
                let message = format!("{} must be {wanted}, but this is {}.", argument.name, name_of(value.class()));
                return Err(Error::new(expression.range.clone(), message).expecting([wanted]));
            }
            values.push(value);
        }
        let list: Vec<&str> = values.iter().map(|value| value.sql.as_str()).collect();
        let distinct = if call.distinct { "DISTINCT " } else { "" };
        let mut value = Value::new(format!("{sql_name}({distinct}{})", list.join(", ")), returns).of(&values);
        if value.field.name.is_empty() {
            value.field.name = call.name.last().map_or_else(String::new, |name| name.text.to_ascii_lowercase());
        }
        if aggregate {
            if let Some(inner) = &value.aggregate {
                return Err(Error::new(inner.clone(), "An aggregate cannot stand within another."));
            }
            value.ungrouped = None;
            value.aggregate = Some(range.clone());
        }
        Ok(value)
    }
}

/// An error unless the call has this many arguments.
pub(super) fn count(call: &Call, range: &Range<usize>, wanted: std::ops::RangeInclusive<usize>) -> Outcome<()> {
    let given = call.arguments.len();
    if wanted.contains(&given) && !call.star {
        return Ok(());
    }
    let name = call.name.last().map_or_else(String::new, |name| name.text.to_uppercase());
    let (least, most) = (*wanted.start(), *wanted.end());
    let number = match (least, most) {
        (0, 0) => "no arguments".to_owned(),
        (1, 1) => "one argument".to_owned(),
        _ if least == most => format!("{least} arguments"),
        _ => format!("{least} to {most} arguments"),
    };
    // The first argument too many, or the whole call.
    let place = call.arguments.get(most).map_or(range.clone(), |extra: &Expression| extra.range.clone());
    Err(Error::new(place, format!("{name} takes {number}; {given} are given.")).expecting([number]))
}

/// A truth value as the integer that CONTAINS and INTERSECTS give.
pub(super) fn zero_or_one() -> Field {
    Field::new("", Datatype::Int)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_of_the_list_is_one_of_the_standard() {
        for (name, sql, _) in OF_ONE_NUMBER {
            assert!(lexer::is_function(name));
            assert!(super::super::FUNCTIONS.iter().any(|function| function.name == *sql), "{sql}");
        }
    }
}
