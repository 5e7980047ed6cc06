//! What the name of a column means within a query.

use std::{collections::BTreeSet, ops::Range, rc::Rc, sync::Arc};

use table::Field;

use super::{Outcome, PositionIndex, Translator, closest, value::Value};
use crate::{
    Error,
    tree::{Identifier, TableName},
};

/// The tables and columns of one SELECT.
#[derive(Default)]
pub(super) struct Scope {
    pub tables: Vec<Rc<Bound>>,
    /// What `*` means, in order; joined columns of USING and NATURAL once.
    pub columns: Vec<Rc<Visible>>,
    /// SQL of the keys of GROUP BY.
    pub groups: Vec<String>,
    /// Names of output columns, where they can be used.
    pub aliases: Vec<(Identifier, Value)>,
}

/// A table of FROM.
pub(super) struct Bound {
    pub number: usize,
    pub alias: Option<Identifier>,
    pub name: Option<TableName>,
    pub columns: Vec<Rc<Visible>>,
    pub position_index: Option<PositionIndex>,
}

/// A column that can be named.
#[derive(Clone)]
pub(super) struct Visible {
    pub name: String,
    pub sql: String,
    pub field: Arc<Field>,
    pub tables: BTreeSet<usize>,
    /// Number of the table, unless it comes of several.
    pub table: Option<usize>,
}

impl Visible {
    pub fn value(&self, range: &Range<usize>) -> Value {
        let mut value = Value::new(self.sql.clone(), (*self.field).clone());
        value.field.name = self.name.clone();
        value.tables = self.tables.clone();
        value.column = self.table.map(|table| (table, self.name.clone()));
        value.ungrouped = Some(range.clone());
        value
    }
}

fn find<'s>(columns: &'s [Rc<Visible>], name: &Identifier) -> Vec<&'s Rc<Visible>> {
    columns.iter().filter(|column| name.matches(&column.name)).collect()
}

impl Scope {
    pub fn new(tables: Vec<Rc<Bound>>, columns: Vec<Rc<Visible>>) -> Scope {
        Scope { tables, columns, ..Scope::default() }
    }

    /// The columns that a name without table can mean.
    pub fn find(&self, name: &Identifier) -> Vec<&Rc<Visible>> {
        find(&self.columns, name)
    }

    /// The tables that a qualifier can mean.
    pub fn tables_named(&self, qualifier: &[Identifier]) -> Vec<Rc<Bound>> {
        self.tables.iter().filter(|table| table.is(qualifier)).cloned().collect()
    }
}

impl Bound {
    pub fn new(
        number: usize,
        alias: Option<Identifier>,
        name: Option<TableName>,
        columns: Vec<Rc<Visible>>,
        position_index: Option<PositionIndex>,
    ) -> Bound {
        Bound { number, alias, name, columns, position_index }
    }

    /// Is this the table that `qualifier` names? An alias hides the name.
    fn is(&self, qualifier: &[Identifier]) -> bool {
        if let Some(alias) = &self.alias {
            return matches!(qualifier, [one] if one.same(alias));
        }
        let Some(name) = &self.name else { return false };
        let own = [Some(&name.name), name.schema.as_ref(), name.catalog.as_ref()];
        qualifier.len() <= 3 && qualifier.iter().rev().zip(own).all(|(part, own)| own.is_some_and(|own| part.same(own)))
    }

    /// How a query calls it, for messages.
    pub fn label(&self) -> String {
        match (&self.alias, &self.name) {
            (Some(alias), _) => alias.text.clone(),
            (None, Some(name)) => name.name.text.clone(),
            (None, None) => "the subquery".to_owned(),
        }
    }

    pub fn find(&self, name: &Identifier) -> Vec<&Rc<Visible>> {
        find(&self.columns, name)
    }
}

impl Translator<'_> {
    /// The column of this name, searched from the innermost query outwards.
    pub(super) fn column(&self, parts: &[Identifier], range: &Range<usize>) -> Outcome<Value> {
        let Some((name, qualifier)) = parts.split_last() else {
            return Err(Error::new(range.clone(), "A name is missing."));
        };
        for (depth, scope) in self.scopes.iter().rev().enumerate() {
            let found = if qualifier.is_empty() {
                self.bare_column(scope, name)?
            } else {
                Self::qualified_column(scope, qualifier, name)?
            };
            if let Some(mut value) = found {
                if depth > 0 {
                    // A column of an outer query is a constant for the groups of the inner one.
                    value.ungrouped = None;
                }
                return Ok(value);
            }
        }
        Err(self.unknown_column(qualifier, name, range))
    }

    fn bare_column(&self, scope: &Scope, name: &Identifier) -> Outcome<Option<Value>> {
        match scope.find(name).as_slice() {
            [] => Ok(scope.aliases.iter().find(|(alias, _)| alias.same(name)).map(|(_, value)| value.clone())),
            [one] => Ok(Some(one.value(&name.range))),
            several => {
                let tables: Vec<String> = several
                    .iter()
                    .filter_map(|column| scope.tables.iter().find(|table| Some(table.number) == column.table))
                    .map(|table| format!("{}.{}", table.label(), name.text))
                    .collect();
                let message = format!("{} is ambiguous: several tables have this column.", name.text);
                Err(Error::new(name.range.clone(), message).expecting(tables))
            }
        }
    }

    fn qualified_column(scope: &Scope, qualifier: &[Identifier], name: &Identifier) -> Outcome<Option<Value>> {
        let tables = scope.tables_named(qualifier);
        let [table] = tables.as_slice() else {
            if tables.is_empty() {
                return Ok(None);
            }
            let last = &qualifier[qualifier.len() - 1];
            return Err(Error::new(
                last.range.clone(),
                format!("{} is ambiguous: it names several tables. Give each an alias.", last.text),
            ));
        };
        match table.find(name).as_slice() {
            [one] => Ok(Some(one.value(&(qualifier[0].range.start..name.range.end)))),
            [] => {
                let close = closest(&name.text, table.columns.iter().map(|column| column.name.as_str()));
                let message = format!("{} has no column {}.", table.label(), name.text);
                Err(Error::new(name.range.clone(), message).suggesting(close))
            }
            _ => Err(Error::new(
                name.range.clone(),
                format!("{} has several columns {}; give them different names.", table.label(), name.text),
            )),
        }
    }

    fn unknown_column(&self, qualifier: &[Identifier], name: &Identifier, range: &Range<usize>) -> Error {
        if let (Some(first), Some(last)) = (qualifier.first(), qualifier.last()) {
            let labels: Vec<String> =
                self.scopes.iter().rev().flat_map(|scope| &scope.tables).map(|table| table.label()).collect();
            let written: Vec<&str> = qualifier.iter().map(|part| part.text.as_str()).collect();
            // A table that is there under an alias cannot be called by its name any more.
            let hidden = self.scopes.iter().flat_map(|scope| &scope.tables).find_map(|table| {
                let full = table.name.as_ref()?;
                full.name.same(last).then(|| table.label())
            });
            let close = hidden.or_else(|| closest(&last.text, labels.iter().map(String::as_str)));
            let message = format!("{} is not a table of this query.", written.join("."));
            return Error::new(first.range.start..last.range.end, message).expecting(labels).suggesting(close);
        }
        let names = self.scopes.iter().rev().flat_map(|scope| scope.columns.iter().map(|column| column.name.as_str()));
        let close = closest(&name.text, names);
        let mut message = format!("There is no column {}.", name.text);
        if name.quoted && close.is_none() {
            message.push_str(" Double quotes are for names; text stands in single quotes.");
        }
        Error::new(range.clone(), message).suggesting(close)
    }
}
