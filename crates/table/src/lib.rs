//! Typed columns with units, UCDs and nulls: what every reader fills and every view reads.
//!
//! The vocabulary is VOTable's (VOTable 1.5, section 2): FIELD, datatype, arraysize. Text lies in one buffer with
//! offsets, numbers in one vector a column; no cell is allocated on its own.

#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod cell;
mod column;
mod field;
mod mask;
mod numbers;
pub mod sort;

pub use cell::{Array, Cell, Display};
pub use column::{Column, Data};
pub use field::{ArraySize, Datatype, Field};
pub use mask::Mask;

/// A table: its columns have the same number of rows.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Name, as the document gives it.
    pub name: Option<String>,
    /// What the table holds, in words.
    pub description: Option<String>,
    /// The columns, in document order.
    pub columns: Vec<Column>,
}

impl Table {
    /// An empty table with one column for each field.
    pub fn new(fields: Vec<Field>) -> Table {
        Table { columns: fields.into_iter().map(Column::new).collect(), ..Table::default() }
    }

    /// Number of rows that every column holds.
    pub fn rows(&self) -> usize {
        self.columns.iter().map(Column::len).min().unwrap_or(0)
    }

    /// The column of this name, compared without case, as ADQL does.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.field().name.eq_ignore_ascii_case(name))
    }

    /// Bytes of memory that the columns hold.
    pub fn memory(&self) -> usize {
        self.columns.iter().map(Column::memory).sum()
    }
}
