//! `tap_schema`: the tables that describe all tables (TAP 1.1, section 4).

use rusqlite::{Connection, Transaction, params};
use table::Datatype::{self, Char, Int};

use super::definition::{ColumnInfo, Definition, INDEXED, PRINCIPAL, TableInfo, Value, column as c};
use super::{FOREIGN_KEYS, SCHEMAS};
use crate::Error;

/// The rows are written by [`fill`]; the definitions only describe the columns.
type Described = Definition<()>;

const fn d(name: &'static str, datatype: Datatype, flags: u16, description: &'static str) -> Described {
    c(name, datatype, "", "", flags, description, |()| Value::Null)
}

#[rustfmt::skip]
const TABLES: &[(&str, &str, &[Described])] = &[
    ("schemas", "The schemas", &[
        d("schema_name", Char, PRINCIPAL | INDEXED, "Name of the schema"),
        d("description", Char, PRINCIPAL, "What the schema holds"),
        d("utype", Char, 0, "Role of the schema in a data model"),
        d("schema_index", Int, 0, "Place in which to show the schema"),
    ]),
    ("tables", "The tables", &[
        d("schema_name", Char, PRINCIPAL, "Name of the table's schema"),
        d("table_name", Char, PRINCIPAL | INDEXED, "Name of the table as queries write it"),
        d("table_type", Char, PRINCIPAL, "table or view"),
        d("description", Char, PRINCIPAL, "What the table holds"),
        d("utype", Char, 0, "Role of the table in a data model"),
        d("table_index", Int, 0, "Place in which to show the table"),
    ]),
    ("columns", "The columns", &[
        d("table_name", Char, PRINCIPAL | INDEXED, "Name of the column's table"),
        d("column_name", Char, PRINCIPAL, "Name of the column"),
        d("description", Char, PRINCIPAL, "What the column means"),
        d("unit", Char, PRINCIPAL, "Unit of the values"),
        d("ucd", Char, PRINCIPAL, "Unified content descriptor"),
        d("utype", Char, 0, "Role of the column in a data model"),
        d("datatype", Char, PRINCIPAL, "Type of the values, as VOTable names it"),
        d("arraysize", Char, PRINCIPAL, "Size of the values, as VOTable writes it"),
        d("xtype", Char, 0, "Extended type"),
        d("size", Int, 0, "Length of values of varying length; from an older standard, write \"size\" in a query"),
        d("principal", Int, PRINCIPAL, "1 for a column to show first"),
        d("indexed", Int, PRINCIPAL, "1 for a column with an index"),
        d("std", Int, 0, "1 for a column that a standard defines"),
        d("column_index", Int, 0, "Place in which to show the column"),
    ]),
    ("keys", "The foreign keys", &[
        d("key_id", Char, PRINCIPAL | INDEXED, "Identifier of the key"),
        d("from_table", Char, PRINCIPAL, "Table that refers"),
        d("target_table", Char, PRINCIPAL, "Table that is referred to"),
        d("description", Char, PRINCIPAL, "What the reference means"),
        d("utype", Char, 0, "Role of the key in a data model"),
    ]),
    ("key_columns", "The columns of the foreign keys", &[
        d("key_id", Char, PRINCIPAL, "Identifier of the key"),
        d("from_column", Char, PRINCIPAL, "Column that refers"),
        d("target_column", Char, PRINCIPAL, "Column that is referred to"),
    ]),
];

/// The tables of this schema.
pub fn tables() -> Vec<TableInfo> {
    let table = |(name, description, columns): &(&'static str, &'static str, &[Described])| TableInfo {
        schema: "tap_schema",
        name,
        description,
        hierarchy: "Other/TAP schema",
        columns: columns.iter().map(Described::info).collect(),
        rows: 0,
        position: None,
        coosys: None,
    };
    TABLES.iter().map(table).collect()
}

/// Whether a standard (TAP 1.1) defines the column.
pub fn is_standard(table: &TableInfo) -> bool {
    table.schema == "tap_schema"
}

/// Creates the tables and writes their rows; all of them for the tables given.
pub fn fill(transaction: &Transaction<'_>, tables: &[TableInfo]) -> Result<(), Error> {
    for table in self::tables() {
        let columns: Vec<String> = table.columns.iter().map(|c| format!("\"{}\"", c.field.name)).collect();
        transaction.execute_batch(&format!("CREATE TABLE \"{}\" ({})", table.qualified(), columns.join(", ")))?;
    }
    let mut insert = transaction.prepare("INSERT INTO \"tap_schema.schemas\" VALUES (?1, ?2, NULL, ?3)")?;
    for (index, schema) in SCHEMAS.iter().enumerate() {
        insert.execute(params![schema.name, schema.description, index as i64])?;
    }
    for (index, table) in tables.iter().enumerate() {
        let described = Description {
            schema: table.schema,
            name: &table.qualified(),
            description: table.description,
            columns: &table.columns,
        };
        describe(transaction, "main", &described, is_standard(table), index)?;
    }
    let mut key = transaction.prepare("INSERT INTO \"tap_schema.keys\" VALUES (?1, ?2, ?3, ?4, NULL)")?;
    let mut columns = transaction.prepare("INSERT INTO \"tap_schema.key_columns\" VALUES (?1, ?2, ?3)")?;
    for foreign in FOREIGN_KEYS {
        key.execute(params![foreign.id, foreign.from_table, foreign.target_table, foreign.description])?;
        columns.execute(params![foreign.id, foreign.from_column, foreign.target_column])?;
    }
    Ok(())
}

/// What the tables say of one table.
pub struct Description<'a> {
    /// Its schema.
    pub schema: &'a str,
    /// Its name with the schema, as queries write it.
    pub name: &'a str,
    /// What it holds.
    pub description: &'a str,
    /// Its columns.
    pub columns: &'a [ColumnInfo],
}

/// Describes a table in the tables that lie in a database of a connection.
pub fn describe(
    connection: &Connection,
    database: &str,
    table: &Description<'_>,
    standard: bool,
    index: usize,
) -> Result<(), Error> {
    let sql = format!("INSERT INTO {database}.\"tap_schema.tables\" VALUES (?1, ?2, 'table', ?3, NULL, ?4)");
    let mut insert = connection.prepare_cached(&sql)?;
    insert.execute(params![table.schema, table.name, table.description, index as i64])?;
    let mut insert = connection.prepare_cached(&format!(
        "INSERT INTO {database}.\"tap_schema.columns\" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL, NULL, ?9, ?10, ?11, ?12)"
    ))?;
    for (index, column) in table.columns.iter().enumerate() {
        let ColumnInfo { field, flags } = column;
        insert.execute(params![
            table.name,
            column.delimited_name(),
            field.description,
            field.unit,
            field.ucd,
            field.utype,
            field.datatype.name(),
            (!field.arraysize.is_scalar()).then(|| field.arraysize.to_string()),
            i64::from(flags & PRINCIPAL != 0),
            i64::from(flags & INDEXED != 0),
            i64::from(standard),
            index as i64,
        ])?;
    }
    Ok(())
}
