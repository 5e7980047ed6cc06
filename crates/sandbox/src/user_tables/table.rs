//! One table of a user: what it is called, what its columns are, where its rows lie.

use std::path::PathBuf;

use table::{Datatype, Field};

use super::schema_of;
use crate::Time;
use crate::catalogue::ColumnInfo;
use crate::catalogue::definition::{DEC, INDEXED, PK, PRINCIPAL, RA, delimited};
use crate::fault::Fault;

/// A table of a user.
#[derive(Clone, Debug)]
pub struct UserTable {
    /// Login of the owner.
    pub owner: String,
    /// Name without schema.
    pub name: String,
    /// What it holds, in the words of its owner.
    pub description: String,
    /// The columns, the archive's key first; in the file they are called `c0`, `c1`, …
    pub columns: Vec<ColumnInfo>,
    /// Number of rows.
    pub rows: u64,
    /// Size of the file.
    pub bytes: u64,
    /// When it was made.
    pub created: Time,
    /// Where the rows are.
    pub file: PathBuf,
}

impl UserTable {
    /// `user_demo`.
    pub fn schema(&self) -> String {
        schema_of(&self.owner)
    }

    /// `user_demo.stars`: the name as it is, whatever is in it.
    pub fn qualified(&self) -> String {
        format!("{}.{}", self.schema(), self.name)
    }

    /// The name as a query must write it, in quotes where they are needed.
    pub fn delimited(&self) -> String {
        format!("{}.{}", self.schema(), delimited(&self.name))
    }

    /// What results say of the columns.
    pub fn fields(&self) -> Vec<Field> {
        self.columns.iter().map(|column| column.field.clone()).collect()
    }

    /// The columns as metadata describe them: positions have an index of their own.
    pub fn described_columns(&self) -> Vec<ColumnInfo> {
        let mut columns = self.columns.clone();
        if let Some((ra, dec)) = self.position() {
            columns[ra].flags |= INDEXED;
            columns[dec].flags |= INDEXED;
        }
        columns
    }

    /// Numbers of the columns of right ascension and declination, if the owner has said which they are.
    pub fn position(&self) -> Option<(usize, usize)> {
        position(&self.columns)
    }

    /// Number of the column that identifies a row.
    pub fn key(&self) -> usize {
        self.columns.iter().position(|column| column.flags & PK != 0).unwrap_or(0)
    }

    /// Number of the column of this name, compared without case; quotes around it do not count.
    pub fn column(&self, name: &str) -> Result<usize, Fault> {
        column(&self.columns, name)
            .ok_or_else(|| Fault::bad(format!("Table '{}' has no column '{name}'.", self.qualified())))
    }
}

/// Numbers of the columns that are flagged as right ascension and declination.
pub(crate) fn position(columns: &[ColumnInfo]) -> Option<(usize, usize)> {
    let flagged = |flag| columns.iter().position(|column| column.flags & flag != 0);
    flagged(RA).zip(flagged(DEC))
}

/// Number of the column of this name, compared without case; quotes around it do not count.
pub(super) fn column(columns: &[ColumnInfo], name: &str) -> Option<usize> {
    let name = name.trim_matches('"');
    columns.iter().position(|column| column.field.name.eq_ignore_ascii_case(name))
}

/// The key that the archive puts before the columns of a table.
pub(crate) fn key_column(table: &str) -> ColumnInfo {
    let mut field = Field::new(format!("{table}_oid"), Datatype::Long);
    field.description = Some("Object Identifier".to_owned());
    ColumnInfo { field, flags: PK | INDEXED | PRINCIPAL }
}
