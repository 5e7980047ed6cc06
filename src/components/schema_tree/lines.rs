//! The tree as the lines that are seen: open nodes, or all that a search finds.

use std::collections::HashSet;

use super::{Branch, TreeColumn, TreePath, TreeSchema, TreeTable};

/// More columns than this are not drawn for a search; the next letter makes them fewer.
const MOST_FOUND: usize = 500;

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Which node it is.
    pub path: TreePath,
    /// What stands there.
    pub name: String,
    /// Description, shown on hover.
    pub description: Option<String>,
    /// Unit and datatype of a column, number of children of the others.
    pub facts: String,
    /// `None` for a column.
    pub expanded: Option<bool>,
    /// What is known of its children.
    pub status: Status,
    /// Its place among its like, from 1.
    pub place: usize,
    /// How many there are of its like.
    pub of: usize,
}

impl Line {
    /// What stands at the end of the line: how its children are, or the facts.
    pub fn note(&self) -> String {
        match (&self.status, self.expanded) {
            (Status::Loading, _) => "Loading …".to_owned(),
            (Status::Failed(reason), _) => format!("Not loaded: {reason}"),
            (Status::Empty, Some(true)) => "Nothing in it".to_owned(),
            _ => self.facts.clone(),
        }
    }
}

/// What is known of a node's children.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Status {
    #[default]
    Unknown,
    Loading,
    Ready,
    Empty,
    Failed(String),
}

/// The lines from top to bottom. With a filter open means: something in it was found, or the user opened it.
pub fn lines(schemas: &[TreeSchema], open: &HashSet<TreePath>, filter: &str) -> Vec<Line> {
    let filter = filter.to_lowercase();
    let mut lines = Vec::new();
    let mut found = 0;
    let wanted: Vec<_> = schemas.iter().filter(|schema| schema_has(schema, &filter)).collect();
    for (place, schema) in wanted.iter().enumerate() {
        let path = TreePath::schema(&schema.name);
        let own = has(&schema.name, schema.description.as_deref(), &filter);
        let tables: Vec<_> = ready(&schema.tables).iter().filter(|table| own || table_has(table, &filter)).collect();
        let deeper = !filter.is_empty() && tables.iter().any(|table| table_has(table, &filter));
        let expanded = deeper || open.contains(&path);
        lines.push(Line {
            name: schema.name.clone(),
            description: schema.description.clone(),
            facts: count(&schema.tables),
            expanded: Some(expanded),
            status: status(&schema.tables),
            place: place + 1,
            of: wanted.len(),
            path: path.clone(),
        });
        if !expanded {
            continue;
        }
        for (place, table) in tables.iter().enumerate() {
            let path = path.table(&table.name);
            let own = own || has(&table.name, table.description.as_deref(), &filter);
            let hits: Vec<_> = ready(&table.columns).iter().filter(|column| column_has(column, &filter)).collect();
            let opened = open.contains(&path);
            let expanded = opened || (!filter.is_empty() && !hits.is_empty() && found + hits.len() <= MOST_FOUND);
            lines.push(Line {
                // The schema stands above it.
                name: table.name.strip_prefix(&format!("{}.", schema.name)).unwrap_or(&table.name).to_owned(),
                description: table.description.clone(),
                facts: count(&table.columns),
                expanded: Some(expanded),
                status: status(&table.columns),
                place: place + 1,
                of: tables.len(),
                path: path.clone(),
            });
            if !expanded {
                continue;
            }
            // A table that was found by its own name shows all its columns once it is opened by hand.
            let columns = if own && hits.is_empty() { ready(&table.columns).iter().collect() } else { hits };
            found += columns.len();
            for (place, column) in columns.iter().enumerate() {
                lines.push(Line {
                    path: path.column(&column.name),
                    name: column.name.clone(),
                    description: column.description.clone(),
                    facts: column.unit.clone().unwrap_or_else(|| column.datatype.clone()),
                    expanded: None,
                    status: Status::Ready,
                    place: place + 1,
                    of: columns.len(),
                });
            }
        }
    }
    lines
}

fn has(name: &str, description: Option<&str>, filter: &str) -> bool {
    filter.is_empty()
        || name.to_lowercase().contains(filter)
        || description.is_some_and(|description| description.to_lowercase().contains(filter))
}

fn column_has(column: &TreeColumn, filter: &str) -> bool {
    has(&column.name, column.description.as_deref(), filter)
}

fn table_has(table: &TreeTable, filter: &str) -> bool {
    has(&table.name, table.description.as_deref(), filter)
        || ready(&table.columns).iter().any(|column| column_has(column, filter))
}

fn schema_has(schema: &TreeSchema, filter: &str) -> bool {
    has(&schema.name, schema.description.as_deref(), filter)
        || ready(&schema.tables).iter().any(|table| table_has(table, filter))
}

fn ready<T>(branch: &Branch<T>) -> &[T] {
    match branch {
        Branch::Ready(children) => children,
        Branch::Unknown | Branch::Loading | Branch::Failed(_) => &[],
    }
}

fn status<T>(branch: &Branch<T>) -> Status {
    match branch {
        Branch::Unknown => Status::Unknown,
        Branch::Loading => Status::Loading,
        Branch::Ready(children) if children.is_empty() => Status::Empty,
        Branch::Ready(_) => Status::Ready,
        Branch::Failed(reason) => Status::Failed(reason.clone()),
    }
}

fn count<T>(branch: &Branch<T>) -> String {
    match branch {
        Branch::Ready(children) => children.len().to_string(),
        Branch::Unknown | Branch::Loading | Branch::Failed(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Vec<TreeSchema> {
        let column = |name: &str, description: &str| TreeColumn {
            name: name.into(),
            description: Some(description.into()),
            ..TreeColumn::default()
        };
        let source = TreeTable {
            name: "gaiadr3.gaia_source".into(),
            columns: Branch::Ready(vec![column("ra", "Right ascension"), column("parallax", "Angle")]),
            ..TreeTable::default()
        };
        let other = TreeTable { name: "gaiadr3.vari_rrlyrae".into(), ..TreeTable::default() };
        vec![
            TreeSchema { name: "gaiadr3".into(), tables: Branch::Ready(vec![source, other]), ..TreeSchema::default() },
            TreeSchema { name: "tap_schema".into(), ..TreeSchema::default() },
        ]
    }

    fn names(open: &[TreePath], filter: &str) -> Vec<String> {
        lines(&tree(), &open.iter().cloned().collect(), filter).into_iter().map(|line| line.name).collect()
    }

    #[test]
    fn only_open_nodes_show_their_children() {
        let schema = TreePath::schema("gaiadr3");
        assert_eq!(names(&[], ""), ["gaiadr3", "tap_schema"]);
        assert_eq!(names(std::slice::from_ref(&schema), ""), ["gaiadr3", "gaia_source", "vari_rrlyrae", "tap_schema"]);
        assert_eq!(names(&[schema.table("gaiadr3.gaia_source")], "").len(), 2, "a table in a closed schema");
    }

    #[test]
    fn a_search_opens_what_it_finds() {
        assert_eq!(names(&[], "ASCENSION"), ["gaiadr3", "gaia_source", "ra"]);
        assert_eq!(names(&[], "rrlyrae"), ["gaiadr3", "vari_rrlyrae"]);
        assert_eq!(names(&[], "nothing like it"), Vec::<String>::new());
    }
}
