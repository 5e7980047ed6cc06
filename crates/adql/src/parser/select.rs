//! The query, its clauses and the set operations between them.

use super::{Failed, MAX_DEPTH, Parser, Result};
use crate::{
    Error,
    lexer::TokenKind,
    tree::{Body, CommonTable, Count, Expression, Item, Kind, OrderKey, Query, Select, SetOperator},
};

impl Parser<'_> {
    pub(super) fn query(&mut self) -> Result<Query> {
        self.deeper(Self::query_here)
    }

    fn query_here(&mut self) -> Result<Query> {
        let start = self.here().start;
        let mut with = Vec::new();
        if self.eat_word("WITH") {
            if self.at_word("RECURSIVE") && !self.word_at(1, "AS") {
                self.report(Error::new(self.here(), "ADQL has no recursive queries."));
                self.advance();
            }
            loop {
                with.push(self.common_table()?);
                if !self.eat_symbol(",") {
                    break;
                }
            }
        }
        let body = self.body()?;
        let mut order_by = Vec::new();
        if self.eat_word("ORDER") {
            match self.want_word("BY") {
                Ok(()) => order_by = self.order_keys(),
                Err(Failed) => self.skip_to_clause(),
            }
        }
        let mut offset = None;
        if self.eat_word("OFFSET") {
            offset = self.count("OFFSET").ok();
        }
        Ok(Query { with, body, order_by, offset, range: start..self.end() })
    }

    fn common_table(&mut self) -> Result<CommonTable> {
        let name = self.identifier("a name for the common table")?;
        let mut columns = Vec::new();
        let open = self.here();
        if self.eat_symbol("(") {
            loop {
                columns.push(self.identifier("a name of a column")?);
                if !self.eat_symbol(",") {
                    break;
                }
            }
            self.close(&open)?;
        }
        self.want_word("AS")?;
        let open = self.here();
        self.want_symbol("(")?;
        let (query, _) = self.measured(Self::query)?;
        self.close(&open)?;
        Ok(CommonTable { name, columns, query })
    }

    /// UNION and EXCEPT bind equally, INTERSECT more tightly.
    fn body(&mut self) -> Result<Body> {
        let mut left = self.intersection()?;
        let mut length = 0;
        loop {
            let range = self.here();
            let operator = if self.eat_word("UNION") {
                SetOperator::Union
            } else if self.eat_word("EXCEPT") {
                SetOperator::Except
            } else {
                return Ok(left);
            };
            length += 1;
            left = self.set(operator, left, range, length, Self::intersection)?;
        }
    }

    fn intersection(&mut self) -> Result<Body> {
        let mut left = self.operand()?;
        let mut length = 0;
        loop {
            let range = self.here();
            if !self.eat_word("INTERSECT") {
                return Ok(left);
            }
            length += 1;
            left = self.set(SetOperator::Intersect, left, range, length, Self::operand)?;
        }
    }

    fn set(
        &mut self,
        operator: SetOperator,
        left: Body,
        range: std::ops::Range<usize>,
        length: usize,
        right: impl FnOnce(&mut Self) -> Result<Body>,
    ) -> Result<Body> {
        // The tree of a chain leans to the left and is as tall as the chain is long.
        if self.depth + length > MAX_DEPTH {
            return Err(self.too_deep(range));
        }
        let all = self.eat_word("ALL");
        if !all {
            self.eat_word("DISTINCT");
        }
        let right = right(self)?;
        self.tallest = self.tallest.max(length);
        Ok(Body::Set { operator, all, left: Box::new(left), right: Box::new(right), range })
    }

    fn operand(&mut self) -> Result<Body> {
        if self.at_symbol("(") {
            let open = self.here();
            self.advance();
            let (query, _) = self.measured(Self::query)?;
            self.close(&open)?;
            return Ok(Body::Nested(Box::new(query)));
        }
        Ok(Body::Select(Box::new(self.select()?)))
    }

    fn select(&mut self) -> Result<Select> {
        let start = self.here().start;
        if !self.eat_word("SELECT") {
            return Err(self.not_a_query());
        }
        let mut distinct = false;
        if self.eat_word("DISTINCT") {
            distinct = true;
        } else {
            self.eat_word("ALL");
        }
        let mut top = None;
        if self.at_word("TOP") {
            self.advance();
            top = self.count("TOP").ok();
            if self.at_word("DISTINCT") || self.at_word("ALL") {
                self.report(Error::new(self.here(), "DISTINCT stands before TOP: SELECT DISTINCT TOP 10 …."));
                distinct |= self.at_word("DISTINCT");
                self.advance();
            }
        }
        let mut select = Select {
            distinct,
            top,
            items: self.items(),
            from: Vec::new(),
            filter: None,
            group_by: Vec::new(),
            having: None,
            range: start..start,
        };
        if self.eat_word("FROM") {
            select.from = self.tables();
        } else {
            self.unexpected(&["FROM", ",", "an operator"]);
            self.skip_to_clause();
            if self.eat_word("FROM") {
                select.from = self.tables();
            }
        }
        if self.eat_word("WHERE") {
            select.filter = Some(self.condition());
        }
        if self.eat_word("GROUP") {
            match self.want_word("BY") {
                Ok(()) => select.group_by = self.expressions("a column"),
                Err(Failed) => self.skip_to_clause(),
            }
        }
        if self.eat_word("HAVING") {
            select.having = Some(self.condition());
        }
        select.range.end = self.end();
        Ok(select)
    }

    fn not_a_query(&mut self) -> Failed {
        const OTHERS: [&str; 11] = [
            "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "EXPLAIN", "SHOW", "DESCRIBE", "PRAGMA", "ATTACH",
        ];
        let word = self.peek_text();
        let range = self.here();
        if OTHERS.iter().any(|other| word.eq_ignore_ascii_case(other)) {
            self.report(
                Error::new(range, format!("ADQL only asks: there is no {}.", word.to_ascii_uppercase()))
                    .expecting(["SELECT"]),
            );
            return Failed;
        }
        let close = crate::translate::closest(word, ["SELECT"].into_iter());
        if close.is_some() {
            self.report(
                Error::new(range, format!("{} was found where SELECT was expected.", self.found()))
                    .expecting(["SELECT"])
                    .suggesting(close),
            );
            return Failed;
        }
        self.unexpected(&["SELECT"])
    }

    fn items(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        loop {
            match self.item() {
                Ok(item) => {
                    items.push(item);
                    if self.eat_symbol(",") {
                        continue;
                    }
                    if self.ends_here() || self.at_symbol(";") {
                        return items;
                    }
                    self.unexpected(&["FROM", ",", "an operator"]);
                }
                Err(Failed) => items.push(Item::Expression { expression: self.missing(), alias: None }),
            }
            if !self.skip_to_comma() {
                return items;
            }
            self.advance();
        }
    }

    fn item(&mut self) -> Result<Item> {
        let start = self.here();
        if self.eat_symbol("*") {
            return Ok(Item::All { range: start });
        }
        if let Some(table) = self.star_of_table() {
            return Ok(Item::AllOf { table, range: start.start..self.end() });
        }
        if self.at_clause() && self.at_word("FROM") {
            self.report(Error::new(start, "A column or an expression is missing before FROM.").expecting([
                "a column",
                "an expression",
                "*",
            ]));
            return Err(Failed);
        }
        let expression = self.expression()?;
        let alias = self.alias()?;
        Ok(Item::Expression { expression, alias })
    }

    /// `t.*` or `schema.t.*`, if that is what follows.
    fn star_of_table(&mut self) -> Option<Vec<crate::tree::Identifier>> {
        let before = self.at;
        let mut table = Vec::new();
        while let Some(name) = self.name_ahead() {
            table.push(name);
            self.advance();
            if !self.eat_symbol(".") {
                break;
            }
            if self.eat_symbol("*") {
                return Some(table);
            }
        }
        self.at = before;
        None
    }

    /// `AS name`, `name`, or nothing.
    pub(super) fn alias(&mut self) -> Result<Option<crate::tree::Identifier>> {
        if self.eat_word("AS") {
            return self.identifier("a name").map(Some);
        }
        // LIMIT is no word of ADQL, but nobody calls a table or a column so.
        if self.name_ahead().is_some() && !(self.at_word("LIMIT") && self.kind_at(1) == Some(TokenKind::Number)) {
            return self.identifier("a name").map(Some);
        }
        Ok(None)
    }

    /// The condition of WHERE, HAVING or ON; with an error, what was read of it is left out.
    pub(super) fn condition(&mut self) -> Expression {
        match self.expression() {
            Ok(expression) => expression,
            Err(Failed) => {
                self.skip_to_clause();
                self.missing()
            }
        }
    }

    fn expressions(&mut self, what: &str) -> Vec<Expression> {
        let mut list = Vec::new();
        loop {
            if self.ends_here() {
                self.unexpected(&[what]);
                return list;
            }
            match self.expression() {
                Ok(expression) => list.push(expression),
                Err(Failed) => {
                    list.push(self.missing());
                    if !self.skip_to_comma() {
                        return list;
                    }
                }
            }
            if !self.eat_symbol(",") {
                return list;
            }
        }
    }

    fn order_keys(&mut self) -> Vec<OrderKey> {
        let mut keys = Vec::new();
        loop {
            if self.ends_here() {
                self.unexpected(&["a column", "the number of a column"]);
                return keys;
            }
            let expression = match self.expression() {
                Ok(expression) => expression,
                Err(Failed) => {
                    let more = self.skip_to_comma();
                    keys.push(OrderKey { expression: self.missing(), descending: false });
                    if !more {
                        return keys;
                    }
                    self.advance();
                    continue;
                }
            };
            let descending = self.eat_word("DESC");
            if !descending {
                self.eat_word("ASC");
            }
            keys.push(OrderKey { expression, descending });
            if !self.eat_symbol(",") {
                return keys;
            }
        }
    }

    /// The number after TOP or OFFSET.
    fn count(&mut self, after: &str) -> Result<Count> {
        let range = self.here();
        let text = self.peek_text();
        if self.kind_at(0) == Some(TokenKind::Number) {
            self.advance();
            if let Ok(value) = text.parse::<u64>()
                && i64::try_from(value).is_ok()
            {
                return Ok(Count { value, range });
            }
        }
        self.report(
            Error::new(range, format!("{after} needs a whole number of rows, such as {after} 100."))
                .expecting(["a whole number"]),
        );
        Err(Failed)
    }

    pub(super) fn missing(&self) -> Expression {
        Expression { kind: Kind::Missing, range: self.here(), height: 1 }
    }
}
