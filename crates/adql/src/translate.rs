//! From a tree to the SQL of SQLite, with the names, types, units and UCDs of the output columns.
//!
//! What SQLite does not have becomes calls of the functions in [`FUNCTIONS`], which the caller registers (each is pure
//! Rust, [`functions::Function::call`]). Geometries as values are text in the form of DALI 1.1, section 3.3 (numbers
//! separated by blanks), and their fields say so: `double[2]` with xtype `point`, `double[3]` with `circle`, `double[*]`
//! with `polygon`; see [`crate::geometry::numbers`]. Booleans are the integers 0 and 1.
//!
//! Decisions where SQLite, the standard and the archive (PostgreSQL) differ: strings compare byte by byte; the quotient
//! of two integers is an integer; a quotient by zero and a function outside its domain are NULL; NULL sorts as the largest
//! value; NaN cannot be stored and is NULL.

mod call;
mod cast;
mod expression;
mod from;
pub mod functions;
mod index;
mod literal;
mod predicate;
mod query;
mod region;
mod scope;
mod value;

use std::sync::Arc;

use table::Field;

use crate::{
    Error,
    tree::{Identifier, Query, TableName},
};

pub use functions::FUNCTIONS;

/// What the translation asks about the archive.
pub trait Catalogue {
    /// The table of this name, if there is one and the user may read it.
    fn table(&self, name: &TableName) -> Option<TableInfo>;

    /// The functions of the archive beyond those of the standard.
    fn functions(&self) -> &[FunctionInfo] {
        &[]
    }

    /// Full names of the tables, for "did you mean".
    fn table_names(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A table, as ADQL and as SQLite know it.
#[derive(Clone, Debug)]
pub struct TableInfo {
    /// The table in SQL, quoted and ready to paste after FROM.
    pub sql_name: String,
    /// Its columns in order.
    pub columns: Vec<ColumnInfo>,
    /// The index over its positions.
    pub position_index: Option<PositionIndex>,
}

/// A column, as ADQL and as SQLite know it.
#[derive(Clone, Debug)]
pub struct ColumnInfo {
    /// The name in ADQL.
    pub name: String,
    /// The column in SQL, quoted and ready to paste after `alias.`.
    pub sql_name: String,
    /// Type, unit, UCD, description.
    pub field: Arc<Field>,
}

/// An R*Tree over the positions of a table.
///
/// Its columns are `id, x0, x1, y0, y1, z0, z1`: the bounds of each row's unit vector
/// ([`crate::geometry::unit`]), `id` being the row's value of `key`.
#[derive(Clone, Debug)]
pub struct PositionIndex {
    /// ADQL name of the column of right ascensions, degrees.
    pub ra: String,
    /// ADQL name of the column of declinations, degrees.
    pub dec: String,
    /// The R*Tree in SQL, quoted and ready to paste after FROM.
    pub sql_name: String,
    /// The column in SQL by which a row is found from its `id`: INTEGER PRIMARY KEY (or `rowid`), quoted.
    pub key: String,
}

/// A function of the archive beyond those of the standard (UDF).
#[derive(Clone, Debug)]
pub struct FunctionInfo {
    /// Name in ADQL, with its schema if it has one: `gaia_healpix_index`, `gaia.sign`. Case does not matter.
    pub name: String,
    /// The function in SQL, ready to paste before `(`.
    pub sql_name: String,
    /// The arguments in order.
    pub arguments: Vec<Argument>,
    /// Number of arguments at the end that may be left out.
    pub optional: usize,
    /// An aggregate such as STDDEV.
    pub aggregate: bool,
    /// Type, unit, UCD and description of the value; its name is that of the output column.
    pub returns: Field,
}

/// An argument of a UDF.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Its name, for messages.
    pub name: String,
    /// What it must be.
    pub kind: ArgumentKind,
}

/// What an argument must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    /// Any number.
    Number,
    /// A whole number.
    Integer,
    /// Text.
    Text,
    /// A geometry; arrives as DALI text.
    Geometry,
    /// Anything.
    Any,
}

/// A query that SQLite can run.
#[derive(Clone, Debug)]
pub struct Translated {
    /// One SELECT statement without parameters.
    pub sql: String,
    /// The columns of its result, in order; their names are unique.
    pub columns: Vec<OutputColumn>,
    /// The number after the outermost TOP.
    pub limit: Option<u64>,
}

/// A column of the result.
#[derive(Clone, Debug)]
pub struct OutputColumn {
    /// Name, type, unit, UCD and description.
    pub field: Field,
}

/// Translates a query whose text was parsed without errors.
///
/// The error is the first that was found: an unknown name, a type that does not fit, a missing GROUP BY.
pub fn translate(query: &Query, catalogue: &dyn Catalogue) -> Result<Translated, Error> {
    let mut translator = Translator {
        catalogue,
        functions: catalogue.functions(),
        scopes: Vec::new(),
        common: Vec::new(),
        next: 0,
        steps: 0,
    };
    let relation = translator.query(query, true)?;
    Ok(Translated {
        sql: relation.sql,
        columns: relation.columns.into_iter().map(|column| OutputColumn { field: column.field }).collect(),
        limit: match &query.body {
            crate::tree::Body::Select(select) => select.top.as_ref().map(|top| top.value),
            _ => None,
        },
    })
}

/// A name as an SQL identifier, safe whatever it contains.
pub fn quote_name(name: &str) -> String {
    format!("\"{}\"", name.replace('\0', "").replace('"', "\"\""))
}

/// A text as an SQL string, safe whatever it contains.
pub fn quote_text(text: &str) -> String {
    format!("'{}'", text.replace('\0', "").replace('\'', "''"))
}

/// The state of a translation.
struct Translator<'a> {
    catalogue: &'a dyn Catalogue,
    functions: &'a [FunctionInfo],
    /// What column names mean, innermost query last.
    scopes: Vec<scope::Scope>,
    /// Common tables that can be seen here.
    common: Vec<Common>,
    /// Number of the next table or common table.
    next: usize,
    /// Expressions translated so far.
    steps: usize,
}

/// A common table that was translated.
struct Common {
    name: Identifier,
    sql_name: String,
    columns: Vec<value::Output>,
}

/// A query that was translated: its columns are called `c0`, `c1`, … unless it is the outermost.
struct Relation {
    sql: String,
    columns: Vec<value::Output>,
}

type Outcome<T> = Result<T, Error>;

/// Longest SQL that is made; queries of people are a thousand times shorter.
const MAX_SQL: usize = 1_000_000;

/// Most expressions that are translated, counting those that stand for several places as often.
const MAX_STEPS: usize = 200_000;

/// The name among `names` that is probably meant: equal but for case, or a few letters away.
pub(crate) fn closest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let lower = word.to_lowercase();
    let allowed = (word.chars().count() / 3).clamp(1, 3);
    names
        .filter_map(|name| Some((edits(&lower, &name.to_lowercase(), allowed)?, name)))
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, name)| name.to_owned())
}

/// Letters to insert, delete, replace or exchange with their neighbor, if not more than `allowed`.
fn edits(a: &str, b: &str, allowed: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(80).collect(), b.chars().take(80).collect());
    if a.len().abs_diff(b.len()) > allowed {
        return None;
    }
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let different = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + different);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    Some(rows[a.len()][b.len()]).filter(|&edits| edits <= allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_are_near() {
        let names = ["source_id", "parallax", "ra", "dec"];
        for (word, expect) in [
            ("sourceid", Some("source_id")),
            ("paralax", Some("parallax")),
            ("RA", Some("ra")),
            ("dce", Some("dec")),
            ("bp_rp", None),
            ("", None),
        ] {
            assert_eq!(closest(word, names.into_iter()).as_deref(), expect, "{word}");
        }
    }

    #[test]
    fn quotes_cannot_be_left() {
        assert_eq!(quote_name("a\"b\0"), "\"a\"\"b\"");
        assert_eq!(quote_text("it's"), "'it''s'");
    }
}
