//! FROM: tables, subqueries and joins.

use std::{collections::BTreeSet, rc::Rc, sync::Arc};

use super::{
    ColumnInfo, Outcome, TableInfo, Translator, closest, quote_name,
    scope::{Bound, Scope, Visible},
    value::{Class, Output, class, unify},
};
use crate::{
    Error,
    tree::{Identifier, JoinCondition, JoinKind, TableExpression, TableName},
};

/// A part of FROM that was translated.
pub(super) struct Source {
    pub sql: String,
    pub tables: Vec<Rc<Bound>>,
    pub columns: Vec<Rc<Visible>>,
}

impl Translator<'_> {
    /// The whole of FROM.
    pub(super) fn from(&mut self, list: &[TableExpression]) -> Outcome<Source> {
        let mut whole: Option<Source> = None;
        for expression in list {
            let source = self.source(expression)?;
            whole = Some(match whole {
                None => source,
                Some(mut left) => {
                    Self::distinct_names(&left, &source)?;
                    // A join without condition; the parentheses keep outer joins of one item apart from the others.
                    left.sql = format!("{} JOIN {}", left.sql, enclosed(&source, expression));
                    left.tables.extend(source.tables);
                    left.columns.extend(source.columns);
                    left
                }
            });
        }
        Ok(whole.unwrap_or(Source { sql: String::new(), tables: Vec::new(), columns: Vec::new() }))
    }

    fn source(&mut self, expression: &TableExpression) -> Outcome<Source> {
        match expression {
            TableExpression::Table { name, alias } => self.named(name, alias.as_ref()),
            TableExpression::Query { query, alias, .. } => {
                let relation = self.query(query, false)?;
                let sql = format!("({})", relation.sql);
                Ok(self.derived(&sql, &relation.columns, alias.clone(), None))
            }
            TableExpression::Join { kind, natural, left, right, condition, range } => {
                let left = self.source(left)?;
                let second = self.source(right)?;
                Self::distinct_names(&left, &second)?;
                let right = Source { sql: enclosed(&second, right), ..second };
                let shared = match condition {
                    Some(JoinCondition::Using(columns)) => columns.clone(),
                    _ if *natural => common_names(&left, &right, range),
                    _ => Vec::new(),
                };
                let word = match kind {
                    JoinKind::Inner | JoinKind::Cross => "JOIN",
                    JoinKind::Left => "LEFT JOIN",
                    JoinKind::Right => "RIGHT JOIN",
                    JoinKind::Full => "FULL JOIN",
                };
                let mut sql = format!("{} {word} {}", left.sql, right.sql);
                let tables: Vec<Rc<Bound>> = left.tables.iter().chain(&right.tables).cloned().collect();
                if let Some(JoinCondition::On(condition)) = condition {
                    let columns = left.columns.into_iter().chain(right.columns).collect();
                    let scope = Scope::new(tables, columns);
                    self.scopes.push(scope);
                    let on = self.condition(condition, "ON");
                    let scope = self.scopes.pop().unwrap_or_default();
                    sql.push_str(&format!(" ON {}", on?.sql));
                    return Ok(Source { sql, tables: scope.tables, columns: scope.columns });
                }
                let (columns, on) = merged(left.columns, right.columns, &shared, *kind)?;
                if !on.is_empty() {
                    sql.push_str(&format!(" ON {}", on.join(" AND ")));
                } else if !matches!(kind, JoinKind::Inner | JoinKind::Cross) {
                    sql.push_str(" ON 1");
                }
                Ok(Source { sql, tables, columns })
            }
        }
    }

    /// A common table, or one of the catalogue.
    fn named(&mut self, name: &TableName, alias: Option<&Identifier>) -> Outcome<Source> {
        if name.schema.is_none()
            && let Some(at) = self.common.iter().rposition(|common| common.name.same(&name.name))
        {
            let (sql, columns) = (self.common[at].sql_name.clone(), self.common[at].columns.clone());
            return Ok(self.derived(&sql, &columns, alias.cloned(), Some(name.clone())));
        }
        let Some(info) = self.catalogue.table(name) else {
            return Err(self.unknown_table(name));
        };
        let TableInfo { sql_name, columns, position_index } = info;
        let number = self.number();
        let visible = |column: ColumnInfo| Visible {
            name: column.name,
            sql: format!("t{number}.{}", column.sql_name),
            field: column.field,
            tables: BTreeSet::from([number]),
            table: Some(number),
        };
        let columns: Vec<Rc<Visible>> = columns.into_iter().map(|column| Rc::new(visible(column))).collect();
        let bound = Bound::new(number, alias.cloned(), Some(name.clone()), columns.clone(), position_index);
        Ok(Source { sql: format!("{sql_name} AS t{number}"), tables: vec![Rc::new(bound)], columns })
    }

    /// A table whose columns are called c0, c1, ….
    pub(super) fn derived(
        &mut self,
        sql: &str,
        columns: &[Output],
        alias: Option<Identifier>,
        name: Option<TableName>,
    ) -> Source {
        let number = self.number();
        let visible = |(at, column): (usize, &Output)| Visible {
            name: column.name.clone(),
            sql: format!("t{number}.c{at}"),
            field: Arc::new(column.field.clone()),
            tables: BTreeSet::from([number]),
            table: Some(number),
        };
        let columns: Vec<Rc<Visible>> = columns.iter().enumerate().map(|column| Rc::new(visible(column))).collect();
        let bound = Bound::new(number, alias, name, columns.clone(), None);
        Source { sql: format!("{sql} AS t{number}"), tables: vec![Rc::new(bound)], columns }
    }

    pub(super) fn number(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    fn distinct_names(left: &Source, right: &Source) -> Outcome<()> {
        for table in &right.tables {
            let clash = left.tables.iter().any(|other| match (&other.alias, &table.alias) {
                (Some(a), Some(b)) => a.same(b),
                (None, None) => match (&other.name, &table.name) {
                    (Some(a), Some(b)) => same_table(a, b),
                    _ => false,
                },
                _ => false,
            });
            if clash {
                let range = table.alias.as_ref().map(|alias| alias.range.clone());
                let range = range.or_else(|| table.name.as_ref().map(|name| name.range.clone()));
                let message = format!("Two tables of this query are called {}. Give each an alias.", table.label());
                return Err(Error::new(range.unwrap_or_default(), message).expecting(["AS name"]));
            }
        }
        Ok(())
    }

    fn unknown_table(&self, name: &TableName) -> Error {
        let parts = [name.catalog.as_ref(), name.schema.as_ref(), Some(&name.name)];
        let written: Vec<&str> = parts.into_iter().flatten().map(|part| part.text.as_str()).collect();
        let written = written.join(".");
        let mut names: Vec<String> = self.common.iter().map(|common| common.name.text.clone()).collect();
        names.extend(self.catalogue.table_names());
        // A forgotten schema is the commonest mistake of all.
        let bare = names
            .iter()
            .find(|full| name.schema.is_none() && full.rsplit('.').next().is_some_and(|last| name.name.matches(last)));
        let close = bare.cloned().or_else(|| closest(&written, names.iter().map(String::as_str)));
        Error::new(name.range.clone(), format!("There is no table {written}.")).suggesting(close)
    }
}

fn same_table(a: &TableName, b: &TableName) -> bool {
    a.name.same(&b.name)
        && match (&a.schema, &b.schema) {
            (Some(a), Some(b)) => a.same(b),
            (None, None) => true,
            _ => false,
        }
}

/// In parentheses if it is a join itself.
fn enclosed(source: &Source, expression: &TableExpression) -> String {
    if matches!(expression, TableExpression::Join { .. }) { format!("({})", source.sql) } else { source.sql.clone() }
}

/// Names that occur on both sides, as a NATURAL join sees them.
fn common_names(left: &Source, right: &Source, range: &std::ops::Range<usize>) -> Vec<Identifier> {
    let names: std::collections::HashSet<&str> = right.columns.iter().map(|column| column.name.as_str()).collect();
    left.columns
        .iter()
        .filter(|column| names.contains(column.name.as_str()))
        .map(|column| Identifier { text: column.name.clone(), quoted: true, range: range.clone() })
        .collect()
}

/// The columns of a join in which `shared` columns are one, and the conditions that make them one.
fn merged(
    left: Vec<Rc<Visible>>,
    right: Vec<Rc<Visible>>,
    shared: &[Identifier],
    kind: JoinKind,
) -> Outcome<(Vec<Rc<Visible>>, Vec<String>)> {
    let mut columns = Vec::new();
    let mut conditions = Vec::new();
    let mut used = (BTreeSet::new(), BTreeSet::new());
    for name in shared {
        let one = |side: &[Rc<Visible>], word: &str| {
            let found: Vec<usize> = (0..side.len()).filter(|&at| name.matches(&side[at].name)).collect();
            match found.as_slice() {
                [at] => Ok(*at),
                [] => {
                    let close = closest(&name.text, side.iter().map(|column| column.name.as_str()));
                    let message = format!("The table on the {word} of the join has no column {}.", name.text);
                    Err(Error::new(name.range.clone(), message).suggesting(close))
                }
                _ => Err(Error::new(
                    name.range.clone(),
                    format!("{} is ambiguous on the {word} of the join.", name.text),
                )),
            }
        };
        let (at, other) = (one(&left, "left")?, one(&right, "right")?);
        if !used.0.insert(at) || !used.1.insert(other) {
            return Err(Error::new(name.range.clone(), format!("{} stands twice in the condition.", name.text)));
        }
        let (a, b) = (&left[at], &right[other]);
        let numbers = |column: &Visible| matches!(class(&column.field), Class::Integer | Class::Float);
        let Some(field) = unify(&a.field, &b.field) else {
            return Err(Error::new(
                name.range.clone(),
                format!("The columns {} of the two tables are of different types.", name.text),
            ));
        };
        conditions.push(format!("{} = {}", a.sql, b.sql));
        let mut column = match kind {
            JoinKind::Right => Visible::clone(b),
            JoinKind::Full => {
                Visible { sql: format!("coalesce({}, {})", a.sql, b.sql), table: None, ..Visible::clone(a) }
            }
            _ => Visible::clone(a),
        };
        column.tables = a.tables.union(&b.tables).copied().collect();
        if numbers(&column) {
            column.field = Arc::new(table::Field { description: a.field.description.clone(), ..field });
        }
        columns.push(Rc::new(column));
    }
    let rest = |side: Vec<Rc<Visible>>, used: &BTreeSet<usize>| -> Vec<Rc<Visible>> {
        side.into_iter().enumerate().filter(|(at, _)| !used.contains(at)).map(|(_, column)| column).collect()
    };
    columns.extend(rest(left, &used.0));
    columns.extend(rest(right, &used.1));
    Ok((columns, conditions))
}

/// `"name"` as an alias of a result column, or `c0`, `c1`, … inside.
pub(super) fn output_name(name: &str, at: usize, outermost: bool) -> String {
    if outermost { quote_name(name) } else { format!("c{at}") }
}
