//! Pictures as files: PNG, and SVG with frame, axes and words as shapes and the points as an embedded PNG.

mod figure;
mod png;

pub use figure::{Dots, Figure, Words, chart, figure, histogram};
pub use png::png;

use std::fmt::Write as _;

/// Text as the content of an element or of an attribute in quotation marks; characters that XML 1.0 does not have are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => out.push(character),
        }
    }
    out
}

/// A number with at most two decimals.
pub(crate) fn short(value: f64, out: &mut String) {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    // Writing to a String cannot fail.
    let _ = write!(out, "{}", if text == "-0" { "0" } else { text });
}
