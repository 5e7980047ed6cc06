//! FROM: tables, queries in parentheses and joins.

use super::{Failed, MAX_DEPTH, Parser, Result};
use crate::{
    Error,
    tree::{JoinCondition, JoinKind, TableExpression, TableName},
};

impl Parser<'_> {
    pub(super) fn tables(&mut self) -> Vec<TableExpression> {
        let mut list = Vec::new();
        loop {
            match self.joined() {
                Ok(table) => {
                    list.push(table);
                    if self.eat_symbol(",") {
                        continue;
                    }
                    return list;
                }
                Err(Failed) => {
                    if !self.skip_to_comma() {
                        return list;
                    }
                    self.advance();
                }
            }
        }
    }

    fn joined(&mut self) -> Result<TableExpression> {
        let mut left = self.deeper(Self::primary_table)?;
        let mut length = 0;
        loop {
            let start = self.here().start;
            let Some((kind, natural)) = self.join_words()? else {
                return Ok(left);
            };
            let range = start..self.end();
            length += 1;
            if self.depth + length > MAX_DEPTH {
                return Err(self.too_deep(range));
            }
            self.tallest = self.tallest.max(length);
            let right = self.deeper(Self::primary_table)?;
            let condition = self.join_condition()?;
            match (&condition, natural, kind) {
                (Some(_), true, _) | (Some(_), _, JoinKind::Cross) => self.report(Error::new(
                    range.clone(),
                    "A NATURAL or CROSS JOIN has no condition: leave out ON or the word before JOIN.",
                )),
                (None, false, JoinKind::Cross) | (_, true, _) | (Some(_), ..) => {}
                (None, false, _) => {
                    let here = self.here();
                    self.report(
                        Error::new(here, "The condition of the join is missing: ON … or USING (…).")
                            .expecting(["ON", "USING"]),
                    );
                }
            }
            left =
                TableExpression::Join { kind, natural, left: Box::new(left), right: Box::new(right), condition, range };
        }
    }

    /// The words up to and with JOIN, if a join follows.
    fn join_words(&mut self) -> Result<Option<(JoinKind, bool)>> {
        let before = self.at;
        let natural = self.eat_word("NATURAL");
        let kind = if self.eat_word("INNER") {
            JoinKind::Inner
        } else if self.eat_word("CROSS") {
            JoinKind::Cross
        } else {
            let outer = [("LEFT", JoinKind::Left), ("RIGHT", JoinKind::Right), ("FULL", JoinKind::Full)]
                .into_iter()
                .find(|(word, _)| self.eat_word(word));
            match outer {
                Some((_, kind)) => {
                    self.eat_word("OUTER");
                    kind
                }
                None => JoinKind::Inner,
            }
        };
        if self.at == before && !self.at_word("JOIN") {
            return Ok(None);
        }
        self.want_word("JOIN")?;
        Ok(Some((kind, natural)))
    }

    fn join_condition(&mut self) -> Result<Option<JoinCondition>> {
        if self.eat_word("ON") {
            return Ok(Some(JoinCondition::On(self.expression()?)));
        }
        if !self.eat_word("USING") {
            return Ok(None);
        }
        let open = self.here();
        self.want_symbol("(")?;
        let mut columns = Vec::new();
        loop {
            columns.push(self.identifier("a column of both tables")?);
            if !self.eat_symbol(",") {
                break;
            }
        }
        self.close(&open)?;
        Ok(Some(JoinCondition::Using(columns)))
    }

    fn primary_table(&mut self) -> Result<TableExpression> {
        let start = self.here();
        if !self.at_symbol("(") {
            let name = self.table_name()?;
            let alias = self.alias()?;
            return Ok(TableExpression::Table { name, alias });
        }
        self.advance();
        if !self.at_query() && !self.nested_query() {
            let table = self.joined()?;
            self.close(&start)?;
            return Ok(table);
        }
        let (query, _) = self.measured(Self::query)?;
        self.close(&start)?;
        let range = start.start..self.end();
        let alias = self.alias()?;
        if alias.is_none() {
            self.report(
                Error::new(range.clone(), "A query in FROM needs a name: (SELECT …) AS name.").expecting(["AS"]),
            );
        }
        Ok(TableExpression::Query { query: Box::new(query), alias, range })
    }

    /// After a parenthesis: do only parentheses stand before a query, as in `((SELECT …) UNION …)`?
    ///
    /// `((SELECT …) AS a JOIN …)` begins alike, so the parenthesis that closes the inner query decides.
    fn nested_query(&self) -> bool {
        let mut ahead = 0;
        while self.text_at(ahead) == "(" {
            ahead += 1;
        }
        if ahead == 0 || !(self.word_at(ahead, "SELECT") || self.word_at(ahead, "WITH")) {
            return false;
        }
        let mut open = 0usize;
        for at in 0.. {
            match self.text_at(at) {
                "" => return false,
                "(" => open += 1,
                ")" => open -= 1,
                _ => continue,
            }
            if open == 0 {
                let set = ["UNION", "EXCEPT", "INTERSECT", "ORDER", "OFFSET"];
                return self.text_at(at + 1) == ")" || set.iter().any(|word| self.word_at(at + 1, word));
            }
        }
        false
    }

    fn table_name(&mut self) -> Result<TableName> {
        let start = self.here().start;
        let mut parts = vec![self.identifier("the name of a table")?];
        while self.eat_symbol(".") {
            parts.push(self.identifier("the name of a table")?);
        }
        let range = start..self.end();
        if self.at_symbol("(") {
            let here = self.here();
            self.report(Error::new(here, "A function cannot stand in FROM."));
            return Err(Failed);
        }
        if parts.len() > 3 {
            self.report(Error::new(range, "The name of a table has at most three parts: catalog.schema.table."));
            return Err(Failed);
        }
        let name = parts.pop().ok_or(Failed)?;
        let schema = parts.pop();
        let catalog = parts.pop();
        Ok(TableName { catalog, schema, name, range })
    }
}
