//! How a table of the catalogue is written down: each column with its metadata and the formula of its cells, in one place.

use table::{Datatype, Field};

/// A cell on its way into the database.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number or a truth value.
    Integer(i64),
    /// A number.
    Real(f64),
    /// Text.
    Text(String),
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Integer(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Integer(value.into())
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Value {
        if value.is_finite() { Value::Real(value) } else { Value::Null }
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Value {
        Value::Text(value)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

/// A column whose cells come from values of type `S`.
pub struct Definition<S> {
    /// Name, as in the real archive.
    pub name: &'static str,
    /// Type.
    pub datatype: Datatype,
    /// Unit, or empty.
    pub unit: &'static str,
    /// UCD, or empty.
    pub ucd: &'static str,
    /// Sum of [`RA`] and the others.
    pub flags: u16,
    /// What it means, in our words.
    pub description: &'static str,
    /// The formula.
    pub value: fn(&S) -> Value,
}

/// Column flags of TAP+: right ascension.
pub const RA: u16 = 1;
/// Declination.
pub const DEC: u16 = 2;
/// A flux.
pub const FLUX: u16 = 4;
/// A magnitude.
pub const MAG: u16 = 8;
/// The primary key.
pub const PK: u16 = 16;
/// Not a TAP+ flag: an index helps to search by it.
pub const INDEXED: u16 = 256;
/// Not a TAP+ flag: one of those to show first.
pub const PRINCIPAL: u16 = 512;

/// One column.
pub const fn column<S>(
    name: &'static str,
    datatype: Datatype,
    unit: &'static str,
    ucd: &'static str,
    flags: u16,
    description: &'static str,
    value: fn(&S) -> Value,
) -> Definition<S> {
    Definition { name, datatype, unit, ucd, flags, description, value }
}

/// A column as TAP_SCHEMA, `/tables` and results describe it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ColumnInfo {
    /// The FIELD.
    pub field: Field,
    /// Flags, see [`RA`].
    pub flags: u16,
}

impl<S> Definition<S> {
    /// The column's description.
    pub fn info(&self) -> ColumnInfo {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let mut field = Field::new(self.name, self.datatype);
        field.unit = some(self.unit);
        field.ucd = some(self.ucd);
        field.description = some(self.description);
        ColumnInfo { field, flags: self.flags }
    }

    /// The cell of a value, with the precision of the column's type.
    pub fn cell(&self, of: &S) -> Value {
        match (self.value)(of) {
            Value::Real(value) if self.datatype == Datatype::Float => Value::Real(f64::from(value as f32)),
            value => value,
        }
    }
}

impl ColumnInfo {
    /// The name as a query must write it.
    pub fn delimited_name(&self) -> String {
        delimited(&self.field.name)
    }
}

/// A name as a query must write it: in double quotes unless it is a regular identifier (ADQL 2.1, section 2.1.3).
pub fn delimited(name: &str) -> String {
    let regular = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !adql::lexer::is_reserved(name);
    if regular { name.to_owned() } else { adql::translate::quote_name(name) }
}

/// A table as metadata describe it.
#[derive(Clone, Debug)]
pub struct TableInfo {
    /// Schema, `gaiadr3`.
    pub schema: &'static str,
    /// Name without the schema.
    pub name: &'static str,
    /// What it holds.
    pub description: &'static str,
    /// Where the archive's tree of tables shows it.
    pub hierarchy: &'static str,
    /// Columns in order.
    pub columns: Vec<ColumnInfo>,
    /// Rows, once they are counted.
    pub rows: u64,
    /// Columns of right ascension and declination that have an index over the sphere.
    pub position: Option<(&'static str, &'static str)>,
    /// COOSYS of the positions: `ID`, epoch.
    pub coosys: Option<(&'static str, &'static str)>,
}

impl TableInfo {
    /// `gaiadr3.gaia_source`.
    pub fn qualified(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }

    /// Name of the table in the database, quoted.
    pub fn sql_name(&self) -> String {
        format!("catalogue.\"{}.{}\"", self.schema, self.name)
    }

    /// Name of the R*Tree over its positions, quoted.
    pub fn index_name(&self) -> String {
        format!("catalogue.\"{}.{}:sky\"", self.schema, self.name)
    }

    /// The column that is the primary key.
    pub fn key(&self) -> Option<&ColumnInfo> {
        self.columns.iter().find(|column| column.flags & PK != 0)
    }
}
