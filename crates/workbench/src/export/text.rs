//! Values as the text formats write them.

use std::io::Write as _;

use table::Cell;

/// How a format spells what is not a plain number.
pub(super) struct Spelling {
    pub(super) nan: &'static str,
    pub(super) infinity: &'static str,
    pub(super) negative_infinity: &'static str,
    pub(super) null: &'static str,
    pub(super) truth: [&'static str; 2],
    /// Between the elements of an array.
    pub(super) comma: &'static str,
    /// Round an array.
    pub(super) brackets: [u8; 2],
}

/// Appends a number, a truth value or an array in brackets. Text is not for here: each format quotes in its own way.
/// `dims`: sizes of the dimensions, slowest first, to nest brackets; empty: one pair of brackets.
pub(super) fn value(cell: Cell<'_>, spelling: &Spelling, dims: &[usize], out: &mut Vec<u8>) {
    // Writing to a Vec cannot fail.
    let _ = match cell {
        Cell::Null | Cell::Text(_) => out.write_all(spelling.null.as_bytes()),
        Cell::Boolean(value) => out.write_all(spelling.truth[usize::from(value)].as_bytes()),
        Cell::Integer(value) => write!(out, "{value}"),
        Cell::Float(value) if value.is_finite() => write!(out, "{value:?}"),
        Cell::Float(value) => out.write_all(special(value.into(), spelling).as_bytes()),
        Cell::Double(value) if value.is_finite() => write!(out, "{value:?}"),
        Cell::Double(value) => out.write_all(special(value, spelling).as_bytes()),
        Cell::Complex(parts) => {
            out.push(b'[');
            value(Cell::Double(parts[0]), spelling, &[], out);
            out.extend_from_slice(spelling.comma.as_bytes());
            value(Cell::Double(parts[1]), spelling, &[], out);
            out.push(b']');
            Ok(())
        }
        Cell::Array(array) => {
            let [open, close] = spelling.brackets;
            let inner: Vec<usize> = (1..dims.len()).map(|at| dims[at..].iter().product()).collect();
            out.push(open);
            for (at, element) in array.iter().enumerate() {
                if at > 0 {
                    brackets(at, &inner, close, out);
                    out.extend_from_slice(spelling.comma.as_bytes());
                }
                brackets(at, &inner, open, out);
                value(element, spelling, &[], out);
            }
            if !array.is_empty() {
                brackets(0, &inner, close, out);
            }
            out.push(close);
            Ok(())
        }
    };
}

/// A bracket for each inner dimension that begins or ends before element `at`.
fn brackets(at: usize, inner: &[usize], bracket: u8, out: &mut Vec<u8>) {
    let count = inner.iter().filter(|size| **size > 0 && at.is_multiple_of(**size)).count();
    out.extend(std::iter::repeat_n(bracket, count));
}

fn special(value: f64, spelling: &Spelling) -> &'static str {
    if value.is_nan() {
        spelling.nan
    } else if value > 0.0 {
        spelling.infinity
    } else {
        spelling.negative_infinity
    }
}

/// Appends text as a field of CSV, in quotes where RFC 4180 asks for them; empty text in quotes too, since nothing is null.
pub(super) fn quoted(text: &str, out: &mut Vec<u8>) {
    let plain = !text.is_empty()
        && !text.contains([',', '"', '\n', '\r'])
        && !text.starts_with([' ', '\t', '#'])
        && !text.ends_with([' ', '\t']);
    if plain {
        return out.extend_from_slice(text.as_bytes());
    }
    out.push(b'"');
    for (at, part) in text.split('"').enumerate() {
        if at > 0 {
            out.extend_from_slice(b"\"\"");
        }
        out.extend_from_slice(part.as_bytes());
    }
    out.push(b'"');
}
