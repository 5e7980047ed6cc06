//! CSV: a line of names, then lines of values (RFC 4180, with line feeds). Null is nothing, empty text is `""`.

use std::ops::Range;

use table::{Cell, Column, Field};

use super::text::{self, Spelling};

pub(super) const SPELLING: Spelling = Spelling {
    nan: "NaN",
    infinity: "Infinity",
    negative_infinity: "-Infinity",
    null: "null",
    truth: ["false", "true"],
    comma: ", ",
    brackets: *b"[]",
};

/// Arrays as the archive writes them in the CSV of DataLink products: like tuples of Python.
pub(super) const TUPLES: Spelling = Spelling { brackets: *b"()", ..SPELLING };

pub(super) fn header(fields: &[Field], out: &mut Vec<u8>) {
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        text::quoted(&field.name, out);
    }
    out.push(b'\n');
}

pub(super) fn rows(columns: &[Column], rows: Range<usize>, spelling: &Spelling, out: &mut Vec<u8>) {
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
                    text::value(cell, spelling, &[], &mut array);
                    text::quoted(std::str::from_utf8(&array).unwrap_or_default(), out);
                }
                cell => text::value(cell, spelling, &[], out),
            }
        }
        // A line with nothing on it would be no row to a reader.
        if let [column] = columns
            && column.is_null(row)
        {
            out.extend_from_slice(b"\"\"");
        }
        out.push(b'\n');
    }
}
