//! Tables that come with a query (TAP 1.1, section 2.7.6): VOTables that become tables of a database for its time.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use rusqlite::Connection;
use rusqlite::types::Value;
use table::{Cell, Column, Field, Table};

use adql::translate::quote_name;

use crate::fault::Fault;
use crate::parameters::Parameters;
use crate::query::is_storable;

/// An uploaded table, as queries see it in `tap_upload`.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct UploadedTable {
    /// Name without schema.
    pub name: String,
    /// Its columns; in the database they are called `c0`, `c1`, …
    pub fields: Vec<Field>,
}

/// A table that was named in a request, not yet read.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Name without schema.
    pub name: String,
    /// The file.
    pub body: bytes::Bytes,
}

/// What `UPLOAD` names: `table,param:part;table,param:part`. In place of `param:` an address may stand for which `fetch` has
/// the bytes.
pub fn requested(
    parameters: &Parameters,
    fetch: &dyn Fn(&str) -> Result<bytes::Bytes, Fault>,
) -> Result<Vec<Upload>, Fault> {
    let mut uploads: Vec<Upload> = Vec::new();
    let values = parameters.all("upload").flat_map(|value| value.split(';')).map(str::trim);
    for pair in values.filter(|pair| !pair.is_empty()) {
        let (name, source) = pair.split_once(',').ok_or_else(|| {
            Fault::bad(
                "Bad syntax ! An UPLOAD parameter must contain a list of pairs separated by a ';'. Each pair is composed \
                 of 2 parts, a table name and a URI separated by a ','.",
            )
        })?;
        let name = name.trim().trim_matches('"');
        let name =
            name.rsplit_once('.').filter(|(schema, _)| schema.eq_ignore_ascii_case("tap_upload")).map_or(name, |n| n.1);
        if name.is_empty() || name.contains('.') {
            return Err(Fault::bad(format!("'{name}' is not a name for an uploaded table: it must be one word.")));
        }
        if uploads.iter().any(|other| other.name.eq_ignore_ascii_case(name)) {
            return Err(Fault::bad(format!("Two uploaded tables are called '{name}'.")));
        }
        let body = match source.trim().strip_prefix("param:") {
            Some(part) => {
                let missing = || Fault::bad(format!("Upload '{name}': the request has no part '{part}'."));
                parameters.file(part).ok_or_else(missing)?.body.clone()
            }
            None => fetch(source.trim())?,
        };
        uploads.push(Upload { name: name.to_owned(), body });
    }
    Ok(uploads)
}

/// The parts of the request that hold the tables.
pub fn parts(parameters: &Parameters) -> impl Iterator<Item = &str> {
    let pairs = parameters.all("upload").flat_map(|value| value.split(';'));
    pairs.filter_map(|pair| pair.split_once(',').and_then(|(_, source)| source.trim().strip_prefix("param:")))
}

/// Reads a VOTable and writes its first table into the database `uploads` of a connection. At most `limit` bytes when inflated.
pub fn store(connection: &Connection, upload: &Upload, limit: usize) -> Result<UploadedTable, Fault> {
    let stored = || {
        let document = votable(&inflated(&upload.body, limit)?)?;
        let table = first_table(&document)?;
        let fields = fields(table)?;
        write(connection, &format!("uploads.{}", quote_name(&upload.name)), &table.columns, table.rows())?;
        Ok(UploadedTable { name: upload.name.clone(), fields })
    };
    stored().map_err(|fault: Fault| Fault::new(fault.status, format!("Upload '{}': {}", upload.name, fault.message)))
}

/// A file as it is, or what is in it if it is gzip: at most `limit` bytes.
pub fn inflated(body: &[u8], limit: usize) -> Result<Cow<'_, [u8]>, Fault> {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return Ok(body.into());
    }
    let mut inflated = Vec::new();
    let mut reader = MultiGzDecoder::new(body).take(limit as u64 + 1);
    let read = reader.read_to_end(&mut inflated);
    read.map_err(|cause| Fault::bad(format!("the file is not intact gzip ({cause})")))?;
    if inflated.len() > limit {
        return Err(Fault::new(http::StatusCode::PAYLOAD_TOO_LARGE, "Upload limit exceeded"));
    }
    Ok(inflated.into())
}

/// Reads a VOTable.
pub fn votable(body: &[u8]) -> Result<votable::Document, Fault> {
    let mut reader = votable::Reader::new();
    let read = reader.push(body).and_then(|()| reader.finish());
    read.map_err(|error| Fault::bad(format!("not a VOTable: {error}")))?;
    Ok(reader.into_document())
}

/// The first table of a document.
pub fn first_table(document: &votable::Document) -> Result<&Table, Fault> {
    let element = document.tables().next();
    element.map(|element| &element.table).ok_or_else(|| Fault::bad("not a VOTable: there is no TABLE in it"))
}

/// The columns of a table that the archive can keep.
pub fn fields(table: &Table) -> Result<Vec<Field>, Fault> {
    let fields: Vec<Field> = table.columns.iter().map(|column| plain(column.field())).collect();
    if fields.is_empty() {
        return Err(Fault::bad("the table has no columns"));
    }
    let mut names = HashSet::new();
    for field in &fields {
        if !names.insert(field.name.to_ascii_lowercase()) {
            return Err(Fault::bad(format!("two columns are called '{}'.", field.name)));
        }
        if !is_storable(field) {
            return Err(Fault::bad(format!("column '{}' holds complex numbers.", field.name)));
        }
    }
    Ok(fields)
}

/// A field without what referred to the document that it comes from.
pub fn plain(field: &Field) -> Field {
    Field { id: None, reference: None, null: None, ..field.clone() }
}

/// Makes a table of the rows of a document; `table` is its name in SQL. Its columns are called `c0`, `c1`, …
pub fn write(connection: &Connection, table: &str, columns: &[Column], rows: usize) -> Result<(), Fault> {
    let names: Vec<String> = (0..columns.len()).map(|at| format!("c{at}")).collect();
    connection.execute_batch(&format!("CREATE TABLE {table} ({})", names.join(", ")))?;
    let places = vec!["?"; columns.len()].join(", ");
    connection.execute_batch("BEGIN")?;
    let mut insert = connection.prepare(&format!("INSERT INTO {table} VALUES ({places})"))?;
    for row in 0..rows {
        for (at, column) in columns.iter().enumerate() {
            insert.raw_bind_parameter(at + 1, value(column.cell(row)))?;
        }
        insert.raw_execute()?;
    }
    drop(insert);
    connection.execute_batch("COMMIT")?;
    Ok(())
}

/// A cell as the database keeps it.
pub fn value(cell: Cell<'_>) -> Value {
    match cell {
        Cell::Null | Cell::Complex(_) => Value::Null,
        Cell::Boolean(value) => Value::Integer(value.into()),
        Cell::Integer(value) => Value::Integer(value),
        Cell::Float(value) => Value::Real(value.into()),
        Cell::Double(value) => Value::Real(value),
        Cell::Text(text) => Value::Text(text.to_owned()),
        Cell::Array(_) => Value::Text(cell.to_string()),
    }
}
