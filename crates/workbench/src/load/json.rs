//! The archive's JSON (`metadata`, one object a column, and `data`, one array a row), read from a whole file.

use serde::Deserialize;
use serde_json::Value;
use table::{ArraySize, Column, Data, Datatype, Field, Table};

#[derive(Deserialize)]
struct Document {
    metadata: Vec<Metadata>,
    data: Vec<Vec<Value>>,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
    datatype: Option<String>,
    arraysize: Option<String>,
    unit: Option<String>,
    ucd: Option<String>,
    utype: Option<String>,
    description: Option<String>,
}

/// The table, or why there is none.
pub(crate) fn read(bytes: &[u8]) -> Result<Table, String> {
    let document: Document =
        serde_json::from_slice(bytes).map_err(|error| format!("the JSON holds no table: {error}"))?;
    let mut table = Table::new(document.metadata.into_iter().map(field).collect());
    for row in document.data {
        let mut cells = row.iter();
        for column in &mut table.columns {
            push(column, cells.next().unwrap_or(&Value::Null));
        }
    }
    Ok(table)
}

fn field(about: Metadata) -> Field {
    let datatype = about.datatype.as_deref().and_then(Datatype::parse).unwrap_or(Datatype::Char);
    let mut field = Field::new(about.name, datatype);
    let size = about.arraysize.as_deref().and_then(ArraySize::parse).unwrap_or_default();
    field.arraysize = if datatype.is_text() { ArraySize::VARIABLE } else { size };
    (field.unit, field.ucd, field.utype, field.description) = (about.unit, about.ucd, about.utype, about.description);
    field
}

fn push(column: &mut Column, value: &Value) {
    match value {
        Value::Null => column.push_null(),
        Value::Bool(value) => column.push_boolean(*value),
        Value::Number(number) => match number.as_i64() {
            // A whole number keeps its digits.
            Some(value) => column.push_integer(value),
            None => column.push_double(number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(text) => column.push_text(text),
        Value::Array(elements) => {
            elements.iter().for_each(|element| append(column.data_mut(), element));
            column.end_row(true);
        }
        Value::Object(_) => column.push_text(&value.to_string()),
    }
}

/// An element of an array; null is NaN or unknown, and 0 where a type has neither.
fn append(data: &mut Data, value: &Value) {
    let whole = value.as_i64().unwrap_or_default();
    let number = value.as_f64().unwrap_or(f64::NAN);
    match data {
        Data::Boolean(data) => data.push(value.as_bool().map_or(2, u8::from)),
        Data::UnsignedByte(data) => data.push(whole as u8),
        Data::Short(data) => data.push(whole as i16),
        Data::Int(data) => data.push(whole as i32),
        Data::Long(data) => data.push(whole),
        Data::Float(data) => data.push(number as f32),
        Data::Double(data) => data.push(number),
        Data::FloatComplex(data) => data.push([number as f32, 0.0]),
        Data::DoubleComplex(data) => data.push([number, 0.0]),
        Data::Text(data) => data.push_str(value.as_str().unwrap_or_default()),
    }
}
