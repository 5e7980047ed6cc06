//! Values and conditions, with their types.

use std::ops::Range;

use table::{Datatype, Field};

use super::{
    Outcome, Translator,
    literal::{is_number, null, number, text_literal, truth_value},
    value::{Class, Literal, NULL_XTYPE, Question, Value, name_of, rank, unify},
};
use crate::{
    Error,
    tree::{BinaryOperator, CastKind, CastType, Comparison, Expression, Kind, Query, UnaryOperator},
};

impl Translator<'_> {
    /// The condition of WHERE or ON, with what indexes can answer of it added.
    pub(super) fn condition(&mut self, expression: &Expression, clause: &str) -> Outcome<Value> {
        let value = self.filtered(expression, false)?;
        if let Some(range) = &value.aggregate {
            let message = format!("An aggregate cannot stand in {clause}; conditions on groups stand in HAVING.");
            return Err(Error::new(range.clone(), message).expecting(["HAVING"]));
        }
        Ok(value)
    }

    /// A condition below AND and OR only: what it implies may be added to it.
    fn filtered(&mut self, expression: &Expression, within_or: bool) -> Outcome<Value> {
        let (list, word) = match &expression.kind {
            Kind::And(list) => (list, "AND"),
            Kind::Or(list) => (list, "OR"),
            _ => {
                let mut value = self.truth(expression)?;
                // Within OR the rows may come from elsewhere, and then a lookup for each of them would cost more than it saves.
                if let Some(prefilter) = value.prefilter.take().filter(|prefilter| prefilter.once || !within_or) {
                    value.sql = format!("({} AND {})", prefilter.sql, value.sql);
                }
                return Ok(value);
            }
        };
        let values =
            list.iter().map(|part| self.filtered(part, within_or || word == "OR")).collect::<Outcome<Vec<_>>>()?;
        Ok(junction(&values, word))
    }

    /// An expression that is true or false.
    pub(super) fn truth(&mut self, expression: &Expression) -> Outcome<Value> {
        let value = self.expression(expression)?;
        match value.class() {
            Class::Boolean | Class::Null => Ok(value),
            class => {
                let hint = match &value.relation {
                    Some(question) if matches!(**question, Question::Within { .. }) => {
                        " Compare the function with 1: 1 = CONTAINS(…)."
                    }
                    _ => "",
                };
                let message = format!("A condition is needed here, but this is {}.{hint}", name_of(class));
                Err(Error::new(expression.range.clone(), message).expecting(["a condition"]))
            }
        }
    }

    /// Any expression.
    pub(super) fn expression(&mut self, expression: &Expression) -> Outcome<Value> {
        self.steps += 1;
        if self.steps > super::MAX_STEPS {
            return Err(Error::new(expression.range.clone(), "The query is too large."));
        }
        let mut value = self.kind(expression)?;
        if value.sql.len() > super::MAX_SQL {
            return Err(Error::new(expression.range.clone(), "This expression is too large."));
        }
        // What equals a key of GROUP BY has one value in each group.
        if value.ungrouped.is_some() && self.scopes.last().is_some_and(|scope| scope.groups.contains(&value.sql)) {
            value.ungrouped = None;
        }
        Ok(value)
    }

    fn kind(&mut self, expression: &Expression) -> Outcome<Value> {
        let range = &expression.range;
        match &expression.kind {
            Kind::Missing => Err(Error::new(range.clone(), "The query is incomplete here.")),
            Kind::Column(parts) => self.column(parts, range),
            Kind::Number(text) => Ok(number(text)),
            Kind::String(text) => Ok(text_literal(text)),
            Kind::Boolean(value) => Ok(Value::new(if *value { "1" } else { "0" }, boolean())),
            Kind::Null => Ok(null()),
            Kind::Unary { operator, operand } => self.unary(*operator, operand),
            Kind::Binary { operator: BinaryOperator::Concatenate, left, right } => self.concatenation(left, right),
            Kind::Binary { operator, left, right } => self.binary(*operator, left, right),
            Kind::And(list) => self.junction(list, "AND"),
            Kind::Or(list) => self.junction(list, "OR"),
            Kind::Not(operand) => self.negation(operand),
            Kind::Comparison { operator, left, right } => self.comparison(*operator, left, right),
            Kind::Between { operand, low, high, negated } => self.between([operand, low, high], *negated),
            Kind::Like { operand, pattern, any_case, negated } => self.like(operand, pattern, *any_case, *negated),
            Kind::InList { operand, list, negated } => self.in_list(operand, list, *negated),
            Kind::InQuery { operand, query, negated } => self.in_query(operand, query, *negated),
            Kind::IsNull { operand, negated } => self.is_null(operand, *negated),
            Kind::Exists(query) => self.exists(query),
            Kind::Scalar(query) => self.one_column(query),
            Kind::Case { operand, branches, otherwise } => {
                self.case(operand.as_deref(), branches, otherwise.as_deref())
            }
            Kind::Cast { operand, target } => self.cast(operand, target),
            Kind::Call(call) => self.call(call, range),
        }
    }

    fn junction(&mut self, list: &[Expression], word: &str) -> Outcome<Value> {
        let values = list.iter().map(|part| self.truth(part)).collect::<Outcome<Vec<_>>>()?;
        Ok(junction(&values, word))
    }

    fn negation(&mut self, operand: &Expression) -> Outcome<Value> {
        let value = self.truth(operand)?;
        Ok(Value::new(format!("(NOT {})", value.sql), boolean()).of([&value]))
    }

    fn between(&mut self, operands: [&Expression; 3], negated: bool) -> Outcome<Value> {
        let values = self.alike(&operands)?;
        let sql = format!("({} {}BETWEEN {} AND {})", values[0].sql, not(negated), values[1].sql, values[2].sql);
        Ok(Value::new(sql, boolean()).of(&values))
    }

    fn like(&mut self, operand: &Expression, pattern: &Expression, any_case: bool, negated: bool) -> Outcome<Value> {
        let x = self.text(operand)?;
        let pattern = self.text(pattern)?;
        let function = if any_case { "adql_ilike" } else { "adql_like" };
        let sql = format!("({}{function}({}, {}))", not(negated), x.sql, pattern.sql);
        Ok(Value::new(sql, boolean()).of([&x, &pattern]))
    }

    fn in_list(&mut self, operand: &Expression, list: &[Expression], negated: bool) -> Outcome<Value> {
        let all: Vec<&Expression> = std::iter::once(operand).chain(list).collect();
        let values = self.alike(&all)?;
        let sql: Vec<&str> = values[1..].iter().map(|value| value.sql.as_str()).collect();
        let sql = format!("({} {}IN ({}))", values[0].sql, not(negated), sql.join(", "));
        Ok(Value::new(sql, boolean()).of(&values))
    }

    fn in_query(&mut self, operand: &Expression, query: &Query, negated: bool) -> Outcome<Value> {
        let x = self.expression(operand)?;
        let rows = self.one_column(query)?;
        if unify(&x.field, &rows.field).is_none() && x.class() != Class::Null && rows.class() != Class::Null {
            return Err(different(&x, &rows, &query.range));
        }
        let sql = format!("({} {}IN {})", x.sql, not(negated), rows.sql);
        Ok(Value::new(sql, boolean()).of([&x, &rows]))
    }

    fn is_null(&mut self, operand: &Expression, negated: bool) -> Outcome<Value> {
        let x = self.expression(operand)?;
        Ok(Value::new(format!("({} IS {}NULL)", x.sql, not(negated)), boolean()).of([&x]))
    }

    fn exists(&mut self, query: &Query) -> Outcome<Value> {
        let relation = self.query(query, false)?;
        let mut value = Value::new(format!("EXISTS ({})", relation.sql), boolean());
        value.subquery = true;
        Ok(value)
    }

    fn concatenation(&mut self, left: &Expression, right: &Expression) -> Outcome<Value> {
        let values = [self.as_text(left)?, self.as_text(right)?];
        let sql = format!("({} || {})", values[0].sql, values[1].sql);
        Ok(Value::new(sql, Field::new("", Datatype::Char)).of(&values))
    }

    /// A query whose rows are single values.
    fn one_column(&mut self, query: &Query) -> Outcome<Value> {
        let mut relation = self.query(query, false)?;
        let (Some(column), true) = (relation.columns.pop(), relation.columns.is_empty()) else {
            let message = "A query within an expression must have exactly one column.";
            return Err(Error::new(query.range.clone(), message));
        };
        let mut value = Value::new(format!("({})", relation.sql), column.field);
        if value.field.xtype.as_deref() == Some(NULL_XTYPE) {
            value.literal = Some(Literal::Null);
        }
        value.subquery = true;
        Ok(value)
    }

    fn unary(&mut self, operator: UnaryOperator, operand: &Expression) -> Outcome<Value> {
        let x = self.numeric(operand)?;
        let symbol = match operator {
            UnaryOperator::Plus => return Ok(x),
            UnaryOperator::Minus => "-",
            UnaryOperator::BitNot => "~",
        };
        if operator == UnaryOperator::BitNot && x.class() == Class::Float {
            return Err(Error::new(operand.range.clone(), "Bits need a whole number."));
        }
        let mut value = Value::new(format!("({symbol}{})", x.sql), derived(&x.field, x.field.datatype)).of([&x]);
        if let (UnaryOperator::Minus, Some(number)) = (operator, x.number()) {
            value.literal = Some(Literal::Number(-number));
        }
        value.field.ucd = None;
        value.field.unit = x.field.unit.clone();
        Ok(value)
    }

    fn binary(&mut self, operator: BinaryOperator, left: &Expression, right: &Expression) -> Outcome<Value> {
        let (a, b) = (self.numeric(left)?, self.numeric(right)?);
        let integers = a.class() == Class::Integer && b.class() == Class::Integer;
        let bits = matches!(operator, BinaryOperator::BitAnd | BinaryOperator::BitOr | BinaryOperator::BitXor);
        if bits {
            for (value, place) in [(&a, left), (&b, right)] {
                if value.class() == Class::Float {
                    return Err(Error::new(place.range.clone(), "Bits need a whole number."));
                }
            }
        }
        let sql = match operator {
            BinaryOperator::Add => format!("({} + {})", a.sql, b.sql),
            BinaryOperator::Subtract => format!("({} - {})", a.sql, b.sql),
            BinaryOperator::Multiply => format!("({} * {})", a.sql, b.sql),
            BinaryOperator::Divide => format!("({} / {})", a.sql, b.sql),
            BinaryOperator::Remainder => format!("adql_mod({}, {})", a.sql, b.sql),
            BinaryOperator::BitAnd => format!("({} & {})", a.sql, b.sql),
            BinaryOperator::BitOr => format!("({} | {})", a.sql, b.sql),
            BinaryOperator::BitXor => format!("adql_xor({}, {})", a.sql, b.sql),
            BinaryOperator::Concatenate => String::new(),
        };
        let datatype = if integers {
            match operator {
                // SQLite calculates in 64 bits and so can exceed the type of the operands.
                BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Multiply => Datatype::Long,
                _ => rank(a.field.datatype, b.field.datatype),
            }
        } else if a.field.datatype == Datatype::Float && b.field.datatype == Datatype::Float {
            Datatype::Float
        } else {
            Datatype::Double
        };
        let mut field = Field::new("", datatype);
        if matches!(operator, BinaryOperator::Add | BinaryOperator::Subtract) {
            field.unit = match (&a.literal, &b.literal) {
                (_, Some(_)) => a.field.unit.clone(),
                (Some(_), _) => b.field.unit.clone(),
                _ if a.field.unit == b.field.unit => a.field.unit.clone(),
                _ => None,
            };
        }
        let mut value = Value::new(sql, field).of([&a, &b]);
        value.relation = scaled(operator, &a, &b);
        Ok(value)
    }

    fn comparison(&mut self, operator: Comparison, left: &Expression, right: &Expression) -> Outcome<Value> {
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
    fn alike(&mut self, expressions: &[&Expression]) -> Outcome<Vec<Value>> {
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

    /// An expression that is a number.
    pub(super) fn numeric(&mut self, expression: &Expression) -> Outcome<Value> {
        let value = self.expression(expression)?;
        Self::as_number(value, expression)
    }

    /// The translation of `expression` as a number.
    pub(super) fn as_number(value: Value, expression: &Expression) -> Outcome<Value> {
        if value.is_number() {
            return Ok(value);
        }
        if let Some(text) = value.text().map(str::trim)
            && is_number(text)
        {
            return Ok(number(text));
        }
        let message = format!("A number is needed here, but this is {}.", name_of(value.class()));
        Err(Error::new(expression.range.clone(), message).expecting(["a number"]))
    }

    /// An expression that is text.
    pub(super) fn text(&mut self, expression: &Expression) -> Outcome<Value> {
        let value = self.expression(expression)?;
        if matches!(value.class(), Class::Text | Class::Null) {
            return Ok(value);
        }
        let message = format!("Text is needed here, but this is {}.", name_of(value.class()));
        Err(Error::new(expression.range.clone(), message).expecting(["text", "CAST(… AS VARCHAR)"]))
    }

    /// An expression as text, whatever it is.
    fn as_text(&mut self, expression: &Expression) -> Outcome<Value> {
        let mut value = self.expression(expression)?;
        match value.class() {
            Class::Text | Class::Null => {}
            Class::Boolean => value.sql = format!("iif({}, 'true', 'false')", value.sql),
            _ => value.sql = format!("adql_text({})", value.sql),
        }
        Ok(value)
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

    fn case(
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

    fn cast(&mut self, operand: &Expression, target: &CastType) -> Outcome<Value> {
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
}

/// Conditions joined by AND or OR, as a balanced tree: SQLite bounds the depth of expressions.
fn junction(values: &[Value], word: &str) -> Value {
    fn tree(values: &[Value], word: &str) -> String {
        match values {
            [] => "1".to_owned(),
            [one] => one.sql.clone(),
            _ => {
                let (left, right) = values.split_at(values.len() / 2);
                format!("({} {word} {})", tree(left, word), tree(right, word))
            }
        }
    }
    Value::new(tree(values, word), boolean()).of(values)
}

/// A distance times or by a positive number is still one that an index can answer.
fn scaled(operator: BinaryOperator, a: &Value, b: &Value) -> Option<Box<Question>> {
    let (question, factor) = match (operator, a.number(), b.number()) {
        (BinaryOperator::Multiply, None, Some(factor)) => (&a.relation, factor),
        (BinaryOperator::Multiply, Some(factor), None) => (&b.relation, factor),
        (BinaryOperator::Divide, None, Some(factor)) => (&a.relation, 1.0 / factor),
        _ => return None,
    };
    rescaled(question.as_deref(), factor)
}

/// The same distance in other units.
pub(super) fn rescaled(question: Option<&Question>, factor: f64) -> Option<Box<Question>> {
    match question {
        Some(Question::Distance { first, second, scale }) if factor > 0.0 && factor.is_finite() => {
            Some(Box::new(Question::Distance { first: first.clone(), second: second.clone(), scale: scale * factor }))
        }
        _ => None,
    }
}

fn not(negated: bool) -> &'static str {
    if negated { "NOT " } else { "" }
}

pub(super) fn boolean() -> Field {
    Field::new("", Datatype::Boolean)
}

/// A field of another type that keeps unit and UCD.
pub(super) fn derived(from: &Field, datatype: Datatype) -> Field {
    Field { unit: from.unit.clone(), ucd: from.ucd.clone(), ..Field::new("", datatype) }
}

fn different(first: &Value, second: &Value, range: &Range<usize>) -> Error {
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

pub(super) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
