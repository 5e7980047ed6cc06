//! Numbers as people read them, written by the browser: the code that prints floats would be a fiftieth of the page.

use js_sys::{Number, parse_float};

/// A number with at most six digits that mean something.
pub fn short(value: f64) -> String {
    let Ok(text) = Number::from(value).to_precision(6) else { return String::new() };
    // Back and forth takes the zeros at the end away.
    exact(parse_float(&String::from(text)))
}

/// A number that means the same when it is read again.
pub fn exact(value: f64) -> String {
    Number::from(value).to_string_with_radix(10).map(String::from).unwrap_or_default()
}
