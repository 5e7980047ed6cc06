//! Predicates: comparisons, BETWEEN, LIKE, IN, EXISTS, and what can be compared with what.

use std::ops::Range;

use super::{
    Outcome, Translator,
    expression::{boolean, capital},
    literal::{is_number, number, truth_value},
    value::{Class, Value, name_of, unify},
};
use crate::{
    Error,
    tree::{Comparison, Expression, Query},
};

impl Translator<'_> {
    pub(super) fn comparison(&mut self, operator: Comparison, left: &Expression, right: &Expression) -> Outcome<Value> {
        let values = self.alike(&[left, right])?;
        let (a, b) = (&values[0], &values[1]);
        for (value, place) in [(a, left), (b, right)] {
            if matches!(value.class(), Class::Array | Class::Area | Class::Point) {
                let message = format!("{} cannot be compared.", capital(name_of(value.class())));
                return Err(Error::new(place.range.clone(), message));
            }
        }
        let mut value = Value::new(format!("({} {} {})", a.sql, operator.symbol(), b.sql), boolean()).of(&values);
        value.prefilter = self.prefilter(operator, a, b);
        Ok(value)
    }

    /// Values that can be compared with the first: literals are read as its type.
    pub(super) fn alike(&mut self, expressions: &[&Expression]) -> Outcome<Vec<Value>> {
        let mut values = Vec::new();
        for expression in expressions {
            values.push(self.expression(expression)?);
        }
        // The first that is no literal decides; PostgreSQL reads '12' as a number and 'true' as a truth value so.
        let decisive = values.iter().find(|value| value.literal.is_none()).or(values.first()).cloned();
        let Some(decisive) = decisive else { return Ok(values) };
        for (value, expression) in values.iter_mut().zip(expressions) {
            match (decisive.class(), value.class()) {
                (_, Class::Null) | (Class::Null, _) => {}
                (Class::Integer | Class::Float, Class::Text) => match value.text().map(str::trim) {
                    Some(text) if is_number(text) => *value = number(text),
                    _ => return Err(different(&decisive, value, &expression.range)),
                },
                (Class::Text, Class::Integer | Class::Float) if decisive.text().is_none() => {
                    return Err(different(&decisive, value, &expression.range));
                }
                (Class::Boolean, Class::Text) => match value.text().and_then(truth_value) {
                    Some(truth) => *value = Value::new(if truth { "1" } else { "0" }, boolean()),
                    None => return Err(different(&decisive, value, &expression.range)),
                },
                (Class::Boolean, Class::Integer) | (Class::Integer, Class::Boolean) => {}
                (a, b) if a == b => {}
                (Class::Integer | Class::Float, Class::Integer | Class::Float) => {}
                _ => return Err(different(&decisive, value, &expression.range)),
            }
        }
        Ok(values)
    }

    pub(super) fn between(&mut self, operands: [&Expression; 3], negated: bool) -> Outcome<Value> {
        let values = self.alike(&operands)?;
        let sql = format!("({} {}BETWEEN {} AND {})", values[0].sql, not(negated), values[1].sql, values[2].sql);
        let mut value = Value::new(sql, boolean()).of(&values);
        if !negated {
            value.prefilter = self.prefilter(Comparison::LessOrEqual, &values[0], &values[2]);
        }
        Ok(value)
    }

    pub(super) fn like(
        &mut self,
        operand: &Expression,
        pattern: &Expression,
        any_case: bool,
        negated: bool,
    ) -> Outcome<Value> {
        let x = self.text(operand)?;
        let pattern = self.text(pattern)?;
        let function = if any_case { "adql_ilike" } else { "adql_like" };
        let sql = format!("({}{function}({}, {}))", not(negated), x.sql, pattern.sql);
        Ok(Value::new(sql, boolean()).of([&x, &pattern]))
    }

    pub(super) fn in_list(&mut self, operand: &Expression, list: &[Expression], negated: bool) -> Outcome<Value> {
        let all: Vec<&Expression> = std::iter::once(operand).chain(list).collect();
        let values = self.alike(&all)?;
        let sql: Vec<&str> = values[1..].iter().map(|value| value.sql.as_str()).collect();
        let sql = format!("({} {}IN ({}))", values[0].sql, not(negated), sql.join(", "));
        Ok(Value::new(sql, boolean()).of(&values))
    }

    pub(super) fn in_query(&mut self, operand: &Expression, query: &Query, negated: bool) -> Outcome<Value> {
        let x = self.expression(operand)?;
        let rows = self.one_column(query)?;
        if unify(&x.field, &rows.field).is_none() && x.class() != Class::Null && rows.class() != Class::Null {
            return Err(different(&x, &rows, &query.range));
        }
        let sql = format!("({} {}IN {})", x.sql, not(negated), rows.sql);
        Ok(Value::new(sql, boolean()).of([&x, &rows]))
    }

    pub(super) fn is_null(&mut self, operand: &Expression, negated: bool) -> Outcome<Value> {
        let x = self.expression(operand)?;
        Ok(Value::new(format!("({} IS {}NULL)", x.sql, not(negated)), boolean()).of([&x]))
    }

    pub(super) fn exists(&mut self, query: &Query) -> Outcome<Value> {
        let relation = self.query(query, false)?;
        let mut value = Value::new(format!("EXISTS ({})", relation.sql), boolean());
        value.subquery = true;
        Ok(value)
    }
}

pub(super) fn different(first: &Value, second: &Value, range: &Range<usize>) -> Error {
    let name = if first.field.name.is_empty() { name_of(first.class()) } else { first.field.name.as_str() };
    let message = if name == name_of(first.class()) {
        format!("This is {}; it cannot stand together with {name}.", name_of(second.class()))
    } else {
        format!(
            "This is {}, but {name} is {}; the two cannot be compared.",
            name_of(second.class()),
            name_of(first.class())
        )
    };
    Error::new(range.clone(), message)
}

fn not(negated: bool) -> &'static str {
    if negated { "NOT " } else { "" }
}
