//! A document in numbers, as JSON: for each table its rows, for each column how many cells hold a value, the first and the last,
//! least, greatest and sum. For comparing readers.
//!
//! Sums of whole numbers are exact; those of floating-point numbers are rounded once, at the end.

use std::fmt::Write as _;

use table::{Array, Cell, Column, Data, Field};

use crate::{Document, Resource, TableElement};

/// Characters of a text and elements of an array that are shown.
const TEXT: usize = 200;
const ELEMENTS: usize = 12;

/// The tables of a document as the members of a JSON object, `"tables": […]`.
pub fn tables(document: &Document) -> String {
    let mut out = String::from("\"tables\": [");
    let mut first = true;
    for (at, resource) in document.resources.iter().enumerate() {
        resource_tables(resource, &format!("R{at}"), &mut first, &mut out);
    }
    out.push(']');
    out
}

/// A text as a JSON string.
pub fn json_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\0'..='\x1f' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}

fn resource_tables(resource: &Resource, path: &str, first: &mut bool, out: &mut String) {
    for (at, table) in resource.tables.iter().enumerate() {
        out.push_str(if std::mem::take(first) { "\n" } else { ",\n" });
        table_summary(table, &format!("{path}/T{at}"), out);
    }
    for (at, inner) in resource.resources.iter().enumerate() {
        resource_tables(inner, &format!("{path}/R{at}"), first, out);
    }
}

fn table_summary(element: &TableElement, path: &str, out: &mut String) {
    let table = &element.table;
    let _ = write!(
        out,
        "{{\"path\": \"{path}\", \"name\": {}, \"ID\": {}, \"rows\": {}, \"ncols\": {}, \"params\": {}, \"columns\": [",
        optional(table.name.as_deref()),
        optional(element.id.as_deref()),
        table.rows(),
        table.columns.len(),
        element.params.len(),
    );
    for (at, column) in table.columns.iter().enumerate() {
        out.push_str(if at > 0 { ",\n  {" } else { "\n  {" });
        column_summary(column, table.rows(), out);
        out.push('}');
    }
    out.push_str("]}");
}

fn column_summary(column: &Column, rows: usize, out: &mut String) {
    let field = column.field();
    let arraysize = Some(field.arraysize.to_string()).filter(|size| !size.is_empty());
    let _ = write!(
        out,
        "\"name\": {}, \"ID\": {}, \"datatype\": \"{}\", \"arraysize\": {}, \"unit\": {}, \"ucd\": {}, \"nonnull\": {}",
        json_string(&field.name),
        optional(field.id.as_deref()),
        field.datatype.name(),
        optional(arraysize.as_deref()),
        optional(field.unit.as_deref()),
        optional(field.ucd.as_deref()),
        (0..rows).filter(|row| holds_value(column.cell(*row))).count(),
    );
    if rows > 0 {
        let _ = write!(out, ", \"first\": {}, \"last\": {}", shown(column, 0), shown(column, rows - 1));
    }
    match column.data() {
        Data::Text(_) => text(column, rows, out),
        _ if !field.arraysize.is_scalar() => array(column, rows, out),
        Data::Boolean(_) => {
            let count = (0..rows).filter(|row| column.cell(*row) == Cell::Boolean(true)).count();
            let _ = write!(out, ", \"true\": {count}");
        }
        Data::Float(_) | Data::Double(_) => floats(column, rows, out),
        Data::FloatComplex(_) | Data::DoubleComplex(_) => complex(column, rows, out),
        _ => integers(column, rows, out),
    }
}

fn text(column: &Column, rows: usize, out: &mut String) {
    let mut characters = 0;
    let mut filled: Option<(&str, &str)> = None;
    for row in 0..rows {
        if let Cell::Text(text) = column.cell(row)
            && !text.is_empty()
        {
            characters += text.chars().count();
            filled = Some((filled.map_or(text, |(first, _)| first), text));
        }
    }
    if rows > 0 {
        let _ = write!(out, ", \"chars\": {characters}");
    }
    if let Some((first, last)) = filled {
        let _ = write!(out, ", \"first_nonempty\": {}, \"last_nonempty\": {}", cut(first), cut(last));
    }
}

fn integers(column: &Column, rows: usize, out: &mut String) {
    let mut values = (0..rows).filter_map(|row| match column.cell(row) {
        Cell::Integer(value) => Some(value),
        _ => None,
    });
    let Some(first) = values.next() else { return };
    let (mut min, mut max, mut sum) = (first, first, i128::from(first));
    for value in values {
        min = min.min(value);
        max = max.max(value);
        sum += i128::from(value);
    }
    let _ = write!(out, ", \"min\": {min}, \"max\": {max}, \"sum\": {sum}");
}

fn floats(column: &Column, rows: usize, out: &mut String) {
    let values = (0..rows).filter_map(|row| column.number(row));
    let (mut min, mut max, mut infinite) = (f64::INFINITY, f64::NEG_INFINITY, 0);
    let mut sum = Sum::default();
    for value in values {
        if value.is_infinite() {
            infinite += 1;
            continue;
        }
        min = min.min(value);
        max = max.max(value);
        sum.add(value);
    }
    if min <= max {
        let _ = write!(out, ", \"min\": {min:?}, \"max\": {max:?}, \"sum\": {:?}", sum.total());
    }
    if infinite > 0 {
        let _ = write!(out, ", \"infinite\": {infinite}");
    }
}

fn complex(column: &Column, rows: usize, out: &mut String) {
    let (mut real, mut imaginary, mut any) = (Sum::default(), Sum::default(), false);
    for row in 0..rows {
        if let Cell::Complex([re, im]) = column.cell(row)
            && re.is_finite()
            && im.is_finite()
        {
            any = true;
            real.add(re);
            imaginary.add(im);
        }
    }
    if any {
        let _ = write!(out, ", \"sum\": [{:?}, {:?}]", real.total(), imaginary.total());
    }
}

fn array(column: &Column, rows: usize, out: &mut String) {
    let (mut elements, mut sum) = (0, Sum::default());
    for row in 0..rows {
        let Cell::Array(array) = column.cell(row) else { continue };
        elements += array.len();
        for element in array.iter() {
            let value = match element {
                Cell::Boolean(value) => f64::from(u8::from(value)),
                Cell::Integer(value) => value as f64,
                Cell::Float(value) => value.into(),
                Cell::Double(value) => value,
                Cell::Complex([real, _]) => real,
                _ => continue,
            };
            if value.is_finite() {
                sum.add(value);
            }
        }
    }
    if rows > 0 {
        let _ = write!(out, ", \"elements\": {elements}, \"sum\": {:?}", sum.total());
    }
}

fn holds_value(cell: Cell<'_>) -> bool {
    match cell {
        Cell::Null => false,
        Cell::Float(value) => !value.is_nan(),
        Cell::Double(value) => !value.is_nan(),
        Cell::Text(text) => !text.is_empty(),
        Cell::Array(array) => !array.is_empty(),
        _ => true,
    }
}

fn shown(column: &Column, row: usize) -> String {
    match column.cell(row) {
        Cell::Null if column.field().is_text() => "\"\"".to_owned(),
        Cell::Null if column.field().arraysize.variable && !is_complex(column) => "[]".to_owned(),
        Cell::Text(text) => cut(text),
        Cell::Array(array) => nested(array, column.field()),
        cell => scalar(cell),
    }
}

fn scalar(cell: Cell<'_>) -> String {
    match cell {
        Cell::Boolean(value) => value.to_string(),
        Cell::Integer(value) => value.to_string(),
        Cell::Float(value) => number(value.into()),
        Cell::Double(value) => number(value),
        Cell::Complex([real, imaginary]) => format!("[{}, {}]", number(real), number(imaginary)),
        _ => "null".to_owned(),
    }
}

/// The first elements of an array, the fastest dimension innermost; null if no element has a value.
fn nested(array: Array<'_>, field: &Field) -> String {
    let null = field.null.as_deref().and_then(|null| null.trim().parse().ok()).map(Cell::Integer);
    let element = |cell| if Some(cell) == null { "null".to_owned() } else { scalar(cell) };
    let elements: Vec<String> = array.iter().map(element).collect();
    if !field.arraysize.variable && elements.iter().all(|element| element == "null") {
        return "null".to_owned();
    }
    // The slowest dimension is the outer list.
    let inner = match field.arraysize.dims.as_slice() {
        [inner @ .., _] if !field.arraysize.variable => inner,
        dims => dims,
    };
    let elements = inner.iter().fold(elements, |elements, &dim| {
        elements.chunks(dim.max(1)).map(|row| format!("[{}]", row.join(", "))).collect()
    });
    format!("[{}]", elements[..elements.len().min(ELEMENTS)].join(", "))
}

fn is_complex(column: &Column) -> bool {
    matches!(column.data(), Data::FloatComplex(_) | Data::DoubleComplex(_))
}

fn number(value: f64) -> String {
    match value {
        value if value.is_finite() => format!("{value:?}"),
        value if value.is_nan() => "null".to_owned(),
        value if value > 0.0 => "\"inf\"".to_owned(),
        _ => "\"-inf\"".to_owned(),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(TEXT) {
        Some((end, _)) => json_string(&format!("{}…", &text[..end])),
        None => json_string(text),
    }
}

fn optional(text: Option<&str>) -> String {
    text.map_or_else(|| "null".to_owned(), json_string)
}

/// A sum without rounding in between: a list of numbers that do not overlap (Shewchuk 1997).
#[derive(Default)]
struct Sum {
    parts: Vec<f64>,
}

impl Sum {
    fn add(&mut self, value: f64) {
        let mut value = value;
        let mut kept = 0;
        for at in 0..self.parts.len() {
            let (larger, smaller) =
                if value.abs() < self.parts[at].abs() { (self.parts[at], value) } else { (value, self.parts[at]) };
            let sum = larger + smaller;
            let lost = smaller - (sum - larger);
            if lost != 0.0 {
                self.parts[kept] = lost;
                kept += 1;
            }
            value = sum;
        }
        self.parts.truncate(kept);
        self.parts.push(value);
    }

    fn total(&self) -> f64 {
        // From the largest part down; the first loss decides the rounding, except where the rest breaks a tie.
        let mut parts = self.parts.iter().rev();
        let mut total = parts.next().copied().unwrap_or(0.0);
        while let Some(part) = parts.next() {
            let sum = total + part;
            let lost = part - (sum - total);
            total = sum;
            if lost != 0.0 {
                if parts.next().is_some_and(|next| (*next > 0.0) == (lost > 0.0)) {
                    let doubled = lost * 2.0;
                    let up = total + doubled;
                    if up - total == doubled {
                        total = up;
                    }
                }
                break;
            }
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact() {
        let mut sum = Sum::default();
        for value in [1e100, 1.0, -1e100, 1e-20] {
            sum.add(value);
        }
        assert_eq!(sum.total(), 1.0);
        let mut sum = Sum::default();
        (0..10).for_each(|_| sum.add(0.1));
        assert_eq!(sum.total(), 1.0);
    }
}
