//! Values and conditions, by the strength with which operators bind.
//!
//! From weak to strong: OR, AND, NOT, predicates, `||` and bits, `+ -`, `* /`, signs. Bits bind as in PostgreSQL, on
//! which the archive runs; the standard leaves their place open.

use super::{Failed, Parser, Result};
use crate::{
    Error,
    lexer::TokenKind,
    tree::{BinaryOperator, Call, CastKind, CastType, Comparison, Expression, Identifier, Kind, UnaryOperator},
};

impl Parser<'_> {
    /// A value or a condition.
    pub(super) fn expression(&mut self) -> Result<Expression> {
        self.deeper(|parser| parser.chain("OR", Kind::Or, |parser| parser.chain("AND", Kind::And, Self::negation)))
    }

    /// `a OR b OR c` as one node, so that long lists of conditions stay flat.
    fn chain(
        &mut self,
        word: &str,
        kind: fn(Vec<Expression>) -> Kind,
        operand: impl Fn(&mut Self) -> Result<Expression>,
    ) -> Result<Expression> {
        let first = operand(self)?;
        if !self.at_word(word) {
            return Ok(first);
        }
        let mut list = vec![first];
        while self.eat_word(word) {
            list.push(operand(self)?);
        }
        let range = list[0].range.start..self.end();
        let below = list.iter().map(|expression| expression.height).max().unwrap_or(0);
        self.build(kind(list), range, below)
    }

    fn negation(&mut self) -> Result<Expression> {
        let start = self.here().start;
        if !self.eat_word("NOT") {
            return self.predicate();
        }
        let operand = self.deeper(Self::negation)?;
        let (range, below) = (start..operand.range.end, operand.height);
        self.build(Kind::Not(Box::new(operand)), range, below)
    }

    fn predicate(&mut self) -> Result<Expression> {
        let mut left = self.value(0)?;
        let mut compared = false;
        loop {
            let start = left.range.start;
            let below = left.height;
            if let Some(operator) = self.comparison() {
                if compared {
                    self.report(Error::new(self.here(), "Comparisons cannot be chained: write a < b AND b < c."));
                    return Err(Failed);
                }
                self.advance();
                if self.at_word("ANY") || self.at_word("ALL") || self.at_word("SOME") {
                    self.report(Error::new(
                        self.here(),
                        "ADQL has no ANY, SOME or ALL comparison; use IN, EXISTS or MAX.",
                    ));
                    return Err(Failed);
                }
                let right = self.value(0)?;
                let (range, below) = (start..right.range.end, below.max(right.height));
                let kind = Kind::Comparison { operator, left: Box::new(left), right: Box::new(right) };
                left = self.build(kind, range, below)?;
                compared = true;
                continue;
            }
            let negated =
                self.at_word("NOT") && ["BETWEEN", "LIKE", "ILIKE", "IN"].iter().any(|word| self.word_at(1, word));
            if negated {
                self.advance();
            }
            if self.eat_word("IS") {
                let negated = self.eat_word("NOT");
                if !self.eat_word("NULL") {
                    return Err(self.unexpected(&["NULL", "NOT NULL"]));
                }
                let range = start..self.end();
                left = self.build(Kind::IsNull { operand: Box::new(left), negated }, range, below)?;
            } else if self.eat_word("BETWEEN") {
                let low = self.value(0)?;
                self.want_word("AND")?;
                let high = self.value(0)?;
                let (range, below) = (start..high.range.end, below.max(low.height).max(high.height));
                let kind = Kind::Between { operand: Box::new(left), low: Box::new(low), high: Box::new(high), negated };
                left = self.build(kind, range, below)?;
            } else if self.at_word("LIKE") || self.at_word("ILIKE") {
                let any_case = self.at_word("ILIKE");
                self.advance();
                let pattern = self.value(0)?;
                let (range, below) = (start..pattern.range.end, below.max(pattern.height));
                let kind = Kind::Like { operand: Box::new(left), pattern: Box::new(pattern), any_case, negated };
                left = self.build(kind, range, below)?;
            } else if self.eat_word("IN") {
                left = self.membership(left, negated)?;
            } else {
                return Ok(left);
            }
        }
    }

    fn comparison(&mut self) -> Option<Comparison> {
        if self.kind_at(0) != Some(TokenKind::Operator) {
            return None;
        }
        Some(match self.peek_text() {
            "=" => Comparison::Equal,
            "==" => {
                let here = self.here();
                self.report(Error::new(here, "Equality is a single = in ADQL.").expecting(["="]));
                Comparison::Equal
            }
            "<>" | "!=" => Comparison::Unequal,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::Greater,
            ">=" => Comparison::GreaterOrEqual,
            _ => return None,
        })
    }

    fn membership(&mut self, operand: Expression, negated: bool) -> Result<Expression> {
        let start = operand.range.start;
        let below = operand.height;
        let open = self.here();
        self.want_symbol("(")?;
        if self.at_query() {
            let (query, height) = self.measured(Self::query)?;
            self.close(&open)?;
            let range = start..self.end();
            let kind = Kind::InQuery { operand: Box::new(operand), query: Box::new(query), negated };
            return self.build(kind, range, below.max(height));
        }
        let list = self.arguments(&open)?;
        if list.is_empty() {
            self.report(Error::new(open.start..self.end(), "The list of IN is empty.").expecting(["a value"]));
        }
        let range = start..self.end();
        let below = list.iter().map(|expression| expression.height).fold(below, usize::max);
        self.build(Kind::InList { operand: Box::new(operand), list, negated }, range, below)
    }

    /// A value whose operators bind more strongly than `minimum`.
    fn value(&mut self, minimum: u8) -> Result<Expression> {
        let mut left = self.sign()?;
        while let Some((operator, strength)) = self.operator() {
            if strength <= minimum {
                break;
            }
            self.advance();
            let right = self.deeper(|parser| parser.value(strength))?;
            let range = left.range.start..right.range.end;
            let below = left.height.max(right.height);
            left = self.build(Kind::Binary { operator, left: Box::new(left), right: Box::new(right) }, range, below)?;
        }
        Ok(left)
    }

    fn operator(&self) -> Option<(BinaryOperator, u8)> {
        if self.kind_at(0) != Some(TokenKind::Operator) {
            return None;
        }
        Some(match self.peek_text() {
            "||" => (BinaryOperator::Concatenate, 1),
            "&" => (BinaryOperator::BitAnd, 1),
            "|" => (BinaryOperator::BitOr, 1),
            "^" => (BinaryOperator::BitXor, 1),
            "+" => (BinaryOperator::Add, 2),
            "-" => (BinaryOperator::Subtract, 2),
            "*" => (BinaryOperator::Multiply, 3),
            "/" => (BinaryOperator::Divide, 3),
            "%" => (BinaryOperator::Remainder, 3),
            _ => return None,
        })
    }

    fn sign(&mut self) -> Result<Expression> {
        let start = self.here().start;
        let operator = match self.peek_text() {
            "-" => UnaryOperator::Minus,
            "+" => UnaryOperator::Plus,
            "~" => UnaryOperator::BitNot,
            _ => return self.primary(),
        };
        self.advance();
        let operand = self.deeper(Self::sign)?;
        let (range, below) = (start..operand.range.end, operand.height);
        self.build(Kind::Unary { operator, operand: Box::new(operand) }, range, below)
    }

    fn primary(&mut self) -> Result<Expression> {
        let Some(token) = self.peek() else {
            return Err(self.unexpected(&["a value"]));
        };
        let range = token.range.clone();
        let text = token.text(self.text);
        match token.kind {
            TokenKind::Number => {
                self.advance();
                self.build(Kind::Number(text.to_owned()), range, 0)
            }
            TokenKind::String => {
                let mut value = String::new();
                // Strings that follow each other are one string (SQL-92, section 5.3).
                while self.kind_at(0) == Some(TokenKind::String) {
                    let text = self.peek_text();
                    value.push_str(&text[1..text.len() - 1].replace("''", "'"));
                    self.advance();
                }
                let range = range.start..self.end();
                self.build(Kind::String(value), range, 0)
            }
            TokenKind::Error => {
                self.advance();
                Ok(Expression { kind: Kind::Missing, range, height: 1 })
            }
            TokenKind::Operator if text == "(" => self.parenthesis(),
            TokenKind::Keyword => self.word(text),
            TokenKind::Identifier | TokenKind::Function | TokenKind::Delimited => self.name(),
            _ => Err(self.unexpected(&["a value"])),
        }
    }

    fn parenthesis(&mut self) -> Result<Expression> {
        let open = self.here();
        self.advance();
        if self.at_query() {
            let (query, height) = self.measured(Self::query)?;
            self.close(&open)?;
            let range = open.start..self.end();
            return self.build(Kind::Scalar(Box::new(query)), range, height);
        }
        let mut inner = self.expression()?;
        self.close(&open)?;
        inner.range = open.start..self.end();
        Ok(inner)
    }

    /// A word of the grammar where a value begins.
    fn word(&mut self, text: &str) -> Result<Expression> {
        let range = self.here();
        match text.to_ascii_uppercase().as_str() {
            "NULL" => {
                self.advance();
                self.build(Kind::Null, range, 0)
            }
            word @ ("TRUE" | "FALSE") => {
                self.advance();
                self.build(Kind::Boolean(word == "TRUE"), range, 0)
            }
            "EXISTS" => {
                self.advance();
                let open = self.here();
                self.want_symbol("(")?;
                let (query, height) = self.measured(Self::query)?;
                self.close(&open)?;
                let range = range.start..self.end();
                self.build(Kind::Exists(Box::new(query)), range, height)
            }
            "CASE" => self.case(),
            "SELECT" => {
                self.report(Error::new(range, "A query within an expression stands in parentheses.").expecting(["("]));
                Err(Failed)
            }
            _ if self.ends_here() => Err(self.unexpected(&["a value"])),
            _ => self.identifier("a value").map(|_| self.missing()),
        }
    }

    fn case(&mut self) -> Result<Expression> {
        let start = self.here().start;
        self.advance();
        let operand = if self.at_word("WHEN") { None } else { Some(Box::new(self.expression()?)) };
        let mut branches = Vec::new();
        while self.eat_word("WHEN") {
            let condition = self.expression()?;
            self.want_word("THEN")?;
            branches.push((condition, self.expression()?));
        }
        if branches.is_empty() {
            return Err(self.unexpected(&["WHEN"]));
        }
        let otherwise = if self.eat_word("ELSE") { Some(Box::new(self.expression()?)) } else { None };
        if !self.eat_word("END") {
            return Err(self.unexpected(&["WHEN", "ELSE", "END"]));
        }
        let below = branches
            .iter()
            .flat_map(|(condition, value)| [condition.height, value.height])
            .chain(operand.iter().chain(&otherwise).map(|expression| expression.height))
            .max()
            .unwrap_or(0);
        let range = start..self.end();
        self.build(Kind::Case { operand, branches, otherwise }, range, below)
    }

    /// A column, or the call of a function.
    fn name(&mut self) -> Result<Expression> {
        let start = self.here().start;
        if self.at_word("CAST") && self.text_at(1) == "(" {
            return self.cast();
        }
        let mut parts = Vec::new();
        loop {
            // The name of a function may be reserved; that of a column draws a warning.
            match self.name_ahead() {
                Some(name) if self.text_at(1) == "(" => {
                    self.advance();
                    parts.push(name);
                }
                _ => parts.push(self.identifier("the name of a column")?),
            }
            if !self.eat_symbol(".") {
                break;
            }
        }
        if self.at_symbol("(") {
            return self.call(start, parts);
        }
        let range = start..self.end();
        if parts.len() > 4 {
            self.report(Error::new(range, "The name of a column has at most four parts: catalog.schema.table.column."));
            return Err(Failed);
        }
        self.build(Kind::Column(parts), range, 0)
    }

    fn call(&mut self, start: usize, name: Vec<Identifier>) -> Result<Expression> {
        let open = self.here();
        self.advance();
        let mut call = Call { name, distinct: false, star: false, arguments: Vec::new() };
        if self.eat_symbol("*") {
            call.star = true;
            self.close(&open)?;
        } else {
            call.distinct = self.eat_word("DISTINCT");
            if !call.distinct && self.at_word("ALL") {
                self.advance();
            }
            call.arguments = self.arguments(&open)?;
        }
        let range = start..self.end();
        let below = call.arguments.iter().map(|argument| argument.height).max().unwrap_or(0);
        self.build(Kind::Call(call), range, below)
    }

    /// Expressions up to the closing parenthesis, which is taken too; the opening one has been.
    ///
    /// An argument that cannot be read is reported and replaced, and the next one is read.
    fn arguments(&mut self, open: &std::ops::Range<usize>) -> Result<Vec<Expression>> {
        let mut list = Vec::new();
        if self.eat_symbol(")") {
            return Ok(list);
        }
        loop {
            match self.expression() {
                Ok(expression) => list.push(expression),
                Err(Failed) => {
                    list.push(self.missing());
                    if !self.skip_to_comma() && !self.at_symbol(")") {
                        return Err(Failed);
                    }
                }
            }
            if self.eat_symbol(",") {
                continue;
            }
            self.close(open)?;
            return Ok(list);
        }
    }

    fn cast(&mut self) -> Result<Expression> {
        let start = self.here().start;
        self.advance();
        let open = self.here();
        self.advance();
        let operand = self.expression()?;
        if !self.eat_word("AS") {
            return Err(self.unexpected(&["AS", "an operator"]));
        }
        let target = self.cast_type()?;
        self.close(&open)?;
        let (range, below) = (start..self.end(), operand.height);
        self.build(Kind::Cast { operand: Box::new(operand), target }, range, below)
    }

    fn cast_type(&mut self) -> Result<CastType> {
        const TYPES: [&str; 10] = [
            "CHAR",
            "VARCHAR",
            "SMALLINT",
            "INTEGER",
            "BIGINT",
            "REAL",
            "FLOAT",
            "DOUBLE PRECISION",
            "TIMESTAMP",
            "BOOLEAN",
        ];
        let range = self.here();
        let word = self.peek_text().to_ascii_uppercase();
        let kind = match word.as_str() {
            "CHAR" | "CHARACTER" => CastKind::Char,
            "VARCHAR" | "TEXT" => CastKind::Varchar,
            "SMALLINT" => CastKind::Smallint,
            "INTEGER" | "INT" => CastKind::Integer,
            "BIGINT" => CastKind::Bigint,
            "REAL" => CastKind::Real,
            "FLOAT" | "DOUBLE" => CastKind::Double,
            "BOOLEAN" => CastKind::Boolean,
            "TIMESTAMP" => CastKind::Timestamp,
            _ => {
                let message = format!("{} is not a type to which ADQL can cast.", self.found());
                self.report(Error::new(range, message).expecting(TYPES));
                return Err(Failed);
            }
        };
        self.advance();
        if word == "DOUBLE" {
            self.eat_word("PRECISION");
        }
        let mut length = None;
        if matches!(kind, CastKind::Char | CastKind::Varchar) && self.eat_symbol("(") {
            let here = self.here();
            length = self.peek_text().parse().ok().filter(|&length| length > 0);
            if length.is_none() {
                self.report(Error::new(here, "The length of a text is a whole number.").expecting(["a whole number"]));
                return Err(Failed);
            }
            self.advance();
            self.want_symbol(")")?;
        }
        Ok(CastType { kind, length, range: range.start..self.end() })
    }
}
