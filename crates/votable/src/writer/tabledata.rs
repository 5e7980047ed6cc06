//! Rows as TABLEDATA (VOTable 1.4, section 5.1): an empty cell is null.

use std::io::Write as _;

use table::{Array, Cell, Column, Datatype};

use super::escape::text;

pub(super) fn write_row(columns: &[Column], row: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<TR>");
    for column in columns {
        let field = column.field();
        let complex = matches!(field.datatype, Datatype::FloatComplex | Datatype::DoubleComplex);
        match column.cell(row) {
            // Some readers want two numbers whatever happens, and this pair is null to all.
            Cell::Null if complex && field.arraysize.is_scalar() => out.extend_from_slice(b"<TD>NaN NaN</TD>"),
            Cell::Null => out.extend_from_slice(b"<TD/>"),
            cell => {
                out.extend_from_slice(b"<TD>");
                write_cell(cell, field.datatype, out);
                out.extend_from_slice(b"</TD>");
            }
        }
    }
    out.extend_from_slice(b"</TR>\n");
}

fn write_cell(cell: Cell<'_>, datatype: Datatype, out: &mut Vec<u8>) {
    // Writing to a vector cannot fail.
    let _ = match cell {
        Cell::Null => write!(out, "?"),
        Cell::Boolean(value) if datatype == Datatype::Bit => write!(out, "{}", u8::from(value)),
        Cell::Boolean(value) => write!(out, "{}", if value { 'T' } else { 'F' }),
        Cell::Integer(value) => write!(out, "{value}"),
        Cell::Float(value) if value.is_finite() => write!(out, "{value:?}"),
        Cell::Float(value) => write!(out, "{}", not_finite(value.into())),
        Cell::Double(value) if value.is_finite() => write!(out, "{value:?}"),
        Cell::Double(value) => write!(out, "{}", not_finite(value)),
        Cell::Complex([real, imaginary]) => {
            write_cell(Cell::Double(real), datatype, out);
            out.push(b' ');
            return write_cell(Cell::Double(imaginary), datatype, out);
        }
        Cell::Text(content) => return text(content, out),
        Cell::Array(array) => return write_array(array, datatype, out),
    };
}

fn write_array(array: Array<'_>, datatype: Datatype, out: &mut Vec<u8>) {
    for (at, element) in array.iter().enumerate() {
        if at > 0 {
            out.push(b' ');
        }
        write_cell(element, datatype, out);
    }
}

fn not_finite(value: f64) -> &'static str {
    match value {
        value if value.is_nan() => "NaN",
        value if value > 0.0 => "+Inf",
        _ => "-Inf",
    }
}
