//! `/tables`: schemas, tables and columns, as VOSI has them and as TAP+ does.
//!
//! VODataService 1.1 and 1.2 section 3; both type vocabularies. The document may have several megabytes, so
//! it is walked and only one column at a time is held as a tree.

use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, error_in_ok_body},
    xml::{self, Element, Step, Walker},
};

const WHAT: &str = "table metadata";

/// A schema with its tables.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Schema {
    /// Name; empty for tables that are in no schema.
    pub name: String,
    /// Title for people.
    pub title: Option<String>,
    /// Description, with whatever markup the service sends: see [`crate::html::to_text`].
    pub description: Option<String>,
    /// `false` for schemas of one user alone (TAP+).
    pub public: bool,
    /// Tables in the document's order.
    pub tables: Vec<Table>,
}

/// A table. Without columns if they were not asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Table {
    /// Qualified name, as a query needs it.
    pub name: String,
    /// Title for people.
    pub title: Option<String>,
    /// `base_table`, `view`, `output` … as the service says.
    pub kind: Option<String>,
    /// Description, with whatever markup the service sends.
    pub description: Option<String>,
    /// UType of the table's data model.
    pub utype: Option<String>,
    /// Number of rows (TAP+ `size`, VODataService 1.2 `nrows`).
    pub size: Option<u64>,
    /// Bytes in the database (TAP+).
    pub size_bytes: Option<u64>,
    /// Flags of the table (TAP+); their meaning is not documented.
    pub flags: Option<i64>,
    /// Path in a tree of tables, parts separated by slashes (TAP+).
    pub hierarchy: Option<String>,
    /// Columns in the document's order.
    pub columns: Vec<Column>,
    /// Keys that lead to other tables.
    pub foreign_keys: Vec<ForeignKey>,
    /// Groups and users that the table is shared to (TAP+, if asked for).
    pub shared_to: Vec<SharedTo>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Column {
    /// Name, with double quotes where the service writes them.
    pub name: String,
    /// Description, with whatever markup the service sends.
    pub description: Option<String>,
    /// Unit as written.
    pub unit: Option<String>,
    /// UCD.
    pub ucd: Option<String>,
    /// UType.
    pub utype: Option<String>,
    /// Type as written: of VOTable (`double`, `char`) or of TAP (`DOUBLE`, `VARCHAR`). Empty if none is given.
    pub datatype: String,
    /// Array size: of VOTable, or the `size` of a TAP type. ESA leaves it out even for strings.
    pub arraysize: Option<String>,
    /// Extended type, such as `timestamp` or `adql:POINT`.
    pub xtype: Option<String>,
    /// Flags (TAP+).
    pub flags: ColumnFlags,
    /// The database has an index of it.
    pub indexed: bool,
    /// One of the columns that matter most (`principal`; ESA writes `primary`).
    pub principal: bool,
    /// Defined by a standard and not by the service.
    pub std: bool,
    /// Name of a coordinate system (TAP+ `ref`).
    pub reference: Option<String>,
}

/// What TAP+ knows of a user table's column: 1 right ascension, 2 declination, 4 flux, 8 magnitude, 16 primary key;
/// 32 may be added to each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ColumnFlags(pub u32);

impl ColumnFlags {
    /// Right ascension.
    pub const fn is_ra(self) -> bool {
        self.0 & 1 != 0
    }

    /// Declination.
    pub const fn is_dec(self) -> bool {
        self.0 & 2 != 0
    }

    /// Flux.
    pub const fn is_flux(self) -> bool {
        self.0 & 4 != 0
    }

    /// Magnitude.
    pub const fn is_mag(self) -> bool {
        self.0 & 8 != 0
    }

    /// Primary key.
    pub const fn is_primary_key(self) -> bool {
        self.0 & 16 != 0
    }
}

/// A key into another table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ForeignKey {
    /// Qualified name of the other table.
    pub target_table: String,
    /// Description.
    pub description: Option<String>,
    /// UType.
    pub utype: Option<String>,
    /// Pairs of columns: here, there.
    pub columns: Vec<(String, String)>,
}

/// One share of a table (TAP+).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SharedTo {
    /// Id of the group or user.
    pub id: String,
    /// `Group` or `User`.
    pub kind: String,
    /// `Read` or `Write`.
    pub mode: String,
}

/// Reads a table set, a single schema or a single table.
///
/// # Errors
/// `Service` if the bytes are a page or another error of the service; `Truncated` or `Document` if they are
/// no whole table set: a part of the tables would look like all of them.
pub fn parse_tables(bytes: &[u8]) -> Result<Vec<Schema>, Error> {
    if let Some(error) = error_in_ok_body(None, &bytes[..bytes.len().min(65_536)]) {
        return Err(error);
    }
    let text = xml::decode(bytes);
    let mut walker = Walker::new(&text, WHAT)?;
    let Step::Start(root) = walker.next()? else {
        return Err(Error::document(WHAT, "there is no XML in it", None));
    };
    let mut schemas = Vec::new();
    if root.is("table") {
        let table = read_table(&mut walker, &root, "")?;
        let name = table.name.rsplit_once('.').map_or("", |(schema, _)| schema).to_owned();
        schemas.push(Schema { name, public: true, tables: vec![table], ..Schema::default() });
        return Ok(schemas);
    }
    if root.is("schema") {
        schemas.push(read_schema(&mut walker, &root)?);
        return Ok(schemas);
    }
    if !root.is("tableset") {
        return Err(Error::document(WHAT, format!("it is a document of type {}", root.name), None));
    }
    read_tableset(&mut walker, &mut schemas)?;
    Ok(schemas)
}

fn read_tableset(walker: &mut Walker<'_>, schemas: &mut Vec<Schema>) -> Result<(), Error> {
    // VODataService 1.0 has tables with no schema round them.
    let mut homeless = Schema { public: true, ..Schema::default() };
    loop {
        match walker.next()? {
            Step::Start(element) if element.is("schema") => schemas.push(read_schema(walker, &element)?),
            Step::Start(element) if element.is("table") => homeless.tables.push(read_table(walker, &element, "")?),
            Step::Start(_) => walker.skip()?,
            Step::End | Step::Eof => break,
        }
    }
    if !homeless.tables.is_empty() {
        schemas.push(homeless);
    }
    Ok(())
}

fn read_schema(walker: &mut Walker<'_>, start: &Element) -> Result<Schema, Error> {
    let mut schema = Schema {
        public: start.attribute("public").is_none_or(is_true),
        title: start.attribute("title").and_then(filled),
        ..Schema::default()
    };
    loop {
        match walker.next()? {
            Step::Start(element) if element.is("table") => {
                let table = read_table(walker, &element, &schema.name)?;
                schema.tables.push(table);
            }
            Step::Start(element) => {
                let element = walker.tree(element)?;
                match element.name.to_ascii_lowercase().as_str() {
                    "name" => schema.name = element.text.trim().to_owned(),
                    "title" => schema.title = filled(&element.text),
                    "description" => schema.description = filled(&element.text),
                    _ => {}
                }
            }
            Step::End | Step::Eof => break,
        }
    }
    // The name may come after the tables.
    for table in &mut schema.tables {
        table.name = qualified(&table.name, &schema.name);
    }
    Ok(schema)
}

fn read_table(walker: &mut Walker<'_>, start: &Element, schema: &str) -> Result<Table, Error> {
    let number = |name: &str| start.attribute(name).and_then(|value| value.trim().parse().ok());
    let mut table = Table {
        kind: start.attribute("type").and_then(filled),
        size: number("size"),
        size_bytes: number("size_bytes"),
        flags: start.attribute("flags").and_then(|value| value.trim().parse().ok()),
        hierarchy: start.attribute("hierarchy").and_then(filled),
        ..Table::default()
    };
    while let Step::Start(element) = walker.next()? {
        let element = walker.tree(element)?;
        match element.name.to_ascii_lowercase().as_str() {
            "name" => table.name = qualified(element.text.trim(), schema),
            "title" => table.title = filled(&element.text),
            "description" => table.description = filled(&element.text),
            "utype" => table.utype = known(&element.text),
            "nrows" => table.size = table.size.or_else(|| element.text.trim().parse().ok()),
            "column" => table.columns.push(column_of(&element)),
            "foreignkey" => table.foreign_keys.push(foreign_key_of(&element)),
            "shareinfo" => table.shared_to.extend(element.children_named("sharedTo").map(shared_to_of)),
            _ => {}
        }
    }
    Ok(table)
}

fn column_of(element: &Element) -> Column {
    let data_type = element.child("dataType");
    let of_type = |name: &str| data_type.and_then(|data_type| data_type.attribute(name)).and_then(filled);
    let flagged = |words: &[&str]| {
        element.children_named("flag").any(|flag| words.iter().any(|word| flag.text.trim().eq_ignore_ascii_case(word)))
    };
    let text = |name: &str| element.child_text(name);
    Column {
        name: text("name").unwrap_or_default(),
        description: text("description"),
        unit: text("unit"),
        ucd: text("ucd").as_deref().and_then(known),
        utype: text("utype").as_deref().and_then(known),
        datatype: data_type.map(|data_type| data_type.text.trim().to_owned()).unwrap_or_default(),
        arraysize: of_type("arraysize").or_else(|| of_type("size")),
        xtype: of_type("extendedType").or_else(|| of_type("xtype")),
        flags: ColumnFlags(element.attribute("flags").and_then(|value| value.trim().parse().ok()).unwrap_or(0)),
        indexed: flagged(&["indexed"]),
        principal: flagged(&["primary", "principal"]),
        std: element.attribute("std").is_some_and(is_true),
        reference: element.attribute("ref").and_then(filled),
    }
}

fn foreign_key_of(element: &Element) -> ForeignKey {
    let pair = |column: &Element| Some((column.child_text("fromColumn")?, column.child_text("targetColumn")?));
    ForeignKey {
        target_table: element.child_text("targetTable").unwrap_or_default(),
        description: element.child_text("description"),
        utype: element.child_text("utype").as_deref().and_then(known),
        columns: element.children_named("fkColumn").filter_map(pair).collect(),
    }
}

fn shared_to_of(element: &Element) -> SharedTo {
    let word = |name: &str| element.attribute(name).unwrap_or_default().trim().to_owned();
    SharedTo { id: element.text.trim().to_owned(), kind: word("type"), mode: word("mode") }
}

/// Bare names get their schema; a name with a dot outside quotes is qualified already.
fn qualified(name: &str, schema: &str) -> String {
    let mut quoted = false;
    let has_dot = name.chars().any(|c| {
        quoted ^= c == '"';
        c == '.' && !quoted
    });
    if has_dot || schema.is_empty() || name.is_empty() { name.to_owned() } else { format!("{schema}.{name}") }
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// `None` is what Python clients left in UCDs and utypes of user tables.
fn known(text: &str) -> Option<String> {
    filled(text).filter(|text| text != "None")
}

fn is_true(text: &str) -> bool {
    matches!(text.trim().to_ascii_lowercase().as_str(), "true" | "1")
}
