//! Values and conditions, with their types.

use table::{Datatype, Field};

use super::{
    Outcome, Translator,
    literal::{is_number, null, number, text_literal},
    value::{Class, Literal, NULL_XTYPE, Question, Value, name_of, rank},
};
use crate::{
    Error,
    tree::{BinaryOperator, Expression, Kind, Query, UnaryOperator},
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

    fn concatenation(&mut self, left: &Expression, right: &Expression) -> Outcome<Value> {
        let values = [self.as_text(left)?, self.as_text(right)?];
        let sql = format!("({} || {})", values[0].sql, values[1].sql);
        Ok(Value::new(sql, Field::new("", Datatype::Char)).of(&values))
    }

    /// A query whose rows are single values.
    pub(super) fn one_column(&mut self, query: &Query) -> Outcome<Value> {
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

pub(super) fn boolean() -> Field {
    Field::new("", Datatype::Boolean)
}

/// A field of another type that keeps unit and UCD.
pub(super) fn derived(from: &Field, datatype: Datatype) -> Field {
    Field { unit: from.unit.clone(), ucd: from.ucd.clone(), ..Field::new("", datatype) }
}

pub(super) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
