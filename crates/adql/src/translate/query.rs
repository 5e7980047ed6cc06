//! Queries: SELECT with its clauses, set operations, order and limits.

use std::collections::HashSet;

use super::{
    Common, Outcome, Relation, Translator,
    from::output_name,
    scope::Scope,
    value::{Class, NULL_XTYPE, Output, Value, class, unify},
};
use crate::{
    Error,
    tree::{Body, Count, Expression, Identifier, Item, Kind, OrderKey, Query, Select, SetOperator},
};

/// More columns than any table has; SQLite has the same bound.
const MAX_COLUMNS: usize = 2000;

impl Translator<'_> {
    /// A whole query. The columns of the outermost one carry their names, those of all others are c0, c1, ….
    pub(super) fn query(&mut self, query: &Query, outermost: bool) -> Outcome<Relation> {
        let visible = self.common.len();
        let result = self.query_with(query, outermost);
        self.common.truncate(visible);
        let relation = result?;
        if relation.sql.len() > super::MAX_SQL {
            return Err(Error::new(query.range.clone(), "The query is too large."));
        }
        Ok(relation)
    }

    fn query_with(&mut self, query: &Query, outermost: bool) -> Outcome<Relation> {
        let mut with = Vec::new();
        let first = self.common.len();
        for common in &query.with {
            if self.common[first..].iter().any(|other| other.name.same(&common.name)) {
                let message = format!("There are two common tables {}.", common.name.text);
                return Err(Error::new(common.name.range.clone(), message));
            }
            let mut relation = self.query(&common.query, false)?;
            if !common.columns.is_empty() {
                if common.columns.len() != relation.columns.len() {
                    let message = format!(
                        "{} has {} names for {} columns.",
                        common.name.text,
                        common.columns.len(),
                        relation.columns.len()
                    );
                    return Err(Error::new(common.name.range.clone(), message));
                }
                for (column, name) in relation.columns.iter_mut().zip(&common.columns) {
                    column.name = name.text.clone();
                    column.field.name = name.text.clone();
                }
            }
            let sql_name = format!("w{}", self.number());
            with.push(format!("{sql_name} AS ({})", relation.sql));
            self.common.push(Common { name: common.name.clone(), sql_name, columns: relation.columns });
        }
        let mut relation = match &query.body {
            Body::Select(select) => self.select(select, &query.order_by, query.offset.as_ref(), outermost)?,
            _ if query.order_by.is_empty() && query.offset.is_none() && !outermost => self.body(&query.body)?,
            _ => self.ordered(query, outermost)?,
        };
        if !with.is_empty() {
            relation.sql = format!("WITH {} {}", with.join(", "), relation.sql);
        }
        Ok(relation)
    }

    /// Order, limits and names over anything but a plain SELECT.
    fn ordered(&mut self, query: &Query, outermost: bool) -> Outcome<Relation> {
        let relation = self.body(&query.body)?;
        let source = self.derived(&format!("({})", relation.sql), &relation.columns, None, None);
        let names = unique_names(relation.columns.iter().map(|column| column.name.as_str()));
        let list: Vec<String> = source
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| format!("{} AS {}", column.sql, output_name(&names[at], at, outermost)))
            .collect();
        let mut sql = format!("SELECT {} FROM {}", list.join(", "), source.sql);
        self.scopes.push(Scope::new(source.tables, source.columns));
        let order = self.order(&query.order_by, &names, &[]);
        self.scopes.pop();
        sql.push_str(&order?.0);
        sql.push_str(&limit(None, query.offset.as_ref()));
        let columns = named(relation.columns.into_iter().map(|column| column.field), names, outermost);
        Ok(Relation { sql, columns })
    }

    fn body(&mut self, body: &Body) -> Outcome<Relation> {
        match body {
            Body::Nested(query) => self.query(query, false),
            Body::Select(select) => self.select(select, &[], None, false),
            Body::Set { operator, all, left, right, range } => {
                let first = self.body(left)?;
                let second = self.body(right)?;
                if first.columns.len() != second.columns.len() {
                    let message = format!(
                        "The queries have {} and {} columns; to be combined they need as many.",
                        first.columns.len(),
                        second.columns.len()
                    );
                    return Err(Error::new(range.clone(), message));
                }
                let mut columns = Vec::new();
                for (a, b) in first.columns.iter().zip(&second.columns) {
                    let Some(field) = combine(&a.field, &b.field) else {
                        let message = format!("The columns {} and {} are of different types.", a.name, b.name);
                        return Err(Error::new(range.clone(), message));
                    };
                    columns
                        .push(Output { name: a.name.clone(), field: table::Field { name: a.name.clone(), ..field } });
                }
                let sql = set(*operator, *all, &first.sql, &second.sql, columns.len());
                Ok(Relation { sql, columns })
            }
        }
    }

    fn select(
        &mut self,
        select: &Select,
        order_by: &[OrderKey],
        offset: Option<&Count>,
        outermost: bool,
    ) -> Outcome<Relation> {
        let source = self.from(&select.from)?;
        self.scopes.push(Scope::new(source.tables, source.columns));
        let result = self.select_from(select, order_by, offset, &source.sql, outermost);
        self.scopes.pop();
        result
    }

    fn select_from(
        &mut self,
        select: &Select,
        order_by: &[OrderKey],
        offset: Option<&Count>,
        from: &str,
        outermost: bool,
    ) -> Outcome<Relation> {
        let filter = match &select.filter {
            Some(filter) => format!(" WHERE {}", self.condition(filter, "WHERE")?.sql),
            None => String::new(),
        };
        let groups = self.group_keys(select)?;
        self.scope().groups = groups.clone();
        let (aliases, values) = self.items(&select.items)?;
        let having = match &select.having {
            Some(having) => Some(self.truth(having)?),
            None => None,
        };
        let names = unique_names(values.iter().map(|value| value.field.name.as_str()));
        self.scope().aliases =
            aliases.iter().zip(&values).filter_map(|(alias, value)| Some((alias.clone()?, value.clone()))).collect();
        let (order, keys) = self.order(order_by, &names, &aliases)?;

        let all = || values.iter().chain(&having).chain(&keys);
        let grouped = !groups.is_empty() || having.is_some() || all().any(|value| value.aggregate.is_some());
        if grouped && let Some(range) = all().find_map(|value| value.ungrouped.clone()) {
            let message = "This column stands neither in GROUP BY nor in an aggregate such as COUNT, MAX or AVG.";
            return Err(Error::new(range, message));
        }

        let list: Vec<String> = values
            .iter()
            .enumerate()
            .map(|(at, value)| format!("{} AS {}", value.sql, output_name(&names[at], at, outermost)))
            .collect();
        let mut sql = String::from(if select.distinct { "SELECT DISTINCT " } else { "SELECT " });
        sql.push_str(&list.join(", "));
        if !from.is_empty() {
            sql.push_str(&format!(" FROM {from}"));
        }
        sql.push_str(&filter);
        if !groups.is_empty() {
            sql.push_str(&format!(" GROUP BY {}", groups.join(", ")));
        }
        if let Some(having) = &having {
            // SQLite wants groups for HAVING; without keys everything is one group.
            sql.push_str(if groups.is_empty() { " GROUP BY NULL" } else { "" });
            sql.push_str(&format!(" HAVING {}", having.sql));
        }
        sql.push_str(&order);
        let limit = limit(select.top.as_ref(), offset);
        if !limit.is_empty() && !outermost {
            // Within a set operation a limit needs a query of its own.
            sql = format!("SELECT * FROM ({sql}{limit})");
        } else {
            sql.push_str(&limit);
        }
        let columns = named(values.into_iter().map(|value| *value.field), names, outermost);
        Ok(Relation { sql, columns })
    }

    fn scope(&mut self) -> &mut Scope {
        if self.scopes.is_empty() {
            self.scopes.push(Scope::default());
        }
        let last = self.scopes.len() - 1;
        &mut self.scopes[last]
    }

    /// The list of a SELECT with the stars written out.
    fn items(&mut self, items: &[Item]) -> Outcome<(Vec<Option<Identifier>>, Vec<Value>)> {
        let mut aliases = Vec::new();
        let mut values = Vec::new();
        for item in items {
            match item {
                Item::All { range } => {
                    let columns = &self.scope().columns;
                    if columns.is_empty() {
                        return Err(Error::new(range.clone(), "There is no table whose columns * could mean."));
                    }
                    values.extend(columns.iter().map(|column| column.value(range)));
                }
                Item::AllOf { table, range } => {
                    let found = self.scope().tables_named(table);
                    let [one] = found.as_slice() else {
                        let labels: Vec<String> = self.scope().tables.iter().map(|table| table.label()).collect();
                        let last = table.last().map_or("", |part| part.text.as_str());
                        let close = super::closest(last, labels.iter().map(String::as_str));
                        let problem = if found.is_empty() { "is not a table of this query" } else { "is ambiguous" };
                        return Err(Error::new(range.clone(), format!("{last} {problem}."))
                            .expecting(labels)
                            .suggesting(close));
                    };
                    values.extend(one.columns.iter().map(|column| column.value(range)));
                }
                Item::Expression { expression, alias } => {
                    let mut value = self.expression(expression)?;
                    if let Some(alias) = alias {
                        value.field.name = alias.text.clone();
                    } else if value.field.name.is_empty() {
                        value.field.name = format!("col{}", values.len() + 1);
                    }
                    values.push(value);
                    aliases.resize(values.len() - 1, None);
                    aliases.push(alias.clone());
                }
            }
            // The range of a star is that of each of its columns, so that errors point at it.
            if values.len() > MAX_COLUMNS {
                let range = match item {
                    Item::All { range } | Item::AllOf { range, .. } => range.clone(),
                    Item::Expression { expression, .. } => expression.range.clone(),
                };
                return Err(Error::new(range, format!("The result has more than {MAX_COLUMNS} columns.")));
            }
        }
        aliases.resize(values.len(), None);
        Ok((aliases, values))
    }

    /// Keys of GROUP BY: columns, expressions, names of output columns, ordinal numbers.
    fn group_keys(&mut self, select: &Select) -> Outcome<Vec<String>> {
        let mut keys = Vec::new();
        for key in &select.group_by {
            let meant = self.output_item(key, &select.items)?;
            let value = self.expression(meant)?;
            if value.aggregate.is_some() {
                return Err(Error::new(key.range.clone(), "An aggregate cannot be a key of GROUP BY."));
            }
            if !value.is_constant() || value.subquery {
                keys.push(value.sql);
            }
        }
        if keys.is_empty() && !select.group_by.is_empty() {
            keys.push("NULL".to_owned());
        }
        Ok(keys)
    }

    /// The expression that a key of GROUP BY means: itself, or that of the output column it names.
    fn output_item<'e>(&mut self, key: &'e Expression, items: &'e [Item]) -> Outcome<&'e Expression> {
        match &key.kind {
            Kind::Number(text) => {
                let item = text.parse::<usize>().ok().and_then(|at| items.get(at.checked_sub(1)?));
                match item {
                    Some(Item::Expression { expression, .. }) => Ok(expression),
                    _ => Err(Error::new(key.range.clone(), "There is no such entry in the list after SELECT.")),
                }
            }
            Kind::Column(parts) if parts.len() == 1 && self.scope().find(&parts[0]).is_empty() => {
                let named = items.iter().find_map(|item| match item {
                    Item::Expression { expression, alias: Some(alias) } if alias.same(&parts[0]) => Some(expression),
                    _ => None,
                });
                Ok(named.unwrap_or(key))
            }
            _ => Ok(key),
        }
    }

    /// ORDER BY as SQL, and the values of those keys that are no output columns.
    fn order(
        &mut self,
        keys: &[OrderKey],
        names: &[String],
        aliases: &[Option<Identifier>],
    ) -> Outcome<(String, Vec<Value>)> {
        let mut list = Vec::new();
        let mut values = Vec::new();
        for key in keys {
            let range = &key.expression.range;
            let place = match &key.expression.kind {
                Kind::Number(text) => match text.parse::<usize>() {
                    Ok(at) if (1..=names.len()).contains(&at) => Some(at - 1),
                    _ => {
                        let message = format!("The result has {} columns; there is no column {text}.", names.len());
                        return Err(Error::new(range.clone(), message));
                    }
                },
                Kind::Column(parts) if parts.len() == 1 => {
                    let alias = aliases.iter().position(|alias| alias.as_ref().is_some_and(|a| a.same(&parts[0])));
                    // Over a set operation the columns have no aliases, only names.
                    alias.or_else(|| {
                        aliases.is_empty().then(|| names.iter().position(|name| parts[0].matches(name))).flatten()
                    })
                }
                _ => None,
            };
            // PostgreSQL, which the archive runs on, sorts NULL as the largest value; SQLite as the smallest.
            let direction = if key.descending { "DESC NULLS FIRST" } else { "ASC NULLS LAST" };
            if let Some(at) = place {
                list.push(format!("{} {direction}", at + 1));
                continue;
            }
            let value = self.expression(&key.expression)?;
            // A constant orders nothing, and SQLite could take it for an ordinal number.
            if !value.is_constant() {
                list.push(format!("{} {direction}", value.sql));
            }
            values.push(value);
        }
        let sql = if list.is_empty() { String::new() } else { format!(" ORDER BY {}", list.join(", ")) };
        Ok((sql, values))
    }
}

fn limit(top: Option<&Count>, offset: Option<&Count>) -> String {
    match (top, offset) {
        (None, None) => String::new(),
        (Some(top), None) => format!(" LIMIT {}", top.value),
        (None, Some(offset)) => format!(" LIMIT -1 OFFSET {}", offset.value),
        (Some(top), Some(offset)) => format!(" LIMIT {} OFFSET {}", top.value, offset.value),
    }
}

/// A set operation over queries whose columns are c0, c1, ….
fn set(operator: SetOperator, all: bool, left: &str, right: &str, columns: usize) -> String {
    let list: Vec<String> = (0..columns).map(|at| format!("c{at}")).collect();
    let list = list.join(", ");
    let word = match operator {
        SetOperator::Union if all => "UNION ALL",
        SetOperator::Union => "UNION",
        SetOperator::Intersect => "INTERSECT",
        SetOperator::Except => "EXCEPT",
    };
    if all && operator != SetOperator::Union {
        // SQLite has these only without ALL: numbering equal rows makes each of them different.
        let numbered = |sql: &str| format!("SELECT {list}, row_number() OVER (PARTITION BY {list}) AS n FROM ({sql})");
        return format!("SELECT {list} FROM ({} {word} {})", numbered(left), numbered(right));
    }
    // Each side in a query of its own, since SQLite knows neither parentheses nor precedence here.
    format!("SELECT {list} FROM ({left}) {word} SELECT {list} FROM ({right})")
}

/// The type of a column of a set operation; NULL fits all.
fn combine(first: &table::Field, second: &table::Field) -> Option<table::Field> {
    match (class(first), class(second)) {
        (Class::Null, _) => Some(second.clone()),
        (_, Class::Null) => Some(first.clone()),
        _ => unify(first, second),
    }
}

/// Output columns with their names; at the outermost level without internal marks.
fn named(fields: impl Iterator<Item = table::Field>, names: Vec<String>, outermost: bool) -> Vec<Output> {
    fields
        .zip(names)
        .map(|(mut field, name)| {
            field.name.clone_from(&name);
            if outermost {
                if field.xtype.as_deref() == Some(NULL_XTYPE) {
                    field.xtype = None;
                }
                if class(&field) == Class::Area && field.xtype.as_deref() == Some("region") {
                    field.arraysize = table::ArraySize::VARIABLE;
                }
            }
            Output { name, field }
        })
        .collect()
}

/// The names with a number appended where one occurred before (without case: other software does not see it).
fn unique_names<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut used = HashSet::new();
    let mut list = Vec::new();
    let wanted: Vec<&str> = names.collect();
    let all: HashSet<String> = wanted.iter().map(|name| name.to_lowercase()).collect();
    let mut next: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    for name in wanted {
        let lower = name.to_lowercase();
        if used.insert(lower.clone()) {
            list.push(name.to_owned());
            continue;
        }
        let number = next.entry(lower.clone()).or_insert(2);
        loop {
            let candidate = format!("{name}_{number}");
            *number += 1;
            let key = candidate.to_lowercase();
            if !all.contains(&key) && used.insert(key) {
                list.push(candidate);
                break;
            }
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_unique() {
        let names = unique_names(["ra", "RA", "ra_2", "ra", "dec"].into_iter());
        assert_eq!(names, ["ra", "RA_3", "ra_2", "ra_4", "dec"]);
    }
}
