//! CAST, CASE and the type that several values have in common (ADQL 2.1, section 4.4).

use table::{Datatype, Field};

use super::{
    Outcome, Translator,
    expression::{boolean, capital, derived},
    predicate::different,
    value::{Class, Value, name_of, unify},
};
use crate::{
    Error,
    tree::{CastKind, CastType, Expression},
};

impl Translator<'_> {
    pub(super) fn cast(&mut self, operand: &Expression, target: &CastType) -> Outcome<Value> {
        let x = self.expression(operand)?;
        if matches!(x.class(), Class::Array | Class::Area | Class::Point) {
            let message = format!("{} cannot be cast.", capital(name_of(x.class())));
            return Err(Error::new(operand.range.clone(), message));
        }
        let refused = |what: &str| {
            Err(Error::new(target.range.clone(), format!("{} cannot be cast to {what}.", capital(name_of(x.class())))))
        };
        let from_boolean = x.class() == Class::Boolean;
        let (sql, datatype) = match target.kind {
            CastKind::Smallint => (format!("adql_to_integer({}, 16)", x.sql), Datatype::Short),
            CastKind::Integer => (format!("adql_to_integer({}, 32)", x.sql), Datatype::Int),
            CastKind::Bigint => (format!("adql_to_integer({}, 64)", x.sql), Datatype::Long),
            CastKind::Real if !from_boolean => (format!("adql_to_real({})", x.sql), Datatype::Float),
            CastKind::Double if !from_boolean => (format!("adql_to_double({})", x.sql), Datatype::Double),
            CastKind::Real | CastKind::Double => return refused("a floating-point number"),
            CastKind::Boolean => (format!("adql_to_boolean({})", x.sql), Datatype::Boolean),
            CastKind::Timestamp if matches!(x.class(), Class::Text | Class::Null) => {
                (format!("adql_to_timestamp({})", x.sql), Datatype::Char)
            }
            CastKind::Timestamp => return refused("a timestamp"),
            CastKind::Char | CastKind::Varchar => {
                let text = match x.class() {
                    Class::Text | Class::Null => x.sql.clone(),
                    Class::Boolean => format!("iif({}, 'true', 'false')", x.sql),
                    _ => format!("adql_text({})", x.sql),
                };
                let sql = match (target.length, target.kind) {
                    (Some(length), CastKind::Char) => format!("adql_char({text}, {length})"),
                    (Some(length), _) => format!("substr({text}, 1, {length})"),
                    (None, CastKind::Char) => format!("adql_char({text}, 1)"),
                    (None, _) => text,
                };
                (sql, Datatype::Char)
            }
        };
        let mut field = derived(&x.field, datatype);
        field.xtype = (target.kind == CastKind::Timestamp).then(|| "timestamp".to_owned());
        if datatype == Datatype::Char {
            field.unit = None;
            if target.kind == CastKind::Char {
                field.arraysize = table::ArraySize::fixed(target.length.unwrap_or(1));
            }
        }
        field.name = if x.column.is_some() { x.field.name.clone() } else { "cast".to_owned() };
        Ok(Value::new(sql, field).of([&x]))
    }

    pub(super) fn case(
        &mut self,
        operand: Option<&Expression>,
        branches: &[(Expression, Expression)],
        otherwise: Option<&Expression>,
    ) -> Outcome<Value> {
        let mut sql = String::from("CASE");
        let mut parts = Vec::new();
        if let Some(operand) = operand {
            let all: Vec<&Expression> = std::iter::once(operand).chain(branches.iter().map(|(when, _)| when)).collect();
            parts = self.alike(&all)?;
            sql.push_str(&format!(" {}", parts[0].sql));
        } else {
            for (when, _) in branches {
                parts.push(self.truth(when)?);
            }
        }
        let places: Vec<&Expression> = branches.iter().map(|(_, then)| then).chain(otherwise).collect();
        let results = places.iter().map(|place| self.expression(place)).collect::<Outcome<Vec<_>>>()?;
        let conditions = if operand.is_some() { &parts[1..] } else { &parts[..] };
        for (condition, result) in conditions.iter().zip(&results) {
            sql.push_str(&format!(" WHEN {} THEN {}", condition.sql, result.sql));
        }
        if otherwise.is_some()
            && let Some(last) = results.last()
        {
            sql.push_str(&format!(" ELSE {}", last.sql));
        }
        let mut field = Self::common_type(&results, &places)?;
        field.name = "case".to_owned();
        Ok(Value::new(format!("({sql} END)"), field).of(parts.iter().chain(&results)))
    }

    /// The type that holds all these values, of which NULLs fit any.
    pub(super) fn common_type(values: &[Value], places: &[&Expression]) -> Outcome<Field> {
        let mut field: Option<Field> = None;
        for (value, place) in values.iter().zip(places) {
            if value.class() == Class::Null {
                continue;
            }
            field = match field {
                None => Some((*value.field).clone()),
                Some(field) => match unify(&field, &value.field) {
                    Some(field) => Some(field),
                    None => return Err(different(&Value::new("", field), value, &place.range)),
                },
            };
        }
        let mut field = field.or_else(|| values.first().map(|value| (*value.field).clone())).unwrap_or_else(boolean);
        field.name = String::new();
        Ok(field)
    }
}
