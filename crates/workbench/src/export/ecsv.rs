//! ECSV 1.0: a header in YAML on comment lines, then CSV. Null is nothing, arrays are JSON in a string column.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::ops::Range;

use ::votable::model::Info;
use ::votable::writer::Preamble;
use table::{Cell, Column, Datatype, Field};

use super::text::{self, Spelling};

const SPELLING: Spelling =
    Spelling { nan: "nan", infinity: "inf", negative_infinity: "-inf", null: "", truth: ["False", "True"], ..ARRAY };

/// Inside arrays the cell is JSON, with the names for special numbers that Python reads and writes.
const ARRAY: Spelling = Spelling {
    nan: "NaN",
    infinity: "Infinity",
    negative_infinity: "-Infinity",
    null: "null",
    truth: ["false", "true"],
    comma: ",",
    brackets: *b"[]",
};

pub(super) fn header(preamble: &Preamble, out: &mut Vec<u8>) {
    let mut text = String::from("# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:\n");
    for field in &preamble.fields {
        column(field, &mut text);
    }
    meta(preamble, &mut text);
    out.extend_from_slice(text.as_bytes());
    super::csv::header(&preamble.fields, out);
}

pub(super) fn rows(columns: &[Column], rows: Range<usize>, out: &mut Vec<u8>) {
    let shapes: Vec<Vec<usize>> = columns.iter().map(|column| shape(column.field())).collect();
    let mut array = Vec::new();
    for row in rows {
        for (at, column) in columns.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            match column.cell(row) {
                Cell::Null => {}
                Cell::Text(value) => text::quoted(value, out),
                cell @ (Cell::Array(_) | Cell::Complex(_)) => {
                    array.clear();
                    text::value(cell, &ARRAY, &shapes[at], &mut array);
                    text::quoted(std::str::from_utf8(&array).unwrap_or_default(), out);
                }
                cell => text::value(cell, &SPELLING, &[], out),
            }
        }
        if let [column] = columns
            && column.is_null(row)
        {
            out.extend_from_slice(b"\"\"");
        }
        out.push(b'\n');
    }
}

/// What was learned behind the last row stands in comment lines.
pub(super) fn finish(trailing: &[Info], out: &mut Vec<u8>) {
    let mut text = String::new();
    for info in trailing {
        text.push_str("# ");
        quote(&info.name, &mut text);
        text.push_str(": ");
        quote(&info.value, &mut text);
        text.push('\n');
    }
    out.extend_from_slice(text.as_bytes());
}

fn column(field: &Field, out: &mut String) {
    out.push_str("# - name: ");
    quote(&field.name, out);
    let (datatype, subtype) = types(field);
    // Writing to a String cannot fail.
    let _ = write!(out, "\n#   datatype: {datatype}\n");
    if let Some(subtype) = subtype {
        let _ = writeln!(out, "#   subtype: '{subtype}'");
    }
    for (key, value) in [("unit", &field.unit), ("description", &field.description)] {
        if let Some(value) = value.as_deref().filter(|value| !value.trim().is_empty()) {
            let _ = write!(out, "#   {key}: ");
            quote(value.trim(), out);
            out.push('\n');
        }
    }
    let meta = [("ucd", &field.ucd), ("utype", &field.utype), ("xtype", &field.xtype)];
    let mut meta = meta.into_iter().filter_map(|(key, value)| Some((key, value.as_deref()?))).peekable();
    if meta.peek().is_some() {
        out.push_str("#   meta:\n");
        for (key, value) in meta {
            let _ = write!(out, "#     {key}: ");
            quote(value, out);
            out.push('\n');
        }
    }
}

fn meta(preamble: &Preamble, out: &mut String) {
    let infos = preamble.infos.iter().map(|info| {
        // The archive repeats a long value as text, with its line breaks.
        let text = info.text.as_deref().map(str::trim).filter(|text| text.len() >= info.value.trim().len());
        (info.name.as_str(), text.unwrap_or(&info.value))
    });
    let params = preamble.params.iter().map(|param| (param.field.name.as_str(), param.value.as_str()));
    let table = [("name", &preamble.table_name), ("description", &preamble.table_description)];
    let table = table.into_iter().filter_map(|(key, value)| Some((key, value.as_deref()?)));
    let mut seen = HashSet::new();
    for (name, value) in infos.chain(params).chain(table) {
        if seen.is_empty() {
            out.push_str("# meta:\n");
        }
        // A key may stand only once in YAML.
        let mut key = name.to_owned();
        let mut number = 1;
        while !seen.insert(key.clone()) {
            number += 1;
            key = format!("{name}_{number}");
        }
        out.push_str("#   ");
        quote(&key, out);
        out.push_str(": ");
        quote(value, out);
        out.push('\n');
    }
}

/// The datatype, and the subtype that says what the JSON in a string column is.
fn types(field: &Field) -> (&'static str, Option<String>) {
    let complex = matches!(field.datatype, Datatype::FloatComplex | Datatype::DoubleComplex);
    let element = match field.datatype {
        Datatype::Boolean | Datatype::Bit => "bool",
        Datatype::UnsignedByte => "uint8",
        Datatype::Short => "int16",
        Datatype::Int => "int32",
        Datatype::Long => "int64",
        Datatype::Float | Datatype::FloatComplex => "float32",
        Datatype::Double | Datatype::DoubleComplex => "float64",
        Datatype::Char | Datatype::UnicodeChar => return ("string", None),
    };
    if field.arraysize.is_scalar() && !complex {
        return (element, None);
    }
    let size = &field.arraysize;
    // The only dimension that ECSV lets vary is the last one, the fastest; other shapes are JSON without a promise.
    let subtype = match (size.variable, complex) {
        (true, false) if size.dims.is_empty() => format!("{element}[null]"),
        (true, _) => "json".to_owned(),
        (false, complex) => {
            let mut dims: Vec<String> = size.dims.iter().rev().map(usize::to_string).collect();
            dims.extend(complex.then(|| "2".to_owned()));
            format!("{element}[{}]", dims.join(","))
        }
    };
    ("string", Some(subtype))
}

/// Sizes of the dimensions, slowest first, where brackets nest.
fn shape(field: &Field) -> Vec<usize> {
    let size = &field.arraysize;
    let fixed = size.dims.iter().rev().copied();
    // The size of the slowest dimension is not looked at.
    if size.variable { std::iter::once(0).chain(fixed).collect() } else { fixed.collect() }
}

/// Appends a double-quoted YAML scalar; what is not plain printable text, line breaks of all kinds among it, is escaped.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        let _ = match c {
            '"' | '\\' => write!(out, "\\{c}"),
            '\n' => out.write_str("\\n"),
            '\r' => out.write_str("\\r"),
            '\t' => out.write_str("\\t"),
            ' '..='~'
            | '\u{a0}'..='\u{2027}'
            | '\u{202a}'..='\u{d7ff}'
            | '\u{e000}'..='\u{fefe}'
            | '\u{ff00}'..='\u{fffd}' => out.write_char(c),
            c if u32::from(c) > 0xffff => write!(out, "\\U{:08x}", u32::from(c)),
            c => write!(out, "\\u{:04x}", u32::from(c)),
        };
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use table::ArraySize;

    use super::*;

    #[test]
    fn arrays_name_their_shape() {
        let of = |datatype, size: &str| {
            let mut field = Field::new("x", datatype);
            field.arraysize = ArraySize::parse(size).unwrap();
            types(&field)
        };
        assert_eq!(of(Datatype::Long, ""), ("int64", None));
        assert_eq!(of(Datatype::Double, "*"), ("string", Some("float64[null]".to_owned())));
        assert_eq!(of(Datatype::Float, "3x4"), ("string", Some("float32[4,3]".to_owned())));
        assert_eq!(of(Datatype::Float, "3x*"), ("string", Some("json".to_owned())));
        assert_eq!(of(Datatype::DoubleComplex, ""), ("string", Some("float64[2]".to_owned())));
        assert_eq!(of(Datatype::Char, "8x*"), ("string", None));
    }

    #[test]
    fn yaml_text_stays_on_its_line() {
        let mut out = String::new();
        quote("a \"b\"\n\\c\u{85}\u{2028}é\u{1f52d}", &mut out);
        assert_eq!(out, "\"a \\\"b\\\"\\n\\\\c\\u0085\\u2028é\\U0001f52d\"");
    }
}
